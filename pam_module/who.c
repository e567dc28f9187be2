#include "pam_module/who.h"

#include "base/localdb.h"
#include "base/name.h"
#include "directory/directory.h"

#include <pwd.h>
#include <security/pam_modutil.h>
#include <string.h>

static enum att_err
find_listed(const char *user, uint32_t *uid)
{
	struct directory d = { 0 };
	struct directory_person p;
	uid_t owner = 0;
	enum att_err e = directory_owner(DIRECTORY_PATH, &owner);

	if (e == ATT_OK)
		e = directory_open(&d, DIRECTORY_PATH, owner, false);
	if (e != ATT_OK)
		return e == ATT_ABSENT ? ATT_ABSENT : ATT_CORRUPT;
	e = directory_by_name(&d, user, strlen(user), &p);
	if (e == ATT_OK)
		*uid = p.uid;
	directory_close(&d);
	return e;
}

static bool
in_our_range(uid_t uid)
{
	return uid >= ATT_UID_MIN_DEFAULT && uid <= ATT_UID_MAX_DEFAULT;
}

enum who
who_is(pam_handle_t *pamh, const char *user, uint32_t *uid)
{
	struct att_local_user local;
	const struct passwd *pw;
	enum att_err e;

	if (user == NULL || !att_login_ok(user, strlen(user)))
		return WHO_OTHERS;
	if (att_local_user_find(user, &local) != ATT_ABSENT)
		return WHO_OTHERS;
	e = find_listed(user, uid);
	if (e == ATT_OK)
		return WHO_OURS;
	pw = pam_modutil_getpwnam(pamh, user);
	if (pw == NULL)
		return WHO_NOBODYS;
	if (e == ATT_ABSENT || !in_our_range(pw->pw_uid))
		return WHO_OTHERS;
	*uid = pw->pw_uid;
	return WHO_OURS;
}
