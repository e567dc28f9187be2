#include "store/finger.h"

#include "base/owner.h"
#include "store/consent.h"
#include "store/employee.h"
#include "store/keep.h"
#include "store/person.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a template is sealed for, besides person and version. */
static void
column_of(const struct store_finger *f, char buf[64])
{
	(void)snprintf(buf, 64, "finger:%u:%s:%u", (unsigned)f->finger,
	    f->driver, (unsigned)f->algorithm);
}

enum att_err
store_fingers_changed(struct store *s, uint64_t *n)
{
	STORE_AUTO_QUERY struct db_query q =
	    db_query(s, STMT_SITE_FINGERS_CHANGED);

	return db_count(&q, n);
}

enum att_err
store_finger_count(struct store *s, const uint8_t person[VAULT_ID_LEN],
    uint8_t finger, uint64_t *n)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_FINGER_COUNT);

	db_bind_id(&q, ":person", person);
	db_bind_int(&q, ":finger", finger);
	return db_count(&q, n);
}

static enum att_err
row_add(struct store *s, const uint8_t *person, const struct store_finger *f,
    struct att_slice sealed)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_FINGER_ADD);

	db_bind_id(&q, ":person", person);
	db_bind_int(&q, ":finger", f->finger);
	db_bind_int(&q, ":version", f->version);
	db_bind_text(&q, ":driver", f->driver);
	db_bind_int(&q, ":algorithm", f->algorithm);
	db_bind_int(&q, ":samples", f->samples);
	db_bind_int(&q, ":now", f->enrolled_utc);
	db_bind_blob(&q, ":template", sealed);
	return db_run(&q);
}

static void
take_finger(struct db_query *q, struct store_finger *f)
{
	*f = (struct store_finger){ 0 };
	f->finger = (uint8_t)db_take_int_in(q, 1, 10);
	f->version = db_take_int_in(q, 1, INT64_MAX);
	db_take_text(q, f->driver, sizeof(f->driver));
	f->algorithm = (uint32_t)db_take_int_in(q, 1, 255);
	f->samples = (uint32_t)db_take_int_in(q, 1, 8);
	f->enrolled_utc = db_take_int(q);
}

/* What was said last about it; zeros: nothing. */
static enum att_err
said(struct store *s, const uint8_t *person, bool by_guardian,
    struct store_consent *c)
{
	enum att_err e =
	    store_consent_state(s, person, STORE_FOR_FINGER, by_guardian, c);

	if (e == ATT_ABSENT)
		*c = (struct store_consent){ 0 };
	return e == ATT_ABSENT ? ATT_OK : e;
}

static enum att_err
need_consent(struct store *s, const struct store_by *by, const uint8_t *person,
    uint32_t majority)
{
	struct gate_facts f = { .today = att_date_at(by->now.utc),
		.majority = majority,
		.allow_unknown_birth = true };
	struct store_consent own, guardian;
	struct gate_guardian g;
	struct gate_consent o;
	struct store_employee e;
	struct store_notice n;
	enum att_err err = store_employee_by_id(s, person, &e);

	if (err == ATT_OK)
		err = said(s, person, false, &own);
	if (err == ATT_OK)
		err = said(s, person, true, &guardian);
	if (err == ATT_OK)
		err =
		    store_notice_in_force(s, by->now.utc, "en", &n, NULL, NULL);
	if (err != ATT_OK && err != ATT_ABSENT)
		return err;
	f.born_on = e.born_on;
	f.notice_major = n.major;
	o = store_consent_own(&own);
	g = store_consent_guardian(&guardian);
	if (err == ATT_ABSENT || !gate_agreed(&f, &o, &g))
		return db_trouble(s, ATT_REFUSED,
		    "nobody consented to keep a finger, or not any more");
	return ATT_OK;
}

/* The row's number comes before the seal that names it. */
static enum att_err
number(struct store *s, const struct store_by *by, const uint8_t *person,
    struct store_finger *f)
{
	uint64_t enrolled = 0, changed = 0;
	enum att_err e = store_finger_count(s, person, f->finger, &enrolled);

	if (e == ATT_OK && enrolled > 0)
		return db_trouble(s, ATT_EXISTS, "the finger is enrolled");
	if (e == ATT_OK)
		e = store_fingers_changed(s, &changed);
	f->version = (int64_t)changed + 1;
	f->enrolled_utc = by->now.utc;
	return e;
}

static enum att_err
seal_and_add(struct store *s, const struct att_secret *key,
    const uint8_t *person, const struct store_finger *f,
    struct att_slice template)
{
	const size_t len = template.len + VAULT_SEAL_OVER;
	ATT_AUTO_FREE uint8_t *sealed = malloc(len);
	char column[64];
	enum att_err e;

	if (sealed == NULL)
		return db_trouble(s, ATT_NOMEM, "finger: no memory");
	column_of(f, column);
	e = vault_seal(key, person, column, f->version, template, sealed);
	if (e != ATT_OK)
		return e;
	return row_add(s, person, f, (struct att_slice){ sealed, len });
}

enum att_err
store_finger_add(struct store *s, const struct store_by *by,
    const uint8_t person[VAULT_ID_LEN], uint32_t majority,
    struct store_finger *f, struct att_slice template)
{
	ATT_AUTO_SECRET struct att_secret key = { 0 };
	struct store_finger fresh = *f;
	struct detail d = { 0 };
	enum att_err e = db_need_tx(s);

	if (e != ATT_OK)
		return e;
	if (template.len == 0 || template.len > STORE_FINGER_MAX)
		return db_trouble(s, ATT_LIMIT, "finger: no such template");
	e = person_open(s, person, &key);
	if (e == ATT_OK)
		e = need_consent(s, by, person, majority);
	if (e == ATT_OK)
		e = number(s, by, person, &fresh);
	if (e == ATT_OK)
		e = seal_and_add(s, &key, person, &fresh, template);
	if (e != ATT_OK)
		return e;
	detail_int(&d, "finger", fresh.finger);
	detail_int(&d, "samples", fresh.samples);
	detail_text(&d, "driver", fresh.driver);
	e = person_record(s, by, "finger-enrol", person, &key, &d);
	if (e == ATT_OK)
		*f = fresh;
	return e;
}

static enum att_err
open_template(struct store *s, const uint8_t *person,
    const struct store_finger *f, struct att_slice sealed, void *buf)
{
	ATT_AUTO_SECRET struct att_secret key = { 0 };
	char column[64];
	enum att_err e = person_open(s, person, &key);

	column_of(f, column);
	if (e == ATT_OK)
		e = vault_unseal(&key, person, column, f->version, sealed, buf);
	if (e == ATT_CORRUPT)
		return db_trouble(s, e, "a sealed finger does not open");
	return e;
}

enum att_err
store_finger_get(struct store *s, const uint8_t person[VAULT_ID_LEN],
    uint8_t finger, struct store_finger *f, void *buf, size_t cap, size_t *len)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_FINGER_GET);
	struct store_finger found;
	struct att_slice sealed;
	enum att_err e;

	db_bind_id(&q, ":person", person);
	db_bind_int(&q, ":finger", finger);
	e = db_step(&q);
	if (e == ATT_ABSENT)
		return db_trouble(s, e, "no such finger");
	take_finger(&q, &found);
	sealed = db_take_blob(&q);
	e = db_query_done(&q);
	if (e != ATT_OK)
		return e;
	if (sealed.len <= VAULT_SEAL_OVER)
		return db_trouble(s, ATT_CORRUPT, "a finger has no template");
	if (sealed.len - VAULT_SEAL_OVER > cap)
		return db_trouble(s, ATT_LIMIT, "a finger's template is long");
	e = open_template(s, person, &found, sealed, buf);
	if (e != ATT_OK)
		return e;
	*f = found;
	*len = sealed.len - VAULT_SEAL_OVER;
	return ATT_OK;
}

static enum att_err
each_row(
    struct store *s, struct db_query *q, store_finger_each *each, void *ctx)
{
	uint8_t person[VAULT_ID_LEN];
	struct store_finger f;
	enum att_err e;

	while ((e = db_step(q)) == ATT_OK) {
		db_take_bytes(q, person, sizeof(person));
		take_finger(q, &f);
		if (db_query_done(q) != ATT_OK)
			return db_query_done(q);
		if (!each(ctx, person, &f))
			return ATT_OK;
	}
	return e == ATT_ABSENT ? ATT_OK : e;
}

enum att_err
store_finger_list(struct store *s, const uint8_t person[VAULT_ID_LEN],
    store_finger_each *each, void *ctx)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_FINGER_LIST);

	db_bind_id(&q, ":person", person);
	return each_row(s, &q, each, ctx);
}

enum att_err
store_finger_every(struct store *s, store_finger_each *each, void *ctx)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_FINGER_EVERY);

	return each_row(s, &q, each, ctx);
}

enum att_err
store_finger_searchable(struct store *s, int64_t at_utc, struct att_date today,
    store_finger_each *each, void *ctx)
{
	STORE_AUTO_QUERY struct db_query q =
	    db_query(s, STMT_FINGER_SEARCHABLE);

	db_bind_int(&q, ":at", at_utc);
	db_bind_date(&q, ":today", today);
	return each_row(s, &q, each, ctx);
}

static enum att_err
rows_delete(struct store *s, const uint8_t *person, uint8_t finger)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_FINGER_DELETE);

	db_bind_id(&q, ":person", person);
	db_bind_int(&q, ":finger", finger);
	return db_run(&q);
}

enum att_err
store_finger_destroy(struct store *s, const struct store_by *by,
    const uint8_t person[VAULT_ID_LEN], uint8_t finger, const char *why,
    uint64_t *n)
{
	struct detail d = { 0 };
	uint64_t found = 0;
	enum att_err e = db_need_tx(s);

	if (e == ATT_OK)
		e = store_finger_count(s, person, finger, &found);
	if (e == ATT_OK && found > 0)
		e = rows_delete(s, person, finger);
	if (e == ATT_OK && found > 0)
		e = tidy_due(s);
	if (e != ATT_OK)
		return e;
	*n = found;
	if (found == 0)
		return ATT_OK;
	detail_int(&d, "fingers", (int64_t)found);
	detail_text(&d, "why", why);
	return store_audit(s, by, "finger-destroy", person, d.text);
}
