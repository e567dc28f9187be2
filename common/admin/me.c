/* What staff do for themselves; the caller's uid says who that is. */
#include "admin/answer.h"
#include "admin/held.h"
#include "admin/notice_text.h"
#include "admin/nouns.h"
#include "attendd/phases.h"

enum verb_status
me_show(struct dialogue *d, const struct verb_call *call)
{
	struct store_employee e;
	struct report r;
	enum verb_status status = answer_self(d, &e);
	enum att_err err;

	if (status != VERB_DONE)
		return status;
	report_open(&r, d, call);
	err = held_access(&r, &e);
	if (err != ATT_OK)
		return answer_trouble(d, err, "reading the record");
	return report_close(&r);
}

static enum verb_status
pin_status(enum att_verdict v)
{
	switch (v) {
	case VERDICT_ALLOW: return VERB_DONE;
	case VERDICT_BAD_PIN: return VERB_FAILED;
	case VERDICT_UNAVAILABLE: return VERB_UNAVAILABLE;
	case VERDICT_DENY:
	case VERDICT_UNKNOWN:
	case VERDICT_LOCKED:
	case VERDICT_NO_CONSENT:
	case VERDICT_EXPIRED:
	case VERDICT_NOT_NOW:
	case VERDICT_REFUSED:
	case VERDICT_MUST_CHANGE: break;
	}
	return VERB_REFUSED;
}

/*
 * The same dialogue as a PIN change through PAM: the old PIN is one counted
 * attempt, the rules for the new one are the same.
 */
enum verb_status
me_pin(struct dialogue *d, const struct verb_call *call)
{
	const struct wire_request *before = d->request;
	struct wire_request change = *before;
	struct wire_verdict verdict = { 0 };
	struct store_employee e;
	enum verb_status status = answer_self(d, &e);
	enum att_verdict v;

	(void)call; /* takes no options */
	if (status != VERB_DONE)
		return status;
	change.phase = WIRE_CHANGE_PIN;
	change.flags = 0; /* nothing that would spare the old PIN */
	change.user = att_slice_of(e.login);
	d->request = &change;
	v = phase_change_pin(d, &verdict);
	d->request = before;
	status = pin_status(v);
	if (status == VERB_DONE)
		dialogue_out(d, "%s\n", _("Your PIN is changed."));
	else if (status == VERB_UNAVAILABLE)
		return answer_fail(d, status, "%s",
		    _("Your PIN cannot be changed now; try again later."));
	else
		return answer_fail(
		    d, status, "%s", _("Your PIN was not changed."));
	return status;
}

enum verb_status
me_notice(struct dialogue *d, const struct verb_call *call)
{
	struct store_employee e;
	enum verb_status status = answer_self(d, &e);

	return status == VERB_DONE ? notice_texts_show(d, call) : status;
}
