/*
 * Any bytes as an ISO/IEC 19794-2 record: refused and the output left alone,
 * or read as views that are written and read as the same.
 */
#include "bio/iso.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PROMISE(expr)            \
	do {                     \
		if (!(expr))     \
			abort(); \
	} while (0)

static void
same_again(const struct bio_iso_view *v)
{
	static struct bio_template t;
	static struct bio_iso back;
	static uint8_t record[BIO_ISO_MAX];
	size_t len = 0;

	t = (struct bio_template){ .finger = v->finger, .n = 1, .driver = "a" };
	t.sample[0] = v->sample;
	PROMISE(bio_iso_write(&t, record, sizeof(record), &len) == ATT_OK);
	PROMISE(bio_iso_read(record, len, &back) == ATT_OK);
	PROMISE(back.n == 1);
	PROMISE(
	    memcmp(&back.view[0].sample, &v->sample, sizeof(v->sample)) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct bio_iso iso, before;

	memset(&iso, 0xa5, sizeof(iso));
	memcpy(&before, &iso, sizeof(iso));
	if (bio_iso_read(data, size, &iso) != ATT_OK) {
		PROMISE(memcmp(&iso, &before, sizeof(iso)) == 0);
		return 0;
	}
	PROMISE(iso.n <= BIO_ISO_VIEWS_MAX);
	for (unsigned i = 0; i < iso.n; i++)
		same_again(&iso.view[i]);
	return 0;
}
