#include "directory/sink.h"

#include "base/bytes.h"
#include "base/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static void
fail(struct sink *s, enum att_err e, int err_no)
{
	if (s->err != ATT_OK)
		return;
	s->err = e;
	s->err_no = err_no;
}

static bool
write_all(int fd, const uint8_t *at, size_t len, off_t where)
{
	while (len > 0) {
		const ssize_t n = pwrite(fd, at, len, where);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += n;
		where += n;
		len -= (size_t)n;
	}
	return true;
}

static enum att_err
set_paths(struct sink *s, const char *path)
{
	const char *slash = strrchr(path, '/');
	char folder[PATH_MAX];
	int n;

	if (slash == NULL || slash == path) {
		errno = EINVAL;
		return ATT_IO;
	}
	n = snprintf(s->path, sizeof(s->path), "%s", path);
	if (n < 0 || (size_t)n >= sizeof(s->path))
		return ATT_LIMIT;
	n = snprintf(s->fresh, sizeof(s->fresh), "%s.new", path);
	if (n < 0 || (size_t)n >= sizeof(s->fresh)) {
		s->fresh[0] = '\0';
		return ATT_LIMIT;
	}
	memcpy(folder, path, (size_t)(slash - path));
	folder[slash - path] = '\0';
	s->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return s->folder < 0 ? ATT_IO : ATT_OK;
}

enum att_err
sink_open(struct sink *s, const char *path, const struct directory_key *key)
{
	enum att_err e;

	s->fd = s->folder = -1;
	s->path[0] = s->fresh[0] = '\0';
	s->key = key;
	s->at = s->held = DIRECTORY_HEAD_LEN; /* filled in at the end */
	memset(s->block, 0, DIRECTORY_HEAD_LEN);
	s->check = DIRECTORY_SEED_CONTENT;
	s->err = ATT_OK;
	e = set_paths(s, path);
	if (e != ATT_OK) {
		s->fresh[0] = '\0'; /* not ours to remove */
		return e;
	}
	if (unlink(s->fresh) != 0 && errno != ENOENT) {
		s->fresh[0] = '\0';
		return ATT_IO;
	}
	s->fd = open(s->fresh,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (s->fd < 0) {
		s->fresh[0] = '\0';
		return ATT_IO;
	}
	return ATT_OK;
}

void
sink_drop(struct sink *s)
{
	const int saved = errno;

	if (s->fresh[0] != '\0')
		(void)unlink(s->fresh); /* the next writer removes it */
	s->fresh[0] = '\0';
	att_close(&s->fd);
	att_close(&s->folder);
	errno = saved;
}

static void
flush(struct sink *s)
{
	const size_t skip = s->at == s->held ? DIRECTORY_HEAD_LEN : 0;

	if (s->err != ATT_OK || s->held == 0)
		return;
	if (s->held > skip)
		s->check = directory_check(
		    s->key, s->check, s->block + skip, s->held - skip);
	if (!write_all(s->fd, s->block, s->held, (off_t)(s->at - s->held)))
		fail(s, ATT_IO, errno);
	s->held = 0;
}

void
sink_put(struct sink *s, const void *at, size_t len)
{
	const uint8_t *from = at;

	if (s->err == ATT_OK && len > DIRECTORY_SIZE_MAX - s->at)
		fail(s, ATT_LIMIT, 0);
	while (s->err == ATT_OK && len > 0) {
		const size_t room = sizeof(s->block) - s->held;
		const size_t n = len < room ? len : room;

		memcpy(s->block + s->held, from, n);
		s->held += n;
		s->at += n;
		from += n;
		len -= n;
		if (s->held == sizeof(s->block))
			flush(s);
	}
}

void
sink_put_le32(struct sink *s, uint32_t v)
{
	uint8_t b[4];
	struct att_writer w = att_writer_of(b, sizeof(b));

	att_put_le32(&w, v);
	sink_put(s, b, sizeof(b));
}

void
sink_align(struct sink *s)
{
	static const uint8_t zeros[DIRECTORY_ALIGN];
	const size_t over = s->at % DIRECTORY_ALIGN;

	if (over > 0)
		sink_put(s, zeros, DIRECTORY_ALIGN - over);
}

/* The file about to be replaced, if it is one of ours to mark; else -1. */
static int
open_old(const char *path)
{
	ATT_AUTO_FD int fd =
	    open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	uint8_t magic[8];
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) ||
	    st.st_size < DIRECTORY_HEAD_LEN ||
	    pread(fd, magic, sizeof(magic), 0) != (ssize_t)sizeof(magic) ||
	    memcmp(magic, DIRECTORY_MAGIC, sizeof(magic)) != 0)
		return -1;
	return att_take_fd(&fd);
}

/* Nothing else may have taken the temporary name since we made it. */
static bool
still_ours(const struct sink *s)
{
	struct stat by_fd, by_name;

	if (fstat(s->fd, &by_fd) != 0 || lstat(s->fresh, &by_name) != 0)
		return false;
	if (by_fd.st_dev == by_name.st_dev && by_fd.st_ino == by_name.st_ino)
		return true;
	errno = EBUSY;
	return false;
}

static enum att_err
put_in_place(struct sink *s)
{
	ATT_AUTO_FD int old = open_old(s->path);
	static const uint8_t superseded[4] = { 1 };

	if (fchmod(s->fd, 0644) != 0 || fsync(s->fd) != 0 || !still_ours(s))
		return ATT_IO;
	if (rename(s->fresh, s->path) != 0)
		return ATT_IO;
	s->fresh[0] = '\0';
	/* Readers that miss the mark find the new inode within a second. */
	if (old >= 0)
		(void)write_all(old, superseded, sizeof(superseded),
		    DIRECTORY_SUPERSEDED_AT);
	return fsync(s->folder) != 0 ? ATT_IO : ATT_OK;
}

enum att_err
sink_commit(struct sink *s, struct directory_head *h)
{
	uint8_t head[DIRECTORY_HEAD_LEN];

	flush(s);
	h->size = s->at;
	h->content_check = s->check;
	directory_head_write(h, head);
	if (s->err == ATT_OK && !write_all(s->fd, head, sizeof(head), 0))
		fail(s, ATT_IO, errno);
	if (s->err != ATT_OK) {
		errno = s->err_no;
		return s->err;
	}
	return put_in_place(s);
}
