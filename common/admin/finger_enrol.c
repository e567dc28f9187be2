/* Enrolment: samples from the reader until enough are of one finger. */
#include "admin/alike.h"
#include "admin/enrol.h"
#include "admin/nouns.h"

#include <string.h>

/* Wiped with its secret. */
struct taken {
	struct bio_template one; /* as it comes from the reader */
	struct bio_template kept;
	struct alike alike;
};

struct enrolling {
	struct dialogue *d;
	struct taken *t;
	struct bio_search *search;
};

/* The first capture says what reader it is; it is ours to the end. */
static bool
same_reader(struct taken *t)
{
	if (t->alike.n == 0)
		memcpy(t->kept.driver, t->one.driver, sizeof(t->kept.driver));
	return strcmp(t->kept.driver, t->one.driver) == 0;
}

static enum verb_status
no_sample(struct dialogue *d, enum att_err e, const struct sensor_no *no)
{
	if (e != ATT_REFUSED)
		return VERB_FAILED; /* the client went away */
	return answer_fail(d,
	    no->reason == SENSOR_TIMEOUT ? VERB_FAILED : VERB_UNAVAILABLE,
	    "%s %s", _("Nothing was stored."),
	    _(sensor_reason_text(no->reason)));
}

static enum verb_status
take_one(struct enrolling *g)
{
	struct sensor_no no = { 0 };
	const unsigned before = g->t->alike.group;
	enum att_err e = reader_capture(g->d, &g->t->one, &no);

	if (e != ATT_OK)
		return no_sample(g->d, e, &no);
	if (!same_reader(g->t))
		return answer_fail(g->d, VERB_UNAVAILABLE, "%s %s",
		    _("Nothing was stored."),
		    _(sensor_reason_text(SENSOR_GONE)));
	e = alike_add(&g->t->alike, &g->t->one.sample[0], g->search);
	if (e == ATT_OK && g->t->alike.group > before)
		dialogue_inform(
		    g->d, _("%u of %u."), g->t->alike.group, ENROL_SAMPLES);
	else
		dialogue_inform(g->d,
		    _("That was another finger, or too little of it. Again."));
	return VERB_DONE;
}

static enum verb_status
take_all(struct enrolling *g, uint8_t finger)
{
	const struct alike *a = &g->t->alike;

	for (unsigned i = 0; i < ALIKE_MAX && a->group < ENROL_SAMPLES; i++) {
		enum verb_status status = take_one(g);

		if (status != VERB_DONE)
			return status;
	}
	if (a->group < ENROL_SAMPLES_LEAST)
		return answer_fail(g->d, VERB_FAILED, "%s %s",
		    _("Nothing was stored."),
		    _("Too few of the touches were alike. Clean and dry the "
		      "finger, or take another one."));
	g->t->kept.finger = finger;
	alike_take(a, &g->t->kept);
	return VERB_DONE;
}

/* From the first touch to the samples that are alike, in *t. */
static enum verb_status
take_finger(struct dialogue *d, uint8_t finger, struct taken *t)
{
	struct enrolling g = { .d = d, .t = t };
	enum verb_status status;
	enum att_err e = bio_search_new(&g.search);

	if (e != ATT_OK)
		return answer_detail(d, e, "making room for samples", "");
	status = take_all(&g, finger);
	reader_close(d);
	bio_search_free(g.search);
	return status;
}

static enum verb_status
enrol(struct dialogue *d, const struct store_employee *e, uint8_t finger)
{
	ATT_AUTO_SECRET struct att_secret room = { 0 };
	struct store_finger f;
	enum verb_status status;
	enum att_err err = att_secret_new(&room, sizeof(struct taken));

	if (err != ATT_OK)
		return answer_detail(d, err, "making room for samples", "");
	memset(room.at, 0, room.len);
	dialogue_inform(d,
	    _("The %s, %u times, a little differently each time."),
	    _(finger_text(finger)), ENROL_SAMPLES);
	status = take_finger(d, finger, (struct taken *)room.at);
	if (status == VERB_DONE)
		status = enrol_keep(
		    d, e, &((const struct taken *)room.at)->kept, &f);
	if (status == VERB_DONE)
		dialogue_out(d, "%s: %s enrolled, %u samples of %s\n",
		    e->number, _(finger_text(finger)), f.samples, f.driver);
	return status;
}

enum verb_status
finger_enrol(struct dialogue *d, const struct verb_call *call)
{
	struct store_employee e;
	uint8_t finger = 0;
	enum verb_status status = enrol_begin(d, call, &e, &finger);

	return status == VERB_DONE ? enrol(d, &e, finger) : status;
}
