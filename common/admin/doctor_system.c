/* What the machine owns: account files, nsswitch, caches, locales. */
#include "admin/doctor.h"

#include "base/localdb.h"
#include "base/owner.h"
#include "store/employee.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct names {
	struct doctor *doc;
	unsigned n;
	char first[ATT_LOGIN_MAX + 1];
	uint32_t first_id;
	bool trouble;
};

static void
count_name(struct names *f, const char *name, uint32_t id)
{
	if (f->n++ > 0)
		return;
	(void)snprintf(f->first, sizeof(f->first), "%s", name);
	f->first_id = id;
}

/* A local account with the name or id of one of our people. */
static bool
check_local_user(void *ctx, const char *name, uint32_t id)
{
	struct names *f = ctx;
	struct store *s = f->doc->d->store;
	struct store_employee e;
	enum att_err by_login = store_employee_by_login(s, name, &e);
	enum att_err by_uid =
	    att_id_ok(id) ? store_employee_by_uid(s, id, &e) : ATT_ABSENT;

	if (by_login == ATT_OK || by_uid == ATT_OK)
		count_name(f, name, id);
	else if (by_login != ATT_ABSENT || by_uid != ATT_ABSENT)
		f->trouble = true;
	return !f->trouble;
}

static bool
check_our_group(void *ctx, const struct store_group *g)
{
	struct names *f = ctx;
	gid_t gid;

	if (att_local_group_find(g->name, &gid) == ATT_OK)
		count_name(f, g->name, g->gid);
	return true;
}

void
doctor_names(struct doctor *doc)
{
	struct names users = { .doc = doc }, groups = { .doc = doc };
	enum att_err e;

	if (doc->d->store == NULL)
		return;
	e = att_local_users(check_local_user, &users);
	if (e == ATT_OK)
		e = store_group_list(doc->d->store, check_our_group, &groups);
	if (e != ATT_OK || users.trouble)
		doctor_say(doc, DOCTOR_ERROR, "names", "see store above",
		    "the names of local accounts cannot be compared with "
		    "ours");
	else if (users.n == 0 && groups.n == 0)
		doctor_say(doc, DOCTOR_OK, "names", NULL,
		    "no local account or group stands in our way");
	if (users.n > 0)
		doctor_say(doc, DOCTOR_ERROR, "names",
		    "rename or remove the local account, or attendctl employee "
		    "set NUMBER --login L; then attendctl publish",
		    "left out of the directory: %u of our people have the "
		    "name or id of a local account, the first is %s (%u)",
		    users.n, users.first, (unsigned)users.first_id);
	if (groups.n > 0)
		doctor_say(doc, DOCTOR_WARNING, "group-names",
		    "rename or remove the local group, then attendctl publish",
		    "left out of the directory: %u of our groups have the "
		    "name of a local group, the first is %s",
		    groups.n, groups.first);
}

void
doctor_groups(struct doctor *doc)
{
	const struct config *c = doc->d->config;

	for (uint32_t i = 0; i < c->n_local_groups; i++) {
		const char *name = c->local_groups[i];
		gid_t gid = 0;
		enum att_err e = att_local_group_find(name, &gid);

		if (e == ATT_ABSENT)
			doctor_say(doc, DOCTOR_WARNING, "local-group",
			    "groupadd it, or take it out of local-groups in "
			    "attend.conf; then attendctl publish",
			    "the local group %s does not exist", name);
		else if (e == ATT_OK &&
		    (gid == 0 || strcmp(name, "shadow") == 0))
			doctor_say(doc, DOCTOR_WARNING, "local-group",
			    "take it out of local-groups in attend.conf",
			    "the local group %s is never given to anybody",
			    name);
		else if (e != ATT_OK)
			doctor_say(doc, DOCTOR_ERROR, "local-group",
			    "make " ATT_GROUP_FILE " readable",
			    ATT_GROUP_FILE ": %s", att_err_text(e));
	}
}

/* Account lines inside our range; ids of our people are names' business. */
static bool
check_id(void *ctx, const char *name, uint32_t id)
{
	struct names *f = ctx;
	const struct store_id_range *r = &f->doc->d->config->ids;

	if (id >= r->min && id <= r->max)
		count_name(f, name, id);
	return true;
}

/* "name:start:count" lines that overlap our range. */
static unsigned
count_subordinate(const struct store_id_range *r, char *text)
{
	char *save = NULL;
	unsigned n = 0;

	for (char *line = strtok_r(text, "\n", &save); line != NULL;
	     line = strtok_r(NULL, "\n", &save)) {
		char *at = strchr(line, ':');
		unsigned long long start, count;

		if (at == NULL)
			continue;
		start = strtoull(at + 1, &at, 10);
		if (*at != ':')
			continue;
		count = strtoull(at + 1, NULL, 10);
		if (count > 0 && start <= r->max && start + count > r->min)
			n++;
	}
	return n;
}

static void
check_subordinate(struct doctor *doc, const char *path)
{
	ATT_AUTO_FREE char *text = NULL;
	enum att_err e = doctor_read(doc, path, &text);
	unsigned n =
	    e == ATT_OK ? count_subordinate(&doc->d->config->ids, text) : 0;

	if (e == ATT_OK && n > 0)
		doctor_say(doc, DOCTOR_WARNING, "subordinate-ids",
		    "choose another uid-min and uid-max before the first "
		    "employee, or move those ranges",
		    "%s gives %u ranges to containers that overlap our ids",
		    path, n);
	else if (e != ATT_OK && e != ATT_ABSENT)
		doctor_say(doc, DOCTOR_WARNING, "subordinate-ids",
		    "make it readable", "%s: %s", path, att_err_text(e));
}

/* A number of login.defs, or the given one. */
static unsigned long long
defs_number(const char *text, const char *key, unsigned long long otherwise)
{
	size_t len = strlen(key);

	for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
		line += *line == '\n';
		line += strspn(line, " \t");
		if (strncmp(line, key, len) == 0 &&
		    (line[len] == ' ' || line[len] == '\t'))
			return strtoull(line + len, NULL, 10);
	}
	return otherwise;
}

static void
check_login_defs(struct doctor *doc)
{
	static const struct {
		const char *min, *max;
		unsigned long long usual_min, usual_max;
	} spans[] = {
		{ "UID_MIN", "UID_MAX", 1000, 60000 },
		{ "GID_MIN", "GID_MAX", 1000, 60000 },
		{ "SYS_UID_MIN", "SYS_UID_MAX", 101, 999 },
		{ "SUB_UID_MIN", "SUB_UID_MAX", 100000, 600100000 },
	};
	const struct store_id_range *r = &doc->d->config->ids;
	ATT_AUTO_FREE char *text = NULL;

	if (doctor_read(doc, "/etc/login.defs", &text) != ATT_OK)
		return; /* then useradd has its defaults, which stay clear */
	for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++) {
		unsigned long long lo =
		    defs_number(text, spans[i].min, spans[i].usual_min);
		unsigned long long hi =
		    defs_number(text, spans[i].max, spans[i].usual_max);

		if (lo > hi || lo > r->max || hi < r->min)
			continue;
		doctor_say(doc, DOCTOR_WARNING, "login-defs",
		    "narrow it in /etc/login.defs, or choose another uid-min "
		    "and uid-max before the first employee",
		    "%s to %s (%llu to %llu) overlaps our ids %u to %u, so "
		    "useradd may take one",
		    spans[i].min, spans[i].max, lo, hi, (unsigned)r->min,
		    (unsigned)r->max);
	}
}

void
doctor_ids(struct doctor *doc)
{
	struct names in = { .doc = doc };
	unsigned before = doc->errors + doc->warnings;

	if (att_local_users(check_id, &in) != ATT_OK)
		doctor_say(doc, DOCTOR_ERROR, "ids",
		    "make it readable: chmod 644 " ATT_PASSWD_FILE,
		    ATT_PASSWD_FILE " cannot be read");
	else if (in.n > 0)
		doctor_say(doc, DOCTOR_WARNING, "ids",
		    "give those accounts other ids, or choose another uid-min "
		    "and uid-max before the first employee",
		    "%u local accounts have ids of our range, the first is %s "
		    "(%u)",
		    in.n, in.first, (unsigned)in.first_id);
	check_subordinate(doc, "/etc/subuid");
	check_subordinate(doc, "/etc/subgid");
	check_login_defs(doc);
	if (doc->errors + doc->warnings == before)
		doctor_say(doc, DOCTOR_OK, "ids", NULL,
		    "nobody else uses ids %u to %u",
		    (unsigned)doc->d->config->ids.min,
		    (unsigned)doc->d->config->ids.max);
}

void
doctor_cache(struct doctor *doc)
{
	static const char *const sockets[] = { "/run/nscd/socket",
		"/var/run/nscd/socket" };

	for (size_t i = 0; i < sizeof(sockets) / sizeof(sockets[0]); i++) {
		ATT_AUTO_FREE char *path = NULL;

		if (asprintf(&path, "%s%s", doc->root, sockets[i]) < 0) {
			path = NULL;
			doc->r.failed = true;
			return;
		}
		if (access(path, F_OK) != 0)
			continue;
		doctor_say(doc, DOCTOR_OK, "nscd", NULL,
		    "nscd stands between, and is told of each publication");
		return;
	}
	doctor_say(doc, DOCTOR_OK, "nscd", NULL, "no nscd stands between");
}

void
doctor_locale(struct doctor *doc)
{
	static const char path[] = ATT_LOCALEDIR "/zh_CN/LC_MESSAGES/attend.mo";

	if (strcmp(doc->d->config->language, "en") == 0 ||
	    access(path, R_OK) == 0)
		doctor_say(doc, DOCTOR_OK, "locale", NULL,
		    "messages are there in every language");
	else
		doctor_say(doc, DOCTOR_WARNING, "locale",
		    "install attend's translations again",
		    "%s is missing, so messages are English only", path);
}
