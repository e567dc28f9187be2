/*
 * What the store costs: opening it as attendd does for each dialogue, the two
 * commits of an attempt, a PIN, adding people, verifying the chain. Prints
 * median and 95th percentile in milliseconds, or a rate.
 *
 *	bench_store [DIRECTORY]		where the store is made; default: here
 */
#include "store/attempt.h"
#include "store/employee.h"
#include "store/pin.h"
#include "tests/bench/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PEOPLE 1000
#define ROUNDS 200
#define CROWD  200

static char dir[256], key_path[300], store_path[300];
static const struct store_attempt_limits limits = { 5, 60, 1000, 60, 0 };
static const struct store_id_range ids = { 70000, 99999 };

static void
report(const char *what, double *ms, size_t n)
{
	qsort(ms, n, sizeof(*ms), by_size);
	printf("%-44s median %8.3f ms  p95 %8.3f ms  n %zu\n", what, ms[n / 2],
	    ms[n * 95 / 100], n);
}

static struct vault *
vault_make(void)
{
	struct vault *v = NULL;

	MUST(NULL, vault_create(key_path));
	MUST(NULL, vault_open(&v, key_path));
	MUST(NULL, store_create(store_path));
	return v;
}

static void
bench_people(struct vault *v, struct store_employee *first)
{
	struct store *s = NULL;
	struct store_by by = by_now();
	double start;

	MUST(s, store_open(&s, store_path, v));
	start = now_ms();
	for (unsigned i = 0; i < PEOPLE; i++) {
		STORE_AUTO_TX struct store_tx tx = { 0 };
		struct store_employee e = { .name = "Invented Person",
			.department = "Research",
			.phone = "555 0100" };

		(void)snprintf(e.number, sizeof(e.number), "%u", 1000 + i);
		MUST(s, store_begin(s, &tx));
		MUST(s, store_employee_add(s, &by, ids, &e));
		MUST(s, store_commit(&tx));
		if (i == 0)
			*first = e;
	}
	printf("%-44s %8.0f /s (one transaction each)\n", "employee add",
	    PEOPLE / (now_ms() - start) * 1e3);
	store_close(s);
}

/* In a fresh process each time, as attendd's workers are. */
static double
open_once(struct vault *v, bool other_open)
{
	int pipe_fd[2];
	double ms = 0;
	pid_t pid;

	if (pipe(pipe_fd) != 0 || (pid = fork()) < 0)
		exit(1);
	if (pid == 0) {
		struct store *s = NULL;
		double start = now_ms();

		MUST(s, store_open(&s, store_path, v));
		ms = now_ms() - start;
		_exit(write(pipe_fd[1], &ms, sizeof(ms)) == sizeof(ms) &&
			    other_open
			? 0
			: (store_close(s), 0));
	}
	if (read(pipe_fd[0], &ms, sizeof(ms)) != sizeof(ms))
		exit(1);
	(void)close(pipe_fd[0]);
	(void)close(pipe_fd[1]);
	(void)waitpid(pid, NULL, 0);
	return ms;
}

static void
bench_open(struct vault *v)
{
	double ms[ROUNDS];
	struct store *s = NULL;

	for (size_t i = 0; i < ROUNDS; i++)
		ms[i] = open_once(v, false);
	report("open, nobody else has it open", ms, ROUNDS);
	MUST(s, store_open(&s, store_path, v));
	for (size_t i = 0; i < ROUNDS; i++)
		ms[i] = open_once(v, true);
	report("open, somebody else has it open", ms, ROUNDS);
	store_close(s);
}

static void
bench_close(struct vault *v, const struct store_employee *who)
{
	double ms[ROUNDS];

	for (size_t i = 0; i < ROUNDS; i++) {
		struct store *s = NULL;
		struct store_by by = by_now();
		struct store_tx tx = { 0 };
		double start;

		MUST(s, store_open(&s, store_path, v));
		MUST(s, store_begin(s, &tx));
		MUST(s, store_audit(s, &by, "bench", who->id, ""));
		MUST(s, store_commit(&tx));
		start = now_ms();
		store_close(s);
		ms[i] = now_ms() - start;
	}
	report("close after one write, nobody else there", ms, ROUNDS);
}

static void
attempt_once(struct store *s, const struct store_employee *who, double *begin,
    double *finish)
{
	bool known = who->uid != 0;
	struct store_by by = by_now();
	struct store_tx tx = { 0 };
	struct store_attempt a = {
		.known = known, .factor = 1, .service = "login"
	};
	uint32_t seconds;
	double t0 = now_ms(), t1;

	memcpy(a.subject, who->id, sizeof(a.subject));
	MUST(s, store_begin(s, &tx));
	MUST(s, store_attempt_begin(s, &by, &limits, &a, &seconds));
	MUST(s, store_commit(&tx));
	t1 = now_ms();
	MUST(s, store_begin(s, &tx));
	MUST(s, store_attempt_finish(s, &by, &limits, &a, true, &seconds));
	MUST(s,
	    store_audit(
		s, &by, "login", known ? who->id : NULL, "verdict=allow"));
	MUST(s, store_commit(&tx));
	*begin = t1 - t0;
	*finish = now_ms() - t1;
}

static void
bench_attempts(struct vault *v, const struct store_employee *who)
{
	double begin[ROUNDS], finish[ROUNDS];
	struct store *s = NULL;

	MUST(s, store_open(&s, store_path, v));
	for (size_t i = 0; i < ROUNDS; i++)
		attempt_once(s, who, &begin[i], &finish[i]);
	report("attempt begin and commit", begin, ROUNDS);
	report("attempt finish, audit and commit", finish, ROUNDS);
	store_close(s);
}

/* What one login writes, in a worker of its own that opens the store. */
static void
worker(struct vault *v, const struct store_employee *who, int go, int out)
{
	struct store *s = NULL;
	double begin, finish, start;
	char byte;

	if (read(go, &byte, 1) != 0) /* ends for all of them at once */
		_exit(1);
	start = now_ms();
	MUST(s, store_open(&s, store_path, v));
	attempt_once(s, who, &begin, &finish);
	store_close(s);
	start = now_ms() - start;
	_exit(write(out, &start, sizeof(start)) == sizeof(start) ? 0 : 1);
}

static void
bench_crowd(struct vault *v)
{
	double ms[CROWD];
	int go[2], out[2];
	size_t done = 0;

	if (pipe(go) != 0 || pipe(out) != 0)
		exit(1);
	for (unsigned i = 0; i < CROWD; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			struct store_employee who = { 0 };

			/* Strangers, so that no limit is in the way. */
			vault_random(who.id, sizeof(who.id));
			(void)close(go[1]);
			worker(v, &who, go[0], out[1]);
		}
	}
	(void)close(go[1]);
	(void)close(out[1]);
	while (read(out[0], &ms[done], sizeof(ms[0])) == sizeof(ms[0]) &&
	    ++done < CROWD)
		;
	(void)close(go[0]);
	(void)close(out[0]);
	while (wait(NULL) > 0)
		;
	if (done > 0) {
		report("200 workers at once: open, attempt, close", ms, done);
		printf("%-44s %zu of %d, slowest %.0f ms\n", "", done, CROWD,
		    ms[done - 1]);
	}
}

static void
bench_lookup(struct vault *v, const struct store_employee *who)
{
	double ms[ROUNDS];
	struct store *s = NULL;
	struct store_employee e;

	MUST(s, store_open(&s, store_path, v));
	for (size_t i = 0; i < ROUNDS; i++) {
		double start = now_ms();

		MUST(s, store_employee_by_login(s, who->login, &e));
		ms[i] = now_ms() - start;
	}
	report("person by login, unsealed", ms, ROUNDS);
	store_close(s);
}

static void
bench_pin(struct vault *v, const struct store_employee *who)
{
	const struct att_slice pin = att_slice_of("481503");
	uint8_t record[VAULT_PIN_LEN];
	double ms[20];
	bool match = false;

	MUST(NULL, vault_pin_hash(v, who->id, pin, record));
	for (size_t i = 0; i < 20; i++) {
		double start = now_ms();

		MUST(NULL, vault_pin_verify(v, who->id, pin, record, &match));
		ms[i] = now_ms() - start;
	}
	report("PIN verify", ms, 20);
	for (size_t i = 0; i < 20; i++) {
		double start = now_ms();

		MUST(NULL, vault_pin_dummy(v, pin));
		ms[i] = now_ms() - start;
	}
	report("PIN dummy", ms, 20);
}

static void
bench_verify(struct vault *v)
{
	struct store *s = NULL;
	struct audit_verifier a;
	double start;

	MUST(s, store_open(&s, store_path, v));
	start = now_ms();
	MUST(s, store_audit_verify(s, &a));
	printf("%-44s %8.0f /s (%llu records)\n", "audit verify",
	    (double)a.seq / (now_ms() - start) * 1e3,
	    (unsigned long long)a.seq);
	store_close(s);
}

static void
remove_all(void)
{
	static const char *const suffixes[] = { "", "-wal", "-shm" };
	char path[320];

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		(void)snprintf(
		    path, sizeof(path), "%s%s", store_path, suffixes[i]);
		(void)unlink(path); /* the logs may be gone already */
	}
	(void)unlink(key_path);
	(void)rmdir(dir);
}

int
main(int argc, char **argv)
{
	struct store_employee first;
	struct vault *v;

	(void)snprintf(dir, sizeof(dir), "%s/attend-bench.XXXXXX",
	    argc > 1 ? argv[1] : ".");
	if (mkdtemp(dir) == NULL) {
		perror("bench_store: mkdtemp");
		return 1;
	}
	(void)snprintf(key_path, sizeof(key_path), "%s/key", dir);
	(void)snprintf(store_path, sizeof(store_path), "%s/db", dir);
	setvbuf(stdout, NULL, _IOLBF, 0);
	v = vault_make();
	bench_people(v, &first);
	bench_open(v);
	bench_attempts(v, &first);
	bench_crowd(v);
	bench_lookup(v, &first);
	bench_close(v, &first);
	bench_pin(v, &first);
	bench_verify(v);
	vault_close(v);
	remove_all();
	return 0;
}
