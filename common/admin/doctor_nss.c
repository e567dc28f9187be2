/* How the machine gets at people: nsswitch.conf, and the user database. */
#include "admin/doctor.h"

#include "base/owner.h"
#include "directory/directory.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define NSSWITCH "/etc/nsswitch.conf"
#define USERDB	 "/run/userdb"
#define SERVICE	 "attend"

/* What one database's line says. */
struct nss_line {
	bool found; /* there is such a line */
	bool ours; /* it names our service */
	bool local_first; /* files or compat stands before it */
	bool stopped; /* an action ends the search before it */
};

/* "[NOTFOUND=return]" and the like, for codes other than SUCCESS. */
static bool
is_stop(const char *word)
{
	return strcasestr(word, "return") != NULL &&
	    (strcasestr(word, "notfound") != NULL || word[1] == '!');
}

static struct nss_line
read_words(char *words)
{
	struct nss_line l = { .found = true };
	char *save = NULL;

	for (char *w = strtok_r(words, " \t", &save); w != NULL;
	     w = strtok_r(NULL, " \t", &save)) {
		if (strcmp(w, SERVICE) == 0) {
			l.ours = true;
			return l;
		}
		if (strcmp(w, "files") == 0 || strcmp(w, "compat") == 0)
			l.local_first = true;
		if (w[0] == '[' && is_stop(w))
			l.stopped = true;
	}
	return l;
}

static struct nss_line
find_line(const char *text, const char *database)
{
	size_t len = strlen(database);
	struct nss_line none = { 0 };
	ATT_AUTO_FREE char *copy = strdup(text);
	char *save = NULL;

	if (copy == NULL)
		return none;
	for (char *line = strtok_r(copy, "\n", &save); line != NULL;
	     line = strtok_r(NULL, "\n", &save)) {
		line[strcspn(line, "#")] = '\0';
		line += strspn(line, " \t");
		if (strncmp(line, database, len) != 0)
			continue;
		line += len + strspn(line + len, " \t");
		if (*line == ':')
			return read_words(line + 1);
	}
	return none;
}

static void
check_database(struct doctor *doc, const char *text, const char *database)
{
	struct nss_line l = find_line(text, database);

	if (!l.ours)
		doctor_say(doc, DOCTOR_ERROR, "nsswitch",
		    "add " SERVICE " behind files in " NSSWITCH,
		    "the %s line of " NSSWITCH " does not name " SERVICE
		    ", so staff do not exist for this machine",
		    database);
	else if (!l.local_first)
		doctor_say(doc, DOCTOR_ERROR, "nsswitch",
		    "move " SERVICE " behind files",
		    "in the %s line of " NSSWITCH " " SERVICE
		    " stands before files",
		    database);
	else if (l.stopped)
		doctor_say(doc, DOCTOR_ERROR, "nsswitch",
		    "move " SERVICE " before the [...=return]",
		    "in the %s line of " NSSWITCH
		    " the search ends before " SERVICE,
		    database);
	else
		doctor_say(doc, DOCTOR_OK, "nsswitch", NULL,
		    "%s looks staff up behind local accounts", database);
}

void
doctor_nss(struct doctor *doc)
{
	ATT_AUTO_FREE char *text = NULL;
	enum att_err e = doctor_read(doc, NSSWITCH, &text);

	if (e != ATT_OK) {
		doctor_say(doc, DOCTOR_ERROR, "nsswitch",
		    "passwd: files " SERVICE " and group: files " SERVICE
		    " belong there",
		    NSSWITCH ": %s", att_err_text(e));
		return;
	}
	check_database(doc, text, "passwd");
	check_database(doc, text, "group");
	if (find_line(text, "initgroups").found)
		doctor_say(doc, DOCTOR_WARNING, "initgroups",
		    "remove the line, unless it is there for a reason; the "
		    "group line serves",
		    "the initgroups line of " NSSWITCH
		    " may end the search for a person's groups early");
}

/* How many of the published people have no record of their name. */
static unsigned
count_missing(const struct doctor *doc, const struct directory *d)
{
	struct directory_person p;
	char path[512];
	unsigned missing = 0;

	for (uint32_t i = 0; i < directory_people(d); i++) {
		if (directory_person_at(d, i, &p) != ATT_OK)
			continue; /* no record either */
		(void)snprintf(path, sizeof(path), "%s" USERDB "/%.*s.user",
		    doc->root, (int)p.name.len, (const char *)p.name.at);
		missing += access(path, R_OK) != 0;
	}
	return missing;
}

void
doctor_userdb(struct doctor *doc)
{
	const char *path = dialogue_directory(doc->d);
	struct directory d = { 0 };
	unsigned missing;

	if (!doc->d->config->userdb) {
		doctor_say(doc, DOCTOR_OK, "userdb", NULL,
		    "no records for the user database are asked for");
		return;
	}
	if (directory_open(&d, path, geteuid(), false) != ATT_OK ||
	    !directory_userdb(&d)) {
		doctor_say(doc, DOCTOR_WARNING, "userdb", "attendctl publish",
		    "attend.conf asks for records for the user database, the "
		    "published directory does not yet");
		directory_close(&d);
		return;
	}
	missing = count_missing(doc, &d);
	if (missing == 0)
		doctor_say(doc, DOCTOR_OK, "userdb", NULL,
		    "everybody has a record in " USERDB);
	else
		doctor_say(doc, DOCTOR_WARNING, "userdb",
		    "attendctl publish, and for the next boot systemctl "
		    "enable attend-userdb.service",
		    "%u people have no record in " USERDB, missing);
	directory_close(&d);
}
