#include "base/owner.h"
#include "directory/directory.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

static enum att_err
err_of_errno(int err)
{
	switch (err) {
	case ENOENT:
	case ENOTDIR: return ATT_ABSENT;
	case ELOOP: return ATT_CORRUPT; /* a link, where none may be */
	case EMFILE:
	case ENFILE:
	case EAGAIN:
	case ENOMEM: return ATT_NOMEM;
	default: return ATT_IO;
	}
}

enum att_err
directory_owner(const char *path, uid_t *out)
{
	const char *slash = strrchr(path, '/');
	char folder[PATH_MAX];
	struct stat st;
	size_t len;

	if (slash == NULL || slash == path)
		return ATT_REFUSED;
	len = (size_t)(slash - path);
	if (len >= sizeof(folder))
		return ATT_REFUSED;
	memcpy(folder, path, len);
	folder[len] = '\0';

	if (lstat(folder, &st) != 0)
		return err_of_errno(errno);
	if (!S_ISDIR(st.st_mode) || (st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return ATT_REFUSED;
	*out = st.st_uid;
	return ATT_OK;
}

static bool
content_ok(const struct directory *d)
{
	uint64_t c = DIRECTORY_SEED_CONTENT;
	size_t at = DIRECTORY_HEAD_LEN;

	while (at < d->size) {
		const size_t room =
		    DIRECTORY_BLOCK_LEN - at % DIRECTORY_BLOCK_LEN;
		const size_t n = d->size - at < room ? d->size - at : room;

		c = directory_check(&d->head.key, c, d->at + at, n);
		at += n;
	}
	return c == d->head.content_check;
}

enum att_err
directory_from_bytes(
    struct directory *out, const uint8_t *at, size_t size, bool whole)
{
	struct directory d = { .at = at, .size = size };
	enum att_err e = directory_head_read(&d.head, at, size);

	if (e != ATT_OK)
		return e;
	if ((whole || size <= DIRECTORY_WHOLE_MAX) && !content_ok(&d))
		return ATT_CORRUPT;
	*out = d;
	return ATT_OK;
}

static bool
trusted(const struct stat *st, uid_t owner_uid)
{
	return S_ISREG(st->st_mode) &&
	    (st->st_uid == 0 || st->st_uid == owner_uid) &&
	    (st->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

enum att_err
directory_open(
    struct directory *out, const char *path, uid_t owner_uid, bool whole)
{
	ATT_AUTO_FD int fd = open(
	    path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK);
	struct directory d;
	struct stat st;
	enum att_err e;
	void *at;

	if (fd < 0)
		return err_of_errno(errno);
	if (fstat(fd, &st) != 0)
		return err_of_errno(errno);
	if (!trusted(&st, owner_uid) || st.st_size < DIRECTORY_HEAD_LEN ||
	    (uint64_t)st.st_size > DIRECTORY_SIZE_MAX)
		return ATT_CORRUPT;

	/* Shared: the superseded word must be seen when it is set. */
	at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (at == MAP_FAILED)
		return err_of_errno(errno);
	e = directory_from_bytes(&d, at, (size_t)st.st_size, whole);
	if (e != ATT_OK) {
		(void)munmap(at, (size_t)st.st_size); /* ours and whole */
		return e;
	}
	d.dev = st.st_dev;
	d.ino = st.st_ino;
	d.mapped = true;
	*out = d;
	return ATT_OK;
}

void
directory_close(struct directory *d)
{
	union {
		const uint8_t *in;
		void *out;
	} at = { .in = d->at };

	if (d->mapped)
		(void)munmap(at.out, d->size); /* ours and whole */
	*d = (struct directory){ 0 };
}

bool
directory_superseded(const struct directory *d)
{
	/* Another process may set it at any time: one byte cannot tear. */
	const volatile uint8_t *word = d->at + DIRECTORY_SUPERSEDED_AT;

	return *word != 0;
}

uint64_t
directory_generation(const struct directory *d)
{
	return d->head.generation;
}

int64_t
directory_made_utc(const struct directory *d)
{
	return d->head.made_utc;
}

bool
directory_enumerable(const struct directory *d)
{
	return (d->head.flags & DIRECTORY_ENUMERABLE) != 0;
}

bool
directory_userdb(const struct directory *d)
{
	return (d->head.flags & DIRECTORY_USERDB) != 0;
}

uint32_t
directory_people(const struct directory *d)
{
	return d->head.table[DIRECTORY_PEOPLE].n;
}

uint32_t
directory_groups(const struct directory *d)
{
	return d->head.table[DIRECTORY_GROUPS].n;
}

uint32_t
directory_id_min(const struct directory *d)
{
	return d->head.id_min;
}

uint32_t
directory_id_max(const struct directory *d)
{
	return d->head.id_max;
}
