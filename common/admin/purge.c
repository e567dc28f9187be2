/*
 * What the rules demand of a site as time goes by. Runs from a timer; each
 * step is a transaction of its own, or several, so that it can be cut short
 * at any point and goes on the next time.
 */
#include "admin/answer.h"
#include "admin/change.h"
#include "admin/erase.h"
#include "admin/held.h"
#include "admin/minor.h"
#include "admin/nouns.h"
#include "admin/progress.h"
#include "admin/report.h"
#include "admin/request_form.h"
#include "attendd/finger.h"
#include "attendd/gallery.h"
#include "store/attempt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY  INT64_C(86400)
#define LEAP (92 * DAY) /* since the last time: the clock may be wrong */

enum step {
	STEP_HOLD,
	STEP_RELEASE,
	STEP_ERASE_MINOR,
	STEP_ERASE_LEAVER,
	STEP_FORGET_FINGERS
};

struct todo {
	enum step step;
	uint8_t person[VAULT_ID_LEN];
};

struct purge {
	struct dialogue *d;
	struct store_by by;
	struct todo *list; /* owned */
	size_t n, cap;
	enum att_err err;
	struct progress progress;
	const char *doing;
	uint64_t held, released, minors, leavers;
	struct store_again again;
	uint64_t fingers; /* templates whose consent was over */
	uint64_t attendance, attempts, audit;
};

static void
begin(struct purge *p, const char *doing)
{
	p->doing = doing;
	progress_tell(&p->progress, doing, 0, 0);
}

static bool
add(struct purge *p, enum step step, const uint8_t *person)
{
	if (p->n == p->cap) {
		size_t cap = p->cap == 0 ? 64 : 2 * p->cap;
		struct todo *list = reallocarray(p->list, cap, sizeof(*list));

		if (list == NULL) {
			p->err = ATT_NOMEM;
			return false;
		}
		p->list = list;
		p->cap = cap;
	}
	p->list[p->n].step = step;
	memcpy(p->list[p->n++].person, person, VAULT_ID_LEN);
	return true;
}

static bool
has_left(const struct purge *p, const struct store_employee *e)
{
	int64_t keep = p->d->config->keep_leavers_days;

	return keep > 0 && att_date_known(e->ended_on) &&
	    att_date_cmp(att_date_at(p->d->now.utc - keep * DAY), e->ended_on) >
	    0;
}

/* The consent to fingers is over without anybody having withdrawn it. */
static bool
look_at_fingers(struct purge *p, const struct store_employee *e)
{
	uint64_t n = 0;
	bool lapsed = false;

	p->err = store_finger_count(p->d->store, e->id, STORE_FINGERS_ALL, &n);
	if (p->err == ATT_OK && n > 0)
		p->err = finger_lapsed(p->d, e, &lapsed);
	if (p->err != ATT_OK)
		return false;
	return !lapsed || add(p, STEP_FORGET_FINGERS, e->id);
}

/* Only looks: what is to be done is done when the list has been read. */
static bool
look_at(void *ctx, const struct store_employee *e)
{
	struct purge *p = ctx;
	bool unguarded = false, held;
	int64_t since = 0;

	if (has_left(p, e))
		return add(p, STEP_ERASE_LEAVER, e->id);
	if (!look_at_fingers(p, e))
		return false;
	p->err = minor_unguarded(p->d, e, &unguarded);
	if (p->err != ATT_OK)
		return false;
	p->err = store_hold_get(p->d->store, e->id, &since);
	held = p->err == ATT_OK;
	if (p->err != ATT_OK && p->err != ATT_ABSENT)
		return false;
	p->err = ATT_OK;
	if (held && !unguarded)
		return add(p, STEP_RELEASE, e->id);
	if (unguarded && !held && p->d->config->minor_grace_hours > 0)
		return add(p, STEP_HOLD, e->id);
	if (unguarded &&
	    (!held || p->d->now.utc >= minor_due(p->d->config, since)))
		return add(p, STEP_ERASE_MINOR, e->id);
	return true;
}

static enum att_err
do_one(struct purge *p, const struct todo *t)
{
	STORE_AUTO_TX struct store_tx tx = { 0 };
	struct store *s = p->d->store;
	uint64_t n = 0;
	enum att_err e = store_begin(s, &tx);

	if (e != ATT_OK)
		return e;
	switch (t->step) {
	case STEP_HOLD:
	case STEP_RELEASE:
		e = store_hold_set(s, &p->by, t->person, t->step == STEP_HOLD);
		break;
	case STEP_ERASE_MINOR:
		e = store_erase(s, &p->by, t->person, STORE_ERASE_MINOR);
		break;
	case STEP_ERASE_LEAVER:
		e = store_erase(s, &p->by, t->person, STORE_ERASE_RETENTION);
		break;
	case STEP_FORGET_FINGERS:
		e = store_finger_destroy(
		    s, &p->by, t->person, STORE_FINGERS_ALL, "lapsed", &n);
		break;
	}
	/* erased by somebody else meanwhile */
	if (e == ATT_ABSENT)
		return ATT_OK;
	if (e == ATT_OK)
		e = store_commit(&tx);
	if (e == ATT_OK)
		*(uint64_t *[]){ &p->held, &p->released, &p->minors,
			&p->leavers, &p->fingers }[t->step] +=
		    t->step == STEP_FORGET_FINGERS ? n : 1;
	return e;
}

static enum att_err
people(struct purge *p)
{
	enum att_err e;

	begin(p, "looking at people");
	e = store_employee_list(p->d->store, NULL, look_at, p);
	if (e == ATT_OK)
		e = p->err;
	begin(p, "holding and erasing people");
	for (size_t i = 0; i < p->n && e == ATT_OK; i++) {
		progress_tell(&p->progress, p->doing, i, p->n);
		e = do_one(p, &p->list[i]);
	}
	return e;
}

/* A store that was put back by hand does not know what was said since. */
static enum att_err
ledger(struct purge *p)
{
	enum att_err e;

	begin(p, "reading the ledger of erasures");
	e = store_ledger_merge(p->d->store, &p->by, &p->again);
	return e == ATT_OK ? store_ledger_write(p->d->store) : e;
}

typedef enum att_err pruner(struct store *s, const struct store_by *by,
    int64_t before_utc, uint64_t *n);

/* In as many transactions as it takes; days 0: keep. */
static enum att_err
prune(struct purge *p, const char *doing, pruner *run, uint32_t days,
    uint64_t *total)
{
	int64_t before = p->d->now.utc - days * DAY;
	uint64_t n = 1;
	enum att_err e = ATT_OK;

	begin(p, doing);
	while (days > 0 && n > 0 && e == ATT_OK) {
		STORE_AUTO_TX struct store_tx tx = { 0 };

		e = store_begin(p->d->store, &tx);
		if (e == ATT_OK)
			e = run(p->d->store, &p->by, before, &n);
		if (e == ATT_OK)
			e = store_commit(&tx);
		if (e == ATT_OK)
			*total += n;
		progress_tell(&p->progress, doing, 0, 0);
	}
	return e;
}

/* What is pruned proves nothing any more, so first it must be sound. */
static enum att_err
audit(struct purge *p)
{
	struct audit_verifier v;
	enum att_err e = ATT_OK;

	begin(p, "verifying the audit chain");
	if (p->d->config->keep_audit_days > 0)
		e = store_audit_verify(p->d->store, &v);
	return e == ATT_OK
	    ? prune(p, "pruning the audit chain", store_audit_prune,
		  p->d->config->keep_audit_days, &p->audit)
	    : e;
}

/* Done to the end: the next time is measured from here. */
static enum att_err
done(struct purge *p)
{
	STORE_AUTO_TX struct store_tx tx = { 0 };
	enum att_err e = store_begin(p->d->store, &tx);

	begin(p, "recording that it was done");
	if (e == ATT_OK)
		e = store_purged_set(p->d->store, &p->by);
	return e == ATT_OK ? store_commit(&tx) : e;
}

static enum att_err
run(struct purge *p)
{
	const struct config *c = p->d->config;
	enum att_err e = ledger(p);

	if (e == ATT_OK)
		e = people(p);
	if (e == ATT_OK)
		e = prune(p, "pruning attendance", store_attendance_prune,
		    c->keep_attendance_days, &p->attendance);
	if (e == ATT_OK)
		e = prune(p, "pruning attempts", store_attempt_prune,
		    c->keep_attempts_days, &p->attempts);
	if (e == ATT_OK)
		e = audit(p);
	return e == ATT_OK ? done(p) : e;
}

/* What is too old is gone for ever, so a clock that leapt must not say so. */
static enum verb_status
check_clock(struct dialogue *d, const struct verb_call *call)
{
	char last[ATT_TIME_TEXT], now[ATT_TIME_TEXT];
	int64_t utc = 0;
	enum att_err e = store_purged_get(d->store, &utc);

	if (e != ATT_OK)
		return answer_trouble(d, e, "reading when it was last done");
	if (utc == 0 || d->now.utc - utc < LEAP ||
	    verb_option(call, "clock-is-right") != NULL)
		return VERB_DONE;
	att_time_format(utc, last);
	att_time_format(d->now.utc, now);
	return answer_fail(d, VERB_REFUSED,
	    "it is %s by the clock, and this was last done %s: if the clock "
	    "is wrong, set it; if the kiosk was off for so long, run "
	    "attendctl purge --clock-is-right",
	    now, last);
}

static enum verb_status
report(struct purge *p, const struct verb_call *call)
{
	struct report r;

	report_open(&r, p->d, call);
	report_record(&r);
	report_number(&r, "held", "Minors held", (int64_t)p->held);
	report_number(&r, "released", "Holds lifted", (int64_t)p->released);
	report_number(&r, "minors_erased", "Minors erased", (int64_t)p->minors);
	report_number(
	    &r, "leavers_erased", "Leavers erased", (int64_t)p->leavers);
	report_number(
	    &r, "erased_again", "Erased again", (int64_t)p->again.erased);
	report_number(&r, "withdrawn_again", "Withdrawn again",
	    (int64_t)p->again.withdrawn);
	report_number(&r, "fingers_destroyed", "Fingers", (int64_t)p->fingers);
	report_number(&r, "attendance_dropped", "Attendance events",
	    (int64_t)p->attendance);
	report_number(&r, "attempts_dropped", "Attempts", (int64_t)p->attempts);
	report_number(&r, "audit_dropped", "Audit records", (int64_t)p->audit);
	report_record_end(&r);
	return report_close(&r);
}

/* What was erased or changed is published; it may have been cut short before,
 * here or in another verb. */
static enum verb_status
publish(struct dialogue *d)
{
	struct publish_report published = { 0 };
	struct store_site site;

	if (store_site_get(d->store, &site) == ATT_OK &&
	    site.directory_generation == change_published(d))
		return VERB_DONE;
	return change_publish(d, &published);
}

enum verb_status
purge_run(struct dialogue *d, const struct verb_call *call)
{
	struct purge p = {
		.d = d, .by = dialogue_by(d), .progress = progress_of(d)
	};
	char why[200];
	enum verb_status tidied, status = check_clock(d, call);
	enum att_err e;

	if (status != VERB_DONE)
		return status;
	e = run(&p);
	(void)snprintf(why, sizeof(why), "%s", store_trouble(d->store));
	free(p.list);
	progress_end(&p.progress);
	request_tell_late(d); /* the timer's day is theirs, too */
	/* what was done before a failure is done, and is finished */
	if (p.fingers + p.minors + p.leavers + p.again.erased +
		p.again.withdrawn >
	    0)
		gallery_forget(d);
	tidied = erase_tidy(d);
	status = publish(d);
	if (e != ATT_OK)
		return answer_detail(d, e, p.doing, why);
	if (status == VERB_DONE)
		status = tidied;
	return status == VERB_DONE ? report(&p, call) : status;
}
