#include "tests/finger/finger.h"

#include <math.h>
#include <stdbool.h>

#define HALF_WIDTH  140.0
#define HALF_HEIGHT 185.0
#define SCRATCHES   4

/* Smooth noise: random values on a lattice, -1 to 1, and between them. */
struct cloud {
	uint64_t seed;
	double size; /* pixels from one value to the next */
};

static double
corner(const struct cloud *c, int x, int y)
{
	struct finger_random r = finger_random_of(
	    c->seed, (uint64_t)(uint32_t)x << 32 | (uint32_t)y);

	return finger_random_in(&r, -1, 1);
}

static double
ease(double t)
{
	return t * t * (3 - 2 * t);
}

static double
cloud_at(const struct cloud *c, double x, double y)
{
	const double fx = floor(x / c->size), fy = floor(y / c->size);
	const double tx = ease(x / c->size - fx), ty = ease(y / c->size - fy);
	const int ix = (int)fx, iy = (int)fy;
	const double low =
	    corner(c, ix, iy) * (1 - tx) + corner(c, ix + 1, iy) * tx;
	const double high =
	    corner(c, ix, iy + 1) * (1 - tx) + corner(c, ix + 1, iy + 1) * tx;

	return low * (1 - ty) + high * ty;
}

struct touch {
	struct finger_warp warp;
	double thick, edge, middle_x, middle_y, noise;
	struct cloud broad, fine, rim;
	struct finger_random grain;
	struct {
		double x, y, cos, sin, width, length;
	} scratch[SCRATCHES];
	unsigned scratches;
};

static struct touch
touch_of(uint64_t finger, uint64_t impression, const struct finger_knobs *k)
{
	struct finger_random r = finger_random_of(finger, 2000 + impression);
	struct touch t = { .noise = k->noise };

	finger_warp_of(&r, k, &t.warp);
	t.thick = k->pressure * finger_random_in(&r, -70, 70);
	t.edge = 1 - k->contact * finger_random_in(&r, 0, 0.5);
	t.middle_x = k->contact * finger_random_in(&r, -40, 40);
	t.middle_y = k->contact * finger_random_in(&r, -60, 60);
	t.broad = (struct cloud){ finger_random_bits(&r), 45 };
	t.fine = (struct cloud){ finger_random_bits(&r), 5 };
	t.rim = (struct cloud){ finger_random_bits(&r), 30 };
	t.grain = finger_random_of(finger_random_bits(&r), 5);
	t.scratches = (unsigned)(k->noise * finger_random_in(&r, 0, SCRATCHES));
	for (unsigned i = 0; i < t.scratches; i++) {
		const double turn = finger_random_in(&r, 0, M_PI);

		t.scratch[i].x = finger_random_in(&r, -100, 100);
		t.scratch[i].y = finger_random_in(&r, -140, 140);
		t.scratch[i].cos = cos(turn);
		t.scratch[i].sin = sin(turn);
		t.scratch[i].width = finger_random_in(&r, 0.7, 1.8);
		t.scratch[i].length = finger_random_in(&r, 20, 70);
	}
	return t;
}

static double
ridge_at(const struct finger_ridges *f, double x, double y)
{
	const double col = x + FINGER_SKIN_WIDTH / 2;
	const double row = FINGER_SKIN_HEIGHT / 2 - y;
	const int c = (int)floor(col), r = (int)floor(row);
	const double tx = col - c, ty = row - r;

	if (c < 0 || r < 0 || c + 1 >= FINGER_SKIN_WIDTH ||
	    r + 1 >= FINGER_SKIN_HEIGHT)
		return -127;
	return (f->at[r][c] * (1 - tx) + f->at[r][c + 1] * tx) * (1 - ty) +
	    (f->at[r + 1][c] * (1 - tx) + f->at[r + 1][c + 1] * tx) * ty;
}

static bool
scratched(const struct touch *t, double x, double y)
{
	for (unsigned i = 0; i < t->scratches; i++) {
		const double dx = x - t->scratch[i].x;
		const double dy = y - t->scratch[i].y;
		const double along =
		    dx * t->scratch[i].cos + dy * t->scratch[i].sin;
		const double across =
		    dy * t->scratch[i].cos - dx * t->scratch[i].sin;

		if (fabs(along) < t->scratch[i].length &&
		    fabs(across) < t->scratch[i].width)
			return true;
	}
	return false;
}

/* The grey that a place of the finger leaves; where it does not touch, glass.
 */
static double
grey_at(const struct finger_ridges *f, struct touch *t, double x, double y)
{
	const double around = hypot((x - t->middle_x) / HALF_WIDTH,
				  (y - t->middle_y) / HALF_HEIGHT) +
	    0.06 * cloud_at(&t->rim, x, y);
	double v;

	if (around > t->edge || scratched(t, x, y))
		return 235 + 4 * finger_random_normal(&t->grain);
	v = ridge_at(f, x, y) + t->thick;
	/* dry and wet places, and skin that is not even */
	v += 130 * t->noise * cloud_at(&t->broad, x, y);
	v += 110 * t->noise * cloud_at(&t->fine, x, y);
	/* lighter towards the rim */
	v -= 60 * fmax(0, around / t->edge - 0.8) * 5 * 0.5;
	return 128 - fmin(fmax(v, -110), 110) +
	    30 * t->noise * finger_random_normal(&t->grain);
}

void
finger_press(const struct finger_ridges *f, uint64_t impression,
    const struct finger_knobs *k, struct finger_image *out)
{
	struct touch t = touch_of(f->finger, impression, k);

	for (int row = 0; row < FINGER_HEIGHT; row++) {
		for (int col = 0; col < FINGER_WIDTH; col++) {
			double x = col - FINGER_WIDTH / 2;
			double y = FINGER_HEIGHT / 2 - row;
			double grey;

			finger_warp_back(&t.warp, &x, &y);
			grey = grey_at(f, &t, x, y);
			out->at[row][col] = (uint8_t)fmin(fmax(grey, 0), 255);
		}
	}
}
