#include "directory/index.h"

#include <stdlib.h>

#define SLOTS_FIRST 16u
#define SLOTS_MAX   (1u << 27) /* a file of DIRECTORY_SIZE_MAX holds fewer */

static uint32_t
distance(const struct index *x, const struct index_slot *s, uint32_t at)
{
	return (at - (uint32_t)s->hash) & (x->slots - 1);
}

/* There is room: the caller saw to it. */
static void
put(struct index *x, struct index_slot s)
{
	const uint32_t mask = x->slots - 1;
	uint32_t at = (uint32_t)s.hash & mask;

	for (; x->slot[at].used; at = (at + 1) & mask) {
		struct index_slot *here = &x->slot[at];
		const struct index_slot richer = *here;

		if (distance(x, here, at) >= distance(x, &s, at))
			continue;
		*here = s;
		s = richer;
	}
	x->slot[at] = s;
}

static enum att_err
grow(struct index *x)
{
	struct index larger = { .slots = x->slots * 2, .n = x->n };

	if (x->slots >= SLOTS_MAX)
		return ATT_LIMIT;
	larger.slot = calloc(larger.slots, sizeof(*larger.slot));
	if (larger.slot == NULL)
		return ATT_NOMEM;
	for (uint32_t i = 0; i < x->slots; i++)
		if (x->slot[i].used)
			put(&larger, x->slot[i]);
	index_free(x);
	*x = larger;
	return ATT_OK;
}

enum att_err
index_new(struct index *out)
{
	struct index x = { .slots = SLOTS_FIRST };

	x.slot = calloc(x.slots, sizeof(*x.slot));
	if (x.slot == NULL)
		return ATT_NOMEM;
	*out = x;
	return ATT_OK;
}

void
index_free(struct index *x)
{
	free(x->slot);
	*x = (struct index){ 0 };
}

bool
index_find(const struct index *x, uint64_t hash, index_is *is, const void *ctx,
    uint32_t *number)
{
	const uint32_t mask = x->slots - 1;

	for (uint32_t at = (uint32_t)hash & mask; x->slot[at].used;
	     at = (at + 1) & mask) {
		const struct index_slot *s = &x->slot[at];

		if (s->hash != hash || !is(ctx, s->number))
			continue;
		*number = s->number;
		return true;
	}
	return false;
}

enum att_err
index_reserve(struct index *x)
{
	return x->n < x->slots / 4 * 3 ? ATT_OK : grow(x);
}

void
index_add(struct index *x, uint64_t hash, uint32_t number)
{
	put(x,
	    (struct index_slot){
		.hash = hash, .number = number, .used = true });
	x->n++;
}

uint32_t
index_longest(const struct index *x)
{
	uint32_t longest = 0;

	for (uint32_t at = 0; at < x->slots; at++) {
		const struct index_slot *s = &x->slot[at];

		if (s->used && distance(x, s, at) + 1 > longest)
			longest = distance(x, s, at) + 1;
	}
	return longest;
}

enum att_err
index_settle(struct index *x, uint32_t max)
{
	while (index_longest(x) > max) {
		enum att_err e = grow(x);

		if (e != ATT_OK)
			return e;
	}
	return ATT_OK;
}
