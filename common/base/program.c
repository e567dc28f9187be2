#include "base/program.h"

#include "base/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

enum att_err
att_program_check(const char *path)
{
	ATT_AUTO_FD int fd = open(path, O_PATH | O_CLOEXEC | O_NOFOLLOW);
	struct stat st;

	if (fd < 0)
		return errno == ENOENT ? ATT_ABSENT : ATT_IO;
	if (fstat(fd, &st) != 0)
		return ATT_IO;
	if (!S_ISREG(st.st_mode) || st.st_uid != 0 ||
	    (st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return ATT_REFUSED;
	return ATT_OK;
}
