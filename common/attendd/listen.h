/* Where connections come from: systemd, our own socket, or one socketpair. */
#ifndef ATT_ATTENDD_LISTEN_H
#define ATT_ATTENDD_LISTEN_H

#include "base/err.h"

/*
 * The socket systemd passed (LISTEN_FDS, LISTEN_PID), checked to be a
 * listening AF_UNIX SOCK_SEQPACKET socket. ATT_ABSENT: none was passed;
 * ATT_FORMAT: something else was. *fd is owned.
 */
enum att_err listen_activated(int *fd) ATT_CHECKED;

/*
 * Make WIRE_SOCKET (mode 0666: who may ask what is decided per peer) and
 * listen. A socket left behind by a dead attendd is replaced; ATT_EXISTS when
 * a living one answers; ATT_IO with errno.
 */
enum att_err listen_own(int *fd) ATT_CHECKED;

#endif
