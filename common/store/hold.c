/* Minors whose data is here without a guardian's consent, and when somebody
 * last looked after them. */
#include "store/keep.h"

#include "store/person.h"

enum att_err
store_hold_get(
    struct store *s, const uint8_t person[VAULT_ID_LEN], int64_t *since_utc)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_HOLD_GET);
	enum att_err e;

	db_bind_id(&q, ":person", person);
	e = db_step(&q);
	if (e != ATT_OK)
		return e;
	*since_utc = db_take_int(&q);
	return db_query_done(&q);
}

enum att_err
store_hold_before(struct store *s, int64_t before_utc, uint64_t *n)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_HOLD_BEFORE);

	db_bind_int(&q, ":before", before_utc);
	return db_count(&q, n);
}

static enum att_err
hold_begin(struct store *s, const uint8_t *person, int64_t now_utc)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_HOLD_SET);

	db_bind_id(&q, ":person", person);
	db_bind_int(&q, ":now", now_utc);
	return db_run(&q);
}

static enum att_err
hold_end(struct store *s, const uint8_t *person)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_FORGET_HOLD);

	db_bind_id(&q, ":person", person);
	return db_run(&q);
}

enum att_err
store_hold_set(struct store *s, const struct store_by *by,
    const uint8_t person[VAULT_ID_LEN], bool held)
{
	int64_t since;
	enum att_err e = store_hold_get(s, person, &since);
	bool is_held = e == ATT_OK;

	if (e == ATT_OK || e == ATT_ABSENT)
		e = db_need_tx(s);
	if (e != ATT_OK || is_held == held)
		return e;
	e = held ? hold_begin(s, person, by->now.utc) : hold_end(s, person);
	if (e != ATT_OK)
		return e;
	return store_audit(
	    s, by, held ? "minor-hold" : "minor-release", person, "");
}

enum att_err
store_purged_get(struct store *s, int64_t *utc)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_SITE_PURGED);
	enum att_err e = db_step(&q);

	if (e != ATT_OK)
		return e;
	*utc = db_take_int(&q);
	return db_query_done(&q);
}

static enum att_err
purged_put(struct store *s, int64_t now_utc)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_SITE_PURGED_SET);

	db_bind_int(&q, ":now", now_utc);
	return db_run(&q);
}

enum att_err
store_purged_set(struct store *s, const struct store_by *by)
{
	enum att_err e = db_need_tx(s);

	if (e == ATT_OK)
		e = purged_put(s, by->now.utc);
	return e == ATT_OK ? chain_append(s, by, "purge", NULL, "") : e;
}
