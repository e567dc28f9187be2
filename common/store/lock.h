/*
 * Counters and the locks they lead to, without the attempts that move them.
 * A counter belongs to a subject and factor, or to the whole kiosk.
 */
#ifndef ATT_STORE_LOCK_H
#define ATT_STORE_LOCK_H

#include "store/attempt.h"
#include "store/db.h"

/*
 * Subject and factor of the kiosk's own counter. Its reader's has the same
 * subject, and the finger as its factor.
 */
extern const uint8_t lock_kiosk[VAULT_ID_LEN];
#define LOCK_KIOSK_FACTOR 0
/* An origin is a tag of its own. */
#define LOCK_ORIGIN_FACTOR 0

struct lock_counter {
	uint32_t failures; /* since the last success, finished ones only */
	bool locked; /* perhaps over by now: lock_left tells */
	int64_t utc, boot; /* when the lock began, on both clocks */
	uint8_t boot_id[ATT_BOOT_ID_LEN];
};

/* A counter that was never written reads as zero. */
enum att_err lock_get(struct store *s, const uint8_t subject[VAULT_ID_LEN],
    uint32_t factor, struct lock_counter *out) ATT_CHECKED;
enum att_err lock_set(struct store *s, const struct att_now *now,
    const uint8_t subject[VAULT_ID_LEN], bool known, uint32_t factor,
    const struct lock_counter *c) ATT_CHECKED;

/* The lock begins now. */
void lock_start(struct lock_counter *c, const struct att_now *now);

/*
 * Seconds the lock has left if it lasts lock_seconds; 0: none or over. Within
 * the boot it began in the boot clock decides. After a reboot it is at least
 * as old as this boot, and as old as the wall clock says if that is more.
 */
uint32_t lock_left(const struct lock_counter *c, const struct att_now *now,
    uint32_t lock_seconds);

/* No failures, no lock; attempts still being verified count if they fail. */
enum att_err lock_reset(struct store *s, const struct store_by *by,
    const uint8_t subject[VAULT_ID_LEN], bool known, uint32_t factor)
    ATT_CHECKED;

#endif
