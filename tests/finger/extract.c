#include "tests/finger/finger.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK	8
#define COLUMNS (FINGER_WIDTH / BLOCK)
#define ROWS	(FINGER_HEIGHT / BLOCK)

/* Blocks that vary less hold no ridges. */
#define VARIES 18.0

/* Ridges this near the end of the skin end there, and not by themselves. */
#define RIM 12

/* How far a line is followed for its direction, and how near is too near. */
#define FOLLOW	   12
#define FOLLOW_MIN 7
#define TOO_NEAR   8

#define STEP 8

struct work {
	const struct finger_image *image;
	double flow[ROWS][COLUMNS];
	bool ridged[ROWS][COLUMNS];
	uint8_t line[FINGER_HEIGHT][FINGER_WIDTH]; /* 1: part of one */
};

/* --- flow ----------------------------------------------------------------- */

struct slopes {
	double xx, yy, xy, sum, square, n;
};

static struct slopes
slopes_of(const struct finger_image *g, int block_row, int block_col)
{
	struct slopes s = { 0 };

	for (int row = (block_row - 1) * BLOCK; row < (block_row + 2) * BLOCK;
	     row++) {
		for (int col = (block_col - 1) * BLOCK;
		     col < (block_col + 2) * BLOCK; col++) {
			double dx, dy, v;

			if (row < 1 || col < 1 || row >= FINGER_HEIGHT - 1 ||
			    col >= FINGER_WIDTH - 1)
				continue;
			dx = g->at[row][col + 1] - g->at[row][col - 1];
			dy = g->at[row - 1][col] - g->at[row + 1][col];
			v = g->at[row][col];
			s.xx += dx * dx;
			s.yy += dy * dy;
			s.xy += dx * dy;
			s.sum += v;
			s.square += v * v;
			s.n++;
		}
	}
	return s;
}

/* The flow is across the slopes; its neighbours steady it. */
static void
find_flow(struct work *w)
{
	static double cos2[ROWS][COLUMNS], sin2[ROWS][COLUMNS];

	for (int r = 0; r < ROWS; r++) {
		for (int c = 0; c < COLUMNS; c++) {
			const struct slopes s = slopes_of(w->image, r, c);
			const double mean = s.sum / s.n;

			cos2[r][c] = s.yy - s.xx;
			sin2[r][c] = -2 * s.xy;
			w->ridged[r][c] =
			    sqrt(s.square / s.n - mean * mean) > VARIES;
		}
	}
	for (int r = 0; r < ROWS; r++) {
		for (int c = 0; c < COLUMNS; c++) {
			double x = 0, y = 0;

			for (int i = -2; i <= 2; i++) {
				for (int j = -2; j <= 2; j++) {
					if (r + i < 0 || r + i >= ROWS ||
					    c + j < 0 || c + j >= COLUMNS)
						continue;
					x += cos2[r + i][c + j];
					y += sin2[r + i][c + j];
				}
			}
			w->flow[r][c] = atan2(y, x) / 2;
		}
	}
}

static bool
is_skin(const struct work *w, int row, int col)
{
	return row >= 0 && col >= 0 && row < FINGER_HEIGHT &&
	    col < FINGER_WIDTH && w->ridged[row / BLOCK][col / BLOCK];
}

static bool
is_inner(const struct work *w, int row, int col)
{
	for (int i = -1; i <= 1; i++)
		for (int j = -1; j <= 1; j++)
			if (!is_skin(w, row + i * RIM, col + j * RIM))
				return false;
	return true;
}

/* --- black and white ------------------------------------------------------ */

static double
grey_at(const struct work *w, double row, double col)
{
	const int r = (int)lround(row), c = (int)lround(col);

	if (r < 0 || c < 0 || r >= FINGER_HEIGHT || c >= FINGER_WIDTH)
		return 235;
	return w->image->at[r][c];
}

/* The mean along the flow, so many pixels beside the place. */
static double
along(const struct work *w, int row, int col, double flow, int beside)
{
	double sum = 0;

	for (int i = -5; i <= 5; i++)
		sum += grey_at(w, row - i * sin(flow) - beside * cos(flow),
		    col + i * cos(flow) - beside * sin(flow));
	return sum / 11;
}

/* A ridge is darker along the flow than what lies beside it. */
static void
find_ridges(struct work *w)
{
	for (int row = 0; row < FINGER_HEIGHT; row++) {
		for (int col = 0; col < FINGER_WIDTH; col++) {
			const double flow = w->flow[row / BLOCK][col / BLOCK];
			double around = 0;

			w->line[row][col] = 0;
			if (!is_skin(w, row, col))
				continue;
			for (int b = -4; b <= 4; b++)
				around += along(w, row, col, flow, b) / 9;
			w->line[row][col] = (along(w, row, col, flow, -1) +
						along(w, row, col, flow, 0) +
						along(w, row, col, flow, 1)) /
				3 <
			    around;
		}
	}
}

/* --- lines ---------------------------------------------------------------- */

/* The eight around a place, in turn from above. */
static const int around_row[8] = { -1, -1, 0, 1, 1, 1, 0, -1 };
static const int around_col[8] = { 0, 1, 1, 1, 0, -1, -1, -1 };

static unsigned
neighbours(const struct work *w, int row, int col)
{
	unsigned bits = 0;

	for (unsigned i = 0; i < 8; i++)
		bits |=
		    (unsigned)w->line[row + around_row[i]][col + around_col[i]]
		    << i;
	return bits;
}

/* How often, going around, a line begins. */
static unsigned
begins(unsigned bits)
{
	return (unsigned)__builtin_popcount(
	    bits & ~(bits << 1 | bits >> 7) & 0xff);
}

/* Source: Zhang and Suen, "A fast parallel algorithm for thinning". */
static bool
can_go(unsigned bits, bool second)
{
	const unsigned set = (unsigned)__builtin_popcount(bits);
	const unsigned first = second ? 0x45 : 0x15; /* above right below */
	const unsigned other = second ? 0x51 : 0x54;

	return set >= 2 && set <= 6 && begins(bits) == 1 &&
	    (bits & first) != first && (bits & other) != other;
}

static void
thin(struct work *w)
{
	static bool goes[FINGER_HEIGHT][FINGER_WIDTH];
	bool changed = true;

	for (unsigned pass = 0; changed || pass % 2 == 1; pass++) {
		if (pass % 2 == 0)
			changed = false;
		for (int row = 1; row < FINGER_HEIGHT - 1; row++)
			for (int col = 1; col < FINGER_WIDTH - 1; col++)
				goes[row][col] = w->line[row][col] &&
				    can_go(neighbours(w, row, col), pass % 2);
		for (int row = 1; row < FINGER_HEIGHT - 1; row++) {
			for (int col = 1; col < FINGER_WIDTH - 1; col++) {
				if (!goes[row][col])
					continue;
				w->line[row][col] = 0;
				changed = true;
			}
		}
	}
}

/* --- ends and forks ------------------------------------------------------- */

struct walk {
	int row, col, from_row, from_col;
	unsigned steps;
};

/*
 * The way on from a place, or -1: not back, and where there is a choice not
 * beside where it came from, and straight rather than across.
 */
static int
way_on(const struct work *w, const struct walk *k)
{
	int best = -1, most = 0;

	for (int i = 0; i < 8; i++) {
		const int row = k->row + around_row[i];
		const int col = k->col + around_col[i];
		const int back_row = abs(row - k->from_row);
		const int back_col = abs(col - k->from_col);
		const bool beside = back_row <= 1 && back_col <= 1;
		const int good = beside ? 1 : i % 2 == 0 ? 3 : 2;

		if (!w->line[row][col] || (back_row == 0 && back_col == 0) ||
		    (beside && k->steps < 3) || good <= most)
			continue;
		best = i;
		most = good;
	}
	return best;
}

/* Follow a line away from where it was until it ends, or far enough. */
static void
follow(const struct work *w, struct walk *k)
{
	while (k->steps < FOLLOW && k->row > 0 && k->col > 0 &&
	    k->row < FINGER_HEIGHT - 1 && k->col < FINGER_WIDTH - 1) {
		const int next = way_on(w, k);

		if (next < 0)
			return;
		k->from_row = k->row;
		k->from_col = k->col;
		k->row += around_row[next];
		k->col += around_col[next];
		k->steps++;
	}
}

static struct walk
walk_from(const struct work *w, int row, int col, unsigned i)
{
	struct walk k = { row + around_row[i % 8], col + around_col[i % 8], row,
		col, 1 };

	follow(w, &k);
	return k;
}

/* The directions of the lines that leave a place; how many. */
static unsigned
leave(const struct work *w, int row, int col, double turn[4])
{
	const unsigned bits = neighbours(w, row, col);
	unsigned n = 0;

	for (unsigned i = 0; i < 8 && n < 4; i++) {
		struct walk k, beside;

		/* a line begins here, and not where the last went on */
		if ((bits >> i & 1) == 0 || (bits >> (i + 7) % 8 & 1))
			continue;
		k = walk_from(w, row, col, i);
		if (bits >> (i + 1) % 8 & 1) {
			beside = walk_from(w, row, col, i + 1);
			if (beside.steps > k.steps)
				k = beside;
		}
		if (k.steps < FOLLOW_MIN)
			return 0;
		turn[n++] = atan2(row - k.row, k.col - col);
	}
	return n;
}

static double
apart(double a, double b)
{
	return fabs(remainder(a - b, 2 * M_PI));
}

/* Out of the fork along the line that is not one of the two that part. */
static double
stem_of(const double turn[3])
{
	unsigned best = 0;
	double least = 10;

	for (unsigned i = 0; i < 3; i++) {
		const double between =
		    apart(turn[(i + 1) % 3], turn[(i + 2) % 3]);

		if (between < least) {
			least = between;
			best = i;
		}
	}
	return turn[best];
}

static void
take(struct work *w, int row, int col, struct bio_sample *out)
{
	const unsigned lines = begins(neighbours(w, row, col));
	double turn[4];
	long angle;

	if ((lines != 1 && lines != 3) || out->n == BIO_MINUTIAE_MAX ||
	    !is_inner(w, row, col) || leave(w, row, col, turn) != lines)
		return;
	angle = lround((lines == 1 ? turn[0] + M_PI : stem_of(turn)) /
		    (2 * M_PI) * 256 / STEP) *
	    STEP;
	out->at[out->n++] = (struct bio_minutia){ .x = (uint16_t)col,
		.y = (uint16_t)(FINGER_HEIGHT - 1 - row),
		.angle = (uint8_t)(angle & 255),
		.kind = lines == 1 ? BIO_KIND_ENDING : BIO_KIND_FORK };
}

/* Two so near each other are a broken ridge or a spur, and none. */
static void
drop_near(struct bio_sample *s)
{
	bool near[BIO_MINUTIAE_MAX] = { false };
	uint8_t n = 0;

	for (unsigned i = 0; i < s->n; i++)
		for (unsigned j = 0; j < s->n; j++)
			if (i != j &&
			    hypot(s->at[i].x - s->at[j].x,
				s->at[i].y - s->at[j].y) < TOO_NEAR)
				near[i] = true;
	for (unsigned i = 0; i < s->n; i++)
		if (!near[i])
			s->at[n++] = s->at[i];
	s->n = n;
}

void
finger_extract(const struct finger_image *image, struct bio_sample *out)
{
	struct work *w = calloc(1, sizeof(*w));

	if (w == NULL)
		abort();
	w->image = image;
	*out = (struct bio_sample){ .width = FINGER_WIDTH,
		.height = FINGER_HEIGHT,
		.resolution = BIO_RESOLUTION };
	find_flow(w);
	find_ridges(w);
	thin(w);
	for (int col = 1; col < FINGER_WIDTH - 1; col++)
		for (int row = FINGER_HEIGHT - 2; row > 0; row--)
			if (w->line[row][col])
				take(w, row, col, out);
	drop_near(out);
	bio_sample_sort(out);
	free(w);
}
