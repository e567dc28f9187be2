#include "admin/alike.h"

#include "bio/threshold.h"

static unsigned
group_size(const struct alike *a, unsigned seed)
{
	unsigned size = 0;

	for (unsigned i = 0; i < a->n; i++)
		size += a->like[seed][i];
	return size;
}

static void
find_group(struct alike *a)
{
	for (unsigned i = 0; i < a->n; i++) {
		const unsigned size = group_size(a, i);

		if (size <= a->group)
			continue;
		a->group = size;
		a->seed = i;
	}
}

enum att_err
alike_add(
    struct alike *a, const struct bio_sample *s, struct bio_search *search)
{
	const struct bio_kernel *k = bio_kernel_best();
	const uint32_t least = bio_threshold(ALIKE_ONE_IN, 1);
	const unsigned new = a->n;
	enum att_err e;

	if (new >= ALIKE_MAX)
		return ATT_LIMIT;
	e = bio_print_make(s, &a->print[new]);
	if (e != ATT_OK)
		return e;
	a->sample[new] = *s;
	a->like[new][new] = true;
	bio_probe_of(&a->print[new], &a->probe);
	for (unsigned i = 0; i < new; i++)
		a->like[i][new] = a->like[new][i] =
		    bio_verify(k, &a->probe, &a->print[i], 1, search) >= least;
	a->n++;
	find_group(a);
	return ATT_OK;
}

void
alike_take(const struct alike *a, struct bio_template *t)
{
	t->n = 0;
	for (unsigned i = 0; i < a->n && t->n < BIO_SAMPLES_MAX; i++)
		if (a->like[a->seed][i])
			t->sample[t->n++] = a->sample[i];
}
