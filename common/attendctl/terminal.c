#include "attendctl/terminal.h"

#include "base/clock.h"
#include "base/owner.h"
#include "wire/channel.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <termios.h>

static const int watched[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP };
#define WATCHED (sizeof(watched) / sizeof(watched[0]))

/* The one global: a signal handler has nowhere else to write. */
static volatile sig_atomic_t caught;

static void
on_signal(int sig)
{
	caught = sig;
}

struct watch {
	struct sigaction before[WATCHED];
	sigset_t mask; /* as it was; signals only arrive inside ppoll */
};

static void
watch_begin(struct watch *w)
{
	struct sigaction act = { .sa_handler = on_signal };
	sigset_t set;

	caught = 0;
	sigemptyset(&set);
	for (size_t i = 0; i < WATCHED; i++)
		sigaddset(&set, watched[i]);
	(void)sigprocmask(SIG_BLOCK, &set, &w->mask);
	for (size_t i = 0; i < WATCHED; i++) {
		(void)sigaction(watched[i], NULL, &w->before[i]);
		/* whoever ignores it (nohup) goes on ignoring it */
		if (w->before[i].sa_handler != SIG_IGN)
			(void)sigaction(watched[i], &act, NULL);
	}
}

/* Put everything back; a signal that came takes its usual effect now. */
static int
watch_end(struct watch *w)
{
	int sig = caught;

	for (size_t i = 0; i < WATCHED; i++)
		(void)sigaction(watched[i], &w->before[i], NULL);
	(void)sigprocmask(SIG_SETMASK, &w->mask, NULL);
	if (sig != 0)
		(void)raise(sig);
	return sig;
}

/* Wait for input until the deadline, letting signals in. */
static enum att_err
wait_input(int fd, const sigset_t *mask, int64_t deadline_ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int64_t left = deadline_ms - att_mono_ms();
	struct timespec ts;
	int n;

	if (left < 0)
		left = 0;
	ts.tv_sec = (time_t)(left / 1000);
	ts.tv_nsec = (long)(left % 1000) * 1000000;
	n = ppoll(&p, 1, &ts, mask);
	if (n < 0)
		return errno == EINTR && caught == 0 ? ATT_OK : ATT_CLOSED;
	return n == 0 ? ATT_TIMEOUT : ATT_OK;
}

/* Byte by byte: what follows the line is the next question's. */
static enum att_err
read_line(int fd, const sigset_t *mask, char *buf, size_t *len)
{
	int64_t deadline_ms = att_mono_ms() + WIRE_TYPING_MS;
	size_t n = 0;

	for (;;) {
		enum att_err e = wait_input(fd, mask, deadline_ms);
		char c = '\0';
		ssize_t got;

		if (e != ATT_OK)
			return e;
		got = read(fd, n < WIRE_ANSWER_MAX ? buf + n : &c, 1);
		if (got < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (got < 0)
			return ATT_IO;
		if (got == 0 && n == 0)
			return ATT_ABSENT;
		if (got == 0 || (n < WIRE_ANSWER_MAX ? buf[n] : c) == '\n')
			break;
		if (n == WIRE_ANSWER_MAX)
			return ATT_LIMIT;
		n++;
	}
	*len = n;
	return ATT_OK;
}

enum att_err
terminal_write(int fd, const void *at, size_t len)
{
	const char *p = at;

	while (len > 0) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EAGAIN) {
			struct pollfd w = { .fd = fd, .events = POLLOUT };

			(void)poll(&w, 1, WIRE_TYPING_MS);
			continue;
		}
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return ATT_IO;
		p += n;
		len -= (size_t)n;
	}
	return ATT_OK;
}

/* Ask once; *sig is the signal that ended it, or 0. */
static enum att_err
ask_once(int fd, const struct wire_ask *ask, char *buf, size_t *len, int *sig)
{
	struct termios before, quiet;
	struct watch w;
	enum att_err e;
	bool hide = ask->echo == 0;

	if (tcgetattr(fd, &before) != 0)
		return ATT_IO;
	watch_begin(&w);
	quiet = before;
	quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
	quiet.c_lflag |= ICANON;
	if (hide && tcsetattr(fd, TCSAFLUSH, &quiet) != 0) {
		*sig = watch_end(&w);
		return ATT_IO;
	}
	e = terminal_write(fd, ask->prompt.at, ask->prompt.len);
	if (e == ATT_OK)
		e = read_line(fd, &w.mask, buf, len);
	if (hide) {
		/* flushing keeps the rest of a long PIN from the shell */
		(void)tcsetattr(fd, TCSAFLUSH, &before);
		if (terminal_write(fd, "\n", 1) != ATT_OK && e == ATT_OK)
			e = ATT_IO;
	}
	*sig = watch_end(&w);
	return e;
}

static enum att_err
ask_terminal(const struct wire_ask *ask, char *buf, size_t *len)
{
	ATT_AUTO_FD int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	enum att_err e;
	int sig;

	do {
		sig = 0;
		e = ask_once(fd >= 0 ? fd : STDIN_FILENO, ask, buf, len, &sig);
	} while (sig == SIGTSTP); /* stopped, and now continued: ask again */
	return e;
}

enum att_err
terminal_ask(const struct wire_ask *ask, char *buf, size_t *len)
{
	sigset_t mask;
	enum att_err e;

	(void)sigprocmask(SIG_SETMASK, NULL, &mask);
	e = isatty(STDIN_FILENO) ? ask_terminal(ask, buf, len)
				 : read_line(STDIN_FILENO, &mask, buf, len);
	if (e != ATT_OK)
		explicit_bzero(buf, WIRE_ANSWER_MAX);
	return e;
}
