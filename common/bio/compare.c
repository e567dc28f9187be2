#include "bio/steps.h"

/* Fewer kept pairs cannot lay one print over the other. */
#define KEPT_MIN 3

/* As if so many minutiae more could have fallen together. */
#define COVERED_ADD 8

#define SCORE_SCALE 1000

static void
spread_out(const struct bio_print *p, struct bio_spot spot[BIO_PRINT_MAX])
{
	for (unsigned i = 0; i < p->n; i++) {
		const struct bio_block *b = &p->block[i / BIO_LANES];
		const unsigned lane = i % BIO_LANES;

		spot[i] =
		    (struct bio_spot){ b->x[lane], b->y[lane], b->angle[lane] };
	}
}

uint32_t
bio_compare(const struct bio_kernel *k, const struct bio_probe *p,
    const struct bio_print *g, struct bio_work *w)
{
	uint64_t together, support;
	uint32_t covered;

	spread_out(&p->print, w->one);
	spread_out(g, w->other);
	k->likeness(p, g, w->likeness);
	bio_find_pairs(p, g, w);
	if (w->kept < KEPT_MIN)
		return 0;
	bio_lay(w, p->print.n);
	together = bio_fall_together(p, g, w, &covered);
	support = bio_root((uint64_t)bio_support_kept(w) << 8);
	return (uint32_t)(together * support * SCORE_SCALE /
	    ((bio_root((uint64_t)covered << 8) + COVERED_ADD * 16) *
		(uint64_t)BIO_LIKENESS_MAX * 16));
}

uint32_t
bio_fuse(const uint32_t *scores, size_t n)
{
	uint32_t best = scores[0], second = 0;

	if (n == 1)
		return best;
	for (size_t i = 1; i < n; i++) {
		if (scores[i] > best) {
			second = best;
			best = scores[i];
		} else if (scores[i] > second) {
			second = scores[i];
		}
	}
	return (2 * best + second) / 3;
}
