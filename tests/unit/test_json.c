/* What verbs print: JSON that any reader takes, tables that line up. */
#include "admin/json.h"
#include "admin/table.h"
#include "test.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

struct sink {
	char text[64 * 1024];
	size_t len;
	unsigned calls;
};

static void
collect(void *ctx, const void *at, size_t len)
{
	struct sink *s = ctx;

	if (len >= sizeof(s->text) - s->len)
		len = sizeof(s->text) - 1 - s->len;
	memcpy(s->text + s->len, at, len);
	s->len += len;
	s->text[s->len] = '\0';
	s->calls++;
}

static struct sink out;
static struct print print;
static struct json json;

static void
start(void)
{
	memset(&out, 0, sizeof(out));
	print_open(&print, collect, &out);
	json_start(&json, &print);
	(void)setlocale(LC_CTYPE, "C.UTF-8");
}

static bool
printed(const char *text)
{
	print_flush(&print);
	if (strcmp(out.text, text) != 0)
		printf("# printed: %s\n", out.text);
	return strcmp(out.text, text) == 0;
}

TEST("objects and arrays nest, one member a line")
{
	start();
	json_object(&json);
	json_key(&json, "a");
	json_number(&json, -5);
	json_key(&json, "list");
	json_array(&json);
	json_text(&json, "x");
	json_null(&json);
	json_bool(&json, true);
	json_array_end(&json);
	json_key(&json, "none");
	json_object(&json);
	json_object_end(&json);
	json_object_end(&json);
	CHECK(printed("{\n  \"a\": -5,\n  \"list\": [\n    \"x\",\n    null,\n"
		      "    true\n  ],\n  \"none\": {}\n}\n"));
}

TEST("an empty list is a list")
{
	start();
	json_array(&json);
	json_array_end(&json);
	CHECK(printed("[]\n"));
}

TEST("every number comes out whole")
{
	start();
	json_array(&json);
	json_number(&json, INT64_MIN);
	json_number(&json, INT64_MAX);
	json_array_end(&json);
	CHECK(
	    printed("[\n  -9223372036854775808,\n  9223372036854775807\n]\n"));
}

TEST("text is escaped where JSON asks for it and left alone elsewhere")
{
	static const struct {
		const char *text, *json;
	} rows[] = {
		{ "", "\"\"" },
		{ "plain", "\"plain\"" },
		{ "\"\\/", "\"\\\"\\\\/\"" },
		{ "a\nb\tc\r", "\"a\\nb\\tc\\u000d\"" },
		{ "\x01\x1f\x7f", "\"\\u0001\\u001f\\u007f\"" },
		{ "\xc2\x9b[31m", "\"\\u009b[31m\"" },
		{ "\xc2\xa0", "\"\xc2\xa0\"" },
		{ "\xe7\x8e\x8b\xe8\x8a\xb3", "\"\xe7\x8e\x8b\xe8\x8a\xb3\"" },
		{ "\xf0\x9f\x98\x80", "\"\xf0\x9f\x98\x80\"" },
		{ "\xe2\x80\xa8\xe2\x80\xa9", "\"\\u2028\\u2029\"" },
		/* not UTF-8: stray, cut, overlong, surrogate, too large */
		{ "\x80", "\"\xef\xbf\xbd\"" },
		{ "a\xe7\x8e", "\"a\xef\xbf\xbd\xef\xbf\xbd\"" },
		{ "\xc0\xaf", "\"\xef\xbf\xbd\xef\xbf\xbd\"" },
		{ "\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
		{ "\xf5\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\"" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		start();
		json_text(&json, rows[i].text);
		CHECK(printed(rows[i].json));
	}
	start();
	json_text(&json, NULL);
	CHECK(printed("null"));
}

TEST("much text goes out in few pieces and whole")
{
	start();
	json_array(&json);
	for (int i = 0; i < 1000; i++)
		json_text(&json, "0123456789");
	json_array_end(&json);
	print_flush(&print);
	CHECK(out.len == 1000 * 15 + 999 + 4);
	CHECK(out.calls <= 1 + out.len / PRINT_BUFFER);
}

static const struct table_column columns[] = { { "name", "NAME" }, { "n", "N" },
	{ "on", "ON" } };

TEST("columns line up, wide characters counted as wide")
{
	struct table t;

	start();
	table_open(&t, &print, NULL, columns, 3);
	table_text(&t, "\xe7\x8e\x8b\xe8\x8a\xb3");
	table_number(&t, 12345);
	table_flag(&t, true);
	table_text(&t, "Ann E.");
	table_number(&t, 1);
	table_flag(&t, false);
	table_text(&t, NULL);
	table_number(&t, 0);
	table_text(&t, "");
	CHECK(table_close(&t));
	CHECK(printed("NAME    N      ON\n"
		      "\xe7\x8e\x8b\xe8\x8a\xb3    12345  yes\n"
		      "Ann E.  1      no\n"
		      "-       0      -\n"));
}

TEST("a column in which nothing is known is left out, until something is")
{
	struct table t;

	start();
	table_open(&t, &print, NULL, columns, 3);
	for (int i = 0; i < TABLE_BLOCK; i++) {
		table_text(&t, "Ann");
		table_text(&t, NULL);
		table_text(&t, "");
	}
	table_text(&t, "Bo");
	table_number(&t, 7);
	table_text(&t, NULL);
	CHECK(table_close(&t));
	print_flush(&print);
	CHECK(strncmp(out.text, "NAME\nAnn\nAnn\n", 13) == 0);
	CHECK(strstr(out.text, "Ann\nNAME  N\nBo    7\n") != NULL);

	start();
	table_open(&t, &print, NULL, columns, 3);
	table_text(&t, NULL);
	table_text(&t, NULL);
	table_text(&t, NULL);
	CHECK(table_close(&t));
	CHECK(printed("NAME\n-\n"));
}

TEST("a table without rows prints nothing, not even its heading")
{
	struct table t;

	start();
	table_open(&t, &print, NULL, columns, 3);
	CHECK(table_close(&t));
	CHECK(printed(""));
}

TEST("what steers a terminal comes out as a question mark")
{
	struct table t;

	start();
	table_open(&t, &print, NULL, columns, 1);
	table_text(&t, "a\x1b[2J\nb\xc2\x9b\xff");
	CHECK(table_close(&t));
	CHECK(printed("NAME\na?[2J?b??\n"));
}

TEST("the same rows are an array of objects in JSON")
{
	struct table t;

	start();
	table_open(&t, &print, &json, columns, 3);
	table_text(&t, "Ann");
	table_number(&t, 7);
	table_flag(&t, false);
	table_text(&t, "");
	table_number(&t, 8);
	table_flag(&t, true);
	CHECK(table_close(&t));
	CHECK(printed("[\n  {\n    \"name\": \"Ann\",\n    \"n\": 7,\n"
		      "    \"on\": false\n  },\n  {\n    \"name\": null,\n"
		      "    \"n\": 8,\n    \"on\": true\n  }\n]\n"));
}

TEST("rows beyond a block stream with one heading and at least its widths")
{
	struct table t;
	unsigned lines = 0;

	start();
	table_open(&t, &print, NULL, columns, 2);
	for (int i = 0; i < 2 * TABLE_BLOCK + 1; i++) {
		table_text(&t, i == 0 ? "a long name" : "b");
		table_number(&t, i);
	}
	CHECK(table_close(&t));
	print_flush(&print);
	for (const char *at = out.text; *at != '\0'; at++)
		lines += *at == '\n';
	CHECK(lines == 2 * TABLE_BLOCK + 2);
	CHECK(strstr(out.text + 4, "NAME") == NULL);
	CHECK(strstr(out.text, "\nb            512\n") != NULL);
}
