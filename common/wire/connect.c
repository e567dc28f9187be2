#include "base/localdb.h"
#include "wire/channel.h"
#include "wire/knock.h"
#include "wire/once.h"

#include <unistd.h>

#define BROKER_USER "attend"
#define FOLDER	    "/run/attend"
#define NAME	    "socket"

_Static_assert(sizeof(FOLDER "/" NAME) == sizeof(WIRE_SOCKET),
    "the folder and the name make up the path");

/* Whose attendd may be; root's alone where there is no such user. */
static uid_t
broker_uid(void)
{
	struct att_local_user u;

	return att_local_user_find(BROKER_USER, &u) == ATT_OK ? u.uid : 0;
}

enum att_err
wire_connect(int *fd, int timeout_ms)
{
	const struct knock broker = { FOLDER, NAME, broker_uid() };
	enum att_err e = knock(&broker, timeout_ms, fd);

	if (e == ATT_ABSENT && geteuid() == 0)
		return once_start(fd, timeout_ms);
	return e;
}
