/* An attendd of one's own, where there is no socket. */
#include "test.h"

#include "connect_stage.h"

#include <signal.h>
#include <stdlib.h>

static int
nothing_for_user(void)
{
	return !write_file(PROGRAM, "#!/bin/sh\nexit 0\n", 0755)
	    ? UNPREPARED
	    : knock_as_user();
}

static int
nothing_for_root(void)
{
	return knock(LONG_MS);
}

TEST(
    "without a socket an ordinary caller is told so, and root without a program")
{
	CHECK_PLAY(nothing_for_user, ATT_ABSENT);
	CHECK_PLAY(nothing_for_root, ATT_ABSENT);
}

static bool
program(const char *body)
{
	char text[1024];

	(void)snprintf(text, sizeof(text), "#!/bin/bash\n%s\n", body);
	return write_file(PROGRAM, text, 0755);
}

static int
program_runs(void)
{
	return program("test \"$1\" = --once") ? knock(LONG_MS) : UNPREPARED;
}

static int
program_fails(void)
{
	return program("exit 3") ? knock(LONG_MS) : UNPREPARED;
}

static int
program_hangs(void)
{
	return program("exec /bin/sleep 5") ? knock(SHORT_MS) : UNPREPARED;
}

static int
program_writable(void)
{
	return program("exit 0") && chmod(PROGRAM, 0777) == 0 ? knock(LONG_MS)
							      : UNPREPARED;
}

static int
program_of_another(void)
{
	return program("exit 0") && chown(PROGRAM, OTHER_UID, 0) == 0
	    ? knock(LONG_MS)
	    : UNPREPARED;
}

static int
program_linked(void)
{
	return program("exit 0") && rename(PROGRAM, PROGRAM ".real") == 0 &&
		symlink("attendd.real", PROGRAM) == 0
	    ? knock(LONG_MS)
	    : UNPREPARED;
}

static int
children_ignored(void)
{
	(void)signal(SIGCHLD, SIG_IGN);
	return program_runs();
}

TEST("without a socket root starts an attendd of its own")
{
	CHECK_PLAY(program_runs, ATT_OK);
	CHECK_PLAY(children_ignored, ATT_OK);
	CHECK_PLAY(program_fails, ATT_CLOSED);
	CHECK_PLAY(program_hangs, ATT_TIMEOUT);
}

TEST("a program that others could have put there is not started")
{
	CHECK_PLAY(program_writable, ATT_REFUSED);
	CHECK_PLAY(program_of_another, ATT_REFUSED);
	CHECK_PLAY(program_linked, ATT_REFUSED);
}

/* What the started program sees, as it wrote it down. */
static int
starts_clean(void)
{
	static const char body[] =
	    "exec 2>/run/report 1>&2\n"
	    "env | grep -v '^\\(PATH\\|PWD\\|_\\|SHLVL\\|OLDPWD\\)='\n"
	    /* without a pipe, whose ends would be seen, too */
	    "for f in /proc/$$/fd/*; do case $f in */[12]|*/10|*/255);;\n"
	    "*) readlink $f >>/run/fds;; esac; done\n"
	    "grep -v -e '^socket:' -e /attendd /run/fds\n"
	    "test $(grep -c '^socket:' /run/fds) = 1 || echo sockets\n"
	    "pwd | grep -v '^/$'\n"
	    /* read here: while a child runs the shell holds signals back */
	    "while read -r k v; do case $k in SigBlk:)\n"
	    "case $v in *[!0]*) echo $k $v; esac; esac\n"
	    "done </proc/$$/status\n"
	    "set -- $(cat /proc/$$/stat); test \"$6\" = \"$1\" || echo sid $6\n"
	    "exit 0";
	sigset_t all;
	struct stat st;
	int spare = open("/dev/null", O_RDONLY); /* inheritable */

	(void)setenv("LD_PRELOAD_NOT", "x", 1);
	(void)setenv("IFS", "x", 1);
	(void)sigfillset(&all);
	(void)sigprocmask(SIG_BLOCK, &all, NULL);
	if (spare < 0 || !program(body) || knock(LONG_MS) != ATT_OK ||
	    stat("/run/report", &st) != 0)
		return UNPREPARED;
	return st.st_size == 0 ? 0 : 1;
}

TEST("it starts with the socket alone, a clean environment and its own session")
{
	CHECK_PLAY(starts_clean, 0);
}

static int
starts_without_standard_descriptors(void)
{
	int fd = -1;

	if (!program("readlink /proc/$$/fd/0 >/run/report; "
		     "readlink /proc/$$/fd/1 >>/run/report"))
		return UNPREPARED;
	for (int i = 0; i < 3; i++)
		(void)close(i);
	return wire_connect(&fd, LONG_MS) == ATT_OK && fd >= 3 &&
		fcntl(0, F_GETFD) == -1
	    ? 0
	    : 1;
}

TEST("it starts also for a host that has closed its standard descriptors")
{
	CHECK_PLAY(starts_without_standard_descriptors, 0);
}
