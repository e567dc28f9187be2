#include "pam_module/who.h"

#include "base/ids.h"
#include "base/localdb.h"
#include "base/name.h"
#include "directory/directory.h"

#include <pwd.h>
#include <security/pam_modutil.h>
#include <string.h>

/* ATT_ABSENT only of a file that is whole: any other tells nothing of a name.
 */
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
		return ATT_CORRUPT;
	e = directory_by_name(&d, user, strlen(user), &p);
	if (e == ATT_OK)
		*uid = p.uid;
	directory_close(&d);
	return e;
}

static bool
in_our_range(uid_t uid)
{
	struct att_ids ids;

	att_ids_read(ATT_CONFIG_FILE, &ids);
	return uid >= ids.min && uid <= ids.max;
}

enum who
who_is(pam_handle_t *pamh, const char *user, uint32_t *uid)
{
	struct att_local_user local;
	const struct passwd *pw;
	enum att_err here, listed;

	if (user == NULL || !att_login_ok(user, strlen(user)))
		return WHO_OTHERS;
	here = att_local_user_find(user, &local);
	if (here == ATT_OK)
		return WHO_OTHERS;
	listed = find_listed(user, uid);
	if (listed == ATT_OK)
		return WHO_OURS;
	if (here != ATT_ABSENT)
		return WHO_OTHERS; /* perhaps local, and that goes first */
	pw = pam_modutil_getpwnam(pamh, user);
	if (pw == NULL)
		return WHO_NOBODYS;
	if (listed == ATT_ABSENT || !in_our_range(pw->pw_uid))
		return WHO_OTHERS;
	*uid = pw->pw_uid;
	return WHO_OURS;
}
