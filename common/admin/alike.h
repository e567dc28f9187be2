/*
 * Which of several samples are of one finger. None of them says so by itself,
 * the first no more than the others: what counts is the largest group that is
 * like one of them. So a first touch of another finger, or of too little of
 * it, costs a touch and not the enrolment.
 */
#ifndef ATT_ADMIN_ALIKE_H
#define ATT_ADMIN_ALIKE_H

#include "bio/gallery.h"
#include "bio/template.h"

#define ALIKE_MAX 10

/*
 * Two samples are alike at a score that one in so many other fingers reaches.
 * What this keeps out is a slip of the hand, not an impostor, and a sample that
 * is dropped for nothing costs a touch. With FVC2002 set B, 92 % of 2,240 pairs
 * of one finger are alike and 0.1 % of 23,040 pairs of two; all 40 fingers have
 * five alike of eight, on average after 5.2.
 */
#define ALIKE_ONE_IN 1000

/* In memory fit for it, zero at first, wiped by its owner. */
struct alike {
	unsigned n; /* samples */
	unsigned group; /* the size of the largest group */
	unsigned seed; /* of the group: the sample that all are like */
	bool like[ALIKE_MAX][ALIKE_MAX];
	struct bio_sample sample[ALIKE_MAX];
	struct bio_print print[ALIKE_MAX];
	struct bio_probe probe; /* to work in */
};

/*
 * Add a sample, copied. ATT_LIMIT: too little of a finger, or there are
 * ALIKE_MAX already; it is then not added. ATT_FORMAT as bio_print_make().
 */
enum att_err alike_add(struct alike *a, const struct bio_sample *s,
    struct bio_search *search) ATT_CHECKED;

/* Put the first of the group, at most BIO_SAMPLES_MAX, into *t. */
void alike_take(const struct alike *a, struct bio_template *t);

#endif
