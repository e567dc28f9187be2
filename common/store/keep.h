/*
 * Keeping what was promised: erasure, holds on minors, retention, and the
 * replacement of the site key. What is destroyed here is destroyed in two
 * steps: a transaction after which no attend knows it any more, and, since
 * copies of its bytes may stand in the log, in unused parts of pages and in
 * files beside the store, a tidying that can be repeated until it is done.
 */
#ifndef ATT_STORE_KEEP_H
#define ATT_STORE_KEEP_H

#include "store/consent.h"
#include "store/employee.h"

/* Why somebody was erased; the first five are what a person can ask for. */
#define STORE_ERASE_REASONS(X)      \
	X(UNLAWFUL, "unlawful")     \
	X(NO_CONSENT, "no-consent") \
	X(BREACH, "breach")         \
	X(CLOSED, "account-closed") \
	X(ENDED, "service-ended")   \
	X(MINOR, "minor")           \
	X(RETENTION, "retention")
enum store_erase_reason {
#define X(name, id) STORE_ERASE_##name,
	STORE_ERASE_REASONS(X)
#undef X
	STORE_ERASE_REASON_COUNT
};
const char *store_erase_reason_id(enum store_erase_reason r);
/* ATT_ABSENT: no such reason. */
enum att_err store_erase_reason_find(
    const char *id, enum store_erase_reason *out) ATT_CHECKED;

/*
 * Erase a person: the data key first, then every row. A tombstone keeps
 * number and uid, and a tag in place of the login; audit records stay, under
 * a pseudonym that nobody can compute any more. ATT_ABSENT: no such person,
 * or erased already. Follow the commit with store_tidy.
 */
enum att_err store_erase(struct store *s, const struct store_by *by,
    const uint8_t person[VAULT_ID_LEN], enum store_erase_reason reason)
    ATT_CHECKED;

/* One erasure, as a ledger hands it on: what the tombstone is made of. */
struct store_erasure {
	uint8_t person[VAULT_ID_LEN];
	uint32_t uid;
	int64_t at_utc;
	char number[ATT_NUMBER_MAX + 1];
	char login[ATT_LOGIN_MAX + 1]; /* the tag */
	char reason[33];
};
/* All of them, oldest first; each() false stops. */
typedef bool store_erasure_each(void *ctx, const struct store_erasure *x);
enum att_err store_erasure_list(
    struct store *s, store_erasure_each *each, void *ctx) ATT_CHECKED;
/*
 * Make one come true that this store does not know of: erase who is there,
 * or reserve number and uid of who is not. *done: something was changed.
 * ATT_EXISTS: somebody else has that number, so the ledger is of another
 * history.
 */
enum att_err store_erasure_apply(struct store *s, const struct store_by *by,
    const struct store_erasure *x, bool *done) ATT_CHECKED;

/*
 * A refusal or withdrawal that ended a consent and stands: the newest event of
 * that person, purpose and party, who had agreed before. Disclosures are left
 * out: which one it is, to whom and what for, is sealed. Nobody logs in by
 * one, and each is given out by hand, by somebody who sees the consent.
 */
struct store_refusal {
	uint8_t person[VAULT_ID_LEN];
	uint8_t event[16]; /* its id */
	enum store_purpose purpose;
	bool by_guardian;
	int64_t at_utc;
};
#define STORE_REFUSAL_PLACE "ledger" /* of an event that was recorded again */
/* All of them, by person; each() false stops. */
typedef bool store_refusal_each(void *ctx, const struct store_refusal *x);
enum att_err store_refusal_list(
    struct store *s, store_refusal_each *each, void *ctx) ATT_CHECKED;
/*
 * Make one come true that this store does not know of: if the consent is
 * given here, it is recorded again as a withdrawal, with all that follows from
 * one, under the notice that was agreed to. It keeps id and time, so that the
 * store knows of it from then on, and place STORE_REFUSAL_PLACE says where it
 * came from. *done: it was. Somebody who is not here is passed over.
 *
 * A store that holds the event by its id holds what was said after it, too:
 * there everything stays as it is. Neither clocks, which may be wrong, nor the
 * events' numbers, which go on in a restored store from where the backup was,
 * are asked which came first. Where a store does not hold the event and says
 * "given", which is later cannot be known, and the refusal counts: being asked
 * again is the smaller harm.
 */
enum att_err store_refusal_apply(struct store *s, const struct store_by *by,
    const struct store_refusal *x, bool *done) ATT_CHECKED;
/* Whether this store holds the event. */
enum att_err store_refusal_known(
    struct store *s, const struct store_refusal *x, bool *known) ATT_CHECKED;

/*
 * The ledger: every erasure and every refusal that stands, signed, in the file
 * "erasures" beside the store. A store that is put back from a backup is
 * brought up to it, so it must outlive the store.
 *
 *	"attend-erasures-2\n"	site_id[16]	le32 count
 *	count times: person[16] le32 uid le64 at_utc str8 number str8 login
 *		str8 reason
 *	le32 refusals
 *	refusals times: person[16] event[16] u8 by_guardian le64 at_utc
 *		str8 purpose
 *	signature[64] over all before, by the site
 *
 * "attend-erasures-1\n", as it was before, is read, too: nothing stands
 * between the erasures and the signature.
 */
#define STORE_LEDGER_MAX (16u << 20) /* bytes */
struct store_ledger { /* clear with store_ledger_free */
	struct store_erasure *list;
	size_t n;
	struct store_refusal *refusals;
	size_t refusals_n;
};
/* What a store had to be told of. */
struct store_again {
	uint64_t erased; /* people */
	uint64_t withdrawn; /* consents */
};
/*
 * Read one for this store's site. ATT_FORMAT: not a ledger; ATT_CORRUPT: not
 * signed by the site, or of another one; ATT_NOMEM.
 */
enum att_err store_ledger_read(struct store *s, struct att_slice bytes,
    struct store_ledger *out) ATT_CHECKED;
void store_ledger_free(struct store_ledger *l);
/*
 * Write the file, where it is missing or not. A tidying does it, too. Outside
 * a transaction. ATT_LIMIT: there is more than STORE_LEDGER_MAX holds.
 */
enum att_err store_ledger_write(struct store *s) ATT_CHECKED;
/* Where the ledger of a store at path is, into buf. ATT_LIMIT. */
enum att_err
store_ledger_path(const char *store, char *buf, size_t cap) ATT_CHECKED;
/* Read the file. ATT_ABSENT: there is none; ATT_LIMIT; as above. */
enum att_err store_ledger_open(
    struct store *s, const char *path, struct store_ledger *out) ATT_CHECKED;
/*
 * Apply what the file beside the store knows and the store does not: it was
 * put back by hand. A file that is not this site's ledger is
 * kept as erasures.damaged. Outside a transaction.
 */
enum att_err store_ledger_merge(struct store *s, const struct store_by *by,
    struct store_again *again) ATT_CHECKED;
/* Whether one is kept so beside a store at path: what only it knew is lost. */
bool store_ledger_damaged(const char *store);
/* Apply all in order; *again counts what was new. In a transaction. */
enum att_err store_ledger_apply(struct store *s, const struct store_by *by,
    const struct store_ledger *l, struct store_again *again) ATT_CHECKED;
/*
 * Drop the refusals that a store holds, which is newer than the ledger: it
 * knows better what was said since.
 */
enum att_err
store_ledger_outdated(struct store_ledger *l, struct store *newer) ATT_CHECKED;

/*
 * Finish what the last erasure or rotation left to do: write the ledger,
 * remove copies beside the store that no run has in use, put a new site key in
 * place, fold the log into the store and clean unused parts of pages. After a
 * refusal that nothing was destroyed for, only the ledger is written. A copy
 * that a killed backup or restore left goes in any case. Nothing to do is done.
 * Outside a transaction; others may go on working. patient: wait for readers
 * and writers, STORE_BUSY_MS each. ATT_TIMEOUT: others were in the way;
 * ATT_IO; it stays due and the next store_open tries again, without waiting.
 */
enum att_err store_tidy(struct store *s, bool patient) ATT_CHECKED;

/* What is to be finished: bytes that may still stand somewhere, in a copy that
 * a killed run left, too; the ledger. */
enum att_err
store_tidy_pending(struct store *s, bool *bytes, bool *ledger) ATT_CHECKED;

/* In a transaction: a tidying is due after it. */
enum att_err tidy_due(struct store *s) ATT_CHECKED;

/*
 * Minors here without a guardian's consent. found: they are from now on held;
 * mended: their hold is lifted; ATT_OK either way.
 */
enum att_err store_hold_set(struct store *s, const struct store_by *by,
    const uint8_t person[VAULT_ID_LEN], bool held) ATT_CHECKED;
/* Since when; ATT_ABSENT: not held. */
enum att_err store_hold_get(struct store *s, const uint8_t person[VAULT_ID_LEN],
    int64_t *since_utc) ATT_CHECKED;

/* How many are held since before a time. */
enum att_err
store_hold_before(struct store *s, int64_t before_utc, uint64_t *n) ATT_CHECKED;

/*
 * Drop what is older than it may be; cutoffs in UTC seconds, INT64_MIN keeps
 * everything. *n: rows, at most STORE_PRUNE_MOST. The audit chain is pruned up
 * to a checkpoint whose record is older, and with it all before; only so many
 * at once that logins need not wait: call again, in another transaction, until
 * *n is 0. Verify the chain first: what is dropped proves nothing any more.
 * Each writes its audit record only if something went.
 */
enum att_err store_attendance_prune(struct store *s, const struct store_by *by,
    int64_t before_utc, uint64_t *n) ATT_CHECKED;
enum att_err store_audit_prune(struct store *s, const struct store_by *by,
    int64_t before_utc, uint64_t *n) ATT_CHECKED;

/* When purging was last done to its end; 0: never. And that it was, now. */
enum att_err store_purged_get(struct store *s, int64_t *utc) ATT_CHECKED;
enum att_err
store_purged_set(struct store *s, const struct store_by *by) ATT_CHECKED;

/*
 * Replace the site key: every person's data key is wrapped under the new one,
 * nothing else is touched. In a transaction; follow the commit with
 * store_tidy. *n: people. ATT_REFUSED: the key is the service manager's.
 */
enum att_err store_key_rotate(
    struct store *s, const struct store_by *by, uint64_t *n) ATT_CHECKED;

#endif
