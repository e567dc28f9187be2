/* The checks behind the decision, in order. Internal to the gate. */
#ifndef ATT_GATE_CHECKS_H
#define ATT_GATE_CHECKS_H

#include "gate/gate.h"

/* What a check looked at, in words. */
#define GATE_FACT_MAX (2 * GATE_FACTORS_TEXT)
struct gate_fact {
	char text[GATE_FACT_MAX];
};

/*
 * One check: GATE_R_OK or its reason, whatever earlier checks found. t is
 * NULL when nobody wants the words.
 */
struct gate_check {
	const char *name;
	enum gate_reason (*look)(
	    const struct gate_facts *f, struct gate_fact *t);
};

#define GATE_CHECKS 14
extern const struct gate_check gate_checks[GATE_CHECKS];

#endif
