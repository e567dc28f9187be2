/*
 * A file that a command makes. It has its name only when it is whole; where
 * the file system can do it, it has none until then, so that nothing is left
 * behind whatever happens. Elsewhere it is called NAME.part meanwhile.
 */
#ifndef ATT_ATTENDCTL_MADE_H
#define ATT_ATTENDCTL_MADE_H

#include "base/err.h"

struct made {
	const char *path; /* borrowed */
	char *part; /* owned; NULL: nameless */
	int fd; /* owned; -1: none */
};

/* Begin it, readable by the caller alone. ATT_EXISTS; ATT_IO with errno. */
enum att_err made_begin(struct made *m, const char *path) ATT_CHECKED;
/* Give it its name, durably. ATT_EXISTS; ATT_IO with errno. */
enum att_err made_keep(struct made *m) ATT_CHECKED;
/* Let go; what was not kept is removed. */
void made_end(struct made *m);
#define MADE_AUTO __attribute__((cleanup(made_end)))

#endif
