/* Text that people see: strict UTF-8, no control characters, display width. */
#include "base/text.h"
#include "test.h"

#include <locale.h>
#include <string.h>

TEST("a code point takes the bytes it should and no others")
{
	static const struct {
		const char *bytes;
		size_t left, takes;
		uint32_t code;
	} rows[] = {
		{ "a", 1, 1, 'a' },
		{ "\x7f", 1, 1, 0x7f },
		{ "\xc2\x80", 2, 2, 0x80 },
		{ "\xdf\xbf", 2, 2, 0x7ff },
		{ "\xe0\xa0\x80", 3, 3, 0x800 },
		{ "\xed\x9f\xbf", 3, 3, 0xd7ff },
		{ "\xee\x80\x80", 3, 3, 0xe000 },
		{ "\xef\xbf\xbf", 3, 3, 0xffff },
		{ "\xf0\x90\x80\x80", 4, 4, 0x10000 },
		{ "\xf4\x8f\xbf\xbf", 4, 4, 0x10ffff },
		{ "", 0, 0, 0 },
		{ "\x80", 1, 0, 0 },
		{ "\xc1\xbf", 2, 0, 0 },
		{ "\xc2", 1, 0, 0 },
		{ "\xc2\x80", 1, 0, 0 },
		{ "\xc2\x41", 2, 0, 0 },
		{ "\xe0\x9f\xbf", 3, 0, 0 },
		{ "\xed\xa0\x80", 3, 0, 0 },
		{ "\xed\xbf\xbf", 3, 0, 0 },
		{ "\xe4\xb8\x83", 2, 0, 0 },
		{ "\xf0\x8f\xbf\xbf", 4, 0, 0 },
		{ "\xf4\x90\x80\x80", 4, 0, 0 },
		{ "\xf5\x80\x80\x80", 4, 0, 0 },
		{ "\xff", 1, 0, 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint32_t code = 0;

		CHECK(att_utf8_next((const uint8_t *)rows[i].bytes,
			  rows[i].left, &code) == rows[i].takes);
		CHECK(code == rows[i].code);
	}
}

TEST("control characters are C0, DEL and C1")
{
	CHECK(att_code_is_control(0) && att_code_is_control(0x1f));
	CHECK(!att_code_is_control(0x20) && !att_code_is_control(0x7e));
	CHECK(att_code_is_control(0x7f) && att_code_is_control(0x9f));
	CHECK(!att_code_is_control(0xa0));
}

TEST("text with one bad byte or control character is not text")
{
	CHECK(att_text_ok(att_slice_of("")));
	CHECK(att_text_ok(att_slice_of("Zo\xc3\xab \xe7\x8e\x8b")));
	CHECK(!att_text_ok(att_slice_of("Zo\xc3")));
	CHECK(!att_text_ok(att_slice_of("a\tb")));
	CHECK(!att_text_ok(att_slice_of("a\x1b[m")));
	CHECK(!att_text_ok((struct att_slice){ (const uint8_t *)"a\0b", 3 }));
}

TEST("width counts columns, not bytes")
{
	(void)setlocale(LC_CTYPE, "C.UTF-8");
	CHECK(att_text_width(att_slice_of("")) == 0);
	CHECK(att_text_width(att_slice_of("abc")) == 3);
	CHECK(att_text_width(att_slice_of("Zo\xc3\xab")) == 3);
	CHECK(att_text_width(att_slice_of("\xe7\x8e\x8b\xe8\x8a\xb3")) == 4);
	CHECK(att_text_width(att_slice_of("e\xcc\x81")) == 1);
	CHECK(att_text_width(att_slice_of("\xff\xff")) == 2);
}
