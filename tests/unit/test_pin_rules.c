/* Which PINs are good enough; each refusal beside a near miss that is taken. */
#include "attendd/pin_rules.h"
#include "store/pin.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

static const char *
check(uint32_t length, const char *pin)
{
	struct config c = config_default;

	c.pin_length = length;
	return pin_rules_check(&c, att_slice_of(pin));
}

static bool
is(const char *why, const char *text)
{
	if (why == NULL || text == NULL)
		return why == text;
	return strcmp(why, text) == 0;
}

TEST("a PIN by itself: digits, length, repetitions, runs")
{
	static const char digits[] = "A PIN is digits only.";
	static const char easy[] = "The PIN is too easy to guess.";
	static const char brief[] = "The PIN is too short.";
	static const struct {
		const char *pin, *why;
	} rows[] = {
		{ "729416", NULL },
		{ "", "The PIN is empty." },
		{ "72941", brief },
		{ "7294163", NULL },
		{ "7294163850274916", NULL },
		{ "72941638502749163", "The PIN is too long." },
		{ "72941a", digits },
		{ " 729416", digits },
		{ "729416\n", digits },
		{ "-72941", digits },
		{ "\xef\xbc\x97\xef\xbc\x92", digits },
		{ "000000", easy },
		{ "000001", NULL },
		{ "121212", easy },
		{ "121213", NULL },
		{ "729729", easy },
		{ "729728", NULL },
		{ "12341234", easy },
		{ "123456", easy },
		{ "123457", NULL },
		{ "789012", easy },
		{ "654321", easy },
		{ "210987", easy },
		{ "210986", NULL },
		{ "135791", NULL },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!is(check(6, rows[i].pin), rows[i].why))
			printf("# %s\n", rows[i].pin);
		CHECK(is(check(6, rows[i].pin), rows[i].why));
	}
}

TEST("the site's length is the least, and never below the store's")
{
	CHECK(check(8, "7294163") != NULL);
	CHECK(check(8, "72941638") == NULL);
	CHECK(check(4, "7294") == NULL);
	CHECK(check(1, "729") != NULL);
	CHECK(STORE_PIN_MIN == 4);
}

TEST("a NUL byte is not a digit")
{
	struct config c = config_default;
	struct att_slice pin = { (const uint8_t *)"7294\0"
						  "16",
		7 };

	CHECK(pin_rules_check(&c, pin) != NULL);
}

TEST("a PIN that knows the person is refused")
{
	static const char number[] = "The PIN resembles the employee number.";
	static const char birth[] = "The PIN resembles the date of birth.";
	static const char phone[] = "The PIN resembles the telephone number.";
	static const struct {
		const char *what, *number, *phone, *pin, *why;
	} rows[] = {
		{ "nothing alike", "1042", "", "729416", NULL },
		{ "zeros in front", "1042", "", "001042", number },
		{ "zeros behind", "1042", "", "104200", number },
		{ "inside", "1042", "", "710427", number },
		{ "turned round", "1042", "", "724017", NULL },
		{ "letters do not count", "A-1042", "", "001042", number },
		{ "a piece of a long number", "29384756", "", "384756",
		    number },
		{ "not a piece", "29384756", "", "384757", NULL },
		{ "two digits are no clue", "42", "", "724216", NULL },
		{ "but their zeros are", "42", "", "000042", number },
		{ "no digits", "ABC", "", "729416", NULL },
		{ "DDMMYY", "1", "", "031290", birth },
		{ "MMDDYY", "1", "", "120390", birth },
		{ "YYMMDD", "1", "", "901203", birth },
		{ "DDMMYYYY", "1", "", "03121990", birth },
		{ "MMDDYYYY", "1", "", "12031990", birth },
		{ "YYYYMMDD", "1", "", "19901203", birth },
		{ "YYYYMM", "1", "", "199012", birth },
		{ "a day later", "1", "", "041290", NULL },
		{ "inside", "1", "", "70312907", birth },
		{ "year alone, whole", "1", "", "1990", birth },
		{ "day and month, whole", "1", "", "0312", birth },
		{ "year inside", "1", "", "719904", NULL },
		{ "a piece of the phone", "1", "+86 138-0729 4163", "729416",
		    phone },
		{ "not of the phone", "1", "+86 138-0729 4163", "729417",
		    NULL },
		{ "too short a phone", "1", "72941", "729416", NULL },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct store_employee e = { .born_on = { 1990, 12, 3 } };
		const char *why;

		(void)snprintf(
		    e.number, sizeof(e.number), "%s", rows[i].number);
		(void)snprintf(e.phone, sizeof(e.phone), "%s", rows[i].phone);
		why = pin_rules_check_person(&e, att_slice_of(rows[i].pin));
		if (!is(why, rows[i].why))
			printf("# %s\n", rows[i].what);
		CHECK(is(why, rows[i].why));
	}
}

TEST("an unknown birth date resembles nothing")
{
	struct store_employee e = { .number = "1" };

	CHECK(pin_rules_check_person(&e, att_slice_of("000000")) == NULL);
	CHECK(pin_rules_check_person(&e, att_slice_of("0000")) == NULL);
}
