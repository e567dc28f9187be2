/* Phase authenticate: proof of identity, then consent and employment. */
#include "attendd/facts.h"
#include "attendd/identify.h"
#include "attendd/log.h"
#include "attendd/phases.h"

enum att_err
login_facts(struct dialogue *d, const struct login *l, uint8_t proven,
    struct gate_facts *out)
{
	struct gate_facts f;
	enum att_err e = facts_gather(
	    d->store, d->config, &l->e, l->service, &l->by.now, &f);

	if (e != ATT_OK)
		return e;
	f.phase = GATE_AUTHENTICATE;
	f.proven = proven;
	f.wanted = login_wanted(d, l);
	f.account_follows =
	    d->peer.uid == 0 || f.own.state == GATE_CONSENT_GIVEN;
	*out = f;
	return ATT_OK;
}

static enum att_err
decide(struct dialogue *d, struct login *l, struct gate_decision *out)
{
	struct gate_facts f;
	enum att_err e = login_facts(d, l, l->proven, &f);

	if (e != ATT_OK)
		return e;
	l->lock_seconds = f.lock_seconds;
	*out = gate_decide(&f);
	return ATT_OK;
}

enum att_verdict
phase_authenticate(struct dialogue *d, struct wire_verdict *out)
{
	STORE_AUTO_TX struct store_tx tx = { 0 };
	struct login l;
	struct gate_decision g = { VERDICT_DENY, GATE_R_NOT_PROVEN, false };
	enum att_verdict v = login_find(d, &l);
	enum att_err e = ATT_OK;

	(void)out;
	if (v == VERDICT_ALLOW && (d->request->flags & WIRE_F_IDENTIFY) != 0)
		v = login_identify(d, &l);
	if (v != VERDICT_ALLOW)
		return v;
	v = login_prove(d, &l, &tx);
	if (v == VERDICT_ALLOW)
		e = decide(d, &l, &g);
	else if (v != VERDICT_DENY)
		return v;
	if (e == ATT_OK && tx.s != NULL)
		e = login_record(d, &l, &tx, "authenticate", &g);
	if (e != ATT_OK) {
		login_trouble(d, "deciding", e);
		return VERDICT_UNAVAILABLE;
	}
	login_log(d, &l, "authenticate", g.verdict, gate_reason_id(g.reason));
	if (g.reason == GATE_R_NOT_PROVEN && !l.told)
		login_tell_wrong(d, &l);
	else if (g.reason != GATE_R_NOT_PROVEN && g.verdict != VERDICT_ALLOW)
		login_tell(d, &l, g.reason);
	return g.verdict;
}
