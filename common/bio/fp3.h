/*
 * Prints as libfprint serialises them: "FP3" and a GVariant in little-endian
 * normal form of type (issbymsmsia{sv}v). This is how minutiae get out of
 * libfprint through its public interface, so the bytes come from a process
 * that talks to USB and are checked like any other; GLib is not needed.
 *
 *	i	kind of print: 2, minutiae (1 is a handle into the reader)
 *	s	driver		s	device
 *	b	whether the print is kept in the reader
 *	y	finger: 0 unknown, 1 left thumb to 5 left little, 6 right thumb
 *		to 10 right little
 *	ms	user		ms	description
 *	i	date		a{sv}	for later versions, empty
 *	v	(a(aiaiai)): for each sample x, y from the bottom, and degrees
 *
 * User, description and date are not taken: they say nothing about a finger.
 *
 * Source: libfprint's fp-print.c and GLib's description of the serialisation.
 */
#ifndef ATT_BIO_FP3_H
#define ATT_BIO_FP3_H

#include "base/err.h"
#include "bio/template.h"

/* More than libfprint writes: ten samples of 200 minutiae, and names. */
#define BIO_FP3_MAX 32768

/* Minutiae libfprint keeps of a sample. */
#define BIO_FP3_MINUTIAE 200

/*
 * Read a print, at most BIO_FP3_MAX bytes. FP3 does not say the resolution of
 * the reader: it is given here, in pixels per centimetre. Minutiae come in the
 * order of bio_sample_sort(), without a size, kind or quality.
 *
 * ATT_REFUSED for a print without minutiae: a handle into a reader that
 * matches on its own; ATT_LIMIT for more bytes or samples than our limits,
 * ATT_FORMAT for anything else that libfprint would not write. *out is then
 * not written.
 */
enum att_err bio_fp3_read(const void *at, size_t len, uint16_t resolution,
    struct bio_template *out) ATT_CHECKED;

#endif
