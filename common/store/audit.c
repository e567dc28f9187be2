#include "store/audit_row.h"
#include "store/person.h"

#include <string.h>

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

enum att_err
audit_head_get(struct store *s, struct audit_head *out)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_AUDIT_HEAD);
	uint8_t want[VAULT_TAG_LEN];
	struct audit_head h = { 0 };
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
head_put(struct store *s, const struct audit_head *h)
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
checkpoint_put(struct store *s, const struct audit_head *h)
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
	struct audit_head h;
	uint8_t bytes[AUDIT_BYTES_MAX];
	struct att_slice slice = { bytes, 0 };
	enum att_err e = db_need_tx(s);

	if (e == ATT_OK)
		e = audit_head_get(s, &h);
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
	if (e != ATT_OK)
		return e;
	s->unrecorded = false;
	s->pending.seq = h.seq;
	memcpy(s->pending.hash, h.hash, sizeof(s->pending.hash));
	return ATT_OK;
}

enum att_err
store_audit_mine(struct store *s, uint64_t *seq, uint8_t hash[VAULT_HASH_LEN])
{
	if (s->mine.seq == 0)
		return ATT_ABSENT;
	*seq = s->mine.seq;
	memcpy(hash, s->mine.hash, VAULT_HASH_LEN);
	return ATT_OK;
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

/* By a statement that takes a pseudonym, if there is a person. */
static enum att_err
list_of(struct store *s, enum store_stmt stmt, uint64_t from,
    const uint8_t *person, store_audit_each *each, void *ctx)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, stmt);
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

enum att_err
store_audit_list(struct store *s, uint64_t from, const uint8_t *person,
    store_audit_each *each, void *ctx)
{
	return list_of(s,
	    person != NULL ? STMT_AUDIT_OF_SUBJECT : STMT_AUDIT_FROM, from,
	    person, each, ctx);
}

enum att_err
store_audit_around(struct store *s, const uint8_t person[VAULT_ID_LEN],
    store_audit_each *each, void *ctx)
{
	return list_of(s, STMT_AUDIT_AROUND_SUBJECT, 1, person, each, ctx);
}

enum att_err
store_audit_head(struct store *s, uint64_t *seq, uint8_t hash[VAULT_HASH_LEN])
{
	struct audit_head h;
	enum att_err e = audit_head_get(s, &h);

	if (e != ATT_OK)
		return e;
	*seq = h.seq;
	memcpy(hash, h.hash, VAULT_HASH_LEN);
	return ATT_OK;
}
