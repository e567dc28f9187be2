#include "store/event.h"

#include "store/db.h"

bool
store_consent_genuine(const struct store *s, const uint8_t person[VAULT_ID_LEN],
    const struct store_consent *c)
{
	uint8_t pub[VAULT_PUBLIC_LEN];

	vault_public(s->vault, pub);
	return event_verify(pub, person, c);
}

enum att_err
event_sign(const struct store *s, const uint8_t person[VAULT_ID_LEN],
    struct store_consent *c)
{
	struct event_bytes bytes;
	enum att_err e = event_bytes(person, c, &bytes);

	if (e == ATT_OK)
		vault_sign(s->vault, (struct att_slice){ bytes.at, bytes.len },
		    c->signature);
	return e;
}
