#include "store/attendance.h"
#include "admin/answer.h"
#include "admin/held.h"
#include "admin/nouns.h"

static bool
list_one(void *ctx, const char *number, const struct store_attendance *e)
{
	struct table *t = ctx;

	table_time(t, e->at_utc);
	table_text(t, number);
	table_text(t, store_attendance_kind_id(e->kind));
	table_text(t, e->source);
	table_text(t, e->service);
	held_factor(t, e->factor);
	table_text(t, e->tty);
	table_text(t, e->rhost);
	table_text(t, e->kiosk);
	table_text(t, e->os);
	table_text(t, e->machine);
	table_text(t, e->place);
	return true;
}

/* --from and --to as a half-open span; verbs_parse has checked both. */
static enum att_err
take_span(const struct verb_call *call, int64_t *from_utc, int64_t *to_utc)
{
	const char *from = verb_option(call, "from");
	const char *to = verb_option(call, "to");
	enum att_err e = ATT_OK;

	*from_utc = INT64_MIN;
	*to_utc = INT64_MAX;
	if (from != NULL)
		e = verb_time(from, false, from_utc);
	if (e == ATT_OK && to != NULL)
		e = verb_time(to, true, to_utc);
	return e;
}

enum verb_status
attendance_list(struct dialogue *d, const struct verb_call *call)
{
	static const struct table_column columns[] = { { "at", "WHEN" },
		{ "number", "NUMBER" }, { "event", "EVENT" },
		{ "source", "SOURCE" }, { "service", "SERVICE" },
		{ "factor", "FACTOR" }, { "tty", "TTY" }, { "rhost", "FROM" },
		{ "kiosk", "KIOSK" }, { "os", "OS" }, { "machine", "MACHINE" },
		{ "place", "PLACE" } };
	bool one = verb_positional(call, "NUMBER") != NULL;
	struct store_employee e;
	struct report r;
	struct table t;
	int64_t from_utc, to_utc;
	enum verb_status status = VERB_DONE;
	enum att_err err = take_span(call, &from_utc, &to_utc);

	if (err != ATT_OK || from_utc >= to_utc)
		return answer_fail(
		    d, VERB_USAGE, "--from does not lie before --to");
	if (one)
		status = answer_employee(d, call, &e);
	if (status == VERB_DONE)
		status = answer_looked(d, "attendance-list", one ? e.id : NULL);
	if (status != VERB_DONE)
		return status;
	report_open(&r, d, call);
	report_list(&r, &t, NULL, NULL, columns, 12);
	err = store_attendance_list(
	    d->store, one ? e.id : NULL, from_utc, to_utc, list_one, &t);
	report_list_end(&r, &t);
	if (err != ATT_OK)
		return answer_trouble(d, err, "listing attendance");
	return report_close(&r);
}
