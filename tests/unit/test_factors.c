/* Factor expressions: reading, writing, and when they are met. */
#include "gate/factors.h"
#include "test.h"

#include <string.h>

TEST("a factor expression is read into its alternatives")
{
	static const struct {
		const char *text;
		struct gate_factors want;
	} cases[] = {
		{ "pin", { 1, { GATE_PIN } } },
		{ "finger+pin, pin",
		    { 2, { GATE_FINGER | GATE_PIN, GATE_PIN } } },
		{ " \tface\t+ badge ,terminal ",
		    { 2, { GATE_FACE | GATE_BADGE, GATE_TERMINAL } } },
		{ "finger,face,badge",
		    { 3, { GATE_FINGER, GATE_FACE, GATE_BADGE } } },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct gate_factors f = { 0 };

		CHECK(gate_factors_parse(cases[i].text, &f) == NULL);
		CHECK(memcmp(&f, &cases[i].want, sizeof(f)) == 0);
	}
}

TEST("a factor expression that is wrong is refused with its reason")
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{ "", "empty alternative" },
		{ " ", "empty alternative" },
		{ "pin,", "empty alternative" },
		{ ",pin", "empty alternative" },
		{ "pin,,badge", "empty alternative" },
		{ "pin+", "unknown factor" },
		{ "+pin", "unknown factor" },
		{ "PIN", "unknown factor" },
		{ "pi", "unknown factor" },
		{ "pins", "unknown factor" },
		{ "pin badge", "unknown factor" },
		{ "pin\n", "unknown factor" },
		{ "pin+pin", "factor named twice" },
		{ "pin, pin", "alternative given twice" },
		{ "pin+badge, badge+pin", "alternative given twice" },
		{ "finger", "no way in without biometrics" },
		{ "finger+pin, face", "no way in without biometrics" },
		{ "pin,badge,terminal,pin+badge,pin+terminal,badge+terminal,"
		  "pin+badge+terminal,pin+finger,pin+face",
		    "more alternatives than allowed" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct gate_factors f = { 1, { GATE_BADGE } };
		const char *why = gate_factors_parse(cases[i].text, &f);

		if (!test_check(why != NULL && strcmp(why, cases[i].why) == 0,
			__FILE__, __LINE__, cases[i].text))
			return;
		CHECK(f.n == 1 && f.any_of[0] == GATE_BADGE);
	}
}

TEST("as many alternatives as allowed are read")
{
	struct gate_factors f;

	CHECK(gate_factors_parse(
		  "pin,badge,terminal,pin+badge,pin+terminal,badge+terminal,"
		  "pin+badge+terminal,pin+finger",
		  &f) == NULL);
	CHECK(f.n == GATE_ALTERNATIVES_MAX);
}

TEST("what is written reads back, for every set of factors")
{
	for (unsigned set = 1; set < 1u << GATE_FACTOR_COUNT; set++) {
		struct gate_factors f = { 1, { (uint8_t)set } }, back = { 0 };
		char text[GATE_FACTORS_TEXT];

		if ((set & GATE_BIOMETRIC) != 0)
			f = (struct gate_factors){ 2,
				{ (uint8_t)set, GATE_PIN } };
		gate_factors_format(&f, text, sizeof(text));
		CHECK(gate_factors_parse(text, &back) == NULL);
		CHECK(memcmp(&f, &back, sizeof(f)) == 0);
	}
}

TEST("the longest expression fits, and a small buffer gets a cut text")
{
	struct gate_factors f = { GATE_ALTERNATIVES_MAX, { 0 } };
	char text[GATE_FACTORS_TEXT], cut[6] = "xxxxx";

	memset(f.any_of, 0xff, sizeof(f.any_of));
	gate_factors_format(&f, text, sizeof(text));
	CHECK(strlen(text) == GATE_FACTORS_TEXT - 2);
	CHECK(strcmp(text + strlen(text) - 14, "badge+terminal") == 0);
	gate_factors_format(&f, cut, sizeof(cut));
	CHECK(strcmp(cut, "pin+f") == 0);
	gate_factors_format(&f, cut, 0);
	CHECK(strcmp(cut, "pin+f") == 0);
	f.n = UINT8_MAX;
	gate_factors_format(&f, text, sizeof(text));
	CHECK(strlen(text) == GATE_FACTORS_TEXT - 2);
	f.n = 0;
	gate_factors_format(&f, text, sizeof(text));
	CHECK(text[0] == '\0');
	gate_factor_set_format(0, text, sizeof(text));
	CHECK(strcmp(text, "none") == 0);
}

TEST("an expression is met by one whole alternative")
{
	struct gate_factors f;

	CHECK(gate_factors_parse("finger+pin, badge+terminal", &f) == NULL);
	CHECK(gate_factors_met(&f, GATE_FINGER | GATE_PIN));
	CHECK(gate_factors_met(&f, GATE_FINGER | GATE_PIN | GATE_FACE));
	CHECK(gate_factors_met(&f, GATE_TERMINAL | GATE_BADGE));
	CHECK(!gate_factors_met(&f, GATE_PIN));
	CHECK(!gate_factors_met(&f, GATE_FINGER | GATE_BADGE));
	CHECK(!gate_factors_met(&f, 0));
}

TEST("an expression out of bounds is met by nothing")
{
	struct gate_factors none = { 0 };
	struct gate_factors empty = { 1, { 0 } };
	struct gate_factors strange = { 1, { 0x80 } };
	struct gate_factors many = { GATE_ALTERNATIVES_MAX + 1, { GATE_PIN } };

	CHECK(!gate_factors_met(&none, 0xff));
	CHECK(!gate_factors_met(&empty, 0xff));
	CHECK(!gate_factors_met(&strange, 0xff));
	CHECK(!gate_factors_met(&many, GATE_PIN));
	many.n = 1;
	CHECK(gate_factors_met(&many, GATE_PIN));
}

TEST("requiring a factor adds it to every alternative, once each")
{
	struct gate_factors f, r;
	char text[GATE_FACTORS_TEXT];

	CHECK(gate_factors_parse("finger, finger+pin, badge", &f) == NULL);
	r = gate_factors_require(&f, GATE_PIN);
	gate_factors_format(&r, text, sizeof(text));
	CHECK(strcmp(text, "pin+finger, pin+badge") == 0);
	CHECK(!gate_factors_met(&r, GATE_BADGE | GATE_FINGER));
	CHECK(gate_factors_met(&r, GATE_BADGE | GATE_PIN));
}
