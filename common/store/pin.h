/* PIN credentials. The record itself never leaves the store's callers. */
#ifndef ATT_STORE_PIN_H
#define ATT_STORE_PIN_H

#include "store/store.h"

#define STORE_PIN_MIN	  4
#define STORE_PIN_MAX	  16
#define STORE_PIN_HISTORY 5 /* past PINs that are refused */

struct store_pin {
	uint8_t record[VAULT_PIN_LEN];
	bool must_change;
	int64_t set_utc;
};

/* ATT_ABSENT: the person has no PIN. */
enum att_err store_pin_get(struct store *s, const uint8_t person[VAULT_ID_LEN],
    struct store_pin *out) ATT_CHECKED;

/*
 * Replace the PIN record; the old one joins the history, of which the newest
 * STORE_PIN_HISTORY are kept. Clears the failure counter for the PIN.
 */
enum att_err store_pin_set(struct store *s, const struct store_by *by,
    const uint8_t person[VAULT_ID_LEN], const uint8_t record[VAULT_PIN_LEN],
    bool must_change) ATT_CHECKED;

/* Upgrade the stored parameters after a success; not a change of PIN. */
enum att_err store_pin_rehash(struct store *s, const struct store_by *by,
    const uint8_t person[VAULT_ID_LEN], const uint8_t record[VAULT_PIN_LEN])
    ATT_CHECKED;

/*
 * The current and past records, newest first, for checking reuse; at most
 * STORE_PIN_HISTORY + 1, written to records, their number to *n.
 */
enum att_err store_pin_past(struct store *s, const uint8_t person[VAULT_ID_LEN],
    uint8_t records[STORE_PIN_HISTORY + 1][VAULT_PIN_LEN], size_t *n)
    ATT_CHECKED;

#endif
