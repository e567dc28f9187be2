#include "attendctl/pager.h"

#include "attendctl/terminal.h"
#include "base/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define NO_PAGER 127 /* as a shell says that there is no such command */

/* In the child: become the pager. */
static _Noreturn void
become(const char *wanted)
{
	static const char *const usual[] = { "pager", "less", "more" };

	/* a short text stays on the screen, and nothing clears it */
	(void)setenv("LESS", "FRX", 0);
	if (wanted != NULL)
		(void)execl("/bin/sh", "sh", "-c", wanted, (char *)NULL);
	else
		for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
			(void)execlp(usual[i], usual[i], (char *)NULL);
	_exit(NO_PAGER);
}

static pid_t
start(const char *wanted, int *to)
{
	ATT_AUTO_FD int in = -1;
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return -1;
	in = ends[0];
	*to = ends[1];
	pid = fork();
	if (pid == 0) {
		(void)signal(SIGPIPE, SIG_DFL);
		(void)signal(SIGINT, SIG_DFL);
		if (dup2(in, STDIN_FILENO) == STDIN_FILENO)
			become(wanted);
		_exit(NO_PAGER);
	}
	return pid;
}

/* Whether there was a pager. */
static bool
page(const char *wanted, const char *text, size_t len)
{
	ATT_AUTO_FD int to = -1;
	int status = 0;
	pid_t pid = start(wanted, &to);
	enum att_err e;

	if (pid < 0)
		return false;
	e = terminal_write(to, text, len);
	(void)e; /* it may be left early */
	att_close(&to);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return true;
	return !WIFEXITED(status) || WEXITSTATUS(status) != NO_PAGER;
}

enum att_err
pager_show(const char *text, size_t len)
{
	const char *wanted = getenv("PAGER");
	void (*on_pipe)(int), (*on_interrupt)(int);
	bool paged;

	if (wanted != NULL && (wanted[0] == '\0' || strcmp(wanted, "cat") == 0))
		return terminal_write(STDOUT_FILENO, text, len);
	/* the pager's business, as long as it runs */
	on_pipe = signal(SIGPIPE, SIG_IGN);
	on_interrupt = signal(SIGINT, SIG_IGN);
	paged = page(wanted, text, len);
	(void)signal(SIGPIPE, on_pipe);
	(void)signal(SIGINT, on_interrupt);
	return paged ? ATT_OK : terminal_write(STDOUT_FILENO, text, len);
}
