/*
 * Proving who somebody is: factor by factor, until an alternative of the
 * service's expression is met or nothing more can be asked for. Where both
 * the finger and the PIN would help, one prompt asks for either.
 */
#include "attendd/finger.h"
#include "attendd/log.h"
#include "attendd/phases.h"
#include "attendd/turn.h"
#include "wire/relay.h"

#define TOUCHES_MAX 3 /* of a finger that is not recognised, in one login */

_Static_assert(SENSOR_NOTICES_MAX < RELAY_TEXTS_MAX / TOUCHES_MAX,
    "no attend-sensor talks a login to its end");

/* What can be asked for next. */
struct step {
	bool type, touch;
};

/* Whether factor is missing in an alternative of nothing but askable. */
static bool
helps(const struct gate_factors *wanted, uint8_t proven, uint8_t askable,
    uint8_t factor)
{
	if ((proven & factor) != 0)
		return false;
	for (uint8_t i = 0; i < wanted->n; i++)
		if ((wanted->any_of[i] & factor) != 0 &&
		    (wanted->any_of[i] & ~(askable | proven)) == 0)
			return true;
	return false;
}

/*
 * The PIN is asked for once whatever the expression says: whom nothing can
 * let in sees what everybody sees.
 */
static struct step
next_step(const struct gate_factors *wanted, uint8_t proven, bool finger)
{
	const uint8_t askable =
	    (uint8_t)(GATE_PIN | (finger ? GATE_FINGER : 0));
	struct step s = { 0 };

	if (gate_factors_met(wanted, proven))
		return s;
	s.touch = finger && helps(wanted, proven, askable, GATE_FINGER);
	s.type = (proven & GATE_PIN) == 0 &&
	    (!s.touch || helps(wanted, proven, askable, GATE_PIN));
	return s;
}

/* A factor's outcome is on disk before the next one is asked for. */
static enum att_err
settle(struct dialogue *d, struct login *l, struct store_tx *tx)
{
	enum att_err e = tx->s != NULL ? store_commit(tx) : ATT_OK;

	turn_leave(&l->turn);
	if (e != ATT_OK)
		login_trouble(d, "recording a factor", e);
	return e;
}

/* A finger that did not do; *left: touches that may follow. */
static enum att_verdict
touched(struct dialogue *d, struct login *l, struct store_tx *tx,
    enum att_verdict v, unsigned *left)
{
	if (v == VERDICT_ALLOW) {
		l->proven |= GATE_FINGER;
		return v;
	}
	if (v == VERDICT_UNAVAILABLE)
		return v;
	if (settle(d, l, tx) != ATT_OK)
		return VERDICT_UNAVAILABLE;
	if (v == VERDICT_DENY)
		login_log(d, l, "authenticate", v, "finger-not-recognised");
	login_tell_finger(d, l, v);
	(*left)--;
	if (v != VERDICT_DENY || l->lock_seconds > 0)
		*left = 0;
	l->lock_seconds = 0; /* the finger's own */
	l->told = true;
	return VERDICT_NOT_NOW;
}

/*
 * One factor. VERDICT_NOT_NOW: it was a finger, and did not do. Where the PIN
 * is locked because of what others typed at the kiosk, the finger is not: a
 * lock of the person's own would not have offered it.
 */
static enum att_verdict
take(struct dialogue *d, struct login *l, struct store_tx *tx, struct step s,
    unsigned *left)
{
	enum att_verdict v = VERDICT_NOT_NOW;

	l->told = false;
	if (s.type)
		v = login_prove_pin(d, l, tx, s.touch);
	if (s.type && v == VERDICT_ALLOW)
		l->proven |= GATE_PIN;
	if (v != VERDICT_NOT_NOW && !(v == VERDICT_LOCKED && s.touch))
		return v;
	return touched(d, l, tx, login_prove_finger(d, l, tx), left);
}

enum att_verdict
login_prove(struct dialogue *d, struct login *l, struct store_tx *tx)
{
	const struct gate_factors wanted = login_wanted(d, l);
	unsigned left =
	    !l->identified && finger_offered(d, l) ? TOUCHES_MAX : 0;
	/* a locker has one prompt, some crash on a second: it begins anew */
	const bool again = d->peer.uid == 0;
	enum att_verdict v = VERDICT_DENY;
	struct step s = next_step(&wanted, l->proven, left > 0);

	while (s.type || s.touch) {
		if (settle(d, l, tx) != ATT_OK)
			return VERDICT_UNAVAILABLE;
		v = take(d, l, tx, s, &left);
		if (v != VERDICT_ALLOW && !(v == VERDICT_NOT_NOW && again))
			break;
		if (left == 0)
			reader_close(d);
		s = next_step(&wanted, l->proven, left > 0);
	}
	reader_close(d);
	return v == VERDICT_NOT_NOW ? VERDICT_DENY : v;
}
