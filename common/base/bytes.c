#include "base/bytes.h"

#include <string.h>

struct att_slice
att_slice_of(const char *s)
{
	return (struct att_slice){ .at = (const uint8_t *)s,
		.len = s != NULL ? strlen(s) : 0 };
}

bool
att_slice_is(struct att_slice s, const char *text)
{
	return s.len == strlen(text) &&
	    (s.len == 0 || memcmp(s.at, text, s.len) == 0);
}

enum att_err
att_slice_str(struct att_slice s, char *buf, size_t cap)
{
	buf[0] = '\0';
	if (s.len >= cap)
		return ATT_LIMIT;
	if (s.len == 0)
		return ATT_OK;
	if (memchr(s.at, 0, s.len) != NULL)
		return ATT_FORMAT;
	memcpy(buf, s.at, s.len);
	buf[s.len] = '\0';
	return ATT_OK;
}

struct att_reader
att_reader_of(const void *at, size_t len)
{
	return (struct att_reader){ .at = at, .left = len };
}

struct att_slice
att_take_bytes(struct att_reader *r, size_t len)
{
	struct att_slice s = { .at = r->at, .len = len };

	if (r->failed || len > r->left) {
		r->failed = true;
		return (struct att_slice){ .at = r->at };
	}
	if (len > 0)
		r->at += len;
	r->left -= len;
	return s;
}

static uint64_t
take_le(struct att_reader *r, size_t width)
{
	struct att_slice s = att_take_bytes(r, width);
	uint64_t v = 0;

	for (size_t i = s.len; i > 0; i--)
		v = v << 8 | s.at[i - 1];
	return v;
}

uint8_t
att_take_u8(struct att_reader *r)
{
	return (uint8_t)take_le(r, 1);
}

uint16_t
att_take_le16(struct att_reader *r)
{
	return (uint16_t)take_le(r, 2);
}

uint32_t
att_take_le32(struct att_reader *r)
{
	return (uint32_t)take_le(r, 4);
}

uint64_t
att_take_le64(struct att_reader *r)
{
	return take_le(r, 8);
}

uint16_t
att_take_be16(struct att_reader *r)
{
	return __builtin_bswap16(att_take_le16(r));
}

uint32_t
att_take_be32(struct att_reader *r)
{
	return __builtin_bswap32(att_take_le32(r));
}

struct att_slice
att_take_str8(struct att_reader *r)
{
	return att_take_bytes(r, att_take_u8(r));
}

struct att_slice
att_take_str16(struct att_reader *r)
{
	return att_take_bytes(r, att_take_le16(r));
}

enum att_err
att_reader_done(const struct att_reader *r)
{
	return r->failed || r->left != 0 ? ATT_FORMAT : ATT_OK;
}

struct att_writer
att_writer_of(void *buf, size_t cap)
{
	return (struct att_writer){ .buf = buf, .cap = cap };
}

void
att_put_bytes(struct att_writer *w, const void *at, size_t len)
{
	if (w->failed || len > w->cap - w->len) {
		w->failed = true;
		return;
	}
	if (len > 0)
		memcpy(w->buf + w->len, at, len);
	w->len += len;
}

static void
put_le(struct att_writer *w, uint64_t v, size_t width)
{
	uint8_t b[8];

	for (size_t i = 0; i < width; i++)
		b[i] = (uint8_t)(v >> (8 * i));
	att_put_bytes(w, b, width);
}

void
att_put_u8(struct att_writer *w, uint8_t v)
{
	put_le(w, v, 1);
}

void
att_put_le16(struct att_writer *w, uint16_t v)
{
	put_le(w, v, 2);
}

void
att_put_le32(struct att_writer *w, uint32_t v)
{
	put_le(w, v, 4);
}

void
att_put_le64(struct att_writer *w, uint64_t v)
{
	put_le(w, v, 8);
}

void
att_put_be16(struct att_writer *w, uint16_t v)
{
	att_put_le16(w, __builtin_bswap16(v));
}

void
att_put_be32(struct att_writer *w, uint32_t v)
{
	att_put_le32(w, __builtin_bswap32(v));
}

static void
put_str(struct att_writer *w, struct att_slice s, size_t width)
{
	if (s.len >= (size_t)1 << (8 * width)) {
		w->failed = true;
		return;
	}
	put_le(w, s.len, width);
	att_put_bytes(w, s.at, s.len);
}

void
att_put_str8(struct att_writer *w, struct att_slice s)
{
	put_str(w, s, 1);
}

void
att_put_str16(struct att_writer *w, struct att_slice s)
{
	put_str(w, s, 2);
}

enum att_err
att_writer_done(const struct att_writer *w, size_t *len)
{
	if (w->failed)
		return ATT_LIMIT;
	*len = w->len;
	return ATT_OK;
}
