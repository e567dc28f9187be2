#include "base/owner.h"
#include "directory/draft.h"
#include "directory/sink.h"

#include <stdlib.h>
#include <string.h>

typedef void
member_each(void *ctx, uint32_t group, const uint8_t *name, size_t len);

/* Call each() for every membership of one of our groups, people in order. */
static void
for_each_member(const struct publish *p, member_each *each, void *ctx)
{
	for (uint32_t i = 0; i < p->people; i++) {
		const uint8_t *at = p->records + p->person[i];
		const size_t gids = att_le16_at(at + 20);
		const uint8_t *gid = at + DIRECTORY_PERSON_LEN;
		size_t text = (size_t)at[28] + att_le16_at(at + 22) +
		    att_le16_at(at + 24) + att_le16_at(at + 26) +
		    DIRECTORY_TEXT_LEN;
		uint32_t group;

		gid += (text + 3) & ~(size_t)3;
		for (size_t g = 0; g < gids; g++, gid += 4)
			if (publish_find_gid(p, att_le32_at(gid), &group))
				each(ctx, group, at + DIRECTORY_PERSON_LEN,
				    at[28]);
	}
}

static void
count_member(void *ctx, uint32_t group, const uint8_t *name, size_t len)
{
	struct publish *p = ctx;

	p->group[group].members++;
	p->group[group].members_len += len + 1;
}

struct names {
	uint8_t *at; /* zeroed, so that terminators are there already */
	uint32_t *next; /* of each group */
};

static void
copy_member(void *ctx, uint32_t group, const uint8_t *name, size_t len)
{
	struct names *n = ctx;

	memcpy(n->at + n->next[group], name, len);
	n->next[group] += (uint32_t)len + 1;
}

/* Count members; give every group its place. */
static enum att_err
members_count(struct publish *p, uint64_t *len)
{
	uint64_t sum = 0;

	for (uint32_t g = 0; g < p->groups; g++) {
		p->group[g].members = 0;
		p->group[g].members_len = 0;
	}
	for_each_member(p, count_member, p);
	for (uint32_t g = 0; g < p->groups; g++) {
		p->group[g].members_at = sum;
		sum += p->group[g].members_len;
	}
	if (sum > DIRECTORY_SIZE_MAX)
		return ATT_LIMIT;
	*len = sum;
	return ATT_OK;
}

/* Owned by the caller: all names, the groups one after the other. */
static enum att_err
members_new(struct publish *p, uint8_t **out, uint64_t *out_len)
{
	ATT_AUTO_FREE uint8_t *at = NULL;
	ATT_AUTO_FREE uint32_t *next = NULL;
	struct names names;
	uint64_t len;
	enum att_err e = members_count(p, &len);

	if (e != ATT_OK)
		return e;
	at = calloc(len + 1, 1);
	next = calloc(p->groups + 1, sizeof(*next));
	if (at == NULL || next == NULL)
		return ATT_NOMEM;
	for (uint32_t g = 0; g < p->groups; g++)
		next[g] = (uint32_t)p->group[g].members_at;
	names = (struct names){ at, next };
	for_each_member(p, copy_member, &names);
	*out = att_take_ptr(at);
	*out_len = len;
	return ATT_OK;
}

static void
table_start(struct sink *s, struct directory_head *h, enum directory_table t,
    uint64_t n)
{
	sink_align(s);
	h->table[t] = (struct directory_extent){ (uint32_t)s->at, (uint32_t)n };
}

static void
put_people(struct sink *s, struct directory_head *h, const struct publish *p)
{
	const uint64_t table = s->at + 4 * (uint64_t)p->people;
	const uint64_t records =
	    (table + DIRECTORY_ALIGN - 1) / DIRECTORY_ALIGN * DIRECTORY_ALIGN;

	table_start(s, h, DIRECTORY_PEOPLE, p->people);
	for (uint32_t i = 0; i < p->people; i++)
		sink_put_le32(s, (uint32_t)(records + p->person[i]));
	table_start(s, h, DIRECTORY_RECORDS, p->records_len);
	sink_put(s, p->records, p->records_len);
}

static void
put_group(struct sink *s, const struct directory_key *key,
    const struct draft_group *g, const uint8_t *names, uint64_t names_at)
{
	uint8_t record[DIRECTORY_GROUP_LEN];
	struct att_writer w = att_writer_of(record + 8, sizeof(record) - 8);

	att_put_le64(&w,
	    directory_check(key, DIRECTORY_SEED_MEMBERS, names + g->members_at,
		g->members_len));
	att_put_le32(&w, g->gid);
	att_put_le32(&w, g->members);
	att_put_le32(&w, (uint32_t)(names_at + g->members_at));
	att_put_le32(&w, (uint32_t)g->members_len);
	att_put_bytes(&w, g->name, sizeof(g->name));
	w = att_writer_of(record, 8);
	att_put_le64(&w,
	    directory_check(
		key, DIRECTORY_SEED_GROUP, record + 8, sizeof(record) - 8));
	sink_put(s, record, sizeof(record));
}

static void
put_groups(struct sink *s, struct directory_head *h, const struct publish *p,
    const uint8_t *names, uint64_t names_len)
{
	uint64_t names_at;

	table_start(s, h, DIRECTORY_GROUPS, p->groups);
	names_at = s->at + (uint64_t)p->groups * DIRECTORY_GROUP_LEN;
	for (uint32_t g = 0; g < p->groups; g++)
		put_group(s, &p->key, &p->group[g], names, names_at);
	table_start(s, h, DIRECTORY_MEMBERS, names_len);
	sink_put(s, names, names_len);
}

static uint32_t
person_ref(const struct publish *p, const struct directory_head *h, uint32_t i)
{
	return h->table[DIRECTORY_RECORDS].at + p->person[i];
}

static uint32_t
group_ref(const struct publish *p, const struct directory_head *h, uint32_t i)
{
	return h->table[DIRECTORY_GROUPS].at + i * DIRECTORY_GROUP_LEN;
}

typedef uint32_t index_ref(
    const struct publish *p, const struct directory_head *h, uint32_t number);

static void
put_index(struct sink *s, struct directory_head *h, const struct publish *p,
    enum directory_table t, const struct index *x, index_ref *ref)
{
	table_start(s, h, t, x->slots);
	for (uint32_t i = 0; i < x->slots; i++) {
		const struct index_slot *slot = &x->slot[i];

		sink_put_le32(s,
		    slot->used
			? directory_slot(slot->hash, ref(p, h, slot->number))
			: 0);
	}
}

static enum att_err
settle(struct publish *p, uint32_t *probe_max)
{
	struct index *all[] = { &p->by_name, &p->by_uid, &p->group_by_name,
		&p->group_by_gid };

	*probe_max = 0;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		enum att_err e = index_settle(all[i], DIRECTORY_PROBE_MAX);

		if (e != ATT_OK)
			return e;
		if (index_longest(all[i]) > *probe_max)
			*probe_max = index_longest(all[i]);
	}
	return ATT_OK;
}

static enum att_err
write_to(
    struct publish *p, struct sink *s, const uint8_t *names, uint64_t names_len)
{
	struct directory_head h = {
		.generation = p->opt.generation,
		.made_utc = p->opt.made_utc,
		.key = p->key,
		.flags = (p->opt.enumerable ? DIRECTORY_ENUMERABLE : 0) |
		    (p->opt.userdb ? DIRECTORY_USERDB : 0),
		.id_min = p->opt.id_min,
		.id_max = p->opt.id_max,
	};
	enum att_err e = settle(p, &h.probe_max);

	if (e != ATT_OK)
		return e;
	put_people(s, &h, p);
	put_groups(s, &h, p, names, names_len);
	put_index(s, &h, p, DIRECTORY_BY_NAME, &p->by_name, person_ref);
	put_index(s, &h, p, DIRECTORY_BY_UID, &p->by_uid, person_ref);
	put_index(
	    s, &h, p, DIRECTORY_GROUP_BY_NAME, &p->group_by_name, group_ref);
	put_index(
	    s, &h, p, DIRECTORY_GROUP_BY_GID, &p->group_by_gid, group_ref);
	return sink_commit(s, &h);
}

enum att_err
publish_write(struct publish *p, const char *path)
{
	ATT_AUTO_FREE struct sink *s = malloc(sizeof(*s));
	ATT_AUTO_FREE uint8_t *names = NULL;
	uint64_t names_len;
	enum att_err e;

	if (s == NULL)
		return ATT_NOMEM;
	e = members_new(p, &names, &names_len);
	if (e != ATT_OK)
		return e;
	e = sink_open(s, path, &p->key);
	if (e == ATT_OK)
		e = write_to(p, s, names, names_len);
	sink_drop(s);
	return e;
}
