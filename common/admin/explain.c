#include "admin/answer.h"
#include "admin/nouns.h"
#include "admin/report.h"
#include "attendd/facts.h"
#include "attendd/finger.h"
#include "store/pin.h"

#include <string.h>

#define DEFAULT_SERVICE "login"
#define SERVICE_MAX	31 /* bytes of a service name in the configuration */

struct question {
	const struct store_employee *e; /* NULL: nobody we know */
	const char *service;
	struct att_now at;
	struct gate_facts facts;
	bool has_pin, must_change;
	uint64_t fingers;
	enum gate_reason finger; /* why one would not do */
	uint32_t finger_seconds; /* that a lock has left */
};

static enum verb_status
take_moment(
    struct dialogue *d, const struct verb_call *call, struct question *q)
{
	const char *at = verb_option(call, "at");

	q->at = d->now;
	q->service = verb_option(call, "service");
	if (q->service == NULL)
		q->service = DEFAULT_SERVICE;
	if (q->service[0] == '\0' || strlen(q->service) > SERVICE_MAX)
		return answer_fail(d, VERB_USAGE,
		    "--service needs the name of a PAM service, as in login");
	if (at != NULL && verb_time(at, false, &q->at.utc) != ATT_OK)
		return answer_fail(d, VERB_USAGE, "--at is not a time");
	return VERB_DONE;
}

/* Whether a finger could do as well; nothing of it depends on the service. */
static enum att_err
gather_finger(struct dialogue *d, struct question *q)
{
	struct store_attempt a = {
		.known = true, .factor = GATE_FINGER, .service = q->service
	};
	struct store_attempt_limits own = finger_limits;
	enum att_err e;

	memcpy(a.subject, q->e->id, sizeof(a.subject));
	own.kiosk_lock_seconds = 0; /* about the reader, not about her */
	e = store_finger_count(
	    d->store, q->e->id, STORE_FINGERS_ALL, &q->fingers);
	if (e == ATT_OK)
		e = finger_permitted(d, q->e, &q->at, &q->finger);
	if (e == ATT_OK)
		e = store_attempt_locked(
		    d->store, &q->at, &a, &own, &q->finger_seconds);
	return e;
}

/*
 * The question asked is: would the right PIN, if there is one, let this
 * person in. Whether it would be typed is not for us to say.
 */
static enum att_err
gather(struct dialogue *d, struct question *q)
{
	struct store_pin pin = { 0 };
	enum att_err e = facts_gather(
	    d->store, d->config, q->e, q->service, &q->at, &q->facts);

	if (e != ATT_OK)
		return e;
	q->facts.phase = GATE_AUTHENTICATE;
	if (q->e == NULL)
		return ATT_OK;
	e = store_pin_get(d->store, q->e->id, &pin);
	q->has_pin = e == ATT_OK;
	q->must_change = e == ATT_OK && pin.must_change;
	explicit_bzero(&pin, sizeof(pin));
	q->facts.proven = q->has_pin ? GATE_PIN : 0;
	if ((e != ATT_OK && e != ATT_ABSENT) || q->e->state == STORE_ERASED)
		return e == ATT_ABSENT ? ATT_OK : e;
	return gather_finger(d, q);
}

static void
list_step(
    void *ctx, const char *check, enum gate_reason result, const char *fact)
{
	struct table *t = ctx;

	table_text(t, check);
	table_text(t, gate_reason_id(result));
	table_text(t, fact);
}

/* "ok", or why the reader would not be opened for her. */
static const char *
finger_word(const struct question *q)
{
	if (q->e == NULL)
		return gate_reason_id(GATE_R_UNKNOWN);
	return q->fingers == 0 && q->finger == GATE_R_OK
	    ? "not-enrolled"
	    : gate_reason_id(q->finger);
}

static void
report_answer(struct report *r, const char *number, const struct question *q)
{
	static const struct table_column columns[] = { { "check", "CHECK" },
		{ "result", "RESULT" }, { "fact", "FACT" } };
	struct gate_decision decision;
	struct table t;

	report_record(r);
	report_text(r, "number", "Number", number);
	report_text(r, "service", "Service", q->service);
	report_time(r, "at", "At", q->at.utc);
	report_flag(r, "pin_set", "PIN set", q->has_pin);
	report_flag(r, "pin_must_change", "PIN must change", q->must_change);
	report_number(r, "fingers", "Fingers enrolled", (int64_t)q->fingers);
	report_text(r, "finger", "Finger", finger_word(q));
	report_number(r, "finger_locked_seconds", "Finger locked",
	    q->finger_seconds != STORE_LOCKED_FOR_GOOD ? q->finger_seconds : 0);
	report_flag(r, "finger_needs_pin", "Needs a PIN login",
	    q->finger_seconds == STORE_LOCKED_FOR_GOOD);
	report_list(r, &t, "checks", "Checks", columns, 3);
	decision = gate_explain(&q->facts, list_step, &t);
	report_list_end(r, &t);
	if (r->j == NULL)
		print_bytes(&r->print, "\n", 1);
	report_flag(r, "allowed", "Allowed", decision.verdict == VERDICT_ALLOW);
	report_text(r, "reason", "Reason", gate_reason_id(decision.reason));
	report_flag(r, "askable", "Asked at login", decision.askable);
	report_record_end(r);
}

enum verb_status
explain_run(struct dialogue *d, const struct verb_call *call)
{
	const char *number = verb_positional(call, "NUMBER");
	struct question q = { 0 };
	struct store_employee e;
	struct report r;
	enum verb_status status = take_moment(d, call, &q);
	enum att_err err;

	if (status != VERB_DONE)
		return status;
	err = store_employee_by_number(d->store, number, &e);
	if (err == ATT_OK)
		q.e = &e;
	if (err == ATT_OK || err == ATT_ABSENT)
		err = gather(d, &q);
	if (err != ATT_OK)
		return answer_trouble(d, err, "gathering the facts");
	if (q.e != NULL && e.state != STORE_ERASED)
		status = answer_looked(d, "explain", e.id);
	if (status != VERB_DONE)
		return status;
	report_open(&r, d, call);
	report_answer(&r, number, &q);
	status = report_close(&r);
	return status == VERB_DONE && q.e == NULL ? VERB_ABSENT : status;
}
