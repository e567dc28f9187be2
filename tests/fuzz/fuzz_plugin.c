/*
 * Any bytes from a vendor's capture program, as a stream: frames are taken
 * until one is not there yet or is none, and none of them reaches beyond what
 * came.
 */
#include "attend-sensor/plugin_frame.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PROMISE(expr)            \
	do {                     \
		if (!(expr))     \
			abort(); \
	} while (0)

/* Reads all of the picture: the sanitizer sees whether it is there. */
static void
use(const struct plugin_msg *m)
{
	static volatile uint8_t seen;

	if (m->type != PLUGIN_PICTURE)
		return;
	PROMISE(m->picture.width <= PICTURE_SIDE_MAX);
	PROMISE(m->picture.height <= PICTURE_SIDE_MAX);
	seen = picture_quality(&m->picture);
	PROMISE(seen >= 1 && seen <= 100);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct plugin_msg m, before;

	for (;;) {
		size_t used = 0;
		enum att_err e;

		memset(&m, 0xa5, sizeof(m));
		memcpy(&before, &m, sizeof(m));
		e = plugin_decode(data, size, &m, &used);
		PROMISE(e == ATT_OK || memcmp(&m, &before, sizeof(m)) == 0);
		if (e != ATT_OK)
			return 0;
		PROMISE(used >= HEAD_LEN && used <= size);
		use(&m);
		data += used;
		size -= used;
	}
}
