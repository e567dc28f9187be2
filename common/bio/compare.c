#include "bio/compare.h"

#include "bio/geometry.h"

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

/* Fewer kept pairs cannot lay one print over the other. */
#define KEPT_MIN 3

/* How far a kept pair bends its surroundings, squared, in pixels. */
#define BEND (112 * 112)

/* What falls together: within 12 pixels and 39 degrees. */
#define TOGETHER      (12 * 16)
#define TOGETHER_TURN 28
#define TOGETHER_LIKE (BIO_LIKENESS_MAX * 3 / 10)

/* A minutia can be missed where the other print has two this near. */
#define COVERED	    (45 * 16)
#define COVERED_BY  2
#define COVERED_ADD 8

#define SCORE_SCALE 1000

static void
spread_out(const struct bio_print *p, struct bio_spot spot[BIO_PRINT_MAX])
{
	for (unsigned i = 0; i < p->n; i++) {
		const struct bio_block *b = &p->block[i / BIO_LANES];
		const unsigned lane = i % BIO_LANES;

		spot[i] =
		    (struct bio_spot){ b->x[lane], b->y[lane], b->angle[lane] };
	}
}

/* --- the likeliest pairs ---------------------------------------------------
 */

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

/* --- who supports whom -----------------------------------------------------
 */

/* 1 - (off / limit)^2 in 256ths; off is less than limit. */
static uint32_t
falling(int32_t off, int32_t limit)
{
	const uint32_t part = (uint32_t)(off * 256 / limit);

	return (65536 - part * part) >> 8;
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
	all = falling(length_off, length_limit) * falling(turn_off, TURN_OFF) *
	    (falling(off * 16, limit) >> 1);
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

/* --- a set that agrees with itself -----------------------------------------
 */

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

static uint32_t
support_kept(const struct bio_work *w)
{
	uint32_t sum = 0;

	for (unsigned k = 0; k < w->kept; k++)
		for (unsigned l = 0; l < k; l++)
			sum += w->support[w->keep[k]][w->keep[l]];
	return sum;
}

/* --- one print over the other ----------------------------------------------
 */

struct middle {
	int64_t weight, x, y, other_x, other_y; /* sums, then in 1/16 pixel */
};

static struct middle
middle_of(const struct bio_work *w)
{
	struct middle m = { 0 };

	for (unsigned k = 0; k < w->kept; k++) {
		const struct bio_pair *pair = &w->pair[w->keep[k]];
		const int64_t weight = w->strength[w->keep[k]] * 16;
		const struct bio_spot one = w->one[pair->one];
		const struct bio_spot other = w->other[pair->other];

		m.weight += weight / 16;
		m.x += weight * one.x;
		m.y += weight * one.y;
		m.other_x += weight * other.x;
		m.other_y += weight * other.y;
	}
	m.x /= m.weight;
	m.y /= m.weight;
	m.other_x /= m.weight;
	m.other_y /= m.weight;
	return m;
}

/* The turn that brings the kept pairs nearest together, by least squares. */
static struct bio_turn
turn_between(const struct bio_work *w, const struct middle *m)
{
	int64_t along = 0, across = 0;

	for (unsigned k = 0; k < w->kept; k++) {
		const struct bio_pair *pair = &w->pair[w->keep[k]];
		const int64_t weight = w->strength[w->keep[k]];
		const struct bio_spot one = w->one[pair->one];
		const struct bio_spot other = w->other[pair->other];
		const int64_t x = one.x * 16 - m->x, y = one.y * 16 - m->y;
		const int64_t other_x = other.x * 16 - m->other_x;
		const int64_t other_y = other.y * 16 - m->other_y;

		along += weight * (x * other_x + y * other_y);
		across += weight * (x * other_y - y * other_x);
	}
	return bio_turn_along(along, across);
}

/* Move a minutia by what the kept pairs around it are off. */
static struct bio_point
bent(const struct bio_work *w, unsigned i)
{
	const struct bio_spot own = w->one[i];
	int64_t weights = BEND >> 7, x = 0, y = 0;

	weights *= weights; /* as if a pair right here were not off */
	for (unsigned k = 0; k < w->kept; k++) {
		const struct bio_pair *pair = &w->pair[w->keep[k]];
		const struct bio_spot one = w->one[pair->one];
		const struct bio_spot other = w->other[pair->other];
		const int32_t dx = one.x - own.x, dy = one.y - own.y;
		const int64_t apart = (int64_t)dx * dx + (int64_t)dy * dy;
		int64_t weight;

		if (apart >= BEND)
			continue;
		weight = (BEND - apart) >> 7;
		weight *= weight;
		weights += weight;
		x += weight * (other.x * 16 - w->laid[pair->one].x);
		y += weight * (other.y * 16 - w->laid[pair->one].y);
	}
	return (struct bio_point){ w->laid[i].x + (int32_t)(x / weights),
		w->laid[i].y + (int32_t)(y / weights) };
}

static void
lay(struct bio_work *w, unsigned n)
{
	const struct middle m = middle_of(w);
	const struct bio_turn t = turn_between(w, &m);

	w->turn = bio_polar_of(t.cos, t.sin).angle;
	for (unsigned i = 0; i < n; i++) {
		const struct bio_spot one = w->one[i];
		const int64_t x = one.x * 16 - m.x, y = one.y * 16 - m.y;

		w->laid[i].x =
		    (int32_t)(((t.cos * x - t.sin * y) >> BIO_ONE_BITS) +
			m.other_x);
		w->laid[i].y =
		    (int32_t)(((t.sin * x + t.cos * y) >> BIO_ONE_BITS) +
			m.other_y);
	}
	for (unsigned i = 0; i < n; i++)
		w->fixed[i] = bent(w, i);
}

/* --- what falls together ---------------------------------------------------
 */

struct fallen {
	unsigned n;
	struct {
		uint16_t worth;
		uint8_t one, other;
	} at[BIO_LAID_PAIRS];
	uint8_t one_near[BIO_PRINT_MAX], other_near[BIO_PRINT_MAX];
};

/* How well two minutiae fall together: 0, not at all, upwards. */
static uint32_t
worth_of(int32_t apart, int32_t turn_off, uint16_t likeness)
{
	uint32_t place, turn;

	if (apart >= TOGETHER * TOGETHER || turn_off >= TOGETHER_TURN)
		return 0;
	place = 256 - (uint32_t)apart / (TOGETHER * TOGETHER / 256);
	turn = falling(turn_off, TOGETHER_TURN);
	return (place * turn >> 8) * (TOGETHER_LIKE + likeness) >> 8;
}

static void
meet(struct bio_work *w, struct fallen *f, unsigned i, unsigned j,
    int32_t apart, int32_t turn_off)
{
	const uint32_t worth = worth_of(apart, turn_off, w->likeness[i][j]);

	f->one_near[i]++;
	f->other_near[j]++;
	if (worth == 0 || f->n == BIO_LAID_PAIRS)
		return;
	f->at[f->n].worth = (uint16_t)worth;
	f->at[f->n].one = (uint8_t)i;
	f->at[f->n++].other = (uint8_t)j;
}

static void
find_fallen(const struct bio_probe *p, const struct bio_print *g,
    struct bio_work *w, struct fallen *f)
{
	memset(f->one_near, 0, sizeof(f->one_near));
	memset(f->other_near, 0, sizeof(f->other_near));
	f->n = 0;
	for (unsigned i = 0; i < p->print.n; i++) {
		const struct bio_spot one = w->one[i];
		const uint8_t angle = (uint8_t)(one.angle + w->turn);

		for (unsigned j = 0; j < g->n; j++) {
			const struct bio_spot other = w->other[j];
			const int32_t dx = w->fixed[i].x - other.x * 16;
			const int32_t dy = w->fixed[i].y - other.y * 16;

			if (bio_abs(dx) >= COVERED || bio_abs(dy) >= COVERED ||
			    dx * dx + dy * dy >= COVERED * COVERED)
				continue;
			meet(w, f, i, j, dx * dx + dy * dy,
			    bio_abs(bio_angle_between(angle, other.angle)));
		}
	}
}

/* The sum of the best pairs that are one to one. */
static uint32_t
sum_one_to_one(struct fallen *f)
{
	bool one[BIO_PRINT_MAX] = { false }, other[BIO_PRINT_MAX] = { false };
	uint32_t sum = 0;

	for (;;) {
		unsigned best = f->n;
		uint16_t most = 0;

		for (unsigned k = 0; k < f->n; k++) {
			if (f->at[k].worth > most && !one[f->at[k].one] &&
			    !other[f->at[k].other]) {
				most = f->at[k].worth;
				best = k;
			}
		}
		if (best == f->n)
			return sum;
		sum += most;
		one[f->at[best].one] = true;
		other[f->at[best].other] = true;
	}
}

static unsigned
count_covered(const uint8_t *near, unsigned n)
{
	unsigned covered = 0;

	for (unsigned i = 0; i < n; i++)
		covered += near[i] >= COVERED_BY;
	return covered;
}

uint32_t
bio_compare(const struct bio_kernel *k, const struct bio_probe *p,
    const struct bio_print *g, struct bio_work *w)
{
	struct fallen f;
	uint64_t together, support, covered;

	spread_out(&p->print, w->one);
	spread_out(g, w->other);
	k->likeness(p, g, w->likeness);
	take_pairs(p, g, w);
	find_support(w);
	spread(w);
	keep_strongest(w);
	if (w->kept < KEPT_MIN)
		return 0;
	lay(w, p->print.n);
	find_fallen(p, g, w, &f);
	together = sum_one_to_one(&f);
	support = bio_root((uint64_t)support_kept(w) << 8);
	covered = bio_root(((uint64_t)count_covered(f.one_near, p->print.n) *
			       count_covered(f.other_near, g->n))
	    << 8);
	return (uint32_t)(together * support * SCORE_SCALE /
	    ((covered + COVERED_ADD * 16) * BIO_LIKENESS_MAX * 16));
}

uint32_t
bio_fuse(const uint32_t *scores, size_t n)
{
	uint32_t best = scores[0], second = 0;

	if (n == 1)
		return best;
	for (size_t i = 1; i < n; i++) {
		if (scores[i] > best) {
			second = best;
			best = scores[i];
		} else if (scores[i] > second) {
			second = scores[i];
		}
	}
	return (2 * best + second) / 3;
}
