/*
 * The client's half of the sensor dialogue: what attendd uses. Nothing here
 * decides anything: a sample is what some process that listens to USB says it
 * saw, to be compared and judged by whoever asked.
 */
#ifndef ATT_SENSOR_ASK_H
#define ATT_SENSOR_ASK_H

#include "bio/template.h"
#include "sensor/sensor.h"

#define SENSOR_REPLY_MS 8000 /* beyond the wait for a finger: open and read */

/*
 * Connect to attend-sensor at SENSOR_SOCKET within timeout_ms, checked as
 * knock() does. *fd is owned, close-on-exec, non-blocking; closing it gives
 * the reader back at once, whatever it is doing. The reader is not opened
 * before the first capture.
 *
 * ATT_ABSENT: no socket: there is no attend-sensor here, unless start.h gave a
 * descriptor. Otherwise as knock().
 */
enum att_err sensor_connect(int timeout_ms, int *fd) ATT_CHECKED;

/*
 * Notices of one capture: three for each of more touches than anybody makes
 * meanwhile. Whoever asks passes them on, and cannot do so without end.
 */
#define SENSOR_NOTICES_MAX 128

/*
 * How to pass the time of a capture. notice may be NULL; it is told what to
 * say to the person and must not block for long. until is a descriptor
 * (borrowed, -1: none) whose readability or hang-up ends the capture: the
 * client of attendd that went away or typed something instead.
 */
struct sensor_wait {
	uint32_t wait_ms; /* for a finger; 0: SENSOR_WAIT_MS */
	int until;
	void (*notice)(void *ctx, enum sensor_notice what);
	void *ctx;
};

/* Why there was no sample. */
struct sensor_no {
	enum sensor_reason reason;
	uint32_t retry_ms; /* 0: nobody knows */
	char detail[SENSOR_TEXT_MAX + 1]; /* English, for the log */
};

/*
 * One capture over fd (borrowed), of a finger that is put on the reader from
 * now on. Several may follow each other on one connection, which keeps the
 * reader; enrolment does so. Takes at most the wait for a finger (capped) and
 * SENSOR_REPLY_MS, and not more than the latter until the first word.
 *
 * ATT_OK: *out is a template of one sample, finger unknown, with at least
 * BIO_PRINT_MIN minutiae; it is biometric data, the caller wipes it, as out's
 * memory has to be fit for it. ATT_REFUSED: no sample, *no says why; offer
 * the next factor. ATT_CLOSED: attend-sensor went away. ATT_ABSENT: until
 * became readable; the capture was cancelled, the connection is still good.
 * ATT_FORMAT, also for more than SENSOR_NOTICES_MAX, ATT_TIMEOUT, ATT_IO:
 * attend-sensor is not itself; close fd.
 * *no is written with ATT_REFUSED only, *out is wiped unless ATT_OK.
 */
enum att_err sensor_capture(int fd, const struct sensor_wait *wait,
    struct bio_template *out, struct sensor_no *no) ATT_CHECKED;

/* What there is to know without opening the reader. */
struct sensor_state {
	enum sensor_reason reason; /* why a capture would fail now, but BUSY */
	bool in_use;
	bool test; /* test readers are allowed: complain loudly */
	enum sensor_temperature temperature;
	uint32_t retry_ms;
	char driver[SENSOR_TEXT_MAX + 1], name[SENSOR_TEXT_MAX + 1];
};

/*
 * Waits timeout_ms for the answer. Errors as sensor_capture() but REFUSED and
 * ABSENT.
 */
enum att_err
sensor_state_read(int fd, int timeout_ms, struct sensor_state *out) ATT_CHECKED;

#endif
