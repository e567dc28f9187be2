#include "bio/compare.h"
#include "bio/geometry.h"

/* The probe's best minutiae are enough to rank a gallery. */
#define MINUTIAE 40

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

/*
 * The most alike of the probe's minutiae, first; each as its likeness with its
 * number counted down in the byte below, so that of equals the first is most.
 */
static unsigned
take_most(const struct bio_nearest *nearest, unsigned n,
    uint32_t most[BIO_COARSE_PAIRS])
{
	unsigned taken = 0, at;

	for (unsigned i = 0; i < n; i++) {
		const uint32_t new =
		    (uint32_t)nearest[i].likeness << 8 | (255 - i);

		if (nearest[i].likeness == 0)
			continue;
		if (taken < BIO_COARSE_PAIRS)
			taken++;
		else if (most[taken - 1] > new)
			continue;
		for (at = taken - 1; at > 0 && most[at - 1] < new; at--)
			most[at] = most[at - 1];
		most[at] = new;
	}
	return taken;
}

static struct coarse_pair
pair_of(const struct bio_probe *p, const struct bio_print *g,
    const struct bio_nearest *nearest, unsigned i)
{
	const struct bio_block *own = &p->print.block[i / BIO_LANES];
	const struct bio_block *b = &g->block[nearest[i].other / BIO_LANES];
	const unsigned one = i % BIO_LANES;
	const unsigned other = nearest[i].other % BIO_LANES;

	return (struct coarse_pair){ .likeness = nearest[i].likeness,
		.x = own->x[one],
		.y = own->y[one],
		.other_x = b->x[other],
		.other_y = b->y[other],
		.other = nearest[i].other,
		.turn = (uint8_t)(b->angle[other] - own->angle[one]) };
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
	struct coarse_pair pair[BIO_COARSE_PAIRS];
	uint32_t most[BIO_COARSE_PAIRS];
	int64_t together = 0, alone = 0;
	unsigned n = p->print.n < MINUTIAE ? p->print.n : MINUTIAE;

	k->nearest(p, n, g, w->nearest);
	n = take_most(w->nearest, n, most);
	for (unsigned u = 0; u < n; u++)
		pair[u] = pair_of(p, g, w->nearest, 255 - (most[u] & 255));
	for (unsigned u = 0; u < n; u++) {
		for (unsigned v = u + 1; v < n; v++)
			together +=
			    ((int64_t)pair[u].likeness * pair[v].likeness *
				agreement(&pair[u], &pair[v])) >>
			    18;
		if (u < ALONE)
			alone += pair[u].likeness;
	}
	return (uint32_t)(together + alone * ALONE_PART / 16);
}
