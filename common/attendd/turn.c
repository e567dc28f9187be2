#include "attendd/turn.h"

#include "attendd/paths.h"
#include "base/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#define TURNS_FILE ATTENDD_STATE_DIR "/turns.lock"

/* A lock on byte seat of the file. It is the process's, not the file's: gone
 * when its holder is. */
static bool
take_seat(int fd, int how, long seat)
{
	struct flock l = { .l_type = F_WRLCK,
		.l_whence = SEEK_SET,
		.l_start = seat,
		.l_len = 1 };

	return fcntl(fd, how, &l) == 0;
}

static void
interrupt(int sig)
{
}

/*
 * The kernel queues those who wait for a lock, so nobody is overtaken for
 * ever, and nobody burns a busy processor with asking again.
 */
static enum att_err
wait_for_seat(int fd, long seat)
{
	struct sigaction act = { .sa_handler = interrupt }; /* no restart */
	struct sigevent ring = { .sigev_notify = SIGEV_SIGNAL,
		.sigev_signo = SIGUSR1 };
	/* again each second, should the first ring before the wait begins */
	struct itimerspec when = { .it_value = { WIRE_WAIT_MS / 1000, 0 },
		.it_interval = { 1, 0 } };
	timer_t timer;
	bool got;
	int why;

	if (sigaction(SIGUSR1, &act, NULL) != 0 ||
	    timer_create(CLOCK_MONOTONIC, &ring, &timer) != 0)
		return ATT_IO;
	got = timer_settime(timer, 0, &when, NULL) == 0 &&
	    take_seat(fd, F_SETLKW, seat);
	why = errno;
	(void)timer_delete(timer);
	if (got)
		return ATT_OK;
	return why == EINTR ? ATT_TIMEOUT : ATT_IO;
}

enum att_err
turn_enter(struct dialogue *d, int *turn)
{
	ATT_AUTO_FD int fd =
	    open(TURNS_FILE, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	long seats = cpus > 0 ? cpus : 1;
	bool got = false;
	enum att_err e = ATT_OK;

	if (fd < 0)
		return ATT_IO;
	for (long i = 0; i < seats && !got; i++)
		got = take_seat(fd, F_SETLK, i);
	if (!got) {
		dialogue_wait(d, WIRE_WAIT_MS);
		e = wait_for_seat(fd, getpid() % seats);
	}
	if (e == ATT_OK)
		*turn = att_take_fd(&fd);
	return e;
}

void
turn_leave(int *turn)
{
	if (*turn != TURN_NONE)
		att_close(turn); /* which drops the lock */
}
