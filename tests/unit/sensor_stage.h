/*
 * An attend-sensor for the tests of verbs: the other end of the dialogue's
 * connection, with touches of invented fingers in place of a reader. The
 * frames are those of sensor/sensor.h.
 */
#ifndef ATT_TESTS_SENSOR_STAGE_H
#define ATT_TESTS_SENSOR_STAGE_H

#include "attendd/dialogue.h"
#include "sensor/sensor.h"

#include <pthread.h>

#define STAGE_TOUCHES 12

/* One capture: a touch of a finger, or why there was none. */
struct stage_touch {
	uint64_t finger, impression; /* finger 0: none */
	enum sensor_reason no;
	bool hangs_up; /* attend-sensor dies */
};

struct sensor_stage {
	const struct stage_touch *touches; /* borrowed */
	unsigned n;
	unsigned captures; /* asked for so far */
	void (*at)(struct sensor_stage *st); /* at each capture, or NULL */
	void *ctx;
	int fd;
	pthread_t thread;
};

/* Begin; the dialogue's next command finds the sensor connected. */
bool stage_open(struct sensor_stage *st, struct dialogue *d,
    const struct stage_touch *touches, unsigned n);
/* End; how often a finger was asked for. */
unsigned stage_close(struct sensor_stage *st, struct dialogue *d);

#endif
