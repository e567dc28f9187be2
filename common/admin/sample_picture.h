/*
 * A sample as a picture: a dot and a stroke for each minutia. It is as
 * personal as the sample; it goes to whoever asked and is kept nowhere.
 */
#ifndef ATT_ADMIN_SAMPLE_PICTURE_H
#define ATT_ADMIN_SAMPLE_PICTURE_H

#include "admin/report.h"
#include "bio/minutiae.h"

/* For people: drawn into a page; or, on a terminal, in Braille dots. */
void sample_picture(struct report *r, const struct bio_sample *s);

#endif
