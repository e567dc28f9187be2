/*
 * What root's attendctl does behind a command that published a directory:
 * tell whoever keeps copies of it. attendd cannot: it is not root, and
 * neither cache nor records may be anybody else's to change.
 */
#ifndef ATT_ATTENDCTL_PUBLISHED_H
#define ATT_ATTENDCTL_PUBLISHED_H

#include <stdbool.h>
#include <stdint.h>

/* Which file is published; zeros: none. */
struct published {
	uint64_t dev, ino;
	int64_t seconds;
	long nanoseconds;
};

struct published published_now(void);

/*
 * If another file is published than before: nscd forgets users and groups,
 * and the records of the user database are brought up to date. False, with a
 * message on standard error that names the next step, if something did not
 * work. Does nothing unless it is root.
 */
bool published_tell(const struct published *before);

#endif
