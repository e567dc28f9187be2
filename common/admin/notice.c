#include "admin/answer.h"
#include "admin/notice_text.h"
#include "admin/nouns.h"
#include "admin/report.h"
#include "base/owner.h"

#include <string.h>

static bool
find_change(const char *name, size_t len, uint32_t *bits)
{
	for (unsigned i = 0; i < STORE_CHANGE_COUNT; i++) {
		const char *id = store_change_id((enum store_change)i);

		if (strlen(id) == len && memcmp(id, name, len) == 0) {
			*bits |= 1u << i;
			return true;
		}
	}
	return false;
}

/* A major version says which of the six kinds of change it brings. */
static enum verb_status
fill_changes(
    struct dialogue *d, const struct verb_call *call, struct notice_version *v)
{
	const char *at = verb_option(call, "major");

	while (at != NULL) {
		size_t len = strcspn(at, ",");

		if (!find_change(at, len, &v->changes))
			return answer_fail(d, VERB_USAGE,
			    "--major names what changes, separated by commas: "
			    "service, ownership, recipients, rights, contact "
			    "or risk; not \"%.*s\"",
			    (int)len, at);
		at = at[len] == ',' ? at + len + 1 : NULL;
	}
	return VERB_DONE;
}

/* Today means now. */
static enum verb_status
fill_effective(
    struct dialogue *d, const struct verb_call *call, struct notice_version *v)
{
	const char *value = verb_option(call, "effective");
	int64_t day_end;

	if (value == NULL || verb_time(value, false, &v->effective_utc) ||
	    verb_time(value, true, &day_end))
		return VERB_DONE;
	if (v->effective_utc > d->now.utc)
		return VERB_DONE;
	if (day_end <= d->now.utc)
		return answer_fail(d, VERB_USAGE,
		    "--effective lies in the past; a notice holds from its "
		    "publishing at the earliest");
	v->effective_utc = 0;
	return VERB_DONE;
}

enum verb_status
notice_publish(struct dialogue *d, const struct verb_call *call)
{
	ATT_AUTO_FREE char *whole = NULL, *brief = NULL;
	struct notice_version v = { .version = verb_option(call, "version"),
		.lang = verb_option(call, "lang") };
	struct notice_texts t = { 0 };
	size_t len = 0;
	enum verb_status status = fill_changes(d, call, &v);

	if (status == VERB_DONE)
		status = fill_effective(d, call, &v);
	if (status != VERB_DONE)
		return status;
	status = answer_file(d, call, "FILE", STORE_NOTICE_MAX, &whole, &len);
	t.whole = (struct att_slice){ (uint8_t *)whole, len };
	if (status == VERB_DONE && verb_option(call, "short") != NULL) {
		status = answer_file(
		    d, call, "short", STORE_SHORT_BYTES, &brief, &len);
		t.brief = (struct att_slice){ (uint8_t *)brief, len };
	}
	if (status != VERB_DONE)
		return status;
	notice_texts_trim(&t);
	return notice_texts_publish(d, &v, &t);
}

static bool
list_one(void *ctx, const struct store_notice *n)
{
	struct table *t = ctx;
	char hash[2 * VAULT_HASH_LEN + 1];
	char kinds[STORE_CHANGE_COUNT * 16];

	notice_changes_format(n->changes, kinds, sizeof(kinds));
	hex_format(n->hash, sizeof(n->hash), hash);
	table_text(t, n->version);
	table_text(t, n->lang);
	table_flag(t, n->is_major);
	table_text(t, kinds);
	table_time(t, n->published_utc);
	table_time(t, n->effective_utc);
	table_text(t, hash);
	return true;
}

enum verb_status
notice_list(struct dialogue *d, const struct verb_call *call)
{
	static const struct table_column columns[] = { { "version", "VERSION" },
		{ "lang", "LANG" }, { "is_major", "MAJOR" },
		{ "changes", "CHANGES" }, { "published", "PUBLISHED" },
		{ "effective", "IN FORCE FROM" }, { "hash", "HASH" } };
	struct report r;
	struct table t;
	enum att_err e;

	report_open(&r, d, call);
	report_list(&r, &t, NULL, NULL, columns, 7);
	e = store_notice_list(d->store, list_one, &t);
	report_list_end(&r, &t);
	if (e != ATT_OK)
		return answer_trouble(d, e, "listing notices");
	return report_close(&r);
}

enum verb_status
notice_show(struct dialogue *d, const struct verb_call *call)
{
	return notice_texts_show(d, call);
}
