#include "store/db.h"

#include "base/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

/* Bounds on what one statement may do; our own need far less. */
static const struct {
	int what;
	int most;
} limits[] = {
	{ SQLITE_LIMIT_LENGTH, 1024 * 1024 },
	{ SQLITE_LIMIT_SQL_LENGTH, 256 * 1024 },
	{ SQLITE_LIMIT_COLUMN, 64 },
	{ SQLITE_LIMIT_EXPR_DEPTH, 64 },
	{ SQLITE_LIMIT_ATTACHED, 0 },
	{ SQLITE_LIMIT_VARIABLE_NUMBER, 64 },
	{ SQLITE_LIMIT_TRIGGER_DEPTH, 4 },
	{ SQLITE_LIMIT_WORKER_THREADS, 0 },
};

static const struct {
	int what;
	int on;
} switches[] = {
	{ SQLITE_DBCONFIG_DEFENSIVE, 1 },
	{ SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
	{ SQLITE_DBCONFIG_ENABLE_FKEY, 1 },
	{ SQLITE_DBCONFIG_ENABLE_TRIGGER, 1 },
	{ SQLITE_DBCONFIG_ENABLE_VIEW, 0 },
	{ SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
	{ SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0 },
	{ SQLITE_DBCONFIG_DQS_DML, 0 },
	{ SQLITE_DBCONFIG_DQS_DDL, 0 },
};

enum att_err
db_trouble(struct store *s, enum att_err e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(s->trouble, sizeof(s->trouble), fmt, ap);
	va_end(ap);
	return e;
}

static enum att_err
constraint_err(int rc)
{
	switch (rc) {
	case SQLITE_CONSTRAINT_UNIQUE:
	case SQLITE_CONSTRAINT_PRIMARYKEY:
	case SQLITE_CONSTRAINT_ROWID: return ATT_EXISTS;
	case SQLITE_CONSTRAINT_FOREIGNKEY: return ATT_ABSENT;
	case SQLITE_CONSTRAINT_TRIGGER: return ATT_REFUSED;
	default: return ATT_FORMAT;
	}
}

static enum att_err
sqlite_err(int rc)
{
	if (rc == SQLITE_IOERR_NOMEM)
		return ATT_NOMEM;
	switch (rc & 0xff) {
	case SQLITE_NOMEM: return ATT_NOMEM;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_INTERRUPT: return ATT_TIMEOUT;
	case SQLITE_ERROR: /* a statement does not fit the schema */
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB: return ATT_CORRUPT;
	case SQLITE_TOOBIG: return ATT_LIMIT;
	case SQLITE_CONSTRAINT: return constraint_err(rc);
	default: return ATT_IO;
	}
}

enum att_err
db_fail(struct store *s, int rc, const char *doing)
{
	/* sqlite's own message names tables and columns, never values. */
	return db_trouble(s, sqlite_err(rc), "%s: %s (%d)", doing,
	    s->db != NULL ? sqlite3_errmsg(s->db) : sqlite3_errstr(rc), rc);
}

/*
 * sqlite's own back-off sleeps longer the longer one has waited, which starves
 * exactly those. Everybody here sleeps about a millisecond, at random.
 */
static int
on_busy(void *ctx, int calls)
{
	struct store *s = ctx;
	int64_t now = att_mono_ms();
	unsigned random;
	struct timespec nap = { 0 };

	if (calls == 0)
		s->busy_until_ms = now + STORE_BUSY_MS;
	if (s->hasty || now >= s->busy_until_ms)
		return 0;
	sqlite3_randomness(sizeof(random), &random);
	nap.tv_nsec = 500000 + (long)(random % 1000000);
	(void)nanosleep(&nap, NULL); /* a signal only makes it shorter */
	return 1;
}

static enum att_err
configure(struct store *s)
{
	int rc = sqlite3_extended_result_codes(s->db, 1);

	for (size_t i = 0; i < sizeof(switches) / sizeof(switches[0]); i++)
		if (rc == SQLITE_OK)
			rc = sqlite3_db_config(s->db, switches[i].what,
			    switches[i].on, (int *)NULL);
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		(void)sqlite3_limit(s->db, limits[i].what, limits[i].most);
	if (rc == SQLITE_OK)
		rc = sqlite3_busy_handler(s->db, on_busy, s);
	return rc == SQLITE_OK ? ATT_OK : db_fail(s, rc, "configure");
}

enum att_err
db_connect(struct store *s, const char *path, int flags)
{
	static const char *const settings[] = { DB_SETTINGS };
	int rc = sqlite3_open_v2(path, &s->db,
	    flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE, NULL);
	enum att_err e;

	if (rc != SQLITE_OK)
		return db_fail(s, rc, "open");
	e = configure(s);
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		if (e == ATT_OK)
			e = db_exec(s, settings[i]);
	return e;
}

void
db_close(struct store *s)
{
	for (size_t i = 0; i < STMT_COUNT; i++) {
		(void)sqlite3_finalize(s->stmt[i]); /* repeats an old error */
		s->stmt[i] = NULL;
	}
	(void)sqlite3_close_v2(s->db); /* nothing is left to keep it open */
	s->db = NULL;
}

enum att_err
db_directory_sync(const char *path)
{
	char copy[PATH_MAX];
	ATT_AUTO_FD int fd = -1;
	int n = snprintf(copy, sizeof(copy), "%s", path);

	if (n < 0 || (size_t)n >= sizeof(copy))
		return ATT_IO;
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd >= 0 && fsync(fd) == 0 ? ATT_OK : ATT_IO;
}

int
db_private_file(const char *path)
{
	ATT_AUTO_FD int fd = open(
	    path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0 || fchmod(fd, 0600) != 0)
		return -1;
	return att_take_fd(&fd);
}

int
db_copy_pages(sqlite3 *from, sqlite3 *to)
{
	sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");
	int rc;

	if (b == NULL)
		return sqlite3_errcode(to);
	rc = sqlite3_backup_step(b, -1);
	if (rc == SQLITE_DONE)
		rc = SQLITE_OK;
	else if (rc == SQLITE_OK)
		rc = SQLITE_BUSY; /* -1 means all, so this is not reached */
	(void)sqlite3_backup_finish(b); /* repeats the step's error */
	return rc;
}

enum att_err
db_need_tx(struct store *s)
{
	if (sqlite3_get_autocommit(s->db) != 0)
		return db_trouble(s, ATT_REFUSED, "no open transaction");
	return ATT_OK;
}

enum att_err
db_exec(struct store *s, const char *sql)
{
	int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? ATT_OK : db_fail(s, rc, "exec");
}

void
db_undo(struct store *s)
{
	if (sqlite3_get_autocommit(s->db) == 0)
		(void)sqlite3_exec(s->db, DB_ROLLBACK, NULL, NULL, NULL);
}
