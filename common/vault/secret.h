/*
 * Secrets: PINs, keys and templates live here from the first byte read to the
 * wipe. The memory is guarded, locked (checked: unlocked is not an answer),
 * left out of core dumps and wiped when freed. A secret has no printer and no
 * copy function.
 */
#ifndef ATT_VAULT_SECRET_H
#define ATT_VAULT_SECRET_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct att_secret { /* owned by whoever made it */
	uint8_t *at;
	size_t len;
};

/* ATT_NOMEM if the memory cannot be had or cannot be locked. */
enum att_err att_secret_new(struct att_secret *s, size_t len) ATT_CHECKED;

/* Compare len bytes in constant time. */
bool att_secret_same(const void *a, const void *b, size_t len);

/* Wipe and free; the empty secret is accepted. */
void att_secret_free(struct att_secret *s);

#define ATT_AUTO_SECRET __attribute__((cleanup(att_secret_free)))

#endif
