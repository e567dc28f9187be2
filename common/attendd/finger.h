/*
 * The finger of one person in a login: whether it may be asked for at all, and
 * whether a sample is it.
 */
#ifndef ATT_ATTENDD_FINGER_H
#define ATT_ATTENDD_FINGER_H

#include "attendd/phases.h"
#include "attendd/reader.h"
#include "bio/print.h"
#include "store/attempt.h"
#include "store/finger.h"

/* Minutiae as libfprint's extractor finds them, matched by common/bio. */
#define FINGER_ALGORITHM 1

/* 5 failures, then 30 s before each try, 50 and it needs the PIN: the limits
 * of NIST SP 800-63B-4, for a person and for the reader. */
extern const struct store_attempt_limits finger_limits;

/*
 * Whether this login may ask for the person's finger: the service's expression
 * has a use for it, the person stands here, would be let in by it, which takes
 * her consent to just this, has a finger enrolled and no lock on it, and a
 * reader is ready. Asked in this order, so that nothing is asked of
 * attend-sensor about anybody who did not consent. Trouble with the store
 * means no, and is logged.
 */
bool finger_offered(struct dialogue *d, const struct login *l);

/* Of that: whether a finger brings any alternative nearer. */
bool finger_has_use(const struct gate_factors *wanted);

/* And all that is about the person. Errors are the store's. */
enum att_err finger_allowed(
    struct dialogue *d, const struct login *l, bool *yes) ATT_CHECKED;

/*
 * Whether her fingers may be enrolled, looked at or kept then: *why is
 * GATE_R_OK if she is employed here and there is consent that holds, to the
 * login and to the finger, from whoever has to give it. Locks, opening hours
 * and the first day of work have no say. Errors are the store's.
 */
enum att_err
finger_permitted(struct dialogue *d, const struct store_employee *e,
    const struct att_now *now, enum gate_reason *why) ATT_CHECKED;

/*
 * Whether the consent to her fingers is over for good: a guardian's that has
 * expired, or ended with the minority. A notice that has changed since is
 * none of these: it can be agreed to again.
 */
enum att_err finger_lapsed(struct dialogue *d, const struct store_employee *e,
    bool *lapsed) ATT_CHECKED;

/* What a sample turned out to be. */
struct finger_match {
	bool match;
	uint8_t finger; /* the most alike of the person's, 0: none */
	uint32_t score, threshold; /* never logged; to be shown to root */
};

/*
 * Compare a sample with all fingers that the person has enrolled. ATT_ABSENT:
 * there are none; ATT_LIMIT: too little of a finger to compare; ATT_FORMAT: not
 * a finger's sample; ATT_CORRUPT, ATT_NOMEM. *out is then not written.
 */
enum att_err
finger_compare(struct dialogue *d, const uint8_t person[VAULT_ID_LEN],
    const struct bio_sample *sample, struct finger_match *out) ATT_CHECKED;

/*
 * One enrolled finger, opened into out, memory fit for it that the caller
 * wipes. ATT_ABSENT, ATT_CORRUPT, ATT_NOMEM.
 */
enum att_err
finger_open(struct store *s, const uint8_t person[VAULT_ID_LEN], uint8_t finger,
    struct store_finger *f, struct bio_template *out) ATT_CHECKED;

/*
 * The prints of one enrolled finger, ready to be compared: *n of them, each in
 * out. ATT_ABSENT, ATT_CORRUPT, ATT_NOMEM.
 */
enum att_err finger_prints(struct store *s, const uint8_t person[VAULT_ID_LEN],
    uint8_t finger, struct bio_print out[BIO_SAMPLES_MAX], size_t *n)
    ATT_CHECKED;

/* The name of a finger as commands take it, "right-index"; "?" for others. */
const char *finger_name(uint8_t finger);
/* And for people, a msgid: "right index finger". */
const char *finger_text(uint8_t finger);
/* ATT_ABSENT: no such finger. */
enum att_err finger_find(const char *name, uint8_t *finger) ATT_CHECKED;

#endif
