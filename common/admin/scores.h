/*
 * What the scores of a gallery say: how rare a score is between different
 * people's fingers, and whether the threshold in force is high enough.
 */
#ifndef ATT_ADMIN_SCORES_H
#define ATT_ADMIN_SCORES_H

#include "base/err.h"
#include "bio/threshold.h"

#include <stddef.h>
#include <stdint.h>

#define SCORES_ONE_IN BIO_ONE_IN_VERIFY
#define SCORES_RANK   5 /* one score alone would be an accident */
#define SCORES_LEAST  100 /* with fewer nothing can be said */

/* Zero at first. */
struct scores {
	uint32_t *at; /* owned; scores_free */
	size_t n, cap;
};

/* Room for cap of them. ATT_NOMEM. */
enum att_err scores_room(struct scores *s, size_t cap) ATT_CHECKED;
void scores_free(struct scores *s);
/* What is beyond the room is dropped. */
void scores_add(struct scores *s, uint32_t score);
void scores_sort(struct scores *s);
/* How many are at least this; sorted. */
size_t scores_from(const struct scores *s, uint32_t least);

struct scores_verdict {
	uint32_t in_force; /* for one finger, with what the site adds to it */
	size_t others_above, own_below; /* let pass, and refused, by that */
	uint32_t suggested; /* for one in SCORES_ONE_IN; 0: too little to say */
	uint32_t raise; /* finger-score-raise that it takes */
	/*
	 * 0: so rare a score was seen. Else it is so many times rarer than the
	 * one that SCORES_RANK of all reached, taken on from there by
	 * BIO_SCORE_DECADE: an extrapolation.
	 */
	uint32_t beyond;
};

/*
 * Judge the scores of different people's fingers, and of each finger's own
 * samples; both sorted. raise: the site's finger-score-raise.
 */
struct scores_verdict scores_judge(
    const struct scores *others, const struct scores *own, uint32_t raise);

#endif
