#include "bio/template.h"

#include "base/bytes.h"

#include <stdbool.h>
#include <string.h>

static bool
is_driver(struct att_slice s)
{
	if (s.len == 0 || s.len > BIO_DRIVER_MAX)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		const uint8_t c = s.at[i];

		if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '.' &&
		    c != '_' && c != '-')
			return false;
	}
	return true;
}

/* One number that orders minutiae as their encodings are ordered. */
static uint64_t
rank_of(const struct bio_minutia *m)
{
	return (uint64_t)m->x << 40 | (uint64_t)m->y << 24 |
	    (uint64_t)m->angle << 16 | (uint64_t)m->kind << 8 | m->quality;
}

static bool
is_minutia(const struct bio_minutia *m)
{
	return m->x <= BIO_COORD_MAX && m->y <= BIO_COORD_MAX &&
	    m->kind <= BIO_KIND_FORK && m->quality <= 100;
}

/* Whether every field is in range and minutiae ascend. */
static bool
is_sample(const struct bio_sample *s)
{
	if (s->width > BIO_COORD_MAX + 1 || s->height > BIO_COORD_MAX + 1 ||
	    s->resolution < BIO_RESOLUTION_MIN ||
	    s->resolution > BIO_RESOLUTION_MAX || s->quality > 100)
		return false;
	for (unsigned i = 0; i < s->n; i++)
		if (!is_minutia(&s->at[i]) ||
		    (i > 0 && rank_of(&s->at[i - 1]) >= rank_of(&s->at[i])))
			return false;
	return true;
}

void
bio_sample_sort(struct bio_sample *s)
{
	unsigned n = 0;

	for (unsigned i = 0; i < s->n; i++) {
		const struct bio_minutia m = s->at[i];
		unsigned at = n;

		while (at > 0 && rank_of(&s->at[at - 1]) > rank_of(&m))
			at--;
		if (at > 0 && rank_of(&s->at[at - 1]) == rank_of(&m))
			continue;
		memmove(
		    &s->at[at + 1], &s->at[at], (n - at) * sizeof(s->at[0]));
		s->at[at] = m;
		n++;
	}
	memset(&s->at[n], 0, (s->n - n) * sizeof(s->at[0]));
	s->n = (uint8_t)n;
}

static void
put_sample(struct att_writer *w, const struct bio_sample *s)
{
	att_put_le16(w, s->width);
	att_put_le16(w, s->height);
	att_put_le16(w, s->resolution);
	att_put_u8(w, s->quality);
	att_put_u8(w, s->n);
	for (unsigned i = 0; i < s->n; i++) {
		att_put_le16(w, s->at[i].x);
		att_put_le16(w, s->at[i].y);
		att_put_u8(w, s->at[i].angle);
		att_put_u8(w, s->at[i].kind);
		att_put_u8(w, s->at[i].quality);
	}
}

enum att_err
bio_template_check(const struct bio_template *t)
{
	const struct att_slice driver = { (const uint8_t *)t->driver,
		strnlen(t->driver, sizeof(t->driver)) };
	struct bio_sample s;
	bool good = t->finger < BIO_FINGERS && t->n > 0 &&
	    t->n <= BIO_SAMPLES_MAX && is_driver(driver);

	for (unsigned i = 0; good && i < t->n; i++) {
		s = t->sample[i];
		bio_sample_sort(&s);
		good = s.n == t->sample[i].n && is_sample(&s);
	}
	explicit_bzero(&s, sizeof(s));
	return good ? ATT_OK : ATT_FORMAT;
}

enum att_err
bio_template_encode(
    const struct bio_template *t, void *buf, size_t cap, size_t *len)
{
	struct att_writer w = att_writer_of(buf, cap);
	struct bio_sample s;

	if (bio_template_check(t) != ATT_OK)
		return ATT_FORMAT;
	att_put_u8(&w, BIO_TEMPLATE_VERSION);
	att_put_u8(&w, t->finger);
	att_put_str8(&w, att_slice_of(t->driver));
	att_put_u8(&w, t->n);
	for (unsigned i = 0; i < t->n; i++) {
		s = t->sample[i];
		bio_sample_sort(&s);
		put_sample(&w, &s);
	}
	explicit_bzero(&s, sizeof(s));
	return att_writer_done(&w, len);
}

static enum att_err
take_sample(struct att_reader *r, struct bio_sample *s)
{
	*s = (struct bio_sample){ 0 };
	s->width = att_take_le16(r);
	s->height = att_take_le16(r);
	s->resolution = att_take_le16(r);
	s->quality = att_take_u8(r);
	s->n = att_take_u8(r);
	for (unsigned i = 0; i < s->n; i++) {
		s->at[i].x = att_take_le16(r);
		s->at[i].y = att_take_le16(r);
		s->at[i].angle = att_take_u8(r);
		s->at[i].kind = att_take_u8(r);
		s->at[i].quality = att_take_u8(r);
	}
	return !r->failed && is_sample(s) ? ATT_OK : ATT_FORMAT;
}

enum att_err
bio_template_decode(const void *at, size_t len, struct bio_template *out)
{
	struct att_reader r = att_reader_of(at, len);
	struct bio_template t = { 0 };
	struct att_slice driver;
	enum att_err e = ATT_OK;

	if (att_take_u8(&r) > BIO_TEMPLATE_VERSION)
		return ATT_NEWER;
	if (len == 0 || ((const uint8_t *)at)[0] != BIO_TEMPLATE_VERSION)
		return ATT_FORMAT;
	t.finger = att_take_u8(&r);
	driver = att_take_str8(&r);
	t.n = att_take_u8(&r);
	if (r.failed || t.finger >= BIO_FINGERS || t.n == 0 ||
	    t.n > BIO_SAMPLES_MAX || !is_driver(driver))
		return ATT_FORMAT;
	memcpy(t.driver, driver.at, driver.len);
	for (unsigned i = 0; e == ATT_OK && i < t.n; i++)
		e = take_sample(&r, &t.sample[i]);
	if (e == ATT_OK)
		e = att_reader_done(&r);
	if (e == ATT_OK)
		*out = t;
	explicit_bzero(&t, sizeof(t));
	return e;
}
