/* The command line of attendctl: what it takes, and how it explains mistakes.
 */
#include "admin/verbs.h"
#include "base/owner.h"
#include "test.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define WORDS 12
#define WORDS_OF(...)              \
	(const char *const[WORDS]) \
	{                          \
		__VA_ARGS__        \
	}

static int
count(const char *const *words)
{
	int n = 0;

	while (n < WORDS && words[n] != NULL)
		n++;
	return n;
}

static enum att_err
parse(const char *const *words, struct verb_call *call, char why[512])
{
	why[0] = '\0';
	return verbs_parse(count(words), words, call, why, 512);
}

static bool
is(const char *a, const char *b)
{
	return a != NULL && strcmp(a, b) == 0;
}

TEST("every verb parses with what it needs, and no two have the same words")
{
	for (size_t i = 0; i < verbs_count; i++)
		for (size_t k = i + 1; k < verbs_count; k++)
			CHECK(strcmp(verbs[i].words, verbs[k].words) != 0);
	for (size_t i = 0; i < verbs_count; i++) {
		const char *words[WORDS] = { NULL };
		char copy[64], option[WORDS][64], why[512];
		struct verb_call call;
		int n = 0;

		(void)snprintf(copy, sizeof(copy), "%s", verbs[i].words);
		for (char *w = strtok(copy, " "); w != NULL;
		     w = strtok(NULL, " "))
			words[n++] = w;
		for (size_t p = 0; p < VERB_POSITIONALS_MAX; p++)
			if (verbs[i].positional[p] != NULL)
				words[n++] = "1042";
		for (size_t o = 0; verbs[i].options[o].name != NULL; o++) {
			if (!verbs[i].options[o].required)
				continue;
			(void)snprintf(option[o], sizeof(option[o]), "--%s",
			    verbs[i].options[o].name);
			words[n++] = option[o];
			words[n++] = "x";
		}
		CHECK(parse(words, &call, why) == ATT_OK);
		CHECK(call.verb == &verbs[i]);
	}
}

TEST("verbs of one noun stand together")
{
	for (size_t i = 0; i + 2 < verbs_count; i++)
		for (size_t k = i + 2; k < verbs_count; k++) {
			size_t len = strcspn(verbs[i].words, " ");

			if (strncmp(verbs[k].words, verbs[i].words, len) != 0 ||
			    verbs[k].words[len] != ' ')
				continue;
			CHECK(strncmp(verbs[k - 1].words, verbs[i].words,
				  len) == 0);
		}
}

TEST("options come in any order and in both forms")
{
	const char *const *const lines[] = {
		WORDS_OF("employee", "add", "1042", "--name", "Ann",
		    "--department", "Dispatch"),
		WORDS_OF("employee", "add", "--department=Dispatch", "1042",
		    "--name=Ann"),
		WORDS_OF("employee", "add", "--name", "Ann",
		    "--department=Dispatch", "--", "1042"),
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct verb_call call;
		char why[512];

		NEED(parse(lines[i], &call, why) == ATT_OK);
		CHECK(is(call.verb->words, "employee add"));
		CHECK(is(verb_positional(&call, "NUMBER"), "1042"));
		CHECK(is(verb_option(&call, "name"), "Ann"));
		CHECK(is(verb_option(&call, "department"), "Dispatch"));
		CHECK(verb_option(&call, "birth") == NULL);
		CHECK(verb_option(&call, "no-such") == NULL);
	}
}

TEST("a value may begin with dashes when it is tied to its option")
{
	struct verb_call call;
	char why[512];

	NEED(parse(WORDS_OF("employee", "set", "1", "--position=--=x"), &call,
		 why) == ATT_OK);
	CHECK(is(verb_option(&call, "position"), "--=x"));
	NEED(parse(WORDS_OF("employee", "set", "1", "--email="), &call, why) ==
	    ATT_OK);
	CHECK(is(verb_option(&call, "email"), ""));
}

TEST("a flag is set without a value")
{
	struct verb_call call;
	char why[512];

	NEED(parse(WORDS_OF("status", "--json"), &call, why) == ATT_OK);
	CHECK(is(verb_option(&call, "json"), ""));
	NEED(parse(WORDS_OF("status"), &call, why) == ATT_OK);
	CHECK(verb_option(&call, "json") == NULL);
}

TEST("a noun alone means its show where that needs no argument")
{
	struct verb_call call;
	char why[512];

	NEED(parse(WORDS_OF("me"), &call, why) == ATT_OK);
	CHECK(is(call.verb->words, "me show"));
	NEED(parse(WORDS_OF("me", "--json"), &call, why) == ATT_OK);
	CHECK(is(call.verb->words, "me show"));
	NEED(parse(WORDS_OF("notice"), &call, why) == ATT_OK);
	CHECK(is(call.verb->words, "notice show"));
	CHECK(parse(WORDS_OF("employee"), &call, why) == ATT_FORMAT);
	CHECK(parse(WORDS_OF("consent"), &call, why) == ATT_FORMAT);
}

TEST("each mistake is refused with the word and the next step")
{
	static const struct {
		const char *words[WORDS];
		const char *why;
	} mistakes[] = {
		{ { NULL },
		    "no command; usage: attendctl COMMAND [OPTION]...; see "
		    "attendctl --help" },
		{ { "" }, "there is no command \"\"" },
		{ { "frob" }, "there is no command \"frob\"" },
		{ { "--json" }, "there is no command \"--json\"" },
		{ { "emp" }, "there is no command \"emp\"" },
		{ { "employee" }, "needs one of: add, list" },
		{ { "employee", "frob" },
		    "no command \"employee frob\", only employee: add, list" },
		{ { "employee", "ad", "1" }, "\"employee ad\"" },
		{ { "init", "now" },
		    "\"now\" is one word too many; see "
		    "attendctl init --help" },
		{ { "employee", "show" },
		    "NUMBER is missing; see attendctl employee show --help" },
		{ { "employee", "show", "1", "2" },
		    "\"2\" is one word too many" },
		{ { "employee", "show", "../1" },
		    "\"../1\" is not an employee number" },
		{ { "employee", "show", "" },
		    "\"\" is not an employee number" },
		{ { "employee", "show", "-1" }, "unknown option \"-1\"" },
		{ { "employee", "show", "--", "-1" },
		    "\"-1\" is not an employee number" },
		{ { "employee", "add", "1" }, "--name N is missing" },
		{ { "employee", "add", "1", "--name" },
		    "--name needs a value (--name=N)" },
		{ { "employee", "add", "1", "--name", "--login", "x" },
		    "--name needs a value" },
		{ { "employee", "add", "1", "--name", "A", "--name=B" },
		    "--name given twice" },
		{ { "status", "--json", "--json" }, "--json given twice" },
		{ { "status", "--json=yes" }, "--json takes no value" },
		{ { "status", "--jso" }, "unknown option \"--jso\"" },
		{ { "status", "--jsonn" }, "unknown option" },
		{ { "status", "--=1" }, "unknown option \"--=1\"" },
		{ { "status", "--", "--json" }, "one word too many" },
		{ { "employee", "set", "1", "--birth", "1990-02-29" },
		    "--birth: \"1990-02-29\" is not a date" },
		{ { "employee", "set", "1", "--birth=" },
		    "\"\" is not a date (YYYY-MM-DD or none)" },
		{ { "employee", "set", "1", "--birth", "NONE" },
		    "\"NONE\" is not a date" },
		{ { "explain", "1", "--at", "2026-01-01 10:00" },
		    "is not a time" },
		{ { "explain", "1", "--at", "none" }, "is not a time" },
		{ { "consent", "record", "1", "--paper=" },
		    "--paper needs the name of a file" },
		{ { "notice", "publish", "", "--version", "1", "--lang", "en" },
		    "FILE is empty" },
		{ { "notice", "publish", "--version", "1", "--lang", "en" },
		    "FILE is missing" },
		{ { "employee", "add", "1", "--name", "A\nB" },
		    "word 5 is not printable UTF-8 text" },
		{ { "employee", "add", "1", "--name", "\xff" },
		    "word 5 is not printable" },
		{ { "employee", "add", "1", "--name", "\xc2\x9b" },
		    "word 5 is not printable" },
	};

	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		struct verb_call call;
		char why[512];

		CHECK(parse(mistakes[i].words, &call, why) == ATT_FORMAT);
		if (strstr(why, mistakes[i].why) == NULL)
			printf("# said: %s\n", why);
		CHECK(strstr(why, mistakes[i].why) != NULL);
	}
}

TEST("the reason fits whatever room there is, cut between characters")
{
	char word[4097];
	const char *const words[] = { word };
	struct verb_call call;
	char why[512], small[20];

	for (size_t i = 0; i + 3 <= sizeof(word); i += 3)
		memcpy(word + i, "\xe4\xb8\x83", 3);
	word[sizeof(word) - 1 - (sizeof(word) - 1) % 3] = '\0';
	CHECK(verbs_parse(1, words, &call, why, sizeof(why)) == ATT_FORMAT);
	CHECK(strstr(why, "\xe4\xb8\x83...") != NULL);
	CHECK(strlen(why) < 120);
	CHECK(verbs_parse(1, words, &call, small, sizeof(small)) == ATT_FORMAT);
	CHECK(strlen(small) == sizeof(small) - 1);
}

TEST("files are numbered in the table's order, whatever the words' order")
{
	struct verb_call call;
	const char *paths[VERB_FILES_MAX];
	char why[512];

	NEED(parse(WORDS_OF("notice", "publish", "whole.txt", "--version", "2",
		       "--lang", "en", "--short", "short.txt"),
		 &call, why) == ATT_OK);
	CHECK(verb_file(&call, "short") == 0);
	CHECK(verb_file(&call, "FILE") == 1);
	CHECK(verb_file(&call, "version") == -1);
	CHECK(verb_file(&call, "no-such") == -1);
	CHECK(verb_paths(&call, paths) == 2);
	CHECK(is(paths[0], "short.txt"));
	CHECK(is(paths[1], "whole.txt"));
	NEED(parse(WORDS_OF("notice", "publish", "whole.txt", "--version", "2",
		       "--lang", "en"),
		 &call, why) == ATT_OK);
	CHECK(verb_file(&call, "short") == -1);
	CHECK(verb_file(&call, "FILE") == 0);
	CHECK(verb_paths(&call, paths) == 1);
}

TEST("no verb needs more descriptors than a request carries")
{
	for (size_t i = 0; i < verbs_count; i++) {
		size_t n = 0;

		for (size_t o = 0; verbs[i].options[o].name != NULL; o++)
			n += verbs[i].options[o].kind == VERB_FILE_IN;
		for (size_t p = 0; p < VERB_POSITIONALS_MAX; p++)
			n += verbs[i].positional[p] != NULL &&
			    verb_placeholder(verbs[i].positional[p]) !=
				verbs[i].positional[p];
		CHECK(n <= 4);
	}
}

TEST("a date is a date, none, or not there")
{
	struct att_date date = { 1, 1, 1 };
	struct verb_call call;
	char why[512];

	NEED(parse(WORDS_OF("employee", "set", "1", "--birth", "2008-02-29",
		       "--ended", "none"),
		 &call, why) == ATT_OK);
	CHECK(verb_date(&call, "birth", &date) == ATT_OK);
	CHECK(date.year == 2008 && date.month == 2 && date.day == 29);
	CHECK(verb_date(&call, "ended", &date) == ATT_OK);
	CHECK(!att_date_known(date));
	CHECK(verb_date(&call, "hired", &date) == ATT_ABSENT);
}

TEST("a time is read in the process's time zone")
{
	static const struct {
		const char *text;
		bool day_after;
		int64_t utc;
	} good[] = {
		{ "1970-01-01", false, 0 },
		{ "1970-01-01", true, 86400 },
		{ "1970-01-31", true, 31 * 86400 },
		{ "1970-01-01T00:00", true, 0 },
		{ "1970-01-01T23:59:59", false, 86399 },
		{ "1970-01-02T01:02", false, 86400 + 3720 },
	};
	static const char *const bad[] = { "", "1970", "1970-01-01T",
		"1970-01-01T1:00", "1970-01-01T24:00", "1970-01-01T00:60",
		"1970-01-01T00:00:60", "1970-01-01T00:00:", "1970-01-01t00:00",
		"1970-01-01T00:00Z", "1970-01-01T00:0a", "1970-02-29",
		"1970-01-01T00-00" };
	int64_t utc;

	(void)setenv("TZ", "UTC0", 1);
	tzset();
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		utc = -1;
		CHECK(
		    verb_time(good[i].text, good[i].day_after, &utc) == ATT_OK);
		CHECK(utc == good[i].utc);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK(verb_time(bad[i], false, &utc) == ATT_FORMAT);
	(void)setenv("TZ", "UTC-8", 1);
	tzset();
	CHECK(verb_time("1970-01-01T08:00", false, &utc) == ATT_OK);
	CHECK(utc == 0);
	(void)unsetenv("TZ");
	tzset();
}

TEST("usage shows what is needed and what may be left out")
{
	char usage[1024], small[16];

	for (size_t i = 0; i < verbs_count; i++) {
		verb_usage(&verbs[i], usage, sizeof(usage));
		CHECK(strlen(usage) < sizeof(usage) - 1);
		CHECK(strncmp(usage, "attendctl ", 10) == 0);
		if (is(verbs[i].words, "notice publish"))
			CHECK(is(usage,
			    "attendctl notice publish FILE --version V --lang "
			    "L [--major KINDS] [--effective T] [--short FILE]"));
		if (is(verbs[i].words, "notice show"))
			CHECK(is(usage,
			    "attendctl notice show [VERSION] [--lang L] "
			    "[--json]"));
		verb_usage(&verbs[i], small, sizeof(small));
		CHECK(strncmp(usage, small, strlen(small)) == 0);
	}
}

/* Where the verb's item begins in the page; NULL: it has none. */
static const char *
item_of(const char *page, const char *verb)
{
	char item[80];
	size_t n = (size_t)snprintf(item, sizeof(item), "\n.It Cm %s", verb);

	for (const char *at = strstr(page, item); at != NULL;
	     at = strstr(at + 1, item))
		if (at[n] == '\n' || at[n] == ' ')
			return at;
	return NULL;
}

/* Up to the next verb's item. */
static size_t
item_len(const char *page, const char *item)
{
	size_t len = strlen(item);

	for (size_t i = 0; i < verbs_count; i++) {
		const char *next = item_of(page, verbs[i].words);

		if (next != NULL && next > item && (size_t)(next - item) < len)
			len = (size_t)(next - item);
	}
	return len;
}

static bool
item_tells(const char *page, const char *verb, const char *option)
{
	const char *item = item_of(page, verb);
	const size_t len = item != NULL ? item_len(page, item) : 0;
	char text[80];
	size_t n = (size_t)snprintf(text, sizeof(text), "Fl -%s", option);
	const char *at = len > 0 ? memmem(item, len, text, n) : NULL;

	while (at != NULL && at[n] != ' ' && at[n] != '\n')
		at = memmem(at + 1, len - (size_t)(at + 1 - item), text, n);
	if (at == NULL && len > 0 && memmem(item, len, "Ar fields", 9) &&
	    !is(verb, "employee add"))
		return item_tells(page, "employee add", option);
	return at != NULL;
}

TEST("attendctl(8) has every verb, and every option with its verb")
{
	ATT_AUTO_FREE char *page = calloc(1, 64 * 1024);
	ATT_AUTO_FILE FILE *f = fopen("common/attendctl/attendctl.8", "re");

	NEED(page != NULL && f != NULL);
	NEED(fread(page, 1, 64 * 1024 - 1, f) > 0);
	for (size_t i = 0; i < verbs_count; i++) {
		const struct verb_option *o = verbs[i].options;

		CHECK(item_of(page, verbs[i].words) != NULL);
		for (; o->name != NULL; o++) {
			bool told = item_tells(page, verbs[i].words, o->name);

			if (!told)
				printf("# %s --%s\n", verbs[i].words, o->name);
			CHECK(told);
		}
	}
}
