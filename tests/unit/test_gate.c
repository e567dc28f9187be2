/* Whether somebody gets in: person, employment, lock, hours, proof. */
#include "gate_people.h"
#include "test.h"

#include <string.h>

TEST("an adult with consent and the right PIN gets in")
{
	struct gate_facts f = an_adult();
	struct gate_decision d = gate_decide(&f);

	CHECK(d.verdict == VERDICT_ALLOW);
	CHECK(d.reason == GATE_R_OK);
	CHECK(!d.askable);
}

TEST("zeroed facts let nobody in")
{
	struct gate_facts f = { 0 };

	CHECK(refuses(&f, GATE_R_UNKNOWN, VERDICT_UNKNOWN));
	f.known = true;
	CHECK(!lets_in(&f));
}

TEST("somebody the store does not know is refused as unknown")
{
	struct gate_facts f = an_adult();

	CHECK(lets_in(&f));
	f.known = false;
	CHECK(refuses(&f, GATE_R_UNKNOWN, VERDICT_UNKNOWN));
}

TEST("an erased person is refused as unknown")
{
	struct gate_facts f = an_adult();

	CHECK(lets_in(&f));
	f.erased = true;
	CHECK(refuses(&f, GATE_R_ERASED, VERDICT_UNKNOWN));
}

TEST("employment lets in from its first day on")
{
	struct gate_facts f = an_adult();

	f.hired_on = TOMORROW;
	CHECK(refuses(&f, GATE_R_NOT_YET_EMPLOYED, VERDICT_EXPIRED));
	f.hired_on = TODAY;
	CHECK(lets_in(&f));
	f.hired_on = (struct att_date){ 0 };
	CHECK(lets_in(&f));
}

TEST("the last day of work is a day of work")
{
	struct gate_facts f = an_adult();

	f.ended_on = YESTERDAY;
	CHECK(refuses(&f, GATE_R_EMPLOYMENT_ENDED, VERDICT_EXPIRED));
	f.ended_on = TODAY;
	CHECK(lets_in(&f));
	f.ended_on = TOMORROW;
	CHECK(lets_in(&f));
}

TEST("a suspended person is refused")
{
	struct gate_facts f = an_adult();

	CHECK(lets_in(&f));
	f.employment = GATE_SUSPENDED;
	CHECK(refuses(&f, GATE_R_SUSPENDED, VERDICT_EXPIRED));
}

TEST("a lock refuses until no second of it is left")
{
	struct gate_facts f = an_adult();

	f.lock_seconds = 1;
	CHECK(refuses(&f, GATE_R_LOCKED, VERDICT_LOCKED));
	f.lock_seconds = 0;
	CHECK(lets_in(&f));
}

TEST("who has not clocked in is refused where the site demands it")
{
	struct gate_facts f = an_adult();

	f.require_clocked_in = true;
	CHECK(refuses(&f, GATE_R_NOT_CLOCKED_IN, VERDICT_NOT_NOW));
	f.clocked_in = true;
	CHECK(lets_in(&f));
	f.require_clocked_in = false;
	f.clocked_in = false;
	CHECK(lets_in(&f));
}

TEST("hours let in from their first minute until before their last")
{
	static const struct {
		const char *what;
		uint16_t from, to, now;
		bool open;
	} cases[] = {
		{ "before", 480, 1080, 479, false },
		{ "first minute", 480, 1080, 480, true },
		{ "last minute", 480, 1080, 1079, true },
		{ "at closing", 480, 1080, 1080, false },
		{ "night: before", 1320, 360, 1319, false },
		{ "night: first minute", 1320, 360, 1320, true },
		{ "night: midnight", 1320, 360, 0, true },
		{ "night: last minute", 1320, 360, 359, true },
		{ "night: at closing", 1320, 360, 360, false },
		{ "until midnight", 1320, 0, 1439, true },
		{ "after midnight", 1320, 0, 0, false },
		{ "same: always", 480, 480, 0, true },
		{ "same: always, at that minute", 480, 480, 480, true },
		{ "no such minute", 480, 480, 1440, false },
		{ "no such opening", 1440, 480, 100, false },
		{ "no such closing", 480, 1440, 500, false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct gate_facts f = an_adult();

		f.open_minute = cases[i].from;
		f.close_minute = cases[i].to;
		f.minute_of_day = cases[i].now;
		CHECK(lets_in(&f));
		f.has_hours = true;
		if (cases[i].open)
			CHECK(lets_in(&f));
		else if (!test_check(
			     refuses(&f, GATE_R_OUTSIDE_HOURS, VERDICT_NOT_NOW),
			     __FILE__, __LINE__, cases[i].what))
			return;
	}
}

TEST("nothing proven is refused in authenticate and no matter in account")
{
	struct gate_facts f = an_adult();

	f.proven = 0;
	CHECK(refuses(&f, GATE_R_NOT_PROVEN, VERDICT_DENY));
	f.phase = GATE_ACCOUNT;
	CHECK(lets_in(&f));
	f.phase = (enum gate_phase)7;
	CHECK(refuses(&f, GATE_R_NOT_PROVEN, VERDICT_DENY));
}

TEST("every fact that makes no sense refuses")
{
	struct gate_facts f = an_adult();

	f.employment = (enum gate_employment)9;
	CHECK(refuses(&f, GATE_R_SUSPENDED, VERDICT_EXPIRED));
	f = an_adult();
	f.own.state = (enum gate_consent_state)9;
	CHECK(refuses(&f, GATE_R_CONSENT_WITHDRAWN, VERDICT_NO_CONSENT));
	f = a_minor();
	f.guardian.state = (enum gate_consent_state)9;
	CHECK(refuses(&f, GATE_R_GUARDIAN_CONSENT_MISSING, VERDICT_NO_CONSENT));
	f = an_adult();
	f.today = (struct att_date){ 0 };
	CHECK(refuses(&f, GATE_R_NOT_YET_EMPLOYED, VERDICT_EXPIRED));
	f = an_adult();
	f.hired_on = DAY(-1, 1, 1);
	CHECK(refuses(&f, GATE_R_NOT_YET_EMPLOYED, VERDICT_EXPIRED));
	f = an_adult();
	f.ended_on = DAY(2999, 1, 1);
	CHECK(refuses(&f, GATE_R_EMPLOYMENT_ENDED, VERDICT_EXPIRED));
	f = an_adult();
	f.born_on = DAY(1990, 2, 30);
	f.allow_unknown_birth = true;
	CHECK(refuses(&f, GATE_R_BIRTH_UNKNOWN, VERDICT_NOT_NOW));
	f = a_minor();
	f.guardian.until = DAY(2027, 13, 1);
	CHECK(refuses(&f, GATE_R_GUARDIAN_CONSENT_EXPIRED, VERDICT_NO_CONSENT));
	f = an_adult();
	f.wanted.n = GATE_ALTERNATIVES_MAX + 1;
	CHECK(refuses(&f, GATE_R_NOT_PROVEN, VERDICT_DENY));
}

TEST("every reason has its own id, and only unspoken ones lack a message")
{
	for (int i = 0; i < GATE_REASON_COUNT; i++) {
		enum gate_reason r = (enum gate_reason)i;
		bool unspoken = r == GATE_R_OK || r == GATE_R_UNKNOWN ||
		    r == GATE_R_ERASED || r == GATE_R_NOT_PROVEN;

		CHECK((gate_reason_message(r) == NULL) == unspoken);
		for (int j = 0; j < i; j++)
			CHECK(strcmp(gate_reason_id(r),
				  gate_reason_id((enum gate_reason)j)) != 0);
	}
	CHECK(strcmp(gate_reason_id(GATE_REASON_COUNT), "not-proven") == 0);
	CHECK(
	    strcmp(gate_reason_id((enum gate_reason) - 1), "not-proven") == 0);
	CHECK(gate_reason_message(GATE_REASON_COUNT) == NULL);
}
