/*
 * A real store in the test's directory, its vault, and an invented clock.
 * Everything that follows from "it must work" is NEEDed by the test itself.
 */
#ifndef ATT_TESTS_SAMPLE_STORE_H
#define ATT_TESTS_SAMPLE_STORE_H

#include "store/employee.h"
#include "test.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#define NOON INT64_C(1700049600) /* 2023-11-15 12:00 UTC */

static const struct store_id_range sample_ids = { 70000, 70999 };

struct sample {
	struct vault *vault;
	struct store *store;
	struct store_by by; /* root, at NOON, two hours after boot */
	char path[256];
	char key[256];
};

static inline void
sample_close(struct sample *t)
{
	store_close(t->store);
	vault_close(t->vault);
	t->store = NULL;
	t->vault = NULL;
}
#define SAMPLE __attribute__((cleanup(sample_close))) struct sample

static inline bool
sample_open(struct sample *t)
{
	*t = (struct sample){
		.by = { .actor = "root",
		    .now = { .utc = NOON, .boot = 7200, .boot_id = { 1 } } }
	};
	(void)snprintf(t->path, sizeof(t->path), "%s", test_path("store.db"));
	(void)snprintf(t->key, sizeof(t->key), "%s", test_path("site.key"));
	return vault_create(t->key) == ATT_OK &&
	    vault_open(&t->vault, t->key) == ATT_OK &&
	    store_create(t->path) == ATT_OK &&
	    store_open(&t->store, t->path, t->vault) == ATT_OK;
}

static inline bool
sample_reopen(struct sample *t)
{
	store_close(t->store);
	t->store = NULL;
	return store_open(&t->store, t->path, t->vault) == ATT_OK;
}

/* Time passes: wall and boot clock alike. */
static inline void
sample_wait(struct sample *t, int64_t seconds)
{
	t->by.now.utc += seconds;
	t->by.now.boot += seconds;
}

/* Ada Example, number 1042, of Research; invented as all of them. */
static inline struct store_employee
sample_ada(void)
{
	struct store_employee e = {
		.number = "1042",
		.name = "Ada Example",
		.born_on = { 1990, 2, 28 },
		.hired_on = { 2020, 1, 1 },
		.email = "ada@example.org",
		.phone = "+49 30 555 0142",
		.department = "Research",
		.position = "Engineer",
	};

	return e;
}

static inline struct store_employee
sample_bob(void)
{
	struct store_employee e = { .number = "1043", .name = "Bob Example" };

	return e;
}

/* One function that changes something, in a transaction of its own. */
#define IN_TX(t, call)                                                \
	__extension__({                                               \
		STORE_AUTO_TX struct store_tx tx_ = { 0 };            \
		enum att_err tx_err_ = store_begin((t)->store, &tx_); \
		if (tx_err_ == ATT_OK)                                \
			tx_err_ = (call);                             \
		if (tx_err_ == ATT_OK)                                \
			tx_err_ = store_commit(&tx_);                 \
		tx_err_;                                              \
	})

static inline enum att_err
sample_add(struct sample *t, struct store_employee *e)
{
	return IN_TX(t, store_employee_add(t->store, &t->by, sample_ids, e));
}

/*
 * Write into the file behind attend's back, as an attacker or a bad disk
 * would: with a connection that has none of our settings.
 */
static inline bool
sample_tamper(const struct sample *t, const char *sql)
{
	sqlite3 *db = NULL;
	char *why = NULL;
	bool ok = sqlite3_open(t->path, &db) == SQLITE_OK &&
	    sqlite3_exec(db, sql, NULL, NULL, &why) == SQLITE_OK;

	if (!ok)
		printf("# %s\n", why != NULL ? why : sqlite3_errmsg(db));
	sqlite3_free(why);
	(void)sqlite3_close(db); /* a test's own connection */
	return ok;
}

/* One number out of the file. -1: none. */
static inline int64_t
sample_number(const struct sample *t, const char *sql)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *st = NULL;
	int64_t n = -1;

	if (sqlite3_open(t->path, &db) == SQLITE_OK &&
	    sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK &&
	    sqlite3_step(st) == SQLITE_ROW)
		n = sqlite3_column_int64(st, 0);
	(void)sqlite3_finalize(st);
	(void)sqlite3_close(db);
	return n;
}

#endif
