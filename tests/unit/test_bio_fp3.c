#include "bio/fp3.h"
#include "test.h"
#include "tests/finger/finger.h"

#include <stdio.h>
#include <string.h>

static struct bio_template template, back;
static uint8_t bytes[BIO_FP3_MAX + 16];

/* Three minutiae of a left thumb, serialised by GLib. */
static const uint8_t by_glib[] = { 'F', 'P', '3', 2, 0, 0, 0, 'u', 'r', 'u',
	'4', '0', '0', '0', 0, 0, 0, 1, 0, 0, 0, 0, 128, 0, 0, 0, 0, 100, 0, 0,
	0, 200, 0, 0, 0, 44, 1, 0, 0, 50, 0, 0, 0, 150, 0, 0, 0, 250, 0, 0, 0,
	0, 0, 0, 0, 90, 0, 0, 0, 245, 255, 255, 255, 24, 12, 38, 0, '(', 'a',
	'(', 'a', 'i', 'a', 'i', 'a', 'i', ')', ')', 24, 15, 15, 13, 12 };

TEST("a print serialised by GLib is read")
{
	const struct bio_sample *s = &back.sample[0];

	NEED(bio_fp3_read(by_glib, sizeof(by_glib), 197, &back) == ATT_OK);

	CHECK(strcmp(back.driver, "uru4000") == 0);
	CHECK(back.finger == BIO_LEFT_THUMB);
	NEED(back.n == 1 && s->n == 3);
	CHECK(s->resolution == 197);
	CHECK(s->at[0].x == 100 && s->at[0].y == 50 && s->at[0].angle == 0);
	CHECK(s->at[1].x == 200 && s->at[1].y == 150 && s->at[1].angle == 64);
	CHECK(s->at[2].x == 300 && s->at[2].y == 250 && s->at[2].angle == 248);
}

static void
make(unsigned samples, unsigned minutiae)
{
	memset(&template, 0, sizeof(template));
	template.finger = BIO_RIGHT_RING;
	template.n = (uint8_t)samples;
	(void)snprintf(template.driver, sizeof(template.driver), "egis0570");
	for (unsigned i = 0; i < samples; i++) {
		struct bio_sample *s = &template.sample[i];

		s->resolution = 197;
		s->n = (uint8_t)minutiae;
		for (unsigned k = 0; k < minutiae; k++)
			s->at[k] = (struct bio_minutia){
				.x = (uint16_t)(10 + k),
				.y = (uint16_t)(i * 7 + k % 13),
				.angle = (uint8_t)(k * 8),
			};
	}
}

TEST("our own writer gives GLib's bytes, so the tests may use it")
{
	const size_t len =
	    bio_fp3_read(by_glib, sizeof(by_glib), 197, &template) == ATT_OK
	    ? finger_fp3(&template, bytes, sizeof(bytes))
	    : 0;

	CHECK(len == sizeof(by_glib));
	CHECK(memcmp(bytes, by_glib, sizeof(by_glib)) == 0);
}

TEST("offsets are as wide as the length needs, in every part by itself")
{
	static const struct {
		unsigned samples, minutiae;
	} rows[] = { { 1, 0 }, { 1, 1 }, { 1, 12 }, { 1, 20 }, { 1, 21 },
		{ 2, 10 }, { 3, 7 }, { 5, 45 }, { 8, 200 } };

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t len;

		make(rows[i].samples, rows[i].minutiae);
		len = finger_fp3(&template, bytes, sizeof(bytes));
		NEED(bio_fp3_read(bytes, len, 197, &back) == ATT_OK);
		CHECK(memcmp(&back, &template, sizeof(back)) == 0);
	}
}

TEST("a print kept in the reader is refused, not misread")
{
	memcpy(bytes, by_glib, sizeof(by_glib));
	bytes[3] = 1;
	CHECK(bio_fp3_read(bytes, sizeof(by_glib), 197, &back) == ATT_REFUSED);
	bytes[3] = 2;
	bytes[16] = 1;
	CHECK(bio_fp3_read(bytes, sizeof(by_glib), 197, &back) == ATT_REFUSED);
	bytes[16] = 0;
	CHECK(bio_fp3_read(bytes, sizeof(by_glib), 197, &back) == ATT_OK);
}

TEST("too many samples, minutiae or bytes are refused")
{
	make(1, BIO_FP3_MINUTIAE);
	CHECK(bio_fp3_read(bytes, finger_fp3(&template, bytes, sizeof(bytes)),
		  197, &back) == ATT_OK);
	make(1, BIO_FP3_MINUTIAE + 1);
	CHECK(bio_fp3_read(bytes, finger_fp3(&template, bytes, sizeof(bytes)),
		  197, &back) == ATT_FORMAT);
	CHECK(bio_fp3_read(bytes, BIO_FP3_MAX + 1, 197, &back) == ATT_LIMIT);
}

TEST("what libfprint would not write is refused and nothing is written")
{
	static const struct {
		const char *what;
		size_t at;
		uint8_t value;
		enum att_err want;
	} rows[] = {
		{ "nothing changed", 0, 'F', ATT_OK },
		{ "another magic", 2, '2', ATT_FORMAT },
		{ "no such kind", 3, 3, ATT_FORMAT },
		{ "text without its end", 14, 'x', ATT_FORMAT },
		{ "text with an end inside", 9, 0, ATT_FORMAT },
		{ "a driver we could not store", 7, 'U', ATT_FORMAT },
		{ "neither true nor false", 16, 2, ATT_FORMAT },
		{ "no such finger", 17, 11, ATT_FORMAT },
		{ "a byte that should be zero", 18, 1, ATT_FORMAT },
		{ "a coordinate below zero", 30, 0x80, ATT_FORMAT },
		{ "a coordinate too great", 28, 64, ATT_FORMAT },
		{ "an angle beyond a turn", 52, 2, ATT_FORMAT },
		{ "fewer x than y", 64, 8, ATT_FORMAT },
		{ "an array not of whole numbers", 64, 13, ATT_FORMAT },
		{ "y ends before x does", 63, 8, ATT_FORMAT },
		{ "a sample that ends beyond the array", 65, 39, ATT_FORMAT },
		{ "another type", 69, 's', ATT_FORMAT },
		{ "later members before earlier", 80, 12, ATT_FORMAT },
		{ "a member beyond the end", 78, 255, ATT_FORMAT },
		{ "later versions' data", 78, 32, ATT_FORMAT },
		{ "a description that is not text", 79, 16, ATT_FORMAT },
	};

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		memcpy(bytes, by_glib, sizeof(by_glib));
		bytes[rows[i].at] = rows[i].value;
		memset(&back, 0xa5, sizeof(back));
		memcpy(&template, &back, sizeof(back));
		if (!test_check(bio_fp3_read(bytes, sizeof(by_glib), 197,
				    &back) == rows[i].want,
			__FILE__, __LINE__, rows[i].what))
			continue;
		CHECK((memcmp(&template, &back, sizeof(back)) == 0) ==
		    (rows[i].want != ATT_OK));
	}
}

TEST("as many x as angles are not enough, y has to be as many")
{
	memcpy(bytes, by_glib, sizeof(by_glib));
	bytes[64] = 8;
	bytes[63] = 28;
	CHECK(bio_fp3_read(bytes, sizeof(by_glib), 197, &back) == ATT_FORMAT);
}

TEST("a print cut anywhere or with a byte more is refused")
{
	bool refused = true;

	memcpy(bytes, by_glib, sizeof(by_glib));
	bytes[sizeof(by_glib)] = 0;
	for (size_t cut = 0; cut < sizeof(by_glib); cut++)
		refused &= bio_fp3_read(bytes, cut, 197, &back) != ATT_OK;

	CHECK(refused);
	CHECK(bio_fp3_read(bytes, sizeof(by_glib) + 1, 197, &back) != ATT_OK);
	CHECK(bio_fp3_read(bytes, sizeof(by_glib), 197, &back) == ATT_OK);
}
