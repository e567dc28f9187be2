#include "admin/json.h"

#include "base/text.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

void
json_start(struct json *j, struct print *p)
{
	*j = (struct json){ .p = p };
}

static void
new_line(struct json *j)
{
	print_bytes(j->p, "\n", 1);
	print_spaces(j->p, 2 * (size_t)j->depth);
}

/* What stands before any value or key. */
static void
lead(struct json *j)
{
	if (j->keyed) {
		j->keyed = false;
		return;
	}
	if (j->depth == 0)
		return;
	if (j->filled[j->depth - 1])
		print_bytes(j->p, ",", 1);
	j->filled[j->depth - 1] = true;
	new_line(j);
}

static void
open_level(struct json *j, const char *bracket)
{
	lead(j);
	print_text(j->p, bracket);
	assert(j->depth < JSON_DEPTH);
	j->filled[j->depth++] = false;
}

static void
close_level(struct json *j, const char *bracket)
{
	assert(j->depth > 0 && !j->keyed);
	j->depth--;
	if (j->filled[j->depth])
		new_line(j);
	print_text(j->p, bracket);
	if (j->depth == 0)
		print_bytes(j->p, "\n", 1);
}

void
json_object(struct json *j)
{
	open_level(j, "{");
}

void
json_object_end(struct json *j)
{
	close_level(j, "}");
}

void
json_array(struct json *j)
{
	open_level(j, "[");
}

void
json_array_end(struct json *j)
{
	close_level(j, "]");
}

static void
code_point(struct json *j, uint32_t code, const uint8_t *at, size_t n)
{
	char escape[8];

	if (code == '"' || code == '\\') {
		print_bytes(j->p, "\\", 1);
		print_bytes(j->p, at, n);
		return;
	}
	if (code == '\n' || code == '\t') {
		print_text(j->p, code == '\n' ? "\\n" : "\\t");
		return;
	}
	/* U+2028 and U+2029 end lines for JavaScript */
	if (att_code_is_control(code) || code == 0x2028 || code == 0x2029) {
		(void)snprintf(
		    escape, sizeof(escape), "\\u%04x", (unsigned)code & 0xffff);
		print_text(j->p, escape);
		return;
	}
	print_bytes(j->p, at, n);
}

static void
quoted(struct json *j, const char *text)
{
	struct att_slice s = att_slice_of(text);
	uint32_t code = 0;

	print_bytes(j->p, "\"", 1);
	while (s.len > 0) {
		size_t n = att_utf8_next(s.at, s.len, &code);

		if (n == 0) {
			print_text(j->p, "\xef\xbf\xbd");
			n = 1;
		} else {
			code_point(j, code, s.at, n);
		}
		s.at += n;
		s.len -= n;
	}
	print_bytes(j->p, "\"", 1);
}

void
json_key(struct json *j, const char *key)
{
	lead(j);
	quoted(j, key);
	print_text(j->p, ": ");
	j->keyed = true;
}

static void
bare(struct json *j, const char *text)
{
	lead(j);
	print_text(j->p, text);
}

void
json_text(struct json *j, const char *text)
{
	if (text == NULL) {
		json_null(j);
		return;
	}
	lead(j);
	quoted(j, text);
}

void
json_number(struct json *j, int64_t v)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%" PRId64, v);
	bare(j, text);
}

void
json_bool(struct json *j, bool v)
{
	bare(j, v ? "true" : "false");
}

void
json_null(struct json *j)
{
	bare(j, "null");
}
