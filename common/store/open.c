#include "store/db.h"
#include "store/keep.h"
#include "store/schema.h"
#include "store/site_key.h"

#include "base/name.h"
#include "base/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/*
 * Why the last open or create in this thread failed, when there is no store
 * to ask. The one place that outlives a call, and it is only ever shown.
 */
static _Thread_local char open_trouble[DB_TROUBLE_MAX] = "no trouble";

static enum att_err
opening_failed(struct store *s, enum att_err e)
{
	memcpy(open_trouble, s->trouble, sizeof(open_trouble));
	store_close(s);
	return e;
}

static enum att_err
no_file(enum att_err e, const char *why)
{
	if (why != open_trouble)
		(void)snprintf(open_trouble, sizeof(open_trouble), "%s", why);
	return e;
}

enum att_err
store_open_trouble(struct store *s, enum att_err e, const char *why)
{
	return s != NULL ? db_trouble(s, e, "%s", why) : no_file(e, why);
}

static struct store *
store_new(void)
{
	struct store *s = calloc(1, sizeof(*s));

	if (s != NULL)
		memcpy(s->trouble, "no trouble", sizeof("no trouble"));
	return s;
}

static enum att_err
site_add(struct store *s)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_SITE_ADD);
	uint8_t id[16];
	const uint8_t hash[VAULT_HASH_LEN] = { 0 };
	struct att_now now;
	enum att_err e = att_now_read(&now);

	if (e != ATT_OK)
		return db_trouble(s, e, "clock: %s", strerror(errno));
	vault_random(id, sizeof(id));
	db_bind_id(&q, ":site", id);
	db_bind_int(&q, ":now", now.utc);
	db_bind_int(&q, ":min", ATT_UID_MIN_DEFAULT);
	db_bind_int(&q, ":max", ATT_UID_MAX_DEFAULT);
	db_bind_blob(&q, ":hash", (struct att_slice){ hash, sizeof(hash) });
	return db_run(&q);
}

/* A whole store in a file that nobody opens yet. */
static enum att_err
build(struct store *s, const char *path)
{
	enum att_err e = db_connect(s, path, SQLITE_OPEN_READWRITE);

	if (e == ATT_OK)
		e = db_exec(s, DB_WAL);
	if (e == ATT_OK)
		e = schema_migrate(s, NULL, store_schemas, store_schemas_count);
	if (e == ATT_OK)
		e = db_prepare_all(s);
	if (e == ATT_OK)
		e = site_add(s);
	db_close(s); /* folds the log into the file */
	return e;
}

/* path with a suffix; false if it does not fit. */
static bool
beside(char out[PATH_MAX], const char *path, const char *suffix)
{
	int n = snprintf(out, PATH_MAX, "%s%s", path, suffix);

	return n >= 0 && n < PATH_MAX;
}

/*
 * A log without its store would be played into the new one, so what a deleted
 * store left behind goes first.
 */
static void
sweep(const char *path)
{
	static const char *const suffixes[] = { "-wal", "-shm", "-journal" };
	char name[PATH_MAX];

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
		if (beside(name, path, suffixes[i]))
			(void)unlink(name); /* usually not there */
}

static enum att_err
publish(struct store *s, int fd, const char *fresh, const char *path)
{
	if (fsync(fd) != 0)
		return db_trouble(s, ATT_IO, "fsync: %s", strerror(errno));
	sweep(path);
	if (renameat2(AT_FDCWD, fresh, AT_FDCWD, path, RENAME_NOREPLACE) == 0)
		return db_directory_sync(path);
	if (errno == EEXIST)
		return db_trouble(s, ATT_EXISTS, "there is a store already");
	return db_trouble(s, ATT_IO, "rename: %s", strerror(errno));
}

enum att_err
store_create(const char *path)
{
	char fresh[PATH_MAX];
	ATT_AUTO_FD int fd = -1;
	struct store *s;
	struct stat st;
	enum att_err e;

	if (lstat(path, &st) == 0)
		return no_file(ATT_EXISTS, "there is a store already");
	if (!beside(fresh, path, ".new"))
		return no_file(ATT_IO, "the path is too long");
	s = store_new();
	if (s == NULL)
		return no_file(ATT_NOMEM, "out of memory");
	(void)unlink(fresh); /* left by a crash */
	sweep(fresh);
	fd = db_private_file(fresh);
	if (fd < 0)
		return opening_failed(
		    s, db_trouble(s, ATT_IO, "create: %s", strerror(errno)));
	e = build(s, fresh);
	if (e == ATT_OK)
		e = publish(s, fd, fresh, path);
	if (e != ATT_OK) {
		(void)unlink(fresh); /* nothing half-done stays behind */
		sweep(fresh);
		return opening_failed(s, e);
	}
	store_close(s);
	return ATT_OK;
}

/* Ours, a plain file, and private again if a restore loosened it. */
static enum att_err
look_at_file(const char *path)
{
	struct stat st;

	if (lstat(path, &st) != 0 && (errno == ENOENT || errno == ENOTDIR))
		return no_file(ATT_ABSENT, "there is no store");
	if (lstat(path, &st) != 0)
		return no_file(ATT_IO, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return no_file(ATT_CORRUPT, "the store is not a plain file");
	if (st.st_uid == geteuid() && (st.st_mode & 07777) != 0600 &&
	    chmod(path, 0600) != 0)
		return no_file(ATT_IO, strerror(errno));
	return ATT_OK;
}

static enum att_err
application_check(struct store *s)
{
	sqlite3_stmt *st = NULL;
	int rc = sqlite3_prepare_v2(s->db, DB_APPLICATION_ID, -1, &st, NULL);
	enum att_err e = ATT_OK;

	if (rc == SQLITE_OK)
		rc = sqlite3_step(st);
	if (rc != SQLITE_ROW)
		e = db_fail(s, rc, DB_APPLICATION_ID);
	else if (sqlite3_column_int64(st, 0) != STORE_APPLICATION_ID)
		e = db_trouble(s, ATT_CORRUPT, "the file is not a store");
	(void)sqlite3_finalize(st); /* repeats the step's error */
	return e;
}

enum att_err
store_open(struct store **out, const char *path, struct vault *v)
{
	struct store *s;
	enum att_err e = look_at_file(path);

	if (e != ATT_OK)
		return e;
	s = store_new();
	if (s == NULL)
		return no_file(ATT_NOMEM, "out of memory");
	s->vault = v;
	e = db_connect(s, path, SQLITE_OPEN_READWRITE);
	if (e == ATT_OK)
		e = application_check(s);
	if (e == ATT_OK)
		e = db_exec(s, DB_WAL);
	if (e == ATT_OK)
		e = schema_migrate(s, path, store_schemas, store_schemas_count);
	if (e == ATT_OK)
		e = site_key_check(s);
	if (e != ATT_OK)
		return opening_failed(s, e);
	/* What is due is done by whoever can; else it stays due. */
	if (store_tidy(s, false) != ATT_OK)
		(void)db_trouble(s, ATT_OK, "no trouble");
	*out = s;
	return ATT_OK;
}

void
store_close(struct store *s)
{
	if (s == NULL)
		return;
	db_close(s);
	free(s);
}

const char *
store_trouble(const struct store *s)
{
	return s != NULL ? s->trouble : open_trouble;
}
