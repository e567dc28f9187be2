#include "base/name.h"
#include "directory/directory.h"

#include <string.h>

/* The slots where a key can be, one after the other. */
struct probe {
	const uint8_t *slots;
	uint32_t mask, next, left, tag;
};

static inline struct probe
probe_start(const struct directory *d, enum directory_table t, uint64_t hash)
{
	const struct directory_extent *index = &d->head.table[t];

	return (struct probe){
		.slots = d->at + index->at,
		.mask = index->n - 1,
		.next = (uint32_t)hash,
		.left = d->head.probe_max,
		.tag = directory_slot(hash, 0),
	};
}

/* The next record that may be it, or 0. */
static inline uint32_t
probe_next(struct probe *p)
{
	const uint32_t ref_mask = (1u << DIRECTORY_REF_BITS) - 1;

	while (p->left > 0) {
		const uint32_t slot = att_le32_at(p->slots +
		    (size_t)(p->next & p->mask) * DIRECTORY_SLOT_LEN);

		if (slot == 0)
			return 0;
		p->left--;
		p->next++;
		if ((slot & ~ref_mask) == p->tag)
			return (slot & ref_mask) * DIRECTORY_RECORD_ALIGN;
	}
	return 0;
}

/* Bytes from ref to the end of a table; 0 if ref is not inside. */
static inline size_t
room_at(const struct directory_extent *table, size_t bytes, uint32_t ref)
{
	if (ref < table->at || ref - table->at >= bytes)
		return 0;
	return bytes - (ref - table->at);
}

/* att_id_ok() too: the header's bounds were seen to lie within its own. */
static inline bool
id_in(const struct directory *d, uint32_t id)
{
	return id >= d->head.id_min && id <= d->head.id_max &&
	    !att_id_is_nobodys(id);
}

/* A person record inside the file, its lengths added up and its check made. */
struct record {
	const uint8_t *at;
	uint32_t uid, gid, number;
	uint16_t gids, gecos_len, home_len, shell_len;
	uint8_t name_len;
	size_t text; /* bytes of the strings */
	uint32_t gids_at;
};

static inline size_t
text_of(const struct record *r)
{
	return (size_t)r->name_len + r->home_len + r->shell_len + r->gecos_len +
	    DIRECTORY_TEXT_LEN;
}

/* Fields are read once, so that what was checked is what is used. */
static inline bool
record_read(const struct directory *d, uint32_t ref, struct record *r)
{
	const struct directory_extent *records =
	    &d->head.table[DIRECTORY_RECORDS];
	const size_t room = room_at(records, records->n, ref);
	const uint8_t *at = d->at + ref;
	size_t len;

	if (room < DIRECTORY_PERSON_LEN || ref % DIRECTORY_RECORD_ALIGN != 0)
		return false;
	r->at = at;
	r->uid = att_le32_at(at + 8);
	r->gid = att_le32_at(at + 12);
	r->number = att_le32_at(at + 16);
	r->gids = att_le16_at(at + 20);
	r->home_len = att_le16_at(at + 22);
	r->shell_len = att_le16_at(at + 24);
	r->gecos_len = att_le16_at(at + 26);
	r->name_len = at[28];
	r->text = text_of(r);
	r->gids_at =
	    ref + DIRECTORY_PERSON_LEN + (uint32_t)((r->text + 3) & ~(size_t)3);
	len = r->gids_at - ref + 4u * (size_t)r->gids;
	return r->name_len <= DIRECTORY_NAME_MAX &&
	    r->gids <= DIRECTORY_GIDS_MAX && len <= room &&
	    directory_check(&d->head.key, DIRECTORY_SEED_PERSON, at + 8,
		len - 8) == att_le64_at(at) &&
	    id_in(d, r->uid) && id_in(d, r->gid);
}

static inline void
record_give(const struct record *r, struct directory_person *out)
{
	const uint8_t *name = r->at + DIRECTORY_PERSON_LEN;
	const uint8_t *gecos = name + r->name_len + 3;
	const uint8_t *home = gecos + r->gecos_len + 1;
	const uint8_t *shell = home + r->home_len + 1;

	*out = (struct directory_person){
		.number = r->number,
		.uid = r->uid,
		.gid = r->gid,
		.text = { name, r->text },
		.name = { name, r->name_len },
		.gecos = { gecos, r->gecos_len },
		.home = { home, r->home_len },
		.shell = { shell, r->shell_len },
		.gids_at = r->gids_at,
		.gids = r->gids,
	};
}

/* Names are short and compared on each lookup: by words, from both ends. */
static inline bool
name_is(struct att_slice s, const char *name, size_t len)
{
	const uint8_t *a = s.at, *b = (const uint8_t *)name;

	if (s.len != len)
		return false;
	if (len < 8)
		return memcmp(a, b, len) == 0;
	for (size_t i = 0; i + 8 < len; i += 8)
		if (att_le64_at(a + i) != att_le64_at(b + i))
			return false;
	return att_le64_at(a + len - 8) == att_le64_at(b + len - 8);
}

/* Names that were not compared with a checked one need their own check. */
static inline bool
name_ok(struct att_slice s)
{
	return att_login_ok((const char *)s.at, s.len);
}

static inline struct att_slice
name_of(const struct record *r)
{
	return (struct att_slice){ r->at + DIRECTORY_PERSON_LEN, r->name_len };
}

enum att_err
directory_by_login(const struct directory *d, const char *name, size_t len,
    struct directory_person *out)
{
	enum att_err e = ATT_ABSENT;
	struct probe probe = probe_start(d, DIRECTORY_BY_NAME,
	    directory_hash(&d->head.key, (const uint8_t *)name, len));
	struct record r;
	uint32_t ref;

	while ((ref = probe_next(&probe)) != 0) {
		if (!record_read(d, ref, &r)) {
			e = ATT_CORRUPT;
			continue;
		}
		if (!name_is(name_of(&r), name, len))
			continue;
		record_give(&r, out);
		return ATT_OK;
	}
	return e;
}

enum att_err
directory_by_name(const struct directory *d, const char *name, size_t len,
    struct directory_person *out)
{
	if (!att_login_ok(name, len))
		return ATT_ABSENT;
	return directory_by_login(d, name, len, out);
}

enum att_err
directory_by_uid(
    const struct directory *d, uint32_t uid, struct directory_person *out)
{
	enum att_err e = ATT_ABSENT;
	struct probe probe;
	struct record r;
	uint32_t ref;

	if (!id_in(d, uid))
		return ATT_ABSENT;
	probe = probe_start(
	    d, DIRECTORY_BY_UID, directory_hash_id(&d->head.key, uid));
	while ((ref = probe_next(&probe)) != 0) {
		if (!record_read(d, ref, &r)) {
			e = ATT_CORRUPT;
			continue;
		}
		if (r.uid != uid)
			continue;
		if (!name_ok(name_of(&r)))
			return ATT_CORRUPT;
		record_give(&r, out);
		return ATT_OK;
	}
	return e;
}

enum att_err
directory_person_at(
    const struct directory *d, uint32_t number, struct directory_person *out)
{
	const struct directory_extent *people =
	    &d->head.table[DIRECTORY_PEOPLE];
	struct record r;

	if (number >= people->n)
		return ATT_ABSENT;
	if (!record_read(
		d, att_le32_at(d->at + people->at + 4u * (size_t)number), &r))
		return ATT_CORRUPT;
	if (r.number != number || !name_ok(name_of(&r)))
		return ATT_CORRUPT;
	record_give(&r, out);
	return ATT_OK;
}

static enum att_err
group_read(const struct directory *d, uint32_t ref, struct directory_group *out)
{
	const struct directory_extent *groups =
	    &d->head.table[DIRECTORY_GROUPS];
	const struct directory_extent *members =
	    &d->head.table[DIRECTORY_MEMBERS];
	const size_t room =
	    room_at(groups, (size_t)groups->n * DIRECTORY_GROUP_LEN, ref);
	struct directory_group g;
	const uint8_t *at;

	if (room < DIRECTORY_GROUP_LEN ||
	    (ref - groups->at) % DIRECTORY_GROUP_LEN != 0)
		return ATT_CORRUPT;
	at = d->at + ref;
	if (directory_check(&d->head.key, DIRECTORY_SEED_GROUP, at + 8,
		DIRECTORY_GROUP_LEN - 8) != att_le64_at(at))
		return ATT_CORRUPT;
	g.number = (ref - groups->at) / DIRECTORY_GROUP_LEN;
	g.members_check = att_le64_at(at + 8);
	g.gid = att_le32_at(at + 16);
	g.members = att_le32_at(at + 20);
	g.members_at = att_le32_at(at + 24);
	g.members_len = att_le32_at(at + 28);
	g.name = (struct att_slice){ at + 32,
		strnlen((const char *)at + 32, DIRECTORY_NAME_MAX) };

	/* A name is a byte at least, and its terminator. */
	if (g.members > g.members_len / 2)
		return ATT_CORRUPT;
	if (g.members_len > 0 &&
	    room_at(members, members->n, g.members_at) < g.members_len)
		return ATT_CORRUPT;
	if (!id_in(d, g.gid) || !name_ok(g.name))
		return ATT_CORRUPT;
	*out = g;
	return ATT_OK;
}

enum att_err
directory_group_by_name(const struct directory *d, const char *name, size_t len,
    struct directory_group *out)
{
	enum att_err e = ATT_ABSENT;
	struct directory_group g;
	struct probe probe;
	uint32_t ref;

	if (!att_login_ok(name, len))
		return ATT_ABSENT;
	probe = probe_start(d, DIRECTORY_GROUP_BY_NAME,
	    directory_hash(&d->head.key, (const uint8_t *)name, len));
	while ((ref = probe_next(&probe)) != 0) {
		if (group_read(d, ref, &g) != ATT_OK) {
			e = ATT_CORRUPT;
			continue;
		}
		if (!name_is(g.name, name, len))
			continue;
		*out = g;
		return ATT_OK;
	}
	return e;
}

enum att_err
directory_group_by_gid(
    const struct directory *d, uint32_t gid, struct directory_group *out)
{
	enum att_err e = ATT_ABSENT;
	struct directory_group g;
	struct probe probe;
	uint32_t ref;

	if (!id_in(d, gid))
		return ATT_ABSENT;
	probe = probe_start(
	    d, DIRECTORY_GROUP_BY_GID, directory_hash_id(&d->head.key, gid));
	while ((ref = probe_next(&probe)) != 0) {
		if (group_read(d, ref, &g) != ATT_OK) {
			e = ATT_CORRUPT;
			continue;
		}
		if (g.gid != gid)
			continue;
		*out = g;
		return ATT_OK;
	}
	return e;
}

enum att_err
directory_group_at(
    const struct directory *d, uint32_t number, struct directory_group *out)
{
	const struct directory_extent *groups =
	    &d->head.table[DIRECTORY_GROUPS];

	if (number >= groups->n)
		return ATT_ABSENT;
	return group_read(d, groups->at + number * DIRECTORY_GROUP_LEN, out);
}

uint32_t
directory_gid(
    const struct directory *d, const struct directory_person *p, uint16_t i)
{
	return att_le32_at(d->at + p->gids_at + 4u * (size_t)i);
}

/* The copy is checked, so what is checked is what the caller has. */
enum att_err
directory_members(
    const struct directory *d, const struct directory_group *g, char *names)
{
	const uint8_t *copy = (const uint8_t *)names;
	uint32_t ends = 0;

	memcpy(names, d->at + g->members_at, g->members_len);
	if (directory_check(&d->head.key, DIRECTORY_SEED_MEMBERS, copy,
		g->members_len) != g->members_check)
		return ATT_CORRUPT;
	if (g->members_len > 0 && names[g->members_len - 1] != '\0')
		return ATT_CORRUPT;
	for (size_t i = 0; i < g->members_len; i++)
		ends += names[i] == '\0';
	return ends == g->members ? ATT_OK : ATT_CORRUPT;
}
