/*
 * The machine's own account files, read directly: never through NSS, so that
 * it works inside the broker and inside modules without recursion. A name or
 * id that stands here is not ours.
 */
#ifndef ATT_BASE_LOCALDB_H
#define ATT_BASE_LOCALDB_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define ATT_PASSWD_FILE "/etc/passwd"
#define ATT_GROUP_FILE	"/etc/group"

struct att_local_user {
	uid_t uid;
	gid_t gid;
};

/*
 * Look a login name up in the passwd file. ATT_ABSENT if it has no such
 * line, ATT_IO if the file cannot be read: then treat the name as local.
 */
enum att_err
att_local_user_find(const char *name, struct att_local_user *out) ATT_CHECKED;

/* Whether the passwd file has a uid, the group file a gid; errors as above. */
enum att_err att_local_uid_find(uid_t uid) ATT_CHECKED;
enum att_err att_local_gid_find(gid_t gid) ATT_CHECKED;

/* The gid of a group in the group file; errors as above. */
enum att_err att_local_group_find(const char *name, gid_t *gid) ATT_CHECKED;

/*
 * Call each() for every line of the passwd file (users) or the group file
 * (groups) until it returns false. name is borrowed for the call. ATT_IO if
 * the file cannot be read.
 */
typedef bool att_local_each(void *ctx, const char *name, uint32_t id);
enum att_err att_local_users(att_local_each *each, void *ctx) ATT_CHECKED;
enum att_err att_local_groups(att_local_each *each, void *ctx) ATT_CHECKED;

#endif
