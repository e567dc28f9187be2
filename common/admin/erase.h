/* Erasing people for ever, however it was decided. */
#ifndef ATT_ADMIN_ERASE_H
#define ATT_ADMIN_ERASE_H

#include "admin/answer.h"
#include "store/keep.h"

/*
 * Erase in one change, publish without the person, and clean up behind.
 * VERB_DONE: erased, whole. VERB_FAILED with a message: nothing happened, or
 * erased and published or cleaned up later, which the message says.
 */
enum verb_status erase_person(struct dialogue *d,
    const struct store_employee *e, enum store_erase_reason reason);

/*
 * Clean up behind erasures and rotations, and write the ledger after refusals;
 * a message if it has to wait.
 */
enum verb_status erase_tidy(struct dialogue *d);

/*
 * Ask to type `word` again before what cannot be undone; --yes answers.
 * VERB_REFUSED: something else was typed.
 */
enum verb_status erase_confirm(struct dialogue *d, const struct verb_call *call,
    const char *question, const char *word);

#endif
