/*
 * The reader of the directory file, used by the NSS module, the PAM module
 * and the tools. The file is hostile input: magic, format, size against
 * fstat and the header's check when mapped; bounds and the record's own check
 * on each use; bounded probes. Needs libc only; a lookup makes no system
 * call, allocates nothing and takes no lock.
 *
 * What is checked when. The header always. A record each time it is read:
 * no damaged byte is ever answered, whatever the size of the file. The
 * content check, which reads the whole file, adds only that a damaged index
 * is refused where it would otherwise hide somebody; it is done for files up
 * to DIRECTORY_WHOLE_MAX, where it costs some microseconds of the life of
 * each process that maps the file, and when the caller asks for it, as
 * doctor does: at 10,000 people it is 1 MB and 70 microseconds, which is more
 * than all the rest of mapping the file, and at a million 130 MB and seven
 * milliseconds even from memory.
 *
 * What cannot be promised of any mapped file: an I/O error of the disk below
 * it, or its owner cutting it in spite of format.h, is a SIGBUS.
 */
#ifndef ATT_DIRECTORY_DIRECTORY_H
#define ATT_DIRECTORY_DIRECTORY_H

#include "base/bytes.h"
#include "base/err.h"
#include "directory/format.h"
#include "directory/head.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define DIRECTORY_WHOLE_MAX 65536 /* bytes; about 700 people */

/* One mapped file. Plain, so that a module can keep it without allocating. */
struct directory {
	const uint8_t *at; /* NULL: empty value */
	size_t size;
	uint64_t dev, ino;
	bool mapped; /* by directory_open, which close undoes */
	struct directory_head head;
};

/*
 * One person; strings are borrowed from the mapping, and a file that lies may
 * have anything where their terminators should be.
 */
struct directory_person {
	uint32_t number; /* record number, for enumeration */
	uint32_t uid, gid;
	struct att_slice name, gecos, home, shell; /* inside text: */
	struct att_slice text; /* name, "*", gecos, home, shell, terminated */
	uint32_t gids_at; /* for directory_gid() */
	uint16_t gids;
};

struct directory_group {
	uint32_t number;
	uint32_t gid;
	struct att_slice name;
	uint32_t members;
	uint32_t members_at, members_len; /* for directory_members() */
	uint64_t members_check;
};

/*
 * The uid that root lets publish: the owner of the folder that path is in.
 * Nobody but this uid and root can have put a file there. ATT_REFUSED if the
 * folder is a link or others may write to it, ATT_ABSENT, ATT_IO (errno).
 */
enum att_err directory_owner(const char *path, uid_t *out) ATT_CHECKED;

/*
 * Open, check and map. Owner must be root or owner_uid; not writable by group
 * or others; a regular file, no link. whole: verify the content check also of
 * a large file (reads everything). *out is only written on ATT_OK; release
 * with directory_close.
 *
 * ATT_ABSENT: no such file or folder. ATT_CORRUPT: not a directory file, or
 * damaged, or not to be trusted. ATT_NEWER: of a format of the future.
 * ATT_NOMEM: no memory, descriptor or address space just now. ATT_IO (errno).
 */
enum att_err directory_open(struct directory *out, const char *path,
    uid_t owner_uid, bool whole) ATT_CHECKED;

/* The same over bytes in memory, borrowed as long as *out is used. */
enum att_err directory_from_bytes(struct directory *out, const uint8_t *at,
    size_t size, bool whole) ATT_CHECKED;

/* Unmap if mapped; *d becomes the empty value. */
void directory_close(struct directory *d);

bool directory_superseded(const struct directory *d);
uint64_t directory_generation(const struct directory *d);
int64_t directory_made_utc(const struct directory *d);
bool directory_enumerable(const struct directory *d);
bool directory_userdb(const struct directory *d);
uint32_t directory_people(const struct directory *d);
uint32_t directory_groups(const struct directory *d);
uint32_t directory_id_min(const struct directory *d);
uint32_t directory_id_max(const struct directory *d);

/*
 * ATT_ABSENT: not in it, or the key is outside the grammar or the range.
 * ATT_CORRUPT: the record fails its check or holds what may not be published.
 */
enum att_err directory_by_name(const struct directory *d, const char *name,
    size_t len, struct directory_person *out) ATT_CHECKED;
/* The same for a name that att_login_ok() or att_login_len() has passed. */
enum att_err directory_by_login(const struct directory *d, const char *name,
    size_t len, struct directory_person *out) ATT_CHECKED;
enum att_err directory_by_uid(const struct directory *d, uint32_t uid,
    struct directory_person *out) ATT_CHECKED;
enum att_err directory_person_at(const struct directory *d, uint32_t number,
    struct directory_person *out) ATT_CHECKED;
enum att_err directory_group_by_name(const struct directory *d,
    const char *name, size_t len, struct directory_group *out) ATT_CHECKED;
enum att_err directory_group_by_gid(const struct directory *d, uint32_t gid,
    struct directory_group *out) ATT_CHECKED;
enum att_err directory_group_at(const struct directory *d, uint32_t number,
    struct directory_group *out) ATT_CHECKED;

/* The i-th gid of a person, i < gids. */
uint32_t directory_gid(
    const struct directory *d, const struct directory_person *p, uint16_t i);

/*
 * Copy the names of a group's members, one after the other, each with its
 * terminator: members of them in members_len bytes, which names has room for.
 * ATT_CORRUPT: they fail their check; names then holds nothing of use.
 */
enum att_err directory_members(const struct directory *d,
    const struct directory_group *g, char *names) ATT_CHECKED;

#endif
