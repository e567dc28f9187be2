#include "bio/template.h"
#include "test.h"
#include "tests/finger/finger.h"

#include <stdio.h>
#include <string.h>

static struct bio_template template, back;
static uint8_t coded[BIO_TEMPLATE_MAX], again[BIO_TEMPLATE_MAX];

static void
make(unsigned samples)
{
	memset(&template, 0, sizeof(template));
	template.finger = BIO_RIGHT_INDEX;
	template.n = (uint8_t)samples;
	(void)snprintf(template.driver, sizeof(template.driver), "uru4000");
	for (unsigned i = 0; i < samples; i++)
		finger_points(3, i, &finger_usual, &template.sample[i]);
}

TEST("a template is decoded as it was encoded, and encodes to the same bytes")
{
	size_t len = 0, len_again = 0;

	make(3);
	for (unsigned i = 0; i < 3; i++)
		bio_sample_sort(&template.sample[i]);
	NEED(bio_template_encode(&template, coded, sizeof(coded), &len) ==
	    ATT_OK);
	memset(&back, 0xa5, sizeof(back));
	NEED(bio_template_decode(coded, len, &back) == ATT_OK);

	CHECK(memcmp(&template, &back, sizeof(template)) == 0);
	NEED(bio_template_encode(&back, again, sizeof(again), &len_again) ==
	    ATT_OK);
	CHECK(len == len_again);
	CHECK(memcmp(coded, again, len) == 0);
}

TEST("the order minutiae come in changes no byte")
{
	struct bio_sample *s = &template.sample[0];
	size_t len = 0, len_again = 0;

	make(1);
	NEED(bio_template_encode(&template, coded, sizeof(coded), &len) ==
	    ATT_OK);
	for (unsigned i = 0; i < s->n / 2u; i++) {
		const struct bio_minutia m = s->at[i];

		s->at[i] = s->at[s->n - 1 - i];
		s->at[s->n - 1 - i] = m;
	}
	NEED(bio_template_encode(&template, again, sizeof(again), &len_again) ==
	    ATT_OK);

	CHECK(len == len_again);
	CHECK(memcmp(coded, again, len) == 0);
}

TEST(
    "the fullest template fits the greatest length, and a byte less is refused")
{
	struct bio_sample *s;
	size_t len = 0;

	make(BIO_SAMPLES_MAX);
	memset(template.driver, 'x', BIO_DRIVER_MAX);
	for (unsigned i = 0; i < BIO_SAMPLES_MAX; i++) {
		s = &template.sample[i];
		s->n = BIO_MINUTIAE_MAX;
		for (unsigned k = 0; k < s->n; k++)
			s->at[k] = (struct bio_minutia){ .x = (uint16_t)k,
				.y = BIO_COORD_MAX,
				.quality = 100 };
	}

	CHECK(bio_template_encode(&template, coded, sizeof(coded) - 1, &len) ==
	    ATT_LIMIT);
	CHECK(len == 0);
	CHECK(bio_template_encode(&template, coded, sizeof(coded), &len) ==
	    ATT_OK);
	CHECK(len == BIO_TEMPLATE_MAX);
	CHECK(bio_template_decode(coded, len, &back) == ATT_OK);
}

TEST("fields out of their range are refused at encoding")
{
	size_t len = 0;

	make(1);
	CHECK(bio_template_check(&template) == ATT_OK);
	template.finger = BIO_FINGERS;
	CHECK(bio_template_check(&template) == ATT_FORMAT);
	make(0);
	CHECK(bio_template_check(&template) == ATT_FORMAT);
	make(1);
	template.driver[0] = 'U';
	CHECK(bio_template_check(&template) == ATT_FORMAT);
	make(1);
	template.driver[0] = '\0';
	CHECK(bio_template_check(&template) == ATT_FORMAT);
	make(1);
	template.sample[0].at[3].kind = BIO_KIND_FORK + 1;
	CHECK(bio_template_check(&template) == ATT_FORMAT);
	make(1);
	template.sample[0].at[3] = template.sample[0].at[5];
	CHECK(bio_template_check(&template) == ATT_FORMAT);
	CHECK(bio_template_encode(&template, coded, sizeof(coded), &len) ==
	    ATT_FORMAT);
	CHECK(len == 0);
}

TEST("a template cut anywhere or with a byte more is refused")
{
	size_t len = 0;
	bool refused = true;

	make(2);
	NEED(bio_template_encode(&template, coded, sizeof(coded), &len) ==
	    ATT_OK);
	for (size_t cut = 0; cut < len; cut++)
		refused &= bio_template_decode(coded, cut, &back) != ATT_OK;

	CHECK(refused);
	CHECK(bio_template_decode(coded, len, &back) == ATT_OK);
	CHECK(bio_template_decode(coded, len + 1, &back) == ATT_FORMAT);
}

TEST("bytes that are not canonical are refused and nothing is written")
{
	/* version, finger, driver "a", one sample of two minutiae */
	static const uint8_t good[] = { 1, 2, 1, 'a', 1, 64, 1, 144, 1, 197, 0,
		0, 2, 10, 0, 10, 0, 0, 0, 0, 10, 0, 11, 0, 0, 0, 0 };
	static const struct {
		const char *what;
		size_t at;
		uint8_t value;
		enum att_err want;
	} rows[] = {
		{ "nothing changed", 0, 1, ATT_OK },
		{ "a version from before the first", 0, 0, ATT_FORMAT },
		{ "the next version", 0, 2, ATT_NEWER },
		{ "no such finger", 1, 11, ATT_FORMAT },
		{ "a driver in capitals", 3, 'A', ATT_FORMAT },
		{ "no samples", 4, 0, ATT_FORMAT },
		{ "too many samples", 4, 9, ATT_FORMAT },
		{ "no resolution", 9, 0, ATT_FORMAT },
		{ "a quality above the best", 11, 101, ATT_FORMAT },
		{ "a minutia less than is there", 12, 1, ATT_FORMAT },
		{ "a minutia more", 12, 3, ATT_FORMAT },
		{ "a coordinate too great", 14, 64, ATT_FORMAT },
		{ "no such kind", 18, 3, ATT_FORMAT },
		{ "the same minutia twice", 22, 10, ATT_FORMAT },
		{ "not in order", 22, 9, ATT_FORMAT },
	};
	uint8_t bytes[sizeof(good)];

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		memcpy(bytes, good, sizeof(good));
		bytes[rows[i].at] = rows[i].value;
		memset(&back, 0xa5, sizeof(back));
		memcpy(&template, &back, sizeof(back));
		if (!test_check(bio_template_decode(bytes, sizeof(bytes),
				    &back) == rows[i].want,
			__FILE__, __LINE__, rows[i].what))
			continue;
		CHECK((memcmp(&template, &back, sizeof(back)) == 0) ==
		    (rows[i].want != ATT_OK));
	}
}

TEST("a minutia that is there twice is dropped and leaves nothing behind")
{
	struct bio_sample s, once;

	memset(&once, 0, sizeof(once));
	once.n = 2;
	once.at[0].x = 4;
	once.at[1].x = 9;
	s = once;
	s.n = 4;
	s.at[2] = s.at[0];
	s.at[3] = s.at[1];
	bio_sample_sort(&s);

	CHECK(memcmp(&s, &once, sizeof(s)) == 0);
}
