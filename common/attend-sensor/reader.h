/*
 * The life of the reader: who has it, what it is doing, and until when. Pure:
 * a provider below, clients above and the clock are all given, so that every
 * unplugging, hang-up and silence can be tested.
 *
 *	CLOSED -> OPENING -> OPEN -> CAPTURING -> LIFTING -> OPEN ...
 *	               OPEN -> CLOSING -> CLOSED
 *
 * One client at a time has the reader: from its first capture until it leaves
 * or its time is over. Nobody else waits for it: they are told at once. What
 * the client hears does not wait for the reader either: when its time is over,
 * or the reader gone, it is told, and the reader is brought to rest after
 * that. A reader that does not come to rest in time is stuck; then only a new
 * process can help, which is for the program to arrange.
 */
#ifndef ATT_ATTEND_SENSOR_READER_H
#define ATT_ATTEND_SENSOR_READER_H

#include "attend-sensor/provider.h"
#include "bio/template.h"

#include <stdbool.h>

#define READER_OPEN_MS	 5000 /* to open */
#define READER_REST_MS	 2000 /* to end a capture or to close */
#define READER_HOT_MS	 206000 /* libfprint's model takes to cool down */
#define READER_TRIES_MAX 50 /* fingers that were not read, in one capture */
#define READER_NOBODY	 0

typedef uint32_t reader_client; /* READER_NOBODY is none */

/* Where it speaks to: the program's connections, and its clock. */
struct reader_world {
	int64_t (*now_ms)(void *ctx); /* only ever grows */
	void (*tell)(void *ctx, reader_client to, const struct sensor_msg *msg);
	/* End the connection; reader_leave() is not called for it. */
	void (*drop)(void *ctx, reader_client who);
	void *ctx;
};

enum reader_state {
	READER_CLOSED,
	READER_OPENING,
	READER_OPEN,
	READER_CAPTURING,
	READER_LIFTING, /* seen, or cancelled; not yet at rest */
	READER_CLOSING,
	READER_STUCK,
};

struct reader {
	const struct provider *provider;
	const struct reader_world *world;
	bool test; /* test readers are allowed */

	enum reader_state state;
	int64_t state_until; /* it is stuck then; 0: may last */
	bool renew; /* is to be closed before it is used again */

	reader_client holder;
	int64_t lease_until, idle_until;
	bool asked; /* the holder waits for a sample */
	int64_t asked_until;
	unsigned tries;

	enum sensor_temperature temperature;
	int64_t hot_until;
};

/* Both are borrowed for as long as the reader is used. */
void reader_init(struct reader *r, const struct provider *p,
    const struct reader_world *w, bool test);

/* --- from the clients ---------------------------------------------------- */

void reader_ask(struct reader *r, reader_client who, uint32_t wait_ms);
void reader_cancel(struct reader *r, reader_client who);
void reader_status(struct reader *r, reader_client who);
/* The connection has ended. */
void reader_leave(struct reader *r, reader_client who);

/* --- from the provider ---------------------------------------------------- */

/* FINE: it is open; else why it is not, in English for the log. */
void
reader_on_opened(struct reader *r, enum sensor_reason why, const char *detail);
void reader_on_notice(struct reader *r, enum sensor_notice what);
/* One sample, finger unknown; borrowed. */
void reader_on_sample(struct reader *r, const struct bio_template *sample);
/*
 * The capture is over and the reader at rest. FINE: after a sample, or a
 * finger that was not read; CANCELLED: as told; else what went wrong.
 */
void
reader_on_ended(struct reader *r, enum sensor_reason why, const char *detail);
void reader_on_closed(struct reader *r);
/* Unplugged; what has begun still ends. */
void reader_on_gone(struct reader *r);
void reader_on_heat(struct reader *r, enum sensor_temperature t);

/* --- from the clock --------------------------------------------------------
 */

/* When reader_tick() is due, on the world's clock; INT64_MAX: never. */
int64_t reader_next(const struct reader *r);
void reader_tick(struct reader *r);
/* The machine slept: what the reader was doing is void. */
void reader_slept(struct reader *r);

/* Nothing is under way, nobody has it and it is cold: one may leave. */
bool reader_rests(const struct reader *r);

#endif
