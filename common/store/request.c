#include "store/request.h"

#include "store/field.h"
#include "store/history.h"
#include "store/person.h"

#include <string.h>

static const char *const kinds[STORE_REQUEST_KINDS] = {
#define X(name, id) [STORE_REQUEST_##name] = id,
	STORE_REQUESTS(X)
#undef X
};

static const char *const states[] = {
	[STORE_RECEIVED] = "received",
	[STORE_VERIFIED] = "verified",
	[STORE_FULFILLED] = "fulfilled",
	[STORE_REFUSED] = "refused",
	[STORE_TAKEN_BACK] = "taken-back",
};

const char *
store_request_kind_id(enum store_request_kind k)
{
	return k < STORE_REQUEST_KINDS ? kinds[k] : "unknown";
}

enum att_err
store_request_kind_find(const char *id, enum store_request_kind *out)
{
	for (unsigned i = 0; i < STORE_REQUEST_KINDS; i++)
		if (strcmp(id, kinds[i]) == 0) {
			*out = (enum store_request_kind)i;
			return ATT_OK;
		}
	return ATT_ABSENT;
}

const char *
store_request_state_id(enum store_request_state s)
{
	return s >= STORE_RECEIVED && s <= STORE_TAKEN_BACK ? states[s]
							    : "unknown";
}

static bool
is_one_of(const char *word, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcmp(word, *words) == 0)
			return true;
	return false;
}

bool
store_request_how_ok(const char *how)
{
	static const char *const hows[] = { STORE_VERIFIED_HOW, NULL };

	return is_one_of(how, hows);
}

bool
store_request_reason_ok(const char *reason)
{
	static const char *const reasons[] = { STORE_REFUSALS, NULL };

	return is_one_of(reason, reasons);
}

/* --- opening */

/* What is wrong with a request, English; NULL: nothing. */
static const char *
wrong(const struct store_request *r)
{
	if (r->kind >= STORE_REQUEST_KINDS)
		return "request: no such kind";
	if (r->verified_how[0] != '\0' &&
	    !store_request_how_ok(r->verified_how))
		return "request: no such way to verify";
	if (r->kind == STORE_REQUEST_CORRECT &&
	    history_find(r->field) == HISTORY_FIELDS)
		return "request: no such field";
	if (r->kind == STORE_REQUEST_WITHDRAW &&
	    r->purpose >= STORE_PURPOSE_COUNT)
		return "request: no such purpose";
	if (r->kind == STORE_REQUEST_FEEDBACK && r->content[0] == '\0')
		return "request: feedback says something";
	if (r->content[0] != '\0' && !field_text_ok(r->content))
		return "request: the text must be UTF-8 without control "
		       "characters";
	return NULL;
}

static enum att_err
next_number(struct store *s, int64_t *n)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_REQUEST_NEXT);
	uint64_t found = 0;
	enum att_err e = db_count(&q, &found);

	if (e == ATT_OK)
		*n = (int64_t)found;
	return e;
}

static void
bind_some(struct db_query *q, const char *parameter, const char *text)
{
	if (text[0] == '\0')
		db_bind_null(q, parameter);
	else
		db_bind_text(q, parameter, text);
}

/* A sealed text, or NULL for an empty one. */
static void
bind_sealed(
    struct db_query *q, const char *parameter, const struct person_sealed *p)
{
	if (p->len <= VAULT_SEAL_OVER)
		db_bind_null(q, parameter);
	else
		db_bind_blob(q, parameter, person_sealed_slice(p));
}

static enum att_err
request_add(struct store *s, const struct att_secret *key,
    const struct store_request *r)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_REQUEST_ADD);
	struct person_cell cell = { key, r->person, "content", r->n };
	struct person_sealed content;
	enum att_err e =
	    person_seal(s, &cell, att_slice_of(r->content), &content);

	if (e != ATT_OK)
		return e;
	db_bind_int(&q, ":n", r->n);
	db_bind_id(&q, ":person", r->person);
	db_bind_text(&q, ":kind", store_request_kind_id(r->kind));
	db_bind_int(&q, ":state", r->state);
	db_bind_int(&q, ":now", r->opened_utc);
	db_bind_text(&q, ":actor", r->opened_by);
	if (r->state == STORE_VERIFIED)
		db_bind_int(&q, ":verified", r->verified_utc);
	else
		db_bind_null(&q, ":verified");
	bind_some(&q, ":how", r->verified_how);
	bind_some(
	    &q, ":field", r->kind == STORE_REQUEST_CORRECT ? r->field : "");
	bind_some(&q, ":purpose",
	    r->kind == STORE_REQUEST_WITHDRAW ? store_purpose_id(r->purpose)
					      : "");
	bind_sealed(&q, ":content", &content);
	return db_run(&q);
}

/* What every record about a request says. */
static struct detail
detail_of(const struct store_request *r)
{
	struct detail d = { 0 };

	detail_int(&d, "request", r->n);
	detail_text(&d, "kind", store_request_kind_id(r->kind));
	return d;
}

enum att_err
store_request_open(
    struct store *s, const struct store_by *by, struct store_request *r)
{
	ATT_AUTO_SECRET struct att_secret key = { 0 };
	struct store_request fresh = *r;
	const char *why = wrong(r);
	struct detail d;
	enum att_err e = db_need_tx(s);

	if (e != ATT_OK)
		return e;
	if (why != NULL)
		return db_trouble(s, ATT_FORMAT, "%s", why);
	fresh.state =
	    r->verified_how[0] != '\0' ? STORE_VERIFIED : STORE_RECEIVED;
	fresh.opened_utc = by->now.utc;
	fresh.verified_utc = fresh.state == STORE_VERIFIED ? by->now.utc : 0;
	memcpy(fresh.opened_by, by->actor, sizeof(fresh.opened_by));
	e = person_open(s, r->person, &key);
	if (e == ATT_OK)
		e = next_number(s, &fresh.n);
	if (e == ATT_OK)
		e = request_add(s, &key, &fresh);
	if (e != ATT_OK)
		return e;
	d = detail_of(&fresh);
	if (fresh.kind == STORE_REQUEST_CORRECT)
		detail_text(&d, "field", fresh.field);
	if (fresh.kind == STORE_REQUEST_WITHDRAW)
		detail_text(&d, "purpose", store_purpose_id(fresh.purpose));
	if (fresh.state == STORE_VERIFIED)
		detail_text(&d, "verified", fresh.verified_how);
	e = person_record(s, by, "request-open", fresh.person, &key, &d);
	if (e == ATT_OK)
		*r = fresh;
	return e;
}

/* One that was opened in another store, and stands as it did there. */
static enum att_err
apply_new(
    struct store *s, const struct store_by *by, const struct store_request *r)
{
	ATT_AUTO_SECRET struct att_secret key = { 0 };
	struct detail d = detail_of(r);
	enum att_err e = person_open(s, r->person, &key);

	if (e == ATT_OK)
		e = request_add(s, &key, r);
	if (e != ATT_OK)
		return e;
	detail_int(&d, "again", r->opened_utc);
	if (r->state == STORE_VERIFIED)
		detail_text(&d, "verified", r->verified_how);
	return person_record(s, by, "request-open", r->person, &key, &d);
}

/* --- what becomes of it */

static enum att_err
verify_row(struct store *s, int64_t at_utc, int64_t n, const char *how)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_REQUEST_VERIFY);

	db_bind_int(&q, ":n", n);
	db_bind_int(&q, ":now", at_utc);
	db_bind_text(&q, ":how", how);
	return db_run(&q);
}

enum att_err
store_request_verify(
    struct store *s, const struct store_by *by, int64_t n, const char *how)
{
	struct store_request r;
	struct detail d;
	enum att_err e = db_need_tx(s);

	if (e == ATT_OK && !store_request_how_ok(how))
		return db_trouble(
		    s, ATT_FORMAT, "request: no such way to verify");
	if (e == ATT_OK)
		e = store_request_get(s, n, &r);
	if (e != ATT_OK)
		return e;
	if (r.state != STORE_RECEIVED)
		return db_trouble(s, ATT_EXISTS, "the request is %s",
		    store_request_state_id(r.state));
	e = verify_row(s, by->now.utc, n, how);
	if (e != ATT_OK)
		return e;
	d = detail_of(&r);
	detail_text(&d, "verified", how);
	return store_audit(s, by, "request-verify", r.person, d.text);
}

/* Verified elsewhere: the clock runs from then. */
static enum att_err
apply_verified(
    struct store *s, const struct store_by *by, const struct store_request *r)
{
	struct detail d = detail_of(r);
	enum att_err e = verify_row(s, r->verified_utc, r->n, r->verified_how);

	if (e != ATT_OK)
		return e;
	detail_text(&d, "verified", r->verified_how);
	detail_int(&d, "again", r->verified_utc);
	return store_audit(s, by, "request-verify", r->person, d.text);
}

enum att_err
store_request_apply(struct store *s, const struct store_by *by,
    const struct store_request *r, bool *done)
{
	struct store_request mine = { 0 };
	enum att_err e = db_need_tx(s);

	*done = false;
	if (e == ATT_OK)
		e = store_request_get(s, r->n, &mine);
	if (e == ATT_OK &&
	    (memcmp(mine.person, r->person, sizeof(r->person)) != 0 ||
		mine.kind != r->kind || mine.opened_utc != r->opened_utc))
		return db_trouble(
		    s, ATT_EXISTS, "the request's number is another's");
	if (e == ATT_OK &&
	    (mine.state != STORE_RECEIVED || r->state != STORE_VERIFIED))
		return e;
	if (e == ATT_OK)
		e = apply_verified(s, by, r);
	else if (e == ATT_ABSENT)
		e = apply_new(s, by, r);
	*done = e == ATT_OK;
	return e;
}

static enum att_err
close_row(struct store *s, const struct store_by *by,
    const struct att_secret *key, const struct store_request *r,
    enum store_request_state as)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_REQUEST_CLOSE);
	struct person_cell cell = { key, r->person, "answer", r->n };
	struct person_sealed answer;
	enum att_err e =
	    person_seal(s, &cell, att_slice_of(r->answer), &answer);

	if (e != ATT_OK)
		return e;
	db_bind_int(&q, ":n", r->n);
	db_bind_int(&q, ":state", as);
	db_bind_int(&q, ":now", by->now.utc);
	bind_some(&q, ":reason", as == STORE_REFUSED ? r->reason : "");
	if (as == STORE_REFUSED && r->has_evidence)
		db_bind_blob(&q, ":evidence",
		    (struct att_slice){ r->evidence, sizeof(r->evidence) });
	else
		db_bind_null(&q, ":evidence");
	bind_sealed(&q, ":answer", &answer);
	return db_run(&q);
}

static enum att_err
may_close(
    struct store *s, const struct store_request *r, enum store_request_state as)
{
	struct store_request now;
	enum att_err e = store_request_get(s, r->n, &now);

	if (e != ATT_OK)
		return e;
	if (now.state > STORE_VERIFIED)
		return db_trouble(s, ATT_EXISTS, "the request is %s",
		    store_request_state_id(now.state));
	if (as != STORE_TAKEN_BACK && now.state != STORE_VERIFIED)
		return db_trouble(s, ATT_REFUSED, "it is not verified");
	if (as == STORE_REFUSED && !store_request_reason_ok(r->reason))
		return db_trouble(s, ATT_FORMAT, "reason: not one of the list");
	if (as == STORE_REFUSED && strcmp(r->reason, "abuse") == 0 &&
	    !r->has_evidence)
		return db_trouble(
		    s, ATT_FORMAT, "reason: abuse needs evidence");
	if (r->answer[0] != '\0' && !field_text_ok(r->answer))
		return db_trouble(s, ATT_FORMAT,
		    "answer: must be UTF-8 without control characters");
	return ATT_OK;
}

enum att_err
store_request_close(struct store *s, const struct store_by *by,
    const struct store_request *r, enum store_request_state as)
{
	static const char *const events[] = {
		[STORE_FULFILLED] = "request-fulfil",
		[STORE_REFUSED] = "request-refuse",
		[STORE_TAKEN_BACK] = "request-cancel",
	};
	ATT_AUTO_SECRET struct att_secret key = { 0 };
	struct detail d = detail_of(r);
	enum att_err e = db_need_tx(s);

	if (e == ATT_OK && (as < STORE_FULFILLED || as > STORE_TAKEN_BACK))
		return db_trouble(s, ATT_FORMAT, "request: no such end");
	if (e == ATT_OK)
		e = may_close(s, r, as);
	if (e == ATT_OK)
		e = person_open(s, r->person, &key);
	if (e == ATT_OK)
		e = close_row(s, by, &key, r, as);
	if (e != ATT_OK)
		return e;
	if (as == STORE_REFUSED)
		detail_text(&d, "reason", r->reason);
	if (as == STORE_REFUSED && r->has_evidence)
		detail_hex(&d, "evidence", r->evidence, sizeof(r->evidence));
	return person_record(s, by, events[as], r->person, &key, &d);
}
