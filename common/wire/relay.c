#include "wire/relay.h"

#include "base/clock.h"

#include <string.h>
#include <sys/mman.h>

/* What a dialogue needs in memory, one mapping: locked where the system lets
 * us, never in a core dump, wiped before it goes back. */
struct relay_memory {
	uint8_t in[WIRE_FRAME_MAX];
	uint8_t out[WIRE_FRAME_MAX];
	char answer[WIRE_ANSWER_MAX + 1];
};

struct relay {
	struct wire_channel channel;
	char *answer;
	const struct relay_ops *ops;
	int wait_ms;
	int64_t deadline; /* of the wait for the next question or the end */
	unsigned asks, texts, waits;
	bool named;
};

static struct relay_memory *
memory_new(void)
{
	struct relay_memory *m = mmap(NULL, sizeof(*m), PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (m == MAP_FAILED)
		return NULL;
	/* best effort: an ordinary user's limits may be too low to lock */
	(void)mlock(m, sizeof(*m));
	(void)madvise(m, sizeof(*m), MADV_DONTDUMP);
	return m;
}

static void
memory_free(struct relay_memory *m)
{
	explicit_bzero(m, sizeof(*m));
	(void)munmap(m, sizeof(*m)); /* cannot fail on what mmap gave */
}

static void
wait_from_now(struct relay *r, int ms)
{
	r->deadline = att_mono_ms() + ms;
}

static int
time_left(const struct relay *r)
{
	int64_t left = r->deadline - att_mono_ms();

	return left > 0 ? (int)left : 0;
}

static enum att_err
answer(struct relay *r, const struct wire_ask *ask)
{
	struct wire_msg msg = { .type = WIRE_ANSWER };
	size_t len = 0;
	enum att_err e;

	if (++r->asks > RELAY_ASKS_MAX)
		return ATT_LIMIT;
	e = r->ops->ask(r->ops->ctx, ask, r->answer, &len);
	if (e == ATT_OK && len > WIRE_ANSWER_MAX)
		e = ATT_LIMIT;
	if (e != ATT_OK && e != ATT_ABSENT)
		return e;
	msg.answer.state = e == ATT_OK ? WIRE_ANSWERED : WIRE_NO_ANSWER;
	if (e == ATT_OK)
		msg.answer.text =
		    (struct att_slice){ (const uint8_t *)r->answer, len };
	e = wire_send(&r->channel, &msg, NULL, 0, r->wait_ms);
	explicit_bzero(r->answer, WIRE_ANSWER_MAX);
	wait_from_now(r, r->wait_ms);
	return e;
}

/* Texts do not lengthen the wait, nobody can talk us past the deadline; the
 * time that the user's program takes to show one does not shorten it. */
static enum att_err
show(struct relay *r, bool warn, struct att_slice text)
{
	int64_t began = att_mono_ms();

	if (++r->texts > RELAY_TEXTS_MAX)
		return ATT_LIMIT;
	r->ops->text(r->ops->ctx, warn, text);
	r->deadline += att_mono_ms() - began;
	return ATT_OK;
}

/* Counted like texts, so that nobody can hold us for ever. */
static enum att_err
be_patient(struct relay *r, uint32_t ms)
{
	if (++r->waits > RELAY_WAITS_MAX)
		return ATT_LIMIT;
	if (ms > WIRE_WAIT_MS)
		ms = WIRE_WAIT_MS;
	wait_from_now(r, (int)ms > r->wait_ms ? (int)ms : r->wait_ms);
	return ATT_OK;
}

static enum att_err
output(struct relay *r, const struct wire_output *o)
{
	if (r->ops->output == NULL)
		return ATT_FORMAT;
	r->ops->output(r->ops->ctx, o->stream, o->bytes);
	wait_from_now(r, r->wait_ms);
	return ATT_OK;
}

static enum att_err
name(struct relay *r, struct att_slice login)
{
	if (r->ops->name == NULL || r->named)
		return ATT_FORMAT;
	r->named = true;
	return r->ops->name(r->ops->ctx, login);
}

/* Whatever attendd sends, until it is the verdict. */
static enum att_err
follow(struct relay *r, struct wire_verdict *out)
{
	for (;;) {
		struct wire_msg m;
		enum att_err e =
		    wire_recv(&r->channel, &m, NULL, NULL, time_left(r));

		if (e != ATT_OK)
			return e;
		switch (m.type) {
		case WIRE_ASK: e = answer(r, &m.ask); break;
		case WIRE_INFORM: e = show(r, false, m.text.text); break;
		case WIRE_WARN: e = show(r, true, m.text.text); break;
		case WIRE_OUTPUT: e = output(r, &m.output); break;
		case WIRE_WAIT: e = be_patient(r, m.wait.ms); break;
		case WIRE_NAME: e = name(r, m.name.login); break;
		case WIRE_VERDICT: *out = m.verdict; return ATT_OK;
		case WIRE_REQUEST:
		case WIRE_ANSWER: return ATT_FORMAT; /* ours to send */
		}
		if (e != ATT_OK)
			return e;
	}
}

enum att_err
relay_run(int fd, const struct wire_request *request, const int *fds,
    size_t nfds, int wait_ms, const struct relay_ops *ops,
    struct wire_verdict *out)
{
	struct wire_msg msg = { .type = WIRE_REQUEST, .request = *request };
	struct relay_memory *m = memory_new();
	struct relay r = { .ops = ops, .wait_ms = wait_ms };
	enum att_err e;

	*out = (struct wire_verdict){ .verdict = VERDICT_DENY };
	if (m == NULL)
		return ATT_NOMEM;
	r.channel = (struct wire_channel){ fd, m->in, m->out };
	r.answer = m->answer;
	e = wire_send(&r.channel, &msg, fds, nfds, wait_ms);
	wait_from_now(&r, wait_ms < WIRE_CHECK_MS ? wait_ms : WIRE_CHECK_MS);
	if (e == ATT_OK)
		e = follow(&r, out);
	memory_free(m);
	return e;
}
