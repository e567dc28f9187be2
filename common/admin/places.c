#include "admin/places.h"

#include <stdlib.h>
#include <string.h>

static bool
note_place(
    void *ctx, const uint8_t person[VAULT_ID_LEN], const struct store_finger *f)
{
	struct places *all = ctx;

	if (f->algorithm != FINGER_ALGORITHM)
		return true;
	if (all->n == all->cap) {
		size_t cap = all->cap > 0 ? 2 * all->cap : 64;
		struct place *more = reallocarray(all->at, cap, sizeof(*more));

		all->failed = more == NULL;
		if (all->failed)
			return false;
		all->at = more;
		all->cap = cap;
	}
	memcpy(all->at[all->n].person, person, VAULT_ID_LEN);
	all->at[all->n++].finger = f->finger;
	return true;
}

enum att_err
places_read(struct store *s, struct places *out)
{
	enum att_err e = store_finger_every(s, note_place, out);

	return e == ATT_OK && out->failed ? ATT_NOMEM : e;
}

void
places_free(struct places *p)
{
	free(p->at);
	*p = (struct places){ 0 };
}
