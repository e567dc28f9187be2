/*
 * Proving a finger. As with a PIN the attempt is on disk before the sample is
 * compared with anything, and stays a failure until the outcome is on disk. A
 * capture that gave no sample is no attempt.
 */
#include "attendd/facts.h"
#include "attendd/finger.h"
#include "attendd/log.h"
#include "attendd/presence.h"
#include "attendd/turn.h"

#include <string.h>

const struct store_attempt_limits finger_limits = {
	.max_failures = 5,
	.lock_seconds = 30,
	.kiosk_max_failures = 5,
	.kiosk_lock_seconds = 30,
	.most_failures = 50,
};

static struct store_attempt
attempt_of(const struct login *l)
{
	struct store_attempt a = {
		.known = true, .factor = GATE_FINGER, .service = l->service
	};

	memcpy(a.subject, l->e.id, sizeof(a.subject));
	return a;
}

bool
finger_has_use(const struct gate_factors *wanted)
{
	for (uint8_t i = 0; i < wanted->n; i++)
		if ((wanted->any_of[i] & GATE_FINGER) != 0 &&
		    (wanted->any_of[i] & ~(GATE_FINGER | GATE_PIN)) == 0)
			return true;
	return false;
}

/* Consent to the finger included: it is counted as used. */
static enum att_err
would_let_in(struct dialogue *d, const struct login *l, struct gate_facts *f,
    enum gate_reason *why)
{
	enum att_err e = login_facts(d, l, GATE_PIN | GATE_FINGER, f);

	if (e == ATT_OK)
		*why = gate_decide(f).reason;
	return e;
}

enum att_err
finger_allowed(struct dialogue *d, const struct login *l, bool *yes)
{
	const struct store_attempt a = attempt_of(l);
	struct gate_facts f;
	enum gate_reason why = GATE_R_NOT_PROVEN;
	uint64_t fingers = 0;
	uint32_t seconds = 1;
	enum att_err e = would_let_in(d, l, &f, &why);

	if (e == ATT_OK && why == GATE_R_OK)
		e = store_finger_count(
		    d->store, l->e.id, STORE_FINGERS_ALL, &fingers);
	if (e == ATT_OK && fingers > 0)
		e = store_attempt_locked(
		    d->store, &l->by.now, &a, &finger_limits, &seconds);
	*yes = e == ATT_OK && fingers > 0 && seconds == 0;
	return e;
}

bool
finger_offered(struct dialogue *d, const struct login *l)
{
	struct sensor_no no;
	bool yes = false;
	enum att_err e;

	if (!l->known ||
	    !finger_has_use(config_factors(d->config, l->service)) ||
	    !presence_at_kiosk(d))
		return false;
	e = finger_allowed(d, l, &yes);
	if (e != ATT_OK)
		login_trouble(d, "looking for a finger", e);
	return yes && reader_ready(d, &no) == ATT_OK;
}

/*
 * A finger that was taken away meanwhile is like none, and so is a sample with
 * too little in it, or with nothing that could be a finger.
 */
static enum att_err
compare(struct dialogue *d, const struct login *l, const struct bio_template *t,
    struct finger_match *m)
{
	enum att_err e = finger_compare(d, l->e.id, &t->sample[0], m);

	return e == ATT_ABSENT || e == ATT_LIMIT || e == ATT_FORMAT ? ATT_OK
								    : e;
}

/* From the sample in hand to the outcome in tx. */
static enum att_err
judge(struct dialogue *d, struct login *l, const struct bio_template *t,
    struct store_tx *tx, bool *match)
{
	struct store_attempt a = attempt_of(l);
	struct finger_match m = { 0 };
	enum att_err e =
	    login_reserve(d, l, &finger_limits, &a, &l->lock_seconds);

	if (e == ATT_OK)
		e = compare(d, l, t, &m);
	if (e == ATT_OK)
		e = store_begin(d->store, tx);
	if (e == ATT_OK)
		e = store_attempt_finish(d->store, &l->by, &finger_limits, &a,
		    m.match, &l->lock_seconds);
	*match = e == ATT_OK && m.match;
	return e;
}

/*
 * What was offered may have been withdrawn while nobody pressed Enter, and a
 * guardian's consent may end while a finger is awaited. ATT_REFUSED: told why.
 */
static enum att_err
still_permitted(struct dialogue *d, struct login *l)
{
	struct gate_facts f;
	enum gate_reason why = GATE_R_NOT_PROVEN;
	enum att_err e = att_now_read(&l->by.now); /* locks begin now, too */

	if (e == ATT_OK)
		e = would_let_in(d, l, &f, &why);
	if (e != ATT_OK || why == GATE_R_OK)
		return e;
	l->lock_seconds = f.lock_seconds;
	login_tell(d, l, why);
	l->lock_seconds = 0;
	return ATT_REFUSED;
}

enum att_verdict
login_prove_finger(struct dialogue *d, struct login *l, struct store_tx *tx)
{
	ATT_AUTO_SECRET struct att_secret room = { 0 };
	struct sensor_no no = { 0 };
	bool match = false;
	enum att_err e = att_secret_new(&room, sizeof(struct bio_template));

	if (e == ATT_OK)
		e = still_permitted(d, l);
	if (e == ATT_OK) {
		e = reader_capture(d, (struct bio_template *)room.at, &no);
		if (e != ATT_OK)
			return reader_excuse(d, e, &no);
		e = still_permitted(d, l);
	}
	if (e == ATT_REFUSED)
		return VERDICT_NOT_NOW; /* and was told */
	if (e == ATT_OK)
		e = turn_enter(d, &l->turn);
	if (e == ATT_OK)
		e = judge(
		    d, l, (const struct bio_template *)room.at, tx, &match);
	if (e == ATT_OK)
		return match ? VERDICT_ALLOW : VERDICT_DENY;
	turn_leave(&l->turn);
	if (e == ATT_LIMIT)
		return VERDICT_LOCKED;
	login_trouble(d, "comparing a finger", e);
	return VERDICT_UNAVAILABLE;
}
