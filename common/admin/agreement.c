#include "admin/agreement.h"

#include "admin/change.h"
#include "base/owner.h"

#include <stdio.h>

enum verb_status
agreement_paper(
    struct dialogue *d, const struct verb_call *call, struct store_consent *c)
{
	ATT_AUTO_FREE char *bytes = NULL;
	size_t len = 0;
	enum verb_status status;

	(void)snprintf(c->how, sizeof(c->how), "command");
	if (verb_option(call, "paper") == NULL)
		return VERB_DONE;
	status = answer_file(d, call, "paper", ANSWER_PAPER_MAX, &bytes, &len);
	if (status != VERB_DONE)
		return status;
	if (len == 0)
		return answer_fail(d, VERB_FAILED, "--paper is an empty file");
	vault_hash((struct att_slice){ (uint8_t *)bytes, len }, c->paper_hash);
	c->has_paper = true;
	(void)snprintf(c->how, sizeof(c->how), "paper");
	return VERB_DONE;
}

static enum verb_status
not_recorded(
    struct dialogue *d, const struct store_consent *c, enum att_err err)
{
	struct store_notice n;

	if (err == ATT_EXISTS)
		return answer_fail(d, VERB_CONFLICT,
		    "there is no consent for %s to withdraw; see attendctl %s "
		    "show",
		    store_purpose_id(c->purpose),
		    c->by_guardian ? "guardian" : "consent");
	if (err == ATT_ABSENT &&
	    store_notice_in_force(d->store, d->now.utc, "en", &n, NULL, NULL) ==
		ATT_ABSENT)
		return answer_fail(d, VERB_ABSENT,
		    "no notice is published that could be agreed to; see "
		    "attendctl notice publish --help");
	return answer_trouble(d, err, "recording consent");
}

enum verb_status
agreement_record(struct dialogue *d, const struct store_employee *e,
    const char *lang, struct store_consent *c)
{
	struct change change ADMIN_AUTO_CHANGE = { 0 };
	enum verb_status status = change_begin(&change, d);
	enum att_err err;

	if (status != VERB_DONE)
		return status;
	err = store_consent_record(d->store, &change.by, e->id, lang, c);
	if (err == ATT_ABSENT || err == ATT_EXISTS) {
		change_drop(&change);
		return not_recorded(d, c, err);
	}
	status = change_end(&change, err, "recording consent");
	if (status == VERB_DONE)
		dialogue_out(d, "%s: %s%s for %s, notice %s\n", e->number,
		    c->by_guardian ? "guardian's consent " : "consent ",
		    store_consent_kind_id(c->kind),
		    store_purpose_id(c->purpose), c->notice);
	return status;
}
