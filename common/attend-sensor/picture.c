#include "attend-sensor/picture.h"

#define BLOCK	 16
#define CONTRAST 400 /* least variance of grey within a block of ridges */

bool
picture_large(const struct picture *p)
{
	const unsigned least = (unsigned)p->resolution * PICTURE_SIDE_MIN / 100;

	return p->width >= least && p->height >= least;
}

static bool
is_ridged(const struct picture *p, unsigned x0, unsigned y0)
{
	const uint32_t n = BLOCK * BLOCK;
	uint32_t sum = 0, squares = 0;

	for (unsigned y = y0; y < y0 + BLOCK; y++)
		for (unsigned x = x0; x < x0 + BLOCK; x++) {
			const uint32_t v = p->grey[(size_t)y * p->width + x];

			sum += v;
			squares += v * v;
		}
	return squares / n - (sum / n) * (sum / n) >= CONTRAST;
}

uint8_t
picture_quality(const struct picture *p)
{
	unsigned blocks = 0, ridged = 0;

	for (unsigned y = 0; y + BLOCK <= p->height; y += BLOCK)
		for (unsigned x = 0; x + BLOCK <= p->width; x += BLOCK) {
			blocks++;
			ridged += is_ridged(p, x, y);
		}
	if (blocks == 0 || ridged == 0)
		return 1;
	return (uint8_t)(1 + ridged * 99 / blocks);
}
