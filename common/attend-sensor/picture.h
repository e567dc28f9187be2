/*
 * What can be said of the picture of a finger without its minutiae: FP3 says
 * neither how good nor how large it was.
 */
#ifndef ATT_ATTEND_SENSOR_PICTURE_H
#define ATT_ATTEND_SENSOR_PICTURE_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PICTURE_SIDE_MAX 2000 /* pixels */

/*
 * A smaller picture shows too little of a fingertip to tell people apart,
 * whatever made it: tenths of a millimetre, either side.
 */
#define PICTURE_SIDE_MIN 100

struct picture {
	uint16_t width, height; /* pixels, 1 to PICTURE_SIDE_MAX */
	uint16_t resolution; /* pixels per centimetre */
	const uint8_t
	    *grey; /* width times height, rows from the top; borrowed */
};

/* Whether it is as large as a fingertip, at its resolution. */
bool picture_large(const struct picture *p);

/*
 * How much of the picture shows ridges, 1 to 100: the part of its blocks of 16
 * by 16 pixels in which dark and light differ clearly. 50 and more is a finger
 * that fills the reader; below 20 there is hardly one.
 */
uint8_t picture_quality(const struct picture *p);

#endif
