/*
 * Copies of the store beside it, for as long as a run works with them: the one
 * a backup is made of, the one a restore brings up. Each has a name of its own
 * and a lock that its run holds and that goes with it, so that what a killed
 * run left is told apart from what a live one needs.
 *
 *	STORE.copy.XXXXXX	STORE.restore.XXXXXX, and sqlite's beside them
 */
#ifndef ATT_STORE_COPY_H
#define ATT_STORE_COPY_H

#include "base/err.h"

#include <limits.h>
#include <stdbool.h>

#define COPY_BACKUP  ".copy"
#define COPY_RESTORE ".restore"

struct copy {
	int fd; /* holds the lock; -1: none */
	char path[PATH_MAX];
};
#define COPY_NONE        \
	{                \
		.fd = -1 \
	}

/* A new empty file, ours alone. ATT_IO with errno. Let go with copy_end. */
enum att_err
copy_new(struct copy *c, const char *store, const char *kind) ATT_CHECKED;
/* Whether what has the name is the file that was made. */
bool copy_is_at_path(const struct copy *c);
/* Remove it, if it is still there, and what sqlite put beside it. */
void copy_end(struct copy *c);
#define AUTO_COPY __attribute__((cleanup(copy_end)))

/*
 * Remove the copies that no live run holds: those that runs left, or every
 * one, those from before a migration, too. ATT_IO: one is still there.
 */
enum att_err copies_remove(const char *store, bool every) ATT_CHECKED;
/* Whether there is any that a run left. */
bool copies_left(const char *store);

#endif
