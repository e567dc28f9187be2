/* Ages: the minimum for work, the day of majority, who counts as a minor. */
#include "gate_people.h"
#include "test.h"

TEST("the minimum working age is reached on the birthday")
{
	struct gate_facts f = a_minor();

	f.born_on = DAY(2010, 3, 3);
	CHECK(refuses(&f, GATE_R_UNDER_MINIMUM_AGE, VERDICT_NOT_NOW));
	f.born_on = DAY(2010, 3, 2);
	CHECK(lets_in(&f));
}

TEST("majority is reached on the birthday")
{
	struct gate_facts f = an_adult();

	f.born_on = DAY(2008, 3, 3);
	CHECK(gate_is_minor(&f));
	CHECK(refuses(&f, GATE_R_GUARDIAN_CONSENT_MISSING, VERDICT_NO_CONSENT));
	f.born_on = DAY(2008, 3, 2);
	f.own.on = TODAY;
	CHECK(!gate_is_minor(&f));
	CHECK(lets_in(&f));
}

TEST("somebody born on 29 February comes of age on 1 March")
{
	struct gate_facts f = an_adult();

	f.born_on = DAY(2008, 2, 29);
	f.today = DAY(2026, 2, 28);
	CHECK(gate_is_minor(&f));
	CHECK(refuses(&f, GATE_R_GUARDIAN_CONSENT_MISSING, VERDICT_NO_CONSENT));
	f.today = DAY(2026, 3, 1);
	CHECK(!gate_is_minor(&f));
	CHECK(lets_in(&f));
}

TEST("in a leap year 29 February is a birthday")
{
	struct gate_facts f = an_adult();

	f.born_on = DAY(2008, 2, 29);
	f.majority = 20;
	f.today = DAY(2028, 2, 28);
	CHECK(gate_is_minor(&f));
	f.today = f.own.on = DAY(2028, 2, 29);
	CHECK(!gate_is_minor(&f));
	CHECK(lets_in(&f));
}

TEST("a site may raise the age of majority but not lower it")
{
	struct gate_facts f = an_adult();

	f.born_on = DAY(2007, 3, 2); /* nineteen today */
	CHECK(lets_in(&f));
	f.majority = 20;
	CHECK(gate_majority(&f) == 20);
	CHECK(refuses(&f, GATE_R_GUARDIAN_CONSENT_MISSING, VERDICT_NO_CONSENT));
	f.majority = 19;
	f.own.on = TODAY;
	CHECK(lets_in(&f));

	f.born_on = DAY(2009, 3, 2); /* seventeen today */
	f.majority = 16;
	CHECK(gate_majority(&f) == 18);
	CHECK(refuses(&f, GATE_R_GUARDIAN_CONSENT_MISSING, VERDICT_NO_CONSENT));
	f.majority = 0;
	CHECK(gate_is_minor(&f));
	f.majority = UINT32_MAX;
	f.born_on = DAY(1900, 1, 1);
	CHECK(gate_is_minor(&f));
}

TEST("an unknown birth date refuses unless the site says otherwise")
{
	struct gate_facts f = an_adult();

	f.born_on = (struct att_date){ 0 };
	CHECK(gate_is_minor(&f));
	CHECK(refuses(&f, GATE_R_BIRTH_UNKNOWN, VERDICT_NOT_NOW));
	f.allow_unknown_birth = true;
	CHECK(!gate_is_minor(&f));
	CHECK(lets_in(&f));
}

TEST("somebody whose birth date is allowed unknown needs an own consent")
{
	struct gate_facts f = a_minor();

	f.born_on = (struct att_date){ 0 };
	f.allow_unknown_birth = true;
	CHECK(refuses(&f, GATE_R_CONSENT_MISSING, VERDICT_NO_CONSENT));
	f.own = (struct gate_consent){ GATE_CONSENT_GIVEN, 3, { 0 } };
	CHECK(lets_in(&f));
}

TEST("somebody not born yet is refused even without a minimum age")
{
	struct gate_facts f = a_minor();

	f.minimum_age = 0;
	f.born_on = TOMORROW;
	CHECK(gate_is_minor(&f));
	CHECK(refuses(&f, GATE_R_UNDER_MINIMUM_AGE, VERDICT_NOT_NOW));
	f.born_on = TODAY;
	CHECK(lets_in(&f));
}
