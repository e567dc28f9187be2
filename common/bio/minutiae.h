/*
 * What a reader saw of a finger: minutiae, the places where ridges end or
 * fork. Everything in common/bio is a pure function of such samples; nothing
 * here knows a reader, a person or the store.
 *
 * Coordinates are pixels, x to the right and y upwards. Angles are 1/256 of a
 * turn counter-clockwise from the x axis and point out of the ridge, as NIST's
 * mindtct and so libfprint have them.
 */
#ifndef ATT_BIO_MINUTIAE_H
#define ATT_BIO_MINUTIAE_H

#include <stdint.h>

/* Most minutiae of one sample, as many as ISO/IEC 19794-2 can count. */
#define BIO_MINUTIAE_MAX 255

/* Coordinates are 0 to this, what ISO/IEC 19794-2 can hold. */
#define BIO_COORD_MAX 16383

/* Pixels per centimetre of 500 dpi, the resolution that matching works in. */
#define BIO_RESOLUTION	   197
#define BIO_RESOLUTION_MIN 78 /* 200 dpi */
#define BIO_RESOLUTION_MAX 788 /* 2000 dpi */

enum bio_kind {
	BIO_KIND_UNKNOWN = 0,
	BIO_KIND_ENDING = 1,
	BIO_KIND_FORK = 2,
};

struct bio_minutia {
	uint16_t x, y; /* 0 to BIO_COORD_MAX */
	uint8_t angle;
	uint8_t kind; /* enum bio_kind; matching does not use it */
	uint8_t quality; /* 1 to 100, the best; 0: unknown */
};

struct bio_sample {
	uint16_t width, height; /* of the image in pixels; 0: unknown */
	uint16_t resolution; /* pixels per centimetre */
	uint8_t quality; /* 1 to 100, the best; 0: unknown */
	uint8_t n;
	struct bio_minutia at[BIO_MINUTIAE_MAX];
};

#endif
