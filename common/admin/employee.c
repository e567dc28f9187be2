#include "admin/answer.h"
#include "admin/change.h"
#include "admin/held.h"
#include "admin/minor.h"
#include "admin/nouns.h"
#include "admin/person_form.h"
#include "store/attempt.h"

#include <stdio.h>
#include <string.h>

/* What comes of comparing with what is held: told, it is a look at that. */
static enum verb_status
compared(struct dialogue *d, const struct store_employee *e,
    enum verb_status status, const char *what)
{
	enum verb_status looked = answer_looked(d, "employee-compare", e->id);

	if (looked != VERB_DONE)
		return looked;
	if (status != VERB_DONE)
		return answer_fail(d, status, "%s", what);
	dialogue_out(d, "%s %s\n", e->number, what);
	return status;
}

/* The fields that the options name, over *e. */
static enum verb_status
fill(struct dialogue *d, const struct verb_call *call, struct store_employee *e)
{
	char why[PERSON_FORM_WHY];
	enum verb_status status;

	for (size_t i = 0; i < PERSON_FORM_FIELDS; i++) {
		const char *text = verb_option(call, person_form_field(i));

		if (text == NULL)
			continue;
		status = person_form_set(d->config, i, e, text, why);
		if (status != VERB_DONE)
			return answer_fail(d, status, "--%s", why);
	}
	status = person_form_check(e, att_date_at(d->now.utc), why);
	if (status == VERB_DONE)
		return person_origin_check(d, call);
	return e->uid != 0 ? compared(d, e, status, why) /* not a new one */
			   : answer_fail(d, status, "%s", why);
}

static enum verb_status
check_login(struct dialogue *d, const struct store_employee *e)
{
	char why[PERSON_FORM_WHY];
	enum verb_status status = person_form_login(e, why);

	if (status == VERB_DONE)
		return VERB_DONE;
	return answer_fail(d, status, "%s; choose another with --login", why);
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

enum verb_status
employee_add(struct dialogue *d, const struct verb_call *call)
{
	struct change c ADMIN_AUTO_CHANGE = { 0 };
	struct store_employee e = { 0 };
	enum verb_status status;
	enum att_err err;
	int64_t held = 0;

	memcpy(e.number, call->positional[0], strlen(call->positional[0]) + 1);
	status = fill(d, call, &e);
	if (status == VERB_DONE)
		status = check_login(d, &e);
	if (status == VERB_DONE)
		status = change_begin(&c, d);
	if (status != VERB_DONE)
		return status;
	person_origin_set(&c.by, call);
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
	person_origin_set(&c.by, call);
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
	status = fill(d, call, &e);
	if (status == VERB_DONE && strcmp(before.login, e.login) != 0)
		status = check_login(d, &e);
	if (status != VERB_DONE)
		return status;
	if (memcmp(&before, &e, sizeof(e)) == 0)
		return compared(d, &e, VERB_DONE, "unchanged");
	return update(d, call, &e, "employee-set", "changed");
}

enum verb_status
employee_suspend(struct dialogue *d, const struct verb_call *call)
{
	struct store_employee e;
	enum verb_status status = answer_employee(d, call, &e);

	if (status != VERB_DONE)
		return status;
	if (e.state == STORE_SUSPENDED)
		return compared(d, &e, VERB_DONE, "was suspended already");
	e.state = STORE_SUSPENDED;
	return update(d, call, &e, "employee-suspend", "suspended");
}

enum verb_status
employee_resume(struct dialogue *d, const struct verb_call *call)
{
	char ended[160];
	struct store_employee e;
	enum verb_status status = answer_employee(d, call, &e);

	if (status != VERB_DONE)
		return status;
	(void)snprintf(ended, sizeof(ended),
	    "the employment of %s has ended; see attendctl employee set %s "
	    "--ended none",
	    e.number, e.number);
	if (strcmp(held_state(&e, att_date_at(d->now.utc)), "ended") == 0)
		return compared(d, &e, VERB_CONFLICT, ended);
	if (e.state != STORE_SUSPENDED)
		return compared(d, &e, VERB_DONE, "was not suspended");
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
		return compared(d, &e, VERB_USAGE,
		    "the last day of work lies before the first");
	if (att_date_cmp(on, e.ended_on) == 0)
		return compared(d, &e, VERB_DONE, "had this end already");
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
	if (err == ATT_OK)
		err = held_report_fingers(&r, &e, "fingers");
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
