#include "admin/person_form.h"

#include "admin/answer.h"
#include "base/localdb.h"
#include "store/field.h"
#include "store/history.h"

#include <stdio.h>
#include <string.h>

#define E    struct store_employee
#define F(f) offsetof(E, f), sizeof(((E *)0)->f)
static const struct form_field {
	const char *name;
	size_t offset, size;
	bool date;
	bool needed; /* may be changed, not cleared */
} fields[PERSON_FORM_FIELDS] = {
	{ "name", F(name), false, true },
	{ "login", F(login), false, true },
	{ "birth", F(born_on), true, false },
	{ "department", F(department), false, false },
	{ "position", F(position), false, false },
	{ "hired", F(hired_on), true, false },
	{ "ended", F(ended_on), true, false },
	{ "email", F(email), false, false },
	{ "phone", F(phone), false, false },
};
#undef F
#undef E

const char *
person_form_field(size_t field)
{
	return fields[field].name;
}

size_t
person_form_find(const char *name)
{
	size_t i = 0;

	while (i < PERSON_FORM_FIELDS && strcmp(fields[i].name, name) != 0)
		i++;
	return i;
}

static enum verb_status say(char *why, enum verb_status status, const char *fmt,
    ...) __attribute__((format(printf, 3, 4)));

static enum verb_status
say(char *why, enum verb_status status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(why, PERSON_FORM_WHY, fmt, ap);
	va_end(ap);
	return status;
}

static enum verb_status
set_text(const struct form_field *f, char *at, const char *text, char *why)
{
	size_t len = strlen(text);

	if (len == 0 && f->needed)
		return say(why, VERB_USAGE, "%s cannot be empty", f->name);
	if (len >= f->size)
		return say(why, VERB_USAGE, "%s is too long, at most %zu bytes",
		    f->name, f->size - 1);
	memcpy(at, text, len + 1);
	return VERB_DONE;
}

static enum verb_status
set_date(const struct form_field *f, char *at, const char *text, char *why)
{
	struct att_date date = { 0 };

	if (text[0] != '\0' && strcmp(text, "none") != 0 &&
	    att_date_parse(text, &date) != ATT_OK)
		return say(
		    why, VERB_USAGE, "%s is not a date (YYYY-MM-DD)", f->name);
	memcpy(at, &date, sizeof(date));
	return VERB_DONE;
}

enum verb_status
person_form_set(const struct config *config, size_t field,
    struct store_employee *e, const char *text, char why[PERSON_FORM_WHY])
{
	const struct form_field *f = &fields[field];
	char *at = (char *)e + f->offset;

	if (text[0] != '\0' && !config_collects(config, f->name))
		return say(why, VERB_REFUSED,
		    "%s is not collected here: collect-fields in " CONFIG_PATH
		    " does not name it",
		    f->name);
	return f->date ? set_date(f, at, text, why)
		       : set_text(f, at, text, why);
}

enum verb_status
person_form_check(const struct store_employee *e, struct att_date today,
    char why[PERSON_FORM_WHY])
{
	if (att_date_known(e->born_on) && att_date_cmp(e->born_on, today) > 0)
		return say(why, VERB_USAGE, "birth lies in the future");
	if (att_date_known(e->hired_on) && att_date_known(e->ended_on) &&
	    att_date_cmp(e->ended_on, e->hired_on) < 0)
		return say(why, VERB_USAGE,
		    "the last day of work lies before the first");
	return VERB_DONE;
}

/* A login that a local account has would never be published. */
enum verb_status
person_form_login(const struct store_employee *e, char why[PERSON_FORM_WHY])
{
	char usual[ATT_LOGIN_MAX + 1];
	const char *login = e->login;
	struct att_local_user user;
	enum att_err err;

	if (login[0] == '\0') {
		field_default_login(e->number, usual);
		login = usual;
	}
	if (!att_login_ok(login, strlen(login)))
		return say(why, VERB_USAGE,
		    "\"%s\" is not a login name: [a-z_][a-z0-9_-]*, at most %d "
		    "bytes",
		    login[0] != '\0' ? login : e->number, ATT_LOGIN_MAX);
	err = att_local_user_find(login, &user);
	if (err == ATT_ABSENT)
		return VERB_DONE;
	if (err == ATT_OK)
		return say(why, VERB_CONFLICT, "%s is a local account", login);
	return say(why, VERB_FAILED, "reading " ATT_PASSWD_FILE ": %s",
	    att_err_text(err));
}

enum verb_status
person_origin_check(struct dialogue *d, const struct verb_call *call)
{
	const char *source = verb_option(call, "source");
	const char *basis = verb_option(call, "basis");
	size_t most = sizeof(((struct store_by *)0)->source) - 1;

	if (source != NULL && (source[0] == '\0' || strlen(source) > most))
		return answer_fail(d, VERB_USAGE,
		    "--source is a few words, at most %zu bytes", most);
	if (basis != NULL && !history_basis_ok(basis))
		return answer_fail(
		    d, VERB_USAGE, "--basis is %s", HISTORY_BASES);
	return VERB_DONE;
}

void
person_origin_set(struct store_by *by, const struct verb_call *call)
{
	const char *source = verb_option(call, "source");
	const char *basis = verb_option(call, "basis");

	if (source != NULL)
		(void)snprintf(by->source, sizeof(by->source), "%s", source);
	if (basis != NULL)
		(void)snprintf(by->basis, sizeof(by->basis), "%s", basis);
}
