/*
 * What somebody else supplies about people. It is tried in a transaction that
 * is rolled back, so that what is shown is what would happen, or, with
 * --apply, done in one that is kept whole or not at all.
 */
#include "admin/answer.h"
#include "admin/change.h"
#include "admin/minor.h"
#include "admin/nouns.h"
#include "admin/person_table.h"
#include "admin/progress.h"
#include "admin/report.h"
#include "base/owner.h"
#include "store/field.h"
#include "store/history.h"

#include <stdio.h>
#include <string.h>

struct import {
	struct dialogue *d;
	struct person_table people;
	size_t count[PERSON_ROW_CHANGED + 1]; /* by fate */
	/* why a row is refused; told when no transaction is open */
	enum verb_status status;
	char why[PERSON_FORM_WHY];
};

static void
import_free(struct import *im)
{
	person_table_free(&im->people);
}

/* A cell left empty says nothing about a login: it stays, or is the usual. */
static enum verb_status
fill(struct import *im, const struct person_row *row, struct store_employee *e)
{
	enum verb_status status = VERB_DONE;
	size_t login = person_form_find("login");

	for (size_t i = 0; i < PERSON_FORM_FIELDS && status == VERB_DONE; i++)
		if (row->text[i] != NULL &&
		    (i != login || row->text[i][0] != '\0'))
			status = person_form_set(
			    im->d->config, i, e, row->text[i], im->why);
	if (status == VERB_DONE)
		status =
		    person_form_check(e, att_date_at(im->d->now.utc), im->why);
	return status;
}

/* The person as stored (nobody: without a number) and as the row has it. */
struct merged {
	struct store_employee was, is;
};

static enum verb_status
merge_new(
    struct import *im, const struct person_row *row, struct store_employee *e)
{
	enum verb_status status;

	memcpy(e->number, row->number, strlen(row->number) + 1);
	status = fill(im, row, e);
	if (status == VERB_DONE && e->name[0] == '\0') {
		(void)snprintf(im->why, sizeof(im->why),
		    "%s is new and needs a name", row->number);
		return VERB_USAGE;
	}
	if (status == VERB_DONE && e->login[0] == '\0')
		field_default_login(e->number, e->login);
	return status == VERB_DONE ? person_form_login(e, im->why) : status;
}

static enum verb_status
merge_known(struct import *im, const struct person_row *row, struct merged *m)
{
	enum verb_status status;

	if (m->was.state == STORE_ERASED) {
		(void)snprintf(im->why, sizeof(im->why),
		    "%s was erased, and the number is never given again",
		    m->was.number);
		return VERB_CONFLICT;
	}
	status = fill(im, row, &m->is);
	if (status == VERB_DONE && strcmp(m->was.login, m->is.login) != 0)
		status = person_form_login(&m->is, im->why);
	return status;
}

/* ATT_REFUSED: im->status and im->why say what is wrong with the row. */
static enum att_err
merge(struct import *im, const struct person_row *row, struct merged *m)
{
	enum att_err err =
	    store_employee_by_number(im->d->store, row->number, &m->was);

	im->why[0] = '\0';
	if (err != ATT_OK && err != ATT_ABSENT)
		return err;
	if (err == ATT_ABSENT)
		m->was = (struct store_employee){ 0 };
	m->is = m->was;
	im->status = err == ATT_OK ? merge_known(im, row, m)
				   : merge_new(im, row, &m->is);
	return im->status == VERB_DONE ? ATT_OK : ATT_REFUSED;
}

static bool
differs(const struct merged *m)
{
	for (unsigned i = 0; i < HISTORY_FIELDS; i++)
		if (history_differs(i, &m->was, &m->is))
			return true;
	return false;
}

static enum att_err
do_row(struct import *im, const struct store_by *by, struct person_row *row)
{
	struct store *s = im->d->store;
	struct merged m;
	enum att_err err = merge(im, row, &m);

	if (err != ATT_OK)
		return err;
	row->fate = m.was.number[0] == '\0' ? PERSON_ROW_ADDED
	    : differs(&m)		    ? PERSON_ROW_CHANGED
					    : PERSON_ROW_SAME;
	im->count[row->fate]++;
	if (row->fate == PERSON_ROW_SAME)
		return ATT_OK;
	err = row->fate == PERSON_ROW_ADDED
	    ? store_employee_add(s, by, im->d->config->ids, &m.is)
	    : store_employee_update(s, by, "employee-set", &m.is);
	return err == ATT_OK ? minor_check(im->d, by, &m.is, &row->held_utc)
			     : err;
}

/* Every row, and a record of the whole. *at: the row that failed. */
static enum att_err
do_rows(
    struct import *im, const struct store_by *by, const struct person_row **at)
{
	struct progress p = progress_of(im->d);
	char detail[96];
	enum att_err err = ATT_OK;

	for (size_t i = 0; i < im->people.n && err == ATT_OK; i++) {
		*at = &im->people.row[i];
		err = do_row(im, by, &im->people.row[i]);
		progress_tell(&p, "importing", i, im->people.n);
		if (err == ATT_OK && im->d->io != ATT_OK)
			err = im->d->io; /* whoever wanted it is gone */
	}
	progress_end(&p);
	if (err != ATT_OK)
		return err;
	*at = NULL;
	(void)snprintf(detail, sizeof(detail),
	    "basis=%s added=%zu changed=%zu unchanged=%zu", by->basis,
	    im->count[PERSON_ROW_ADDED], im->count[PERSON_ROW_CHANGED],
	    im->count[PERSON_ROW_SAME]);
	return store_audit(im->d->store, by, "import-csv", NULL, detail);
}

/*
 * What is told of a run that changes nothing tells what is held: on record as
 * a look at everybody, and at those of whom values are about to be shown.
 */
static enum att_err
record_looks(struct import *im, bool shown)
{
	STORE_AUTO_TX struct store_tx tx = { 0 };
	struct store_by by = dialogue_by(im->d);
	struct store_employee e;
	enum att_err err = store_begin(im->d->store, &tx);

	if (err == ATT_OK)
		err = store_audit(im->d->store, &by, "import-preview", NULL,
		    shown ? "" : "refused=yes");
	for (size_t i = 0; i < im->people.n && shown && err == ATT_OK; i++) {
		const struct person_row *row = &im->people.row[i];

		if (row->fate != PERSON_ROW_CHANGED)
			continue;
		err = store_employee_by_number(im->d->store, row->number, &e);
		if (err == ATT_OK)
			err = store_audit(
			    im->d->store, &by, "import-preview", e.id, "");
	}
	return err == ATT_OK ? store_commit(&tx) : err;
}

/* Say in which line and why; at: NULL, it is not about one. */
static enum verb_status
tell_refused(struct import *im, enum att_err err, const char *trouble,
    const struct person_row *at)
{
	char doing[96] = "importing";

	if (err == ATT_REFUSED && im->why[0] != '\0')
		/* usage is of the command line, which is in order */
		return answer_fail(im->d,
		    im->status == VERB_USAGE ? VERB_FAILED : im->status,
		    "nothing is imported: line %u: %s", at->line, im->why);
	if (at != NULL)
		(void)snprintf(doing, sizeof(doing),
		    "nothing is imported: line %u, %s", at->line, at->number);
	return answer_detail(im->d, err, doing, trouble);
}

/* In one transaction, which is kept with --apply only. */
static enum verb_status
run(struct import *im, const struct verb_call *call)
{
	struct change c ADMIN_AUTO_CHANGE = { 0 };
	const struct person_row *at = NULL;
	enum verb_status status = change_begin(&c, im->d);
	char trouble[200];
	enum att_err err, looked;

	if (status != VERB_DONE)
		return status;
	person_origin_set(&c.by, call);
	err = do_rows(im, &c.by, &at);
	if (err == ATT_OK && verb_option(call, "apply") != NULL)
		return change_end(&c, err, "importing");
	(void)snprintf(
	    trouble, sizeof(trouble), "%s", store_trouble(im->d->store));
	change_drop(&c);
	looked = record_looks(im, err == ATT_OK);
	if (looked != ATT_OK)
		return answer_trouble(im->d, looked, "recording who looks");
	return err == ATT_OK ? VERB_DONE : tell_refused(im, err, trouble, at);
}

static void
list_row(struct table *t, const struct merged *m)
{
	char was[HISTORY_VALUE_MAX], is[HISTORY_VALUE_MAX];
	bool added = m->was.number[0] == '\0';

	for (unsigned i = 0; i < HISTORY_FIELDS; i++) {
		if (!history_differs(i, &m->was, &m->is))
			continue;
		history_value(i, &m->was, was);
		history_value(i, &m->is, is);
		table_text(t, m->is.number);
		table_word(t, added ? "added" : "changed");
		table_word(t, history_field(i));
		table_text(t, was);
		table_text(t, is);
	}
}

static enum att_err
list_changes(struct import *im, struct report *r)
{
	static const struct table_column columns[] = {
		{ "number", N_("NUMBER") },
		{ "event", N_("EVENT") },
		{ "field", N_("FIELD") },
		{ "was", N_("BEFORE") },
		{ "will", N_("AFTER") },
	};
	struct merged m;
	struct table t;
	enum att_err err = ATT_OK;

	report_list(r, &t, "changes", N_("What would change"), columns,
	    sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < im->people.n && err == ATT_OK; i++) {
		if (im->people.row[i].fate == PERSON_ROW_SAME)
			continue;
		err = merge(im, &im->people.row[i], &m);
		if (err == ATT_OK)
			list_row(&t, &m);
	}
	report_list_end(r, &t);
	return err;
}

static void
list_held(struct import *im, struct report *r)
{
	static const struct table_column columns[] = {
		{ "number", N_("NUMBER") },
		{ "erased_from", N_("ERASED FROM") },
	};
	struct table t;
	bool any = false;

	for (size_t i = 0; i < im->people.n; i++)
		any = any || im->people.row[i].held_utc != 0;
	if (!any && r->j == NULL)
		return;
	report_list(r, &t, "held",
	    N_("Minors without a guardian's consent: no PIN, no login, and "
	       "erased unless it is recorded"),
	    columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < im->people.n; i++) {
		const struct person_row *row = &im->people.row[i];

		if (row->held_utc == 0)
			continue;
		table_text(&t, row->number);
		table_time(&t, minor_due(im->d->config, row->held_utc));
	}
	report_list_end(r, &t);
	report_line(r,
	    "record it with: attendctl guardian record NUMBER --name N "
	    "--relation R --paper FILE");
}

static enum verb_status
tell(struct import *im, const struct verb_call *call)
{
	bool applied = verb_option(call, "apply") != NULL;
	size_t changes = im->people.n - im->count[PERSON_ROW_SAME];
	struct report r;
	enum att_err err = ATT_OK;

	report_open(&r, im->d, call);
	report_record(&r);
	report_flag(&r, "applied", N_("Imported"), applied);
	report_number(
	    &r, "added", N_("Added"), (int64_t)im->count[PERSON_ROW_ADDED]);
	report_number(&r, "changed", N_("Changed"),
	    (int64_t)im->count[PERSON_ROW_CHANGED]);
	report_number(&r, "unchanged", N_("Unchanged"),
	    (int64_t)im->count[PERSON_ROW_SAME]);
	if (!applied && (changes > 0 || r.j != NULL))
		err = list_changes(im, &r);
	list_held(im, &r);
	report_record_end(&r);
	if (!applied && changes > 0)
		report_line(&r, "next: the same with --apply");
	if (err != ATT_OK)
		return answer_trouble(im->d, err, "showing what would change");
	return report_close(&r);
}

enum verb_status
import_csv(struct dialogue *d, const struct verb_call *call)
{
	struct import im __attribute__((cleanup(import_free))) = { .d = d };
	ATT_AUTO_FREE char *bytes = NULL;
	size_t len = 0;
	enum verb_status status = person_origin_check(d, call);
	enum att_err err;

	if (status == VERB_DONE)
		status = answer_file(
		    d, call, "FILE", PERSON_TABLE_BYTES, &bytes, &len);
	if (status != VERB_DONE)
		return status;
	err = person_table_read(&im.people, bytes, len, im.why);
	if (err == ATT_FORMAT || err == ATT_LIMIT)
		return answer_fail(
		    d, VERB_FAILED, "nothing is imported: %s", im.why);
	if (err != ATT_OK)
		return answer_trouble(d, err, "reading the file");
	status = run(&im, call);
	return status == VERB_DONE ? tell(&im, call) : status;
}
