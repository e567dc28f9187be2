/* Recording consent events: completed, sealed, signed, and what follows. */
#include "store/event.h"
#include "store/finger.h"
#include "store/person.h"

#include <string.h>

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
	enum att_err e = event_last(s, person, key, c, &last);
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
			event_seal_version(c) };

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

/* Whoever has the ledger must know who no longer agrees, or agrees again. */
static enum att_err
ledger_due(
    struct store *s, const uint8_t *person, const struct store_consent *c)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_SITE_LEDGER_DUE);

	if (c->purpose == STORE_FOR_DISCLOSURE)
		return ATT_OK; /* is not in it, see keep.h */
	db_bind_id(&q, ":person", person);
	db_bind_text(&q, ":purpose", store_purpose_id(c->purpose));
	db_bind_int(&q, ":by_guardian", c->by_guardian);
	db_bind_int(&q, ":given", c->kind == STORE_CONSENT_GIVEN);
	return db_run(&q);
}

enum att_err
event_put(struct store *s, const struct store_by *by,
    const uint8_t person[VAULT_ID_LEN], const struct att_secret *key,
    struct store_consent *c)
{
	enum att_err e = event_sign(s, person, c);

	if (e == ATT_OK)
		e = consent_add(s, key, person, c);
	if (e == ATT_OK)
		e = ledger_due(s, person, c);
	if (e == ATT_OK)
		e = consent_record(s, by, person, key, c);
	if (e == ATT_OK && c->kind != STORE_CONSENT_GIVEN)
		e = forget(s, by, person, c->purpose);
	return e;
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
		e = event_put(s, by, person, &key, &fresh);
	if (e == ATT_OK)
		*c = fresh;
	return e;
}
