#include "bio/kernel.h"

#include <string.h>

const struct bio_kernel *const bio_kernels[] = {
	&bio_kernel_scalar,
#ifdef __x86_64__
	&bio_kernel_avx2,
	&bio_kernel_avx512,
#endif
	NULL,
};

const struct bio_kernel *
bio_kernel_best(void)
{
	const struct bio_kernel *best = bio_kernels[0];

	for (size_t i = 1; bio_kernels[i] != NULL; i++)
		if (bio_kernels[i]->works())
			best = bio_kernels[i];
	return best;
}

void
bio_probe_of(const struct bio_print *p, struct bio_probe *out)
{
	memset(out, 0, sizeof(*out));
	memcpy(&out->print, p, bio_print_len(p));
	for (unsigned i = 0; i < p->n; i++) {
		const struct bio_block *b = &p->block[i / BIO_LANES];

		for (unsigned k = 0; k < BIO_CODE_LEN; k++)
			out->code[i][k] = b->code[k][i % BIO_LANES];
		out->weight[i] = b->weight[i % BIO_LANES];
	}
}
