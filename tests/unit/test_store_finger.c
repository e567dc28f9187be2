#include "store/finger.h"

#include "sample_store.h"
#include "store/consent.h"
#include "store/keep.h"

static const uint8_t template[] = "where the ridges of nobody's finger end";

static struct att_slice
bytes(void)
{
	return (struct att_slice){ template, sizeof(template) };
}

static struct store_finger
right_index(void)
{
	return (struct store_finger){
		.finger = 2, .driver = "uru4000", .algorithm = 1, .samples = 3
	};
}

static bool
agree(struct sample *t, const struct store_employee *e,
    enum store_purpose purpose, enum store_consent_kind kind, bool guardian)
{
	struct store_consent c = {
		.purpose = purpose, .kind = kind, .how = "command"
	};

	if (guardian) {
		c.by_guardian = true;
		memcpy(c.guardian, "Eve", 4);
		memcpy(c.relation, "mother", 7);
	}
	return IN_TX(t,
		   store_consent_record(t->store, &t->by, e->id, "en", &c)) ==
	    ATT_OK;
}

static bool
publish(struct sample *t, const char *version, uint32_t changes)
{
	struct store_notice n;
	const struct store_notice_draft d = {
		.version = version,
		.lang = "en",
		.changes = changes,
		.brief = att_slice_of("We keep what we need."),
		.whole = att_slice_of("We keep what we need, and no more."),
	};

	return IN_TX(t, store_notice_publish(t->store, &t->by, &d, &n)) ==
	    ATT_OK;
}

/* A person who agreed to it. */
static bool
with(struct sample *t, struct store_employee *e)
{
	return sample_add(t, e) == ATT_OK &&
	    agree(t, e, STORE_FOR_FINGER, STORE_CONSENT_GIVEN, false);
}

static enum att_err
add(struct sample *t, const struct store_employee *e, struct store_finger *f)
{
	return IN_TX(
	    t, store_finger_add(t->store, &t->by, e->id, 18, f, bytes()));
}

static enum att_err
destroy(struct sample *t, const struct store_employee *e, uint8_t finger,
    uint64_t *n)
{
	return IN_TX(t,
	    store_finger_destroy(t->store, &t->by, e->id, finger, "office", n));
}

static enum att_err
get(struct sample *t, const struct store_employee *e, uint8_t finger)
{
	uint8_t buf[STORE_FINGER_MAX];
	struct store_finger f;
	size_t len = 0;
	enum att_err err = store_finger_get(
	    t->store, e->id, finger, &f, buf, sizeof(buf), &len);

	if (err == ATT_OK &&
	    (len != sizeof(template) || memcmp(buf, template, len) != 0))
		return ATT_FORMAT;
	return err;
}

static bool
count_one(
    void *ctx, const uint8_t person[VAULT_ID_LEN], const struct store_finger *f)
{
	*(unsigned *)ctx += f->samples;
	return true;
}

static unsigned
samples_of_all(struct sample *t)
{
	unsigned n = 0;

	return store_finger_every(t->store, count_one, &n) == ATT_OK ? n : 999;
}

static unsigned
samples_to_search(struct sample *t)
{
	unsigned n = 0;

	return store_finger_searchable(
		   t->store, NOON, att_date_at(NOON), count_one, &n) == ATT_OK
	    ? n
	    : 999;
}

TEST("a template comes back as it was, for its person and finger only")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada(), b = sample_bob();
	struct store_finger f = right_index();
	uint8_t buf[sizeof(template)];
	size_t len = 77;

	NEED(sample_open(&t) && publish(&t, "1", 0) && with(&t, &e));
	NEED(with(&t, &b));
	NEED(add(&t, &e, &f) == ATT_OK);

	CHECK(f.version >= 1 && f.enrolled_utc == NOON);
	CHECK(get(&t, &e, 2) == ATT_OK);
	CHECK(get(&t, &e, 3) == ATT_ABSENT && get(&t, &b, 2) == ATT_ABSENT);
	f.finger = 0;
	CHECK(store_finger_get(t.store, e.id, 2, &f, buf, sizeof(buf) - 1,
		  &len) == ATT_LIMIT);
	CHECK(len == 77 && f.finger == 0);
	CHECK(store_finger_get(t.store, e.id, 2, &f, buf, sizeof(buf), &len) ==
	    ATT_OK);
	CHECK(len == sizeof(buf) && f.finger == 2 && f.samples == 3);
	CHECK(strcmp(f.driver, "uru4000") == 0 && f.algorithm == 1);
}

TEST("nothing of a template stands in the file as it is")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada();
	struct store_finger f = right_index();

	NEED(sample_open(&t) && publish(&t, "1", 0) && with(&t, &e));
	NEED(add(&t, &e, &f) == ATT_OK);
	CHECK(sample_number(&t,
		  "SELECT instr(template, CAST('ridges' AS BLOB)) FROM"
		  " finger") == 0);
	CHECK(sample_number(&t, "SELECT length(template) FROM finger") ==
	    (int64_t)sizeof(template) + VAULT_SEAL_OVER);
}

TEST("a template that was moved to anything else does not open")
{
	static const char *const moves[] = {
		"finger = 3",
		"version = version + 1",
		"driver = 'other'",
		"algorithm = 2",
		"person = (SELECT id FROM person WHERE number = '1043')",
	};
	static const char *const back[] = {
		"finger = 2",
		"version = version - 1",
		"driver = 'uru4000'",
		"algorithm = 1",
		"person = (SELECT id FROM person WHERE number = '1042')",
	};
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada(), b = sample_bob();
	struct store_finger f = right_index();

	NEED(sample_open(&t) && publish(&t, "1", 0) && with(&t, &e));
	NEED(with(&t, &b));
	NEED(add(&t, &e, &f) == ATT_OK);
	NEED(sample_tamper(&t, "DROP TRIGGER finger_same"));

	for (size_t i = 0; i < sizeof(moves) / sizeof(moves[0]); i++) {
		char sql[200];

		(void)snprintf(
		    sql, sizeof(sql), "UPDATE finger SET %s", moves[i]);
		NEED(sample_tamper(&t, sql));
		CHECK(get(&t, i == 4 ? &b : &e, i == 0 ? 3 : 2) == ATT_CORRUPT);
		(void)snprintf(
		    sql, sizeof(sql), "UPDATE finger SET %s", back[i]);
		NEED(sample_tamper(&t, sql));
		CHECK(get(&t, &e, 2) == ATT_OK);
	}
}

TEST("a finger is enrolled once, and again after it was destroyed")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada();
	struct store_finger f = right_index(), again = f;
	uint64_t n = 9;

	NEED(sample_open(&t) && publish(&t, "1", 0) && with(&t, &e));
	NEED(add(&t, &e, &f) == ATT_OK);
	CHECK(add(&t, &e, &again) == ATT_EXISTS && again.version == 0);
	CHECK(destroy(&t, &e, 3, &n) == ATT_OK && n == 0);
	CHECK(destroy(&t, &e, 2, &n) == ATT_OK && n == 1);
	CHECK(get(&t, &e, 2) == ATT_ABSENT);
	CHECK(add(&t, &e, &again) == ATT_OK && again.version > f.version);
}

TEST("templates of no bytes or too many, and of nobody, are refused")
{
	static uint8_t much[STORE_FINGER_MAX + 1];
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada(), nobody = sample_bob();
	struct store_finger f = right_index();

	NEED(sample_open(&t) && publish(&t, "1", 0) && with(&t, &e));
	CHECK(IN_TX(&t,
		  store_finger_add(t.store, &t.by, e.id, 18, &f,
		      (struct att_slice){ much, 0 })) == ATT_LIMIT);
	CHECK(IN_TX(&t,
		  store_finger_add(t.store, &t.by, e.id, 18, &f,
		      (struct att_slice){ much, sizeof(much) })) == ATT_LIMIT);
	CHECK(add(&t, &nobody, &f) == ATT_ABSENT);
	CHECK(IN_TX(&t,
		  store_finger_add(t.store, &t.by, e.id, 18, &f,
		      (struct att_slice){ much, STORE_FINGER_MAX })) == ATT_OK);
}

TEST("everybody's fingers, to search but those of people who are suspended")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada(), b = sample_bob();
	struct store_finger f = right_index(), g = right_index();
	uint64_t was = 0, now = 0;

	NEED(sample_open(&t) && publish(&t, "1", 0) && with(&t, &e));
	NEED(with(&t, &b));
	CHECK(samples_of_all(&t) == 0);
	NEED(store_fingers_changed(t.store, &was) == ATT_OK);
	NEED(add(&t, &e, &f) == ATT_OK);
	NEED(store_fingers_changed(t.store, &now) == ATT_OK && now > was);
	g.samples = 5;
	NEED(add(&t, &b, &g) == ATT_OK);
	CHECK(samples_of_all(&t) == 8 && samples_to_search(&t) == 8);
	NEED(sample_tamper(&t,
	    "UPDATE person SET state = 1, version = version + 1"
	    " WHERE number = '1043'"));
	CHECK(samples_of_all(&t) == 8 && samples_to_search(&t) == 3);
}

TEST("who withdraws the consent to it destroys the template, nothing else does")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada();
	struct store_finger f = right_index();

	NEED(sample_open(&t) && publish(&t, "1", 0) &&
	    sample_add(&t, &e) == ATT_OK);
	NEED(agree(&t, &e, STORE_FOR_LOGIN, STORE_CONSENT_GIVEN, false));
	NEED(agree(&t, &e, STORE_FOR_FINGER, STORE_CONSENT_GIVEN, false));
	NEED(add(&t, &e, &f) == ATT_OK);

	CHECK(agree(&t, &e, STORE_FOR_LOGIN, STORE_CONSENT_WITHDRAWN, false));
	CHECK(agree(&t, &e, STORE_FOR_FINGER, STORE_CONSENT_GIVEN, false));
	CHECK(get(&t, &e, 2) == ATT_OK);
	CHECK(agree(&t, &e, STORE_FOR_FINGER, STORE_CONSENT_WITHDRAWN, false));
	CHECK(get(&t, &e, 2) == ATT_ABSENT);
	CHECK(sample_number(&t, "SELECT scrub_due FROM site") == 1);
	CHECK(store_tidy(t.store, true) == ATT_OK);
	CHECK(sample_number(&t, "SELECT scrub_due FROM site") == 0);
}

TEST("a refusal, and a guardian's withdrawal, destroy it too")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada();
	struct store_finger f = right_index();

	e.born_on.year = 2007;
	e.hired_on = (struct att_date){ 0 };
	NEED(sample_open(&t) && publish(&t, "1", 0) &&
	    sample_add(&t, &e) == ATT_OK);
	NEED(agree(&t, &e, STORE_FOR_FINGER, STORE_CONSENT_GIVEN, true));
	NEED(add(&t, &e, &f) == ATT_OK);
	CHECK(agree(&t, &e, STORE_FOR_FINGER, STORE_CONSENT_REFUSED, false));
	CHECK(get(&t, &e, 2) == ATT_ABSENT);
	CHECK(add(&t, &e, &f) == ATT_OK); /* the guardian's stands */
	CHECK(agree(&t, &e, STORE_FOR_FINGER, STORE_CONSENT_WITHDRAWN, true));
	CHECK(get(&t, &e, 2) == ATT_ABSENT);
}

TEST("an erased person has no finger any more")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada();
	struct store_finger f = right_index();

	NEED(sample_open(&t) && publish(&t, "1", 0) && with(&t, &e));
	NEED(add(&t, &e, &f) == ATT_OK);
	NEED(IN_TX(&t, store_erase(t.store, &t.by, e.id, STORE_ERASE_CLOSED)) ==
	    ATT_OK);
	CHECK(get(&t, &e, 2) == ATT_ABSENT);
	CHECK(sample_number(&t, "SELECT count(*) FROM finger") == 0);
}

TEST("a template that nobody consented to is refused")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada();
	struct store_finger f = right_index();

	NEED(sample_open(&t) && publish(&t, "1", 0) &&
	    sample_add(&t, &e) == ATT_OK);
	NEED(agree(&t, &e, STORE_FOR_LOGIN, STORE_CONSENT_GIVEN, false));
	NEED(agree(&t, &e, STORE_FOR_FACE, STORE_CONSENT_GIVEN, false));
	CHECK(add(&t, &e, &f) == ATT_REFUSED);
	NEED(agree(&t, &e, STORE_FOR_FINGER, STORE_CONSENT_REFUSED, false));
	CHECK(add(&t, &e, &f) == ATT_REFUSED);
	CHECK(sample_number(&t, "SELECT count(*) FROM finger") == 0);
	NEED(agree(&t, &e, STORE_FOR_FINGER, STORE_CONSENT_GIVEN, false));
	CHECK(add(&t, &e, &f) == ATT_OK);
}

/* What the store says to one finger more of a person's. */
static enum att_err
another(struct sample *t, const struct store_employee *e, uint8_t finger)
{
	struct store_finger f = right_index();

	f.finger = finger;
	return add(t, e, &f);
}

TEST("a consent to an earlier major notice stores no template, a new one does")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada();

	NEED(sample_open(&t) && publish(&t, "1", 0) && with(&t, &e));
	CHECK(another(&t, &e, 1) == ATT_OK);
	NEED(publish(&t, "1.1", 0));
	CHECK(another(&t, &e, 2) == ATT_OK);
	NEED(publish(&t, "2", 1));
	CHECK(another(&t, &e, 3) == ATT_REFUSED);
	NEED(agree(&t, &e, STORE_FOR_FINGER, STORE_CONSENT_GIVEN, false));
	CHECK(another(&t, &e, 3) == ATT_OK);
}

TEST("for a minor's template it takes the guardian's consent, while it holds")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada();
	struct store_consent c = { .purpose = STORE_FOR_FINGER,
		.kind = STORE_CONSENT_GIVEN,
		.by_guardian = true,
		.guardian = "Eve",
		.relation = "mother",
		.how = "command" };

	e.born_on = att_date_at(NOON);
	e.born_on.year -= 17;
	c.until = att_date_at(NOON - 86400);
	NEED(sample_open(&t) && publish(&t, "1", 0) && with(&t, &e));
	CHECK(another(&t, &e, 1) == ATT_REFUSED);
	NEED(IN_TX(&t, store_consent_record(t.store, &t.by, e.id, "en", &c)) ==
	    ATT_OK);
	CHECK(another(&t, &e, 1) == ATT_REFUSED);
	NEED(agree(&t, &e, STORE_FOR_FINGER, STORE_CONSENT_GIVEN, true));
	CHECK(another(&t, &e, 1) == ATT_OK);

	/* of age: what was said before is past */
	t.by.now.utc += INT64_C(366) * 86400;
	CHECK(another(&t, &e, 2) == ATT_REFUSED);
	NEED(agree(&t, &e, STORE_FOR_FINGER, STORE_CONSENT_GIVEN, false));
	CHECK(another(&t, &e, 2) == ATT_OK);
}
