#include "admin/held.h"

#include "gate/gate.h"
#include "store/attempt.h"
#include "store/keep.h"
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
	report_time(r, "pin_set", N_("PIN set"), err == ATT_OK ? set_utc : 0);
	report_flag(r, "pin_must_change", N_("PIN must change"),
	    err == ATT_OK && must_change);
	return ATT_OK;
}

static enum att_err
report_hold(struct report *r, const struct store_employee *e)
{
	int64_t since = 0;
	enum att_err err = store_hold_get(r->d->store, e->id, &since);

	if (err != ATT_OK && err != ATT_ABSENT)
		return err;
	if (err == ATT_OK)
		report_time(r, "erased_from", N_("Erased from"),
		    since + r->d->config->minor_grace_hours * INT64_C(3600));
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
	report_number(r, "failed_attempts", N_("Failed attempts"), failures);
	report_number(r, "locked_seconds", N_("Locked seconds"), seconds);
	return ATT_OK;
}

enum att_err
held_report(struct report *r, const struct store_employee *e)
{
	struct att_date today = att_date_at(r->d->now.utc);
	enum att_err err;

	report_text(r, "number", N_("Number"), e->number);
	report_text(r, "login", N_("Login"), e->login);
	report_number(r, "uid", N_("Uid"), e->uid);
	report_word(r, "state", N_("State"), held_state(e, today));
	report_text(r, "name", N_("Name"), e->name);
	report_date(r, "born", N_("Born"), e->born_on);
	report_text(r, "department", N_("Department"), e->department);
	report_text(r, "position", N_("Position"), e->position);
	report_date(r, "hired", N_("Hired"), e->hired_on);
	report_date(r, "ended", N_("Ended"), e->ended_on);
	report_text(r, "email", N_("E-mail"), e->email);
	report_text(r, "phone", N_("Phone"), e->phone);
	report_time(r, "created", N_("Created"), e->created_utc);
	err = report_pin(r, e);
	if (err == ATT_OK)
		err = report_lock(r, e);
	if (err == ATT_OK)
		err = report_hold(r, e);
	return err;
}

/* The last three are the guardian's and left out where only the person's own
 * events are listed. */
static const struct table_column consent_columns[] = {
	{ "at", N_("WHEN") },
	{ "purpose", N_("PURPOSE") },
	{ "event", N_("EVENT") },
	{ "by", N_("BY") },
	{ "notice", N_("NOTICE") },
	{ "how", N_("HOW") },
	{ "place", N_("PLACE") },
	{ "paper", N_("PAPER") },
	{ "genuine", N_("GENUINE") },
	{ "recipient", N_("RECIPIENT") },
	{ "for", N_("FOR") },
	{ "guardian", N_("GUARDIAN") },
	{ "relation", N_("RELATION") },
	{ "until", N_("UNTIL") },
};
#define CONSENT_COLUMNS	 (sizeof(consent_columns) / sizeof(consent_columns[0]))
#define GUARDIAN_COLUMNS 3

bool
held_wants(const struct held_consents *which, const struct store_consent *c)
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

	if (!held_wants(&l->which, c))
		return true;
	if (c->has_paper)
		hex_format(c->paper_hash, sizeof(c->paper_hash), paper);
	if (t->j == NULL && c->has_paper)
		memcpy(paper + 12, "...", 4); /* whole in JSON */
	table_time(t, c->at_utc);
	table_word(t, store_purpose_id(c->purpose));
	table_word(t, store_consent_kind_id(c->kind));
	table_word(t, c->by_guardian ? "guardian" : "self");
	table_text(t, c->notice);
	table_word(t, c->how);
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

	report_list(r, &l.t, key, key != NULL ? N_("Consents") : NULL,
	    consent_columns,
	    which.guardian ? CONSENT_COLUMNS
			   : CONSENT_COLUMNS - GUARDIAN_COLUMNS);
	err = store_consent_list(r->d->store, e->id, list_consent, &l);
	report_list_end(r, &l.t);
	return err;
}
