/*
 * How attempts move the counters.
 *
 * Beginning one writes it as pending; a pending attempt counts as a failure
 * of its subject. If it makes the count reach the limit, the lock begins
 * there and then, and only its success takes it away again. So whatever
 * happens to the process that verifies, the store is already as strict as
 * after a failure.
 *
 * The kiosk's counter takes finished failures only, because many people may
 * log in at the same moment; an attempt that nobody finished within
 * STALE_SECONDS, or before a reboot, is a failure there too, written when the
 * next attempt begins.
 */
#include "store/attempt.h"

#include "gate/factors.h"
#include "store/counters.h"
#include "store/person.h"

#include <string.h>

#define STALE_SECONDS 120 /* longer than any verification */

enum attempt_state {
	PENDING = 0,
	SUCCESS = 1,
	FAILURE = 2,
	FORGOTTEN = 3, /* pending when the counter was set back */
	STALE = 4, /* never finished, counted */
};

void
store_attempt_stranger(
    const struct store *s, struct att_slice name, uint8_t subject[VAULT_ID_LEN])
{
	_Static_assert(VAULT_TAG_LEN == VAULT_ID_LEN, "a tag is an id");
	vault_index(s->vault, "attempt-stranger", name, subject);
}

void
store_attempt_origin(
    const struct store *s, struct att_slice ruser, uint8_t origin[VAULT_ID_LEN])
{
	vault_index(s->vault, "attempt-origin", ruser, origin);
}

enum att_err
store_attempt_locked(struct store *s, const struct att_now *now,
    const struct store_attempt *a, const struct store_attempt_limits *limits,
    uint32_t *seconds)
{
	struct counters c;
	enum att_err e = counters_get(s, a, &c);

	if (e == ATT_OK)
		*seconds = counters_left(&c, now, limits);
	return e;
}

static enum att_err
pending(struct store *s, const struct store_attempt *a, uint64_t *n)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_ATTEMPT_PENDING);

	db_bind_id(&q, ":subject", a->subject);
	db_bind_int(&q, ":factor", a->factor);
	return db_count(&q, n);
}

static void
stale_bind(struct db_query *q, const struct att_now *now)
{
	db_bind_id(q, ":boot_id", now->boot_id);
	db_bind_int(q, ":before", now->boot - STALE_SECONDS);
}

static enum att_err
stale_count(
    struct store *s, const struct att_now *now, bool of_finger, uint64_t *n)
{
	STORE_AUTO_QUERY struct db_query q =
	    db_query(s, STMT_ATTEMPT_STALE_COUNT);

	stale_bind(&q, now);
	db_bind_int(&q, ":finger", GATE_FINGER);
	db_bind_int(&q, ":of_finger", of_finger);
	return db_count(&q, n);
}

static enum att_err
stale_run(struct store *s, const struct att_now *now, enum store_stmt which)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, which);

	stale_bind(&q, now);
	db_bind_int(&q, ":utc", now->utc);
	return db_run(&q);
}

static enum att_err
kiosk_add(
    struct store *s, const struct att_now *now, uint32_t factor, uint64_t n)
{
	struct lock_counter kiosk;
	enum att_err e =
	    lock_get(s, lock_kiosk, counters_kiosk_factor(factor), &kiosk);

	if (e != ATT_OK || n == 0)
		return e;
	kiosk.failures += (uint32_t)n;
	return counters_set_kiosk(s, now, factor, &kiosk);
}

/* Attempts that nobody will finish become failures, the kiosk's too. */
static enum att_err
settle(struct store *s, const struct att_now *now)
{
	uint64_t fingers = 0, others = 0;
	enum att_err e = stale_count(s, now, true, &fingers);

	if (e == ATT_OK)
		e = stale_count(s, now, false, &others);
	if (e != ATT_OK || fingers + others == 0)
		return e;
	e = stale_run(s, now, STMT_ATTEMPT_STALE_ADD);
	if (e == ATT_OK)
		e = stale_run(s, now, STMT_ATTEMPT_STALE_END);
	if (e == ATT_OK)
		e = kiosk_add(s, now, GATE_FINGER, fingers);
	return e == ATT_OK ? kiosk_add(s, now, GATE_PIN, others) : e;
}

static enum att_err
attempt_add(
    struct store *s, const struct att_now *now, const struct store_attempt *a)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_ATTEMPT_ADD);

	db_bind_id(&q, ":subject", a->subject);
	db_bind_int(&q, ":known", a->known);
	db_bind_int(&q, ":factor", a->factor);
	db_bind_text(&q, ":service", a->service != NULL ? a->service : "");
	db_bind_id(&q, ":boot_id", now->boot_id);
	db_bind_int(&q, ":utc", now->utc);
	db_bind_int(&q, ":boot", now->boot);
	return db_run(&q);
}

/* Start the lock if failures and pending attempts have reached the limit. */
static enum att_err
lock_if_reached(struct store *s, const struct att_now *now,
    const struct store_attempt_limits *limits, const struct store_attempt *a,
    struct lock_counter *own, bool *reached)
{
	uint64_t n = 0;
	enum att_err e = a->proposes ? ATT_OK : pending(s, a, &n);

	if (e != ATT_OK)
		return e;
	*reached = !a->proposes && own->failures + n >= limits->max_failures;
	if (*reached)
		lock_start(own, now);
	return ATT_OK;
}

static enum att_err
attempt_record(struct store *s, const struct store_by *by, const char *event,
    const struct store_attempt *a, struct detail *d)
{
	detail_int(d, "attempt", a->id);
	detail_int(d, "factor", a->factor);
	detail_text(d, "service", a->service != NULL ? a->service : "");
	return store_audit(s, by, event, a->known ? a->subject : NULL, d->text);
}

static enum att_err
reserve(struct store *s, const struct store_by *by,
    const struct store_attempt_limits *limits, struct store_attempt *a)
{
	struct counters c;
	struct detail d = { 0 };
	bool reached = false;
	enum att_err e = settle(s, &by->now);

	if (e == ATT_OK)
		e = attempt_add(s, &by->now, a);
	if (e != ATT_OK)
		return e;
	a->id = sqlite3_last_insert_rowid(s->db);
	e = counters_get(s, a, &c);
	if (e == ATT_OK)
		e = lock_if_reached(s, &by->now, limits, a, &c.own, &reached);
	if (e == ATT_OK && reached)
		e = counters_set_own(s, &by->now, a, &c.own);
	if (e != ATT_OK)
		return e;
	return attempt_record(s, by, "attempt-begin", a, &d);
}

enum att_err
store_attempt_begin(struct store *s, const struct store_by *by,
    const struct store_attempt_limits *limits, struct store_attempt *a,
    uint32_t *seconds)
{
	struct store_attempt fresh = *a;
	struct counters c;
	uint32_t left;
	enum att_err e = db_need_tx(s);

	if (e == ATT_OK)
		e = counters_get(s, a, &c);
	if (e != ATT_OK)
		return e;
	left = counters_left(&c, &by->now, limits);
	if (left > 0) {
		*seconds = left;
		return db_trouble(s, ATT_LIMIT, "locked");
	}
	e = counters_unlock(s, by, limits, a, &c);
	if (e == ATT_OK)
		e = reserve(s, by, limits, &fresh);
	if (e == ATT_OK)
		*a = fresh;
	return e;
}

static enum att_err
state_get(
    struct store *s, const struct store_attempt *a, enum attempt_state *state)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_ATTEMPT_GET);
	enum attempt_state found;
	enum att_err e;

	db_bind_int(&q, ":id", a->id);
	db_bind_id(&q, ":subject", a->subject);
	db_bind_int(&q, ":factor", a->factor);
	e = db_step(&q);
	if (e == ATT_ABSENT)
		return db_trouble(s, e, "no such attempt");
	found = (enum attempt_state)db_take_int_in(&q, PENDING, STALE);
	e = db_query_done(&q);
	if (e == ATT_OK)
		*state = found;
	return e;
}

static enum att_err
state_set(struct store *s, const struct att_now *now,
    const struct store_attempt *a, enum attempt_state state)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_ATTEMPT_END);

	db_bind_int(&q, ":state", state);
	db_bind_int(&q, ":utc", now->utc);
	db_bind_int(&q, ":boot", now->boot);
	db_bind_int(&q, ":id", a->id);
	return db_run(&q);
}

static enum att_err
fail(struct store *s, const struct store_by *by,
    const struct store_attempt_limits *limits, const struct store_attempt *a,
    bool counted, uint32_t *locked_seconds)
{
	struct counters c;
	bool reached = false;
	uint32_t seconds = 0;
	enum att_err e = counters_get(s, a, &c);

	if (e != ATT_OK)
		return e;
	if (!counted) { /* as stale already */
		c.own.failures++;
		c.kiosk.failures++;
	}
	e = lock_if_reached(s, &by->now, limits, a, &c.own, &reached);
	if (e != ATT_OK)
		return e;
	if (reached)
		seconds = limits->lock_seconds;
	if (counters_for_good(&c.own, limits) ||
	    counters_for_good(&c.kiosk, limits))
		seconds = STORE_LOCKED_FOR_GOOD;
	if (limits->kiosk_max_failures > 0 &&
	    c.kiosk.failures >= limits->kiosk_max_failures) {
		lock_start(&c.kiosk, &by->now);
		if (seconds < limits->kiosk_lock_seconds)
			seconds = limits->kiosk_lock_seconds;
	}
	e = counters_set_own(s, &by->now, a, &c.own);
	if (e == ATT_OK)
		e = counters_set_kiosk(s, &by->now, a->factor, &c.kiosk);
	if (e == ATT_OK)
		e = counters_fail_origin(s, &by->now, limits, a, &c.origin);
	if (c.origin.failures >= limits->max_failures &&
	    seconds < limits->lock_seconds)
		seconds = limits->lock_seconds;
	if (e == ATT_OK)
		*locked_seconds = seconds;
	return e;
}

enum att_err
store_attempt_finish(struct store *s, const struct store_by *by,
    const struct store_attempt_limits *limits, const struct store_attempt *a,
    bool success, uint32_t *locked_seconds)
{
	enum attempt_state state = PENDING;
	struct detail d = { 0 };
	uint32_t seconds = 0;
	enum att_err e = db_need_tx(s);

	if (e == ATT_OK)
		e = state_get(s, a, &state);
	if (e != ATT_OK)
		return e;
	if (state == SUCCESS || state == FAILURE)
		return db_trouble(s, ATT_EXISTS, "the attempt is finished");
	e = state_set(s, &by->now, a, success ? SUCCESS : FAILURE);
	if (e == ATT_OK && success)
		e = counters_succeed(s, by, a);
	if (e == ATT_OK && !success)
		e = fail(s, by, limits, a, state == STALE, &seconds);
	if (e != ATT_OK)
		return e;
	detail_text(&d, "result", success ? "success" : "failure");
	detail_int(&d, "locked_seconds", seconds);
	e = attempt_record(s, by, "attempt-end", a, &d);
	if (e == ATT_OK)
		*locked_seconds = seconds;
	return e;
}
