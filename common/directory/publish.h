/*
 * The writer: collects people and groups, lays the file out, writes it whole
 * under a temporary name beside the target, fsyncs, renames, fsyncs the
 * directory, and marks the file it replaced as superseded. On any error the
 * published file stays as it was.
 *
 * One writer at a time: the caller holds a lock. A second one loses, or makes
 * the first one lose, but never publishes an incomplete file.
 */
#ifndef ATT_DIRECTORY_PUBLISH_H
#define ATT_DIRECTORY_PUBLISH_H

#include "directory/directory.h"

struct publish;

struct publish_options {
	uint64_t generation;
	int64_t made_utc;
	uint32_t id_min, id_max;
	bool enumerable;
	bool userdb; /* records are to be made for the user database */
	uint8_t key[DIRECTORY_KEY_LEN]; /* random, from the caller */
};

/*
 * Owned; free with publish_free, also after publish_write; NULL is fine.
 * ATT_NOMEM; ATT_FORMAT: an id range that is empty or reaches outside
 * ATT_ID_FLOOR to ATT_ID_CEILING.
 */
enum att_err
publish_new(struct publish **out, const struct publish_options *o) ATT_CHECKED;
void publish_free(struct publish *p);

/*
 * Add a group of ours, or a person, in any order; all is copied. gids: n of
 * them (at most DIRECTORY_GIDS_MAX), ours or local ones, any order, duplicates
 * and gid itself allowed. home and shell are absolute paths; in gecos a colon
 * or control byte, which a passwd line cannot hold, becomes a blank.
 *
 * ATT_FORMAT: a name outside the grammar, uid or gid outside the range, one
 * of gids 0, 65534, 65535 or 4294967295, or a path that is not absolute or
 * holds a colon or control byte; ATT_EXISTS: name or id was added before;
 * ATT_LIMIT: more than format.h allows; ATT_NOMEM. Nothing was added then.
 */
enum att_err
publish_group(struct publish *p, const char *name, uint32_t gid) ATT_CHECKED;
enum att_err publish_person(struct publish *p, const char *name, uint32_t uid,
    uint32_t gid, const char *gecos, const char *home, const char *shell,
    const uint32_t *gids, size_t n) ATT_CHECKED;

/*
 * Write and put in place; path's folder must be writable by the caller only.
 * ATT_IO (errno): also when the folder could not be synced at the very end,
 * when the new file is in place but a power cut may bring the old one back;
 * ATT_LIMIT: larger than DIRECTORY_SIZE_MAX; ATT_NOMEM.
 */
enum att_err publish_write(struct publish *p, const char *path) ATT_CHECKED;

#endif
