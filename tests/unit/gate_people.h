/*
 * People for the tests of the gate: each gets in at noon, and a test changes
 * one thing about one of them.
 */
#ifndef ATT_TESTS_GATE_PEOPLE_H
#define ATT_TESTS_GATE_PEOPLE_H

#include "gate/gate.h"

#define DAY(y, m, d) ((struct att_date){ (y), (m), (d) })
#define TODAY	     DAY(2026, 3, 2)
#define YESTERDAY    DAY(2026, 3, 1)
#define TOMORROW     DAY(2026, 3, 3)
#define NOON	     (12 * 60)

/* An adult who agreed to the notice in force and has proven the PIN. */
static inline struct gate_facts
an_adult(void)
{
	return (struct gate_facts){
		.now_utc = 1772452800,
		.today = TODAY,
		.minute_of_day = NOON,
		.known = true,
		.employment = GATE_EMPLOYED,
		.hired_on = DAY(2020, 9, 1),
		.born_on = DAY(1990, 5, 17),
		.own = { GATE_CONSENT_GIVEN, 3, YESTERDAY },
		.majority = 18,
		.minimum_age = 16,
		.notice_major = 3,
		.phase = GATE_AUTHENTICATE,
		.wanted = { 2, { GATE_PIN | GATE_FINGER, GATE_PIN } },
		.proven = GATE_PIN,
	};
}

/* Seventeen years old; the guardian agreed, and was the only one asked. */
static inline struct gate_facts
a_minor(void)
{
	struct gate_facts f = an_adult();

	f.born_on = DAY(2008, 6, 30);
	f.own = (struct gate_consent){ 0 };
	f.guardian = (struct gate_guardian){ .state = GATE_CONSENT_GIVEN,
		.major = 3,
		.until = DAY(2026, 6, 29) };
	return f;
}

static inline bool
lets_in(const struct gate_facts *f)
{
	return gate_decide(f).verdict == VERDICT_ALLOW;
}

/* Whether the reason is this one, with the verdict that belongs to it. */
static inline bool
refuses(const struct gate_facts *f, enum gate_reason reason,
    enum att_verdict verdict)
{
	struct gate_decision d = gate_decide(f);

	return d.reason == reason && d.verdict == verdict;
}

#endif
