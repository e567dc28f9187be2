/*
 * An index of the directory file while it is being made: keys by their hash,
 * in the very slots they will have in the file, so that writing it out is a
 * walk. At most three quarters full; keys far from home displace those near to
 * it, so that the longest probe stays short.
 */
#ifndef ATT_DIRECTORY_INDEX_H
#define ATT_DIRECTORY_INDEX_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct index_slot {
	uint64_t hash;
	uint32_t number; /* what was added */
	bool used;
};

struct index {
	struct index_slot *slot; /* NULL: empty value */
	uint32_t slots; /* a power of two */
	uint32_t n;
};

/* Whether what was added as number is what is looked for. */
typedef bool index_is(const void *ctx, uint32_t number);

/* ATT_NOMEM. Released with index_free, which takes the empty value too. */
enum att_err index_new(struct index *out) ATT_CHECKED;
void index_free(struct index *x);

bool index_find(const struct index *x, uint64_t hash, index_is *is,
    const void *ctx, uint32_t *number);

/*
 * See to it that one more key has room. ATT_NOMEM, ATT_LIMIT: the index is as
 * before. Apart from index_add, so that a thing with two keys gets both or
 * none.
 */
enum att_err index_reserve(struct index *x) ATT_CHECKED;

/* For keys that were not found in it, after index_reserve. */
void index_add(struct index *x, uint64_t hash, uint32_t number);

/* The most slots a lookup has to look at to find any key. */
uint32_t index_longest(const struct index *x);

/* Make it larger until index_longest() is at most max. ATT_NOMEM, ATT_LIMIT. */
enum att_err index_settle(struct index *x, uint32_t max) ATT_CHECKED;

#endif
