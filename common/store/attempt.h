/*
 * Attempts and locks. An attempt is written, durably, before anything is
 * verified, and counts as a failure until it is finished; so killing the
 * broker, cutting the power or leaving in the middle gains nobody a try.
 *
 * Counters: per subject and factor, and one for the whole kiosk. The subject
 * is the person's id, or a keyed tag of the name for people we do not know:
 * both are counted, locked and told so alike. What the kiosk is for others the
 * reader is for fingers; it has a counter of its own. Who proves the PIN has
 * the counters of the finger and the reader set back as well; the finger's not
 * where the PIN is only a part of what is asked for: who knows it would have
 * as many fingers to try as he likes.
 *
 * Locks run on two clocks. Within one boot the boot-time clock decides, which
 * cannot be set; after a reboot the wall clock does, and a wall clock behind
 * the time of the lock counts as no time passed before this boot.
 *
 * The lock begins with the attempt that reaches the limit, while that is still
 * being verified, and its success lifts it again. So ask whether somebody is
 * locked before store_attempt_begin or after store_attempt_finish, not between.
 */
#ifndef ATT_STORE_ATTEMPT_H
#define ATT_STORE_ATTEMPT_H

#include "store/store.h"

struct store_attempt_limits {
	uint32_t max_failures; /* at least 1; then the subject is locked */
	uint32_t lock_seconds;
	uint32_t kiosk_max_failures; /* without a success between; 0: off */
	uint32_t kiosk_lock_seconds;
	/*
	 * 0: a lock that is over takes its failures with it. Else they stay,
	 * each further one brings the lock again, and with so many failures
	 * it does not end by itself.
	 */
	uint32_t most_failures;
};

/* The seconds of a lock that time does not end. */
#define STORE_LOCKED_FOR_GOOD UINT32_MAX

struct store_attempt {
	uint8_t subject[VAULT_ID_LEN];
	bool known; /* subject is a person's id */
	uint32_t factor; /* one bit of enum gate_factor */
	const char *service; /* borrowed; at most 255 bytes */
	/*
	 * Whose finger it is was not said but is searched for: failures count
	 * for the reader alone, and a success sets nothing back, it has proven
	 * nothing yet. The subject only keeps the attempt's place.
	 */
	bool proposes;
	const uint8_t *origin; /* tag of who tries, borrowed; NULL: anybody */
	bool partial; /* a success does not let in by itself */
	int64_t id; /* out of begin */
};

/* The tag of a name we do not know, from its bytes as typed. */
void store_attempt_stranger(const struct store *s, struct att_slice name,
    uint8_t subject[VAULT_ID_LEN]);

/*
 * The tag of a local user who tries to become somebody else, as with su, from
 * what a request calls him. His failures count together, whoever he wants to
 * be, so that one account cannot lock everybody out: as many as a subject has,
 * then he is locked. A success takes none of them away; all are forgotten once
 * lock_seconds have passed without another.
 */
void store_attempt_origin(const struct store *s, struct att_slice ruser,
    uint8_t origin[VAULT_ID_LEN]);

/*
 * Remaining lock seconds of subject, kiosk or origin, whichever is longest; 0:
 * none. With kiosk_lock_seconds 0 the kiosk does not count.
 */
enum att_err store_attempt_locked(struct store *s, const struct att_now *now,
    const struct store_attempt *a, const struct store_attempt_limits *limits,
    uint32_t *seconds) ATT_CHECKED;

/*
 * Reserve an attempt, in a transaction of the caller's that he commits before
 * verifying. ATT_LIMIT: locked now (pending attempts count), *seconds says
 * how long; nothing was written.
 */
enum att_err store_attempt_begin(struct store *s, const struct store_by *by,
    const struct store_attempt_limits *limits, struct store_attempt *a,
    uint32_t *seconds) ATT_CHECKED;

/*
 * Finish it, once: ATT_ABSENT for no such attempt, ATT_EXISTS for one that is
 * finished. success resets the subject's and the kiosk's counter. A failure
 * that reaches a limit starts the lock; *locked_seconds is then its length,
 * else 0.
 */
enum att_err store_attempt_finish(struct store *s, const struct store_by *by,
    const struct store_attempt_limits *limits, const struct store_attempt *a,
    bool success, uint32_t *locked_seconds) ATT_CHECKED;

/* Failures that count now, pending ones included. */
enum att_err store_attempt_failures(struct store *s,
    const uint8_t subject[VAULT_ID_LEN], uint32_t *n) ATT_CHECKED;

/*
 * The person's newest success within max_age seconds by the boot clock of
 * this boot, for phases that run in another process; service NULL for any,
 * with one of the factors of among, 0 for any. ATT_ABSENT.
 */
enum att_err store_attempt_recent(struct store *s, const struct att_now *now,
    const uint8_t person[VAULT_ID_LEN], const char *service, uint32_t among,
    uint32_t max_age, uint32_t *factor) ATT_CHECKED;

/* One person's attempts, oldest first. */
struct store_attempt_row {
	int64_t at_utc;
	uint32_t factor;
	char service[256];
	const char *outcome; /* "succeeded", "failed", "unfinished" */
};
typedef bool store_attempt_each(void *ctx, const struct store_attempt_row *a);
enum att_err
store_attempt_list(struct store *s, const uint8_t person[VAULT_ID_LEN],
    store_attempt_each *each, void *ctx) ATT_CHECKED;

/* Lift a lock and forget failures (an admin's decision; audited). */
enum att_err store_attempt_clear(struct store *s, const struct store_by *by,
    const uint8_t person[VAULT_ID_LEN]) ATT_CHECKED;

/*
 * Drop finished attempts of strangers, people's from before before_utc, and
 * counters of strangers who did not come again for a month. *n: rows; at most
 * STORE_PRUNE_MOST of each, so that logins need not wait: call again, in
 * another transaction, until it is 0. Audited if something went.
 */
#define STORE_PRUNE_MOST 10000
enum att_err store_attempt_prune(struct store *s, const struct store_by *by,
    int64_t before_utc, uint64_t *n) ATT_CHECKED;

#endif
