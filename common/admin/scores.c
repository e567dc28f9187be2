#include "admin/scores.h"

#include <stdlib.h>

enum att_err
scores_room(struct scores *s, size_t cap)
{
	s->at = calloc(cap, sizeof(*s->at));
	s->cap = s->at != NULL ? cap : 0;
	return s->at != NULL ? ATT_OK : ATT_NOMEM;
}

void
scores_free(struct scores *s)
{
	free(s->at);
	*s = (struct scores){ 0 };
}

void
scores_add(struct scores *s, uint32_t score)
{
	if (s->n < s->cap)
		s->at[s->n++] = score;
}

static int
by_score(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

void
scores_sort(struct scores *s)
{
	qsort(s->at, s->n, sizeof(*s->at), by_score);
}

size_t
scores_from(const struct scores *s, uint32_t least)
{
	size_t n = 0;

	while (n < s->n && s->at[s->n - 1 - n] >= least)
		n++;
	return n;
}

struct scores_verdict
scores_judge(
    const struct scores *others, const struct scores *own, uint32_t raise)
{
	const uint32_t plain = bio_threshold(SCORES_ONE_IN, 1);
	struct scores_verdict v = { .in_force = plain + raise };
	uint32_t rarer;

	v.others_above = scores_from(others, v.in_force);
	v.own_below = own->n - scores_from(own, v.in_force);
	if (others->n < SCORES_LEAST)
		return v;
	rarer = (uint32_t)((uint64_t)SCORES_ONE_IN * SCORES_RANK / others->n);
	v.suggested = others->at[others->n - SCORES_RANK] + 1;
	if (rarer > 1) {
		v.suggested += bio_threshold(rarer, 1);
		v.beyond = rarer;
	}
	v.raise = v.suggested > plain ? v.suggested - plain : 0;
	return v;
}
