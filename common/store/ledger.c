#include "store/keep.h"

#include "base/owner.h"
#include "store/tidy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME	"erasures"
#define DAMAGED ".damaged"

enum att_err
store_ledger_path(const char *store, char *buf, size_t cap)
{
	const char *slash = strrchr(store, '/');
	int dir = slash != NULL ? (int)(slash + 1 - store) : 0;
	int n = snprintf(buf, cap, "%.*s%s", dir, store, NAME);

	return n >= 0 && (size_t)n < cap ? ATT_OK : ATT_LIMIT;
}

static enum att_err
read_all(int fd, uint8_t *buf, size_t len)
{
	size_t have = 0;

	while (have < len) {
		ssize_t n = read(fd, buf + have, len - have);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return ATT_IO;
		have += (size_t)n;
	}
	return ATT_OK;
}

enum att_err
store_ledger_open(struct store *s, const char *path, struct store_ledger *out)
{
	ATT_AUTO_FD int fd =
	    open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	ATT_AUTO_FREE uint8_t *buf = NULL;
	struct stat st;
	enum att_err e;

	if (fd < 0 && errno == ENOENT)
		return ATT_ABSENT;
	if (fd < 0 || fstat(fd, &st) != 0)
		return db_trouble(
		    s, ATT_IO, "ledger of erasures: %s", strerror(errno));
	if (!S_ISREG(st.st_mode) || st.st_size > STORE_LEDGER_MAX)
		return db_trouble(s, ATT_LIMIT, "not a ledger of erasures");
	buf = malloc((size_t)st.st_size + 1);
	if (buf == NULL)
		return ATT_NOMEM;
	e = read_all(fd, buf, (size_t)st.st_size);
	if (e != ATT_OK)
		return db_trouble(s, e, "ledger of erasures: cannot be read");
	return store_ledger_read(
	    s, (struct att_slice){ buf, (size_t)st.st_size }, out);
}

enum att_err
store_ledger_apply(struct store *s, const struct store_by *by,
    const struct store_ledger *l, struct store_again *again)
{
	enum att_err e = db_need_tx(s);

	*again = (struct store_again){ 0 };
	for (size_t i = 0; i < l->n && e == ATT_OK; i++) {
		bool done = false;

		e = store_erasure_apply(s, by, &l->list[i], &done);
		again->erased += done;
	}
	for (size_t i = 0; i < l->refusals_n && e == ATT_OK; i++) {
		bool done = false;

		e = store_refusal_apply(s, by, &l->refusals[i], &done);
		again->withdrawn += done;
	}
	return e;
}

enum att_err
store_ledger_outdated(struct store_ledger *l, struct store *newer)
{
	size_t kept = 0;
	enum att_err e = ATT_OK;

	for (size_t i = 0; i < l->refusals_n && e == ATT_OK; i++) {
		bool known = false;

		e = store_refusal_known(newer, &l->refusals[i], &known);
		l->refusals[kept] = l->refusals[i];
		kept += !known;
	}
	if (e == ATT_OK)
		l->refusals_n = kept;
	return e;
}

static enum att_err
merge(struct store *s, const struct store_by *by, const struct store_ledger *l,
    struct store_again *again)
{
	STORE_AUTO_TX struct store_tx tx = { 0 };
	enum att_err e = store_begin(s, &tx);

	if (e == ATT_OK)
		e = store_ledger_apply(s, by, l, again);
	return e == ATT_OK && again->erased + again->withdrawn > 0
	    ? store_commit(&tx)
	    : e;
}

bool
store_ledger_damaged(const char *store)
{
	char path[4096];

	return store_ledger_path(store, path, sizeof(path) - sizeof(DAMAGED)) ==
	    ATT_OK &&
	    access(strcat(path, DAMAGED), F_OK) == 0;
}

static enum att_err
set_aside(struct store *s, const char *path)
{
	ATT_AUTO_FREE char *aside = NULL;

	if (asprintf(&aside, "%s" DAMAGED, path) < 0) {
		aside = NULL;
		return ATT_NOMEM;
	}
	return rename(path, aside) == 0
	    ? ATT_OK
	    : db_trouble(s, ATT_IO, "ledger of erasures: %s", strerror(errno));
}

enum att_err
store_ledger_merge(
    struct store *s, const struct store_by *by, struct store_again *again)
{
	struct store_ledger l = { 0 };
	char path[4096];
	enum att_err e = store_ledger_path(
	    sqlite3_db_filename(s->db, "main"), path, sizeof(path));

	*again = (struct store_again){ 0 };
	if (e == ATT_OK)
		e = store_ledger_open(s, path, &l);
	if (e == ATT_ABSENT)
		return ATT_OK;
	if (e == ATT_FORMAT || e == ATT_CORRUPT || e == ATT_LIMIT)
		return set_aside(s, path);
	if (e == ATT_OK)
		e = merge(s, by, &l, again);
	store_ledger_free(&l);
	return e;
}

static enum att_err
replace_file(const char *path, const uint8_t *at, size_t len)
{
	ATT_AUTO_FREE char *fresh = NULL;
	ATT_AUTO_FD int fd = -1;

	if (asprintf(&fresh, "%s.new", path) < 0) {
		fresh = NULL;
		return ATT_NOMEM;
	}
	(void)unlink(fresh); /* left by a crash */
	fd = open(
	    fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd >= 0 && write(fd, at, len) == (ssize_t)len && fsync(fd) == 0 &&
	    rename(fresh, path) == 0)
		return db_directory_sync(path);
	(void)unlink(fresh); /* nothing half-done stays behind */
	return ATT_IO;
}

static enum att_err
set_written(struct store *s)
{
	STORE_AUTO_QUERY struct db_query q =
	    db_query(s, STMT_SITE_LEDGER_WRITTEN);

	return db_run(&q);
}

enum att_err
ledger_write(struct store *s)
{
	const char *store = sqlite3_db_filename(s->db, "main");
	ATT_AUTO_FREE uint8_t *buf = malloc(STORE_LEDGER_MAX);
	char path[4096];
	size_t len = 0;
	enum att_err e = buf != NULL ? ATT_OK : ATT_NOMEM;

	if (e == ATT_OK)
		e = store_ledger_path(store, path, sizeof(path));
	if (e == ATT_OK)
		e = ledger_compose(s, buf, &len);
	if (e == ATT_OK)
		e = replace_file(path, buf, len);
	if (e != ATT_OK)
		return db_trouble(s, e, "writing the ledger of erasures: %s",
		    e == ATT_IO ? strerror(errno) : att_err_text(e));
	return set_written(s);
}

/* Under the write lock, so that no newer one is written over. */
enum att_err
store_ledger_write(struct store *s)
{
	STORE_AUTO_TX struct store_tx tx = { 0 };
	enum att_err e = store_begin(s, &tx);

	if (e == ATT_OK)
		e = ledger_write(s);
	s->unrecorded = false; /* housekeeping: about no person, no decision */
	return e == ATT_OK ? store_commit(&tx) : e;
}
