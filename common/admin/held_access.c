/* The access report: everything about one person, and what it is there for. */
#include "admin/held.h"

#include <stdio.h>
#include <string.h>

/* What kinds of data there are, said once for everybody. */
static const struct kind {
	const char *id, *name, *purpose, *source, *retention;
} kinds[] = {
	{ N_("identity"), N_("number, login, name, department, position"),
	    N_("telling you from others; the groups you work in"),
	    N_("your employer, see the history below"), N_("until erased") },
	{ N_("employment"), N_("first and last day, suspension"),
	    N_("deciding whether you may log in"),
	    N_("your employer, see the history below"), N_("until erased") },
	{ N_("birth"), N_("date of birth, sealed"),
	    N_("minimum age; whether a guardian has to consent"),
	    N_("your employer, see the history below"), N_("until erased") },
	{ N_("contact"), N_("e-mail and telephone, sealed"), N_("reaching you"),
	    N_("you or your employer"), N_("until erased") },
	{ N_("pin"),
	    N_("keyed hashes of your PIN and past PINs, sealed; the PIN "
	       "itself is not kept and cannot be shown"),
	    N_("knowing that it is you; no PIN twice"), N_("you"),
	    N_("until erased") },
	{ N_("fingers"),
	    N_("where the ridges of your enrolled fingers end or fork, sealed; "
	       "no picture; your own copy: attendctl me finger"),
	    N_("knowing that it is you, if you agreed to it"), N_("you"),
	    N_("until the consent to it ends, or erased") },
	{ N_("consents"), N_("what you or a guardian agreed to or not, signed"),
	    N_("doing only what was agreed to"), N_("you or your guardian"),
	    N_("until erased") },
	{ N_("attendance"), N_("when you logged in and out"),
	    N_("attendance, if you agreed to it"), N_("the kiosk"),
	    N_("until erased") },
	{ N_("attempts"), N_("login attempts, failed ones counted"),
	    N_("stopping whoever guesses PINs"), N_("the kiosk"),
	    N_("until erased") },
	{ N_("requests"), N_("what you asked for, and the answers, sealed"),
	    N_("answering you in time"), N_("you and the office"),
	    N_("until erased") },
	{ N_("disclosures"), N_("to whom data about you went"),
	    N_("showing it to you"), N_("the office"), N_("until erased") },
	{ N_("records"), N_("decisions and changes, under a pseudonym"),
	    N_("proof of what was done"), N_("the kiosk and the office"),
	    N_("stays, but not as yours: the pseudonym dies with your key") },
	{ N_("directory"), N_("login, ids, groups, home and shell"),
	    N_("your account on the kiosk; every program there can read it"),
	    N_("your employer"), N_("until erased; number and id stay taken") },
};

static const char *const kinds_head = N_("What is kept, and what for");

static const struct table_column kind_columns[] = {
	{ "kind", N_("KIND") },
	{ "what", N_("WHAT") },
	{ "purpose", N_("PURPOSE") },
	{ "source", N_("SOURCE") },
	{ "retention", N_("KEPT") },
};

/* How long, as it is set: 0 days is for ever. */
static const char *
kept(const struct report *r, const struct kind *k, char *buf, size_t cap)
{
	const struct config *c = r->d->config;
	const struct {
		const char *id;
		uint32_t days;
	} set[] = {
		{ "attendance", c->keep_attendance_days },
		{ "attempts", c->keep_attempts_days },
		{ "records", c->keep_audit_days },
	};
	uint32_t days = 0;

	for (size_t i = 0; i < sizeof(set) / sizeof(set[0]); i++)
		if (strcmp(set[i].id, k->id) == 0)
			days = set[i].days;
	if (days == 0)
		return _(k->retention);
	(void)snprintf(buf, cap, _("%u days"), (unsigned)days);
	return buf;
}

/* On a terminal: five columns of words do not fit there. */
static void
list_kinds(struct report *r)
{
	char days[48];

	report_line(r, "%s", "");
	report_line(r, "%s", _(kinds_head));
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		report_text(r, NULL, kinds[i].id, _(kinds[i].name));
		report_text(r, NULL, N_("  what for"), _(kinds[i].purpose));
		report_text(r, NULL, N_("  from"), _(kinds[i].source));
		report_text(r, NULL, N_("  kept"),
		    kept(r, &kinds[i], days, sizeof(days)));
	}
}

static void
report_kinds(struct report *r)
{
	struct table t;
	char days[48];

	if (r->j == NULL && !r->html) {
		list_kinds(r);
		return;
	}
	report_list(r, &t, "kinds", kinds_head, kind_columns,
	    sizeof(kind_columns) / sizeof(kind_columns[0]));
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		table_text(&t, r->j != NULL ? kinds[i].id : _(kinds[i].id));
		table_text(&t, _(kinds[i].name));
		table_text(&t, _(kinds[i].purpose));
		table_text(&t, _(kinds[i].source));
		table_text(&t, kept(r, &kinds[i], days, sizeof(days)));
	}
	report_list_end(r, &t);
}

static enum att_err
report_origin(struct report *r)
{
	const struct config *c = r->d->config;
	struct store_notice n = { 0 };
	enum att_err e = store_notice_in_force(
	    r->d->store, r->d->now.utc, r->d->locale, &n, NULL, NULL);

	if (e != ATT_OK && e != ATT_ABSENT)
		return e;
	report_time(r, "made", N_("Report of"), r->d->now.utc);
	report_text(r, "site", N_("Kept by"), c->site_name);
	report_text(r, "contact", N_("Contact"), c->contact);
	report_text(r, "notice", N_("Privacy notice"), n.version);
	return ATT_OK;
}

static enum att_err
consents(struct report *r, const struct store_employee *e)
{
	struct held_consents all = { true, true, NULL };

	return held_report_consents(r, e, all, "consents");
}

static enum att_err
fingers(struct report *r, const struct store_employee *e)
{
	return held_report_fingers(r, e, "fingers");
}

static enum att_err
requests(struct report *r, const struct store_employee *e)
{
	return held_report_requests(r, e, false, "requests");
}

enum att_err
held_access(struct report *r, const struct store_employee *e)
{
	static enum att_err (*const lists[])(struct report *,
	    const struct store_employee *) = { held_report_history, consents,
		fingers, held_report_notices, held_report_attendance,
		held_report_attempts, requests, held_report_disclosures,
		held_report_looks, held_report_audit };
	enum att_err err;

	report_record(r);
	err = report_origin(r);
	if (err == ATT_OK)
		err = held_report(r, e);
	if (err == ATT_OK)
		report_kinds(r);
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (err == ATT_OK)
			err = lists[i](r, e);
	if (err == ATT_OK)
		report_record_end(r);
	return err;
}
