#include "store/history.h"

#include <stdio.h>
#include <string.h>

enum kind {
	TEXT,
	DATE,
	STATE,
};

#define E     struct store_employee
#define AT(f) offsetof(E, f), sizeof(((E *)0)->f)
static const struct {
	const char *name;
	enum kind kind;
	size_t offset, size;
} fields[HISTORY_FIELDS] = {
	{ "login", TEXT, AT(login) },
	{ "name", TEXT, AT(name) },
	{ "born", DATE, AT(born_on) },
	{ "email", TEXT, AT(email) },
	{ "phone", TEXT, AT(phone) },
	{ "department", TEXT, AT(department) },
	{ "position", TEXT, AT(position) },
	{ "hired", DATE, AT(hired_on) },
	{ "ended", DATE, AT(ended_on) },
	{ "state", STATE, AT(state) },
};
#undef AT
#undef E

const char *
history_field(unsigned field)
{
	return field < HISTORY_FIELDS ? fields[field].name : "unknown";
}

unsigned
history_find(const char *name)
{
	unsigned i = 0;

	while (i < HISTORY_FIELDS && strcmp(fields[i].name, name) != 0)
		i++;
	return i;
}

void
history_value(unsigned field, const struct store_employee *e, char *buf)
{
	const char *at = (const char *)e + fields[field].offset;
	struct att_date date;

	buf[0] = '\0';
	switch (fields[field].kind) {
	case TEXT: (void)snprintf(buf, HISTORY_VALUE_MAX, "%s", at); return;
	case DATE:
		memcpy(&date, at, sizeof(date));
		if (att_date_known(date))
			att_date_format(date, buf);
		return;
	case STATE:
		(void)snprintf(buf, HISTORY_VALUE_MAX, "%s",
		    e->state == STORE_SUSPENDED ? "suspended" : "active");
		return;
	}
}

enum att_err
history_set(unsigned field, struct store_employee *e, const char *text)
{
	char *at = (char *)e + fields[field].offset;
	size_t len = strlen(text);
	struct att_date date = { 0 };

	switch (fields[field].kind) {
	case TEXT:
		if (len >= fields[field].size)
			return ATT_LIMIT;
		memcpy(at, text, len + 1);
		return ATT_OK;
	case DATE:
		if (len > 0 && att_date_parse(text, &date) != ATT_OK)
			return ATT_FORMAT;
		memcpy(at, &date, sizeof(date));
		return ATT_OK;
	case STATE: break; /* suspending is a decision, not a correction */
	}
	return ATT_FORMAT;
}

bool
history_differs(unsigned field, const struct store_employee *a,
    const struct store_employee *b)
{
	char left[HISTORY_VALUE_MAX], right[HISTORY_VALUE_MAX];

	history_value(field, a, left);
	history_value(field, b, right);
	return strcmp(left, right) != 0;
}

bool
history_basis_ok(const char *basis)
{
	static const char *const known[] = { "consent", "contract",
		"legal-duty", "public-interest", "vital-interests",
		"public-by-person", "lawfully-published" };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(basis, known[i]) == 0)
			return true;
	return false;
}

/* What a value is sealed for. */
static void
column_of(unsigned field, char buf[32])
{
	(void)snprintf(buf, 32, "was.%s", fields[field].name);
}

static enum att_err
add_row(struct store *s, const struct store_by *by,
    const struct store_employee *e, const char *field,
    const struct person_sealed *was)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_HISTORY_ADD);
	bool own = strcmp(by->actor, "self") == 0;

	db_bind_id(&q, ":person", e->id);
	db_bind_int(&q, ":version", e->version);
	db_bind_text(&q, ":field", field);
	db_bind_int(&q, ":now", by->now.utc);
	db_bind_text(&q, ":actor", by->actor);
	db_bind_text(&q, ":source",
	    by->source[0] != '\0' ? by->source
		: own		  ? "person"
				  : "office");
	db_bind_text(&q, ":basis", by->basis);
	if (was == NULL)
		db_bind_null(&q, ":was");
	else
		db_bind_blob(&q, ":was", person_sealed_slice(was));
	return db_run(&q);
}

static enum att_err
add_one(struct store *s, const struct store_by *by,
    const struct att_secret *key, const struct store_employee *old,
    const struct store_employee *e, unsigned field)
{
	char was[HISTORY_VALUE_MAX], column[32];
	struct person_cell cell = { key, e->id, column, e->version };
	struct person_sealed sealed;
	enum att_err err;

	history_value(field, old, was);
	if (was[0] == '\0')
		return add_row(s, by, e, fields[field].name, NULL);
	column_of(field, column);
	err = person_seal(s, &cell, att_slice_of(was), &sealed);
	return err == ATT_OK ? add_row(s, by, e, fields[field].name, &sealed)
			     : err;
}

enum att_err
history_add(struct store *s, const struct store_by *by,
    const struct att_secret *key, const struct store_employee *old,
    const struct store_employee *e)
{
	enum att_err err = ATT_OK;

	if (old == NULL)
		return add_row(s, by, e, HISTORY_ALL, NULL);
	for (unsigned i = 0; i < HISTORY_FIELDS && err == ATT_OK; i++)
		if (history_differs(i, old, e))
			err = add_one(s, by, key, old, e, i);
	return err;
}

/* A row of HISTORY_LIST; key is opened when first needed. */
static enum att_err
take(struct store *s, struct db_query *q, const uint8_t *person,
    struct att_secret *key, struct store_past *p)
{
	char column[32];
	struct person_cell cell = { key, person, column, 0 };
	struct att_slice was;
	enum att_err e;

	*p = (struct store_past){ 0 };
	p->version = db_take_int(q);
	db_take_text(q, p->field, sizeof(p->field));
	p->at_utc = db_take_int(q);
	db_take_text(q, p->actor, sizeof(p->actor));
	db_take_text(q, p->source, sizeof(p->source));
	db_take_text(q, p->basis, sizeof(p->basis));
	was = db_take_blob(q);
	e = db_query_done(q);
	if (e != ATT_OK || was.at == NULL)
		return e;
	if (history_find(p->field) == HISTORY_FIELDS)
		return db_trouble(s, ATT_CORRUPT, "history: no such field");
	column_of(history_find(p->field), column);
	cell.version = p->version;
	if (key->at == NULL)
		e = person_open(s, person, key);
	if (e == ATT_OK)
		e = person_unseal_text(s, &cell, was, p->was, sizeof(p->was));
	p->replaced = e == ATT_OK;
	return e;
}

enum att_err
store_history_list(struct store *s, const uint8_t person[VAULT_ID_LEN],
    store_history_each *each, void *ctx)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_HISTORY_LIST);
	ATT_AUTO_SECRET struct att_secret key = { 0 };
	struct store_past p;
	enum att_err e;

	db_bind_id(&q, ":person", person);
	while ((e = db_step(&q)) == ATT_OK) {
		e = take(s, &q, person, &key, &p);
		if (e != ATT_OK)
			return e;
		if (!each(ctx, &p))
			return ATT_OK;
	}
	return e == ATT_ABSENT ? ATT_OK : e;
}
