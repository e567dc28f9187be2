/*
 * Are two prints of the same finger? In two stages.
 *
 * The first is quick and coarse: it pairs the best minutiae of the probe with
 * their nearest of the print and asks how well the most alike pairs agree on
 * how the finger was turned and moved. It sorts a gallery so that the second
 * has little to do.
 *
 * The second decides. It takes the likeliest pairs, weighs each by how many
 * others support it (the same distance, direction and turn between the two on
 * both prints), lets that support spread a few times so that pairs backed by
 * well-backed pairs win, keeps a set that is one to one and agrees with itself,
 * lays the probe over the print by it, bending a little where the pairs bend,
 * and counts what then falls together and what does not.
 *
 * Both work in integers and in bounded time and memory whatever the minutiae
 * are: there are at most BIO_PRINT_MAX of them, and at most BIO_COARSE_PAIRS,
 * BIO_FINE_PAIRS and BIO_LAID_PAIRS pairs in the steps. Scores do not depend on
 * the kernel. They are not symmetric: the probe comes first.
 */
#ifndef ATT_BIO_COMPARE_H
#define ATT_BIO_COMPARE_H

#include "bio/kernel.h"

#define BIO_COARSE_PAIRS 16
#define BIO_FINE_PAIRS	 80
#define BIO_LAID_PAIRS	 512

/* Minutia one of the probe, other of the print. */
struct bio_pair {
	uint8_t one, other;
	uint8_t turn; /* from one's angle to the other's */
	uint16_t likeness;
};

/* Pairs u and v, u before v, support each other by weight. */
struct bio_link {
	uint8_t u, v, weight;
};

/* A minutia, and a point in 1/16 pixel. */
struct bio_spot {
	int32_t x, y;
	uint8_t angle;
};
struct bio_point {
	int32_t x, y;
};

/*
 * What a comparison works in: the caller's, so that it is had once, and wiped
 * by the caller when the last is done. Nothing is carried from one comparison
 * to the next.
 */
struct bio_work {
	struct bio_nearest nearest[BIO_PRINT_MAX];
	uint16_t likeness[BIO_PRINT_MAX][BIO_PRINT_MAX];
	struct bio_spot one[BIO_PRINT_MAX], other[BIO_PRINT_MAX];
	/* the pairs, how they support each other, and their strength */
	unsigned pairs, links, kept;
	struct bio_pair pair[BIO_FINE_PAIRS];
	uint8_t support[BIO_FINE_PAIRS][BIO_FINE_PAIRS];
	struct bio_link link[BIO_FINE_PAIRS * (BIO_FINE_PAIRS - 1) / 2];
	uint32_t strength[BIO_FINE_PAIRS];
	uint8_t keep[BIO_FINE_PAIRS]; /* numbers of pairs */
	/* the probe's minutiae laid over the print's */
	struct bio_point laid[BIO_PRINT_MAX], fixed[BIO_PRINT_MAX];
	uint8_t turn;
};

/* The first stage: 0, nothing in common, upwards. */
uint32_t bio_compare_coarse(const struct bio_kernel *k,
    const struct bio_probe *p, const struct bio_print *g, struct bio_work *w);

/* The second stage: 0 upwards; what it means says threshold.h. */
uint32_t bio_compare(const struct bio_kernel *k, const struct bio_probe *p,
    const struct bio_print *g, struct bio_work *w);

/*
 * One score for a finger of which n samples were compared, 1 or more: of the
 * best two, two thirds of the best and one third of the second.
 */
uint32_t bio_fuse(const uint32_t *scores, size_t n);

#endif
