#include "tests/finger/finger.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define POINTS_MAX  110
#define TRIES	    400
#define SPACING	    13.0
#define HALF_WIDTH  135.0
#define HALF_HEIGHT 180.0

/* mindtct knows sixteen directions in half a turn. */
#define STEP 8

struct point {
	double x, y, angle;
};

struct points {
	unsigned n;
	struct point at[POINTS_MAX];
};

static bool
crowded(const struct points *p, double x, double y)
{
	for (unsigned i = 0; i < p->n; i++)
		if (hypot(p->at[i].x - x, p->at[i].y - y) < SPACING)
			return true;
	return false;
}

/* A ridge ends, or two become one, in either direction of the flow. */
static void
strew(uint64_t finger, struct points *p)
{
	struct finger_random r = finger_random_of(finger, 2);
	const unsigned n = 60 + finger_random_bits(&r) % 40;
	struct finger_field f;

	finger_field_of(finger, &f);
	p->n = 0;
	for (unsigned i = 0; i < TRIES && p->n < n; i++) {
		const double x = finger_random_in(&r, -HALF_WIDTH, HALF_WIDTH);
		const double y =
		    finger_random_in(&r, -HALF_HEIGHT, HALF_HEIGHT);
		const double around = hypot(x / HALF_WIDTH, y / HALF_HEIGHT);
		const double back = finger_random_bits(&r) & 1 ? M_PI : 0;

		if (around > 1 || crowded(p, x, y))
			continue;
		p->at[p->n++] = (struct point){ x, y,
			finger_field_at(&f, x, y) + back +
			    0.1 * finger_random_normal(&r) };
	}
}

static void
add(struct bio_sample *s, double x, double y, double angle)
{
	const double px = x + FINGER_WIDTH / 2, py = y + FINGER_HEIGHT / 2;
	const long turns = lround(angle / (2 * M_PI) * 256 / STEP) * STEP;

	if (px < 0 || py < 0 || px >= FINGER_WIDTH || py >= FINGER_HEIGHT ||
	    s->n == BIO_MINUTIAE_MAX)
		return;
	s->at[s->n++] = (struct bio_minutia){ .x = (uint16_t)px,
		.y = (uint16_t)py,
		.angle = (uint8_t)(turns & 255) };
}

/* mindtct lists from left to right. */
static int
by_place(const void *a, const void *b)
{
	const struct bio_minutia *m = a, *n = b;

	return m->x != n->x ? m->x - n->x : m->y - n->y;
}

static void
press(const struct points *p, struct finger_random *r,
    const struct finger_knobs *k, struct bio_sample *out)
{
	const double lost = 0.4 * k->noise, jitter = 3 * k->noise;
	const double edge = 1 - k->contact * finger_random_in(r, 0, 0.5);
	const double middle_x = k->contact * finger_random_in(r, -40, 40);
	const double middle_y = k->contact * finger_random_in(r, -60, 60);
	struct finger_warp w;

	finger_warp_of(r, k, &w);
	for (unsigned i = 0; i < p->n; i++) {
		double x = p->at[i].x, y = p->at[i].y;
		const double turn = atan2(w.sin, w.cos);

		if (hypot((x - middle_x) / HALF_WIDTH,
			(y - middle_y) / HALF_HEIGHT) > edge ||
		    finger_random_in(r, 0, 1) < lost)
			continue;
		finger_warp_at(&w, &x, &y);
		add(out, x + jitter * finger_random_normal(r),
		    y + jitter * finger_random_normal(r),
		    p->at[i].angle + turn +
			0.2 * k->noise * finger_random_normal(r));
	}
}

void
finger_points(uint64_t finger, uint64_t impression,
    const struct finger_knobs *k, struct bio_sample *out)
{
	struct finger_random r = finger_random_of(finger, 1000 + impression);
	struct points p;
	unsigned more;

	strew(finger, &p);
	memset(out, 0, sizeof(*out));
	out->width = FINGER_WIDTH;
	out->height = FINGER_HEIGHT;
	out->resolution = BIO_RESOLUTION;
	press(&p, &r, k, out);
	more = (unsigned)(k->noise * finger_random_in(&r, 0, 25));
	for (unsigned i = 0; i < more; i++)
		add(out, finger_random_in(&r, -HALF_WIDTH, HALF_WIDTH),
		    finger_random_in(&r, -HALF_HEIGHT, HALF_HEIGHT),
		    finger_random_in(&r, 0, 2 * M_PI));
	qsort(out->at, out->n, sizeof(out->at[0]), by_place);
}
