/*
 * Fingers that go with the consent to them. The store destroys them with the
 * event that ends it, in one transaction; what is left to do is to tidy up
 * behind it and to tell.
 */
#ifndef ATT_ADMIN_FORGET_H
#define ATT_ADMIN_FORGET_H

#include "admin/answer.h"

/* In the transaction, before the event: how many she has. */
enum att_err forget_count(struct dialogue *d, const struct store_employee *e,
    uint64_t *n) ATT_CHECKED;

/*
 * After the commit: if fewer are left than `before`, tidy and tell how many
 * went. Nothing else changes status; VERB_FAILED if the tidying has to wait.
 */
enum verb_status
forget_end(struct dialogue *d, const struct store_employee *e, uint64_t before);

#endif
