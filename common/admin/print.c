#include "admin/print.h"

#include "base/text.h"

#include <string.h>

void
print_open(struct print *p, print_sink *sink, void *ctx)
{
	p->sink = sink;
	p->ctx = ctx;
	p->len = 0;
}

void
print_flush(struct print *p)
{
	if (p->len > 0)
		p->sink(p->ctx, p->buf, p->len);
	p->len = 0;
}

void
print_bytes(struct print *p, const void *at, size_t len)
{
	const char *from = at;

	while (len > 0) {
		size_t n = sizeof(p->buf) - p->len;

		if (n > len)
			n = len;
		memcpy(p->buf + p->len, from, n);
		p->len += n;
		from += n;
		len -= n;
		if (p->len == sizeof(p->buf))
			print_flush(p);
	}
}

void
print_text(struct print *p, const char *text)
{
	print_bytes(p, text, strlen(text));
}

void
print_spaces(struct print *p, size_t n)
{
	while (n-- > 0)
		print_bytes(p, " ", 1);
}

void
print_plain(struct print *p, const char *text)
{
	struct att_slice s = att_slice_of(text);
	uint32_t code = 0;

	while (s.len > 0) {
		size_t n = att_utf8_next(s.at, s.len, &code);

		if (n == 0 || att_code_is_control(code))
			print_bytes(p, "?", 1);
		else
			print_bytes(p, s.at, n);
		n = n > 0 ? n : 1;
		s.at += n;
		s.len -= n;
	}
}

void
print_html(struct print *p, const char *text)
{
	static const struct {
		char c;
		const char *escape;
	} rows[] = {
		{ '&', "&amp;" },
		{ '<', "&lt;" },
		{ '>', "&gt;" },
		{ '"', "&quot;" },
	};

	while (*text != '\0') {
		size_t n = strcspn(text, "&<>\"");
		char plain[256];

		n = n < sizeof(plain) ? n : sizeof(plain) - 1;
		/* never through a character */
		while (n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80)
			n--;
		memcpy(plain, text, n);
		plain[n] = '\0';
		print_plain(p, plain);
		text += n;
		for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
			if (*text == rows[i].c) {
				print_text(p, rows[i].escape);
				text++;
				break;
			}
	}
}
