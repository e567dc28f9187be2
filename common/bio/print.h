/*
 * A sample made ready to be compared. Every minutia has a neighbourhood code:
 * 256 bits, one for each cell of a grid over distance (4 rings), direction (16
 * sectors) and relative angle (4 quarters), seen from the minutia and its own
 * direction, so that it does not change when the finger turns or moves. An
 * edge to a neighbour sets the cells it lies in and those it lies so close to
 * that distortion may carry it there. Two neighbourhoods are alike as far as
 * their codes share bits.
 *
 * Minutiae lie in blocks of 32, the bytes of their codes transposed: one load
 * takes the same byte of 32 codes. That is what the kernels want (kernel.h).
 */
#ifndef ATT_BIO_PRINT_H
#define ATT_BIO_PRINT_H

#include "base/err.h"
#include "bio/minutiae.h"

#include <stddef.h>
#include <stdint.h>

#define BIO_CODE_LEN   32
#define BIO_LANES      32
#define BIO_BLOCKS_MAX 3

/* Most minutiae that are compared: this bounds the time of a comparison. */
#define BIO_PRINT_MAX (BIO_BLOCKS_MAX * BIO_LANES)

/* Fewer can match nobody, so they are refused when a print is made. */
#define BIO_PRINT_MIN 6

struct bio_block {
	uint8_t code[BIO_CODE_LEN][BIO_LANES];
	/* just below 2^18 / root of the bits set in the code; 0: no minutia */
	uint16_t weight[BIO_LANES];
	int16_t x[BIO_LANES], y[BIO_LANES]; /* pixels of 500 dpi */
	uint8_t angle[BIO_LANES];
};

struct bio_print {
	uint16_t n; /* BIO_PRINT_MIN to BIO_PRINT_MAX */
	uint16_t blocks; /* those in use */
	/*
	 * Prints that are kept one after another from the start of a page
	 * have their rows of lanes where they are loaded fastest. Elsewhere
	 * they may lie anywhere.
	 */
	uint8_t spare[BIO_LANES - 2 * sizeof(uint16_t)];
	struct bio_block block[BIO_BLOCKS_MAX];
};

_Static_assert(offsetof(struct bio_print, block) == BIO_LANES &&
	sizeof(struct bio_block) % BIO_LANES == 0,
    "rows of lanes are aligned to their length");

/* Bytes of a print that are in use: what has to be kept of it. */
static inline size_t
bio_print_len(const struct bio_print *p)
{
	return offsetof(struct bio_print, block) +
	    p->blocks * sizeof(struct bio_block);
}

/*
 * Make a print of a sample. Coordinates are brought to 500 dpi. Of more than
 * BIO_PRINT_MAX minutiae the best are taken, and where quality is equal or
 * unknown those nearest the middle; minutiae on the same spot count once. They
 * stand in the print with the best first.
 *
 * ATT_LIMIT if fewer than BIO_PRINT_MIN remain, ATT_FORMAT if a coordinate
 * or the resolution is out of its range; *out is then not written.
 */
enum att_err
bio_print_make(const struct bio_sample *s, struct bio_print *out) ATT_CHECKED;

#endif
