/* The texts people read: the Chinese catalogue and the first notice. */
#include "admin/verbs.h"
#include "base/owner.h"
#include "base/text.h"
#include "gate/gate.h"
#include "store/consent.h"
#include "store/request.h"
#include "test.h"

#include <libintl.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#define TEMPLATE  "packaging/po/attend.pot"
#define CATALOGUE "packaging/po/zh_CN.po"
#define NOTICES	  "packaging/notices/"

#define TEXT_MAX    1024
#define ENTRIES_MAX 512

struct entry {
	char id[TEXT_MAX], text[TEXT_MAX];
	bool fuzzy;
};

struct catalogue {
	struct entry *at; /* owned */
	size_t n;
};

/* Add the string between the line's quotes, its escapes undone. */
static void
append(char *to, const char *line)
{
	size_t len = strlen(to);
	const char *at = strchr(line, '"');

	for (at++; *at != '"' && *at != '\0' && len < TEXT_MAX - 1; at++) {
		char c = *at;

		if (c == '\\') {
			c = *++at;
			c = c == 'n' ? '\n' : c;
		}
		to[len++] = c;
	}
	to[len] = '\0';
}

static void
take_line(struct catalogue *c, const char *line, char **into, bool *fuzzy)
{
	struct entry *e = &c->at[c->n];

	if (line[0] == '#') {
		*fuzzy = *fuzzy || strstr(line, ", fuzzy") != NULL;
		return;
	}
	if (strncmp(line, "msgid ", 6) == 0 && c->n + 1 < ENTRIES_MAX) {
		e = &c->at[c->n++];
		e->fuzzy = *fuzzy;
		*fuzzy = false;
		*into = e->id;
	} else if (strncmp(line, "msgstr ", 7) == 0) {
		*into = c->at[c->n - 1].text;
	}
	if (*into != NULL && strchr(line, '"') != NULL)
		append(*into, line);
}

/* All entries, the header as the one with an empty id. */
static struct catalogue
read_catalogue(const char *path)
{
	ATT_AUTO_FILE FILE *f = fopen(path, "r");
	struct catalogue c = { .at = calloc(ENTRIES_MAX, sizeof(*c.at)) };
	char line[TEXT_MAX];
	char *into = NULL;
	bool fuzzy = false;

	(void)test_check(f != NULL, path, 0, "tests run from the tree's root");
	while (f != NULL && c.at != NULL && fgets(line, sizeof(line), f))
		take_line(&c, line, &into, &fuzzy);
	return c;
}

static const struct entry *
find_entry(const struct catalogue *c, const char *id)
{
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->at[i].id, id) == 0)
			return &c->at[i];
	return NULL;
}

/* "%u", "%s" and their like, in order. */
static void
conversions(const char *text, char *out, size_t cap)
{
	size_t len = 0;

	out[0] = '\0';
	for (const char *at = strchr(text, '%'); at != NULL;
	     at = strchr(at + 2, '%')) {
		if (at[1] == '\0' || len + 3 > cap)
			return;
		out[len++] = at[1];
		out[len] = '\0';
	}
}

TEST("everything the gate says to a person can be said in Chinese")
{
	struct catalogue zh = read_catalogue(CATALOGUE);

	for (int i = 0; i < GATE_REASON_COUNT; i++) {
		const char *id = gate_reason_message((enum gate_reason)i);
		const struct entry *e = id != NULL ? find_entry(&zh, id) : NULL;

		if (id != NULL)
			(void)test_check(
			    e != NULL && e->text[0] != '\0' && !e->fuzzy,
			    CATALOGUE, 0, id);
	}
	CHECK(zh.n > 1);
	free(zh.at);
}

TEST("every message is translated, with the same placeholders in it")
{
	struct catalogue all = read_catalogue(TEMPLATE);
	struct catalogue zh = read_catalogue(CATALOGUE);
	char want[32], got[32];

	CHECK(all.n > GATE_REASON_COUNT);
	CHECK(all.n == zh.n);
	for (size_t i = 0; i < all.n; i++) {
		const char *id = all.at[i].id;
		const struct entry *e = find_entry(&zh, id);
		bool translated = e != NULL && e->text[0] != '\0' && !e->fuzzy;

		if (!test_check(translated, CATALOGUE, 0, id))
			continue;
		if (id[0] == '\0')
			continue; /* the header */
		conversions(id, want, sizeof(want));
		conversions(e->text, got, sizeof(got));
		(void)test_check(strcmp(want, got) == 0, CATALOGUE, 0, id);
		(void)test_check(
		    att_text_ok(att_slice_of(e->text)), CATALOGUE, 0, id);
	}
	free(all.at);
	free(zh.at);
}

TEST("libc speaks Chinese from the compiled catalogue and English without")
{
	static const char id[] = "Your account is suspended.";
	struct catalogue zh = read_catalogue(CATALOGUE);
	const struct entry *e = find_entry(&zh, id);
	char command[512];

	(void)snprintf(command, sizeof(command),
	    "mkdir -p %s/zh_CN/LC_MESSAGES && msgfmt --check -o "
	    "%s/zh_CN/LC_MESSAGES/attend.mo " CATALOGUE,
	    test_dir(), test_dir());
	NEED(e != NULL);
	NEED(system(command) == 0);
	NEED(setlocale(LC_ALL, "C.UTF-8") != NULL);
	NEED(bindtextdomain("attend", test_dir()) != NULL);
	NEED(setenv("LANGUAGE", "zh_CN", 1) == 0);
	CHECK(strcmp(dgettext("attend", id), e->text) == 0);
	NEED(setenv("LANGUAGE", "en", 1) == 0);
	(void)setlocale(LC_ALL, "C"); /* a change, so it is looked up anew */
	(void)setlocale(LC_ALL, "C.UTF-8");
	CHECK(strcmp(dgettext("attend", id), id) == 0);
	free(zh.at);
}

static const char *const notices[] = { "notice-1.en.txt", "notice-1.zh_CN.txt",
	"notice-1.en.short.txt", "notice-1.zh_CN.short.txt" };
#define NOTICE_FILES (sizeof(notices) / sizeof(notices[0]))

static char *
notice_text(const char *name)
{
	char path[96];
	char *text = calloc(1, STORE_NOTICE_MAX);
	ATT_AUTO_FILE FILE *f = NULL;

	(void)snprintf(path, sizeof(path), NOTICES "%s", name);
	f = fopen(path, "r");
	if (test_check(f != NULL && text != NULL &&
		    fread(text, 1, STORE_NOTICE_MAX - 1, f) > 0,
		path, 0, "the first notice comes with us"))
		return text;
	free(text);
	return NULL;
}

/* Characters; 0 if it is not UTF-8 of printable characters and line ends. */
static size_t
length_of(const char *text)
{
	struct att_slice s = att_slice_of(text);
	uint32_t code = 0;
	size_t count = 0;

	for (; s.len > 0; count++) {
		size_t n = att_utf8_next(s.at, s.len, &code);

		if (n == 0 || (att_code_is_control(code) && code != '\n'))
			return 0;
		s.at += n;
		s.len -= n;
	}
	return count;
}

TEST("the first notice can be published, its short forms as short forms")
{
	for (size_t i = 0; i < NOTICE_FILES; i++) {
		ATT_AUTO_FREE char *text = notice_text(notices[i]);
		bool brief = strstr(notices[i], ".short.") != NULL;

		NEED(text != NULL);
		CHECK(length_of(text) > 0);
		CHECK(!brief || length_of(text) <= STORE_SHORT_MAX + 1);
		CHECK(brief || strstr(text, "me notice") != NULL);
		CHECK(strstr(text, "attendctl me") != NULL);
	}
}

/* Whether the verb takes these words: the kinds of requests do. */
static bool
is_argument(const struct verb *v, const char *at, size_t len)
{
	char word[32];
	enum store_request_kind kind;

	if (v->positional[0] == NULL || strcmp(v->positional[0], "KIND") != 0 ||
	    len >= sizeof(word))
		return false;
	memcpy(word, at, len);
	word[len] = '\0';
	return store_request_kind_find(word, &kind) == ATT_OK;
}

/* Whether what follows "attendctl me" is a verb, or nothing is named. */
static bool
is_verb(const char *at)
{
	size_t n = strspn(at, " abcdefghijklmnopqrstuvwxyz");

	while (n > 0 && at[n - 1] == ' ')
		n--;
	if (n == strlen("me"))
		return true;
	for (size_t i = 0; i < verbs_count; i++) {
		size_t len = strlen(verbs[i].words);

		if (len <= n && memcmp(verbs[i].words, at, len) == 0 &&
		    (len == n ||
			(at[len] == ' ' &&
			    is_argument(&verbs[i], at + len + 1, n - len - 1))))
			return true;
	}
	return false;
}

TEST("every command that the first notice names exists")
{
	static const char command[] = "attendctl ";

	for (size_t i = 0; i < NOTICE_FILES; i++) {
		ATT_AUTO_FREE char *text = notice_text(notices[i]);

		NEED(text != NULL);
		for (const char *at = strstr(text, command); at != NULL;
		     at = strstr(at + 1, command))
			(void)test_check(
			    is_verb(at + strlen(command)), notices[i], 0, at);
	}
}
