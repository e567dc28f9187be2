#include "store/consent.h"

#include "base/owner.h"
#include "base/text.h"
#include "store/person.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const changes[STORE_CHANGE_COUNT] = {
#define X(name, id) [STORE_CHANGE_##name] = id,
	STORE_CHANGES(X)
#undef X
};

const char *
store_change_id(enum store_change c)
{
	return c < STORE_CHANGE_COUNT ? changes[c] : "unknown";
}

static bool
is_version(const char *v)
{
	size_t len = strlen(v);

	return len >= 1 && len <= STORE_VERSION_MAX &&
	    strspn(v,
		"0123456789abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ.-") == len;
}

static bool
is_lang(const char *l)
{
	size_t len = strlen(l);

	return len >= 2 && len <= STORE_LANG_MAX && l[0] != '_' &&
	    strspn(l,
		"abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == len;
}

/* Code points of a text that may have line ends and tabs; 0: not such. */
static size_t
text_length(struct att_slice s)
{
	size_t count = 0;
	uint32_t c = 0;

	for (; s.len > 0; count++) {
		size_t n = att_utf8_next(s.at, s.len, &c);

		if (n == 0 ||
		    (att_code_is_control(c) && c != '\n' && c != '\t'))
			return 0;
		s.at += n;
		s.len -= n;
	}
	return count;
}

static enum att_err
input_check(struct store *s, const struct store_by *by,
    const struct store_notice_draft *n)
{
	if (n->effective_utc != 0 && n->effective_utc < by->now.utc)
		return db_trouble(s, ATT_FORMAT,
		    "effective: a notice is in force from its publishing at "
		    "the earliest");
	if ((n->changes & ~STORE_CHANGES_ALL) != 0)
		return db_trouble(s, ATT_FORMAT, "changes: no such kind");
	if (!is_version(n->version))
		return db_trouble(s, ATT_FORMAT,
		    "version: must be 1 to 16 of 0-9 A-Z a-z . -");
	if (!is_lang(n->lang))
		return db_trouble(
		    s, ATT_FORMAT, "language: must be a code as en or zh_CN");
	if (n->whole.len > STORE_NOTICE_MAX)
		return db_trouble(s, ATT_LIMIT, "text: too long");
	if (text_length(n->whole) == 0)
		return db_trouble(
		    s, ATT_FORMAT, "text: must be UTF-8 with plain line ends");
	if (n->brief.len > STORE_SHORT_BYTES - 1 ||
	    text_length(n->brief) > STORE_SHORT_MAX)
		return db_trouble(s, ATT_LIMIT, "short text: too long");
	if (text_length(n->brief) == 0)
		return db_trouble(s, ATT_FORMAT,
		    "short text: must be UTF-8 with plain line ends");
	return ATT_OK;
}

/* What was published last; zeros when nothing was yet. */
struct newest {
	char version[STORE_VERSION_MAX + 1];
	uint32_t major;
	bool is_major;
	uint32_t changes;
	int64_t effective_utc;
	bool is_first;
};

static enum att_err
newest_get(struct store *s, struct newest *out)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_NOTICE_NEWEST);
	struct newest n = { 0 };
	enum att_err e = db_step(&q);

	if (e == ATT_ABSENT) {
		*out = n;
		return ATT_OK;
	}
	db_take_text(&q, n.version, sizeof(n.version));
	n.major = (uint32_t)db_take_int_in(&q, 1, UINT32_MAX);
	n.is_major = db_take_int(&q) != 0;
	n.changes = (uint32_t)db_take_int_in(&q, 0, STORE_CHANGES_ALL);
	n.effective_utc = db_take_int(&q);
	n.is_first = db_take_int(&q) != 0;
	e = db_query_done(&q);
	if (e == ATT_OK)
		*out = n;
	return e;
}

/* ATT_OK: it was published. ATT_ABSENT: not. */
static enum att_err
version_find(struct store *s, const char *version)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_NOTICE_FIND);

	db_bind_text(&q, ":version", version);
	return db_step(&q);
}

static enum att_err
version_add(struct store *s, const struct store_notice *n,
    const struct store_notice_draft *d)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_NOTICE_ADD);

	db_bind_text(&q, ":version", n->version);
	db_bind_int(&q, ":major", n->major);
	db_bind_int(&q, ":is_major", n->is_major);
	db_bind_int(&q, ":changes", n->changes);
	/* 0: whatever the clock will say, it has been published */
	db_bind_int(&q, ":effective", d->effective_utc);
	return db_run(&q);
}

/* Another language of the newest version says the same of it. */
static enum att_err
version_again(struct store *s, const struct store_notice_draft *d,
    const struct newest *last, struct store_notice *n)
{
	if (last->changes != d->changes && !last->is_first)
		return db_trouble(s, ATT_FORMAT,
		    "major: the version's first language says otherwise");
	if (d->effective_utc != 0 && d->effective_utc != last->effective_utc)
		return db_trouble(s, ATT_FORMAT,
		    "effective: the version's first language says otherwise");
	n->is_major = last->is_major;
	n->major = last->major;
	n->changes = last->changes;
	n->effective_utc =
	    last->effective_utc != 0 ? last->effective_utc : n->published_utc;
	return ATT_OK;
}

/* A new version, or the newest one that gets another language. */
static enum att_err
version_make(
    struct store *s, const struct store_notice_draft *d, struct store_notice *n)
{
	struct newest last;
	enum att_err e = newest_get(s, &last);

	if (e != ATT_OK)
		return e;
	if (strcmp(last.version, n->version) == 0)
		return version_again(s, d, &last, n);
	e = version_find(s, n->version);
	if (e == ATT_OK)
		return db_trouble(
		    s, ATT_EXISTS, "version: it is not the newest any more");
	if (e != ATT_ABSENT)
		return e;
	n->effective_utc =
	    d->effective_utc != 0 ? d->effective_utc : n->published_utc;
	if (n->effective_utc < last.effective_utc)
		return db_trouble(s, ATT_FORMAT,
		    "effective: version %s comes into force later than that",
		    last.version);
	n->changes = d->changes;
	/* Nobody can have agreed to anything before the first one. */
	n->is_major = d->changes != 0 || last.major == 0;
	n->major = last.major + (n->is_major ? 1 : 0);
	return version_add(s, n, d);
}

static enum att_err
text_add(struct store *s, const struct store_notice *n, const char *short_text,
    const char *text)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_NOTICE_TEXT_ADD);
	enum att_err e;

	db_bind_text(&q, ":version", n->version);
	db_bind_text(&q, ":lang", n->lang);
	db_bind_int(&q, ":now", n->published_utc);
	db_bind_blob(&q, ":hash", (struct att_slice){ n->hash, 32 });
	db_bind_text(&q, ":short", short_text);
	db_bind_text(&q, ":text", text);
	e = db_run(&q);
	if (e == ATT_EXISTS)
		return db_trouble(s, e, "language: the version has it already");
	return e;
}

static enum att_err
publish_record(struct store *s, const struct store_by *by,
    const struct store_notice *n, struct att_slice short_text, bool again)
{
	uint8_t short_hash[VAULT_HASH_LEN];
	char kinds[64] = "none";
	struct detail d = { 0 };
	size_t used = 0;

	vault_hash(short_text, short_hash);
	detail_text(&d, "version", n->version);
	detail_text(&d, "lang", n->lang);
	detail_text(&d, "is_major", n->is_major ? "yes" : "no");
	detail_int(&d, "major", n->major);
	for (unsigned i = 0; i < STORE_CHANGE_COUNT; i++)
		if ((n->changes & 1u << i) != 0)
			used +=
			    (size_t)snprintf(kinds + used, sizeof(kinds) - used,
				"%s%s", used > 0 ? "," : "", changes[i]);
	detail_text(&d, "changes", kinds);
	detail_int(&d, "effective", n->effective_utc);
	detail_hex(&d, "hash", n->hash, sizeof(n->hash));
	detail_hex(&d, "short_hash", short_hash, sizeof(short_hash));
	if (again)
		detail_int(&d, "again", n->published_utc);
	return chain_append(s, by, "notice-publish", NULL, d.text);
}

enum att_err
store_notice_publish(struct store *s, const struct store_by *by,
    const struct store_notice_draft *draft, struct store_notice *n)
{
	char brief[STORE_SHORT_BYTES];
	ATT_AUTO_FREE char *whole = NULL;
	struct store_notice fresh = { .published_utc = by->now.utc };
	enum att_err e = db_need_tx(s);

	if (e == ATT_OK)
		e = input_check(s, by, draft);
	if (e == ATT_OK)
		e = att_slice_str(draft->brief, brief, sizeof(brief));
	if (e != ATT_OK)
		return e;
	whole = malloc(draft->whole.len + 1);
	if (whole == NULL)
		return db_trouble(s, ATT_NOMEM, "out of memory");
	e = att_slice_str(draft->whole, whole, draft->whole.len + 1);
	if (e != ATT_OK)
		return e;
	memcpy(fresh.version, draft->version, strlen(draft->version) + 1);
	memcpy(fresh.lang, draft->lang, strlen(draft->lang) + 1);
	vault_hash(draft->whole, fresh.hash);
	e = version_make(s, draft, &fresh);
	if (e == ATT_OK)
		e = text_add(s, &fresh, brief, whole);
	if (e == ATT_OK)
		e = publish_record(s, by, &fresh, draft->brief, false);
	if (e == ATT_OK)
		*n = fresh;
	return e;
}

/* ATT_OK: the version is here or was added. ATT_EXISTS: it does not follow what
 * was published here. */
static enum att_err
version_apply(struct store *s, const struct store_notice *n)
{
	struct store_notice_draft d = {
		.effective_utc =
		    n->effective_utc == n->published_utc ? 0 : n->effective_utc
	};
	struct newest last;
	enum att_err e = version_find(s, n->version);

	if (e != ATT_ABSENT)
		return e;
	e = newest_get(s, &last);
	if (e == ATT_OK && last.major + (n->is_major ? 1 : 0) != n->major)
		return db_trouble(
		    s, ATT_EXISTS, "version: others were published here");
	return e == ATT_OK ? version_add(s, n, &d) : e;
}

enum att_err
store_notice_apply(struct store *s, const struct store_by *by,
    const struct store_notice *n, const char *brief, const char *whole,
    bool *done)
{
	struct store_notice known;
	enum att_err e = db_need_tx(s);

	*done = false;
	if (e == ATT_OK)
		e = store_notice_get(
		    s, n->version, n->lang, &known, NULL, NULL);
	if (e == ATT_OK && strcmp(known.lang, n->lang) == 0)
		return memcmp(known.hash, n->hash, sizeof(n->hash)) == 0
		    ? ATT_OK
		    : db_trouble(s, ATT_EXISTS,
			  "version: it says something else here");
	if (e == ATT_OK || e == ATT_ABSENT)
		e = version_apply(s, n);
	if (e == ATT_OK)
		e = text_add(s, n, brief, whole);
	if (e == ATT_OK)
		e = publish_record(s, by, n, att_slice_of(brief), true);
	*done = e == ATT_OK;
	return e;
}
