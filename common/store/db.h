/*
 * What the files of this folder share: the connection, and statements as
 * values that are bound by name, stepped, read column by column and given
 * back at scope end. Failure is sticky: bind and take as needed, check once.
 *
 *	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_PIN_GET);
 *
 *	db_bind_id(&q, ":person", person);
 *	e = db_step(&q);
 *	out.must_change = db_take_int(&q) != 0;
 *	...
 *	return db_query_done(&q);
 */
#ifndef ATT_STORE_DB_H
#define ATT_STORE_DB_H

#include "store/stmt.h"
#include "store/store.h"

#include <sqlite3.h>
#include <stddef.h>

#define DB_TROUBLE_MAX 256

struct store {
	sqlite3 *db;
	sqlite3_stmt *stmt[STMT_COUNT];
	struct vault *vault; /* borrowed; NULL while being made */
	bool hasty; /* wait for nobody */
	bool unrecorded; /* this transaction changed what no record names */
	struct { /* the last record of this transaction, and committed */
		uint64_t seq;
		uint8_t hash[VAULT_HASH_LEN];
	} pending, mine;
	int64_t busy_until_ms;
	char trouble[DB_TROUBLE_MAX];
	char check[DB_TROUBLE_MAX]; /* what store_check found */
};

/* Note the detail of a failure; returns e. No personal data, ever. */
enum att_err db_trouble(struct store *s, enum att_err e, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The same for s NULL: what store_trouble(NULL) then says. */
enum att_err
store_open_trouble(struct store *s, enum att_err e, const char *why);

/* From a sqlite result to ours, with the detail noted. */
enum att_err db_fail(struct store *s, int rc, const char *doing);

/*
 * A configured connection without statements. flags as for sqlite3_open_v2.
 * s->trouble is set on failure; s->db is closed by db_close.
 */
enum att_err
db_connect(struct store *s, const char *path, int flags) ATT_CHECKED;
/* Every statement at once; they are prepared when first used otherwise. */
enum att_err db_prepare_all(struct store *s) ATT_CHECKED;
void db_close(struct store *s);

/* fsync the directory a path is in. */
enum att_err db_directory_sync(const char *path) ATT_CHECKED;

/* A new empty file, ours alone whatever the umask; -1 with errno. */
int db_private_file(const char *path);

/* Copy all pages, both connections the caller's; an sqlite result. */
int db_copy_pages(sqlite3 *from, sqlite3 *to);

/* ATT_REFUSED outside a transaction: first line of what changes anything. */
enum att_err db_need_tx(struct store *s) ATT_CHECKED;

/*
 * Roll back what is open, keeping the detail of the failure that led here. If
 * that fails too, closing does it.
 */
void db_undo(struct store *s);

/* Run fixed SQL that has no parameters and gives no rows. */
enum att_err db_exec(struct store *s, const char *sql) ATT_CHECKED;

struct db_query {
	struct store *s;
	sqlite3_stmt *st; /* NULL: failed before the first step */
	const char *name;
	enum att_err err;
	int bound;
	int column;
	bool row;
};

struct db_query db_query(struct store *s, enum store_stmt id);
void db_query_end(struct db_query *q);
#define STORE_AUTO_QUERY __attribute__((cleanup(db_query_end)))

/* Borrowed bytes must live until the step. */
void db_bind_int(struct db_query *q, const char *name, int64_t v);
void db_bind_blob(struct db_query *q, const char *name, struct att_slice v);
void db_bind_id(struct db_query *q, const char *name, const uint8_t id[16]);
void db_bind_text(struct db_query *q, const char *name, const char *v);
/* Empty text and unknown dates are NULL in the store. */
void db_bind_date(struct db_query *q, const char *name, struct att_date d);
void db_bind_null(struct db_query *q, const char *name);

/* ATT_OK: there is a row. ATT_ABSENT: no (more) row. Else an error. */
enum att_err db_step(struct db_query *q) ATT_CHECKED;
/* Step only to see whether there is a row. */
enum att_err db_exists(struct db_query *q, bool *yes) ATT_CHECKED;
/* Step what gives no rows. */
enum att_err db_run(struct db_query *q) ATT_CHECKED;
/* Step what gives one row with one whole number. */
enum att_err db_count(struct db_query *q, uint64_t *n) ATT_CHECKED;
/* Rows changed by the last db_run. */
int db_changes(const struct db_query *q);

/*
 * The next column of the row. What is not of the type, size or form asked
 * for makes the query fail with ATT_CORRUPT, and gives zero or empty.
 */
int64_t db_take_int(struct db_query *q);
int64_t db_take_int_in(struct db_query *q, int64_t min, int64_t max);
struct att_slice db_take_blob(struct db_query *q); /* NULL: at is NULL */
void db_take_bytes(struct db_query *q, void *out, size_t len);
void db_take_text(struct db_query *q, char *buf, size_t cap);
struct att_date db_take_date(struct db_query *q);
/* Sticky state after the takes. */
enum att_err db_query_done(const struct db_query *q) ATT_CHECKED;

#endif
