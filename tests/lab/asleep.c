/*
 * Preloaded into a program, a machine that sleeps: as many seconds of it have
 * passed, on the clock that counts them, as PLACE has bytes.
 */
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define PLACE "/tmp/asleep"

__attribute__((visibility("default"))) int
clock_gettime(clockid_t id, struct timespec *ts)
{
	const long rc = syscall(SYS_clock_gettime, id, ts);
	struct stat st;

	if (rc == 0 && id == CLOCK_BOOTTIME && stat(PLACE, &st) == 0)
		ts->tv_sec += st.st_size;
	return (int)rc;
}
