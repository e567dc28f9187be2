/* The bytes of one drop-in record of systemd's user database. */
#ifndef ATT_ATTENDCTL_USERDB_RECORD_H
#define ATT_ATTENDCTL_USERDB_RECORD_H

#include "admin/print.h"
#include "directory/directory.h"

/* What every record of ours begins with. */
#define USERDB_MARK "{\n  \"attendRecord\": true"

#define USERDB_RECORD_MAX 16384 /* four strings, each byte escaped */

struct userdb_record {
	size_t len;
	char at[USERDB_RECORD_MAX];
};

/* ATT_FORMAT: it holds what a record cannot say; ATT_LIMIT. */
enum att_err userdb_record_person(
    struct userdb_record *r, const struct directory_person *p) ATT_CHECKED;
enum att_err userdb_record_group(
    struct userdb_record *r, const struct directory_group *g) ATT_CHECKED;
enum att_err userdb_record_membership(struct userdb_record *r) ATT_CHECKED;

#endif
