#include "tests/bench/match.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct scores {
	double *own, *others; /* of the same finger, and of another */
	size_t owns, rest, probes, first;
};

/* Both scores of every print against every other. */
struct table {
	uint32_t *coarse, *fine;
	size_t n;
};

static void *
room(size_t n, size_t size)
{
	void *at = calloc(n, size);

	if (at == NULL) {
		perror("bench_match");
		exit(1);
	}
	return at;
}

static struct table
compare_all(const struct match_set *s, const struct bio_kernel *k)
{
	static struct bio_probe probe;
	static struct bio_work work;
	const struct table t = { room(s->n * s->n, 4), room(s->n * s->n, 4),
		s->n };

	for (size_t i = 0; i < s->n; i++) {
		bio_probe_of(&s->at[i].print, &probe);
		for (size_t j = 0; j < s->n; j++) {
			const struct bio_print *other = &s->at[j].print;

			t.coarse[i * s->n + j] =
			    bio_compare_coarse(k, &probe, other, &work);
			t.fine[i * s->n + j] =
			    bio_compare(k, &probe, other, &work);
		}
	}
	return t;
}

static bool
same_finger(const struct match_print *a, const struct match_print *b)
{
	return a->group == b->group && a->finger == b->finger;
}

static void
count(struct scores *c, bool own, double score)
{
	if (own)
		c->own[c->owns++] = score;
	else
		c->others[c->rest++] = score;
}

/* Every pair once. */
static void
one_to_one(const struct match_set *s, const uint32_t *score, struct scores *c)
{
	for (size_t i = 0; i < s->n; i++)
		for (size_t j = i + 1; j < s->n; j++)
			count(c, same_finger(&s->at[i], &s->at[j]),
			    score[i * s->n + j]);
}

/* The score of a probe against the enrolled samples from at on; *n of them. */
static double
fused(const struct match_set *s, const uint32_t *row, size_t at, size_t *n)
{
	uint32_t each[MATCH_ENROLLED];

	for (*n = 0;
	     at + *n < s->n && same_finger(&s->at[at], &s->at[at + *n]) &&
	     s->at[at + *n].impression <= MATCH_ENROLLED;
	     (*n)++)
		each[*n] = row[at + *n];
	return bio_fuse(each, *n);
}

/* Impressions 1 to 3 enrolled, each later one a probe to all fingers. */
static void
three_to_one(const struct match_set *s, const uint32_t *score, struct scores *c)
{
	size_t n;

	for (size_t i = 0; i < s->n; i++) {
		double best = -1;
		bool right = false;

		if (s->at[i].impression <= MATCH_ENROLLED)
			continue;
		for (size_t j = 0; j<s->n; j += n> 0 ? n : 1) {
			const bool own = same_finger(&s->at[i], &s->at[j]);
			double f;

			n = 0;
			if (s->at[j].impression > MATCH_ENROLLED)
				continue;
			f = fused(s, &score[i * s->n], j, &n);
			count(c, own, f);
			if (f > best) {
				best = f;
				right = own;
			}
		}
		c->probes++;
		c->first += right;
	}
}

static int
falling(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x < y) - (x > y);
}

/* The part of a finger's own that does not exceed a score. */
static double
missed(const struct scores *c, double score)
{
	size_t n = 0;

	for (size_t i = 0; i < c->owns; i++)
		n += c->own[i] <= score;
	return 100.0 * (double)n / (double)c->owns;
}

/* Where as many are missed as are wrongly accepted. */
static double
equal_error(const struct scores *c)
{
	for (size_t i = 0; i < c->rest; i++) {
		const double wrong = 100.0 * (double)i / (double)c->rest;
		const double miss = missed(c, c->others[i]);

		if (miss <= wrong)
			return (miss + wrong) / 2;
	}
	return 0;
}

static void
print_line(const char *what, const char *stage, struct scores *c)
{
	static const double rates[] = { 1e-2, 1e-3, 1e-4, 0 };

	qsort(c->others, c->rest, sizeof(double), falling);
	printf("%-22s %-9s %6zu %8zu %6.2f", what, stage, c->owns, c->rest,
	    equal_error(c));
	for (unsigned i = 0; i < 4; i++) {
		const double bar =
		    c->others[(size_t)(rates[i] * (double)c->rest)];

		printf("  %6.2f (%5.0f)", missed(c, bar), bar);
	}
	if (c->probes > 0)
		printf("  %6.2f", 100.0 * (double)c->first / (double)c->probes);
	putchar('\n');
	c->owns = c->rest = c->probes = c->first = 0;
}

void
match_accuracy(
    const char *what, const struct match_set *s, const struct bio_kernel *k)
{
	const struct table t = compare_all(s, k);
	struct scores c = { room(s->n * s->n, sizeof(double)),
		room(s->n * s->n, sizeof(double)), 0, 0, 0, 0 };

	one_to_one(s, t.coarse, &c);
	print_line(what, "1 coarse", &c);
	one_to_one(s, t.fine, &c);
	print_line("", "1 sample", &c);
	three_to_one(s, t.fine, &c);
	print_line("", "3 samples", &c);
	if (s->refused > 0)
		printf("%zu left out: too few minutiae\n", s->refused);
	(void)fflush(stdout);
	free(t.coarse);
	free(t.fine);
	free(c.own);
	free(c.others);
}
