/*
 * The only place where bytes become values and values become bytes. Takes and
 * puts are sequential, failure is sticky, one check at the end suffices, and
 * leftovers are an error. Integers are little-endian but where the name says
 * be. Strings are slices: a length and bytes, never NUL-terminated.
 */
#ifndef ATT_BASE_BYTES_H
#define ATT_BASE_BYTES_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Borrowed bytes; valid as long as what they point into. */
struct att_slice {
	const uint8_t *at;
	size_t len;
};

struct att_reader {
	const uint8_t *at;
	size_t left;
	bool failed;
};

struct att_writer {
	uint8_t *buf;
	size_t cap;
	size_t len;
	bool failed;
};

/* A slice over a C string's bytes, without its NUL; NULL gives an empty one. */
struct att_slice att_slice_of(const char *s);
bool att_slice_is(struct att_slice s, const char *text);

/*
 * Copy a slice into buf of cap bytes as a C string.
 * ATT_FORMAT if it holds a NUL byte, ATT_LIMIT if it does not fit with its
 * terminator; buf is then an empty string.
 */
enum att_err
att_slice_str(struct att_slice s, char *buf, size_t cap) ATT_CHECKED;

/*
 * The integer at p, for code that has checked the bounds of a whole record
 * and reads it on every lookup; everywhere else use the reader.
 */
static inline uint16_t
att_le16_at(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t
att_le32_at(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	    (uint32_t)p[3] << 24;
}

static inline uint64_t
att_le64_at(const uint8_t *p)
{
	return att_le32_at(p) | (uint64_t)att_le32_at(p + 4) << 32;
}

struct att_reader att_reader_of(const void *at, size_t len);
uint8_t att_take_u8(struct att_reader *r);
uint16_t att_take_le16(struct att_reader *r);
uint32_t att_take_le32(struct att_reader *r);
uint64_t att_take_le64(struct att_reader *r);
uint16_t att_take_be16(struct att_reader *r);
uint32_t att_take_be32(struct att_reader *r);
struct att_slice att_take_bytes(struct att_reader *r, size_t len);
struct att_slice att_take_str8(struct att_reader *r); /* u8 length first */
struct att_slice att_take_str16(struct att_reader *r); /* le16 length first */

/* ATT_FORMAT if a take failed or bytes are left over. */
enum att_err att_reader_done(const struct att_reader *r) ATT_CHECKED;

struct att_writer att_writer_of(void *buf, size_t cap);
void att_put_u8(struct att_writer *w, uint8_t v);
void att_put_le16(struct att_writer *w, uint16_t v);
void att_put_le32(struct att_writer *w, uint32_t v);
void att_put_le64(struct att_writer *w, uint64_t v);
void att_put_be16(struct att_writer *w, uint16_t v);
void att_put_be32(struct att_writer *w, uint32_t v);
void att_put_bytes(struct att_writer *w, const void *at, size_t len);
void att_put_str8(struct att_writer *w, struct att_slice s);
void att_put_str16(struct att_writer *w, struct att_slice s);

/* ATT_LIMIT if a put did not fit; else *len is what was written. */
enum att_err
att_writer_done(const struct att_writer *w, size_t *len) ATT_CHECKED;

#endif
