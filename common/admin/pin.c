#include "store/pin.h"
#include "admin/answer.h"
#include "admin/nouns.h"
#include "attendd/pin_rules.h"

#include <string.h>

static enum verb_status
no_answer(struct dialogue *d, enum att_err e)
{
	if (e == ATT_ABSENT)
		return answer_fail(d, VERB_FAILED,
		    "no PIN given; type it, or give it as one line on "
		    "standard input");
	if (e == ATT_FORMAT)
		return answer_fail(d, VERB_FAILED, "that is not a PIN");
	return answer_fail(d, VERB_FAILED, "no PIN came in time");
}

/*
 * Ask for the new PIN; twice at a terminal, where it cannot be seen. One line
 * of a file or pipe was seen by whoever wrote it.
 */
static enum verb_status
ask_pin(struct dialogue *d, struct att_secret *pin, size_t *len)
{
	bool twice = (d->request->flags & WIRE_F_IN_TTY) != 0;
	struct att_slice a;
	enum att_err e =
	    dialogue_ask(d, WIRE_FOR_NEW_PIN, false, _("New PIN: "), &a);

	if (e == ATT_OK && a.len >= pin->len)
		e = ATT_FORMAT;
	if (e != ATT_OK)
		return no_answer(d, e);
	memcpy(pin->at, a.at, a.len);
	*len = a.len;
	if (!twice)
		return VERB_DONE;
	e = dialogue_ask(
	    d, WIRE_FOR_NEW_PIN_AGAIN, false, _("New PIN again: "), &a);
	if (e != ATT_OK)
		return no_answer(d, e);
	if (a.len == *len && att_secret_same(a.at, pin->at, a.len))
		return VERB_DONE;
	return answer_fail(
	    d, VERB_FAILED, "the two PINs are not the same; nothing changed");
}

/* Refused before anybody types: nobody types a PIN for nothing. */
static enum verb_status
check_person(struct dialogue *d, const struct store_employee *e)
{
	struct att_date today = att_date_at(d->now.utc);
	const char *why = NULL;
	enum att_err err = pin_rules_allow(d, e, &why);

	if (err == ATT_OK)
		return VERB_DONE;
	if (err != ATT_REFUSED)
		return answer_trouble(d, err, "checking the person");
	if (!att_date_known(e->born_on))
		return answer_fail(d, VERB_REFUSED,
		    "the date of birth of %s is not on record; see attendctl "
		    "employee set %s --birth YYYY-MM-DD",
		    e->number, e->number);
	return answer_fail(d, VERB_REFUSED,
	    "%s is %d years old, and no guardian's consent is valid today; "
	    "see attendctl guardian record %s --name N --relation R --paper "
	    "FILE",
	    e->number, att_age_on(e->born_on, today), e->number);
}

static enum verb_status
set(struct dialogue *d, const struct store_employee *e, struct att_slice pin,
    bool must_change)
{
	struct store_by by = dialogue_by(d);
	const char *why = NULL;
	enum att_err err = pin_set_checked(d, e, pin, must_change, &by, &why);

	if (err == ATT_REFUSED && why != NULL)
		return answer_fail(d, VERB_REFUSED,
		    "%s Choose another, of %u to %d digits.", why,
		    (unsigned)d->config->pin_length, STORE_PIN_MAX);
	if (err != ATT_OK)
		return answer_trouble(d, err, "setting the PIN");
	dialogue_out(d, "PIN of %s set%s\n", e->number,
	    must_change ? "; a new one is asked at the next login" : "");
	return VERB_DONE;
}

enum verb_status
pin_set(struct dialogue *d, const struct verb_call *call)
{
	ATT_AUTO_SECRET struct att_secret pin = { 0 };
	struct store_employee e;
	size_t len = 0;
	enum verb_status status = answer_employee(d, call, &e);

	if (status == VERB_DONE)
		status = check_person(d, &e);
	if (status != VERB_DONE)
		return status;
	if (att_secret_new(&pin, WIRE_ANSWER_MAX + 1) != ATT_OK)
		return answer_fail(d, VERB_FAILED, "no locked memory left");
	status = ask_pin(d, &pin, &len);
	if (status != VERB_DONE)
		return status;
	return set(d, &e, (struct att_slice){ pin.at, len },
	    verb_option(call, "must-change") != NULL);
}
