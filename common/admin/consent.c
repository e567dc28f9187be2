#include "admin/agreement.h"
#include "admin/held.h"
#include "admin/nouns.h"
#include "admin/receipts.h"

static enum verb_status
record(struct dialogue *d, const struct verb_call *call,
    enum store_consent_kind kind)
{
	struct store_consent c = { .kind = kind };
	struct store_employee e;
	enum verb_status status = answer_employee(d, call, &e);

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

enum verb_status
consent_record(struct dialogue *d, const struct verb_call *call)
{
	return record(d, call,
	    verb_option(call, "refused") != NULL ? STORE_CONSENT_REFUSED
						 : STORE_CONSENT_GIVEN);
}

enum verb_status
consent_withdraw(struct dialogue *d, const struct verb_call *call)
{
	return record(d, call, STORE_CONSENT_WITHDRAWN);
}

enum verb_status
consent_show(struct dialogue *d, const struct verb_call *call)
{
	struct held_consents own = { .own = true,
		.purpose = verb_option(call, "purpose") };
	enum store_purpose purpose;
	struct store_employee e;
	struct report r;
	enum verb_status status = answer_employee(d, call, &e);
	enum att_err err;

	if (status == VERB_DONE)
		status = answer_purpose(d, call, &purpose);
	if (status == VERB_DONE)
		status = answer_looked(d, "consent-show", e.id);
	if (status != VERB_DONE)
		return status;
	if (verb_option(call, "receipt") != NULL)
		return receipts_print(d, call, &e, own);
	report_open(&r, d, call);
	err = held_report_consents(&r, &e, own, NULL);
	if (err != ATT_OK)
		return answer_trouble(d, err, "reading consents");
	return report_close(&r);
}
