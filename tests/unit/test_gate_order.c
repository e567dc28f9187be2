/* The order of the checks, and the trace that explain prints. */
#include "gate_people.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

/* What makes one check fail, in the order of the checks. */
static void
unknown(struct gate_facts *f)
{
	f->known = false;
}
static void
erased(struct gate_facts *f)
{
	f->erased = true;
}
static void
not_yet(struct gate_facts *f)
{
	f->hired_on = TOMORROW;
}
static void
suspended(struct gate_facts *f)
{
	f->employment = GATE_SUSPENDED;
}
static void
ended(struct gate_facts *f)
{
	f->ended_on = YESTERDAY;
}
static void
locked(struct gate_facts *f)
{
	f->lock_seconds = 900;
}
static void
too_young(struct gate_facts *f)
{
	f->minimum_age = 60;
}
static void
unasked(struct gate_facts *f)
{
	f->own.state = GATE_CONSENT_NONE;
	f->guardian.state = GATE_CONSENT_NONE;
}
static void
outdated(struct gate_facts *f)
{
	f->notice_major = 4;
}
static void
unconsented_finger(struct gate_facts *f)
{
	f->proven |= GATE_FINGER;
}
static void
not_in(struct gate_facts *f)
{
	f->require_clocked_in = true;
}
static void
closed(struct gate_facts *f)
{
	f->has_hours = true;
	f->open_minute = 0;
	f->close_minute = 1;
}
static void
unproven(struct gate_facts *f)
{
	f->proven &= (uint8_t)~GATE_PIN;
}

struct failing {
	void (*make)(struct gate_facts *f);
	enum gate_reason adult, minor;
};
static const struct failing failings[] = {
	{ unknown, GATE_R_UNKNOWN, GATE_R_UNKNOWN },
	{ erased, GATE_R_ERASED, GATE_R_ERASED },
	{ not_yet, GATE_R_NOT_YET_EMPLOYED, GATE_R_NOT_YET_EMPLOYED },
	{ suspended, GATE_R_SUSPENDED, GATE_R_SUSPENDED },
	{ ended, GATE_R_EMPLOYMENT_ENDED, GATE_R_EMPLOYMENT_ENDED },
	{ locked, GATE_R_LOCKED, GATE_R_LOCKED },
	{ too_young, GATE_R_UNDER_MINIMUM_AGE, GATE_R_UNDER_MINIMUM_AGE },
	{ unasked, GATE_R_CONSENT_MISSING, GATE_R_GUARDIAN_CONSENT_MISSING },
	{ outdated, GATE_R_NOTICE_CHANGED, GATE_R_NOTICE_CHANGED },
	{ unconsented_finger, GATE_R_FACTOR_NOT_CONSENTED,
	    GATE_R_FACTOR_NOT_CONSENTED },
	{ not_in, GATE_R_NOT_CLOCKED_IN, GATE_R_NOT_CLOCKED_IN },
	{ closed, GATE_R_OUTSIDE_HOURS, GATE_R_OUTSIDE_HOURS },
	{ unproven, GATE_R_NOT_PROVEN, GATE_R_NOT_PROVEN },
};
#define FAILINGS (sizeof(failings) / sizeof(failings[0]))

/* An outdated consent cannot be missing at the same time. */
static bool
exclude_each_other(const struct failing *a, const struct failing *b)
{
	return a->make == unasked && b->make == outdated;
}

TEST("of two checks that fail, the earlier one gives the reason")
{
	for (size_t i = 0; i < FAILINGS; i++)
		for (size_t j = i + 1; j < FAILINGS; j++) {
			const struct failing *a = &failings[i];
			const struct failing *b = &failings[j];
			struct gate_facts adult = an_adult();
			struct gate_facts minor = a_minor();

			if (exclude_each_other(a, b))
				continue;
			b->make(&adult);
			b->make(&minor);
			CHECK(gate_decide(&adult).reason == b->adult);
			CHECK(gate_decide(&minor).reason == b->minor);
			a->make(&adult);
			a->make(&minor);
			CHECK(gate_decide(&adult).reason == a->adult);
			CHECK(gate_decide(&minor).reason == a->minor);
		}
}

TEST("an unknown birth date is looked at before consent and after a lock")
{
	struct gate_facts f = an_adult();

	f.born_on = (struct att_date){ 0 };
	unasked(&f);
	CHECK(gate_decide(&f).reason == GATE_R_BIRTH_UNKNOWN);
	locked(&f);
	CHECK(gate_decide(&f).reason == GATE_R_LOCKED);
}

struct trace {
	size_t n;
	enum gate_reason first;
	char names[512], facts[4096];
};

static void
note(void *ctx, const char *check, enum gate_reason result, const char *fact)
{
	struct trace *t = ctx;
	size_t at = strlen(t->names);
	size_t fact_at = strlen(t->facts);

	t->n++;
	if (t->first == GATE_R_OK)
		t->first = result;
	(void)snprintf(t->names + at, sizeof(t->names) - at, "%s=%s ", check,
	    gate_reason_id(result));
	(void)snprintf(
	    t->facts + fact_at, sizeof(t->facts) - fact_at, "%s\n", fact);
}

TEST("explaining goes through every check in order and decides the same")
{
	for (size_t i = 0; i < FAILINGS; i++) {
		struct gate_facts f = an_adult();
		struct trace t = { 0 };
		struct gate_decision told, decided;

		failings[i].make(&f);
		decided = gate_decide(&f);
		told = gate_explain(&f, note, &t);

		CHECK(told.verdict == decided.verdict);
		CHECK(told.reason == decided.reason);
		CHECK(told.askable == decided.askable);
		CHECK(t.first == decided.reason);
		CHECK(t.n == 14);
	}
}

TEST("an explanation names checks and their facts")
{
	struct gate_facts f = a_minor();
	struct trace t = { 0 };

	f.guardian.state = GATE_CONSENT_WITHDRAWN;
	f.has_hours = true;
	f.open_minute = 6 * 60 + 30;
	f.close_minute = 22 * 60;

	CHECK(gate_explain(&f, note, &t).reason ==
	    GATE_R_GUARDIAN_CONSENT_EXPIRED);
	CHECK(strcmp(t.names,
		  "known=ok erased=ok hired=ok suspended=ok ended=ok lock=ok "
		  "age=ok guardian=guardian-consent-expired consent=ok "
		  "notice=ok purpose=ok clocked-in=ok hours=ok factors=ok ") ==
	    0);
	CHECK(strstr(t.facts, "hired 2020-09-01, today 2026-03-02\n"));
	CHECK(strstr(t.facts, "born 2008-06-30, age 17, minimum 16\n"));
	CHECK(strstr(t.facts,
	    "minor, majority at 18, guardian's consent withdrawn, until "
	    "2026-06-29\n"));
	CHECK(strstr(t.facts, "open 06:30-22:00, now 12:00\n"));
	CHECK(strstr(t.facts, "needs pin+finger, pin; proven pin\n"));
}
