/* The steps of a tidying, see store_tidy. */
#ifndef ATT_STORE_TIDY_H
#define ATT_STORE_TIDY_H

#include "store/db.h"

/* Write the ledger file anew. */
enum att_err ledger_write(struct store *s) ATT_CHECKED;

/*
 * Zero what no cell uses in every page of the file, through sqlite's own
 * handle. In a write transaction, with an empty log: nobody else writes the
 * file, and readers never look there. secure_delete zeroes cells that are
 * deleted, but not copies that stay behind where pages were rearranged.
 */
enum att_err scrub_pages(struct store *s) ATT_CHECKED;

#endif
