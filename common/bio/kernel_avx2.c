/*
 * Thirty-two lanes at a time. Half a byte of a probe's code picks a row of
 * sixteen from a table: the bits it shares with every half byte, looked up for
 * thirty-two codes by one shuffle. Four of the probe's minutiae share the work
 * of taking the print's bytes apart.
 */
#ifdef __x86_64__
#define X86 __attribute__((target("avx2")))
#include "bio/kernel_x86.h"

#define SHARE_ROW(a)                                                       \
	{                                                                  \
		BITS((a)&0), BITS((a)&1), BITS((a)&2), BITS((a)&3),        \
		    BITS((a)&4), BITS((a)&5), BITS((a)&6), BITS((a)&7),    \
		    BITS((a)&8), BITS((a)&9), BITS((a)&10), BITS((a)&11),  \
		    BITS((a)&12), BITS((a)&13), BITS((a)&14), BITS((a)&15) \
	}
#define BITS(x) (((x)&1) + ((x) >> 1 & 1) + ((x) >> 2 & 1) + ((x) >> 3 & 1))

static const uint8_t shares[16][16] __attribute__((
    aligned(16))) = { SHARE_ROW(0), SHARE_ROW(1), SHARE_ROW(2), SHARE_ROW(3),
	SHARE_ROW(4), SHARE_ROW(5), SHARE_ROW(6), SHARE_ROW(7), SHARE_ROW(8),
	SHARE_ROW(9), SHARE_ROW(10), SHARE_ROW(11), SHARE_ROW(12),
	SHARE_ROW(13), SHARE_ROW(14), SHARE_ROW(15) };

static bool
works(void)
{
	return __builtin_cpu_supports("avx2");
}

X86_INLINE __m256i
table(unsigned half)
{
	return _mm256_broadcastsi128_si256(
	    _mm_load_si128((const __m128i *)shares[half]));
}

/* The bits that the codes of ROWS minutiae share with each of a block. */
X86_INLINE void
shared(const uint8_t (*code)[BIO_CODE_LEN], const struct bio_block *b,
    __m256i sum[ROWS])
{
	const __m256i mask = _mm256_set1_epi8(0x0f);

	for (unsigned r = 0; r < ROWS; r++)
		sum[r] = _mm256_setzero_si256();
	for (unsigned k = 0; k < BIO_CODE_LEN; k++) {
		const __m256i all =
		    _mm256_loadu_si256((const __m256i *)b->code[k]);
		const __m256i low = _mm256_and_si256(all, mask);
		const __m256i high =
		    _mm256_and_si256(_mm256_srli_epi16(all, 4), mask);

		for (unsigned r = 0; r < ROWS; r++) {
			const unsigned own = code[r][k];
			const __m256i bits = _mm256_add_epi8(
			    _mm256_shuffle_epi8(table(own & 15), low),
			    _mm256_shuffle_epi8(table(own >> 4), high));

			sum[r] = _mm256_adds_epu8(sum[r], bits);
		}
	}
}

X86 static void
likeness(const struct bio_probe *p, const struct bio_print *g,
    uint16_t out[BIO_PRINT_MAX][BIO_PRINT_MAX])
{
	x86_likeness(shared, p, g, out);
}

X86 static void
nearest(const struct bio_probe *p, unsigned n, const struct bio_print *g,
    struct bio_nearest out[BIO_PRINT_MAX])
{
	x86_nearest(shared, p, n, g, out);
}

const struct bio_kernel bio_kernel_avx2 = {
	.name = "avx2",
	.works = works,
	.nearest = nearest,
	.likeness = likeness,
};
#endif
