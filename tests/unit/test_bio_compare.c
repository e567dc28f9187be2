#include "bio/compare.h"
#include "bio/geometry.h"
#include "bio/threshold.h"
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

TEST("a scrap of a finger does not pass for a stranger's")
{
	static struct bio_print others[60];
	uint32_t most = 0;

	for (unsigned i = 0; i < 60; i++)
		NEED(print_of(100 + i, 1, &finger_easy, &others[i]));
	for (unsigned n = BIO_PRINT_MIN; n <= 14; n += 4) {
		for (unsigned i = 0; i < 10; i++) {
			struct bio_sample s;
			struct bio_print scrap;

			finger_points(200 + i, 1, &finger_easy, &s);
			s.n = (uint8_t)n;
			NEED(bio_print_make(&s, &scrap) == ATT_OK);
			for (unsigned j = 0; j < 60; j++)
				if (score(&scrap, &others[j]) > most)
					most = score(&scrap, &others[j]);
		}
	}

	printf(
	    "# at most %u of %u\n", most, bio_threshold(BIO_ONE_IN_VERIFY, 1));
	CHECK(most < bio_threshold(BIO_ONE_IN_VERIFY, 1));
}

/*
 * Minutiae made without a sine, so that they are the same on every machine:
 * a finger and, moved, turned, with some lost and some off, an impression.
 */
static void
strew(uint64_t finger, uint64_t impression, struct bio_sample *s)
{
	struct finger_random r = finger_random_of(finger, 9);
	struct finger_random own = finger_random_of(finger, 10 + impression);
	const uint8_t turn = (uint8_t)(finger_random_bits(&own) % 40);
	const struct bio_turn t = bio_turn_of(turn);

	*s = (struct bio_sample){ .resolution = BIO_RESOLUTION };
	for (unsigned i = 0; i < 50; i++) {
		const int32_t x = (int32_t)(finger_random_bits(&r) % 300) - 150;
		const int32_t y = (int32_t)(finger_random_bits(&r) % 300) - 150;
		const uint8_t angle = (uint8_t)finger_random_bits(&r);
		const uint32_t off = finger_random_bits(&own);

		if (off % 4 == 0)
			continue;
		s->at[s->n++] = (struct bio_minutia){
			.x = (uint16_t)(((t.cos * x - t.sin * y) >> 14) + 300 +
			    (int32_t)(off >> 8 & 7)),
			.y = (uint16_t)(((t.sin * x + t.cos * y) >> 14) + 300 +
			    (int32_t)(off >> 16 & 7)),
			.angle = (uint8_t)(angle + turn + (off >> 24 & 7)),
		};
	}
}

TEST("scores are those the thresholds were measured with")
{
	/* Whoever changes these has to measure threshold.h anew. */
	static const struct {
		uint64_t one, other;
		uint32_t coarse, fine;
	} rows[] = {
		{ 1, 1, 179751, 13066 },
		{ 2, 2, 150575, 9996 },
		{ 3, 3, 133328, 5953 },
		{ 1, 2, 2860, 51 },
		{ 2, 3, 1974, 0 },
		{ 5, 9, 2569, 63 },
	};

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		static struct bio_probe probe;
		struct bio_sample s;
		struct bio_print a, b;
		uint32_t coarse, fine;

		strew(rows[i].one, 1, &s);
		NEED(bio_print_make(&s, &a) == ATT_OK);
		strew(rows[i].other, 2, &s);
		NEED(bio_print_make(&s, &b) == ATT_OK);
		bio_probe_of(&a, &probe);
		coarse =
		    bio_compare_coarse(bio_kernel_best(), &probe, &b, &work);
		fine = bio_compare(bio_kernel_best(), &probe, &b, &work);
		if (coarse != rows[i].coarse || fine != rows[i].fine)
			printf("# %u: %u, %u\n", i, coarse, fine);
		CHECK(coarse == rows[i].coarse);
		CHECK(fine == rows[i].fine);
	}
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
