#include "admin/minor.h"

#include "attendd/facts.h"
#include "store/keep.h"

static bool
guardian_holds(const struct gate_facts *f)
{
	const struct gate_guardian *g = &f->guardian;

	return g->state == GATE_CONSENT_GIVEN &&
	    (!att_date_known(g->until) ||
		(att_date_valid(g->until) &&
		    att_date_cmp(f->today, g->until) <= 0));
}

enum att_err
minor_unguarded(
    struct dialogue *d, const struct store_employee *e, bool *unguarded)
{
	struct att_date today = att_date_at(d->now.utc);
	struct gate_facts f;
	enum att_err err;

	*unguarded = false;
	if (!att_date_known(e->born_on) ||
	    att_age_on(e->born_on, today) >= (int)d->config->majority)
		return ATT_OK;
	err = facts_gather(d->store, d->config, e, "login", &d->now, &f);
	if (err == ATT_OK)
		*unguarded = gate_is_minor(&f) && !guardian_holds(&f);
	return err;
}

enum att_err
minor_check(struct dialogue *d, const struct store_by *by,
    const struct store_employee *e, int64_t *held_utc)
{
	bool unguarded = false;
	enum att_err err = minor_unguarded(d, e, &unguarded);

	*held_utc = 0;
	if (err == ATT_OK)
		err = store_hold_set(d->store, by, e->id, unguarded);
	if (err != ATT_OK || !unguarded)
		return err;
	return store_hold_get(d->store, e->id, held_utc);
}

int64_t
minor_due(const struct config *c, int64_t held_utc)
{
	return held_utc + (int64_t)c->minor_grace_hours * 3600;
}

void
minor_tell(struct dialogue *d, const struct store_employee *e, int64_t held_utc)
{
	char due[ATT_TIME_TEXT];

	if (held_utc == 0)
		return;
	att_time_format(minor_due(d->config, held_utc), due);
	dialogue_out(d,
	    "%s is a minor without a guardian's consent: no PIN, no login, "
	    "and erased after %s unless it is recorded: attendctl guardian "
	    "record %s --name N --relation R --paper FILE\n",
	    e->number, due, e->number);
}
