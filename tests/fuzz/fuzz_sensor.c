/*
 * Any bytes as a packet of the sensor dialogue: refused and the message left
 * alone, or read as a message that is written back as the same bytes.
 */
#include "bio/template.h"
#include "sensor/sensor.h"

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
	static uint8_t back[SENSOR_FRAME_MAX];
	static struct sensor_msg m, before;
	static struct bio_template t;
	size_t len = 0;

	memset(&m, 0xa5, sizeof(m));
	memcpy(&before, &m, sizeof(m));
	if (sensor_decode(data, size, &m) != ATT_OK) {
		PROMISE(memcmp(&m, &before, sizeof(m)) == 0);
		return 0;
	}
	PROMISE(sensor_encode(&m, back, sizeof(back), &len) == ATT_OK);
	PROMISE(len == size && memcmp(back, data, len) == 0);
	if (m.type == SENSOR_SAMPLE)
		PROMISE(bio_template_decode(m.sample.print.at,
			    m.sample.print.len, &t) == ATT_OK &&
		    t.n == 1);
	return 0;
}
