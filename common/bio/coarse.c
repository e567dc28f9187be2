#include "bio/compare.h"
#include "bio/geometry.h"

/* Pairs whose turns differ by more than this do not agree. */
#define TURN_OFF 14

/*
 * How far one pair may land from where another says, in pixels: so much and
 * an eighth of their distance.
 */
#define LAND_OFF 14

/* Pairs that count for their likeness alone, in sixteenths of it. */
#define ALONE	   8
#define ALONE_PART 5

struct coarse_pair {
	int32_t likeness;
	int32_t x, y, other_x, other_y;
	uint16_t other;
	uint8_t turn;
};

struct coarse_pairs {
	unsigned n;
	struct coarse_pair at[BIO_COARSE_PAIRS]; /* most alike first */
};

static void
insert(struct coarse_pairs *c, struct coarse_pair new)
{
	unsigned i;

	if (c->n < BIO_COARSE_PAIRS)
		c->n++;
	else if (c->at[c->n - 1].likeness >= new.likeness)
		return;
	for (i = c->n - 1; i > 0 && c->at[i - 1].likeness < new.likeness; i--)
		c->at[i] = c->at[i - 1];
	c->at[i] = new;
}

static void
take_pairs(const struct bio_probe *p, const struct bio_print *g,
    const struct bio_nearest *nearest, struct coarse_pairs *c)
{
	c->n = 0;
	for (unsigned i = 0; i < p->print.n; i++) {
		const struct bio_block *own = &p->print.block[i / BIO_LANES];
		const struct bio_block *b =
		    &g->block[nearest[i].other / BIO_LANES];
		const unsigned one = i % BIO_LANES;
		const unsigned other = nearest[i].other % BIO_LANES;

		if (nearest[i].likeness == 0)
			continue;
		insert(c,
		    (struct coarse_pair){ .likeness = nearest[i].likeness,
			.x = own->x[one],
			.y = own->y[one],
			.other_x = b->x[other],
			.other_y = b->y[other],
			.other = nearest[i].other,
			.turn = (uint8_t)(b->angle[other] - own->angle[one]) });
	}
}

/* How well two pairs agree, 0 to 256. */
static int32_t
agreement(const struct coarse_pair *u, const struct coarse_pair *v)
{
	const int32_t off = bio_angle_between(v->turn, u->turn);
	const int32_t dx = v->x - u->x, dy = v->y - u->y;
	struct bio_turn t;
	int32_t miss, room;

	if (bio_abs(off) > TURN_OFF || u->other == v->other)
		return 0;
	t = bio_turn_of((uint8_t)(u->turn + off / 2));
	miss = bio_abs(((t.cos * dx - t.sin * dy) >> BIO_ONE_BITS) -
		   (v->other_x - u->other_x)) +
	    bio_abs(((t.sin * dx + t.cos * dy) >> BIO_ONE_BITS) -
		(v->other_y - u->other_y));
	room = LAND_OFF + (bio_abs(dx) + bio_abs(dy)) / 8;
	return miss < room ? (room - miss) * 256 / room : 0;
}

uint32_t
bio_compare_coarse(const struct bio_kernel *k, const struct bio_probe *p,
    const struct bio_print *g, struct bio_work *w)
{
	struct coarse_pairs c;
	int64_t together = 0, alone = 0;

	k->nearest(p, g, w->nearest);
	take_pairs(p, g, w->nearest, &c);
	for (unsigned u = 0; u < c.n; u++) {
		for (unsigned v = u + 1; v < c.n; v++)
			together +=
			    ((int64_t)c.at[u].likeness * c.at[v].likeness *
				agreement(&c.at[u], &c.at[v])) >>
			    18;
		if (u < ALONE)
			alone += c.at[u].likeness;
	}
	return (uint32_t)(together + alone * ALONE_PART / 16);
}
