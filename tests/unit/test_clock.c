#include "test.h"

#include "base/clock.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static void
use_zone(const char *zone)
{
	(void)setenv("TZ", zone, 1);
	tzset();
}

static struct att_date
date(int year, unsigned month, unsigned day)
{
	return (struct att_date){ (int16_t)year, (uint8_t)month, (uint8_t)day };
}

static bool
same(struct att_date a, struct att_date b)
{
	return att_date_cmp(a, b) == 0;
}

TEST("a date is read only in its one form and only if the day exists")
{
	static const struct {
		const char *text;
		bool ok;
	} rows[] = {
		{ "2007-05-31", true },
		{ "2024-02-29", true },
		{ "2000-02-29", true },
		{ "2100-02-28", true },
		{ "1900-01-01", true },
		{ "2200-12-31", true },
		{ "2023-02-29", false },
		{ "2100-02-29", false },
		{ "1900-02-29", false },
		{ "2023-04-31", false },
		{ "2023-00-01", false },
		{ "2023-13-01", false },
		{ "2023-01-00", false },
		{ "2023-01-32", false },
		{ "1899-12-31", false },
		{ "2201-01-01", false },
		{ "2023-1-1", false },
		{ "23-01-01", false },
		{ "2023/01/01", false },
		{ "2023-01-01 ", false },
		{ " 2023-01-0", false },
		{ "+023-01-01", false },
		{ "2023-01-0x", false },
		{ "", false },
		{ "-", false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct att_date d = date(1, 1, 1);
		enum att_err e = att_date_parse(rows[i].text, &d);

		CHECK(e == (rows[i].ok ? ATT_OK : ATT_FORMAT));
		CHECK(rows[i].ok || same(d, date(1, 1, 1)));
	}
}

TEST("a date comes back as it was written")
{
	struct att_date d;
	char text[ATT_DATE_TEXT];

	NEED(att_date_parse("2007-05-31", &d) == ATT_OK);
	att_date_format(d, text);
	CHECK(strcmp(text, "2007-05-31") == 0);
	att_date_format((struct att_date){ 0 }, text);
	CHECK(strcmp(text, "-") == 0);
}

TEST("age goes up on the birthday, and on 1 March for a 29 February")
{
	static const struct {
		const char *born, *on;
		int age;
	} rows[] = {
		{ "2007-05-31", "2025-05-30", 17 },
		{ "2007-05-31", "2025-05-31", 18 },
		{ "2008-02-29", "2026-02-28", 17 },
		{ "2008-02-29", "2026-03-01", 18 },
		{ "2008-02-29", "2028-02-28", 19 },
		{ "2008-02-29", "2028-02-29", 20 },
		{ "2008-02-29", "2008-02-29", 0 },
		{ "2008-02-29", "2008-02-28", -1 },
		{ "2000-01-01", "2099-12-31", 99 },
		{ "2000-12-31", "2018-12-30", 17 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct att_date born, on;

		NEED(att_date_parse(rows[i].born, &born) == ATT_OK);
		NEED(att_date_parse(rows[i].on, &on) == ATT_OK);
		CHECK(att_age_on(born, on) == rows[i].age);
	}
	CHECK(same(att_birthday(date(2008, 2, 29), 18), date(2026, 3, 1)));
	CHECK(same(att_birthday(date(2008, 2, 29), 16), date(2024, 2, 29)));
}

TEST("dates are ordered by year, then month, then day")
{
	CHECK(att_date_cmp(date(2024, 12, 31), date(2025, 1, 1)) == -1);
	CHECK(att_date_cmp(date(2025, 2, 1), date(2025, 1, 31)) == 1);
	CHECK(att_date_cmp(date(2025, 1, 1), date(2025, 1, 2)) == -1);
	CHECK(att_date_cmp(date(2025, 1, 1), date(2025, 1, 1)) == 0);
	CHECK(!att_date_known((struct att_date){ 0 }));
	CHECK(att_date_known(date(2025, 1, 1)));
}

TEST("the date is the site's: midnight there, not in Greenwich")
{
	use_zone("CST-8"); /* eight hours east */
	CHECK(same(att_date_at(1735660799), date(2024, 12, 31)));
	CHECK(same(att_date_at(1735660800), date(2025, 1, 1)));
	use_zone("UTC0");
	CHECK(same(att_date_at(1735660800), date(2024, 12, 31)));
}

TEST("times carry their offset")
{
	char text[ATT_TIME_TEXT];

	use_zone("CST-8");
	att_time_format(1735660800, text);
	CHECK(strcmp(text, "2025-01-01T00:00:00+08:00") == 0);
	use_zone("UTC0");
	att_time_format(0, text);
	CHECK(strcmp(text, "1970-01-01T00:00:00+00:00") == 0);
}

TEST("the kernel's clocks are read, and boot time does not run backwards")
{
	static const uint8_t none[ATT_BOOT_ID_LEN];
	struct att_now a, b;
	int64_t before = att_mono_ms();

	NEED(att_now_read(&a) == ATT_OK);
	NEED(att_now_read(&b) == ATT_OK);

	CHECK(b.boot >= a.boot);
	CHECK(memcmp(a.boot_id, b.boot_id, ATT_BOOT_ID_LEN) == 0);
	CHECK(memcmp(a.boot_id, none, ATT_BOOT_ID_LEN) != 0);
	CHECK(att_mono_ms() >= before);
}
