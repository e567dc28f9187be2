/*
 * Records, one a row: as a table whose columns line up on a terminal (wide
 * characters counted as wide), as a table of an HTML page, or as a JSON array
 * of objects. Heads are msgids, translated for people. Rows stream: at
 * most TABLE_BLOCK of them are held, and the widths of a later block are at
 * least those of the one before. On a terminal a column in which nothing is
 * known is left out; a later block that knows something has a heading again.
 */
#ifndef ATT_ADMIN_TABLE_H
#define ATT_ADMIN_TABLE_H

#include "admin/json.h"

#define TABLE_COLUMNS_MAX 16
#define TABLE_BLOCK	  256

struct table_column {
	const char *key; /* in JSON */
	const char *head;
};

struct table {
	struct print *p;
	struct json *j; /* NULL: for people */
	bool html; /* rows of a page; set it right after opening */
	const struct table_column *columns;
	size_t n;
	size_t cell; /* next in the row */
	size_t rows; /* held */
	bool headed;
	bool failed; /* no memory: rows are missing */
	bool used[TABLE_COLUMNS_MAX]; /* something is known in it */
	size_t width[TABLE_COLUMNS_MAX];
	char *text; /* owned; the cells, each with its NUL */
	size_t used_bytes, cap;
};

/* columns are borrowed and at most TABLE_COLUMNS_MAX. Close with table_close.
 */
void table_open(struct table *t, struct print *p, struct json *j,
    const struct table_column *columns, size_t n);

/* The next cell; the last of a row completes it. NULL or "": nothing known. */
void table_text(struct table *t, const char *text);
void table_number(struct table *t, int64_t v);
void table_flag(struct table *t, bool v);
/* An id: as it is in JSON, its word for people. */
void table_word(struct table *t, const char *id);

/* Print what is held and free it. False if rows were lost for want of memory.
 */
bool table_close(struct table *t) __attribute__((warn_unused_result));

#endif
