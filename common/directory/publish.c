#include "directory/publish.h"

#include "base/name.h"
#include "directory/draft.h"

#include <stdlib.h>
#include <string.h>

#define RECORDS_FIRST 4096u
#define PEOPLE_FIRST  64u

static enum att_err
indexes_new(struct publish *p)
{
	struct index *all[] = { &p->by_name, &p->by_uid, &p->group_by_name,
		&p->group_by_gid };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		enum att_err e = index_new(all[i]);

		if (e != ATT_OK)
			return e;
	}
	return ATT_OK;
}

enum att_err
publish_new(struct publish **out, const struct publish_options *o)
{
	struct publish *p;
	enum att_err e;

	if (o->id_min < ATT_ID_FLOOR || o->id_max > ATT_ID_CEILING ||
	    o->id_min > o->id_max)
		return ATT_FORMAT;
	p = calloc(1, sizeof(*p));
	if (p == NULL)
		return ATT_NOMEM;
	p->opt = *o;
	p->key = directory_key_of(o->key);
	e = indexes_new(p);
	if (e != ATT_OK) {
		publish_free(p);
		return e;
	}
	*out = p;
	return ATT_OK;
}

void
publish_free(struct publish *p)
{
	if (p == NULL)
		return;
	index_free(&p->by_name);
	index_free(&p->by_uid);
	index_free(&p->group_by_name);
	index_free(&p->group_by_gid);
	free(p->records);
	free(p->person);
	free(p->group);
	free(p);
}

/* Room for one more element; *at and *cap change only on ATT_OK. */
static enum att_err
reserve(void **at, uint32_t *cap, uint32_t n, size_t width)
{
	const uint32_t want = *cap == 0 ? PEOPLE_FIRST : *cap * 2;
	void *grown;

	if (n < *cap)
		return ATT_OK;
	if (want > DIRECTORY_SIZE_MAX / 8)
		return ATT_LIMIT;
	grown = reallocarray(*at, want, width);
	if (grown == NULL)
		return ATT_NOMEM;
	*at = grown;
	*cap = want;
	return ATT_OK;
}

static enum att_err
reserve_record(struct publish *p, size_t len)
{
	size_t cap = p->records_cap == 0 ? RECORDS_FIRST : p->records_cap;
	uint8_t *grown;

	if (len > DIRECTORY_SIZE_MAX - p->records_len)
		return ATT_LIMIT;
	while (cap - p->records_len < len)
		cap *= 2;
	if (cap == p->records_cap)
		return ATT_OK;
	grown = realloc(p->records, cap);
	if (grown == NULL)
		return ATT_NOMEM;
	p->records = grown;
	p->records_cap = cap;
	return ATT_OK;
}

struct name_key {
	const struct publish *p;
	const char *name;
	size_t len;
};

struct id_key {
	const struct publish *p;
	uint32_t id;
};

static bool
person_has_name(const void *ctx, uint32_t number)
{
	const struct name_key *k = ctx;
	const uint8_t *at = k->p->records + k->p->person[number];

	return at[28] == k->len &&
	    memcmp(at + DIRECTORY_PERSON_LEN, k->name, k->len) == 0;
}

static bool
person_has_uid(const void *ctx, uint32_t number)
{
	const struct id_key *k = ctx;

	return att_le32_at(k->p->records + k->p->person[number] + 8) == k->id;
}

static bool
group_has_name(const void *ctx, uint32_t number)
{
	const struct name_key *k = ctx;
	const struct draft_group *g = &k->p->group[number];

	return g->name_len == k->len && memcmp(g->name, k->name, k->len) == 0;
}

static bool
group_has_gid(const void *ctx, uint32_t number)
{
	const struct id_key *k = ctx;

	return k->p->group[number].gid == k->id;
}

bool
publish_find_gid(const struct publish *p, uint32_t gid, uint32_t *number)
{
	const struct id_key k = { p, gid };

	return index_find(&p->group_by_gid, directory_hash_id(&p->key, gid),
	    group_has_gid, &k, number);
}

static bool
id_in(const struct publish *p, uint32_t id)
{
	return id >= p->opt.id_min && id <= p->opt.id_max && att_id_ok(id);
}

enum att_err
publish_group(struct publish *p, const char *name, uint32_t gid)
{
	const size_t len = strnlen(name, DIRECTORY_NAME_MAX + 1);
	const struct name_key key = { p, name, len };
	struct draft_group g = { .gid = gid, .name_len = (uint8_t)len };
	void *groups = p->group;
	uint64_t hash;
	uint32_t number;
	enum att_err e;

	if (!att_login_ok(name, len) || !id_in(p, gid))
		return ATT_FORMAT;
	hash = directory_hash(&p->key, (const uint8_t *)name, len);
	if (index_find(&p->group_by_name, hash, group_has_name, &key, &number))
		return ATT_EXISTS;
	if (publish_find_gid(p, gid, &number))
		return ATT_EXISTS;

	e = reserve(&groups, &p->groups_cap, p->groups, sizeof(*p->group));
	p->group = groups;
	if (e != ATT_OK)
		return e;
	e = index_reserve(&p->group_by_name);
	if (e == ATT_OK)
		e = index_reserve(&p->group_by_gid);
	if (e != ATT_OK)
		return e;

	memcpy(g.name, name, len);
	p->group[p->groups] = g;
	index_add(&p->group_by_name, hash, p->groups);
	index_add(&p->group_by_gid, directory_hash_id(&p->key, gid), p->groups);
	p->groups++;
	return ATT_OK;
}

static enum att_err
person_reserve(struct publish *p, size_t len)
{
	void *people = p->person;
	enum att_err e;

	e = reserve(&people, &p->people_cap, p->people, sizeof(*p->person));
	p->person = people;
	if (e == ATT_OK)
		e = reserve_record(p, len);
	if (e == ATT_OK)
		e = index_reserve(&p->by_name);
	if (e == ATT_OK)
		e = index_reserve(&p->by_uid);
	return e;
}

enum att_err
publish_person(struct publish *p, const char *name, uint32_t uid, uint32_t gid,
    const char *gecos, const char *home, const char *shell,
    const uint32_t *gids, size_t n)
{
	struct draft_person x = { .number = p->people,
		.uid = uid,
		.gid = gid,
		.name = att_slice_of(name),
		.home = att_slice_of(home),
		.shell = att_slice_of(shell),
		.gecos = att_slice_of(gecos) };
	const struct name_key by_name = { p, name, x.name.len };
	const struct id_key by_uid = { p, uid };
	const uint64_t uid_hash = directory_hash_id(&p->key, uid);
	uint64_t name_hash;
	uint32_t number;
	enum att_err e;
	size_t len;

	if (!att_login_ok(name, x.name.len) || !id_in(p, uid) || !id_in(p, gid))
		return ATT_FORMAT;
	e = draft_person_gids(&x, gids, n);
	if (e == ATT_OK)
		e = draft_person_check(&x);
	if (e != ATT_OK)
		return e;
	name_hash = directory_hash(&p->key, x.name.at, x.name.len);
	if (index_find(
		&p->by_name, name_hash, person_has_name, &by_name, &number) ||
	    index_find(&p->by_uid, uid_hash, person_has_uid, &by_uid, &number))
		return ATT_EXISTS;

	len = draft_person_len(&x);
	e = person_reserve(p, len);
	if (e != ATT_OK)
		return e;
	draft_person_write(&x, &p->key, p->records + p->records_len);
	p->person[p->people] = (uint32_t)p->records_len;
	p->records_len += len;
	index_add(&p->by_name, name_hash, p->people);
	index_add(&p->by_uid, uid_hash, p->people);
	p->people++;
	return ATT_OK;
}
