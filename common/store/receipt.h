/*
 * Receipts: a consent event as text that the person keeps, and that anybody
 * can check with the site's public key alone, without a store.
 *
 *	-----BEGIN ATTEND RECEIPT-----
 *	key         16 hex digits	which key: the front of its hash
 *	id          32 hex digits
 *	person      32 hex digits
 *	purpose     biometric.finger
 *	event       given | refused | withdrawn
 *	by          self | guardian
 *	notice      2
 *	major       2
 *	notice-hash 64 hex digits
 *	at          2026-11-26T04:30:00Z
 *	how         kiosk | paper | command
 *	place       login		only if there is one
 *	paper       64 hex digits	only if there is one
 *	guardian    NAME		these three only of a guardian,
 *	relation    RELATION
 *	until       2027-01-31		and this only if there is one
 *	recipient   WHOM		these two only of a disclosure
 *	aim         WHAT FOR
 *	signature   128 hex digits
 *	-----END ATTEND RECEIPT-----
 *
 * Lines in this order, a name and its value from column 12 on; everything
 * but the key is signed, as the bytes that event_bytes.c documents. Text
 * around receipts is nobody's.
 *
 * A public key is a line "attend-key 1 " and 64 hex digits.
 */
#ifndef ATT_STORE_RECEIPT_H
#define ATT_STORE_RECEIPT_H

#include "store/consent.h"

#define RECEIPT_MAX    2048 /* bytes of one */
#define RECEIPT_KEY_ID 8

struct receipt {
	uint8_t key[RECEIPT_KEY_ID];
	uint8_t person[VAULT_ID_LEN];
	struct store_consent consent;
};

/* NUL-terminated text into buf of RECEIPT_MAX bytes. */
void receipt_format(const uint8_t pub[VAULT_PUBLIC_LEN],
    const uint8_t person[VAULT_ID_LEN], const struct store_consent *c,
    char *buf);

/*
 * Take the next receipt of a text and move *text behind it. ATT_ABSENT: there
 * is no more; ATT_FORMAT: it is not as documented (*text is behind its first
 * line then).
 */
enum att_err receipt_next(const char **text, struct receipt *out) ATT_CHECKED;

/* Whether the key is the one that the receipt names. */
bool
receipt_names(const struct receipt *r, const uint8_t pub[VAULT_PUBLIC_LEN]);
/* Whether it was signed with the key, and nothing was changed since. */
bool
receipt_verify(const struct receipt *r, const uint8_t pub[VAULT_PUBLIC_LEN]);

#define RECEIPT_KEY_TEXT 80 /* bytes of a key's line, with its NUL */
void receipt_key_format(const uint8_t pub[VAULT_PUBLIC_LEN], char *buf);
/* The next key of a text; as receipt_next. */
enum att_err
receipt_key_next(const char **text, uint8_t pub[VAULT_PUBLIC_LEN]) ATT_CHECKED;

#endif
