/*
 * What it takes that a finger is kept, wherever its samples come from:
 * consent that holds, a finger that is not enrolled yet, and that nobody else
 * has it. Functions that return a status have told why, unless it is
 * VERB_DONE.
 */
#ifndef ATT_ADMIN_ENROL_H
#define ATT_ADMIN_ENROL_H

#include "admin/answer.h"
#include "attendd/finger.h"

/* Of one finger, alike: to be taken, and to keep it at all. One sample shows a
 * part of it; thresholds are measured with three. */
#define ENROL_SAMPLES	    5
#define ENROL_SAMPLES_LEAST 3

/* --finger. VERB_USAGE with the names there are. */
enum verb_status
enrol_finger(struct dialogue *d, const struct verb_call *call, uint8_t *finger);

/* Whether there is consent to her fingers; VERB_REFUSED says who lacks what. */
enum verb_status
enrol_permitted(struct dialogue *d, const struct store_employee *e);

/*
 * Whose finger the command is about and which one, that there is consent to it
 * and, VERB_CONFLICT, that it is not enrolled yet.
 */
enum verb_status enrol_begin(struct dialogue *d, const struct verb_call *call,
    struct store_employee *e, uint8_t *finger);

/*
 * Seal and store t, in memory fit for it, as finger t->finger of e, unless
 * anybody's finger is like it (VERB_CONFLICT, on record about both) or the
 * consent is gone meanwhile. No transaction may be open. *f comes out.
 */
enum verb_status enrol_keep(struct dialogue *d, const struct store_employee *e,
    const struct bio_template *t, struct store_finger *f);

#endif
