/*
 * What follows from the end of a consent. The store destroys fingers with the
 * event that ends it, in one transaction; what is left to do is to tell, to
 * tidy up behind them, and to bring the ledger up to what was said.
 */
#ifndef ATT_ADMIN_FORGET_H
#define ATT_ADMIN_FORGET_H

#include "admin/answer.h"

/* In the transaction, before the event: how many she has. */
enum att_err forget_count(struct dialogue *d, const struct store_employee *e,
    uint64_t *n) ATT_CHECKED;

/*
 * After the commit: tell how many went if fewer are left than `before`, and
 * finish what is due. VERB_FAILED if that has to wait.
 */
enum verb_status
forget_end(struct dialogue *d, const struct store_employee *e, uint64_t before);

#endif
