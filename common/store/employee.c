#include "store/employee.h"

#include "store/employee_row.h"
#include "store/field.h"
#include "store/history.h"
#include "store/site_key.h"
#include "store/team.h"

#include <string.h>

static enum att_err
one(struct store *s, struct db_query *q, struct store_employee *out)
{
	ATT_AUTO_SECRET struct att_secret key = { 0 };
	enum att_err err = db_step(q);

	if (err == ATT_ABSENT)
		return db_trouble(s, err, "no such person");
	return err == ATT_OK ? employee_take(s, q, &key, out) : err;
}

/* Whether somebody else than id (NULL: anybody) has this number or login. */
static enum att_err
taken(struct store *s, enum store_stmt stmt, const char *parameter,
    const char *value, const uint8_t *id)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, stmt);
	uint8_t owner[VAULT_ID_LEN];
	enum att_err err;

	db_bind_text(&q, parameter, value);
	err = db_step(&q);
	if (err != ATT_OK)
		return err == ATT_ABSENT ? ATT_OK : err;
	db_take_bytes(&q, owner, sizeof(owner));
	if (db_query_done(&q) != ATT_OK)
		return db_query_done(&q);
	if (id != NULL && memcmp(owner, id, sizeof(owner)) == 0)
		return ATT_OK;
	return db_trouble(
	    s, ATT_EXISTS, "%s is taken", parameter + 1 /* the ':' */);
}

/* An erased person's login stays taken, too. */
static enum att_err
login_taken(struct store *s, const char *login, const uint8_t *id)
{
	char tag[ATT_LOGIN_MAX + 1];
	enum att_err err =
	    taken(s, STMT_PERSON_LOGIN_TAKEN, ":login", login, id);

	person_tombstone(s, login, tag);
	return err == ATT_OK
	    ? taken(s, STMT_PERSON_LOGIN_TAKEN, ":login", tag, id)
	    : err;
}

static void
bind_team(struct db_query *q, const char *parameter, uint32_t gid)
{
	if (gid == 0)
		db_bind_null(q, parameter);
	else
		db_bind_int(q, parameter, gid);
}

struct teams {
	uint32_t department, position;
};

static enum att_err
teams_of(struct store *s, const struct store_employee *e, struct teams *t)
{
	enum att_err err =
	    team_find(s, TEAM_DEPARTMENT, e->department, &t->department);

	if (err == ATT_OK)
		err = team_find(s, TEAM_POSITION, e->position, &t->position);
	return err;
}

/* The parameters that adding and changing have in common. */
static void
bind_changeable(struct db_query *q, const struct store_employee *e,
    const struct teams *t, const struct employee_sealed *row)
{
	db_bind_id(q, ":id", e->id);
	db_bind_int(q, ":version", e->version);
	db_bind_text(q, ":login", e->login);
	db_bind_int(q, ":state", e->state);
	db_bind_date(q, ":hired_on", e->hired_on);
	db_bind_date(q, ":ended_on", e->ended_on);
	bind_team(q, ":department", t->department);
	bind_team(q, ":position", t->position);
	db_bind_blob(q, ":name", person_sealed_slice(&row->name));
	db_bind_blob(q, ":born_on", person_sealed_slice(&row->born_on));
	db_bind_blob(q, ":email", person_sealed_slice(&row->email));
	db_bind_blob(q, ":phone", person_sealed_slice(&row->phone));
}

static enum att_err
person_add(struct store *s, const struct store_employee *e,
    const struct teams *t, const struct employee_sealed *row)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_PERSON_ADD);

	bind_changeable(&q, e, t, row);
	db_bind_text(&q, ":number", e->number);
	db_bind_int(&q, ":uid", e->uid);
	db_bind_int(&q, ":created", e->created_utc);
	return db_run(&q);
}

static enum att_err
person_key_add(struct store *s, const struct store_employee *e,
    const uint8_t wrapped[VAULT_WRAPPED_LEN])
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_PERSON_KEY_ADD);

	db_bind_id(&q, ":person", e->id);
	db_bind_blob(
	    &q, ":wrapped", (struct att_slice){ wrapped, VAULT_WRAPPED_LEN });
	return db_run(&q);
}

static enum att_err
person_set(struct store *s, const struct store_employee *e,
    const struct teams *t, const struct employee_sealed *row)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_PERSON_SET);

	bind_changeable(&q, e, t, row);
	return db_run(&q);
}

/* The names of the fields in which two people differ, joined by commas. */
static void
fields_changed(struct detail *d, const struct store_employee *a,
    const struct store_employee *b)
{
	char list[AUDIT_DETAIL_MAX] = "";
	size_t len = 0;

	for (unsigned i = 0; i < HISTORY_FIELDS; i++) {
		const char *name = history_field(i);

		if (!history_differs(i, a, b))
			continue;
		if (len > 0)
			list[len++] = ',';
		memcpy(list + len, name, strlen(name) + 1);
		len += strlen(name);
	}
	detail_text(d, "fields", len > 0 ? list : "none");
}

static bool
published_differs(
    const struct store_employee *a, const struct store_employee *b)
{
	return strcmp(a->login, b->login) != 0 ||
	    strcmp(a->name, b->name) != 0 ||
	    strcmp(a->department, b->department) != 0 ||
	    strcmp(a->position, b->position) != 0;
}

/* Write the new person, whose id, uid, version and time are set. */
static enum att_err
add_rows(struct store *s, const struct store_by *by, struct store_employee *e)
{
	static const struct store_employee nobody;
	ATT_AUTO_SECRET struct att_secret key = { 0 };
	uint8_t wrapped[VAULT_WRAPPED_LEN];
	struct detail d = { 0 };
	struct employee_sealed row;
	struct teams t = { 0 };
	enum att_err err = site_key_check(s); /* it may have been replaced */

	if (err == ATT_OK)
		err = vault_person_new(s->vault, e->id, &key, wrapped);
	if (err == ATT_OK)
		err = employee_seal(s, &key, e, &row);
	if (err == ATT_OK)
		err = teams_of(s, e, &t);
	if (err == ATT_OK)
		err = person_add(s, e, &t, &row);
	if (err == ATT_OK)
		err = person_key_add(s, e, wrapped);
	if (err == ATT_OK)
		err = history_add(s, by, &key, NULL, e);
	if (err == ATT_OK)
		err = team_touch_directory(s);
	if (err != ATT_OK)
		return err;
	fields_changed(&d, &nobody, e);
	/* uids ascend and outlive erasure: in the order of these records a
	 * pseudonym would be that of a uid. The history says who was added. */
	return chain_append(s, by, "employee-add", NULL, d.text);
}

enum att_err
store_employee_add(struct store *s, const struct store_by *by,
    struct store_id_range ids, struct store_employee *e)
{
	struct store_employee fresh = *e;
	const char *wrong;
	enum att_err err = db_need_tx(s);

	if (err != ATT_OK)
		return err;
	if (fresh.login[0] == '\0')
		field_default_login(fresh.number, fresh.login);
	wrong = field_wrong(&fresh);
	if (wrong != NULL)
		return db_trouble(s, ATT_FORMAT, "%s", wrong);
	err = taken(s, STMT_PERSON_NUMBER_TAKEN, ":number", fresh.number, NULL);
	if (err == ATT_OK)
		err = login_taken(s, fresh.login, NULL);
	if (err == ATT_OK)
		err = team_range_set(s, ids);
	if (err == ATT_OK)
		err = team_uid_next(s, &fresh.uid);
	if (err != ATT_OK)
		return err;
	vault_random(fresh.id, sizeof(fresh.id));
	fresh.version = 1;
	fresh.created_utc = by->now.utc;
	err = add_rows(s, by, &fresh);
	if (err == ATT_OK)
		*e = fresh;
	return err;
}

enum att_err
store_employee_by_number(
    struct store *s, const char *number, struct store_employee *out)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_PERSON_BY_NUMBER);

	db_bind_text(&q, ":number", number);
	return one(s, &q, out);
}

enum att_err
store_employee_by_login(
    struct store *s, const char *login, struct store_employee *out)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_PERSON_BY_LOGIN);

	db_bind_text(&q, ":login", login);
	return one(s, &q, out);
}

enum att_err
store_employee_by_uid(struct store *s, uint32_t uid, struct store_employee *out)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_PERSON_BY_UID);

	db_bind_int(&q, ":uid", uid);
	return one(s, &q, out);
}

enum att_err
store_employee_by_id(
    struct store *s, const uint8_t id[VAULT_ID_LEN], struct store_employee *out)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_PERSON_BY_ID);

	db_bind_id(&q, ":id", id);
	return one(s, &q, out);
}

static enum att_err
update_rows(struct store *s, const struct store_by *by, const char *event,
    const struct store_employee *old, const struct store_employee *e)
{
	ATT_AUTO_SECRET struct att_secret key = { 0 };
	struct detail d = { 0 };
	struct employee_sealed row;
	struct teams t = { 0 };
	enum att_err err = person_open(s, e->id, &key);

	if (err == ATT_OK)
		err = employee_seal(s, &key, e, &row);
	if (err == ATT_OK)
		err = teams_of(s, e, &t);
	if (err == ATT_OK)
		err = person_set(s, e, &t, &row);
	if (err == ATT_OK)
		err = history_add(s, by, &key, old, e);
	if (err == ATT_OK && published_differs(old, e))
		err = team_touch_directory(s);
	if (err != ATT_OK)
		return err;
	fields_changed(&d, old, e);
	return person_record(s, by, event, e->id, &key, &d);
}

enum att_err
store_employee_update(struct store *s, const struct store_by *by,
    const char *event, struct store_employee *e)
{
	struct store_employee old, fresh = *e;
	const char *wrong;
	enum att_err err = db_need_tx(s);

	if (err == ATT_OK)
		err = store_employee_by_id(s, e->id, &old);
	if (err != ATT_OK)
		return err;
	if (old.state == STORE_ERASED)
		return db_trouble(s, ATT_ABSENT, "the person is erased");
	if (old.version != e->version)
		return db_trouble(
		    s, ATT_EXISTS, "the person was changed meanwhile");
	memcpy(fresh.number, old.number, sizeof(fresh.number));
	fresh.uid = old.uid;
	fresh.created_utc = old.created_utc;
	wrong = field_wrong(&fresh);
	if (wrong != NULL)
		return db_trouble(s, ATT_FORMAT, "%s", wrong);
	err = login_taken(s, fresh.login, fresh.id);
	if (err != ATT_OK)
		return err;
	fresh.version++;
	err = update_rows(s, by, event, &old, &fresh);
	if (err == ATT_OK)
		*e = fresh;
	return err;
}

enum att_err
store_employee_list(struct store *s, const char *department,
    store_employee_each *each, void *ctx)
{
	STORE_AUTO_QUERY struct db_query q = db_query(
	    s, department != NULL ? STMT_PERSON_LIST_UNIT : STMT_PERSON_LIST);
	ATT_AUTO_SECRET struct att_secret key = { 0 };
	struct store_employee e;
	enum att_err err;

	if (department != NULL)
		db_bind_text(&q, ":unit", department);
	while ((err = db_step(&q)) == ATT_OK) {
		err = employee_take(s, &q, &key, &e);
		if (err != ATT_OK)
			return err;
		if (!each(ctx, &e))
			return ATT_OK;
	}
	return err == ATT_ABSENT ? ATT_OK : err;
}

enum att_err
store_employee_count(struct store *s, uint64_t *n)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_PERSON_COUNT);

	return db_count(&q, n);
}
