#include "wire/once.h"

#include "base/clock.h"
#include "base/owner.h"
#include "base/program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>

#define PROGRAM	 ATT_SBINDIR "/attendd"
#define FIRST_FD 3 /* behind the standard descriptors */
#define REAP_MS	 1 /* between two looks at the child */

/*
 * A host that closed its standard descriptors would get the socket as one of
 * them and write its messages into our dialogue.
 */
static enum att_err
move_up(int *fd)
{
	int up;

	if (*fd >= FIRST_FD)
		return ATT_OK;
	up = fcntl(*fd, F_DUPFD_CLOEXEC, FIRST_FD);
	if (up < 0)
		return ATT_IO;
	att_close(fd);
	*fd = up;
	return ATT_OK;
}

static int
prepare_descriptors(posix_spawn_file_actions_t *a, int theirs)
{
	int rc = posix_spawn_file_actions_adddup2(a, theirs, STDIN_FILENO);

	if (rc == 0)
		rc = posix_spawn_file_actions_addopen(
		    a, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	if (rc == 0)
		rc = posix_spawn_file_actions_adddup2(
		    a, STDOUT_FILENO, STDERR_FILENO);
	if (rc == 0)
		rc = posix_spawn_file_actions_addclosefrom_np(a, FIRST_FD);
	if (rc == 0)
		rc = posix_spawn_file_actions_addchdir_np(a, "/");
	return rc;
}

static int
prepare_signals(posix_spawnattr_t *attr)
{
	const short flags =
	    POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID;
	sigset_t none, all;
	int rc;

	(void)sigemptyset(&none);
	(void)sigfillset(&all);
	rc = posix_spawnattr_setsigmask(attr, &none);
	if (rc == 0)
		rc = posix_spawnattr_setsigdefault(attr, &all);
	if (rc == 0)
		rc = posix_spawnattr_setflags(attr, flags);
	return rc;
}

static enum att_err
spawn(int theirs, pid_t *pid)
{
	char name[] = "attendd", once[] = "--once";
	char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
	char *const argv[] = { name, once, NULL };
	char *const envp[] = { path, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	int rc;

	if (posix_spawn_file_actions_init(&actions) != 0)
		return ATT_NOMEM;
	if (posix_spawnattr_init(&attr) != 0) {
		(void)posix_spawn_file_actions_destroy(&actions);
		return ATT_NOMEM;
	}
	rc = prepare_descriptors(&actions, theirs);
	if (rc == 0)
		rc = prepare_signals(&attr);
	if (rc == 0)
		rc = posix_spawn(pid, PROGRAM, &actions, &attr, argv, envp);
	(void)posix_spawnattr_destroy(&attr);
	(void)posix_spawn_file_actions_destroy(&actions);
	if (rc == ENOMEM)
		return ATT_NOMEM;
	return rc == 0 ? ATT_OK : ATT_IO;
}

/* Its first process ends as soon as the second one stands. */
static enum att_err
reap(pid_t pid, int64_t deadline)
{
	for (;;) {
		int status;
		pid_t got = waitpid(pid, &status, WNOHANG);

		if (got == pid)
			return WIFEXITED(status) && WEXITSTATUS(status) == 0
			    ? ATT_OK
			    : ATT_CLOSED;
		/* the host ignores SIGCHLD or waits for everybody itself */
		if (got < 0 && errno == ECHILD)
			return ATT_OK;
		if (att_mono_ms() >= deadline)
			return ATT_TIMEOUT;
		(void)poll(NULL, 0, REAP_MS);
	}
}

enum att_err
once_start(int *fd, int timeout_ms)
{
	int64_t deadline = att_mono_ms() + timeout_ms;
	const int type = SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK;
	int pair[2] = { -1, -1 };
	pid_t pid;
	enum att_err e = att_program_check(PROGRAM);

	if (e != ATT_OK)
		return e;
	if (socketpair(AF_UNIX, type, 0, pair) != 0)
		return ATT_IO;
	e = move_up(&pair[0]);
	if (e == ATT_OK)
		e = move_up(&pair[1]);
	if (e == ATT_OK)
		e = spawn(pair[1], &pid);
	att_close(&pair[1]);
	if (e == ATT_OK)
		e = reap(pid, deadline);
	if (e == ATT_OK)
		*fd = att_take_fd(&pair[0]);
	att_close(&pair[0]);
	return e;
}
