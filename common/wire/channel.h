/*
 * A bounded channel: frames over a connected SOCK_SEQPACKET socket, each wait
 * with a deadline, all memory given by the caller. A hung or hostile peer
 * costs time up to the deadline and nothing else.
 */
#ifndef ATT_WIRE_CHANNEL_H
#define ATT_WIRE_CHANNEL_H

#include "wire/wire.h"

#include <stdbool.h>
#include <sys/types.h>

#define WIRE_CHECK_MS  5000 /* a wait for the other program */
#define WIRE_WAIT_MS   30000 /* the longest that a WAIT announces */
#define WIRE_TYPING_MS 120000 /* a wait for a person, at most */

/*
 * fd is borrowed; in and out are WIRE_FRAME_MAX bytes each, the caller's, in
 * locked memory where secrets pass. Whoever made them wipes them.
 */
struct wire_channel {
	int fd;
	uint8_t *in;
	uint8_t *out;
};

/*
 * Send one frame with nfds (at most WIRE_FDS_MAX) descriptors, which stay the
 * caller's. Never raises SIGPIPE. The out buffer is wiped afterwards.
 * ATT_TIMEOUT, ATT_CLOSED, ATT_LIMIT, ATT_IO.
 */
enum att_err wire_send(struct wire_channel *c, const struct wire_msg *msg,
    const int *fds, size_t nfds, int timeout_ms) ATT_CHECKED;

/*
 * Receive one frame. Slices in *msg are borrowed from c->in until the next
 * receive. fds has room for WIRE_FDS_MAX, *nfds is how many came, owned by
 * the caller, close-on-exec; with fds NULL a frame that brings descriptors is
 * refused and they are closed. ATT_TIMEOUT, ATT_CLOSED when the peer ended,
 * ATT_FORMAT for a frame that is not as documented (or was truncated).
 */
enum att_err wire_recv(struct wire_channel *c, struct wire_msg *msg, int *fds,
    size_t *nfds, int timeout_ms) ATT_CHECKED;

/*
 * Who sits at the other end, from SO_PEERCRED. ATT_IO if the kernel will not
 * say.
 */
struct wire_peer {
	pid_t pid;
	uid_t uid;
	gid_t gid;
};
enum att_err wire_peer_read(int fd, struct wire_peer *out) ATT_CHECKED;

/*
 * Connect to attendd within timeout_ms and check that it is attendd: socket
 * and directory owned by root or user attend, no links, the directory writable
 * by nobody else, the listening peer one of these two. If there is no socket
 * and the effective uid is 0, start `attendd --once` on a socketpair instead
 * (once.h). *fd is owned, close-on-exec, non-blocking, never a standard
 * descriptor.
 *
 * ATT_ABSENT: no socket and not root, or no attendd to start. ATT_REFUSED:
 * something else listens or may be put there. ATT_TIMEOUT: a full backlog.
 * ATT_CLOSED: nobody listens. ATT_IO: the socket may not be reached, or out of
 * descriptors.
 */
enum att_err wire_connect(int *fd, int timeout_ms) ATT_CHECKED;

#endif
