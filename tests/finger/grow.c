/*
 * Ridges grow out of random spots: every place becomes what filters along the
 * local flow, of the local ridge width, make of its surroundings, again and
 * again, until lines fill the skin. Where lines that grew from different spots
 * meet, they end or fork: that makes the finger.
 *
 * Source: Cappelli, Maio and Maltoni, "Synthetic fingerprint-image generation".
 */
#include "tests/finger/finger.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define REACH	   7
#define SPAN	   (2 * REACH + 1)
#define SPAN_WIDE  16 /* a row of a filter, with a zero at the end */
#define DIRECTIONS 32
#define PERIODS	   5
#define ROUNDS	   24
#define MARGIN	   8

#define WIDE (FINGER_SKIN_WIDTH + 2 * MARGIN)
#define HIGH (FINGER_SKIN_HEIGHT + 2 * MARGIN)

struct filters {
	int16_t at[DIRECTIONS][PERIODS][SPAN][SPAN_WIDE];
};

struct skin {
	int16_t value[2][HIGH][WIDE];
	uint8_t direction[FINGER_SKIN_HEIGHT][FINGER_SKIN_WIDTH];
	uint8_t period[FINGER_SKIN_HEIGHT][FINGER_SKIN_WIDTH];
	struct filters filters;
};

/* A wave across the flow that fades outwards, without a mean. */
static void
make_filter(int16_t f[SPAN][SPAN_WIDE], double flow, double period)
{
	double v[SPAN][SPAN], sum = 0, size = 0;

	for (int y = -REACH; y <= REACH; y++) {
		for (int x = -REACH; x <= REACH; x++) {
			/* rows go down, the field's y goes up */
			const double across = x * -sin(flow) + -y * cos(flow);
			const double fade = exp(-(x * x + y * y) / 24.0);

			v[y + REACH][x + REACH] =
			    cos(2 * M_PI * across / period) * fade;
			sum += v[y + REACH][x + REACH];
		}
	}
	for (int y = 0; y < SPAN; y++) {
		for (int x = 0; x < SPAN; x++) {
			v[y][x] -= sum / (SPAN * SPAN);
			size += fabs(v[y][x]);
		}
	}
	for (int y = 0; y < SPAN; y++)
		for (int x = 0; x < SPAN; x++)
			f[y][x] = (int16_t)lround(v[y][x] / size * 16384);
}

static void
make_filters(struct filters *f)
{
	memset(f, 0, sizeof(*f));
	for (unsigned d = 0; d < DIRECTIONS; d++)
		for (unsigned p = 0; p < PERIODS; p++)
			make_filter(
			    f->at[d][p], d * M_PI / DIRECTIONS, 8.2 + 0.4 * p);
}

/* Which filter every place wants. */
static void
lay_out(struct skin *s, uint64_t finger)
{
	struct finger_random r = finger_random_of(finger, 3);
	const double base = finger_random_in(&r, 0, PERIODS - 1);
	const double tilt = finger_random_in(&r, -1.5, 1.5);
	struct finger_field f;

	finger_field_of(finger, &f);
	for (int row = 0; row < FINGER_SKIN_HEIGHT; row++) {
		for (int col = 0; col < FINGER_SKIN_WIDTH; col++) {
			const double x = col - FINGER_SKIN_WIDTH / 2;
			const double y = FINGER_SKIN_HEIGHT / 2 - row;
			const double period =
			    base + tilt * y / 200 + 0.6 * sin(x / 60 + base);

			s->direction[row][col] =
			    (uint8_t)(lround(finger_field_at(&f, x, y) / M_PI *
					  DIRECTIONS) %
				DIRECTIONS);
			s->period[row][col] =
			    (uint8_t)fmin(fmax(round(period), 0), PERIODS - 1);
		}
	}
}

static void
sow(struct skin *s, uint64_t finger)
{
	struct finger_random r = finger_random_of(finger, 4);

	memset(s->value, 0, sizeof(s->value));
	for (int row = 0; row < HIGH; row++)
		for (int col = 0; col < WIDE; col++)
			s->value[0][row][col] =
			    (int16_t)((int32_t)(finger_random_bits(&r) % 255) -
				127);
}

static int32_t
filtered(const int16_t (*from)[WIDE], int row, int col,
    const int16_t f[SPAN][SPAN_WIDE])
{
	int32_t sum = 0;

	for (int y = 0; y < SPAN; y++) {
		const int16_t *at =
		    &from[row + MARGIN - REACH + y][col + MARGIN - REACH];

		for (int x = 0; x < SPAN_WIDE; x++)
			sum += at[x] * f[y][x];
	}
	return sum;
}

static void
grow_once(struct skin *s, const int16_t (*from)[WIDE], int16_t (*to)[WIDE])
{
	for (int row = 0; row < FINGER_SKIN_HEIGHT; row++) {
		for (int col = 0; col < FINGER_SKIN_WIDTH; col++) {
			int32_t v = filtered(from, row, col,
					s->filters.at[s->direction[row][col]]
						     [s->period[row][col]]) /
			    4096;

			v = v < -127 ? -127 : v > 127 ? 127 : v;
			to[row + MARGIN][col + MARGIN] = (int16_t)v;
		}
	}
}

void
finger_grow(uint64_t finger, struct finger_ridges *out)
{
	struct skin *s = malloc(sizeof(*s));

	if (s == NULL)
		abort();
	make_filters(&s->filters);
	lay_out(s, finger);
	sow(s, finger);
	for (unsigned i = 0; i < ROUNDS; i++)
		grow_once(s, s->value[i % 2], s->value[1 - i % 2]);
	out->finger = finger;
	for (int row = 0; row < FINGER_SKIN_HEIGHT; row++)
		for (int col = 0; col < FINGER_SKIN_WIDTH; col++)
			out->at[row][col] =
			    (int8_t)s
				->value[ROUNDS % 2][row + MARGIN][col + MARGIN];
	free(s);
}
