/*
 * pamcall - run phases of a PAM service against the real libpam, with a
 * conversation that follows a script, and print all that happens.
 *
 *	pamcall [-s SERVICE] [-u USER] [-c REPLY,...] [-t TTY] [-r RUSER]
 *	    [-h RHOST] PHASE[+FLAG]...
 *
 * PHASE	authenticate setcred delcred account open_session close_session
 *		chauthtok
 * FLAG		silent expired nonull
 * REPLY	one for each prompt: =TEXT, null (success without an answer),
 *		empty, long (more than libpam allows), error, again, abort,
 *		sleepN (seconds, then the next reply). Afterwards: error.
 * -n		no conversation function at all
 *
 * Output, a line each: "prompt", "prompt-on", "info", "error" with the text;
 * "delay" with what modules asked for (nothing waits); "descriptors" and
 * "children" if a phase left some behind; and "PHASE: PAM_CODE". Exit status 0
 * if the last phase succeeded.
 */
#include <dirent.h>
#include <security/pam_appl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct script {
	char *rest; /* replies still to come, comma-separated */
};

static const char *const codes[] = {
	[PAM_SUCCESS] = "PAM_SUCCESS",
	[PAM_OPEN_ERR] = "PAM_OPEN_ERR",
	[PAM_SYMBOL_ERR] = "PAM_SYMBOL_ERR",
	[PAM_SERVICE_ERR] = "PAM_SERVICE_ERR",
	[PAM_SYSTEM_ERR] = "PAM_SYSTEM_ERR",
	[PAM_BUF_ERR] = "PAM_BUF_ERR",
	[PAM_PERM_DENIED] = "PAM_PERM_DENIED",
	[PAM_AUTH_ERR] = "PAM_AUTH_ERR",
	[PAM_CRED_INSUFFICIENT] = "PAM_CRED_INSUFFICIENT",
	[PAM_AUTHINFO_UNAVAIL] = "PAM_AUTHINFO_UNAVAIL",
	[PAM_USER_UNKNOWN] = "PAM_USER_UNKNOWN",
	[PAM_MAXTRIES] = "PAM_MAXTRIES",
	[PAM_NEW_AUTHTOK_REQD] = "PAM_NEW_AUTHTOK_REQD",
	[PAM_ACCT_EXPIRED] = "PAM_ACCT_EXPIRED",
	[PAM_SESSION_ERR] = "PAM_SESSION_ERR",
	[PAM_CRED_UNAVAIL] = "PAM_CRED_UNAVAIL",
	[PAM_CRED_EXPIRED] = "PAM_CRED_EXPIRED",
	[PAM_CRED_ERR] = "PAM_CRED_ERR",
	[PAM_NO_MODULE_DATA] = "PAM_NO_MODULE_DATA",
	[PAM_CONV_ERR] = "PAM_CONV_ERR",
	[PAM_AUTHTOK_ERR] = "PAM_AUTHTOK_ERR",
	[PAM_AUTHTOK_RECOVERY_ERR] = "PAM_AUTHTOK_RECOVERY_ERR",
	[PAM_AUTHTOK_LOCK_BUSY] = "PAM_AUTHTOK_LOCK_BUSY",
	[PAM_AUTHTOK_DISABLE_AGING] = "PAM_AUTHTOK_DISABLE_AGING",
	[PAM_TRY_AGAIN] = "PAM_TRY_AGAIN",
	[PAM_IGNORE] = "PAM_IGNORE",
	[PAM_ABORT] = "PAM_ABORT",
	[PAM_AUTHTOK_EXPIRED] = "PAM_AUTHTOK_EXPIRED",
	[PAM_MODULE_UNKNOWN] = "PAM_MODULE_UNKNOWN",
	[PAM_BAD_ITEM] = "PAM_BAD_ITEM",
	[PAM_CONV_AGAIN] = "PAM_CONV_AGAIN",
	[PAM_INCOMPLETE] = "PAM_INCOMPLETE",
};

static const struct phase {
	const char *name;
	int (*run)(pam_handle_t *, int);
	int flags;
} phases[] = {
	{ "authenticate", pam_authenticate, 0 },
	{ "setcred", pam_setcred, PAM_ESTABLISH_CRED },
	{ "delcred", pam_setcred, PAM_DELETE_CRED },
	{ "account", pam_acct_mgmt, 0 },
	{ "open_session", pam_open_session, 0 },
	{ "close_session", pam_close_session, 0 },
	{ "chauthtok", pam_chauthtok, 0 },
};

static const struct {
	const char *name;
	int flag;
} flags[] = {
	{ "silent", (int)PAM_SILENT },
	{ "expired", (int)PAM_CHANGE_EXPIRED_AUTHTOK },
	{ "nonull", (int)PAM_DISALLOW_NULL_AUTHTOK },
};

static const char *
code_name(int code)
{
	const int n = (int)(sizeof(codes) / sizeof(codes[0]));

	return code >= 0 && code < n && codes[code] != NULL ? codes[code]
							    : "PAM_?";
}

/* A text of several lines, or with steering characters, as one line. */
static void
print_line(const char *kind, const char *text)
{
	printf("%s: ", kind);
	for (; *text != '\0'; text++)
		if (*text == '\n')
			(void)fputs("\\n", stdout);
		else
			(void)putchar((unsigned char)*text < ' ' ? '^' : *text);
	(void)putchar('\n');
}

/* The next reply; an owned answer in *text, or NULL. */
static int
reply(struct script *s, char **text)
{
	const char *word = strsep(&s->rest, ",");

	*text = NULL;
	while (word != NULL && strncmp(word, "sleep", 5) == 0) {
		(void)sleep((unsigned)atoi(word + 5));
		word = strsep(&s->rest, ",");
	}
	if (word == NULL || strcmp(word, "error") == 0)
		return PAM_CONV_ERR;
	if (strcmp(word, "again") == 0)
		return PAM_CONV_AGAIN;
	if (strcmp(word, "abort") == 0)
		return PAM_ABORT;
	if (word[0] == '=')
		*text = strdup(word + 1);
	else if (strcmp(word, "empty") == 0)
		*text = strdup("");
	else if (strcmp(word, "long") == 0) {
		*text = malloc(PAM_MAX_RESP_SIZE + 1);
		if (*text != NULL) {
			memset(*text, '7', PAM_MAX_RESP_SIZE);
			(*text)[PAM_MAX_RESP_SIZE] = '\0';
		}
	}
	return PAM_SUCCESS;
}

static int
converse_one(
    struct script *s, const struct pam_message *m, struct pam_response *r)
{
	switch (m->msg_style) {
	case PAM_PROMPT_ECHO_OFF: print_line("prompt", m->msg); break;
	case PAM_PROMPT_ECHO_ON: print_line("prompt-on", m->msg); break;
	case PAM_TEXT_INFO: print_line("info", m->msg); return PAM_SUCCESS;
	case PAM_ERROR_MSG: print_line("error", m->msg); return PAM_SUCCESS;
	default: return PAM_CONV_ERR;
	}
	return reply(s, &r->resp);
}

static int
converse(int n, const struct pam_message **msgs, struct pam_response **out,
    void *ctx)
{
	struct pam_response *r = calloc((size_t)n, sizeof(*r));

	if (r == NULL)
		return PAM_BUF_ERR;
	for (int i = 0; i < n; i++) {
		int rc = converse_one(ctx, msgs[i], &r[i]);

		if (rc == PAM_SUCCESS)
			continue;
		for (int k = 0; k < i; k++)
			free(r[k].resp);
		free(r);
		return rc;
	}
	*out = r;
	return PAM_SUCCESS;
}

static void
on_delay(int code, unsigned usec, void *ctx)
{
	(void)ctx;
	if (code != PAM_SUCCESS && usec > 0)
		printf("delay: %u ms\n", usec / 1000);
}

static int
open_descriptors(void)
{
	DIR *d = opendir("/proc/self/fd");
	int n = 0;

	while (d != NULL && readdir(d) != NULL)
		n++;
	if (d != NULL)
		(void)closedir(d);
	return n;
}

static int
flag_value(const char *word)
{
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (strcmp(flags[i].name, word) == 0)
			return flags[i].flag;
	fprintf(stderr, "pamcall: no flag %s\n", word);
	exit(2);
}

static const struct phase *
phase_named(const char *word)
{
	for (size_t i = 0; i < sizeof(phases) / sizeof(phases[0]); i++)
		if (strcmp(phases[i].name, word) == 0)
			return &phases[i];
	fprintf(stderr, "pamcall: no phase %s\n", word);
	exit(2);
}

static int
run_phase(pam_handle_t *pamh, char *word)
{
	char *rest = word;
	const struct phase *p = phase_named(strsep(&rest, "+"));
	int before = open_descriptors();
	int value = p->flags;
	int code, left;
	const char *f;

	while ((f = strsep(&rest, "+")) != NULL)
		value |= flag_value(f);
	code = p->run(pamh, value);
	left = open_descriptors() - before;
	if (left != 0)
		printf("descriptors: %d\n", left);
	while (waitpid(-1, NULL, WNOHANG) >= 0)
		printf("children: one left\n");
	printf("%s: %s\n", p->name, code_name(code));
	return code;
}

static int
usage(void)
{
	(void)fputs("usage: pamcall [-n] [-s service] [-u user] [-c reply,...] "
		    "[-t tty] [-r ruser] [-h rhost] phase[+flag]...\n",
	    stderr);
	return 2;
}

int
main(int argc, char **argv)
{
	struct script script = { 0 };
	struct pam_conv conv = { converse, &script };
	const char *service = "login", *user = NULL;
	const char *items[3] = { NULL, NULL, NULL };
	static const int kinds[3] = { PAM_TTY, PAM_RUSER, PAM_RHOST };
	union {
		void (*call)(int, unsigned, void *);
		const void *item;
	} delay = { on_delay };
	pam_handle_t *pamh = NULL;
	int c, rc;

	setvbuf(stdout, NULL, _IOLBF, 0);
	while ((c = getopt(argc, argv, "ns:u:c:t:r:h:")) != -1)
		switch (c) {
		case 'n': conv.conv = NULL; break;
		case 's': service = optarg; break;
		case 'u': user = optarg; break;
		case 'c': script.rest = optarg; break;
		case 't': items[0] = optarg; break;
		case 'r': items[1] = optarg; break;
		case 'h': items[2] = optarg; break;
		default: return usage();
		}
	if (optind == argc)
		return usage();
	rc = pam_start(service, user, &conv, &pamh);
	if (rc != PAM_SUCCESS) {
		printf("start: %s\n", code_name(rc));
		return 1;
	}
	(void)pam_set_item(pamh, PAM_FAIL_DELAY, delay.item);
	for (size_t i = 0; i < 3; i++)
		if (items[i] != NULL)
			(void)pam_set_item(pamh, kinds[i], items[i]);
	for (int i = optind; i < argc; i++)
		rc = run_phase(pamh, argv[i]);
	(void)pam_end(pamh, rc);
	return rc == PAM_SUCCESS ? 0 : 1;
}
