#include "admin/notice_text.h"

#include "admin/change.h"
#include "admin/report.h"
#include "base/owner.h"

#include <stdio.h>
#include <string.h>

static bool
is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct att_slice
trim(struct att_slice s)
{
	if (s.len >= 3 && memcmp(s.at, "\xef\xbb\xbf", 3) == 0) {
		s.at += 3;
		s.len -= 3;
	}
	while (s.len > 0 && is_blank(s.at[0])) {
		s.at++;
		s.len--;
	}
	while (s.len > 0 && is_blank(s.at[s.len - 1]))
		s.len--;
	return s;
}

/* Up to the first empty line. */
static struct att_slice
first_paragraph(struct att_slice s)
{
	for (size_t i = 0; i + 1 < s.len; i++)
		if (s.at[i] == '\n' &&
		    (s.at[i + 1] == '\n' || s.at[i + 1] == '\r'))
			return trim((struct att_slice){ s.at, i });
	return s;
}

void
notice_texts_trim(struct notice_texts *t)
{
	t->whole = trim(t->whole);
	t->brief = trim(t->brief);
	if (t->brief.len == 0)
		t->brief = first_paragraph(t->whole);
}

static enum verb_status
not_published(struct dialogue *d, const struct notice_version *v,
    enum att_err e, const char *detail)
{
	if (e == ATT_EXISTS)
		return answer_fail(d, VERB_CONFLICT,
		    "version %s has a text in %s already, or a newer version "
		    "is in force; what was published stays as it is, choose a "
		    "new version",
		    v->version, v->lang);
	if (e == ATT_LIMIT)
		return answer_fail(d, VERB_FAILED,
		    "too long: a notice has at most %d KiB and its short form "
		    "%d characters; see --short FILE",
		    STORE_NOTICE_MAX / 1024, STORE_SHORT_MAX);
	return answer_detail(d, e, "publishing the notice", detail);
}

static void
tell_published(struct dialogue *d, const struct store_notice *n)
{
	char from[ATT_TIME_TEXT] = "";

	if (n->effective_utc > d->now.utc)
		att_time_format(n->effective_utc, from);
	dialogue_out(d, "notice %s published in %s%s%s%s\n", n->version,
	    n->lang, from[0] != '\0' ? ", in force from " : "", from,
	    n->is_major ? "; everybody is asked for consent" : "");
}

enum verb_status
notice_texts_publish(struct dialogue *d, const struct notice_version *v,
    const struct notice_texts *t)
{
	struct change c ADMIN_AUTO_CHANGE = { 0 };
	struct store_notice n;
	char detail[200];
	enum verb_status status;
	enum att_err e;

	if (t->whole.len == 0 || t->brief.len == 0)
		return answer_fail(d, VERB_FAILED, "the notice is empty");
	status = change_begin(&c, d);
	if (status != VERB_DONE)
		return status;
	e = store_notice_publish(d->store, &c.by,
	    &(struct store_notice_draft){ v->version, v->lang, v->changes,
		v->effective_utc, t->brief, t->whole },
	    &n);
	if (e != ATT_OK) {
		(void)snprintf(
		    detail, sizeof(detail), "%s", store_trouble(d->store));
		change_drop(&c);
		return not_published(d, v, e, detail);
	}
	status = change_end(&c, ATT_OK, "publishing the notice");
	if (status == VERB_DONE)
		tell_published(d, &n);
	return status;
}

void
notice_changes_format(uint32_t changes, char *buf, size_t cap)
{
	size_t used = 0;

	buf[0] = '\0';
	for (unsigned i = 0; i < STORE_CHANGE_COUNT && used < cap; i++)
		if ((changes & 1u << i) != 0)
			used += (size_t)snprintf(buf + used, cap - used, "%s%s",
			    used > 0 ? "," : "",
			    store_change_id((enum store_change)i));
}

/* A version that is coming is told under the one in force. */
static void
report_coming(struct report *r)
{
	struct store_notice n;
	char from[ATT_TIME_TEXT];

	if (r->j != NULL ||
	    store_notice_coming(
		r->d->store, r->d->now.utc, r->d->locale, &n, NULL) != ATT_OK)
		return;
	att_time_format(n.effective_utc, from);
	from[ATT_DATE_TEXT - 1] = '\0';
	print_bytes(&r->print, "\n", 1);
	report_line(r,
	    _("From %s on version %s applies; read it with: "
	      "attendctl me notice %s"),
	    from, n.version, n.version);
}

static void
report_notice(struct report *r, const struct store_notice *n, const char *brief,
    const char *text)
{
	char hash[2 * VAULT_HASH_LEN + 1];

	char kinds[STORE_CHANGE_COUNT * 16];

	if (r->j == NULL) {
		print_text(&r->print, text);
		print_bytes(&r->print, "\n", 1);
		return;
	}
	notice_changes_format(n->changes, kinds, sizeof(kinds));
	hex_format(n->hash, sizeof(n->hash), hash);
	report_record(r);
	report_text(r, "version", NULL, n->version);
	report_text(r, "lang", NULL, n->lang);
	report_flag(r, "is_major", NULL, n->is_major);
	report_number(r, "major", NULL, n->major);
	report_text(r, "changes", NULL, kinds);
	report_time(r, "published", NULL, n->published_utc);
	report_time(r, "effective", NULL, n->effective_utc);
	report_text(r, "hash", NULL, hash);
	report_text(r, "short", NULL, brief);
	report_text(r, "text", NULL, text);
	report_record_end(r);
}

enum verb_status
notice_texts_show(struct dialogue *d, const struct verb_call *call)
{
	const char *version = verb_positional(call, "VERSION");
	ATT_AUTO_FREE char *text = NULL;
	char brief[STORE_SHORT_BYTES];
	struct store_notice n;
	struct report r;
	enum att_err e = version != NULL
	    ? store_notice_get(
		  d->store, version, answer_lang(d, call), &n, brief, &text)
	    : store_notice_in_force(
		  d->store, d->now.utc, answer_lang(d, call), &n, brief, &text);

	if (e == ATT_ABSENT && version == NULL)
		return answer_fail(d, VERB_ABSENT, "%s",
		    _("No privacy notice has been published yet."));
	if (e == ATT_ABSENT)
		return answer_fail(d, VERB_ABSENT,
		    _("There is no privacy notice of version %s."), version);
	if (e != ATT_OK)
		return answer_trouble(d, e, "reading the notice");
	report_open(&r, d, call);
	report_notice(&r, &n, brief, text);
	if (version == NULL)
		report_coming(&r);
	return report_close(&r);
}
