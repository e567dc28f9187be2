#include "bio/geometry.h"
#include "bio/print.h"
#include "test.h"
#include "tests/finger/finger.h"

#include <string.h>

static struct bio_print made, other;

static unsigned
bits(const struct bio_block *b, unsigned lane)
{
	unsigned n = 0;

	for (unsigned k = 0; k < BIO_CODE_LEN; k++)
		n += (unsigned)__builtin_popcount(b->code[k][lane]);
	return n;
}

/* The number of the minutia at a place; those of p if there is none. */
static unsigned
lane_at(const struct bio_print *p, int16_t x, int16_t y)
{
	unsigned i = 0;

	while (i < p->n &&
	    (p->block[i / BIO_LANES].x[i % BIO_LANES] != x ||
		p->block[i / BIO_LANES].y[i % BIO_LANES] != y))
		i++;
	return i;
}

/* n minutiae in a row, 20 pixels apart. */
static struct bio_sample
row_of(unsigned n)
{
	struct bio_sample s = { .resolution = BIO_RESOLUTION, .n = (uint8_t)n };

	for (unsigned i = 0; i < n; i++)
		s.at[i] = (struct bio_minutia){ .x = (uint16_t)(20 * i + 5),
			.y = 100 };
	return s;
}

TEST("a print needs six minutiae, and five are refused")
{
	struct bio_sample s = row_of(BIO_PRINT_MIN);

	CHECK(bio_print_make(&s, &made) == ATT_OK);
	CHECK(made.n == BIO_PRINT_MIN);
	CHECK(made.blocks == 1);
	s.n--;
	CHECK(bio_print_make(&s, &made) == ATT_LIMIT);
}

TEST("a refused sample leaves the print as it was")
{
	struct bio_sample s = row_of(2);

	memset(&made, 0x5a, sizeof(made));
	memcpy(&other, &made, sizeof(made));

	CHECK(bio_print_make(&s, &made) == ATT_LIMIT);
	CHECK(memcmp(&made, &other, sizeof(made)) == 0);
}

TEST("coordinates and resolutions are taken at their limits, not beyond")
{
	static const struct {
		const char *what;
		uint16_t x, resolution;
		enum att_err want;
	} rows[] = {
		{ "as usual", 100, BIO_RESOLUTION, ATT_OK },
		{ "greatest x", BIO_COORD_MAX, BIO_RESOLUTION, ATT_OK },
		{ "x beyond", BIO_COORD_MAX + 1, BIO_RESOLUTION, ATT_FORMAT },
		{ "least resolution", 100, BIO_RESOLUTION_MIN, ATT_OK },
		{ "less", 100, BIO_RESOLUTION_MIN - 1, ATT_FORMAT },
		{ "none", 100, 0, ATT_FORMAT },
		{ "greatest", 100, BIO_RESOLUTION_MAX, ATT_OK },
		{ "more", 100, BIO_RESOLUTION_MAX + 1, ATT_FORMAT },
	};

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bio_sample s = row_of(12);

		s.at[11].x = rows[i].x;
		s.resolution = rows[i].resolution;
		CHECK(bio_print_make(&s, &made) == rows[i].want);
	}
}

TEST("minutiae on the same spot count once, but not if they point elsewhere")
{
	struct bio_sample s = row_of(8);

	s.at[6] = s.at[7] = s.at[0];
	s.at[7].x += 2;
	NEED(bio_print_make(&s, &made) == ATT_OK);
	CHECK(made.n == 6);
	s.at[7].angle = 90;
	NEED(bio_print_make(&s, &made) == ATT_OK);
	CHECK(made.n == 7);
}

TEST("of too many minutiae the best are taken")
{
	struct bio_sample s = row_of(120);
	unsigned low = 0;

	for (unsigned i = 0; i < s.n; i++)
		s.at[i].quality = i % 5 == 0 ? 10 : 60;
	NEED(bio_print_make(&s, &made) == ATT_OK);

	CHECK(made.n == BIO_PRINT_MAX);
	CHECK(made.blocks == BIO_BLOCKS_MAX);
	for (unsigned i = 0; i < BIO_PRINT_MAX; i++)
		low += made.block[i / BIO_LANES].x[i % BIO_LANES] % 100 == 5;
	CHECK(low == 0);
}

TEST("of too many minutiae without a quality those in the middle are taken")
{
	struct bio_sample s = row_of(120);

	NEED(bio_print_make(&s, &made) == ATT_OK);

	CHECK(made.n == BIO_PRINT_MAX);
	CHECK(bio_abs(made.block[0].x[0] - 20 * 60) <= 20);
	for (unsigned i = 0; i < BIO_PRINT_MAX; i++) {
		const int32_t x = made.block[i / BIO_LANES].x[i % BIO_LANES];

		CHECK(x >= 20 * 11 && x <= 20 * 109);
	}
}

TEST("a finger seen at 1000 dpi makes the print it makes at 500")
{
	struct bio_sample s, twice;

	finger_points(1, 1, &finger_usual, &s);
	twice = s;
	twice.resolution = BIO_RESOLUTION * 2;
	for (unsigned i = 0; i < s.n; i++) {
		twice.at[i].x = (uint16_t)(s.at[i].x * 2);
		twice.at[i].y = (uint16_t)(s.at[i].y * 2);
	}
	NEED(bio_print_make(&s, &made) == ATT_OK);
	NEED(bio_print_make(&twice, &other) == ATT_OK);

	CHECK(memcmp(&made, &other, sizeof(made)) == 0);
}

TEST("moving a finger changes no code, and a quarter turn hardly any")
{
	struct bio_sample s, moved;
	unsigned own = 0, same = 0;

	finger_points(2, 1, &finger_usual, &s);
	NEED(bio_print_make(&s, &made) == ATT_OK);
	moved = s;
	for (unsigned i = 0; i < s.n; i++) {
		moved.at[i].x = (uint16_t)(s.at[i].x + 77);
		moved.at[i].y = (uint16_t)(s.at[i].y + 31);
	}
	NEED(bio_print_make(&moved, &other) == ATT_OK);
	CHECK(memcmp(made.block[0].code, other.block[0].code,
		  sizeof(made.block[0].code)) == 0);

	for (unsigned i = 0; i < s.n; i++) {
		moved.at[i].x = (uint16_t)(1000 - s.at[i].y);
		moved.at[i].y = s.at[i].x;
		moved.at[i].angle = (uint8_t)(s.at[i].angle + 64);
	}
	NEED(bio_print_make(&moved, &other) == ATT_OK);
	for (unsigned i = 0; i < BIO_LANES; i++) {
		const unsigned at = lane_at(&other,
		    (int16_t)(1000 - made.block[0].y[i]), made.block[0].x[i]);

		NEED(at < other.n);
		own += bits(&made.block[0], i);
		for (unsigned k = 0; k < BIO_CODE_LEN; k++)
			same += (unsigned)__builtin_popcount(
			    made.block[0].code[k][i] &
			    other.block[at / BIO_LANES]
				.code[k][at % BIO_LANES]);
	}
	CHECK(same * 100 >= own * 95);
}

TEST("lanes without a minutia are empty")
{
	struct bio_sample s = row_of(40);

	NEED(bio_print_make(&s, &made) == ATT_OK);

	CHECK(made.blocks == 2);
	CHECK(bits(&made.block[1], 7) > 0);
	for (unsigned i = 8; i < BIO_LANES; i++) {
		CHECK(bits(&made.block[1], i) == 0);
		CHECK(made.block[1].weight[i] == 0);
	}
	CHECK(bio_print_len(&made) < sizeof(made));
}
