#include "store/db.h"

#include <stdio.h>
#include <string.h>

/* Run a check whose first column is what it found; empty: nothing. */
static enum att_err
check_rows(struct store *s, const char *sql, char *found, size_t cap)
{
	sqlite3_stmt *st = NULL;
	int rc = sqlite3_prepare_v2(s->db, sql, -1, &st, NULL);
	const unsigned char *text;
	enum att_err e = ATT_OK;

	found[0] = '\0';
	if (rc == SQLITE_OK)
		rc = sqlite3_step(st);
	if (rc == SQLITE_ROW) {
		text = sqlite3_column_text(st, 0);
		(void)snprintf(found, cap, "%s",
		    text != NULL ? (const char *)text : "NULL");
	} else if (rc != SQLITE_DONE) {
		e = db_fail(s, rc, "check");
	}
	(void)sqlite3_finalize(st); /* repeats the step's error */
	return e;
}

enum att_err
store_check(struct store *s, const char **why)
{
	static const struct {
		const char *sql;
		const char *meaning;
	} checks[] = {
#define X(sql, meaning) { sql, meaning },
		STORE_CHECKS(X)
#undef X
	};
	char found[DB_TROUBLE_MAX];
	enum att_err e =
	    check_rows(s, DB_INTEGRITY, s->check, sizeof(s->check));

	*why = s->check;
	if (e != ATT_OK) {
		memcpy(s->check, s->trouble, sizeof(s->check));
		return e;
	}
	e = db_prepare_all(s);
	if (e != ATT_OK) {
		*why = "the schema is not the one this attend knows";
		return e;
	}
	if (strcmp(s->check, "ok") != 0)
		return db_trouble(s, ATT_CORRUPT, "%s", s->check);
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		e = check_rows(s, checks[i].sql, found, sizeof(found));
		if (e == ATT_OK && found[0] == '\0')
			continue;
		*why = checks[i].meaning;
		return e != ATT_OK ? e : db_trouble(s, ATT_CORRUPT, "%s", *why);
	}
	return ATT_OK;
}

static enum att_err
run(struct store *s, enum store_stmt id)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, id);

	return db_run(&q);
}

enum att_err
store_begin(struct store *s, struct store_tx *tx)
{
	enum att_err e;

	if (sqlite3_get_autocommit(s->db) == 0)
		return db_trouble(s, ATT_REFUSED, "a transaction is open");
	e = run(s, STMT_BEGIN);
	if (e != ATT_OK)
		return e;
	s->unrecorded = false;
	s->pending.seq = 0;
	tx->s = s;
	return ATT_OK;
}

enum att_err
store_commit(struct store_tx *tx)
{
	struct store *s = tx->s;
	enum att_err e;

	if (s == NULL)
		return ATT_REFUSED;
	e = ATT_OK;
	if (sqlite3_get_autocommit(s->db) != 0)
		e = ATT_IO; /* sqlite rolled back; trouble says why */
	if (e == ATT_OK && s->unrecorded)
		e = db_trouble(
		    s, ATT_REFUSED, "a change failed or has no audit record");
	if (e == ATT_OK)
		e = run(s, STMT_COMMIT);
	if (e != ATT_OK) {
		store_rollback(tx);
		return e;
	}
	tx->s = NULL;
	if (s->pending.seq > 0)
		s->mine = s->pending;
	return ATT_OK;
}

void
store_rollback(struct store_tx *tx)
{
	if (tx->s != NULL)
		db_undo(tx->s);
	tx->s = NULL;
}

enum att_err
store_site_get(struct store *s, struct store_site *out)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_SITE_GET);
	struct store_site site = { 0 };
	enum att_err e = db_step(&q);

	if (e == ATT_ABSENT)
		return db_trouble(s, ATT_CORRUPT, "no site row");
	db_take_bytes(&q, site.site_id, sizeof(site.site_id));
	site.created_utc = db_take_int(&q);
	site.directory_generation = (uint64_t)db_take_int(&q);
	site.latest_utc = db_take_int(&q);
	site.next_uid = (uint32_t)db_take_int_in(&q, 0, UINT32_MAX);
	site.next_gid = (uint32_t)db_take_int_in(&q, 0, UINT32_MAX);
	e = db_query_done(&q);
	if (e == ATT_OK)
		*out = site;
	return e;
}
