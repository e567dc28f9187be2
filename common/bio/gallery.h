/*
 * Everybody's fingers, to find whose one is. A search runs the first stage
 * over all and the second over those it puts in front; its time is bounded by
 * the size of the gallery alone.
 *
 * Prints are personal data of the most lasting kind: they lie in pages that
 * are locked and left out of core dumps, and are wiped when they are removed or
 * the gallery is freed.
 *
 * Persons and fingers are the caller's numbers, persons from 1, and that no
 * finger is there twice is the caller's to keep.
 */
#ifndef ATT_BIO_GALLERY_H
#define ATT_BIO_GALLERY_H

#include "base/err.h"
#include "bio/compare.h"
#include "bio/template.h"

/*
 * The second stage sees at most so many fingers, and at least so many; between
 * them one in so many of the gallery.
 */
#define BIO_CANDIDATES_MAX 400
#define BIO_CANDIDATES_MIN 50
#define BIO_CANDIDATES_OF  50

struct bio_gallery;

/* Owned by the caller. ATT_NOMEM. */
enum att_err bio_gallery_new(struct bio_gallery **out) ATT_CHECKED;

/* Wipe and free; NULL is accepted. */
void bio_gallery_free(struct bio_gallery *g);

/*
 * Add a person's finger: n prints, 1 to BIO_SAMPLES_MAX, copied.
 * ATT_LIMIT for another n; ATT_NOMEM if memory cannot be had or cannot be
 * locked; the gallery is then as it was.
 */
enum att_err bio_gallery_add(struct bio_gallery *g, uint64_t person,
    uint8_t finger, const struct bio_print *prints, size_t n) ATT_CHECKED;

/* Wipe all of a person's fingers. ATT_ABSENT if there are none. */
enum att_err
bio_gallery_remove(struct bio_gallery *g, uint64_t person) ATT_CHECKED;

size_t bio_gallery_fingers(const struct bio_gallery *g);
/* Bytes held, locked or not. */
size_t bio_gallery_bytes(const struct bio_gallery *g);

struct bio_found {
	uint64_t person;
	uint8_t finger;
	uint32_t score; /* over the finger's samples; 0: nobody */
};

struct bio_search; /* what a search works in */

/*
 * For galleries of any size. Owned by the caller, one for each thread; wiped
 * when freed, as it holds what was last compared. ATT_NOMEM.
 */
enum att_err bio_search_new(struct bio_search **out) ATT_CHECKED;
void bio_search_free(struct bio_search *s);

/* Searches with s pass over this person; 0: over nobody, as at first. */
void bio_search_except(struct bio_search *s, uint64_t person);

/*
 * Who is most like the probe, and who next of other persons: one person's
 * fingers do not compete with each other. Whether that is enough says
 * threshold.h.
 */
void bio_gallery_search(const struct bio_gallery *g, const struct bio_kernel *k,
    const struct bio_probe *p, struct bio_search *s, struct bio_found *best,
    struct bio_found *second);

/*
 * The place that the first stage alone gives a finger, from 0; the fingers of
 * the gallery if it has no such finger. For measuring: it runs the first stage
 * over all.
 */
size_t bio_gallery_place(const struct bio_gallery *g,
    const struct bio_kernel *k, const struct bio_probe *p, struct bio_search *s,
    uint64_t person, uint8_t finger);

/*
 * The score of one finger: n prints, 1 to BIO_SAMPLES_MAX, both stages.
 */
uint32_t bio_verify(const struct bio_kernel *k, const struct bio_probe *p,
    const struct bio_print *prints, size_t n, struct bio_search *s);

#endif
