#include "bio/steps.h"

#include <string.h>

/* How far a kept pair bends its surroundings, squared, in pixels. */
#define BEND (112 * 112)

/* What falls together: within 12 pixels and 39 degrees. */
#define TOGETHER      (12 * 16)
#define TOGETHER_TURN 28
#define TOGETHER_LIKE (BIO_LIKENESS_MAX * 3 / 10)

/* A minutia can be missed where the other print has two this near. */
#define COVERED	   (45 * 16)
#define COVERED_BY 2

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
	turn = bio_falling(turn_off, TOGETHER_TURN);
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

void
bio_lay(struct bio_work *w, unsigned n)
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

uint32_t
bio_fall_together(const struct bio_probe *p, const struct bio_print *g,
    struct bio_work *w, uint32_t *covered)
{
	struct fallen f;

	find_fallen(p, g, w, &f);
	*covered = count_covered(f.one_near, p->print.n) *
	    count_covered(f.other_near, g->n);
	return sum_one_to_one(&f);
}
