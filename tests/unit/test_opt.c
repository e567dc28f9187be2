#include "test.h"

#include "base/opt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct sample {
	uint32_t tries;
	uint32_t any;
	bool on;
	char name[8];
	char rules[32]; /* what the checks were given */
};

static const struct sample defaults = { .tries = 5, .name = "kiosk" };

static const char *
check_colour(void *s, const char *sub, const char *value)
{
	struct sample *o = s;

	if (strcmp(value, "red") != 0)
		return "not a colour";
	(void)snprintf(
	    o->rules, sizeof(o->rules), "%s", sub == NULL ? "plain" : sub);
	return NULL;
}

static const char *
check_factor(void *s, const char *sub, const char *value)
{
	struct sample *o = s;
	size_t n = strlen(o->rules);

	(void)snprintf(
	    o->rules + n, sizeof(o->rules) - n, "[%s:%s]", sub, value);
	return NULL;
}

#define S struct sample
static const struct att_opt rows[] = {
	ATT_OPT_U32(S, "tries", tries, 1, 20),
	ATT_OPT_U32(S, "any", any, 0, UINT32_MAX),
	ATT_OPT_BOOL(S, "on", on),
	ATT_OPT_TEXT(S, "name", name),
	ATT_OPT_CHECKED("colour", check_colour),
	ATT_OPT_DOTTED("factor", check_factor),
};
#undef S
#define ROWS (sizeof(rows) / sizeof(rows[0]))

static struct sample got;
static struct att_opt_error why;

static enum att_err
read_text(const char *text, size_t len)
{
	/* exactly as long, so that ASan sees a read behind it */
	char *copy = malloc(len > 0 ? len : 1);
	enum att_err e;

	memcpy(copy, text, len);
	got = defaults;
	e = att_opt_read(rows, ROWS, copy, len, &got, sizeof(got), &why);
	free(copy);
	return e;
}

static enum att_err
read_args(int argc, const char **argv)
{
	got = defaults;
	return att_opt_args(rows, ROWS, argc, argv, &got, sizeof(got), &why);
}

static bool
unchanged(void)
{
	return got.tries == defaults.tries && got.any == defaults.any &&
	    got.on == defaults.on && strcmp(got.name, defaults.name) == 0 &&
	    got.rules[0] == '\0';
}

TEST("each kind of row writes its field")
{
	static const char text[] = "# a comment\n"
				   "\n"
				   "  tries = 7\t\r\n"
				   "on=yes\n"
				   "name = a b\n"
				   "colour = red\n"
				   "any=4294967295";

	NEED(read_text(text, strlen(text)) == ATT_OK);

	CHECK(got.tries == 7);
	CHECK(got.on);
	CHECK(strcmp(got.name, "a b") == 0);
	CHECK(strcmp(got.rules, "plain") == 0);
	CHECK(got.any == UINT32_MAX);
	CHECK(why.reason == NULL);
}

TEST("what is not given keeps its default")
{
	NEED(read_text("", 0) == ATT_OK);

	CHECK(unchanged());
}

TEST("dotted keys reach their check with what stands behind the dot")
{
	static const char text[] = "factor.login = a\nfactor.su do = b\n";

	NEED(read_text(text, strlen(text)) == ATT_OK);

	CHECK(strcmp(got.rules, "[login:a][su do:b]") == 0);
}

TEST("a wrong input is refused whole, with its line and the reason")
{
	static const struct {
		const char *what; /* the input */
		unsigned line;
		const char *reason;
		bool unknown;
	} bad[] = {
		{ "\n\ntrie = 3\n", 3, "unknown key", true },
		{ "on = yes\nTRIES = 3\n", 2, "unknown key", true },
		{ "tries = 1\ntries = 1\n", 2, "key given twice", false },
		{ "factor.a = 1\nfactor.b = 1\nfactor.a = 1\n", 3,
		    "key given twice", false },
		{ "factor. = 1\n", 1, "unknown key", true },
		{ "factor = 1\n", 1, "unknown key", true },
		{ "colour.x = red\n", 1, "unknown key", true },
		{ "= 1\n", 1, "unknown key", true },
		{ "on = yes\ntries 3\n", 2, "no '=' in the line", false },
		{ "tries =\n", 1, "value missing", false },
		{ "on =\n", 1, "value missing", false },
		{ "tries = -1\n", 1, "not a whole number", false },
		{ "tries = 1.5\n", 1, "not a whole number", false },
		{ "tries = 3 # three\n", 1, "not a whole number", false },
		{ "tries = 0x3\n", 1, "not a whole number", false },
		{ "tries = 0\n", 1, "number out of range", false },
		{ "tries = 21\n", 1, "number out of range", false },
		{ "tries = 4294967297\n", 1, "number out of range", false },
		{ "any = 4294967296\n", 1, "number out of range", false },
		{ "any = 18446744073709551621\n", 1, "number out of range",
		    false },
		{ "on = 1\n", 1, "neither yes nor no", false },
		{ "on = YES\n", 1, "neither yes nor no", false },
		{ "name = a\033[2J\n", 1, "not printable UTF-8", false },
		{ "name = \xff\n", 1, "not printable UTF-8", false },
		{ "name = 12345678\n", 1, "value too long", false },
		{ "colour = blue\n", 1, "not a colour", false },
		{ "colour = \x1b\n", 1, "not printable UTF-8", false },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		enum att_err e = read_text(bad[i].what, strlen(bad[i].what));
		bool same = why.reason != NULL &&
		    strcmp(why.reason, bad[i].reason) == 0;

		if (e != ATT_FORMAT || !same)
			printf("# %s# line %u: %s\n", bad[i].what, why.line,
			    why.reason);
		CHECK(e == ATT_FORMAT);
		CHECK(same);
		CHECK(why.line == bad[i].line);
		CHECK(why.unknown == bad[i].unknown);
		CHECK(unchanged());
	}
}

TEST("the same inputs pass once the one mistake is mended")
{
	static const char *const good[] = {
		"\n\ntries = 3\n",
		"on = yes\ntries = 3\n",
		"tries = 1\non = no\n",
		"factor.a = 1\nfactor.b = 1\n",
		"tries=1",
		"tries = 20\n",
		"any = 0\n",
		"any = 4294967295\n",
		"name = 1234567\n",
		"name =\n",
		"factor.a =\n",
		"tries = 0003\n",
	};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		CHECK(read_text(good[i], strlen(good[i])) == ATT_OK);
}

TEST("the key of a refusal is cut to fit and cannot steer a terminal")
{
	char text[200];

	memset(text, 'k', sizeof(text));
	text[0] = '\033';
	text[1] = '\x9b';
	text[sizeof(text) - 2] = '=';

	CHECK(read_text(text, sizeof(text)) == ATT_FORMAT);
	CHECK(strlen(why.key) == sizeof(why.key) - 1);
	CHECK(strncmp(why.key, "??kkk", 5) == 0);
}

TEST("an input of the greatest size is read, one byte more is refused")
{
	char *text = malloc(ATT_OPT_FILE_MAX + 1);

	memset(text, '\n', ATT_OPT_FILE_MAX + 1);
	CHECK(read_text(text, ATT_OPT_FILE_MAX - 1) == ATT_OK);
	CHECK(read_text(text, ATT_OPT_FILE_MAX) == ATT_OK);
	CHECK(read_text(text, ATT_OPT_FILE_MAX + 1) == ATT_FORMAT);
	CHECK(strcmp(why.reason, "file too large") == 0);
	free(text);
}

TEST("an input with a NUL byte is refused")
{
	CHECK(read_text("on=yes\0\n", 8) == ATT_FORMAT);
	CHECK(unchanged());
	CHECK(read_text("on=yes\n\n", 8) == ATT_OK);
}

TEST("as many keys as allowed are read, one more is refused")
{
	char *text = malloc(ATT_OPT_KEYS_MAX * 16 + 16);
	size_t n = 0;

	/* the check's own buffer fills up and keeps its end */
	for (unsigned i = 0; i < ATT_OPT_KEYS_MAX; i++)
		n += (size_t)sprintf(text + n, "factor.%u=x\n", i);
	CHECK(read_text(text, n) == ATT_OK);
	n += (size_t)sprintf(text + n, "on=yes\n");
	CHECK(read_text(text, n) == ATT_FORMAT);
	CHECK(strcmp(why.reason, "too many keys") == 0);
	CHECK(why.line == ATT_OPT_KEYS_MAX + 1);
	free(text);
}

TEST("a value and a dotted key's end as long as a text may be pass")
{
	char text[2 * ATT_OPT_VALUE_MAX + 32];
	char longest[ATT_OPT_VALUE_MAX + 1];
	int n;

	memset(longest, 'v', ATT_OPT_VALUE_MAX);
	longest[ATT_OPT_VALUE_MAX] = '\0';
	n = snprintf(
	    text, sizeof(text), "factor.%s=%s", longest + 1, longest + 1);
	CHECK(read_text(text, (size_t)n) == ATT_OK);
	n = snprintf(text, sizeof(text), "factor.a=%s", longest);
	CHECK(read_text(text, (size_t)n) == ATT_FORMAT);
	n = snprintf(text, sizeof(text), "factor.%s=a", longest);
	CHECK(read_text(text, (size_t)n) == ATT_FORMAT);
}

TEST("a module argument that is a switch needs no value")
{
	const char *argv[] = { "on", "tries=9" };

	NEED(read_args(2, argv) == ATT_OK);

	CHECK(got.on);
	CHECK(got.tries == 9);
}

TEST("a switch can be turned off by argument")
{
	const char *argv[] = { "on=no" };

	NEED(read_args(1, argv) == ATT_OK);

	CHECK(!got.on);
}

TEST("a wrong argument is refused with its place and the reason")
{
	static const struct {
		const char *word, *reason;
	} bad[] = {
		{ "debug", "unknown key" },
		{ "", "unknown key" },
		{ "=", "unknown key" },
		{ " on", "unknown key" },
		{ "tries", "value missing" },
		{ "name", "value missing" },
		{ "on=", "value missing" },
		{ "on= yes", "neither yes nor no" },
		{ "tries=99", "number out of range" },
		{ "any=2", "key given twice" },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const char *argv[] = { "any=1", bad[i].word };

		CHECK(read_args(2, argv) == ATT_FORMAT);
		CHECK(why.line == 2);
		CHECK(strcmp(why.reason, bad[i].reason) == 0);
		CHECK(unchanged());
	}
	CHECK(read_args(0, NULL) == ATT_OK);
}
