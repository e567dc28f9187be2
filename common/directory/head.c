#include "directory/head.h"

#include "base/bytes.h"
#include "base/name.h"

#include <string.h>

#define CHECK_AT (DIRECTORY_HEAD_LEN - 8)
#define KEY_AT	 40

static const uint8_t width[DIRECTORY_TABLES] = {
	[DIRECTORY_PEOPLE] = 4,
	[DIRECTORY_RECORDS] = 1,
	[DIRECTORY_GROUPS] = DIRECTORY_GROUP_LEN,
	[DIRECTORY_MEMBERS] = 1,
	[DIRECTORY_BY_NAME] = DIRECTORY_SLOT_LEN,
	[DIRECTORY_BY_UID] = DIRECTORY_SLOT_LEN,
	[DIRECTORY_GROUP_BY_NAME] = DIRECTORY_SLOT_LEN,
	[DIRECTORY_GROUP_BY_GID] = DIRECTORY_SLOT_LEN,
};

size_t
directory_width(enum directory_table t)
{
	return width[t];
}

/* Over everything but the superseded word and the check itself. */
static uint64_t
head_check(const struct directory_key *k, const uint8_t *at)
{
	const size_t behind = DIRECTORY_SUPERSEDED_AT + 4;
	uint64_t c = directory_check(
	    k, DIRECTORY_SEED_HEAD, at, DIRECTORY_SUPERSEDED_AT);

	return directory_check(k, c, at + behind, CHECK_AT - behind);
}

static bool
table_ok(const struct directory_head *h, enum directory_table t)
{
	const struct directory_extent *e = &h->table[t];

	if (e->at < DIRECTORY_HEAD_LEN || e->at % DIRECTORY_ALIGN != 0)
		return false;
	if (e->at > h->size)
		return false;
	return e->n <= (h->size - e->at) / width[t];
}

static bool
index_ok(const struct directory_head *h, enum directory_table t)
{
	const uint32_t slots = h->table[t].n;

	return slots > 0 && (slots & (slots - 1)) == 0;
}

static bool
head_ok(const struct directory_head *h)
{
	if ((h->flags & ~(DIRECTORY_ENUMERABLE | DIRECTORY_USERDB)) != 0)
		return false;
	if (h->id_min < ATT_ID_FLOOR || h->id_max > ATT_ID_CEILING ||
	    h->id_min > h->id_max)
		return false;
	if (h->probe_max > DIRECTORY_PROBE_MAX)
		return false;
	for (unsigned t = 0; t < DIRECTORY_TABLES; t++)
		if (!table_ok(h, t) ||
		    (t >= DIRECTORY_BY_NAME && !index_ok(h, t)))
			return false;
	return true;
}

enum att_err
directory_head_read(struct directory_head *out, const uint8_t *at, size_t size)
{
	struct att_reader r = att_reader_of(at, size);
	struct directory_head h = { 0 };
	uint32_t format;

	if (size < DIRECTORY_HEAD_LEN || size > DIRECTORY_SIZE_MAX)
		return ATT_CORRUPT;
	if (memcmp(att_take_bytes(&r, 8).at, DIRECTORY_MAGIC, 8) != 0)
		return ATT_CORRUPT;
	format = att_take_le32(&r);
	if (format > DIRECTORY_FORMAT)
		return ATT_NEWER;
	if (format != DIRECTORY_FORMAT)
		return ATT_CORRUPT;

	h.key = directory_key_of(at + KEY_AT);
	if (head_check(&h.key, at) != att_le64_at(at + CHECK_AT))
		return ATT_CORRUPT;

	(void)att_take_le32(&r); /* superseded: may change under us */
	h.size = att_take_le64(&r);
	h.generation = att_take_le64(&r);
	h.made_utc = (int64_t)att_take_le64(&r);
	(void)att_take_bytes(&r, DIRECTORY_KEY_LEN);
	h.flags = att_take_le32(&r);
	h.id_min = att_take_le32(&r);
	h.id_max = att_take_le32(&r);
	h.probe_max = att_take_le32(&r);
	for (unsigned t = 0; t < DIRECTORY_TABLES; t++) {
		h.table[t].at = att_take_le32(&r);
		h.table[t].n = att_take_le32(&r);
	}
	h.content_check = att_take_le64(&r);
	if (r.failed || h.size != size || !head_ok(&h))
		return ATT_CORRUPT;
	*out = h;
	return ATT_OK;
}

void
directory_head_write(
    const struct directory_head *h, uint8_t out[DIRECTORY_HEAD_LEN])
{
	struct att_writer w = att_writer_of(out, DIRECTORY_HEAD_LEN);

	memset(out, 0, DIRECTORY_HEAD_LEN);
	att_put_bytes(&w, DIRECTORY_MAGIC, 8);
	att_put_le32(&w, DIRECTORY_FORMAT);
	att_put_le32(&w, 0);
	att_put_le64(&w, h->size);
	att_put_le64(&w, h->generation);
	att_put_le64(&w, (uint64_t)h->made_utc);
	att_put_le64(&w, h->key.k0);
	att_put_le64(&w, h->key.k1);
	att_put_le32(&w, h->flags);
	att_put_le32(&w, h->id_min);
	att_put_le32(&w, h->id_max);
	att_put_le32(&w, h->probe_max);
	for (unsigned t = 0; t < DIRECTORY_TABLES; t++) {
		att_put_le32(&w, h->table[t].at);
		att_put_le32(&w, h->table[t].n);
	}
	att_put_le64(&w, h->content_check);
	w = att_writer_of(out + CHECK_AT, 8);
	att_put_le64(&w, head_check(&h->key, out));
}
