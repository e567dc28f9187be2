#include "store/counters.h"

#include "gate/factors.h"

uint32_t
counters_kiosk_factor(uint32_t factor)
{
	return factor == GATE_FINGER ? GATE_FINGER : LOCK_KIOSK_FACTOR;
}

enum att_err
counters_get(struct store *s, const struct store_attempt *a, struct counters *c)
{
	enum att_err e = ATT_OK;

	c->own = (struct lock_counter){ 0 };
	if (!a->proposes)
		e = lock_get(s, a->subject, a->factor, &c->own);
	if (e == ATT_OK)
		e = lock_get(
		    s, lock_kiosk, counters_kiosk_factor(a->factor), &c->kiosk);
	c->origin = (struct lock_counter){ 0 };
	if (e == ATT_OK && a->origin != NULL)
		e = lock_get(s, a->origin, LOCK_ORIGIN_FACTOR, &c->origin);
	return e;
}

enum att_err
counters_set_own(struct store *s, const struct att_now *now,
    const struct store_attempt *a, const struct lock_counter *c)
{
	return a->proposes
	    ? ATT_OK
	    : lock_set(s, now, a->subject, a->known, a->factor, c);
}

enum att_err
counters_set_kiosk(struct store *s, const struct att_now *now, uint32_t factor,
    const struct lock_counter *c)
{
	return lock_set(
	    s, now, lock_kiosk, false, counters_kiosk_factor(factor), c);
}

bool
counters_for_good(
    const struct lock_counter *c, const struct store_attempt_limits *limits)
{
	return limits->most_failures > 0 &&
	    c->failures >= limits->most_failures;
}

uint32_t
counters_left(const struct counters *c, const struct att_now *now,
    const struct store_attempt_limits *limits)
{
	uint32_t left = lock_left(&c->own, now, limits->lock_seconds);
	uint32_t kiosk = lock_left(&c->kiosk, now, limits->kiosk_lock_seconds);
	uint32_t origin = lock_left(&c->origin, now, limits->lock_seconds);

	if (counters_for_good(&c->own, limits) ||
	    counters_for_good(&c->kiosk, limits))
		return STORE_LOCKED_FOR_GOOD;
	if (left < kiosk)
		left = kiosk;
	if (left < origin && c->origin.failures >= limits->max_failures)
		left = origin;
	return left;
}

enum att_err
counters_fail_origin(struct store *s, const struct att_now *now,
    const struct store_attempt_limits *limits, const struct store_attempt *a,
    struct lock_counter *c)
{
	if (a->origin == NULL)
		return ATT_OK;
	if (lock_left(c, now, limits->lock_seconds) == 0)
		c->failures = 0;
	c->failures++;
	lock_start(c, now);
	return lock_set(s, now, a->origin, false, LOCK_ORIGIN_FACTOR, c);
}

enum att_err
counters_unlock(struct store *s, const struct store_by *by,
    const struct store_attempt_limits *limits, const struct store_attempt *a,
    struct counters *c)
{
	const struct lock_counter zero = { 0 };
	enum att_err e = ATT_OK;

	if (limits->most_failures > 0)
		return ATT_OK;
	if (c->own.locked)
		e = lock_reset(s, by, a->subject, a->known, a->factor);
	if (e == ATT_OK && c->kiosk.locked)
		e = counters_set_kiosk(s, &by->now, a->factor, &zero);
	return e;
}

/* A kiosk lock that began meanwhile stays; only its counter is set back. */
static enum att_err
forgive(struct store *s, const struct store_by *by,
    const struct store_attempt *a, bool own)
{
	struct counters c;
	enum att_err e = counters_get(s, a, &c);

	if (e == ATT_OK && own)
		e = lock_reset(s, by, a->subject, a->known, a->factor);
	if (e != ATT_OK || c.kiosk.failures == 0)
		return e;
	c.kiosk.failures = 0;
	return counters_set_kiosk(s, &by->now, a->factor, &c.kiosk);
}

enum att_err
counters_succeed(
    struct store *s, const struct store_by *by, const struct store_attempt *a)
{
	struct store_attempt finger = *a;
	struct counters c;
	enum att_err e = a->proposes ? ATT_OK : forgive(s, by, a, true);

	finger.factor = GATE_FINGER;
	finger.origin = NULL;
	if (e == ATT_OK && a->factor == GATE_PIN)
		e = counters_get(s, &finger, &c);
	if (e != ATT_OK || a->factor != GATE_PIN ||
	    (c.own.failures == 0 && c.kiosk.failures == 0))
		return e;
	return forgive(s, by, &finger, !a->partial);
}
