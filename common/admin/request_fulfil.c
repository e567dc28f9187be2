/*
 * Fulfilling a request: doing what was asked for and recording that it was
 * done, in one transaction. Each kind has its function here.
 */
#include "admin/request_form.h"

#include "admin/change.h"
#include "admin/erase.h"
#include "admin/forget.h"
#include "admin/held.h"
#include "admin/minor.h"
#include "admin/nouns.h"
#include "admin/request_find.h"
#include "attendd/gallery.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static enum verb_status
tell_fulfilled(struct dialogue *d, const struct store_request *r)
{
	dialogue_err(d, "request %" PRId64 " of %s fulfilled: %s\n", r->n,
	    r->number, store_request_kind_id(r->kind));
	return VERB_DONE;
}

/* Close it behind what was done before in the transaction. */
static enum verb_status
end(struct change *c, const struct store_request *r, enum att_err e)
{
	enum verb_status status;

	if (e == ATT_OK)
		e = store_request_close(
		    c->d->store, &c->by, r, STORE_FULFILLED);
	if (e == ATT_EXISTS || e == ATT_REFUSED) {
		change_drop(c);
		return request_not_closed(c->d, r, e);
	}
	status = change_end(c, e, "fulfilling the request");
	return status == VERB_DONE ? tell_fulfilled(c->d, r) : status;
}

/* The report goes out first: what was not delivered is not fulfilled. */
static enum verb_status
fulfil_access(struct dialogue *d, const struct verb_call *call,
    struct store_request *r, struct store_employee *e)
{
	struct change c ADMIN_AUTO_CHANGE = { 0 };
	struct report report;
	enum verb_status status = answer_looked(d, "access-report", e->id);
	enum att_err err;

	if (status != VERB_DONE)
		return status;
	report_open(&report, d, call);
	err = held_access(&report, e);
	if (err != ATT_OK)
		return answer_trouble(d, err, "reading the record");
	status = report_close(&report);
	if (status == VERB_DONE)
		status = change_begin(&c, d);
	return status == VERB_DONE ? end(&c, r, ATT_OK) : status;
}

static enum verb_status
fulfil_correct(struct dialogue *d, const struct verb_call *call,
    struct store_request *r, struct store_employee *e)
{
	struct change c ADMIN_AUTO_CHANGE = { 0 };
	enum verb_status status = request_correct(d, r, e);
	enum att_err err;
	int64_t held = 0;

	(void)call; /* the request says it all */
	if (status == VERB_DONE)
		status = change_begin(&c, d);
	if (status != VERB_DONE)
		return status;
	memcpy(c.by.source, "request", sizeof("request"));
	err = store_employee_update(d->store, &c.by, "employee-correct", e);
	if (err == ATT_OK)
		err = minor_check(d, &c.by, e, &held);
	status = end(&c, r, err);
	if (status == VERB_DONE)
		minor_tell(d, e, held);
	return status;
}

static enum verb_status
fulfil_withdraw(struct dialogue *d, const struct verb_call *call,
    struct store_request *r, struct store_employee *e)
{
	struct change c ADMIN_AUTO_CHANGE = { 0 };
	struct store_consent w = { .purpose = r->purpose,
		.kind = STORE_CONSENT_WITHDRAWN,
		.how = "command",
		.place = "request" };
	uint64_t fingers = 0;
	enum verb_status status = change_begin(&c, d);
	enum att_err err;

	(void)call; /* the request says it all */
	if (status != VERB_DONE)
		return status;
	err = forget_count(d, e, &fingers);
	if (err == ATT_OK)
		err =
		    store_consent_record(d->store, &c.by, e->id, d->locale, &w);
	if (err == ATT_EXISTS) {
		change_drop(&c);
		return answer_fail(d, VERB_CONFLICT,
		    "%s has no consent for %s to withdraw; see attendctl "
		    "consent show %s",
		    e->number, store_purpose_id(r->purpose), e->number);
	}
	status = end(&c, r, err);
	return status == VERB_DONE ? forget_end(d, e, fingers) : status;
}

/* Erasing takes the request's row along; the chain keeps that it was done. */
static enum verb_status
fulfil_delete(struct dialogue *d, const struct verb_call *call,
    struct store_request *r, struct store_employee *e)
{
	struct change c ADMIN_AUTO_CHANGE = { 0 };
	enum verb_status tidied, status = change_begin(&c, d);
	enum att_err err;

	(void)call; /* the request says it all */
	if (status != VERB_DONE)
		return status;
	err = store_request_close(d->store, &c.by, r, STORE_FULFILLED);
	if (err == ATT_OK)
		err = store_erase(d->store, &c.by, e->id, STORE_ERASE_CLOSED);
	if (err == ATT_EXISTS || err == ATT_REFUSED) {
		change_drop(&c);
		return request_not_closed(d, r, err);
	}
	status = change_end(&c, err, "erasing the employee");
	if (!c.stored)
		return status;
	gallery_forget(d);
	tidied = erase_tidy(d);
	if (status == VERB_DONE && tidied == VERB_DONE)
		return tell_fulfilled(d, r);
	return status == VERB_DONE ? tidied : status;
}

static enum verb_status
fulfil_feedback(struct dialogue *d, const struct verb_call *call,
    struct store_request *r, struct store_employee *e)
{
	struct change c ADMIN_AUTO_CHANGE = { 0 };
	enum verb_status status;

	(void)call; /* --answer is in *r already */
	(void)e;
	if (r->answer[0] == '\0')
		return answer_fail(d, VERB_USAGE,
		    "feedback is fulfilled by answering: --answer TEXT");
	status = change_begin(&c, d);
	return status == VERB_DONE ? end(&c, r, ATT_OK) : status;
}

/* Before anything is done: end() decides again in its transaction. */
static enum verb_status
check_open(struct dialogue *d, const struct store_request *r)
{
	if (r->state > STORE_VERIFIED)
		return request_not_closed(d, r, ATT_EXISTS);
	if (r->state != STORE_VERIFIED)
		return request_not_closed(d, r, ATT_REFUSED);
	return VERB_DONE;
}

enum verb_status
request_fulfil(struct dialogue *d, const struct verb_call *call)
{
	static enum verb_status (*const how[STORE_REQUEST_KINDS])(
	    struct dialogue *, const struct verb_call *, struct store_request *,
	    struct store_employee *) = {
		[STORE_REQUEST_ACCESS] = fulfil_access,
		[STORE_REQUEST_CORRECT] = fulfil_correct,
		[STORE_REQUEST_DELETE] = fulfil_delete,
		[STORE_REQUEST_WITHDRAW] = fulfil_withdraw,
		[STORE_REQUEST_FEEDBACK] = fulfil_feedback,
	};
	struct store_request r;
	struct store_employee e;
	enum verb_status status = request_find(d, call, &r);
	enum att_err err;

	if (status == VERB_DONE)
		status = check_open(d, &r);
	if (status == VERB_DONE)
		status = request_fill_answer(d, call, &r);
	if (status != VERB_DONE)
		return status;
	err = store_employee_by_number(d->store, r.number, &e);
	if (err != ATT_OK)
		return answer_trouble(d, err, "finding the employee");
	return how[r.kind](d, call, &r, &e);
}
