/* What the scores of a gallery say about its threshold. */
#include "test.h"

#include "admin/scores.h"

#include <stdio.h>

static struct scores others, own;

/* n scores of different people, the k-th highest being top - k. */
static bool
fill(size_t n, uint32_t top)
{
	scores_free(&others);
	scores_free(&own);
	if (scores_room(&others, n) != ATT_OK ||
	    scores_room(&own, 10) != ATT_OK)
		return false;
	for (size_t i = 0; i < n; i++)
		scores_add(&others, i < top ? top - (uint32_t)i : 0);
	for (uint32_t i = 0; i < 10; i++)
		scores_add(&own, 1000 + i * 100);
	scores_sort(&others);
	scores_sort(&own);
	return true;
}

TEST("scores at or above a value are counted, none are added beyond the room")
{
	NEED(fill(100, 100));
	scores_add(&others, 5000);
	CHECK(others.n == 100);
	CHECK(scores_from(&others, 100) == 1);
	CHECK(scores_from(&others, 51) == 50);
	CHECK(scores_from(&others, 0) == 100);
	CHECK(scores_from(&others, 101) == 0);
}

TEST(
    "what the threshold in force lets pass and refuses is counted, raise and all")
{
	const uint32_t plain = bio_threshold(10000, 1);
	struct scores_verdict v;

	NEED(fill(200, plain + 10));
	v = scores_judge(&others, &own, 0);
	CHECK(v.in_force == plain);
	CHECK(v.others_above == 11);
	CHECK(v.own_below == (plain - 1000 + 99) / 100);
	v = scores_judge(&others, &own, 11);
	CHECK(v.in_force == plain + 11);
	CHECK(v.others_above == 0);
}

TEST("with too few pairs nothing is suggested, with enough something is")
{
	NEED(fill(SCORES_LEAST - 1, 500));
	CHECK(scores_judge(&others, &own, 0).suggested == 0);
	NEED(fill(SCORES_LEAST, 500));
	CHECK(scores_judge(&others, &own, 0).suggested > 500);
}

TEST("so rare a score that was seen is taken, a rarer one is said to be beyond")
{
	struct scores_verdict v;

	/* 5 of 50,000 are one in 10,000 */
	NEED(fill(50000, 700));
	v = scores_judge(&others, &own, 0);
	CHECK(v.suggested == 700 - 4 + 1);
	CHECK(v.beyond == 0);
	/* 5 of 500 are one in 100: a hundred times too frequent, two decades */
	NEED(fill(500, 700));
	v = scores_judge(&others, &own, 0);
	CHECK(v.beyond == 100);
	CHECK(v.suggested == 697 + bio_threshold(100, 1));
	printf("# %u\n", v.suggested);
	CHECK(v.suggested > 697 + 590 && v.suggested <= 697 + 600);
}

TEST("the raise is what the suggestion needs above the matcher's own threshold")
{
	const uint32_t plain = bio_threshold(10000, 1);

	NEED(fill(50000, plain));
	CHECK(scores_judge(&others, &own, 0).raise == 0);
	NEED(fill(50000, plain + 103));
	CHECK(scores_judge(&others, &own, 0).raise == 100);
	CHECK(scores_judge(&others, &own, 50).raise == 100);
	scores_free(&others);
	scores_free(&own);
}
