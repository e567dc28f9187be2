/* Where values came from, what was asked for, and to whom data went. */
#include "admin/held.h"

#include "store/disclosure.h"
#include "store/history.h"
#include "store/request.h"

#include <limits.h>

struct listing {
	struct report *r;
	struct table t;
	bool numbers; /* of many people: say whose */
};

static const struct table_column history_columns[] = {
	{ "at", N_("WHEN") },
	{ "field", N_("FIELD") },
	{ "source", N_("SOURCE") },
	{ "basis", N_("BASIS") },
	{ "by", N_("BY") },
	{ "was", N_("BEFORE") },
};

static bool
list_past(void *ctx, const struct store_past *p)
{
	struct listing *l = ctx;

	table_time(&l->t, p->at_utc);
	table_word(&l->t, p->field);
	table_word(&l->t, p->source);
	table_word(&l->t, p->basis);
	table_word(&l->t, p->actor);
	table_text(&l->t, p->was);
	return true;
}

enum att_err
held_report_history(struct report *r, const struct store_employee *e)
{
	struct listing l = { .r = r };
	enum att_err err;

	report_list(r, &l.t, "history", N_("Where each value came from"),
	    history_columns,
	    sizeof(history_columns) / sizeof(history_columns[0]));
	err = store_history_list(r->d->store, e->id, list_past, &l);
	report_list_end(r, &l.t);
	return err;
}

static const struct table_column disclosure_columns[] = {
	{ "at", N_("WHEN") },
	{ "recipient", N_("RECIPIENT") },
	{ "purpose", N_("FOR") },
	{ "basis", N_("BASIS") },
	{ "fields", N_("FIELDS") },
	{ "decided_by", N_("DECIDED BY") },
	{ "by", N_("BY") },
};

static bool
list_disclosure(void *ctx, const struct store_disclosure *d)
{
	struct listing *l = ctx;

	table_time(&l->t, d->at_utc);
	table_text(&l->t, d->recipient);
	table_text(&l->t, d->aim);
	table_word(&l->t, d->basis);
	table_text(&l->t, d->fields);
	table_text(&l->t, d->decider);
	table_text(&l->t, d->actor);
	return true;
}

enum att_err
held_report_disclosures(struct report *r, const struct store_employee *e)
{
	struct listing l = { .r = r };
	enum att_err err;

	report_list(r, &l.t, "disclosures", N_("To whom it was disclosed"),
	    disclosure_columns,
	    sizeof(disclosure_columns) / sizeof(disclosure_columns[0]));
	err = store_disclosure_list(r->d->store, e->id, list_disclosure, &l);
	report_list_end(r, &l.t);
	return err;
}

/* The first is left out of one person's own. */
static const struct table_column request_columns[] = {
	{ "number", N_("NUMBER") },
	{ "request", N_("REQUEST") },
	{ "kind", N_("KIND") },
	{ "about", N_("ABOUT") },
	{ "state", N_("STATE") },
	{ "opened", N_("OPENED") },
	{ "verified_by", N_("VERIFIED BY") },
	{ "days_left", N_("DAYS LEFT") },
	{ "closed", N_("CLOSED") },
	{ "reason", N_("REASON") },
	{ "text", N_("TEXT") },
	{ "answer", N_("ANSWER") },
};
#define REQUEST_COLUMNS (sizeof(request_columns) / sizeof(request_columns[0]))

static bool
list_request(void *ctx, const struct store_request *q)
{
	struct listing *l = ctx;
	struct table *t = &l->t;
	int left = store_request_days_left(q, l->r->d->now.utc);

	if (l->numbers)
		table_text(t, q->number);
	table_number(t, q->n);
	table_word(t, store_request_kind_id(q->kind));
	table_word(t,
	    q->kind == STORE_REQUEST_CORRECT ? q->field
		: q->kind == STORE_REQUEST_WITHDRAW
		? store_purpose_id(q->purpose)
		: "");
	table_word(t, store_request_state_id(q->state));
	table_time(t, q->opened_utc);
	table_word(t, q->verified_how);
	if (left == INT_MAX)
		table_text(t, NULL);
	else
		table_number(t, left);
	table_time(t, q->closed_utc);
	table_word(t, q->reason);
	table_text(t, q->content);
	table_text(t, q->answer);
	return true;
}

enum att_err
held_report_requests(struct report *r, const struct store_employee *e,
    bool open_only, const char *key)
{
	struct listing l = { .r = r, .numbers = e == NULL };
	size_t skip = e != NULL ? 1 : 0;
	enum att_err err;

	report_list(r, &l.t, key, key != NULL ? N_("Requests") : NULL,
	    request_columns + skip, REQUEST_COLUMNS - skip);
	err = store_request_list(
	    r->d->store, e != NULL ? e->id : NULL, open_only, list_request, &l);
	report_list_end(r, &l.t);
	return err;
}
