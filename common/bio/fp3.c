#include "bio/fp3.h"

#include "base/bytes.h"
#include "base/text.h"

#include <stdbool.h>
#include <string.h>

#define KIND_HANDLE   1
#define KIND_MINUTIAE 2

/* A part of the serialisation; alignment counts from where the whole starts. */
struct part {
	const uint8_t *whole;
	size_t at, end;
};

/*
 * Members of variable length are followed by offsets of their ends at the end
 * of what contains them, each as wide as the length of that needs.
 */
static size_t
width_of(size_t len)
{
	return len <= UINT8_MAX ? 1 : len <= UINT16_MAX ? 2 : 4;
}

static size_t
offset_at(const struct part *p, size_t at, size_t width)
{
	size_t v = 0;

	for (size_t i = width; i > 0; i--)
		v = v << 8 | p->whole[at + i - 1];
	return v;
}

/* Take the zeros before what is aligned to a multiple of to. */
static bool
align(struct part *p, size_t to)
{
	while (p->at % to != 0) {
		if (p->at >= p->end || p->whole[p->at] != 0)
			return false;
		p->at++;
	}
	return true;
}

/*
 * A container being read: members are taken from its front, the ends of the
 * variable ones from its back.
 */
struct tuple {
	struct part rest;
	size_t start, width;
	bool bad;
};

static struct tuple
tuple_of(struct part p)
{
	return (struct tuple){
		.rest = p, .start = p.at, .width = width_of(p.end - p.at)
	};
}

/* A member of fixed length, aligned to it. */
static uint32_t
take_fixed(struct tuple *t, size_t len)
{
	uint32_t v;

	if (t->bad || !align(&t->rest, len) || t->rest.end - t->rest.at < len) {
		t->bad = true;
		return 0;
	}
	v = (uint32_t)offset_at(&t->rest, t->rest.at, len);
	t->rest.at += len;
	return v;
}

/* A member of variable length that is not the last. */
static struct part
take_variable(struct tuple *t, size_t to)
{
	struct part p = t->rest;
	size_t end;

	if (t->bad || !align(&t->rest, to) ||
	    t->rest.end - t->rest.at < t->width)
		goto bad;
	t->rest.end -= t->width;
	end = offset_at(&t->rest, t->rest.end, t->width);
	if (end > t->rest.end - t->start || t->start + end < t->rest.at)
		goto bad;
	p.at = t->rest.at;
	p.end = t->rest.at = t->start + end;
	return p;
bad:
	t->bad = true;
	p.end = p.at;
	return p;
}

/* The last member: all that is left. */
static struct part
take_last(struct tuple *t, size_t to)
{
	if (!align(&t->rest, to))
		t->bad = true;
	return t->rest;
}

/* Text with its NUL. */
static bool
is_string(const struct part *p, struct att_slice *s)
{
	if (p->end == p->at || p->whole[p->end - 1] != 0)
		return false;
	*s = (struct att_slice){ p->whole + p->at, p->end - p->at - 1 };
	return memchr(s->at, 0, s->len) == NULL && att_text_ok(*s);
}

/* Nothing, or text with its NUL and another that tells it from nothing. */
static bool
is_maybe_string(const struct part *p)
{
	struct part text = *p;
	struct att_slice s;

	if (p->at == p->end)
		return true;
	if (p->whole[p->end - 1] != 0)
		return false;
	text.end--;
	return is_string(&text, &s);
}

static bool
is_bytes(const struct part *p, const char *text)
{
	return p->end - p->at == strlen(text) &&
	    memcmp(p->whole + p->at, text, p->end - p->at) == 0;
}

/* The value in a variant of one type: after it a NUL and the type's name. */
static bool
open_variant(struct part *p, const char *type)
{
	const size_t len = strlen(type) + 1;
	struct part tail = *p;

	if (p->end - p->at < len)
		return false;
	p->end -= len;
	tail.at = p->end + 1;
	return p->whole[p->end] == 0 && is_bytes(&tail, type);
}

/* An array of whole numbers: how many, or -1 if it is none. */
static long
count_of(const struct part *p)
{
	const size_t len = p->end - p->at;

	if (len % 4 != 0 || len / 4 > BIO_FP3_MINUTIAE)
		return -1;
	return (long)(len / 4);
}

static int32_t
number_at(const struct part *p, unsigned i)
{
	return (int32_t)offset_at(p, p->at + 4 * (size_t)i, 4);
}

static bool
take_minutia(int32_t x, int32_t y, int32_t degrees, struct bio_minutia *m)
{
	if (x < 0 || x > BIO_COORD_MAX || y < 0 || y > BIO_COORD_MAX ||
	    degrees < -360 || degrees > 360)
		return false;
	*m = (struct bio_minutia){ .x = (uint16_t)x,
		.y = (uint16_t)y,
		.angle = (uint8_t)(((degrees + 360) * 256 + 180) / 360) };
	return true;
}

static bool
take_sample(struct part p, uint16_t resolution, struct bio_sample *s)
{
	struct tuple t = tuple_of(p);
	const struct part x = take_variable(&t, 4);
	const struct part y = take_variable(&t, 4);
	const struct part angle = take_last(&t, 4);
	const long n = count_of(&x);

	if (t.bad || n < 0 || count_of(&y) != n || count_of(&angle) != n)
		return false;
	*s = (struct bio_sample){ .resolution = resolution, .n = (uint8_t)n };
	for (unsigned i = 0; i < (unsigned)n; i++)
		if (!take_minutia(number_at(&x, i), number_at(&y, i),
			number_at(&angle, i), &s->at[i]))
			return false;
	bio_sample_sort(s);
	return true;
}

/* An array of samples: their ends stand in order after the last of them. */
static enum att_err
take_samples(struct part p, uint16_t resolution, struct bio_template *t)
{
	const size_t start = p.at, len = p.end - p.at, width = width_of(len);
	size_t ends, n;

	if (len < width)
		return ATT_FORMAT;
	ends = offset_at(&p, p.end - width, width);
	if (ends >= len || (len - ends) % width != 0)
		return ATT_FORMAT;
	n = (len - ends) / width;
	if (n > BIO_SAMPLES_MAX)
		return ATT_LIMIT;
	for (size_t i = 0; i < n; i++) {
		struct part one = p;
		size_t end = offset_at(&p, start + ends + i * width, width);

		if (!align(&p, 4) || end > ends || start + end < p.at)
			return ATT_FORMAT;
		one.at = p.at;
		one.end = p.at = start + end;
		if (!take_sample(one, resolution, &t->sample[i]))
			return ATT_FORMAT;
	}
	t->n = (uint8_t)n;
	return ATT_OK;
}

/* Theirs counts the left hand first. */
static uint8_t
finger_of(uint32_t finger)
{
	if (finger == 0)
		return BIO_FINGER_UNKNOWN;
	return (uint8_t)(finger <= 5 ? finger + 5 : finger - 5);
}

static enum att_err
take_print(struct part whole, uint16_t resolution, struct bio_template *t)
{
	struct tuple all = tuple_of(whole);
	const uint32_t kind = take_fixed(&all, 4);
	const struct part driver = take_variable(&all, 1);
	const struct part device = take_variable(&all, 1);
	const uint32_t kept = take_fixed(&all, 1);
	const uint32_t finger = take_fixed(&all, 1);
	const struct part user = take_variable(&all, 1);
	const struct part words = take_variable(&all, 1);
	struct part later, data;
	struct att_slice name, ignored;

	(void)take_fixed(&all, 4); /* date */
	later = take_variable(&all, 8);
	data = take_last(&all, 8);
	if (all.bad || later.at != later.end || kept > 1 ||
	    finger >= BIO_FINGERS || !is_string(&driver, &name) ||
	    !is_string(&device, &ignored) || !is_maybe_string(&user) ||
	    !is_maybe_string(&words))
		return ATT_FORMAT;
	if (kind == KIND_HANDLE || kept == 1)
		return ATT_REFUSED;
	if (kind != KIND_MINUTIAE || !open_variant(&data, "(a(aiaiai))") ||
	    att_slice_str(name, t->driver, sizeof(t->driver)) != ATT_OK)
		return ATT_FORMAT;
	t->finger = finger_of(finger);
	return take_samples(data, resolution, t);
}

enum att_err
bio_fp3_read(
    const void *at, size_t len, uint16_t resolution, struct bio_template *out)
{
	struct bio_template t = { 0 };
	struct att_reader r = att_reader_of(at, len);
	enum att_err e;

	if (len > BIO_FP3_MAX)
		return ATT_LIMIT;
	if (!att_slice_is(att_take_bytes(&r, 3), "FP3"))
		return ATT_FORMAT;
	e = take_print(
	    (struct part){ .whole = r.at, .end = r.left }, resolution, &t);
	if (e == ATT_OK)
		e = bio_template_check(&t);
	if (e == ATT_OK)
		*out = t;
	explicit_bzero(&t, sizeof(t));
	return e;
}
