#include "store/backup_file.h"

#include "base/owner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAGIC	  "attend-backup-1\n"
#define MAGIC_LEN (sizeof(MAGIC) - 1)
#define HEAD_LEN                                                \
	(MAGIC_LEN + VAULT_ID_LEN + VAULT_TAG_LEN + 8 + 8 + 8 + \
	    VAULT_HASH_LEN + 4)
#define SEALED_CHUNK (BACKUP_CHUNK + VAULT_STREAM_OVER)

struct head {
	uint8_t bytes[HEAD_LEN];
};

static struct att_slice
head_of(struct head *h, const struct store_backup *b)
{
	struct att_writer w = att_writer_of(h->bytes, sizeof(h->bytes));

	att_put_bytes(&w, MAGIC, MAGIC_LEN);
	att_put_bytes(&w, b->site_id, sizeof(b->site_id));
	att_put_bytes(&w, b->key_tag, sizeof(b->key_tag));
	att_put_le64(&w, (uint64_t)b->made_utc);
	att_put_le64(&w, b->size);
	att_put_le64(&w, b->audit_seq);
	att_put_bytes(&w, b->audit_hash, sizeof(b->audit_hash));
	att_put_le32(&w, b->erasures);
	return (struct att_slice){ h->bytes, w.len };
}

/* Bytes at an offset, all of them. ATT_FORMAT: there are fewer. */
static enum att_err
read_at(int fd, void *buf, size_t len, uint64_t at)
{
	uint8_t *to = buf;

	while (len > 0) {
		ssize_t n = pread(fd, to, len, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return ATT_IO;
		if (n == 0)
			return ATT_FORMAT;
		to += n;
		at += (uint64_t)n;
		len -= (size_t)n;
	}
	return ATT_OK;
}

static enum att_err
write_at(int fd, const void *buf, size_t len, uint64_t at)
{
	const uint8_t *from = buf;

	while (len > 0) {
		ssize_t n = pwrite(fd, from, len, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return ATT_IO;
		from += n;
		at += (uint64_t)n;
		len -= (size_t)n;
	}
	return ATT_OK;
}

static void
take_into(struct att_reader *r, void *out, size_t len)
{
	struct att_slice s = att_take_bytes(r, len);

	if (s.len == len)
		memcpy(out, s.at, len);
}

enum att_err
store_backup_read(int fd, struct store_backup *out)
{
	uint8_t bytes[HEAD_LEN] = { 0 };
	struct att_reader r = att_reader_of(bytes, sizeof(bytes));
	struct store_backup b = { 0 };
	struct att_slice magic;
	enum att_err e = read_at(fd, bytes, sizeof(bytes), 0);

	if (e != ATT_OK)
		return e;
	magic = att_take_bytes(&r, MAGIC_LEN);
	take_into(&r, b.site_id, sizeof(b.site_id));
	take_into(&r, b.key_tag, sizeof(b.key_tag));
	b.made_utc = (int64_t)att_take_le64(&r);
	b.size = att_take_le64(&r);
	b.audit_seq = att_take_le64(&r);
	take_into(&r, b.audit_hash, sizeof(b.audit_hash));
	b.erasures = att_take_le32(&r);
	if (att_reader_done(&r) != ATT_OK ||
	    memcmp(magic.at, MAGIC, MAGIC_LEN) != 0 || b.size == 0 ||
	    b.size > BACKUP_SIZE_MAX)
		return ATT_FORMAT;
	*out = b;
	return ATT_OK;
}

/* What both directions work with; owned by the caller of sealing_end. */
struct sealing {
	const struct store_backup *b;
	const struct store_watch *w;
	struct head head;
	struct att_slice ad;
	struct vault_stream stream;
	struct vault_hasher hash;
	uint8_t *plain, *sealed;
	uint64_t done; /* of the plain bytes */
};

static void
sealing_end(struct sealing *s)
{
	vault_stream_end(&s->stream);
	free(s->plain);
	free(s->sealed);
}
#define AUTO_SEALING __attribute__((cleanup(sealing_end)))

static enum att_err
sealing_start(struct sealing *s, const struct store_backup *b,
    const struct store_watch *w)
{
	s->b = b;
	s->w = w;
	s->ad = head_of(&s->head, b);
	s->plain = malloc(BACKUP_CHUNK);
	s->sealed = malloc(SEALED_CHUNK);
	vault_hash_start(&s->hash);
	return s->plain != NULL && s->sealed != NULL ? ATT_OK : ATT_NOMEM;
}

/* Length of the next chunk, and whether it is the last. */
static size_t
chunk_next(const struct sealing *s, bool *last)
{
	uint64_t left = s->b->size - s->done;

	*last = left <= BACKUP_CHUNK;
	return *last ? (size_t)left : BACKUP_CHUNK;
}

static uint64_t
sealed_at(const struct sealing *s)
{
	return HEAD_LEN + VAULT_STREAM_HEAD +
	    s->done / BACKUP_CHUNK * SEALED_CHUNK;
}

static void
advance(struct sealing *s, size_t len, const char *doing)
{
	vault_hash_more(&s->hash, (struct att_slice){ s->plain, len });
	s->done += len;
	if (s->w->tell != NULL)
		s->w->tell(s->w->ctx, doing, s->done, s->b->size);
}

static enum att_err
seal_all(struct sealing *s, int from, int to)
{
	bool last = false;
	enum att_err e = ATT_OK;

	while (!last && e == ATT_OK) {
		size_t len = chunk_next(s, &last);
		uint64_t at = sealed_at(s);

		e = read_at(from, s->plain, len, s->done);
		if (e != ATT_OK)
			return e;
		vault_stream_seal(&s->stream,
		    (struct att_slice){ s->plain, len }, s->ad, last,
		    s->sealed);
		e = write_at(to, s->sealed, len + VAULT_STREAM_OVER, at);
		advance(s, len, "writing");
	}
	return e;
}

static enum att_err
write_sealed(const struct vault *v, const struct store_backup *b, int from,
    int to, const struct store_watch *w, uint8_t hash[VAULT_HASH_LEN])
{
	AUTO_SEALING struct sealing s = { 0 };
	uint8_t stream_head[VAULT_STREAM_HEAD];
	enum att_err e = sealing_start(&s, b, w);

	if (e == ATT_OK)
		e = vault_stream_seal_start(v, &s.stream, stream_head);
	if (e == ATT_OK)
		e = write_at(to, s.ad.at, s.ad.len, 0);
	if (e == ATT_OK)
		e = write_at(to, stream_head, sizeof(stream_head), s.ad.len);
	if (e == ATT_OK)
		e = seal_all(&s, from, to);
	if (e == ATT_OK && fsync(to) != 0)
		e = ATT_IO;
	vault_hash_end(&s.hash, hash);
	return e;
}

enum att_err
backup_seal(const struct vault *v, const struct store_backup *b, int from,
    int to, const struct store_watch *w, const char **trouble)
{
	uint8_t written[VAULT_HASH_LEN], read[VAULT_HASH_LEN];
	enum att_err e = write_sealed(v, b, from, to, w, written);

	if (e != ATT_OK) {
		*trouble = e == ATT_IO ? strerror(errno) : att_err_text(e);
		return e;
	}
	e = backup_open(v, b, to, -1, w, read, trouble);
	if (e == ATT_OK && memcmp(written, read, sizeof(read)) != 0)
		e = ATT_CORRUPT;
	if (e == ATT_CORRUPT)
		*trouble = "what was written reads back differently";
	return e;
}

/* One chunk, and nothing may follow the last. */
static enum att_err
open_chunk(struct sealing *s, int from, bool last, size_t len)
{
	uint64_t at = sealed_at(s);
	bool marked = false;
	uint8_t more;
	enum att_err e = read_at(from, s->sealed, len + VAULT_STREAM_OVER, at);

	if (e == ATT_OK)
		e = vault_stream_open(&s->stream,
		    (struct att_slice){ s->sealed, len + VAULT_STREAM_OVER },
		    s->ad, s->plain, &marked);
	if (e == ATT_OK && marked != last)
		e = ATT_CORRUPT;
	if (e == ATT_OK && last &&
	    read_at(from, &more, 1, at + len + VAULT_STREAM_OVER) != ATT_FORMAT)
		e = ATT_CORRUPT;
	return e;
}

static enum att_err
open_all(struct sealing *s, int from, int to)
{
	bool last = false;
	enum att_err e = ATT_OK;

	while (!last && e == ATT_OK) {
		size_t len = chunk_next(s, &last);

		e = open_chunk(s, from, last, len);
		if (e == ATT_OK && to >= 0)
			e = write_at(to, s->plain, len, s->done);
		if (e == ATT_OK)
			advance(s, len, to >= 0 ? "opening" : "reading back");
	}
	return e;
}

enum att_err
backup_open(const struct vault *v, const struct store_backup *b, int from,
    int to, const struct store_watch *w, uint8_t hash[VAULT_HASH_LEN],
    const char **trouble)
{
	AUTO_SEALING struct sealing s = { 0 };
	uint8_t stream_head[VAULT_STREAM_HEAD];
	enum att_err e = sealing_start(&s, b, w);

	if (e == ATT_OK)
		e = read_at(from, stream_head, sizeof(stream_head), HEAD_LEN);
	if (e == ATT_OK)
		e = vault_stream_open_start(v, &s.stream, stream_head);
	if (e == ATT_OK)
		e = open_all(&s, from, to);
	vault_hash_end(&s.hash, hash);
	*trouble = "the backup is cut off";
	if (e == ATT_FORMAT)
		return ATT_CORRUPT;
	*trouble = e == ATT_CORRUPT ? "the backup was changed"
	    : e == ATT_IO	    ? strerror(errno)
				    : att_err_text(e);
	return e;
}
