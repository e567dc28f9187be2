/*
 * Finding a daemon of ours at its socket, and being sure that it is the one.
 */
#ifndef ATT_WIRE_KNOCK_H
#define ATT_WIRE_KNOCK_H

#include "base/err.h"

#include <sys/types.h>

struct knock {
	const char *folder, *name; /* the socket, shorter than an address */
	uid_t owner; /* whose it may be besides root's */
};

/*
 * Connect within timeout_ms: socket and folder belong to root or the owner, no
 * links, the folder writable by nobody else, the listening peer one of these
 * two. *fd is owned, close-on-exec, non-blocking, never a standard descriptor.
 *
 * ATT_ABSENT: no socket. ATT_REFUSED: something else listens or may be put
 * there. ATT_TIMEOUT: a full backlog. ATT_CLOSED: nobody listens. ATT_IO: the
 * socket may not be reached, or out of descriptors.
 */
enum att_err knock(const struct knock *k, int timeout_ms, int *fd) ATT_CHECKED;

#endif
