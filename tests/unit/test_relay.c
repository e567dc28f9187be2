#include "test.h"

#include "base/owner.h"
#include "wire/relay.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>

#define SHORT_MS 100
#define LONG_MS	 20000 /* never waited for */

static uint8_t in_buf[WIRE_FRAME_MAX], out_buf[WIRE_FRAME_MAX];

/* What the client's user said and saw. */
struct user {
	enum att_err gives; /* what ask returns */
	const char *says;
	size_t says_len; /* instead of strlen, when not 0 */
	unsigned asked, warned, informed, printed;
	uint8_t wanted, echo;
	char prompt[64], text[64], name[64];
	enum att_err takes; /* what name returns */
	const char *buffer; /* where answers are put */
	bool dirty; /* it still held the answer before */
};

static enum att_err
on_ask(void *ctx, const struct wire_ask *ask, char *buf, size_t *len)
{
	struct user *u = ctx;

	u->asked++;
	u->wanted = ask->wanted;
	u->echo = ask->echo;
	u->buffer = buf;
	for (size_t i = 0; i < WIRE_ANSWER_MAX; i++)
		u->dirty = u->dirty || buf[i] != 0;
	CHECK(
	    att_slice_str(ask->prompt, u->prompt, sizeof(u->prompt)) == ATT_OK);
	*len = u->says_len > 0 ? u->says_len : strlen(u->says);
	memcpy(buf, u->says, strlen(u->says));
	return u->gives;
}

static enum att_err
on_name(void *ctx, struct att_slice login)
{
	struct user *u = ctx;

	CHECK(att_slice_str(login, u->name, sizeof(u->name)) == ATT_OK);
	return u->takes;
}

static void
on_text(void *ctx, bool warn, struct att_slice text)
{
	struct user *u = ctx;

	if (warn)
		u->warned++;
	else
		u->informed++;
	CHECK(att_slice_str(text, u->text, sizeof(u->text)) == ATT_OK);
}

static void
on_output(void *ctx, uint8_t stream, struct att_slice bytes)
{
	struct user *u = ctx;

	(void)stream;
	u->printed += (unsigned)bytes.len;
}

/*
 * A dialogue with a server that has said everything beforehand: the frames
 * wait in the socket. server is open afterwards, to see what it was sent.
 */
struct scene {
	struct wire_channel server;
	int client;
	struct user user;
	struct relay_ops ops;
	struct wire_verdict verdict;
};

static bool
begin(struct scene *s)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		return false;
	*s = (struct scene){ .server = { pair[0], in_buf, out_buf },
		.client = pair[1],
		.user = { .says = "482913" },
		.verdict = { .verdict = VERDICT_ALLOW, .status = 9 } };
	s->ops = (struct relay_ops){ .ask = on_ask,
		.text = on_text,
		.output = on_output,
		.ctx = &s->user };
	return true;
}

static void
end(struct scene *s)
{
	att_close(&s->server.fd);
	att_close(&s->client);
}

static bool
says(struct scene *s, struct wire_msg m)
{
	return wire_send(&s->server, &m, NULL, 0, 0) == ATT_OK;
}

static bool
hears(struct scene *s, struct wire_msg *m)
{
	return wire_recv(&s->server, m, NULL, NULL, 0) == ATT_OK;
}

static const struct wire_msg asks_pin = { .type = WIRE_ASK,
	.ask = { WIRE_FOR_PIN, 0, { (const uint8_t *)"PIN: ", 5 } } };
static const struct wire_msg warns = { .type = WIRE_WARN,
	.text = { { (const uint8_t *)"no", 2 } } };
static const struct wire_msg informs = { .type = WIRE_INFORM,
	.text = { { (const uint8_t *)"hi", 2 } } };
static const struct wire_msg prints = { .type = WIRE_OUTPUT,
	.output = { 1, { (const uint8_t *)"abc", 3 } } };
static const struct wire_msg allows = { .type = WIRE_VERDICT,
	.verdict = { .verdict = VERDICT_ALLOW, .status = 4 } };
static const struct wire_request request = { .phase = WIRE_AUTHENTICATE,
	.user = { (const uint8_t *)"e1042", 5 } };

static enum att_err
run(struct scene *s, int wait_ms)
{
	return relay_run(
	    s->client, &request, NULL, 0, wait_ms, &s->ops, &s->verdict);
}

/* Whether there was no verdict, which must read as no. */
static bool
is_no(const struct scene *s)
{
	return s->verdict.verdict == VERDICT_DENY && s->verdict.status == 0 &&
	    s->verdict.delay_ms == 0;
}

TEST("a dialogue passes request, question, answer, texts and verdict")
{
	struct scene s;
	struct wire_msg m;

	NEED(begin(&s));
	NEED(says(&s, informs) && says(&s, asks_pin) && says(&s, warns) &&
	    says(&s, prints) && says(&s, allows));

	CHECK(run(&s, LONG_MS) == ATT_OK);

	CHECK(s.verdict.verdict == VERDICT_ALLOW && s.verdict.status == 4);
	CHECK(s.user.asked == 1 && s.user.wanted == WIRE_FOR_PIN);
	CHECK(s.user.echo == 0 && strcmp(s.user.prompt, "PIN: ") == 0);
	CHECK(s.user.informed == 1 && s.user.warned == 1);
	CHECK(s.user.printed == 3);
	NEED(hears(&s, &m));
	CHECK(m.type == WIRE_REQUEST);
	CHECK(att_slice_is(m.request.user, "e1042"));
	NEED(hears(&s, &m));
	CHECK(m.type == WIRE_ANSWER && m.answer.state == WIRE_ANSWERED);
	CHECK(att_slice_is(m.answer.text, "482913"));
	CHECK(!hears(&s, &m));
	end(&s);
}

TEST("descriptors go with the request")
{
	const int give[] = { 0, 1 };
	int got[WIRE_FDS_MAX];
	size_t n = 0;
	struct scene s;
	struct wire_msg m;

	NEED(begin(&s));
	NEED(says(&s, allows));
	CHECK(relay_run(s.client, &request, give, 2, LONG_MS, &s.ops,
		  &s.verdict) == ATT_OK);
	NEED(wire_recv(&s.server, &m, got, &n, 0) == ATT_OK);
	CHECK(n == 2);
	for (size_t i = 0; i < n; i++)
		att_close(&got[i]);
	end(&s);
}

TEST("nobody to ask is said so, and attendd goes on")
{
	struct scene s;
	struct wire_msg m;

	NEED(begin(&s));
	NEED(says(&s, asks_pin) && says(&s, allows));
	s.user.gives = ATT_ABSENT;

	CHECK(run(&s, LONG_MS) == ATT_OK);

	NEED(hears(&s, &m) && hears(&s, &m));
	CHECK(m.answer.state == WIRE_NO_ANSWER && m.answer.text.len == 0);
	end(&s);
}

TEST("a user who ends the dialogue ends it without an answer or a verdict")
{
	struct scene s;
	struct wire_msg m;

	NEED(begin(&s));
	NEED(says(&s, asks_pin) && says(&s, allows));
	s.user.gives = ATT_REFUSED;

	CHECK(run(&s, LONG_MS) == ATT_REFUSED);

	CHECK(is_no(&s));
	NEED(hears(&s, &m));
	CHECK(!hears(&s, &m));
	end(&s);
}

TEST("the longest answer passes, a longer one is not sent")
{
	static char most[WIRE_ANSWER_MAX + 1];
	struct scene s;
	struct wire_msg m;

	memset(most, '7', WIRE_ANSWER_MAX);
	NEED(begin(&s));
	NEED(says(&s, asks_pin) && says(&s, allows));
	s.user.says = most;
	CHECK(run(&s, LONG_MS) == ATT_OK);
	NEED(hears(&s, &m) && hears(&s, &m));
	CHECK(m.answer.text.len == WIRE_ANSWER_MAX);
	end(&s);

	NEED(begin(&s));
	NEED(says(&s, asks_pin) && says(&s, allows));
	s.user.says_len = WIRE_ANSWER_MAX + 1;
	CHECK(run(&s, LONG_MS) == ATT_LIMIT);
	CHECK(is_no(&s));
	end(&s);
}

TEST("what is not attendd's to send ends the dialogue, whatever follows")
{
	const struct wire_msg bad[] = {
		{ .type = WIRE_REQUEST,
		    .request = { .phase = WIRE_AUTHENTICATE } },
		{ .type = WIRE_ANSWER },
	};
	struct scene s;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		NEED(begin(&s));
		NEED(says(&s, bad[i]) && says(&s, allows));
		CHECK(run(&s, LONG_MS) == ATT_FORMAT);
		CHECK(is_no(&s));
		end(&s);
	}
	NEED(begin(&s));
	NEED(send(s.server.fd, "garbage", 7, 0) == 7 && says(&s, allows));
	CHECK(run(&s, LONG_MS) == ATT_FORMAT);
	CHECK(is_no(&s));
	end(&s);
}

TEST("a client without output refuses output")
{
	struct scene s;

	NEED(begin(&s));
	NEED(says(&s, prints) && says(&s, allows));
	s.ops.output = NULL;
	CHECK(run(&s, LONG_MS) == ATT_FORMAT);
	CHECK(is_no(&s));
	end(&s);
}

TEST("a name reaches a client that asked, once, and ends any other's dialogue")
{
	const struct wire_msg name = { .type = WIRE_NAME,
		.name = { att_slice_of("e1042") } };
	static const struct {
		unsigned times;
		bool asked;
		enum att_err takes, result;
	} rows[] = {
		{ 1, true, ATT_OK, ATT_OK },
		{ 2, true, ATT_OK, ATT_FORMAT },
		{ 1, true, ATT_REFUSED, ATT_REFUSED },
		{ 1, false, ATT_OK, ATT_FORMAT },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct scene s;

		NEED(begin(&s));
		s.ops.name = rows[i].asked ? on_name : NULL;
		s.user.takes = rows[i].takes;
		for (unsigned n = 0; n < rows[i].times; n++)
			NEED(says(&s, name));
		NEED(says(&s, allows));
		CHECK(run(&s, LONG_MS) == rows[i].result);
		CHECK(is_no(&s) == (rows[i].result != ATT_OK));
		CHECK(!rows[i].asked || strcmp(s.user.name, "e1042") == 0);
		end(&s);
	}
}

TEST("as many questions as allowed are asked, one more ends the dialogue")
{
	for (unsigned n = RELAY_ASKS_MAX; n <= RELAY_ASKS_MAX + 1; n++) {
		struct scene s;

		NEED(begin(&s));
		for (unsigned i = 0; i < n; i++)
			NEED(says(&s, asks_pin));
		NEED(says(&s, allows));
		CHECK(run(&s, LONG_MS) ==
		    (n > RELAY_ASKS_MAX ? ATT_LIMIT : ATT_OK));
		CHECK(s.user.asked == RELAY_ASKS_MAX);
		CHECK(is_no(&s) == (n > RELAY_ASKS_MAX));
		end(&s);
	}
}

/* A server in a process of its own: texts for ever, so many ms apart. */
static pid_t
chatter(struct scene *s, int every_ms)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	att_close(&s->client);
	while (wire_send(&s->server, &warns, NULL, 0, LONG_MS) == ATT_OK)
		if (every_ms > 0)
			(void)poll(NULL, 0, every_ms);
	_exit(0);
}

TEST("texts for ever end after as many as any dialogue has")
{
	struct scene s;
	pid_t pid;

	NEED(begin(&s));
	pid = chatter(&s, 0);
	CHECK(run(&s, LONG_MS) == ATT_LIMIT);
	CHECK(s.user.warned == RELAY_TEXTS_MAX);
	CHECK(is_no(&s));
	end(&s);
	(void)waitpid(pid, NULL, 0);
}

TEST("texts do not lengthen the wait")
{
	struct scene s = { .user = { .warned = 0 } };

	/* more often for a child that this machine lets begin late */
	for (int ms = SHORT_MS; s.user.warned < 2 && ms < LONG_MS; ms *= 2) {
		pid_t pid;

		NEED(begin(&s));
		pid = chatter(&s, SHORT_MS / 5);
		/* lengthened, it would end with ATT_LIMIT */
		CHECK(run(&s, ms) == ATT_TIMEOUT);
		end(&s);
		(void)waitpid(pid, NULL, 0);
	}
	CHECK(s.user.warned > 1);
}

/* A server in a process of its own that takes twice the usual wait. */
static pid_t
slow_server(struct scene *s)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	att_close(&s->client);
	(void)poll(NULL, 0, 2 * SHORT_MS);
	_exit(wire_send(&s->server, &allows, NULL, 0, 0) == ATT_OK ? 0 : 1);
}

TEST("an announced wait is waited for, the same without a word is not")
{
	const struct wire_msg wait = { .type = WIRE_WAIT, .wait = { LONG_MS } };
	struct scene s;
	pid_t pid;

	NEED(begin(&s));
	NEED(says(&s, wait));
	pid = slow_server(&s);
	CHECK(run(&s, SHORT_MS) == ATT_OK);
	CHECK(!is_no(&s));
	end(&s);
	(void)waitpid(pid, NULL, 0);

	NEED(begin(&s)); /* who says nothing, says it never: no race */
	CHECK(run(&s, SHORT_MS) == ATT_TIMEOUT);
	CHECK(is_no(&s));
	end(&s);
}

TEST("waits for ever end after as many as any dialogue has")
{
	for (unsigned n = RELAY_WAITS_MAX; n <= RELAY_WAITS_MAX + 1; n++) {
		const struct wire_msg wait = { .type = WIRE_WAIT,
			.wait = { UINT32_MAX } };
		struct scene s;

		NEED(begin(&s));
		for (unsigned i = 0; i < n; i++)
			NEED(says(&s, wait));
		NEED(says(&s, allows));
		CHECK(run(&s, LONG_MS) ==
		    (n > RELAY_WAITS_MAX ? ATT_LIMIT : ATT_OK));
		CHECK(is_no(&s) == (n > RELAY_WAITS_MAX));
		end(&s);
	}
}

TEST("a silent attendd costs the wait; one that asked and fell silent too")
{
	struct scene s;

	NEED(begin(&s));
	CHECK(run(&s, SHORT_MS) == ATT_TIMEOUT);
	CHECK(is_no(&s));
	end(&s);

	NEED(begin(&s));
	NEED(says(&s, asks_pin));
	CHECK(run(&s, SHORT_MS) == ATT_TIMEOUT);
	CHECK(s.user.asked == 1);
	CHECK(is_no(&s));
	end(&s);
}

static enum att_err
on_slow_ask(void *ctx, const struct wire_ask *ask, char *buf, size_t *len)
{
	(void)poll(NULL, 0, SHORT_MS + SHORT_MS / 2);
	return on_ask(ctx, ask, buf, len);
}

TEST("the time a person takes to type does not count")
{
	struct scene s;

	NEED(begin(&s));
	NEED(says(&s, asks_pin) && says(&s, allows));
	s.ops.ask = on_slow_ask;
	CHECK(run(&s, SHORT_MS) == ATT_OK);
	end(&s);
}

TEST("an attendd that has left is noticed before and after the question")
{
	struct scene s;

	NEED(begin(&s));
	att_close(&s.server.fd);
	CHECK(run(&s, LONG_MS) == ATT_CLOSED);
	CHECK(is_no(&s));
	end(&s);

	NEED(begin(&s));
	NEED(says(&s, asks_pin));
	NEED(shutdown(s.server.fd, SHUT_WR) == 0);
	CHECK(run(&s, LONG_MS) == ATT_CLOSED);
	CHECK(s.user.asked == 1);
	CHECK(is_no(&s));
	end(&s);
}

TEST("a request that is not as documented is not sent")
{
	const struct wire_request odd = { .phase = 99 };
	struct scene s;
	struct wire_msg m;

	NEED(begin(&s));
	NEED(says(&s, allows));
	CHECK(relay_run(s.client, &odd, NULL, 0, LONG_MS, &s.ops, &s.verdict) ==
	    ATT_LIMIT);
	CHECK(is_no(&s));
	CHECK(!hears(&s, &m));
	end(&s);
}

TEST("an answer is gone before the next question, and its memory at the end")
{
	struct scene s;
	uintptr_t page;

	NEED(begin(&s));
	NEED(says(&s, asks_pin) && says(&s, asks_pin) && says(&s, allows));
	CHECK(run(&s, LONG_MS) == ATT_OK);

	CHECK(s.user.asked == 2);
	CHECK(!s.user.dirty);
	page = (uintptr_t)s.user.buffer & ~(uintptr_t)4095;
	CHECK(msync((void *)page, 1, MS_ASYNC) != 0); /* not mapped */
	end(&s);
}
