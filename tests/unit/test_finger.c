#include "bio/compare.h"
#include "test.h"
#include "tests/finger/finger.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define FINGERS 3

static struct finger_ridges ridges[FINGERS], again;
static struct finger_image image, other;
static bool grown;

/* Once for all tests: it takes a while. */
static void
grow(void)
{
	for (unsigned i = 0; !grown && i < FINGERS; i++)
		finger_grow(i + 1, &ridges[i]);
	grown = true;
}

static bool
print_of(unsigned finger, unsigned impression, const struct finger_knobs *k,
    struct bio_print *out)
{
	struct bio_sample s;

	finger_press(&ridges[finger], impression, k, &image);
	finger_extract(&image, &s);
	return bio_print_make(&s, out) == ATT_OK;
}

static uint32_t
score(const struct bio_print *a, const struct bio_print *b)
{
	static struct bio_probe probe;
	static struct bio_work work;

	bio_probe_of(a, &probe);
	return bio_compare(bio_kernel_best(), &probe, b, &work);
}

TEST("the same number grows the same finger, another number another")
{
	grow();
	finger_grow(1, &again);

	CHECK(memcmp(&again, &ridges[0], sizeof(again)) == 0);
	CHECK(memcmp(ridges[0].at, ridges[1].at, sizeof(again.at)) != 0);
}

TEST("the same impression is the same image, another is not")
{
	grow();
	finger_press(&ridges[0], 1, &finger_hard, &image);
	finger_press(&ridges[0], 1, &finger_hard, &other);
	CHECK(memcmp(&image, &other, sizeof(image)) == 0);
	finger_press(&ridges[0], 2, &finger_hard, &other);
	CHECK(memcmp(&image, &other, sizeof(image)) != 0);
}

TEST("an image is dark ridges on light ground, half and half where it touches")
{
	unsigned dark = 0;

	grow();
	finger_press(&ridges[0], 1, &finger_still, &image);
	for (int row = 150; row < 250; row++)
		for (int col = 110; col < 210; col++)
			dark += image.at[row][col] < 128;

	CHECK(image.at[2][2] > 200);
	CHECK(image.at[FINGER_HEIGHT - 3][FINGER_WIDTH - 3] > 200);
	CHECK(dark > 4000);
	CHECK(dark < 6000);
}

TEST("a finger has as many minutiae as fingers have, of both kinds")
{
	grow();
	for (unsigned f = 0; f < FINGERS; f++) {
		unsigned kinds[3] = { 0 };
		struct bio_sample s;

		finger_press(&ridges[f], 1, &finger_easy, &image);
		finger_extract(&image, &s);
		for (unsigned i = 0; i < s.n; i++) {
			kinds[s.at[i].kind]++;
			CHECK(s.at[i].angle % 8 == 0);
		}
		printf("# %u minutiae, %u ends\n", s.n, kinds[1]);
		CHECK(s.n >= 25 && s.n <= 90);
		CHECK(kinds[BIO_KIND_ENDING] >= 5);
		CHECK(kinds[BIO_KIND_FORK] >= 5);
		CHECK(kinds[BIO_KIND_UNKNOWN] == 0);
	}
}

/* Straight ridges with one more on the right than on the left. */
static void
draw_one_more(struct finger_image *out, double sign)
{
	memset(out, 235, sizeof(*out));
	for (int row = 40; row < 360; row++)
		for (int col = 40; col < 280; col++)
			out->at[row][col] = (uint8_t)(128 +
			    sign * 100 *
				cos(2 * M_PI * row / 9 +
				    atan2(row - 200, col - 160)));
}

TEST("an end points out of its ridge, a fork along its stem")
{
	struct bio_sample end, fork;
	const struct bio_sample *s;

	draw_one_more(&image, 1);
	finger_extract(&image, &end);
	draw_one_more(&image, -1);
	finger_extract(&image, &fork);
	NEED(end.n == 1 && fork.n == 1);

	/* black for white makes the one out of the other */
	CHECK(end.at[0].kind + fork.at[0].kind ==
	    BIO_KIND_ENDING + BIO_KIND_FORK);
	for (s = &end; s != NULL; s = s == &end ? &fork : NULL) {
		CHECK(s->at[0].angle == 128);
		CHECK(s->at[0].x > 145 && s->at[0].x < 175);
		CHECK(s->at[0].y > 185 && s->at[0].y < 215);
	}
}

TEST("what is warped is warped back")
{
	double worst = 0;

	for (unsigned i = 0; i < 20; i++) {
		struct finger_random r = finger_random_of(i, 1);
		struct finger_warp w;

		finger_warp_of(&r, &finger_hard, &w);
		for (int x = -120; x <= 120; x += 40) {
			for (int y = -160; y <= 160; y += 40) {
				double px = x, py = y;

				finger_warp_at(&w, &px, &py);
				finger_warp_back(&w, &px, &py);
				worst = fmax(worst, hypot(px - x, py - y));
			}
		}
	}

	CHECK(worst < 0.5);
}

TEST("impressions of a grown finger match each other and no other finger")
{
	static struct bio_print first[FINGERS], second[FINGERS];
	uint32_t least = UINT32_MAX, most = 0;

	grow();
	for (unsigned f = 0; f < FINGERS; f++) {
		NEED(print_of(f, 1, &finger_usual, &first[f]));
		NEED(print_of(f, 2, &finger_usual, &second[f]));
	}
	for (unsigned f = 0; f < FINGERS; f++) {
		for (unsigned g = 0; g < FINGERS; g++) {
			const uint32_t s = score(&second[f], &first[g]);

			if (f == g && s < least)
				least = s;
			if (f != g && s > most)
				most = s;
		}
	}

	printf("# own at least %u, others at most %u\n", least, most);
	CHECK(least > 2 * most);
}

TEST("each knob by itself makes an impression less like the finger")
{
	static const struct finger_knobs knobs[] = {
		{ .turn = 30 },
		{ .shift = 40 },
		{ .stretch = 10 },
		{ .pressure = 1 },
		{ .noise = 0.8 },
		{ .contact = 0.8 },
	};
	struct bio_print still, p;
	uint32_t own;

	grow();
	NEED(print_of(0, 1, &finger_still, &still));
	own = score(&still, &still);
	for (unsigned i = 0; i < sizeof(knobs) / sizeof(knobs[0]); i++) {
		NEED(print_of(0, 3, &knobs[i], &p));
		CHECK(score(&p, &still) < own);
		CHECK(score(&p, &still) > 0);
	}
}
