#include "answer.h"
#include "base/name.h"
#include "nss_attend.h"
#include "view.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* glibc's growing array, as initgroups_dyn is handed it. */
struct gids {
	long *start, *size;
	gid_t **at;
	long limit; /* not positive: none */
};

/* ATT_LIMIT: no more may be put in. ATT_NOMEM. */
static enum att_err
grow(struct gids *g)
{
	const long most = g->limit > 0 ? g->limit : INT_MAX;
	long size = *g->size < most / 2 ? *g->size * 2 : most;
	gid_t *grown;

	if (*g->start >= most)
		return ATT_LIMIT;
	if (size <= *g->start)
		size = *g->start + 1;
	grown = reallocarray(*g->at, (size_t)size, sizeof(*grown));
	if (grown == NULL)
		return ATT_NOMEM;
	*g->at = grown;
	*g->size = size;
	return ATT_OK;
}

static enum att_err
append(struct gids *g, gid_t gid)
{
	if (g->limit > 0 && *g->start >= g->limit)
		return ATT_LIMIT;
	if (*g->start >= *g->size) {
		enum att_err e = grow(g);

		if (e != ATT_OK)
			return e;
	}
	(*g->at)[(*g->start)++] = gid;
	return ATT_OK;
}

/* Ascending, and neither root's nor nobody's; else nothing is believed. */
static enum att_err
append_all(struct gids *g, const struct directory *d,
    const struct directory_person *p, gid_t skip)
{
	gid_t last = 0;

	for (uint16_t i = 0; i < p->gids; i++) {
		const gid_t gid = directory_gid(d, p, i);
		enum att_err e;

		if (gid <= last || gid == (gid_t)-1 || att_id_is_nobodys(gid))
			return ATT_CORRUPT;
		last = gid;
		if (gid == skip)
			continue;
		e = append(g, gid);
		if (e != ATT_OK)
			return e;
	}
	return ATT_OK;
}

enum nss_status
_nss_attend_initgroups_dyn(const char *user, gid_t skip, long *start,
    long *size, gid_t **groups, long limit, int *errnop)
{
	const size_t len = att_login_len(user);
	struct gids g = { start, size, groups, limit };
	const long before = *start;
	struct directory_person p;
	struct view_hold h;
	enum att_err e;

	if (len == 0)
		return answer(ATT_ABSENT, errnop);
	e = view_take(&nss_view, &h);
	if (e != ATT_OK)
		return answer_no_view(e, errnop);
	e = directory_by_login(h.dir, user, len, &p);
	if (e == ATT_OK)
		e = append_all(&g, h.dir, &p, skip);
	view_let_go(&h);
	if (e == ATT_LIMIT)
		e = ATT_OK;
	if (e != ATT_OK)
		*start = before;
	return answer(e, errnop);
}
