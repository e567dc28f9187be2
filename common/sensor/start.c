#include "sensor/start.h"

#include "base/localdb.h"
#include "base/owner.h"
#include "base/program.h"
#include "sensor/sensor.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/wait.h>

#define PROGRAM	 ATT_SBINDIR "/attend-sensor"
#define FIRST_FD 3 /* behind the standard descriptors */

/* Nothing of the caller's is left but its end of the pair. */
static bool
leave_all(int theirs, const struct att_local_user *u)
{
	sigset_t none;
	int null = open("/dev/null", O_RDWR);

	(void)sigemptyset(&none);
	return null >= 0 && dup2(theirs, STDIN_FILENO) == STDIN_FILENO &&
	    dup2(null, STDOUT_FILENO) == STDOUT_FILENO &&
	    dup2(null, STDERR_FILENO) == STDERR_FILENO &&
	    close_range(FIRST_FD, ~0u, 0) == 0 && setsid() >= 0 &&
	    chdir("/") == 0 && setgroups(0, NULL) == 0 &&
	    setresgid(u->gid, u->gid, u->gid) == 0 &&
	    setresuid(u->uid, u->uid, u->uid) == 0 && setuid(0) != 0 &&
	    sigprocmask(SIG_SETMASK, &none, NULL) == 0;
}

static _Noreturn void
wait_and_start(int theirs, const struct att_local_user *u)
{
	char name[] = "attend-sensor", once[] = "--once";
	char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
	char *const argv[] = { name, once, NULL };
	char *const envp[] = { path, NULL };
	struct pollfd p = { .fd = STDIN_FILENO, .events = POLLIN };

	for (int s = 1; s < NSIG; s++)
		(void)signal(s, SIG_DFL); /* not all can be set */
	if (!leave_all(theirs, u))
		_exit(1);
	while (poll(&p, 1, -1) < 0 && errno == EINTR)
		;
	if ((p.revents & POLLIN) != 0 && (p.revents & POLLHUP) == 0)
		(void)execve(PROGRAM, argv, envp);
	_exit(0);
}

enum att_err
sensor_start(int *fd)
{
	const int type = SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK;
	struct att_local_user u;
	int pair[2] = { -1, -1 };
	pid_t pid;
	enum att_err e = att_program_check(PROGRAM);

	if (e == ATT_OK)
		e = att_local_user_find(SENSOR_USER, &u);
	if (e != ATT_OK)
		return e;
	if (socketpair(AF_UNIX, type, 0, pair) != 0)
		return ATT_IO;
	pid = fork();
	if (pid == 0) {
		/* twice, so that the caller keeps no child */
		pid = fork();
		if (pid == 0)
			wait_and_start(pair[1], &u);
		_exit(pid < 0);
	}
	att_close(&pair[1]);
	if (pid > 0)
		(void)waitpid(pid, NULL, 0); /* ends at once */
	if (pid > 0)
		*fd = att_take_fd(&pair[0]);
	att_close(&pair[0]);
	return pid > 0 ? ATT_OK : ATT_IO;
}
