/*
 * Where images of fingers come from, as the reader's life (reader.h) sees it:
 * libfprint (fprint.c), or a vendor's own program (plugin.c). Each call begins
 * something and returns at once; what became of it is told by one of the
 * reader_on_*, later and never from within the call.
 */
#ifndef ATT_ATTEND_SENSOR_PROVIDER_H
#define ATT_ATTEND_SENSOR_PROVIDER_H

#include "sensor/sensor.h"

/* Static or the provider's own, valid until the next look. */
struct provider_look {
	const char *driver, *name; /* of the reader; empty: none */
	const char *detail; /* English, for the log; may be empty */
};

struct provider {
	/*
	 * Whether there is a reader that can be used, without opening it:
	 * FINE, NO_READER, UNSUITABLE or TEST_READER.
	 */
	enum sensor_reason (*look)(void *ctx, struct provider_look *out);

	/* reader_on_opened() */
	void (*open)(void *ctx);

	/*
	 * When open: see one finger. reader_on_notice() as it goes,
	 * reader_on_sample() at most once, and when the finger is off and the
	 * reader at rest reader_on_ended(), exactly once.
	 */
	void (*capture)(void *ctx);

	/* Hasten the end of a capture or an opening; it still comes. */
	void (*cancel)(void *ctx);

	/* When open and not capturing: reader_on_closed() */
	void (*close)(void *ctx);

	void *ctx;
};

#endif
