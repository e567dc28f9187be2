#include "attendd/presence.h"

#include "base/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SESSIONS    "/run/systemd/sessions/"
#define SESSION_MAX 4096 /* bytes of a session file */
#define NO_SESSION  "4294967295" /* the kernel's word for it */

static bool
starts(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/* Only digits, one at least. */
static bool
is_number(const char *text)
{
	return text[0] != '\0' && text[strspn(text, "0123456789")] == '\0';
}

static const char *
line_of(const char *tty)
{
	return starts(tty, "/dev/") ? tty + strlen("/dev/") : tty;
}

bool
presence_tty_is_local(const char *tty)
{
	static const char *const lines[] = { "tty", "ttyS", "ttyAMA", "ttyUSB",
		"hvc" };

	if (tty[0] == ':') { /* a display of this machine: ":0", ":0.0" */
		size_t n = strspn(tty + 1, "0123456789");

		return n > 0 && (tty[1 + n] == '\0' || tty[1 + n] == '.');
	}
	tty = line_of(tty);
	if (strcmp(tty, "console") == 0)
		return true;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (starts(tty, lines[i]) && is_number(tty + strlen(lines[i])))
			return true;
	return false;
}

/* The value of "NAME=" at the beginning of a line; len 0: none. */
static struct att_slice
value_of(const char *text, size_t len, const char *name)
{
	const char *at = text, *end = text + len;

	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		size_t line = (size_t)((stop != NULL ? stop : end) - at);
		size_t n = strlen(name);

		if (line > n && memcmp(at, name, n) == 0)
			return (struct att_slice){ (const uint8_t *)at + n,
				line - n };
		at = stop != NULL ? stop + 1 : end;
	}
	return (struct att_slice){ NULL, 0 };
}

bool
presence_session_is_local(const char *text, size_t len, const unsigned *uid)
{
	char number[sizeof("4294967295")];

	if (uid != NULL)
		(void)snprintf(number, sizeof(number), "%u", *uid);
	return value_of(text, len, "SEAT=").len > 0 &&
	    att_slice_is(value_of(text, len, "REMOTE="), "0") &&
	    att_slice_is(value_of(text, len, "STATE="), "active") &&
	    (uid == NULL || att_slice_is(value_of(text, len, "UID="), number));
}

bool
presence_session_has_line(const char *text, size_t len, const char *tty)
{
	return value_of(text, len, "SEAT=").len == 0 &&
	    att_slice_is(value_of(text, len, "REMOTE="), "0") &&
	    att_slice_is(value_of(text, len, "STATE="), "active") &&
	    att_slice_is(value_of(text, len, "TTY="), line_of(tty)) &&
	    presence_tty_is_local(tty);
}

/* A whole small file; its length, or -1. */
static ssize_t
slurp(const char *path, char *buf, size_t cap)
{
	ATT_AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t n;

	if (fd < 0)
		return -1;
	do
		n = read(fd, buf, cap);
	while (n < 0 && errno == EINTR);
	return n;
}

enum session {
	SESSION_AWAY, /* or nothing can be said about it */
	SESSION_NONE,
	SESSION_HERE,
};

/*
 * The kernel keeps which session a process belongs to, and only root can set
 * it. su and sudo belong to the session of whoever calls them, and take for
 * the terminal what the caller gave them as standard input.
 */
static enum session
session_of(const struct wire_peer *peer, const char *tty)
{
	char path[64], id[16], text[SESSION_MAX];
	ssize_t n;

	(void)snprintf(
	    path, sizeof(path), "/proc/%d/sessionid", (int)peer->pid);
	n = slurp(path, id, sizeof(id) - 1);
	if (n <= 0)
		return SESSION_AWAY;
	id[n] = '\0';
	id[strcspn(id, "\n")] = '\0';
	if (strcmp(id, NO_SESSION) == 0)
		return SESSION_NONE;
	if (!is_number(id))
		return SESSION_AWAY;
	(void)snprintf(path, sizeof(path), SESSIONS "%s", id);
	n = slurp(path, text, sizeof(text));
	if (n <= 0)
		return SESSION_AWAY;
	if (presence_session_is_local(text, (size_t)n,
		peer->uid != 0 ? &(const unsigned){ peer->uid } : NULL) ||
	    (peer->uid == 0 && presence_session_has_line(text, (size_t)n, tty)))
		return SESSION_HERE;
	return SESSION_AWAY;
}

bool
presence_at_kiosk(const struct dialogue *d)
{
	char tty[64];

	if (d->request->rhost.len > 0)
		return false;
	if (att_slice_str(d->request->tty, tty, sizeof(tty)) != ATT_OK)
		tty[0] = '\0';
	switch (session_of(&d->peer, tty)) {
	case SESSION_HERE: return true;
	case SESSION_NONE:
		return d->peer.uid == 0 && presence_tty_is_local(tty);
	case SESSION_AWAY: break;
	}
	return false;
}
