/*
 * Phases open and close session: attendance events, for those who agreed to
 * that purpose (or whose guardian did). Nobody's session depends on it.
 */
#include "attendd/facts.h"
#include "attendd/log.h"
#include "attendd/phases.h"
#include "store/attempt.h"
#include "store/attendance.h"
#include "store/consent.h"

#include <string.h>

#define RECENT_SECONDS 300 /* from proof to session */

/* Whether attendance may be kept about this person. */
static enum att_err
may_keep(struct dialogue *d, const struct login *l, bool *may)
{
	struct gate_facts f;
	struct store_consent c = { 0 };
	enum att_err e = facts_gather(
	    d->store, d->config, &l->e, l->service, &l->by.now, &f);

	*may = false;
	if (e == ATT_OK)
		e = store_consent_state(d->store, l->e.id, STORE_FOR_ATTENDANCE,
		    gate_is_minor(&f), &c);
	if (e == ATT_OK)
		*may = c.kind == STORE_CONSENT_GIVEN &&
		    c.notice_major >= f.notice_major &&
		    (!gate_is_minor(&f) || !att_date_known(c.until) ||
			att_date_cmp(f.today, c.until) <= 0);
	return e == ATT_ABSENT ? ATT_OK : e;
}

static void
fill(struct dialogue *d, const struct login *l, struct store_attendance *a)
{
	const struct wire_request *r = d->request;

	a->kind = r->phase == WIRE_OPEN_SESSION ? STORE_LOGIN : STORE_LOGOUT;
	a->at_utc = l->by.now.utc;
	memcpy(a->source, "kiosk", sizeof("kiosk"));
	memcpy(a->service, l->service, sizeof(l->service));
	if (d->config->collect_tty)
		dialogue_field(r->tty, a->tty, sizeof(a->tty));
	if (d->config->collect_rhost)
		dialogue_field(r->rhost, a->rhost, sizeof(a->rhost));
	/* 0 stays when nothing was proven here, as with ssh keys */
	if (store_attempt_recent(d->store, &l->by.now, l->e.id, l->service,
		RECENT_SECONDS, &a->factor) != ATT_OK)
		a->factor = 0;
}

static enum att_err
keep(struct dialogue *d, const struct login *l)
{
	STORE_AUTO_TX struct store_tx tx = { 0 };
	struct store_attendance a = { 0 };
	bool may = false;
	enum att_err e = store_begin(d->store, &tx);

	if (e == ATT_OK)
		e = may_keep(d, l, &may);
	if (e != ATT_OK || !may)
		return e;
	fill(d, l, &a);
	e = store_attendance_add(d->store, &l->by, l->e.id, &a);
	if (e == ATT_OK)
		e = store_commit(&tx);
	return e;
}

enum att_verdict
phase_session(struct dialogue *d, struct wire_verdict *out)
{
	struct login l;
	enum att_verdict v = login_find(d, &l);
	enum att_err e;

	(void)out;
	if (v != VERDICT_ALLOW)
		return v;
	if (!l.known)
		return VERDICT_UNKNOWN;
	e = keep(d, &l);
	if (e == ATT_OK)
		return VERDICT_ALLOW;
	login_trouble(d, "recording a session", e);
	return VERDICT_UNAVAILABLE;
}
