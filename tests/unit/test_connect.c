/* Finding attendd's socket, and telling it from everybody else's. */
#include "test.h"

#include "base/clock.h"
#include "connect_stage.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/un.h>

static struct sockaddr_un
address(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };

	memcpy(a.sun_path, WIRE_SOCKET, sizeof(WIRE_SOCKET));
	return a;
}

static int
listener(int type, int backlog)
{
	struct sockaddr_un a = address();
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	if (mkdir("/run/attend", 0755) != 0 && errno != EEXIST)
		return -1;
	if (bind(fd, (const struct sockaddr *)&a, sizeof(a)) != 0 ||
	    chmod(WIRE_SOCKET, 0666) != 0 || listen(fd, backlog) != 0)
		return -1;
	return fd;
}

static int
serve(void)
{
	return listener(SOCK_SEQPACKET, 8);
}

static int
of_root(void)
{
	return serve() < 0 ? UNPREPARED : knock(LONG_MS);
}

static int
of_root_for_user(void)
{
	return serve() < 0 ? UNPREPARED : knock_as_user();
}

static int
of_attend(void)
{
	if (mkdir("/run/attend", 0755) != 0 ||
	    chown("/run/attend", ATTEND_UID, 0) != 0 ||
	    seteuid(ATTEND_UID) != 0 || serve() < 0 || seteuid(0) != 0)
		return UNPREPARED;
	return knock(LONG_MS);
}

static int
of_another(void)
{
	if (mkdir("/run/attend", 0755) != 0 ||
	    chown("/run/attend", OTHER_UID, 0) != 0 ||
	    seteuid(OTHER_UID) != 0 || serve() < 0 || seteuid(0) != 0)
		return UNPREPARED;
	return knock(LONG_MS);
}

static int
folder_for_all(void)
{
	return serve() < 0 || chmod("/run/attend", 01777) != 0 ? UNPREPARED
							       : knock(LONG_MS);
}

static int
folder_for_group(void)
{
	return serve() < 0 || chmod("/run/attend", 0775) != 0 ? UNPREPARED
							      : knock(LONG_MS);
}

static int
folder_linked(void)
{
	return serve() < 0 || rename("/run/attend", "/run/real") != 0 ||
		symlink("real", "/run/attend") != 0
	    ? UNPREPARED
	    : knock(LONG_MS);
}

static int
socket_of_another(void)
{
	return serve() < 0 || chown(WIRE_SOCKET, OTHER_UID, 0) != 0
	    ? UNPREPARED
	    : knock(LONG_MS);
}

static int
socket_linked(void)
{
	return serve() < 0 || rename(WIRE_SOCKET, "/run/attend/real") != 0 ||
		symlink("real", WIRE_SOCKET) != 0
	    ? UNPREPARED
	    : knock(LONG_MS);
}

static int
a_file(void)
{
	return mkdir("/run/attend", 0755) != 0 ||
		!write_file(WIRE_SOCKET, "", 0644)
	    ? UNPREPARED
	    : knock(LONG_MS);
}

static int
a_stream(void)
{
	return listener(SOCK_STREAM, 8) < 0 ? UNPREPARED : knock(LONG_MS);
}

/* Folder and socket are root's, but whoever listens is not. */
static int
taken_over(void)
{
	struct sockaddr_un a = address();
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (mkdir("/run/attend", 0755) != 0 ||
	    bind(fd, (const struct sockaddr *)&a, sizeof(a)) != 0 ||
	    seteuid(OTHER_UID) != 0 || listen(fd, 8) != 0 || seteuid(0) != 0)
		return UNPREPARED;
	return knock(LONG_MS);
}

TEST("attendd is found behind a socket of root's or attend's, by everybody")
{
	CHECK_PLAY(of_root, ATT_OK);
	CHECK_PLAY(of_attend, ATT_OK);
	CHECK_PLAY(of_root_for_user, ATT_OK);
}

TEST("a place where others could put a socket, or did, is refused")
{
	CHECK_PLAY(of_another, ATT_REFUSED);
	CHECK_PLAY(folder_for_all, ATT_REFUSED);
	CHECK_PLAY(folder_for_group, ATT_REFUSED);
	CHECK_PLAY(folder_linked, ATT_REFUSED);
	CHECK_PLAY(socket_of_another, ATT_REFUSED);
	CHECK_PLAY(socket_linked, ATT_REFUSED);
	CHECK_PLAY(a_file, ATT_REFUSED);
	CHECK_PLAY(a_stream, ATT_REFUSED);
	CHECK_PLAY(taken_over, ATT_REFUSED);
}

static int
left_behind(void)
{
	int fd = serve();

	if (fd < 0)
		return UNPREPARED;
	att_close(&fd);
	return knock(LONG_MS);
}

TEST("a socket that nobody serves is told at once")
{
	CHECK_PLAY(left_behind, ATT_CLOSED);
}

static int
full(void)
{
	struct sockaddr_un a = address();
	int64_t began = att_mono_ms();
	int e, rc;

	if (listener(SOCK_SEQPACKET, 0) < 0)
		return UNPREPARED;
	do {
		int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0);

		rc = connect(fd, (const struct sockaddr *)&a, sizeof(a));
	} while (rc == 0);
	if (errno != EAGAIN)
		return UNPREPARED;
	e = knock(SHORT_MS);
	return att_mono_ms() - began < LONG_MS ? e : UNPREPARED;
}

TEST("a full backlog is knocked at until the deadline, not for ever")
{
	CHECK_PLAY(full, ATT_TIMEOUT);
}

static int
without_standard_descriptors(void)
{
	int fd = -1;

	if (serve() < 0)
		return UNPREPARED;
	for (int i = 0; i < 3; i++)
		(void)close(i);
	if (wire_connect(&fd, LONG_MS) != ATT_OK)
		return UNPREPARED;
	return fd < 3 || fcntl(0, F_GETFD) != -1 ||
	    (fcntl(fd, F_GETFD) & FD_CLOEXEC) == 0 ||
	    (fcntl(fd, F_GETFL) & O_NONBLOCK) == 0;
}

TEST("a host without standard descriptors does not get the socket as one")
{
	CHECK_PLAY(without_standard_descriptors, 0);
}
