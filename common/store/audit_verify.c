/* Reading the chain against itself. */
#include "store/audit_row.h"

#include <string.h>

static enum att_err
misplaced(struct audit_verifier *v, uint64_t seq, const char *why)
{
	if (v->why == NULL) {
		v->bad_seq = seq;
		v->why = why;
	}
	return ATT_CORRUPT;
}

/* One row of the chain: record, what is stored beside it, its checkpoint. */
static enum att_err
verify_row(struct db_query *q, struct audit_verifier *v)
{
	uint64_t seq = (uint64_t)db_take_int(q);
	struct att_slice subject = db_take_blob(q);
	struct att_slice bytes = db_take_blob(q);
	struct att_slice hash = db_take_blob(q);
	struct att_slice sig = db_take_blob(q);
	enum att_err e = db_query_done(q);

	if (e != ATT_OK)
		return e;
	if (hash.len != VAULT_HASH_LEN)
		return misplaced(v, seq, "its hash has another length");
	e = audit_verify_record(v, seq, bytes, hash.at);
	if (e == ATT_OK &&
	    (subject.len != sizeof(v->subject) ||
		memcmp(subject.at, v->subject, sizeof(v->subject)) != 0))
		return misplaced(v, seq, "is filed under another subject");
	if (e == ATT_OK && sig.at != NULL && sig.len != VAULT_SIG_LEN)
		return misplaced(v, seq, "its checkpoint has another length");
	if (e == ATT_OK && sig.at != NULL)
		e = audit_verify_checkpoint(v, seq, sig.at);
	return e;
}

/* A checkpoint that outlived its record tells of an end cut off. */
static enum att_err
verify_orphans(struct store *s, struct audit_verifier *v)
{
	STORE_AUTO_QUERY struct db_query q =
	    db_query(s, STMT_CHECKPOINT_ORPHAN);
	enum att_err e = db_step(&q);
	uint64_t seq;

	if (e != ATT_OK)
		return e == ATT_ABSENT ? ATT_OK : e;
	seq = (uint64_t)db_take_int(&q);
	if (db_query_done(&q) != ATT_OK)
		return db_query_done(&q);
	return misplaced(v, seq, "its checkpoint is here, the record is not");
}

static enum att_err
verify_base(struct store *s, struct audit_verifier *v)
{
	struct audit_base b;
	enum att_err e = audit_base_get(s, &b);

	if (e != ATT_OK)
		return e == ATT_ABSENT ? ATT_OK : e;
	return audit_verify_base(v, b.seq, b.hash, b.sig);
}

static enum att_err
verify_chain(struct store *s, struct audit_verifier *v)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_AUDIT_CHAIN);
	struct audit_head h = { 0 };
	enum att_err e = verify_base(s, v);

	if (e != ATT_OK)
		return e;
	while ((e = db_step(&q)) == ATT_OK) {
		e = verify_row(&q, v);
		if (e != ATT_OK)
			return e;
	}
	if (e != ATT_ABSENT)
		return e;
	e = audit_head_get(s, &h);
	if (e == ATT_CORRUPT)
		return misplaced(v, v->seq, "the end was changed");
	if (e == ATT_OK)
		e = audit_verify_finish(v, h.seq, h.hash);
	return e == ATT_OK ? verify_orphans(s, v) : e;
}

enum att_err
store_audit_verify(struct store *s, struct audit_verifier *v)
{
	uint8_t pub[VAULT_PUBLIC_LEN];
	bool own_tx = sqlite3_get_autocommit(s->db) != 0;
	enum att_err e = ATT_OK;

	vault_public(s->vault, pub);
	audit_verify_start(v, pub);
	if (own_tx) /* chain and end from one moment, others may be writing */
		e = db_exec(s, DB_SNAPSHOT);
	if (e != ATT_OK)
		return e;
	e = verify_chain(s, v);
	if (e == ATT_CORRUPT)
		(void)misplaced(v, v->seq + 1, "cannot be read");
	if (e == ATT_CORRUPT)
		(void)db_trouble(s, e, "audit record %llu: %s",
		    (unsigned long long)v->bad_seq, v->why);
	if (own_tx)
		db_undo(s); /* nothing was written */
	return e;
}
