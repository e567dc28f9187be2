#include "answer.h"
#include "base/name.h"
#include "nss_attend.h"
#include "view.h"

#include <string.h>

static struct view_cursor cursor;

/* Bytes from buffer to where an array of pointers may begin. */
static size_t
pad_of(const char *buffer)
{
	return -(uintptr_t)buffer % _Alignof(char *);
}

/*
 * In the buffer: the array, the members' names it points to, name, password.
 * The size is known before a byte is copied, so that callers who try again
 * with more room cost little.
 */
static enum att_err
fill(const struct directory *d, const struct directory_group *g,
    struct group *out, char *buffer, size_t len)
{
	const struct att_slice locked = { (const uint8_t *)"*", 1 };
	const size_t pad = pad_of(buffer);
	const uint64_t need = pad +
	    ((uint64_t)g->members + 1) * sizeof(char *) + g->members_len +
	    g->name.len + locked.len + 2;
	char **member;
	char *at;

	if (need > len)
		return ATT_LIMIT;
	member = (char **)(void *)(buffer + pad);
	at = (char *)(member + g->members + 1);
	if (directory_members(d, g, at) != ATT_OK)
		return ATT_CORRUPT;
	for (uint32_t i = 0; i < g->members; i++) {
		member[i] = at;
		at += strlen(at) + 1; /* so many terminators were counted */
	}
	member[g->members] = NULL;
	out->gr_mem = member;
	out->gr_name = answer_put(&at, g->name);
	out->gr_passwd = answer_put(&at, locked);
	out->gr_gid = g->gid;
	return ATT_OK;
}

enum nss_status
_nss_attend_getgrnam_r(
    const char *name, struct group *out, char *buffer, size_t len, int *errnop)
{
	const size_t name_len = att_login_len(name);
	struct directory_group g;
	struct view_hold h;
	enum att_err e;

	if (name_len == 0)
		return answer(ATT_ABSENT, errnop);
	e = view_take(&nss_view, &h);
	if (e != ATT_OK)
		return answer_no_view(e, errnop);
	e = directory_group_by_name(h.dir, name, name_len, &g);
	if (e == ATT_OK)
		e = fill(h.dir, &g, out, buffer, len);
	view_let_go(&h);
	return answer(e, errnop);
}

enum nss_status
_nss_attend_getgrgid_r(
    gid_t gid, struct group *out, char *buffer, size_t len, int *errnop)
{
	struct directory_group g;
	struct view_hold h;
	enum att_err e;

	if (!att_id_ok(gid))
		return answer(ATT_ABSENT, errnop);
	e = view_take(&nss_view, &h);
	if (e != ATT_OK)
		return answer_no_view_id(e, gid, errnop);
	e = directory_group_by_gid(h.dir, gid, &g);
	if (e == ATT_OK)
		e = fill(h.dir, &g, out, buffer, len);
	view_let_go(&h);
	return answer(e, errnop);
}

enum nss_status
_nss_attend_setgrent(int stayopen)
{
	int dropped = 0; /* this call has no errno to give */
	enum att_err e = view_cursor_start(&nss_view, &cursor);

	return e == ATT_OK ? NSS_STATUS_SUCCESS : answer_no_view(e, &dropped);
}

/* A damaged record is left out: the others can still be listed. */
static enum att_err
next(const struct directory *d, struct group *out, char *buffer, size_t len)
{
	unsigned number = atomic_load(&cursor.next);
	struct directory_group g;
	enum att_err e;

	if (!directory_enumerable(d))
		return ATT_ABSENT;
	for (;; number++) {
		e = directory_group_at(d, number, &g);
		if (e == ATT_OK)
			e = fill(d, &g, out, buffer, len);
		if (e != ATT_CORRUPT)
			break;
	}
	if (e == ATT_OK)
		atomic_store(&cursor.next, number + 1);
	return e;
}

enum nss_status
_nss_attend_getgrent_r(struct group *out, char *buffer, size_t len, int *errnop)
{
	struct view_hold h;
	enum att_err e = view_cursor_hold(&nss_view, &cursor, &h);

	if (e != ATT_OK)
		return answer_no_view(e, errnop);
	e = next(h.dir, out, buffer, len);
	view_let_go(&h);
	return answer(e, errnop);
}

enum nss_status
_nss_attend_endgrent(void)
{
	view_cursor_end(&nss_view, &cursor);
	return NSS_STATUS_SUCCESS;
}
