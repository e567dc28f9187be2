#include "store/tidy.h"

#include "store/copy.h"
#include "store/keep.h"
#include "store/site_key.h"

#include <time.h>

#define TRIES_MAX 50 /* to find the log empty while others write */
#define WAIT_MS	  (2 * STORE_BUSY_MS) /* for that, in all */

enum att_err
tidy_due(struct store *s)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_SITE_SCRUB);
	enum att_err e = db_need_tx(s);

	if (e != ATT_OK)
		return e;
	return db_run(&q);
}

/* What is due: only the ledger, or, with it, all the rest. */
struct due {
	bool scrub, ledger;
};

static enum att_err
what_is_due(struct store *s, struct due *due)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_SITE_TIDY_DUE);
	enum att_err e = db_step(&q);

	*due = (struct due){ 0 };
	if (e == ATT_ABSENT)
		return db_trouble(s, ATT_CORRUPT, "no site row");
	if (e != ATT_OK)
		return e;
	due->scrub = db_take_int(&q) != 0;
	due->ledger = db_take_int(&q) != 0;
	return db_query_done(&q);
}

enum att_err
store_tidy_pending(struct store *s, bool *bytes, bool *ledger)
{
	struct due due;
	enum att_err e = what_is_due(s, &due);

	*bytes = due.scrub || copies_left(sqlite3_db_filename(s->db, "main"));
	*ledger = due.ledger;
	return e;
}

/* Copies of the store as it was: what is erased is still in them. */
static enum att_err
remove_copies(struct store *s, bool every)
{
	enum att_err e =
	    copies_remove(sqlite3_db_filename(s->db, "main"), every);

	return e == ATT_OK ? e
			   : db_trouble(s, e,
				 "tidying: a copy beside the store cannot be "
				 "removed");
}

static bool
nap(void)
{
	const struct timespec ms = { 0, 1000000 };

	(void)nanosleep(&ms, NULL); /* a signal only makes it shorter */
	return true;
}

/* While another one folds it, sqlite does not ask the busy handler. */
enum att_err
log_fold(struct store *s)
{
	int64_t until = att_mono_ms() + STORE_BUSY_MS;
	int rc;

	do
		rc = sqlite3_wal_checkpoint_v2(
		    s->db, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	while (
	    rc == SQLITE_BUSY && !s->hasty && att_mono_ms() < until && nap());
	return rc == SQLITE_OK ? ATT_OK : db_fail(s, rc, "checkpoint");
}

static bool
log_is_empty(struct store *s)
{
	sqlite3_file *f = NULL;
	sqlite3_int64 size = 0;

	if (sqlite3_file_control(
		s->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &f) != SQLITE_OK ||
	    f == NULL || f->pMethods == NULL)
		return true; /* there is none */
	return f->pMethods->xFileSize(f, &size) == SQLITE_OK && size == 0;
}

/*
 * The write lock with nothing in the log: what is in the file is all there is
 * and nobody adds to it. Pages that this process keeps are given back, they
 * are as they were before the cleaning.
 */
static enum att_err
begin_alone(struct store *s, struct store_tx *tx, int tries)
{
	int64_t until = att_mono_ms() + WAIT_MS;
	enum att_err e = ATT_TIMEOUT;

	for (int i = 0; i < tries && att_mono_ms() < until; i++) {
		e = log_fold(s);
		if (e == ATT_OK)
			e = store_begin(s, tx);
		if (e != ATT_OK)
			return e;
		if (log_is_empty(s)) {
			(void)sqlite3_db_release_memory(s->db);
			return ATT_OK;
		}
		store_rollback(tx);
		e = ATT_TIMEOUT;
	}
	return db_trouble(s, e, "tidying: others go on writing");
}

static enum att_err
set_done(struct store *s)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_SITE_SCRUBBED);

	return db_run(&q);
}

static enum att_err
commit(struct store *s, struct store_tx *tx)
{
	enum att_err e = set_done(s);

	s->unrecorded = false; /* housekeeping: about no person, no decision */
	return e == ATT_OK ? store_commit(tx) : e;
}

static enum att_err
tidy(struct store *s, int tries)
{
	STORE_AUTO_TX struct store_tx tx = { 0 };
	enum att_err e = begin_alone(s, &tx, tries);

	if (e == ATT_OK)
		e = site_key_settle(s);
	if (e == ATT_OK)
		e = ledger_write(s);
	if (e == ATT_OK)
		e = remove_copies(s, true);
	if (e == ATT_OK)
		e = scrub_pages(s);
	if (e == ATT_OK)
		e = commit(s, &tx);
	return e;
}

/* Before the ledger is written anew: nothing that is in it may go. */
static enum att_err
merge_ledger(struct store *s)
{
	struct store_by by = { .actor = "system" };
	struct store_again again;
	enum att_err e = att_now_read(&by.now);

	return e == ATT_OK ? store_ledger_merge(s, &by, &again) : e;
}

/* What the ledger told may have made more of it due. */
static enum att_err
tidy_what_is_due(struct store *s, int tries, bool *scrubbed)
{
	struct due due;
	enum att_err e = merge_ledger(s);

	if (e == ATT_OK)
		e = what_is_due(s, &due);
	if (e != ATT_OK)
		return e;
	*scrubbed = due.scrub;
	return due.scrub ? tidy(s, tries) : store_ledger_write(s);
}

enum att_err
store_tidy(struct store *s, bool patient)
{
	struct due due;
	bool scrubbed = false;
	enum att_err e = remove_copies(s, false); /* left by a kill */

	if (e == ATT_OK)
		e = what_is_due(s, &due);
	if (e != ATT_OK || (!due.scrub && !due.ledger))
		return e;
	s->hasty = !patient;
	e = tidy_what_is_due(s, patient ? TRIES_MAX : 1, &scrubbed);
	s->hasty = false;
	if (e == ATT_OK && patient && scrubbed && log_fold(s) != ATT_OK)
		return ATT_OK; /* only that it is done stands in it */
	return e;
}
