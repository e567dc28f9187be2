/* Requests at the office: opening, verifying, refusing, listing. */
#include "admin/request_form.h"

#include "admin/change.h"
#include "admin/held.h"
#include "admin/nouns.h"
#include "admin/request_find.h"
#include "base/owner.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum verb_status
request_find(
    struct dialogue *d, const struct verb_call *call, struct store_request *out)
{
	const char *word = verb_positional(call, "REQUEST");
	char *end = NULL;
	long long n = strtoll(word, &end, 10);
	enum att_err e;

	if (n < 1 || *end != '\0' || word[0] == '+' || word[0] == ' ')
		return answer_fail(d, VERB_USAGE,
		    "\"%s\" is not the number of a request; see attendctl "
		    "request list",
		    word);
	e = store_request_get(d->store, n, out);
	if (e == ATT_ABSENT)
		return answer_fail(d, VERB_ABSENT,
		    "no request %lld; see attendctl request list --all", n);
	return e == ATT_OK ? VERB_DONE
			   : answer_trouble(d, e, "reading the request");
}

enum verb_status
request_not_closed(
    struct dialogue *d, const struct store_request *r, enum att_err e)
{
	if (e == ATT_EXISTS)
		return answer_fail(d, VERB_CONFLICT,
		    "request %" PRId64 " is closed already; see attendctl "
		    "request show %" PRId64,
		    r->n, r->n);
	if (e == ATT_REFUSED)
		return answer_fail(d, VERB_REFUSED,
		    "make sure first whose request it is: attendctl request "
		    "verify %" PRId64 " --how H",
		    r->n);
	return answer_trouble(d, e, "closing the request");
}

enum verb_status
request_fill_answer(
    struct dialogue *d, const struct verb_call *call, struct store_request *r)
{
	const char *text = verb_option(call, "answer");

	if (text == NULL)
		return VERB_DONE;
	if (strlen(text) > STORE_REQUEST_TEXT)
		return answer_fail(d, VERB_USAGE,
		    "--answer is too long, at most %d bytes",
		    STORE_REQUEST_TEXT);
	memcpy(r->answer, text, strlen(text) + 1);
	return VERB_DONE;
}

static enum verb_status
check_how(struct dialogue *d, const char *how)
{
	if (store_request_how_ok(how) && strcmp(how, "pin") != 0 &&
	    strcmp(how, "session") != 0)
		return VERB_DONE;
	return answer_fail(d, VERB_USAGE,
	    "--how is id-document, staff-card, in-person or callback: what "
	    "showed whose request it is");
}

enum verb_status
request_open(struct dialogue *d, const struct verb_call *call)
{
	struct change c ADMIN_AUTO_CHANGE = { 0 };
	const char *how = verb_option(call, "how");
	struct store_request r = { 0 };
	struct store_employee e;
	enum verb_status status = answer_employee(d, call, &e);

	if (status == VERB_DONE)
		status = request_form(d, call, &e, &r);
	if (status == VERB_DONE && how != NULL)
		status = check_how(d, how);
	if (status == VERB_DONE && how != NULL)
		(void)snprintf(
		    r.verified_how, sizeof(r.verified_how), "%s", how);
	if (status == VERB_DONE)
		status = change_begin(&c, d);
	if (status != VERB_DONE)
		return status;
	status = change_end(
	    &c, store_request_open(d->store, &c.by, &r), "opening the request");
	if (status != VERB_DONE)
		return status;
	dialogue_out(d, "request %" PRId64 " of %s: %s, %s\n", r.n, e.number,
	    store_request_kind_id(r.kind), store_request_state_id(r.state));
	dialogue_out(d, "next: attendctl request %s %" PRId64 "%s\n",
	    how != NULL ? "fulfil" : "verify", r.n,
	    how != NULL ? "" : " --how H");
	return VERB_DONE;
}

enum verb_status
request_verify(struct dialogue *d, const struct verb_call *call)
{
	struct change c ADMIN_AUTO_CHANGE = { 0 };
	const char *how = verb_option(call, "how");
	struct store_request r;
	enum verb_status status = check_how(d, how);
	enum att_err e;

	if (status == VERB_DONE)
		status = request_find(d, call, &r);
	if (status == VERB_DONE)
		status = change_begin(&c, d);
	if (status != VERB_DONE)
		return status;
	e = store_request_verify(d->store, &c.by, r.n, how);
	if (e == ATT_EXISTS) {
		change_drop(&c);
		return answer_fail(d, VERB_CONFLICT,
		    "request %" PRId64 " is %s already", r.n,
		    store_request_state_id(r.state));
	}
	status = change_end(&c, e, "verifying the request");
	if (status == VERB_DONE)
		dialogue_out(d,
		    "request %" PRId64 " verified; the answer is due within "
		    "%d days\n",
		    r.n, STORE_REQUEST_DAYS);
	return status;
}

/* The evidence's hash, which abuse needs. */
static enum verb_status
fill_evidence(
    struct dialogue *d, const struct verb_call *call, struct store_request *r)
{
	ATT_AUTO_FREE char *bytes = NULL;
	size_t len = 0;
	enum verb_status status;

	if (verb_option(call, "evidence") == NULL) {
		if (strcmp(r->reason, "abuse") != 0)
			return VERB_DONE;
		return answer_fail(d, VERB_USAGE,
		    "abuse has to be shown: --evidence FILE; its hash is kept");
	}
	status =
	    answer_file(d, call, "evidence", ANSWER_PAPER_MAX, &bytes, &len);
	if (status != VERB_DONE)
		return status;
	if (len == 0)
		return answer_fail(
		    d, VERB_FAILED, "--evidence is an empty file");
	vault_hash((struct att_slice){ (uint8_t *)bytes, len }, r->evidence);
	r->has_evidence = true;
	return VERB_DONE;
}

static enum verb_status
fill_reason(
    struct dialogue *d, const struct verb_call *call, struct store_request *r)
{
	const char *reason = verb_option(call, "reason");

	if (!store_request_reason_ok(reason))
		return answer_fail(d, VERB_USAGE,
		    "a request is refused only for legal-duty, "
		    "national-security, public-interest, criminal, abuse, "
		    "vital-interests, others-rights or trade-secret");
	(void)snprintf(r->reason, sizeof(r->reason), "%s", reason);
	return VERB_DONE;
}

enum verb_status
request_refuse(struct dialogue *d, const struct verb_call *call)
{
	struct change c ADMIN_AUTO_CHANGE = { 0 };
	struct store_request r;
	enum verb_status status = request_find(d, call, &r);
	enum att_err e;

	if (status == VERB_DONE)
		status = fill_reason(d, call, &r);
	if (status == VERB_DONE)
		status = fill_evidence(d, call, &r);
	if (status == VERB_DONE)
		status = request_fill_answer(d, call, &r);
	if (status == VERB_DONE)
		status = change_begin(&c, d);
	if (status != VERB_DONE)
		return status;
	e = store_request_close(d->store, &c.by, &r, STORE_REFUSED);
	if (e == ATT_EXISTS || e == ATT_REFUSED) {
		change_drop(&c);
		return request_not_closed(d, &r, e);
	}
	status = change_end(&c, e, "refusing the request");
	if (status == VERB_DONE)
		dialogue_out(d,
		    "request %" PRId64 " refused; %s sees the reason at the "
		    "next login and in attendctl me request\n",
		    r.n, r.number);
	return status;
}

enum verb_status
request_list(struct dialogue *d, const struct verb_call *call)
{
	bool all = verb_option(call, "all") != NULL;
	struct report r;
	enum verb_status status = answer_looked(d, "request-list", NULL);
	enum att_err err;

	if (status != VERB_DONE)
		return status;
	request_tell_late(d);
	report_open(&r, d, call);
	err = held_report_requests(&r, NULL, !all, NULL);
	if (err != ATT_OK)
		return answer_trouble(d, err, "listing requests");
	return report_close(&r);
}

static void
report_request(struct report *r, const struct store_request *q)
{
	int left = store_request_days_left(q, r->d->now.utc);

	report_record(r);
	report_number(r, "request", N_("Request"), q->n);
	report_text(r, "number", N_("Number"), q->number);
	report_word(r, "kind", N_("Kind"), store_request_kind_id(q->kind));
	report_word(r, "field", N_("Field"), q->field);
	report_word(r, "purpose", N_("Purpose"),
	    q->kind == STORE_REQUEST_WITHDRAW ? store_purpose_id(q->purpose)
					      : "");
	report_text(r, "text", N_("Text"), q->content);
	report_word(r, "state", N_("State"), store_request_state_id(q->state));
	report_time(r, "opened", N_("Opened"), q->opened_utc);
	report_text(r, "opened_by", N_("Opened by"), q->opened_by);
	report_time(r, "verified", N_("Verified"), q->verified_utc);
	report_word(r, "verified_by", N_("Verified by"), q->verified_how);
	if (q->state == STORE_VERIFIED)
		report_number(r, "days_left", N_("Days left"), left);
	report_time(r, "closed", N_("Closed"), q->closed_utc);
	report_word(r, "reason", N_("Reason"), q->reason);
	report_text(r, "answer", N_("Answer"), q->answer);
	report_record_end(r);
}

enum verb_status
request_show(struct dialogue *d, const struct verb_call *call)
{
	struct store_request q;
	struct report r;
	enum verb_status status = request_find(d, call, &q);

	if (status == VERB_DONE)
		status = answer_looked(d, "request-show", q.person);
	if (status != VERB_DONE)
		return status;
	report_open(&r, d, call);
	report_request(&r, &q);
	return report_close(&r);
}
