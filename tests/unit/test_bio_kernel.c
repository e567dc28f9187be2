#include "bio/compare.h"
#include "bio/geometry.h"
#include "test.h"
#include "tests/finger/finger.h"

#include <stdio.h>
#include <string.h>

static struct bio_print print;
static struct bio_probe probe;
static struct bio_nearest near[2][BIO_PRINT_MAX];
static uint16_t rows[2][BIO_PRINT_MAX][BIO_PRINT_MAX];

static uint16_t
weight_of(const struct bio_block *b, unsigned lane)
{
	uint64_t bits = 0;

	for (unsigned k = 0; k < BIO_CODE_LEN; k++)
		bits += (uint64_t)__builtin_popcount(b->code[k][lane]);
	return (uint16_t)bio_root((((uint64_t)1 << 36) - 1) / bits);
}

/* Codes of any bits, and of all: what no finger would give. */
static void
fill(struct bio_print *p, uint64_t seed, unsigned n, bool full)
{
	struct finger_random r = finger_random_of(seed, 77);

	memset(p, 0, sizeof(*p));
	p->n = (uint16_t)n;
	p->blocks = (uint16_t)((n + BIO_LANES - 1) / BIO_LANES);
	for (unsigned i = 0; i < n; i++) {
		struct bio_block *b = &p->block[i / BIO_LANES];
		const unsigned lane = i % BIO_LANES;

		for (unsigned k = 0; k < BIO_CODE_LEN; k++)
			b->code[k][lane] = full && i % 3 == 0
			    ? 0xff
			    : (uint8_t)finger_random_bits(&r);
		b->weight[lane] = weight_of(b, lane);
		b->angle[lane] = (uint8_t)finger_random_bits(&r);
	}
}

static bool
agrees(const struct bio_kernel *k)
{
	memset(near, 0, sizeof(near));
	memset(rows, 0, sizeof(rows));
	bio_kernel_scalar.nearest(&probe, probe.print.n, &print, near[0]);
	k->nearest(&probe, probe.print.n, &print, near[1]);
	bio_kernel_scalar.likeness(&probe, &print, rows[0]);
	k->likeness(&probe, &print, rows[1]);
	for (unsigned i = 0; i < probe.print.n; i++) {
		if (near[0][i].likeness != near[1][i].likeness ||
		    near[0][i].other != near[1][i].other ||
		    memcmp(rows[0][i], rows[1][i], sizeof(rows[0][i])) != 0)
			return false;
	}
	return true;
}

TEST("every kernel this machine runs gives the scalar kernel's numbers")
{
	for (unsigned i = 0; bio_kernels[i] != NULL; i++) {
		if (!bio_kernels[i]->works()) {
			printf("# no %s here\n", bio_kernels[i]->name);
			continue;
		}
		for (unsigned n = 1; n <= BIO_PRINT_MAX; n++) {
			struct bio_print own;

			fill(&own, n, BIO_PRINT_MAX + 1 - n, n % 2);
			fill(&print, 1000 + n, n, n % 3 == 0);
			bio_probe_of(&own, &probe);
			CHECK(agrees(bio_kernels[i]));
		}
	}
}

TEST("likeness is the bits shared over the mean of the bits set")
{
	memset(&print, 0, sizeof(print));
	print.n = 2;
	print.blocks = 1;
	print.block[0].code[0][0] = 0xff;
	print.block[0].code[9][0] = 0xff;
	print.block[0].code[0][1] = 0x0f;
	print.block[0].code[31][1] = 0xf0;
	for (unsigned i = 0; i < 2; i++)
		print.block[0].weight[i] = 53510; /* of 24 */
	bio_probe_of(&print, &probe);
	bio_kernel_best()->likeness(&probe, &print, rows[0]);

	CHECK(rows[0][0][0] == 2048 * 16 / 24);
	CHECK(rows[0][1][1] == 2048 * 8 / 24);
	CHECK(rows[0][0][1] == 2048 * 4 / 24);
	CHECK(rows[0][0][1] == rows[0][1][0]);
}

/* One minutia whose code has this many bits, spread over its bytes. */
static void
one_of(struct bio_print *p, unsigned bits)
{
	memset(p, 0, sizeof(*p));
	p->n = p->blocks = 1;
	for (unsigned i = 0; i < bits; i++)
		p->block[0].code[i % BIO_CODE_LEN][0] |=
		    (uint8_t)(1 << i / BIO_CODE_LEN);
	p->block[0].weight[0] = weight_of(&p->block[0], 0);
}

TEST("a code of any number of bits is as like itself as can be, not more")
{
	for (unsigned bits = 24; bits <= 256; bits++) {
		one_of(&print, bits);
		bio_probe_of(&print, &probe);
		for (unsigned i = 0; bio_kernels[i] != NULL; i++) {
			if (!bio_kernels[i]->works())
				continue;
			bio_kernels[i]->nearest(
			    &probe, probe.print.n, &print, near[0]);
			CHECK(near[0][0].likeness <= BIO_LIKENESS_MAX);
			CHECK(near[0][0].likeness > BIO_LIKENESS_MAX - 16);
		}
	}
}

TEST("of equally near minutiae the first is taken")
{
	fill(&print, 5, 70, false);
	for (unsigned k = 0; k < BIO_CODE_LEN; k++)
		print.block[1].code[k][2] = print.block[0].code[k][9] =
		    print.block[0].code[k][4];
	print.block[1].weight[2] = print.block[0].weight[9] =
	    print.block[0].weight[4];
	bio_probe_of(&print, &probe);

	for (unsigned i = 0; bio_kernels[i] != NULL; i++) {
		if (!bio_kernels[i]->works())
			continue;
		bio_kernels[i]->nearest(&probe, probe.print.n, &print, near[0]);
		CHECK(near[0][4].other == near[0][9].other);
		CHECK(near[0][4].other == near[0][34].other);
	}
}

TEST("the best kernel is one that works")
{
	const struct bio_kernel *best = bio_kernel_best();

	CHECK(best->works());
	CHECK(bio_kernel_scalar.works());
	printf("# %s\n", best->name);
}

TEST("both stages score the same with every kernel")
{
	static struct bio_work work;
	static struct bio_print other;
	struct bio_sample s;

	for (unsigned f = 1; f <= 12; f++) {
		finger_points(f, 1, &finger_usual, &s);
		NEED(bio_print_make(&s, &print) == ATT_OK);
		finger_points(1 + f / 2, 2, &finger_usual, &s);
		NEED(bio_print_make(&s, &other) == ATT_OK);
		bio_probe_of(&print, &probe);
		for (unsigned i = 1; bio_kernels[i] != NULL; i++) {
			const struct bio_kernel *k = bio_kernels[i];

			if (!k->works())
				continue;
			CHECK(bio_compare_coarse(k, &probe, &other, &work) ==
			    bio_compare_coarse(
				&bio_kernel_scalar, &probe, &other, &work));
			CHECK(bio_compare(k, &probe, &other, &work) ==
			    bio_compare(
				&bio_kernel_scalar, &probe, &other, &work));
		}
	}
}
