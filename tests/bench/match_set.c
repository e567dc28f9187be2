#include "tests/bench/match.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

double
match_seconds(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static int
by_value(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double
match_quantile(double *v, size_t n, double part)
{
	qsort(v, n, sizeof(v[0]), by_value);
	return v[(size_t)ceil(part * (double)(n - 1))];
}

double
match_median(double *v, size_t n)
{
	return match_quantile(v, n, 0.5);
}

struct line {
	char set[32];
	unsigned finger, impression, x, y, degrees, quality;
};

static void
end(struct match_set *s, struct bio_sample *sample, const struct line *l)
{
	struct match_print *p = &s->at[s->n];

	if (sample->n == 0)
		return;
	if (s->n == MATCH_PRINTS_MAX) {
		(void)fprintf(stderr, "bench_match: more than %d prints\n",
		    MATCH_PRINTS_MAX);
		exit(1);
	}
	p->finger = l->finger;
	p->impression = l->impression;
	p->group = (unsigned)l->set[2]; /* DB1_B ... */
	if (bio_print_make(sample, &p->print) == ATT_OK)
		s->n++;
	else
		s->refused++;
	sample->n = 0;
}

static bool
same_print(const struct line *a, const struct line *b)
{
	return strcmp(a->set, b->set) == 0 && a->finger == b->finger &&
	    a->impression == b->impression;
}

/* libfprint gives no quality, so none is used here either. */
static void
take(struct bio_sample *s, const struct line *l)
{
	if (s->n < BIO_MINUTIAE_MAX)
		s->at[s->n++] = (struct bio_minutia){ .x = (uint16_t)l->x,
			.y = (uint16_t)l->y,
			.angle = (uint8_t)((l->degrees * 256 + 180) / 360) };
}

void
match_read(const char *path, struct match_set *out)
{
	struct bio_sample sample = { .resolution = BIO_RESOLUTION };
	struct line now = { .set = "" }, last = now;
	char command[512], text[256];
	FILE *f;

	(void)snprintf(command, sizeof(command), "gzip -dcf -- '%s'", path);
	f = popen(command, "r");
	if (f == NULL) {
		perror(path);
		exit(1);
	}
	out->n = out->refused = 0;
	while (fgets(text, sizeof(text), f) != NULL) {
		if (sscanf(text, "%31[^,],%u,%u,%u,%u,%u,%u", now.set,
			&now.finger, &now.impression, &now.x, &now.y,
			&now.degrees, &now.quality) != 7)
			continue;
		if (!same_print(&now, &last))
			end(out, &sample, &last);
		take(&sample, &now);
		last = now;
	}
	end(out, &sample, &last);
	if (pclose(f) != 0 || out->n == 0) {
		(void)fprintf(stderr, "bench_match: no minutiae in %s\n", path);
		exit(1);
	}
}
