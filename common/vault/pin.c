#include "vault/keys.h"

#include <string.h>

#define PIN_VERSION 1
#define SALT_LEN    crypto_pwhash_SALTBYTES
#define OUT_LEN	    32
#define OPS_MAX	    10
#define KIB_MIN	    8
#define KIB_MAX	    (256 * 1024)

_Static_assert(VAULT_PIN_LEN == 1 + 4 + 4 + SALT_LEN + OUT_LEN, "PIN record");

struct pin_record { /* slices borrowed from the record's bytes */
	uint32_t ops;
	uint32_t kib;
	struct att_slice salt, hash;
};

static enum att_err
record_parse(const uint8_t record[VAULT_PIN_LEN], struct pin_record *out)
{
	struct att_reader r = att_reader_of(record, VAULT_PIN_LEN);
	uint8_t version = att_take_u8(&r);
	struct pin_record p = { 0 };

	p.ops = att_take_le32(&r);
	p.kib = att_take_le32(&r);
	p.salt = att_take_bytes(&r, SALT_LEN);
	p.hash = att_take_bytes(&r, OUT_LEN);
	if (att_reader_done(&r) != ATT_OK || version != PIN_VERSION ||
	    p.ops < 1 || p.ops > OPS_MAX || p.kib < KIB_MIN || p.kib > KIB_MAX)
		return ATT_CORRUPT;
	*out = p;
	return ATT_OK;
}

/* The peppered form: without the site key a stolen store has nothing to try. */
static void
pepper(const struct vault *v, const uint8_t person[VAULT_ID_LEN],
    struct att_slice pin, struct att_secret *out)
{
	crypto_generichash_state st;

	(void)crypto_generichash_init(
	    &st, v->keys.at + VAULT_PEPPER, VAULT_SITE_LEN, out->len);
	(void)crypto_generichash_update(&st, person, VAULT_ID_LEN);
	if (pin.len > 0)
		(void)crypto_generichash_update(&st, pin.at, pin.len);
	(void)crypto_generichash_final(&st, out->at, out->len);
	sodium_memzero(&st, sizeof(st));
}

static enum att_err
stretch(const struct vault *v, const uint8_t person[VAULT_ID_LEN],
    struct att_slice pin, const struct pin_record *p, uint8_t out[OUT_LEN])
{
	ATT_AUTO_SECRET struct att_secret inner = { 0 };
	enum att_err e = att_secret_new(&inner, crypto_generichash_BYTES);

	if (e != ATT_OK)
		return e;
	pepper(v, person, pin, &inner);
	if (crypto_pwhash(out, OUT_LEN, (const char *)inner.at, inner.len,
		p->salt.at, p->ops, (size_t)p->kib * 1024,
		crypto_pwhash_ALG_ARGON2ID13) != 0)
		return ATT_NOMEM;
	return ATT_OK;
}

enum att_err
vault_pin_hash(const struct vault *v, const uint8_t person[VAULT_ID_LEN],
    struct att_slice pin, uint8_t record[VAULT_PIN_LEN])
{
	uint8_t salt[SALT_LEN], hash[OUT_LEN];
	struct pin_record p = { .ops = VAULT_PIN_OPS,
		.kib = VAULT_PIN_KIB,
		.salt = { salt, sizeof(salt) } };
	struct att_writer w = att_writer_of(record, VAULT_PIN_LEN);
	enum att_err e;
	size_t len;

	randombytes_buf(salt, sizeof(salt));
	e = stretch(v, person, pin, &p, hash);
	if (e != ATT_OK)
		return e;
	att_put_u8(&w, PIN_VERSION);
	att_put_le32(&w, p.ops);
	att_put_le32(&w, p.kib);
	att_put_bytes(&w, salt, sizeof(salt));
	att_put_bytes(&w, hash, sizeof(hash));
	sodium_memzero(hash, sizeof(hash));
	return att_writer_done(&w, &len);
}

enum att_err
vault_pin_verify(const struct vault *v, const uint8_t person[VAULT_ID_LEN],
    struct att_slice pin, const uint8_t record[VAULT_PIN_LEN], bool *match)
{
	uint8_t hash[OUT_LEN];
	struct pin_record p;
	enum att_err e = record_parse(record, &p);

	if (e == ATT_OK)
		e = stretch(v, person, pin, &p, hash);
	if (e != ATT_OK)
		return e;
	*match = sodium_memcmp(hash, p.hash.at, sizeof(hash)) == 0;
	sodium_memzero(hash, sizeof(hash));
	return ATT_OK;
}

enum att_err
vault_pin_dummy(const struct vault *v, struct att_slice pin)
{
	static const uint8_t nobody[VAULT_ID_LEN];
	static const uint8_t salt[SALT_LEN];
	uint8_t hash[OUT_LEN];
	const struct pin_record p = { .ops = VAULT_PIN_OPS,
		.kib = VAULT_PIN_KIB,
		.salt = { salt, sizeof(salt) } };
	enum att_err e = stretch(v, nobody, pin, &p, hash);

	sodium_memzero(hash, sizeof(hash));
	return e;
}

bool
vault_pin_outdated(const uint8_t record[VAULT_PIN_LEN])
{
	struct pin_record p;

	return record_parse(record, &p) != ATT_OK || p.ops != VAULT_PIN_OPS ||
	    p.kib != VAULT_PIN_KIB;
}
