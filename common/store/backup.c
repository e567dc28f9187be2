#include "store/backup.h"

#include "base/owner.h"
#include "store/audit_row.h"
#include "store/backup_file.h"
#include "store/copy.h"
#include "store/site_key.h"
#include "store/tidy.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* The file that is sealed is the one that was looked at. */
static enum att_err
check_copy(struct store *s, const struct copy *c, const struct store_watch *w,
    struct store_backup *out)
{
	struct store copy = { .vault = s->vault };
	struct stat st;
	enum att_err e = leave_log_mode(s, c->fd);

	if (e != ATT_OK)
		return e;
	e = db_connect(&copy, c->path, SQLITE_OPEN_READWRITE);
	if (e == ATT_OK && !copy_is_at_path(c))
		e = db_trouble(&copy, ATT_IO, "copy: it was replaced");
	(void)unlink(c->path); /* from here on it goes with its descriptors */
	if (e == ATT_OK)
		e = look_at(&copy, w, out);
	if (e != ATT_OK)
		(void)db_trouble(s, e, "%s", copy.trouble);
	db_close(&copy);
	if (e == ATT_OK && fstat(c->fd, &st) != 0)
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
backup_to(struct store *s, int fd, const struct store_watch *w,
    struct store_backup *out)
{
	AUTO_COPY struct copy c = COPY_NONE;
	const char *trouble = "";
	enum att_err e =
	    copy_new(&c, sqlite3_db_filename(s->db, "main"), COPY_BACKUP);

	if (e != ATT_OK)
		return db_trouble(s, e, "copy: %s", strerror(errno));
	tell(w, "copying");
	e = copy_pages(s, c.path);
	if (e == ATT_OK)
		e = check_copy(s, &c, w, out);
	if (e != ATT_OK)
		return e;
	e = backup_seal(s->vault, out, c.fd, fd, w, &trouble);
	return e == ATT_OK ? e : db_trouble(s, e, "%s", trouble);
}

enum att_err
store_backup(struct store *s, const struct store_by *by, int fd,
    const struct store_watch *w, struct store_backup *out)
{
	struct store_backup b = { .made_utc = by->now.utc };
	enum att_err e = record(s, by);

	if (e == ATT_OK) /* for the day when only these two are left */
		e = store_ledger_write(s);
	if (e == ATT_OK)
		e = backup_to(s, fd, w, &b);
	if (e == ATT_OK)
		*out = b;
	return e;
}
