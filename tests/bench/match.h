/*
 * What the parts of bench_match share: sets of prints that are known to be of
 * some fingers, and what matching makes of them.
 */
#ifndef ATT_TESTS_BENCH_MATCH_H
#define ATT_TESTS_BENCH_MATCH_H

#include "bio/compare.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MATCH_PRINTS_MAX 1024

/* Impressions 1 to 3 are enrolled where several samples are. */
#define MATCH_ENROLLED 3

struct match_set {
	size_t n, refused; /* refused: too few minutiae for a print */
	struct match_print {
		unsigned group; /* the data base it is from; 0: all one */
		unsigned finger, impression; /* from 1 */
		struct bio_print print;
	} at[MATCH_PRINTS_MAX];
};

/* Of processor time: what others do on the machine does not count. */
double match_seconds(void);
double match_median(double *v, size_t n);
/* The value that a part of all, 0 to 1, does not exceed. */
double match_quantile(double *v, size_t n, double part);

/*
 * Read minutiae: a line set,finger,impression,x,y,degrees,quality each, after
 * one of names; gzip is asked to open it. Ends the program if it cannot.
 */
void match_read(const char *path, struct match_set *out);

/* Print what is left out, EER, FNMR at FMR 1e-2, 1e-3, 1e-4 and 0, rank-1. */
void match_accuracy(
    const char *what, const struct match_set *s, const struct bio_kernel *k);

#endif
