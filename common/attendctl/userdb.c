#include "attendctl/userdb.h"

#include "attendctl/userdb_record.h"
#include "base/localdb.h"
#include "base/name.h"
#include "base/owner.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_NAME_MAX 80 /* two names, a colon, the longest ending */
#define FRESH	      ".attend-record"

struct local_group {
	gid_t gid;
	char name[FILE_NAME_MAX / 2];
};

struct sync {
	int folder;
	const struct directory *d; /* NULL: nobody is exported */
	struct local_group *local;
	size_t n, cap;
	struct userdb_record record;
	struct userdb_report *report;
};

/* ---- who is a member of what ---- */

static bool
collect_local(void *ctx, const char *name, uint32_t gid)
{
	struct sync *s = ctx;

	if (strlen(name) >= sizeof(s->local->name) || name[0] == '.' ||
	    strchr(name, '/') != NULL)
		return true; /* no record can name it */
	if (s->n == s->cap) {
		const size_t cap = s->cap == 0 ? 64 : s->cap * 2;
		void *grown = reallocarray(s->local, cap, sizeof(*s->local));

		if (grown == NULL)
			return false;
		s->local = grown;
		s->cap = cap;
	}
	s->local[s->n].gid = gid;
	(void)snprintf(s->local[s->n].name, sizeof(s->local->name), "%s", name);
	s->n++;
	return true;
}

/* The name of one of ours or of a local group; false: nobody's. */
static bool
group_name(const struct sync *s, gid_t gid, char name[FILE_NAME_MAX / 2])
{
	struct directory_group g;

	if (directory_group_by_gid(s->d, gid, &g) == ATT_OK)
		return att_slice_str(g.name, name, FILE_NAME_MAX / 2) == ATT_OK;
	for (size_t i = 0; i < s->n; i++)
		if (s->local[i].gid == gid) {
			memcpy(name, s->local[i].name, FILE_NAME_MAX / 2);
			return true;
		}
	return false;
}

static bool
is_member(const struct sync *s, const char *user, const char *group)
{
	char name[FILE_NAME_MAX / 2];
	struct directory_person p;

	if (directory_by_name(s->d, user, strlen(user), &p) != ATT_OK)
		return false;
	for (uint16_t i = 0; i < p.gids; i++)
		if (group_name(s, directory_gid(s->d, &p, i), name) &&
		    strcmp(name, group) == 0)
			return true;
	return false;
}

/* ---- what should not be there ---- */

static bool
id_of(const char *text, uint32_t *id)
{
	char *end;
	const unsigned long v = strtoul(text, &end, 10);

	*id = (uint32_t)v;
	return text[0] >= '1' && text[0] <= '9' && *end == '\0' &&
	    v <= UINT32_MAX;
}

/* Whether the directory asks for a record of this name; stem is cut up. */
static bool
is_wanted(const struct sync *s, char *stem, const char *ending)
{
	char *colon = strchr(stem, ':');
	struct directory_person p;
	struct directory_group g;
	uint32_t id;

	if (s->d == NULL)
		return false;
	if (strcmp(ending, ".user") == 0)
		return id_of(stem, &id)
		    ? directory_by_uid(s->d, id, &p) == ATT_OK
		    : directory_by_name(s->d, stem, strlen(stem), &p) == ATT_OK;
	if (strcmp(ending, ".group") == 0)
		return id_of(stem, &id)
		    ? directory_group_by_gid(s->d, id, &g) == ATT_OK
		    : directory_group_by_name(s->d, stem, strlen(stem), &g) ==
			ATT_OK;
	if (colon == NULL)
		return false;
	*colon = '\0';
	return is_member(s, stem, colon + 1);
}

enum whose {
	NOBODYS,
	OURS,
	FOREIGN
};

/* Whose the file is, and whether it holds just this; NULL: whatever. */
static enum whose
look(const struct sync *s, const char *name, const struct userdb_record *want,
    bool *same)
{
	ATT_AUTO_FD int fd = openat(s->folder, name,
	    O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	char at[USERDB_RECORD_MAX + 1];
	ssize_t n;

	*same = false;
	if (fd < 0)
		return errno == ENOENT ? NOBODYS : FOREIGN;
	n = read(fd, at, sizeof(at));
	if (n < (ssize_t)strlen(USERDB_MARK) ||
	    memcmp(at, USERDB_MARK, strlen(USERDB_MARK)) != 0)
		return FOREIGN;
	*same = want != NULL && (size_t)n == want->len &&
	    memcmp(at, want->at, want->len) == 0;
	return OURS;
}

static enum att_err
remove_old(struct sync *s, const char *name)
{
	char stem[FILE_NAME_MAX];
	const char *ending = strrchr(name, '.');
	bool same;

	if (ending == NULL || (size_t)(ending - name) >= sizeof(stem))
		return ATT_OK;
	if (strcmp(ending, ".user") != 0 && strcmp(ending, ".group") != 0 &&
	    strcmp(ending, ".membership") != 0)
		return ATT_OK;
	memcpy(stem, name, (size_t)(ending - name));
	stem[ending - name] = '\0';
	if (is_wanted(s, stem, ending) || look(s, name, NULL, &same) != OURS)
		return ATT_OK;
	if (unlinkat(s->folder, name, 0) != 0)
		return ATT_IO;
	s->report->removed++;
	return ATT_OK;
}

static enum att_err
sweep(struct sync *s)
{
	const int fd =
	    openat(s->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	enum att_err e = dir == NULL ? ATT_IO : ATT_OK;
	const struct dirent *entry;

	while (e == ATT_OK && (entry = readdir(dir)) != NULL)
		e = remove_old(s, entry->d_name);
	if (dir != NULL)
		(void)closedir(dir); /* only read from */
	else if (fd >= 0)
		(void)close(fd);
	return e;
}

/* ---- what should be there ---- */

static enum att_err
write_fresh(const struct sync *s)
{
	ATT_AUTO_FD int fd = -1;

	if (unlinkat(s->folder, FRESH, 0) != 0 && errno != ENOENT)
		return ATT_IO;
	fd = openat(s->folder, FRESH,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd < 0 || fchmod(fd, 0644) != 0 ||
	    write(fd, s->record.at, s->record.len) != (ssize_t)s->record.len)
		return ATT_IO;
	return ATT_OK;
}

static enum att_err
put(struct sync *s, const char *name)
{
	bool same;
	const enum whose whose = look(s, name, &s->record, &same);

	if (same)
		return ATT_OK;
	if (whose == FOREIGN) {
		if (s->report->foreign++ == 0)
			(void)snprintf(s->report->first_foreign,
			    sizeof(s->report->first_foreign), "%s", name);
		return ATT_OK;
	}
	if (write_fresh(s) != ATT_OK ||
	    renameat(s->folder, FRESH, s->folder, name) != 0) {
		(void)unlinkat(s->folder, FRESH, 0); /* or the next one does */
		return ATT_IO;
	}
	s->report->written++;
	return ATT_OK;
}

/* A record under a name and under an id. */
static enum att_err
put_both(struct sync *s, struct att_slice name, uint32_t id, const char *ending)
{
	char file[FILE_NAME_MAX];
	enum att_err e;

	(void)snprintf(file, sizeof(file), "%.*s%s", (int)name.len,
	    (const char *)name.at, ending);
	e = put(s, file);
	if (e != ATT_OK)
		return e;
	(void)snprintf(file, sizeof(file), "%u%s", (unsigned)id, ending);
	return put(s, file);
}

static enum att_err
put_memberships(struct sync *s, const struct directory_person *p)
{
	char group[FILE_NAME_MAX / 2], file[2 * FILE_NAME_MAX];
	enum att_err e = userdb_record_membership(&s->record);

	for (uint16_t i = 0; e == ATT_OK && i < p->gids; i++) {
		if (!group_name(s, directory_gid(s->d, p, i), group))
			continue;
		(void)snprintf(file, sizeof(file), "%.*s:%s.membership",
		    (int)p->name.len, (const char *)p->name.at, group);
		e = put(s, file);
	}
	return e;
}

/* A damaged record is left out, as an enumeration leaves it out. */
static enum att_err
put_people(struct sync *s)
{
	struct directory_person p;

	for (uint32_t i = 0; i < directory_people(s->d); i++) {
		enum att_err e;

		if (directory_person_at(s->d, i, &p) != ATT_OK ||
		    userdb_record_person(&s->record, &p) != ATT_OK)
			continue;
		e = put_both(s, p.name, p.uid, ".user");
		if (e == ATT_OK)
			e = put_memberships(s, &p);
		if (e != ATT_OK)
			return e;
	}
	return ATT_OK;
}

static enum att_err
put_groups(struct sync *s)
{
	struct directory_group g;

	for (uint32_t i = 0; i < directory_groups(s->d); i++) {
		enum att_err e;

		if (directory_group_at(s->d, i, &g) != ATT_OK ||
		    userdb_record_group(&s->record, &g) != ATT_OK)
			continue;
		e = put_both(s, g.name, g.gid, ".group");
		if (e != ATT_OK)
			return e;
	}
	return ATT_OK;
}

/* ---- all of it ---- */

static enum att_err
open_folder(const char *path, bool make, int *out)
{
	ATT_AUTO_FD int fd = -1;
	struct stat st;

	if (make && mkdir(path, 0755) != 0 && errno != EEXIST)
		return ATT_IO;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? ATT_ABSENT : ATT_IO;
	if (fstat(fd, &st) != 0)
		return ATT_IO;
	if (st.st_uid != geteuid() || (st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return ATT_REFUSED;
	if (flock(fd, LOCK_EX) != 0)
		return ATT_IO;
	*out = att_take_fd(&fd);
	return ATT_OK;
}

static enum att_err
open_directory(const char *path, struct directory *out)
{
	uid_t owner;
	enum att_err e = directory_owner(path, &owner);

	if (e == ATT_OK)
		e = directory_open(out, path, owner, true);
	return e;
}

static enum att_err
update(struct sync *s)
{
	enum att_err e = att_local_groups(collect_local, s);

	if (e == ATT_OK)
		e = sweep(s);
	if (e == ATT_OK && s->d != NULL)
		e = put_groups(s);
	if (e == ATT_OK && s->d != NULL)
		e = put_people(s);
	return e;
}

enum att_err
userdb_sync(
    const char *directory, const char *folder, struct userdb_report *out)
{
	struct directory d = { 0 };
	ATT_AUTO_FD int fd = -1;
	ATT_AUTO_FREE struct sync *s = calloc(1, sizeof(*s));
	enum att_err e = open_directory(directory, &d);
	const bool wanted = e == ATT_OK && directory_userdb(&d);

	*out = (struct userdb_report){ 0 };
	directory_close(&d);
	if (e != ATT_OK && e != ATT_ABSENT)
		return e;
	if (s == NULL)
		return ATT_NOMEM;
	e = open_folder(folder, wanted, &fd);
	if (e != ATT_OK)
		return e == ATT_ABSENT && !wanted ? ATT_OK : e;

	/* Again: another caller may have had its turn, with a newer one. */
	e = open_directory(directory, &d);
	if (e == ATT_OK || e == ATT_ABSENT) {
		s->folder = fd;
		s->d = d.at != NULL && directory_userdb(&d) ? &d : NULL;
		s->report = out;
		e = update(s);
	}
	free(s->local);
	directory_close(&d);
	return e;
}
