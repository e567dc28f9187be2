/* The sealed file by itself: a plain file in, a plain file out. */
#ifndef ATT_STORE_BACKUP_FILE_H
#define ATT_STORE_BACKUP_FILE_H

#include "store/backup.h"

/*
 * Seal the b->size bytes of `from` into `to`, and read them back. *trouble is
 * English. ATT_IO, ATT_NOMEM, ATT_CORRUPT: what was read back differs.
 */
enum att_err
backup_seal(const struct vault *v, const struct store_backup *b, int from,
    int to, const struct store_watch *w, const char **trouble) ATT_CHECKED;

/*
 * Open `from`, whose head is b, into `to`; -1: only look whether it opens.
 * hash: of what was in it. ATT_CORRUPT, ATT_IO, ATT_NOMEM.
 */
enum att_err backup_open(const struct vault *v, const struct store_backup *b,
    int from, int to, const struct store_watch *w, uint8_t hash[VAULT_HASH_LEN],
    const char **trouble) ATT_CHECKED;

#endif
