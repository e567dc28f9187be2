/*
 * falsebroker - a server at attendd's socket that lies in one chosen way, to
 * show that a client refuses in time.
 *
 *	falsebroker [-u UID] LIE [SOCKET]
 *
 * Makes the socket's folder if it is missing; -u: becomes that user before it
 * listens. Serves one dialogue after the other until it is killed, and prints
 * what it was sent: "request LENGTH", "answer TEXT". Speaks the protocol by
 * hand, so that it does not share the codec's mistakes.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define PATH  "/run/attend/socket"
#define ALLOW 0x69a5c3d2u

enum {
	REQUEST = 1,
	ANSWER = 2,
	ASK = 16,
	INFORM = 17,
	WARN = 18,
	OUTPUT = 19,
	VERDICT = 20
};

static uint8_t frame[128 * 1024];

static bool
put(int fd, unsigned version, unsigned type, uint32_t said, size_t len)
{
	frame[0] = (uint8_t)version;
	frame[1] = (uint8_t)type;
	frame[2] = frame[3] = 0;
	for (int i = 0; i < 4; i++)
		frame[4 + i] = (uint8_t)(said >> (8 * i));
	return send(fd, frame, 8 + len, MSG_NOSIGNAL) >= 0;
}

static bool
say_verdict(int fd, uint32_t v)
{
	memset(frame + 8, 0, 10);
	for (int i = 0; i < 4; i++)
		frame[8 + i] = (uint8_t)(v >> (8 * i));
	return put(fd, 1, VERDICT, 9, 9);
}

static bool
say_text(int fd, unsigned type, const char *text, size_t n)
{
	frame[8] = (uint8_t)n;
	frame[9] = (uint8_t)(n >> 8);
	memcpy(frame + 10, text, n);
	return put(fd, 1, type, (uint32_t)(n + 2), n + 2);
}

static bool
say_ask(int fd, unsigned wanted, unsigned echo, const char *prompt)
{
	size_t n = strlen(prompt);

	frame[8] = (uint8_t)wanted;
	frame[9] = (uint8_t)echo;
	frame[10] = (uint8_t)n;
	frame[11] = (uint8_t)(n >> 8);
	memcpy(frame + 12, prompt, n);
	return put(fd, 1, ASK, (uint32_t)(n + 4), n + 4);
}

/* The next frame, said on standard output; false at the end. */
static bool
hear(int fd)
{
	static uint8_t in[128 * 1024];
	ssize_t n = recv(fd, in, sizeof(in), 0);

	if (n < 8)
		return false;
	if (in[1] == ANSWER && n >= 11)
		printf("answer %.*s\n", (int)n - 11, (const char *)in + 11);
	else
		printf("%s %zd\n", in[1] == REQUEST ? "request" : "frame", n);
	return true;
}

static void
tell_truth(int fd, uint32_t v)
{
	if (say_ask(fd, 1, 0, "PIN: ") && hear(fd))
		(void)say_verdict(fd, v);
}

static void
lie_allow(int fd)
{
	tell_truth(fd, ALLOW);
}

static void
lie_deny(int fd)
{
	tell_truth(fd, 0);
}

static void
lie_unlisted(int fd)
{
	tell_truth(fd, ALLOW ^ 1);
}

static void
lie_silent(int fd)
{
	while (hear(fd))
		;
}

static void
lie_mute(int fd)
{
	(void)say_ask(fd, 1, 0, "PIN: ");
	lie_silent(fd);
}

static void
lie_close(int fd)
{
	(void)fd;
}

static void
lie_gone(int fd)
{
	(void)say_ask(fd, 1, 0, "PIN: ");
}

static void
lie_garbage(int fd)
{
	(void)send(fd, "220 kiosk ESMTP\r\n", 17, MSG_NOSIGNAL);
	tell_truth(fd, ALLOW);
}

static void
lie_short(int fd)
{
	(void)put(fd, 1, VERDICT, 9, 4);
	tell_truth(fd, ALLOW);
}

static void
lie_long(int fd)
{
	memset(frame + 8, 0, 10);
	memcpy(frame + 8, "\xd2\xc3\xa5\x69", 4);
	(void)put(fd, 1, VERDICT, 10, 10);
}

static void
lie_version(int fd)
{
	memset(frame + 8, 0, 10);
	memcpy(frame + 8, "\xd2\xc3\xa5\x69", 4);
	(void)put(fd, 2, VERDICT, 9, 9);
}

static void
lie_oversize(int fd)
{
	memset(frame + 8, 'x', 70000);
	(void)put(fd, 1, OUTPUT, 70000, 70000);
	tell_truth(fd, ALLOW);
}

static void
lie_huge(int fd)
{
	static char text[5000];

	memset(text, 'x', sizeof(text));
	(void)say_text(fd, WARN, text, sizeof(text));
	tell_truth(fd, ALLOW);
}

static void
lie_output(int fd)
{
	memcpy(frame + 8, "\x01\x01\x00x", 4);
	(void)put(fd, 1, OUTPUT, 4, 4);
	tell_truth(fd, ALLOW);
}

static void
lie_turn(int fd)
{
	memcpy(frame + 8, "\x00\x00\x00", 3);
	(void)put(fd, 1, ANSWER, 3, 3);
	tell_truth(fd, ALLOW);
}

static void
lie_asks(int fd)
{
	while (say_ask(fd, 1, 0, "PIN: ") && hear(fd))
		;
}

static void
lie_texts(int fd)
{
	while (say_text(fd, INFORM, "wait", 4))
		;
}

static void
lie_trickle(int fd)
{
	while (say_text(fd, INFORM, "wait", 4))
		(void)poll(NULL, 0, 500);
}

static void
lie_control(int fd)
{
	static const char text[] = "\033[2J\033]0;x\a\r\302\233A\nB";

	(void)say_text(fd, WARN, text, sizeof(text) - 1);
	if (say_ask(fd, 1, 0, "\033[31mPIN: ") && hear(fd))
		(void)say_verdict(fd, 0);
}

static void
lie_descriptors(int fd)
{
	union {
		char bytes[CMSG_SPACE(2 * sizeof(int))];
		struct cmsghdr align;
	} c = { .bytes = { 0 } };
	static uint8_t packet[] = { 1, VERDICT, 0, 0, 9, 0, 0, 0, 0xd2, 0xc3,
		0xa5, 0x69, 0, 0, 0, 0, 0 };
	struct iovec iov = { packet, sizeof(packet) };
	struct msghdr m = { .msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = c.bytes,
		.msg_controllen = sizeof(c.bytes) };
	struct cmsghdr *h = CMSG_FIRSTHDR(&m);

	h->cmsg_level = SOL_SOCKET;
	h->cmsg_type = SCM_RIGHTS;
	h->cmsg_len = CMSG_LEN(2 * sizeof(int));
	memcpy(CMSG_DATA(h), (int[]){ fd, fd }, 2 * sizeof(int));
	(void)sendmsg(fd, &m, MSG_NOSIGNAL);
}

/* Leaves while the first caller types; whoever comes again is served. */
static void
lie_restart(int fd)
{
	static bool before;

	if (before)
		tell_truth(fd, ALLOW);
	else
		(void)say_ask(fd, 1, 0, "PIN: ");
	before = true;
}

static const struct {
	const char *name;
	void (*tell)(int fd); /* NULL: accepts nobody */
	const char *what;
} lies[] = {
	{ "allow", lie_allow, "none: asks for the PIN and allows" },
	{ "deny", lie_deny, "none: asks for the PIN and denies" },
	{ "restart", lie_restart, "leaves during the first question" },
	{ "full", NULL, "listens and accepts nobody" },
	{ "silent", lie_silent, "reads and never says anything" },
	{ "mute", lie_mute, "asks and says nothing more" },
	{ "close", lie_close, "closes at once" },
	{ "gone", lie_gone, "asks and leaves" },
	{ "garbage", lie_garbage, "speaks another protocol" },
	{ "short", lie_short, "a frame shorter than it says" },
	{ "long", lie_long, "ALLOW with a byte too many" },
	{ "version", lie_version, "ALLOW in another version" },
	{ "oversize", lie_oversize, "a packet larger than a frame" },
	{ "huge", lie_huge, "a text longer than a text" },
	{ "output", lie_output, "a command's output in a login" },
	{ "turn", lie_turn, "an answer to itself" },
	{ "unlisted", lie_unlisted, "a verdict one bit from ALLOW" },
	{ "asks", lie_asks, "asks for ever" },
	{ "texts", lie_texts, "tells for ever" },
	{ "trickle", lie_trickle, "tells for ever, slowly" },
	{ "control", lie_control, "steers the terminal, then denies" },
	{ "descriptors", lie_descriptors, "ALLOW with descriptors" },
};
#define LIES (sizeof(lies) / sizeof(lies[0]))

static int
usage(void)
{
	(void)fputs("usage: falsebroker [-u uid] lie [socket]\n", stderr);
	for (size_t i = 0; i < LIES; i++)
		fprintf(stderr, "  %-12s %s\n", lies[i].name, lies[i].what);
	return 2;
}

static int
serve_at(const char *path, uid_t uid, int backlog)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	char folder[sizeof(a.sun_path)];
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (fd < 0 || strlen(path) >= sizeof(a.sun_path))
		return -1;
	memcpy(folder, path, strlen(path) + 1);
	memcpy(a.sun_path, path, strlen(path) + 1);
	if (strrchr(folder, '/') != NULL)
		*strrchr(folder, '/') = '\0';
	if (mkdir(folder, 0755) != 0 && errno != EEXIST)
		return -1;
	(void)unlink(path);
	if (bind(fd, (const struct sockaddr *)&a, sizeof(a)) != 0 ||
	    chmod(path, 0666) != 0 || (uid != 0 && seteuid(uid) != 0) ||
	    listen(fd, backlog) != 0)
		return -1;
	return fd;
}

int
main(int argc, char **argv)
{
	uid_t uid = 0;
	size_t lie = 0;
	int c, listener;

	setvbuf(stdout, NULL, _IOLBF, 0);
	while ((c = getopt(argc, argv, "u:")) != -1) {
		if (c != 'u')
			return usage();
		uid = (uid_t)strtoul(optarg, NULL, 10);
	}
	if (optind == argc)
		return usage();
	while (lie < LIES && strcmp(lies[lie].name, argv[optind]) != 0)
		lie++;
	if (lie == LIES)
		return usage();
	listener = serve_at(optind + 1 < argc ? argv[optind + 1] : PATH, uid,
	    lies[lie].tell == NULL ? 0 : 128);
	if (listener < 0) {
		perror("falsebroker");
		return 1;
	}
	for (;;) {
		int fd = -1;

		if (lies[lie].tell == NULL)
			(void)pause();
		else
			fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0)
			continue;
		if (hear(fd))
			lies[lie].tell(fd);
		(void)close(fd);
	}
}
