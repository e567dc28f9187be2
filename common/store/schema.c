#include "store/schema.h"

#include "base/owner.h"
#include "store/db.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static enum att_err
number_of(struct store *s, sqlite3_stmt *st, size_t *number)
{
	if (sqlite3_step(st) != SQLITE_ROW)
		return db_fail(s, sqlite3_errcode(s->db), DB_USER_VERSION);
	if (sqlite3_column_int64(st, 0) < 0)
		return db_trouble(s, ATT_CORRUPT, "schema number below zero");
	*number = (size_t)sqlite3_column_int64(st, 0);
	return ATT_OK;
}

enum att_err
schema_number(struct store *s, size_t *number)
{
	sqlite3_stmt *st = NULL;
	int rc = sqlite3_prepare_v2(s->db, DB_USER_VERSION, -1, &st, NULL);
	enum att_err e;

	if (rc != SQLITE_OK)
		return db_fail(s, rc, DB_USER_VERSION);
	e = number_of(s, st, number);
	(void)sqlite3_finalize(st); /* repeats the step's error */
	return e;
}

/* What others committed, read beside the caller's own write transaction. */
static enum att_err
copy_file(struct store *s, const char *path, const char *fresh)
{
	sqlite3 *from = NULL, *to = NULL;
	int rc = sqlite3_open_v2(path, &from, SQLITE_OPEN_READWRITE, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_open_v2(fresh, &to, SQLITE_OPEN_READWRITE, NULL);
	if (rc == SQLITE_OK)
		rc = db_copy_pages(from, to);
	(void)sqlite3_close_v2(from); /* only read */
	if (sqlite3_close_v2(to) != SQLITE_OK && rc == SQLITE_OK)
		rc = SQLITE_IOERR;
	if (rc != SQLITE_OK)
		return db_trouble(
		    s, ATT_IO, "backup: %s (%d)", sqlite3_errstr(rc), rc);
	return ATT_OK;
}

static enum att_err
backup(struct store *s, const char *path, size_t to)
{
	char name[PATH_MAX], fresh[PATH_MAX];
	ATT_AUTO_FD int fd = -1;
	int n = snprintf(name, sizeof(name), "%s.before-%zu", path, to);
	int m = snprintf(fresh, sizeof(fresh), "%s.new", name);
	enum att_err e;

	if (n < 0 || m < 0 || (size_t)m >= sizeof(fresh))
		return db_trouble(s, ATT_IO, "backup: path too long");
	(void)unlink(fresh); /* left by a crash */
	fd = db_private_file(fresh);
	if (fd < 0)
		return db_trouble(s, ATT_IO, "backup: %s", strerror(errno));
	e = copy_file(s, path, fresh);
	if (e == ATT_OK && (fsync(fd) != 0 || rename(fresh, name) != 0))
		e = db_trouble(s, ATT_IO, "backup: %s", strerror(errno));
	if (e == ATT_OK && db_directory_sync(name) != ATT_OK)
		e = db_trouble(s, ATT_IO, "backup: %s", strerror(errno));
	if (e != ATT_OK)
		(void)unlink(fresh); /* nothing half-done stays behind */
	return e;
}

/* Within a write transaction: nobody else can migrate meanwhile. */
static enum att_err
migrate_locked(struct store *s, const char *path,
    const struct store_schema *list, size_t n)
{
	size_t number = 0;
	enum att_err e = schema_number(s, &number);

	if (e == ATT_OK && number > 0 && number < n && path != NULL)
		e = backup(s, path, n);
	for (size_t i = number; i < n && e == ATT_OK; i++) {
		e = db_exec(s, list[i].sql);
		if (e == ATT_OK)
			e = schema_number(s, &number);
		if (e == ATT_OK && number != i + 1)
			e = db_trouble(s, ATT_CORRUPT,
			    "%s does not set its number", list[i].name);
	}
	return e;
}

enum att_err
schema_migrate(struct store *s, const char *path,
    const struct store_schema *list, size_t n)
{
	size_t number = 0;
	enum att_err e = schema_number(s, &number);

	if (e != ATT_OK)
		return e;
	if (number > n)
		return db_trouble(s, ATT_NEWER,
		    "the store has schema %zu, this attend knows %zu", number,
		    n);
	if (number == n)
		return ATT_OK;
	e = db_exec(s, DB_BEGIN);
	if (e != ATT_OK)
		return e;
	e = migrate_locked(s, path, list, n);
	if (e == ATT_OK)
		e = db_exec(s, DB_COMMIT);
	db_undo(s); /* after a failure the file stays as it was */
	return e;
}
