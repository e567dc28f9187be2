/*
 * Any bytes as a packet: refused and the message left alone, or read as a
 * message that is written back as the same bytes.
 */
#include "wire/wire.h"

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
	static uint8_t back[WIRE_FRAME_MAX];
	static struct wire_msg m, before;
	size_t len = 0;

	memset(&m, 0xa5, sizeof(m));
	memcpy(&before, &m, sizeof(m));
	if (wire_decode(data, size, &m) != ATT_OK) {
		PROMISE(memcmp(&m, &before, sizeof(m)) == 0);
		return 0;
	}
	PROMISE(wire_encode(&m, back, sizeof(back), &len) == ATT_OK);
	PROMISE(len == size && memcmp(back, data, len) == 0);
	/* whatever else it is, only one value lets somebody in */
	if (m.type == WIRE_VERDICT && m.verdict.verdict == VERDICT_ALLOW)
		PROMISE(memcmp(data + HEAD_LEN, "\xd2\xc3\xa5\x69", 4) == 0);
	return 0;
}
