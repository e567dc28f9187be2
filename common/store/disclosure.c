#include "store/disclosure.h"

#include "store/field.h"
#include "store/person.h"

#include <string.h>

bool
store_basis_ok(const char *basis)
{
	static const char *const bases[] = { STORE_BASES };

	for (size_t i = 0; i < sizeof(bases) / sizeof(bases[0]); i++)
		if (strcmp(basis, bases[i]) == 0)
			return true;
	return false;
}

bool
store_basis_needs_consent(const char *basis)
{
	return strcmp(basis, "consent") == 0 || strcmp(basis, "transfer") == 0;
}

/* The act's id takes the place of a row version in the seal. */
static int64_t
seal_version(const struct store_disclosure *d)
{
	struct att_reader r = att_reader_of(d->act, sizeof(d->act));

	return (int64_t)(att_take_le64(&r) >> 1);
}

static const char *
wrong(const struct store_disclosure *d)
{
	if (!store_basis_ok(d->basis))
		return "basis: not one of the list";
	if (!field_text_ok(d->recipient))
		return "recipient: must be text";
	if (!field_text_ok(d->aim))
		return "purpose: must be text";
	if (d->fields[0] == '\0')
		return "fields: nothing is disclosed";
	return NULL;
}

static enum att_err
disclosure_add(struct store *s, const struct store_by *by,
    const struct att_secret *key, const uint8_t *person,
    const struct store_employee *decider, const struct store_disclosure *d)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_DISCLOSURE_ADD);
	struct person_cell cell = { key, person, "recipient", seal_version(d) };
	struct person_sealed recipient, aim;
	enum att_err e =
	    person_seal(s, &cell, att_slice_of(d->recipient), &recipient);

	cell.column = "aim";
	if (e == ATT_OK)
		e = person_seal(s, &cell, att_slice_of(d->aim), &aim);
	if (e != ATT_OK)
		return e;
	db_bind_id(&q, ":act", d->act);
	db_bind_id(&q, ":person", person);
	db_bind_int(&q, ":now", by->now.utc);
	db_bind_text(&q, ":basis", d->basis);
	db_bind_text(&q, ":fields", d->fields);
	db_bind_text(&q, ":actor", by->actor);
	db_bind_id(&q, ":decider", decider->id);
	db_bind_blob(&q, ":recipient", person_sealed_slice(&recipient));
	db_bind_blob(&q, ":aim", person_sealed_slice(&aim));
	return db_run(&q);
}

/*
 * The chain names nobody, and nothing in it may lead from a number to a
 * pseudonym: of recipient, aim and who decided it holds a hash, which the row
 * proves as long as it is there. There are not many to guess among, so it is
 * keyed, and dies with the person's key.
 */
static void
whom_hash(const struct att_secret *key, const struct store_disclosure *d,
    const struct store_employee *decider, uint8_t out[VAULT_HASH_LEN])
{
	uint8_t bytes[2 * (STORE_RECIPIENT_MAX + 1) + VAULT_ID_LEN];
	struct att_writer w = att_writer_of(bytes, sizeof(bytes));
	size_t len = 0;

	att_put_str8(&w, att_slice_of(d->recipient));
	att_put_str8(&w, att_slice_of(d->aim));
	att_put_bytes(&w, decider->id, sizeof(decider->id));
	if (att_writer_done(&w, &len) != ATT_OK)
		len = 0; /* they fit, by their types */
	vault_person_hash(key, (struct att_slice){ bytes, len }, out);
}

static enum att_err
disclosure_record(struct store *s, const struct store_by *by,
    const struct att_secret *key, const uint8_t *person,
    const struct store_employee *decider, const struct store_disclosure *d)
{
	uint8_t hash[VAULT_HASH_LEN];
	struct detail detail = { 0 };

	whom_hash(key, d, decider, hash);
	detail_text(&detail, "basis", d->basis);
	detail_text(&detail, "fields", d->fields);
	detail_hex(&detail, "act", d->act, sizeof(d->act));
	detail_hex(&detail, "whom", hash, sizeof(hash));
	if (d->at_utc != 0)
		detail_int(&detail, "again", d->at_utc);
	return person_record(s, by, "disclose", person, key, &detail);
}

enum att_err
store_disclosure_add(struct store *s, const struct store_by *by,
    const uint8_t person[VAULT_ID_LEN], const struct store_employee *decider,
    const struct store_disclosure *d)
{
	ATT_AUTO_SECRET struct att_secret key = { 0 };
	struct store_disclosure fresh = *d;
	const char *why = wrong(d);
	enum att_err e = db_need_tx(s);

	if (e != ATT_OK)
		return e;
	if (why != NULL)
		return db_trouble(s, ATT_FORMAT, "%s", why);
	fresh.at_utc = 0; /* now */
	e = person_open(s, person, &key);
	if (e == ATT_OK)
		e = disclosure_add(s, by, &key, person, decider, &fresh);
	return e == ATT_OK
	    ? disclosure_record(s, by, &key, person, decider, &fresh)
	    : e;
}

enum att_err
store_disclosure_known(struct store *s, const uint8_t person[VAULT_ID_LEN],
    const uint8_t act[16], bool *known)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_DISCLOSURE_KNOWN);

	db_bind_id(&q, ":act", act);
	db_bind_id(&q, ":person", person);
	return db_exists(&q, known);
}

enum att_err
store_disclosure_apply(struct store *s, const struct store_by *by,
    const uint8_t person[VAULT_ID_LEN], const struct store_disclosure *d,
    bool *done)
{
	ATT_AUTO_SECRET struct att_secret key = { 0 };
	struct store_employee decider;
	struct store_by then = *by;
	bool known = false;
	enum att_err e = db_need_tx(s);

	*done = false;
	if (e == ATT_OK)
		e = store_disclosure_known(s, person, d->act, &known);
	if (e != ATT_OK || known)
		return e;
	e = store_employee_by_number(s, d->decider, &decider);
	if (e == ATT_OK)
		e = person_open(s, person, &key);
	then.now.utc = d->at_utc;
	memcpy(then.actor, d->actor, sizeof(then.actor));
	if (e == ATT_OK)
		e = disclosure_add(s, &then, &key, person, &decider, d);
	if (e == ATT_OK)
		e = disclosure_record(s, by, &key, person, &decider, d);
	*done = e == ATT_OK;
	return e;
}

enum att_err
store_disclosure_acts(struct store *s, store_act_each *each, void *ctx)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_DISCLOSURE_ACTS);
	uint8_t person[VAULT_ID_LEN], act[16];
	enum att_err e;

	while ((e = db_step(&q)) == ATT_OK) {
		db_take_bytes(&q, person, sizeof(person));
		db_take_bytes(&q, act, sizeof(act));
		if (db_query_done(&q) != ATT_OK)
			return db_query_done(&q);
		if (!each(ctx, person, act))
			return ATT_OK;
	}
	return e == ATT_ABSENT ? ATT_OK : e;
}

static enum att_err
take(struct store *s, struct db_query *q, const uint8_t *person,
    struct att_secret *key, struct store_disclosure *d)
{
	struct person_cell cell = { key, person, "recipient", 0 };
	struct att_slice recipient, aim;
	enum att_err e;

	*d = (struct store_disclosure){ 0 };
	db_take_bytes(q, d->act, sizeof(d->act));
	d->at_utc = db_take_int(q);
	db_take_text(q, d->basis, sizeof(d->basis));
	db_take_text(q, d->fields, sizeof(d->fields));
	db_take_text(q, d->actor, sizeof(d->actor));
	db_take_text(q, d->decider, sizeof(d->decider));
	recipient = db_take_blob(q);
	aim = db_take_blob(q);
	e = db_query_done(q);
	cell.version = seal_version(d);
	if (e == ATT_OK && key->at == NULL)
		e = person_open(s, person, key);
	if (e == ATT_OK)
		e = person_unseal_text(
		    s, &cell, recipient, d->recipient, sizeof(d->recipient));
	cell.column = "aim";
	if (e == ATT_OK)
		e = person_unseal_text(s, &cell, aim, d->aim, sizeof(d->aim));
	return e;
}

enum att_err
store_disclosure_list(struct store *s, const uint8_t person[VAULT_ID_LEN],
    store_disclosure_each *each, void *ctx)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_DISCLOSURE_LIST);
	ATT_AUTO_SECRET struct att_secret key = { 0 };
	struct store_disclosure d;
	enum att_err e;

	db_bind_id(&q, ":person", person);
	while ((e = db_step(&q)) == ATT_OK) {
		e = take(s, &q, person, &key, &d);
		if (e != ATT_OK)
			return e;
		if (!each(ctx, &d))
			return ATT_OK;
	}
	return e == ATT_ABSENT ? ATT_OK : e;
}

enum att_err
store_attendance_together(
    struct store *s, uint32_t k, store_together_each *each, void *ctx)
{
	STORE_AUTO_QUERY struct db_query q =
	    db_query(s, STMT_ATTENDANCE_TOGETHER);
	enum att_err e;

	db_bind_int(&q, ":k", k);
	while ((e = db_step(&q)) == ATT_OK) {
		struct store_together t = { 0 };

		db_take_text(&q, t.month, sizeof(t.month));
		db_take_text(&q, t.department, sizeof(t.department));
		t.kind = (int)db_take_int_in(&q, 1, 4);
		t.quarter = (int)db_take_int_in(&q, 0, 3);
		t.events = (uint64_t)db_take_int_in(&q, 0, INT64_MAX);
		t.people = (uint64_t)db_take_int_in(&q, 0, INT64_MAX);
		if (db_query_done(&q) != ATT_OK)
			return db_query_done(&q);
		if (!each(ctx, &t))
			return ATT_OK;
	}
	return e == ATT_ABSENT ? ATT_OK : e;
}
