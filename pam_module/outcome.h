/*
 * What attendd decided, as the codes that libpam and its callers understand.
 * The only place where a verdict becomes a PAM code.
 */
#ifndef ATT_PAM_MODULE_OUTCOME_H
#define ATT_PAM_MODULE_OUTCOME_H

#include "base/verdict.h"

enum outcome_phase {
	OUTCOME_AUTHENTICATE,
	OUTCOME_ACCOUNT,
	OUTCOME_PRELIM, /* may the PIN be changed */
	OUTCOME_UPDATE, /* change it */
	OUTCOME_PHASES,
};

/*
 * The PAM code of a verdict about one of our people. Success only for
 * VERDICT_ALLOW, refusal for everything unlisted.
 */
int outcome_code(enum outcome_phase phase, enum att_verdict v);

#endif
