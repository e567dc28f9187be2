/*
 * Comma-separated values as RFC 4180 writes them: records end with CRLF or
 * LF, values stand between commas, a value in double quotes may hold commas,
 * line ends and doubled quotes. A byte order mark in front is skipped, and so
 * are empty lines. Bytes must be UTF-8 without NUL. Pure; works in place.
 */
#ifndef ATT_ADMIN_CSV_H
#define ATT_ADMIN_CSV_H

#include "base/err.h"

#include <stddef.h>

#define CSV_VALUES_MAX 32 /* in one record */

struct csv {
	char *at, *end;
	unsigned line; /* of *at, from 1 */
	/* after ATT_FORMAT and ATT_LIMIT: English, static, and where it is */
	const char *why;
	unsigned why_line;
};

struct csv_row {
	unsigned line; /* where it begins */
	size_t n;
	char *value[CSV_VALUES_MAX]; /* into the bytes given; each terminated */
};

/*
 * bytes are borrowed, written over, and one longer than len: the parser puts
 * terminators into them.
 */
void csv_open(struct csv *c, char *bytes, size_t len);

/*
 * The next record. ATT_ABSENT: there is none; ATT_FORMAT: not as above;
 * ATT_LIMIT: more values than fit. After an error there is nothing more to
 * read.
 */
enum att_err csv_next(struct csv *c, struct csv_row *row) ATT_CHECKED;

#endif
