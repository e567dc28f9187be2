#include "attendctl/published.h"

#include "attendctl/nscd.h"
#include "attendctl/userdb.h"
#include "directory/format.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

struct published
published_now(void)
{
	struct stat st;

	if (lstat(DIRECTORY_PATH, &st) != 0)
		return (struct published){ 0 };
	return (struct published){ st.st_dev, st.st_ino, st.st_mtim.tv_sec,
		st.st_mtim.tv_nsec };
}

static bool
same(const struct published *a, const struct published *b)
{
	return a->dev == b->dev && a->ino == b->ino &&
	    a->seconds == b->seconds && a->nanoseconds == b->nanoseconds;
}

static bool
tell_nscd(const char *database)
{
	const enum att_err e = nscd_forget(NSCD_SOCKET, database);

	if (e == ATT_OK || e == ATT_ABSENT)
		return true;
	fprintf(stderr,
	    "attendctl: nscd did not forget the old %s entries: %s; run nscd "
	    "-i %s\n",
	    database, att_err_text(e), database);
	return false;
}

static bool
tell_userdb(void)
{
	struct userdb_report r = { 0 };
	const enum att_err e = userdb_sync(DIRECTORY_PATH, USERDB_FOLDER, &r);

	if (e != ATT_OK)
		fprintf(stderr,
		    "attendctl: the records in " USERDB_FOLDER
		    " are not up to date: %s; mend it, then attendctl "
		    "publish\n",
		    att_err_text(e));
	if (r.foreign > 0)
		fprintf(stderr,
		    "attendctl: left alone in " USERDB_FOLDER
		    ": %u records that are not attend's, the first is %s\n",
		    (unsigned)r.foreign, r.first_foreign);
	return e == ATT_OK;
}

bool
published_tell(const struct published *before)
{
	const struct published now = published_now();
	bool good = true;

	if (geteuid() != 0 || same(before, &now))
		return true;
	good &= tell_nscd("passwd");
	good &= tell_nscd("group");
	good &= tell_userdb();
	return good;
}
