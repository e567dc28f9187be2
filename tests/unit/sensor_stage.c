#include "sensor_stage.h"

#include "attendd/reader.h"
#include "base/owner.h"
#include "tests/finger/finger.h"

#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void
say(struct sensor_stage *st, const struct sensor_msg *m)
{
	uint8_t buf[SENSOR_FRAME_MAX];
	size_t len;

	if (sensor_encode(m, buf, sizeof(buf), &len) == ATT_OK)
		(void)send(st->fd, buf, len, MSG_NOSIGNAL);
}

static void
say_sample(struct sensor_stage *st, const struct stage_touch *t)
{
	struct bio_template one = { .n = 1, .driver = "stage" };
	uint8_t bytes[BIO_TEMPLATE_MAX];
	struct sensor_msg m = { .type = SENSOR_SAMPLE };

	finger_points(t->finger, t->impression, &finger_usual, &one.sample[0]);
	bio_sample_sort(&one.sample[0]);
	one.sample[0].quality = 80;
	m.sample.print.at = bytes;
	if (bio_template_encode(
		&one, bytes, sizeof(bytes), &m.sample.print.len) == ATT_OK)
		say(st, &m);
}

static void
answer(struct sensor_stage *st)
{
	const struct sensor_msg touch = { .type = SENSOR_NOTICE,
		.notice = { SENSOR_TOUCH } };
	struct sensor_msg no = { .type = SENSOR_FAILED,
		.failed = { .reason = SENSOR_TIMEOUT } };
	const struct stage_touch *t =
	    st->captures < st->n ? &st->touches[st->captures] : NULL;

	st->captures++;
	say(st, &touch);
	if (st->at != NULL)
		st->at(st);
	if (t != NULL && t->hangs_up)
		(void)shutdown(st->fd, SHUT_RDWR);
	else if (t != NULL && t->finger != 0)
		say_sample(st, t);
	else {
		if (t != NULL)
			no.failed.reason = (uint8_t)t->no;
		say(st, &no);
	}
}

static void *
run(void *ctx)
{
	struct sensor_stage *st = ctx;
	uint8_t buf[SENSOR_FRAME_MAX];

	for (;;) {
		struct sensor_msg m;
		ssize_t n = recv(st->fd, buf, sizeof(buf), 0);

		if (n <= 0)
			return NULL;
		if (sensor_decode(buf, (size_t)n, &m) == ATT_OK &&
		    m.type == SENSOR_CAPTURE)
			answer(st);
	}
}

bool
stage_open(struct sensor_stage *st, struct dialogue *d,
    const struct stage_touch *touches, unsigned n)
{
	int pair[2];

	st->touches = touches;
	st->n = n;
	st->captures = 0;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		return false;
	d->sensor = pair[0];
	st->fd = pair[1];
	return pthread_create(&st->thread, NULL, run, st) == 0;
}

unsigned
stage_close(struct sensor_stage *st, struct dialogue *d)
{
	reader_close(d);
	(void)pthread_join(st->thread, NULL);
	(void)close(st->fd);
	return st->captures;
}
