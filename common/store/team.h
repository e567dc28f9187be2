/* Ids and the groups the directory publishes, as adding people needs them. */
#ifndef ATT_STORE_TEAM_H
#define ATT_STORE_TEAM_H

#include "store/db.h"
#include "store/employee.h"

#define TEAM_DEPARTMENT "department"
#define TEAM_POSITION	"position"

/*
 * Remember the range to allocate from; functions that are given none use the
 * last one remembered. ATT_FORMAT: not a range of ids that can be ours.
 */
enum att_err
team_range_set(struct store *s, struct store_id_range ids) ATT_CHECKED;

/* The next uid that no local account has. ATT_LIMIT: the range is used up;
 * ATT_IO: the local accounts cannot be read. */
enum att_err team_uid_next(struct store *s, uint32_t *uid) ATT_CHECKED;

/*
 * The gid of a unit's group, made if it is not there; 0 for the empty unit.
 */
enum att_err team_find(struct store *s, const char *kind, const char *unit,
    uint32_t *gid) ATT_CHECKED;

/* What is published has changed. */
enum att_err team_touch_directory(struct store *s) ATT_CHECKED;
/* It had come to this generation elsewhere; the next change goes beyond it. */
enum att_err
team_directory_touched(struct store *s, uint64_t generation) ATT_CHECKED;

#endif
