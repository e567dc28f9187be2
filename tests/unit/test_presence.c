#include "attendd/presence.h"

#include "base/owner.h"
#include "test.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

TEST("a terminal of this machine is a console or one of its displays")
{
	static const char *const here[] = { "/dev/tty1", "tty63", "/dev/ttyS0",
		"ttyUSB0", "/dev/hvc0", "console", "/dev/console", ":0", ":1",
		":0.0" };
	static const char *const away[] = { "", "ssh", "pts/0", "/dev/pts/3",
		"tty", "ttyp0", "tty1a", "localhost:10.0", ":", ":a", ":0x",
		"/dev/", "/dev/console/1", "consoles", "/tmp/tty1",
		"10.0.0.1:0", "cron", "/dev/tty1/../pts/0" };

	for (size_t i = 0; i < sizeof(here) / sizeof(here[0]); i++)
		CHECK(presence_tty_is_local(here[i]));
	for (size_t i = 0; i < sizeof(away) / sizeof(away[0]); i++)
		CHECK(!presence_tty_is_local(away[i]));
}

static bool
local(const char *text, unsigned uid)
{
	return presence_session_is_local(
	    text, strlen(text), uid != 0 ? &uid : NULL);
}

#define UP "STATE=active"

TEST("a session is here with a seat that shows it, and of whoever asks")
{
	CHECK(local("UID=70001\nREMOTE=0\nSEAT=seat0\n" UP, 70001));
	CHECK(local("SEAT=seat0\nUID=70001\nACTIVE=1\nREMOTE=0\n" UP, 70001));
	CHECK(local("UID=70001\nREMOTE=0\nSEAT=seat0\n" UP, 0));
	CHECK(!local("UID=70001\nREMOTE=1\nSEAT=seat0\n" UP, 70001));
	CHECK(!local("UID=70001\nREMOTE=0\n" UP, 70001));
	CHECK(!local("UID=70001\nREMOTE=0\nSEAT=\n" UP, 70001));
	CHECK(!local("UID=70002\nREMOTE=0\nSEAT=seat0\n" UP, 70001));
	CHECK(!local("UID=700010\nREMOTE=0\nSEAT=seat0\n" UP, 70001));
	CHECK(!local("REMOTE=0\nSEAT=seat0\n" UP, 70001));
	CHECK(!local("UID=70001\nREMOTE=01\nSEAT=seat0\n" UP, 70001));
	CHECK(!local("XUID=70001\nXREMOTE=0\nXSEAT=seat0\n" UP, 70001));
	CHECK(!local("UID=70001\nTTY=REMOTE=0\nSEAT=seat0\n" UP, 70001));
	CHECK(!local("UID=70001\nREMOTE=0\nSEAT=seat0\n", 70001));
	CHECK(
	    !local("UID=70001\nREMOTE=0\nSEAT=seat0\nSTATE=closing\n", 70001));
	CHECK(!local("UID=70001\nREMOTE=0\nSEAT=seat0\nSTATE=online\n", 0));
	CHECK(!local("", 70001) && !local("\n\n", 0));
}

static bool
lines(const char *text, const char *tty)
{
	return presence_session_has_line(text, strlen(text), tty);
}

TEST("a session at no seat has one line: the terminal that logind wrote down")
{
	CHECK(lines("REMOTE=0\nTTY=ttyS0\n" UP, "ttyS0"));
	CHECK(lines("TTY=ttyS0\nREMOTE=0\n" UP, "/dev/ttyS0"));
	CHECK(!lines("REMOTE=0\nTTY=ttyS0\n" UP, "ttyS1"));
	CHECK(!lines("REMOTE=0\nTTY=ttyS0\n" UP, ""));
	CHECK(!lines("REMOTE=0\nTTY=pts/0\n" UP, "pts/0"));
	CHECK(!lines("REMOTE=0\nTTY=pts/0\n" UP, "ttyS0"));
	CHECK(!lines("REMOTE=0\n" UP, "ttyS0"));
	CHECK(!lines("REMOTE=0\nTTY=\n" UP, ""));
	CHECK(!lines("REMOTE=1\nTTY=ttyS0\n" UP, "ttyS0"));
	CHECK(!lines("TTY=ttyS0\n" UP, "ttyS0"));
	CHECK(!lines("REMOTE=0\nTTY=ttyS0\nSTATE=closing\n", "ttyS0"));
	CHECK(!lines("REMOTE=0\nTTY=tty2\nSEAT=seat0\n" UP, "tty2"));
	CHECK(!lines("", "") && !lines("", "ttyS0"));
}

/* A process in a session of its own, or in none. */
struct caller {
	pid_t pid;
	char id[16]; /* of the session */
	int hold;
};

static void
close_caller(struct caller *c)
{
	att_close(&c->hold); /* it ends */
	if (c->pid > 0)
		(void)waitpid(c->pid, NULL, 0);
}

static bool
told(const char *path, const char *text)
{
	ATT_AUTO_FD int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	return fd >= 0 &&
	    write(fd, text, strlen(text)) == (ssize_t)strlen(text);
}

static void
be_caller(const char *loginuid, int out, int hold)
{
	char id[16];
	ssize_t n = -1;
	int fd;

	if (told("/proc/self/loginuid", loginuid)) {
		fd = open("/proc/self/sessionid", O_RDONLY);
		n = read(fd, id, sizeof(id));
	}
	if (n > 0)
		(void)!write(out, id, (size_t)n);
	att_close(&out);
	(void)!read(hold, id, 1);
	_exit(0);
}

/* loginuid: "4294967295" is nobody's, and no session. */
static bool
open_caller(struct caller *c, const char *loginuid)
{
	int say[2], hold[2];
	ssize_t n;

	*c = (struct caller){ .hold = -1 };
	if (pipe2(say, O_CLOEXEC) != 0 || pipe2(hold, O_CLOEXEC) != 0)
		return false;
	c->pid = fork();
	if (c->pid == 0) {
		att_close(&hold[1]);
		be_caller(loginuid, say[1], hold[0]);
	}
	att_close(&say[1]);
	att_close(&hold[0]);
	c->hold = hold[1];
	n = read(say[0], c->id, sizeof(c->id) - 1);
	att_close(&say[0]);
	c->id[n > 0 ? n : 0] = '\0';
	return n > 0;
}

/* No session is known in the folder that this process has to itself. */
static bool
private_sessions(void)
{
	return unshare(CLONE_NEWNS) == 0 &&
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	    mount("attend", "/run", "tmpfs", 0, "mode=755") == 0 &&
	    mkdir("/run/systemd", 0755) == 0 &&
	    mkdir("/run/systemd/sessions", 0755) == 0;
}

static bool
logind_says(const struct caller *c, const char *text)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "/run/systemd/sessions/%s", c->id);
	return told(path, text);
}

static bool
at_kiosk(pid_t pid, uid_t uid, const char *tty, const char *rhost)
{
	struct wire_request r = { .tty = att_slice_of(tty),
		.rhost = att_slice_of(rhost) };
	struct dialogue d = { .request = &r, .peer = { pid, uid, 0 } };

	return presence_at_kiosk(&d);
}

TEST("without a session only root's word on the terminal counts")
{
	struct caller c;

	if (!open_caller(&c, "4294967295"))
		test_skip("needs root, who may leave a session");
	else {
		CHECK(at_kiosk(c.pid, 0, "/dev/tty1", ""));
		CHECK(at_kiosk(c.pid, 0, "ttyS0", ""));
		CHECK(at_kiosk(c.pid, 0, ":0", ""));
		CHECK(!at_kiosk(c.pid, 0, "/dev/tty1", "192.0.2.7"));
		CHECK(!at_kiosk(c.pid, 0, "/dev/pts/1", ""));
		CHECK(!at_kiosk(c.pid, 0, "", ""));
		CHECK(!at_kiosk(c.pid, 70001, "/dev/tty1", ""));
		CHECK(!at_kiosk(c.pid, 70001, ":0", ""));
		CHECK(!at_kiosk(1 << 30, 0, "/dev/tty1", "")); /* is gone */
	}
	close_caller(&c);
}

TEST("whoever has a session is where it is, whatever terminal he names")
{
	static const char *const ttys[] = { "/dev/tty1", "ttyS0", ":0", "pts/0",
		"" };
	struct caller c = { .hold = -1 };

	if (!private_sessions() || !open_caller(&c, "70001")) {
		test_skip(
		    "needs root, mount namespaces and the kernel's audit");
		close_caller(&c);
		return;
	}
	for (size_t i = 0; i < sizeof(ttys) / sizeof(ttys[0]); i++) {
		CHECK(logind_says(&c, "REMOTE=0\nSEAT=seat0\n" UP));
		CHECK(at_kiosk(c.pid, 0, ttys[i], ""));
		CHECK(!at_kiosk(c.pid, 0, ttys[i], "192.0.2.7"));
		CHECK(logind_says(&c, "REMOTE=0\nSEAT=seat0\nSTATE=online\n"));
		CHECK(!at_kiosk(c.pid, 0, ttys[i], ""));
		CHECK(logind_says(&c, "REMOTE=1\nTTY=pts/0\n" UP));
		CHECK(!at_kiosk(c.pid, 0, ttys[i], ""));
		CHECK(logind_says(&c, "REMOTE=0\n" UP)); /* a timer's */
		CHECK(!at_kiosk(c.pid, 0, ttys[i], ""));
		CHECK(logind_says(&c, ""));
		CHECK(!at_kiosk(c.pid, 0, ttys[i], ""));
	}
	CHECK(logind_says(&c, "REMOTE=0\nTTY=ttyS0\nUID=70001\n" UP));
	CHECK(at_kiosk(c.pid, 0, "ttyS0", ""));
	CHECK(!at_kiosk(c.pid, 0, "ttyS1", ""));
	CHECK(!at_kiosk(c.pid, 70001, "ttyS0", ""));
	close_caller(&c);
}

TEST("of a session that logind does not know nobody is at the kiosk")
{
	struct caller c = { .hold = -1 };

	if (!private_sessions() || !open_caller(&c, "70001"))
		test_skip(
		    "needs root, mount namespaces and the kernel's audit");
	else {
		CHECK(!at_kiosk(c.pid, 0, "/dev/tty1", ""));
		CHECK(logind_says(&c, "REMOTE=0\nSEAT=seat0\n" UP));
		CHECK(at_kiosk(c.pid, 0, "/dev/tty1", ""));
	}
	close_caller(&c);
}
