#include "store/copy.h"

#include "base/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define TRIES_MAX 100 /* to make one that nobody takes for left */
#define ROOM	  32 /* for what comes after the store's name */

bool
copy_is_at_path(const struct copy *c)
{
	struct stat mine, there;

	return fstat(c->fd, &mine) == 0 && lstat(c->path, &there) == 0 &&
	    mine.st_dev == there.st_dev && mine.st_ino == there.st_ino;
}

/* Until it is locked, somebody may take it for left, and remove it. */
static enum att_err
make_once(struct copy *c, const char *store, const char *kind)
{
	(void)snprintf(c->path, sizeof(c->path), "%s%s.XXXXXX", store, kind);
	c->fd = mkostemp(c->path, O_CLOEXEC); /* mode 0600 */
	if (c->fd < 0)
		return ATT_IO;
	if (flock(c->fd, LOCK_EX) == 0 && copy_is_at_path(c))
		return ATT_OK;
	att_close(&c->fd);
	return ATT_ABSENT;
}

enum att_err
copy_new(struct copy *c, const char *store, const char *kind)
{
	enum att_err e = ATT_ABSENT;

	if (strlen(store) + ROOM > sizeof(c->path)) {
		errno = ENAMETOOLONG;
		return ATT_IO;
	}
	for (int i = 0; i < TRIES_MAX && e == ATT_ABSENT; i++)
		e = make_once(c, store, kind);
	return e == ATT_ABSENT ? ATT_IO : e;
}

/* The file itself last: until then it says whose the others are. */
void
copy_end(struct copy *c)
{
	static const char *const tails[] = { "-wal", "-shm", "-journal", "" };
	char name[PATH_MAX + 16];

	if (c->fd < 0)
		return;
	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		(void)snprintf(name, sizeof(name), "%s%s", c->path, tails[i]);
		(void)unlink(name); /* not there as a rule */
	}
	att_close(&c->fd);
}

/* Length of the name of the copy that a file is, or belongs to; 0: of none
 * that a run makes. */
static size_t
run_len(const char *store, const char *name)
{
	static const char *const kinds[] = { COPY_BACKUP, COPY_RESTORE };
	size_t len = strlen(store);

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		size_t n = len + strlen(kinds[i]);

		if (strncmp(name + len, kinds[i], n - len) != 0)
			continue;
		return name[n] == '.' ? n + 1 + strcspn(name + n + 1, "-.") : n;
	}
	return 0;
}

/* Lock the copy that a file belongs to. False: a live run has it. *fd -1: it
 * is gone, so that nobody has it. */
static bool
lock_of(const char *store, const char *name, int *fd)
{
	size_t n = run_len(store, name);
	char path[PATH_MAX];

	*fd = -1;
	if (n == 0 || n >= sizeof(path))
		return true; /* no run's */
	memcpy(path, name, n);
	path[n] = '\0';
	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	return *fd < 0 || flock(*fd, LOCK_EX | LOCK_NB) == 0;
}

/* Under its lock: whoever made it a moment ago sees that it is gone. */
static bool
remove_left(const char *store, const char *name)
{
	ATT_AUTO_FD int fd = -1;

	return !lock_of(store, name, &fd) || unlink(name) == 0 ||
	    errno == ENOENT;
}

static bool
is_left(const char *store, const char *name)
{
	ATT_AUTO_FD int fd = -1;

	return run_len(store, name) > 0 && lock_of(store, name, &fd);
}

/* What has the store's name and more. */
static bool
find(const char *store, glob_t *found)
{
	char pattern[PATH_MAX + 3];
	int n = snprintf(pattern, sizeof(pattern), "%s.*", store);

	return n > 0 && (size_t)n < sizeof(pattern) &&
	    glob(pattern, GLOB_NOSORT, NULL, found) == 0;
}

enum att_err
copies_remove(const char *store, bool every)
{
	glob_t found = { 0 };
	enum att_err e = ATT_OK;

	if (!find(store, &found))
		return ATT_OK; /* none */
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *name = found.gl_pathv[i];

		if ((every || run_len(store, name) > 0) &&
		    !remove_left(store, name))
			e = ATT_IO;
	}
	globfree(&found);
	return e;
}

bool
copies_left(const char *store)
{
	glob_t found = { 0 };
	bool any = false;

	if (!find(store, &found))
		return false;
	for (size_t i = 0; i < found.gl_pathc && !any; i++)
		any = is_left(store, found.gl_pathv[i]);
	globfree(&found);
	return any;
}
