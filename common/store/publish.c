#include "store/employee.h"
#include "store/person.h"

#include <string.h>

struct row {
	uint8_t id[VAULT_ID_LEN];
	int64_t version;
	char login[ATT_LOGIN_MAX + 1];
	char number[ATT_NUMBER_MAX + 1];
	char name[STORE_NAME_MAX + 1];
};

static enum att_err
take_name(struct store *s, struct db_query *q, struct row *r)
{
	ATT_AUTO_SECRET struct att_secret key = { 0 };
	struct att_slice wrapped = db_take_blob(q);
	struct att_slice sealed = db_take_blob(q);
	struct person_cell cell = { &key, r->id, "name", r->version };
	enum att_err e = db_query_done(q);

	if (e == ATT_OK)
		e = person_key_open(s, r->id, wrapped, &key);
	if (e != ATT_OK)
		return e;
	return person_unseal_text(s, &cell, sealed, r->name, sizeof(r->name));
}

static uint32_t
take_id(struct db_query *q)
{
	/* NULL, none, is told apart from a wrong type by its blob. */
	if (sqlite3_column_type(q->st, q->column) == SQLITE_NULL) {
		(void)db_take_blob(q);
		return 0;
	}
	return (uint32_t)db_take_int_in(q, 1, UINT32_MAX);
}

static enum att_err
take_row(struct store *s, struct db_query *q, bool with_names, struct row *r,
    struct store_publish_row *out)
{
	enum att_err e = ATT_OK;

	if (with_names) {
		db_take_bytes(q, r->id, sizeof(r->id));
		r->version = db_take_int(q);
	}
	db_take_text(q, r->login, sizeof(r->login));
	db_take_text(q, r->number, sizeof(r->number));
	out->uid = (uint32_t)db_take_int_in(q, 1, UINT32_MAX);
	out->department_gid = take_id(q);
	out->position_gid = take_id(q);
	if (with_names)
		e = take_name(s, q, r);
	out->login = r->login;
	out->number = r->number;
	out->name = with_names ? r->name : NULL;
	return e == ATT_OK ? db_query_done(q) : e;
}

enum att_err
store_publish_list(
    struct store *s, bool with_names, store_publish_each *each, void *ctx)
{
	STORE_AUTO_QUERY struct db_query q =
	    db_query(s, with_names ? STMT_PUBLISH_NAMES : STMT_PUBLISH_LIST);
	struct store_publish_row out;
	struct row r = { 0 };
	enum att_err e;

	while ((e = db_step(&q)) == ATT_OK) {
		e = take_row(s, &q, with_names, &r, &out);
		if (e != ATT_OK)
			return e;
		if (!each(ctx, &out))
			return ATT_OK;
	}
	return e == ATT_ABSENT ? ATT_OK : e;
}

enum att_err
store_publish_span(struct store *s, uint32_t *min, uint32_t *max)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_PUBLISH_SPAN);
	enum att_err e = db_step(&q);
	uint32_t from, to;

	if (e != ATT_OK)
		return e;
	from = take_id(&q);
	to = take_id(&q);
	e = db_query_done(&q);
	if (e != ATT_OK)
		return e;
	if (from == 0)
		return ATT_ABSENT;
	*min = from;
	*max = to;
	return ATT_OK;
}
