/*
 * A stage for pam_attend.so as it is built: the real libpam, a directory file
 * with e1001 and visitor in it, a passwd file with visitor in it, and an
 * attendd that follows a script. Each play has a mount namespace of its own;
 * that needs root.
 */
#ifndef ATT_TESTS_MODULE_STAGE_H
#define ATT_TESTS_MODULE_STAGE_H

#include "base/name.h"
#include "directory/publish.h"
#include "module_attendd.h"
#include "test.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <security/pam_appl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

/*
 * stack	a service file; "attend" stands for the module's path
 * user		NULL: the application gives none
 * phases	a authenticate, s setcred, c account, o open session, l close,
 *		p chauthtok, e chauthtok if expired; capitals: silent
 * server	a letter a frame, dialogues divided by '|', the last of them
 *		again and again; NULL: nobody there. P N G T ask for PIN, new
 *		PIN, new PIN again, a text; W warn, I inform, O output; M Z V R
 *		name e1001, e9999, visitor, root; verdicts
 *		a allow d deny k unknown l locked c consent e expired n not now
 *		u unavailable r refused m must change b bad PIN; x leaves
 * replies	one a prompt, divided by ','; a text, or "-" for an empty one,
 *		"null", "error", "again", "most" and "more" (a byte too many)
 */
struct play {
	const char *what;
	const char *stack;
	const char *user;
	const char *phases;
	const char *server;
	const char *replies;

	int code; /* of the last phase */
	const char *said; /* by the module: "[PIN: ]" prompts, "<no>" texts */
	const char *heard; /* by attendd: "1.0:e1001 =482913 none " */
};

/* Stacks of nothing but the module. */
#define ALONE                                             \
	"auth required attend\naccount required attend\n" \
	"session required attend\npassword required attend"
#define AUTH(options) "auth required attend " options

/* ---- the application ---- */

struct stage_user {
	char replies[256], *rest;
	struct seen *seen;
};

static struct seen *stage_delayed; /* PAM_FAIL_DELAY takes no argument */

static void
stage_on_delay(int code, unsigned usec, void *ctx)
{
	(void)ctx;
	stage_delayed->delay_ms = code != PAM_SUCCESS ? usec / 1000 : 0;
}

static int
stage_reply(struct stage_user *u, char **text)
{
	const char *word = strsep(&u->rest, ",");

	if (word == NULL || strcmp(word, "error") == 0)
		return PAM_CONV_ERR;
	if (strcmp(word, "again") == 0)
		return PAM_CONV_AGAIN;
	if (strcmp(word, "null") == 0)
		return PAM_SUCCESS;
	*text = calloc(1, 1024);
	if (strcmp(word, "most") == 0)
		memset(*text, '7', WIRE_ANSWER_MAX);
	else if (strcmp(word, "more") == 0)
		memset(*text, '7', WIRE_ANSWER_MAX + 1);
	else if (strcmp(word, "-") != 0)
		memcpy(*text, word, strlen(word));
	return PAM_SUCCESS;
}

static int
stage_converse(int n, const struct pam_message **msgs,
    struct pam_response **out, void *ctx)
{
	struct stage_user *u = ctx;
	struct pam_response *r = calloc((size_t)n, sizeof(*r));
	int style = msgs[0]->msg_style, rc = PAM_SUCCESS;

	if (style == PAM_PROMPT_ECHO_OFF || style == PAM_PROMPT_ECHO_ON) {
		stage_note(u->seen->said, "[%s]", msgs[0]->msg);
		rc = stage_reply(u, &r->resp);
	} else {
		stage_note(u->seen->said, "<%s>", msgs[0]->msg);
	}
	if (rc != PAM_SUCCESS) {
		free(r);
		return rc;
	}
	*out = r;
	return PAM_SUCCESS;
}

static int
stage_phase(pam_handle_t *pamh, char letter)
{
	bool silent = letter >= 'A' && letter <= 'Z';
	int flags = silent ? (int)PAM_SILENT : 0;

	switch (silent ? letter - 'A' + 'a' : letter) {
	case 'a': return pam_authenticate(pamh, flags);
	case 's': return pam_setcred(pamh, PAM_ESTABLISH_CRED);
	case 'c': return pam_acct_mgmt(pamh, flags);
	case 'o': return pam_open_session(pamh, flags);
	case 'l': return pam_close_session(pamh, flags);
	case 'p': return pam_chauthtok(pamh, flags);
	case 'e':
		return pam_chauthtok(
		    pamh, flags + (int)PAM_CHANGE_EXPIRED_AUTHTOK);
	default: return PAM_ABORT;
	}
}

static int
stage_descriptors(void)
{
	DIR *d = opendir("/proc/self/fd");
	int n = 0;

	while (d != NULL && readdir(d) != NULL)
		n++;
	if (d != NULL)
		(void)closedir(d);
	return n;
}

/* Any run of sevens as long as half an answer in what can be written to. */
__attribute__((no_sanitize("address"))) static bool
stage_secret_left(void)
{
	FILE *f = fopen("/proc/self/maps", "re");
	unsigned long from, to;
	char line[512];
	unsigned run = 0;

	while (f != NULL && run < WIRE_ANSWER_MAX / 2 &&
	    fgets(line, sizeof(line), f) != NULL) {
		if (sscanf(line, "%lx-%lx rw", &from, &to) != 2 ||
		    strstr(line, " rw") == NULL || to - from > 64ul << 20)
			continue;
		run = 0;
		for (unsigned long a = from;
		     a < to && run < WIRE_ANSWER_MAX / 2; a++)
			run = *(const char *)a == '7' ? run + 1 : 0;
	}
	if (f != NULL)
		(void)fclose(f);
	return run >= WIRE_ANSWER_MAX / 2;
}

static void
stage_call(const struct play *p, struct seen *seen)
{
	struct stage_user u = { .seen = seen };
	const struct pam_conv conv = { stage_converse, &u };
	union {
		void (*call)(int, unsigned, void *);
		const void *item;
	} delay = { stage_on_delay };
	pam_handle_t *pamh = NULL;
	const void *user = NULL;
	int before;

	u.rest = p->replies != NULL ? strcpy(u.replies, p->replies) : NULL;
	stage_delayed = seen;
	if (pam_start_confdir("stage", p->user, &conv, "/run/pam.d", &pamh) !=
	    PAM_SUCCESS)
		return;
	(void)pam_set_item(pamh, PAM_FAIL_DELAY, delay.item);
	before = stage_descriptors();
	for (const char *ph = p->phases; *ph != '\0'; ph++) {
		seen->code = stage_phase(pamh, *ph);
	}
	seen->descriptors = stage_descriptors() - before;
	if (pam_get_item(pamh, PAM_USER, &user) == PAM_SUCCESS && user != NULL)
		stage_note(seen->left, "%.60s", (const char *)user);
	(void)pam_end(pamh, seen->code);
	seen->secret_left = stage_secret_left();
	seen->played = true;
}

/* ---- the stage ---- */

static bool
stage_write(const char *path, const char *text)
{
	FILE *f = fopen(path, "we");
	bool ok = f != NULL && fputs(text, f) >= 0;

	return f != NULL && fclose(f) == 0 && ok;
}

/* Where the module lies: beside the folder of the test that was built. */
static bool
stage_module(char path[PATH_MAX])
{
	ssize_t n = readlink("/proc/self/exe", path, PATH_MAX - 1);

	if (n < 0)
		return false;
	path[n] = '\0';
	for (int i = 0; i < 3; i++)
		if (strrchr(path, '/') != NULL)
			*strrchr(path, '/') = '\0';
	(void)strncat(path, "/pam_attend.so", PATH_MAX - strlen(path) - 1);
	return access(path, R_OK) == 0;
}

static bool
stage_service(const char *stack, const char *module)
{
	FILE *f;
	const char *at;

	if (mkdir("/run/pam.d", 0755) != 0)
		return false;
	f = fopen("/run/pam.d/stage", "we");
	if (f == NULL)
		return false;
	for (; (at = strstr(stack, "attend")) != NULL; stack = at + 6)
		fprintf(f, "%.*s%s", (int)(at - stack), stack, module);
	fprintf(f, "%s\n", stack);
	return fclose(f) == 0;
}

static bool
stage_directory(void)
{
	struct publish_options o = { .id_min = ATT_UID_MIN_DEFAULT,
		.id_max = ATT_UID_MAX_DEFAULT };
	struct publish *p = NULL;
	bool ok = publish_new(&p, &o) == ATT_OK &&
	    publish_group(p, "kiosk", 70000) == ATT_OK &&
	    publish_person(p, "e1001", 70001, 70000, "1001", "/", "/bin/sh",
		NULL, 0) == ATT_OK &&
	    publish_person(p, "visitor", 70002, 70000, "7", "/", "/bin/sh",
		NULL, 0) == ATT_OK &&
	    publish_write(p, DIRECTORY_PATH) == ATT_OK;

	publish_free(p);
	return ok;
}

static bool
stage_enter(const struct play *p, const char *module)
{
	return unshare(CLONE_NEWNS) == 0 &&
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	    mount("run", "/run", "tmpfs", 0, "mode=755") == 0 &&
	    mount("cache", "/var/cache", "tmpfs", 0, "mode=755") == 0 &&
	    mount("sbin", ATT_SBINDIR, "tmpfs", 0, "mode=755") == 0 &&
	    mkdir("/var/cache/attend", 0755) == 0 &&
	    stage_write("/run/passwd",
		"root:x:0:0::/root:/bin/sh\n"
		"visitor:x:1500:1500::/:/bin/sh\n") &&
	    mount("/run/passwd", "/etc/passwd", NULL, MS_BIND, NULL) == 0 &&
	    stage_service(p->stack, module) && stage_directory();
}

static void
stage_run(const struct play *p, const char *module, struct seen *seen)
{
	pid_t server = -1;
	int listener;

	if (!stage_enter(p, module))
		return;
	if (p->server != NULL) {
		listener = stage_listen();
		if (listener < 0)
			return;
		server = fork();
		if (server == 0)
			stage_attendd(listener, p->server, seen);
		(void)close(listener);
	}
	stage_call(p, seen);
	if (server > 0) {
		(void)kill(server, SIGKILL);
		(void)waitpid(server, NULL, 0);
	}
}

/* False where there can be no stage. What was seen is the caller's. */
static bool
stage_play(const struct play *p, struct seen *out)
{
	char module[PATH_MAX];
	struct seen *shared;
	pid_t pid;

	if (geteuid() != 0 || !stage_module(module))
		return false;
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return false;
	(void)fflush(stdout);
	pid = fork();
	if (pid == 0) {
		stage_run(p, module, shared);
		_exit(0);
	}
	if (pid > 0)
		(void)waitpid(pid, NULL, 0);
	*out = *shared;
	(void)munmap(shared, sizeof(*shared));
	return true;
}

/* Plays a row and checks what it promises; *out is what was seen. */
static inline void
stage_check(const struct play *p, struct seen *out)
{
	struct seen s = { 0 };

	if (!stage_play(p, &s)) {
		test_skip("needs root and build/.../pam_attend.so");
		return;
	}
	if (!s.played || s.code != p->code ||
	    (p->said != NULL && strcmp(p->said, s.said) != 0) ||
	    (p->heard != NULL && strcmp(p->heard, s.heard) != 0))
		printf("# %s: code %d, said %s, heard %s\n", p->what, s.code,
		    s.said, s.heard);
	CHECK(s.played);
	CHECK(s.code == p->code);
	CHECK(p->said == NULL || strcmp(p->said, s.said) == 0);
	CHECK(p->heard == NULL || strcmp(p->heard, s.heard) == 0);
	CHECK(s.descriptors == 0);
	CHECK(!s.secret_left);
	*out = s;
}

#endif
