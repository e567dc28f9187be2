/* Where connections come from: systemd, our own socket, or one socketpair. */
#ifndef ATT_DAEMON_LISTEN_H
#define ATT_DAEMON_LISTEN_H

#include "base/err.h"

#include <sys/types.h>

/*
 * The socket systemd passed (LISTEN_FDS, LISTEN_PID), checked to be a
 * listening AF_UNIX SOCK_SEQPACKET socket. ATT_ABSENT: none was passed;
 * ATT_FORMAT: something else was. *fd is owned.
 */
enum att_err listen_activated(int *fd) ATT_CHECKED;

/*
 * Make a socket at path (shorter than a socket address holds) with this mode
 * and listen. A socket left behind by a dead program is replaced; ATT_EXISTS
 * when a living one answers; ATT_IO with errno.
 */
enum att_err listen_own(const char *path, mode_t mode, int *fd) ATT_CHECKED;

#endif
