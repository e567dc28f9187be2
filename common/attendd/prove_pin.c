/*
 * Proving a PIN. The attempt is on disk before the PIN is looked at, and
 * stays a failure until the outcome is on disk too. A stranger, a person
 * without a PIN and an empty PIN go the same way and cost the same work.
 */
#include "attendd/log.h"
#include "attendd/phases.h"
#include "attendd/turn.h"
#include "store/attempt.h"
#include "store/pin.h"

#include <stdio.h>
#include <string.h>

/*
 * Whether somebody here tries to become somebody else. Who is far away names
 * himself as he likes, and what calls for him calls for many.
 */
static bool
is_another(const struct dialogue *d, const struct login *l)
{
	struct att_slice from = d->request->ruser, to = d->request->user;
	char uid[sizeof(WIRE_RUSER_UID) + 10];

	if (d->peer.uid != 0 || d->request->rhost.len > 0 || from.len == 0)
		return false;
	(void)snprintf(
	    uid, sizeof(uid), WIRE_RUSER_UID "%u", (unsigned)l->e.uid);
	if (l->known && att_slice_is(from, uid))
		return false;
	if (l->identified)
		to = att_slice_of(l->e.login);
	return from.len != to.len || memcmp(from.at, to.at, to.len) != 0;
}

/* origin: room for the tag, if there is one. */
static struct store_attempt
attempt_of(
    struct dialogue *d, const struct login *l, uint8_t origin[VAULT_ID_LEN])
{
	const struct wire_request *r = d->request;
	struct store_attempt a = {
		.known = l->known, .factor = GATE_PIN, .service = l->service
	};

	a.partial = !gate_factors_met(
	    config_factors(d->config, l->service), l->proven | GATE_PIN);
	if (l->known)
		memcpy(a.subject, l->e.id, sizeof(a.subject));
	else
		store_attempt_stranger(d->store, r->user, a.subject);
	if (is_another(d, l)) {
		store_attempt_origin(d->store, r->ruser, origin);
		a.origin = origin;
	}
	return a;
}

/*
 * The audit chain has the lock, with the failure that began it; a record of
 * every refusal under it would let anybody fill the disk.
 */
static enum att_verdict
refuse_locked(struct dialogue *d, struct login *l, uint32_t seconds)
{
	login_log(d, l, "authenticate", VERDICT_LOCKED, "locked");
	login_tell_locked(d, seconds);
	return VERDICT_LOCKED;
}

/* The same work whoever it is. */
static enum att_err
verify(struct dialogue *d, const struct login *l, struct att_slice pin,
    bool *match, struct store_pin *stored)
{
	bool found = false;
	enum att_err e;

	*match = false;
	if (l->known) {
		e = store_pin_get(d->store, l->e.id, stored);
		if (e != ATT_OK && e != ATT_ABSENT)
			return e;
		found = e == ATT_OK && pin.len > 0;
	}
	return found
	    ? vault_pin_verify(d->vault, l->e.id, pin, stored->record, match)
	    : vault_pin_dummy(d->vault, pin);
}

/* Stored parameters follow today's, in the transaction of the success. */
static enum att_err
upgrade(struct dialogue *d, const struct login *l, struct att_slice pin,
    const struct store_pin *stored)
{
	uint8_t record[VAULT_PIN_LEN];
	enum att_err e;

	if (!vault_pin_outdated(stored->record))
		return ATT_OK;
	e = vault_pin_hash(d->vault, l->e.id, pin, record);
	if (e == ATT_OK)
		e = store_pin_rehash(d->store, &l->by, l->e.id, record);
	return e;
}

/* Whoever did not type a name is told whose it is taken for. */
static enum att_err
ask(struct dialogue *d, const struct login *l, bool or_touch,
    struct att_slice *pin)
{
	char prompt[128];

	if (or_touch)
		return dialogue_ask(d, WIRE_FOR_PIN, false,
		    _("PIN, or press Enter and touch the reader: "), pin);
	if (!l->identified)
		return dialogue_ask(d, WIRE_FOR_PIN, false, _("PIN: "), pin);
	(void)snprintf(prompt, sizeof(prompt), _("PIN of %s: "), l->e.login);
	return dialogue_ask(d, WIRE_FOR_PIN, false, prompt, pin);
}

enum att_verdict
login_prove_pin(
    struct dialogue *d, struct login *l, struct store_tx *tx, bool or_touch)
{
	uint8_t origin[VAULT_ID_LEN];
	struct store_attempt a = attempt_of(d, l, origin);
	struct store_pin stored = { 0 };
	struct att_slice pin;
	uint32_t seconds = 0;
	bool match = false;
	enum att_err e;

	e = store_attempt_locked(
	    d->store, &l->by.now, &a, &d->config->limits, &seconds);
	if (e == ATT_OK && seconds > 0)
		return refuse_locked(d, l, seconds);
	if (e == ATT_OK)
		e = ask(d, l, or_touch, &pin);
	if (e != ATT_OK)
		return e == ATT_ABSENT ? VERDICT_DENY : VERDICT_UNAVAILABLE;
	if (or_touch && pin.len == 0)
		return VERDICT_NOT_NOW;
	e = att_now_read(&l->by.now); /* locks begin now, not at the prompt */
	if (e == ATT_OK)
		e = turn_enter(d, &l->turn);
	if (e == ATT_OK)
		e = login_reserve(d, l, &d->config->limits, &a, &seconds);
	if (e == ATT_LIMIT) {
		turn_leave(&l->turn);
		return refuse_locked(d, l, seconds);
	}
	if (e == ATT_OK)
		e = verify(d, l, pin, &match, &stored);
	if (e == ATT_OK)
		e = store_begin(d->store, tx);
	if (e == ATT_OK)
		e = store_attempt_finish(
		    d->store, &l->by, &d->config->limits, &a, match, &seconds);
	if (e == ATT_OK && match)
		e = upgrade(d, l, pin, &stored);
	explicit_bzero(&stored, sizeof(stored));
	if (e != ATT_OK) {
		turn_leave(&l->turn);
		login_trouble(d, "verifying a PIN", e);
		return VERDICT_UNAVAILABLE;
	}
	l->lock_seconds = seconds; /* told after the commit */
	return match ? VERDICT_ALLOW : VERDICT_DENY;
}
