/*
 * Phase change PIN. PRELIM proves who it is and changes nothing; UPDATE proves
 * it again (another process may have changed the PIN meanwhile), asks for the
 * new one and stores it.
 */
#include "attendd/facts.h"
#include "attendd/log.h"
#include "attendd/phases.h"
#include "attendd/pin_rules.h"
#include "store/attempt.h"
#include "store/pin.h"

#include <string.h>

#define TRIES_MAX      3 /* new PINs offered before giving up */
#define RECENT_SECONDS 120 /* a login's own proof counts this long */

static bool
has(const struct dialogue *d, enum wire_flag flag)
{
	return (d->request->flags & (uint32_t)flag) != 0;
}

/* Employment, age and locks bind here too; a consent that can still be asked
 * for does not. */
static enum att_verdict
admissible(struct dialogue *d, struct login *l)
{
	struct gate_facts f;
	struct gate_decision g;
	enum att_err e;

	if (!l->known)
		return VERDICT_UNKNOWN;
	e = facts_gather(
	    d->store, d->config, &l->e, l->service, &l->by.now, &f);
	if (e != ATT_OK)
		return VERDICT_UNAVAILABLE;
	g = gate_decide(&f);
	if (g.verdict == VERDICT_ALLOW || g.askable)
		return VERDICT_ALLOW;
	login_log(d, l, "change-pin", g.verdict, gate_reason_id(g.reason));
	l->lock_seconds = f.lock_seconds;
	login_tell(d, l, g.reason);
	return g.verdict;
}

/*
 * Whether the old PIN must be shown: not to root, who sets PINs anyway; not
 * to a login that has just shown it and is made to change it. A finger is not
 * enough: it would be enough for everything the PIN is asked for.
 */
static bool
must_prove(struct dialogue *d, struct login *l)
{
	uint32_t factor = 0;

	if (has(d, WIRE_F_BY_ROOT) && !has(d, WIRE_F_EXPIRED))
		return false;
	if (!has(d, WIRE_F_EXPIRED))
		return true;
	return store_attempt_recent(d->store, &l->by.now, l->e.id, l->service,
		   GATE_PIN, RECENT_SECONDS, &factor) != ATT_OK;
}

static enum att_verdict
prove(struct dialogue *d, struct login *l)
{
	STORE_AUTO_TX struct store_tx tx = { 0 };
	struct gate_decision g = { VERDICT_DENY, GATE_R_NOT_PROVEN, false };
	enum att_verdict v = login_prove_pin(d, l, &tx, false);

	if (v != VERDICT_ALLOW && v != VERDICT_DENY)
		return v;
	if (v == VERDICT_ALLOW)
		g = (struct gate_decision){ VERDICT_ALLOW, GATE_R_OK, false };
	if (tx.s != NULL && login_record(d, l, &tx, "change-pin", &g) != ATT_OK)
		return VERDICT_UNAVAILABLE;
	if (v == VERDICT_DENY)
		login_tell_wrong(d, l);
	return v;
}

/* Ask twice into out; false with *e ATT_OK when the two differ. */
static bool
ask_new(
    struct dialogue *d, struct att_secret *first, size_t *len, enum att_err *e)
{
	struct att_slice a;

	*e = dialogue_ask(d, WIRE_FOR_NEW_PIN, false, _("New PIN: "), &a);
	if (*e != ATT_OK)
		return false;
	memcpy(first->at, a.at, a.len + 1);
	*len = a.len;
	*e = dialogue_ask(
	    d, WIRE_FOR_NEW_PIN_AGAIN, false, _("New PIN again: "), &a);
	if (*e != ATT_OK)
		return false;
	return a.len == *len && att_secret_same(a.at, first->at, a.len);
}

static enum att_verdict
offer(struct dialogue *d, struct login *l, struct att_secret *first)
{
	const char *why = NULL;
	size_t len = 0;
	enum att_err e = ATT_OK;
	bool same = ask_new(d, first, &len, &e);

	if (e != ATT_OK)
		return e == ATT_ABSENT ? VERDICT_BAD_PIN : VERDICT_UNAVAILABLE;
	if (!same) {
		dialogue_warn(d, "%s", _("The two PINs are not the same."));
		return VERDICT_BAD_PIN;
	}
	e = pin_set_checked(d, &l->e, (struct att_slice){ first->at, len },
	    false, &l->by, &why);
	if (e == ATT_OK)
		return VERDICT_ALLOW;
	if (e == ATT_REFUSED && why != NULL) {
		dialogue_warn(d, "%s", _(why));
		return VERDICT_BAD_PIN;
	}
	login_trouble(d, "storing a PIN", e);
	return VERDICT_UNAVAILABLE;
}

static enum att_verdict
update(struct dialogue *d, struct login *l)
{
	ATT_AUTO_SECRET struct att_secret first = { 0 };
	enum att_verdict v = VERDICT_BAD_PIN;

	if (att_secret_new(&first, d->answer.len) != ATT_OK)
		return VERDICT_UNAVAILABLE;
	for (int i = 0; i < TRIES_MAX && v == VERDICT_BAD_PIN; i++)
		v = offer(d, l, &first);
	login_log(d, l, "change-pin", v, v == VERDICT_ALLOW ? "ok" : "no");
	return v;
}

/* EXPIRED asks for a change only where one is due. */
static enum att_err
is_due(struct dialogue *d, const struct login *l, bool *due)
{
	struct store_pin pin = { 0 };
	enum att_err e = store_pin_get(d->store, l->e.id, &pin);

	*due = e == ATT_OK && pin.must_change;
	explicit_bzero(&pin, sizeof(pin));
	return e == ATT_ABSENT ? ATT_OK : e;
}

enum att_verdict
phase_change_pin(struct dialogue *d, struct wire_verdict *out)
{
	struct login l;
	bool due = true;
	enum att_verdict v = login_find(d, &l);

	(void)out;
	if (v == VERDICT_ALLOW)
		v = admissible(d, &l);
	if (v != VERDICT_ALLOW)
		return v;
	if (has(d, WIRE_F_EXPIRED) && is_due(d, &l, &due) != ATT_OK)
		return VERDICT_UNAVAILABLE;
	if (!due)
		return VERDICT_ALLOW;
	if (must_prove(d, &l))
		v = prove(d, &l);
	if (v != VERDICT_ALLOW || has(d, WIRE_F_PRELIM))
		return v;
	return update(d, &l);
}
