#include "store/person.h"

#include "store/site_key.h"

#include <string.h>

enum att_err
person_key_open(struct store *s, const uint8_t id[VAULT_ID_LEN],
    struct att_slice wrapped, struct att_secret *key)
{
	enum att_err e = vault_person_open(s->vault, id, wrapped, key);

	if (e == ATT_CORRUPT && site_key_follow(s) == ATT_OK)
		e = vault_person_open(s->vault, id, wrapped, key);
	if (e != ATT_OK)
		return db_trouble(s, e, "a person's key does not open");
	return ATT_OK;
}

enum att_err
person_open(
    struct store *s, const uint8_t id[VAULT_ID_LEN], struct att_secret *key)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_PERSON_KEY);
	struct att_slice wrapped;
	int64_t state;
	enum att_err e;

	db_bind_id(&q, ":person", id);
	e = db_step(&q);
	if (e == ATT_ABSENT)
		return db_trouble(s, ATT_ABSENT, "no such person");
	state = db_take_int(&q);
	wrapped = db_take_blob(&q);
	e = db_query_done(&q);
	if (e != ATT_OK)
		return e;
	if (wrapped.at == NULL && state == 2)
		return db_trouble(s, ATT_ABSENT, "the person is erased");
	return person_key_open(s, id, wrapped, key);
}

struct att_slice
person_sealed_slice(const struct person_sealed *p)
{
	return (struct att_slice){ p->bytes, p->len };
}

enum att_err
person_seal(struct store *s, const struct person_cell *cell,
    struct att_slice plain, struct person_sealed *out)
{
	enum att_err e;

	if (plain.len > PERSON_SEALED_MAX)
		return db_trouble(s, ATT_LIMIT, "%s: too long", cell->column);
	e = vault_seal(cell->key, cell->id, cell->column, cell->version, plain,
	    out->bytes);
	if (e == ATT_OK)
		out->len = plain.len + VAULT_SEAL_OVER;
	return e;
}

enum att_err
person_unseal(struct store *s, const struct person_cell *cell,
    struct att_slice sealed, void *out, size_t len)
{
	enum att_err e = ATT_CORRUPT;

	if (sealed.len == len + VAULT_SEAL_OVER)
		e = vault_unseal(cell->key, cell->id, cell->column,
		    cell->version, sealed, out);
	if (e == ATT_CORRUPT)
		return db_trouble(
		    s, e, "sealed %s does not open", cell->column);
	return e;
}

enum att_err
person_unseal_text(struct store *s, const struct person_cell *cell,
    struct att_slice sealed, char *buf, size_t cap)
{
	size_t len = sealed.len - VAULT_SEAL_OVER;
	enum att_err e;

	if (sealed.len < VAULT_SEAL_OVER || len >= cap)
		return db_trouble(s, ATT_CORRUPT,
		    "sealed %s has no such length", cell->column);
	e = person_unseal(s, cell, sealed, buf, len);
	if (e == ATT_OK)
		buf[len] = '\0';
	return e;
}

enum att_err
person_record(struct store *s, const struct store_by *by, const char *event,
    const uint8_t id[VAULT_ID_LEN], const struct att_secret *key,
    const struct detail *d)
{
	uint8_t subject[VAULT_TAG_LEN];

	vault_pseudonym(key, id, subject);
	return chain_append(s, by, event, subject, d->text);
}
