#include "store/backup.h"

#include "base/owner.h"
#include "store/audit_row.h"
#include "store/backup_file.h"
#include "store/site_key.h"
#include "store/tidy.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COPY ".copy" /* a copy of the store while a backup is made of it */

static void
tell(const struct store_watch *w, const char *doing)
{
	if (w->tell != NULL)
		w->tell(w->ctx, doing, 0, 0);
}

/* A rollback-mode store: whoever opens it needs no log beside it. */
static enum att_err
leave_log_mode(struct store *s, int fd)
{
	static const uint8_t versions[2] = { 1, 1 }; /* file format, 1.3.3 */

	if (pwrite(fd, versions, sizeof(versions), 18) != sizeof(versions))
		return db_trouble(s, ATT_IO, "copy: %s", strerror(errno));
	return ATT_OK;
}

/* The pages of one moment, in a file that is there already. */
static enum att_err
copy_pages(struct store *s, const char *path)
{
	struct store to = { 0 };
	int rc;
	enum att_err e = db_connect(&to, path, SQLITE_OPEN_READWRITE);

	if (e == ATT_OK)
		e = db_exec(&to, DB_NO_JOURNAL);
	if (e != ATT_OK) {
		(void)db_trouble(s, e, "%s", to.trouble);
		db_close(&to);
		return e;
	}
	rc = db_copy_pages(s->db, to.db);
	db_close(&to);
	return rc == SQLITE_OK ? ATT_OK : db_fail(s, rc, "copy");
}

/* File, schema and chain of the copy, and what it is. */
static enum att_err
look_at(
    struct store *copy, const struct store_watch *w, struct store_backup *out)
{
	struct audit_verifier v;
	struct store_site site;
	uint64_t erasures = 0;
	const char *why;
	enum att_err e;

	tell(w, "checking");
	e = site_key_check(copy); /* the vault's may be an older one */
	if (e == ATT_OK)
		e = store_check(copy, &why);
	if (e == ATT_OK)
		e = store_audit_verify(copy, &v);
	if (e == ATT_OK)
		e = store_site_get(copy, &site);
	if (e == ATT_OK)
		e = erasure_count(copy, &erasures);
	if (e != ATT_OK)
		return e;
	memcpy(out->site_id, site.site_id, sizeof(out->site_id));
	vault_site_tag(copy->vault, site.site_id, out->key_tag);
	out->audit_seq = v.seq;
	memcpy(out->audit_hash, v.hash, sizeof(out->audit_hash));
	out->erasures = (uint32_t)erasures;
	return ATT_OK;
}

static enum att_err
check_copy(struct store *s, const char *path, int fd,
    const struct store_watch *w, struct store_backup *out)
{
	struct store copy = { .vault = s->vault };
	struct stat st;
	enum att_err e = leave_log_mode(s, fd);

	if (e != ATT_OK)
		return e;
	e = db_connect(&copy, path, SQLITE_OPEN_READWRITE);
	(void)unlink(path); /* from here on it goes with its descriptors */
	if (e == ATT_OK)
		e = look_at(&copy, w, out);
	if (e != ATT_OK)
		(void)db_trouble(s, e, "%s", copy.trouble);
	db_close(&copy);
	if (e == ATT_OK && fstat(fd, &st) != 0)
		return db_trouble(s, ATT_IO, "copy: %s", strerror(errno));
	if (e == ATT_OK)
		out->size = (uint64_t)st.st_size;
	return e;
}

static enum att_err
record(struct store *s, const struct store_by *by)
{
	STORE_AUTO_TX struct store_tx tx = { 0 };
	enum att_err e = store_begin(s, &tx);

	if (e == ATT_OK)
		e = store_audit(s, by, "backup", NULL, "");
	return e == ATT_OK ? store_commit(&tx) : e;
}

static enum att_err
backup_to(struct store *s, const char *path, int fd,
    const struct store_watch *w, struct store_backup *out)
{
	ATT_AUTO_FD int copy = db_private_file(path);
	const char *trouble = "";
	enum att_err e;

	if (copy < 0)
		return db_trouble(s, ATT_IO, "copy: %s", strerror(errno));
	tell(w, "copying");
	e = copy_pages(s, path);
	if (e == ATT_OK)
		e = check_copy(s, path, copy, w, out);
	(void)unlink(path); /* gone already, unless something failed */
	if (e != ATT_OK)
		return e;
	e = backup_seal(s->vault, out, copy, fd, w, &trouble);
	return e == ATT_OK ? e : db_trouble(s, e, "%s", trouble);
}

enum att_err
store_backup(struct store *s, const struct store_by *by, int fd,
    const struct store_watch *w, struct store_backup *out)
{
	struct store_backup b = { .made_utc = by->now.utc };
	char path[PATH_MAX];
	int n = snprintf(
	    path, sizeof(path), "%s" COPY, sqlite3_db_filename(s->db, "main"));
	enum att_err e;

	if (n < 0 || (size_t)n >= sizeof(path))
		return db_trouble(s, ATT_IO, "copy: path too long");
	e = record(s, by);
	if (e == ATT_OK) /* for the day when only these two are left */
		e = store_ledger_write(s);
	if (e != ATT_OK)
		return e;
	(void)unlink(path); /* left by a kill; who has it open goes on */
	e = backup_to(s, path, fd, w, &b);
	if (e == ATT_OK)
		*out = b;
	return e;
}
