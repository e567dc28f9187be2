/*
 * Any bytes as a template: refused and the output left alone, or read as what
 * encodes to the same bytes.
 */
#include "bio/template.h"

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
	static uint8_t back[BIO_TEMPLATE_MAX];
	size_t len = 0;

	memset(&t, 0xa5, sizeof(t));
	memcpy(&before, &t, sizeof(t));
	if (bio_template_decode(data, size, &t) != ATT_OK) {
		PROMISE(memcmp(&t, &before, sizeof(t)) == 0);
		return 0;
	}
	PROMISE(bio_template_encode(&t, back, sizeof(back), &len) == ATT_OK);
	PROMISE(len == size && memcmp(back, data, len) == 0);
	return 0;
}
