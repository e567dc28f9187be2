#include "test.h"

#include "base/name.h"

#include <stdio.h>
#include <string.h>

TEST("a login name is what every tool takes for one, and nothing else")
{
	static const struct {
		const char *name;
		bool ok;
	} rows[] = {
		{ "e1042", true },
		{ "_a", true },
		{ "a-b_c9", true },
		{ "a", true },
		{ "roots", true },
		{ "abcdefghijklmnopqrstuvwxyz012345", true }, /* 32 */
		{ "abcdefghijklmnopqrstuvwxyz0123456", false },
		{ "", false },
		{ "root", false },
		{ "nobody", false },
		{ "1042", false },
		{ "-a", false },
		{ "+a", false },
		{ "+", false },
		{ "E1042", false },
		{ "e10.42", false },
		{ "a b", false },
		{ " a", false },
		{ "a\n", false },
		{ "a:b", false },
		{ "../a", false },
		{ "a/b", false },
		{ "a$", false },
		{ "a@b", false },
		{ "a\x7f", false },
		{ "\xc3\xa4", false },
		{ "a\xff", false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t len = strlen(rows[i].name);
		bool ok = att_login_ok(rows[i].name, len);

		if (ok != rows[i].ok)
			printf("# \"%s\"\n", rows[i].name);
		CHECK(ok == rows[i].ok);
		CHECK(att_login_len(rows[i].name) == (ok ? len : 0));
	}
	CHECK(!att_login_ok("a\0b", 3));
	CHECK(att_login_ok("ab;rm", 2)); /* only len bytes count */
}

TEST("an employee number may be mixed case with dots inside")
{
	static const struct {
		const char *number;
		bool ok;
	} rows[] = {
		{ "1042", true }, { "A-10.b_2", true },
		{ "12345678901234567890123456789012", true }, /* 32 */
		{ "123456789012345678901234567890123", false }, { "", false },
		{ ".1", false }, { "-1", false }, { "_1", false },
		{ "1 2", false }, { "1/2", false }, { "1\n", false },
		{ "\xef\xbc\x91", false }, /* a full-width digit */
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		CHECK(att_number_ok(rows[i].number, strlen(rows[i].number)) ==
		    rows[i].ok);
}

TEST("system ids, nobody's and those beyond the ceiling are never ours")
{
	static const struct {
		uint32_t id;
		bool ok;
	} rows[] = {
		{ 0, false },
		{ ATT_ID_FLOOR - 1, false },
		{ ATT_ID_FLOOR, true },
		{ 65533, true },
		{ 65534, false },
		{ 65535, false },
		{ 65536, true },
		{ ATT_UID_MIN_DEFAULT, true },
		{ ATT_UID_MAX_DEFAULT, true },
		{ ATT_ID_CEILING, true },
		{ ATT_ID_CEILING + 1, false },
		{ UINT32_MAX, false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		CHECK(att_id_ok(rows[i].id) == rows[i].ok);
}
