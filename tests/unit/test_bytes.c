#include "test.h"

#include "base/bytes.h"

#include <stdlib.h>
#include <string.h>

TEST("integers are little-endian in both directions")
{
	static const uint8_t want[] = { 0x01, 0x03, 0x02, 0x07, 0x06, 0x05,
		0x04, 0x0f, 0x0e, 0x0d, 0x0c, 0x0b, 0x0a, 0x09, 0x08 };
	uint8_t buf[sizeof(want)];
	struct att_writer w = att_writer_of(buf, sizeof(buf));
	struct att_reader r;
	size_t n = 0;

	att_put_u8(&w, 0x01);
	att_put_le16(&w, 0x0203);
	att_put_le32(&w, 0x04050607);
	att_put_le64(&w, 0x08090a0b0c0d0e0f);
	NEED(att_writer_done(&w, &n) == ATT_OK);

	CHECK(n == sizeof(want));
	CHECK(memcmp(buf, want, n) == 0);
	r = att_reader_of(buf, n);
	CHECK(att_take_u8(&r) == 0x01);
	CHECK(att_take_le16(&r) == 0x0203);
	CHECK(att_take_le32(&r) == 0x04050607);
	CHECK(att_take_le64(&r) == 0x08090a0b0c0d0e0f);
	CHECK(att_reader_done(&r) == ATT_OK);
}

TEST("integers named so are big-endian in both directions")
{
	static const uint8_t want[] = { 0x01, 0x02, 0x03, 0x04, 0x05, 0x06 };
	uint8_t buf[sizeof(want)];
	struct att_writer w = att_writer_of(buf, sizeof(buf));
	struct att_reader r;
	size_t n = 0;

	att_put_be16(&w, 0x0102);
	att_put_be32(&w, 0x03040506);
	NEED(att_writer_done(&w, &n) == ATT_OK);

	CHECK(n == sizeof(want));
	CHECK(memcmp(buf, want, n) == 0);
	r = att_reader_of(buf, n);
	CHECK(att_take_be16(&r) == 0x0102);
	CHECK(att_take_be32(&r) == 0x03040506);
	CHECK(att_take_be16(&r) == 0);
	CHECK(r.failed);
}

TEST("a take beyond the end fails, gives nothing and stays failed")
{
	static const uint8_t three[] = { 1, 2, 3 };
	struct att_reader r = att_reader_of(three, sizeof(three));

	CHECK(att_take_le32(&r) == 0);
	CHECK(r.failed);
	CHECK(att_take_u8(&r) == 0);
	CHECK(att_take_bytes(&r, 1).len == 0);
	CHECK(att_reader_done(&r) == ATT_FORMAT);
}

TEST("a take of exactly what is left passes")
{
	static const uint8_t four[] = { 1, 0, 0, 0 };
	struct att_reader r = att_reader_of(four, sizeof(four));

	CHECK(att_take_le32(&r) == 1);
	CHECK(att_reader_done(&r) == ATT_OK);
}

TEST("bytes left over are an error")
{
	static const uint8_t two[] = { 1, 2 };
	struct att_reader r = att_reader_of(two, sizeof(two));

	(void)att_take_u8(&r);
	CHECK(att_reader_done(&r) == ATT_FORMAT);
	(void)att_take_u8(&r);
	CHECK(att_reader_done(&r) == ATT_OK);
}

TEST("a string whose length is more than what is left is refused")
{
	static const struct {
		const char *bytes;
		size_t len;
		bool wide, good;
	} rows[] = {
		{ "\x02"
		  "ab",
		    3, false, true },
		{ "\x03"
		  "ab",
		    3, false, false },
		{ "\xff"
		  "ab",
		    3, false, false },
		{ "\x02\0"
		  "ab",
		    4, true, true },
		{ "\x02\x01"
		  "ab",
		    4, true, false },
		{ "\xff\xff"
		  "ab",
		    4, true, false },
		{ "\x02", 1, true, false },
		{ "", 0, false, false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct att_reader r = att_reader_of(rows[i].bytes, rows[i].len);
		struct att_slice s =
		    rows[i].wide ? att_take_str16(&r) : att_take_str8(&r);

		CHECK((att_reader_done(&r) == ATT_OK) == rows[i].good);
		CHECK(s.len == (rows[i].good ? 2u : 0u));
	}
}

TEST("a length near the end of the address space does not wrap")
{
	static const uint8_t one[] = { 1 };
	struct att_reader r = att_reader_of(one, sizeof(one));
	uint8_t buf[4];
	struct att_writer w = att_writer_of(buf, sizeof(buf));
	size_t n;

	CHECK(att_take_bytes(&r, SIZE_MAX).len == 0);
	CHECK(r.failed);
	att_put_u8(&w, 1);
	att_put_bytes(&w, one, SIZE_MAX);
	CHECK(att_writer_done(&w, &n) == ATT_LIMIT);
}

TEST("what does not fit is not written, and nothing after it")
{
	uint8_t *buf = malloc(3);
	struct att_writer w = att_writer_of(buf, 3);
	size_t n = 99;

	att_put_le32(&w, 7);
	att_put_u8(&w, 1);

	CHECK(att_writer_done(&w, &n) == ATT_LIMIT);
	CHECK(n == 99);
	w = att_writer_of(buf, 3);
	att_put_le16(&w, 7);
	att_put_u8(&w, 1);
	CHECK(att_writer_done(&w, &n) == ATT_OK);
	CHECK(n == 3);
	free(buf);
}

TEST("a string too long for its length field is refused")
{
	static uint8_t text[65536 + 2], buf[65536 + 2];
	struct att_writer w = att_writer_of(buf, sizeof(buf));
	size_t n;

	att_put_str8(&w, (struct att_slice){ text, 255 });
	CHECK(att_writer_done(&w, &n) == ATT_OK && n == 256);
	w = att_writer_of(buf, sizeof(buf));
	att_put_str8(&w, (struct att_slice){ text, 256 });
	CHECK(att_writer_done(&w, &n) == ATT_LIMIT);
	w = att_writer_of(buf, sizeof(buf));
	att_put_str16(&w, (struct att_slice){ text, 65535 });
	CHECK(att_writer_done(&w, &n) == ATT_OK && n == 65537);
	w = att_writer_of(buf, sizeof(buf));
	att_put_str16(&w, (struct att_slice){ text, 65536 });
	CHECK(att_writer_done(&w, &n) == ATT_LIMIT);
}

TEST("a slice becomes a string only if it fits and holds no NUL")
{
	char buf[4] = "xyz";

	CHECK(att_slice_str(att_slice_of("abc"), buf, 4) == ATT_OK);
	CHECK(strcmp(buf, "abc") == 0);
	CHECK(att_slice_str(att_slice_of("abcd"), buf, 4) == ATT_LIMIT);
	CHECK(buf[0] == '\0');
	buf[0] = 'x';
	CHECK(att_slice_str((struct att_slice){ (const uint8_t *)"a\0b", 3 },
		  buf, 4) == ATT_FORMAT);
	CHECK(buf[0] == '\0');
	CHECK(att_slice_str((struct att_slice){ NULL, 0 }, buf, 1) == ATT_OK);
}

TEST("slices compare by length and bytes")
{
	CHECK(att_slice_is(att_slice_of("yes"), "yes"));
	CHECK(!att_slice_is(att_slice_of("yes"), "ye"));
	CHECK(!att_slice_is(att_slice_of("ye"), "yes"));
	CHECK(att_slice_is(att_slice_of(NULL), ""));
	CHECK(!att_slice_is(att_slice_of(NULL), "a"));
}
