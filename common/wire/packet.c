#include "wire/packet.h"

#include "base/clock.h"
#include "base/owner.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

/* Room for as many descriptors as a request may carry, aligned. */
union control {
	char bytes[CMSG_SPACE(PACKET_FDS_MAX * sizeof(int))];
	struct cmsghdr align;
};

static enum att_err
error_of(int error)
{
	switch (error) {
	case EPIPE:
	case ECONNRESET:
	case ENOTCONN: return ATT_CLOSED;
	case EMSGSIZE: return ATT_LIMIT;
	default: return ATT_IO;
	}
}

/* Wait until fd is ready for events; signals do not lengthen the wait. */
static enum att_err
wait_ready(int fd, short events, int64_t deadline)
{
	for (;;) {
		struct pollfd p = { .fd = fd, .events = events };
		int64_t left = deadline - att_mono_ms();
		int n;

		if (left <= 0)
			return ATT_TIMEOUT;
		n = poll(&p, 1, left < INT32_MAX ? (int)left : INT32_MAX);
		if (n > 0)
			return ATT_OK;
		if (n < 0 && errno != EINTR)
			return ATT_IO;
	}
}

static void
attach(struct msghdr *m, union control *c, const int *fds, size_t nfds)
{
	struct cmsghdr *h;

	memset(c, 0, sizeof(*c));
	m->msg_control = c->bytes;
	m->msg_controllen = CMSG_SPACE(nfds * sizeof(int));
	h = CMSG_FIRSTHDR(m);
	h->cmsg_level = SOL_SOCKET;
	h->cmsg_type = SCM_RIGHTS;
	h->cmsg_len = CMSG_LEN(nfds * sizeof(int));
	memcpy(CMSG_DATA(h), fds, nfds * sizeof(int));
}

static enum att_err
send_packet(int fd, const struct msghdr *m, int64_t deadline)
{
	for (;;) {
		enum att_err e;

		if (sendmsg(fd, m, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0)
			return ATT_OK;
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN && errno != EWOULDBLOCK)
			return error_of(errno);
		e = wait_ready(fd, POLLOUT, deadline);
		if (e != ATT_OK)
			return e;
	}
}

/* Collect the descriptors that came; the control buffer bounds their number. */
static size_t
collect(struct msghdr *m, int fds[PACKET_FDS_MAX])
{
	size_t n = 0;

	for (struct cmsghdr *h = CMSG_FIRSTHDR(m); h != NULL;
	     h = CMSG_NXTHDR(m, h)) {
		size_t bytes = h->cmsg_len - CMSG_LEN(0);

		if (h->cmsg_level != SOL_SOCKET || h->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t i = 0; i < bytes / sizeof(int); i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(h) + i * sizeof(int), sizeof(fd));
			if (n < PACKET_FDS_MAX)
				fds[n++] = fd;
			else
				(void)close(fd); /* cannot come */
		}
	}
	return n;
}

static enum att_err
receive_packet(int fd, struct msghdr *m, int64_t deadline, size_t *len)
{
	const struct msghdr fresh = *m;

	for (;;) {
		enum att_err e;
		ssize_t n;

		*m = fresh;
		n = recvmsg(fd, m, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
		if (n >= 0) {
			*len = (size_t)n;
			return ATT_OK;
		}
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN && errno != EWOULDBLOCK)
			return error_of(errno);
		e = wait_ready(fd, POLLIN, deadline);
		if (e != ATT_OK)
			return e;
	}
}

enum att_err
packet_send(int fd, const void *at, size_t len, const int *fds, size_t nfds,
    int timeout_ms)
{
	int64_t deadline = att_mono_ms() + timeout_ms;
	union control control;
	struct iovec iov = { .iov_base = (void *)(uintptr_t)at,
		.iov_len = len };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };

	if (nfds > PACKET_FDS_MAX)
		return ATT_LIMIT;
	if (nfds > 0)
		attach(&m, &control, fds, nfds);
	return send_packet(fd, &m, deadline);
}

enum att_err
packet_recv(int fd, void *buf, size_t cap, size_t *len, int *fds, size_t *nfds,
    int timeout_ms)
{
	int64_t deadline = att_mono_ms() + timeout_ms;
	union control control;
	struct iovec iov = { .iov_base = buf, .iov_len = cap };
	struct msghdr m = { .msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes) };
	int came[PACKET_FDS_MAX];
	size_t n, got;
	enum att_err e = receive_packet(fd, &m, deadline, &got);

	if (e != ATT_OK)
		return e;
	n = collect(&m, came);
	if (got == 0)
		e = ATT_CLOSED; /* no documented frame is empty */
	else if ((m.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0 ||
	    (n > 0 && fds == NULL))
		e = ATT_FORMAT;
	if (e != ATT_OK) {
		for (size_t i = 0; i < n; i++)
			att_close(&came[i]);
		return e;
	}
	if (fds != NULL) {
		memcpy(fds, came, n * sizeof(int));
		*nfds = n;
	}
	*len = got;
	return ATT_OK;
}
