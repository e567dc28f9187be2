/*
 * Enrolment: samples from the reader until enough of them are of one finger.
 * Which finger that is is not for the first touch to say: of all samples the
 * largest group counts that is like one of them. So a first touch of another
 * finger, or of too little of it, costs a touch and not the enrolment.
 */
#include "admin/enrol.h"
#include "admin/nouns.h"

#include <string.h>

#define CAPTURES_MAX 10

/* Wiped with its secret. */
struct taken {
	struct bio_template one; /* as it comes from the reader */
	struct bio_template kept;
	struct bio_sample sample[CAPTURES_MAX];
	struct bio_print print[CAPTURES_MAX];
	struct bio_probe probe;
	bool alike[CAPTURES_MAX][CAPTURES_MAX];
	unsigned n; /* samples */
};

struct enrolling {
	struct dialogue *d;
	struct taken *t;
	struct bio_search *search;
	unsigned group, seed; /* the largest, and whose it is */
};

static unsigned
group_size(const struct taken *t, unsigned seed)
{
	unsigned size = 0;

	for (unsigned i = 0; i < t->n; i++)
		size += t->alike[seed][i];
	return size;
}

/* False: too little of a finger to compare. */
static bool
take_sample(struct enrolling *g)
{
	struct taken *t = g->t;
	const unsigned new = t->n;

	if (bio_print_make(&t->one.sample[0], &t->print[new]) != ATT_OK)
		return false;
	t->sample[new] = t->one.sample[0];
	t->alike[new][new] = true;
	for (unsigned i = 0; i < new; i++)
		t->alike[i][new] = t->alike[new][i] = enrol_alike(
		    &t->print[new], &t->print[i], &t->probe, g->search);
	t->n++;
	return true;
}

static void
note_groups(struct enrolling *g)
{
	for (unsigned i = 0; i < g->t->n; i++)
		if (group_size(g->t, i) > g->group) {
			g->group = group_size(g->t, i);
			g->seed = i;
		}
}

/* The first capture says what reader it is; it is ours to the end. */
static bool
same_reader(struct taken *t)
{
	if (t->n == 0)
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
	const unsigned before = g->group;
	enum att_err e = reader_capture(g->d, &g->t->one, &no);

	if (e != ATT_OK)
		return no_sample(g->d, e, &no);
	if (!same_reader(g->t))
		return answer_fail(g->d, VERB_UNAVAILABLE, "%s %s",
		    _("Nothing was stored."),
		    _(sensor_reason_text(SENSOR_GONE)));
	if (take_sample(g))
		note_groups(g);
	if (g->group > before)
		dialogue_inform(g->d, _("%u of %u."), g->group, ENROL_SAMPLES);
	else
		dialogue_inform(g->d,
		    _("That was another finger, or too little of it. Again."));
	return VERB_DONE;
}

static void
keep_group(struct enrolling *g, uint8_t finger)
{
	struct bio_template *kept = &g->t->kept;

	kept->finger = finger;
	for (unsigned i = 0; i < g->t->n; i++)
		if (g->t->alike[g->seed][i])
			kept->sample[kept->n++] = g->t->sample[i];
}

static enum verb_status
take_all(struct enrolling *g, uint8_t finger)
{
	for (unsigned i = 0; i < CAPTURES_MAX && g->group < ENROL_SAMPLES;
	     i++) {
		enum verb_status status = take_one(g);

		if (status != VERB_DONE)
			return status;
	}
	if (g->group < ENROL_SAMPLES_LEAST)
		return answer_fail(g->d, VERB_FAILED, "%s %s",
		    _("Nothing was stored."),
		    _("Too few of the touches were alike. Clean and dry the "
		      "finger, or take another one."));
	keep_group(g, finger);
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
	enum verb_status status = enrol_finger(d, call, &finger);

	if (status == VERB_DONE)
		status = answer_employee(d, call, &e);
	if (status == VERB_DONE)
		status = enrol_permitted(d, &e);
	if (status == VERB_DONE)
		status = enrol_free(d, &e, finger);
	return status == VERB_DONE ? enrol(d, &e, finger) : status;
}
