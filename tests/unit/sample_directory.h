/*
 * A small directory that tests of its reader, its writer and the NSS module
 * publish. Include after test.h.
 */
#ifndef ATT_TESTS_SAMPLE_DIRECTORY_H
#define ATT_TESTS_SAMPLE_DIRECTORY_H

#include "directory/publish.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct sample_person {
	const char *name;
	uint32_t uid;
	const char *gecos, *home, *shell;
	uint32_t gids[4];
	uint16_t n;
};

#define SAMPLE_GID 70000u /* everybody's primary group */

static const struct sample_person sample_people[] = {
	{ "e1000", 70100, "1000", "/home/e1000", "/bin/bash",
	    { 29, 70001, 70002 }, 3 },
	{ "e1001", 70101, "Jun Example", "/home/e1001", "/bin/sh", { 70001 },
	    1 },
	{ "e1002", 70102, "", "/", "/usr/sbin/nologin", { 0 }, 0 },
	{ "ann-marie_01", 70103, "7", "/srv/homes/ann-marie_01", "/bin/bash",
	    { 70002 }, 1 },
	{ "abcdefghijklmnopqrstuvwxyz012345", 99999, "longest", "/home/l",
	    "/bin/bash", { 29, 44, 70001, 99998 }, 4 },
};

struct sample_group {
	const char *name;
	uint32_t gid;
	const char *members; /* joined by commas */
};

static const struct sample_group sample_groups[] = {
	{ "kiosk", SAMPLE_GID, "" },
	{ "dept-lab", 70001, "e1000,e1001,abcdefghijklmnopqrstuvwxyz012345" },
	{ "role-tech", 70002, "e1000,ann-marie_01" },
	{ "dept-empty", 70003, "" },
	{ "dept-last", 99998, "abcdefghijklmnopqrstuvwxyz012345" },
};

#define SAMPLE_PEOPLE (sizeof(sample_people) / sizeof(sample_people[0]))
#define SAMPLE_GROUPS (sizeof(sample_groups) / sizeof(sample_groups[0]))

static const struct publish_options sample_options = {
	.generation = 7,
	.made_utc = 1700000000,
	.id_min = 70000,
	.id_max = 99999,
	.enumerable = true,
	.key = { 3, 141, 59, 26, 53, 58, 97, 93, 238, 46, 26, 43, 38, 32, 79,
	    50 },
};

static inline enum att_err
sample_add(struct publish *p)
{
	enum att_err e = ATT_OK;

	for (size_t i = 0; i < SAMPLE_GROUPS && e == ATT_OK; i++)
		e = publish_group(
		    p, sample_groups[i].name, sample_groups[i].gid);
	for (size_t i = 0; i < SAMPLE_PEOPLE && e == ATT_OK; i++) {
		const struct sample_person *s = &sample_people[i];

		e = publish_person(p, s->name, s->uid, SAMPLE_GID, s->gecos,
		    s->home, s->shell, s->gids, s->n);
	}
	return e;
}

/* Publish the sample at path. */
static inline bool
sample_publish(const char *path, const struct publish_options *o)
{
	struct publish *p;
	enum att_err e = publish_new(&p, o);

	if (e != ATT_OK)
		return false;
	e = sample_add(p);
	if (e == ATT_OK)
		e = publish_write(p, path);
	publish_free(p);
	return e == ATT_OK;
}

/* The bytes of a file, owned, of exactly its size; NULL on failure. */
static inline uint8_t *
sample_bytes(const char *path, size_t *size)
{
	FILE *f = fopen(path, "re");
	uint8_t *at = NULL;
	long end;

	if (f == NULL)
		return NULL;
	if (fseek(f, 0, SEEK_END) == 0 && (end = ftell(f)) > 0 &&
	    fseek(f, 0, SEEK_SET) == 0 && (at = malloc((size_t)end)) != NULL) {
		*size = fread(at, 1, (size_t)end, f);
		if (*size != (size_t)end) {
			free(at);
			at = NULL;
		}
	}
	(void)fclose(f);
	return at;
}

#endif
