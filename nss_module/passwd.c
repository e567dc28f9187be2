#include "answer.h"
#include "base/name.h"
#include "nss_attend.h"
#include "view.h"

#include <string.h>

static struct view_cursor cursor;

/* One of the strings where text was copied to, with a terminator behind. */
static inline char *
string(const struct directory_person *p, struct att_slice s, char *copy)
{
	char *at = copy + (s.at - p->text.at);

	at[s.len] = '\0';
	return at;
}

static enum att_err
fill(const struct directory_person *p, struct passwd *out, char *buffer,
    size_t len)
{
	if (p->text.len > len)
		return ATT_LIMIT;
	memcpy(buffer, p->text.at, p->text.len);
	out->pw_name = string(p, p->name, buffer);
	out->pw_passwd = out->pw_name + p->name.len + 1;
	memcpy(out->pw_passwd, "*", 2);
	out->pw_uid = p->uid;
	out->pw_gid = p->gid;
	out->pw_gecos = string(p, p->gecos, buffer);
	out->pw_dir = string(p, p->home, buffer);
	out->pw_shell = string(p, p->shell, buffer);
	return ATT_OK;
}

enum nss_status
_nss_attend_getpwnam_r(
    const char *name, struct passwd *out, char *buffer, size_t len, int *errnop)
{
	const size_t name_len = att_login_len(name);
	struct directory_person p;
	struct view_hold h;
	enum att_err e;

	if (name_len == 0)
		return answer(ATT_ABSENT, errnop);
	e = view_take(&nss_view, &h);
	if (e != ATT_OK)
		return answer_no_view(e, errnop);
	e = directory_by_login(h.dir, name, name_len, &p);
	if (e == ATT_OK)
		e = fill(&p, out, buffer, len);
	view_let_go(&h);
	return answer(e, errnop);
}

enum nss_status
_nss_attend_getpwuid_r(
    uid_t uid, struct passwd *out, char *buffer, size_t len, int *errnop)
{
	struct directory_person p;
	struct view_hold h;
	enum att_err e;

	if (!att_id_ok(uid))
		return answer(ATT_ABSENT, errnop);
	e = view_take(&nss_view, &h);
	if (e != ATT_OK)
		return answer_no_view_id(e, uid, errnop);
	e = directory_by_uid(h.dir, uid, &p);
	if (e == ATT_OK)
		e = fill(&p, out, buffer, len);
	view_let_go(&h);
	return answer(e, errnop);
}

enum nss_status
_nss_attend_setpwent(int stayopen)
{
	int dropped = 0; /* this call has no errno to give */
	enum att_err e = view_cursor_start(&nss_view, &cursor);

	return e == ATT_OK ? NSS_STATUS_SUCCESS : answer_no_view(e, &dropped);
}

/* A damaged record is left out: the others can still be listed. */
static enum att_err
next(const struct directory *d, struct passwd *out, char *buffer, size_t len)
{
	unsigned number = atomic_load(&cursor.next);
	struct directory_person p;
	enum att_err e;

	if (!directory_enumerable(d))
		return ATT_ABSENT;
	while ((e = directory_person_at(d, number, &p)) == ATT_CORRUPT)
		number++;
	if (e == ATT_OK)
		e = fill(&p, out, buffer, len);
	if (e == ATT_OK)
		atomic_store(&cursor.next, number + 1);
	return e;
}

enum nss_status
_nss_attend_getpwent_r(
    struct passwd *out, char *buffer, size_t len, int *errnop)
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
_nss_attend_endpwent(void)
{
	view_cursor_end(&nss_view, &cursor);
	return NSS_STATUS_SUCCESS;
}
