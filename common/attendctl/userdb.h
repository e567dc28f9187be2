/*
 * The published people as drop-in records of systemd's user database, for
 * programs that never ask NSS: static ones, and those of other C libraries.
 * The site switches it on with `userdb` in attend.conf; the directory's
 * header says so.
 *
 * One file a user and a group, a second name for its id, and one file a
 * membership:
 *
 *	e1042.user 70012.user dept-lab.group 70001.group
 *	e1042:dept-lab.membership e1042:audio.membership
 *
 * Ours begin with a member of our own, attendRecord, and only these are ever
 * changed or removed. They are made from the directory by its reader, so
 * nobody can be in them who could not be in NSS: never root, never an id
 * outside the range.
 *
 * Sources: systemd's "JSON User Records", "JSON Group Records" and
 * nss-systemd(8), "Static drop-in".
 */
#ifndef ATT_ATTENDCTL_USERDB_H
#define ATT_ATTENDCTL_USERDB_H

#include "base/err.h"

#include <stdint.h>

#define USERDB_FOLDER "/run/userdb"

struct userdb_report {
	uint32_t written, removed;
	uint32_t foreign; /* names that are taken by records not ours */
	char first_foreign[80];
};

/*
 * Make folder hold the records of the directory file, and no others of ours;
 * none at all if there is no file or it does not ask for them. Records that
 * are right already are not touched; each is replaced whole. Callers take
 * turns.
 *
 * ATT_REFUSED: the folder is not the caller's own, or others may write to
 * it; ATT_CORRUPT, ATT_NEWER: the directory is refused; ATT_IO (errno),
 * ATT_NOMEM. What was done so far stays; *out counts it.
 */
enum att_err userdb_sync(const char *directory, const char *folder,
    struct userdb_report *out) ATT_CHECKED;

#endif
