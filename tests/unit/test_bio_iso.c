#include "bio/iso.h"
#include "test.h"
#include "tests/finger/finger.h"

#include <stdio.h>
#include <string.h>

static struct bio_template template;
static struct bio_iso read_back;
static uint8_t record[BIO_ISO_MAX + 8];

/*
 * The example of a record with one view of three minutiae, written by hand
 * from the standard's tables.
 */
static const uint8_t sample[] = {
	'F', 'M', 'R', 0, ' ', '2', '0', 0, 0, 0, 0, 48, /* 48 bytes */
	0, 0, 0x01, 0x40, 0x01, 0x90, /* 320 by 400 */
	0, 197, 0, 197, 1, 0, /* 500 dpi, one view */
	2, 0x00, 86, 3, /* right index, quality 86, three minutiae */
	0x40, 100, 0, 99, 0, 90, /* an ending at 100, 99 along the x axis */
	0x80, 0xc8, 0x01, 0x8f, 64, 0, /* a fork in the last row */
	0x00, 0, 0, 0, 255, 255, /* kind unknown, first row */
	0, 0 /* nothing more */
};

TEST("a record written by the book is read")
{
	const struct bio_sample *s = &read_back.view[0].sample;

	NEED(bio_iso_read(sample, sizeof(sample), &read_back) == ATT_OK);

	CHECK(read_back.n == 1);
	CHECK(read_back.view[0].finger == BIO_RIGHT_INDEX);
	CHECK(s->width == 320 && s->height == 400);
	CHECK(s->resolution == 197);
	CHECK(s->quality == 86);
	NEED(s->n == 3);
	CHECK(s->at[0].x == 0 && s->at[0].y == 399);
	CHECK(s->at[0].angle == 127 && s->at[0].quality == 0);
	CHECK(s->at[1].x == 100 && s->at[1].y == 300);
	CHECK(s->at[1].angle == 128 && s->at[1].kind == BIO_KIND_ENDING);
	CHECK(s->at[1].quality == 90);
	CHECK(s->at[2].x == 200 && s->at[2].y == 0);
	CHECK(s->at[2].angle == 192 && s->at[2].kind == BIO_KIND_FORK);
}

TEST("a template written as a record is read as it was")
{
	size_t len = 0;

	memset(&template, 0, sizeof(template));
	template.finger = BIO_LEFT_THUMB;
	template.n = 3;
	(void)snprintf(template.driver, sizeof(template.driver), "uru4000");
	for (unsigned i = 0; i < 3; i++) {
		finger_points(4, i, &finger_usual, &template.sample[i]);
		template.sample[i].quality = (uint8_t)(50 + i);
		bio_sample_sort(&template.sample[i]);
	}
	NEED(bio_iso_write(&template, record, sizeof(record), &len) == ATT_OK);
	NEED(bio_iso_read(record, len, &read_back) == ATT_OK);

	NEED(read_back.n == 3);
	for (unsigned i = 0; i < 3; i++) {
		CHECK(read_back.view[i].finger == BIO_LEFT_THUMB);
		CHECK(memcmp(&read_back.view[i].sample, &template.sample[i],
			  sizeof(template.sample[i])) == 0);
	}
}

TEST("a sample without a size is written with that of its minutiae")
{
	size_t len = 0;

	template = (struct bio_template){ .n = 1, .driver = "a" };
	template.sample[0] = (struct bio_sample){ .resolution = 197, .n = 2 };
	template.sample[0].at[0] = (struct bio_minutia){ .x = 30, .y = 7 };
	template.sample[0].at[1] = (struct bio_minutia){ .x = 99, .y = 50 };
	NEED(bio_iso_write(&template, record, sizeof(record), &len) == ATT_OK);
	NEED(bio_iso_read(record, len, &read_back) == ATT_OK);

	CHECK(read_back.view[0].sample.width == 100);
	CHECK(read_back.view[0].sample.height == 51);
	CHECK(read_back.view[0].sample.at[0].y == 7);
	CHECK(read_back.view[0].sample.at[1].y == 50);
}

TEST("extended data is skipped, and must be as long as it says")
{
	memcpy(record, sample, sizeof(sample));
	record[11] = 52;
	record[47] = 4;

	CHECK(bio_iso_read(record, 52, &read_back) == ATT_OK);
	record[47] = 5;
	CHECK(bio_iso_read(record, 52, &read_back) == ATT_FORMAT);
	record[47] = 3;
	CHECK(bio_iso_read(record, 52, &read_back) == ATT_FORMAT);
}

TEST("records that are not by the book are refused and nothing is written")
{
	static const struct {
		const char *what;
		size_t at;
		uint8_t value;
		enum att_err want;
	} rows[] = {
		{ "nothing changed", 0, 'F', ATT_OK },
		{ "another magic", 2, 'X', ATT_FORMAT },
		{ "another version", 5, '3', ATT_FORMAT },
		{ "shorter than it says", 11, 49, ATT_FORMAT },
		{ "longer than it says", 11, 47, ATT_FORMAT },
		{ "a minutia beyond the right edge", 15, 200, ATT_FORMAT },
		{ "a minutia at the right edge", 15, 201, ATT_OK },
		{ "a minutia below the image", 17, 0x8f, ATT_FORMAT },
		{ "pixels that are not square", 21, 198, ATT_FORMAT },
		{ "no views, but bytes", 22, 0, ATT_FORMAT },
		{ "a view that is not there", 22, 2, ATT_FORMAT },
		{ "too many views", 22, 33, ATT_LIMIT },
		{ "no such finger", 24, 11, ATT_FORMAT },
		{ "a minutia that is not there", 27, 4, ATT_FORMAT },
	};
	static struct bio_iso before;

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		memcpy(record, sample, sizeof(sample));
		if (rows[i].at == 15)
			record[14] = 0; /* narrower than 256 */
		record[rows[i].at] = rows[i].value;
		memset(&read_back, 0xa5, sizeof(read_back));
		memcpy(&before, &read_back, sizeof(before));
		if (!test_check(bio_iso_read(record, sizeof(sample),
				    &read_back) == rows[i].want,
			__FILE__, __LINE__, rows[i].what))
			continue;
		CHECK((memcmp(&before, &read_back, sizeof(before)) == 0) ==
		    (rows[i].want != ATT_OK));
	}
}

TEST("a record cut anywhere is refused, even if it says how short it is")
{
	bool refused = true;

	for (size_t cut = 0; cut < sizeof(sample); cut++) {
		memcpy(record, sample, sizeof(sample));
		refused &= bio_iso_read(record, cut, &read_back) != ATT_OK;
		record[11] = (uint8_t)cut;
		refused &= bio_iso_read(record, cut, &read_back) != ATT_OK;
	}

	CHECK(refused);
}

TEST("samples of different resolution do not go into one record")
{
	size_t len = 0;

	template = (struct bio_template){ .n = 2, .driver = "a" };
	template.sample[0].resolution = 197;
	template.sample[1].resolution = 197;
	CHECK(bio_iso_write(&template, record, sizeof(record), &len) == ATT_OK);
	template.sample[1].resolution = 224;
	CHECK(bio_iso_write(&template, record, sizeof(record), &len) ==
	    ATT_FORMAT);
}
