/*
 * Phases open and close session: attendance events, for those who agreed to
 * that purpose (or whose guardian did). Nobody's session depends on it.
 */
#include "attendd/device.h"
#include "attendd/facts.h"
#include "attendd/log.h"
#include "attendd/phases.h"
#include "store/attempt.h"
#include "store/attendance.h"

#include <stdio.h>
#include <string.h>

#define RECENT_SECONDS 300 /* from proof to session */

/* Whether something may be kept about this person for a purpose. */
static enum att_err
may_keep(struct dialogue *d, const struct login *l, enum store_purpose purpose,
    bool *may)
{
	const struct store_consent to = { .purpose = purpose };
	struct gate_facts f;
	enum att_err e = facts_gather(
	    d->store, d->config, &l->e, l->service, &l->by.now, &f);

	return e == ATT_OK ? facts_agreed(d->store, &f, &l->e, &to, may) : e;
}

static void
fill(struct dialogue *d, const struct login *l, bool with_place,
    struct store_attendance *a)
{
	const struct config *c = d->config;
	const struct wire_request *r = d->request;

	a->kind = r->phase == WIRE_OPEN_SESSION ? STORE_LOGIN : STORE_LOGOUT;
	a->at_utc = l->by.now.utc;
	memcpy(a->source, "kiosk", sizeof("kiosk"));
	memcpy(a->service, l->service, sizeof(l->service));
	if (c->collect_tty)
		dialogue_field(r->tty, a->tty, sizeof(a->tty));
	if (c->collect_rhost)
		dialogue_field(r->rhost, a->rhost, sizeof(a->rhost));
	if (c->collect_kiosk)
		(void)snprintf(a->kiosk, sizeof(a->kiosk), "%s", c->kiosk_name);
	if (c->collect_os)
		device_os(a->os, sizeof(a->os));
	if (c->collect_machine)
		device_machine(d->vault, DEVICE_MACHINE_ID, a->machine,
		    sizeof(a->machine));
	if (with_place)
		device_text(c->place, a->place, sizeof(a->place));
	/* 0 stays when nothing was proven here, as with ssh keys */
	if (store_attempt_recent(d->store, &l->by.now, l->e.id, l->service, 0,
		RECENT_SECONDS, &a->factor) != ATT_OK)
		a->factor = 0;
}

static enum att_err
keep(struct dialogue *d, const struct login *l)
{
	STORE_AUTO_TX struct store_tx tx = { 0 };
	struct store_attendance a = { 0 };
	bool may = false, with_place = false;
	enum att_err e = store_begin(d->store, &tx);

	if (e == ATT_OK)
		e = may_keep(d, l, STORE_FOR_ATTENDANCE, &may);
	/* where somebody is needs a consent of its own */
	if (e == ATT_OK && may && d->config->collect_place)
		e = may_keep(d, l, STORE_FOR_LOCATION, &with_place);
	if (e != ATT_OK || !may)
		return e;
	fill(d, l, with_place, &a);
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
