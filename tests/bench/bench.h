/* What the benchmarks share: a clock, an end when something fails, an order. */
#ifndef ATT_BENCH_BENCH_H
#define ATT_BENCH_BENCH_H

#include "base/clock.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static inline double
now_ms(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts); /* cannot fail on Linux */
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

/* s may be NULL. */
static inline void
must(enum att_err e, const struct store *s, const char *what)
{
	if (e == ATT_OK)
		return;
	fprintf(stderr, "bench: %s: %s: %s\n", what, att_err_text(e),
	    store_trouble(s));
	exit(1);
}
#define MUST(s, call) must((call), (s), #call)

/* For qsort, doubles. */
static inline int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static inline struct store_by
by_now(void)
{
	struct store_by by = { .actor = "root" };

	must(att_now_read(&by.now), NULL, "clock");
	return by;
}

#endif
