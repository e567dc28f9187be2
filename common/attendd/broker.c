#include "attendd/broker.h"

#include "attendd/config.h"
#include "attendd/log.h"
#include "attendd/worker.h"
#include "base/clock.h"
#include "base/owner.h"
#include "wire/channel.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define GRACE_MS 5000 /* for dialogues under way when told to stop */
#define TELL_MS	 10000 /* between two lines about too many dialogues */

struct child {
	pid_t pid; /* 0: free */
	uid_t uid;
};

struct broker {
	int listener, signals;
	bool leave_idle, stop;
	struct config config;
	bool config_bad;
	struct timespec config_seen; /* of the file that was read last */
	struct child *children; /* max_dialogues of the first reading */
	size_t cap, running;
	pid_t spare; /* 0: none */
	bool spare_failed; /* died by itself: none until somebody comes */
	int spare_control;
	int64_t last_ms; /* when somebody was here last, or it was to stop */
	int64_t told_ms; /* when somebody was last said to have too many */
};

static struct timespec
config_time(void)
{
	struct stat st;

	if (stat(CONFIG_PATH, &st) != 0)
		return (struct timespec){ .tv_nsec = -1 };
	return st.st_mtim;
}

static void
drop_spare(struct broker *b)
{
	att_close(&b->spare_control); /* it leaves when its control ends */
	b->spare = 0;
}

/*
 * Read the configuration when the file has changed. A refused file leaves the
 * settings as they were; if there were none, nothing will be decided.
 */
static void
config_refresh(struct broker *b, bool first)
{
	struct timespec seen = config_time();
	struct att_opt_error why = { 0 };
	enum att_err e;

	if (!first && seen.tv_sec == b->config_seen.tv_sec &&
	    seen.tv_nsec == b->config_seen.tv_nsec)
		return;
	b->config_seen = seen;
	drop_spare(b);
	e = config_read(&b->config, CONFIG_PATH, &why);
	if (e == ATT_OK) {
		b->config_bad = false;
		return;
	}
	if (first)
		b->config_bad = true;
	log_line(LOG_ERR, "%s refused: line=%u key=%s why=%s; %s", CONFIG_PATH,
	    why.line, why.key,
	    why.reason != NULL ? why.reason : att_err_text(e),
	    b->config_bad ? "nothing is decided until it is right"
			  : "the settings before it stay");
}

static void
worker_signals(void)
{
	sigset_t none;

	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
}

/* Fork a worker; 0 on failure. */
static pid_t
start(struct broker *b, int conn, int control)
{
	struct worker_start w = { .conn = conn,
		.control = control,
		.config = &b->config,
		.config_bad = b->config_bad };
	pid_t pid = fork();

	if (pid < 0) {
		log_line(LOG_ERR, "fork failed errno=%d", errno);
		return 0;
	}
	if (pid > 0)
		return pid;
	att_close(&b->listener);
	att_close(&b->signals);
	att_close(&b->spare_control);
	worker_signals();
	worker_run(&w);
}

static void
keep_spare(struct broker *b)
{
	int pair[2];

	if (b->spare != 0 || b->spare_failed || b->stop)
		return;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		return; /* the next dialogue starts its worker itself */
	/* pair[0] is ours: the child must not hold it, or it never ends */
	b->spare_control = pair[0];
	b->spare = start(b, -1, pair[1]);
	att_close(&pair[1]);
	if (b->spare == 0)
		drop_spare(b);
}

static void
remember(struct broker *b, pid_t pid, uid_t uid)
{
	for (size_t i = 0; i < b->cap; i++) {
		if (b->children[i].pid != 0)
			continue;
		b->children[i] = (struct child){ pid, uid };
		b->running++;
		return;
	}
}

static void
forget(struct broker *b, pid_t pid)
{
	if (pid == b->spare) {
		drop_spare(b);
		b->spare_failed = true;
		return;
	}
	for (size_t i = 0; i < b->cap; i++) {
		if (b->children[i].pid != pid)
			continue;
		b->children[i].pid = 0;
		b->running--;
		return;
	}
}

/*
 * Ordinary users have a bound each, and one together: a user can have
 * thousands of uids (subuid), and root's callers log everybody in.
 */
static bool
has_too_many(const struct broker *b, uid_t uid)
{
	size_t own = 0, users = 0;

	for (size_t i = 0; i < b->cap; i++) {
		const struct child *c = &b->children[i];

		own += c->pid != 0 && c->uid == uid;
		users += c->pid != 0 && c->uid != 0;
	}
	return uid != 0 &&
	    (own >= b->config.max_dialogues_per_uid || users >= b->cap / 2);
}

/* Not each time: whoever has too many could fill the log with it. */
static void
tell_too_many(struct broker *b, uid_t uid)
{
	if (b->last_ms - b->told_ms < TELL_MS)
		return;
	b->told_ms = b->last_ms;
	log_line(LOG_WARNING, "too many dialogues peer=%u", (unsigned)uid);
}

static void
reap(struct broker *b)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (WIFSIGNALED(status))
			log_line(
			    LOG_ERR, "worker died signal=%d", WTERMSIG(status));
		forget(b, pid);
	}
}

static void
dispatch(struct broker *b, int conn, uid_t uid)
{
	pid_t pid = 0;

	if (b->spare != 0 && worker_give(b->spare_control, conn) == ATT_OK) {
		pid = b->spare;
		drop_spare(b);
	} else {
		drop_spare(b);
		pid = start(b, conn, -1);
	}
	if (pid != 0)
		remember(b, pid, uid);
}

static void
accept_one(struct broker *b)
{
	ATT_AUTO_FD int conn =
	    accept4(b->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct wire_peer peer;

	if (conn < 0)
		return; /* gone again, or out of descriptors: poll tells */
	b->last_ms = att_mono_ms();
	b->spare_failed = false;
	if (wire_peer_read(conn, &peer) != ATT_OK)
		return;
	if (has_too_many(b, peer.uid)) {
		tell_too_many(b, peer.uid);
		return;
	}
	config_refresh(b, false);
	dispatch(b, conn, peer.uid);
}

/* No new dialogues; those under way have GRACE_MS to end. */
static void
begin_stop(struct broker *b)
{
	if (!b->stop)
		b->last_ms = att_mono_ms();
	b->stop = true;
	att_close(&b->listener);
	drop_spare(b);
}

static void
take_signals(struct broker *b)
{
	struct signalfd_siginfo s;

	while (read(b->signals, &s, sizeof(s)) == (ssize_t)sizeof(s))
		if (s.ssi_signo != SIGCHLD)
			begin_stop(b);
	reap(b);
}

/* How long poll may wait before it is time to leave; -1: for ever. */
static int
patience(const struct broker *b)
{
	int64_t left;

	if (b->stop)
		left = GRACE_MS;
	else if (b->leave_idle && b->config.idle_seconds > 0 && b->running == 0)
		left = (int64_t)b->config.idle_seconds * 1000;
	else
		return -1;
	left += b->last_ms - att_mono_ms();
	return left > 0 ? (int)left : 0;
}

static enum att_err
loop(struct broker *b)
{
	while (!b->stop || b->running > 0) {
		/* when all workers are busy, callers wait in the backlog */
		bool room = !b->stop && b->running < b->cap;
		struct pollfd p[2] = {
			{ .fd = b->signals, .events = POLLIN },
			{ .fd = room ? b->listener : -1, .events = POLLIN },
		};
		int n;

		keep_spare(b);
		n = poll(p, 2, patience(b));
		if (n < 0 && errno != EINTR)
			return ATT_IO;
		if (n == 0)
			break;
		if (n > 0 && p[1].revents != 0)
			accept_one(b);
		if (n > 0 && p[0].revents != 0)
			take_signals(b);
	}
	drop_spare(b);
	return ATT_OK;
}

static int
open_signals(void)
{
	sigset_t s;

	(void)sigemptyset(&s);
	(void)sigaddset(&s, SIGCHLD);
	(void)sigaddset(&s, SIGTERM);
	(void)sigaddset(&s, SIGINT);
	if (sigprocmask(SIG_BLOCK, &s, NULL) != 0)
		return -1;
	return signalfd(-1, &s, SFD_CLOEXEC | SFD_NONBLOCK);
}

enum att_err
broker_serve(int listener, bool leave_idle)
{
	struct broker b = { .listener = listener,
		.leave_idle = leave_idle,
		.config = config_default,
		.spare_control = -1,
		.last_ms = att_mono_ms(),
		.told_ms = -TELL_MS };
	enum att_err e;

	(void)signal(SIGPIPE, SIG_IGN);
	config_refresh(&b, true);
	b.cap = b.config.max_dialogues;
	b.children = calloc(b.cap, sizeof(*b.children));
	b.signals = open_signals();
	if (b.children == NULL || b.signals < 0) {
		free(b.children);
		att_close(&b.signals);
		att_close(&b.listener);
		return b.children == NULL ? ATT_NOMEM : ATT_IO;
	}
	e = loop(&b);
	free(b.children);
	att_close(&b.signals);
	att_close(&b.listener);
	return e;
}

_Noreturn void
broker_once(int conn)
{
	struct broker b = { .listener = -1,
		.signals = -1,
		.config = config_default,
		.spare_control = -1 };
	struct worker_start w = { .conn = conn, .control = -1 };

	config_refresh(&b, true);
	w.config = &b.config;
	w.config_bad = b.config_bad;
	worker_signals();
	worker_run(&w);
}
