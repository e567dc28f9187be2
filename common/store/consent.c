#include "store/consent.h"

#include "store/event.h"
#include "store/finger.h"
#include "store/person.h"

#include <string.h>

/*
 * An event has no row version, it never changes; its own id takes that place
 * in the seal, so that no event's guardian fits into another.
 */
static int64_t
seal_version(const struct store_consent *c)
{
	struct att_reader r = att_reader_of(c->id, sizeof(c->id));

	return (int64_t)(att_take_le64(&r) >> 1);
}

static enum att_err
unseal_guardian(struct store *s, const struct att_secret *key,
    const uint8_t *person, struct att_slice guardian, struct att_slice relation,
    struct store_consent *c)
{
	struct person_cell cell = { key, person, "guardian", seal_version(c) };
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
	struct person_cell cell = { key, person, "recipient", seal_version(c) };
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

/* What was said to the same question before. */
static enum att_err
last_said(struct store *s, const uint8_t *person, struct att_secret *key,
    const struct store_consent *c, struct store_consent *last)
{
	return c->purpose == STORE_FOR_DISCLOSURE
	    ? newest_disclosure(
		  s, person, c->by_guardian, c->recipient, c->aim, key, last)
	    : newest(s, person, c->purpose, c->by_guardian, key, last);
}

/*
 * Withdrawing needs what was given. Refusing what was given, under a notice
 * that has not changed since, takes it back: it is not asked for again at the
 * next login as after a refusal.
 */
static enum att_err
fit_to_last(struct store *s, const uint8_t *person, struct att_secret *key,
    struct store_consent *c)
{
	struct store_consent last;
	enum att_err e = last_said(s, person, key, c, &last);
	bool given = e == ATT_OK && last.kind == STORE_CONSENT_GIVEN;

	if (e != ATT_OK && e != ATT_ABSENT)
		return e;
	if (c->kind == STORE_CONSENT_WITHDRAWN && !given)
		return db_trouble(
		    s, ATT_EXISTS, "consent: there is none to withdraw");
	if (c->kind == STORE_CONSENT_REFUSED && given &&
	    last.notice_major == c->notice_major)
		c->kind = STORE_CONSENT_WITHDRAWN;
	return ATT_OK;
}

/* id, notice and time of a new event. */
static enum att_err
complete(struct store *s, const struct store_by *by, const char *lang,
    struct store_consent *c)
{
	struct store_notice n;
	enum att_err e =
	    store_notice_in_force(s, by->now.utc, lang, &n, NULL, NULL);

	if (e != ATT_OK)
		return e;
	vault_random(c->id, sizeof(c->id));
	memcpy(c->notice, n.version, sizeof(c->notice));
	c->notice_major = n.major;
	memcpy(c->notice_hash, n.hash, sizeof(c->notice_hash));
	c->at_utc = by->now.utc;
	if (!c->has_paper)
		memset(c->paper_hash, 0, sizeof(c->paper_hash));
	return ATT_OK;
}

/* The sealed columns of an event; those that it does not have stay empty. */
struct sealed_event {
	struct person_sealed guardian, relation, recipient, aim;
};

static void
bind_sealed(
    struct db_query *q, const char *parameter, const struct person_sealed *p)
{
	if (p->len == 0)
		db_bind_null(q, parameter);
	else
		db_bind_blob(q, parameter, person_sealed_slice(p));
}

static enum att_err
seal_event(struct store *s, const struct att_secret *key, const uint8_t *person,
    const struct store_consent *c, struct sealed_event *out)
{
	bool disclosure = c->purpose == STORE_FOR_DISCLOSURE;
	const struct {
		const char *column, *text;
		bool wanted;
		struct person_sealed *to;
	} rows[] = {
		{ "guardian", c->guardian, c->by_guardian, &out->guardian },
		{ "relation", c->relation, c->by_guardian, &out->relation },
		{ "recipient", c->recipient, disclosure, &out->recipient },
		{ "aim", c->aim, disclosure, &out->aim },
	};
	enum att_err e = ATT_OK;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct person_cell cell = { key, person, rows[i].column,
			seal_version(c) };

		rows[i].to->len = 0;
		if (e == ATT_OK && rows[i].wanted)
			e = person_seal(
			    s, &cell, att_slice_of(rows[i].text), rows[i].to);
	}
	return e;
}

static enum att_err
consent_add(struct store *s, const struct att_secret *key,
    const uint8_t *person, const struct store_consent *c)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_CONSENT_ADD);
	struct sealed_event sealed;
	enum att_err e = seal_event(s, key, person, c, &sealed);

	if (e != ATT_OK)
		return e;
	db_bind_id(&q, ":id", c->id);
	db_bind_id(&q, ":person", person);
	db_bind_text(&q, ":purpose", store_purpose_id(c->purpose));
	db_bind_int(&q, ":kind", c->kind);
	db_bind_int(&q, ":by_guardian", c->by_guardian);
	db_bind_text(&q, ":notice", c->notice);
	db_bind_int(&q, ":notice_major", c->notice_major);
	db_bind_blob(
	    &q, ":notice_hash", (struct att_slice){ c->notice_hash, 32 });
	db_bind_int(&q, ":now", c->at_utc);
	db_bind_text(&q, ":how", c->how);
	db_bind_text(&q, ":place", c->place);
	if (c->has_paper)
		db_bind_blob(
		    &q, ":paper_hash", (struct att_slice){ c->paper_hash, 32 });
	else
		db_bind_null(&q, ":paper_hash");
	bind_sealed(&q, ":guardian", &sealed.guardian);
	bind_sealed(&q, ":relation", &sealed.relation);
	bind_sealed(&q, ":recipient", &sealed.recipient);
	bind_sealed(&q, ":aim", &sealed.aim);
	db_bind_date(&q, ":until", c->until);
	db_bind_blob(&q, ":signature",
	    (struct att_slice){ c->signature, sizeof(c->signature) });
	return db_run(&q);
}

static enum att_err
consent_record(struct store *s, const struct store_by *by,
    const uint8_t *person, const struct att_secret *key,
    const struct store_consent *c)
{
	static const char *const events[] = {
		[STORE_CONSENT_GIVEN] = "consent-given",
		[STORE_CONSENT_REFUSED] = "consent-refused",
		[STORE_CONSENT_WITHDRAWN] = "consent-withdrawn",
	};
	struct detail d = { 0 };

	detail_text(&d, "purpose", store_purpose_id(c->purpose));
	detail_text(&d, "party", c->by_guardian ? "guardian" : "own");
	detail_text(&d, "notice", c->notice);
	detail_text(&d, "how", c->how);
	detail_text(&d, "paper", c->has_paper ? "yes" : "no");
	return person_record(s, by, events[c->kind], person, key, &d);
}

/* Whoever says no, the person or the guardian: what was kept on a yes goes. */
static enum att_err
forget(struct store *s, const struct store_by *by, const uint8_t *person,
    enum store_purpose purpose)
{
	uint64_t n = 0;

	if (purpose != STORE_FOR_FINGER)
		return ATT_OK;
	return store_finger_destroy(
	    s, by, person, STORE_FINGERS_ALL, "withdrawn", &n);
}

enum att_err
store_consent_record(struct store *s, const struct store_by *by,
    const uint8_t person[VAULT_ID_LEN], const char *lang,
    struct store_consent *c)
{
	ATT_AUTO_SECRET struct att_secret key = { 0 };
	struct store_consent fresh = *c;
	const char *wrong = event_wrong(c);
	enum att_err e = db_need_tx(s);

	if (e != ATT_OK)
		return e;
	if (wrong != NULL)
		return db_trouble(s, ATT_FORMAT, "%s", wrong);
	e = person_open(s, person, &key);
	if (e == ATT_OK)
		e = complete(s, by, lang, &fresh);
	if (e == ATT_OK && c->kind != STORE_CONSENT_GIVEN)
		e = fit_to_last(s, person, &key, &fresh);
	if (e == ATT_OK)
		e = event_sign(s, person, &fresh);
	if (e == ATT_OK)
		e = consent_add(s, &key, person, &fresh);
	if (e == ATT_OK)
		e = consent_record(s, by, person, &key, &fresh);
	if (e == ATT_OK && fresh.kind != STORE_CONSENT_GIVEN)
		e = forget(s, by, person, fresh.purpose);
	if (e == ATT_OK)
		*c = fresh;
	return e;
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
store_consent_disclosure(struct store *s, const uint8_t person[VAULT_ID_LEN],
    bool by_guardian, const char *recipient, const char *aim,
    struct store_consent *out)
{
	ATT_AUTO_SECRET struct att_secret key = { 0 };
	struct store_consent c;
	enum att_err e =
	    newest_disclosure(s, person, by_guardian, recipient, aim, &key, &c);

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
