#include "store/consent.h"

#include "store/event.h"
#include "store/person.h"

#include <string.h>

int64_t
event_seal_version(const struct store_consent *c)
{
	struct att_reader r = att_reader_of(c->id, sizeof(c->id));

	return (int64_t)(att_take_le64(&r) >> 1);
}

static enum att_err
unseal_guardian(struct store *s, const struct att_secret *key,
    const uint8_t *person, struct att_slice guardian, struct att_slice relation,
    struct store_consent *c)
{
	struct person_cell cell = { key, person, "guardian",
		event_seal_version(c) };
	enum att_err e = person_unseal_text(
	    s, &cell, guardian, c->guardian, sizeof(c->guardian));

	cell.column = "relation";
	if (e == ATT_OK)
		e = person_unseal_text(
		    s, &cell, relation, c->relation, sizeof(c->relation));
	return e;
}

static enum att_err
unseal_disclosure(struct store *s, const struct att_secret *key,
    const uint8_t *person, struct att_slice recipient, struct att_slice aim,
    struct store_consent *c)
{
	struct person_cell cell = { key, person, "recipient",
		event_seal_version(c) };
	enum att_err e = person_unseal_text(
	    s, &cell, recipient, c->recipient, sizeof(c->recipient));

	cell.column = "aim";
	if (e == ATT_OK)
		e = person_unseal_text(s, &cell, aim, c->aim, sizeof(c->aim));
	return e;
}

/* A row of CONSENT_SELECT; key is opened when first needed. */
static enum att_err
take_consent(struct store *s, struct db_query *q, const uint8_t *person,
    struct att_secret *key, struct store_consent *c)
{
	struct att_slice paper, guardian, relation, recipient, aim;
	char purpose[24];
	enum att_err e;

	*c = (struct store_consent){ 0 };
	db_take_bytes(q, c->id, sizeof(c->id));
	db_take_text(q, purpose, sizeof(purpose));
	c->kind = (enum store_consent_kind)db_take_int_in(
	    q, STORE_CONSENT_GIVEN, STORE_CONSENT_WITHDRAWN);
	c->by_guardian = db_take_int(q) != 0;
	db_take_text(q, c->notice, sizeof(c->notice));
	c->notice_major = (uint32_t)db_take_int_in(q, 1, UINT32_MAX);
	db_take_bytes(q, c->notice_hash, sizeof(c->notice_hash));
	c->at_utc = db_take_int(q);
	db_take_text(q, c->how, sizeof(c->how));
	db_take_text(q, c->place, sizeof(c->place));
	paper = db_take_blob(q);
	guardian = db_take_blob(q);
	relation = db_take_blob(q);
	c->until = db_take_date(q);
	recipient = db_take_blob(q);
	aim = db_take_blob(q);
	db_take_bytes(q, c->signature, sizeof(c->signature));
	e = db_query_done(q);
	if (e != ATT_OK)
		return e;
	if (store_purpose_find(purpose, &c->purpose) != ATT_OK)
		return db_trouble(s, ATT_CORRUPT, "consent: no such purpose");
	c->has_paper = paper.len == sizeof(c->paper_hash);
	if (c->has_paper)
		memcpy(c->paper_hash, paper.at, sizeof(c->paper_hash));
	if (!c->by_guardian && c->purpose != STORE_FOR_DISCLOSURE)
		return ATT_OK;
	if (key->at == NULL)
		e = person_open(s, person, key);
	if (e == ATT_OK && c->by_guardian)
		e = unseal_guardian(s, key, person, guardian, relation, c);
	if (e == ATT_OK && c->purpose == STORE_FOR_DISCLOSURE)
		e = unseal_disclosure(s, key, person, recipient, aim, c);
	return e;
}

static enum att_err
newest(struct store *s, const uint8_t *person, enum store_purpose purpose,
    bool by_guardian, struct att_secret *key, struct store_consent *out)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_CONSENT_STATE);
	enum att_err e;

	db_bind_id(&q, ":person", person);
	db_bind_text(&q, ":purpose", store_purpose_id(purpose));
	db_bind_int(&q, ":by_guardian", by_guardian);
	e = db_step(&q);
	if (e == ATT_ABSENT)
		return db_trouble(s, e, "never asked");
	if (e == ATT_OK)
		e = take_consent(s, &q, person, key, out);
	return e;
}

/* What is sealed cannot be searched for: newest first, until it fits. */
static enum att_err
newest_disclosure(struct store *s, const uint8_t *person, bool by_guardian,
    const char *recipient, const char *aim, struct att_secret *key,
    struct store_consent *out)
{
	STORE_AUTO_QUERY struct db_query q =
	    db_query(s, STMT_CONSENT_NEWEST_FIRST);
	struct store_consent c;
	enum att_err e;

	db_bind_id(&q, ":person", person);
	db_bind_text(&q, ":purpose", store_purpose_id(STORE_FOR_DISCLOSURE));
	db_bind_int(&q, ":by_guardian", by_guardian);
	while ((e = db_step(&q)) == ATT_OK) {
		e = take_consent(s, &q, person, key, &c);
		if (e != ATT_OK)
			return e;
		if (strcmp(c.recipient, recipient) != 0 ||
		    strcmp(c.aim, aim) != 0)
			continue;
		*out = c;
		return ATT_OK;
	}
	return e == ATT_ABSENT ? db_trouble(s, e, "never asked") : e;
}

enum att_err
event_last(struct store *s, const uint8_t person[VAULT_ID_LEN],
    struct att_secret *key, const struct store_consent *c,
    struct store_consent *last)
{
	return c->purpose == STORE_FOR_DISCLOSURE
	    ? newest_disclosure(
		  s, person, c->by_guardian, c->recipient, c->aim, key, last)
	    : newest(s, person, c->purpose, c->by_guardian, key, last);
}

/* An event somebody wrote into the file would let people in. */
static enum att_err
take_genuine(struct store *s, const uint8_t *person,
    const struct store_consent *c, struct store_consent *out)
{
	if (!store_consent_genuine(s, person, c))
		return db_trouble(
		    s, ATT_CORRUPT, "consent: the signature does not fit");
	*out = *c;
	return ATT_OK;
}

enum att_err
store_consent_state(struct store *s, const uint8_t person[VAULT_ID_LEN],
    enum store_purpose purpose, bool by_guardian, struct store_consent *out)
{
	ATT_AUTO_SECRET struct att_secret key = { 0 };
	struct store_consent c;
	enum att_err e = newest(s, person, purpose, by_guardian, &key, &c);

	return e == ATT_OK ? take_genuine(s, person, &c, out) : e;
}

enum att_err
store_consent_last(struct store *s, const uint8_t person[VAULT_ID_LEN],
    const struct store_consent *to, struct store_consent *out)
{
	ATT_AUTO_SECRET struct att_secret key = { 0 };
	struct store_consent c;
	enum att_err e = event_last(s, person, &key, to, &c);

	return e == ATT_OK ? take_genuine(s, person, &c, out) : e;
}

enum att_err
store_consent_list(struct store *s, const uint8_t person[VAULT_ID_LEN],
    store_consent_each *each, void *ctx)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_CONSENT_LIST);
	ATT_AUTO_SECRET struct att_secret key = { 0 };
	struct store_consent c;
	enum att_err e;

	db_bind_id(&q, ":person", person);
	while ((e = db_step(&q)) == ATT_OK) {
		e = take_consent(s, &q, person, &key, &c);
		if (e != ATT_OK)
			return e;
		if (!each(ctx, &c))
			return ATT_OK;
	}
	return e == ATT_ABSENT ? ATT_OK : e;
}

static enum gate_consent_state
state_of(enum store_consent_kind kind)
{
	switch (kind) {
	case STORE_CONSENT_GIVEN: return GATE_CONSENT_GIVEN;
	case STORE_CONSENT_REFUSED: return GATE_CONSENT_REFUSED;
	case STORE_CONSENT_WITHDRAWN: return GATE_CONSENT_WITHDRAWN;
	}
	return GATE_CONSENT_NONE;
}

struct gate_consent
store_consent_own(const struct store_consent *c)
{
	return (struct gate_consent){ .state = state_of(c->kind),
		.major = c->notice_major,
		.on = att_date_at(c->at_utc) };
}

struct gate_guardian
store_consent_guardian(const struct store_consent *c)
{
	return (struct gate_guardian){ .state = state_of(c->kind),
		.major = c->notice_major,
		.until = c->until };
}
