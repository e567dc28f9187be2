#include "admin/answer.h"
#include "admin/change.h"
#include "admin/held.h"
#include "admin/minor.h"
#include "admin/nouns.h"
#include "base/localdb.h"
#include "store/attempt.h"

#include <stdio.h>
#include <string.h>

#define E struct store_employee
static const struct text_field {
	const char *option;
	size_t offset, cap;
	bool needed; /* may be changed, not cleared */
} text_fields[] = {
	{ "name", offsetof(E, name), sizeof(((E *)0)->name), true },
	{ "login", offsetof(E, login), sizeof(((E *)0)->login), true },
	{ "department", offsetof(E, department), sizeof(((E *)0)->department),
	    false },
	{ "position", offsetof(E, position), sizeof(((E *)0)->position),
	    false },
	{ "email", offsetof(E, email), sizeof(((E *)0)->email), false },
	{ "phone", offsetof(E, phone), sizeof(((E *)0)->phone), false },
};

static const struct date_field {
	const char *option;
	size_t offset;
} date_fields[] = {
	{ "birth", offsetof(E, born_on) },
	{ "hired", offsetof(E, hired_on) },
	{ "ended", offsetof(E, ended_on) },
};
#undef E

static enum verb_status
fill_texts(
    struct dialogue *d, const struct verb_call *call, struct store_employee *e)
{
	for (size_t i = 0; i < sizeof(text_fields) / sizeof(text_fields[0]);
	     i++) {
		const struct text_field *f = &text_fields[i];
		const char *value = verb_option(call, f->option);
		size_t len = value != NULL ? strlen(value) : 0;

		if (value == NULL)
			continue;
		if (len == 0 && f->needed)
			return answer_fail(
			    d, VERB_USAGE, "--%s cannot be empty", f->option);
		if (len >= f->cap)
			return answer_fail(d, VERB_USAGE,
			    "--%s is too long, at most %zu bytes", f->option,
			    f->cap - 1);
		memcpy((char *)e + f->offset, value, len + 1);
	}
	return VERB_DONE;
}

static enum verb_status
fill_dates(
    struct dialogue *d, const struct verb_call *call, struct store_employee *e)
{
	struct att_date today = att_date_at(d->now.utc);

	for (size_t i = 0; i < sizeof(date_fields) / sizeof(date_fields[0]);
	     i++) {
		struct att_date date;

		if (verb_date(call, date_fields[i].option, &date) == ATT_OK)
			memcpy((char *)e + date_fields[i].offset, &date,
			    sizeof(date));
	}
	if (att_date_known(e->born_on) && att_date_cmp(e->born_on, today) > 0)
		return answer_fail(d, VERB_USAGE, "--birth lies in the future");
	if (att_date_known(e->hired_on) && att_date_known(e->ended_on) &&
	    att_date_cmp(e->ended_on, e->hired_on) < 0)
		return answer_fail(d, VERB_USAGE,
		    "the last day of work lies before the first");
	return VERB_DONE;
}

/* A login that a local account has would never be published. */
static enum verb_status
check_login(struct dialogue *d, const char *login)
{
	struct att_local_user user;
	enum att_err e;

	if (!att_login_ok(login, strlen(login)))
		return answer_fail(d, VERB_USAGE,
		    "\"%s\" is not a login name: [a-z_][a-z0-9_-]*, at most %d "
		    "bytes; choose one with --login",
		    login, ATT_LOGIN_MAX);
	e = att_local_user_find(login, &user);
	if (e == ATT_ABSENT)
		return VERB_DONE;
	if (e == ATT_OK)
		return answer_fail(d, VERB_CONFLICT,
		    "%s is a local account; choose another with --login",
		    login);
	return answer_trouble(d, e, "reading " ATT_PASSWD_FILE);
}

/* The same default as the store's, so that it can be checked beforehand. */
static enum verb_status
default_login(struct dialogue *d, struct store_employee *e)
{
	char login[ATT_NUMBER_MAX + 2] = "e";

	if (e->login[0] == '\0') {
		for (size_t i = 0; e->number[i] != '\0'; i++) {
			char c = e->number[i];

			login[i + 1] =
			    c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
			login[i + 2] = '\0';
		}
		return check_login(d, login);
	}
	return check_login(d, e->login);
}

/* Say what a login still lacks. */
static void
tell_next(struct dialogue *d, const struct store_employee *e)
{
	struct att_date today = att_date_at(d->now.utc);

	if (!att_date_known(e->born_on) && !d->config->allow_unknown_birth)
		dialogue_out(d,
		    "date of birth unknown, no login until then: attendctl "
		    "employee set %s --birth YYYY-MM-DD\n",
		    e->number);
	else if (att_date_known(e->born_on) &&
	    att_age_on(e->born_on, today) < (int)d->config->majority)
		return; /* minor_tell has said it */
	else
		dialogue_out(d, "next: attendctl pin set %s\n", e->number);
}

/* Where the values come from, for the history of each. */
static enum verb_status
check_source(struct dialogue *d, const struct verb_call *call)
{
	const char *source = verb_option(call, "source");
	size_t most = sizeof(((struct store_by *)0)->source) - 1;

	if (source == NULL || (source[0] != '\0' && strlen(source) <= most))
		return VERB_DONE;
	return answer_fail(
	    d, VERB_USAGE, "--source is a few words, at most %zu bytes", most);
}

static void
set_source(struct change *c, const struct verb_call *call)
{
	const char *source = verb_option(call, "source");

	if (source != NULL)
		memcpy(c->by.source, source, strlen(source) + 1);
}

enum verb_status
employee_add(struct dialogue *d, const struct verb_call *call)
{
	struct change c ADMIN_AUTO_CHANGE = { 0 };
	struct store_employee e = { 0 };
	enum verb_status status;
	enum att_err err;
	int64_t held = 0;

	memcpy(e.number, call->positional[0], strlen(call->positional[0]) + 1);
	status = fill_texts(d, call, &e);
	if (status == VERB_DONE)
		status = fill_dates(d, call, &e);
	if (status == VERB_DONE)
		status = default_login(d, &e);
	if (status == VERB_DONE)
		status = check_source(d, call);
	if (status == VERB_DONE)
		status = change_begin(&c, d);
	if (status != VERB_DONE)
		return status;
	set_source(&c, call);
	err = store_employee_add(d->store, &c.by, d->config->ids, &e);
	if (err == ATT_OK)
		err = minor_check(d, &c.by, &e, &held);
	status = change_end(&c, err, "adding the employee");
	if (!c.stored)
		return status;
	dialogue_out(d, "added %s: login %s, uid %u\n", e.number, e.login,
	    (unsigned)e.uid);
	minor_tell(d, &e, held);
	tell_next(d, &e);
	return status;
}

static enum verb_status
update(struct dialogue *d, const struct verb_call *call,
    struct store_employee *e, const char *event, const char *done)
{
	struct change c ADMIN_AUTO_CHANGE = { 0 };
	enum verb_status status = change_begin(&c, d);
	enum att_err err;
	int64_t held = 0;

	if (status != VERB_DONE)
		return status;
	set_source(&c, call);
	err = store_employee_update(d->store, &c.by, event, e);
	if (err == ATT_OK)
		err = minor_check(d, &c.by, e, &held);
	status = change_end(&c, err, "changing the employee");
	if (status != VERB_DONE)
		return status;
	dialogue_out(d, "%s %s\n", e->number, done);
	minor_tell(d, e, held);
	return VERB_DONE;
}

static bool
anything_given(const struct verb_call *call)
{
	for (size_t i = 0; i < VERB_OPTIONS_MAX; i++)
		if (call->option[i] != NULL)
			return true;
	return false;
}

enum verb_status
employee_set(struct dialogue *d, const struct verb_call *call)
{
	struct store_employee e, before;
	enum verb_status status;

	if (!anything_given(call))
		return answer_fail(d, VERB_USAGE,
		    "nothing to set; see attendctl employee set --help");
	status = answer_employee(d, call, &e);
	if (status != VERB_DONE)
		return status;
	memcpy(&before, &e, sizeof(before)); /* padding too: compared below */
	status = fill_texts(d, call, &e);
	if (status == VERB_DONE)
		status = fill_dates(d, call, &e);
	if (status == VERB_DONE)
		status = check_source(d, call);
	if (status == VERB_DONE && strcmp(before.login, e.login) != 0)
		status = check_login(d, e.login);
	if (status != VERB_DONE)
		return status;
	if (memcmp(&before, &e, sizeof(e)) == 0) {
		dialogue_out(d, "%s unchanged\n", e.number);
		return VERB_DONE;
	}
	return update(d, call, &e, "employee-set", "changed");
}

enum verb_status
employee_suspend(struct dialogue *d, const struct verb_call *call)
{
	struct store_employee e;
	enum verb_status status = answer_employee(d, call, &e);

	if (status != VERB_DONE)
		return status;
	if (e.state == STORE_SUSPENDED) {
		dialogue_out(d, "%s was suspended already\n", e.number);
		return VERB_DONE;
	}
	e.state = STORE_SUSPENDED;
	return update(d, call, &e, "employee-suspend", "suspended");
}

enum verb_status
employee_resume(struct dialogue *d, const struct verb_call *call)
{
	struct store_employee e;
	enum verb_status status = answer_employee(d, call, &e);

	if (status != VERB_DONE)
		return status;
	if (strcmp(held_state(&e, att_date_at(d->now.utc)), "ended") == 0)
		return answer_fail(d, VERB_CONFLICT,
		    "the employment of %s has ended; see attendctl employee "
		    "set %s --ended none",
		    e.number, e.number);
	if (e.state != STORE_SUSPENDED) {
		dialogue_out(d, "%s was not suspended\n", e.number);
		return VERB_DONE;
	}
	e.state = STORE_ACTIVE;
	return update(d, call, &e, "employee-resume", "resumed");
}

enum verb_status
employee_end(struct dialogue *d, const struct verb_call *call)
{
	struct att_date on = att_date_at(d->now.utc);
	char day[ATT_DATE_TEXT], done[64];
	struct store_employee e;
	enum verb_status status = answer_employee(d, call, &e);
	enum att_err err = verb_date(call, "on", &on);

	if (status != VERB_DONE)
		return status;
	if ((err != ATT_OK && err != ATT_ABSENT) || !att_date_known(on))
		return answer_fail(d, VERB_USAGE,
		    "--on needs a date; to take an end back see attendctl "
		    "employee set %s --ended none",
		    e.number);
	if (att_date_known(e.hired_on) && att_date_cmp(on, e.hired_on) < 0)
		return answer_fail(d, VERB_USAGE,
		    "the last day of work lies before the first");
	if (att_date_cmp(on, e.ended_on) == 0) {
		dialogue_out(d, "%s had this end already\n", e.number);
		return VERB_DONE;
	}
	e.ended_on = on;
	att_date_format(on, day);
	(void)snprintf(done, sizeof(done), "ends; the last day is %s", day);
	return update(d, call, &e, "employee-end", done);
}

enum verb_status
employee_unlock(struct dialogue *d, const struct verb_call *call)
{
	struct change c ADMIN_AUTO_CHANGE = { 0 };
	struct store_employee e;
	enum verb_status status = answer_employee(d, call, &e);

	if (status == VERB_DONE)
		status = change_begin(&c, d);
	if (status != VERB_DONE)
		return status;
	status = change_end(
	    &c, store_attempt_clear(d->store, &c.by, e.id), "lifting the lock");
	if (status == VERB_DONE)
		dialogue_out(d, "%s unlocked\n", e.number);
	return status;
}

enum verb_status
employee_show(struct dialogue *d, const struct verb_call *call)
{
	struct held_consents all = { true, true, NULL };
	struct store_employee e;
	struct report r;
	enum verb_status status = answer_employee(d, call, &e);
	enum att_err err;

	if (status == VERB_DONE)
		status = answer_looked(d, "employee-show", e.id);
	if (status != VERB_DONE)
		return status;
	report_open(&r, d, call);
	report_record(&r);
	err = held_report(&r, &e);
	if (err == ATT_OK)
		err = held_report_consents(&r, &e, all, "consents");
	if (err != ATT_OK)
		return answer_trouble(d, err, "reading the record");
	report_record_end(&r);
	return report_close(&r);
}

struct listing {
	struct table t;
	struct att_date today;
};

static bool
list_one(void *ctx, const struct store_employee *e)
{
	struct listing *l = ctx;

	table_text(&l->t, e->number);
	table_text(&l->t, e->login);
	table_text(&l->t, e->name);
	table_text(&l->t, e->department);
	table_text(&l->t, held_state(e, l->today));
	return true;
}

enum verb_status
employee_list(struct dialogue *d, const struct verb_call *call)
{
	static const struct table_column columns[] = { { "number", "NUMBER" },
		{ "login", "LOGIN" }, { "name", "NAME" },
		{ "department", "DEPARTMENT" }, { "state", "STATE" } };
	struct listing l = { .today = att_date_at(d->now.utc) };
	struct report r;
	enum verb_status status = answer_looked(d, "employee-list", NULL);
	enum att_err err;

	if (status != VERB_DONE)
		return status;
	report_open(&r, d, call);
	report_list(&r, &l.t, NULL, NULL, columns, 5);
	err = store_employee_list(
	    d->store, verb_option(call, "department"), list_one, &l);
	report_list_end(&r, &l.t);
	if (err != ATT_OK)
		return answer_trouble(d, err, "listing employees");
	return report_close(&r);
}
