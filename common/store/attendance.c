#include "store/attendance.h"

#include "base/text.h"
#include "store/person.h"

#include <string.h>

static const char *const kinds[] = {
	[STORE_LOGIN] = "login",
	[STORE_LOGOUT] = "logout",
	[STORE_CLOCK_IN] = "clock-in",
	[STORE_CLOCK_OUT] = "clock-out",
};

const char *
store_attendance_kind_id(enum store_attendance_kind k)
{
	return k >= STORE_LOGIN && k <= STORE_CLOCK_OUT ? kinds[k] : "unknown";
}

static enum att_err
attendance_add(
    struct store *s, const uint8_t *person, const struct store_attendance *e)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_ATTENDANCE_ADD);

	db_bind_id(&q, ":id", e->id);
	db_bind_id(&q, ":person", person);
	db_bind_int(&q, ":kind", e->kind);
	db_bind_int(&q, ":at", e->at_utc);
	db_bind_text(&q, ":source", e->source);
	db_bind_text(&q, ":service", e->service);
	db_bind_text(&q, ":tty", e->tty);
	db_bind_text(&q, ":rhost", e->rhost);
	db_bind_int(&q, ":factor", e->factor);
	db_bind_text(&q, ":kiosk", e->kiosk);
	db_bind_text(&q, ":os", e->os);
	db_bind_text(&q, ":machine", e->machine);
	db_bind_text(&q, ":place", e->place);
	return db_run(&q);
}

/* Terminated inside its array, and text. */
static bool
field_ok(const char *at, size_t cap)
{
	size_t len = strnlen(at, cap);

	return len < cap &&
	    att_text_ok((struct att_slice){ (const uint8_t *)at, len });
}

enum att_err
store_attendance_add(struct store *s, const struct store_by *by,
    const uint8_t person[VAULT_ID_LEN], struct store_attendance *e)
{
	ATT_AUTO_SECRET struct att_secret key = { 0 };
	struct detail d = { 0 };
	struct store_attendance fresh = *e;
	enum att_err err = db_need_tx(s);

	if (err != ATT_OK)
		return err;
	if (fresh.kind < STORE_LOGIN || fresh.kind > STORE_CLOCK_OUT ||
	    !field_ok(fresh.source, sizeof(fresh.source)) ||
	    !field_ok(fresh.service, sizeof(fresh.service)) ||
	    !field_ok(fresh.tty, sizeof(fresh.tty)) ||
	    !field_ok(fresh.rhost, sizeof(fresh.rhost)) ||
	    !field_ok(fresh.kiosk, sizeof(fresh.kiosk)) ||
	    !field_ok(fresh.os, sizeof(fresh.os)) ||
	    !field_ok(fresh.machine, sizeof(fresh.machine)) ||
	    !field_ok(fresh.place, sizeof(fresh.place)))
		return db_trouble(s, ATT_FORMAT, "attendance: not text");
	err = person_open(s, person, &key);
	if (err != ATT_OK)
		return err;
	vault_random(fresh.id, sizeof(fresh.id));
	err = attendance_add(s, person, &fresh);
	if (err != ATT_OK)
		return err;
	detail_text(&d, "kind", store_attendance_kind_id(fresh.kind));
	detail_text(&d, "source", fresh.source);
	detail_text(&d, "service", fresh.service);
	err = person_record(s, by, "attendance", person, &key, &d);
	if (err == ATT_OK)
		*e = fresh;
	return err;
}

static enum att_err
take(struct db_query *q, char number[ATT_NUMBER_MAX + 1],
    struct store_attendance *e)
{
	*e = (struct store_attendance){ 0 };
	db_take_text(q, number, ATT_NUMBER_MAX + 1);
	db_take_bytes(q, e->id, sizeof(e->id));
	e->kind = (enum store_attendance_kind)db_take_int_in(
	    q, STORE_LOGIN, STORE_CLOCK_OUT);
	e->at_utc = db_take_int(q);
	db_take_text(q, e->source, sizeof(e->source));
	db_take_text(q, e->service, sizeof(e->service));
	db_take_text(q, e->tty, sizeof(e->tty));
	db_take_text(q, e->rhost, sizeof(e->rhost));
	e->factor = (uint32_t)db_take_int_in(q, 0, UINT32_MAX);
	db_take_text(q, e->kiosk, sizeof(e->kiosk));
	db_take_text(q, e->os, sizeof(e->os));
	db_take_text(q, e->machine, sizeof(e->machine));
	db_take_text(q, e->place, sizeof(e->place));
	return db_query_done(q);
}

enum att_err
store_attendance_list(struct store *s, const uint8_t *person, int64_t from_utc,
    int64_t to_utc, store_attendance_each *each, void *ctx)
{
	STORE_AUTO_QUERY struct db_query q = db_query(
	    s, person != NULL ? STMT_ATTENDANCE_OF : STMT_ATTENDANCE_LIST);
	char number[ATT_NUMBER_MAX + 1];
	struct store_attendance e;
	enum att_err err;

	if (person != NULL)
		db_bind_id(&q, ":person", person);
	db_bind_int(&q, ":from", from_utc);
	db_bind_int(&q, ":to", to_utc);
	while ((err = db_step(&q)) == ATT_OK) {
		err = take(&q, number, &e);
		if (err != ATT_OK)
			return err;
		if (!each(ctx, number, &e))
			return ATT_OK;
	}
	return err == ATT_ABSENT ? ATT_OK : err;
}

enum att_err
store_attendance_clocked_in(
    struct store *s, const uint8_t person[VAULT_ID_LEN], bool *in)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_ATTENDANCE_CLOCK);
	int64_t kind;
	enum att_err e;

	db_bind_id(&q, ":person", person);
	e = db_step(&q);
	if (e == ATT_ABSENT) {
		*in = false;
		return ATT_OK;
	}
	kind = db_take_int(&q);
	e = db_query_done(&q);
	if (e == ATT_OK)
		*in = kind == STORE_CLOCK_IN;
	return e;
}
