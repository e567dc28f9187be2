/* One consent event by itself: its grammar and its signature. */
#ifndef ATT_STORE_EVENT_H
#define ATT_STORE_EVENT_H

#include "store/consent.h"

/* Why an event cannot be recorded as it is, English; NULL: it can. */
const char *event_wrong(const struct store_consent *c);

/* Sign the event's canonical bytes, documented in event.c. */
enum att_err event_sign(const struct store *s,
    const uint8_t person[VAULT_ID_LEN], struct store_consent *c) ATT_CHECKED;

#endif
