/*
 * The inner loop of matching: how alike are the neighbourhoods of a probe's
 * minutiae and those of a print. There is one for every instruction set worth
 * having, and all give the same numbers.
 *
 * The likeness of two codes is the bits they share over the geometric mean of
 * the bits they have: 0, nothing in common, to BIO_LIKENESS_MAX. It is exactly
 *
 *	shared = min(bits in both, 255)
 *	((shared * 2^7 * weight >> 16) * 2^2 * other weight >> 16) >> 2
 *
 * with the print's weight first. No weight is more than its code's bits make
 * it (print.h), or the most would be exceeded.
 */
#ifndef ATT_BIO_KERNEL_H
#define ATT_BIO_KERNEL_H

#include "bio/print.h"

#include <stdbool.h>

#define BIO_LIKENESS_MAX 2047

/* A print with its codes the other way round: one minutia's in a row. */
struct bio_probe {
	struct bio_print print;
	uint8_t code[BIO_PRINT_MAX][BIO_CODE_LEN];
	uint16_t weight[BIO_PRINT_MAX];
};

/* The most alike minutia of a print, the first of equals. */
struct bio_nearest {
	uint16_t likeness; /* 0: none shares a bit */
	uint16_t other; /* its number in the print */
};

struct bio_kernel {
	const char *name;
	/* Whether this machine has the instructions. */
	bool (*works)(void);
	/*
	 * For each of the probe's first n minutiae the nearest in the print;
	 * what is in out after them is of no use.
	 */
	void (*nearest)(const struct bio_probe *p, unsigned n,
	    const struct bio_print *g, struct bio_nearest out[BIO_PRINT_MAX]);
	/*
	 * All likenesses: a row of BIO_PRINT_MAX for each of the probe's
	 * minutiae; beyond the print's minutiae a row is zero up to the end
	 * of its last block and not written after that.
	 */
	void (*likeness)(const struct bio_probe *p, const struct bio_print *g,
	    uint16_t out[BIO_PRINT_MAX][BIO_PRINT_MAX]);
};

extern const struct bio_kernel bio_kernel_scalar;
#ifdef __x86_64__
extern const struct bio_kernel bio_kernel_avx2;
extern const struct bio_kernel bio_kernel_avx512;
#endif

/* Every kernel of this build, slowest first; NULL ends the list. */
extern const struct bio_kernel *const bio_kernels[];

/* The fastest that this machine can run; static. */
const struct bio_kernel *bio_kernel_best(void);

/* Make a probe of a print, which is copied. */
void bio_probe_of(const struct bio_print *p, struct bio_probe *out);

#endif
