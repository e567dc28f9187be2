#include "store/db.h"

#include <string.h>

static const struct {
	const char *name;
	const char *sql;
} statements[] = {
#define X(name, sql) [STMT_##name] = { #name, sql },
	STORE_STMTS(X)
#undef X
};

static enum att_err
prepare(struct store *s, enum store_stmt id)
{
	int rc;

	if (s->stmt[id] != NULL)
		return ATT_OK;
	rc = sqlite3_prepare_v3(s->db, statements[id].sql, -1,
	    SQLITE_PREPARE_PERSISTENT, &s->stmt[id], NULL);
	return rc == SQLITE_OK ? ATT_OK : db_fail(s, rc, statements[id].name);
}

enum att_err
db_prepare_all(struct store *s)
{
	enum att_err e = ATT_OK;

	for (int i = 0; i < STMT_COUNT && e == ATT_OK; i++)
		e = prepare(s, (enum store_stmt)i);
	return e;
}

/* Just what makes a login faster; a statement missing here is prepared when
 * it is first used. */
void
store_expect_login(struct store *s)
{
	static const enum store_stmt path[] = { STMT_BEGIN, STMT_COMMIT,
		STMT_SITE_KEY, STMT_PERSON_BY_LOGIN, STMT_PERSON_KEY,
		STMT_COUNTER_GET, STMT_COUNTER_SET, STMT_ATTEMPT_STALE_COUNT,
		STMT_ATTEMPT_ADD, STMT_ATTEMPT_PENDING, STMT_ATTEMPT_GET,
		STMT_ATTEMPT_END, STMT_ATTEMPT_FORGET, STMT_ATTEMPT_RECENT,
		STMT_PIN_GET, STMT_NOTICE_IN_FORCE, STMT_NOTICE_SHOWN,
		STMT_CONSENT_STATE, STMT_NOTICE_COMING, STMT_REQUEST_NEWS,
		STMT_AUDIT_HEAD, STMT_AUDIT_ADD, STMT_AUDIT_HEAD_SET };

	for (size_t i = 0; i < sizeof(path) / sizeof(path[0]); i++)
		(void)prepare(s, path[i]); /* its first use says why not */
}

struct db_query
db_query(struct store *s, enum store_stmt id)
{
	struct db_query q = { .s = s, .name = statements[id].name };

	q.err = prepare(s, id);
	if (q.err != ATT_OK)
		return q;
	q.st = s->stmt[id];
	if (sqlite3_stmt_busy(q.st)) {
		q.st = NULL; /* not ours to reset */
		q.err = db_trouble(s, ATT_REFUSED,
		    "%s: asked again from within its own rows", q.name);
	}
	return q;
}

void
db_query_end(struct db_query *q)
{
	if (q->st == NULL)
		return;
	(void)sqlite3_reset(q->st); /* repeats the step's error */
	(void)sqlite3_clear_bindings(q->st); /* always succeeds */
	q->st = NULL;
}

/* The parameter's index, 0 when binding is pointless. */
static int
parameter(struct db_query *q, const char *name)
{
	int i;

	if (q->err != ATT_OK)
		return 0;
	i = sqlite3_bind_parameter_index(q->st, name);
	if (i == 0)
		q->err = db_trouble(
		    q->s, ATT_REFUSED, "%s: no parameter %s", q->name, name);
	return i;
}

static void
bound(struct db_query *q, int rc)
{
	q->bound++;
	if (rc != SQLITE_OK && q->err == ATT_OK)
		q->err = db_fail(q->s, rc, q->name);
}

void
db_bind_int(struct db_query *q, const char *name, int64_t v)
{
	int i = parameter(q, name);

	if (i > 0)
		bound(q, sqlite3_bind_int64(q->st, i, v));
}

void
db_bind_blob(struct db_query *q, const char *name, struct att_slice v)
{
	int i = parameter(q, name);

	if (i == 0)
		return;
	if (v.len == 0)
		bound(q, sqlite3_bind_zeroblob(q->st, i, 0));
	else
		bound(q,
		    sqlite3_bind_blob64(q->st, i, v.at, v.len, SQLITE_STATIC));
}

void
db_bind_id(struct db_query *q, const char *name, const uint8_t id[16])
{
	db_bind_blob(q, name, (struct att_slice){ id, 16 });
}

void
db_bind_text(struct db_query *q, const char *name, const char *v)
{
	int i = parameter(q, name);

	if (i > 0)
		bound(q,
		    sqlite3_bind_text64(
			q->st, i, v, strlen(v), SQLITE_STATIC, SQLITE_UTF8));
}

void
db_bind_date(struct db_query *q, const char *name, struct att_date d)
{
	char text[ATT_DATE_TEXT];
	int i = parameter(q, name);

	if (i == 0)
		return;
	att_date_format(d, text);
	if (!att_date_known(d))
		bound(q, sqlite3_bind_null(q->st, i));
	else
		bound(
		    q, sqlite3_bind_text(q->st, i, text, -1, SQLITE_TRANSIENT));
}

void
db_bind_null(struct db_query *q, const char *name)
{
	int i = parameter(q, name);

	if (i > 0)
		bound(q, sqlite3_bind_null(q->st, i));
}

enum att_err
db_step(struct db_query *q)
{
	int rc;

	q->row = false;
	q->column = 0;
	if (q->err != ATT_OK)
		return q->err;
	if (q->bound != sqlite3_bind_parameter_count(q->st))
		return q->err = db_trouble(q->s, ATT_REFUSED,
			   "%s: a parameter is not bound", q->name);
	if (!sqlite3_stmt_readonly(q->st))
		q->s->unrecorded = true;
	rc = sqlite3_step(q->st);
	if (rc == SQLITE_DONE)
		return ATT_ABSENT;
	if (rc != SQLITE_ROW)
		return q->err = db_fail(q->s, rc, q->name);
	q->row = true;
	return ATT_OK;
}

enum att_err
db_exists(struct db_query *q, bool *yes)
{
	enum att_err e = db_step(q);

	*yes = e == ATT_OK;
	return e == ATT_ABSENT ? ATT_OK : e;
}

enum att_err
db_run(struct db_query *q)
{
	enum att_err e = db_step(q);

	/* a row that names another which is not there is ATT_ABSENT, too */
	return e == ATT_ABSENT && q->err == ATT_OK ? ATT_OK : e;
}

int
db_changes(const struct db_query *q)
{
	return sqlite3_changes(q->s->db);
}

static void
unexpected(struct db_query *q, int column)
{
	if (q->err == ATT_OK)
		q->err = db_trouble(q->s, ATT_CORRUPT,
		    "%s: column %d is not as stored", q->name, column);
}

/* The next column's number; -1 when there is nothing to take. */
static int
next(struct db_query *q)
{
	if (q->err != ATT_OK)
		return -1;
	if (!q->row || q->column >= sqlite3_column_count(q->st)) {
		unexpected(q, q->column);
		return -1;
	}
	return q->column++;
}

int64_t
db_take_int(struct db_query *q)
{
	int i = next(q);

	if (i < 0)
		return 0;
	if (sqlite3_column_type(q->st, i) != SQLITE_INTEGER) {
		unexpected(q, i);
		return 0;
	}
	return sqlite3_column_int64(q->st, i);
}

int64_t
db_take_int_in(struct db_query *q, int64_t min, int64_t max)
{
	int64_t v = db_take_int(q);

	if (q->err == ATT_OK && (v < min || v > max))
		unexpected(q, q->column - 1);
	return q->err == ATT_OK ? v : min;
}

struct att_slice
db_take_blob(struct db_query *q)
{
	struct att_slice s = { 0 };
	int i = next(q);

	if (i < 0 || sqlite3_column_type(q->st, i) == SQLITE_NULL)
		return s;
	if (sqlite3_column_type(q->st, i) != SQLITE_BLOB) {
		unexpected(q, i);
		return s;
	}
	s.at = sqlite3_column_blob(q->st, i);
	s.len = (size_t)sqlite3_column_bytes(q->st, i);
	return s;
}

void
db_take_bytes(struct db_query *q, void *out, size_t len)
{
	struct att_slice s = db_take_blob(q);

	if (q->err == ATT_OK && s.len != len)
		unexpected(q, q->column - 1);
	if (q->err == ATT_OK)
		memcpy(out, s.at, len);
	else
		memset(out, 0, len);
}

void
db_take_text(struct db_query *q, char *buf, size_t cap)
{
	int i = next(q);
	struct att_slice s = { 0 };

	buf[0] = '\0';
	if (i < 0 || sqlite3_column_type(q->st, i) == SQLITE_NULL)
		return;
	s.at = sqlite3_column_text(q->st, i);
	s.len = (size_t)sqlite3_column_bytes(q->st, i);
	if (sqlite3_column_type(q->st, i) != SQLITE_TEXT ||
	    att_slice_str(s, buf, cap) != ATT_OK)
		unexpected(q, i);
}

struct att_date
db_take_date(struct db_query *q)
{
	char text[ATT_DATE_TEXT];
	struct att_date d = { 0 };

	db_take_text(q, text, sizeof(text));
	if (text[0] != '\0' && att_date_parse(text, &d) != ATT_OK)
		unexpected(q, q->column - 1);
	return d;
}

enum att_err
db_query_done(const struct db_query *q)
{
	return q->err;
}

enum att_err
db_count(struct db_query *q, uint64_t *n)
{
	int64_t found;
	enum att_err e = db_step(q);

	if (e == ATT_ABSENT)
		return db_trouble(
		    q->s, ATT_CORRUPT, "%s: a count gives no row", q->name);
	if (e != ATT_OK)
		return e;
	found = db_take_int_in(q, 0, INT64_MAX);
	if (q->err == ATT_OK)
		*n = (uint64_t)found;
	return q->err;
}
