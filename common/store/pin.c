#include "store/pin.h"

#include "gate/gate.h"
#include "store/lock.h"
#include "store/person.h"

#include <string.h>

/* The stored row, still sealed. */
struct pin_row {
	int64_t version;
	uint8_t sealed[VAULT_PIN_LEN + VAULT_SEAL_OVER];
	bool must_change;
	int64_t set_utc;
};

static enum att_err
row_get(struct store *s, const uint8_t *person, struct pin_row *out)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_PIN_GET);
	struct pin_row r = { 0 };
	enum att_err e;

	db_bind_id(&q, ":person", person);
	e = db_step(&q);
	if (e == ATT_ABSENT)
		return db_trouble(s, e, "the person has no PIN");
	r.version = db_take_int(&q);
	db_take_bytes(&q, r.sealed, sizeof(r.sealed));
	r.must_change = db_take_int(&q) != 0;
	r.set_utc = db_take_int(&q);
	e = db_query_done(&q);
	if (e == ATT_OK)
		*out = r;
	return e;
}

static enum att_err
record_unseal(struct store *s, const struct att_secret *key,
    const uint8_t *person, int64_t version, struct att_slice sealed,
    uint8_t record[VAULT_PIN_LEN])
{
	struct person_cell cell = { key, person, "pin", version };

	return person_unseal(s, &cell, sealed, record, VAULT_PIN_LEN);
}

static enum att_err
record_seal(struct store *s, const struct att_secret *key,
    const uint8_t *person, int64_t version, const uint8_t *record,
    struct person_sealed *out)
{
	struct person_cell cell = { key, person, "pin", version };

	return person_seal(
	    s, &cell, (struct att_slice){ record, VAULT_PIN_LEN }, out);
}

enum att_err
store_pin_get(
    struct store *s, const uint8_t person[VAULT_ID_LEN], struct store_pin *out)
{
	ATT_AUTO_SECRET struct att_secret key = { 0 };
	struct store_pin pin;
	struct pin_row row;
	enum att_err e = row_get(s, person, &row);

	if (e == ATT_OK)
		e = person_open(s, person, &key);
	if (e == ATT_OK)
		e = record_unseal(s, &key, person, row.version,
		    (struct att_slice){ row.sealed, sizeof(row.sealed) },
		    pin.record);
	if (e != ATT_OK)
		return e;
	pin.must_change = row.must_change;
	pin.set_utc = row.set_utc;
	*out = pin;
	return ATT_OK;
}

/* The old record joins the past ones, as sealed as it is. */
static enum att_err
retire(struct store *s, const uint8_t *person)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_PIN_RETIRE);

	db_bind_id(&q, ":person", person);
	return db_run(&q);
}

static enum att_err
forget(struct store *s, const uint8_t *person)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_PIN_FORGET);

	db_bind_id(&q, ":person", person);
	db_bind_int(&q, ":keep", STORE_PIN_HISTORY);
	return db_run(&q);
}

static enum att_err
row_set(struct store *s, const struct store_by *by, const uint8_t *person,
    int64_t version, bool must_change, const struct person_sealed *sealed)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_PIN_SET);

	db_bind_id(&q, ":person", person);
	db_bind_int(&q, ":version", version);
	db_bind_blob(&q, ":record", person_sealed_slice(sealed));
	db_bind_int(&q, ":must_change", must_change);
	db_bind_int(&q, ":now", by->now.utc);
	return db_run(&q);
}

/* The version of the next record: versions of a person never repeat. */
static enum att_err
next_version(struct store *s, const uint8_t *person, int64_t *version)
{
	struct pin_row old;
	enum att_err e = row_get(s, person, &old);

	if (e != ATT_OK && e != ATT_ABSENT)
		return e;
	*version = e == ATT_OK ? old.version + 1 : 1;
	return ATT_OK;
}

enum att_err
store_pin_set(struct store *s, const struct store_by *by,
    const uint8_t person[VAULT_ID_LEN], const uint8_t record[VAULT_PIN_LEN],
    bool must_change)
{
	ATT_AUTO_SECRET struct att_secret key = { 0 };
	struct person_sealed sealed;
	struct detail d = { 0 };
	int64_t version = 1;
	enum att_err e = db_need_tx(s);

	if (e == ATT_OK)
		e = person_open(s, person, &key);
	if (e == ATT_OK)
		e = next_version(s, person, &version);
	if (e == ATT_OK)
		e = record_seal(s, &key, person, version, record, &sealed);
	if (e == ATT_OK)
		e = retire(s, person);
	if (e == ATT_OK)
		e = row_set(s, by, person, version, must_change, &sealed);
	if (e == ATT_OK)
		e = forget(s, person);
	if (e == ATT_OK)
		e = lock_reset(s, by, person, true, GATE_PIN);
	if (e != ATT_OK)
		return e;
	detail_text(&d, "must_change", must_change ? "yes" : "no");
	return person_record(s, by, "pin-set", person, &key, &d);
}

static enum att_err
row_rehash(struct store *s, const uint8_t *person, int64_t version,
    const struct person_sealed *sealed)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_PIN_REHASH);

	db_bind_int(&q, ":version", version);
	db_bind_blob(&q, ":record", person_sealed_slice(sealed));
	db_bind_id(&q, ":person", person);
	return db_run(&q);
}

enum att_err
store_pin_rehash(struct store *s, const struct store_by *by,
    const uint8_t person[VAULT_ID_LEN], const uint8_t record[VAULT_PIN_LEN])
{
	ATT_AUTO_SECRET struct att_secret key = { 0 };
	struct person_sealed sealed;
	const struct detail none = { 0 };
	struct pin_row old;
	enum att_err e = db_need_tx(s);

	if (e == ATT_OK)
		e = row_get(s, person, &old);
	if (e == ATT_OK)
		e = person_open(s, person, &key);
	if (e == ATT_OK)
		e = record_seal(
		    s, &key, person, old.version + 1, record, &sealed);
	if (e == ATT_OK)
		e = row_rehash(s, person, old.version + 1, &sealed);
	if (e != ATT_OK)
		return e;
	return person_record(s, by, "pin-rehash", person, &key, &none);
}

static enum att_err
past_take(struct store *s, struct db_query *q, const struct att_secret *key,
    const uint8_t *person, uint8_t record[VAULT_PIN_LEN])
{
	int64_t version = db_take_int(q);
	struct att_slice sealed = db_take_blob(q);
	enum att_err e = db_query_done(q);

	if (e != ATT_OK)
		return e;
	return record_unseal(s, key, person, version, sealed, record);
}

enum att_err
store_pin_past(struct store *s, const uint8_t person[VAULT_ID_LEN],
    uint8_t records[STORE_PIN_HISTORY + 1][VAULT_PIN_LEN], size_t *n)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_PIN_PAST);
	ATT_AUTO_SECRET struct att_secret key = { 0 };
	uint8_t found[STORE_PIN_HISTORY + 1][VAULT_PIN_LEN];
	size_t count = 0;
	enum att_err e = person_open(s, person, &key);

	if (e != ATT_OK)
		return e;
	db_bind_id(&q, ":person", person);
	db_bind_int(&q, ":most", STORE_PIN_HISTORY + 1);
	while ((e = db_step(&q)) == ATT_OK) {
		e = past_take(s, &q, &key, person, found[count]);
		if (e != ATT_OK)
			return e;
		count++;
	}
	if (e != ATT_ABSENT)
		return e;
	memcpy(records, found, count * VAULT_PIN_LEN);
	*n = count;
	return ATT_OK;
}
