#include "wire/channel.h"

#include "base/owner.h"
#include "wire/packet.h"

#include <string.h>
#include <sys/socket.h>

_Static_assert(WIRE_FDS_MAX == PACKET_FDS_MAX, "a request's descriptors fit");

enum att_err
wire_send(struct wire_channel *c, const struct wire_msg *msg, const int *fds,
    size_t nfds, int timeout_ms)
{
	size_t len = 0;
	enum att_err e = wire_encode(msg, c->out, WIRE_FRAME_MAX, &len);

	if (e == ATT_OK)
		e = packet_send(c->fd, c->out, len, fds, nfds, timeout_ms);
	explicit_bzero(c->out, len > 0 ? len : WIRE_FRAME_MAX);
	return e;
}

enum att_err
wire_recv(struct wire_channel *c, struct wire_msg *msg, int *fds, size_t *nfds,
    int timeout_ms)
{
	int came[WIRE_FDS_MAX];
	size_t len, n = 0;
	enum att_err e = packet_recv(c->fd, c->in, WIRE_FRAME_MAX, &len,
	    fds != NULL ? came : NULL, &n, timeout_ms);

	if (e != ATT_OK)
		return e;
	e = wire_decode(c->in, len, msg);
	if (e != ATT_OK) {
		for (size_t i = 0; i < n; i++)
			att_close(&came[i]);
		return e;
	}
	if (fds != NULL) {
		memcpy(fds, came, n * sizeof(int));
		*nfds = n;
	}
	return ATT_OK;
}

enum att_err
wire_peer_read(int fd, struct wire_peer *out)
{
	struct ucred cred;
	socklen_t len = sizeof(cred);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) != 0 ||
	    len != sizeof(cred))
		return ATT_IO;
	*out = (struct wire_peer){ cred.pid, cred.uid, cred.gid };
	return ATT_OK;
}
