/*
 * Two bytes of thirty-two codes at a time, their shared bits counted by an
 * instruction for that; the processors that have it have the others too.
 */
#ifdef __x86_64__
#define X86                                                                \
	__attribute__((target("avx2,avx512f,avx512bw,avx512vl,avx512vbmi," \
			      "avx512bitalg")))
#include "bio/kernel_x86.h"

static bool
works(void)
{
	return __builtin_cpu_supports("avx512bw") &&
	    __builtin_cpu_supports("avx512vl") &&
	    __builtin_cpu_supports("avx512vbmi") &&
	    __builtin_cpu_supports("avx512bitalg");
}

X86_INLINE void
shared(const uint8_t (*code)[BIO_CODE_LEN], const struct bio_block *b,
    __m256i sum[ROWS])
{
	/* the numbers of two bytes of a code, each for half of the lanes */
	__m512i which =
	    _mm512_inserti64x4(_mm512_setzero_si512(), _mm256_set1_epi8(1), 1);
	__m512i own[ROWS], wide[ROWS];

	for (unsigned r = 0; r < ROWS; r++) {
		own[r] = _mm512_castsi256_si512(
		    _mm256_loadu_si256((const __m256i *)code[r]));
		wide[r] = _mm512_setzero_si512();
	}
	for (unsigned k = 0; k < BIO_CODE_LEN; k += 2) {
		const __m512i all = _mm512_loadu_si512(b->code[k]);

		for (unsigned r = 0; r < ROWS; r++) {
			const __m512i both = _mm512_and_si512(
			    all, _mm512_permutexvar_epi8(which, own[r]));

			wide[r] =
			    _mm512_add_epi8(wide[r], _mm512_popcnt_epi8(both));
		}
		which = _mm512_add_epi8(which, _mm512_set1_epi8(2));
	}
	for (unsigned r = 0; r < ROWS; r++)
		sum[r] = _mm256_adds_epu8(_mm512_castsi512_si256(wide[r]),
		    _mm512_extracti64x4_epi64(wide[r], 1));
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

const struct bio_kernel bio_kernel_avx512 = {
	.name = "avx512",
	.works = works,
	.nearest = nearest,
	.likeness = likeness,
};
#endif
