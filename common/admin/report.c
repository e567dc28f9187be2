#include "admin/report.h"

#include "admin/answer.h"
#include "base/owner.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define VALUE_COLUMN 18

static void
to_dialogue(void *ctx, const void *at, size_t len)
{
	dialogue_write(ctx, at, len);
}

void
report_open(struct report *r, struct dialogue *d, const struct verb_call *call)
{
	r->d = d;
	r->failed = false;
	print_open(&r->print, to_dialogue, d);
	json_start(&r->json, &r->print);
	r->j = verb_option(call, "json") != NULL ? &r->json : NULL;
}

enum verb_status
report_close(struct report *r)
{
	print_flush(&r->print);
	if (r->failed)
		return answer_trouble(r->d, ATT_NOMEM, "printing");
	return r->d->io == ATT_OK ? VERB_DONE : VERB_FAILED;
}

void
report_record(struct report *r)
{
	if (r->j != NULL)
		json_object(r->j);
}

void
report_record_end(struct report *r)
{
	if (r->j != NULL)
		json_object_end(r->j);
}

static void
line(struct report *r, const char *head, const char *value)
{
	size_t len = strlen(head);

	print_text(&r->print, head);
	print_spaces(&r->print, len < VALUE_COLUMN ? VALUE_COLUMN - len : 1);
	print_plain(&r->print, value);
	print_bytes(&r->print, "\n", 1);
}

void
report_text(
    struct report *r, const char *key, const char *head, const char *text)
{
	bool none = text == NULL || text[0] == '\0';

	if (r->j == NULL) {
		line(r, head, none ? "-" : text);
		return;
	}
	json_key(r->j, key);
	json_text(r->j, none ? NULL : text);
}

void
report_number(struct report *r, const char *key, const char *head, int64_t v)
{
	char text[24];

	if (r->j == NULL) {
		(void)snprintf(text, sizeof(text), "%" PRId64, v);
		line(r, head, text);
		return;
	}
	json_key(r->j, key);
	json_number(r->j, v);
}

void
report_flag(struct report *r, const char *key, const char *head, bool v)
{
	if (r->j == NULL) {
		line(r, head, v ? "yes" : "no");
		return;
	}
	json_key(r->j, key);
	json_bool(r->j, v);
}

void
report_date(
    struct report *r, const char *key, const char *head, struct att_date date)
{
	char text[ATT_DATE_TEXT];

	att_date_format(date, text);
	report_text(r, key, head, att_date_known(date) ? text : NULL);
}

void
report_time(struct report *r, const char *key, const char *head, int64_t utc)
{
	char text[ATT_TIME_TEXT];

	att_time_format(utc, text);
	report_text(r, key, head, utc != 0 ? text : NULL);
}

void
report_line(struct report *r, const char *fmt, ...)
{
	ATT_AUTO_FREE char *text = NULL;
	va_list ap;
	int n;

	if (r->j != NULL)
		return;
	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0) {
		text = NULL;
		r->failed = true;
		return;
	}
	print_plain(&r->print, text);
	print_bytes(&r->print, "\n", 1);
}

void
report_list(struct report *r, struct table *t, const char *key,
    const char *head, const struct table_column *columns, size_t n)
{
	if (r->j != NULL && key != NULL)
		json_key(r->j, key);
	if (r->j == NULL && head != NULL) {
		print_bytes(&r->print, "\n", 1);
		print_text(&r->print, head);
		print_bytes(&r->print, "\n", 1);
	}
	table_open(t, &r->print, r->j, columns, n);
}

void
report_list_end(struct report *r, struct table *t)
{
	if (!table_close(t))
		r->failed = true;
}

void
table_date(struct table *t, struct att_date date)
{
	char text[ATT_DATE_TEXT];

	att_date_format(date, text);
	table_text(t, att_date_known(date) ? text : NULL);
}

void
table_time(struct table *t, int64_t utc)
{
	char text[ATT_TIME_TEXT];

	att_time_format(utc, text);
	table_text(t, utc != 0 ? text : NULL);
}

void
hex_format(const uint8_t *bytes, size_t len, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		*out++ = digits[bytes[i] >> 4];
		*out++ = digits[bytes[i] & 15];
	}
	*out = '\0';
}
