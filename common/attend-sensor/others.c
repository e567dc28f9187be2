#include "attend-sensor/others.h"

#include "base/owner.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

static bool
is_named(int proc, const char *pid, const char *name)
{
	char path[64], comm[32] = "";
	ATT_AUTO_FD int fd = -1;
	ssize_t n;

	if (pid[0] < '0' || pid[0] > '9' || strlen(pid) > 20)
		return false;
	(void)snprintf(path, sizeof(path), "%.20s/comm", pid);
	fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	n = fd >= 0 ? read(fd, comm, sizeof(comm) - 1) : -1;
	if (n <= 0)
		return false;
	comm[strcspn(comm, "\n")] = '\0';
	return strcmp(comm, name) == 0;
}

bool
others_have_fprintd(const char *proc)
{
	DIR *d = opendir(proc);
	const struct dirent *e;
	bool found = false;

	if (d == NULL)
		return false;
	while (!found && (e = readdir(d)) != NULL)
		found = is_named(dirfd(d), e->d_name, "fprintd");
	(void)closedir(d);
	return found;
}
