#include "bio/geometry.h"

/* The first quarter of a sine in BIO_ONE. */
static const int16_t sine[65] = { 0, 402, 804, 1205, 1606, 2006, 2404, 2801,
	3196, 3590, 3981, 4370, 4756, 5139, 5520, 5897, 6270, 6639, 7005, 7366,
	7723, 8076, 8423, 8765, 9102, 9434, 9760, 10080, 10394, 10702, 11003,
	11297, 11585, 11866, 12140, 12406, 12665, 12916, 13160, 13395, 13623,
	13842, 14053, 14256, 14449, 14635, 14811, 14978, 15137, 15286, 15426,
	15557, 15679, 15791, 15893, 15986, 16069, 16143, 16207, 16261, 16305,
	16340, 16364, 16379, 16384 };

/* The angles whose tangent is 1, 1/2, 1/4 ..., in 1/65536 of a turn. */
static const int32_t steps[] = { 8192, 4836, 2555, 1297, 651, 326, 163, 81, 41,
	20 };
#define STEPS (sizeof(steps) / sizeof(steps[0]))

/* What those steps stretch a vector by: 65536 / 1.64676. */
#define UNSTRETCH 39797

/* v if mask is 0, -v if it is -1. */
static inline int32_t
flip(int32_t v, int32_t mask)
{
	return (v ^ mask) - mask;
}

/*
 * Turn the vector onto the x axis by ever smaller known angles (CORDIC):
 * what it took is its direction, where it ends is its length. No branch
 * depends on the data: half of them would be guessed wrong.
 */
struct bio_polar
bio_polar_of(int32_t dx, int32_t dy)
{
	const int32_t left = dx >> 31;
	int32_t x = flip(dx, left) * 1024, y = flip(dy, left) * 1024;
	int32_t turned = left & 32768;

	for (unsigned i = 0; i < STEPS; i++) {
		const int32_t down = y >> 31, over = x >> i, up = y >> i;

		x += flip(up, down);
		y -= flip(over, down);
		turned += flip(steps[i], down);
	}
	return (struct bio_polar){
		.distance =
		    (uint16_t)(((int64_t)x * UNSTRETCH + (1 << 25)) >> 26),
		.angle = (uint8_t)((uint32_t)(turned + 128) >> 8),
	};
}

static int32_t
sine_of(uint8_t angle)
{
	const unsigned q = angle & 63;

	switch (angle >> 6) {
	case 0: return sine[q];
	case 1: return sine[64 - q];
	case 2: return -sine[q];
	default: return -sine[64 - q];
	}
}

struct bio_turn
bio_turn_of(uint8_t angle)
{
	return (struct bio_turn){ .cos = sine_of((uint8_t)(angle + 64)),
		.sin = sine_of(angle) };
}

uint32_t
bio_root(uint64_t v)
{
	uint64_t root = 0;

	for (uint64_t bit = (uint64_t)1 << 31; bit > 0; bit >>= 1)
		if ((root | bit) * (root | bit) <= v)
			root |= bit;
	return (uint32_t)root;
}

struct bio_turn
bio_turn_along(int64_t x, int64_t y)
{
	int64_t length;

	while (x > INT32_MAX / 2 || x < INT32_MIN / 2 || y > INT32_MAX / 2 ||
	    y < INT32_MIN / 2) {
		x /= 2;
		y /= 2;
	}
	length = bio_root((uint64_t)(x * x) + (uint64_t)(y * y));
	if (length == 0)
		return (struct bio_turn){ .cos = BIO_ONE };
	return (struct bio_turn){ .cos = (int32_t)(x * BIO_ONE / length),
		.sin = (int32_t)(y * BIO_ONE / length) };
}
