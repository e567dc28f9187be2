#include "bio/geometry.h"
#include "test.h"

#include <math.h>

TEST("directions and distances are right to the rounding of a whole number")
{
	double worst_angle = 0, worst_distance = 0;

	for (int dx = -400; dx <= 400; dx += 7) {
		for (int dy = -400; dy <= 400; dy += 7) {
			const struct bio_polar p = bio_polar_of(dx, dy);
			const double angle = atan2(dy, dx) * 128 / M_PI;
			const double off =
			    fabs(remainder(p.angle - angle, 256));

			if (dx == 0 && dy == 0)
				continue;
			worst_angle = fmax(worst_angle, off);
			worst_distance = fmax(
			    worst_distance, fabs(p.distance - hypot(dx, dy)));
		}
	}

	CHECK(worst_angle < 0.6);
	CHECK(worst_distance < 0.6);
}

TEST("the axes have exact directions, and nowhere is at distance zero")
{
	CHECK(bio_polar_of(100, 0).angle == 0);
	CHECK(bio_polar_of(0, 100).angle == 64);
	CHECK(bio_polar_of(-100, 0).angle == 128);
	CHECK(bio_polar_of(0, -100).angle == 192);
	CHECK(bio_polar_of(0, 0).distance == 0);
	CHECK(bio_polar_of(-16383, 0).distance == 16383);
}

TEST("a turn is the cosine and sine of its angle")
{
	double worst = 0;

	for (unsigned a = 0; a < 256; a++) {
		const struct bio_turn t = bio_turn_of((uint8_t)a);

		worst =
		    fmax(worst, fabs(t.cos - BIO_ONE * cos(a * M_PI / 128)));
		worst =
		    fmax(worst, fabs(t.sin - BIO_ONE * sin(a * M_PI / 128)));
	}

	CHECK(worst < 0.6);
}

TEST("the turn along a vector has its direction, however long it is")
{
	static const int64_t lengths[] = { 10, 1000, 100000000,
		(int64_t)1 << 60 };

	for (unsigned i = 0; i < 4; i++) {
		const int64_t n = lengths[i] / 5;
		const struct bio_turn t = bio_turn_along(3 * n, -4 * n);

		CHECK(bio_abs(t.cos - BIO_ONE * 3 / 5) <= 1);
		CHECK(bio_abs(t.sin + BIO_ONE * 4 / 5) <= 1);
	}
	CHECK(bio_turn_along(0, 0).cos == BIO_ONE);
	CHECK(bio_turn_along(0, 0).sin == 0);
}

TEST("a root is the whole part, at a square and just below it")
{
	static const uint64_t roots[] = { 1, 2, 255, 256, 65535, 4294967295 };

	CHECK(bio_root(0) == 0);
	for (unsigned i = 0; i < 6; i++) {
		CHECK(bio_root(roots[i] * roots[i]) == roots[i]);
		CHECK(bio_root(roots[i] * roots[i] - 1) == roots[i] - 1);
	}
}

TEST("angles are compared the short way round")
{
	CHECK(bio_angle_between(250, 10) == -16);
	CHECK(bio_angle_between(10, 250) == 16);
	CHECK(bio_angle_between(128, 0) == -128);
}
