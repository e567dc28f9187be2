/*
 * What a verb prints: fields of one record and lists of records, for people
 * (on a terminal or as an HTML page) or as JSON, from the same calls. Heads
 * are msgids, translated for people.
 *
 *	report_open(&r, d, call);
 *	report_record(&r);
 *	report_text(&r, "number", "Number", e.number);
 *	report_record_end(&r);
 *	return report_close(&r);
 */
#ifndef ATT_ADMIN_REPORT_H
#define ATT_ADMIN_REPORT_H

#include "admin/table.h"
#include "admin/verbs.h"
#include "attendd/dialogue.h"

struct report {
	struct dialogue *d;
	struct print print;
	struct json json;
	struct json *j; /* NULL: for people */
	bool html; /* for people, as a page that prints well */
	bool in_fields; /* of the page: a table of fields is open */
	bool failed;
};

/* JSON when the call says --json, a page when it says --html. */
void
report_open(struct report *r, struct dialogue *d, const struct verb_call *call);
/* Hand everything over. VERB_FAILED with a message if something was lost. */
enum verb_status report_close(struct report *r);

/* One record: an object in JSON, lines "Head  value" otherwise. */
void report_record(struct report *r);
void report_record_end(struct report *r);
void report_text(
    struct report *r, const char *key, const char *head, const char *text);
void
report_number(struct report *r, const char *key, const char *head, int64_t v);
/* An id: as it is in JSON, its word for people. */
void report_word(
    struct report *r, const char *key, const char *head, const char *id);
void report_flag(struct report *r, const char *key, const char *head, bool v);
void report_date(
    struct report *r, const char *key, const char *head, struct att_date date);
/* utc 0: none */
void
report_time(struct report *r, const char *key, const char *head, int64_t utc);

/* A line of plain text, for people only. */
void report_line(struct report *r, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * A list; with a key it is a member of the open record, under the heading. The
 * table is closed with report_list_end.
 */
void report_list(struct report *r, struct table *t, const char *key,
    const char *head, const struct table_column *columns, size_t n);
void report_list_end(struct report *r, struct table *t);

/* Cells and texts: a date, a time (0: none), bytes in hex. */
void table_date(struct table *t, struct att_date date);
void table_time(struct table *t, int64_t utc);
void hex_format(const uint8_t *bytes, size_t len, char *out);

#endif
