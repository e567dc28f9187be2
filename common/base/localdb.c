#include "base/localdb.h"

#include "base/owner.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>

#define LINE_MAX_BYTES (256 * 1024) /* a group line with very many members */

enum att_err
att_local_users(att_local_each *each, void *ctx)
{
	ATT_AUTO_FILE FILE *f = fopen(ATT_PASSWD_FILE, "re");
	ATT_AUTO_FREE char *buf = malloc(LINE_MAX_BYTES);
	struct passwd pw, *got;
	int rc;

	if (f == NULL)
		return ATT_IO;
	if (buf == NULL)
		return ATT_NOMEM;
	while ((rc = fgetpwent_r(f, &pw, buf, LINE_MAX_BYTES, &got)) == 0)
		if (!each(ctx, pw.pw_name, pw.pw_uid))
			return ATT_OK;
	return rc == ENOENT ? ATT_OK : ATT_IO;
}

enum att_err
att_local_groups(att_local_each *each, void *ctx)
{
	ATT_AUTO_FILE FILE *f = fopen(ATT_GROUP_FILE, "re");
	ATT_AUTO_FREE char *buf = malloc(LINE_MAX_BYTES);
	struct group gr, *got;
	int rc;

	if (f == NULL)
		return ATT_IO;
	if (buf == NULL)
		return ATT_NOMEM;
	while ((rc = fgetgrent_r(f, &gr, buf, LINE_MAX_BYTES, &got)) == 0)
		if (!each(ctx, gr.gr_name, gr.gr_gid))
			return ATT_OK;
	return rc == ENOENT ? ATT_OK : ATT_IO;
}

enum att_err
att_local_user_find(const char *name, struct att_local_user *out)
{
	ATT_AUTO_FILE FILE *f = fopen(ATT_PASSWD_FILE, "re");
	ATT_AUTO_FREE char *buf = malloc(LINE_MAX_BYTES);
	struct passwd pw, *got;
	int rc;

	if (f == NULL)
		return ATT_IO;
	if (buf == NULL)
		return ATT_NOMEM;
	while ((rc = fgetpwent_r(f, &pw, buf, LINE_MAX_BYTES, &got)) == 0) {
		if (strcmp(pw.pw_name, name) != 0)
			continue;
		*out = (struct att_local_user){ pw.pw_uid, pw.pw_gid };
		return ATT_OK;
	}
	return rc == ENOENT ? ATT_ABSENT : ATT_IO;
}

struct id_search {
	uint32_t id;
	bool found;
};

static bool
id_match(void *ctx, const char *name, uint32_t id)
{
	struct id_search *s = ctx;

	(void)name;
	s->found = id == s->id;
	return !s->found;
}

enum att_err
att_local_uid_find(uid_t uid)
{
	struct id_search s = { uid, false };
	enum att_err e = att_local_users(id_match, &s);

	return e == ATT_OK && !s.found ? ATT_ABSENT : e;
}

enum att_err
att_local_gid_find(gid_t gid)
{
	struct id_search s = { gid, false };
	enum att_err e = att_local_groups(id_match, &s);

	return e == ATT_OK && !s.found ? ATT_ABSENT : e;
}

struct group_search {
	const char *name;
	gid_t gid;
	bool found;
};

static bool
group_match(void *ctx, const char *name, uint32_t id)
{
	struct group_search *s = ctx;

	if (strcmp(name, s->name) != 0)
		return true;
	s->gid = id;
	s->found = true;
	return false;
}

enum att_err
att_local_group_find(const char *name, gid_t *gid)
{
	struct group_search s = { .name = name };
	enum att_err e = att_local_groups(group_match, &s);

	if (e != ATT_OK)
		return e;
	if (!s.found)
		return ATT_ABSENT;
	*gid = s.gid;
	return ATT_OK;
}
