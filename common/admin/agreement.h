/*
 * Recording an answer to the notice in force: the person's own and the
 * guardian's go the same way.
 */
#ifndef ATT_ADMIN_AGREEMENT_H
#define ATT_ADMIN_AGREEMENT_H

#include "admin/answer.h"

/*
 * Put the hash of the paper that came along into *c, if the command names
 * one, and say how the answer was given.
 */
enum verb_status agreement_paper(
    struct dialogue *d, const struct verb_call *call, struct store_consent *c);

/*
 * Put --recipient and --for into *c: needed for a disclosure and for nothing
 * else. c->purpose is set already. VERB_USAGE.
 */
enum verb_status agreement_recipient(
    struct dialogue *d, const struct verb_call *call, struct store_consent *c);

/*
 * Record *c for the person, and tell what was recorded. *c holds everything
 * that store_consent_record asks for.
 */
enum verb_status agreement_record(struct dialogue *d,
    const struct store_employee *e, const char *lang, struct store_consent *c);

#endif
