#include "admin/csv.h"

#include "base/text.h"

#include <string.h>

/* What ends a value. */
enum stop {
	STOP_COMMA,
	STOP_LINE,
	STOP_END,
	STOP_NONE, /* something else follows */
};

void
csv_open(struct csv *c, char *bytes, size_t len)
{
	static const char mark[] = "\xef\xbb\xbf";
	size_t skip = len >= 3 && memcmp(bytes, mark, 3) == 0 ? 3 : 0;

	*c = (struct csv){
		.at = bytes + skip, .end = bytes + len, .line = 1, .why = ""
	};
}

static enum att_err
fail(struct csv *c, enum att_err e, unsigned line, const char *why)
{
	c->why = why;
	c->why_line = line;
	c->at = c->end;
	return e;
}

static bool
at_line_end(const struct csv *c)
{
	return c->at < c->end &&
	    (*c->at == '\n' ||
		(*c->at == '\r' && c->end - c->at >= 2 && c->at[1] == '\n'));
}

/* Step over what ends a value, and put a terminator at its end. */
static enum stop
step_over(struct csv *c, char *end_of_value)
{
	enum stop stop = STOP_NONE;

	if (c->at == c->end) {
		stop = STOP_END;
	} else if (*c->at == ',') {
		stop = STOP_COMMA;
		c->at++;
	} else if (at_line_end(c)) {
		stop = STOP_LINE;
		c->at += *c->at == '\r' ? 2 : 1;
		c->line++;
	}
	*end_of_value = '\0';
	return stop;
}

/* Behind the opening quote; doubled quotes become one. */
static enum att_err
take_quoted(struct csv *c, enum stop *stop)
{
	unsigned began = c->line;
	char *to = c->at;

	for (; c->at < c->end; c->at++) {
		if (*c->at == '"' && c->end - c->at >= 2 && c->at[1] == '"')
			c->at++;
		else if (*c->at == '"')
			break;
		if (*c->at == '\n')
			c->line++;
		*to++ = *c->at;
	}
	if (c->at == c->end)
		return fail(
		    c, ATT_FORMAT, began, "a quote is opened and never closed");
	c->at++;
	*stop = step_over(c, to);
	if (*stop == STOP_NONE)
		return fail(c, ATT_FORMAT, c->line,
		    "behind a closing quote comes a comma or the end of the "
		    "line; a quote inside is doubled");
	return ATT_OK;
}

static enum att_err
take_plain(struct csv *c, enum stop *stop)
{
	while (c->at < c->end && *c->at != ',' && *c->at != '"' &&
	    *c->at != '\n' && *c->at != '\r')
		c->at++;
	if (c->at < c->end && *c->at == '"')
		return fail(c, ATT_FORMAT, c->line,
		    "a quote inside a value; put the whole value in quotes "
		    "and double that one");
	*stop = step_over(c, c->at);
	if (*stop == STOP_NONE)
		return fail(c, ATT_FORMAT, c->line,
		    "a carriage return that is not the end of a line");
	return ATT_OK;
}

/* Everything from `from` up to where the parser is now is text. */
static const char *
check_bytes(const char *from, const char *to)
{
	uint32_t code;

	while (from < to) {
		size_t n = att_utf8_next(
		    (const uint8_t *)from, (size_t)(to - from), &code);

		if (n == 0)
			return "not UTF-8; save the file as UTF-8";
		if (code == 0)
			return "a NUL byte";
		from += n;
	}
	return NULL;
}

static enum att_err
take_value(struct csv *c, struct csv_row *row, enum stop *stop)
{
	bool quoted = c->at < c->end && *c->at == '"';

	if (row->n == CSV_VALUES_MAX)
		return fail(c, ATT_LIMIT, c->line, "too many values");
	if (quoted)
		c->at++;
	row->value[row->n++] = c->at;
	return quoted ? take_quoted(c, stop) : take_plain(c, stop);
}

/* The end of the record that begins here, with whatever is inside quotes. */
static const char *
end_of_record(const struct csv *c)
{
	const char *at = c->at;
	bool quoted = false;

	for (; at < c->end && (quoted || *at != '\n'); at++)
		if (*at == '"')
			quoted = !quoted;
	return at;
}

enum att_err
csv_next(struct csv *c, struct csv_row *row)
{
	enum stop stop = STOP_COMMA;
	enum att_err e = ATT_OK;
	const char *why;

	while (at_line_end(c)) {
		c->at += *c->at == '\r' ? 2 : 1;
		c->line++;
	}
	*row = (struct csv_row){ .line = c->line };
	if (c->at == c->end)
		return ATT_ABSENT;
	why = check_bytes(c->at, end_of_record(c));
	if (why != NULL)
		return fail(c, ATT_FORMAT, c->line, why);
	while (e == ATT_OK && stop == STOP_COMMA)
		e = take_value(c, row, &stop);
	return e;
}
