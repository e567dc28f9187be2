#include "bio/threshold.h"
#include "test.h"

TEST("a threshold rises by a decade for ten times fewer impostors")
{
	CHECK(bio_threshold(1, 1) == 0);
	CHECK(bio_threshold(10, 1) + 8 >= BIO_SCORE_DECADE);
	CHECK(bio_threshold(10, 1) <= BIO_SCORE_DECADE);
	CHECK(bio_threshold(BIO_ONE_IN_VERIFY, 1) + 8 >= 4 * BIO_SCORE_DECADE);
	CHECK(bio_threshold(BIO_ONE_IN_VERIFY, 1) <= 4 * BIO_SCORE_DECADE);
}

TEST("ten times the gallery asks for what ten times fewer impostors would")
{
	CHECK(bio_threshold(100, 10000) == bio_threshold(1000, 1000));
	CHECK(bio_threshold(100, 10000) == bio_threshold(1000000, 1));
	CHECK(bio_threshold(100, 30000) > bio_threshold(100, 10000));
}

TEST("a threshold never falls as either number grows")
{
	uint32_t last = 0;
	bool falls = false;

	for (uint32_t n = 1; n < 70000; n++) {
		falls |= bio_threshold(100, n) < last;
		falls |= bio_threshold(n, 100) != bio_threshold(100, n);
		last = bio_threshold(100, n);
	}

	CHECK(!falls);
	CHECK(bio_threshold(UINT32_MAX, UINT32_MAX) > last);
	CHECK(bio_threshold(100, 0) == bio_threshold(100, 1));
	CHECK(bio_threshold(0, 100) == bio_threshold(1, 100));
}
