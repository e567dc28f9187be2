/*
 * Data of people leaves here, or nowhere: with their consent to this
 * recipient and aim, or on one of the bases that need none. Every part of it
 * is on record before the first byte goes out.
 */
#include "admin/answer.h"
#include "admin/change.h"
#include "admin/nouns.h"
#include "admin/report.h"
#include "attendd/facts.h"
#include "base/owner.h"
#include "store/attendance.h"
#include "store/disclosure.h"
#include "store/field.h"
#include "store/history.h"

#include <stdio.h>
#include <string.h>

/* What can be disclosed: fields by history.h, and these. */
#define NUMBER_BIT     (1u << HISTORY_FIELDS)
#define ATTENDANCE_BIT (1u << (HISTORY_FIELDS + 1))

struct plan {
	struct store_disclosure what;
	uint32_t fields; /* bits: history.h's fields, and the two above */
	struct store_employee decider;
	struct store_employee *people; /* owned */
	bool *left_out; /* owned; one each: a transfer goes without them */
	size_t n;
};

static void
plan_free(struct plan *p)
{
	free(p->people);
	free(p->left_out);
}

static uint32_t
field_bit(const char *name, size_t len)
{
	static const char *const closed[] = { "login", "state" };
	char copy[17];
	unsigned field;

	if (len >= sizeof(copy))
		return 0;
	memcpy(copy, name, len);
	copy[len] = '\0';
	if (strcmp(copy, "number") == 0)
		return NUMBER_BIT;
	if (strcmp(copy, "attendance") == 0)
		return ATTENDANCE_BIT;
	for (size_t i = 0; i < sizeof(closed) / sizeof(closed[0]); i++)
		if (strcmp(copy, closed[i]) == 0)
			return 0; /* of use on the kiosk only */
	field = history_find(copy);
	return field < HISTORY_FIELDS ? 1u << field : 0;
}

static enum verb_status
fill_fields(struct dialogue *d, const struct verb_call *call, struct plan *p)
{
	const char *list = verb_option(call, "fields");

	for (const char *at = list; at != NULL;) {
		size_t len = strcspn(at, ",");
		uint32_t bit = field_bit(at, len);

		if (bit == 0 || (p->fields & bit) != 0)
			return answer_fail(d, VERB_USAGE,
			    "--fields names each once, separated by commas: "
			    "number, name, born, email, phone, department, "
			    "position, hired, ended or attendance; not "
			    "\"%.*s\"",
			    (int)len, at);
		p->fields |= bit;
		at = at[len] == ',' ? at + len + 1 : NULL;
	}
	(void)snprintf(p->what.fields, sizeof(p->what.fields), "%s", list);
	return VERB_DONE;
}

static enum verb_status
fill_text(struct dialogue *d, const struct verb_call *call, const char *option,
    char *buf)
{
	const char *value = verb_option(call, option);

	if (strlen(value) > STORE_RECIPIENT_MAX)
		return answer_fail(d, VERB_USAGE,
		    "--%s is too long, at most %d bytes", option,
		    STORE_RECIPIENT_MAX);
	if (!field_text_ok(value))
		return answer_fail(
		    d, VERB_USAGE, "--%s cannot be empty", option);
	memcpy(buf, value, strlen(value) + 1);
	return VERB_DONE;
}

static enum verb_status
fill_basis(struct dialogue *d, const struct verb_call *call, struct plan *p)
{
	const char *basis = verb_option(call, "basis");

	if (!store_basis_ok(basis))
		return answer_fail(d, VERB_USAGE,
		    "--basis is consent, transfer, legal-duty, "
		    "national-security, public-interest, criminal, "
		    "vital-interests, public-by-person, contract, "
		    "lawfully-published, operation, news or research; without "
		    "one of them nothing is disclosed");
	(void)snprintf(p->what.basis, sizeof(p->what.basis), "%s", basis);
	return VERB_DONE;
}

static enum verb_status
fill_people(struct dialogue *d, const struct verb_call *call, struct plan *p)
{
	enum verb_status status = VERB_DONE;
	size_t most = 1 + call->n_more;

	p->people = calloc(most, sizeof(*p->people));
	p->left_out = calloc(most, sizeof(*p->left_out));
	if (p->people == NULL || p->left_out == NULL)
		return answer_trouble(d, ATT_NOMEM, "disclosing");
	for (size_t i = 0; i < most && status == VERB_DONE; i++) {
		status = answer_number(d,
		    i == 0 ? verb_positional(call, "NUMBER")
			   : call->more[i - 1],
		    &p->people[i]);
		for (size_t k = 0; k < i && status == VERB_DONE; k++)
			if (strcmp(p->people[k].number, p->people[i].number) ==
			    0)
				return answer_fail(d, VERB_USAGE,
				    "%s is named twice", p->people[i].number);
		p->n++;
	}
	return status;
}

static enum verb_status
fill_plan(struct dialogue *d, const struct verb_call *call, struct plan *p)
{
	enum verb_status status = fill_basis(d, call, p);

	if (status == VERB_DONE)
		status = fill_text(d, call, "to", p->what.recipient);
	if (status == VERB_DONE)
		status = fill_text(d, call, "purpose", p->what.aim);
	if (status == VERB_DONE)
		status = fill_fields(d, call, p);
	if (status == VERB_DONE)
		status = answer_number(
		    d, verb_option(call, "decided-by"), &p->decider);
	if (status == VERB_DONE)
		status = fill_people(d, call, p);
	vault_random(p->what.act, sizeof(p->what.act));
	return status;
}

/* As the gate judges it: a minor's is the guardian's, an old notice's none. */
static enum att_err
has_consent(struct dialogue *d, const struct store_employee *e,
    const struct store_disclosure *what, bool *has)
{
	struct store_consent to = { .purpose = STORE_FOR_DISCLOSURE };
	struct gate_facts f;
	enum att_err err =
	    facts_gather(d->store, d->config, e, "attendctl", &d->now, &f);

	memcpy(to.recipient, what->recipient, sizeof(to.recipient));
	memcpy(to.aim, what->aim, sizeof(to.aim));
	return err == ATT_OK ? facts_agreed(d->store, &f, e, &to, has) : err;
}

/* Every part in one transaction; *refused: who has not agreed. */
static enum att_err
record(struct change *c, struct plan *p, const struct store_employee **refused)
{
	bool asked = store_basis_needs_consent(p->what.basis);
	bool partly = strcmp(p->what.basis, "transfer") == 0;
	enum att_err err = ATT_OK;

	for (size_t i = 0; i < p->n && err == ATT_OK; i++) {
		bool has = true;

		if (asked)
			err = has_consent(c->d, &p->people[i], &p->what, &has);
		p->left_out[i] = !has;
		if (err == ATT_OK && !has && !partly) {
			*refused = &p->people[i];
			return ATT_REFUSED;
		}
		if (err == ATT_OK && has)
			err = store_disclosure_add(c->d->store, &c->by,
			    p->people[i].id, &p->decider, &p->what);
	}
	return err;
}

static bool
list_attendance(void *ctx, const char *number, const struct store_attendance *a)
{
	struct table *t = ctx;

	(void)number; /* the record says whose */
	table_time(t, a->at_utc);
	table_word(t, store_attendance_kind_id(a->kind));
	return true;
}

static enum att_err
print_attendance(struct report *r, const struct store_employee *e)
{
	static const struct table_column columns[] = { { "at", N_("WHEN") },
		{ "event", N_("EVENT") } };
	struct table t;
	enum att_err err;

	report_list(r, &t, "attendance", N_("Attendance"), columns, 2);
	err = store_attendance_list(
	    r->d->store, e->id, INT64_MIN, INT64_MAX, list_attendance, &t);
	report_list_end(r, &t);
	return err;
}

static enum att_err
print_person(
    struct report *r, const struct plan *p, const struct store_employee *e)
{
	enum att_err err = ATT_OK;
	char value[HISTORY_VALUE_MAX];

	report_record(r);
	if ((p->fields & NUMBER_BIT) != 0)
		report_text(r, "number", "number", e->number);
	for (unsigned i = 0; i < HISTORY_FIELDS; i++)
		if ((p->fields & 1u << i) != 0) {
			history_value(i, e, value);
			report_text(
			    r, history_field(i), history_field(i), value);
		}
	if ((p->fields & ATTENDANCE_BIT) != 0)
		err = print_attendance(r, e);
	report_record_end(r);
	report_line(r, "%s", "");
	return err;
}

static enum verb_status
print_people(
    struct dialogue *d, const struct verb_call *call, const struct plan *p)
{
	struct report r;
	enum att_err err = ATT_OK;

	report_open(&r, d, call);
	if (r.j != NULL)
		json_array(r.j);
	for (size_t i = 0; i < p->n && err == ATT_OK; i++)
		if (!p->left_out[i])
			err = print_person(&r, p, &p->people[i]);
	if (err != ATT_OK)
		return answer_trouble(d, err, "printing what is disclosed");
	if (r.j != NULL)
		json_array_end(r.j);
	return report_close(&r);
}

static void
tell_left_out(struct dialogue *d, const struct plan *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->left_out[i])
			dialogue_err(d,
			    "attendctl: left out, no consent to this "
			    "recipient and purpose: %s\n",
			    p->people[i].number);
}

static enum verb_status
disclose(struct dialogue *d, const struct verb_call *call, struct plan *p)
{
	struct change c ADMIN_AUTO_CHANGE = { 0 };
	const struct store_employee *refused = NULL;
	enum verb_status status = change_begin(&c, d);
	enum att_err err;

	if (status != VERB_DONE)
		return status;
	err = record(&c, p, &refused);
	if (refused != NULL) {
		change_drop(&c);
		return answer_fail(d, VERB_REFUSED,
		    "nothing is disclosed: %s has not agreed to this recipient "
		    "and purpose; ask with: attendctl consent record %s "
		    "--purpose disclosure --recipient WHOM --for AIM",
		    refused->number, refused->number);
	}
	status = change_end(&c, err, "recording the disclosure");
	if (status != VERB_DONE)
		return status;
	tell_left_out(d, p);
	return print_people(d, call, p);
}

enum verb_status
disclose_run(struct dialogue *d, const struct verb_call *call)
{
	struct plan p __attribute__((cleanup(plan_free))) = { 0 };
	enum verb_status status = fill_plan(d, call, &p);

	return status == VERB_DONE ? disclose(d, call, &p) : status;
}
