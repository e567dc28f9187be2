/* Dropping the oldest audit records, up to a checkpoint. */
#include "store/audit_row.h"
#include "store/keep.h"
#include "store/person.h"

#include <string.h>

/* Checkpoints in one transaction: others must get at the store in between. */
#define STEP 256

static void
take_base(struct db_query *q, struct audit_base *b)
{
	b->seq = (uint64_t)db_take_int_in(q, 1, INT64_MAX);
	db_take_bytes(q, b->hash, sizeof(b->hash));
	db_take_bytes(q, b->sig, sizeof(b->sig));
}

enum att_err
audit_base_get(struct store *s, struct audit_base *out)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_AUDIT_BASE);
	enum att_err e = db_step(&q);

	if (e != ATT_OK)
		return e;
	take_base(&q, out);
	return db_query_done(&q);
}

/* The last of at most STEP checkpoints whose record is old. ATT_ABSENT. */
static enum att_err
next_base(struct store *s, int64_t before_utc, struct audit_base *out)
{
	STORE_AUTO_QUERY struct db_query q =
	    db_query(s, STMT_AUDIT_CHECKPOINTS);
	struct audit_fields f;
	unsigned n = 0;
	enum att_err e;

	while (n < STEP && (e = db_step(&q)) == ATT_OK) {
		struct audit_base b;
		struct att_slice bytes = db_take_blob(&q);

		take_base(&q, &b);
		if (db_query_done(&q) != ATT_OK)
			return db_query_done(&q);
		if (audit_read(bytes, &f) != ATT_OK)
			return db_trouble(s, ATT_CORRUPT,
			    "an audit record is not in the documented form");
		if (f.time_utc >= before_utc)
			break;
		*out = b;
		n++;
	}
	if (n == 0)
		return ATT_ABSENT;
	return ATT_OK;
}

static enum att_err
base_set(struct store *s, const struct audit_base *b)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_AUDIT_BASE_SET);

	db_bind_int(&q, ":seq", (int64_t)b->seq);
	db_bind_blob(
	    &q, ":hash", (struct att_slice){ b->hash, sizeof(b->hash) });
	db_bind_blob(&q, ":sig", (struct att_slice){ b->sig, sizeof(b->sig) });
	return db_run(&q);
}

static enum att_err
drop(struct store *s, enum store_stmt which, uint64_t to, uint64_t *n)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, which);
	enum att_err e;

	db_bind_int(&q, ":to", (int64_t)to);
	e = db_run(&q);
	if (e == ATT_OK)
		*n = (uint64_t)db_changes(&q);
	return e;
}

enum att_err
store_audit_prune(
    struct store *s, const struct store_by *by, int64_t before_utc, uint64_t *n)
{
	struct detail d = { 0 };
	struct audit_base b;
	enum att_err e = db_need_tx(s);

	*n = 0;
	if (e == ATT_OK)
		e = next_base(s, before_utc, &b);
	if (e == ATT_OK)
		e = base_set(s, &b);
	if (e == ATT_OK)
		e = drop(s, STMT_CHECKPOINT_PRUNE, b.seq, n);
	if (e == ATT_OK)
		e = drop(s, STMT_AUDIT_PRUNE, b.seq, n);
	if (e != ATT_OK)
		return e == ATT_ABSENT ? ATT_OK : e;
	detail_int(&d, "to", (int64_t)b.seq);
	detail_int(&d, "records", (int64_t)*n);
	return chain_append(s, by, AUDIT_PRUNE, NULL, d.text);
}
