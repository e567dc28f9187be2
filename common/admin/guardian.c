#include "admin/agreement.h"
#include "admin/held.h"
#include "admin/nouns.h"
#include "admin/receipts.h"

#include <stdio.h>
#include <string.h>

/* A guardian answers for a minor only. */
static enum verb_status
check_minor(struct dialogue *d, const struct store_employee *e)
{
	struct att_date today = att_date_at(d->now.utc);

	if (!att_date_known(e->born_on))
		return answer_fail(d, VERB_REFUSED,
		    "the date of birth of %s is not on record; see attendctl "
		    "employee set %s --birth YYYY-MM-DD",
		    e->number, e->number);
	if (att_age_on(e->born_on, today) < (int)d->config->majority)
		return VERB_DONE;
	return answer_fail(d, VERB_REFUSED,
	    "%s is of age and answers alone; see attendctl consent record %s",
	    e->number, e->number);
}

static enum verb_status
fill_text(struct dialogue *d, const struct verb_call *call, const char *option,
    char *buf, size_t cap)
{
	const char *value = verb_option(call, option);

	if (value[0] == '\0')
		return answer_fail(
		    d, VERB_USAGE, "--%s cannot be empty", option);
	if (strlen(value) >= cap)
		return answer_fail(d, VERB_USAGE,
		    "--%s is too long, at most %zu bytes", option, cap - 1);
	(void)snprintf(buf, cap, "%s", value);
	return VERB_DONE;
}

static enum verb_status
fill_until(
    struct dialogue *d, const struct verb_call *call, struct store_consent *c)
{
	enum att_err e = verb_date(call, "until", &c->until);

	if (e == ATT_OK && att_date_known(c->until) &&
	    att_date_cmp(c->until, att_date_at(d->now.utc)) < 0)
		return answer_fail(d, VERB_USAGE,
		    "--until lies in the past; see attendctl guardian "
		    "withdraw");
	return VERB_DONE;
}

enum verb_status
guardian_record(struct dialogue *d, const struct verb_call *call)
{
	struct store_consent c = { .kind = STORE_CONSENT_GIVEN,
		.by_guardian = true };
	struct store_employee e;
	enum verb_status status = answer_employee(d, call, &e);

	if (status == VERB_DONE)
		status = check_minor(d, &e);
	if (status == VERB_DONE)
		status =
		    fill_text(d, call, "name", c.guardian, sizeof(c.guardian));
	if (status == VERB_DONE)
		status = fill_text(
		    d, call, "relation", c.relation, sizeof(c.relation));
	if (status == VERB_DONE)
		status = fill_until(d, call, &c);
	if (status == VERB_DONE)
		status = answer_purpose(d, call, &c.purpose);
	if (status == VERB_DONE)
		status = agreement_recipient(d, call, &c);
	if (status == VERB_DONE)
		status = agreement_paper(d, call, &c);
	if (status != VERB_DONE)
		return status;
	return agreement_record(d, &e, answer_lang(d, call), &c);
}

/* A withdrawal names the guardian who gave what it ends. */
static enum verb_status
same_guardian(
    struct dialogue *d, const struct store_employee *e, struct store_consent *c)
{
	struct store_consent given;
	enum att_err err = store_consent_last(d->store, e->id, c, &given);

	if (err == ATT_ABSENT)
		return answer_fail(d, VERB_ABSENT,
		    "no guardian has answered for %s; see attendctl guardian "
		    "show %s",
		    e->number, e->number);
	if (err != ATT_OK)
		return answer_trouble(d, err, "reading the guardian's consent");
	memcpy(c->guardian, given.guardian, sizeof(c->guardian));
	memcpy(c->relation, given.relation, sizeof(c->relation));
	return VERB_DONE;
}

enum verb_status
guardian_withdraw(struct dialogue *d, const struct verb_call *call)
{
	struct store_consent c = { .kind = STORE_CONSENT_WITHDRAWN,
		.by_guardian = true };
	struct store_employee e;
	enum verb_status status = answer_employee(d, call, &e);

	if (status == VERB_DONE)
		status = answer_purpose(d, call, &c.purpose);
	if (status == VERB_DONE)
		status = agreement_recipient(d, call, &c);
	if (status == VERB_DONE)
		status = same_guardian(d, &e, &c);
	if (status == VERB_DONE)
		status = agreement_paper(d, call, &c);
	if (status != VERB_DONE)
		return status;
	return agreement_record(d, &e, answer_lang(d, call), &c);
}

enum verb_status
guardian_show(struct dialogue *d, const struct verb_call *call)
{
	struct held_consents which = { .guardian = true,
		.purpose = verb_option(call, "purpose") };
	enum store_purpose purpose;
	struct store_employee e;
	struct report r;
	enum verb_status status = answer_employee(d, call, &e);
	enum att_err err;

	if (status == VERB_DONE)
		status = answer_purpose(d, call, &purpose);
	if (status == VERB_DONE)
		status = answer_looked(d, "guardian-show", e.id);
	if (status != VERB_DONE)
		return status;
	if (verb_option(call, "receipt") != NULL)
		return receipts_print(d, call, &e, which);
	report_open(&r, d, call);
	err = held_report_consents(&r, &e, which, NULL);
	if (err != ATT_OK)
		return answer_trouble(
		    d, err, "reading the guardian's consents");
	return report_close(&r);
}
