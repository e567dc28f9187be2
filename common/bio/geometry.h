/*
 * Plane geometry in integers, so that every machine finds the same score.
 * Angles are 1/256 of a turn; their differences wrap by themselves.
 */
#ifndef ATT_BIO_GEOMETRY_H
#define ATT_BIO_GEOMETRY_H

#include <stdint.h>

/* One in the fixed point of sines and rotations. */
#define BIO_ONE_BITS 14
#define BIO_ONE	     (1 << BIO_ONE_BITS)

struct bio_polar {
	uint16_t distance;
	uint8_t angle;
};

/* A rotation, cosine and sine in BIO_ONE. */
struct bio_turn {
	int32_t cos, sin;
};

/* The distance and direction of (dx, dy); each within +-32767. */
struct bio_polar bio_polar_of(int32_t dx, int32_t dy);

struct bio_turn bio_turn_of(uint8_t angle);

/*
 * The rotation in the direction of (x, y), to the precision of BIO_ONE, and
 * no rotation for (0, 0).
 */
struct bio_turn bio_turn_along(int64_t x, int64_t y);

/* From b to a the short way, -128 to 127. */
static inline int32_t
bio_angle_between(uint8_t a, uint8_t b)
{
	return (int8_t)(uint8_t)(a - b);
}

static inline int32_t
bio_abs(int32_t x)
{
	return x < 0 ? -x : x;
}

/* The largest whole number whose square is at most v. */
uint32_t bio_root(uint64_t v);

#endif
