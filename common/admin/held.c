#include "admin/held.h"

#include "gate/gate.h"
#include "store/attempt.h"
#include "store/attendance.h"
#include "store/pin.h"

#include <string.h>

struct listing {
	struct report *r;
	struct table t;
	const struct store_employee *e;
	struct held_consents which;
};

const char *
held_state(const struct store_employee *e, struct att_date today)
{
	if (e->state == STORE_ERASED)
		return "erased";
	if (e->state == STORE_SUSPENDED)
		return "suspended";
	if (att_date_known(e->ended_on) && att_date_cmp(today, e->ended_on) > 0)
		return "ended";
	if (att_date_known(e->hired_on) && att_date_cmp(today, e->hired_on) < 0)
		return "not yet";
	return "active";
}

static enum att_err
report_pin(struct report *r, const struct store_employee *e)
{
	struct store_pin pin = { 0 };
	enum att_err err = store_pin_get(r->d->store, e->id, &pin);
	int64_t set_utc = pin.set_utc;
	bool must_change = pin.must_change;

	explicit_bzero(&pin, sizeof(pin));
	if (err != ATT_OK && err != ATT_ABSENT)
		return err;
	report_time(r, "pin_set", "PIN set", err == ATT_OK ? set_utc : 0);
	report_flag(r, "pin_must_change", "PIN must change",
	    err == ATT_OK && must_change);
	return ATT_OK;
}

static enum att_err
report_lock(struct report *r, const struct store_employee *e)
{
	struct store_attempt a = {
		.known = true, .factor = GATE_PIN, .service = "attendctl"
	};
	uint32_t failures = 0, seconds = 0;
	enum att_err err =
	    store_attempt_failures(r->d->store, e->id, &failures);

	memcpy(a.subject, e->id, sizeof(a.subject));
	if (err == ATT_OK)
		err = store_attempt_locked(r->d->store, &r->d->now, &a,
		    &r->d->config->limits, &seconds);
	if (err != ATT_OK)
		return err;
	report_number(r, "failed_attempts", "Failed attempts", failures);
	report_number(r, "locked_seconds", "Locked seconds", seconds);
	return ATT_OK;
}

enum att_err
held_report(struct report *r, const struct store_employee *e)
{
	struct att_date today = att_date_at(r->d->now.utc);
	enum att_err err;

	report_text(r, "number", "Number", e->number);
	report_text(r, "login", "Login", e->login);
	report_number(r, "uid", "Uid", e->uid);
	report_text(r, "state", "State", held_state(e, today));
	report_text(r, "name", "Name", e->name);
	report_date(r, "born", "Born", e->born_on);
	report_text(r, "department", "Department", e->department);
	report_text(r, "position", "Position", e->position);
	report_date(r, "hired", "Hired", e->hired_on);
	report_date(r, "ended", "Ended", e->ended_on);
	report_text(r, "email", "E-mail", e->email);
	report_text(r, "phone", "Phone", e->phone);
	report_time(r, "created", "Created", e->created_utc);
	err = report_pin(r, e);
	if (err == ATT_OK)
		err = report_lock(r, e);
	return err;
}

/* The last three are the guardian's and left out where only the person's own
 * events are listed. */
static const struct table_column consent_columns[] = {
	{ "at", "WHEN" },
	{ "purpose", "PURPOSE" },
	{ "event", "EVENT" },
	{ "by", "BY" },
	{ "notice", "NOTICE" },
	{ "how", "HOW" },
	{ "place", "PLACE" },
	{ "paper", "PAPER" },
	{ "genuine", "GENUINE" },
	{ "recipient", "RECIPIENT" },
	{ "for", "FOR" },
	{ "guardian", "GUARDIAN" },
	{ "relation", "RELATION" },
	{ "until", "UNTIL" },
};
#define CONSENT_COLUMNS	 (sizeof(consent_columns) / sizeof(consent_columns[0]))
#define GUARDIAN_COLUMNS 3

static bool
is_wanted(const struct held_consents *which, const struct store_consent *c)
{
	if (c->by_guardian ? !which->guardian : !which->own)
		return false;
	return which->purpose == NULL ||
	    strcmp(store_purpose_id(c->purpose), which->purpose) == 0;
}

static bool
list_consent(void *ctx, const struct store_consent *c)
{
	struct listing *l = ctx;
	struct table *t = &l->t;
	char paper[2 * VAULT_HASH_LEN + 1] = "";

	if (!is_wanted(&l->which, c))
		return true;
	if (c->has_paper)
		hex_format(c->paper_hash, sizeof(c->paper_hash), paper);
	if (t->j == NULL && c->has_paper)
		memcpy(paper + 12, "...", 4); /* whole in JSON */
	table_time(t, c->at_utc);
	table_text(t, store_purpose_id(c->purpose));
	table_text(t, store_consent_kind_id(c->kind));
	table_text(t, c->by_guardian ? "guardian" : "self");
	table_text(t, c->notice);
	table_text(t, c->how);
	table_text(t, c->place);
	table_text(t, paper);
	table_flag(t, store_consent_genuine(l->r->d->store, l->e->id, c));
	table_text(t, c->recipient);
	table_text(t, c->aim);
	if (!l->which.guardian)
		return true;
	table_text(t, c->guardian);
	table_text(t, c->relation);
	table_date(t, c->until);
	return true;
}

enum att_err
held_report_consents(struct report *r, const struct store_employee *e,
    struct held_consents which, const char *key)
{
	struct listing l = { .r = r, .e = e, .which = which };
	enum att_err err;

	report_list(r, &l.t, key, key != NULL ? "Consents" : NULL,
	    consent_columns,
	    which.guardian ? CONSENT_COLUMNS
			   : CONSENT_COLUMNS - GUARDIAN_COLUMNS);
	err = store_consent_list(r->d->store, e->id, list_consent, &l);
	report_list_end(r, &l.t);
	return err;
}

static const struct table_column attendance_columns[] = {
	{ "at", "WHEN" },
	{ "event", "EVENT" },
	{ "source", "SOURCE" },
	{ "service", "SERVICE" },
	{ "tty", "TTY" },
	{ "rhost", "FROM" },
};

static bool
list_attendance(void *ctx, const char *number, const struct store_attendance *e)
{
	struct listing *l = ctx;

	(void)number; /* all are this person's */
	table_time(&l->t, e->at_utc);
	table_text(&l->t, store_attendance_kind_id(e->kind));
	table_text(&l->t, e->source);
	table_text(&l->t, e->service);
	table_text(&l->t, e->tty);
	table_text(&l->t, e->rhost);
	return true;
}

enum att_err
held_report_attendance(struct report *r, const struct store_employee *e)
{
	struct listing l = { .r = r, .e = e };
	enum att_err err;

	report_list(r, &l.t, "attendance", "Attendance", attendance_columns,
	    sizeof(attendance_columns) / sizeof(attendance_columns[0]));
	err = store_attendance_list(
	    r->d->store, e->id, INT64_MIN, INT64_MAX, list_attendance, &l);
	report_list_end(r, &l.t);
	return err;
}

static const struct table_column audit_columns[] = {
	{ "at", "WHEN" },
	{ "event", "EVENT" },
	{ "actor", "BY" },
	{ "detail", "DETAIL" },
};

static bool
list_audit(void *ctx, const struct audit_record *a)
{
	struct listing *l = ctx;

	table_time(&l->t, a->time_utc);
	table_text(&l->t, a->event);
	table_text(&l->t, a->actor);
	table_text(&l->t, a->detail);
	return true;
}

enum att_err
held_report_audit(struct report *r, const struct store_employee *e)
{
	struct listing l = { .r = r, .e = e };
	enum att_err err;

	report_list(r, &l.t, "records", "Records", audit_columns,
	    sizeof(audit_columns) / sizeof(audit_columns[0]));
	err = store_audit_list(r->d->store, 1, e->id, list_audit, &l);
	report_list_end(r, &l.t);
	return err;
}
