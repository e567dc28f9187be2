/*
 * The steps of the second stage, see compare.h; for common/bio only. Each reads
 * what those before it left in the work.
 */
#ifndef ATT_BIO_STEPS_H
#define ATT_BIO_STEPS_H

#include "bio/compare.h"
#include "bio/geometry.h"

/*
 * The likeliest pairs, how they support each other, their strength once that
 * has spread, and the strongest that agree, one to one.
 */
void bio_find_pairs(
    const struct bio_probe *p, const struct bio_print *g, struct bio_work *w);

/* How much the kept pairs support each other, in 255ths. */
uint32_t bio_support_kept(const struct bio_work *w);

/* Lay the probe's n minutiae over the print by the kept pairs, one or more. */
void bio_lay(struct bio_work *w, unsigned n);

/*
 * The worth of what falls together, one to one, BIO_LIKENESS_MAX and a little
 * for a perfect pair; and of the minutiae that could have, probe's by print's.
 */
uint32_t bio_fall_together(const struct bio_probe *p, const struct bio_print *g,
    struct bio_work *w, uint32_t *covered);

/* 1 - (off / limit)^2 in 256ths; off is less than limit. */
static inline uint32_t
bio_falling(int32_t off, int32_t limit)
{
	const uint32_t part = (uint32_t)(off * 256 / limit);

	return (65536 - part * part) >> 8;
}

#endif
