/* The site key that a store is sealed under, and replacing it. */
#ifndef ATT_STORE_SITE_KEY_H
#define ATT_STORE_SITE_KEY_H

#include "store/db.h"

/*
 * Make s->vault the store's: the first site key that opens a new store is its
 * key from then on; one that replaces it counts from the commit on, wherever
 * its file is. ATT_CORRUPT: sealed under another.
 */
enum att_err site_key_check(struct store *s) ATT_CHECKED;

/* The same for a store that had its key. ATT_CORRUPT: nothing has changed. */
enum att_err site_key_follow(struct store *s) ATT_CHECKED;

/*
 * Put a site key that the store has gone over to in its file's place, if it is
 * not yet. In a transaction: nobody else may be at it.
 */
enum att_err site_key_settle(struct store *s) ATT_CHECKED;

#endif
