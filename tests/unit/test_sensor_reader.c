/* The life of a reader, with a reader, clients and a clock of our own. */
#include "test.h"

#include "attend-sensor/reader.h"
#include "bio/print.h"

#include <stdio.h>
#include <string.h>

#define SAID_MAX 512

/* What happened, in order, as words. */
struct stage {
	struct reader r;
	struct provider provider;
	struct reader_world world;
	int64_t now;
	enum sensor_reason found; /* what a look finds */
	char said[SAID_MAX];
	struct sensor_status status;
};

static void
note(struct stage *s, const char *text)
{
	size_t len = strlen(s->said);

	(void)snprintf(s->said + len, sizeof(s->said) - len, "%s%s",
	    len > 0 ? " " : "", text);
}

static enum sensor_reason
fake_look(void *ctx, struct provider_look *out)
{
	struct stage *s = ctx;

	out->driver = s->found == SENSOR_NO_READER ? "" : "fake";
	return s->found;
}

static void
fake_open(void *ctx)
{
	note(ctx, "open");
}

static void
fake_capture(void *ctx)
{
	note(ctx, "capture");
}

static void
fake_cancel(void *ctx)
{
	note(ctx, "cancel");
}

static void
fake_close(void *ctx)
{
	note(ctx, "close");
}

static int64_t
fake_now(void *ctx)
{
	return ((struct stage *)ctx)->now;
}

static void
fake_tell(void *ctx, reader_client to, const struct sensor_msg *m)
{
	struct stage *s = ctx;
	char word[64] = "?";

	if (m->type == SENSOR_NOTICE)
		(void)snprintf(
		    word, sizeof(word), "%u:notice%u", to, m->notice.what);
	else if (m->type == SENSOR_SAMPLE)
		(void)snprintf(word, sizeof(word), "%u:sample", to);
	else if (m->type == SENSOR_FAILED)
		(void)snprintf(word, sizeof(word), "%u:%s", to,
		    sensor_reason_word((enum sensor_reason)m->failed.reason));
	else if (m->type == SENSOR_STATUS)
		s->status = m->status;
	note(s, word);
}

static void
fake_drop(void *ctx, reader_client who)
{
	char word[32];

	(void)snprintf(word, sizeof(word), "drop%u", who);
	note(ctx, word);
}

static void
stage_init(struct stage *s)
{
	*s = (struct stage){ .provider = { fake_look, fake_open, fake_capture,
				 fake_cancel, fake_close, s },
		.world = { fake_now, fake_tell, fake_drop, s },
		.now = 1000000 };
	reader_init(&s->r, &s->provider, &s->world, false);
}

/* What was said since the last time. */
static bool
said(struct stage *s, const char *wanted)
{
	bool ok = strcmp(s->said, wanted) == 0;

	if (!ok)
		printf("# said: %s\n# want: %s\n", s->said, wanted);
	s->said[0] = '\0';
	return ok;
}

static struct bio_template
sample_of(uint8_t n)
{
	struct bio_template t = { .n = 1, .driver = "fake" };

	t.sample[0].resolution = BIO_RESOLUTION;
	t.sample[0].n = n;
	for (uint8_t i = 0; i < n; i++)
		t.sample[0].at[i] =
		    (struct bio_minutia){ .x = i, .y = i, .angle = i };
	return t;
}

static const struct bio_template *
good(void)
{
	static struct bio_template t;

	t = sample_of(BIO_PRINT_MIN);
	return &t;
}

static void
pass(struct stage *s, int64_t ms)
{
	s->now += ms;
	reader_tick(&s->r);
}

/* A client that waits for a finger on an open reader. */
static void
stage_capturing(struct stage *s)
{
	stage_init(s);
	reader_ask(&s->r, 1, 10000);
	reader_on_opened(&s->r, SENSOR_FINE, "");
	s->said[0] = '\0';
}

TEST("a capture opens the reader, gives the sample and closes when the client "
     "leaves")
{
	struct stage s;

	stage_init(&s);
	reader_ask(&s.r, 1, 0);
	CHECK(said(&s, "open"));
	reader_on_opened(&s.r, SENSOR_FINE, "");
	reader_on_notice(&s.r, SENSOR_TOUCH);
	CHECK(said(&s, "capture 1:notice1"));
	reader_on_sample(&s.r, good());
	CHECK(said(&s, "1:sample"));
	reader_on_ended(&s.r, SENSOR_FINE, "");
	CHECK(said(&s, ""));
	reader_leave(&s.r, 1);
	CHECK(said(&s, "close"));
	reader_on_closed(&s.r);

	CHECK(s.r.state == READER_CLOSED);
	CHECK(reader_rests(&s.r));
	CHECK(reader_next(&s.r) == INT64_MAX);
}

TEST("several captures on one connection keep the reader open")
{
	struct stage s;

	stage_capturing(&s);
	reader_on_sample(&s.r, good());
	reader_ask(&s.r, 1, 0); /* the finger is still there */
	CHECK(said(&s, "1:sample 1:notice3"));
	reader_on_ended(&s.r, SENSOR_FINE, "");
	CHECK(said(&s, "capture"));
	reader_on_sample(&s.r, good());
	reader_on_ended(&s.r, SENSOR_FINE, "");
	reader_ask(&s.r, 1, 0); /* lifted before */

	CHECK(said(&s, "1:sample capture"));
}

TEST("somebody else is told at once that the reader is in use, and for how "
     "long")
{
	struct stage s;

	stage_capturing(&s);
	reader_ask(&s.r, 2, 0);
	CHECK(said(&s, "2:busy"));
	reader_cancel(&s.r, 2); /* is none of its business */
	reader_leave(&s.r, 2);
	CHECK(said(&s, ""));
	reader_on_sample(&s.r, good());
	CHECK(said(&s, "1:sample"));
	reader_leave(&s.r, 1);
	reader_ask(&s.r, 2, 0); /* as soon as it is free */
	reader_on_ended(&s.r, SENSOR_CANCELLED, "");

	CHECK(said(&s, "cancel capture"));
}

TEST("no finger in time: the client is told when its time is over, not before")
{
	struct stage s;

	stage_capturing(&s);
	CHECK(reader_next(&s.r) == s.now + 10000);
	pass(&s, 9999);
	CHECK(said(&s, ""));
	pass(&s, 1);
	CHECK(said(&s, "1:timeout cancel"));
	reader_on_ended(&s.r, SENSOR_CANCELLED, "");
	reader_ask(&s.r, 1, 10000);

	CHECK(said(&s, "capture"));
}

TEST("a wait longer than the longest is the longest")
{
	struct stage s;

	stage_init(&s);
	reader_ask(&s.r, 1, UINT32_MAX);
	reader_on_opened(&s.r, SENSOR_FINE, "");

	CHECK(reader_next(&s.r) == s.now + SENSOR_WAIT_MS_MAX);
}

TEST("a finger that was not read is asked for again until the time is over")
{
	struct stage s;

	stage_capturing(&s);
	reader_on_notice(&s.r, SENSOR_AGAIN);
	reader_on_ended(&s.r, SENSOR_FINE, "");
	CHECK(said(&s, "1:notice4 capture"));
	pass(&s, 10000);

	CHECK(said(&s, "1:timeout cancel"));
}

TEST("a reader that never reads is not tried without end")
{
	struct stage s;

	stage_capturing(&s);
	for (int i = 0; i < READER_TRIES_MAX - 1; i++)
		reader_on_ended(&s.r, SENSOR_FINE, "");
	CHECK(s.r.state == READER_CAPTURING);
	s.said[0] = '\0';
	reader_on_ended(&s.r, SENSOR_FINE, "");

	CHECK(said(&s, "1:fault"));
	CHECK(s.r.state == READER_OPEN);
}

TEST("too few minutiae are no sample; one more is")
{
	const struct bio_template few = sample_of(BIO_PRINT_MIN - 1);
	struct stage s;

	stage_capturing(&s);
	reader_on_sample(&s.r, &few);
	CHECK(said(&s, "1:notice7"));
	reader_on_ended(&s.r, SENSOR_FINE, "");
	CHECK(said(&s, "capture"));
	reader_on_sample(&s.r, good());

	CHECK(said(&s, "1:sample"));
}

TEST("unplugged in the middle: told at once, and the next look finds nothing")
{
	struct stage s;

	stage_capturing(&s);
	s.found = SENSOR_NO_READER;
	reader_on_gone(&s.r);
	CHECK(said(&s, "1:gone cancel"));
	reader_on_gone(&s.r); /* the library says it twice */
	reader_on_ended(&s.r, SENSOR_GONE, "");
	CHECK(said(&s, "close"));
	reader_on_closed(&s.r);
	reader_ask(&s.r, 1, 0);
	CHECK(said(&s, "1:no-reader"));
	s.found = SENSOR_FINE; /* plugged in again */
	reader_ask(&s.r, 1, 0);

	CHECK(said(&s, "open"));
}

TEST("a finger left on the reader may rest there; the lease ends it")
{
	struct stage s;

	stage_capturing(&s);
	reader_on_sample(&s.r, good());
	pass(&s, SENSOR_IDLE_MS - 1);
	CHECK(said(&s, "1:sample"));
	pass(&s, 1);
	CHECK(said(&s, "drop1 cancel"));
	reader_on_ended(&s.r, SENSOR_CANCELLED, "");

	CHECK(said(&s, "close"));
}

TEST("whoever holds the reader without capturing loses it")
{
	struct stage s;

	stage_capturing(&s);
	reader_cancel(&s.r, 1);
	reader_on_ended(&s.r, SENSOR_CANCELLED, "");
	CHECK(said(&s, "1:cancelled cancel"));
	pass(&s, SENSOR_IDLE_MS - 1);
	CHECK(said(&s, ""));
	pass(&s, 1);

	CHECK(said(&s, "drop1 close"));
	CHECK(s.r.holder == READER_NOBODY);
}

TEST("nobody has the reader for longer than a lease, capturing or not")
{
	struct stage s;

	stage_init(&s);
	reader_ask(&s.r, 1, 60000);
	reader_on_opened(&s.r, SENSOR_FINE, "");
	for (int i = 0; i < 3; i++) {
		pass(&s, SENSOR_LEASE_MS / 3 - 1);
		reader_on_sample(&s.r, good());
		reader_on_ended(&s.r, SENSOR_FINE, "");
		reader_ask(&s.r, 1, 60000);
	}
	s.said[0] = '\0';
	pass(&s, 2);
	CHECK(said(&s, ""));
	pass(&s, 1);

	CHECK(said(&s, "1:taken-away drop1 cancel"));
}

TEST("a client that hangs up in the middle gives the reader back at once")
{
	struct stage s;

	stage_capturing(&s);
	reader_leave(&s.r, 1);
	CHECK(said(&s, "cancel"));
	reader_on_sample(&s.r, good()); /* crossed it: nobody's */
	reader_on_ended(&s.r, SENSOR_FINE, "");

	CHECK(said(&s, "close"));
}

TEST("a client that hangs up while the reader opens leaves it closed")
{
	struct stage s;

	stage_init(&s);
	reader_ask(&s.r, 1, 0);
	reader_leave(&s.r, 1);
	reader_on_opened(&s.r, SENSOR_FINE, "");
	reader_on_closed(&s.r);

	CHECK(said(&s, "open close"));
	CHECK(reader_rests(&s.r));
}

TEST("a second capture before the first has ended ends the connection")
{
	struct stage s;

	stage_capturing(&s);
	reader_ask(&s.r, 1, 0);

	CHECK(said(&s, "drop1 cancel"));
	CHECK(s.r.holder == READER_NOBODY);
}

TEST("a reader too hot is told at once, with the time it needs, until it says "
     "that it has cooled down")
{
	struct stage s;

	stage_capturing(&s);
	reader_on_ended(&s.r, SENSOR_HOT, "");
	CHECK(said(&s, "1:hot close"));
	reader_on_closed(&s.r);
	CHECK(!reader_rests(&s.r)); /* a new process would forget the heat */
	pass(&s, 1000);
	reader_ask(&s.r, 1, 0);
	CHECK(said(&s, "1:hot"));
	reader_status(&s.r, 2);
	CHECK(s.status.reason == SENSOR_HOT);
	CHECK(s.status.retry_ms == READER_HOT_MS - 1000);
	s.said[0] = '\0';
	reader_on_heat(&s.r, SENSOR_WARM);
	reader_ask(&s.r, 1, 0);

	CHECK(said(&s, "open"));
}

TEST("a heat that nobody takes back is over with the time of the model")
{
	struct stage s;

	stage_init(&s);
	reader_on_heat(&s.r, SENSOR_TOO_HOT);
	s.now += READER_HOT_MS - 1;
	reader_ask(&s.r, 1, 0);
	CHECK(said(&s, "1:hot"));
	s.now += 1;
	reader_ask(&s.r, 1, 0);

	CHECK(said(&s, "open"));
}

TEST("after a sleep the capture is void and the reader opened anew")
{
	struct stage s;

	stage_capturing(&s);
	reader_slept(&s.r);
	CHECK(said(&s, "1:slept cancel"));
	reader_ask(&s.r, 1, 0);
	reader_on_ended(&s.r, SENSOR_CANCELLED, "");
	CHECK(said(&s, "close"));
	reader_on_closed(&s.r);

	CHECK(said(&s, "open"));
}

TEST("a sleep with the reader closed concerns nobody")
{
	struct stage s;

	stage_init(&s);
	reader_slept(&s.r);

	CHECK(said(&s, ""));
	CHECK(reader_rests(&s.r));
}

TEST("an opening that never comes fails in time, and the reader is stuck")
{
	struct stage s;

	stage_init(&s);
	reader_ask(&s.r, 1, 0);
	pass(&s, READER_OPEN_MS - 1);
	CHECK(said(&s, "open"));
	pass(&s, 1);
	CHECK(said(&s, "1:fault"));
	CHECK(s.r.state == READER_STUCK);
	reader_ask(&s.r, 1, 0);

	CHECK(said(&s, "1:fault"));
}

TEST("a capture that does not end when told to is stuck; one that does is not")
{
	struct stage s;

	stage_capturing(&s);
	pass(&s, 10000);
	pass(&s, READER_REST_MS - 1);
	CHECK(s.r.state == READER_LIFTING);
	reader_on_ended(&s.r, SENSOR_CANCELLED, "");
	CHECK(s.r.state == READER_OPEN);
	reader_ask(&s.r, 1, 10000);
	pass(&s, 10000);
	pass(&s, READER_REST_MS);

	CHECK(s.r.state == READER_STUCK);
}

TEST("a closing that does not end is stuck, also for who waits behind it")
{
	struct stage s;

	stage_capturing(&s);
	reader_on_sample(&s.r, good());
	reader_on_ended(&s.r, SENSOR_FINE, "");
	reader_leave(&s.r, 1);
	reader_ask(&s.r, 2, 60000);
	s.said[0] = '\0';
	pass(&s, READER_REST_MS);

	CHECK(said(&s, "2:fault"));
	CHECK(s.r.state == READER_STUCK);
}

TEST("each reason not to open is told as it is, and nothing is opened")
{
	static const enum sensor_reason why[] = { SENSOR_NO_READER,
		SENSOR_UNSUITABLE, SENSOR_TEST_READER, SENSOR_FAULT };

	for (size_t i = 0; i < sizeof(why) / sizeof(why[0]); i++) {
		char wanted[32];
		struct stage s;

		stage_init(&s);
		s.found = why[i];
		reader_ask(&s.r, 1, 0);
		(void)snprintf(
		    wanted, sizeof(wanted), "1:%s", sensor_reason_word(why[i]));
		CHECK(said(&s, wanted));
	}
}

TEST("a reader that another program holds is told so and tried again when "
     "asked")
{
	struct stage s;

	stage_init(&s);
	reader_ask(&s.r, 1, 0);
	reader_on_opened(&s.r, SENSOR_HELD, "fprintd is running");
	CHECK(said(&s, "open 1:held"));
	reader_ask(&s.r, 1, 0);

	CHECK(said(&s, "open"));
}

TEST("an error of the driver is told and the reader opened anew")
{
	struct stage s;

	stage_capturing(&s);
	reader_on_ended(&s.r, SENSOR_FAULT, "words \xff of a library");
	reader_ask(&s.r, 1, 0);
	CHECK(said(&s, "1:fault close"));
	reader_on_closed(&s.r);

	CHECK(said(&s, "open"));
}

TEST("a status says who is there and opens nothing")
{
	struct stage s;

	stage_init(&s);
	reader_status(&s.r, 7);
	CHECK(said(&s, "?"));
	CHECK(s.status.reason == SENSOR_FINE && s.status.in_use == 0);
	CHECK(s.status.test == 0);
	CHECK(att_slice_is(s.status.driver, "fake"));
	reader_ask(&s.r, 1, 0);
	s.r.test = true;
	reader_status(&s.r, 7);

	CHECK(s.status.in_use == 1 && s.status.test == 1);
}

TEST("what a provider says out of turn changes nothing")
{
	struct stage s;

	stage_init(&s);
	reader_on_opened(&s.r, SENSOR_FINE, "");
	reader_on_sample(&s.r, good());
	reader_on_notice(&s.r, SENSOR_TOUCH);
	reader_on_ended(&s.r, SENSOR_FINE, "");
	reader_on_closed(&s.r);
	reader_on_gone(&s.r);

	CHECK(said(&s, ""));
	CHECK(s.r.state == READER_CLOSED);
}
