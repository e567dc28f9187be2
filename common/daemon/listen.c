#include "daemon/listen.h"

#include "base/owner.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#define FIRST_FD 3 /* SD_LISTEN_FDS_START */
#define BACKLOG	 1024

static int
socket_option(int fd, int option)
{
	int value = -1;
	socklen_t len = sizeof(value);

	return getsockopt(fd, SOL_SOCKET, option, &value, &len) == 0 ? value
								     : -1;
}

enum att_err
listen_activated(int *fd)
{
	const char *n = secure_getenv("LISTEN_FDS");
	const char *pid = secure_getenv("LISTEN_PID");

	if (n == NULL || pid == NULL || atol(pid) != (long)getpid())
		return ATT_ABSENT;
	(void)unsetenv("LISTEN_FDS");
	(void)unsetenv("LISTEN_PID");
	(void)unsetenv("LISTEN_FDNAMES");
	if (strcmp(n, "1") != 0 ||
	    socket_option(FIRST_FD, SO_DOMAIN) != AF_UNIX ||
	    socket_option(FIRST_FD, SO_TYPE) != SOCK_SEQPACKET ||
	    socket_option(FIRST_FD, SO_ACCEPTCONN) != 1)
		return ATT_FORMAT;
	if (fcntl(FIRST_FD, F_SETFD, FD_CLOEXEC) != 0 ||
	    fcntl(FIRST_FD, F_SETFL, O_NONBLOCK) != 0)
		return ATT_IO;
	*fd = FIRST_FD;
	return ATT_OK;
}

/* Whether somebody living answers at the address. */
static bool
is_served(const struct sockaddr_un *a)
{
	ATT_AUTO_FD int fd =
	    socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	return fd >= 0 &&
	    (connect(fd, (const struct sockaddr *)a, sizeof(*a)) == 0 ||
		errno == EAGAIN);
}

enum att_err
listen_own(const char *path, mode_t mode, int *fd)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	ATT_AUTO_FD int s =
	    socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	mode_t before;
	int rc;

	if (s < 0)
		return ATT_IO;
	assert(strlen(path) < sizeof(a.sun_path));
	memcpy(a.sun_path, path, strlen(path));
	if (is_served(&a))
		return ATT_EXISTS;
	if (unlink(path) != 0 && errno != ENOENT)
		return ATT_IO;
	before = umask(0777 & ~mode);
	rc = bind(s, (const struct sockaddr *)&a, sizeof(a));
	(void)umask(before);
	if (rc != 0 || listen(s, BACKLOG) != 0)
		return ATT_IO;
	*fd = att_take_fd(&s);
	return ATT_OK;
}
