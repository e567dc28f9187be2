#include "store/team.h"

#include "base/localdb.h"
#include "store/person.h"

#include <stdio.h>
#include <string.h>

#define TEAM_SITE "site"

enum att_err
team_range_set(struct store *s, struct store_id_range ids)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_SITE_RANGE_SET);

	if (!att_id_ok(ids.min) || !att_id_ok(ids.max) || ids.min > ids.max)
		return db_trouble(s, ATT_FORMAT, "ids: not a range for people");
	db_bind_int(&q, ":min", ids.min);
	db_bind_int(&q, ":max", ids.max);
	return db_run(&q);
}

struct ids {
	struct store_id_range range;
	uint32_t next_uid, next_gid; /* 0: none allocated yet */
};

static enum att_err
ids_get(struct store *s, struct ids *out)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_SITE_IDS);
	struct ids i = { 0 };
	enum att_err e = db_step(&q);

	if (e == ATT_ABSENT)
		return db_trouble(s, ATT_CORRUPT, "no site row");
	i.range.min = (uint32_t)db_take_int_in(&q, 1, UINT32_MAX);
	i.range.max = (uint32_t)db_take_int_in(&q, 1, UINT32_MAX);
	i.next_uid = (uint32_t)db_take_int_in(&q, 0, UINT32_MAX);
	i.next_gid = (uint32_t)db_take_int_in(&q, 0, UINT32_MAX);
	e = db_query_done(&q);
	if (e == ATT_OK)
		*out = i;
	return e;
}

typedef enum att_err find_local(uint32_t id);

/*
 * Ascending, never one below next again, also when the range was moved. Not
 * one that a local file has: it could not be published.
 */
static enum att_err
id_next(struct store *s, struct store_id_range range, uint32_t next,
    find_local *local, uint32_t *id)
{
	uint32_t n = next > range.min ? next : range.min;

	for (; n <= range.max; n++) {
		enum att_err e = att_id_ok(n) ? local(n) : ATT_OK;

		if (e == ATT_ABSENT) {
			*id = n;
			return ATT_OK;
		}
		if (e != ATT_OK)
			return db_trouble(
			    s, e, "the local accounts cannot be read");
	}
	return db_trouble(s, ATT_LIMIT, "the id range is used up");
}

static enum att_err
next_set(struct store *s, enum store_stmt which, uint32_t next)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, which);

	db_bind_int(&q, ":next", next);
	return db_run(&q);
}

enum att_err
team_uid_next(struct store *s, uint32_t *uid)
{
	struct ids i;
	uint32_t n = 0;
	enum att_err e = ids_get(s, &i);

	if (e == ATT_OK)
		e = id_next(s, i.range, i.next_uid, att_local_uid_find, &n);
	if (e == ATT_OK)
		e = next_set(s, STMT_SITE_UID_SET, n + 1);
	if (e == ATT_OK)
		*uid = n;
	return e;
}

static enum att_err
gid_next(struct store *s, uint32_t *gid)
{
	struct ids i;
	uint32_t n = 0;
	enum att_err e = ids_get(s, &i);

	if (e == ATT_OK)
		e = id_next(s, i.range, i.next_gid, att_local_gid_find, &n);
	if (e == ATT_OK)
		e = next_set(s, STMT_SITE_GID_SET, n + 1);
	if (e == ATT_OK)
		*gid = n;
	return e;
}

enum att_err
team_touch_directory(struct store *s)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_SITE_TOUCH);

	return db_run(&q);
}

enum att_err
team_directory_touched(struct store *s, uint64_t generation)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_SITE_TOUCHED);

	db_bind_int(&q, ":generation", (int64_t)generation);
	return db_run(&q);
}

static enum att_err
by_unit(struct store *s, const char *kind, const char *unit, uint32_t *gid)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_TEAM_BY_UNIT);
	uint32_t found;
	enum att_err e;

	db_bind_text(&q, ":kind", kind);
	db_bind_text(&q, ":unit", unit);
	e = db_step(&q);
	if (e != ATT_OK)
		return e;
	found = (uint32_t)db_take_int_in(&q, 1, UINT32_MAX);
	e = db_query_done(&q);
	if (e == ATT_OK)
		*gid = found;
	return e;
}

/* ATT_OK: taken. ATT_ABSENT: free. */
static enum att_err
by_name(struct store *s, const char *name)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_TEAM_BY_NAME);

	db_bind_text(&q, ":name", name);
	return db_step(&q);
}

static enum att_err
team_add(struct store *s, uint32_t gid, const char *kind, const char *unit,
    const char *name)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_TEAM_ADD);

	db_bind_int(&q, ":gid", gid);
	db_bind_text(&q, ":kind", kind);
	db_bind_text(&q, ":unit", unit);
	db_bind_text(&q, ":name", name);
	return db_run(&q);
}

/* "dept-research"; false if nothing readable is left or it is too long. */
static bool
slug(char out[ATT_LOGIN_MAX + 1], const char *prefix, const char *unit)
{
	size_t len = strlen(prefix);
	bool readable = false;

	if (len + strlen(unit) > ATT_LOGIN_MAX)
		return false;
	memcpy(out, prefix, len);
	for (; *unit != '\0'; unit++) {
		char c = *unit;

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			readable = true;
		else
			c = '-';
		out[len++] = c;
	}
	out[len] = '\0';
	return readable;
}

/* A name for the unit's group that no other group has. */
static enum att_err
free_name(struct store *s, char out[ATT_LOGIN_MAX + 1], const char *kind,
    const char *unit)
{
	const char *prefix =
	    strcmp(kind, TEAM_DEPARTMENT) == 0 ? "dept-" : "role-";
	enum att_err e = ATT_OK;

	if (slug(out, prefix, unit))
		e = by_name(s, out);
	for (unsigned n = 1; e == ATT_OK; n++) {
		(void)snprintf(out, ATT_LOGIN_MAX + 1, "%s%u", prefix, n);
		e = by_name(s, out);
	}
	return e == ATT_ABSENT ? ATT_OK : e;
}

enum att_err
team_find(struct store *s, const char *kind, const char *unit, uint32_t *gid)
{
	char name[ATT_LOGIN_MAX + 1];
	uint32_t fresh = 0;
	enum att_err e;

	if (unit[0] == '\0') {
		*gid = 0;
		return ATT_OK;
	}
	e = by_unit(s, kind, unit, gid);
	if (e != ATT_ABSENT)
		return e;
	e = free_name(s, name, kind, unit);
	if (e == ATT_OK)
		e = gid_next(s, &fresh);
	if (e == ATT_OK)
		e = team_add(s, fresh, kind, unit, name);
	if (e == ATT_OK)
		*gid = fresh;
	return e;
}

enum att_err
store_group_site(struct store *s, const struct store_by *by,
    struct store_id_range ids, const char *name)
{
	struct detail d = { 0 };
	uint32_t gid = 0;
	enum att_err e = db_need_tx(s);

	if (e != ATT_OK)
		return e;
	if (!att_login_ok(name, strlen(name)))
		return db_trouble(s, ATT_FORMAT, "group: not a group name");
	e = by_unit(s, TEAM_SITE, "", &gid);
	if (e != ATT_ABSENT)
		return e; /* it is there, or an error */
	e = by_name(s, name);
	if (e == ATT_OK)
		return db_trouble(
		    s, ATT_EXISTS, "group: the name is another group's");
	if (e == ATT_ABSENT)
		e = team_range_set(s, ids);
	if (e == ATT_OK)
		e = gid_next(s, &gid);
	if (e == ATT_OK)
		e = team_add(s, gid, TEAM_SITE, "", name);
	if (e == ATT_OK)
		e = team_touch_directory(s);
	if (e != ATT_OK)
		return e;
	detail_int(&d, "gid", gid);
	return chain_append(s, by, "group-site", NULL, d.text);
}

enum att_err
store_group_list(struct store *s, store_group_each *each, void *ctx)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_TEAM_LIST);
	enum att_err e;

	while ((e = db_step(&q)) == ATT_OK) {
		struct store_group g = { 0 };

		g.gid = (uint32_t)db_take_int_in(&q, 1, UINT32_MAX);
		db_take_text(&q, g.name, sizeof(g.name));
		db_take_text(&q, g.kind, sizeof(g.kind));
		db_take_text(&q, g.unit, sizeof(g.unit));
		if (db_query_done(&q) != ATT_OK)
			return db_query_done(&q);
		if (!each(ctx, &g))
			return ATT_OK;
	}
	return e == ATT_ABSENT ? ATT_OK : e;
}
