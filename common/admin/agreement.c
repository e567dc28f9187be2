#include "admin/agreement.h"

#include "admin/change.h"
#include "admin/forget.h"
#include "admin/minor.h"
#include "base/owner.h"

#include <stdio.h>
#include <string.h>

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
fill_whom(struct dialogue *d, const char *option, const char *value, char *buf)
{
	struct att_slice s = att_slice_of(value);

	if (s.len > STORE_RECIPIENT_MAX)
		return answer_fail(d, VERB_USAGE,
		    _("--%s is too long, at most %d bytes"), option,
		    STORE_RECIPIENT_MAX);
	if (value[strspn(value, " ")] == '\0')
		return answer_fail(
		    d, VERB_USAGE, _("--%s cannot be empty"), option);
	memcpy(buf, value, s.len + 1);
	return VERB_DONE;
}

enum verb_status
agreement_recipient(
    struct dialogue *d, const struct verb_call *call, struct store_consent *c)
{
	const char *recipient = verb_option(call, "recipient");
	const char *aim = verb_option(call, "for");
	enum verb_status status;

	if (c->purpose != STORE_FOR_DISCLOSURE) {
		if (recipient == NULL && aim == NULL)
			return VERB_DONE;
		return answer_fail(d, VERB_USAGE,
		    _("--recipient and --for go with --purpose disclosure"));
	}
	if (recipient == NULL || aim == NULL)
		return answer_fail(d, VERB_USAGE,
		    _("a disclosure needs --recipient WHOM and --for AIM: "
		      "consent is to one recipient and one aim"));
	status = fill_whom(d, "recipient", recipient, c->recipient);
	return status == VERB_DONE ? fill_whom(d, "for", aim, c->aim) : status;
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
	uint64_t fingers = 0;
	int64_t held = 0;

	if (status != VERB_DONE)
		return status;
	err = forget_count(d, e, &fingers);
	if (err == ATT_OK)
		err =
		    store_consent_record(d->store, &change.by, e->id, lang, c);
	if (err == ATT_OK)
		err = minor_check(d, &change.by, e, &held);
	if (err == ATT_ABSENT || err == ATT_EXISTS) {
		change_drop(&change);
		return not_recorded(d, c, err);
	}
	status = change_end(&change, err, "recording consent");
	if (status == VERB_DONE)
		minor_tell(d, e, held);
	if (status == VERB_DONE)
		dialogue_out(d, "%s: %s%s for %s, notice %s\n", e->number,
		    c->by_guardian ? "guardian's consent " : "consent ",
		    store_consent_kind_id(c->kind),
		    store_purpose_id(c->purpose), c->notice);
	return status == VERB_DONE ? forget_end(d, e, fingers) : status;
}
