/* The chain out of the store, in the form of audit/export.h. */
#include "audit/export.h"

#include "store/audit_row.h"

#include <string.h>

struct out {
	store_audit_put *put;
	void *ctx;
	uint8_t buf[AUDIT_EXPORT_PART];
	struct att_writer w;
};

/* Hand over what was written. ATT_IO: nobody takes it any more. */
static enum att_err
flush(struct out *o)
{
	size_t len = 0;
	enum att_err e = att_writer_done(&o->w, &len);

	if (e == ATT_OK && !o->put(o->ctx, o->buf, len))
		e = ATT_IO;
	o->w = att_writer_of(o->buf, sizeof(o->buf));
	return e;
}

static enum att_err
put_start(struct store *s, struct out *o)
{
	uint8_t pub[VAULT_PUBLIC_LEN];
	struct audit_base b = { 0 };
	enum att_err e = audit_base_get(s, &b);

	if (e != ATT_OK && e != ATT_ABSENT)
		return e;
	vault_public(s->vault, pub);
	audit_export_start(&o->w, pub, b.seq, b.hash, b.sig);
	return flush(o);
}

static enum att_err
put_row(struct db_query *q, struct out *o)
{
	struct att_slice bytes, hash, sig;

	(void)db_take_int(q);
	(void)db_take_blob(q); /* the subject is in the bytes, too */
	bytes = db_take_blob(q);
	hash = db_take_blob(q);
	sig = db_take_blob(q);
	if (db_query_done(q) != ATT_OK)
		return db_query_done(q);
	if (bytes.len > AUDIT_BYTES_MAX || hash.len != VAULT_HASH_LEN ||
	    (sig.at != NULL && sig.len != VAULT_SIG_LEN))
		return db_trouble(q->s, ATT_CORRUPT,
		    "an audit record is not in the documented form");
	audit_export_record(&o->w, bytes, hash.at);
	if (sig.at != NULL)
		audit_export_checkpoint(&o->w, sig.at);
	return flush(o);
}

static enum att_err
put_end(struct store *s, struct out *o)
{
	uint8_t sig[VAULT_SIG_LEN];
	struct audit_head h;
	enum att_err e = audit_head_get(s, &h);

	if (e != ATT_OK)
		return e;
	audit_end_sign(s->vault, h.seq, h.hash, sig);
	audit_export_end(&o->w, h.seq, h.hash, sig);
	return flush(o);
}

static enum att_err
put_all(struct store *s, struct out *o)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_AUDIT_CHAIN);
	enum att_err e = put_start(s, o);

	if (e != ATT_OK)
		return e;
	while ((e = db_step(&q)) == ATT_OK) {
		e = put_row(&q, o);
		if (e != ATT_OK)
			return e;
	}
	return e == ATT_ABSENT ? put_end(s, o) : e;
}

enum att_err
store_audit_export(struct store *s, store_audit_put *put, void *ctx)
{
	struct out o = { .put = put, .ctx = ctx };
	enum att_err e = db_exec(s, DB_SNAPSHOT);

	o.w = att_writer_of(o.buf, sizeof(o.buf));
	if (e == ATT_OK)
		e = put_all(s, &o);
	db_undo(s); /* nothing was written */
	return e;
}

enum att_err
store_audit_hash(struct store *s, uint64_t seq, uint8_t hash[VAULT_HASH_LEN])
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_AUDIT_HASH);
	enum att_err e;

	db_bind_int(&q, ":seq", seq > INT64_MAX ? INT64_MAX : (int64_t)seq);
	e = db_step(&q);
	if (e != ATT_OK)
		return e;
	db_take_bytes(&q, hash, VAULT_HASH_LEN);
	return db_query_done(&q);
}
