#include "store/consent.h"

#include "sample_store.h"

static bool
with_ada(struct sample *t, struct store_employee *e)
{
	struct store_notice n;

	*e = sample_ada();
	return sample_open(t) && sample_add(t, e) == ATT_OK &&
	    IN_TX(t,
		store_notice_publish(t->store, &t->by,
		    &(struct store_notice_draft){ "1", "en", 1, 0,
			att_slice_of("short"), att_slice_of("long") },
		    &n)) == ATT_OK;
}

static struct store_consent
own(enum store_consent_kind kind)
{
	struct store_consent c = { .purpose = STORE_FOR_LOGIN,
		.kind = kind,
		.how = "kiosk",
		.place = "login tty1" };

	return c;
}

static struct store_consent
guardian(enum store_consent_kind kind)
{
	struct store_consent c = { .purpose = STORE_FOR_LOGIN,
		.kind = kind,
		.by_guardian = true,
		.how = "paper",
		.has_paper = true,
		.paper_hash = { 7 },
		.guardian = "Gwen Guardian",
		.relation = "mother",
		.until = { 2024, 6, 30 } };

	return c;
}

static enum att_err
record(struct sample *t, const struct store_employee *e, struct store_consent c,
    struct store_consent *out)
{
	enum att_err err =
	    IN_TX(t, store_consent_record(t->store, &t->by, e->id, "en", &c));

	*out = c;
	return err;
}

static enum att_err
state(const struct sample *t, const struct store_employee *e, bool by_guardian,
    struct store_consent *out)
{
	return store_consent_state(
	    t->store, e->id, STORE_FOR_LOGIN, by_guardian, out);
}

TEST("purposes and kinds have names, and names have purposes")
{
	enum store_purpose p;

	for (unsigned i = 0; i < STORE_PURPOSE_COUNT; i++) {
		NEED(store_purpose_find(store_purpose_id((enum store_purpose)i),
			 &p) == ATT_OK);
		CHECK(p == i);
	}
	CHECK(store_purpose_find("biometric", &p) == ATT_ABSENT);
	CHECK(store_purpose_find("", &p) == ATT_ABSENT);
	CHECK(strcmp(store_purpose_id(STORE_PURPOSE_COUNT), "unknown") == 0);
	CHECK(strcmp(store_consent_kind_id(STORE_CONSENT_REFUSED), "refused") ==
	    0);
	CHECK(strcmp(store_consent_kind_id((enum store_consent_kind)0),
		  "unknown") == 0);
}

TEST("who was never asked has no state")
{
	SAMPLE t = { 0 };
	struct store_employee e;
	struct store_consent c;

	NEED(with_ada(&t, &e));
	CHECK(state(&t, &e, false, &c) == ATT_ABSENT);
	CHECK(state(&t, &e, true, &c) == ATT_ABSENT);
}

TEST("an event names the notice in force and comes back whole")
{
	SAMPLE t = { 0 };
	struct store_employee e;
	struct store_consent made, c;
	struct store_notice n;

	NEED(with_ada(&t, &e));
	NEED(record(&t, &e, guardian(STORE_CONSENT_GIVEN), &made) == ATT_OK);
	NEED(store_notice_in_force(t.store, NOON, "en", &n, NULL, NULL) ==
	    ATT_OK);
	NEED(sample_reopen(&t));

	NEED(state(&t, &e, true, &c) == ATT_OK);
	CHECK(memcmp(c.id, made.id, sizeof(c.id)) == 0);
	CHECK(c.kind == STORE_CONSENT_GIVEN && c.by_guardian);
	CHECK(strcmp(c.notice, "1") == 0 && c.notice_major == 1);
	CHECK(memcmp(c.notice_hash, n.hash, sizeof(n.hash)) == 0);
	CHECK(c.at_utc == NOON && strcmp(c.how, "paper") == 0);
	CHECK(c.has_paper && c.paper_hash[0] == 7);
	CHECK(strcmp(c.guardian, "Gwen Guardian") == 0);
	CHECK(strcmp(c.relation, "mother") == 0);
	CHECK(att_date_cmp(c.until, (struct att_date){ 2024, 6, 30 }) == 0);
	CHECK(store_consent_genuine(t.store, e.id, &c));
	CHECK(state(&t, &e, false, &c) == ATT_ABSENT);
}

TEST("refusing what was given takes it back, refusing what was not does not")
{
	SAMPLE t = { 0 };
	struct store_employee e;
	struct store_consent c;

	NEED(with_ada(&t, &e));
	NEED(record(&t, &e, own(STORE_CONSENT_REFUSED), &c) == ATT_OK);
	CHECK(c.kind == STORE_CONSENT_REFUSED);
	NEED(record(&t, &e, own(STORE_CONSENT_GIVEN), &c) == ATT_OK);
	NEED(record(&t, &e, own(STORE_CONSENT_REFUSED), &c) == ATT_OK);
	CHECK(c.kind == STORE_CONSENT_WITHDRAWN);
	CHECK(state(&t, &e, false, &c) == ATT_OK);
	CHECK(c.kind == STORE_CONSENT_WITHDRAWN);
}

TEST("the newest event is the state, party and purpose apart")
{
	SAMPLE t = { 0 };
	struct store_employee e, b = sample_bob();
	struct store_consent c, finger = own(STORE_CONSENT_REFUSED);

	NEED(with_ada(&t, &e) && sample_add(&t, &b) == ATT_OK);
	finger.purpose = STORE_FOR_FINGER;
	NEED(record(&t, &e, own(STORE_CONSENT_REFUSED), &c) == ATT_OK);
	NEED(record(&t, &e, own(STORE_CONSENT_GIVEN), &c) == ATT_OK);
	NEED(record(&t, &e, finger, &c) == ATT_OK);
	CHECK(state(&t, &e, false, &c) == ATT_OK);
	CHECK(c.kind == STORE_CONSENT_GIVEN);
	CHECK(store_consent_state(t.store, e.id, STORE_FOR_FINGER, false, &c) ==
	    ATT_OK);
	CHECK(c.kind == STORE_CONSENT_REFUSED);
	CHECK(state(&t, &e, true, &c) == ATT_ABSENT);
	CHECK(state(&t, &b, false, &c) == ATT_ABSENT);
	NEED(record(&t, &e, own(STORE_CONSENT_WITHDRAWN), &c) == ATT_OK);
	CHECK(state(&t, &e, false, &c) == ATT_OK);
	CHECK(c.kind == STORE_CONSENT_WITHDRAWN);
}

TEST("the newest event is the one recorded last, whatever the clock said")
{
	SAMPLE t = { 0 };
	struct store_employee e;
	struct store_consent c;

	NEED(with_ada(&t, &e));
	NEED(record(&t, &e, own(STORE_CONSENT_GIVEN), &c) == ATT_OK);
	t.by.now.utc -= 86400;
	NEED(record(&t, &e, own(STORE_CONSENT_WITHDRAWN), &c) == ATT_OK);
	NEED(state(&t, &e, false, &c) == ATT_OK);
	CHECK(c.kind == STORE_CONSENT_WITHDRAWN);
}

TEST("what is not given cannot be withdrawn, what is given can, once")
{
	SAMPLE t = { 0 };
	struct store_employee e;
	struct store_consent c;

	NEED(with_ada(&t, &e));
	CHECK(record(&t, &e, own(STORE_CONSENT_WITHDRAWN), &c) == ATT_EXISTS);
	NEED(record(&t, &e, own(STORE_CONSENT_REFUSED), &c) == ATT_OK);
	CHECK(record(&t, &e, own(STORE_CONSENT_WITHDRAWN), &c) == ATT_EXISTS);
	NEED(record(&t, &e, own(STORE_CONSENT_GIVEN), &c) == ATT_OK);
	CHECK(record(&t, &e, guardian(STORE_CONSENT_WITHDRAWN), &c) ==
	    ATT_EXISTS);
	CHECK(record(&t, &e, own(STORE_CONSENT_WITHDRAWN), &c) == ATT_OK);
	CHECK(record(&t, &e, own(STORE_CONSENT_WITHDRAWN), &c) == ATT_EXISTS);
}

TEST("without a notice or a person there is nothing to consent to")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada(), nobody = { .id = { 5 } };
	struct store_consent c;

	NEED(sample_open(&t) && sample_add(&t, &e) == ATT_OK);
	CHECK(record(&t, &e, own(STORE_CONSENT_GIVEN), &c) == ATT_ABSENT);
	sample_close(&t);
	NEED(remove(t.path) == 0 && remove(t.key) == 0);
	NEED(with_ada(&t, &e));
	CHECK(record(&t, &nobody, own(STORE_CONSENT_GIVEN), &c) == ATT_ABSENT);
	CHECK(record(&t, &e, own(STORE_CONSENT_GIVEN), &c) == ATT_OK);
}

/* One change each to an event that is fine. */
enum change {
	FINE,
	NO_PURPOSE,
	NO_KIND,
	HOW_EMPTY,
	HOW_OTHER,
	PLACE_CONTROL,
	OWN_WITH_GUARDIAN,
	OWN_WITH_UNTIL,
	GUARDIAN_NAMELESS,
	GUARDIAN_NO_RELATION,
	GUARDIAN_CONTROL,
	UNTIL_NO_DATE,
	GUARDIAN_FINE,
	GUARDIAN_OPEN_END,
	CHANGES,
};

static struct store_consent
changed(enum change what)
{
	struct store_consent c = own(STORE_CONSENT_GIVEN);
	struct store_consent g = guardian(STORE_CONSENT_GIVEN);

	switch (what) {
	case FINE: return c;
	case NO_PURPOSE: c.purpose = STORE_PURPOSE_COUNT; return c;
	case NO_KIND: c.kind = (enum store_consent_kind)4; return c;
	case HOW_EMPTY: c.how[0] = '\0'; return c;
	case HOW_OTHER: memcpy(c.how, "mail", 5); return c;
	case PLACE_CONTROL: memcpy(c.place, "a\nb", 4); return c;
	case OWN_WITH_GUARDIAN: memcpy(c.guardian, "G", 2); return c;
	case OWN_WITH_UNTIL: c.until = g.until; return c;
	case GUARDIAN_NAMELESS: g.guardian[0] = '\0'; return g;
	case GUARDIAN_NO_RELATION: g.relation[0] = '\0'; return g;
	case GUARDIAN_CONTROL: memcpy(g.guardian, "G\x1b", 3); return g;
	case UNTIL_NO_DATE: g.until.month = 13; return g;
	case GUARDIAN_OPEN_END: g.until.year = 0; return g;
	case GUARDIAN_FINE:
	case CHANGES: break;
	}
	return g;
}

TEST("an event outside its grammar is refused")
{
	SAMPLE t = { 0 };
	struct store_employee e;
	struct store_consent c;

	NEED(with_ada(&t, &e));
	for (unsigned i = 0; i < CHANGES; i++) {
		enum att_err want =
		    i == FINE || i == GUARDIAN_FINE || i == GUARDIAN_OPEN_END
		    ? ATT_OK
		    : ATT_FORMAT;

		if (!test_check(
			record(&t, &e, changed((enum change)i), &c) == want,
			__FILE__, __LINE__, "grammar"))
			printf("# change %u: %s\n", i, store_trouble(t.store));
	}
}

TEST("a guardian may withdraw without being named again")
{
	SAMPLE t = { 0 };
	struct store_employee e;
	struct store_consent c, w = guardian(STORE_CONSENT_WITHDRAWN);

	NEED(with_ada(&t, &e));
	NEED(record(&t, &e, guardian(STORE_CONSENT_GIVEN), &c) == ATT_OK);
	w.guardian[0] = w.relation[0] = '\0';
	w.until = (struct att_date){ 0 };
	CHECK(record(&t, &e, w, &c) == ATT_OK);
	CHECK(state(&t, &e, true, &c) == ATT_OK);
	CHECK(c.kind == STORE_CONSENT_WITHDRAWN && c.guardian[0] == '\0');
}

TEST("a signature fits nothing but its event")
{
	SAMPLE t = { 0 };
	struct store_employee e, b = sample_bob();
	struct store_consent good, c;

	NEED(with_ada(&t, &e) && sample_add(&t, &b) == ATT_OK);
	NEED(record(&t, &e, guardian(STORE_CONSENT_GIVEN), &good) == ATT_OK);
	CHECK(store_consent_genuine(t.store, e.id, &good));
	CHECK(!store_consent_genuine(t.store, b.id, &good));
#define CHANGED(change)                                           \
	do {                                                      \
		c = good;                                         \
		change;                                           \
		CHECK(!store_consent_genuine(t.store, e.id, &c)); \
	} while (0)
	CHANGED(c.id[0] ^= 1);
	CHANGED(c.purpose = STORE_FOR_FACE);
	CHANGED(c.kind = STORE_CONSENT_REFUSED);
	CHANGED(c.by_guardian = false);
	CHANGED(c.notice[0] = '2');
	CHANGED(c.notice_major++);
	CHANGED(c.notice_hash[31] ^= 1);
	CHANGED(c.at_utc++);
	CHANGED(c.how[0] = 'P');
	CHANGED(c.place[0] = 'x');
	CHANGED(c.has_paper = false);
	CHANGED(c.paper_hash[0]++);
	CHANGED(c.guardian[0] = 'B');
	CHANGED(c.relation[0] = 'f');
	CHANGED(c.until.year++);
	CHANGED(c.signature[0] ^= 1);
#undef CHANGED
}

TEST("a state that somebody wrote into the file is corrupt, not a consent")
{
	static const char *const forgeries[] = {
		"UPDATE consent SET kind = 1",
		"UPDATE consent SET notice_major = 9",
		"UPDATE consent SET at_utc = 1",
		"UPDATE consent SET purpose = 'photo' WHERE n = 2;"
		"UPDATE consent SET purpose = 'login' WHERE n = 1",
		"UPDATE consent SET person ="
		" (SELECT id FROM person WHERE number = '1042')"
		" WHERE n = 3",
	};

	for (size_t i = 0; i < sizeof(forgeries) / sizeof(*forgeries); i++) {
		SAMPLE t = { 0 };
		struct store_employee e, b = sample_bob();
		struct store_consent c, photo = own(STORE_CONSENT_GIVEN);

		NEED(with_ada(&t, &e) && sample_add(&t, &b) == ATT_OK);
		photo.purpose = STORE_FOR_PHOTO;
		NEED(record(&t, &e, photo, &c) == ATT_OK);
		NEED(record(&t, &e, own(STORE_CONSENT_REFUSED), &c) == ATT_OK);
		NEED(record(&t, &b, own(STORE_CONSENT_GIVEN), &c) == ATT_OK);
		CHECK(state(&t, &e, false, &c) == ATT_OK);
		CHECK(!sample_tamper(&t, forgeries[i]));
		NEED(sample_tamper(&t, "DROP TRIGGER consent_unchanged"));
		NEED(sample_tamper(&t, forgeries[i]));
		(void)test_check(state(&t, &e, false, &c) == ATT_CORRUPT,
		    __FILE__, __LINE__, forgeries[i]);
		NEED(remove(t.path) == 0 && remove(t.key) == 0);
	}
}

TEST("a guardian's name fits into no other event of the same person")
{
	SAMPLE t = { 0 };
	struct store_employee e;
	struct store_consent c;

	NEED(with_ada(&t, &e));
	NEED(record(&t, &e, guardian(STORE_CONSENT_GIVEN), &c) == ATT_OK);
	NEED(record(&t, &e, guardian(STORE_CONSENT_GIVEN), &c) == ATT_OK);
	CHECK(state(&t, &e, true, &c) == ATT_OK);
	NEED(sample_tamper(&t,
	    "DROP TRIGGER consent_unchanged; UPDATE consent SET guardian ="
	    " (SELECT guardian FROM consent WHERE n = 1) WHERE n = 2"));
	CHECK(state(&t, &e, true, &c) == ATT_CORRUPT);
}

struct seen {
	unsigned n;
	struct store_consent c[8];
};

static bool
see(void *ctx, const struct store_consent *c)
{
	struct seen *s = ctx;

	s->c[s->n++] = *c;
	return s->n < 8;
}

TEST("all events of a person are listed, oldest first, genuine or not")
{
	SAMPLE t = { 0 };
	struct store_employee e, b = sample_bob();
	struct store_consent c;
	struct seen s = { 0 };

	NEED(with_ada(&t, &e) && sample_add(&t, &b) == ATT_OK);
	NEED(record(&t, &e, guardian(STORE_CONSENT_GIVEN), &c) == ATT_OK);
	NEED(record(&t, &b, own(STORE_CONSENT_GIVEN), &c) == ATT_OK);
	NEED(record(&t, &e, own(STORE_CONSENT_REFUSED), &c) == ATT_OK);
	NEED(sample_tamper(&t,
	    "DROP TRIGGER consent_unchanged;"
	    "UPDATE consent SET at_utc = 1 WHERE n = 3"));
	CHECK(store_consent_list(t.store, e.id, see, &s) == ATT_OK);
	NEED(s.n == 2);
	CHECK(s.c[0].by_guardian && s.c[1].kind == STORE_CONSENT_REFUSED);
	CHECK(store_consent_genuine(t.store, e.id, &s.c[0]));
	CHECK(!store_consent_genuine(t.store, e.id, &s.c[1]));
}

TEST("events stay while the person's key is there, and can go after it")
{
	SAMPLE t = { 0 };
	struct store_employee e;
	struct store_consent c;

	NEED(with_ada(&t, &e));
	NEED(record(&t, &e, own(STORE_CONSENT_GIVEN), &c) == ATT_OK);
	CHECK(!sample_tamper(&t, "DELETE FROM consent"));
	CHECK(sample_tamper(&t, "DELETE FROM person_key; DELETE FROM consent"));
}
