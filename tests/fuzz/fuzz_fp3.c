/*
 * Any bytes as a print of libfprint: refused and the output left alone, or
 * read as a template that can be kept and compared.
 */
#include "bio/fp3.h"
#include "bio/print.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PROMISE(expr)            \
	do {                     \
		if (!(expr))     \
			abort(); \
	} while (0)

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct bio_template t, before;
	static struct bio_print print;

	memset(&t, 0xa5, sizeof(t));
	memcpy(&before, &t, sizeof(t));
	if (bio_fp3_read(data, size, BIO_RESOLUTION, &t) != ATT_OK) {
		PROMISE(memcmp(&t, &before, sizeof(t)) == 0);
		return 0;
	}
	PROMISE(bio_template_check(&t) == ATT_OK);
	for (unsigned i = 0; i < t.n; i++) {
		const enum att_err e = bio_print_make(&t.sample[i], &print);

		PROMISE(e == ATT_OK || e == ATT_LIMIT);
	}
	return 0;
}
