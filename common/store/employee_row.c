#include "store/employee_row.h"

#include <string.h>

static struct person_cell
cell_of(
    const struct att_secret *key, const struct store_employee *e, const char *c)
{
	return (struct person_cell){ key, e->id, c, e->version };
}

static enum att_err
seal_text(struct store *s, const struct att_secret *key,
    const struct store_employee *e, const char *column, const char *text,
    struct person_sealed *out)
{
	struct person_cell cell = cell_of(key, e, column);

	return person_seal(s, &cell, att_slice_of(text), out);
}

enum att_err
employee_seal(struct store *s, const struct att_secret *key,
    const struct store_employee *e, struct employee_sealed *out)
{
	char born[ATT_DATE_TEXT];
	enum att_err err;

	att_date_format(e->born_on, born); /* "-" when unknown */
	err = seal_text(s, key, e, "name", e->name, &out->name);
	if (err == ATT_OK)
		err = seal_text(s, key, e, "born_on", born, &out->born_on);
	if (err == ATT_OK)
		err = seal_text(s, key, e, "email", e->email, &out->email);
	if (err == ATT_OK)
		err = seal_text(s, key, e, "phone", e->phone, &out->phone);
	return err;
}

static enum att_err
unseal_born(struct store *s, const struct att_secret *key,
    struct att_slice sealed, struct store_employee *e)
{
	struct person_cell cell = cell_of(key, e, "born_on");
	char born[ATT_DATE_TEXT];
	enum att_err err =
	    person_unseal_text(s, &cell, sealed, born, sizeof(born));

	if (err != ATT_OK || strcmp(born, "-") == 0)
		return err;
	if (att_date_parse(born, &e->born_on) != ATT_OK)
		return db_trouble(s, ATT_CORRUPT, "born_on is not a date");
	return ATT_OK;
}

static enum att_err
unseal_text(struct store *s, const struct att_secret *key,
    const struct store_employee *e, const char *column, struct att_slice sealed,
    char *buf, size_t cap)
{
	struct person_cell cell = cell_of(key, e, column);

	return person_unseal_text(s, &cell, sealed, buf, cap);
}

/* The columns from k.wrapped on; an erased person's are all gone. */
static enum att_err
take_sealed(struct store *s, struct db_query *q, struct att_secret *key,
    struct store_employee *e)
{
	struct att_slice wrapped = db_take_blob(q);
	struct att_slice name = db_take_blob(q);
	struct att_slice born_on = db_take_blob(q);
	struct att_slice email = db_take_blob(q);
	struct att_slice phone = db_take_blob(q);
	enum att_err err = db_query_done(q);

	if (err != ATT_OK || e->state == STORE_ERASED)
		return err;
	err = person_key_open(s, e->id, wrapped, key);
	if (err != ATT_OK)
		return err;
	err = unseal_text(s, key, e, "name", name, e->name, sizeof(e->name));
	if (err == ATT_OK)
		err = unseal_born(s, key, born_on, e);
	if (err == ATT_OK)
		err = unseal_text(
		    s, key, e, "email", email, e->email, sizeof(e->email));
	if (err == ATT_OK)
		err = unseal_text(
		    s, key, e, "phone", phone, e->phone, sizeof(e->phone));
	return err;
}

enum att_err
employee_take(struct store *s, struct db_query *q, struct att_secret *key,
    struct store_employee *out)
{
	struct store_employee e = { 0 };
	enum att_err err;

	db_take_bytes(q, e.id, sizeof(e.id));
	e.version = db_take_int(q);
	db_take_text(q, e.number, sizeof(e.number));
	db_take_text(q, e.login, sizeof(e.login));
	e.uid = (uint32_t)db_take_int_in(q, 1, UINT32_MAX);
	e.state = (enum store_employee_state)db_take_int_in(
	    q, STORE_ACTIVE, STORE_ERASED);
	e.hired_on = db_take_date(q);
	e.ended_on = db_take_date(q);
	db_take_text(q, e.department, sizeof(e.department));
	db_take_text(q, e.position, sizeof(e.position));
	e.created_utc = db_take_int(q);
	err = take_sealed(s, q, key, &e);
	if (err == ATT_OK)
		*out = e;
	return err;
}
