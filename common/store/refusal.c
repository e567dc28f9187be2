/* Who no longer agrees, as the ledger hands it on. */
#include "store/keep.h"

#include "store/event.h"
#include "store/person.h"

#include <string.h>

static enum att_err
take_refusal(struct db_query *q, struct store_refusal *x)
{
	char purpose[24];

	*x = (struct store_refusal){ 0 };
	db_take_bytes(q, x->person, sizeof(x->person));
	db_take_bytes(q, x->event, sizeof(x->event));
	db_take_text(q, purpose, sizeof(purpose));
	x->by_guardian = db_take_int(q) != 0;
	x->at_utc = db_take_int(q);
	if (db_query_done(q) == ATT_OK &&
	    store_purpose_find(purpose, &x->purpose) != ATT_OK)
		return db_trouble(
		    q->s, ATT_CORRUPT, "consent: no such purpose");
	return db_query_done(q);
}

enum att_err
store_refusal_list(struct store *s, store_refusal_each *each, void *ctx)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_REFUSAL_LIST);
	struct store_refusal x;
	enum att_err e;

	while ((e = db_step(&q)) == ATT_OK) {
		e = take_refusal(&q, &x);
		if (e != ATT_OK)
			return e;
		if (!each(ctx, &x))
			return ATT_OK;
	}
	return e == ATT_ABSENT ? ATT_OK : e;
}

enum att_err
store_refusal_known(struct store *s, const struct store_refusal *x, bool *known)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_REFUSAL_KNOWN);

	db_bind_id(&q, ":id", x->event);
	return db_exists(&q, known);
}

static enum att_err
is_here(struct store *s, const uint8_t *person, bool *yes)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_PERSON_LOGIN);

	db_bind_id(&q, ":person", person);
	return db_exists(&q, yes);
}

/*
 * What was said last to the question, and the notice that it was said under.
 * Nothing sealed is opened, and nobody is let in by it: whether the event is
 * genuine need not hold up that it ends.
 */
static enum att_err
ends(struct store *s, const struct store_refusal *x, struct store_consent *c)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_REFUSAL_ENDS);
	enum att_err e;

	db_bind_id(&q, ":person", x->person);
	db_bind_text(&q, ":purpose", store_purpose_id(x->purpose));
	db_bind_int(&q, ":by_guardian", x->by_guardian);
	e = db_step(&q);
	if (e != ATT_OK)
		return e == ATT_ABSENT ? ATT_OK : e;
	c->kind = (enum store_consent_kind)db_take_int_in(
	    &q, STORE_CONSENT_GIVEN, STORE_CONSENT_WITHDRAWN);
	db_take_text(&q, c->notice, sizeof(c->notice));
	c->notice_major = (uint32_t)db_take_int_in(&q, 1, UINT32_MAX);
	db_take_bytes(&q, c->notice_hash, sizeof(c->notice_hash));
	return db_query_done(&q);
}

enum att_err
store_refusal_apply(struct store *s, const struct store_by *by,
    const struct store_refusal *x, bool *done)
{
	ATT_AUTO_SECRET struct att_secret key = { 0 };
	struct store_consent c = { .purpose = x->purpose,
		.by_guardian = x->by_guardian,
		.at_utc = x->at_utc,
		.how = "command",
		.place = STORE_REFUSAL_PLACE };
	bool known = false, here = false;
	enum att_err e = db_need_tx(s);

	*done = false;
	if (e == ATT_OK)
		e = store_refusal_known(s, x, &known);
	if (e == ATT_OK && !known)
		e = is_here(s, x->person, &here);
	if (e == ATT_OK && here)
		e = ends(s, x, &c);
	if (e != ATT_OK || c.kind != STORE_CONSENT_GIVEN)
		return e;
	c.kind = STORE_CONSENT_WITHDRAWN;
	memcpy(c.id, x->event, sizeof(c.id));
	e = person_open(s, x->person, &key);
	if (e == ATT_OK)
		e = event_put(s, by, x->person, &key, &c);
	*done = e == ATT_OK;
	return e;
}
