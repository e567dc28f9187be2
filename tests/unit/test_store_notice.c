/* Notices: published once, kept for ever. */
#include "store/consent.h"

#include "sample_store.h"

#include <stdlib.h>

static enum att_err
publish(struct sample *t, const char *version, const char *lang, bool major,
    struct store_notice *n)
{
	char text[64], brief[64];

	(void)snprintf(text, sizeof(text), "Whole %s %s\n", version, lang);
	(void)snprintf(brief, sizeof(brief), "Short %s %s", version, lang);
	return IN_TX(t,
	    store_notice_publish(t->store, &t->by,
		&(struct store_notice_draft){ version, lang,
		    major ? 1u << STORE_CHANGE_RIGHTS : 0, 0,
		    att_slice_of(brief), att_slice_of(text) },
		n));
}

static enum att_err
publish_text(struct sample *t, struct att_slice brief, struct att_slice text)
{
	struct store_tx tx = { 0 };
	struct store_notice n;
	enum att_err e = store_begin(t->store, &tx);

	if (e == ATT_OK)
		e = store_notice_publish(t->store, &t->by,
		    &(struct store_notice_draft){
			"1", "en", 1, 0, brief, text },
		    &n);
	store_rollback(&tx);
	return e;
}

TEST("before the first notice there is none")
{
	SAMPLE t = { 0 };
	struct store_notice n;

	NEED(sample_open(&t));
	CHECK(store_notice_in_force(t.store, NOON, "en", &n, NULL, NULL) ==
	    ATT_ABSENT);
	CHECK(
	    store_notice_get(t.store, "1", "en", &n, NULL, NULL) == ATT_ABSENT);
}

TEST("a notice comes back whole, with its hash")
{
	SAMPLE t = { 0 };
	struct store_notice n, out;
	char brief[STORE_SHORT_BYTES];
	char *text = NULL;
	uint8_t hash[VAULT_HASH_LEN];

	NEED(sample_open(&t));
	CHECK(publish(&t, "1.0", "en", true, &n) == ATT_OK);
	NEED(sample_reopen(&t));
	NEED(store_notice_in_force(t.store, NOON, "en", &out, brief, &text) ==
	    ATT_OK);
	CHECK(strcmp(out.version, "1.0") == 0 && strcmp(out.lang, "en") == 0);
	CHECK(out.major == 1 && out.is_major && out.published_utc == NOON);
	CHECK(strcmp(brief, "Short 1.0 en") == 0);
	CHECK(strcmp(text, "Whole 1.0 en\n") == 0);
	vault_hash(att_slice_of(text), hash);
	CHECK(memcmp(hash, out.hash, sizeof(hash)) == 0);
	CHECK(memcmp(n.hash, out.hash, sizeof(hash)) == 0);
	free(text);
}

TEST("the language asked for, else English, else any")
{
	static const struct {
		const char *version, *lang, *want;
	} cases[] = {
		{ NULL, "zh_CN", "zh_CN" },
		{ NULL, "de", "en" },
		{ NULL, "en", "en" },
		{ "1", "en", "fr" },
		{ "1", "zh_CN", "zh_CN" },
		{ "1", "xx", "fr" },
	};
	SAMPLE t = { 0 };
	struct store_notice n;

	NEED(sample_open(&t));
	NEED(publish(&t, "1", "fr", true, &n) == ATT_OK);
	NEED(publish(&t, "1", "zh_CN", true, &n) == ATT_OK);
	NEED(publish(&t, "2", "zh_CN", false, &n) == ATT_OK);
	NEED(publish(&t, "2", "en", false, &n) == ATT_OK);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		NEED((cases[i].version != NULL
			     ? store_notice_get(t.store, cases[i].version,
				   cases[i].lang, &n, NULL, NULL)
			     : store_notice_in_force(t.store, NOON,
				   cases[i].lang, &n, NULL, NULL)) == ATT_OK);
		CHECK(strcmp(n.lang, cases[i].want) == 0);
		CHECK(strcmp(n.version, cases[i].version != NULL ? "1" : "2") ==
		    0);
	}
}

TEST("majors are counted, minors have the count of the one before")
{
	static const struct {
		const char *version;
		bool major;
		uint32_t want;
		bool want_major;
	} cases[] = {
		{ "1", false, 1, true }, /* the first is always major */
		{ "1.1", false, 1, false }, { "2", true, 2, true },
		{ "2.1", false, 2, false }, { "2.2", false, 2, false },
		{ "0.9", true, 3, true }, /* order is that of publishing */
	};
	SAMPLE t = { 0 };
	struct store_notice n;

	NEED(sample_open(&t));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		NEED(publish(&t, cases[i].version, "en", cases[i].major, &n) ==
		    ATT_OK);
		CHECK(n.major == cases[i].want);
		CHECK(n.is_major == cases[i].want_major);
		NEED(store_notice_in_force(
			 t.store, NOON, "en", &n, NULL, NULL) == ATT_OK);
		CHECK(strcmp(n.version, cases[i].version) == 0);
	}
}

TEST("a version gets more languages while it is the newest, each once")
{
	SAMPLE t = { 0 };
	struct store_notice n;

	NEED(sample_open(&t));
	NEED(publish(&t, "1", "en", false, &n) == ATT_OK);
	CHECK(publish(&t, "1", "en", true, &n) == ATT_EXISTS);
	CHECK(publish(&t, "1", "de", false, &n) == ATT_OK && n.major == 1);
	CHECK(publish(&t, "1", "fr", true, &n) == ATT_OK && n.major == 1);
	NEED(publish(&t, "2", "en", true, &n) == ATT_OK);
	CHECK(publish(&t, "1", "it", true, &n) == ATT_EXISTS);
	CHECK(publish(&t, "2", "de", false, &n) == ATT_FORMAT);
	CHECK(strstr(store_trouble(t.store), "major") != NULL);
	CHECK(publish(&t, "2", "de", true, &n) == ATT_OK && n.major == 2);
}

TEST("versions and languages have a grammar")
{
	static const struct {
		const char *version, *lang;
		enum att_err want;
	} cases[] = {
		{ "1.0-Final", "en", ATT_OK },
		{ "0123456789abcdef", "en", ATT_OK },
		{ "0123456789abcdefg", "en", ATT_FORMAT },
		{ "", "en", ATT_FORMAT },
		{ "1 0", "en", ATT_FORMAT },
		{ "1/0", "en", ATT_FORMAT },
		{ "x1", "zh_CN", ATT_OK },
		{ "x1", "abcdefgh", ATT_OK },
		{ "x1", "abcdefghi", ATT_FORMAT },
		{ "x1", "e", ATT_FORMAT },
		{ "x1", "", ATT_FORMAT },
		{ "x1", "e n", ATT_FORMAT },
		{ "x1", "../x", ATT_FORMAT },
	};
	SAMPLE t = { 0 };
	struct store_notice n;

	NEED(sample_open(&t));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK(publish(&t, cases[i].version, cases[i].lang, true, &n) ==
		    cases[i].want);
}

/* count times the same character, as a slice of a static buffer */
static struct att_slice
many(const char *character, size_t count)
{
	static char buf[4][STORE_NOTICE_MAX + 8];
	static unsigned turn;
	char *at = buf[turn++ % 4];
	size_t len = strlen(character);

	for (size_t i = 0; i < count; i++)
		memcpy(at + i * len, character, len);
	return (struct att_slice){ (const uint8_t *)at, count * len };
}

TEST("short texts are counted in characters, whole ones in bytes")
{
	SAMPLE t = { 0 };
	const struct att_slice x = att_slice_of("x");

	NEED(sample_open(&t));
	CHECK(publish_text(&t, many("x", STORE_SHORT_MAX), x) == ATT_OK);
	CHECK(publish_text(&t, many("x", STORE_SHORT_MAX + 1), x) == ATT_LIMIT);
	CHECK(publish_text(&t, many("\xf0\x9f\x98\x80", STORE_SHORT_MAX), x) ==
	    ATT_OK);
	CHECK(publish_text(&t, many("\xf0\x9f\x98\x80", STORE_SHORT_MAX + 1),
		  x) == ATT_LIMIT);
	CHECK(publish_text(&t, x, many("x", STORE_NOTICE_MAX)) == ATT_OK);
	CHECK(
	    publish_text(&t, x, many("x", STORE_NOTICE_MAX + 1)) == ATT_LIMIT);
}

TEST("texts are UTF-8 with line ends and tabs, and not empty")
{
	static const struct {
		const char *text;
		enum att_err want;
	} cases[] = {
		{ "a\n\tb\xc3\xa9\n", ATT_OK },
		{ "", ATT_FORMAT },
		{ "a\xc3", ATT_FORMAT },
		{ "a\xff", ATT_FORMAT },
		{ "a\r\n", ATT_FORMAT },
		{ "a\x1b[2J", ATT_FORMAT },
		{ "a\xc2\x9b", ATT_FORMAT },
		{ "a\xed\xa0\x80", ATT_FORMAT },
	};
	SAMPLE t = { 0 };
	const struct att_slice x = att_slice_of("x");

	NEED(sample_open(&t));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct att_slice s = att_slice_of(cases[i].text);

		CHECK(publish_text(&t, s, x) == cases[i].want);
		CHECK(publish_text(&t, x, s) == cases[i].want);
	}
	CHECK(publish_text(
		  &t, x, (struct att_slice){ (const uint8_t *)"a\0b", 3 }) ==
	    ATT_FORMAT);
}

struct seen {
	unsigned n;
	char what[8][32];
};

static bool
see(void *ctx, const struct store_notice *n)
{
	struct seen *s = ctx;

	(void)snprintf(
	    s->what[s->n++], sizeof(s->what[0]), "%s %s", n->version, n->lang);
	return true;
}

TEST("every version ever published is listed and can be read")
{
	SAMPLE t = { 0 };
	struct store_notice n;
	struct seen s = { 0 };
	char *text = NULL;

	NEED(sample_open(&t));
	NEED(publish(&t, "2", "en", true, &n) == ATT_OK);
	NEED(publish(&t, "2", "de", true, &n) == ATT_OK);
	NEED(publish(&t, "1", "en", true, &n) == ATT_OK);
	CHECK(store_notice_list(t.store, see, &s) == ATT_OK);
	CHECK(s.n == 3 && strcmp(s.what[0], "2 en") == 0);
	CHECK(strcmp(s.what[1], "2 de") == 0);
	CHECK(strcmp(s.what[2], "1 en") == 0);
	CHECK(store_notice_get(t.store, "2", "de", &n, NULL, &text) == ATT_OK);
	CHECK(strcmp(text, "Whole 2 de\n") == 0);
	free(text);
}

TEST("a published notice cannot be changed, and a changed one is not shown")
{
	SAMPLE t = { 0 };
	struct store_notice n;
	char *text = NULL;

	NEED(sample_open(&t) && publish(&t, "1", "en", true, &n) == ATT_OK);
	CHECK(!sample_tamper(&t, "UPDATE notice_text SET text = 'x'"));
	CHECK(!sample_tamper(&t, "DELETE FROM notice_text"));
	CHECK(!sample_tamper(&t, "UPDATE notice SET major = 2"));
	CHECK(!sample_tamper(&t, "DELETE FROM notice"));
	CHECK(store_notice_get(t.store, "1", "en", &n, NULL, &text) == ATT_OK);
	free(text);
	text = NULL;
	NEED(sample_tamper(&t,
	    "DROP TRIGGER notice_text_unchanged;"
	    "UPDATE notice_text SET text = 'x'"));
	CHECK(store_notice_get(t.store, "1", "en", &n, NULL, &text) ==
	    ATT_CORRUPT);
	CHECK(text == NULL);
}

TEST("a notice is marked as shown once, for the person and the version")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada(), b = sample_bob();
	struct store_notice n;
	bool shown = true;
	int64_t records;

	NEED(sample_open(&t) && sample_add(&t, &e) == ATT_OK);
	NEED(sample_add(&t, &b) == ATT_OK);
	NEED(publish(&t, "1", "en", true, &n) == ATT_OK);
	CHECK(store_notice_shown(t.store, e.id, "1", &shown) == ATT_OK);
	CHECK(!shown);
	CHECK(IN_TX(&t, store_notice_mark_shown(t.store, &t.by, e.id, "1")) ==
	    ATT_OK);
	CHECK(store_notice_shown(t.store, e.id, "1", &shown) == ATT_OK);
	CHECK(shown);
	records = sample_number(&t, "SELECT count(*) FROM audit");
	CHECK(IN_TX(&t, store_notice_mark_shown(t.store, &t.by, e.id, "1")) ==
	    ATT_OK);
	CHECK(sample_number(&t, "SELECT count(*) FROM audit") == records);
	CHECK(store_notice_shown(t.store, b.id, "1", &shown) == ATT_OK);
	CHECK(!shown);
	CHECK(IN_TX(&t, store_notice_mark_shown(t.store, &t.by, e.id, "2")) ==
	    ATT_ABSENT);
}

/* major a bit of changes; when: seconds after NOON */
static enum att_err
publish_at(struct sample *t, const char *version, uint32_t changes,
    int64_t when, struct store_notice *n)
{
	return IN_TX(t,
	    store_notice_publish(t->store, &t->by,
		&(struct store_notice_draft){ version, "en", changes,
		    when != 0 ? NOON + when : 0, att_slice_of("short"),
		    att_slice_of("long") },
		n));
}

TEST("a version is in force from its day on, and coming until then")
{
	SAMPLE t = { 0 };
	struct store_notice n;

	NEED(sample_open(&t));
	NEED(publish_at(&t, "1", 0, 0, &n) == ATT_OK);
	NEED(publish_at(&t, "2", 1, 3600, &n) == ATT_OK);
	NEED(store_notice_in_force(
		 t.store, NOON + 3599, "en", &n, NULL, NULL) == ATT_OK);
	CHECK(strcmp(n.version, "1") == 0 && n.major == 1);
	NEED(store_notice_coming(t.store, NOON + 3599, "en", &n, NULL) ==
	    ATT_OK);
	CHECK(strcmp(n.version, "2") == 0 && n.effective_utc == NOON + 3600);
	NEED(store_notice_in_force(
		 t.store, NOON + 3600, "en", &n, NULL, NULL) == ATT_OK);
	CHECK(strcmp(n.version, "2") == 0 && n.major == 2);
	CHECK(store_notice_coming(t.store, NOON + 3600, "en", &n, NULL) ==
	    ATT_ABSENT);
	/* a clock that is set back does not unpublish what is in force */
	NEED(store_notice_in_force(t.store, NOON - 99, "en", &n, NULL, NULL) ==
	    ATT_OK);
	CHECK(strcmp(n.version, "1") == 0);
}

TEST("no version is in force before it is published, or before an older one")
{
	SAMPLE t = { 0 };
	struct store_notice n;

	NEED(sample_open(&t));
	CHECK(publish_at(&t, "1", 1, -1, &n) == ATT_FORMAT);
	CHECK(publish_at(&t, "1", 1, 0, &n) == ATT_OK);
	CHECK(publish_at(&t, "2", 1, 60, &n) == ATT_OK);
	CHECK(publish_at(&t, "3", 1, 59, &n) == ATT_FORMAT);
	CHECK(strstr(store_trouble(t.store), "version 2") != NULL);
	CHECK(publish_at(&t, "3", 1, 60, &n) == ATT_OK);
	CHECK(publish_at(&t, "4", STORE_CHANGES_ALL + 1, 60, &n) == ATT_FORMAT);
}

TEST("what changed since somebody agreed is every major change since")
{
	static const struct {
		uint32_t since;
		int64_t at;
		uint32_t want;
	} cases[] = {
		{ 1, 0, 0 },
		{ 1, 10, 1u << STORE_CHANGE_RECIPIENTS },
		{ 1, 20,
		    1u << STORE_CHANGE_RECIPIENTS | 1u << STORE_CHANGE_RISK },
		{ 2, 20, 1u << STORE_CHANGE_RISK },
		{ 3, 20, 0 },
	};
	SAMPLE t = { 0 };
	struct store_notice n;
	uint32_t changes = 0;

	NEED(sample_open(&t) && publish_at(&t, "1", 0, 0, &n) == ATT_OK);
	NEED(publish_at(&t, "2", 1u << STORE_CHANGE_RECIPIENTS, 10, &n) ==
	    ATT_OK);
	NEED(publish_at(&t, "2.1", 0, 15, &n) == ATT_OK);
	NEED(publish_at(&t, "3", 1u << STORE_CHANGE_RISK, 20, &n) == ATT_OK);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CHECK(store_notice_changes(t.store, cases[i].since,
			  NOON + cases[i].at, &changes) == ATT_OK);
		CHECK(changes == cases[i].want);
	}
}
