/* The steps of a tidying, see store_tidy. */
#ifndef ATT_STORE_TIDY_H
#define ATT_STORE_TIDY_H

#include "store/db.h"

/* Everything of the log into the file, and the log empty. ATT_TIMEOUT. */
enum att_err log_fold(struct store *s) ATT_CHECKED;

/* The whole ledger into buf of STORE_LEDGER_MAX bytes. ATT_LIMIT. */
enum att_err
ledger_compose(struct store *s, uint8_t *buf, size_t *len) ATT_CHECKED;

/* Write the ledger, in a write transaction: it is no older than the store. */
enum att_err ledger_write(struct store *s) ATT_CHECKED;

/* How many erasures the store knows of. */
enum att_err erasure_count(struct store *s, uint64_t *n) ATT_CHECKED;

/* Ids below these are not to be handed out any more. */
enum att_err
ids_used(struct store *s, uint32_t next_uid, uint32_t next_gid) ATT_CHECKED;

/*
 * Zero what no cell uses in every page of the file, through sqlite's own
 * handle. In a write transaction, with an empty log: nobody else writes the
 * file, and readers never look there. secure_delete zeroes cells that are
 * deleted, but not copies that stay behind where pages were rearranged.
 */
enum att_err scrub_pages(struct store *s) ATT_CHECKED;

#endif
