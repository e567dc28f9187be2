/* Which notices a person was shown: what informs, informs once. */
#include "store/consent.h"

#include "store/db.h"
#include "store/detail.h"

enum att_err
store_notice_shown(struct store *s, const uint8_t person[VAULT_ID_LEN],
    const char *version, bool *shown)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_NOTICE_SHOWN);

	db_bind_id(&q, ":person", person);
	db_bind_text(&q, ":version", version);
	return db_exists(&q, shown);
}

enum att_err
store_notice_shown_list(struct store *s, const uint8_t person[VAULT_ID_LEN],
    store_notice_shown_each *each, void *ctx)
{
	STORE_AUTO_QUERY struct db_query q =
	    db_query(s, STMT_NOTICE_SHOWN_LIST);
	char version[STORE_VERSION_MAX + 1];
	enum att_err e;

	db_bind_id(&q, ":person", person);
	while ((e = db_step(&q)) == ATT_OK) {
		int64_t at_utc;

		db_take_text(&q, version, sizeof(version));
		at_utc = db_take_int(&q);
		if (db_query_done(&q) != ATT_OK)
			return db_query_done(&q);
		if (!each(ctx, version, at_utc))
			return ATT_OK;
	}
	return e == ATT_ABSENT ? ATT_OK : e;
}

static enum att_err
shown_add(struct store *s, const struct store_by *by, const uint8_t *person,
    const char *version)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_NOTICE_SHOWN_ADD);

	db_bind_id(&q, ":person", person);
	db_bind_text(&q, ":version", version);
	db_bind_int(&q, ":now", by->now.utc);
	return db_run(&q);
}

enum att_err
store_notice_mark_shown(struct store *s, const struct store_by *by,
    const uint8_t person[VAULT_ID_LEN], const char *version)
{
	struct detail d = { 0 };
	bool shown = false;
	enum att_err e = db_need_tx(s);

	if (e == ATT_OK)
		e = store_notice_shown(s, person, version, &shown);
	if (e != ATT_OK || shown)
		return e;
	e = shown_add(s, by, person, version);
	if (e != ATT_OK)
		return e;
	detail_text(&d, "version", version);
	return store_audit(s, by, "notice-shown", person, d.text);
}
