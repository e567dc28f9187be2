/*
 * Looking for attendd in a mount namespace of its own per case: /run, the
 * folder of attendd and the passwd file are the test's. Needs root; skipped
 * otherwise. Include after test.h.
 */
#ifndef ATT_TESTS_CONNECT_STAGE_H
#define ATT_TESTS_CONNECT_STAGE_H

#include "base/owner.h"
#include "wire/channel.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define ATTEND_UID 64123
#define OTHER_UID  64124
#define SHORT_MS   100
#define LONG_MS	   20000 /* never waited for */
#define UNPREPARED 100 /* exit status: the case could not be set up */
#define PROGRAM	   ATT_SBINDIR "/attendd"

/* Sets a case up as root; the result of what was asked, or UNPREPARED. */
typedef int scene(void);

static bool
write_file(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	size_t len = strlen(text);
	bool ok = fd >= 0 && write(fd, text, len) == (ssize_t)len &&
	    fchmod(fd, mode) == 0;

	att_close(&fd);
	return ok;
}

static bool
enter_kiosk(void)
{
	return unshare(CLONE_NEWNS) == 0 &&
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	    mount("run", "/run", "tmpfs", 0, "mode=755") == 0 &&
	    mount("sbin", ATT_SBINDIR, "tmpfs", 0, "mode=755") == 0 &&
	    write_file("/run/passwd",
		"root:x:0:0::/root:/bin/sh\n"
		"attend:x:64123:64123::/:/bin/false\n",
		0644) &&
	    mount("/run/passwd", "/etc/passwd", NULL, MS_BIND, NULL) == 0;
}

/* The scene's exit status in a kiosk of its own; -1 where there can be none. */
static int
play(scene *s)
{
	int status;
	pid_t pid;

	if (geteuid() != 0) {
		test_skip("needs root for a mount namespace");
		return -1;
	}
	(void)fflush(stdout);
	pid = fork();
	if (pid == 0)
		_exit(enter_kiosk() ? s() : UNPREPARED);
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return UNPREPARED;
	return WEXITSTATUS(status);
}

#define CHECK_PLAY(s, want)                                            \
	do {                                                           \
		int got_ = play(s);                                    \
		if (got_ >= 0) {                                       \
			if (got_ != (want))                            \
				printf("# " #s ": %d\n", got_);        \
			test_check(got_ == (want), __FILE__, __LINE__, \
			    #s " is " #want);                          \
		}                                                      \
	} while (0)

static inline int
knock(int timeout_ms)
{
	int fd = -1;
	enum att_err e = wire_connect(&fd, timeout_ms);

	/* what was opened, and only that, is given */
	if ((e == ATT_OK) != (fd >= 0))
		return UNPREPARED;
	return (int)e;
}

static inline int
knock_as_user(void)
{
	if (setegid(OTHER_UID) != 0 || seteuid(OTHER_UID) != 0)
		return UNPREPARED;
	return knock(LONG_MS);
}

#endif
