#include "test.h"

#include "wire/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct att_slice
repeat(char c, size_t n)
{
	static uint8_t bytes[WIRE_FRAME_MAX + 1];

	memset(bytes, c, n);
	return (struct att_slice){ bytes, n };
}

/* Encode, decode, encode: the same bytes, or false. */
static bool
survives(const struct wire_msg *m)
{
	static uint8_t first[WIRE_FRAME_MAX], second[WIRE_FRAME_MAX];
	struct wire_msg back;
	size_t n, again;

	return wire_encode(m, first, sizeof(first), &n) == ATT_OK &&
	    wire_decode(first, n, &back) == ATT_OK && back.type == m->type &&
	    wire_encode(&back, second, sizeof(second), &again) == ATT_OK &&
	    again == n && memcmp(first, second, n) == 0;
}

static enum att_err
encode(const struct wire_msg *m)
{
	static uint8_t buf[WIRE_FRAME_MAX];
	size_t n;

	return wire_encode(m, buf, sizeof(buf), &n);
}

static struct wire_msg
full_request(void)
{
	return (struct wire_msg){ .type = WIRE_REQUEST,
		.request = { .phase = WIRE_COMMAND,
		    .flags = WIRE_F_ALL & ~WIRE_F_IDENTIFY,
		    .deadline_ms = 60000,
		    .service = att_slice_of("sshd"),
		    .user = att_slice_of("e1042"),
		    .ruser = att_slice_of("e7"),
		    .tty = att_slice_of("/dev/tty1"),
		    .rhost = att_slice_of("192.0.2.7"),
		    .locale = att_slice_of("zh_CN.UTF-8"),
		    .argc = 2,
		    .argv = { att_slice_of("me"), att_slice_of("陈") } } };
}

TEST("every kind of frame comes back as it was written")
{
	const struct wire_msg msgs[] = {
		full_request(),
		{ .type = WIRE_REQUEST,
		    .request = { .phase = WIRE_AUTHENTICATE } },
		{ .type = WIRE_ANSWER,
		    .answer = { .text = att_slice_of("482913") } },
		{ .type = WIRE_ANSWER, .answer = { .text = { NULL, 0 } } },
		{ .type = WIRE_ANSWER, .answer = { .state = WIRE_NO_ANSWER } },
		{ .type = WIRE_ASK,
		    .ask = { WIRE_FOR_PIN, 0, att_slice_of("PIN: ") } },
		{ .type = WIRE_ASK, .ask = { 200, 1, att_slice_of("工号：") } },
		{ .type = WIRE_INFORM, .text = { att_slice_of("a\nb") } },
		{ .type = WIRE_WARN, .text = { att_slice_of("") } },
		{ .type = WIRE_OUTPUT, .output = { 2, repeat('\0', 40000) } },
		{ .type = WIRE_WAIT, .wait = { 30000 } },
		{ .type = WIRE_NAME, .name = { att_slice_of("e1042") } },
		{ .type = WIRE_REQUEST,
		    .request = { .phase = WIRE_AUTHENTICATE,
			.flags = WIRE_F_IDENTIFY } },
		{ .type = WIRE_VERDICT, .verdict = { VERDICT_ALLOW, 0, 0 } },
		{ .type = WIRE_VERDICT,
		    .verdict = { VERDICT_DENY, UINT32_MAX, 255 } },
	};

	for (size_t i = 0; i < sizeof(msgs) / sizeof(msgs[0]); i++)
		CHECK(survives(&msgs[i]));
}

TEST("a request's fields arrive in their places")
{
	struct wire_msg m = full_request(), back = { 0 };
	uint8_t buf[512];
	size_t n;

	NEED(wire_encode(&m, buf, sizeof(buf), &n) == ATT_OK);
	NEED(wire_decode(buf, n, &back) == ATT_OK);

	CHECK(back.request.phase == WIRE_COMMAND);
	CHECK(back.request.flags == (WIRE_F_ALL & ~WIRE_F_IDENTIFY));
	CHECK(back.request.deadline_ms == 60000);
	CHECK(att_slice_is(back.request.service, "sshd"));
	CHECK(att_slice_is(back.request.user, "e1042"));
	CHECK(att_slice_is(back.request.ruser, "e7"));
	CHECK(att_slice_is(back.request.tty, "/dev/tty1"));
	CHECK(att_slice_is(back.request.rhost, "192.0.2.7"));
	CHECK(att_slice_is(back.request.locale, "zh_CN.UTF-8"));
	CHECK(back.request.argc == 2);
	CHECK(att_slice_is(back.request.argv[1], "陈"));
}

/* Sets one field of a message to n bytes. */
typedef struct wire_msg with(size_t n);

static struct wire_msg
with_user(size_t n)
{
	return (struct wire_msg){ .type = WIRE_REQUEST,
		.request = { .phase = WIRE_ACCOUNT, .user = repeat('u', n) } };
}

static struct wire_msg
with_locale(size_t n)
{
	return (struct wire_msg){ .type = WIRE_REQUEST,
		.request = {
		    .phase = WIRE_ACCOUNT, .locale = repeat('l', n) } };
}

static struct wire_msg
with_word(size_t n)
{
	return (struct wire_msg){ .type = WIRE_REQUEST,
		.request = { .phase = WIRE_COMMAND,
		    .argc = 1,
		    .argv = { repeat('w', n) } } };
}

static struct wire_msg
with_words(size_t n)
{
	struct wire_msg m = { .type = WIRE_REQUEST,
		.request = { .phase = WIRE_COMMAND, .argc = (uint8_t)n } };

	for (size_t i = 0; i < n && i < WIRE_ARGS_MAX; i++)
		m.request.argv[i] = att_slice_of("w");
	return m;
}

static struct wire_msg
with_prompt(size_t n)
{
	return (struct wire_msg){ .type = WIRE_ASK,
		.ask = { .prompt = repeat('p', n) } };
}

static struct wire_msg
with_text(size_t n)
{
	return (
	    struct wire_msg){ .type = WIRE_WARN, .text = { repeat('t', n) } };
}

static struct wire_msg
with_answer(size_t n)
{
	return (struct wire_msg){ .type = WIRE_ANSWER,
		.answer = { .text = repeat('a', n) } };
}

static struct wire_msg
with_output(size_t n)
{
	return (struct wire_msg){ .type = WIRE_OUTPUT,
		.output = { 1, repeat('o', n) } };
}

static struct wire_msg
with_login(size_t n)
{
	return (
	    struct wire_msg){ .type = WIRE_NAME, .name = { repeat('n', n) } };
}

TEST("each limit holds: one below and at it pass, one above is refused")
{
	static const struct {
		const char *what;
		with *make;
		size_t max;
	} rows[] = {
		{ "a name", with_user, WIRE_NAME_MAX },
		{ "the locale", with_locale, WIRE_NAME_MAX },
		{ "a word", with_word, WIRE_ARG_MAX },
		{ "the number of words", with_words, WIRE_ARGS_MAX },
		{ "a prompt", with_prompt, WIRE_TEXT_MAX },
		{ "a text", with_text, WIRE_TEXT_MAX },
		{ "an answer", with_answer, WIRE_ANSWER_MAX },
		{ "who it is", with_login, WIRE_NAME_MAX },
		{ "output", with_output, WIRE_BODY_MAX - 3 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct wire_msg below = rows[i].make(rows[i].max - 1);
		struct wire_msg at, above;

		if (!survives(&below))
			printf("# %s\n", rows[i].what);
		CHECK(survives(&below));
		at = rows[i].make(rows[i].max);
		CHECK(survives(&at));
		above = rows[i].make(rows[i].max + 1);
		CHECK(encode(&above) == ATT_LIMIT);
	}
}

TEST("what is not documented is not written either")
{
	struct wire_msg echo = { .type = WIRE_ASK, .ask = { .echo = 2 } };
	struct wire_msg phase = { .type = WIRE_REQUEST };
	struct wire_msg flags = { .type = WIRE_REQUEST,
		.request = { .phase = WIRE_ACCOUNT, .flags = WIRE_F_ALL + 1 } };
	struct wire_msg named = { .type = WIRE_REQUEST,
		.request = { .phase = WIRE_AUTHENTICATE,
		    .flags = WIRE_F_IDENTIFY,
		    .user = att_slice_of("e1042") } };
	struct wire_msg other = { .type = WIRE_REQUEST,
		.request = {
		    .phase = WIRE_ACCOUNT, .flags = WIRE_F_IDENTIFY } };
	struct wire_msg nobody = { .type = WIRE_NAME };
	struct wire_msg stream = { .type = WIRE_OUTPUT };
	struct wire_msg type = { .type = (enum wire_type)99 };
	struct wire_msg text = { .type = WIRE_INFORM,
		.text = { att_slice_of("\xff") } };

	CHECK(encode(&echo) == ATT_LIMIT);
	CHECK(encode(&phase) == ATT_LIMIT);
	CHECK(encode(&flags) == ATT_LIMIT);
	CHECK(encode(&named) == ATT_LIMIT);
	CHECK(encode(&other) == ATT_LIMIT);
	CHECK(encode(&nobody) == ATT_LIMIT);
	CHECK(encode(&stream) == ATT_LIMIT);
	CHECK(encode(&type) == ATT_LIMIT);
	CHECK(encode(&text) == ATT_LIMIT);

	named.request.user = (struct att_slice){ NULL, 0 };
	CHECK(encode(&named) == ATT_OK);
	text.text.text = att_slice_of("ok");
	CHECK(encode(&text) == ATT_OK);
}

TEST("a buffer one byte too small for a frame is refused, a fitting one is not")
{
	struct wire_msg m = full_request();
	uint8_t buf[512];
	size_t n, again = 4711;

	NEED(wire_encode(&m, buf, sizeof(buf), &n) == ATT_OK);

	CHECK(wire_encode(&m, buf, n, &again) == ATT_OK);
	CHECK(again == n);
	again = 4711;
	for (size_t cap = 0; cap < n; cap++)
		CHECK(wire_encode(&m, buf, cap, &again) == ATT_LIMIT);
	CHECK(again == 4711);
}

TEST("no prefix of a frame is a frame")
{
	struct wire_msg m = full_request(), back;
	uint8_t buf[512];
	size_t n;

	NEED(wire_encode(&m, buf, sizeof(buf), &n) == ATT_OK);

	for (size_t len = 0; len < n; len++) {
		uint8_t *cut = malloc(len + 1); /* so that ASan sees the end */

		memcpy(cut, buf, len);
		CHECK(wire_decode(cut, len, &back) == ATT_FORMAT);
		free(cut);
	}
	CHECK(wire_decode(buf, n, &back) == ATT_OK);
}
