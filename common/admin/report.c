#include "admin/report.h"

#include "admin/answer.h"
#include "admin/words.h"
#include "base/owner.h"
#include "base/text.h"

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

/* Nothing from elsewhere, nothing that moves: it has to print and to last. */
static const char page_style[] =
    "body{font:11pt/1.4 sans-serif;margin:2em auto;max-width:60em;color:#000}"
    "h1{font-size:16pt}h2{font-size:12pt;margin:1.5em 0 .3em}"
    "table{border-collapse:collapse;width:100%}"
    "th,td{border:1px solid #999;padding:.2em .5em;text-align:left;"
    "vertical-align:top;overflow-wrap:anywhere}"
    "th{background:#eee}table.fields th{width:16em}"
    "@page{size:A4;margin:18mm}"
    "@media print{body{margin:0;max-width:none;font-size:9pt}"
    "h2{break-after:avoid}tr{break-inside:avoid}"
    "thead{display:table-header-group}}";

static void
page_head(struct report *r)
{
	const char *site = r->d->config->site_name;

	print_text(&r->print, "<!DOCTYPE html>\n<html lang=\"");
	print_text(
	    &r->print, strcmp(r->d->locale, "zh_CN") == 0 ? "zh-CN" : "en");
	print_text(&r->print, "\">\n<head><meta charset=\"utf-8\"><title>");
	print_html(&r->print, site[0] != '\0' ? site : "attend");
	print_text(&r->print, "</title>\n<style>");
	print_text(&r->print, page_style);
	print_text(&r->print, "</style></head>\n<body>\n<h1>");
	print_html(&r->print, site[0] != '\0' ? site : "attend");
	print_text(&r->print, "</h1>\n");
}

/* Fields of a page are a table that the next list ends. */
static void
page_fields(struct report *r, bool open)
{
	if (!r->html || r->in_fields == open)
		return;
	print_text(
	    &r->print, open ? "<table class=\"fields\">\n" : "</table>\n");
	r->in_fields = open;
}

void
report_open(struct report *r, struct dialogue *d, const struct verb_call *call)
{
	r->d = d;
	r->failed = false;
	print_open(&r->print, to_dialogue, d);
	json_start(&r->json, &r->print);
	r->j = verb_option(call, "json") != NULL ? &r->json : NULL;
	r->html = r->j == NULL && verb_option(call, "html") != NULL;
	r->in_fields = false;
	if (r->html)
		page_head(r);
}

enum verb_status
report_close(struct report *r)
{
	page_fields(r, false);
	if (r->html)
		print_text(&r->print, "</body>\n</html>\n");
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
	const char *text = _(head);
	size_t len = att_text_width(att_slice_of(text));

	if (r->html) {
		page_fields(r, true);
		print_text(&r->print, "<tr><th>");
		print_html(&r->print, text);
		print_text(&r->print, "</th><td>");
		print_html(&r->print, value);
		print_text(&r->print, "</td></tr>\n");
		return;
	}
	print_text(&r->print, text);
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
		line(r, head, word_text(v ? "yes" : "no"));
		return;
	}
	json_key(r->j, key);
	json_bool(r->j, v);
}

void
report_word(struct report *r, const char *key, const char *head, const char *id)
{
	report_text(r, key, head, r->j != NULL ? id : word_text(id));
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
	page_fields(r, false);
	print_text(&r->print, r->html ? "<p>" : "");
	if (r->html)
		print_html(&r->print, text);
	else
		print_plain(&r->print, text);
	print_text(&r->print, r->html ? "</p>\n" : "\n");
}

void
report_list(struct report *r, struct table *t, const char *key,
    const char *head, const struct table_column *columns, size_t n)
{
	if (r->j != NULL && key != NULL)
		json_key(r->j, key);
	page_fields(r, false);
	if (r->j == NULL && head != NULL) {
		print_text(&r->print, r->html ? "<h2>" : "\n");
		print_text(&r->print, _(head));
		print_text(&r->print, r->html ? "</h2>\n" : "\n");
	}
	table_open(t, &r->print, r->j, columns, n);
	t->html = r->html;
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
