/*
 * The canonical bytes that a consent event's signature covers, little-endian:
 *	"attend-consent-1"
 *	id[16] person[16]
 *	str8 purpose, u8 kind, u8 by_guardian
 *	str8 notice, le32 notice_major, notice_hash[32]
 *	le64 at_utc, str8 how, str8 place
 *	u8 has_paper, paper_hash[32]	zeros without a paper
 *	str8 guardian, str8 relation	empty unless by a guardian
 *	str8 until			"YYYY-MM-DD" or "-"
 * A disclosure's begin with "attend-consent-2" and end with
 *	str8 recipient, str8 aim
 *
 * Nothing here needs a store: whoever has the bytes and the site's public key
 * can check an event.
 */
#include "store/event.h"

#include "base/text.h"
#include "store/field.h"

#include <string.h>

static const char *const purposes[STORE_PURPOSE_COUNT] = {
#define X(name, id) [STORE_FOR_##name] = id,
	STORE_PURPOSES(X)
#undef X
};

static const char *const kinds[] = {
	[STORE_CONSENT_GIVEN] = "given",
	[STORE_CONSENT_REFUSED] = "refused",
	[STORE_CONSENT_WITHDRAWN] = "withdrawn",
};

const char *
store_purpose_id(enum store_purpose p)
{
	return p < STORE_PURPOSE_COUNT ? purposes[p] : "unknown";
}

enum att_err
store_purpose_find(const char *id, enum store_purpose *out)
{
	for (unsigned i = 0; i < STORE_PURPOSE_COUNT; i++)
		if (strcmp(id, purposes[i]) == 0) {
			*out = (enum store_purpose)i;
			return ATT_OK;
		}
	return ATT_ABSENT;
}

const char *
store_consent_kind_id(enum store_consent_kind k)
{
	return k >= STORE_CONSENT_GIVEN && k <= STORE_CONSENT_WITHDRAWN
	    ? kinds[k]
	    : "unknown";
}

enum att_err
event_bytes(const uint8_t person[VAULT_ID_LEN], const struct store_consent *c,
    struct event_bytes *out)
{
	static const uint8_t none[VAULT_HASH_LEN];
	struct att_writer w = att_writer_of(out->at, sizeof(out->at));
	bool disclosure = c->purpose == STORE_FOR_DISCLOSURE;
	char until[ATT_DATE_TEXT];

	att_date_format(c->until, until);
	att_put_bytes(
	    &w, disclosure ? "attend-consent-2" : "attend-consent-1", 16);
	att_put_bytes(&w, c->id, sizeof(c->id));
	att_put_bytes(&w, person, VAULT_ID_LEN);
	att_put_str8(&w, att_slice_of(store_purpose_id(c->purpose)));
	att_put_u8(&w, (uint8_t)c->kind);
	att_put_u8(&w, c->by_guardian ? 1 : 0);
	att_put_str8(&w, att_slice_of(c->notice));
	att_put_le32(&w, c->notice_major);
	att_put_bytes(&w, c->notice_hash, sizeof(c->notice_hash));
	att_put_le64(&w, (uint64_t)c->at_utc);
	att_put_str8(&w, att_slice_of(c->how));
	att_put_str8(&w, att_slice_of(c->place));
	att_put_u8(&w, c->has_paper ? 1 : 0);
	att_put_bytes(&w, c->has_paper ? c->paper_hash : none, VAULT_HASH_LEN);
	att_put_str8(&w, att_slice_of(c->guardian));
	att_put_str8(&w, att_slice_of(c->relation));
	att_put_str8(&w, att_slice_of(until));
	if (disclosure) {
		att_put_str8(&w, att_slice_of(c->recipient));
		att_put_str8(&w, att_slice_of(c->aim));
	}
	return att_writer_done(&w, &out->len);
}

bool
event_verify(const uint8_t pub[VAULT_PUBLIC_LEN],
    const uint8_t person[VAULT_ID_LEN], const struct store_consent *c)
{
	struct event_bytes bytes;

	return event_bytes(person, c, &bytes) == ATT_OK &&
	    vault_verify(
		pub, (struct att_slice){ bytes.at, bytes.len }, c->signature);
}

static bool
text_or_empty(const char *at, size_t cap)
{
	size_t len = strnlen(at, cap);

	return len < cap &&
	    att_text_ok((struct att_slice){ (const uint8_t *)at, len });
}

static bool
is_how(const char *how)
{
	return strcmp(how, "kiosk") == 0 || strcmp(how, "paper") == 0 ||
	    strcmp(how, "command") == 0;
}

const char *
event_wrong(const struct store_consent *c)
{
	bool given = c->kind == STORE_CONSENT_GIVEN;

	if (c->purpose >= STORE_PURPOSE_COUNT)
		return "consent: no such purpose";
	if (c->kind < STORE_CONSENT_GIVEN || c->kind > STORE_CONSENT_WITHDRAWN)
		return "consent: no such kind of event";
	if (!text_or_empty(c->how, sizeof(c->how)) || !is_how(c->how))
		return "consent: how must be kiosk, paper or command";
	if (!text_or_empty(c->place, sizeof(c->place)))
		return "consent: place must be text";
	if (!text_or_empty(c->guardian, sizeof(c->guardian)) ||
	    !text_or_empty(c->relation, sizeof(c->relation)))
		return "guardian: name and relation must be text";
	if (!field_date_ok(c->until))
		return "guardian: until must be a date in the calendar";
	if ((c->purpose == STORE_FOR_DISCLOSURE) !=
	    (c->recipient[0] != '\0' && c->aim[0] != '\0'))
		return "disclosure: recipient and aim are needed, and only "
		       "for that purpose";
	if (!text_or_empty(c->recipient, sizeof(c->recipient)) ||
	    !text_or_empty(c->aim, sizeof(c->aim)))
		return "disclosure: recipient and aim must be text";
	if (!c->by_guardian &&
	    (c->guardian[0] != '\0' || c->relation[0] != '\0' ||
		att_date_known(c->until)))
		return "guardian: the event is the person's own";
	if (c->by_guardian && given &&
	    (!field_text_ok(c->guardian) || !field_text_ok(c->relation)))
		return "guardian: name and relation are needed";
	return NULL;
}
