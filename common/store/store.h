/*
 * The store: one SQLite file that one process owns. People, credentials,
 * consents, notices, attempts, attendance and the audit chain. Personal
 * columns are sealed under the person's key before SQLite sees them, and are
 * opened on the way out; callers see plain structs. sqlite3.h is included in
 * this folder only; every statement is a named row of stmt.h. They are
 * prepared all together when a store is made and checked, and when first used
 * otherwise: opening is part of every login.
 *
 * Changes happen inside a transaction and bring their audit record along: a
 * function that changes anything takes a struct store_by (who, when) and
 * appends to the chain itself, so that no change goes unrecorded and a record
 * that cannot be written refuses the change. Anything but ATT_OK from a
 * changing function means: do not commit; the caller's store_tx then rolls
 * everything back; store_commit refuses such a transaction by itself.
 * Outside a transaction changing functions give ATT_REFUSED.
 */
#ifndef ATT_STORE_STORE_H
#define ATT_STORE_STORE_H

#include "audit/audit.h"
#include "base/clock.h"
#include "base/err.h"
#include "vault/vault.h"

#include <stdbool.h>
#include <stdint.h>

#define STORE_APPLICATION_ID 0x61747464 /* "attd" */
#define STORE_BUSY_MS	     4000 /* wait for another writer */

struct store;

/*
 * Create the store file (mode 0600 whatever the umask) with the current
 * schema. It appears complete or not at all. ATT_EXISTS, ATT_IO, ATT_NOMEM.
 */
enum att_err store_create(const char *path) ATT_CHECKED;

/*
 * Open, migrate if older (after writing PATH.before-N as a backup). The vault
 * is borrowed for the store's life; it takes over the store's keyring, and
 * follows when the site key is replaced, now or later.
 * ATT_ABSENT; ATT_NEWER: schema from a newer attend; ATT_CORRUPT: not ours,
 * damaged, or sealed under another site key; ATT_IO.
 */
enum att_err
store_open(struct store **out, const char *path, struct vault *v) ATT_CHECKED;
void store_close(struct store *s);

/* Prepare now what a login will ask, while nobody waits for it. Best effort. */
void store_expect_login(struct store *s);

/*
 * English detail of the last failure for the log; never NULL, no personal
 * data. NULL asks about this thread's last store_open or store_create.
 */
const char *store_trouble(const struct store *s);

/*
 * Full integrity and foreign-key check, every statement against the schema,
 * and what the schema cannot say. ATT_CORRUPT. *why is English, "ok" or what
 * was found first, valid until close.
 */
enum att_err store_check(struct store *s, const char **why) ATT_CHECKED;

/* Who does something, where and when; actor as in the audit record. */
struct store_by {
	struct att_now now;
	char actor[AUDIT_ACTOR_MAX + 1];
	char source[33]; /* where new values come from: "import", "request";
			    empty: "person" if they are one's own doing, else
			    "office" */
	char basis[20]; /* on what basis they are held, of HISTORY_BASES; empty:
			   nobody said */
};

/* A transaction that rolls back at scope end unless committed. */
struct store_tx {
	struct store *s;
};
/*
 * BEGIN IMMEDIATE. ATT_TIMEOUT after STORE_BUSY_MS; ATT_REFUSED if one is
 * open already.
 */
enum att_err store_begin(struct store *s, struct store_tx *tx) ATT_CHECKED;
/*
 * ATT_REFUSED when something was changed that has no audit record, because
 * its function failed half-way; ATT_IO and others as sqlite says. Whatever
 * the result, the transaction is over: committed on ATT_OK, else rolled back.
 */
enum att_err store_commit(struct store_tx *tx) ATT_CHECKED;
void store_rollback(struct store_tx *tx);
#define STORE_AUTO_TX __attribute__((cleanup(store_rollback)))

/*
 * Site facts. The directory generation counts changes to what is published;
 * every function that changes a published field raises it.
 */
struct store_site {
	uint8_t site_id[16];
	int64_t created_utc;
	uint64_t directory_generation;
	int64_t latest_utc; /* highest wall time ever recorded */
	uint32_t next_uid; /* 0: none allocated yet */
	uint32_t next_gid;
};
enum att_err
store_site_get(struct store *s, struct store_site *out) ATT_CHECKED;

/*
 * Append an audit record; person NULL for none. detail is "key=value ..." and
 * must hold no personal data. Used by every changing function below; call it
 * directly for decisions. Time never goes below the previous record's.
 */
enum att_err
store_audit(struct store *s, const struct store_by *by, const char *event,
    const uint8_t person[VAULT_ID_LEN], const char *detail) ATT_CHECKED;

/* Walk the chain in order from seq `from`; each() false stops. */
typedef bool store_audit_each(void *ctx, const struct audit_record *r);
enum att_err store_audit_list(struct store *s, uint64_t from,
    const uint8_t *person /* NULL: everybody */, store_audit_each *each,
    void *ctx) ATT_CHECKED;
/* The same of one person and of nobody in particular, in one order. */
enum att_err
store_audit_around(struct store *s, const uint8_t person[VAULT_ID_LEN],
    store_audit_each *each, void *ctx) ATT_CHECKED;
/* Verify the whole chain; ATT_CORRUPT with *v saying where and why. */
enum att_err
store_audit_verify(struct store *s, struct audit_verifier *v) ATT_CHECKED;
/* Hand the whole chain over as audit/export.h says; put() false stops. */
typedef bool store_audit_put(void *ctx, const void *at, size_t len);
enum att_err store_audit_export(
    struct store *s, store_audit_put *put, void *ctx) ATT_CHECKED;
/* One record's hash. ATT_ABSENT: there is none, or it was pruned. */
enum att_err store_audit_hash(
    struct store *s, uint64_t seq, uint8_t hash[VAULT_HASH_LEN]) ATT_CHECKED;
/* The last record that was committed through s. ATT_ABSENT: none was. */
enum att_err store_audit_mine(
    struct store *s, uint64_t *seq, uint8_t hash[VAULT_HASH_LEN]) ATT_CHECKED;
/* The last record's number and hash, for syslog and doctor. */
enum att_err store_audit_head(
    struct store *s, uint64_t *seq, uint8_t hash[VAULT_HASH_LEN]) ATT_CHECKED;

#endif
