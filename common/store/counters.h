/*
 * The counters that one attempt moves: of its subject and factor, of the kiosk
 * or its reader, and of where it comes from. attempt.h says how they count.
 */
#ifndef ATT_STORE_COUNTERS_H
#define ATT_STORE_COUNTERS_H

#include "store/lock.h"

struct counters {
	struct lock_counter own, kiosk, origin;
};

enum att_err counters_get(struct store *s, const struct store_attempt *a,
    struct counters *c) ATT_CHECKED;

/* Which of the kiosk's counters: the reader's for fingers. */
uint32_t counters_kiosk_factor(uint32_t factor);

enum att_err counters_set_own(struct store *s, const struct att_now *now,
    const struct store_attempt *a, const struct lock_counter *c) ATT_CHECKED;
enum att_err counters_set_kiosk(struct store *s, const struct att_now *now,
    uint32_t factor, const struct lock_counter *c) ATT_CHECKED;

/* Whether only another factor's success ends the lock. */
bool counters_for_good(
    const struct lock_counter *c, const struct store_attempt_limits *limits);

/* Seconds left of the longest lock, as store_attempt_locked gives them. */
uint32_t counters_left(const struct counters *c, const struct att_now *now,
    const struct store_attempt_limits *limits);

/* Locks that are over take their failures with them, if limits say so. */
enum att_err counters_unlock(struct store *s, const struct store_by *by,
    const struct store_attempt_limits *limits, const struct store_attempt *a,
    struct counters *c) ATT_CHECKED;

/*
 * Count a failure of the origin, if there is one; each starts the time anew
 * after which all are forgotten.
 */
enum att_err counters_fail_origin(struct store *s, const struct att_now *now,
    const struct store_attempt_limits *limits, const struct store_attempt *a,
    struct lock_counter *c) ATT_CHECKED;

/* Set back what a success sets back; origins stay. */
enum att_err counters_succeed(struct store *s, const struct store_by *by,
    const struct store_attempt *a) ATT_CHECKED;

#endif
