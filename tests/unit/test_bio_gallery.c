#include "bio/gallery.h"
#include "bio/threshold.h"
#include "test.h"
#include "tests/finger/finger.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PEOPLE 60
#define KEPT   3

static struct bio_gallery *gallery;
static struct bio_search *search;
static struct bio_probe probe;
static struct bio_found best, second;

static bool
probe_of(uint64_t finger, uint64_t impression)
{
	struct bio_sample s;
	struct bio_print p;

	finger_points(finger, impression, &finger_usual, &s);
	if (bio_print_make(&s, &p) != ATT_OK)
		return false;
	bio_probe_of(&p, &probe);
	return true;
}

static enum att_err
enrol(uint64_t person, uint8_t finger, uint64_t seed)
{
	static struct bio_print prints[KEPT];
	struct bio_sample s;

	for (unsigned i = 0; i < KEPT; i++) {
		finger_points(seed, i, &finger_usual, &s);
		if (bio_print_make(&s, &prints[i]) != ATT_OK)
			return ATT_FORMAT;
	}
	return bio_gallery_add(gallery, person, finger, prints, KEPT);
}

/* Persons 100 and on; person n's right index is finger n of the generator. */
static bool
fill(unsigned people)
{
	bool good = bio_gallery_new(&gallery) == ATT_OK &&
	    bio_search_new(&search) == ATT_OK;

	for (unsigned i = 0; good && i < people; i++)
		good = enrol(100 + i, BIO_RIGHT_INDEX, 100 + i) == ATT_OK;
	return good;
}

static void
empty(void)
{
	bio_gallery_free(gallery);
	bio_search_free(search);
	gallery = NULL;
	search = NULL;
}

static void
find(void)
{
	bio_gallery_search(
	    gallery, bio_kernel_best(), &probe, search, &best, &second);
}

TEST("a search finds whose finger it is, far ahead of the second best")
{
	NEED(fill(PEOPLE));
	for (unsigned i = 0; i < PEOPLE; i += 7) {
		NEED(probe_of(100 + i, 9));
		find();

		CHECK(best.person == 100 + i);
		CHECK(best.finger == BIO_RIGHT_INDEX);
		CHECK(best.score >= bio_threshold(100, PEOPLE));
		CHECK(best.score >= second.score + BIO_SCORE_MARGIN);
		CHECK(second.person != best.person);
	}
	empty();
}

TEST("a finger that nobody has stays below the threshold")
{
	uint32_t most = 0;

	NEED(fill(PEOPLE));
	for (unsigned i = 0; i < 20; i++) {
		NEED(probe_of(5000 + i, 1));
		find();
		if (best.score > most)
			most = best.score;
	}

	printf("# at most %u of %u\n", most, bio_threshold(100, PEOPLE));
	CHECK(most < bio_threshold(100, PEOPLE));
	empty();
}

TEST("two fingers of one person do not compete with each other")
{
	NEED(fill(20));
	NEED(enrol(500, BIO_RIGHT_INDEX, 777) == ATT_OK);
	NEED(enrol(500, BIO_LEFT_INDEX, 777) == ATT_OK);
	NEED(probe_of(777, 8));
	find();
	CHECK(best.person == 500);
	CHECK(second.person != 500);

	/* the same finger under another number does */
	NEED(enrol(501, BIO_RIGHT_INDEX, 777) == ATT_OK);
	find();
	CHECK(best.person == 500);
	CHECK(second.person == 501);
	CHECK(second.score == best.score);

	/* nor does anybody with a person who is passed over */
	bio_search_except(search, 500);
	find();
	CHECK(best.person == 501);
	CHECK(second.person != 500 && second.score < best.score);
	bio_search_except(search, 0);
	find();
	CHECK(best.person == 500);
	empty();
}

TEST("a person who is removed is found no more, the others are")
{
	NEED(fill(30));
	CHECK(bio_gallery_fingers(gallery) == 30);
	NEED(bio_gallery_remove(gallery, 110) == ATT_OK);
	CHECK(bio_gallery_fingers(gallery) == 29);
	CHECK(bio_gallery_remove(gallery, 110) == ATT_ABSENT);

	NEED(probe_of(110, 9));
	find();
	CHECK(best.person != 110 && second.person != 110);
	CHECK(best.score < bio_threshold(100, 30));
	NEED(probe_of(111, 9));
	find();
	CHECK(best.person == 111);
	empty();
}

TEST("a search of nobody finds nobody")
{
	NEED(fill(0));
	NEED(probe_of(100, 1));
	find();

	CHECK(best.score == 0);
	CHECK(second.score == 0);
	empty();
}

TEST("a finger has one to eight samples, none and nine are refused")
{
	static struct bio_print prints[BIO_SAMPLES_MAX + 1];
	struct bio_sample s;

	NEED(fill(0));
	finger_points(1, 1, &finger_easy, &s);
	for (unsigned i = 0; i <= BIO_SAMPLES_MAX; i++)
		NEED(bio_print_make(&s, &prints[i]) == ATT_OK);

	CHECK(bio_gallery_add(gallery, 1, 2, prints, 0) == ATT_LIMIT);
	CHECK(bio_gallery_add(gallery, 1, 2, prints, BIO_SAMPLES_MAX + 1) ==
	    ATT_LIMIT);
	CHECK(bio_gallery_fingers(gallery) == 0);
	CHECK(bio_gallery_add(gallery, 1, 2, prints, 1) == ATT_OK);
	CHECK(
	    bio_gallery_add(gallery, 2, 2, prints, BIO_SAMPLES_MAX) == ATT_OK);
	empty();
}

TEST("the score of a search is that of verifying the finger alone")
{
	static struct bio_print prints[KEPT];
	struct bio_sample s;

	NEED(fill(12));
	NEED(probe_of(104, 9));
	find();
	for (unsigned i = 0; i < KEPT; i++) {
		finger_points(104, i, &finger_usual, &s);
		NEED(bio_print_make(&s, &prints[i]) == ATT_OK);
	}

	CHECK(best.person == 104);
	CHECK(bio_verify(bio_kernel_best(), &probe, prints, KEPT, search) ==
	    best.score);
	empty();
}

#define MANY 130

TEST("the second stage sees exactly those the first puts in front")
{
	static struct bio_print kept[MANY];
	struct bio_found first = { 0 }, next = { 0 };
	struct bio_sample s;
	unsigned seen = 0;

	NEED(fill(0));
	for (unsigned i = 0; i < MANY; i++) {
		finger_points(3000 + i, 1, &finger_hard, &s);
		NEED(bio_print_make(&s, &kept[i]) == ATT_OK);
		NEED(bio_gallery_add(gallery, 1 + i, 2, &kept[i], 1) == ATT_OK);
	}
	for (unsigned probes = 0; probes < 5; probes++) {
		NEED(probe_of(7000 + probes, 1));
		find();
		first = next = (struct bio_found){ 0 };
		seen = 0;
		for (unsigned i = 0; i < MANY; i++) {
			const struct bio_found f = { .person = 1 + i,
				.score = bio_verify(bio_kernel_best(), &probe,
				    &kept[i], 1, search) };

			if (bio_gallery_place(gallery, bio_kernel_best(),
				&probe, search, 1 + i, 2) >= BIO_CANDIDATES_MIN)
				continue;
			seen++;
			if (f.score > first.score) {
				next = first;
				first = f;
			} else if (f.score > next.score) {
				next = f;
			}
		}
		CHECK(seen == BIO_CANDIDATES_MIN);
		CHECK(best.score == first.score);
		CHECK(second.score == next.score);
	}
	empty();
}

TEST("with more fingers than candidates the right one is among them")
{
	unsigned found = 0;

	NEED(fill(PEOPLE));
	for (unsigned i = 0; i < 140; i++)
		NEED(enrol(9000 + i, BIO_LEFT_THUMB, 9000 + i) == ATT_OK);
	for (unsigned i = 0; i < PEOPLE; i++) {
		NEED(probe_of(100 + i, 9));
		find();
		found += best.person == 100 + i;
		CHECK(
		    bio_gallery_place(gallery, bio_kernel_best(), &probe,
			search, 100 + i, BIO_RIGHT_INDEX) < BIO_CANDIDATES_MIN);
	}

	CHECK(found == PEOPLE);
	CHECK(bio_gallery_bytes(gallery) > 200 * KEPT * 1248);
	empty();
}

/* Pages of ours that are locked and left out of core dumps: their bytes. */
static size_t
guarded(const uint8_t *at[], size_t len[], size_t room)
{
	FILE *f = fopen("/proc/self/smaps", "r");
	char line[512];
	uintptr_t from = 0, to = 0, a, b;
	size_t n = 0;

	while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
		if (sscanf(line, "%lx-%lx rw", &a, &b) == 2) {
			from = a;
			to = b;
		}
		if (strncmp(line, "VmFlags:", 8) != 0)
			continue;
		if (strstr(line, " lo") == NULL || strstr(line, " dd") == NULL)
			continue;
		if (n < room) {
			at[n] = (const uint8_t *)from;
			len[n] = to - from;
		}
		n++;
	}
	if (f != NULL)
		(void)fclose(f);
	return n;
}

static bool
is_in_guarded(const void *what, size_t size)
{
	const uint8_t *at[16];
	size_t len[16];
	const size_t n = guarded(at, len, 16);

	for (size_t i = 0; i < n && i < 16; i++)
		if (memmem(at[i], len[i], what, size) != NULL)
			return true;
	return false;
}

TEST("prints lie in locked pages that no core dump has, and are wiped there")
{
	struct bio_sample s;
	struct bio_print p;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	test_skip("sanitizers lock no memory");
	return;
#endif
	NEED(fill(3));
	finger_points(101, 1, &finger_usual, &s);
	NEED(bio_print_make(&s, &p) == ATT_OK);
	CHECK(is_in_guarded(&p.block[0], sizeof(p.block[0])));
	NEED(bio_gallery_remove(gallery, 101) == ATT_OK);
	CHECK(!is_in_guarded(&p.block[0], sizeof(p.block[0])));

	finger_points(102, 1, &finger_usual, &s);
	NEED(bio_print_make(&s, &p) == ATT_OK);
	CHECK(is_in_guarded(&p.block[0], sizeof(p.block[0])));
	empty();
}
