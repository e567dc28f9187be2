#include "directory/draft.h"

#include <stdlib.h>
#include <string.h>

static bool
gid_ok(uint32_t gid)
{
	return gid != 0 && gid != 65534 && gid != 65535 && gid != UINT32_MAX;
}

static int
gid_order(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

enum att_err
draft_person_gids(struct draft_person *x, const uint32_t *gids, size_t n)
{
	size_t kept = 0;

	if (n > DIRECTORY_GIDS_MAX)
		return ATT_LIMIT;
	for (size_t i = 0; i < n; i++) {
		if (!gid_ok(gids[i]))
			return ATT_FORMAT;
		x->gids[i] = gids[i];
	}
	qsort(x->gids, n, sizeof(*x->gids), gid_order);
	for (size_t i = 0; i < n; i++)
		if (x->gids[i] != x->gid &&
		    (kept == 0 || x->gids[kept - 1] != x->gids[i]))
			x->gids[kept++] = x->gids[i];
	x->n = kept;
	return ATT_OK;
}

/* Whether a line of the passwd file can hold it. */
static bool
byte_ok(uint8_t c)
{
	return c != ':' && c >= 0x20 && c != 0x7f;
}

static enum att_err
path_check(struct att_slice path)
{
	if (path.len > DIRECTORY_STRING_MAX)
		return ATT_LIMIT;
	if (path.len == 0 || path.at[0] != '/')
		return ATT_FORMAT;
	for (size_t i = 0; i < path.len; i++)
		if (!byte_ok(path.at[i]))
			return ATT_FORMAT;
	return ATT_OK;
}

enum att_err
draft_person_check(const struct draft_person *x)
{
	enum att_err e = path_check(x->home);

	if (e == ATT_OK)
		e = path_check(x->shell);
	if (e == ATT_OK && x->gecos.len > DIRECTORY_STRING_MAX)
		e = ATT_LIMIT;
	return e;
}

/* The strings, and zeros to a multiple of 4. */
static size_t
text_len(const struct draft_person *x)
{
	const size_t len = x->name.len + x->home.len + x->shell.len +
	    x->gecos.len + DIRECTORY_TEXT_LEN;

	return (len + 3) & ~(size_t)3;
}

static size_t
record_len(const struct draft_person *x)
{
	return DIRECTORY_PERSON_LEN + text_len(x) + 4 * x->n;
}

size_t
draft_person_len(const struct draft_person *x)
{
	const size_t align = DIRECTORY_RECORD_ALIGN;

	return (record_len(x) + align - 1) / align * align;
}

void
draft_person_write(
    const struct draft_person *x, const struct directory_key *key, uint8_t *at)
{
	const size_t len = record_len(x);
	struct att_writer w = att_writer_of(at + 8, len - 8);

	memset(at, 0, draft_person_len(x));
	att_put_le32(&w, x->uid);
	att_put_le32(&w, x->gid);
	att_put_le32(&w, x->number);
	att_put_le16(&w, (uint16_t)x->n);
	att_put_le16(&w, (uint16_t)x->home.len);
	att_put_le16(&w, (uint16_t)x->shell.len);
	att_put_le16(&w, (uint16_t)x->gecos.len);
	att_put_le32(&w, (uint32_t)x->name.len);
	att_put_bytes(&w, x->name.at, x->name.len);
	att_put_bytes(&w, "\0*\0", 3);
	for (size_t i = 0; i < x->gecos.len; i++)
		att_put_u8(&w, byte_ok(x->gecos.at[i]) ? x->gecos.at[i] : ' ');
	att_put_u8(&w, 0);
	att_put_bytes(&w, x->home.at, x->home.len);
	att_put_u8(&w, 0);
	att_put_bytes(&w, x->shell.at, x->shell.len);
	w = att_writer_of(at + len - 4 * x->n, 4 * x->n);
	for (size_t i = 0; i < x->n; i++)
		att_put_le32(&w, x->gids[i]);
	w = att_writer_of(at, 8);
	att_put_le64(
	    &w, directory_check(key, DIRECTORY_SEED_PERSON, at + 8, len - 8));
}
