/* One touch compared with a person's fingers, to see how well that works. */
#include "admin/enrol.h"
#include "admin/nouns.h"
#include "admin/report.h"
#include "admin/sample_picture.h"

static enum verb_status
has_any(struct dialogue *d, const struct store_employee *e)
{
	uint64_t n = 0;
	enum att_err err =
	    store_finger_count(d->store, e->id, STORE_FINGERS_ALL, &n);

	if (err != ATT_OK)
		return answer_trouble(d, err, "counting fingers");
	if (n > 0)
		return VERB_DONE;
	return answer_fail(d, VERB_ABSENT,
	    "%s has no finger enrolled; see attendctl finger enrol --help",
	    e->number);
}

static enum verb_status
no_sample(struct dialogue *d, enum att_err e, const struct sensor_no *no)
{
	if (e != ATT_REFUSED)
		return VERB_FAILED; /* the client went away */
	return answer_fail(d,
	    no->reason == SENSOR_TIMEOUT ? VERB_FAILED : VERB_UNAVAILABLE, "%s",
	    _(sensor_reason_text(no->reason)));
}

static enum verb_status
tell(struct dialogue *d, const struct verb_call *call,
    const struct store_employee *e, const struct bio_sample *s,
    const struct finger_match *m)
{
	struct report r;
	enum verb_status status;

	report_open(&r, d, call);
	report_record(&r);
	report_text(&r, "number", N_("Number"), e->number);
	report_flag(&r, "match", N_("Match"), m->match);
	if (r.j != NULL)
		report_text(&r, "finger", NULL,
		    m->finger != 0 ? finger_name(m->finger) : NULL);
	else
		report_text(&r, NULL, N_("Most like"),
		    m->finger != 0 ? _(finger_text(m->finger)) : NULL);
	report_number(&r, "score", N_("Score"), m->score);
	report_number(&r, "threshold", N_("Threshold"), m->threshold);
	report_number(&r, "minutiae", N_("Minutiae"), s->n);
	report_number(&r, "quality", N_("Quality"), s->quality);
	sample_picture(&r, s);
	report_record_end(&r);
	status = report_close(&r);
	return status == VERB_DONE && !m->match ? VERB_FAILED : status;
}

static enum verb_status
test(struct dialogue *d, const struct verb_call *call,
    const struct store_employee *e)
{
	ATT_AUTO_SECRET struct att_secret room = { 0 };
	struct finger_match m = { 0 };
	struct sensor_no no = { 0 };
	const struct bio_template *t;
	enum att_err err = att_secret_new(&room, sizeof(*t));

	if (err != ATT_OK)
		return answer_detail(d, err, "making room for a sample", "");
	t = (const struct bio_template *)room.at;
	err = reader_capture(d, (struct bio_template *)room.at, &no);
	reader_close(d);
	if (err != ATT_OK)
		return no_sample(d, err, &no);
	err = finger_compare(d, e->id, &t->sample[0], &m);
	if (err == ATT_LIMIT)
		return answer_fail(
		    d, VERB_FAILED, "%s", _(sensor_notice_text(SENSOR_PRESS)));
	if (err != ATT_OK)
		return answer_trouble(d, err, "comparing");
	return tell(d, call, e, &t->sample[0], &m);
}

enum verb_status
finger_test(struct dialogue *d, const struct verb_call *call)
{
	struct store_employee e;
	enum verb_status status = answer_employee(d, call, &e);

	if (status == VERB_DONE)
		status = enrol_permitted(d, &e);
	if (status == VERB_DONE)
		status = has_any(d, &e);
	if (status == VERB_DONE)
		status = answer_looked(d, "finger-test", e.id);
	return status == VERB_DONE ? test(d, call, &e) : status;
}
