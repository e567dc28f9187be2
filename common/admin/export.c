/*
 * Data about everybody that is data about nobody: no identifiers, nothing
 * sealed, dates in bands, ids made for this export and kept nowhere. Every
 * combination of what is left is shared by at least TOGETHER people; where it
 * would not be, values are starred out, and if that does not help the row is
 * left out.
 */
#include "admin/answer.h"
#include "admin/change.h"
#include "admin/nouns.h"
#include "admin/report.h"
#include "store/attendance.h"
#include "store/disclosure.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOGETHER   5
#define AGE_BAND   10 /* years */
#define HIRED_BAND 5 /* years */
#define UNITS_MAX  4096
#define STAR	   (-1)

/* What is left of a person: bands by their lower end, STAR for anything. */
enum {
	UNIT,
	AGE,
	HIRED,
	COLUMNS,
};
struct row {
	uint8_t id[8]; /* random; also the order of rows */
	int16_t value[COLUMNS];
	bool left_out;
};

struct export
{
	struct dialogue *d;
	struct row *rows; /* owned */
	size_t n, cap;
	char(*units)[STORE_UNIT_MAX + 1]; /* owned */
	size_t n_units;
	size_t left_out;
	enum att_err err;
};

static void
export_free(struct export *x)
{
	free(x->rows);
	free(x->units);
}

static int16_t
unit_index(struct export *x, const char *unit)
{
	if (unit[0] == '\0')
		return STAR;
	for (size_t i = 0; i < x->n_units; i++)
		if (strcmp(x->units[i], unit) == 0)
			return (int16_t)i;
	if (x->n_units == UNITS_MAX)
		return STAR;
	memcpy(x->units[x->n_units], unit, strlen(unit) + 1);
	return (int16_t)x->n_units++;
}

static int16_t
band(int value, int width)
{
	return (int16_t)(value - value % width);
}

static bool
take_person(void *ctx, const struct store_employee *e)
{
	struct export *x = ctx;
	int age = att_age_on(e->born_on, att_date_at(x->d->now.utc));
	struct row r = { 0 };

	if (x->n == x->cap) {
		size_t cap = x->cap == 0 ? 1024 : 2 * x->cap;
		struct row *rows = reallocarray(x->rows, cap, sizeof(*rows));

		if (rows == NULL) {
			x->err = ATT_NOMEM;
			return false;
		}
		x->rows = rows;
		x->cap = cap;
	}
	vault_random(r.id, sizeof(r.id));
	r.value[UNIT] = unit_index(x, e->department);
	r.value[AGE] =
	    att_date_known(e->born_on) && age >= 0 ? band(age, AGE_BAND) : STAR;
	r.value[HIRED] = att_date_known(e->hired_on)
	    ? band(e->hired_on.year, HIRED_BAND)
	    : STAR;
	x->rows[x->n++] = r;
	return true;
}

static int
by_values(const void *a, const void *b)
{
	const struct row *l = a, *r = b;

	for (int i = 0; i < COLUMNS; i++)
		if (l->value[i] != r->value[i])
			return l->value[i] < r->value[i] ? -1 : 1;
	return 0;
}

static int
by_id(const void *a, const void *b)
{
	const struct row *l = a, *r = b;

	return memcmp(l->id, r->id, sizeof(l->id));
}

/* Rows of groups that are too small: star a column, or leave them out. */
static void
widen(struct export *x, int column)
{
	if (x->n == 0)
		return;
	qsort(x->rows, x->n, sizeof(*x->rows), by_values);
	for (size_t from = 0, to; from < x->n; from = to) {
		for (to = from + 1; to < x->n; to++)
			if (by_values(&x->rows[from], &x->rows[to]) != 0)
				break;
		if (to - from >= TOGETHER)
			continue;
		for (size_t i = from; i < to; i++)
			if (column < COLUMNS)
				x->rows[i].value[column] = STAR;
			else
				x->rows[i].left_out = true;
		x->left_out += column == COLUMNS ? to - from : 0;
	}
}

static void
anonymise(struct export *x)
{
	/* the least telling goes first */
	widen(x, HIRED);
	widen(x, AGE);
	widen(x, UNIT);
	widen(x, COLUMNS);
	if (x->n > 0)
		qsort(x->rows, x->n, sizeof(*x->rows), by_id);
}

static void
band_cell(struct table *t, int16_t low, int width)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%d-%d", low, low + width - 1);
	table_text(t, low == STAR ? "*" : text);
}

static void
print_rows(struct report *r, const struct export *x)
{
	static const struct table_column columns[] = { { "id", "ID" },
		{ "department", "DEPARTMENT" }, { "age", "AGE" },
		{ "hired", "HIRED" } };
	struct table t;

	report_list(r, &t, "people", "People", columns, 4);
	for (size_t i = 0; i < x->n; i++) {
		const struct row *row = &x->rows[i];
		char id[2 * sizeof(row->id) + 1];

		if (row->left_out)
			continue;
		hex_format(row->id, sizeof(row->id), id);
		table_text(&t, id);
		table_text(&t,
		    row->value[UNIT] == STAR ? "*"
					     : x->units[row->value[UNIT]]);
		band_cell(&t, row->value[AGE], AGE_BAND);
		band_cell(&t, row->value[HIRED], HIRED_BAND);
	}
	report_list_end(r, &t);
}

static bool
list_together(void *ctx, const struct store_together *a)
{
	static const char *const quarters[] = { "00-06", "06-12", "12-18",
		"18-24" };
	struct table *t = ctx;

	table_text(t, a->month);
	table_text(t, a->department[0] != '\0' ? a->department : "*");
	table_text(
	    t, store_attendance_kind_id((enum store_attendance_kind)a->kind));
	table_text(t, quarters[a->quarter]);
	table_number(t, (int64_t)a->events);
	return true;
}

static enum att_err
print_attendance(struct report *r)
{
	static const struct table_column columns[] = { { "month", "MONTH" },
		{ "department", "DEPARTMENT" }, { "event", "EVENT" },
		{ "hours", "HOURS" }, { "events", "EVENTS" } };
	struct table t;
	enum att_err err;

	report_list(r, &t, "attendance", "Attendance", columns, 5);
	err =
	    store_attendance_together(r->d->store, TOGETHER, list_together, &t);
	report_list_end(r, &t);
	return err;
}

/* On record before anything goes out. */
static enum verb_status
record(struct dialogue *d, const struct export *x)
{
	struct change c ADMIN_AUTO_CHANGE = { 0 };
	char detail[96];
	enum verb_status status = change_begin(&c, d);

	if (status != VERB_DONE)
		return status;
	(void)snprintf(detail, sizeof(detail),
	    "people=%zu left_out=%zu together=%d", x->n - x->left_out,
	    x->left_out, TOGETHER);
	return change_end(&c,
	    store_audit(d->store, &c.by, "export-deidentified", NULL, detail),
	    "recording the export");
}

static enum verb_status
print_export(
    struct dialogue *d, const struct verb_call *call, const struct export *x)
{
	struct report r;
	enum att_err err;

	report_open(&r, d, call);
	report_record(&r);
	report_number(&r, "together", "At least alike", TOGETHER);
	report_number(&r, "left_out", "Left out", (int64_t)x->left_out);
	print_rows(&r, x);
	err = print_attendance(&r);
	report_record_end(&r);
	if (err != ATT_OK)
		return answer_trouble(d, err, "printing the export");
	return report_close(&r);
}

enum verb_status
export_run(struct dialogue *d, const struct verb_call *call)
{
	struct export x __attribute__((cleanup(export_free))) = { .d = d };
	enum verb_status status;
	enum att_err err;

	if (verb_option(call, "deidentified") == NULL)
		return answer_fail(d, VERB_USAGE,
		    "only --deidentified data is exported; what names people "
		    "leaves by attendctl disclose");
	x.units = calloc(UNITS_MAX, sizeof(*x.units));
	if (x.units == NULL)
		return answer_trouble(d, ATT_NOMEM, "exporting");
	err = store_employee_list(d->store, NULL, take_person, &x);
	if (err == ATT_OK)
		err = x.err;
	if (err != ATT_OK)
		return answer_trouble(d, err, "reading employees");
	anonymise(&x);
	status = record(d, &x);
	return status == VERB_DONE ? print_export(d, call, &x) : status;
}
