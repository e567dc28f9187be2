#include "wire/wire.h"

#include "base/text.h"

#include <string.h>

/* Text without NUL; steering characters are the viewer's business. */
static bool
is_text(struct att_slice s, size_t max)
{
	uint32_t code = 0;

	if (s.len > max)
		return false;
	while (s.len > 0) {
		size_t n = att_utf8_next(s.at, s.len, &code);

		if (n == 0 || code == 0)
			return false;
		s.at += n;
		s.len -= n;
	}
	return true;
}

/* What a person typed need not be UTF-8. */
static bool
is_typed(struct att_slice s, size_t max)
{
	return s.len <= max && (s.len == 0 || memchr(s.at, 0, s.len) == NULL);
}

static bool
request_ok(const struct wire_request *r)
{
	const struct att_slice *const names[] = { &r->service, &r->user,
		&r->ruser, &r->tty, &r->rhost, &r->locale };

	if (r->phase < WIRE_AUTHENTICATE || r->phase > WIRE_COMMAND ||
	    (r->flags & ~(uint32_t)WIRE_F_ALL) != 0)
		return false;
	if ((r->flags & WIRE_F_IDENTIFY) != 0 &&
	    (r->phase != WIRE_AUTHENTICATE || r->user.len > 0))
		return false;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!is_text(*names[i], WIRE_NAME_MAX))
			return false;
	if (r->argc > (r->phase == WIRE_COMMAND ? WIRE_ARGS_MAX : 0))
		return false;
	for (size_t i = 0; i < r->argc; i++)
		if (!is_text(r->argv[i], WIRE_ARG_MAX))
			return false;
	return true;
}

static bool
answer_ok(const struct wire_answer *a)
{
	return a->state <= WIRE_NO_ANSWER &&
	    is_typed(a->text, WIRE_ANSWER_MAX) &&
	    (a->state == WIRE_ANSWERED || a->text.len == 0);
}

/* The documented limits of fields, the same for both directions. */
static bool
fields_ok(const struct wire_msg *m)
{
	switch (m->type) {
	case WIRE_REQUEST: return request_ok(&m->request);
	case WIRE_ANSWER: return answer_ok(&m->answer);
	case WIRE_ASK:
		return m->ask.echo <= 1 &&
		    is_text(m->ask.prompt, WIRE_TEXT_MAX);
	case WIRE_INFORM:
	case WIRE_WARN: return is_text(m->text.text, WIRE_TEXT_MAX);
	case WIRE_OUTPUT: return m->output.stream == 1 || m->output.stream == 2;
	case WIRE_NAME:
		return m->name.login.len > 0 &&
		    is_text(m->name.login, WIRE_NAME_MAX);
	case WIRE_VERDICT:
	case WIRE_WAIT: return true;
	}
	return false;
}

static void
take_request(struct att_reader *r, struct wire_request *q)
{
	q->phase = att_take_u8(r);
	q->flags = att_take_le32(r);
	q->deadline_ms = att_take_le32(r);
	q->service = att_take_str8(r);
	q->user = att_take_str8(r);
	q->ruser = att_take_str8(r);
	q->tty = att_take_str8(r);
	q->rhost = att_take_str8(r);
	q->locale = att_take_str8(r);
	q->argc = att_take_u8(r);
	if (q->argc > WIRE_ARGS_MAX) {
		r->failed = true;
		return;
	}
	for (size_t i = 0; i < q->argc; i++)
		q->argv[i] = att_take_str16(r);
}

static void
take_body(struct att_reader *r, struct wire_msg *m)
{
	switch (m->type) {
	case WIRE_REQUEST: take_request(r, &m->request); return;
	case WIRE_ANSWER:
		m->answer.state = att_take_u8(r);
		m->answer.text = att_take_str16(r);
		return;
	case WIRE_ASK:
		m->ask.wanted = att_take_u8(r);
		m->ask.echo = att_take_u8(r);
		m->ask.prompt = att_take_str16(r);
		return;
	case WIRE_INFORM:
	case WIRE_WARN: m->text.text = att_take_str16(r); return;
	case WIRE_OUTPUT:
		m->output.stream = att_take_u8(r);
		m->output.bytes = att_take_str16(r);
		return;
	case WIRE_VERDICT:
		m->verdict.verdict = (enum att_verdict)att_take_le32(r);
		m->verdict.delay_ms = att_take_le32(r);
		m->verdict.status = att_take_u8(r);
		return;
	case WIRE_WAIT: m->wait.ms = att_take_le32(r); return;
	case WIRE_NAME: m->name.login = att_take_str8(r); return;
	}
	r->failed = true;
}

enum att_err
wire_decode(const void *buf, size_t len, struct wire_msg *out)
{
	struct att_reader r = att_reader_of(buf, len);
	struct wire_msg m = { 0 };
	uint8_t type;
	uint32_t body;

	if (len > WIRE_FRAME_MAX ||
	    !head_take(&r, WIRE_VERSION, &type, &body) || body != r.left)
		return ATT_FORMAT;
	m.type = (enum wire_type)type;
	take_body(&r, &m);
	if (att_reader_done(&r) != ATT_OK || !fields_ok(&m))
		return ATT_FORMAT;
	*out = m;
	return ATT_OK;
}

static void
put_request(struct att_writer *w, const struct wire_request *q)
{
	att_put_u8(w, q->phase);
	att_put_le32(w, q->flags);
	att_put_le32(w, q->deadline_ms);
	att_put_str8(w, q->service);
	att_put_str8(w, q->user);
	att_put_str8(w, q->ruser);
	att_put_str8(w, q->tty);
	att_put_str8(w, q->rhost);
	att_put_str8(w, q->locale);
	att_put_u8(w, q->argc);
	for (size_t i = 0; i < q->argc; i++)
		att_put_str16(w, q->argv[i]);
}

static void
put_body(struct att_writer *w, const struct wire_msg *m)
{
	switch (m->type) {
	case WIRE_REQUEST: put_request(w, &m->request); return;
	case WIRE_ANSWER:
		att_put_u8(w, m->answer.state);
		att_put_str16(w, m->answer.text);
		return;
	case WIRE_ASK:
		att_put_u8(w, m->ask.wanted);
		att_put_u8(w, m->ask.echo);
		att_put_str16(w, m->ask.prompt);
		return;
	case WIRE_INFORM:
	case WIRE_WARN: att_put_str16(w, m->text.text); return;
	case WIRE_OUTPUT:
		att_put_u8(w, m->output.stream);
		att_put_str16(w, m->output.bytes);
		return;
	case WIRE_VERDICT:
		att_put_le32(w, (uint32_t)m->verdict.verdict);
		att_put_le32(w, m->verdict.delay_ms);
		att_put_u8(w, m->verdict.status);
		return;
	case WIRE_WAIT: att_put_le32(w, m->wait.ms); return;
	case WIRE_NAME: att_put_str8(w, m->name.login); return;
	}
	w->failed = true;
}

enum att_err
wire_encode(const struct wire_msg *msg, void *buf, size_t cap, size_t *len)
{
	struct att_writer frame, w;

	if (!fields_ok(msg))
		return ATT_LIMIT;
	frame = att_writer_of(buf, cap < WIRE_FRAME_MAX ? cap : WIRE_FRAME_MAX);
	w = frame;
	head_put(&w, WIRE_VERSION, (uint8_t)msg->type);
	put_body(&w, msg);
	return head_close(frame, &w, len);
}
