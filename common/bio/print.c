#include "bio/print.h"

#include "bio/geometry.h"

#include <stdbool.h>
#include <string.h>

/* The grid: rings of RING pixels, sectors and quarters of a turn. */
#define RINGS	    4
#define RING	    22
#define REACH	    (RINGS * RING)
#define SECTOR_BITS 4 /* a sector is 2^4 / 256 of a turn */
#define SECTORS	    16
#define QUARTERS    4

/*
 * How far an edge may be off: in length 3.5 pixels and more the longer it is,
 * across as many pixels as ACROSS says, in relative angle as much as one step
 * of mindtct's directions. Direction to a neighbour: at most AROUND_MAX.
 */
#define ALONG_HALVES	7
#define ACROSS		10
#define AROUND_MAX	40
#define AROUND_MORE	3
#define RELATIVE	8
#define TURN_PER_RADIAN 41 /* 256 / 2 pi */

/* Codes with fewer bits prove little: they weigh as if they had these. */
#define BITS_FLOOR 24

/* Minutiae nearer than this with about the same angle are one. */
#define SAME_PIXELS 3
#define SAME_ANGLE  16

struct place {
	int16_t x, y;
	uint8_t angle, quality;
};

struct places {
	unsigned n;
	struct place at[BIO_MINUTIAE_MAX];
};

static bool
is_same(const struct place *a, const struct place *b)
{
	return bio_abs(a->x - b->x) < SAME_PIXELS &&
	    bio_abs(a->y - b->y) < SAME_PIXELS &&
	    bio_abs(bio_angle_between(a->angle, b->angle)) < SAME_ANGLE;
}

static void
add_place(struct places *p, struct place new)
{
	for (unsigned i = 0; i < p->n; i++)
		if (is_same(&p->at[i], &new))
			return;
	p->at[p->n++] = new;
}

static int16_t
at_500_dpi(uint16_t v, uint16_t resolution)
{
	const uint32_t scaled =
	    ((uint32_t)v * BIO_RESOLUTION + resolution / 2u) / resolution;

	return (int16_t)(scaled < BIO_COORD_MAX ? scaled : BIO_COORD_MAX);
}

static enum att_err
take_places(const struct bio_sample *s, struct places *p)
{
	p->n = 0;
	if (s->resolution < BIO_RESOLUTION_MIN ||
	    s->resolution > BIO_RESOLUTION_MAX)
		return ATT_FORMAT;
	for (unsigned i = 0; i < s->n; i++) {
		const struct bio_minutia *m = &s->at[i];

		if (m->x > BIO_COORD_MAX || m->y > BIO_COORD_MAX)
			return ATT_FORMAT;
		add_place(p,
		    (struct place){ .x = at_500_dpi(m->x, s->resolution),
			.y = at_500_dpi(m->y, s->resolution),
			.angle = m->angle,
			.quality = m->quality });
	}
	return p->n < BIO_PRINT_MIN ? ATT_LIMIT : ATT_OK;
}

/* Better first: by quality, then by nearness to the middle. */
static uint32_t
worth(const struct place *p, int32_t middle_x, int32_t middle_y)
{
	const int32_t off = bio_abs(p->x - middle_x) + bio_abs(p->y - middle_y);

	return (uint32_t)p->quality << 16 | (uint32_t)(0xffff - off);
}

/* Best first, and no more than are compared. */
static void
keep_best(struct places *p)
{
	int32_t middle_x = 0, middle_y = 0;

	for (unsigned i = 0; i < p->n; i++) {
		middle_x += p->at[i].x;
		middle_y += p->at[i].y;
	}
	middle_x /= (int32_t)p->n;
	middle_y /= (int32_t)p->n;
	for (unsigned i = 1; i < p->n; i++) {
		const struct place new = p->at[i];
		const uint32_t rank = worth(&new, middle_x, middle_y);
		unsigned at = i;

		for (;
		     at > 0 && worth(&p->at[at - 1], middle_x, middle_y) < rank;
		     at--)
			p->at[at] = p->at[at - 1];
		p->at[at] = new;
	}
	if (p->n > BIO_PRINT_MAX)
		p->n = BIO_PRINT_MAX;
}

/* The cells from low to high of a ring of cells, as bits; low may wrap. */
static uint32_t
span(int32_t low, int32_t high, unsigned cells)
{
	uint32_t bits = 0;

	for (int32_t c = low; c <= high; c++)
		bits |= 1u << ((uint32_t)c & (cells - 1));
	return bits;
}

/* The rings an edge of this length lies in or near, as bits. */
static uint32_t
rings_of(int32_t distance)
{
	const int32_t off = (ALONG_HALVES * (REACH + distance)) / (2 * REACH);
	uint32_t bits = 0;

	for (int32_t r = 0; r < RINGS; r++)
		if (distance + off >= r * RING &&
		    distance - off <= (r + 1) * RING)
			bits |= 1u << r;
	return bits;
}

static uint32_t
sectors_of(uint8_t direction, int32_t distance)
{
	int32_t off = ACROSS * TURN_PER_RADIAN / distance;

	off = (off < AROUND_MAX ? off : AROUND_MAX) + AROUND_MORE;
	return span((direction - off) >> SECTOR_BITS,
	    (direction + off) >> SECTOR_BITS, SECTORS);
}

/* Quarters are centred on the four right angles. */
static uint32_t
quarters_of(uint8_t relative)
{
	return span((relative + 32 - RELATIVE) >> 6,
	    (relative + 32 + RELATIVE) >> 6, QUARTERS);
}

/* Set the cells of one edge: a byte is two sectors of four quarters. */
static void
set_edge(uint8_t code[BIO_CODE_LEN], struct bio_polar edge, uint8_t own,
    uint8_t other)
{
	const uint32_t rings = rings_of(edge.distance);
	const uint32_t sectors =
	    sectors_of((uint8_t)(edge.angle - own), edge.distance);
	const uint32_t quarters = quarters_of((uint8_t)(other - own));

	for (unsigned r = 0; r < RINGS; r++) {
		if ((rings >> r & 1) == 0)
			continue;
		for (unsigned s = 0; s < SECTORS; s++)
			if (sectors >> s & 1)
				code[r * SECTORS / 2 + s / 2] |=
				    (uint8_t)(quarters << s % 2 * QUARTERS);
	}
}

static void
code_of(const struct places *p, unsigned own, uint8_t code[BIO_CODE_LEN])
{
	const struct place *o = &p->at[own];

	memset(code, 0, BIO_CODE_LEN);
	for (unsigned i = 0; i < p->n; i++) {
		const int32_t dx = p->at[i].x - o->x, dy = p->at[i].y - o->y;
		struct bio_polar edge;

		if (i == own || bio_abs(dx) > REACH + ALONG_HALVES ||
		    bio_abs(dy) > REACH + ALONG_HALVES)
			continue;
		edge = bio_polar_of(dx, dy);
		if (edge.distance > 0)
			set_edge(code, edge, o->angle, p->at[i].angle);
	}
}

static uint16_t
weight_of(const uint8_t code[BIO_CODE_LEN])
{
	uint32_t bits = 0;

	for (unsigned i = 0; i < BIO_CODE_LEN; i++)
		bits += (uint32_t)__builtin_popcount(code[i]);
	if (bits < BITS_FLOOR)
		bits = BITS_FLOOR;
	/* just below, so that a code is not more like itself than the most */
	return (uint16_t)bio_root((((uint64_t)1 << 36) - 1) / bits);
}

enum att_err
bio_print_make(const struct bio_sample *s, struct bio_print *out)
{
	uint8_t code[BIO_CODE_LEN];
	struct places p;
	enum att_err e = take_places(s, &p);

	if (e != ATT_OK)
		goto out;
	keep_best(&p);
	memset(out, 0, sizeof(*out));
	out->n = (uint16_t)p.n;
	out->blocks = (uint16_t)((p.n + BIO_LANES - 1) / BIO_LANES);
	for (unsigned i = 0; i < p.n; i++) {
		struct bio_block *b = &out->block[i / BIO_LANES];
		const unsigned lane = i % BIO_LANES;

		code_of(&p, i, code);
		for (unsigned k = 0; k < BIO_CODE_LEN; k++)
			b->code[k][lane] = code[k];
		b->weight[lane] = weight_of(code);
		b->x[lane] = p.at[i].x;
		b->y[lane] = p.at[i].y;
		b->angle[lane] = p.at[i].angle;
	}
out:
	explicit_bzero(code, sizeof(code));
	explicit_bzero(&p, sizeof(p));
	return e;
}
