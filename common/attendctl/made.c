#include "attendctl/made.h"

#include "base/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The folder of a path, into buf. */
static const char *
folder_of(const char *path, char buf[PATH_MAX])
{
	int n = snprintf(buf, PATH_MAX, "%s", path);

	return n >= 0 && n < PATH_MAX ? dirname(buf) : NULL;
}

static int
open_part(struct made *m)
{
	if (asprintf(&m->part, "%s.part", m->path) < 0) {
		m->part = NULL;
		return -1;
	}
	(void)unlink(m->part); /* left by a kill */
	return open(
	    m->part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
}

enum att_err
made_begin(struct made *m, const char *path)
{
	char buf[PATH_MAX];
	const char *folder = folder_of(path, buf);
	struct stat st;

	*m = (struct made){ .path = path, .fd = -1 };
	if (folder == NULL) {
		errno = ENAMETOOLONG;
		return ATT_IO;
	}
	if (lstat(path, &st) == 0)
		return ATT_EXISTS;
	m->fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (m->fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR))
		m->fd = open_part(m);
	return m->fd >= 0 ? ATT_OK : ATT_IO;
}

static int
give_name(const struct made *m)
{
	char self[32];

	if (m->part != NULL)
		return renameat2(
		    AT_FDCWD, m->part, AT_FDCWD, m->path, RENAME_NOREPLACE);
	(void)snprintf(self, sizeof(self), "/proc/self/fd/%d", m->fd);
	return linkat(AT_FDCWD, self, AT_FDCWD, m->path, AT_SYMLINK_FOLLOW);
}

enum att_err
made_keep(struct made *m)
{
	char buf[PATH_MAX];
	ATT_AUTO_FD int dir = -1;

	if (fsync(m->fd) != 0)
		return ATT_IO;
	if (give_name(m) != 0)
		return errno == EEXIST ? ATT_EXISTS : ATT_IO;
	free(m->part);
	m->part = NULL;
	dir = open(folder_of(m->path, buf), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return dir >= 0 && fsync(dir) == 0 ? ATT_OK : ATT_IO;
}

void
made_end(struct made *m)
{
	if (m->part != NULL)
		(void)unlink(m->part); /* nothing half-done stays behind */
	free(m->part);
	m->part = NULL;
	att_close(&m->fd);
}
