/* Requests: received, verified, answered; in that order and once. */
#include "store/request.h"

#include "sample_store.h"

#include "store/db.h"
#include "store/disclosure.h"
#include "store/history.h"

#include <limits.h>

#define DAY ((int64_t)24 * 3600)

static bool
with_ada(struct sample *t, struct store_employee *e)
{
	*e = sample_ada();
	return sample_open(t) && sample_add(t, e) == ATT_OK;
}

static struct store_request
asks(const struct store_employee *e, enum store_request_kind kind)
{
	struct store_request r = { .kind = kind };

	memcpy(r.person, e->id, sizeof(r.person));
	if (kind == STORE_REQUEST_CORRECT)
		memcpy(r.field, "name", sizeof("name"));
	if (kind == STORE_REQUEST_FEEDBACK)
		memcpy(r.content, "Why?", sizeof("Why?"));
	return r;
}

static enum att_err
open_it(struct sample *t, struct store_request *r)
{
	return IN_TX(t, store_request_open(t->store, &t->by, r));
}

static enum att_err
close_it(struct sample *t, const struct store_request *r,
    enum store_request_state as)
{
	return IN_TX(t, store_request_close(t->store, &t->by, r, as));
}

static enum att_err
verify_it(struct sample *t, int64_t n, const char *how)
{
	return IN_TX(t, store_request_verify(t->store, &t->by, n, how));
}

TEST("kinds have names, and names have kinds")
{
	enum store_request_kind k;

	for (unsigned i = 0; i < STORE_REQUEST_KINDS; i++) {
		NEED(store_request_kind_find(
			 store_request_kind_id((enum store_request_kind)i),
			 &k) == ATT_OK);
		CHECK(k == i);
	}
	CHECK(store_request_kind_find("shoes", &k) == ATT_ABSENT);
	CHECK(
	    strcmp(store_request_kind_id(STORE_REQUEST_KINDS), "unknown") == 0);
	CHECK(strcmp(store_request_state_id(0), "unknown") == 0);
}

TEST("a request comes back whole, its words sealed meanwhile")
{
	SAMPLE t = { 0 };
	struct store_employee e;
	struct store_request r, out;

	NEED(with_ada(&t, &e));
	r = asks(&e, STORE_REQUEST_CORRECT);
	(void)snprintf(r.content, sizeof(r.content), "Ada Lovelace");
	NEED(open_it(&t, &r) == ATT_OK);
	NEED(sample_reopen(&t));
	NEED(store_request_get(t.store, r.n, &out) == ATT_OK);
	CHECK(out.n == 1 && out.state == STORE_RECEIVED);
	CHECK(strcmp(out.number, "1042") == 0);
	CHECK(strcmp(out.content, "Ada Lovelace") == 0);
	CHECK(strcmp(out.field, "name") == 0 && out.answer[0] == '\0');
	CHECK(out.opened_utc == NOON && out.verified_utc == 0);
	CHECK(sample_number(&t,
		  "SELECT count(*) FROM request"
		  " WHERE instr(content, CAST('Love' AS BLOB)) > 0") == 0);
	CHECK(store_request_get(t.store, 2, &out) == ATT_ABSENT);
}

TEST("what makes no request is refused, its twin is taken")
{
	static const struct {
		const char *what;
		enum store_request_kind kind;
		const char *field, *content, *how;
		enum store_purpose purpose;
		enum att_err want;
	} cases[] = {
		{ "a kind", STORE_REQUEST_ACCESS, "", "", "", 0, ATT_OK },
		{ "no kind", STORE_REQUEST_KINDS, "", "", "", 0, ATT_FORMAT },
		{ "a field", STORE_REQUEST_CORRECT, "phone", "", "", 0,
		    ATT_OK },
		{ "no field", STORE_REQUEST_CORRECT, "uid", "", "", 0,
		    ATT_FORMAT },
		{ "a purpose", STORE_REQUEST_WITHDRAW, "", "", "",
		    STORE_FOR_PHOTO, ATT_OK },
		{ "no purpose", STORE_REQUEST_WITHDRAW, "", "", "",
		    STORE_PURPOSE_COUNT, ATT_FORMAT },
		{ "words", STORE_REQUEST_FEEDBACK, "", "Oh.", "", 0, ATT_OK },
		{ "no words", STORE_REQUEST_FEEDBACK, "", "", "", 0,
		    ATT_FORMAT },
		{ "a bell", STORE_REQUEST_FEEDBACK, "", "\a", "", 0,
		    ATT_FORMAT },
		{ "a way", STORE_REQUEST_ACCESS, "", "", "callback", 0,
		    ATT_OK },
		{ "no way", STORE_REQUEST_ACCESS, "", "", "magic", 0,
		    ATT_FORMAT },
	};
	SAMPLE t = { 0 };
	struct store_employee e;
	int64_t rows = 0;

	NEED(with_ada(&t, &e));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct store_request r = asks(&e, cases[i].kind);

		(void)snprintf(r.field, sizeof(r.field), "%s", cases[i].field);
		(void)snprintf(
		    r.content, sizeof(r.content), "%s", cases[i].content);
		(void)snprintf(
		    r.verified_how, sizeof(r.verified_how), "%s", cases[i].how);
		r.purpose = cases[i].purpose;
		(void)test_check(open_it(&t, &r) == cases[i].want, __FILE__,
		    __LINE__, cases[i].what);
		rows += cases[i].want == ATT_OK;
		CHECK(
		    sample_number(&t, "SELECT count(*) FROM request") == rows);
	}
}

TEST("nothing is answered that is not verified, but it can be taken back")
{
	SAMPLE t = { 0 };
	struct store_employee e;
	struct store_request r, other;

	NEED(with_ada(&t, &e));
	r = asks(&e, STORE_REQUEST_ACCESS);
	other = r;
	NEED(open_it(&t, &r) == ATT_OK && open_it(&t, &other) == ATT_OK);
	(void)snprintf(r.reason, sizeof(r.reason), "legal-duty");
	CHECK(close_it(&t, &r, STORE_FULFILLED) == ATT_REFUSED);
	CHECK(close_it(&t, &r, STORE_REFUSED) == ATT_REFUSED);
	CHECK(close_it(&t, &other, STORE_TAKEN_BACK) == ATT_OK);
	CHECK(verify_it(&t, r.n, "magic") == ATT_FORMAT);
	CHECK(verify_it(&t, 99, "staff-card") == ATT_ABSENT);
	CHECK(verify_it(&t, r.n, "staff-card") == ATT_OK);
	CHECK(verify_it(&t, r.n, "staff-card") == ATT_EXISTS);
	CHECK(verify_it(&t, other.n, "staff-card") == ATT_EXISTS);
	CHECK(close_it(&t, &r, STORE_RECEIVED) == ATT_FORMAT);
	CHECK(close_it(&t, &r, STORE_FULFILLED) == ATT_OK);
	CHECK(close_it(&t, &r, STORE_FULFILLED) == ATT_EXISTS);
	CHECK(close_it(&t, &r, STORE_TAKEN_BACK) == ATT_EXISTS);
}

TEST("a refusal has a reason of the list, abuse evidence as well")
{
	static const struct {
		const char *reason;
		bool evidence;
		enum att_err want;
	} cases[] = {
		{ "", false, ATT_FORMAT },
		{ "too busy", false, ATT_FORMAT },
		{ "abuse", false, ATT_FORMAT },
		{ "abuse", true, ATT_OK },
		{ "trade-secret", false, ATT_OK },
	};
	SAMPLE t = { 0 };
	struct store_employee e;
	struct store_request out;

	NEED(with_ada(&t, &e));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct store_request r = asks(&e, STORE_REQUEST_ACCESS);

		memcpy(r.verified_how, "pin", sizeof("pin"));
		NEED(open_it(&t, &r) == ATT_OK);
		(void)snprintf(
		    r.reason, sizeof(r.reason), "%s", cases[i].reason);
		(void)snprintf(r.answer, sizeof(r.answer), "Because.");
		r.has_evidence = cases[i].evidence;
		r.evidence[0] = 7;
		CHECK(close_it(&t, &r, STORE_REFUSED) == cases[i].want);
		NEED(store_request_get(t.store, r.n, &out) == ATT_OK);
		CHECK(out.state ==
		    (cases[i].want == ATT_OK ? STORE_REFUSED : STORE_VERIFIED));
		if (cases[i].want != ATT_OK)
			continue;
		CHECK(strcmp(out.reason, cases[i].reason) == 0);
		CHECK(strcmp(out.answer, "Because.") == 0);
		CHECK(out.has_evidence == cases[i].evidence);
	}
}

TEST("the answer is due in thirty days from the verification")
{
	static const struct {
		int64_t after;
		int left;
	} cases[] = {
		{ 0, 30 },
		{ 1, 29 },
		{ 29 * DAY, 1 },
		{ 30 * DAY, 0 },
		{ 30 * DAY + 1, -1 },
		{ 31 * DAY, -1 },
		{ 31 * DAY + 1, -2 },
	};
	SAMPLE t = { 0 };
	struct store_employee e;
	struct store_request r;
	uint64_t late = 9;

	NEED(with_ada(&t, &e));
	r = asks(&e, STORE_REQUEST_ACCESS);
	NEED(open_it(&t, &r) == ATT_OK);
	CHECK(store_request_days_left(&r, NOON + 99 * DAY) == INT_MAX);
	t.by.now.utc += 5 * DAY;
	NEED(verify_it(&t, r.n, "pin") == ATT_OK);
	NEED(store_request_get(t.store, r.n, &r) == ATT_OK);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t now = NOON + 5 * DAY + cases[i].after;

		CHECK(store_request_days_left(&r, now) == cases[i].left);
		CHECK(store_request_late(t.store, now, &late) == ATT_OK);
		CHECK((late == 1) == (cases[i].left < 0));
	}
	NEED(close_it(&t, &r, STORE_FULFILLED) == ATT_OK);
	CHECK(store_request_late(t.store, NOON + 99 * DAY, &late) == ATT_OK);
	CHECK(late == 0);
}

struct seen {
	unsigned n;
	int64_t last;
};

static bool
see(void *ctx, const struct store_request *r)
{
	struct seen *s = ctx;

	s->n++;
	s->last = r->n;
	return true;
}

TEST("requests are listed by whose they are and whether they are open")
{
	SAMPLE t = { 0 };
	struct store_employee ada, bob = sample_bob();
	struct store_request r[3];
	struct seen s = { 0 };

	NEED(with_ada(&t, &ada) && sample_add(&t, &bob) == ATT_OK);
	r[0] = asks(&ada, STORE_REQUEST_ACCESS);
	r[1] = asks(&bob, STORE_REQUEST_ACCESS);
	r[2] = asks(&ada, STORE_REQUEST_FEEDBACK);
	for (int i = 0; i < 3; i++)
		NEED(open_it(&t, &r[i]) == ATT_OK);
	NEED(close_it(&t, &r[0], STORE_TAKEN_BACK) == ATT_OK);
	CHECK(store_request_list(t.store, NULL, false, see, &s) == ATT_OK);
	CHECK(s.n == 3);
	s = (struct seen){ 0 };
	CHECK(store_request_list(t.store, NULL, true, see, &s) == ATT_OK);
	CHECK(s.n == 2);
	s = (struct seen){ 0 };
	CHECK(store_request_list(t.store, ada.id, true, see, &s) == ATT_OK);
	CHECK(s.n == 1 && s.last == 3);
}

TEST("the words of a request open for that person and request only")
{
	SAMPLE t = { 0 };
	struct store_employee ada, bob = sample_bob();
	struct store_request a, b, out;

	NEED(with_ada(&t, &ada) && sample_add(&t, &bob) == ATT_OK);
	a = asks(&ada, STORE_REQUEST_FEEDBACK);
	b = asks(&ada, STORE_REQUEST_FEEDBACK);
	NEED(open_it(&t, &a) == ATT_OK && open_it(&t, &b) == ATT_OK);
	NEED(sample_tamper(&t,
	    "UPDATE request SET content ="
	    " (SELECT content FROM request WHERE n = 1) WHERE n = 2"));
	CHECK(store_request_get(t.store, 2, &out) == ATT_CORRUPT);
	CHECK(store_request_get(t.store, 1, &out) == ATT_OK);
	NEED(sample_tamper(&t,
	    "UPDATE request SET person ="
	    " (SELECT id FROM person WHERE number = '1043') WHERE n = 1"));
	CHECK(store_request_get(t.store, 1, &out) == ATT_CORRUPT);
}

/* --- history */

struct past {
	unsigned n;
	struct store_past at[32];
};

static bool
keep(void *ctx, const struct store_past *p)
{
	struct past *s = ctx;

	s->at[s->n++] = *p;
	return s->n < 32;
}

TEST("each value says where it came from, a replaced one what it was")
{
	SAMPLE t = { 0 };
	struct store_employee e;
	static struct past s;

	NEED(with_ada(&t, &e));
	s = (struct past){ 0 };
	NEED(store_history_list(t.store, e.id, keep, &s) == ATT_OK);
	NEED(s.n == 1); /* added, all at once */
	CHECK(strcmp(s.at[0].field, HISTORY_ALL) == 0 && !s.at[0].replaced);
	CHECK(strcmp(s.at[0].source, "office") == 0);
	CHECK(s.at[0].basis[0] == '\0');
	(void)snprintf(e.phone, sizeof(e.phone), "+49 30 555 0199");
	memcpy(t.by.source, "request", sizeof("request"));
	memcpy(t.by.basis, "contract", sizeof("contract"));
	NEED(IN_TX(&t,
		 store_employee_update(
		     t.store, &t.by, "employee-correct", &e)) == ATT_OK);
	s = (struct past){ 0 };
	NEED(sample_reopen(&t));
	NEED(store_history_list(t.store, e.id, keep, &s) == ATT_OK);
	NEED(s.n == 2);
	CHECK(strcmp(s.at[1].field, "phone") == 0 && s.at[1].replaced);
	CHECK(strcmp(s.at[1].was, "+49 30 555 0142") == 0);
	CHECK(strcmp(s.at[1].source, "request") == 0);
	CHECK(strcmp(s.at[1].basis, "contract") == 0);
	CHECK(s.at[1].version == e.version);
}

TEST("a value is held on one of the bases there are, or on none that is said")
{
	SAMPLE t = { 0 };
	struct store_employee e;

	NEED(with_ada(&t, &e));
	CHECK(history_basis_ok("contract") && history_basis_ok("consent"));
	CHECK(!history_basis_ok("") && !history_basis_ok("contracts"));
	(void)snprintf(e.phone, sizeof(e.phone), "+49 30 555 0199");
	memcpy(t.by.basis, "habit", sizeof("habit"));
	CHECK(IN_TX(&t,
		  store_employee_update(t.store, &t.by, "employee-set", &e)) !=
	    ATT_OK);
	memcpy(t.by.basis, "contract", sizeof("contract"));
	CHECK(IN_TX(&t,
		  store_employee_update(t.store, &t.by, "employee-set", &e)) ==
	    ATT_OK);
}

TEST("a field is set from its own text, and from no other")
{
	struct store_employee e = sample_ada();
	char text[HISTORY_VALUE_MAX], longest[STORE_PHONE_MAX + 2];

	for (unsigned i = 0; i < HISTORY_FIELDS; i++) {
		bool state = strcmp(history_field(i), "state") == 0;

		history_value(i, &e, text);
		CHECK(
		    history_set(i, &e, text) == (state ? ATT_FORMAT : ATT_OK));
		CHECK(history_find(history_field(i)) == i);
	}
	CHECK(history_find("pin") == HISTORY_FIELDS);
	CHECK(
	    history_set(history_find("born"), &e, "1990-02-30") == ATT_FORMAT);
	CHECK(e.born_on.year == 1990);
	CHECK(history_set(history_find("born"), &e, "") == ATT_OK);
	CHECK(!att_date_known(e.born_on));
	memset(longest, '1', sizeof(longest));
	longest[STORE_PHONE_MAX + 1] = '\0';
	CHECK(history_set(history_find("phone"), &e, longest) == ATT_LIMIT);
	longest[STORE_PHONE_MAX] = '\0';
	CHECK(history_set(history_find("phone"), &e, longest) == ATT_OK);
}

/* --- disclosures, and what erasing takes along */

static struct store_disclosure
to_the_inspectorate(uint8_t act)
{
	struct store_disclosure d = { .act = { act },
		.basis = "legal-duty",
		.fields = "name",
		.recipient = "Inspectorate",
		.aim = "inspection" };

	return d;
}

static enum att_err
disclose(struct sample *t, const struct store_employee *e,
    const struct store_disclosure *d)
{
	return IN_TX(t, store_disclosure_add(t->store, &t->by, e->id, e, d));
}

static bool
one(void *ctx, const struct store_disclosure *d)
{
	*(struct store_disclosure *)ctx = *d;
	return true;
}

TEST("a disclosure comes back whole, once in an act, and only as documented")
{
	SAMPLE t = { 0 };
	struct store_employee e;
	struct store_disclosure d = to_the_inspectorate(1), out = { 0 };

	NEED(with_ada(&t, &e));
	CHECK(disclose(&t, &e, &d) == ATT_OK);
	CHECK(disclose(&t, &e, &d) == ATT_EXISTS);
	NEED(store_disclosure_list(t.store, e.id, one, &out) == ATT_OK);
	CHECK(strcmp(out.recipient, "Inspectorate") == 0);
	CHECK(strcmp(out.aim, "inspection") == 0 && out.at_utc == NOON);
	CHECK(strcmp(out.decider, "1042") == 0);
	d = to_the_inspectorate(2);
	d.basis[0] = 'x';
	CHECK(disclose(&t, &e, &d) == ATT_FORMAT);
	d = to_the_inspectorate(2);
	d.recipient[0] = '\0';
	CHECK(disclose(&t, &e, &d) == ATT_FORMAT);
	d = to_the_inspectorate(2);
	d.aim[0] = '\n';
	CHECK(disclose(&t, &e, &d) == ATT_FORMAT);
	d = to_the_inspectorate(2);
	d.fields[0] = '\0';
	CHECK(disclose(&t, &e, &d) == ATT_FORMAT);
	{
		struct store_employee nobody = sample_bob();

		d = to_the_inspectorate(2);
		CHECK(IN_TX(&t,
			  store_disclosure_add(t.store, &t.by, e.id, &nobody,
			      &d)) == ATT_ABSENT);
		CHECK(disclose(&t, &nobody, &d) == ATT_ABSENT);
	}
	CHECK(sample_number(&t, "SELECT count(*) FROM disclosure") == 1);
	CHECK(!sample_tamper(&t, "UPDATE disclosure SET basis = 'news'"));
}

static enum att_err
forget(struct sample *t, enum store_stmt which, const struct store_employee *e)
{
	STORE_AUTO_QUERY struct db_query q = db_query(t->store, which);
	enum att_err err;

	db_bind_id(&q, ":person", e->id);
	err = db_run(&q);
	return err == ATT_OK
	    ? store_audit(t->store, &t->by, "employee-erase", NULL, "")
	    : err;
}

TEST("what the person asked and where data went is forgotten with the key only")
{
	static const enum store_stmt stmts[] = { STMT_FORGET_REQUESTS,
		STMT_FORGET_DISCLOSURES };
	SAMPLE t = { 0 };
	struct store_employee e;
	struct store_request r;
	struct store_disclosure d = to_the_inspectorate(1);

	NEED(with_ada(&t, &e));
	r = asks(&e, STORE_REQUEST_FEEDBACK);
	NEED(open_it(&t, &r) == ATT_OK && disclose(&t, &e, &d) == ATT_OK);
	for (int i = 0; i < 2; i++)
		CHECK(IN_TX(&t, forget(&t, stmts[i], &e)) == ATT_REFUSED);
	NEED(sample_tamper(&t, "DELETE FROM person_key"));
	for (int i = 0; i < 2; i++)
		CHECK(IN_TX(&t, forget(&t, stmts[i], &e)) == ATT_OK);
	CHECK(IN_TX(&t, forget(&t, STMT_FORGET_HISTORY, &e)) == ATT_OK);
	CHECK(sample_number(&t,
		  "SELECT (SELECT count(*) FROM request)"
		  " + (SELECT count(*) FROM disclosure)"
		  " + (SELECT count(*) FROM person_change)") == 0);
}

TEST("the number of a request is never given again")
{
	SAMPLE t = { 0 };
	struct store_employee ada, bob = sample_bob();
	struct store_request r;

	NEED(with_ada(&t, &ada) && sample_add(&t, &bob) == ATT_OK);
	r = asks(&ada, STORE_REQUEST_ACCESS);
	NEED(open_it(&t, &r) == ATT_OK && r.n == 1);
	NEED(sample_tamper(&t,
	    "DELETE FROM person_key WHERE person ="
	    " (SELECT id FROM person WHERE number = '1042')"));
	NEED(IN_TX(&t, forget(&t, STMT_FORGET_REQUESTS, &ada)) == ATT_OK);
	r = asks(&bob, STORE_REQUEST_ACCESS);
	NEED(open_it(&t, &r) == ATT_OK);
	CHECK(r.n == 2);
}
