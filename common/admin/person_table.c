#include "admin/person_table.h"

#include "admin/csv.h"
#include "base/owner.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define NUMBER	   PERSON_FORM_FIELDS /* as a column */
#define COLUMNS	   (PERSON_FORM_FIELDS + 1)
#define SHOWN_MAX  40 /* bytes of the file in a message */
#define ROWS_FIRST 256

struct reading {
	struct person_table *t;
	struct csv csv;
	size_t column[CSV_VALUES_MAX]; /* what the i-th value is */
	size_t n_columns;
	size_t cap; /* rows there is room for */
	char *why;
};

static enum att_err say(struct reading *r, unsigned line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static enum att_err
say(struct reading *r, unsigned line, const char *fmt, ...)
{
	int n = snprintf(r->why, PERSON_FORM_WHY, "line %u: ", line);
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(r->why + n, PERSON_FORM_WHY - (size_t)n, fmt, ap);
	va_end(ap);
	return ATT_FORMAT;
}

/* Text of the file for a message, if it can be shown there. */
static const char *
shown(const char *text)
{
	return strlen(text) <= SHOWN_MAX && att_text_ok(att_slice_of(text))
	    ? text
	    : "...";
}

static enum att_err
next_record(struct reading *r, struct csv_row *row)
{
	enum att_err e = csv_next(&r->csv, row);

	if (e == ATT_FORMAT || e == ATT_LIMIT)
		(void)say(r, r->csv.why_line, "%s", r->csv.why);
	return e;
}

static enum att_err
take_column(struct reading *r, const struct csv_row *head, size_t i, bool *seen)
{
	const char *name = head->value[i];
	size_t column =
	    strcmp(name, "number") == 0 ? NUMBER : person_form_find(name);

	if (column == PERSON_FORM_FIELDS && strcmp(name, "number") != 0)
		return say(r, head->line,
		    "column %zu, \"%s\": there are number, name, birth, "
		    "department, position, hired, ended, email, phone and "
		    "login, with commas between",
		    i + 1, shown(name));
	if (seen[column])
		return say(r, head->line,
		    "column %zu: \"%s\" stands there "
		    "twice",
		    i + 1, name);
	seen[column] = true;
	r->column[i] = column;
	return ATT_OK;
}

static enum att_err
read_head(struct reading *r)
{
	bool seen[COLUMNS] = { false };
	struct csv_row head;
	enum att_err e = next_record(r, &head);

	if (e == ATT_ABSENT)
		return say(r, 1,
		    "the file is empty; its first line names the "
		    "columns");
	for (size_t i = 0; i < head.n && e == ATT_OK; i++)
		e = take_column(r, &head, i, seen);
	r->n_columns = head.n;
	if (e == ATT_OK && !seen[NUMBER])
		return say(r, head.line,
		    "no column \"number\"; the first line names the columns");
	return e;
}

static enum att_err
make_room(struct reading *r)
{
	struct person_table *t = r->t;
	size_t cap = r->cap == 0 ? ROWS_FIRST : r->cap * 2;
	struct person_row *more;

	if (t->n < r->cap)
		return ATT_OK;
	more = reallocarray(t->row, cap, sizeof(*more));
	if (more == NULL)
		return ATT_NOMEM;
	t->row = more;
	r->cap = cap;
	return ATT_OK;
}

static enum att_err
take_person(struct reading *r, const struct csv_row *record)
{
	struct person_row row = { .line = record->line };
	enum att_err e;

	if (record->n != r->n_columns)
		return say(r, record->line, "%zu values under %zu columns",
		    record->n, r->n_columns);
	for (size_t i = 0; i < record->n; i++)
		if (r->column[i] == NUMBER)
			row.number = record->value[i];
		else
			row.text[r->column[i]] = record->value[i];
	if (!att_number_ok(row.number, strlen(row.number)))
		return say(r, record->line,
		    "number \"%s\" must be 1 to %d of A-Z a-z 0-9 . _ -, and "
		    "start with a letter or digit",
		    shown(row.number), ATT_NUMBER_MAX);
	if (r->t->n == PERSON_TABLE_ROWS) {
		(void)say(r, record->line,
		    "more than %d people; split the file", PERSON_TABLE_ROWS);
		return ATT_LIMIT;
	}
	e = make_room(r);
	if (e == ATT_OK)
		r->t->row[r->t->n++] = row;
	return e;
}

/* By number whatever the case, then by line. */
static int
order(const void *a, const void *b)
{
	const struct person_row *left = *(struct person_row *const *)a;
	const struct person_row *right = *(struct person_row *const *)b;
	int by_number = strcasecmp(left->number, right->number);

	return by_number != 0	       ? by_number
	    : left->line < right->line ? -1
				       : left->line > right->line;
}

static enum att_err
check_once(struct reading *r)
{
	ATT_AUTO_FREE struct person_row **sorted = NULL;
	struct person_table *t = r->t;

	if (t->n == 0)
		return ATT_OK;
	sorted = reallocarray(NULL, t->n, sizeof(*sorted));
	if (sorted == NULL)
		return ATT_NOMEM;
	for (size_t i = 0; i < t->n; i++)
		sorted[i] = &t->row[i];
	qsort(sorted, t->n, sizeof(*sorted), order);
	for (size_t i = 1; i < t->n; i++)
		if (strcasecmp(sorted[i - 1]->number, sorted[i]->number) == 0)
			return say(r, sorted[i]->line,
			    "number %s stands on line %u already",
			    sorted[i]->number, sorted[i - 1]->line);
	return ATT_OK;
}

enum att_err
person_table_read(
    struct person_table *t, char *bytes, size_t len, char why[PERSON_FORM_WHY])
{
	struct reading r = { .t = t, .why = why };
	struct csv_row record;
	enum att_err e;

	*t = (struct person_table){ 0 };
	why[0] = '\0';
	if (len > PERSON_TABLE_BYTES) {
		(void)snprintf(why, PERSON_FORM_WHY,
		    "more than %u MiB; split the file",
		    PERSON_TABLE_BYTES >> 20);
		return ATT_LIMIT;
	}
	csv_open(&r.csv, bytes, len);
	e = read_head(&r);
	while (e == ATT_OK && (e = next_record(&r, &record)) == ATT_OK)
		e = take_person(&r, &record);
	return e == ATT_ABSENT ? check_once(&r) : e;
}

void
person_table_free(struct person_table *t)
{
	free(t->row);
	*t = (struct person_table){ 0 };
}
