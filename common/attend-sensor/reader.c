#include "attend-sensor/reader.h"

#include "base/text.h"
#include "bio/print.h"

#include <string.h>

static int64_t
now(const struct reader *r)
{
	return r->world->now_ms(r->world->ctx);
}

void
reader_init(struct reader *r, const struct provider *p,
    const struct reader_world *w, bool test)
{
	*r = (struct reader){ .provider = p, .world = w, .test = test };
}

static void
tell(struct reader *r, reader_client to, const struct sensor_msg *m)
{
	r->world->tell(r->world->ctx, to, m);
}

static void
tell_failed(struct reader *r, reader_client to, enum sensor_reason why,
    uint32_t retry_ms, const char *detail)
{
	struct sensor_msg m = { .type = SENSOR_FAILED,
		.failed = { .reason = (uint8_t)why,
		    .retry_ms = retry_ms,
		    .detail = att_slice_of(detail) } };

	/* a library's words, for a log: better none than a broken frame */
	if (m.failed.detail.len > SENSOR_TEXT_MAX ||
	    !att_text_ok(m.failed.detail))
		m.failed.detail.len = 0;
	tell(r, to, &m);
}

/* 0 unless too hot. */
static uint32_t
cooling_ms(const struct reader *r)
{
	const int64_t left = r->hot_until - now(r);

	return r->temperature == SENSOR_TOO_HOT && left > 0 ? (uint32_t)left
							    : 0;
}

/* The capture that the holder waits for has come to nothing. */
static void
fail(struct reader *r, enum sensor_reason why, const char *detail)
{
	if (!r->asked)
		return;
	r->asked = false;
	r->idle_until = now(r) + SENSOR_IDLE_MS;
	tell_failed(
	    r, r->holder, why, why == SENSOR_HOT ? cooling_ms(r) : 0, detail);
}

static void
let_go(struct reader *r)
{
	r->holder = READER_NOBODY;
	r->asked = false;
}

static void
enter(struct reader *r, enum reader_state s, int64_t within_ms)
{
	r->state = s;
	r->state_until = within_ms > 0 ? now(r) + within_ms : 0;
}

static void
begin_open(struct reader *r)
{
	struct provider_look look = { "", "", "" };
	const enum sensor_reason why =
	    r->provider->look(r->provider->ctx, &look);

	if (why != SENSOR_FINE) {
		fail(r, why, look.detail);
		return;
	}
	r->renew = false;
	enter(r, READER_OPENING, READER_OPEN_MS);
	r->provider->open(r->provider->ctx);
}

static void
begin_capture(struct reader *r)
{
	if (++r->tries > READER_TRIES_MAX) {
		fail(r, SENSOR_FAULT, "too many fingers that were not read");
		return;
	}
	enter(r, READER_CAPTURING, 0);
	r->provider->capture(r->provider->ctx);
}

/*
 * What follows from who wants what. Called after every event; a provider does
 * not answer from within, so one step at a time is enough.
 */
static void
advance(struct reader *r)
{
	switch (r->state) {
	case READER_CLOSED:
		if (r->asked)
			begin_open(r);
		return;
	case READER_OPEN:
		if (r->asked && !r->renew) {
			begin_capture(r);
		} else if (r->renew || r->holder == READER_NOBODY) {
			enter(r, READER_CLOSING, READER_REST_MS);
			r->provider->close(r->provider->ctx);
		}
		return;
	case READER_CAPTURING:
		if (!r->asked) {
			enter(r, READER_LIFTING, READER_REST_MS);
			r->provider->cancel(r->provider->ctx);
		}
		return;
	case READER_LIFTING:
		/* a finger may rest there for as long as somebody minds it */
		if ((r->holder == READER_NOBODY || r->renew) &&
		    r->state_until == 0) {
			enter(r, READER_LIFTING, READER_REST_MS);
			r->provider->cancel(r->provider->ctx);
		}
		return;
	case READER_OPENING:
	case READER_CLOSING:
	case READER_STUCK: return;
	}
}

/* --- from the clients ---------------------------------------------------- */

static uint32_t
lease_left(const struct reader *r)
{
	const int64_t until = r->asked && r->asked_until < r->lease_until
	    ? r->asked_until
	    : r->lease_until;
	const int64_t left = until - now(r);

	return left > 0 ? (uint32_t)left : 0;
}

static void
take(struct reader *r, reader_client who, uint32_t wait_ms)
{
	if (wait_ms == 0)
		wait_ms = SENSOR_WAIT_MS;
	if (wait_ms > SENSOR_WAIT_MS_MAX)
		wait_ms = SENSOR_WAIT_MS_MAX;
	if (r->holder == READER_NOBODY)
		r->lease_until = now(r) + SENSOR_LEASE_MS;
	r->holder = who;
	r->asked = true;
	r->asked_until = now(r) + wait_ms;
	r->tries = 0;
}

void
reader_ask(struct reader *r, reader_client who, uint32_t wait_ms)
{
	const struct sensor_msg lift = { .type = SENSOR_NOTICE,
		.notice = { SENSOR_LIFT } };

	if (r->holder != READER_NOBODY && r->holder != who) {
		tell_failed(r, who, SENSOR_BUSY, lease_left(r), "");
		return;
	}
	if (r->asked) { /* one capture at a time is the protocol */
		let_go(r);
		r->world->drop(r->world->ctx, who);
		advance(r);
		return;
	}
	take(r, who, wait_ms);
	if (cooling_ms(r) > 0)
		fail(r, SENSOR_HOT, "");
	else if (r->state == READER_STUCK)
		fail(r, SENSOR_FAULT, "the reader does not come to rest");
	else if (r->state == READER_LIFTING && r->state_until == 0)
		tell(r, who, &lift);
	advance(r);
}

void
reader_cancel(struct reader *r, reader_client who)
{
	if (r->holder != who)
		return;
	fail(r, SENSOR_CANCELLED, "");
	advance(r);
}

void
reader_leave(struct reader *r, reader_client who)
{
	if (r->holder != who)
		return;
	let_go(r);
	advance(r);
}

void
reader_status(struct reader *r, reader_client who)
{
	struct provider_look look = { "", "", "" };
	enum sensor_reason why = r->provider->look(r->provider->ctx, &look);
	struct sensor_msg m = { .type = SENSOR_STATUS };

	if (why == SENSOR_FINE && r->state == READER_STUCK)
		why = SENSOR_FAULT;
	if (why == SENSOR_FINE && cooling_ms(r) > 0)
		why = SENSOR_HOT;
	m.status = (struct sensor_status){ .reason = (uint8_t)why,
		.in_use = r->holder != READER_NOBODY,
		.test = r->test,
		.temperature = (uint8_t)r->temperature,
		.retry_ms = cooling_ms(r),
		.driver = att_slice_of(look.driver),
		.name = att_slice_of(look.name) };
	tell(r, who, &m);
}

/* --- from the provider ---------------------------------------------------- */

static void
note_heat(struct reader *r, enum sensor_reason why)
{
	if (why == SENSOR_HOT)
		reader_on_heat(r, SENSOR_TOO_HOT);
}

void
reader_on_opened(struct reader *r, enum sensor_reason why, const char *detail)
{
	if (r->state != READER_OPENING)
		return;
	note_heat(r, why);
	enter(r, why == SENSOR_FINE ? READER_OPEN : READER_CLOSED, 0);
	if (why != SENSOR_FINE)
		fail(r, why, detail);
	advance(r);
}

void
reader_on_notice(struct reader *r, enum sensor_notice what)
{
	const struct sensor_msg m = { .type = SENSOR_NOTICE,
		.notice = { (uint8_t)what } };

	if (r->asked && r->state == READER_CAPTURING)
		tell(r, r->holder, &m);
}

static void
tell_sample(struct reader *r, const struct bio_template *sample)
{
	uint8_t buf[SENSOR_FRAME_MAX];
	struct sensor_msg m = { .type = SENSOR_SAMPLE };
	size_t len;

	if (sample->n != 1 || sample->finger != BIO_FINGER_UNKNOWN ||
	    bio_template_encode(sample, buf, sizeof(buf), &len) != ATT_OK) {
		fail(r, SENSOR_FAULT, "the sample is not one");
		return;
	}
	m.sample.print = (struct att_slice){ buf, len };
	r->asked = false;
	r->idle_until = now(r) + SENSOR_IDLE_MS;
	tell(r, r->holder, &m);
	explicit_bzero(buf, sizeof(buf));
}

void
reader_on_sample(struct reader *r, const struct bio_template *sample)
{
	if (r->state != READER_CAPTURING || !r->asked)
		return; /* it crossed a cancelling */
	if (sample->n == 1 && sample->sample[0].n < BIO_PRINT_MIN) {
		reader_on_notice(r, SENSOR_PRESS);
		return; /* it will end, and begin again */
	}
	tell_sample(r, sample);
	enter(r, READER_LIFTING, 0);
	advance(r);
}

void
reader_on_ended(struct reader *r, enum sensor_reason why, const char *detail)
{
	if (r->state != READER_CAPTURING && r->state != READER_LIFTING)
		return;
	note_heat(r, why);
	/* not what it was told to, or not by us: what is left is unsure */
	if (why != SENSOR_FINE && why != SENSOR_CANCELLED)
		r->renew = true;
	if (why != SENSOR_FINE && r->state == READER_CAPTURING)
		fail(r, why, detail);
	enter(r, READER_OPEN, 0);
	advance(r);
}

void
reader_on_closed(struct reader *r)
{
	if (r->state != READER_CLOSING)
		return;
	enter(r, READER_CLOSED, 0);
	advance(r);
}

void
reader_on_gone(struct reader *r)
{
	if (r->state == READER_CLOSED)
		return;
	r->renew = true;
	fail(r, SENSOR_GONE, "");
	advance(r);
}

void
reader_on_heat(struct reader *r, enum sensor_temperature t)
{
	if (t == SENSOR_TOO_HOT && r->temperature != SENSOR_TOO_HOT)
		r->hot_until = now(r) + READER_HOT_MS;
	r->temperature = t;
}

/* --- from the clock --------------------------------------------------------
 */

static int64_t
earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

int64_t
reader_next(const struct reader *r)
{
	int64_t at = INT64_MAX;

	if (r->state_until != 0)
		at = earlier(at, r->state_until);
	if (r->holder != READER_NOBODY) {
		at = earlier(at, r->lease_until);
		at = earlier(at, r->asked ? r->asked_until : r->idle_until);
	}
	return at;
}

/* Its time is over; whoever was promised an answer gets one. */
static void
end_lease(struct reader *r)
{
	const reader_client who = r->holder;

	fail(r, SENSOR_TAKEN_AWAY, "");
	let_go(r);
	r->world->drop(r->world->ctx, who);
}

void
reader_tick(struct reader *r)
{
	const int64_t t = now(r);

	if (r->state_until != 0 && t >= r->state_until) {
		fail(r, SENSOR_FAULT, "the reader does not answer");
		enter(r, READER_STUCK, 0);
	}
	if (r->holder != READER_NOBODY && r->asked && t >= r->asked_until)
		fail(r, SENSOR_TIMEOUT, "");
	if (r->holder != READER_NOBODY &&
	    (t >= r->lease_until || (!r->asked && t >= r->idle_until)))
		end_lease(r);
	advance(r);
}

void
reader_slept(struct reader *r)
{
	if (r->state == READER_CLOSED)
		return;
	r->renew = true;
	fail(r, SENSOR_SLEPT, "");
	advance(r);
}

bool
reader_rests(const struct reader *r)
{
	return r->state == READER_CLOSED && r->holder == READER_NOBODY &&
	    r->temperature == SENSOR_COLD;
}
