/*
 * Keys, sealing, signing and PIN hashing; the only user of libsodium beside
 * the audit chain. Everything is derived from one 32-byte site key by
 * crypto_kdf (context "attend-1"): 1 wrapping key, 2 pepper, 3 audit signing
 * seed, 4 index key, 5 backup key.
 *
 * The site key can be replaced: what is wrapped is wrapped anew, and pepper,
 * index key and signing seed, which past hashes, tags and signatures hang on,
 * go on as a keyring that is sealed under the new one.
 *
 * The site key comes from the systemd credential "attend.site-key" when
 * $CREDENTIALS_DIRECTORY is set (32 raw bytes), else from a file of 32 raw
 * bytes that must be a regular file, mode 0400 or 0600, owned by the caller's
 * effective uid. (A credential may also be root's, readable by a group: that
 * is how an access list shows.)
 */
#ifndef ATT_VAULT_VAULT_H
#define ATT_VAULT_VAULT_H

#include "base/bytes.h"
#include "base/err.h"
#include "vault/secret.h"

#include <stdbool.h>
#include <stdint.h>

#define VAULT_ID_LEN	 16 /* person ids */
#define VAULT_TAG_LEN	 16 /* index tags and pseudonyms */
#define VAULT_SIG_LEN	 64
#define VAULT_PUBLIC_LEN 32
#define VAULT_HASH_LEN	 32

struct vault;

/*
 * Open the vault: initialise libsodium, read the site key, derive. path is
 * used when there is no credential. ATT_ABSENT: no key; ATT_CORRUPT: wrong
 * size, owner or mode; ATT_IO; ATT_NOMEM. Owned; free with vault_close.
 */
enum att_err vault_open(struct vault **out, const char *path) ATT_CHECKED;
void vault_close(struct vault *v);

/* Make the library ready where no vault is opened. ATT_IO. */
enum att_err vault_ready(void) ATT_CHECKED;

/* A new random site key in a new file, fsynced. ATT_EXISTS, ATT_IO. */
enum att_err vault_create(const char *path) ATT_CHECKED;

/*
 * Replacing the site key, in the order in which a crash leaves either key
 * usable: a new key in a file beside the old one's, everything wrapped under
 * it, then its file in the old one's place. While both are there the store
 * tells which is its own, see vault_site_tag.
 *
 * create: ATT_REFUSED when the key is a credential, which is the service
 * manager's to replace; a next key that is there is replaced. open:
 * ATT_ABSENT, as vault_open. *next is owned. promote: put its file in place;
 * v stays as it is. Both change what all processes see: hold the store's lock.
 */
enum att_err
vault_next_create(const struct vault *v, struct vault **next) ATT_CHECKED;
enum att_err
vault_next_open(const struct vault *v, struct vault **next) ATT_CHECKED;
enum att_err vault_next_promote(const struct vault *v) ATT_CHECKED;

/*
 * Read the site key's file again, or the next one's, without a keyring. v
 * stays on an error.
 */
enum att_err vault_reload(struct vault *v, bool next) ATT_CHECKED;

/* Which site key it is, for a store to remember; a keyring changes it not. */
void vault_site_tag(const struct vault *v, const uint8_t site[VAULT_ID_LEN],
    uint8_t out[VAULT_TAG_LEN]);

/* v's pepper, index key and signing seed, sealed under another's site key. */
#define VAULT_KEYRING_LEN 137
void vault_keyring_seal(const struct vault *v, const struct vault *under,
    uint8_t out[VAULT_KEYRING_LEN]);
/* Take them over from there. ATT_CORRUPT; v then stays as it was. */
enum att_err
vault_keyring_open(struct vault *v, struct att_slice sealed) ATT_CHECKED;

/* Fill with random bytes (for ids). */
void vault_random(void *buf, size_t len);

/*
 * A person's random data key, wrapped for storage. The wrapped form is
 * XChaCha20-Poly1305 with the person's id as associated data.
 */
#define VAULT_WRAPPED_LEN 73
enum att_err
vault_person_new(const struct vault *v, const uint8_t person[VAULT_ID_LEN],
    struct att_secret *key, uint8_t wrapped[VAULT_WRAPPED_LEN]) ATT_CHECKED;
/*
 * ATT_CORRUPT if it is not this person's, or was changed. *key is empty, or
 * one that was opened before: its memory is used again, which is what opening
 * many takes most of its time for.
 */
enum att_err
vault_person_open(const struct vault *v, const uint8_t person[VAULT_ID_LEN],
    struct att_slice wrapped, struct att_secret *key) ATT_CHECKED;

/*
 * The same key for the same person, wrapped under another site key. *key as
 * for vault_person_open.
 */
enum att_err
vault_person_rewrap(const struct vault *v, const struct vault *under,
    const uint8_t person[VAULT_ID_LEN], struct att_slice wrapped,
    struct att_secret *key, uint8_t out[VAULT_WRAPPED_LEN]) ATT_CHECKED;

/*
 * Seal a value under a person's key. Associated data: person, column name and
 * row version, so a value cannot be moved. out needs plain.len +
 * VAULT_SEAL_OVER bytes. The format byte in front allows later algorithms.
 * ATT_LIMIT: a column name of more than 64 bytes.
 */
#define VAULT_SEAL_OVER 41
enum att_err vault_seal(const struct att_secret *key,
    const uint8_t person[VAULT_ID_LEN], const char *column, int64_t version,
    struct att_slice plain, uint8_t *out) ATT_CHECKED;
/*
 * plain needs sealed.len - VAULT_SEAL_OVER bytes, the caller's. ATT_CORRUPT
 * when anything differs from the sealing; plain is then zeroed or untouched.
 */
enum att_err vault_unseal(const struct att_secret *key,
    const uint8_t person[VAULT_ID_LEN], const char *column, int64_t version,
    struct att_slice sealed, uint8_t *plain) ATT_CHECKED;

/*
 * The pseudonym a person has in the audit chain: keyed BLAKE2b under the
 * person's own key, so it cannot be computed any more once that key is gone.
 */
void vault_pseudonym(const struct att_secret *key,
    const uint8_t person[VAULT_ID_LEN], uint8_t out[VAULT_TAG_LEN]);

/*
 * A hash that says nothing of what was hashed to who has not the person's key:
 * BLAKE2b-256 under it. Once that is gone nobody can try what would fit.
 */
void vault_person_hash(const struct att_secret *key, struct att_slice bytes,
    uint8_t out[VAULT_HASH_LEN]);

/* A keyed, deterministic tag for looking values up; domain keeps uses apart. */
void vault_index(const struct vault *v, const char *domain,
    struct att_slice value, uint8_t out[VAULT_TAG_LEN]);

/* Ed25519 with the audit signing key. The public half verifies offline. */
void vault_sign(
    const struct vault *v, struct att_slice msg, uint8_t sig[VAULT_SIG_LEN]);
void vault_public(const struct vault *v, uint8_t pub[VAULT_PUBLIC_LEN]);
bool vault_verify(const uint8_t pub[VAULT_PUBLIC_LEN], struct att_slice msg,
    const uint8_t sig[VAULT_SIG_LEN]);

/* BLAKE2b-256, unkeyed: notices, paper scans. */
void vault_hash(struct att_slice bytes, uint8_t out[VAULT_HASH_LEN]);

/* The same in parts. */
struct vault_hasher {
	_Alignas(64) uint8_t state[384];
};
void vault_hash_start(struct vault_hasher *h);
void vault_hash_more(struct vault_hasher *h, struct att_slice bytes);
void vault_hash_end(struct vault_hasher *h, uint8_t out[VAULT_HASH_LEN]);

/*
 * A sealed stream under the backup key: chunks in order, none missing, none
 * changed, and an end that is one (secretstream, XChaCha20-Poly1305). A chunk
 * is VAULT_STREAM_OVER bytes longer than what is in it. ad is authenticated
 * along with the chunk. ATT_CORRUPT: not what was sealed there; the stream is
 * then over. End it on every path.
 */
#define VAULT_STREAM_HEAD 24
#define VAULT_STREAM_OVER 17
struct vault_stream {
	struct att_secret state;
};
enum att_err vault_stream_seal_start(const struct vault *v,
    struct vault_stream *s, uint8_t head[VAULT_STREAM_HEAD]) ATT_CHECKED;
void vault_stream_seal(struct vault_stream *s, struct att_slice plain,
    struct att_slice ad, bool last, uint8_t *out);
enum att_err vault_stream_open_start(const struct vault *v,
    struct vault_stream *s, const uint8_t head[VAULT_STREAM_HEAD]) ATT_CHECKED;
enum att_err vault_stream_open(struct vault_stream *s, struct att_slice sealed,
    struct att_slice ad, uint8_t *out, bool *last) ATT_CHECKED;
void vault_stream_end(struct vault_stream *s);
#define VAULT_AUTO_STREAM __attribute__((cleanup(vault_stream_end)))

/*
 * A PIN at rest: BLAKE2b keyed with the pepper over person id and PIN, then
 * Argon2id. The record names its own parameters, little-endian:
 *	u8 version, le32 opslimit, le32 memlimit_kib, salt[16], hash[32]
 */
#define VAULT_PIN_LEN 57
#define VAULT_PIN_OPS 2
#define VAULT_PIN_KIB 19456

/* pin is borrowed and must be in secret memory. ATT_NOMEM. */
enum att_err
vault_pin_hash(const struct vault *v, const uint8_t person[VAULT_ID_LEN],
    struct att_slice pin, uint8_t record[VAULT_PIN_LEN]) ATT_CHECKED;

/*
 * ATT_OK and *match says whether it is the PIN; ATT_CORRUPT for a record not
 * of this form or with parameters outside sane bounds (at most 10 ops,
 * 256 MiB); ATT_NOMEM. Constant time in the PIN.
 */
enum att_err vault_pin_verify(const struct vault *v,
    const uint8_t person[VAULT_ID_LEN], struct att_slice pin,
    const uint8_t record[VAULT_PIN_LEN], bool *match) ATT_CHECKED;

/* The same work for nobody: never matches. */
enum att_err
vault_pin_dummy(const struct vault *v, struct att_slice pin) ATT_CHECKED;

/* Whether the record was made with other parameters than today's. */
bool vault_pin_outdated(const uint8_t record[VAULT_PIN_LEN]);

#endif
