/*
 * Fingers that nobody has, for tests and benchmarks: the same number gives the
 * same finger in every run, and an impression of it the same image. There is
 * no person's print in this repository, and none is needed.
 *
 * Two kinds, of the same orientation fields. Finger images have ridges, grown
 * as on skin, and minutiae that an extractor finds in them: a second or two a
 * finger. Finger points are minutiae only, strewn over the field: thousands a
 * second, for galleries.
 *
 * Pixels are of 500 dpi, x to the right, y upwards, the middle of the finger
 * at (0, 0).
 */
#ifndef ATT_TESTS_FINGER_FINGER_H
#define ATT_TESTS_FINGER_FINGER_H

#include "bio/template.h"

#include <stddef.h>
#include <stdint.h>

/* What a reader sees. */
#define FINGER_WIDTH  320
#define FINGER_HEIGHT 400

/* How an impression differs from the finger: nothing differs with zeros. */
struct finger_knobs {
	double turn; /* degrees either way */
	double shift; /* pixels either way */
	double stretch; /* pixels that skin moves against itself */
	double pressure; /* ridges thicker or thinner, 0 to 1 */
	double noise; /* dirt, scratches, lost and false minutiae, 0 to 1 */
	double contact; /* part of the finger that may not touch, 0 to 1 */
};

extern const struct finger_knobs finger_still; /* exactly the same */
extern const struct finger_knobs finger_easy; /* a careful, clean finger */
extern const struct finger_knobs finger_usual;
extern const struct finger_knobs finger_hard; /* wet, dry, askew */

/* --- numbers that look random and are the same in every run -------------- */

struct finger_random {
	uint64_t state;
};

struct finger_random finger_random_of(uint64_t a, uint64_t b);
uint32_t finger_random_bits(struct finger_random *r);
/* Evenly from low to high. */
double finger_random_in(struct finger_random *r, double low, double high);
/* About normal with the deviation one, never beyond four. */
double finger_random_normal(struct finger_random *r);

/* --- the flow of ridges --------------------------------------------------- */

#define FINGER_WAVES 5

struct finger_field {
	int cores, deltas; /* an arch has none */
	double core[2][2], delta[2][2]; /* x, y */
	double arch; /* height of an arch */
	double turn; /* radians, of all of it */
	struct {
		double x, y, phase, size;
	} wave[FINGER_WAVES];
};

/* Loops, whorls and arches as often as people have them. */
void finger_field_of(uint64_t finger, struct finger_field *f);

/* The direction of ridges at a place, radians, 0 to pi. */
double finger_field_at(const struct finger_field *f, double x, double y);

/* --- where skin goes ------------------------------------------------------ */

struct finger_warp {
	double cos, sin, x, y;
	struct {
		double at_x, at_y, by_x, by_y, reach;
	} pull[3];
};

void finger_warp_of(struct finger_random *r, const struct finger_knobs *k,
    struct finger_warp *w);
/* From the finger to the reader. */
void finger_warp_at(const struct finger_warp *w, double *x, double *y);
/* And back, to a fraction of a pixel. */
void finger_warp_back(const struct finger_warp *w, double *x, double *y);

/* --- fingers with ridges -------------------------------------------------- */

/* The skin around the middle: more than a reader sees. */
#define FINGER_SKIN_WIDTH  400
#define FINGER_SKIN_HEIGHT 480

/* Valleys are below zero, ridges above: -127 to 127, from the top left. */
struct finger_ridges {
	uint64_t finger;
	int8_t at[FINGER_SKIN_HEIGHT][FINGER_SKIN_WIDTH];
};

/* Dark ridges on light ground, from the top left, as readers give it. */
struct finger_image {
	uint8_t at[FINGER_HEIGHT][FINGER_WIDTH];
};

/* Let a finger's ridges grow: a second or less. */
void finger_grow(uint64_t finger, struct finger_ridges *out);

/* Press it on the reader. */
void finger_press(const struct finger_ridges *f, uint64_t impression,
    const struct finger_knobs *k, struct finger_image *out);

/*
 * Minutiae of an image: what tests have in place of libfprint's mindtct. Ridges
 * are made black or white along their flow, thinned to lines, and the ends and
 * forks of the lines taken; angles in mindtct's steps, the kind known.
 */
void finger_extract(const struct finger_image *image, struct bio_sample *out);

/* --- fingers as points ---------------------------------------------------- */

/* An impression as minutiae only, as mindtct would list them. */
void finger_points(uint64_t finger, uint64_t impression,
    const struct finger_knobs *k, struct bio_sample *out);

/*
 * A template as libfprint would serialise it; the length, at most cap. Angles
 * are rounded to degrees as mindtct does.
 */
size_t finger_fp3(const struct bio_template *t, uint8_t *buf, size_t cap);

#endif
