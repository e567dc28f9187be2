/*
 * What a login costs its caller: pam_authenticate and pam_acct_mgmt through
 * the real libpam, without libpam's delay on failure. Run inside a kiosk by
 * tests/bench/login.py, which prints the table.
 *
 *	bench_login SERVICE PIN REPEAT FORMAT FROM COUNT [beside]
 *
 * Authenticates COUNT names (FORMAT with FROM, FROM+1, ...; no % for a single
 * name) REPEAT times each and prints one line:
 *	n mean p10 median p90 p99 (microseconds) last-code
 * With "beside", each login is followed by one bare PIN hash in a process of
 * its own, which pays for its memory as a worker does, and by a pause as there
 * is between people; a second such line tells the hashes, a third what each
 * login took beyond the hash beside it.
 */
#include "vault/vault.h"

#include <security/pam_appl.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SAMPLES_MAX 20000

static int
answer(int n, const struct pam_message **msg, struct pam_response **resp,
    void *pin)
{
	struct pam_response *r = calloc((size_t)n, sizeof(*r));

	if (r == NULL)
		return PAM_BUF_ERR;
	for (int i = 0; i < n; i++)
		if (msg[i]->msg_style == PAM_PROMPT_ECHO_OFF ||
		    msg[i]->msg_style == PAM_PROMPT_ECHO_ON)
			r[i].resp = strdup(pin);
	*resp = r;
	return PAM_SUCCESS;
}

static void
no_delay(int status, unsigned usec, void *data)
{
	(void)status;
	(void)usec;
	(void)data;
}

static double
now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e6 + (double)ts.tv_nsec / 1e3;
}

static int
login(const char *service, const char *name, char *pin, double *us)
{
	struct pam_conv conv = { answer, pin };
	void (*delay)(int, unsigned, void *) = no_delay;
	pam_handle_t *h;
	double start = now_us();
	int rc = pam_start(service, name, &conv, &h);

	if (rc != PAM_SUCCESS)
		return rc;
	(void)pam_set_item(h, PAM_FAIL_DELAY, (const void *)(uintptr_t)delay);
	rc = pam_authenticate(h, 0);
	if (rc == PAM_SUCCESS)
		rc = pam_acct_mgmt(h, PAM_SILENT);
	*us = now_us() - start;
	(void)pam_end(h, rc);
	return rc;
}

static double
bare_hash(const char *pin)
{
	uint8_t out[32], salt[crypto_pwhash_SALTBYTES] = { 1 };
	double start = now_us();

	if (crypto_pwhash(out, sizeof(out), pin, strlen(pin), salt,
		VAULT_PIN_OPS, VAULT_PIN_KIB * 1024ul,
		crypto_pwhash_ALG_ARGON2ID13) != 0)
		exit(1);
	return now_us() - start;
}

static double
hash_beside(const char *pin)
{
	double us = 0;
	int p[2];
	pid_t pid;

	if (pipe(p) != 0 || (pid = fork()) < 0)
		exit(1);
	if (pid == 0) {
		us = bare_hash(pin);
		_exit(write(p[1], &us, sizeof(us)) == sizeof(us) ? 0 : 1);
	}
	if (read(p[0], &us, sizeof(us)) != sizeof(us))
		exit(1);
	close(p[0]);
	close(p[1]);
	waitpid(pid, NULL, 0);
	usleep(20000);
	return us;
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
at(const double *v, size_t n, double part)
{
	return v[(size_t)((double)(n - 1) * part)];
}

static void
report(double *us, size_t n, int rc)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += us[i];
	qsort(us, n, sizeof(us[0]), by_size);
	printf("%zu %.0f %.0f %.0f %.0f %.0f %d\n", n, sum / (double)n,
	    at(us, n, 0.1), at(us, n, 0.5), at(us, n, 0.9), at(us, n, 0.99),
	    rc);
}

int
main(int argc, char **argv)
{
	static double us[SAMPLES_MAX], hash[SAMPLES_MAX], own[SAMPLES_MAX];
	bool beside = argc == 8;
	size_t n = 0;
	int rc = -1;

	if ((argc != 7 && !beside) || sodium_init() < 0)
		return 2;
	for (int i = 0; i < atoi(argv[6]); i++) {
		char name[64];

		/* the caller's format: a number or nothing */
		snprintf(name, sizeof(name), "%s", argv[4]);
		if (strchr(name, '%') != NULL)
			snprintf(
			    strchr(name, '%'), 16, "%d", atoi(argv[5]) + i);
		for (int k = 0; k < atoi(argv[3]) && n < SAMPLES_MAX; k++) {
			rc = login(argv[1], name, argv[2], &us[n]);
			if (beside)
				hash[n] = hash_beside(argv[2]);
			own[n] = us[n] - hash[n];
			n++;
		}
	}
	report(us, n, rc);
	if (beside) {
		report(hash, n, 0);
		report(own, n, 0);
	}
	return 0;
}
