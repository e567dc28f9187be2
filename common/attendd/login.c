/* What the login phases share: whose login it is, the record, the words. */
#include "attendd/log.h"
#include "attendd/phases.h"
#include "attendd/turn.h"
#include "store/attempt.h"

#include <stdio.h>
#include <string.h>

void
login_trouble(const struct dialogue *d, const char *doing, enum att_err e)
{
	log_line(LOG_ERR, "%s failed why=%s detail=%s", doing, att_err_text(e),
	    d->store != NULL ? store_trouble(d->store) : "store is not open");
}

enum att_verdict
login_find(struct dialogue *d, struct login *l)
{
	char name[ATT_LOGIN_MAX + 1];
	struct att_slice user = d->request->user;
	enum att_err e;

	*l = (struct login){ .by = dialogue_by(d), .turn = TURN_NONE };
	dialogue_field(d->request->service, l->service, sizeof(l->service));
	if (d->peer.uid != 0)
		(void)snprintf(l->by.actor, sizeof(l->by.actor), "self");
	if (dialogue_store(d) != ATT_OK) {
		login_trouble(d, "opening the store", d->store_err);
		return VERDICT_UNAVAILABLE;
	}
	e = ATT_ABSENT;
	if (att_login_ok((const char *)user.at, user.len) &&
	    att_slice_str(user, name, sizeof(name)) == ATT_OK)
		e = store_employee_by_login(d->store, name, &l->e);
	if (e != ATT_OK && e != ATT_ABSENT) {
		login_trouble(d, "finding a person", e);
		return VERDICT_UNAVAILABLE;
	}
	l->known = e == ATT_OK && l->e.state != STORE_ERASED;
	if (d->peer.uid != 0 &&
	    (!l->known || l->e.uid != d->peer.uid || !dialogue_is_staff(d))) {
		login_log(d, l, "find", VERDICT_REFUSED, "not-oneself");
		return VERDICT_REFUSED;
	}
	return VERDICT_ALLOW;
}

struct gate_factors
login_wanted(const struct dialogue *d, const struct login *l)
{
	const struct gate_factors *f = config_factors(d->config, l->service);

	return l->identified ? gate_factors_require(f, GATE_PIN) : *f;
}

static const char *
verdict_word(enum att_verdict v)
{
	switch (v) {
	case VERDICT_ALLOW: return "allow";
	case VERDICT_UNKNOWN: return "unknown";
	case VERDICT_LOCKED: return "locked";
	case VERDICT_NO_CONSENT: return "no-consent";
	case VERDICT_EXPIRED: return "expired";
	case VERDICT_NOT_NOW: return "not-now";
	case VERDICT_UNAVAILABLE: return "unavailable";
	case VERDICT_REFUSED: return "refused";
	case VERDICT_MUST_CHANGE: return "must-change";
	case VERDICT_BAD_PIN: return "bad-pin";
	case VERDICT_DENY: break;
	}
	return "deny";
}

void
login_log(const struct dialogue *d, const struct login *l, const char *phase,
    enum att_verdict verdict, const char *reason)
{
	int level = verdict == VERDICT_ALLOW ? LOG_INFO : LOG_WARNING;

	if (l->known)
		log_line(level,
		    "login verdict=%s reason=%s phase=%s service=%s "
		    "person=%u peer=%u",
		    verdict_word(verdict), reason, phase, l->service,
		    (unsigned)l->e.uid, (unsigned)d->peer.uid);
	else
		log_line(level,
		    "login verdict=%s reason=%s phase=%s service=%s "
		    "person=- peer=%u",
		    verdict_word(verdict), reason, phase, l->service,
		    (unsigned)d->peer.uid);
}

enum att_err
login_record(struct dialogue *d, struct login *l, struct store_tx *tx,
    const char *phase, const struct gate_decision *decision)
{
	char detail[256];
	enum att_err e;

	(void)snprintf(detail, sizeof(detail),
	    "phase=%s verdict=%s reason=%s service=%s", phase,
	    verdict_word(decision->verdict), gate_reason_id(decision->reason),
	    l->service);
	e = store_audit(
	    d->store, &l->by, "login", l->known ? l->e.id : NULL, detail);
	if (e == ATT_OK)
		e = store_commit(tx);
	turn_leave(&l->turn);
	if (e != ATT_OK)
		login_trouble(d, "recording a decision", e);
	return e;
}

enum att_err
login_reserve(struct dialogue *d, const struct login *l,
    const struct store_attempt_limits *limits, struct store_attempt *a,
    uint32_t *seconds)
{
	STORE_AUTO_TX struct store_tx tx = { 0 };
	enum att_err e = store_begin(d->store, &tx);

	if (e == ATT_OK)
		e = store_attempt_begin(d->store, &l->by, limits, a, seconds);
	if (e == ATT_OK)
		e = store_commit(&tx);
	return e;
}

static void
tell_contact(struct dialogue *d)
{
	if (d->config->contact[0] != '\0')
		dialogue_warn(d, _("Contact: %s"), d->config->contact);
}

void
login_tell_locked(struct dialogue *d, uint32_t seconds)
{
	if (seconds > 120)
		dialogue_warn(d,
		    _("Too many failed attempts. Try again in %u minutes."),
		    (seconds + 59) / 60);
	else
		dialogue_warn(d,
		    _("Too many failed attempts. Try again in %u seconds."),
		    seconds);
}

void
login_tell_finger(struct dialogue *d, const struct login *l, enum att_verdict v)
{
	if (v == VERDICT_DENY)
		dialogue_warn(d, "%s", _("Finger not recognised."));
	if (v != VERDICT_LOCKED && l->lock_seconds == 0)
		return;
	if (l->lock_seconds == STORE_LOCKED_FOR_GOOD)
		dialogue_warn(d, "%s",
		    _("Too many failed attempts. The finger can be used "
		      "again after a login with the PIN."));
	else
		login_tell_locked(d, l->lock_seconds);
}

void
login_tell(struct dialogue *d, const struct login *l, enum gate_reason reason)
{
	const char *message = gate_reason_message(reason);

	if (message == NULL)
		return;
	if (reason == GATE_R_LOCKED)
		login_tell_locked(d, l->lock_seconds);
	else
		dialogue_warn(d, "%s", _(message));
	tell_contact(d);
}

void
login_tell_wrong(struct dialogue *d, const struct login *l)
{
	dialogue_warn(d, "%s", _("Wrong number or PIN."));
	if (l->lock_seconds > 0)
		login_tell_locked(d, l->lock_seconds);
}
