#include "admin/request_form.h"

#include "admin/person_form.h"
#include "attendd/log.h"
#include "store/field.h"
#include "store/history.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static enum verb_status
fill_text(struct dialogue *d, const char *option, const char *value,
    struct store_request *r)
{
	size_t len = strlen(value);

	if (len > STORE_REQUEST_TEXT)
		return answer_fail(d, VERB_USAGE,
		    _("--%s is too long, at most %d bytes"), option,
		    STORE_REQUEST_TEXT);
	memcpy(r->content, value, len + 1);
	return VERB_DONE;
}

enum verb_status
request_correct(
    struct dialogue *d, const struct store_request *r, struct store_employee *e)
{
	enum att_err err = history_set(history_find(r->field), e, r->content);
	const char *wrong = err == ATT_OK ? field_wrong(e) : NULL;
	char why[PERSON_FORM_WHY];

	if (r->content[0] != '\0' && !config_collects(d->config, r->field))
		return answer_fail(d, VERB_REFUSED,
		    _("%s is not collected here: collect-fields in %s does not "
		      "name it"),
		    r->field, CONFIG_PATH);
	if (err == ATT_OK && wrong == NULL &&
	    person_form_check(e, att_date_at(d->now.utc), why) != VERB_DONE)
		wrong = why;
	if (err == ATT_OK && wrong == NULL)
		return VERB_DONE;
	/* what goes with what is held tells the office what is held */
	if (wrong != NULL && d->peer.uid == 0) {
		enum verb_status status =
		    answer_looked(d, "employee-compare", e->id);

		if (status != VERB_DONE)
			return status;
	}
	return answer_fail(d, VERB_USAGE, _("--value: %s"),
	    wrong != NULL	   ? wrong
		: err == ATT_LIMIT ? _("too long")
				   : _("not a date (YYYY-MM-DD)"));
}

static enum verb_status
fill_correction(struct dialogue *d, const struct verb_call *call,
    const struct store_employee *e, struct store_request *r)
{
	static const char *const correctable[] = { "name", "born", "email",
		"phone", "department", "position", "hired", "ended" };
	const char *field = verb_option(call, "field");
	const char *value = verb_option(call, "value");
	struct store_employee copy = *e;
	enum verb_status status;

	if (field == NULL || value == NULL)
		return answer_fail(d, VERB_USAGE,
		    _("a correction needs --field F and --value V; an empty "
		      "value clears the field"));
	for (size_t i = 0; i < sizeof(correctable) / sizeof(correctable[0]);
	     i++)
		if (strcmp(field, correctable[i]) == 0)
			(void)snprintf(r->field, sizeof(r->field), "%s", field);
	if (r->field[0] == '\0')
		return answer_fail(d, VERB_USAGE,
		    _("--field is name, born, email, phone, department, "
		      "position, hired or ended"));
	status = fill_text(d, "value", value, r);
	return status == VERB_DONE ? request_correct(d, r, &copy) : status;
}

/* Options that say nothing to this kind are a misunderstanding. */
static enum verb_status
check_options(
    struct dialogue *d, const struct verb_call *call, const char *kind)
{
	static const struct {
		const char *option, *kind;
	} rows[] = {
		{ "field", "correct" },
		{ "value", "correct" },
		{ "purpose", "withdraw" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (verb_option(call, rows[i].option) != NULL &&
		    strcmp(rows[i].kind, kind) != 0)
			return answer_fail(d, VERB_USAGE,
			    _("--%s goes with a request of kind %s"),
			    rows[i].option, rows[i].kind);
	return VERB_DONE;
}

enum verb_status
request_form(struct dialogue *d, const struct verb_call *call,
    const struct store_employee *e, struct store_request *r)
{
	const char *kind = verb_positional(call, "KIND");
	const char *text = verb_option(call, "text");
	enum verb_status status;

	if (store_request_kind_find(kind, &r->kind) != ATT_OK)
		return answer_fail(d, VERB_USAGE,
		    _("no request of kind \"%s\"; there are access, correct, "
		      "delete, withdraw and feedback"),
		    kind);
	memcpy(r->person, e->id, sizeof(r->person));
	status = check_options(d, call, kind);
	if (status == VERB_DONE && r->kind == STORE_REQUEST_CORRECT)
		return fill_correction(d, call, e, r);
	if (status == VERB_DONE && r->kind == STORE_REQUEST_WITHDRAW)
		status = answer_purpose(d, call, &r->purpose);
	if (status == VERB_DONE && r->purpose == STORE_FOR_DISCLOSURE)
		return answer_fail(d, VERB_USAGE,
		    _("of a disclosure, name the recipient: see attendctl "
		      "consent withdraw --help"));
	if (status == VERB_DONE && text != NULL)
		status = fill_text(d, "text", text, r);
	if (status == VERB_DONE && r->kind == STORE_REQUEST_FEEDBACK &&
	    r->content[0] == '\0')
		return answer_fail(d, VERB_USAGE,
		    _("feedback needs --text \"...\", what you want to say"));
	return status;
}

void
request_tell_late(struct dialogue *d)
{
	uint64_t n = 0;

	if (store_request_late(d->store, d->now.utc, &n) == ATT_OK && n > 0)
		log_line(LOG_ERR,
		    "requests late=%" PRIu64 ": see attendctl request list", n);
}
