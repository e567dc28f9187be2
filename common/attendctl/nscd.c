#include "attendctl/nscd.h"

#include "base/owner.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#define VERSION	   2
#define INVALIDATE 10
#define KEY_MAX	   32

struct question {
	int32_t version, request, len; /* this machine's byte order */
	char key[KEY_MAX];
};

static enum att_err
err_of_errno(int err)
{
	switch (err) {
	case ENOENT:
	case ENOTDIR:
	case ECONNREFUSED: return ATT_ABSENT;
	case EAGAIN:
	case EINPROGRESS: return ATT_TIMEOUT;
	default: return ATT_IO;
	}
}

static enum att_err
reach(int fd, const char *path)
{
	const struct timeval wait = { .tv_sec = NSCD_MS / 1000 };
	struct sockaddr_un to = { .sun_family = AF_UNIX };

	if (strlen(path) >= sizeof(to.sun_path))
		return ATT_LIMIT;
	memcpy(to.sun_path, path, strlen(path) + 1);
	if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait)) != 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait)) != 0)
		return ATT_IO;
	if (connect(fd, (const struct sockaddr *)&to, sizeof(to)) != 0)
		return err_of_errno(errno);
	return ATT_OK;
}

enum att_err
nscd_forget(const char *socket_path, const char *database)
{
	ATT_AUTO_FD int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const size_t len = strlen(database) + 1;
	struct question ask = { VERSION, INVALIDATE, (int32_t)len, "" };
	const size_t size = offsetof(struct question, key) + len;
	int32_t answer = -1;
	enum att_err e;

	if (len > sizeof(ask.key))
		return ATT_LIMIT;
	memcpy(ask.key, database, len);
	if (fd < 0)
		return ATT_IO;
	e = reach(fd, socket_path);
	if (e != ATT_OK)
		return e;
	if (send(fd, &ask, size, MSG_NOSIGNAL) != (ssize_t)size)
		return err_of_errno(errno);
	switch (recv(fd, &answer, sizeof(answer), MSG_WAITALL)) {
	case sizeof(answer): return answer == 0 ? ATT_OK : ATT_REFUSED;
	case -1: return err_of_errno(errno);
	case 0: return ATT_OK; /* unscd does not answer; it hangs up */
	default: return ATT_REFUSED;
	}
}
