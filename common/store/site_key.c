#include "store/site_key.h"

#include "store/detail.h"
#include "store/keep.h"
#include "store/person.h"

#include <string.h>

struct site_key { /* what the store says of its key */
	uint8_t site[VAULT_ID_LEN];
	uint8_t tag[VAULT_TAG_LEN];
	bool adopted; /* it has a key already */
	bool has_keyring;
	uint8_t keyring[VAULT_KEYRING_LEN];
};

static enum att_err
site_key_get(struct store *s, struct site_key *out)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_SITE_KEY);
	struct site_key k = { 0 };
	struct att_slice tag, keyring;
	enum att_err e = db_step(&q);

	if (e == ATT_ABSENT)
		return db_trouble(s, ATT_CORRUPT, "no site row");
	db_take_bytes(&q, k.site, sizeof(k.site));
	tag = db_take_blob(&q);
	if (tag.len == sizeof(k.tag))
		memcpy(k.tag, tag.at, sizeof(k.tag));
	keyring = db_take_blob(&q);
	k.has_keyring = keyring.len == sizeof(k.keyring);
	if (k.has_keyring)
		memcpy(k.keyring, keyring.at, sizeof(k.keyring));
	k.adopted = tag.at != NULL || db_take_int(&q) > 0;
	e = db_query_done(&q);
	if (e == ATT_OK)
		*out = k;
	return e;
}

static enum att_err
site_key_set(struct store *s, const uint8_t *tag)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_SITE_KEY_SET);

	db_bind_id(&q, ":tag", tag);
	return db_run(&q);
}

static bool
is_key_of(const struct vault *v, const struct site_key *k)
{
	uint8_t tag[VAULT_TAG_LEN];

	vault_site_tag(v, k->site, tag);
	return memcmp(tag, k->tag, sizeof(tag)) == 0;
}

/*
 * The key was replaced since it was read, and the new one may be on its way
 * from one name to the other: look at both, and at the first again.
 */
static enum att_err
follow(struct store *s, const struct site_key *k)
{
	static const bool next[] = { false, true, false };

	for (size_t i = 0; i < sizeof(next) / sizeof(next[0]); i++)
		if (vault_reload(s->vault, next[i]) == ATT_OK &&
		    is_key_of(s->vault, k))
			return ATT_OK;
	return db_trouble(
	    s, ATT_CORRUPT, "the store is sealed under another site key");
}

static enum att_err
take_over(struct store *s, const struct site_key *k)
{
	enum att_err e = ATT_OK;

	if (!is_key_of(s->vault, k))
		e = follow(s, k);
	if (e == ATT_OK && k->has_keyring)
		e = vault_keyring_open(s->vault,
		    (struct att_slice){ k->keyring, sizeof(k->keyring) });
	if (e == ATT_CORRUPT && is_key_of(s->vault, k))
		return db_trouble(s, e, "the store's keyring does not open");
	return e;
}

enum att_err
site_key_check(struct store *s)
{
	struct site_key k;
	enum att_err e = site_key_get(s, &k);

	if (e == ATT_OK && !k.adopted) {
		vault_site_tag(s->vault, k.site, k.tag);
		e = site_key_set(s, k.tag);
		if (e == ATT_OK) /* another process may be first */
			e = site_key_get(s, &k);
	}
	return e == ATT_OK ? take_over(s, &k) : e;
}

enum att_err
site_key_follow(struct store *s)
{
	struct site_key k;
	enum att_err e = site_key_get(s, &k);

	if (e != ATT_OK)
		return e;
	return is_key_of(s->vault, &k) ? ATT_CORRUPT : take_over(s, &k);
}

enum att_err
site_key_settle(struct store *s)
{
	struct vault *next = NULL;
	struct site_key k;
	enum att_err e = db_need_tx(s);

	if (e == ATT_OK)
		e = site_key_get(s, &k);
	if (e == ATT_OK)
		e = vault_next_open(s->vault, &next);
	if (e == ATT_ABSENT || e == ATT_CORRUPT)
		return ATT_OK; /* there is none, or a torn one of a crash */
	if (e == ATT_OK && is_key_of(next, &k))
		e = vault_next_promote(s->vault);
	vault_close(next);
	return e == ATT_OK
	    ? e
	    : db_trouble(s, e, "putting the new site key in place");
}

/* The key row behind *after, which moves to it. ATT_ABSENT: that was all. */
static enum att_err
key_after(struct store *s, uint8_t after[VAULT_ID_LEN],
    uint8_t wrapped[VAULT_WRAPPED_LEN])
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_PERSON_KEY_AFTER);
	enum att_err e;

	db_bind_id(&q, ":after", after);
	e = db_step(&q);
	if (e != ATT_OK)
		return e;
	db_take_bytes(&q, after, VAULT_ID_LEN);
	db_take_bytes(&q, wrapped, VAULT_WRAPPED_LEN);
	return db_query_done(&q);
}

static enum att_err
key_put(struct store *s, const uint8_t *person, const uint8_t *wrapped)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_PERSON_KEY_SET);

	db_bind_blob(
	    &q, ":wrapped", (struct att_slice){ wrapped, VAULT_WRAPPED_LEN });
	db_bind_id(&q, ":person", person);
	return db_run(&q);
}

static enum att_err
rewrap_all(struct store *s, const struct vault *next, uint64_t *n)
{
	ATT_AUTO_SECRET struct att_secret key = { 0 };
	uint8_t person[VAULT_ID_LEN] = { 0 };
	uint8_t wrapped[VAULT_WRAPPED_LEN], fresh[VAULT_WRAPPED_LEN];
	enum att_err e;

	for (*n = 0; (e = key_after(s, person, wrapped)) == ATT_OK; (*n)++) {
		e = vault_person_rewrap(s->vault, next, person,
		    (struct att_slice){ wrapped, sizeof(wrapped) }, &key,
		    fresh);
		if (e != ATT_OK)
			return db_trouble(s, e, "a person's key does not open");
		e = key_put(s, person, fresh);
		if (e != ATT_OK)
			return e;
	}
	return e == ATT_ABSENT ? ATT_OK : e;
}

static enum att_err
rotate_rows(struct store *s, const struct vault *next)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_SITE_KEY_ROTATE);
	uint8_t keyring[VAULT_KEYRING_LEN], tag[VAULT_TAG_LEN];
	struct site_key k;
	enum att_err e = site_key_get(s, &k);

	if (e != ATT_OK)
		return e;
	vault_site_tag(next, k.site, tag);
	vault_keyring_seal(s->vault, next, keyring);
	db_bind_id(&q, ":tag", tag);
	db_bind_blob(
	    &q, ":keyring", (struct att_slice){ keyring, sizeof(keyring) });
	return db_run(&q);
}

static enum att_err
rotate_to(struct store *s, const struct store_by *by, const struct vault *next,
    uint64_t *n)
{
	struct detail d = { 0 };
	enum att_err e = rewrap_all(s, next, n);

	if (e == ATT_OK)
		e = rotate_rows(s, next);
	if (e == ATT_OK)
		e = tidy_due(s);
	if (e != ATT_OK)
		return e;
	detail_int(&d, "people", (int64_t)*n);
	return store_audit(s, by, "key-rotate", NULL, d.text);
}

enum att_err
store_key_rotate(struct store *s, const struct store_by *by, uint64_t *n)
{
	struct vault *next = NULL;
	enum att_err e = db_need_tx(s);

	/* another rotation may have ended just before this one began */
	if (e == ATT_OK)
		e = site_key_check(s);
	if (e == ATT_OK)
		e = site_key_settle(s);
	if (e != ATT_OK)
		return e;
	e = vault_next_create(s->vault, &next);
	if (e == ATT_REFUSED)
		return db_trouble(
		    s, e, "the site key is the service manager's");
	if (e != ATT_OK)
		return db_trouble(s, e, "writing the new site key");
	e = rotate_to(s, by, next, n);
	vault_close(next);
	return e;
}
