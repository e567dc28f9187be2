#include "vault/keys.h"

#define STATE(s) ((crypto_secretstream_xchacha20poly1305_state *)(s)->state.at)

_Static_assert(
    VAULT_STREAM_HEAD == crypto_secretstream_xchacha20poly1305_HEADERBYTES,
    "stream head");
_Static_assert(
    VAULT_STREAM_OVER == crypto_secretstream_xchacha20poly1305_ABYTES,
    "stream chunk");

enum att_err
vault_stream_seal_start(const struct vault *v, struct vault_stream *s,
    uint8_t head[VAULT_STREAM_HEAD])
{
	enum att_err e = att_secret_new(
	    &s->state, sizeof(crypto_secretstream_xchacha20poly1305_state));

	if (e == ATT_OK)
		(void)crypto_secretstream_xchacha20poly1305_init_push(
		    STATE(s), head, v->keys.at + VAULT_BACKUP);
	return e;
}

void
vault_stream_seal(struct vault_stream *s, struct att_slice plain,
    struct att_slice ad, bool last, uint8_t *out)
{
	(void)crypto_secretstream_xchacha20poly1305_push(/* always succeeds */
	    STATE(s), out, NULL, plain.at, plain.len, ad.at, ad.len,
	    last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL
		 : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE);
}

enum att_err
vault_stream_open_start(const struct vault *v, struct vault_stream *s,
    const uint8_t head[VAULT_STREAM_HEAD])
{
	enum att_err e = att_secret_new(
	    &s->state, sizeof(crypto_secretstream_xchacha20poly1305_state));

	if (e == ATT_OK &&
	    crypto_secretstream_xchacha20poly1305_init_pull(
		STATE(s), head, v->keys.at + VAULT_BACKUP) != 0)
		e = ATT_CORRUPT;
	return e;
}

enum att_err
vault_stream_open(struct vault_stream *s, struct att_slice sealed,
    struct att_slice ad, uint8_t *out, bool *last)
{
	unsigned char tag;

	if (crypto_secretstream_xchacha20poly1305_pull(STATE(s), out, NULL,
		&tag, sealed.at, sealed.len, ad.at, ad.len) != 0)
		return ATT_CORRUPT;
	*last = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
	return ATT_OK;
}

void
vault_stream_end(struct vault_stream *s)
{
	att_secret_free(&s->state);
}

void
vault_hash_start(struct vault_hasher *h)
{
	_Static_assert(sizeof(h->state) >= sizeof(crypto_generichash_state) &&
		_Alignof(struct vault_hasher) >=
		    _Alignof(crypto_generichash_state),
	    "room for a hash's state");
	(void)crypto_generichash_init(
	    (crypto_generichash_state *)h->state, NULL, 0, VAULT_HASH_LEN);
}

void
vault_hash_more(struct vault_hasher *h, struct att_slice bytes)
{
	(void)crypto_generichash_update(
	    (crypto_generichash_state *)h->state, bytes.at, bytes.len);
}

void
vault_hash_end(struct vault_hasher *h, uint8_t out[VAULT_HASH_LEN])
{
	(void)crypto_generichash_final(
	    (crypto_generichash_state *)h->state, out, VAULT_HASH_LEN);
}
