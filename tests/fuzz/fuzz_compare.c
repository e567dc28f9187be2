/*
 * Any minutiae against any others: both stages stay within their memory and
 * score the same with every kernel. Five bytes a minutia, in turn of the one
 * finger and of the other.
 */
#include "base/bytes.h"
#include "bio/compare.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PROMISE(expr)            \
	do {                     \
		if (!(expr))     \
			abort(); \
	} while (0)

static void
strew(const uint8_t *data, size_t size, struct bio_sample s[2])
{
	struct att_reader r = att_reader_of(data, size);

	s[0] = s[1] = (struct bio_sample){ .resolution = BIO_RESOLUTION };
	for (unsigned i = 0; r.left >= 5 && s[i].n < BIO_MINUTIAE_MAX;
	     i = 1 - i) {
		struct bio_minutia *m = &s[i].at[s[i].n++];

		m->x = att_take_le16(&r) & BIO_COORD_MAX;
		m->y = att_take_le16(&r) & BIO_COORD_MAX;
		m->angle = att_take_u8(&r);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct bio_sample s[2];
	static struct bio_print one, other;
	static struct bio_probe probe;
	static struct bio_work work;
	uint32_t coarse, fine;

	strew(data, size, s);
	if (bio_print_make(&s[0], &one) != ATT_OK ||
	    bio_print_make(&s[1], &other) != ATT_OK)
		return 0;
	bio_probe_of(&one, &probe);
	coarse = bio_compare_coarse(&bio_kernel_scalar, &probe, &other, &work);
	fine = bio_compare(&bio_kernel_scalar, &probe, &other, &work);
	for (unsigned i = 1; bio_kernels[i] != NULL; i++) {
		const struct bio_kernel *k = bio_kernels[i];

		if (!k->works())
			continue;
		PROMISE(bio_compare_coarse(k, &probe, &other, &work) == coarse);
		PROMISE(bio_compare(k, &probe, &other, &work) == fine);
	}
	return 0;
}
