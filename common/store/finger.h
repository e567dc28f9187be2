/*
 * Enrolled fingers. A template is bytes here (bio/template.h), sealed under
 * its person's key for that person, finger, driver, algorithm and version: one
 * that is moved to anybody or anything else does not open.
 *
 * Whoever enrols has seen to it that the samples are of one finger and that
 * nobody else has it, and whose consent it takes. The store refuses a template
 * without a consent that holds now, as the gate judges it; and what is here
 * goes with the consent for it (consent.h), whoever takes that back.
 */
#ifndef ATT_STORE_FINGER_H
#define ATT_STORE_FINGER_H

#include "store/store.h"

#define STORE_FINGER_MAX  16384 /* bytes of a template */
#define STORE_DRIVER_MAX  31
#define STORE_FINGERS_ALL 0 /* in place of a finger */

/* All but the template. */
struct store_finger {
	uint8_t finger; /* 1 to 10, enum bio_finger */
	int64_t version; /* never the same for two enrolments; out */
	char driver[STORE_DRIVER_MAX + 1]; /* of the reader */
	uint32_t algorithm; /* of minutiae and matching, 1 to 255 */
	uint32_t samples; /* 1 to 8 */
	int64_t enrolled_utc; /* out */
};

/*
 * Enrol: version and enrolled_utc come out. majority: the site's, in years. In
 * a transaction. ATT_ABSENT: no such person, or erased; ATT_REFUSED: there is
 * no consent to it that holds today, of whom it takes; ATT_EXISTS: that finger
 * is enrolled already; ATT_LIMIT: a template of no or too many bytes.
 */
enum att_err store_finger_add(struct store *s, const struct store_by *by,
    const uint8_t person[VAULT_ID_LEN], uint32_t majority,
    struct store_finger *f, struct att_slice template) ATT_CHECKED;

/*
 * A finger's template into buf of cap bytes, memory fit for it that the caller
 * wipes. ATT_ABSENT: no such finger; ATT_CORRUPT: it does not open;
 * ATT_LIMIT: more than cap bytes. *f and *len are then not written.
 */
enum att_err store_finger_get(struct store *s,
    const uint8_t person[VAULT_ID_LEN], uint8_t finger, struct store_finger *f,
    void *buf, size_t cap, size_t *len) ATT_CHECKED;

/* How many a person has: 0 or 1 of one finger, or of STORE_FINGERS_ALL. */
enum att_err
store_finger_count(struct store *s, const uint8_t person[VAULT_ID_LEN],
    uint8_t finger, uint64_t *n) ATT_CHECKED;

/* A person's fingers in their order; each returns false to end. */
typedef bool store_finger_each(void *ctx, const uint8_t person[VAULT_ID_LEN],
    const struct store_finger *f);
enum att_err
store_finger_list(struct store *s, const uint8_t person[VAULT_ID_LEN],
    store_finger_each *each, void *ctx) ATT_CHECKED;

/* Everybody's, suspended people's too, in the order of person and finger. */
enum att_err store_finger_every(
    struct store *s, store_finger_each *each, void *ctx) ATT_CHECKED;

/*
 * Of those the ones that may be compared with a finger of somebody unknown: of
 * people employed today who, or whose guardian, said yes to it last, to a
 * notice no older than the one in force at at_utc. No signature is looked at
 * and no age: whoever is found that way has yet to be asked about in full.
 */
enum att_err store_finger_searchable(struct store *s, int64_t at_utc,
    struct att_date today, store_finger_each *each, void *ctx) ATT_CHECKED;

/*
 * A number that is another after every change of any finger. store_restore
 * may set it back.
 */
enum att_err store_fingers_changed(struct store *s, uint64_t *n) ATT_CHECKED;

/*
 * Destroy one finger or STORE_FINGERS_ALL of a person; why is a word for the
 * audit record ("withdrawn", "office"). *n: how many there were; with 0 there
 * is nothing to record. In a transaction; follow the commit with store_tidy.
 */
enum att_err store_finger_destroy(struct store *s, const struct store_by *by,
    const uint8_t person[VAULT_ID_LEN], uint8_t finger, const char *why,
    uint64_t *n) ATT_CHECKED;

#endif
