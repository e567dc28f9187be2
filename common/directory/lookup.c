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

static inline bool
id_in(const struct directory *d, uint32_t id)
{
	return id >= d->head.id_min && id <= d->head.id_max && att_id_ok(id);
}

static inline struct att_slice
cut(const uint8_t **at, size_t len)
{
	struct att_slice s = { .at = *at, .len = len };

	*at += len;
	return s;
}

/* Fields are read once, so that what was checked is what is used. */
static enum att_err
person_read(
    const struct directory *d, uint32_t ref, struct directory_person *out)
{
	const struct directory_extent *records =
	    &d->head.table[DIRECTORY_RECORDS];
	const size_t room = room_at(records, records->n, ref);
	struct directory_person p;
	uint16_t home_len, shell_len, gecos_len;
	size_t name_len, text, len;
	const uint8_t *at;

	if (room < DIRECTORY_PERSON_LEN || ref % DIRECTORY_RECORD_ALIGN != 0)
		return ATT_CORRUPT;
	at = d->at + ref;
	p.uid = att_le32_at(at + 8);
	p.gid = att_le32_at(at + 12);
	p.number = att_le32_at(at + 16);
	p.gids = att_le16_at(at + 20);
	home_len = att_le16_at(at + 22);
	shell_len = att_le16_at(at + 24);
	gecos_len = att_le16_at(at + 26);
	name_len = at[28];
	text = name_len + home_len + shell_len + gecos_len;
	text = (text + 3) & ~(size_t)3;
	len = DIRECTORY_PERSON_LEN + text + 4u * (size_t)p.gids;
	if (name_len > DIRECTORY_NAME_MAX || p.gids > DIRECTORY_GIDS_MAX ||
	    len > room)
		return ATT_CORRUPT;
	if (directory_check(&d->head.key, DIRECTORY_SEED_PERSON, at + 8,
		len - 8) != att_le64_at(at))
		return ATT_CORRUPT;

	p.gids_at = ref + DIRECTORY_PERSON_LEN + (uint32_t)text;
	at += DIRECTORY_PERSON_LEN;
	p.name = cut(&at, name_len);
	p.home = cut(&at, home_len);
	p.shell = cut(&at, shell_len);
	p.gecos = cut(&at, gecos_len);
	if (!id_in(d, p.uid) || !id_in(d, p.gid))
		return ATT_CORRUPT;
	*out = p;
	return ATT_OK;
}

static bool
name_is(struct att_slice s, const char *name, size_t len)
{
	return s.len == len && memcmp(s.at, name, len) == 0;
}

/* Names that were not compared with a checked one need their own check. */
static bool
name_ok(struct att_slice s)
{
	char name[DIRECTORY_NAME_MAX];

	if (s.len > sizeof(name))
		return false;
	memcpy(name, s.at, s.len);
	return att_login_ok(name, s.len);
}

enum att_err
directory_by_name(const struct directory *d, const char *name, size_t len,
    struct directory_person *out)
{
	enum att_err e = ATT_ABSENT;
	struct directory_person p;
	struct probe probe;
	uint32_t ref;

	if (!att_login_ok(name, len))
		return ATT_ABSENT;
	probe = probe_start(d, DIRECTORY_BY_NAME,
	    directory_hash(&d->head.key, (const uint8_t *)name, len));
	while ((ref = probe_next(&probe)) != 0) {
		if (person_read(d, ref, &p) != ATT_OK) {
			e = ATT_CORRUPT;
			continue;
		}
		if (!name_is(p.name, name, len))
			continue;
		*out = p;
		return ATT_OK;
	}
	return e;
}

enum att_err
directory_by_uid(
    const struct directory *d, uint32_t uid, struct directory_person *out)
{
	enum att_err e = ATT_ABSENT;
	struct directory_person p;
	struct probe probe;
	uint32_t ref;

	if (!id_in(d, uid))
		return ATT_ABSENT;
	probe = probe_start(
	    d, DIRECTORY_BY_UID, directory_hash_id(&d->head.key, uid));
	while ((ref = probe_next(&probe)) != 0) {
		if (person_read(d, ref, &p) != ATT_OK) {
			e = ATT_CORRUPT;
			continue;
		}
		if (p.uid != uid)
			continue;
		if (!name_ok(p.name))
			return ATT_CORRUPT;
		*out = p;
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
	struct directory_person p;

	if (number >= people->n)
		return ATT_ABSENT;
	if (person_read(d,
		att_le32_at(d->at + people->at + 4u * (size_t)number),
		&p) != ATT_OK)
		return ATT_CORRUPT;
	if (p.number != number || !name_ok(p.name))
		return ATT_CORRUPT;
	*out = p;
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
