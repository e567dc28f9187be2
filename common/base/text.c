#include "base/text.h"

#include <wchar.h>

static size_t
sequence_length(uint8_t first)
{
	if (first < 0x80)
		return 1;
	if (first >= 0xc2 && first < 0xe0)
		return 2;
	if (first >= 0xe0 && first < 0xf0)
		return 3;
	if (first >= 0xf0 && first < 0xf5)
		return 4;
	return 0;
}

size_t
att_utf8_next(const uint8_t *at, size_t left, uint32_t *code)
{
	static const uint8_t mask[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n = left > 0 ? sequence_length(at[0]) : 0;
	uint32_t c;

	if (n == 0 || n > left)
		return 0;
	c = at[0] & mask[n];
	for (size_t i = 1; i < n; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (at[i] & 0x3fu);
	}
	if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*code = c;
	return n;
}

bool
att_code_is_control(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

bool
att_text_ok(struct att_slice s)
{
	uint32_t code = 0;

	while (s.len > 0) {
		size_t n = att_utf8_next(s.at, s.len, &code);

		if (n == 0 || att_code_is_control(code))
			return false;
		s.at += n;
		s.len -= n;
	}
	return true;
}

size_t
att_text_width(struct att_slice s)
{
	uint32_t code = 0;
	size_t width = 0;

	while (s.len > 0) {
		size_t n = att_utf8_next(s.at, s.len, &code);
		int columns = n > 0 ? wcwidth((wchar_t)code) : 1;

		if (n == 0)
			n = 1; /* printed as one replacement character */
		width += columns > 0 ? (size_t)columns : 0;
		s.at += n;
		s.len -= n;
	}
	return width;
}
