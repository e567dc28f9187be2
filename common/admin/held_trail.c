/* What happened: logins, notices, and who looked at what. */
#include "admin/held.h"

#include "gate/factors.h"
#include "store/attempt.h"
#include "store/attendance.h"

#include <string.h>

struct listing {
	struct table t;
	int64_t since_utc; /* of looks at everybody: when the person came */
};

static const struct table_column attendance_columns[] = {
	{ "at", N_("WHEN") },
	{ "event", N_("EVENT") },
	{ "source", N_("SOURCE") },
	{ "service", N_("SERVICE") },
	{ "factor", N_("FACTOR") },
	{ "tty", N_("TTY") },
	{ "rhost", N_("FROM") },
	{ "kiosk", N_("KIOSK") },
	{ "os", N_("OS") },
	{ "machine", N_("MACHINE") },
	{ "place", N_("PLACE") },
};

void
held_factor(struct table *t, uint32_t factor)
{
	char text[GATE_FACTORS_TEXT] = "";

	if (factor != 0)
		gate_factor_set_format((uint8_t)factor, text, sizeof(text));
	table_text(t, text);
}

static bool
list_attendance(void *ctx, const char *number, const struct store_attendance *e)
{
	struct listing *l = ctx;

	(void)number; /* all are this person's */
	table_time(&l->t, e->at_utc);
	table_word(&l->t, store_attendance_kind_id(e->kind));
	table_word(&l->t, e->source);
	table_text(&l->t, e->service);
	held_factor(&l->t, e->factor);
	table_text(&l->t, e->tty);
	table_text(&l->t, e->rhost);
	table_text(&l->t, e->kiosk);
	table_text(&l->t, e->os);
	table_text(&l->t, e->machine);
	table_text(&l->t, e->place);
	return true;
}

enum att_err
held_report_attendance(struct report *r, const struct store_employee *e)
{
	struct listing l = { 0 };
	enum att_err err;

	report_list(r, &l.t, "attendance", N_("Attendance"), attendance_columns,
	    sizeof(attendance_columns) / sizeof(attendance_columns[0]));
	err = store_attendance_list(
	    r->d->store, e->id, INT64_MIN, INT64_MAX, list_attendance, &l);
	report_list_end(r, &l.t);
	return err;
}

static const struct table_column attempt_columns[] = {
	{ "at", N_("WHEN") },
	{ "factor", N_("FACTOR") },
	{ "service", N_("SERVICE") },
	{ "outcome", N_("OUTCOME") },
};

static bool
list_attempt(void *ctx, const struct store_attempt_row *a)
{
	struct listing *l = ctx;

	table_time(&l->t, a->at_utc);
	held_factor(&l->t, a->factor);
	table_text(&l->t, a->service);
	table_word(&l->t, a->outcome);
	return true;
}

enum att_err
held_report_attempts(struct report *r, const struct store_employee *e)
{
	struct listing l = { 0 };
	enum att_err err;

	report_list(r, &l.t, "attempts", N_("Login attempts"), attempt_columns,
	    sizeof(attempt_columns) / sizeof(attempt_columns[0]));
	err = store_attempt_list(r->d->store, e->id, list_attempt, &l);
	report_list_end(r, &l.t);
	return err;
}

static bool
list_shown(void *ctx, const char *version, int64_t at_utc)
{
	struct listing *l = ctx;

	table_time(&l->t, at_utc);
	table_text(&l->t, version);
	return true;
}

enum att_err
held_report_notices(struct report *r, const struct store_employee *e)
{
	static const struct table_column columns[] = { { "at", N_("WHEN") },
		{ "notice", N_("NOTICE") } };
	struct listing l = { 0 };
	enum att_err err;

	report_list(
	    r, &l.t, "notices", N_("Privacy notices shown"), columns, 2);
	err = store_notice_shown_list(r->d->store, e->id, list_shown, &l);
	report_list_end(r, &l.t);
	return err;
}

static const struct table_column audit_columns[] = {
	{ "at", N_("WHEN") },
	{ "event", N_("EVENT") },
	{ "actor", N_("BY") },
	{ "detail", N_("DETAIL") },
};

static const struct table_column look_columns[] = {
	{ "at", N_("WHEN") },
	{ "event", N_("EVENT") },
	{ "about", N_("ABOUT") },
	{ "actor", N_("BY") },
	{ "detail", N_("DETAIL") },
};

/* Events that say that somebody looked, at the person or at everybody. */
static bool
is_look(const char *event)
{
	static const char *const looks[] = { "employee-show", "consent-show",
		"guardian-show", "audit-list", "attendance-list", "explain",
		"request-show", "access-report", "import-preview",
		"finger-list", "finger-test", "finger-export", "disclose",
		"employee-list", "employee-compare", "request-list",
		"audit-export", "export-deidentified", "import-csv",
		"finger-quality" };

	for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]); i++)
		if (strcmp(event, looks[i]) == 0)
			return true;
	return false;
}

static bool
list_audit(void *ctx, const struct audit_record *a)
{
	struct listing *l = ctx;

	table_time(&l->t, a->time_utc);
	table_text(&l->t, a->event);
	table_word(&l->t, a->actor);
	table_text(&l->t, a->detail);
	return true;
}

static bool
list_look(void *ctx, const struct audit_record *a)
{
	static const uint8_t nobody[VAULT_TAG_LEN] = { 0 };
	struct listing *l = ctx;
	bool all = memcmp(a->subject, nobody, sizeof(nobody)) == 0;

	if (!is_look(a->event) || (all && a->time_utc < l->since_utc))
		return true;
	table_time(&l->t, a->time_utc);
	table_text(&l->t, a->event);
	table_word(&l->t, all ? "everybody" : "self");
	table_word(&l->t, a->actor);
	table_text(&l->t, a->detail);
	return true;
}

enum att_err
held_report_looks(struct report *r, const struct store_employee *e)
{
	struct listing l = { .since_utc = e->created_utc };
	enum att_err err;

	report_list(r, &l.t, "looked", N_("Who looked"), look_columns,
	    sizeof(look_columns) / sizeof(look_columns[0]));
	err = store_audit_around(r->d->store, e->id, list_look, &l);
	report_list_end(r, &l.t);
	return err;
}

enum att_err
held_report_audit(struct report *r, const struct store_employee *e)
{
	struct listing l = { 0 };
	enum att_err err;

	report_list(r, &l.t, "records", N_("Records"), audit_columns,
	    sizeof(audit_columns) / sizeof(audit_columns[0]));
	err = store_audit_list(r->d->store, 1, e->id, list_audit, &l);
	report_list_end(r, &l.t);
	return err;
}
