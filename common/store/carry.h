/* What a restore brings along from the store that it takes the place of, beside
 * what keep.h hands on by a ledger: it was promised to stay. */
#ifndef ATT_STORE_CARRY_H
#define ATT_STORE_CARRY_H

#include "store/backup.h"

/*
 * Notices that were published since, disclosures since, and requests that are
 * open, from one store into a transaction of another. What cannot be read in
 * the one or does not fit into the other is counted and passed over; an error
 * is the other's.
 */
enum att_err carry_promised(struct store *from, struct store *to,
    const struct store_by *by, struct store_carried *n) ATT_CHECKED;

#endif
