/* Whose consent carries a login, for how long, and what can be asked. */
#include "gate_people.h"
#include "test.h"

#include <string.h>

TEST("a minor with the guardian's consent gets in")
{
	struct gate_facts f = a_minor();

	CHECK(gate_is_minor(&f));
	CHECK(lets_in(&f));
}

TEST("only a guardian's given consent carries a minor")
{
	static const struct {
		enum gate_consent_state state;
		enum gate_reason reason;
	} cases[] = {
		{ GATE_CONSENT_NONE, GATE_R_GUARDIAN_CONSENT_MISSING },
		{ GATE_CONSENT_REFUSED, GATE_R_GUARDIAN_CONSENT_MISSING },
		{ GATE_CONSENT_WITHDRAWN, GATE_R_GUARDIAN_CONSENT_EXPIRED },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct gate_facts f = a_minor();

		f.guardian.state = cases[i].state;
		CHECK(refuses(&f, cases[i].reason, VERDICT_NO_CONSENT));
		CHECK(!gate_decide(&f).askable);
	}
}

TEST("a minor's own consent does not help")
{
	struct gate_facts f = a_minor();

	f.own = (struct gate_consent){ GATE_CONSENT_GIVEN, 3, YESTERDAY };
	CHECK(lets_in(&f));
	f.guardian.state = GATE_CONSENT_NONE;
	CHECK(refuses(&f, GATE_R_GUARDIAN_CONSENT_MISSING, VERDICT_NO_CONSENT));
}

TEST("a minor's own withdrawal does not undo the guardian's consent")
{
	struct gate_facts f = a_minor();

	f.own = (struct gate_consent){ GATE_CONSENT_WITHDRAWN, 3, YESTERDAY };
	CHECK(lets_in(&f));
}

TEST("a guardian's consent holds on its last day and not after")
{
	struct gate_facts f = a_minor();

	f.guardian.until = TODAY;
	CHECK(lets_in(&f));
	f.guardian.until = YESTERDAY;
	CHECK(refuses(&f, GATE_R_GUARDIAN_CONSENT_EXPIRED, VERDICT_NO_CONSENT));
	CHECK(!gate_decide(&f).askable);
	f.guardian.until = (struct att_date){ 0 };
	CHECK(lets_in(&f));
}

TEST("a guardian's consent lapses on the eighteenth birthday")
{
	struct gate_facts f = a_minor();

	f.guardian.until = (struct att_date){ 0 };
	f.today = DAY(2026, 6, 29);
	CHECK(lets_in(&f));
	f.today = DAY(2026, 6, 30);
	CHECK(refuses(&f, GATE_R_CONSENT_MISSING, VERDICT_NO_CONSENT));
	CHECK(gate_decide(&f).askable);
	f.own = (struct gate_consent){ GATE_CONSENT_GIVEN, 3, f.today };
	CHECK(lets_in(&f));
}

TEST("what somebody agreed to under age never counts, from majority on it does")
{
	static const struct {
		struct att_date born, day; /* the first that counts */
	} cases[] = {
		{ { 2004, 6, 30 }, { 2022, 6, 30 } },
		{ { 2004, 2, 29 }, { 2022, 3, 1 } },
		{ { 2006, 3, 1 }, { 2024, 3, 1 } },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct gate_facts f = an_adult();
		struct att_date eve = cases[i].day;

		eve.month--;
		eve.day = 28;
		f.born_on = cases[i].born;
		f.own.on = cases[i].day;
		CHECK(lets_in(&f));
		f.own.on = eve;
		CHECK(refuses(&f, GATE_R_CONSENT_MISSING, VERDICT_NO_CONSENT));
		CHECK(gate_decide(&f).askable);
		f.own.major = 2;
		CHECK(refuses(&f, GATE_R_CONSENT_MISSING, VERDICT_NO_CONSENT));
		f.own.on = (struct att_date){ 0 };
		CHECK(!lets_in(&f));
	}
}

TEST("it is the site's majority from which an own consent counts")
{
	struct gate_facts f = an_adult();

	f.majority = 20;
	f.born_on = DAY(2004, 6, 30);
	f.own.on = DAY(2024, 6, 29);
	CHECK(refuses(&f, GATE_R_CONSENT_MISSING, VERDICT_NO_CONSENT));
	f.own.on = DAY(2024, 6, 30);
	CHECK(lets_in(&f));
}

TEST("what somebody withdrew or declined under age is still a no")
{
	struct gate_facts f = an_adult();

	f.own.on = DAY(2000, 1, 1);
	f.own.state = GATE_CONSENT_WITHDRAWN;
	CHECK(refuses(&f, GATE_R_CONSENT_WITHDRAWN, VERDICT_NO_CONSENT));
	CHECK(!gate_decide(&f).askable);
	f.own.state = GATE_CONSENT_REFUSED;
	CHECK(refuses(&f, GATE_R_CONSENT_DECLINED, VERDICT_NO_CONSENT));
}

TEST("a guardian's outdated consent refuses a minor who cannot mend it")
{
	struct gate_facts f = a_minor();

	f.guardian.major = 2;
	CHECK(refuses(&f, GATE_R_NOTICE_CHANGED, VERDICT_NO_CONSENT));
	CHECK(!gate_decide(&f).askable);
	f.account_follows = true;
	CHECK(refuses(&f, GATE_R_NOTICE_CHANGED, VERDICT_NO_CONSENT));
	f.guardian.major = 3;
	CHECK(lets_in(&f));
}

TEST("an adult gets in only with a given consent")
{
	static const struct {
		enum gate_consent_state state;
		enum gate_reason reason;
		bool askable;
	} cases[] = {
		{ GATE_CONSENT_NONE, GATE_R_CONSENT_MISSING, true },
		{ GATE_CONSENT_REFUSED, GATE_R_CONSENT_DECLINED, true },
		{ GATE_CONSENT_WITHDRAWN, GATE_R_CONSENT_WITHDRAWN, false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct gate_facts f = an_adult();

		CHECK(lets_in(&f));
		f.own.state = cases[i].state;
		CHECK(refuses(&f, cases[i].reason, VERDICT_NO_CONSENT));
		CHECK(gate_decide(&f).askable == cases[i].askable);
	}
}

TEST("a consent is good until a newer major notice is in force")
{
	struct gate_facts f = an_adult();

	f.own.major = 2;
	CHECK(refuses(&f, GATE_R_NOTICE_CHANGED, VERDICT_NO_CONSENT));
	CHECK(gate_decide(&f).askable);
	f.own.major = 3;
	CHECK(lets_in(&f));
	f.own.major = 4;
	CHECK(lets_in(&f));
}

TEST("a consent that names no notice refuses, and nothing can be asked")
{
	struct gate_facts f = an_adult();

	f.notice_major = 0;
	CHECK(lets_in(&f));
	f.own.major = 0;
	CHECK(refuses(&f, GATE_R_NOTICE_CHANGED, VERDICT_NO_CONSENT));
	CHECK(!gate_decide(&f).askable);
	f.own.state = GATE_CONSENT_NONE;
	f.account_follows = true;
	CHECK(refuses(&f, GATE_R_CONSENT_MISSING, VERDICT_NO_CONSENT));
	CHECK(!gate_decide(&f).askable);
	f.notice_major = 1;
	CHECK(lets_in(&f));
}

TEST("authenticate leaves to account what account can ask, and no more")
{
	static const struct {
		enum gate_consent_state state;
		uint32_t major;
		bool left;
	} cases[] = {
		{ GATE_CONSENT_NONE, 0, true },
		{ GATE_CONSENT_REFUSED, 3, true },
		{ GATE_CONSENT_GIVEN, 2, true },
		{ GATE_CONSENT_WITHDRAWN, 3, false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct gate_facts f = an_adult();

		f.own = (struct gate_consent){ cases[i].state, cases[i].major,
			YESTERDAY };
		CHECK(!lets_in(&f));
		f.account_follows = true;
		CHECK(lets_in(&f) == cases[i].left);
		f.phase = GATE_ACCOUNT;
		CHECK(!lets_in(&f));
	}
}

TEST("what authenticate leaves to account does not stop the later checks")
{
	struct gate_facts f = an_adult();

	f.own.state = GATE_CONSENT_NONE;
	f.account_follows = true;
	CHECK(lets_in(&f));
	f.require_clocked_in = true;
	CHECK(refuses(&f, GATE_R_NOT_CLOCKED_IN, VERDICT_NOT_NOW));
	f.clocked_in = true;
	f.proven = 0;
	CHECK(refuses(&f, GATE_R_NOT_PROVEN, VERDICT_DENY));
}

TEST("a guardian's missing consent is not left to account")
{
	struct gate_facts f = a_minor();

	f.guardian.state = GATE_CONSENT_NONE;
	f.account_follows = true;
	CHECK(refuses(&f, GATE_R_GUARDIAN_CONSENT_MISSING, VERDICT_NO_CONSENT));
}

TEST("a finger or a face counts only with a consent for that purpose")
{
	struct gate_facts f = an_adult();

	f.proven = GATE_PIN | GATE_FINGER;
	CHECK(refuses(&f, GATE_R_FACTOR_NOT_CONSENTED, VERDICT_NO_CONSENT));
	CHECK(!gate_decide(&f).askable);
	f.own_face = (struct gate_consent){ GATE_CONSENT_GIVEN, 3, YESTERDAY };
	CHECK(refuses(&f, GATE_R_FACTOR_NOT_CONSENTED, VERDICT_NO_CONSENT));
	f.own_finger =
	    (struct gate_consent){ GATE_CONSENT_GIVEN, 3, YESTERDAY };
	CHECK(lets_in(&f));
	f.proven = GATE_PIN | GATE_FACE;
	CHECK(lets_in(&f));
	f.own_face.state = GATE_CONSENT_WITHDRAWN;
	CHECK(refuses(&f, GATE_R_FACTOR_NOT_CONSENTED, VERDICT_NO_CONSENT));
	f.proven = GATE_PIN;
	CHECK(lets_in(&f));
}

TEST("a consent for a purpose is outdated by a newer major notice")
{
	struct gate_facts f = an_adult();

	f.proven = GATE_PIN | GATE_FINGER;
	f.own_finger =
	    (struct gate_consent){ GATE_CONSENT_GIVEN, 2, YESTERDAY };
	CHECK(refuses(&f, GATE_R_FACTOR_NOT_CONSENTED, VERDICT_NO_CONSENT));
	f.own_finger.major = 3;
	CHECK(lets_in(&f));
}

TEST("a minor's finger needs the guardian's consent for it")
{
	struct gate_facts f = a_minor();

	f.proven = GATE_PIN | GATE_FINGER;
	f.own_finger =
	    (struct gate_consent){ GATE_CONSENT_GIVEN, 3, YESTERDAY };
	CHECK(refuses(&f, GATE_R_FACTOR_NOT_CONSENTED, VERDICT_NO_CONSENT));
	f.guardian_finger = f.guardian;
	CHECK(lets_in(&f));
	f.guardian_finger.until = YESTERDAY;
	CHECK(refuses(&f, GATE_R_FACTOR_NOT_CONSENTED, VERDICT_NO_CONSENT));
	f.guardian_finger.until = TODAY;
	CHECK(lets_in(&f));
}

TEST("a guardian's consent for a finger lapses on the eighteenth birthday")
{
	struct gate_facts f = a_minor();

	f.today = DAY(2026, 6, 30);
	f.own = (struct gate_consent){ GATE_CONSENT_GIVEN, 3, f.today };
	f.guardian_finger =
	    (struct gate_guardian){ .state = GATE_CONSENT_GIVEN, .major = 3 };
	f.proven = GATE_PIN | GATE_FINGER;
	CHECK(refuses(&f, GATE_R_FACTOR_NOT_CONSENTED, VERDICT_NO_CONSENT));
	f.own_finger = (struct gate_consent){ GATE_CONSENT_GIVEN, 3, f.today };
	CHECK(lets_in(&f));
	f.own_finger.on = DAY(2026, 6, 29);
	CHECK(refuses(&f, GATE_R_FACTOR_NOT_CONSENTED, VERDICT_NO_CONSENT));
}
