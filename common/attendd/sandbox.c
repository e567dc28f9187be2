#include "attendd/sandbox.h"

#include "attendd/paths.h"
#include "base/owner.h"
#include "daemon/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* secrets of one worker: well under 1 MiB */
#define WORKER_LOCKED (4u << 20)
/* the gallery of 30,000 people, two fingers of three samples each: 440 MiB;
 * also in attendd.service */
#define GALLERY_LOCKED	(512u << 20)
#define GALLERY_ADDRESS (1024ull << 20)
#define OPEN_FILES	1280 /* one for each dialogue, and some */
#define WORKER_CPU	120 /* seconds */
#define WORKER_ADDRESS	(512ull << 20)

/*
 * Make a folder, or take one that root made (a package, an administrator):
 * one that belongs to anybody else is not ours.
 */
static enum att_err
folder(const char *path, mode_t mode, uid_t uid, gid_t gid)
{
	ATT_AUTO_FD int fd = -1;
	struct stat st;

	if (mkdir(path, mode) != 0 && errno != EEXIST)
		return ATT_IO;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) != 0)
		return ATT_IO;
	if (st.st_uid != 0 && st.st_uid != uid)
		return ATT_REFUSED;
	if (st.st_uid == uid && st.st_gid == gid &&
	    (st.st_mode & 07777) == mode)
		return ATT_OK;
	return fchown(fd, uid, gid) == 0 && fchmod(fd, mode) == 0 ? ATT_OK
								  : ATT_IO;
}

enum att_err
sandbox_folders(uid_t uid, gid_t gid)
{
	enum att_err e;

	if (geteuid() != 0)
		return ATT_OK; /* whoever started us made them */
	e = folder(ATTENDD_RUN_DIR, 0755, 0, 0);
	if (e == ATT_OK)
		e = folder(ATTENDD_STATE_DIR, 0700, uid, gid);
	if (e == ATT_OK)
		e = folder(ATTENDD_CACHE_DIR, 0755, uid, gid);
	return e;
}

enum att_err
sandbox_enter(uid_t uid, gid_t gid)
{
	const struct confine c = { .uid = uid,
		.gid = gid,
		.memlock_bytes = GALLERY_LOCKED,
		.open_files = OPEN_FILES };

	return confine_enter(&c);
}

/* Not where sanitizers reserve terabytes of it for their shadow. */
static enum att_err
limit_address(rlim_t bytes)
{
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
	return confine_limit(RLIMIT_AS, bytes);
#else
	(void)bytes;
	return ATT_OK;
#endif
}

enum att_err
sandbox_worker(bool alone)
{
	enum att_err e = confine_limit(RLIMIT_CPU, WORKER_CPU);

	if (e == ATT_OK && !alone)
		e = confine_limit(RLIMIT_MEMLOCK, WORKER_LOCKED);
	return e == ATT_OK ? limit_address(WORKER_ADDRESS) : e;
}

enum att_err
sandbox_librarian(void)
{
	return limit_address(GALLERY_ADDRESS);
}
