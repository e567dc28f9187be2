#include "attendd/broker.h"

#include "attendd/children.h"
#include "attendd/config.h"
#include "attendd/librarian.h"
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
#define HOLD_MS	 100 /* until looking again whether somebody makes room */
#define TELL_MS	 10000 /* between two lines about too many dialogues */

struct broker {
	int listener, signals;
	int way, desk; /* the workers' and the librarian's end */
	pid_t librarian; /* 0: not begun, or dead */
	bool leave_idle, stop;
	struct config config;
	bool config_bad;
	struct timespec config_seen; /* of the file that was read last */
	struct children children; /* max_dialogues of the first reading */
	bool hold; /* all places taken, and everybody at work */
	pid_t spare; /* 0: none */
	size_t spare_place;
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

/* A child, without what is only ours. */
static pid_t
fork_child(struct broker *b)
{
	pid_t pid = fork();

	if (pid < 0)
		log_line(LOG_ERR, "fork failed errno=%d", errno);
	if (pid == 0) {
		att_close(&b->listener);
		att_close(&b->signals);
		att_close(&b->spare_control);
		worker_signals();
	}
	return pid;
}

/* Somebody has put a question on an empty desk. */
static void
start_librarian(struct broker *b)
{
	pid_t pid = fork_child(b);

	if (pid > 0)
		b->librarian = pid;
	if (pid != 0)
		return;
	att_close(&b->way); /* or it were never the last to have it */
	librarian_run(b->desk);
}

/* Fork a worker for a place; 0 on failure. */
static pid_t
start(struct broker *b, size_t place, int conn, int control)
{
	struct worker_start w = { .conn = conn,
		.control = control,
		.librarian = b->way,
		.sensor = -1,
		.config = &b->config,
		.config_bad = b->config_bad,
		.waits = &b->children.waits[place] };
	pid_t pid = fork_child(b);

	if (pid != 0)
		return pid > 0 ? pid : 0;
	att_close(&b->desk);
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
	b->spare_place = children_place(&b->children);
	b->spare = start(b, b->spare_place, -1, pair[1]);
	att_close(&pair[1]);
	if (b->spare == 0)
		drop_spare(b);
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
forget(struct broker *b, pid_t pid, int status)
{
	if (pid == b->spare) {
		drop_spare(b);
		b->spare_failed = true;
	}
	if (children_remove(&b->children, pid))
		return;
	if (pid == b->librarian) {
		b->librarian = 0;
		log_line(
		    LOG_ERR, "the gallery's keeper died status=%d", status);
	} else if (WIFSIGNALED(status) &&
	    !(b->stop && WTERMSIG(status) == SIGKILL))
		log_line(LOG_ERR, "worker died signal=%d", WTERMSIG(status));
}

static void
reap(struct broker *b)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		forget(b, pid, status);
}

static void
dispatch(struct broker *b, int conn, uid_t uid)
{
	pid_t pid = 0;
	size_t place = b->spare_place;

	if (b->spare != 0 && worker_give(b->spare_control, conn) == ATT_OK) {
		pid = b->spare;
		drop_spare(b);
	} else {
		drop_spare(b);
		place = children_place(&b->children);
		pid = start(b, place, conn, -1);
	}
	if (pid != 0)
		children_add(&b->children, place, pid, uid);
}

/* A user may come in the place of another who has more, within his bound. */
static bool
may_come(struct broker *b, uid_t uid)
{
	struct children *c = &b->children;
	bool own = children_of(c, uid) < b->config.max_dialogues_per_uid;

	if (uid == 0 || (own && children_of_users(c) < c->cap / 2))
		return true;
	tell_too_many(b, uid);
	return own && children_evict_user(c, uid);
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
	if (!may_come(b, peer.uid))
		return;
	config_refresh(b, false);
	dispatch(b, conn, peer.uid);
}

/* Somebody knocks and all places are taken; callers wait in the backlog. */
static void
make_room(struct broker *b)
{
	b->last_ms = att_mono_ms();
	b->hold = !children_evict(&b->children);
	if (!b->hold)
		tell_too_many(b, 0);
}

/* No new dialogues; those under way have GRACE_MS to end. */
static void
begin_stop(struct broker *b)
{
	if (!b->stop)
		b->last_ms = att_mono_ms();
	b->stop = true;
	b->hold = false;
	children_wake(&b->children);
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
	else if (b->leave_idle && b->config.idle_seconds > 0 &&
	    b->children.running == 0)
		left = (int64_t)b->config.idle_seconds * 1000;
	else
		return -1;
	left += b->last_ms - att_mono_ms();
	return left > 0 ? (int)left : 0;
}

/* One wait and what came of it; ATT_ABSENT when it is time to leave. */
static enum att_err
serve_once(struct broker *b)
{
	bool full = b->children.running >= b->children.cap;
	bool listens =
	    !b->stop && !b->hold && !(full && b->children.leaving > 0);
	struct pollfd p[3] = {
		{ .fd = b->signals, .events = POLLIN },
		{ .fd = listens ? b->listener : -1, .events = POLLIN },
		{ .fd = b->librarian == 0 ? b->desk : -1, .events = POLLIN },
	};
	int n = poll(p, 3, b->hold ? HOLD_MS : patience(b));

	if (n < 0)
		return errno == EINTR ? ATT_OK : ATT_IO;
	if (n == 0 && !b->hold)
		return ATT_ABSENT;
	b->hold = false;
	if (p[1].revents != 0 && full)
		make_room(b);
	else if (p[1].revents != 0)
		accept_one(b);
	if (p[2].revents != 0)
		start_librarian(b);
	if (p[0].revents != 0)
		take_signals(b);
	return ATT_OK;
}

static enum att_err
loop(struct broker *b)
{
	enum att_err e = ATT_OK;

	while (e == ATT_OK && (!b->stop || b->children.running > 0)) {
		keep_spare(b);
		e = serve_once(b);
	}
	drop_spare(b);
	return e == ATT_ABSENT ? ATT_OK : e;
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
		.way = -1,
		.desk = -1,
		.config = config_default,
		.spare_control = -1,
		.last_ms = att_mono_ms(),
		.told_ms = -TELL_MS };
	enum att_err e;

	(void)signal(SIGPIPE, SIG_IGN);
	worker_inherit();
	config_refresh(&b, true);
	if (librarian_desk(&b.way, &b.desk) != ATT_OK)
		log_line(LOG_ERR, "there is no gallery errno=%d", errno);
	b.signals = open_signals();
	e = b.signals < 0 ? ATT_IO
			  : children_open(&b.children, b.config.max_dialogues);
	if (e == ATT_OK)
		e = loop(&b);
	children_close(&b.children);
	att_close(&b.signals);
	att_close(&b.listener);
	att_close(&b.way);
	att_close(&b.desk);
	return e;
}

_Noreturn void
broker_once(int conn, int sensor)
{
	struct broker b = { .listener = -1,
		.signals = -1,
		.config = config_default,
		.spare_control = -1 };
	struct worker_start w = {
		.conn = conn, .control = -1, .librarian = -1, .sensor = sensor
	};

	worker_inherit();
	config_refresh(&b, true);
	w.config = &b.config;
	w.config_bad = b.config_bad;
	worker_signals();
	worker_run(&w);
}
