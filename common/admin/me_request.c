/*
 * Asking for one's rights, in one's own session. Whoever proves the PIN has
 * shown whose request it is; whoever does not still gets it received, and the
 * office makes sure.
 */
#include "admin/request_form.h"

#include "admin/change.h"
#include "admin/held.h"
#include "admin/nouns.h"
#include "attendd/log.h"
#include "attendd/phases.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum verb_status
tell_opened(struct dialogue *d, const struct store_request *r)
{
	char number[24];

	(void)snprintf(number, sizeof(number), "%" PRId64, r->n);
	dialogue_out(d, _("Your request has number %s."), number);
	dialogue_out(d, "\n");
	if (r->state == STORE_VERIFIED)
		dialogue_out(
		    d, _("It is answered within %d days."), STORE_REQUEST_DAYS);
	else
		dialogue_out(d, "%s",
		    _("Please show at the office that it is yours; it is "
		      "answered after that."));
	dialogue_out(d, "\n%s\n", _("See attendctl me request."));
	return VERB_DONE;
}

/* In a transaction of its own. */
static enum verb_status
open_plain(struct dialogue *d, struct store_request *r)
{
	struct change c ADMIN_AUTO_CHANGE = { 0 };
	enum verb_status status = change_begin(&c, d);

	if (status != VERB_DONE)
		return status;
	(void)snprintf(c.by.actor, sizeof(c.by.actor), "self");
	status = change_end(
	    &c, store_request_open(d->store, &c.by, r), "opening the request");
	return status == VERB_DONE ? tell_opened(d, r) : status;
}

/* The PIN was right: the attempt and the request are one transaction. */
static enum verb_status
open_proven(struct dialogue *d, struct login *l, struct store_tx *tx,
    struct store_request *r)
{
	struct gate_decision proven = { VERDICT_ALLOW, GATE_R_OK, false };
	enum att_err e;

	(void)snprintf(r->verified_how, sizeof(r->verified_how), "pin");
	e = store_request_open(d->store, &l->by, r);
	if (e != ATT_OK)
		store_rollback(tx);
	/* also ends the turn, which a failure must not keep */
	if (login_record(d, l, tx, "request", &proven) != ATT_OK || e != ATT_OK)
		return answer_fail(d, VERB_FAILED, "%s",
		    _("The request could not be recorded; try again later."));
	return tell_opened(d, r);
}

static enum verb_status
open_unproven(struct dialogue *d, struct login *l, struct store_tx *tx,
    struct store_request *r)
{
	struct gate_decision denied = { VERDICT_DENY, GATE_R_NOT_PROVEN,
		false };

	if (tx->s != NULL) { /* a PIN was typed, and wrong */
		if (login_record(d, l, tx, "request", &denied) != ATT_OK)
			return VERB_FAILED;
		login_tell_wrong(d, l);
	}
	return open_plain(d, r);
}

/* One counted attempt, as at a login. */
static enum verb_status
open_with_pin(
    struct dialogue *d, const struct store_employee *e, struct store_request *r)
{
	STORE_AUTO_TX struct store_tx tx = { 0 };
	const struct wire_request *before = d->request;
	struct wire_request asked = *before;
	struct login l;
	enum verb_status status = VERB_UNAVAILABLE;

	asked.user = att_slice_of(e->login);
	d->request = &asked;
	dialogue_inform(
	    d, "%s", _("Type your PIN to show that this request is yours."));
	if (login_find(d, &l) == VERDICT_ALLOW) {
		switch (login_prove_pin(d, &l, &tx, false)) {
		case VERDICT_ALLOW: status = open_proven(d, &l, &tx, r); break;
		case VERDICT_DENY: status = open_unproven(d, &l, &tx, r); break;
		case VERDICT_LOCKED: status = open_plain(d, r); break;
		case VERDICT_UNAVAILABLE:
		case VERDICT_UNKNOWN:
		case VERDICT_NO_CONSENT:
		case VERDICT_EXPIRED:
		case VERDICT_NOT_NOW:
		case VERDICT_REFUSED:
		case VERDICT_MUST_CHANGE:
		case VERDICT_BAD_PIN: break;
		}
	}
	d->request = before;
	if (status == VERB_UNAVAILABLE)
		return answer_fail(d, status, "%s",
		    _("The request could not be recorded; try again later."));
	return status;
}

/* One's own, and still open. */
static enum verb_status
find_own(struct dialogue *d, const struct verb_call *call,
    const struct store_employee *e, struct store_request *r)
{
	const char *word = verb_option(call, "request");
	char *end = NULL;
	long long n = word != NULL ? strtoll(word, &end, 10) : 0;
	enum att_err err;

	if (n < 1 || *end != '\0')
		return answer_fail(d, VERB_USAGE, "%s",
		    _("Say which one: attendctl me request cancel --request "
		      "N"));
	err = store_request_get(d->store, n, r);
	if (err != ATT_OK && err != ATT_ABSENT)
		return answer_trouble(d, err, "reading the request");
	/* somebody else's is none of yours, and looks like none at all */
	if (err == ATT_ABSENT || memcmp(r->person, e->id, sizeof(e->id)) != 0)
		return answer_fail(d, VERB_ABSENT, "%s",
		    _("You have no such request; see attendctl me request."));
	return VERB_DONE;
}

static enum verb_status
cancel(struct dialogue *d, const struct verb_call *call,
    const struct store_employee *e)
{
	struct change c ADMIN_AUTO_CHANGE = { 0 };
	struct store_request r;
	enum verb_status status = find_own(d, call, e, &r);
	enum att_err err;

	if (status == VERB_DONE)
		status = change_begin(&c, d);
	if (status != VERB_DONE)
		return status;
	(void)snprintf(c.by.actor, sizeof(c.by.actor), "self");
	err = store_request_close(d->store, &c.by, &r, STORE_TAKEN_BACK);
	if (err == ATT_EXISTS) {
		change_drop(&c);
		return answer_fail(d, VERB_CONFLICT, "%s",
		    _("It has been answered already; see attendctl me "
		      "request."));
	}
	status = change_end(&c, err, "taking the request back");
	if (status == VERB_DONE)
		dialogue_out(d, "%s\n", _("Your request is taken back."));
	return status;
}

enum verb_status
me_request(struct dialogue *d, const struct verb_call *call)
{
	const char *kind = verb_positional(call, "KIND");
	struct store_request request = { 0 };
	struct store_employee e;
	struct report r;
	enum verb_status status = answer_self(d, &e);
	enum att_err err;

	if (status != VERB_DONE)
		return status;
	if (kind == NULL) {
		report_open(&r, d, call);
		err = held_report_requests(&r, &e, false, NULL);
		if (err != ATT_OK)
			return answer_trouble(d, err, "reading requests");
		return report_close(&r);
	}
	if (strcmp(kind, "cancel") == 0)
		return cancel(d, call, &e);
	status = request_form(d, call, &e, &request);
	if (status != VERB_DONE)
		return status;
	/* a complaint needs no more than the session it comes from */
	if (request.kind == STORE_REQUEST_FEEDBACK)
		(void)snprintf(request.verified_how,
		    sizeof(request.verified_how), "session");
	else if (verb_option(call, "office") == NULL)
		return open_with_pin(d, &e, &request);
	return open_plain(d, &request);
}
