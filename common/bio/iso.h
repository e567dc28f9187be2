/*
 * Finger minutiae records of ISO/IEC 19794-2:2005, the record format ("FMR",
 * " 20"), as readers and other systems export them and as a person is given
 * their own. Extended data (ridge counts, cores, zones) is skipped on import
 * and not written.
 *
 * The standard has y downwards from the top and angles along the ridge; both
 * are turned to ours and back. It knows no width, height or quality "unknown":
 * a sample without a size is written with the size of its minutiae.
 */
#ifndef ATT_BIO_ISO_H
#define ATT_BIO_ISO_H

#include "base/err.h"
#include "bio/template.h"

/* Views of one record, of all its fingers, that are read. */
#define BIO_ISO_VIEWS_MAX 32

#define BIO_ISO_MAX (24 + BIO_SAMPLES_MAX * (4 + 6 * BIO_MINUTIAE_MAX + 2))

struct bio_iso_view {
	uint8_t finger; /* enum bio_finger */
	struct bio_sample sample; /* in the order of bio_sample_sort() */
};

struct bio_iso {
	uint8_t n;
	struct bio_iso_view view[BIO_ISO_VIEWS_MAX];
};

/*
 * Read a record. ATT_FORMAT if it is not one, is cut short or goes on after
 * its end, has a minutia outside its image, pixels that are not square or a
 * resolution beyond our limits; ATT_LIMIT if it has more views than
 * BIO_ISO_VIEWS_MAX. *out is then not written.
 */
enum att_err
bio_iso_read(const void *at, size_t len, struct bio_iso *out) ATT_CHECKED;

/*
 * Write a template's samples as views of its finger. BIO_ISO_MAX bytes are
 * always enough. ATT_FORMAT if bio_template_check() says so or the
 * samples differ in resolution; ATT_LIMIT if buf is too short.
 */
enum att_err bio_iso_write(const struct bio_template *t, void *buf, size_t cap,
    size_t *len) ATT_CHECKED;

#endif
