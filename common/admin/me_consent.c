/* What staff agree to, refuse, withdraw and take home as receipts. */
#include "admin/agreement.h"
#include "admin/change.h"
#include "admin/forget.h"
#include "admin/held.h"
#include "admin/nouns.h"
#include "admin/receipts.h"
#include "attendd/agree.h"

#include <stdio.h>
#include <string.h>

/* What is asked, in the person's words. */
static void
show_purpose(struct dialogue *d, const struct store_consent *c)
{
	dialogue_inform(d, _("Purpose: %s"), agree_purpose_text(c->purpose));
	if (c->purpose != STORE_FOR_DISCLOSURE)
		return;
	dialogue_inform(d, _("Recipient: %s"), c->recipient);
	dialogue_inform(d, _("What for: %s"), c->aim);
}

/* A minor may say no, but it is a guardian who says yes. */
static enum verb_status
may_give(struct dialogue *d, const struct store_employee *e)
{
	struct att_date today = att_date_at(d->now.utc);

	if (att_date_known(e->born_on) &&
	    att_age_on(e->born_on, today) >= (int)d->config->majority)
		return VERB_DONE;
	if (!att_date_known(e->born_on) && d->config->allow_unknown_birth)
		return VERB_DONE;
	return answer_fail(d, VERB_REFUSED, "%s",
	    _("Until you come of age, a parent or guardian consents for you; "
	      "the contact shown at the kiosk helps."));
}

static enum verb_status
record(struct dialogue *d, const struct store_employee *e,
    const struct store_notice *n, bool agrees, struct store_consent *c)
{
	struct change change ADMIN_AUTO_CHANGE = { 0 };
	enum verb_status status = change_begin(&change, d);
	uint64_t fingers = 0;
	enum att_err err;

	if (status != VERB_DONE)
		return status;
	(void)snprintf(change.by.actor, sizeof(change.by.actor), "self");
	err = forget_count(d, e, &fingers);
	if (err == ATT_OK)
		err = agree_record(d, &change.by, e->id, n, agrees, c);
	if (err == ATT_ABSENT) {
		change_drop(&change);
		return answer_fail(d, VERB_CONFLICT, "%s",
		    _("The privacy notice changed meanwhile; nothing was "
		      "recorded. Please read it again."));
	}
	status = change_end(&change, err, "recording your answer");
	if (status == VERB_DONE)
		dialogue_out(d, "%s\n",
		    agrees ? _("You agreed. attendctl me consent --receipt "
			       "prints a receipt to keep.")
			   : _("You refused; that is recorded, and nothing is "
			       "done for this purpose."));
	return status == VERB_DONE ? forget_end(d, e, fingers) : status;
}

static enum verb_status
answer(struct dialogue *d, const struct store_employee *e, bool give,
    struct store_consent *c)
{
	struct store_notice n;
	bool agrees = false;
	enum att_err err = give ? agree_show(d, &n)
				: store_notice_in_force(d->store, d->now.utc,
				      d->locale, &n, NULL, NULL);

	if (err == ATT_ABSENT)
		return answer_fail(d, VERB_ABSENT, "%s",
		    _("No privacy notice has been published yet."));
	if (err == ATT_OK && give) {
		show_purpose(d, c);
		err = agree_ask(d, &agrees);
	}
	if (err == ATT_ABSENT)
		return answer_fail(d, VERB_REFUSED, "%s",
		    _("No clear answer; nothing was recorded."));
	if (err != ATT_OK)
		return answer_trouble(d, err, "asking for your answer");
	(void)snprintf(c->how, sizeof(c->how), "%s",
	    (d->request->flags & WIRE_F_IN_TTY) != 0 ? "kiosk" : "command");
	(void)snprintf(c->place, sizeof(c->place), "attendctl");
	return record(d, e, &n, agrees, c);
}

enum verb_status
me_consent(struct dialogue *d, const struct verb_call *call)
{
	struct held_consents which = { true, true,
		verb_option(call, "purpose") };
	bool give = verb_option(call, "give") != NULL;
	bool refuse = verb_option(call, "refuse") != NULL;
	struct store_consent c = { 0 };
	struct store_employee e;
	struct report r;
	enum verb_status status = answer_self(d, &e);
	enum att_err err;

	if (status == VERB_DONE)
		status = answer_purpose(d, call, &c.purpose);
	if (status == VERB_DONE && (give || refuse))
		status = agreement_recipient(d, call, &c);
	if (status == VERB_DONE && give && !refuse)
		status = may_give(d, &e);
	if (status != VERB_DONE)
		return status;
	if (give && refuse)
		return answer_fail(
		    d, VERB_USAGE, _("--give and --refuse exclude each other"));
	if (give || refuse)
		return answer(d, &e, give, &c);
	if (verb_option(call, "receipt") != NULL)
		return receipts_print(d, call, &e, which);
	report_open(&r, d, call);
	err = held_report_consents(&r, &e, which, NULL);
	if (err != ATT_OK)
		return answer_trouble(d, err, "reading consents");
	return report_close(&r);
}

enum verb_status
me_withdraw(struct dialogue *d, const struct verb_call *call)
{
	struct change change ADMIN_AUTO_CHANGE = { 0 };
	struct store_consent c = { .kind = STORE_CONSENT_WITHDRAWN,
		.how = "command" };
	struct store_employee e;
	uint64_t fingers = 0;
	enum verb_status status = answer_self(d, &e);
	enum att_err err;

	if (status == VERB_DONE)
		status = answer_purpose(d, call, &c.purpose);
	if (status == VERB_DONE)
		status = agreement_recipient(d, call, &c);
	if (status == VERB_DONE)
		status = change_begin(&change, d);
	if (status != VERB_DONE)
		return status;
	(void)snprintf(change.by.actor, sizeof(change.by.actor), "self");
	err = forget_count(d, &e, &fingers);
	if (err == ATT_OK)
		err = store_consent_record(
		    d->store, &change.by, e.id, d->locale, &c);
	if (err == ATT_EXISTS) {
		change_drop(&change);
		return answer_fail(d, VERB_CONFLICT, "%s",
		    _("There is no consent of yours to withdraw."));
	}
	status = change_end(&change, err, "withdrawing consent");
	if (status == VERB_DONE)
		dialogue_out(d, "%s\n",
		    _("Your consent is withdrawn, from now on. What was done "
		      "before stays lawful."));
	return status == VERB_DONE ? forget_end(d, &e, fingers) : status;
}
