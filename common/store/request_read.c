/* Requests as they stand, and how long they have waited. */
#include "store/request.h"

#include "store/person.h"

#include <limits.h>
#include <string.h>

#define DAY ((int64_t)24 * 3600)

int
store_request_days_left(const struct store_request *r, int64_t now_utc)
{
	int64_t left;

	if (r->state != STORE_VERIFIED)
		return INT_MAX;
	left = r->verified_utc + STORE_REQUEST_DAYS * DAY - now_utc;
	/* the day that has begun still counts, the one that is over does not */
	left = left >= 0 ? left / DAY : -((-left + DAY - 1) / DAY);
	return left < INT_MIN ? INT_MIN : (int)left;
}

struct sealed_texts {
	struct att_slice content, answer;
};

static enum att_err
unseal(struct store *s, const struct sealed_texts *t, struct store_request *r)
{
	ATT_AUTO_SECRET struct att_secret key = { 0 };
	struct person_cell cell = { &key, r->person, "content", r->n };
	enum att_err e;

	if (t->content.at == NULL && t->answer.at == NULL)
		return ATT_OK;
	e = person_open(s, r->person, &key);
	if (e == ATT_OK && t->content.at != NULL)
		e = person_unseal_text(
		    s, &cell, t->content, r->content, sizeof(r->content));
	cell.column = "answer";
	if (e == ATT_OK && t->answer.at != NULL)
		e = person_unseal_text(
		    s, &cell, t->answer, r->answer, sizeof(r->answer));
	return e;
}

static enum att_err
take_words(struct store *s, struct db_query *q, const char *kind,
    struct store_request *r)
{
	char purpose[24];
	struct att_slice evidence;
	enum att_err e;

	db_take_text(q, r->field, sizeof(r->field));
	db_take_text(q, purpose, sizeof(purpose));
	db_take_text(q, r->reason, sizeof(r->reason));
	evidence = db_take_blob(q);
	e = db_query_done(q);
	if (e != ATT_OK)
		return e;
	if (store_request_kind_find(kind, &r->kind) != ATT_OK ||
	    (purpose[0] != '\0' &&
		store_purpose_find(purpose, &r->purpose) != ATT_OK))
		return db_trouble(s, ATT_CORRUPT, "request: no such kind");
	r->has_evidence = evidence.len == sizeof(r->evidence);
	if (r->has_evidence)
		memcpy(r->evidence, evidence.at, sizeof(r->evidence));
	return ATT_OK;
}

/* A row of REQUEST_SELECT. */
static enum att_err
take(struct store *s, struct db_query *q, struct store_request *out)
{
	struct store_request r = { 0 };
	struct sealed_texts t;
	char kind[16];
	enum att_err e;

	r.n = db_take_int_in(q, 1, INT64_MAX);
	db_take_bytes(q, r.person, sizeof(r.person));
	db_take_text(q, r.number, sizeof(r.number));
	db_take_text(q, kind, sizeof(kind));
	r.state = (enum store_request_state)db_take_int_in(
	    q, STORE_RECEIVED, STORE_TAKEN_BACK);
	r.opened_utc = db_take_int(q);
	db_take_text(q, r.opened_by, sizeof(r.opened_by));
	r.verified_utc = db_take_int(q);
	db_take_text(q, r.verified_how, sizeof(r.verified_how));
	r.closed_utc = db_take_int(q);
	e = take_words(s, q, kind, &r);
	t.content = db_take_blob(q);
	t.answer = db_take_blob(q);
	if (e == ATT_OK)
		e = db_query_done(q);
	if (e == ATT_OK)
		e = unseal(s, &t, &r);
	if (e == ATT_OK)
		*out = r;
	return e;
}

enum att_err
store_request_get(struct store *s, int64_t n, struct store_request *out)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_REQUEST_GET);
	enum att_err e;

	db_bind_int(&q, ":n", n);
	e = db_step(&q);
	if (e == ATT_ABSENT)
		return db_trouble(s, e, "no such request");
	return e == ATT_OK ? take(s, &q, out) : e;
}

enum att_err
store_request_list(struct store *s, const uint8_t *person, bool open_only,
    store_request_each *each, void *ctx)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s,
	    person != NULL  ? STMT_REQUEST_OF
		: open_only ? STMT_REQUEST_LIST_OPEN
			    : STMT_REQUEST_LIST);
	struct store_request r;
	enum att_err e;

	if (person != NULL)
		db_bind_id(&q, ":person", person);
	while ((e = db_step(&q)) == ATT_OK) {
		e = take(s, &q, &r);
		if (e != ATT_OK)
			return e;
		if (open_only && r.state > STORE_VERIFIED)
			continue;
		if (!each(ctx, &r))
			return ATT_OK;
	}
	return e == ATT_ABSENT ? ATT_OK : e;
}

enum att_err
store_request_late(struct store *s, int64_t now_utc, uint64_t *n)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_REQUEST_LATE);

	db_bind_int(&q, ":before", now_utc - STORE_REQUEST_DAYS * DAY);
	return db_count(&q, n);
}

enum att_err
store_request_news(
    struct store *s, const uint8_t person[VAULT_ID_LEN], uint64_t *n)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_REQUEST_NEWS);

	db_bind_id(&q, ":person", person);
	return db_count(&q, n);
}
