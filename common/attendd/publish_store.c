#include "attendd/publish_store.h"

#include "base/localdb.h"
#include "base/owner.h"
#include "directory/publish.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>

#define LOCK_NAME ".lock"

/* Names and ids of the machine's own files, sorted for lookup. */
struct local_names {
	char (*name)[ATT_LOGIN_MAX + 1];
	uint32_t *id;
	size_t n, cap;
	enum att_err e;
};

struct run {
	struct publish *p;
	const struct config *c;
	struct local_names users, groups;
	uint32_t site_gid;
	uint32_t local_gids[CONFIG_GROUPS];
	size_t n_local;
	struct publish_report report;
	enum att_err e;
};

static bool
collect(void *ctx, const char *name, uint32_t id)
{
	struct local_names *l = ctx;

	if (l->n == l->cap) {
		size_t cap = l->cap == 0 ? 64 : l->cap * 2;
		void *names = reallocarray(l->name, cap, sizeof(*l->name));
		void *ids;

		if (names != NULL)
			l->name = names;
		ids = reallocarray(l->id, cap, sizeof(*l->id));
		if (ids != NULL)
			l->id = ids;
		if (names == NULL || ids == NULL) {
			l->e = ATT_NOMEM;
			return false;
		}
		l->cap = cap;
	}
	/* a longer name cannot collide with one of ours */
	(void)snprintf(l->name[l->n], sizeof(l->name[0]), "%s",
	    strlen(name) <= ATT_LOGIN_MAX ? name : "");
	l->id[l->n++] = id;
	return true;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

static int
by_id(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static void
sort(struct local_names *l)
{
	if (l->n == 0)
		return;
	qsort(l->name, l->n, sizeof(l->name[0]), by_name);
	qsort(l->id, l->n, sizeof(l->id[0]), by_id);
}

static void
clear(struct local_names *l)
{
	free(l->name);
	free(l->id);
}

static bool
has_id(const struct local_names *l, uint32_t id)
{
	return l->n > 0 &&
	    bsearch(&id, l->id, l->n, sizeof(l->id[0]), by_id) != NULL;
}

/* A name or id that a local file owns is not ours to publish. */
static bool
is_local(const struct local_names *l, const char *name, uint32_t id)
{
	return has_id(l, id) ||
	    (l->n > 0 &&
		bsearch(name, l->name, l->n, sizeof(l->name[0]), by_name) !=
		    NULL);
}

static void
leave_out(struct run *r, const char *name)
{
	if (r->report.left_out++ == 0)
		(void)snprintf(r->report.first_left_out,
		    sizeof(r->report.first_left_out), "%s", name);
}

static bool
add_group(void *ctx, const struct store_group *g)
{
	struct run *r = ctx;

	if (strcmp(g->kind, "site") == 0)
		r->site_gid = g->gid;
	if (is_local(&r->groups, g->name, g->gid)) {
		leave_out(r, g->name);
		return true;
	}
	r->e = publish_group(r->p, g->name, g->gid);
	r->report.groups += r->e == ATT_OK;
	return r->e == ATT_OK;
}

/*
 * Nobody becomes a member of a local group because it has the id of one of
 * ours; a primary group cannot be left away, so the person is.
 */
static bool
add_person(void *ctx, const struct store_publish_row *row)
{
	struct run *r = ctx;
	uint32_t gids[CONFIG_GROUPS + 2];
	char home[DIRECTORY_STRING_MAX];
	size_t n = 0;

	if (is_local(&r->users, row->login, row->uid) ||
	    has_id(&r->groups, r->site_gid)) {
		leave_out(r, row->login);
		return true;
	}
	if (row->department_gid != 0 &&
	    !has_id(&r->groups, row->department_gid))
		gids[n++] = row->department_gid;
	if (row->position_gid != 0 && !has_id(&r->groups, row->position_gid))
		gids[n++] = row->position_gid;
	for (size_t i = 0; i < r->n_local; i++)
		gids[n++] = r->local_gids[i];
	r->e = config_home(
	    r->c, row->login, row->number, row->uid, home, sizeof(home));
	if (r->e == ATT_OK)
		r->e = publish_person(r->p, row->login, row->uid, r->site_gid,
		    r->c->publish_names && row->name != NULL ? row->name
							     : row->number,
		    home, r->c->shell, gids, n);
	r->report.people += r->e == ATT_OK;
	return r->e == ATT_OK;
}

struct id_span {
	uint32_t min, max;
};

static void
widen(struct id_span *span, uint32_t id)
{
	if (id < span->min)
		span->min = id;
	if (id > span->max)
		span->max = id;
}

static bool
widen_group(void *ctx, const struct store_group *g)
{
	widen(ctx, g->gid);
	return true;
}

/* Ids are kept for ever: a range that the configuration has moved since does
 * not take anybody's account away. */
static enum att_err
span_ids(struct store *s, struct publish_options *o)
{
	struct id_span span = { o->id_min, o->id_max };
	uint32_t min, max;
	enum att_err e = store_publish_span(s, &min, &max);

	if (e == ATT_OK) {
		widen(&span, min);
		widen(&span, max);
	}
	if (e == ATT_OK || e == ATT_ABSENT)
		e = store_group_list(s, widen_group, &span);
	o->id_min = span.min;
	o->id_max = span.max;
	return e;
}

/* The configured local groups, by the group file; never root's or shadow's. */
static void
local_gids(struct run *r)
{
	for (uint32_t i = 0; i < r->c->n_local_groups; i++) {
		gid_t gid, shadow;

		if (att_local_group_find(r->c->local_groups[i], &gid) !=
			ATT_OK ||
		    gid == 0)
			continue; /* doctor names it */
		if (att_local_group_find("shadow", &shadow) == ATT_OK &&
		    gid == shadow)
			continue;
		r->local_gids[r->n_local++] = gid;
	}
}

static enum att_err
gather(struct run *r, struct store *s)
{
	enum att_err e = att_local_users(collect, &r->users);

	if (e == ATT_OK)
		e = att_local_groups(collect, &r->groups);
	if (e == ATT_OK)
		e = r->users.e != ATT_OK ? r->users.e : r->groups.e;
	if (e != ATT_OK)
		return e;
	sort(&r->users);
	sort(&r->groups);
	local_gids(r);
	e = store_group_list(s, add_group, r);
	if (e == ATT_OK && r->e == ATT_OK)
		e = store_publish_list(s, r->c->publish_names, add_person, r);
	return e != ATT_OK ? e : r->e;
}

/* One publisher at a time; the lock goes with its holder. */
static int
take_turn(const char *path)
{
	char lock[512];
	ATT_AUTO_FD int fd = -1;
	int n = snprintf(lock, sizeof(lock), "%s" LOCK_NAME, path);

	if (n < 0 || (size_t)n >= sizeof(lock))
		return -1;
	fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0 || flock(fd, LOCK_EX) != 0)
		return -1;
	return att_take_fd(&fd);
}

enum att_err
publish_store(struct store *s, const struct config *c, const char *path,
    int64_t now_utc, struct publish_report *out)
{
	ATT_AUTO_FD int turn = take_turn(path);
	struct run r = { .c = c };
	struct publish_options o = { .made_utc = now_utc,
		.id_min = c->ids.min,
		.id_max = c->ids.max,
		.enumerable = c->enumerate,
		.userdb = c->userdb };
	struct store_site site;
	enum att_err e;

	if (turn < 0)
		return ATT_IO;
	/* read inside the turn: a later turn never publishes older facts */
	e = store_site_get(s, &site);
	if (e != ATT_OK)
		return e;
	o.generation = site.directory_generation;
	vault_random(o.key, sizeof(o.key));
	e = span_ids(s, &o);
	if (e == ATT_OK)
		e = publish_new(&r.p, &o);
	if (e == ATT_OK)
		e = gather(&r, s);
	if (e == ATT_OK)
		e = publish_write(r.p, path);
	publish_free(r.p);
	clear(&r.users);
	clear(&r.groups);
	r.report.generation = o.generation;
	if (e == ATT_OK)
		*out = r.report;
	return e;
}
