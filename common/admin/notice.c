#include "admin/answer.h"
#include "admin/notice_text.h"
#include "admin/nouns.h"
#include "admin/report.h"
#include "base/owner.h"

enum verb_status
notice_publish(struct dialogue *d, const struct verb_call *call)
{
	ATT_AUTO_FREE char *whole = NULL, *brief = NULL;
	struct notice_version v = { .version = verb_option(call, "version"),
		.lang = verb_option(call, "lang"),
		.major = verb_option(call, "major") != NULL };
	struct notice_texts t = { 0 };
	size_t len = 0;
	enum verb_status status;

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

	hex_format(n->hash, sizeof(n->hash), hash);
	table_text(t, n->version);
	table_text(t, n->lang);
	table_flag(t, n->is_major);
	table_time(t, n->published_utc);
	table_text(t, hash);
	return true;
}

enum verb_status
notice_list(struct dialogue *d, const struct verb_call *call)
{
	static const struct table_column columns[] = { { "version", "VERSION" },
		{ "lang", "LANG" }, { "is_major", "MAJOR" },
		{ "published", "PUBLISHED" }, { "hash", "HASH" } };
	struct report r;
	struct table t;
	enum att_err e;

	report_open(&r, d, call);
	report_list(&r, &t, NULL, NULL, columns, 5);
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
