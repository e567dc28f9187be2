/*
 * Any order of what clients, provider and clock may do to the reader's life.
 * Whatever it is: one client at most is promised a sample and each capture is
 * answered once; a provider is never asked for two things at a time; and when
 * everybody has left and the provider answers, the reader comes to rest.
 */
#include "attend-sensor/reader.h"
#include "bio/print.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PROMISE(expr)            \
	do {                     \
		if (!(expr))     \
			abort(); \
	} while (0)

#define CLIENTS 4

/* What the provider owes us. */
enum owed {
	OWED_NOTHING,
	OWED_OPENED,
	OWED_ENDED,
	OWED_CLOSED
};

struct scene {
	struct reader r;
	int64_t now;
	enum owed owed;
	bool opened;
	int waiting[CLIENTS + 1]; /* captures not yet answered */
};

static enum sensor_reason
look(void *ctx, struct provider_look *out)
{
	const struct scene *s = ctx;

	return s->now % 7 == 0 ? SENSOR_NO_READER : SENSOR_FINE;
}

static void
begin_open(void *ctx)
{
	struct scene *s = ctx;

	PROMISE(s->owed == OWED_NOTHING && !s->opened);
	s->owed = OWED_OPENED;
}

static void
begin_capture(void *ctx)
{
	struct scene *s = ctx;

	PROMISE(s->owed == OWED_NOTHING && s->opened);
	s->owed = OWED_ENDED;
}

static void
cancel(void *ctx)
{
	const struct scene *s = ctx;

	PROMISE(s->owed == OWED_ENDED);
}

static void
begin_close(void *ctx)
{
	struct scene *s = ctx;

	PROMISE(s->owed == OWED_NOTHING && s->opened);
	s->owed = OWED_CLOSED;
}

static int64_t
now_ms(void *ctx)
{
	return ((const struct scene *)ctx)->now;
}

static void
tell(void *ctx, reader_client to, const struct sensor_msg *m)
{
	struct scene *s = ctx;

	PROMISE(to >= 1 && to <= CLIENTS);
	if (m->type == SENSOR_NOTICE)
		PROMISE(s->waiting[to] == 1);
	if (m->type == SENSOR_SAMPLE || m->type == SENSOR_FAILED)
		PROMISE(--s->waiting[to] == 0);
}

static void
drop(void *ctx, reader_client who)
{
	struct scene *s = ctx;

	PROMISE(who >= 1 && who <= CLIENTS);
	s->waiting[who] = 0;
}

static void
opened(struct scene *s, enum sensor_reason why)
{
	if (s->owed != OWED_OPENED)
		return;
	s->owed = OWED_NOTHING;
	s->opened = why == SENSOR_FINE;
	reader_on_opened(&s->r, why, "");
}

static void
ended(struct scene *s, enum sensor_reason why)
{
	if (s->owed != OWED_ENDED)
		return;
	s->owed = OWED_NOTHING;
	reader_on_ended(&s->r, why, "");
}

static void
closed(struct scene *s)
{
	if (s->owed != OWED_CLOSED)
		return;
	s->owed = OWED_NOTHING;
	s->opened = false;
	reader_on_closed(&s->r);
}

static void
sampled(struct scene *s, uint8_t n)
{
	static struct bio_template t;

	memset(&t, 0, sizeof(t));
	t.n = 1;
	t.driver[0] = 'f';
	t.sample[0].resolution = BIO_RESOLUTION;
	t.sample[0].n = n;
	for (unsigned i = 0; i < n; i++)
		t.sample[0].at[i].x = (uint16_t)i;
	if (s->owed == OWED_ENDED)
		reader_on_sample(&s->r, &t);
}

static void
ask(struct scene *s, reader_client who, uint8_t wait)
{
	/* a second one before the first is answered ends the connection */
	if (s->r.holder == who && s->r.asked) {
		reader_ask(&s->r, who, 0);
		PROMISE(s->r.holder == READER_NOBODY);
		return;
	}
	s->waiting[who]++;
	reader_ask(&s->r, who, wait * 1000u);
}

static void
step(struct scene *s, uint8_t what, uint8_t with)
{
	const reader_client who = 1 + with % CLIENTS;
	const enum sensor_reason why = with % SENSOR_REASON_END;

	switch (what % 14) {
	case 0: ask(s, who, with / CLIENTS); return;
	case 1: reader_cancel(&s->r, who); return;
	case 2:
		s->waiting[who] = 0;
		reader_leave(&s->r, who);
		return;
	case 3: reader_status(&s->r, who); return;
	case 4: opened(s, SENSOR_FINE); return;
	case 5: opened(s, why); return;
	case 6: ended(s, SENSOR_FINE); return;
	case 7: ended(s, why); return;
	case 8: closed(s); return;
	case 9: sampled(s, with); return;
	case 10: reader_on_notice(&s->r, SENSOR_TOUCH); return;
	case 11: reader_on_gone(&s->r); return;
	case 12:
		reader_on_heat(&s->r, with % 3);
		if (with > 200)
			reader_slept(&s->r);
		return;
	case 13:
		s->now += with * 100;
		reader_tick(&s->r);
		return;
	default: return;
	}
}

/* Everybody goes, and the provider does what it owes. */
static void
settle(struct scene *s)
{
	for (reader_client c = 1; c <= CLIENTS; c++)
		reader_leave(&s->r, c);
	for (int i = 0; i < 4; i++) {
		opened(s, SENSOR_FINE);
		ended(s, SENSOR_CANCELLED);
		closed(s);
	}
	PROMISE(s->r.state == READER_CLOSED || s->r.state == READER_STUCK);
	PROMISE(s->r.holder == READER_NOBODY && !s->r.asked);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct scene s;
	const struct provider p = { look, begin_open, begin_capture, cancel,
		begin_close, &s };
	const struct reader_world w = { now_ms, tell, drop, &s };

	s = (struct scene){ .now = 1 };
	reader_init(&s.r, &p, &w, false);
	for (size_t i = 0; i + 1 < size; i += 2) {
		step(&s, data[i], data[i + 1]);
		for (reader_client c = 1; c <= CLIENTS; c++)
			PROMISE(s.waiting[c] ==
			    (s.r.holder == c && s.r.asked ? 1 : 0));
	}
	settle(&s);
	return 0;
}
