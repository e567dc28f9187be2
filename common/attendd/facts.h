/* From the store and the configuration to the facts the gate decides on. */
#ifndef ATT_ATTENDD_FACTS_H
#define ATT_ATTENDD_FACTS_H

#include "attendd/config.h"
#include "gate/gate.h"
#include "store/consent.h"
#include "store/employee.h"

/*
 * Everything about one person at one moment, for the phase `account`; the
 * caller sets phase, account_follows and proven for another question.
 *
 * e        the person, NULL when unknown
 * service  PAM service, for the factor expression
 * now      the moment; to ask about another time change utc only
 *
 * Errors are the store's; *out is then unchanged.
 */
enum att_err facts_gather(struct store *s, const struct config *c,
    const struct store_employee *e, const char *service,
    const struct att_now *now, struct gate_facts *out) ATT_CHECKED;

/* The same for an expression that no service of the configuration need have. */
enum att_err facts_gather_for(struct store *s, const struct config *c,
    const struct store_employee *e, const struct gate_factors *wanted,
    const struct att_now *now, struct gate_facts *out) ATT_CHECKED;

/*
 * Whether a purpose is agreed to, by whoever answers for the person on the
 * day of the facts, and that holds (gate_agreed). to: the purpose, and of a
 * disclosure the recipient and the aim; no more of it is looked at.
 */
enum att_err facts_agreed(struct store *s, const struct gate_facts *f,
    const struct store_employee *e, const struct store_consent *to, bool *yes)
    ATT_CHECKED;

#endif
