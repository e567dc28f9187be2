/* The published directory, as its readers see it. */
#include "directory/directory.h"

#include "admin/answer.h"
#include "admin/nouns.h"
#include "admin/report.h"
#include "base/owner.h"

#include <stdio.h>
#include <unistd.h>

#define GROUPS_TEXT (DIRECTORY_GIDS_MAX * (DIRECTORY_NAME_MAX + 1))

static void
slice_cell(struct table *t, struct att_slice s)
{
	char text[DIRECTORY_STRING_MAX + 1];

	table_text(
	    t, att_slice_str(s, text, sizeof(text)) == ATT_OK ? text : "?");
}

/* "dept-lab role-tech 29": names of our groups, ids of local ones. */
static void
groups_cell(struct table *t, const struct directory *d,
    const struct directory_person *p)
{
	struct directory_group g;
	char text[GROUPS_TEXT];
	size_t len = 0;

	text[0] = '\0';
	for (uint16_t i = 0; i < p->gids; i++) {
		const uint32_t gid = directory_gid(d, p, i);
		const char *gap = i > 0 ? " " : "";
		int n;

		if (directory_group_by_gid(d, gid, &g) == ATT_OK)
			n = snprintf(text + len, sizeof(text) - len, "%s%.*s",
			    gap, (int)g.name.len, (const char *)g.name.at);
		else
			n = snprintf(text + len, sizeof(text) - len, "%s%u",
			    gap, (unsigned)gid);
		if (n < 0 || (size_t)n >= sizeof(text) - len)
			break;
		len += (size_t)n;
	}
	table_text(t, text);
}

/* Records that fail their check are counted, not shown. */
static uint32_t
list_people(struct report *r, const struct directory *d)
{
	static const struct table_column columns[] = { { "name", "NAME" },
		{ "uid", "UID" }, { "gid", "GID" }, { "gecos", "GECOS" },
		{ "home", "HOME" }, { "shell", "SHELL" },
		{ "groups", "GROUPS" } };
	struct directory_person p;
	uint32_t damaged = 0;
	struct table t;

	report_list(r, &t, "people", "People", columns, 7);
	for (uint32_t i = 0; i < directory_people(d); i++) {
		if (directory_person_at(d, i, &p) != ATT_OK) {
			damaged++;
			continue;
		}
		slice_cell(&t, p.name);
		table_number(&t, p.uid);
		table_number(&t, p.gid);
		slice_cell(&t, p.gecos);
		slice_cell(&t, p.home);
		slice_cell(&t, p.shell);
		groups_cell(&t, d, &p);
	}
	report_list_end(r, &t);
	return damaged;
}

static uint32_t
list_groups(struct report *r, const struct directory *d)
{
	static const struct table_column columns[] = { { "name", "NAME" },
		{ "gid", "GID" }, { "members", "MEMBERS" } };
	struct directory_group g;
	uint32_t damaged = 0;
	struct table t;

	report_list(r, &t, "groups", "Groups", columns, 3);
	for (uint32_t i = 0; i < directory_groups(d); i++) {
		if (directory_group_at(d, i, &g) != ATT_OK) {
			damaged++;
			continue;
		}
		slice_cell(&t, g.name);
		table_number(&t, g.gid);
		table_number(&t, g.members);
	}
	report_list_end(r, &t);
	return damaged;
}

static void
show_head(struct report *r, const struct directory *d, const char *path)
{
	report_text(r, "path", "File", path);
	report_number(r, "bytes", "Bytes", (int64_t)d->size);
	report_number(
	    r, "generation", "Generation", (int64_t)directory_generation(d));
	report_time(r, "made", "Made", directory_made_utc(d));
	report_flag(r, "superseded", "Superseded", directory_superseded(d));
	report_number(r, "id_min", "Ids from", directory_id_min(d));
	report_number(r, "id_max", "Ids to", directory_id_max(d));
	report_flag(r, "enumerable", "Listed", directory_enumerable(d));
	report_flag(r, "userdb", "For userdb", directory_userdb(d));
	report_number(r, "probe_max", "Longest probe", d->head.probe_max);
}

/* Opened as the NSS module opens it, and read whole. */
static enum att_err
open_published(struct directory *out, const char *path)
{
	uid_t owner;
	enum att_err e = directory_owner(path, &owner);

	return e == ATT_OK ? directory_open(out, path, owner, true) : e;
}

enum verb_status
directory_run(struct dialogue *d, const struct verb_call *call)
{
	const char *path = dialogue_directory(d);
	struct directory dir = { 0 };
	struct report r;
	enum verb_status status;
	uint32_t damaged;
	enum att_err e = open_published(&dir, path);

	if (e != ATT_OK)
		return answer_fail(d,
		    e == ATT_ABSENT ? VERB_ABSENT : VERB_FAILED,
		    "%s: %s; attendctl publish makes it again", path,
		    e == ATT_ABSENT ? "no such file" : att_err_text(e));
	report_open(&r, d, call);
	report_record(&r);
	show_head(&r, &dir, path);
	damaged = list_people(&r, &dir);
	damaged += list_groups(&r, &dir);
	report_record_end(&r);
	status = report_close(&r);
	directory_close(&dir);
	if (status == VERB_DONE && damaged > 0)
		return answer_fail(d, VERB_FAILED,
		    "%u damaged records are left out; attendctl publish makes "
		    "the file again",
		    (unsigned)damaged);
	return status;
}
