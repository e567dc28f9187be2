/* The other side of bio/fp3.h, as GLib would write it. */
#include "base/bytes.h"
#include "tests/finger/finger.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* What follows the body; more of it may need wider offsets. */
static size_t
width_for(size_t body, size_t offsets)
{
	if (body + offsets <= UINT8_MAX)
		return 1;
	return body + 2 * offsets <= UINT16_MAX ? 2 : 4;
}

static void
put_offset(struct att_writer *w, size_t v, size_t width)
{
	for (size_t i = 0; i < width; i++)
		att_put_u8(w, (uint8_t)(v >> 8 * i));
}

static void
put_zeros(struct att_writer *w, size_t to)
{
	while (w->len % to != 0)
		att_put_u8(w, 0);
}

static int32_t
degrees_of(uint8_t angle)
{
	return ((int8_t)angle * 360 + 128) >> 8;
}

static void
put_sample(struct att_writer *w, const struct bio_sample *s)
{
	const size_t len = 4 * (size_t)s->n;
	const size_t width = width_for(3 * len, 2);

	for (unsigned i = 0; i < s->n; i++)
		att_put_le32(w, s->at[i].x);
	for (unsigned i = 0; i < s->n; i++)
		att_put_le32(w, s->at[i].y);
	for (unsigned i = 0; i < s->n; i++)
		att_put_le32(w, (uint32_t)degrees_of(s->at[i].angle));
	put_offset(w, 2 * len, width);
	put_offset(w, len, width);
}

static void
put_samples(struct att_writer *w, const struct bio_template *t)
{
	const size_t start = w->len;
	size_t ends[BIO_SAMPLES_MAX], width;

	for (unsigned i = 0; i < t->n; i++) {
		put_zeros(w, 4);
		put_sample(w, &t->sample[i]);
		ends[i] = w->len - start;
	}
	width = width_for(w->len - start, t->n);
	for (unsigned i = 0; i < t->n; i++)
		put_offset(w, ends[i], width);
}

static uint8_t
finger_to(uint8_t finger)
{
	if (finger == BIO_FINGER_UNKNOWN)
		return 0;
	return (uint8_t)(finger <= 5 ? finger + 5 : finger - 5);
}

size_t
finger_fp3(const struct bio_template *t, uint8_t *buf, size_t cap)
{
	/* the body apart, as alignment counts from its start */
	struct att_writer w = att_writer_of(buf + 3, cap - 3);
	size_t ends[5], width;

	memcpy(buf, "FP3", 3);
	att_put_le32(&w, 2);
	att_put_bytes(&w, t->driver, strlen(t->driver) + 1);
	ends[0] = w.len;
	att_put_u8(&w, 0); /* device */
	ends[1] = w.len;
	att_put_u8(&w, 0); /* not in the reader */
	att_put_u8(&w, finger_to(t->finger));
	ends[2] = ends[3] = w.len; /* no user, no description */
	put_zeros(&w, 4);
	att_put_le32(&w, 0x80000000); /* no date */
	put_zeros(&w, 8);
	ends[4] = w.len;
	put_samples(&w, t);
	att_put_bytes(&w, "\0(a(aiaiai))", 12);
	width = width_for(w.len, 5);
	for (unsigned i = 5; i > 0; i--)
		put_offset(&w, ends[i - 1], width);
	assert(!w.failed);
	return w.len + 3;
}
