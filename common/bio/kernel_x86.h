/*
 * What the AVX2 and AVX-512 kernels have in common: from counts of shared bits
 * to likenesses, and the walk over minutiae and blocks. Whoever includes it
 * defines X86, the instructions it may use, before.
 */
#ifndef ATT_BIO_KERNEL_X86_H
#define ATT_BIO_KERNEL_X86_H

#include "bio/kernel.h"

#include <immintrin.h>

#ifndef X86
#define X86 __attribute__((target("avx2")))
#endif
#define X86_INLINE X86 __attribute__((always_inline)) static inline

/* Minutiae of the probe that share the work on a block. */
#define ROWS 4

/*
 * The bits that the codes of ROWS minutiae share with each of a block, one
 * byte a lane, at most 255.
 */
typedef void x86_shared(const uint8_t (*code)[BIO_CODE_LEN],
    const struct bio_block *b, __m256i sum[ROWS]);

/* Sixteen likenesses of sixteen counts of shared bits. */
X86_INLINE __m256i
likeness_of(__m128i counts, const uint16_t *weight, uint16_t own)
{
	const __m256i part = _mm256_mulhi_epu16(
	    _mm256_slli_epi16(_mm256_cvtepu8_epi16(counts), 7),
	    _mm256_loadu_si256((const __m256i *)weight));

	return _mm256_srli_epi16(_mm256_mulhi_epu16(_mm256_slli_epi16(part, 2),
				     _mm256_set1_epi16((short)own)),
	    2);
}

struct row {
	__m256i first, second; /* sixteen lanes each */
};

X86_INLINE struct row
row_of(__m256i sum, const struct bio_block *b, uint16_t own)
{
	return (struct row){
		likeness_of(_mm256_castsi256_si128(sum), b->weight, own),
		likeness_of(
		    _mm256_extracti128_si256(sum, 1), b->weight + 16, own),
	};
}

/*
 * The greatest likeness of a row with its lane counted down in the five bits
 * below, so that the first of equals is the greatest.
 */
X86_INLINE unsigned
greatest(struct row row)
{
	const __m256i lanes = _mm256_setr_epi16(
	    31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16);
	const __m256i both = _mm256_max_epu16(
	    _mm256_or_si256(_mm256_slli_epi16(row.first, 5), lanes),
	    _mm256_or_si256(_mm256_slli_epi16(row.second, 5),
		_mm256_sub_epi16(lanes, _mm256_set1_epi16(16))));
	const __m128i eight = _mm_max_epu16(
	    _mm256_castsi256_si128(both), _mm256_extracti128_si256(both, 1));
	/* there is an instruction for the least of eight only */
	const __m128i least =
	    _mm_minpos_epu16(_mm_xor_si128(eight, _mm_set1_epi16(-1)));

	return 0xffff & ~(unsigned)_mm_extract_epi16(least, 0);
}

X86_INLINE void
x86_likeness(x86_shared *shared, const struct bio_probe *p,
    const struct bio_print *g, uint16_t out[BIO_PRINT_MAX][BIO_PRINT_MAX])
{
	__m256i sum[ROWS];

	for (unsigned i = 0; i < p->print.n; i += ROWS) {
		for (unsigned b = 0; b < g->blocks; b++) {
			shared(&p->code[i], &g->block[b], sum);
			for (unsigned r = 0; r < ROWS; r++) {
				const struct row row = row_of(
				    sum[r], &g->block[b], p->weight[i + r]);
				__m256i *at =
				    (__m256i *)(out[i + r] + b * BIO_LANES);

				_mm256_storeu_si256(at, row.first);
				_mm256_storeu_si256(at + 1, row.second);
			}
		}
	}
}

X86_INLINE void
x86_nearest(x86_shared *shared, const struct bio_probe *p, unsigned n,
    const struct bio_print *g, struct bio_nearest out[BIO_PRINT_MAX])
{
	__m256i sum[ROWS];

	for (unsigned i = 0; i < n; i += ROWS) {
		for (unsigned r = 0; r < ROWS; r++)
			out[i + r] = (struct bio_nearest){ 0 };
		for (unsigned b = 0; b < g->blocks; b++) {
			shared(&p->code[i], &g->block[b], sum);
			for (unsigned r = 0; r < ROWS; r++) {
				const unsigned most = greatest(row_of(
				    sum[r], &g->block[b], p->weight[i + r]));

				if (most >> 5 > out[i + r].likeness)
					out[i + r] = (struct bio_nearest){
						.likeness =
						    (uint16_t)(most >> 5),
						.other =
						    (uint16_t)(b * BIO_LANES +
							31 - (most & 31)),
					};
			}
		}
	}
}

#endif
