#include "base/opt.h"
#include "base/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

static bool
is_trusted(const struct stat *st)
{
	return S_ISREG(st->st_mode) &&
	    (st->st_uid == 0 || st->st_uid == geteuid()) &&
	    (st->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

enum att_err
att_opt_slurp(const char *path, char *text, size_t cap, size_t *len)
{
	/* non-blocking, lest a FIFO in its place keeps us waiting */
	ATT_AUTO_FD int fd =
	    open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat st;
	size_t at = 0;
	ssize_t n;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return ATT_ABSENT;
	if (fd < 0)
		return errno == ELOOP ? ATT_REFUSED : ATT_IO;
	if (fstat(fd, &st) != 0)
		return ATT_IO;
	if (!is_trusted(&st))
		return ATT_REFUSED;
	do {
		n = read(fd, text + at, cap - at);
		at += n > 0 ? (size_t)n : 0;
	} while ((n > 0 && at < cap) || (n < 0 && errno == EINTR));
	if (n < 0)
		return ATT_IO;
	*len = at;
	return ATT_OK;
}
