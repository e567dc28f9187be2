/*
 * A template: what is kept of one finger, the samples taken at enrolment. Its
 * encoding is canonical: one template has one encoding, and whatever decodes
 * encodes to the same bytes. It holds everything that matching needs and
 * nothing about whose it is; that, and its secrecy, is for the seal around it.
 *
 * Version 1, integers little-endian:
 *
 *	u8	version, 1
 *	u8	finger, enum bio_finger
 *	str8	driver, the reader's: 1 to BIO_DRIVER_MAX of a-z 0-9 . _ -
 *	u8	samples, 1 to BIO_SAMPLES_MAX; for each:
 *		le16	width, le16 height, pixels, 0 to BIO_COORD_MAX + 1
 *		le16	resolution, pixels per centimetre, within its limits
 *		u8	quality, 0 to 100
 *		u8	minutiae; for each, in ascending order of
 *			le16 x, le16 y, u8 angle, u8 kind, u8 quality
 *			as in struct bio_minutia, no two the same
 */
#ifndef ATT_BIO_TEMPLATE_H
#define ATT_BIO_TEMPLATE_H

#include "base/err.h"
#include "bio/minutiae.h"

#include <stddef.h>
#include <stdint.h>

#define BIO_TEMPLATE_VERSION 1
#define BIO_SAMPLES_MAX	     8
#define BIO_DRIVER_MAX	     31

#define BIO_SAMPLE_HEAD 8
#define BIO_MINUTIA_LEN 7
#define BIO_TEMPLATE_MAX      \
	(4 + BIO_DRIVER_MAX + \
	    BIO_SAMPLES_MAX * \
		(BIO_SAMPLE_HEAD + BIO_MINUTIA_LEN * BIO_MINUTIAE_MAX))

/* As ISO/IEC 19794-2 numbers them. */
enum bio_finger {
	BIO_FINGER_UNKNOWN = 0,
	BIO_RIGHT_THUMB = 1,
	BIO_RIGHT_INDEX,
	BIO_RIGHT_MIDDLE,
	BIO_RIGHT_RING,
	BIO_RIGHT_LITTLE,
	BIO_LEFT_THUMB,
	BIO_LEFT_INDEX,
	BIO_LEFT_MIDDLE,
	BIO_LEFT_RING,
	BIO_LEFT_LITTLE,
};
#define BIO_FINGERS 11

struct bio_template {
	uint8_t finger; /* enum bio_finger */
	uint8_t n; /* samples */
	char driver[BIO_DRIVER_MAX + 1];
	struct bio_sample sample[BIO_SAMPLES_MAX];
};

/* ATT_FORMAT unless *t can be encoded. */
enum att_err bio_template_check(const struct bio_template *t) ATT_CHECKED;

/*
 * Write *t into buf of cap bytes; BIO_TEMPLATE_MAX are always enough. Minutiae
 * are written in order, whatever theirs is.
 *
 * ATT_FORMAT if a field is out of its range or a minutia is there twice;
 * ATT_LIMIT if buf is too short; *len is then not written.
 */
enum att_err bio_template_encode(const struct bio_template *t, void *buf,
    size_t cap, size_t *len) ATT_CHECKED;

/*
 * ATT_NEWER for a version this program does not know, ATT_FORMAT for anything
 * that no template encodes to; *out is then not written.
 */
enum att_err bio_template_decode(
    const void *at, size_t len, struct bio_template *out) ATT_CHECKED;

/*
 * Put a sample's minutiae in the order of the encoding and drop those that
 * are there twice; importers give samples so.
 */
void bio_sample_sort(struct bio_sample *s);

#endif
