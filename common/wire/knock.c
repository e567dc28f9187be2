#include "wire/knock.h"

#include "base/clock.h"
#include "base/owner.h"
#include "wire/channel.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#define FIRST_FD 3 /* behind the standard descriptors */
#define RETRY_MS 10 /* between two knocks at a full backlog */

static bool
is_theirs(uid_t uid, const struct knock *k)
{
	return uid == 0 || uid == k->owner;
}

static enum att_err
absent_or_io(void)
{
	return errno == ENOENT || errno == ENOTDIR ? ATT_ABSENT : ATT_IO;
}

/*
 * Nobody but root and the owner can have put the socket where it is. Its own
 * mode does not count: whoever may connect may write to it.
 */
static enum att_err
check_place(const struct knock *k)
{
	const int flags = O_PATH | O_CLOEXEC | O_NOFOLLOW;
	ATT_AUTO_FD int folder = open(k->folder, flags);
	ATT_AUTO_FD int sock = -1;
	struct stat st;

	if (folder < 0)
		return absent_or_io();
	if (fstat(folder, &st) != 0)
		return ATT_IO;
	if (!S_ISDIR(st.st_mode) || !is_theirs(st.st_uid, k) ||
	    (st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return ATT_REFUSED;
	sock = openat(folder, k->name, flags);
	if (sock < 0)
		return absent_or_io();
	if (fstat(sock, &st) != 0)
		return ATT_IO;
	if (!S_ISSOCK(st.st_mode) || !is_theirs(st.st_uid, k))
		return ATT_REFUSED;
	return ATT_OK;
}

/*
 * Above the standard descriptors: a host that closed them would write its
 * messages into our dialogue.
 */
static int
new_socket(void)
{
	ATT_AUTO_FD int fd =
	    socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0 || fd >= FIRST_FD)
		return att_take_fd(&fd);
	return fcntl(fd, F_DUPFD_CLOEXEC, FIRST_FD);
}

/* A full backlog says EAGAIN and cannot be polled for. */
static enum att_err
try_until(int fd, const struct knock *k, int64_t deadline)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int n = snprintf(
	    a.sun_path, sizeof(a.sun_path), "%s/%s", k->folder, k->name);

	assert(n > 0 && (size_t)n < sizeof(a.sun_path));
	while (connect(fd, (const struct sockaddr *)&a, sizeof(a)) != 0) {
		if (errno == ECONNREFUSED)
			return ATT_CLOSED;
		if (errno == EPROTOTYPE)
			return ATT_REFUSED;
		if (errno != EAGAIN && errno != EINTR)
			return absent_or_io();
		if (att_mono_ms() >= deadline)
			return ATT_TIMEOUT;
		(void)poll(NULL, 0, RETRY_MS);
	}
	return ATT_OK;
}

enum att_err
knock(const struct knock *k, int timeout_ms, int *fd)
{
	const int64_t deadline = att_mono_ms() + timeout_ms;
	ATT_AUTO_FD int s = -1;
	struct wire_peer peer;
	enum att_err e = check_place(k);

	if (e != ATT_OK)
		return e;
	s = new_socket();
	if (s < 0)
		return ATT_IO;
	e = try_until(s, k, deadline);
	if (e == ATT_OK)
		e = wire_peer_read(s, &peer);
	if (e != ATT_OK)
		return e;
	/* whoever listens was one of these two when it began to */
	if (!is_theirs(peer.uid, k))
		return ATT_REFUSED;
	*fd = att_take_fd(&s);
	return ATT_OK;
}
