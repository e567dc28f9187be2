/* Eight lanes at a time in a 64-bit word: runs everywhere. */
#include "bio/kernel.h"

#include <string.h>

#define EACH(byte) (0x0101010101010101u * (byte))

static bool
works(void)
{
	return true;
}

/* The bits set in each byte of x, as bytes. */
static inline uint64_t
bits_in_bytes(uint64_t x)
{
	x -= x >> 1 & EACH(0x55);
	x = (x & EACH(0x33)) + (x >> 2 & EACH(0x33));
	return (x + (x >> 4)) & EACH(0x0f);
}

/* Bits shared in half a code by eight lanes, as bytes: at most 128. */
static inline uint64_t
shared_half(
    const uint8_t *code, const uint8_t (*planes)[BIO_LANES], unsigned lane)
{
	uint64_t sum = 0, word;

	for (unsigned k = 0; k < BIO_CODE_LEN / 2; k++) {
		memcpy(&word, &planes[k][lane], sizeof(word));
		sum += bits_in_bytes(word & EACH(code[k]));
	}
	return sum;
}

static inline uint16_t
likeness_of(uint32_t shared, uint32_t weight, uint32_t other)
{
	return (uint16_t)(((shared << 7) * weight >> 16 << 2) * other >> 18);
}

static void
likeness_row(const uint8_t code[BIO_CODE_LEN], uint16_t weight,
    const struct bio_block *b, uint16_t out[BIO_LANES])
{
	uint8_t one[8], two[8];

	for (unsigned lane = 0; lane < BIO_LANES; lane += 8) {
		const uint64_t first = shared_half(code, b->code, lane);
		const uint64_t second = shared_half(
		    code + BIO_CODE_LEN / 2, b->code + BIO_CODE_LEN / 2, lane);

		memcpy(one, &first, sizeof(one));
		memcpy(two, &second, sizeof(two));
		for (unsigned i = 0; i < 8; i++) {
			const uint32_t sum = (uint32_t)one[i] + two[i];

			out[lane + i] = likeness_of(
			    sum < 255 ? sum : 255, b->weight[lane + i], weight);
		}
	}
}

static void
likeness(const struct bio_probe *p, const struct bio_print *g,
    uint16_t out[BIO_PRINT_MAX][BIO_PRINT_MAX])
{
	for (unsigned i = 0; i < p->print.n; i++)
		for (unsigned b = 0; b < g->blocks; b++)
			likeness_row(p->code[i], p->weight[i], &g->block[b],
			    out[i] + b * BIO_LANES);
}

static void
nearest(const struct bio_probe *p, unsigned n, const struct bio_print *g,
    struct bio_nearest out[BIO_PRINT_MAX])
{
	uint16_t row[BIO_PRINT_MAX];

	for (unsigned i = 0; i < n; i++) {
		struct bio_nearest best = { 0 };

		for (unsigned b = 0; b < g->blocks; b++)
			likeness_row(p->code[i], p->weight[i], &g->block[b],
			    row + b * BIO_LANES);
		for (unsigned j = 0; j < g->n; j++)
			if (row[j] > best.likeness)
				best = (struct bio_nearest){ .likeness = row[j],
					.other = (uint16_t)j };
		out[i] = best;
	}
}

const struct bio_kernel bio_kernel_scalar = {
	.name = "scalar",
	.works = works,
	.nearest = nearest,
	.likeness = likeness,
};
