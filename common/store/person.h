/*
 * A person's key while one call needs it, and what is sealed under it. Nothing
 * secret is kept between calls.
 */
#ifndef ATT_STORE_PERSON_H
#define ATT_STORE_PERSON_H

#include "base/name.h"
#include "store/db.h"
#include "store/detail.h"

#define PERSON_SEALED_MAX 1024 /* bytes of the longest sealed value */

/*
 * ATT_ABSENT: no such person, or erased. ATT_CORRUPT: the key is missing or
 * is not this person's.
 */
enum att_err person_open(struct store *s, const uint8_t id[VAULT_ID_LEN],
    struct att_secret *key) ATT_CHECKED;

/*
 * Open what PERSON_KEY and others give as wrapped; a vault that is behind
 * because the site key was replaced meanwhile follows first. ATT_CORRUPT.
 */
enum att_err person_key_open(struct store *s, const uint8_t id[VAULT_ID_LEN],
    struct att_slice wrapped, struct att_secret *key) ATT_CHECKED;

/* Who a value belongs to and which of his: what it is sealed for. */
struct person_cell {
	const struct att_secret *key;
	const uint8_t *id;
	const char *column;
	int64_t version;
};

struct person_sealed {
	uint8_t bytes[PERSON_SEALED_MAX + VAULT_SEAL_OVER];
	size_t len;
};
struct att_slice person_sealed_slice(const struct person_sealed *p);

enum att_err person_seal(struct store *s, const struct person_cell *cell,
    struct att_slice plain, struct person_sealed *out) ATT_CHECKED;
/* len must be exactly what was sealed. ATT_CORRUPT. */
enum att_err person_unseal(struct store *s, const struct person_cell *cell,
    struct att_slice sealed, void *out, size_t len) ATT_CHECKED;
/* Text of any length that fits. ATT_CORRUPT. */
enum att_err person_unseal_text(struct store *s, const struct person_cell *cell,
    struct att_slice sealed, char *buf, size_t cap) ATT_CHECKED;

/* What stands in a tombstone for the login, so that it stays taken. */
void person_tombstone(
    const struct store *s, const char *login, char out[ATT_LOGIN_MAX + 1]);

/* Append to the audit chain; subject NULL for none. */
enum att_err chain_append(struct store *s, const struct store_by *by,
    const char *event, const uint8_t *subject, const char *detail) ATT_CHECKED;

/* The same about the person whose key is open. */
enum att_err person_record(struct store *s, const struct store_by *by,
    const char *event, const uint8_t id[VAULT_ID_LEN],
    const struct att_secret *key, const struct detail *d) ATT_CHECKED;

#endif
