/*
 * A file of people (csv.h): the first record names the columns, in any order:
 * "number", and of the fields of person_form.h what there is to say. Every
 * other record is a person; each number stands there once, whatever the case
 * of its letters. Pure: values are not looked at here, except the number.
 */
#ifndef ATT_ADMIN_PERSON_TABLE_H
#define ATT_ADMIN_PERSON_TABLE_H

#include "admin/person_form.h"

#define PERSON_TABLE_BYTES (16u << 20) /* of the file */
#define PERSON_TABLE_ROWS  200000

/* What becomes of a row; set by whoever imports it. */
enum person_row_fate {
	PERSON_ROW_SAME,
	PERSON_ROW_ADDED,
	PERSON_ROW_CHANGED,
};

struct person_row {
	const char *number;
	const char *text[PERSON_FORM_FIELDS]; /* NULL: no such column */
	unsigned line; /* from 1 */
	enum person_row_fate fate;
	int64_t held_utc; /* a minor's hold; 0: none */
};

struct person_table {
	struct person_row *row; /* owned; in the order of the file */
	size_t n;
};

/*
 * bytes are written over, one longer than len, and must outlive the table.
 * ATT_FORMAT and ATT_LIMIT with the line and the reason in why, English and
 * without control characters; ATT_NOMEM. Free it whatever the result.
 */
enum att_err person_table_read(struct person_table *t, char *bytes, size_t len,
    char why[PERSON_FORM_WHY]) ATT_CHECKED;
void person_table_free(struct person_table *t);

#endif
