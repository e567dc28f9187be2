#include "test.h"

#include "base/clock.h"
#include "base/owner.h"
#include "wire/channel.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#define SHORT_MS 60
#define LONG_MS	 20000 /* never waited for */

static uint8_t in_buf[WIRE_FRAME_MAX], out_buf[WIRE_FRAME_MAX];
static uint8_t peer_in[WIRE_FRAME_MAX], peer_out[WIRE_FRAME_MAX];

struct pair {
	struct wire_channel us, peer;
};

static bool
pair_open(struct pair *p, int flags)
{
	int s[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | flags, 0, s) !=
	    0)
		return false;
	p->us = (struct wire_channel){ s[0], in_buf, out_buf };
	p->peer = (struct wire_channel){ s[1], peer_in, peer_out };
	return true;
}

static void
pair_close(struct pair *p)
{
	att_close(&p->us.fd);
	att_close(&p->peer.fd);
}

static const struct wire_msg verdict = { .type = WIRE_VERDICT,
	.verdict = { VERDICT_ALLOW, 7, 3 } };

static unsigned
open_descriptors(void)
{
	DIR *d = opendir("/proc/self/fd");
	unsigned n = 0;

	while (d != NULL && readdir(d) != NULL)
		n++;
	if (d != NULL)
		(void)closedir(d);
	return n;
}

/* A packet as no codec of ours would send it. */
static bool
send_raw(int fd, const void *at, size_t len, size_t nfds)
{
	union {
		char bytes[CMSG_SPACE(16 * sizeof(int))];
		struct cmsghdr align;
	} c = { .bytes = { 0 } };
	struct iovec iov = { (void *)(uintptr_t)at, len };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmsghdr *h;
	int fds[16];

	for (size_t i = 0; i < nfds; i++)
		fds[i] = fd;
	if (nfds > 0) {
		m.msg_control = c.bytes;
		m.msg_controllen = CMSG_SPACE(nfds * sizeof(int));
		h = CMSG_FIRSTHDR(&m);
		h->cmsg_level = SOL_SOCKET;
		h->cmsg_type = SCM_RIGHTS;
		h->cmsg_len = CMSG_LEN(nfds * sizeof(int));
		memcpy(CMSG_DATA(h), fds, nfds * sizeof(int));
	}
	return sendmsg(fd, &m, MSG_NOSIGNAL) == (ssize_t)len;
}

TEST("a frame arrives as it was sent, over blocking and other sockets")
{
	for (int i = 0; i < 2; i++) {
		struct pair p;
		struct wire_msg m;

		NEED(pair_open(&p, i == 0 ? 0 : SOCK_NONBLOCK));
		CHECK(wire_send(&p.peer, &verdict, NULL, 0, LONG_MS) == ATT_OK);
		NEED(wire_recv(&p.us, &m, NULL, NULL, LONG_MS) == ATT_OK);
		CHECK(m.type == WIRE_VERDICT);
		CHECK(m.verdict.verdict == VERDICT_ALLOW);
		CHECK(m.verdict.delay_ms == 7 && m.verdict.status == 3);
		pair_close(&p);
	}
}

TEST("a frame of the greatest size passes")
{
	static uint8_t bytes[WIRE_BODY_MAX - 3];
	struct wire_msg m = { .type = WIRE_OUTPUT,
		.output = { 1, { bytes, sizeof(bytes) } } };
	struct pair p;

	NEED(pair_open(&p, 0));
	CHECK(wire_send(&p.peer, &m, NULL, 0, LONG_MS) == ATT_OK);
	NEED(wire_recv(&p.us, &m, NULL, NULL, LONG_MS) == ATT_OK);
	CHECK(m.output.bytes.len == sizeof(bytes));
	pair_close(&p);
}

TEST("a silent peer costs the wait and nothing more")
{
	struct pair p;
	struct wire_msg m;
	int64_t began = att_mono_ms();

	NEED(pair_open(&p, 0));
	CHECK(wire_recv(&p.us, &m, NULL, NULL, SHORT_MS) == ATT_TIMEOUT);
	CHECK(att_mono_ms() - began >= SHORT_MS);
	CHECK(att_mono_ms() - began < LONG_MS);
	pair_close(&p);
}

TEST("a wait of no time at all takes what is there and waits for nothing")
{
	struct pair p;
	struct wire_msg m;

	NEED(pair_open(&p, 0));
	CHECK(wire_recv(&p.us, &m, NULL, NULL, 0) == ATT_TIMEOUT);
	CHECK(wire_send(&p.peer, &verdict, NULL, 0, 0) == ATT_OK);
	CHECK(wire_recv(&p.us, &m, NULL, NULL, 0) == ATT_OK);
	pair_close(&p);
}

TEST("a peer that reads nothing cannot hold a sender for longer")
{
	static uint8_t bytes[60000];
	struct wire_msg m = { .type = WIRE_OUTPUT,
		.output = { 1, { bytes, sizeof(bytes) } } };
	struct pair p;
	int64_t began;
	enum att_err e = ATT_OK;

	NEED(pair_open(&p, 0));
	began = att_mono_ms();
	for (int i = 0; i < 1000 && e == ATT_OK; i++)
		e = wire_send(&p.us, &m, NULL, 0, SHORT_MS);
	CHECK(e == ATT_TIMEOUT);
	CHECK(att_mono_ms() - began < LONG_MS);
	pair_close(&p);
}

static void
on_alarm(int sig)
{
	(void)sig;
}

TEST("signals neither end a wait early nor lengthen it")
{
	struct sigaction sa = { .sa_handler = on_alarm }, before;
	struct itimerval often = { { 0, 5000 }, { 0, 5000 } }, never = { 0 };
	struct pair p;
	struct wire_msg m;
	int64_t began = att_mono_ms();

	NEED(pair_open(&p, 0));
	NEED(sigaction(SIGALRM, &sa, &before) == 0);
	(void)setitimer(ITIMER_REAL, &often, NULL);
	CHECK(wire_recv(&p.us, &m, NULL, NULL, SHORT_MS) == ATT_TIMEOUT);
	(void)setitimer(ITIMER_REAL, &never, NULL);
	(void)sigaction(SIGALRM, &before, NULL);
	CHECK(att_mono_ms() - began >= SHORT_MS);
	CHECK(att_mono_ms() - began < LONG_MS);
	pair_close(&p);
}

TEST("a peer that has left is noticed at once, without SIGPIPE")
{
	struct pair p;
	struct wire_msg m;

	NEED(pair_open(&p, 0));
	(void)signal(SIGPIPE, SIG_DFL); /* it would end the test */
	att_close(&p.peer.fd);
	CHECK(wire_send(&p.us, &verdict, NULL, 0, LONG_MS) == ATT_CLOSED);
	CHECK(wire_recv(&p.us, &m, NULL, NULL, LONG_MS) == ATT_CLOSED);
	(void)signal(SIGPIPE, SIG_IGN);
	pair_close(&p);
}

TEST("what a peer sent before it left is still read")
{
	struct pair p;
	struct wire_msg m;

	NEED(pair_open(&p, 0));
	CHECK(wire_send(&p.peer, &verdict, NULL, 0, LONG_MS) == ATT_OK);
	att_close(&p.peer.fd);
	CHECK(wire_recv(&p.us, &m, NULL, NULL, LONG_MS) == ATT_OK);
	CHECK(wire_recv(&p.us, &m, NULL, NULL, LONG_MS) == ATT_CLOSED);
	pair_close(&p);
}

TEST("garbage and packets that were cut are refused; the next one counts")
{
	/* right in itself, were it not for the byte that was cut off */
	static uint8_t big[WIRE_FRAME_MAX + 1] = { 1, WIRE_OUTPUT, 0, 0, 0xf8,
		0xff, 0, 0, 1, 0xf5, 0xff };
	struct pair p;
	struct wire_msg m;

	NEED(pair_open(&p, 0));
	NEED(send_raw(p.peer.fd, "GET / HTTP/1.1\r\n\r\n", 18, 0));
	NEED(send_raw(p.peer.fd, big, sizeof(big), 0));
	CHECK(wire_send(&p.peer, &verdict, NULL, 0, LONG_MS) == ATT_OK);

	CHECK(wire_recv(&p.us, &m, NULL, NULL, LONG_MS) == ATT_FORMAT);
	CHECK(wire_recv(&p.us, &m, NULL, NULL, LONG_MS) == ATT_FORMAT);
	CHECK(wire_recv(&p.us, &m, NULL, NULL, LONG_MS) == ATT_OK);
	CHECK(wire_decode(big, sizeof(big) - 1, &m) == ATT_OK);
	pair_close(&p);
}

TEST("an empty packet is the end of a dialogue")
{
	struct pair p;
	struct wire_msg m;

	NEED(pair_open(&p, 0));
	NEED(send(p.peer.fd, "", 0, 0) == 0);
	CHECK(wire_recv(&p.us, &m, NULL, NULL, LONG_MS) == ATT_CLOSED);
	pair_close(&p);
}

TEST("descriptors arrive with a request, closed on exec, as many as allowed")
{
	const struct wire_msg request = { .type = WIRE_REQUEST,
		.request = { .phase = WIRE_COMMAND } };
	const int give[WIRE_FDS_MAX + 1] = { 0, 1, 2, 0, 1 };
	int got[WIRE_FDS_MAX] = { -1, -1, -1, -1 };
	struct pair p;
	struct wire_msg m;
	size_t n = 99;

	NEED(pair_open(&p, 0));
	CHECK(wire_send(&p.peer, &request, give, WIRE_FDS_MAX + 1, LONG_MS) ==
	    ATT_LIMIT);
	CHECK(wire_send(&p.peer, &request, give, WIRE_FDS_MAX, LONG_MS) ==
	    ATT_OK);
	NEED(wire_recv(&p.us, &m, got, &n, LONG_MS) == ATT_OK);

	CHECK(n == WIRE_FDS_MAX);
	for (size_t i = 0; i < n && i < WIRE_FDS_MAX; i++) {
		CHECK((fcntl(got[i], F_GETFD) & FD_CLOEXEC) != 0);
		att_close(&got[i]);
	}
	CHECK(wire_send(&p.peer, &request, NULL, 0, LONG_MS) == ATT_OK);
	NEED(wire_recv(&p.us, &m, got, &n, LONG_MS) == ATT_OK);
	CHECK(n == 0);
	pair_close(&p);
}

TEST("descriptors that nobody asked for are refused and closed")
{
	uint8_t frame[64];
	size_t len;
	struct pair p;
	struct wire_msg m;
	int got[WIRE_FDS_MAX];
	size_t n = 99;
	unsigned before;

	NEED(wire_encode(&verdict, frame, sizeof(frame), &len) == ATT_OK);
	NEED(pair_open(&p, 0));
	before = open_descriptors();

	NEED(send_raw(p.peer.fd, frame, len, 2)); /* none wanted */
	CHECK(wire_recv(&p.us, &m, NULL, NULL, LONG_MS) == ATT_FORMAT);
	NEED(send_raw(p.peer.fd, frame, len, 16)); /* too many */
	CHECK(wire_recv(&p.us, &m, got, &n, LONG_MS) == ATT_FORMAT);
	NEED(send_raw(p.peer.fd, "x", 1, 2)); /* with garbage */
	CHECK(wire_recv(&p.us, &m, got, &n, LONG_MS) == ATT_FORMAT);
	NEED(send_raw(p.peer.fd, frame, len, 16)); /* too many, unwanted */
	CHECK(wire_recv(&p.us, &m, NULL, NULL, LONG_MS) == ATT_FORMAT);
	CHECK(n == 99);
	CHECK(open_descriptors() == before);

	NEED(send_raw(p.peer.fd, frame, len, 2)); /* wanted: the control */
	CHECK(wire_recv(&p.us, &m, got, &n, LONG_MS) == ATT_OK);
	CHECK(n == 2);
	CHECK(open_descriptors() == before + 2);
	att_close(&got[0]);
	att_close(&got[1]);
	pair_close(&p);
}

static bool
holds(const uint8_t *buf, const char *text)
{
	return memmem(buf, WIRE_FRAME_MAX, text, strlen(text)) != NULL;
}

TEST("an answer does not stay in the buffer it was sent from")
{
	struct wire_msg m = { .type = WIRE_ANSWER,
		.answer = { .text = att_slice_of("482913") } };
	struct pair p;

	NEED(pair_open(&p, 0));
	CHECK(wire_send(&p.us, &m, NULL, 0, LONG_MS) == ATT_OK);
	CHECK(!holds(out_buf, "482913"));
	CHECK(wire_recv(&p.peer, &m, NULL, NULL, LONG_MS) == ATT_OK);
	CHECK(holds(peer_in, "482913")); /* it did pass */

	att_close(&p.peer.fd);
	m.answer.text = att_slice_of("482913");
	CHECK(wire_send(&p.us, &m, NULL, 0, LONG_MS) == ATT_CLOSED);
	CHECK(!holds(out_buf, "482913"));

	memcpy(out_buf + 100, "482913", 6); /* of a frame that did not fit */
	m.answer.state = 9;
	CHECK(wire_send(&p.us, &m, NULL, 0, LONG_MS) == ATT_LIMIT);
	CHECK(!holds(out_buf, "482913"));
	pair_close(&p);
}

TEST("the kernel says who sits at the other end")
{
	struct wire_peer peer = { 0 };
	struct pair p;
	int pipes[2];

	NEED(pair_open(&p, 0));
	NEED(wire_peer_read(p.us.fd, &peer) == ATT_OK);
	CHECK(peer.pid == getpid());
	CHECK(peer.uid == geteuid());
	CHECK(peer.gid == getegid());
	pair_close(&p);

	NEED(pipe(pipes) == 0);
	CHECK(wire_peer_read(pipes[0], &peer) == ATT_IO);
	att_close(&pipes[0]);
	att_close(&pipes[1]);
}
