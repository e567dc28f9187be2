#include "store/person.h"

#include <string.h>

/* The site row's word on where the chain ends. */
struct head {
	uint64_t seq;
	uint8_t hash[VAULT_HASH_LEN];
	int64_t time_utc;
};

/* Who can write the file but has no site key cannot move the end. */
static void
head_tag(const struct store *s, uint64_t seq, const uint8_t *hash,
    uint8_t tag[VAULT_TAG_LEN])
{
	uint8_t bytes[8 + VAULT_HASH_LEN];
	struct att_writer w = att_writer_of(bytes, sizeof(bytes));

	att_put_le64(&w, seq);
	att_put_bytes(&w, hash, VAULT_HASH_LEN);
	vault_index(s->vault, "audit-head",
	    (struct att_slice){ bytes, sizeof(bytes) }, tag);
}

static enum att_err
head_get(struct store *s, struct head *out)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_AUDIT_HEAD);
	uint8_t want[VAULT_TAG_LEN];
	struct head h = { 0 };
	struct att_slice tag;
	enum att_err e = db_step(&q);

	if (e != ATT_OK)
		return e == ATT_ABSENT
		    ? db_trouble(s, ATT_CORRUPT, "no site row")
		    : e;
	h.seq = (uint64_t)db_take_int(&q);
	db_take_bytes(&q, h.hash, sizeof(h.hash));
	h.time_utc = db_take_int(&q);
	tag = db_take_blob(&q);
	e = db_query_done(&q);
	if (e != ATT_OK)
		return e;
	head_tag(s, h.seq, h.hash, want);
	if (h.seq > 0 &&
	    (tag.len != sizeof(want) || memcmp(tag.at, want, tag.len) != 0))
		return db_trouble(
		    s, ATT_CORRUPT, "the audit chain's end was changed");
	*out = h;
	return ATT_OK;
}

static enum att_err
head_put(struct store *s, const struct head *h)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_AUDIT_HEAD_SET);
	uint8_t tag[VAULT_TAG_LEN];

	head_tag(s, h->seq, h->hash, tag);
	db_bind_int(&q, ":seq", (int64_t)h->seq);
	db_bind_blob(&q, ":hash", (struct att_slice){ h->hash, 32 });
	db_bind_int(&q, ":time", h->time_utc);
	db_bind_id(&q, ":tag", tag);
	return db_run(&q);
}

static enum att_err
record_put(struct store *s, const struct audit_record *r,
    struct att_slice bytes, const uint8_t *hash)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_AUDIT_ADD);
	enum att_err e;

	db_bind_int(&q, ":seq", (int64_t)r->seq);
	db_bind_id(&q, ":subject", r->subject);
	db_bind_blob(&q, ":bytes", bytes);
	db_bind_blob(&q, ":hash", (struct att_slice){ hash, VAULT_HASH_LEN });
	e = db_run(&q);
	if (e == ATT_EXISTS)
		return db_trouble(
		    s, ATT_CORRUPT, "the audit chain goes on behind its end");
	return e;
}

static enum att_err
checkpoint_put(struct store *s, const struct head *h)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_CHECKPOINT_ADD);
	uint8_t sig[VAULT_SIG_LEN];

	audit_checkpoint_sign(s->vault, h->seq, h->hash, sig);
	db_bind_int(&q, ":seq", (int64_t)h->seq);
	db_bind_blob(&q, ":sig", (struct att_slice){ sig, sizeof(sig) });
	return db_run(&q);
}

static bool
copied(char *to, size_t cap, const char *from)
{
	size_t len = strlen(from);

	if (len >= cap)
		return false;
	memcpy(to, from, len + 1);
	return true;
}

enum att_err
chain_append(struct store *s, const struct store_by *by, const char *event,
    const uint8_t *subject, const char *detail)
{
	struct audit_record r = { 0 };
	struct head h;
	uint8_t bytes[AUDIT_BYTES_MAX];
	struct att_slice slice = { bytes, 0 };
	enum att_err e = db_need_tx(s);

	if (e == ATT_OK)
		e = head_get(s, &h);
	if (e != ATT_OK)
		return e;
	if (!copied(r.event, sizeof(r.event), event) ||
	    !copied(r.actor, sizeof(r.actor), by->actor) ||
	    !copied(r.detail, sizeof(r.detail), detail))
		return db_trouble(s, ATT_LIMIT, "an audit field is too long");
	if (subject != NULL)
		memcpy(r.subject, subject, sizeof(r.subject));
	if (by->now.utc > h.time_utc)
		h.time_utc = by->now.utc;
	r.time_utc = h.time_utc;
	r.seq = ++h.seq;
	e = audit_encode(&r, bytes, &slice.len);
	if (e != ATT_OK)
		return db_trouble(s, e, "an audit record cannot be written");
	audit_chain(h.hash, slice, h.hash);
	e = record_put(s, &r, slice, h.hash);
	if (e == ATT_OK && h.seq % AUDIT_CHECKPOINT_EVERY == 0)
		e = checkpoint_put(s, &h);
	if (e == ATT_OK)
		e = head_put(s, &h);
	if (e == ATT_OK)
		s->unrecorded = false;
	return e;
}

enum att_err
store_audit(struct store *s, const struct store_by *by, const char *event,
    const uint8_t person[VAULT_ID_LEN], const char *detail)
{
	ATT_AUTO_SECRET struct att_secret key = { 0 };
	uint8_t subject[VAULT_TAG_LEN];
	enum att_err e;

	if (person == NULL)
		return chain_append(s, by, event, NULL, detail);
	e = person_open(s, person, &key);
	if (e != ATT_OK)
		return e;
	vault_pseudonym(&key, person, subject);
	return chain_append(s, by, event, subject, detail);
}

static enum att_err
walk(struct store *s, struct db_query *q, store_audit_each *each, void *ctx)
{
	struct audit_record r;
	enum att_err e;

	while ((e = db_step(q)) == ATT_OK) {
		struct att_slice bytes = db_take_blob(q);

		if (db_query_done(q) != ATT_OK)
			return db_query_done(q);
		if (audit_decode(bytes, &r) != ATT_OK)
			return db_trouble(s, ATT_CORRUPT,
			    "an audit record is not in the documented form");
		if (!each(ctx, &r))
			return ATT_OK;
	}
	return e == ATT_ABSENT ? ATT_OK : e;
}

enum att_err
store_audit_list(struct store *s, uint64_t from, const uint8_t *person,
    store_audit_each *each, void *ctx)
{
	STORE_AUTO_QUERY struct db_query q = db_query(
	    s, person != NULL ? STMT_AUDIT_OF_SUBJECT : STMT_AUDIT_FROM);
	ATT_AUTO_SECRET struct att_secret key = { 0 };
	uint8_t subject[VAULT_TAG_LEN];
	enum att_err e;

	if (person != NULL) {
		e = person_open(s, person, &key);
		if (e != ATT_OK)
			return e;
		vault_pseudonym(&key, person, subject);
		db_bind_id(&q, ":subject", subject);
	}
	db_bind_int(&q, ":from", from > INT64_MAX ? INT64_MAX : (int64_t)from);
	return walk(s, &q, each, ctx);
}

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
	struct audit_record r;
	enum att_err e = db_query_done(q);

	if (e != ATT_OK)
		return e;
	if (hash.len != VAULT_HASH_LEN)
		return misplaced(v, seq, "its hash has another length");
	e = audit_verify_record(v, seq, bytes, hash.at);
	if (e == ATT_OK)
		e = audit_decode(bytes, &r);
	if (e == ATT_OK &&
	    (subject.len != sizeof(r.subject) ||
		memcmp(subject.at, r.subject, sizeof(r.subject)) != 0))
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
verify_chain(struct store *s, struct audit_verifier *v)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_AUDIT_CHAIN);
	struct head h = { 0 };
	enum att_err e;

	while ((e = db_step(&q)) == ATT_OK) {
		e = verify_row(&q, v);
		if (e != ATT_OK)
			return e;
	}
	if (e != ATT_ABSENT)
		return e;
	e = head_get(s, &h);
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

enum att_err
store_audit_head(struct store *s, uint64_t *seq, uint8_t hash[VAULT_HASH_LEN])
{
	struct head h;
	enum att_err e = head_get(s, &h);

	if (e != ATT_OK)
		return e;
	*seq = h.seq;
	memcpy(hash, h.hash, VAULT_HASH_LEN);
	return ATT_OK;
}
