/*
 * Ridges flow around cores and deltas: the direction at a place is half the
 * sum of the directions from the cores less those from the deltas.
 *
 * Source: Sherlock and Monro, "A model for interpreting fingerprint topology".
 */
#include "tests/finger/finger.h"

#include <math.h>

static void
place(double at[2], struct finger_random *r, double x, double y, double off)
{
	at[0] = x + finger_random_in(r, -off, off);
	at[1] = y + finger_random_in(r, -off, off);
}

static void
make_loop(struct finger_field *f, struct finger_random *r)
{
	const double side = finger_random_bits(r) & 1 ? 1 : -1;

	f->cores = f->deltas = 1;
	place(f->core[0], r, 0, 20, 38);
	place(f->delta[0], r, side * 95, -110, 50);
}

static void
make_whorl(struct finger_field *f, struct finger_random *r)
{
	const double apart = finger_random_in(r, 8, 45);

	f->cores = f->deltas = 2;
	place(f->core[0], r, 0, 20 + apart, 15);
	place(f->core[1], r, 0, 20 - apart, 15);
	place(f->delta[0], r, -115, -110, 50);
	place(f->delta[1], r, 115, -110, 50);
}

void
finger_field_of(uint64_t finger, struct finger_field *f)
{
	struct finger_random r = finger_random_of(finger, 1);
	const double kind = finger_random_in(&r, 0, 100);

	*f = (struct finger_field){ 0 };
	if (kind < 62)
		make_loop(f, &r);
	else if (kind < 94)
		make_whorl(f, &r);
	else
		f->arch = finger_random_in(&r, 0.5, 1.1);
	f->turn = finger_random_in(&r, -0.4, 0.4);
	for (int i = 0; i < FINGER_WAVES; i++) {
		f->wave[i].x = finger_random_in(&r, -0.035, 0.035);
		f->wave[i].y = finger_random_in(&r, -0.035, 0.035);
		f->wave[i].phase = finger_random_in(&r, 0, 2 * M_PI);
		f->wave[i].size = finger_random_in(&r, 0.05, 0.2);
	}
}

double
finger_field_at(const struct finger_field *f, double x, double y)
{
	double angle = f->turn;

	for (int i = 0; i < f->cores; i++)
		angle += atan2(y - f->core[i][1], x - f->core[i][0]) / 2;
	for (int i = 0; i < f->deltas; i++)
		angle -= atan2(y - f->delta[i][1], x - f->delta[i][0]) / 2;
	if (f->cores == 0)
		angle -= atan(f->arch * 2 * sin(x / 75)) *
		    exp(-(y + 20) * (y + 20) / (2 * 90.0 * 90.0));
	for (int i = 0; i < FINGER_WAVES; i++)
		angle += f->wave[i].size *
		    sin(f->wave[i].x * x + f->wave[i].y * y + f->wave[i].phase);
	angle = fmod(angle, M_PI);
	return angle < 0 ? angle + M_PI : angle;
}
