/* A backup back into the store. */
#include "store/backup.h"

#include "base/owner.h"
#include "store/audit_row.h"
#include "store/backup_file.h"
#include "store/carry.h"
#include "store/copy.h"
#include "store/detail.h"
#include "store/team.h"
#include "store/tidy.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct restoring {
	const struct store_restore *r;
	const struct store_by *by;
	const struct store_watch *w;
	struct copy copy; /* the store to be, beside the one that is */
	struct store *fresh; /* owned; in the copy */
	struct store_restored out;
};

static void
restoring_end(struct restoring *x)
{
	store_close(x->fresh);
	copy_end(&x->copy);
}
#define AUTO_RESTORING __attribute__((cleanup(restoring_end)))

/* Detail for whoever asks the live store, or nobody's when there is none. */
static enum att_err
trouble(const struct restoring *x, enum att_err e, const char *why)
{
	return store_open_trouble(x->r->live, e, why);
}

static enum att_err
read_head(struct restoring *x)
{
	uint8_t tag[VAULT_TAG_LEN];
	struct store_site site;
	enum att_err e = store_backup_read(x->r->fd, &x->out.b);

	if (e == ATT_FORMAT)
		return trouble(x, e, "the file is not a backup");
	if (e != ATT_OK)
		return trouble(x, e, strerror(errno));
	vault_site_tag(x->r->vault, x->out.b.site_id, tag);
	if (memcmp(tag, x->out.b.key_tag, sizeof(tag)) != 0)
		return trouble(x, ATT_CORRUPT,
		    "the backup is sealed under another site key");
	if (x->r->live == NULL)
		return ATT_OK;
	e = store_site_get(x->r->live, &site);
	if (e == ATT_OK &&
	    memcmp(site.site_id, x->out.b.site_id, sizeof(site.site_id)) != 0)
		return trouble(x, ATT_EXISTS, "the backup is of another site");
	return e;
}

static enum att_err
unpack(struct restoring *x)
{
	uint8_t hash[VAULT_HASH_LEN];
	const char *why = "";
	enum att_err e = copy_new(&x->copy, x->r->path, COPY_RESTORE);

	if (e != ATT_OK)
		return trouble(x, e, strerror(errno));
	e = backup_open(
	    x->r->vault, &x->out.b, x->r->fd, x->copy.fd, x->w, hash, &why);
	if (e == ATT_OK && fsync(x->copy.fd) != 0) {
		e = ATT_IO;
		why = strerror(errno);
	}
	return e == ATT_OK ? e : trouble(x, e, why);
}

static enum att_err
open_fresh(struct restoring *x)
{
	struct audit_verifier v;
	const char *why;
	enum att_err e = store_open(&x->fresh, x->copy.path, x->r->vault);

	if (e != ATT_OK)
		return trouble(x, e, store_trouble(NULL));
	if (x->w->tell != NULL)
		x->w->tell(x->w->ctx, "checking", 0, 0);
	e = store_check(x->fresh, &why);
	if (e == ATT_OK)
		e = store_audit_verify(x->fresh, &v);
	return e == ATT_OK ? e : trouble(x, e, store_trouble(x->fresh));
}

struct carrying {
	struct restoring *x;
	enum att_err err;
};

static bool
carry_erasure(void *ctx, const struct store_erasure *e)
{
	struct carrying *c = ctx;
	bool done = false;

	c->err = store_erasure_apply(c->x->fresh, c->x->by, e, &done);
	c->x->out.again.erased += done;
	return c->err == ATT_OK;
}

static bool
carry_refusal(void *ctx, const struct store_refusal *r)
{
	struct carrying *c = ctx;
	bool done = false;

	c->err = store_refusal_apply(c->x->fresh, c->x->by, r, &done);
	c->x->out.again.withdrawn += done;
	return c->err == ATT_OK;
}

/*
 * What the live store knows: erasures, refusals, how far ids were handed out
 * and how often the directory was changed.
 */
static enum att_err
carry_live(struct restoring *x)
{
	struct carrying c = { x, ATT_OK };
	struct store_site site;
	enum att_err e = store_erasure_list(x->r->live, carry_erasure, &c);

	if (e == ATT_OK)
		e = c.err;
	if (e == ATT_OK)
		e = store_refusal_list(x->r->live, carry_refusal, &c);
	if (e == ATT_OK)
		e = c.err;
	if (e == ATT_OK)
		e = store_site_get(x->r->live, &site);
	if (e == ATT_OK)
		e = ids_used(x->fresh, site.next_uid, site.next_gid);
	if (e == ATT_OK)
		e = team_directory_touched(x->fresh, site.directory_generation);
	return e == ATT_OK
	    ? carry_promised(x->r->live, x->fresh, x->by, &x->out.carried)
	    : e;
}

static enum att_err
carry_ledger(struct restoring *x, struct store_ledger *l)
{
	struct store_again again = { 0 };
	enum att_err e = ATT_OK;

	if (l->n < x->out.b.erasures)
		e = db_trouble(x->fresh, ATT_EXISTS,
		    "the ledger of erasures is older than the backup");
	if (e == ATT_OK && x->r->live != NULL)
		e = store_ledger_outdated(l, x->r->live);
	if (e == ATT_OK)
		e = store_ledger_apply(x->fresh, x->by, l, &again);
	x->out.again.erased += again.erased;
	x->out.again.withdrawn += again.withdrawn;
	store_ledger_free(l);
	return e;
}

/* Every ledger there is. *any: there was one. */
static enum att_err
carry_ledgers(struct restoring *x, bool *any)
{
	struct store_ledger l = { 0 };
	char path[PATH_MAX];
	enum att_err e = store_ledger_path(x->r->path, path, sizeof(path));

	if (e == ATT_OK)
		e = store_ledger_open(x->fresh, path, &l);
	if (e == ATT_OK) {
		*any = true;
		e = carry_ledger(x, &l);
	} else if (e == ATT_ABSENT || e == ATT_FORMAT || e == ATT_CORRUPT ||
	    e == ATT_LIMIT) {
		e = ATT_OK; /* none of this site's */
	}
	if (e != ATT_OK || x->r->more.len == 0)
		return e;
	*any = true;
	e = store_ledger_read(x->fresh, x->r->more, &l);
	return e == ATT_OK ? carry_ledger(x, &l) : e;
}

static enum att_err
carry(struct restoring *x)
{
	bool any = x->r->live != NULL;
	enum att_err e = ATT_OK;

	if (x->r->live != NULL)
		e = carry_live(x);
	if (e == ATT_OK)
		e = carry_ledgers(x, &any);
	if (e == ATT_OK && !any && !x->r->unled)
		return db_trouble(
		    x->fresh, ATT_ABSENT, "there is no ledger of erasures");
	return e;
}

/* What was done, and where the chain ended that is cut off by it. */
static enum att_err
record(struct restoring *x)
{
	struct store_restored *o = &x->out;
	struct detail d = { 0 };

	detail_int(&d, "made", o->b.made_utc);
	detail_int(&d, "seq", (int64_t)o->b.audit_seq);
	detail_int(&d, "erased", (int64_t)o->again.erased);
	detail_int(&d, "withdrawn", (int64_t)o->again.withdrawn);
	detail_text(&d, "ledger", x->r->unled ? "none" : "applied");
	detail_int(&d, "notices", (int64_t)o->carried.notices);
	detail_int(&d, "disclosures", (int64_t)o->carried.disclosures);
	detail_int(&d, "requests", (int64_t)o->carried.requests);
	detail_int(&d, "lost", (int64_t)o->carried.lost);
	if (x->r->live == NULL ||
	    store_audit_head(x->r->live, &o->cut_seq, o->cut_hash) != ATT_OK)
		o->cut_seq = 0;
	detail_int(&d, "cut_seq", (int64_t)o->cut_seq);
	if (o->cut_seq > 0)
		detail_hex(&d, "cut_hash", o->cut_hash, sizeof(o->cut_hash));
	return store_audit(x->fresh, x->by, "restore", NULL, d.text);
}

static enum att_err
bring_up(struct restoring *x)
{
	STORE_AUTO_TX struct store_tx tx = { 0 };
	enum att_err e = store_begin(x->fresh, &tx);

	if (e == ATT_OK)
		e = carry(x);
	if (e == ATT_OK) /* what was in the store before goes for good */
		e = tidy_due(x->fresh);
	if (e == ATT_OK)
		e = team_directory_touched(x->fresh, x->r->published);
	if (e == ATT_OK)
		e = team_touch_directory(x->fresh);
	if (e == ATT_OK)
		e = record(x);
	return e == ATT_OK ? store_commit(&tx) : e;
}

static int
step_lock(sqlite3_backup *b)
{
	int64_t until = att_mono_ms() + STORE_BUSY_MS;
	int rc;

	do
		rc = sqlite3_backup_step(b, 0);
	while ((rc == SQLITE_BUSY || rc == SQLITE_LOCKED) &&
	    att_mono_ms() < until);
	return rc;
}

/*
 * Into the live store's own file, as one transaction of it. What the live
 * store knows is carried over while nobody can write to it any more, so that
 * no erasure falls in between.
 */
static enum att_err
overwrite_with(struct restoring *x, struct store *to)
{
	sqlite3_backup *b =
	    sqlite3_backup_init(to->db, "main", x->fresh->db, "main");
	enum att_err e = ATT_OK;
	int rc;

	if (b == NULL)
		return db_fail(to, sqlite3_errcode(to->db), "putting it back");
	rc = step_lock(b);
	if (rc == SQLITE_OK)
		e = bring_up(x);
	if (rc == SQLITE_OK && e == ATT_OK)
		rc = sqlite3_backup_step(b, -1);
	if (rc == SQLITE_DONE)
		rc = sqlite3_backup_finish(b);
	else
		(void)sqlite3_backup_finish(b); /* rolls back */
	if (e != ATT_OK)
		return db_trouble(to, e, "%s", store_trouble(x->fresh));
	return rc == SQLITE_OK ? ATT_OK : db_fail(to, rc, "putting it back");
}

static enum att_err
overwrite(struct restoring *x)
{
	struct store to = { .vault = x->r->vault };
	enum att_err e = db_connect(&to, x->r->path, SQLITE_OPEN_READWRITE);

	if (e == ATT_OK)
		e = overwrite_with(x, &to);
	if (e != ATT_OK)
		(void)trouble(x, e, to.trouble);
	db_close(&to);
	return e;
}

/*
 * The log of the store that goes, into its file. The log has to go before the
 * new store comes, or it would be played into that one; killed in between, the
 * old store is there still and has all that was committed, which somebody may
 * want if only its key was wrong. One too damaged for that has none.
 */
static enum att_err
fold_old(struct restoring *x)
{
	struct store old = { 0 };
	enum att_err e = db_connect(&old, x->r->path, SQLITE_OPEN_READWRITE);

	if (e == ATT_OK)
		e = db_exec(&old, DB_WAL); /* reads the log */
	if (e == ATT_OK)
		e = log_fold(&old);
	if (e == ATT_TIMEOUT)
		(void)trouble(x, e, old.trouble);
	db_close(&old);
	return e == ATT_TIMEOUT ? e : ATT_OK;
}

/* There is no store, or one that cannot be opened. */
static enum att_err
replace(struct restoring *x)
{
	char path[PATH_MAX];
	enum att_err e = bring_up(x);

	if (e == ATT_OK) /* what was brought up is in the log until then */
		e = log_fold(x->fresh);
	if (e != ATT_OK)
		return trouble(x, e, store_trouble(x->fresh));
	store_close(x->fresh);
	x->fresh = NULL;
	e = fold_old(x);
	if (e != ATT_OK)
		return e;
	(void)snprintf(path, sizeof(path), "%s-wal", x->r->path);
	(void)unlink(path); /* the damaged store's, which goes with it */
	(void)snprintf(path, sizeof(path), "%s-shm", x->r->path);
	(void)unlink(path);
	if (rename(x->copy.path, x->r->path) != 0)
		return trouble(x, ATT_IO, strerror(errno));
	return db_directory_sync(x->r->path);
}

static enum att_err
install(struct restoring *x)
{
	if (x->w->tell != NULL)
		x->w->tell(x->w->ctx, "putting it back", 0, 0);
	return x->r->live != NULL ? overwrite(x) : replace(x);
}

enum att_err
store_restore(const struct store_restore *r, const struct store_by *by,
    const struct store_watch *w, struct store_restored *out)
{
	AUTO_RESTORING struct restoring x = {
		.r = r, .by = by, .w = w, .copy = COPY_NONE
	};
	enum att_err e = read_head(&x);

	if (e == ATT_OK)
		e = unpack(&x);
	if (e == ATT_OK)
		e = open_fresh(&x);
	if (e != ATT_OK)
		return e;
	e = install(&x);
	if (e != ATT_OK)
		return e;
	*out = x.out;
	return ATT_OK;
}
