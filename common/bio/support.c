#include "bio/steps.h"

#include <string.h>

/* Pairs taken of each of the probe's minutiae, the most alike. */
#define PAIRS_EACH 4

/*
 * How far apart two pairs may be and still support each other: in turn; in
 * length 8 pixels and a twenty-fifth of it; in direction as much as
 * DIRECTION_OFF says and more where minutiae are close. In sixteenths.
 */
#define TURN_OFF      24
#define LENGTH_OFF    (8 * 16)
#define DIRECTION_OFF (14 * 16)
#define CLOSE	      8

#define ROUNDS	      4
#define STRENGTH_BITS 12

/* The most alike of a row, best first; of equals the first. */
static unsigned
row_best(const uint16_t *row, unsigned n, uint8_t best[PAIRS_EACH])
{
	uint16_t like[PAIRS_EACH] = { 0 };
	unsigned found = 0;

	for (unsigned j = 0; j < n; j++) {
		unsigned at;

		if (row[j] <= like[PAIRS_EACH - 1])
			continue;
		if (found < PAIRS_EACH)
			found++;
		for (at = found - 1; at > 0 && like[at - 1] < row[j]; at--) {
			like[at] = like[at - 1];
			best[at] = best[at - 1];
		}
		like[at] = row[j];
		best[at] = (uint8_t)j;
	}
	return found;
}

/*
 * The likeness that the most alike BIO_FINE_PAIRS reach, in eighths; *room is
 * how many that just reach it fit.
 */
static unsigned
bar_for(const uint16_t count[256], unsigned *room)
{
	unsigned bar = 255, left = BIO_FINE_PAIRS;

	while (bar > 0 && count[bar] <= left) {
		left -= count[bar];
		bar--;
	}
	*room = left;
	return bar;
}

static void
take_pairs(
    const struct bio_probe *p, const struct bio_print *g, struct bio_work *w)
{
	uint8_t best[BIO_PRINT_MAX][PAIRS_EACH], found[BIO_PRINT_MAX];
	uint16_t count[256] = { 0 };
	unsigned bar, room;

	for (unsigned i = 0; i < p->print.n; i++) {
		found[i] = (uint8_t)row_best(w->likeness[i], g->n, best[i]);
		for (unsigned k = 0; k < found[i]; k++)
			count[w->likeness[i][best[i][k]] >> 3]++;
	}
	bar = bar_for(count, &room);
	w->pairs = 0;
	for (unsigned i = 0; i < p->print.n; i++) {
		for (unsigned k = 0; k < found[i]; k++) {
			const uint16_t like = w->likeness[i][best[i][k]];

			if (like >> 3 < bar || (like >> 3 == bar && room == 0))
				continue;
			if (like >> 3 == bar)
				room--;
			w->pair[w->pairs++] = (struct bio_pair){ .one =
								     (uint8_t)i,
				.other = best[i][k],
				.turn = (uint8_t)(w->other[best[i][k]].angle -
				    w->one[i].angle),
				.likeness = like };
		}
	}
}

/*
 * Whether two edges are too unlike in length for certain: their squares differ
 * by their sum times their difference, and the sum is at most that of all
 * coordinates. Cheap, and says the same as support_of() would.
 */
static bool
too_unlike(int32_t dx, int32_t dy, int32_t other_dx, int32_t other_dy)
{
	const int64_t most =
	    bio_abs(dx) + bio_abs(dy) + bio_abs(other_dx) + bio_abs(other_dy);
	const int64_t off = (int64_t)dx * dx + (int64_t)dy * dy -
	    (int64_t)other_dx * other_dx - (int64_t)other_dy * other_dy;
	const int64_t limit = most * (LENGTH_OFF / 16 + 2 + most / 50);

	return off > limit || off < -limit;
}

/* How much two pairs support each other, 0 to 255. */
static uint8_t
support_of(const struct bio_work *w, const struct bio_pair *u,
    const struct bio_pair *v)
{
	const int32_t turn_off = bio_abs(bio_angle_between(u->turn, v->turn));
	const int32_t dx = w->one[v->one].x - w->one[u->one].x;
	const int32_t dy = w->one[v->one].y - w->one[u->one].y;
	const int32_t other_dx = w->other[v->other].x - w->other[u->other].x;
	const int32_t other_dy = w->other[v->other].y - w->other[u->other].y;
	struct bio_polar here, there;
	int32_t length_off, length_limit, off, limit;
	uint8_t turned;
	uint32_t all;

	if (turn_off >= TURN_OFF || u->one == v->one || u->other == v->other ||
	    too_unlike(dx, dy, other_dx, other_dy))
		return 0;
	here = bio_polar_of(dx, dy);
	there = bio_polar_of(other_dx, other_dy);
	length_off = bio_abs(here.distance - there.distance) * 16;
	length_limit = LENGTH_OFF + (here.distance + there.distance) * 5 / 16;
	if (length_off >= length_limit)
		return 0;
	turned = (uint8_t)(there.angle - here.angle);
	off = bio_abs(bio_angle_between(turned, u->turn));
	if (off < bio_abs(bio_angle_between(turned, v->turn)))
		off = bio_abs(bio_angle_between(turned, v->turn));
	limit = DIRECTION_OFF + DIRECTION_OFF * CLOSE / (here.distance + 1);
	if (off * 16 >= limit)
		return 0;
	all = bio_falling(length_off, length_limit) *
	    bio_falling(turn_off, TURN_OFF) *
	    (bio_falling(off * 16, limit) >> 1);
	all >>= 15;
	return (uint8_t)(all < 255 ? all : 255);
}

static void
find_support(struct bio_work *w)
{
	w->links = 0;
	for (unsigned u = 0; u < w->pairs; u++) {
		w->support[u][u] = 0;
		for (unsigned v = u + 1; v < w->pairs; v++) {
			const uint8_t weight =
			    support_of(w, &w->pair[u], &w->pair[v]);

			w->support[u][v] = w->support[v][u] = weight;
			if (weight > 0)
				w->link[w->links++] =
				    (struct bio_link){ (uint8_t)u, (uint8_t)v,
					    weight };
		}
	}
}

/* Bring the strengths to STRENGTH_BITS. */
static void
rescale(const uint64_t *from, unsigned n, uint32_t *to)
{
	uint64_t most = 1;
	int shift;

	for (unsigned u = 0; u < n; u++)
		if (from[u] > most)
			most = from[u];
	shift = 64 - __builtin_clzll(most) - STRENGTH_BITS;
	for (unsigned u = 0; u < n; u++)
		to[u] = (uint32_t)(shift > 0 ? from[u] >> shift : from[u]);
}

static void
spread(struct bio_work *w)
{
	uint64_t next[BIO_FINE_PAIRS];

	for (unsigned u = 0; u < w->pairs; u++)
		w->strength[u] = w->pair[u].likeness;
	for (unsigned round = 0; round < ROUNDS; round++) {
		memset(next, 0, w->pairs * sizeof(next[0]));
		for (unsigned i = 0; i < w->links; i++) {
			const struct bio_link l = w->link[i];

			next[l.u] += l.weight * w->strength[l.v];
			next[l.v] += l.weight * w->strength[l.u];
		}
		for (unsigned u = 0; u < w->pairs; u++)
			next[u] *= BIO_LIKENESS_MAX / 2 + w->pair[u].likeness;
		rescale(next, w->pairs, w->strength);
	}
}

/* Whether at least half of the kept support it, and it takes nobody's place. */
static bool
fits(const struct bio_work *w, unsigned u)
{
	unsigned for_it = 0;

	for (unsigned k = 0; k < w->kept; k++) {
		const struct bio_pair *kept = &w->pair[w->keep[k]];

		if (kept->one == w->pair[u].one ||
		    kept->other == w->pair[u].other)
			return false;
		for_it += w->support[u][w->keep[k]] > 0;
	}
	return 2 * for_it >= w->kept;
}

static void
keep_strongest(struct bio_work *w)
{
	bool seen[BIO_FINE_PAIRS] = { false };

	w->kept = 0;
	for (;;) {
		unsigned best = w->pairs;
		uint32_t most = 0;

		for (unsigned u = 0; u < w->pairs; u++) {
			if (!seen[u] && w->strength[u] > most) {
				most = w->strength[u];
				best = u;
			}
		}
		if (best == w->pairs)
			return;
		seen[best] = true;
		if (fits(w, best))
			w->keep[w->kept++] = (uint8_t)best;
	}
}

void
bio_find_pairs(
    const struct bio_probe *p, const struct bio_print *g, struct bio_work *w)
{
	take_pairs(p, g, w);
	find_support(w);
	spread(w);
	keep_strongest(w);
}

uint32_t
bio_support_kept(const struct bio_work *w)
{
	uint32_t sum = 0;

	for (unsigned k = 0; k < w->kept; k++)
		for (unsigned l = 0; l < k; l++)
			sum += w->support[w->keep[k]][w->keep[l]];
	return sum;
}
