#include "admin_site.h"

#include "admin/admin.h"
#include "admin/setup.h"
#include "attendd/paths.h"
#include "base/owner.h"
#include "test.h"
#include "wire/relay.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>

#define NOON 1772452800 /* 2026-03-02T12:00:00Z */

/* /var/lib and /var/cache of our own, for this process only. */
static bool
private_folders(void)
{
	static bool apart;

	if (!apart &&
	    (unshare(CLONE_NEWNS) != 0 ||
		mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL)))
		return false;
	if (apart &&
	    (umount2("/var/lib", MNT_DETACH) != 0 ||
		umount2("/var/cache", MNT_DETACH) != 0))
		return false;
	apart = true;
	if (mount("attend", "/var/lib", "tmpfs", 0, "mode=755") != 0 ||
	    mount("attend", "/var/cache", "tmpfs", 0, "mode=755") != 0)
		return false;
	return mkdir(ATTENDD_STATE_DIR, 0700) == 0 &&
	    mkdir(ATTENDD_CACHE_DIR, 0755) == 0;
}

bool
site_open_bare(struct site *s)
{
	struct dialogue *d = &s->d;

	memset(s, 0, sizeof(*s));
	if (!private_folders()) {
		test_skip("needs root and mount namespaces");
		return false;
	}
	(void)setenv("TZ", "UTC0", 1);
	tzset();
	(void)setlocale(LC_CTYPE, "C.UTF-8");
	s->config = config_default;
	d->config = &s->config;
	if (att_secret_new(&s->in, WIRE_FRAME_MAX) != ATT_OK ||
	    att_secret_new(&s->out, WIRE_FRAME_MAX) != ATT_OK ||
	    att_secret_new(&d->answer, WIRE_ANSWER_MAX + 1) != ATT_OK ||
	    att_now_read(&d->now) != ATT_OK)
		return test_check(false, __FILE__, __LINE__, "site_open");
	d->channel.in = s->in.at;
	d->channel.out = s->out.at;
	d->now.utc = NOON;
	memcpy(d->locale, "en", 3);
	return true;
}

enum verb_status
site_init(struct site *s, const char *notices)
{
	const struct setup_paths paths = { ATTENDD_SITE_KEY, ATTENDD_STORE,
		notices };

	s->d.io = ATT_CLOSED; /* nobody reads; the status counts */
	return setup_run(&s->d, &paths);
}

bool
site_open(struct site *s)
{
	if (!site_open_bare(s))
		return false;
	(void)site_file("notice-1.en.txt", SITE_NOTICE);
	return test_check(site_init(s, test_dir()) == VERB_DONE, __FILE__,
	    __LINE__, "the site opens");
}

void
site_close(struct site *s)
{
	store_close(s->d.store);
	vault_close(s->d.vault);
	att_secret_free(&s->in);
	att_secret_free(&s->out);
	att_secret_free(&s->d.answer);
}

struct client {
	struct site *s;
	int fd;
	struct wire_request request;
	int files[WIRE_FDS_MAX];
	size_t nfiles;
	struct wire_verdict verdict;
	enum att_err e;
};

static void
append(char *to, const void *at, size_t len)
{
	size_t used = strlen(to);

	if (len >= SITE_OUTPUT - used)
		len = SITE_OUTPUT - used - 1;
	memcpy(to + used, at, len);
	to[used + len] = '\0';
}

static enum att_err
on_ask(void *ctx, const struct wire_ask *ask, char *buf, size_t *len)
{
	struct client *c = ctx;
	const char *answer =
	    c->s->asked < SITE_ANSWERS ? c->s->answers[c->s->asked] : NULL;

	(void)ask;
	c->s->asked++;
	if (answer == NULL)
		return ATT_ABSENT;
	*len = strlen(answer);
	memcpy(buf, answer, *len);
	return ATT_OK;
}

static void
on_text(void *ctx, bool warn, struct att_slice text)
{
	struct client *c = ctx;

	(void)warn;
	append(c->s->told, text.at, text.len);
	append(c->s->told, "\n", 1);
}

static void
on_output(void *ctx, uint8_t stream, struct att_slice bytes)
{
	struct client *c = ctx;

	append(stream == 1 ? c->s->printed : c->s->told, bytes.at, bytes.len);
}

static void *
client_run(void *ctx)
{
	struct client *c = ctx;
	struct relay_ops ops = {
		.ask = on_ask, .text = on_text, .output = on_output, .ctx = c
	};

	c->e = relay_run(
	    c->fd, &c->request, c->files, c->nfiles, 20000, &ops, &c->verdict);
	return NULL;
}

/* What worker.c does with a request, and then the verb. */
static enum verb_status
serve(struct site *s, uint8_t *copy)
{
	struct wire_msg msg;
	struct wire_request request;
	enum verb_status status;
	size_t len;

	s->d.io = ATT_OK;
	s->d.peer = (struct wire_peer){ .pid = 1, .uid = s->uid };
	if (wire_recv(&s->d.channel, &msg, s->d.fds, &s->d.nfds, 5000) !=
		ATT_OK ||
	    wire_encode(&msg, copy, WIRE_FRAME_MAX, &len) != ATT_OK ||
	    wire_decode(copy, len, &msg) != ATT_OK)
		return VERB_UNAVAILABLE;
	request = msg.request;
	s->d.request = &request;
	status = admin_run(&s->d);
	s->d.request = NULL;
	for (size_t i = 0; i < s->d.nfds; i++)
		att_close(&s->d.fds[i]);
	msg = (struct wire_msg){ .type = WIRE_VERDICT,
		.verdict = { .verdict = status == VERB_DONE ? VERDICT_ALLOW
							    : VERDICT_DENY,
		    .status = (uint8_t)status } };
	s->d.io = wire_send(&s->d.channel, &msg, NULL, 0, 5000);
	return status;
}

static void
start_command(struct site *s, struct client *c, const char *const *words)
{
	c->request.phase = WIRE_COMMAND;
	c->request.flags = s->flags;
	c->request.service = att_slice_of("attendctl");
	for (; words[c->request.argc] != NULL; c->request.argc++)
		c->request.argv[c->request.argc] =
		    att_slice_of(words[c->request.argc]);
	s->printed[0] = s->told[0] = '\0';
	s->asked = 0;
}

/* Files as attendctl sends them: in the order that the words ask for. */
static void
open_files(struct client *c)
{
	const char *words[SITE_WORDS], *paths[VERB_FILES_MAX];
	char text[SITE_WORDS][256], why[256];
	struct verb_call call;

	for (size_t i = 0; i < c->request.argc; i++) {
		(void)snprintf(text[i], sizeof(text[i]), "%.*s",
		    (int)c->request.argv[i].len,
		    (const char *)c->request.argv[i].at);
		words[i] = text[i];
	}
	if (verbs_parse(c->request.argc, words, &call, why, sizeof(why)) !=
	    ATT_OK)
		return;
	c->nfiles = verb_paths(&call, paths);
	for (size_t i = 0; i < c->nfiles; i++) {
		const char *path = strcmp(paths[i], "notice.txt") == 0
		    ? site_file("notice.txt", SITE_NOTICE)
		    : paths[i];

		c->files[i] = open(path, O_RDONLY | O_CLOEXEC);
		if (c->files[i] < 0)
			c->nfiles = i;
	}
}

enum verb_status
site_run(struct site *s, const char *const *words)
{
	ATT_AUTO_FREE uint8_t *copy = malloc(WIRE_FRAME_MAX);
	struct client c = { .s = s };
	enum verb_status status;
	pthread_t thread;
	int pair[2];

	if (copy == NULL ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK,
		0, pair) != 0)
		return VERB_UNAVAILABLE;
	start_command(s, &c, words);
	open_files(&c);
	c.fd = pair[0];
	s->d.channel.fd = pair[1];
	if (pthread_create(&thread, NULL, client_run, &c) != 0)
		return VERB_UNAVAILABLE;
	status = serve(s, copy);
	(void)pthread_join(thread, NULL);
	(void)close(pair[0]);
	(void)close(pair[1]);
	for (size_t i = 0; i < c.nfiles; i++)
		(void)close(c.files[i]);
	test_check(c.e == ATT_OK && c.verdict.status == status, __FILE__,
	    __LINE__, "the client saw the status");
	return status;
}

bool
site_printed(const struct site *s, const char *text)
{
	if (strstr(s->printed, text) != NULL)
		return true;
	printf("# wanted: %s\n# printed: %s\n# told: %s\n", text, s->printed,
	    s->told);
	return false;
}

bool
site_told(const struct site *s, const char *text)
{
	if (strstr(s->told, text) != NULL)
		return true;
	printf("# wanted: %s\n# printed: %s\n# told: %s\n", text, s->printed,
	    s->told);
	return false;
}

const char *
site_file(const char *name, const char *text)
{
	const char *path = test_path(name);
	ATT_AUTO_FILE FILE *f = fopen(path, "we");

	if (f == NULL || fputs(text, f) < 0)
		test_check(false, __FILE__, __LINE__, path);
	return path;
}

bool
site_adult(struct site *s)
{
	s->answers[0] = SITE_PIN;
	if (RUN(s, "employee", "add", "1042", "--name", "Ann Example",
		"--birth", "1990-05-17", "--department",
		"Dispatch") == VERB_DONE &&
	    RUN(s, "consent", "record", "1042") == VERB_DONE &&
	    RUN(s, "pin", "set", "1042") == VERB_DONE)
		return true;
	printf("# told: %s\n", s->told);
	return false;
}
