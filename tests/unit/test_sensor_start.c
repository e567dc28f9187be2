/* attend-sensor on a socketpair, where nothing listens. */
#include "test.h"

#include "connect_stage.h"
#include "sensor/start.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>

#define SENSOR ATT_SBINDIR "/attend-sensor"

static bool
users_with_sensor(void)
{
	return write_file("/run/passwd",
	    "root:x:0:0::/root:/bin/sh\n"
	    "attend:x:64123:64123::/:/bin/false\n"
	    "attend-sensor:x:64125:64125::/:/bin/false\n",
	    0644);
}

/* Says in a file what it is, and answers with one packet. */
static bool
program(void)
{
	return write_file(SENSOR,
		   "#!/bin/bash\n"
		   "{ echo \"$0 $*\"; id -u; id -G; pwd\n"
		   "env | grep -v '^\\(PWD\\|_\\|SHLVL\\|OLDPWD\\)='\n"
		   "for f in /proc/$$/fd/*; do case $f in\n"
		   "*/0|*/1|*/10|*/255) ;; *) readlink $f; esac; done\n"
		   "} >/run/report\n"
		   /* a question left unread would be a reset connection */
		   "dd bs=1 count=1 status=none >/dev/null\n"
		   "printf x >&0\n",
		   0755) &&
	    write_file("/run/report", "", 0666) &&
	    chmod("/run/report", 0666) == 0;
}

static bool
report_is(const char *wanted)
{
	char text[1024] = "";
	FILE *f = fopen("/run/report", "r");
	size_t n = f != NULL ? fread(text, 1, sizeof(text) - 1, f) : 0;

	text[n] = '\0';
	if (f != NULL)
		(void)fclose(f);
	if (strcmp(text, wanted) == 0)
		return true;
	(void)fprintf(stdout, "# %s\n", text);
	(void)fflush(stdout);
	return false;
}

static bool
answers(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char byte = 0;

	return poll(&p, 1, LONG_MS) == 1 && recv(fd, &byte, 1, 0) == 1 &&
	    byte == 'x';
}

static int
starts_when_asked(void)
{
	int fd = -1, spare = open("/dev/null", O_RDONLY); /* inheritable */

	(void)setenv("FP_VIRTUAL_IMAGE", "/tmp/x", 1);
	if (spare < 0 || !users_with_sensor() || !program())
		return UNPREPARED;
	if (sensor_start(&fd) != ATT_OK)
		return 1;
	if (!report_is(""))
		return 2; /* before anybody asked */
	if (send(fd, "?", 1, MSG_NOSIGNAL) != 1 || !answers(fd))
		return 3;
	return report_is(SENSOR " --once\n64125\n64125\n/\n"
				"PATH=/usr/sbin:/usr/bin:/sbin:/bin\n"
				"/dev/null\n")
	    ? 0
	    : 4;
}

TEST("attend-sensor starts with the first question, as its own user, with the "
     "socket alone")
{
	CHECK_PLAY(starts_when_asked, 0);
}

/* A child of ours would be seen by whoever waits for everybody. */
static int
leaves_nothing(void)
{
	int fd = -1;

	if (!users_with_sensor() || !program())
		return UNPREPARED;
	if (sensor_start(&fd) != ATT_OK || waitpid(-1, NULL, 0) != -1)
		return 1;
	(void)close(fd);
	return report_is("") ? 0 : 2;
}

TEST("a login without a finger starts nothing and leaves no child")
{
	CHECK_PLAY(leaves_nothing, 0);
}

static int
start(void)
{
	int fd = -1;
	enum att_err e = sensor_start(&fd);

	return (e == ATT_OK) == (fd >= 0) ? (int)e : UNPREPARED;
}

static int
no_program(void)
{
	return users_with_sensor() ? start() : UNPREPARED;
}

static int
no_user(void)
{
	return program() ? start() : UNPREPARED;
}

static int
writable_program(void)
{
	return users_with_sensor() && program() && chmod(SENSOR, 0777) == 0
	    ? start()
	    : UNPREPARED;
}

static int
others_program(void)
{
	return users_with_sensor() && program() &&
		chown(SENSOR, OTHER_UID, 0) == 0
	    ? start()
	    : UNPREPARED;
}

static int
right_program(void)
{
	return users_with_sensor() && program() ? start() : UNPREPARED;
}

TEST("no attend-sensor, none of its user, or one that others may write to is "
     "not started")
{
	CHECK_PLAY(right_program, ATT_OK);
	CHECK_PLAY(no_program, ATT_ABSENT);
	CHECK_PLAY(no_user, ATT_ABSENT);
	CHECK_PLAY(writable_program, ATT_REFUSED);
	CHECK_PLAY(others_program, ATT_REFUSED);
}
