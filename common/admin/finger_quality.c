/*
 * How well the fingers that are enrolled here tell people apart: everybody's
 * samples against other people's fingers, and against their own. One sample
 * against an enrolled finger, as at a login; a finger's own samples against
 * the others of it, which makes them look a little better than a login on
 * another day.
 *
 * Of all pairs of different people's fingers, one's sample against the other's
 * and the other way round, at most PAIRS_MAX are compared, evenly spread, so
 * that it ends. What the scores mean says scores.h.
 */
#include "admin/answer.h"
#include "admin/nouns.h"
#include "admin/places.h"
#include "admin/progress.h"
#include "admin/report.h"
#include "admin/scores.h"
#include "bio/gallery.h"

#include <string.h>

#define PAIRS_MAX   50000 /* comparisons of different people's fingers */
#define FINGERS_MAX 5000 /* of which own samples are compared */
#define BLOCK	    16 /* fingers that wait to be compared with another */

#define STEP 100 /* scores in a line of the distribution */
#define BINS 40

/* Wiped with its secret. */
struct opened {
	struct bio_print one[BIO_SAMPLES_MAX], other[BIO_SAMPLES_MAX];
	struct bio_print rest[BIO_SAMPLES_MAX];
	struct bio_probe probe;
	size_t n; /* samples of one */
	struct bio_probe probes_of[BLOCK];
	size_t whose[BLOCK], probes;
};

struct quality {
	struct dialogue *d;
	struct progress progress;
	struct places all;
	struct opened *o;
	struct bio_search *search;
	struct scores others, own;
	unsigned people;
};

static bool
same_person(const struct place *a, const struct place *b)
{
	return memcmp(a->person, b->person, VAULT_ID_LEN) == 0;
}

static enum att_err
permitted(struct dialogue *d, const struct place *p, bool *yes)
{
	struct store_employee e;
	enum gate_reason why = GATE_R_NOT_PROVEN;
	enum att_err err = store_employee_by_id(d->store, p->person, &e);

	*yes = false;
	if (err == ATT_ABSENT)
		return ATT_OK; /* erased meanwhile */
	if (err == ATT_OK)
		err = finger_permitted(d, &e, &d->now, &why);
	*yes = err == ATT_OK && why == GATE_R_OK;
	return err;
}

/* Only fingers whose people agree to it at this moment. */
static enum att_err
choose(struct quality *q)
{
	struct places *all = &q->all;
	size_t kept = 0;
	bool yes = false;
	enum att_err e = places_read(q->d->store, all);

	for (size_t i = 0; e == ATT_OK && i < all->n; i++) {
		if (i == 0 || !same_person(&all->at[i], &all->at[i - 1]))
			e = permitted(q->d, &all->at[i], &yes);
		progress_tell(&q->progress, "looking at consents", i, all->n);
		if (e != ATT_OK || !yes)
			continue;
		if (kept == 0 || !same_person(&all->at[i], &all->at[kept - 1]))
			q->people++;
		all->at[kept++] = all->at[i];
	}
	all->n = kept;
	return e;
}

/* A finger that was destroyed meanwhile has no samples. */
static enum att_err
prints_of(
    struct quality *q, const struct place *p, struct bio_print *out, size_t *n)
{
	enum att_err e =
	    finger_prints(q->d->store, p->person, p->finger, out, n);

	if (e != ATT_ABSENT)
		return e;
	*n = 0;
	return ATT_OK;
}

/* Every sample of a finger against the others of it. */
static void
compare_own(struct quality *q)
{
	struct opened *o = q->o;

	for (size_t i = 0; i < o->n && o->n > 1; i++) {
		size_t n = 0;

		for (size_t other = 0; other < o->n; other++)
			if (other != i)
				o->rest[n++] = o->one[other];
		bio_probe_of(&o->one[i], &o->probe);
		scores_add(&q->own,
		    bio_verify(
			bio_kernel_best(), &o->probe, o->rest, n, q->search));
	}
}

static enum att_err
all_own(struct quality *q)
{
	const size_t n = q->all.n < FINGERS_MAX ? q->all.n : FINGERS_MAX;
	enum att_err e = ATT_OK;

	for (size_t i = 0; e == ATT_OK && i < n; i++) {
		const size_t at = i * q->all.n / n;

		e = prints_of(q, &q->all.at[at], q->o->one, &q->o->n);
		if (e == ATT_OK)
			compare_own(q);
		progress_tell(&q->progress, "comparing own samples", i, n);
		if (e == ATT_OK)
			e = q->d->io;
	}
	return e;
}

/* One sample of each of a few fingers, a different one of each. */
static enum att_err
open_block(struct quality *q, size_t from)
{
	struct opened *o = q->o;
	enum att_err e = ATT_OK;

	o->probes = 0;
	for (size_t i = from; e == ATT_OK && i < from + BLOCK && i < q->all.n;
	     i++) {
		e = prints_of(q, &q->all.at[i], o->one, &o->n);
		if (e != ATT_OK || o->n == 0)
			continue;
		o->whose[o->probes] = i;
		bio_probe_of(&o->one[i % o->n], &o->probes_of[o->probes++]);
	}
	return e;
}

/* All of the block against the samples of a finger, not her own people's. */
static enum att_err
compare_block(struct quality *q, size_t with)
{
	struct opened *o = q->o;
	const struct place *other = &q->all.at[with];
	size_t n = 0;
	enum att_err e = prints_of(q, other, o->other, &n);

	for (size_t i = 0; e == ATT_OK && n > 0 && i < o->probes; i++)
		if (!same_person(&q->all.at[o->whose[i]], other))
			scores_add(&q->others,
			    bio_verify(bio_kernel_best(), &o->probes_of[i],
				o->other, n, q->search));
	return e;
}

/*
 * Each finger against as many others as there may be comparisons, evenly
 * spread, and others for every block. A block shares them: to open a finger
 * takes longer than to compare it.
 */
static enum att_err
all_others(struct quality *q)
{
	const size_t n = q->all.n, share = n > 0 ? PAIRS_MAX / n : 0;
	const size_t each = share > n ? n : share > 0 ? share : 1;
	enum att_err e = ATT_OK;

	for (size_t from = 0; e == ATT_OK && from < n; from += BLOCK) {
		e = open_block(q, from);
		for (size_t k = 0; e == ATT_OK && k < each; k++) {
			e = compare_block(q, (k * n / each + from / BLOCK) % n);
			progress_tell(&q->progress,
			    "comparing different people",
			    from + k * BLOCK / each, n);
			if (e == ATT_OK)
				e = q->d->io;
		}
	}
	return e;
}

static void
report_counts(struct report *r, const struct quality *q)
{
	static const struct table_column columns[] = { { "from", "SCORE FROM" },
		{ "others", "DIFFERENT PEOPLE" }, { "own", "SAME FINGER" } };
	struct table t;

	report_list(r, &t, "scores", "Scores", columns, 3);
	for (uint32_t i = 0; i < BINS; i++) {
		const uint32_t from = i * STEP;
		/* the last line has all that is above it */
		const uint32_t to = i == BINS - 1 ? UINT32_MAX : from + STEP;
		const size_t others =
		    scores_from(&q->others, from) - scores_from(&q->others, to);
		const size_t own =
		    scores_from(&q->own, from) - scores_from(&q->own, to);

		if (others + own == 0)
			continue;
		table_number(&t, from);
		table_number(&t, (int64_t)others);
		table_number(&t, (int64_t)own);
	}
	report_list_end(r, &t);
}

static void
report_advice(
    struct report *r, const struct quality *q, const struct scores_verdict *v)
{
	if (v->suggested == 0) {
		report_line(r,
		    "Too few pairs of different people to say anything; it "
		    "takes %d.",
		    SCORES_LEAST);
		return;
	}
	if (v->beyond > 0)
		report_line(r,
		    "The threshold for one in %d is taken on from the %d "
		    "highest of %zu scores to %u times rarer ones: more "
		    "people make it more certain.",
		    SCORES_ONE_IN, SCORES_RANK, q->others.n, v->beyond);
	if (v->raise > CONFIG_SCORE_RAISE_MAX)
		report_line(r,
		    "Some fingers of different people are as alike as one "
		    "finger is to itself: somebody may be here twice.");
	else if (v->raise > q->d->config->finger_score_raise)
		report_line(r,
		    "The fingers here are more alike than most. In "
		    "/etc/attend/attend.conf: finger-score-raise = %u",
		    v->raise);
	else
		report_line(r, "The threshold in force is high enough.");
}

/* What only enough pairs can say. */
static void
report_known(struct report *r, const char *key, const char *head, uint32_t n,
    const struct scores_verdict *v)
{
	if (v->suggested > 0)
		report_number(r, key, head, n);
	else
		report_text(r, key, head, NULL);
}

static void
report_all(struct report *r, const struct quality *q)
{
	const struct scores_verdict v =
	    scores_judge(&q->others, &q->own, q->d->config->finger_score_raise);

	report_record(r);
	report_number(r, "people", "People", q->people);
	report_number(r, "fingers", "Fingers", (int64_t)q->all.n);
	report_number(r, "pairs", "Pairs compared", (int64_t)q->others.n);
	report_number(r, "samples", "Own samples", (int64_t)q->own.n);
	report_number(r, "threshold", "Threshold", v.in_force);
	report_number(
	    r, "others_above", "Others let pass", (int64_t)v.others_above);
	report_number(r, "own_below", "Own refused", (int64_t)v.own_below);
	report_known(r, "suggested", "One in 10,000", v.suggested, &v);
	report_known(r, "beyond", "Beyond the data", v.beyond, &v);
	report_known(r, "raise", "Raise it takes", v.raise, &v);
	report_counts(r, q);
	report_advice(r, q, &v);
	report_record_end(r);
}

static enum att_err
measure(struct quality *q)
{
	enum att_err e = choose(q);

	if (e == ATT_OK)
		e = scores_room(&q->others, PAIRS_MAX);
	if (e == ATT_OK)
		e = scores_room(&q->own, (size_t)FINGERS_MAX * BIO_SAMPLES_MAX);
	if (e == ATT_OK)
		e = bio_search_new(&q->search);
	if (e == ATT_OK)
		e = all_own(q);
	if (e == ATT_OK)
		e = all_others(q);
	progress_end(&q->progress);
	bio_search_free(q->search);
	if (e != ATT_OK)
		return e;
	scores_sort(&q->others);
	scores_sort(&q->own);
	return ATT_OK;
}

enum verb_status
finger_quality(struct dialogue *d, const struct verb_call *call)
{
	ATT_AUTO_SECRET struct att_secret room = { 0 };
	struct quality q = { .d = d, .progress = progress_of(d) };
	struct report r;
	enum verb_status status = answer_looked(d, "finger-quality", NULL);
	enum att_err e;

	if (status != VERB_DONE)
		return status;
	e = att_secret_new(&room, sizeof(*q.o));
	q.o = (struct opened *)room.at;
	if (e == ATT_OK)
		e = measure(&q);
	if (e == ATT_OK) {
		report_open(&r, d, call);
		report_all(&r, &q);
		status = report_close(&r);
	} else {
		status = answer_trouble(d, e, "comparing fingers");
	}
	places_free(&q.all);
	scores_free(&q.others);
	scores_free(&q.own);
	return status;
}
