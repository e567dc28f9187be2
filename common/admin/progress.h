/*
 * Long work that does not look dead: a line that is written over on a
 * terminal, and now and then a sign of life to attendctl, which takes a longer
 * silence for a broker that hangs.
 */
#ifndef ATT_ADMIN_PROGRESS_H
#define ATT_ADMIN_PROGRESS_H

#include "attendd/dialogue.h"

struct progress {
	struct dialogue *d;
	int64_t told_ms; /* when something was last sent */
	const char *doing; /* what was last shown; borrowed */
	bool shown; /* a line stands there */
};

struct progress progress_of(struct dialogue *d);
/* A store_progress; ctx is a struct progress. */
void progress_tell(void *ctx, const char *doing, uint64_t done, uint64_t total);
/* Take the line away. */
void progress_end(struct progress *p);

#endif
