#include "tests/finger/finger.h"

#include <math.h>

const struct finger_knobs finger_still = { 0 };
const struct finger_knobs finger_easy = { .turn = 10,
	.shift = 12,
	.stretch = 3,
	.pressure = 0.2,
	.noise = 0.2,
	.contact = 0.1 };
const struct finger_knobs finger_usual = { .turn = 20,
	.shift = 25,
	.stretch = 6,
	.pressure = 0.5,
	.noise = 0.45,
	.contact = 0.35 };
const struct finger_knobs finger_hard = { .turn = 35,
	.shift = 40,
	.stretch = 10,
	.pressure = 0.8,
	.noise = 0.75,
	.contact = 0.6 };

void
finger_warp_of(struct finger_random *r, const struct finger_knobs *k,
    struct finger_warp *w)
{
	const double turn = finger_random_in(r, -k->turn, k->turn) * M_PI / 180;

	w->cos = cos(turn);
	w->sin = sin(turn);
	w->x = finger_random_in(r, -k->shift, k->shift);
	w->y = finger_random_in(r, -k->shift, k->shift);
	for (int i = 0; i < 3; i++) {
		w->pull[i].at_x = finger_random_in(r, -110, 110);
		w->pull[i].at_y = finger_random_in(r, -140, 140);
		w->pull[i].by_x = k->stretch * finger_random_normal(r);
		w->pull[i].by_y = k->stretch * finger_random_normal(r);
		w->pull[i].reach = finger_random_in(r, 60, 130);
	}
}

/* How far the pulls move a place of the skin. */
static void
pulled(
    const struct finger_warp *w, double x, double y, double *by_x, double *by_y)
{
	*by_x = *by_y = 0;
	for (int i = 0; i < 3; i++) {
		const double dx = x - w->pull[i].at_x;
		const double dy = y - w->pull[i].at_y;
		const double reach = w->pull[i].reach;
		const double part =
		    exp(-(dx * dx + dy * dy) / (2 * reach * reach));

		*by_x += part * w->pull[i].by_x;
		*by_y += part * w->pull[i].by_y;
	}
}

void
finger_warp_at(const struct finger_warp *w, double *x, double *y)
{
	double px, py;

	pulled(w, *x, *y, &px, &py);
	px += *x;
	py += *y;
	*x = w->cos * px - w->sin * py + w->x;
	*y = w->sin * px + w->cos * py + w->y;
}

void
finger_warp_back(const struct finger_warp *w, double *x, double *y)
{
	const double dx = *x - w->x, dy = *y - w->y;
	const double px = w->cos * dx + w->sin * dy;
	const double py = w->cos * dy - w->sin * dx;
	double by_x, by_y;

	*x = px;
	*y = py;
	for (int i = 0; i < 4; i++) {
		pulled(w, *x, *y, &by_x, &by_y);
		*x = px - by_x;
		*y = py - by_y;
	}
}
