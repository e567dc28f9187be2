/*
 * Minors whose data is here without a guardian's consent that holds: from the
 * moment this is so they are held, and when the site's grace is over they are
 * erased, see purge.
 */
#ifndef ATT_ADMIN_MINOR_H
#define ATT_ADMIN_MINOR_H

#include "attendd/dialogue.h"
#include "store/employee.h"

/*
 * In the transaction of a change that may have made it so, or mended it: begin
 * or lift the hold. *held_utc: since when, 0: not held.
 */
enum att_err minor_check(struct dialogue *d, const struct store_by *by,
    const struct store_employee *e, int64_t *held_utc) ATT_CHECKED;

/* Whether the person is a minor without a guardian's consent that holds. */
enum att_err minor_unguarded(struct dialogue *d, const struct store_employee *e,
    bool *unguarded) ATT_CHECKED;

/* Say what that means and what mends it; nothing for who is not held. */
void minor_tell(
    struct dialogue *d, const struct store_employee *e, int64_t held_utc);

/* When the grace of a hold is over. */
int64_t minor_due(const struct config *c, int64_t held_utc);

#endif
