#include "store/receipt.h"

#include "base/text.h"
#include "store/event.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BEGIN	"-----BEGIN ATTEND RECEIPT-----\n"
#define END	"-----END ATTEND RECEIPT-----\n"
#define KEY	"attend-key 1 "
#define UTC	"%Y-%m-%dT%H:%M:%SZ"
#define UTC_MAX 32
#define COLUMN	12 /* where values begin */

/* --- writing */

struct out {
	char *buf;
	size_t used;
};

static void
put(struct out *o, const char *name, const char *value)
{
	int n = snprintf(
	    o->buf + o->used, RECEIPT_MAX - o->used, "%-11s %s\n", name, value);

	if (n > 0 && (size_t)n < RECEIPT_MAX - o->used)
		o->used += (size_t)n;
}

static void
put_some(struct out *o, const char *name, const char *value)
{
	if (value[0] != '\0')
		put(o, name, value);
}

static void
put_hex(struct out *o, const char *name, const uint8_t *at, size_t len)
{
	char hex[2 * VAULT_SIG_LEN + 1];

	for (size_t i = 0; i < len; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", at[i]);
	put(o, name, hex);
}

static void
put_time(struct out *o, const char *name, int64_t utc)
{
	time_t t = (time_t)utc;
	struct tm tm = { 0 };
	char text[UTC_MAX] = "";

	(void)gmtime_r(&t, &tm); /* fails only past the year 2^31 */
	(void)strftime(text, sizeof(text), UTC, &tm);
	put(o, name, text);
}

static void
put_parties(struct out *o, const struct store_consent *c)
{
	char until[ATT_DATE_TEXT];

	att_date_format(c->until, until);
	if (c->has_paper)
		put_hex(o, "paper", c->paper_hash, sizeof(c->paper_hash));
	put_some(o, "guardian", c->guardian);
	put_some(o, "relation", c->relation);
	put_some(o, "until", att_date_known(c->until) ? until : "");
	put_some(o, "recipient", c->recipient);
	put_some(o, "aim", c->aim);
}

/* Which key: enough to tell a wrong key from a changed receipt. */
static void
key_id(const uint8_t *pub, uint8_t out[RECEIPT_KEY_ID])
{
	uint8_t hash[VAULT_HASH_LEN];

	vault_hash((struct att_slice){ pub, VAULT_PUBLIC_LEN }, hash);
	memcpy(out, hash, RECEIPT_KEY_ID);
}

void
receipt_format(const uint8_t pub[VAULT_PUBLIC_LEN],
    const uint8_t person[VAULT_ID_LEN], const struct store_consent *c,
    char *buf)
{
	struct out o = { buf, sizeof(BEGIN) - 1 };
	uint8_t key[RECEIPT_KEY_ID];
	char major[16];

	memcpy(buf, BEGIN, sizeof(BEGIN));
	key_id(pub, key);
	(void)snprintf(major, sizeof(major), "%" PRIu32, c->notice_major);
	put_hex(&o, "key", key, sizeof(key));
	put_hex(&o, "id", c->id, sizeof(c->id));
	put_hex(&o, "person", person, VAULT_ID_LEN);
	put(&o, "purpose", store_purpose_id(c->purpose));
	put(&o, "event", store_consent_kind_id(c->kind));
	put(&o, "by", c->by_guardian ? "guardian" : "self");
	put(&o, "notice", c->notice);
	put(&o, "major", major);
	put_hex(&o, "notice-hash", c->notice_hash, sizeof(c->notice_hash));
	put_time(&o, "at", c->at_utc);
	put(&o, "how", c->how);
	put_some(&o, "place", c->place);
	put_parties(&o, c);
	put_hex(&o, "signature", c->signature, sizeof(c->signature));
	(void)snprintf(buf + o.used, RECEIPT_MAX - o.used, "%s", END);
}

/* --- reading */

struct in {
	const char *at;
	bool failed;
};

/* Take the line of that name; its value, or NULL: the next one is another. */
static const char *
take(struct in *in, const char *name, size_t *len)
{
	size_t n = strlen(name);
	const char *value;

	if (in->failed || strncmp(in->at, name, n) != 0 ||
	    strspn(in->at + n, " ") < COLUMN - n)
		return NULL;
	value = in->at + COLUMN;
	*len = strcspn(value, "\n");
	in->at = value + *len;
	if (*in->at != '\n' || *len == 0) {
		in->failed = true;
		return NULL;
	}
	in->at++;
	return value;
}

/* An optional text; empty without its line. */
static void
take_some(struct in *in, const char *name, char *buf, size_t cap)
{
	size_t len = 0;
	const char *value = take(in, name, &len);
	struct att_slice text = { (const uint8_t *)value, len };

	buf[0] = '\0';
	if (value == NULL)
		return;
	/* what is shown to people cannot steer their terminal */
	if (!att_text_ok(text) || att_slice_str(text, buf, cap) != ATT_OK)
		in->failed = true;
}

static void
take_text(struct in *in, const char *name, char *buf, size_t cap)
{
	take_some(in, name, buf, cap);
	if (buf[0] == '\0')
		in->failed = true;
}

static int
nibble(char c)
{
	return c >= '0' && c <= '9' ? c - '0'
	    : c >= 'a' && c <= 'f'  ? c - 'a' + 10
				    : -1;
}

static bool
unhex(const char *text, size_t len, uint8_t *out, size_t want)
{
	if (len != 2 * want)
		return false;
	for (size_t i = 0; i < want; i++) {
		int high = nibble(text[2 * i]);
		int low = nibble(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		out[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

/* True if the line was there. */
static bool
take_hex(struct in *in, const char *name, uint8_t *out, size_t want)
{
	size_t len = 0;
	const char *value = take(in, name, &len);

	if (value == NULL)
		return false;
	if (!unhex(value, len, out, want))
		in->failed = true;
	return true;
}

static void
need_hex(struct in *in, const char *name, uint8_t *out, size_t want)
{
	if (!take_hex(in, name, out, want))
		in->failed = true;
}

static void
take_time(struct in *in, const char *name, int64_t *utc)
{
	char text[UTC_MAX], again[UTC_MAX] = "";
	struct tm tm = { 0 };
	time_t t;

	take_text(in, name, text, sizeof(text));
	if (in->failed || strptime(text, UTC, &tm) == NULL) {
		in->failed = true;
		return;
	}
	t = timegm(&tm);
	(void)gmtime_r(&t, &tm); /* fails only past the year 2^31 */
	(void)strftime(again, sizeof(again), UTC, &tm);
	/* one text a time, so that none can be written in two ways */
	in->failed = strcmp(text, again) != 0;
	*utc = (int64_t)t;
}

static void
take_words(struct in *in, struct store_consent *c)
{
	char purpose[24], event[16], by[16];

	take_text(in, "purpose", purpose, sizeof(purpose));
	take_text(in, "event", event, sizeof(event));
	take_text(in, "by", by, sizeof(by));
	if (in->failed || store_purpose_find(purpose, &c->purpose) != ATT_OK) {
		in->failed = true;
		return;
	}
	c->by_guardian = strcmp(by, "guardian") == 0;
	in->failed = !c->by_guardian && strcmp(by, "self") != 0;
	for (c->kind = STORE_CONSENT_GIVEN; c->kind <= STORE_CONSENT_WITHDRAWN;
	     c->kind++)
		if (strcmp(event, store_consent_kind_id(c->kind)) == 0)
			return;
	in->failed = true;
}

static void
take_major(struct in *in, uint32_t *major)
{
	char text[16], again[16];

	take_text(in, "major", text, sizeof(text));
	*major = (uint32_t)strtoul(text, NULL, 10);
	(void)snprintf(again, sizeof(again), "%" PRIu32, *major);
	if (strcmp(text, again) != 0)
		in->failed = true;
}

static void
take_until(struct in *in, struct att_date *until)
{
	char text[ATT_DATE_TEXT];

	take_some(in, "until", text, sizeof(text));
	if (text[0] != '\0' && att_date_parse(text, until) != ATT_OK)
		in->failed = true;
}

static void
take_receipt(struct in *in, struct receipt *r)
{
	struct store_consent *c = &r->consent;

	need_hex(in, "key", r->key, sizeof(r->key));
	need_hex(in, "id", c->id, sizeof(c->id));
	need_hex(in, "person", r->person, sizeof(r->person));
	take_words(in, c);
	take_text(in, "notice", c->notice, sizeof(c->notice));
	take_major(in, &c->notice_major);
	need_hex(in, "notice-hash", c->notice_hash, sizeof(c->notice_hash));
	take_time(in, "at", &c->at_utc);
	take_text(in, "how", c->how, sizeof(c->how));
	take_some(in, "place", c->place, sizeof(c->place));
	c->has_paper =
	    take_hex(in, "paper", c->paper_hash, sizeof(c->paper_hash));
	take_some(in, "guardian", c->guardian, sizeof(c->guardian));
	take_some(in, "relation", c->relation, sizeof(c->relation));
	take_until(in, &c->until);
	take_some(in, "recipient", c->recipient, sizeof(c->recipient));
	take_some(in, "aim", c->aim, sizeof(c->aim));
	need_hex(in, "signature", c->signature, sizeof(c->signature));
}

enum att_err
receipt_next(const char **text, struct receipt *out)
{
	struct receipt r = { 0 };
	struct in in = { strstr(*text, BEGIN), false };

	if (in.at == NULL)
		return ATT_ABSENT;
	in.at += sizeof(BEGIN) - 1;
	*text = in.at;
	take_receipt(&in, &r);
	if (in.failed || strncmp(in.at, END, sizeof(END) - 1) != 0 ||
	    event_wrong(&r.consent) != NULL)
		return ATT_FORMAT;
	*text = in.at + sizeof(END) - 1;
	*out = r;
	return ATT_OK;
}

bool
receipt_names(const struct receipt *r, const uint8_t pub[VAULT_PUBLIC_LEN])
{
	uint8_t key[RECEIPT_KEY_ID];

	key_id(pub, key);
	return memcmp(key, r->key, sizeof(key)) == 0;
}

bool
receipt_verify(const struct receipt *r, const uint8_t pub[VAULT_PUBLIC_LEN])
{
	return event_verify(pub, r->person, &r->consent);
}

void
receipt_key_format(const uint8_t pub[VAULT_PUBLIC_LEN], char *buf)
{
	int n = snprintf(buf, RECEIPT_KEY_TEXT, "%s", KEY);

	for (size_t i = 0; i < VAULT_PUBLIC_LEN; i++)
		n += snprintf(
		    buf + n, RECEIPT_KEY_TEXT - (size_t)n, "%02x", pub[i]);
}

enum att_err
receipt_key_next(const char **text, uint8_t pub[VAULT_PUBLIC_LEN])
{
	const char *at = strstr(*text, KEY);

	if (at == NULL)
		return ATT_ABSENT;
	at += sizeof(KEY) - 1;
	*text = at;
	return unhex(at, strcspn(at, " \r\n"), pub, VAULT_PUBLIC_LEN)
	    ? ATT_OK
	    : ATT_FORMAT;
}
