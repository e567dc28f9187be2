/*
 * A person agrees, or not: the notice in force is shown, the question asked,
 * and the answer recorded for what was shown and nothing else.
 */
#ifndef ATT_ATTENDD_AGREE_H
#define ATT_ATTENDD_AGREE_H

#include "attendd/dialogue.h"
#include "store/consent.h"

/* Show the short form of the notice in force. ATT_ABSENT: there is none. */
enum att_err agree_show(struct dialogue *d, struct store_notice *n) ATT_CHECKED;

/*
 * Ask for yes or no, in English or Chinese. ATT_ABSENT: nobody is there, or
 * nobody answered clearly; else dialogue_ask's errors.
 */
enum att_err agree_ask(struct dialogue *d, bool *agrees) ATT_CHECKED;

/*
 * Record *c, complete but for kind, as the answer to the notice n that was
 * shown; in the caller's transaction. ATT_ABSENT: another one is in force by
 * now, and nothing is recorded.
 */
enum att_err agree_record(struct dialogue *d, const struct store_by *by,
    const uint8_t person[VAULT_ID_LEN], const struct store_notice *n,
    bool agrees, struct store_consent *c) ATT_CHECKED;

/* What a purpose means to people, translated. */
const char *agree_purpose_text(enum store_purpose p);

#endif
