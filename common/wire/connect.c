#include "base/clock.h"
#include "base/localdb.h"
#include "base/owner.h"
#include "wire/channel.h"
#include "wire/once.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#define BROKER_USER "attend"
#define FOLDER	    "/run/attend"
#define NAME	    "socket"
#define FIRST_FD    3 /* behind the standard descriptors */
#define RETRY_MS    10 /* between two knocks at a full backlog */

_Static_assert(sizeof(FOLDER "/" NAME) == sizeof(WIRE_SOCKET),
    "the folder and the name make up the path");

/* Whose attendd may be; root's alone where there is no such user. */
static uid_t
broker_uid(void)
{
	struct att_local_user u;

	return att_local_user_find(BROKER_USER, &u) == ATT_OK ? u.uid : 0;
}

static bool
is_ours(uid_t uid, uid_t broker)
{
	return uid == 0 || uid == broker;
}

static enum att_err
absent_or_io(void)
{
	return errno == ENOENT || errno == ENOTDIR ? ATT_ABSENT : ATT_IO;
}

/*
 * Nobody but root and attend can have put the socket where it is. Its own
 * mode does not count: whoever may connect may write to it.
 */
static enum att_err
check_place(uid_t broker)
{
	const int flags = O_PATH | O_CLOEXEC | O_NOFOLLOW;
	ATT_AUTO_FD int folder = open(FOLDER, flags);
	ATT_AUTO_FD int sock = -1;
	struct stat st;

	if (folder < 0)
		return absent_or_io();
	if (fstat(folder, &st) != 0)
		return ATT_IO;
	if (!S_ISDIR(st.st_mode) || !is_ours(st.st_uid, broker) ||
	    (st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return ATT_REFUSED;
	sock = openat(folder, NAME, flags);
	if (sock < 0)
		return absent_or_io();
	if (fstat(sock, &st) != 0)
		return ATT_IO;
	if (!S_ISSOCK(st.st_mode) || !is_ours(st.st_uid, broker))
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
knock(int fd, int64_t deadline)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };

	memcpy(a.sun_path, WIRE_SOCKET, sizeof(WIRE_SOCKET));
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

static enum att_err
connect_socket(int *fd, int64_t deadline)
{
	uid_t broker = broker_uid();
	ATT_AUTO_FD int s = -1;
	struct wire_peer peer;
	enum att_err e = check_place(broker);

	if (e != ATT_OK)
		return e;
	s = new_socket();
	if (s < 0)
		return ATT_IO;
	e = knock(s, deadline);
	if (e == ATT_OK)
		e = wire_peer_read(s, &peer);
	if (e != ATT_OK)
		return e;
	/* whoever listens was root or attend when it began to */
	if (!is_ours(peer.uid, broker))
		return ATT_REFUSED;
	*fd = att_take_fd(&s);
	return ATT_OK;
}

enum att_err
wire_connect(int *fd, int timeout_ms)
{
	int64_t deadline = att_mono_ms() + timeout_ms;
	enum att_err e = connect_socket(fd, deadline);

	if (e == ATT_ABSENT && geteuid() == 0)
		return once_start(fd, timeout_ms);
	return e;
}
