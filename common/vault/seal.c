/*
 * Two sealed forms, alike: u8 format, nonce[24], ciphertext, tag[16]. The
 * associated data names what the value is and whose, so it opens nowhere else.
 */
#include "vault/keys.h"

#include <string.h>

#define FORMAT	   1
#define NONCE_LEN  crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_LEN	   crypto_aead_xchacha20poly1305_ietf_ABYTES
#define KEY_LEN	   crypto_aead_xchacha20poly1305_ietf_KEYBYTES
#define COLUMN_MAX 64
#define AD_MAX	   (32 + VAULT_ID_LEN + 8 + 1 + COLUMN_MAX)

_Static_assert(VAULT_SEAL_OVER == 1 + NONCE_LEN + TAG_LEN, "sealed form");
#define KEYRING_AD "attend-keyring-1"
_Static_assert(
    VAULT_KEYRING_LEN == VAULT_SEAL_OVER + VAULT_LASTING_LEN, "keyring form");
_Static_assert(VAULT_WRAPPED_LEN == VAULT_SEAL_OVER + KEY_LEN, "wrapped form");

struct ad {
	uint8_t bytes[AD_MAX];
	size_t len;
};

static enum att_err
ad_of_column(struct ad *ad, const uint8_t person[VAULT_ID_LEN],
    const char *column, int64_t version)
{
	struct att_writer w = att_writer_of(ad->bytes, sizeof(ad->bytes));

	if (strlen(column) > COLUMN_MAX)
		return ATT_LIMIT;
	att_put_str8(&w, att_slice_of("attend-seal-1"));
	att_put_bytes(&w, person, VAULT_ID_LEN);
	att_put_le64(&w, (uint64_t)version);
	att_put_str8(&w, att_slice_of(column));
	return att_writer_done(&w, &ad->len);
}

static enum att_err
ad_of_key(struct ad *ad, const uint8_t person[VAULT_ID_LEN])
{
	struct att_writer w = att_writer_of(ad->bytes, sizeof(ad->bytes));

	att_put_str8(&w, att_slice_of("attend-person-key-1"));
	att_put_bytes(&w, person, VAULT_ID_LEN);
	return att_writer_done(&w, &ad->len);
}

static void
close_seal(const uint8_t *key, const struct ad *ad, struct att_slice plain,
    uint8_t *out)
{
	uint8_t *nonce = out + 1;

	out[0] = FORMAT;
	randombytes_buf(nonce, NONCE_LEN);
	(void)crypto_aead_xchacha20poly1305_ietf_encrypt(/* always succeeds */
	    nonce + NONCE_LEN, NULL, plain.at, plain.len, ad->bytes, ad->len,
	    NULL, nonce, key);
}

static enum att_err
open_seal(const uint8_t *key, const struct ad *ad, struct att_slice sealed,
    uint8_t *plain)
{
	if (sealed.len < VAULT_SEAL_OVER || sealed.at[0] != FORMAT)
		return ATT_CORRUPT;
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL,
		sealed.at + 1 + NONCE_LEN, sealed.len - 1 - NONCE_LEN,
		ad->bytes, ad->len, sealed.at + 1, key) != 0)
		return ATT_CORRUPT;
	return ATT_OK;
}

enum att_err
vault_person_new(const struct vault *v, const uint8_t person[VAULT_ID_LEN],
    struct att_secret *key, uint8_t wrapped[VAULT_WRAPPED_LEN])
{
	struct att_secret k = { 0 };
	struct ad ad;
	enum att_err e = ad_of_key(&ad, person);

	if (e == ATT_OK)
		e = att_secret_new(&k, KEY_LEN);
	if (e != ATT_OK)
		return e;
	randombytes_buf(k.at, k.len);
	close_seal(v->keys.at + VAULT_WRAP, &ad,
	    (struct att_slice){ k.at, k.len }, wrapped);
	*key = k;
	return ATT_OK;
}

enum att_err
vault_person_open(const struct vault *v, const uint8_t person[VAULT_ID_LEN],
    struct att_slice wrapped, struct att_secret *key)
{
	struct ad ad;
	enum att_err e = ad_of_key(&ad, person);

	if (wrapped.len != VAULT_WRAPPED_LEN)
		e = ATT_CORRUPT;
	if (e == ATT_OK && key->at == NULL)
		e = att_secret_new(key, KEY_LEN);
	if (e == ATT_OK)
		e = open_seal(v->keys.at + VAULT_WRAP, &ad, wrapped, key->at);
	if (e != ATT_OK)
		att_secret_free(key);
	return e;
}

enum att_err
vault_person_rewrap(const struct vault *v, const struct vault *under,
    const uint8_t person[VAULT_ID_LEN], struct att_slice wrapped,
    struct att_secret *key, uint8_t out[VAULT_WRAPPED_LEN])
{
	struct ad ad;
	enum att_err e = vault_person_open(v, person, wrapped, key);

	if (e == ATT_OK)
		e = ad_of_key(&ad, person);
	if (e == ATT_OK)
		close_seal(under->keys.at + VAULT_WRAP, &ad,
		    (struct att_slice){ key->at, key->len }, out);
	return e;
}

static struct ad
ad_of_keyring(void)
{
	struct ad ad = { .bytes = KEYRING_AD, .len = sizeof(KEYRING_AD) - 1 };

	return ad;
}

void
vault_keyring_seal(const struct vault *v, const struct vault *under,
    uint8_t out[VAULT_KEYRING_LEN])
{
	struct ad ad = ad_of_keyring();

	close_seal(under->keys.at + VAULT_WRAP, &ad,
	    (struct att_slice){ v->keys.at + VAULT_LASTING, VAULT_LASTING_LEN },
	    out);
}

enum att_err
vault_keyring_open(struct vault *v, struct att_slice sealed)
{
	ATT_AUTO_SECRET struct att_secret lasting = { 0 };
	struct ad ad = ad_of_keyring();
	enum att_err e = att_secret_new(&lasting, VAULT_LASTING_LEN);

	if (e == ATT_OK && sealed.len != VAULT_KEYRING_LEN)
		e = ATT_CORRUPT;
	if (e == ATT_OK)
		e = open_seal(v->keys.at + VAULT_WRAP, &ad, sealed, lasting.at);
	if (e != ATT_OK)
		return e;
	memcpy(v->keys.at + VAULT_LASTING, lasting.at, lasting.len);
	vault_sign_derive(v);
	return ATT_OK;
}

enum att_err
vault_seal(const struct att_secret *key, const uint8_t person[VAULT_ID_LEN],
    const char *column, int64_t version, struct att_slice plain, uint8_t *out)
{
	struct ad ad;
	enum att_err e = ad_of_column(&ad, person, column, version);

	if (e == ATT_OK)
		close_seal(key->at, &ad, plain, out);
	return e;
}

enum att_err
vault_unseal(const struct att_secret *key, const uint8_t person[VAULT_ID_LEN],
    const char *column, int64_t version, struct att_slice sealed,
    uint8_t *plain)
{
	struct ad ad;
	enum att_err e = ad_of_column(&ad, person, column, version);

	if (e == ATT_OK)
		e = open_seal(key->at, &ad, sealed, plain);
	return e;
}

void
vault_pseudonym(const struct att_secret *key,
    const uint8_t person[VAULT_ID_LEN], uint8_t out[VAULT_TAG_LEN])
{
	static const char domain[] = "attend-pseudonym-1";
	crypto_generichash_state st;

	(void)crypto_generichash_init(&st, key->at, key->len, VAULT_TAG_LEN);
	(void)crypto_generichash_update(
	    &st, (const uint8_t *)domain, sizeof(domain) - 1);
	(void)crypto_generichash_update(&st, person, VAULT_ID_LEN);
	(void)crypto_generichash_final(&st, out, VAULT_TAG_LEN);
	sodium_memzero(&st, sizeof(st));
}

void
vault_person_hash(const struct att_secret *key, struct att_slice bytes,
    uint8_t out[VAULT_HASH_LEN])
{
	static const char domain[] = "attend-person-hash-1";
	crypto_generichash_state st;

	(void)crypto_generichash_init(&st, key->at, key->len, VAULT_HASH_LEN);
	(void)crypto_generichash_update(
	    &st, (const uint8_t *)domain, sizeof(domain) - 1);
	(void)crypto_generichash_update(&st, bytes.at, bytes.len);
	(void)crypto_generichash_final(&st, out, VAULT_HASH_LEN);
	sodium_memzero(&st, sizeof(st));
}
