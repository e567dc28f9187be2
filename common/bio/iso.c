#include "bio/iso.h"

#include "base/bytes.h"

#include <stdbool.h>
#include <string.h>

#define MAGIC	0x464d5200u /* FMR */
#define VERSION 0x20323000u /* 20, with a space before */
#define COORD	0x3fff /* the lower 14 bits; above: kind, or reserved */
#define TURNED	128 /* theirs points into the ridge */
#define LIVE	0 /* impression type: live scan, plain */

struct head {
	uint16_t width, height, resolution;
	uint8_t views;
};

static enum att_err
take_head(struct att_reader *r, size_t len, struct head *h)
{
	uint16_t down;

	if (att_take_be32(r) != MAGIC || att_take_be32(r) != VERSION ||
	    att_take_be32(r) != len)
		return ATT_FORMAT;
	(void)att_take_be16(r); /* what captured it */
	h->width = att_take_be16(r);
	h->height = att_take_be16(r);
	h->resolution = att_take_be16(r);
	down = att_take_be16(r);
	h->views = att_take_u8(r);
	(void)att_take_u8(r); /* reserved */
	if (r->failed || h->resolution != down ||
	    h->resolution < BIO_RESOLUTION_MIN ||
	    h->resolution > BIO_RESOLUTION_MAX ||
	    h->width > BIO_COORD_MAX + 1 || h->height > BIO_COORD_MAX + 1)
		return ATT_FORMAT;
	return h->views <= BIO_ISO_VIEWS_MAX ? ATT_OK : ATT_LIMIT;
}

/* Kind and quality that mean nothing to us are unknown, not an error. */
static bool
take_minutia(struct att_reader *r, const struct head *h, struct bio_minutia *m)
{
	const uint16_t x = att_take_be16(r), y = att_take_be16(r);
	const uint8_t angle = att_take_u8(r), quality = att_take_u8(r);

	*m = (struct bio_minutia){
		.x = x & COORD,
		.y = (uint16_t)(h->height - 1 - (y & COORD)),
		.angle = (uint8_t)(angle + TURNED),
		.kind = x >> 14 <= BIO_KIND_FORK ? (uint8_t)(x >> 14)
						 : BIO_KIND_UNKNOWN,
		.quality = quality <= 100 ? quality : 0,
	};
	return (x & COORD) < h->width && (y & COORD) < h->height;
}

static enum att_err
take_view(struct att_reader *r, const struct head *h, struct bio_iso_view *v)
{
	struct bio_sample *s = &v->sample;

	*v = (struct bio_iso_view){ .finger = att_take_u8(r) };
	(void)att_take_u8(r); /* number of the view, kind of impression */
	s->quality = att_take_u8(r);
	s->n = att_take_u8(r);
	s->width = h->width;
	s->height = h->height;
	s->resolution = h->resolution;
	if (v->finger >= BIO_FINGERS)
		return ATT_FORMAT;
	if (s->quality > 100)
		s->quality = 0;
	for (unsigned i = 0; i < s->n; i++)
		if (!take_minutia(r, h, &s->at[i]))
			return ATT_FORMAT;
	(void)att_take_bytes(r, att_take_be16(r)); /* extended data */
	bio_sample_sort(s);
	return ATT_OK;
}

enum att_err
bio_iso_read(const void *at, size_t len, struct bio_iso *out)
{
	struct att_reader r = att_reader_of(at, len), views;
	struct bio_iso_view view = { 0 };
	struct head h = { 0 };
	enum att_err e = take_head(&r, len, &h);

	views = r;
	for (unsigned i = 0; e == ATT_OK && i < h.views; i++)
		e = take_view(&r, &h, &view);
	if (e == ATT_OK)
		e = att_reader_done(&r);
	if (e == ATT_OK) {
		/* every byte is known to be good: only now write */
		out->n = h.views;
		for (unsigned i = 0; e == ATT_OK && i < h.views; i++)
			e = take_view(&views, &h, &out->view[i]);
	}
	explicit_bzero(&view, sizeof(view));
	return e;
}

/* The size of all samples together, by what they say or by their minutiae. */
static struct head
head_of(const struct bio_template *t)
{
	struct head h = { .resolution = t->sample[0].resolution,
		.views = t->n };

	for (unsigned i = 0; i < t->n; i++) {
		const struct bio_sample *s = &t->sample[i];

		if (s->width > h.width)
			h.width = s->width;
		if (s->height > h.height)
			h.height = s->height;
		for (unsigned k = 0; k < s->n; k++) {
			if (s->at[k].x >= h.width)
				h.width = (uint16_t)(s->at[k].x + 1);
			if (s->at[k].y >= h.height)
				h.height = (uint16_t)(s->at[k].y + 1);
		}
	}
	return h;
}

static void
put_view(struct att_writer *w, const struct bio_template *t, unsigned i,
    uint16_t height)
{
	const struct bio_sample *s = &t->sample[i];

	att_put_u8(w, t->finger);
	att_put_u8(w, (uint8_t)(i << 4 | LIVE));
	att_put_u8(w, s->quality);
	att_put_u8(w, s->n);
	for (unsigned k = 0; k < s->n; k++) {
		const struct bio_minutia *m = &s->at[k];

		att_put_be16(w, (uint16_t)(m->kind << 14 | m->x));
		att_put_be16(w, (uint16_t)(height - 1 - m->y));
		att_put_u8(w, (uint8_t)(m->angle + TURNED));
		att_put_u8(w, m->quality);
	}
	att_put_be16(w, 0); /* no extended data */
}

static enum att_err
check(const struct bio_template *t)
{
	if (bio_template_check(t) != ATT_OK)
		return ATT_FORMAT;
	for (unsigned i = 1; i < t->n; i++)
		if (t->sample[i].resolution != t->sample[0].resolution)
			return ATT_FORMAT;
	return ATT_OK;
}

enum att_err
bio_iso_write(const struct bio_template *t, void *buf, size_t cap, size_t *len)
{
	struct att_writer w = att_writer_of(buf, cap);
	const enum att_err e = check(t);
	uint32_t total = 24;
	struct head h;

	if (e != ATT_OK)
		return e;
	h = head_of(t);
	for (unsigned i = 0; i < t->n; i++)
		total += 4 + 6u * t->sample[i].n + 2;
	att_put_be32(&w, MAGIC);
	att_put_be32(&w, VERSION);
	att_put_be32(&w, total);
	att_put_be16(&w, 0); /* the device is not named */
	att_put_be16(&w, h.width);
	att_put_be16(&w, h.height);
	att_put_be16(&w, h.resolution);
	att_put_be16(&w, h.resolution);
	att_put_u8(&w, h.views);
	att_put_u8(&w, 0);
	for (unsigned i = 0; i < t->n; i++)
		put_view(&w, t, i, h.height);
	return att_writer_done(&w, len);
}
