#include "bio/threshold.h"

/* BIO_SCORE_DECADE for the logarithm to base 2, in 1/256: 300 * log10(2). */
#define SCORE_DOUBLING 23119

/*
 * The logarithm to base 2 in 1/256, at most 1/11 too small: between powers it
 * is taken as straight.
 */
static uint32_t
log2_of(uint64_t v)
{
	const unsigned whole = 63 - (unsigned)__builtin_clzll(v);
	const uint64_t rest = v - ((uint64_t)1 << whole);

	return whole * 256 + (uint32_t)((rest << 8) >> whole);
}

uint32_t
bio_threshold(uint32_t one_in, uint32_t fingers)
{
	const uint64_t rarity =
	    (uint64_t)(one_in > 0 ? one_in : 1) * (fingers > 0 ? fingers : 1);

	return (uint32_t)((uint64_t)log2_of(rarity) * SCORE_DOUBLING / 65536);
}
