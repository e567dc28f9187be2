/*
 * What publish.c collects and layout.c writes: person records as they will
 * stand in the file, groups, and the indexes.
 */
#ifndef ATT_DIRECTORY_DRAFT_H
#define ATT_DIRECTORY_DRAFT_H

#include "directory/head.h"
#include "directory/index.h"
#include "directory/publish.h"

struct draft_group {
	uint32_t gid;
	uint8_t name_len;
	char name[DIRECTORY_NAME_MAX]; /* zero filled */
	uint32_t members; /* counted when the file is laid out */
	uint64_t members_at, members_len; /* among the names of all */
};

/* One person's values; strings borrowed, terminated. */
struct draft_person {
	uint32_t number;
	uint32_t uid, gid;
	struct att_slice name, home, shell, gecos;
	size_t n;
	uint32_t gids[DIRECTORY_GIDS_MAX];
};

struct publish {
	struct publish_options opt;
	struct directory_key key;

	uint8_t *records; /* one after the other, each at a multiple of 8 */
	size_t records_len, records_cap;
	uint32_t *person; /* offset of each record in records */
	uint32_t people, people_cap;
	struct draft_group *group;
	uint32_t groups, groups_cap;

	struct index by_name, by_uid, group_by_name, group_by_gid;
};

/*
 * Take gids over, ascending, once each, without the primary one. ATT_LIMIT;
 * ATT_FORMAT: one that nobody may get.
 */
enum att_err draft_person_gids(
    struct draft_person *x, const uint32_t *gids, size_t n) ATT_CHECKED;

/* The strings: ATT_FORMAT, ATT_LIMIT. */
enum att_err draft_person_check(const struct draft_person *x) ATT_CHECKED;

/* Bytes of the record, padding to the next one included. */
size_t draft_person_len(const struct draft_person *x);
void draft_person_write(
    const struct draft_person *x, const struct directory_key *key, uint8_t *at);

/* The number of our group with this gid; false: it is a local one. */
bool publish_find_gid(const struct publish *p, uint32_t gid, uint32_t *number);

#endif
