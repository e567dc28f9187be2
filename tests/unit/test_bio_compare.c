#include "bio/compare.h"
#include "test.h"
#include "tests/finger/finger.h"

#include <stdio.h>
#include <string.h>

#define FINGERS 12

static struct bio_work work;

static bool
print_of(uint64_t finger, uint64_t impression, const struct finger_knobs *k,
    struct bio_print *out)
{
	struct bio_sample s;

	finger_points(finger, impression, k, &s);
	return bio_print_make(&s, out) == ATT_OK;
}

static uint32_t
score(const struct bio_print *a, const struct bio_print *b)
{
	static struct bio_probe probe;

	bio_probe_of(a, &probe);
	return bio_compare(bio_kernel_best(), &probe, b, &work);
}

TEST("impressions of a finger score above those of all others")
{
	static struct bio_print first[FINGERS], second[FINGERS];
	uint32_t least = UINT32_MAX, most = 0;

	for (unsigned i = 0; i < FINGERS; i++) {
		NEED(print_of(i + 1, 1, &finger_usual, &first[i]));
		NEED(print_of(i + 1, 2, &finger_usual, &second[i]));
	}
	for (unsigned i = 0; i < FINGERS; i++) {
		for (unsigned j = 0; j < FINGERS; j++) {
			const uint32_t s = score(&second[i], &first[j]);

			if (i == j && s < least)
				least = s;
			if (i != j && s > most)
				most = s;
		}
	}

	printf("# own at least %u, others at most %u\n", least, most);
	CHECK(least > 2 * most);
}

TEST("the first stage alone ranks a finger above nearly all others")
{
	static struct bio_print first[40];
	static struct bio_probe probe;
	unsigned above = 0;

	for (unsigned i = 0; i < 40; i++)
		NEED(print_of(i + 1, 1, &finger_hard, &first[i]));
	for (unsigned i = 0; i < 40; i++) {
		struct bio_print p;
		uint32_t own;

		NEED(print_of(i + 1, 2, &finger_hard, &p));
		bio_probe_of(&p, &probe);
		own = bio_compare_coarse(
		    bio_kernel_best(), &probe, &first[i], &work);
		for (unsigned j = 0; j < 40; j++)
			above += j != i &&
			    bio_compare_coarse(bio_kernel_best(), &probe,
				&first[j], &work) >= own;
	}

	/* of 1560 */
	printf("# %u ranked above\n", above);
	CHECK(above < 120);
}

TEST("a finger may be turned any way round")
{
	static const struct finger_knobs anyhow = {
		.turn = 180, .stretch = 4, .noise = 0.3
	};
	struct bio_print a, b, c;

	for (unsigned i = 2; i < 8; i++) {
		NEED(print_of(50, 1, &anyhow, &a));
		NEED(print_of(50, i, &anyhow, &b));
		NEED(print_of(51, i, &anyhow, &c));
		CHECK(score(&a, &b) > 3 * score(&a, &c));
	}
}

TEST("score falls as an impression gets worse")
{
	struct bio_print still, easy, usual, hard;

	NEED(print_of(7, 1, &finger_still, &still));
	NEED(print_of(7, 2, &finger_easy, &easy));
	NEED(print_of(7, 2, &finger_usual, &usual));
	NEED(print_of(7, 2, &finger_hard, &hard));

	CHECK(score(&still, &still) > score(&easy, &still));
	CHECK(score(&easy, &still) > score(&usual, &still));
	CHECK(score(&usual, &still) > score(&hard, &still));
}

TEST("the same comparison gives the same score whatever was compared before")
{
	struct bio_print a, b, c;
	uint32_t before;

	NEED(print_of(1, 1, &finger_usual, &a));
	NEED(print_of(1, 2, &finger_usual, &b));
	NEED(print_of(2, 1, &finger_easy, &c));
	memset(&work, 0, sizeof(work));
	before = score(&a, &b);
	memset(&work, 0xff, sizeof(work));
	(void)score(&c, &c);

	CHECK(before > 0);
	CHECK(score(&a, &b) == before);
}

TEST("minutiae in a lattice, all alike, match within the bounds of memory")
{
	struct bio_sample s = { .resolution = BIO_RESOLUTION,
		.n = BIO_MINUTIAE_MAX };
	struct bio_print p;

	for (unsigned i = 0; i < BIO_MINUTIAE_MAX; i++)
		s.at[i] = (struct bio_minutia){ .x = (uint16_t)(i % 16 * 3),
			.y = (uint16_t)(i / 16 * 3),
			.angle = 0 };
	NEED(bio_print_make(&s, &p) == ATT_OK);
	CHECK(p.n == BIO_PRINT_MAX);
	CHECK(score(&p, &p) > 0);
}

TEST("two samples fuse to two thirds of the better and one of the worse")
{
	static const uint32_t one[] = { 600 };
	static const uint32_t two[] = { 300, 600 };
	static const uint32_t four[] = { 1, 300, 2, 600 };

	CHECK(bio_fuse(one, 1) == 600);
	CHECK(bio_fuse(two, 2) == 500);
	CHECK(bio_fuse(four, 4) == 500);
}
