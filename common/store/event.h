/* One consent event by itself: its grammar, its bytes and its signature. */
#ifndef ATT_STORE_EVENT_H
#define ATT_STORE_EVENT_H

#include "store/consent.h"

/* Why an event cannot be recorded as it is, English; NULL: it can. */
const char *event_wrong(const struct store_consent *c);

/* What the signature covers, documented in event_bytes.c. */
struct event_bytes {
	uint8_t at[1024];
	size_t len;
};
enum att_err event_bytes(const uint8_t person[VAULT_ID_LEN],
    const struct store_consent *c, struct event_bytes *out) ATT_CHECKED;

/* Whether the event's signature is by the key and fits its content. */
bool event_verify(const uint8_t pub[VAULT_PUBLIC_LEN],
    const uint8_t person[VAULT_ID_LEN], const struct store_consent *c);

/* Sign it with the site's key. */
enum att_err event_sign(const struct store *s,
    const uint8_t person[VAULT_ID_LEN], struct store_consent *c) ATT_CHECKED;

/*
 * An event has no row version, it never changes; its own id takes that place
 * in the seal, so that no event's guardian fits into another.
 */
int64_t event_seal_version(const struct store_consent *c);

/*
 * What was said to the same question before, genuine or not; key is opened
 * when first needed. ATT_ABSENT: never asked.
 */
enum att_err event_last(struct store *s, const uint8_t person[VAULT_ID_LEN],
    struct att_secret *key, const struct store_consent *c,
    struct store_consent *last) ATT_CHECKED;

/*
 * Record an event that is complete but for its signature, with all that
 * follows from it. In a transaction; the person's key is open.
 */
enum att_err event_put(struct store *s, const struct store_by *by,
    const uint8_t person[VAULT_ID_LEN], const struct att_secret *key,
    struct store_consent *c) ATT_CHECKED;

#endif
