#include "base/owner.h"

#include <errno.h>

void
att_close(int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		(void)close(*fd); /* nothing can be done about a failure */
	*fd = -1;
	errno = saved;
}

int
att_take_fd(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}
