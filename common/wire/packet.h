/*
 * Packets over a connected SOCK_SEQPACKET socket, each wait with a deadline.
 * What is in them is for a codec; a dialogue is never more than one packet
 * ahead of its reader, so nothing is queued here.
 */
#ifndef ATT_WIRE_PACKET_H
#define ATT_WIRE_PACKET_H

#include "base/err.h"

#include <stddef.h>

#define PACKET_FDS_MAX 4 /* descriptors with a packet */

/*
 * Send one packet with nfds (at most PACKET_FDS_MAX) descriptors, which stay
 * the caller's. Never raises SIGPIPE. ATT_TIMEOUT, ATT_CLOSED, ATT_LIMIT,
 * ATT_IO.
 */
enum att_err packet_send(int fd, const void *at, size_t len, const int *fds,
    size_t nfds, int timeout_ms) ATT_CHECKED;

/*
 * Receive one packet of at most cap bytes. fds has room for PACKET_FDS_MAX,
 * *nfds is how many came, owned by the caller, close-on-exec; with fds NULL a
 * packet that brings descriptors is refused and they are closed. ATT_TIMEOUT,
 * ATT_CLOSED when the peer ended, ATT_FORMAT for a longer packet, ATT_IO.
 */
enum att_err packet_recv(int fd, void *buf, size_t cap, size_t *len, int *fds,
    size_t *nfds, int timeout_ms) ATT_CHECKED;

#endif
