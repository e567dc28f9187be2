/* What the broker owns: configuration, key, store, audit chain, directory. */
#include "admin/doctor.h"

#include "admin/request_form.h"
#include "attendd/paths.h"
#include "directory/directory.h"
#include "store/consent.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUILT_UTC      1767225600 /* 2026-01-01: no clock of ours is older */
#define CLOCK_SLACK    300 /* seconds that clocks are set back without ado */
#define DIRECTORY_SKEW 86400 /* a file from this far ahead is suspicious */

void
doctor_config(struct doctor *doc)
{
	struct config c;
	struct att_opt_error err = { 0 };
	enum att_err e = config_read(&c, CONFIG_PATH, &err);

	if (e == ATT_OK)
		doctor_say(
		    doc, DOCTOR_OK, "config", NULL, CONFIG_PATH " is in order");
	else if (e == ATT_FORMAT)
		doctor_say(doc, DOCTOR_ERROR, "config",
		    "mend the line; until then attendd decides nothing",
		    CONFIG_PATH ":%u: %s%s%s", err.line, err.key,
		    err.key[0] != '\0' ? ": " : "", err.reason);
	else if (e == ATT_REFUSED)
		doctor_say(doc, DOCTOR_ERROR, "config",
		    "chown root " CONFIG_PATH "; chmod go-w " CONFIG_PATH,
		    CONFIG_PATH " can be written by others than root");
	else
		doctor_say(doc, DOCTOR_ERROR, "config",
		    "make it readable for everybody: chmod 644 " CONFIG_PATH,
		    CONFIG_PATH ": %s", att_err_text(e));
}

/* One file that must be the broker's alone. */
static void
check_private(struct doctor *doc, const char *id, const char *path)
{
	struct stat st;

	if (lstat(path, &st) != 0) {
		doctor_say(doc, errno == ENOENT ? DOCTOR_OK : DOCTOR_ERROR, id,
		    NULL, "%s: %s", path, strerror(errno));
		return;
	}
	if (S_ISREG(st.st_mode) && st.st_uid == geteuid() &&
	    (st.st_mode & 077) == 0) {
		doctor_say(doc, DOCTOR_OK, id, NULL,
		    "%s is readable by attendd only", path);
		return;
	}
	doctor_say(doc, DOCTOR_ERROR, id,
	    "chown " ATTENDD_USER " and chmod 600 it, and consider who may "
	    "have read it",
	    "%s must be a file of user " ATTENDD_USER
	    " that nobody else can read",
	    path);
}

void
doctor_key(struct doctor *doc)
{
	if (getenv("CREDENTIALS_DIRECTORY") != NULL && doc->d->vault != NULL)
		doctor_say(doc, DOCTOR_OK, "key", NULL,
		    "the site key comes from the service manager");
	else if (doc->d->vault == NULL && doc->d->store_err == ATT_ABSENT)
		doctor_say(doc, DOCTOR_ERROR, "key",
		    "attendctl init on a new machine; else put it back from "
		    "your backup",
		    "there is no site key");
	else if (doc->d->vault == NULL)
		doctor_say(doc, DOCTOR_ERROR, "key",
		    getenv("CREDENTIALS_DIRECTORY") != NULL
			? "see systemctl cat attendd and systemd-creds(1)"
			: "put " ATTENDD_SITE_KEY " back from your backup",
		    "the site key cannot be read: %s",
		    att_err_text(doc->d->store_err));
	else
		check_private(doc, "key", ATTENDD_SITE_KEY);
}

void
doctor_store(struct doctor *doc)
{
	const char *why = "";
	enum att_err e;

	if (doc->d->store == NULL) {
		doctor_say(doc, DOCTOR_ERROR, "store",
		    doc->d->store_err == ATT_ABSENT ? "attendctl init"
			: doc->d->store_err == ATT_NEWER
			? "install the newer attend again"
			: "put store and site key back from one backup",
		    ATTENDD_STORE " cannot be opened: %s",
		    att_err_text(doc->d->store_err));
		return;
	}
	check_private(doc, "store-mode", ATTENDD_STORE);
	e = store_check(doc->d->store, &why);
	if (e == ATT_OK)
		doctor_say(doc, DOCTOR_OK, "store", NULL, "the store is whole");
	else
		doctor_say(doc, DOCTOR_ERROR, "store",
		    "stop attendd, keep a copy, and put the store back from "
		    "your backup",
		    "the store is damaged: %s",
		    e == ATT_CORRUPT ? why : att_err_text(e));
}

void
doctor_audit(struct doctor *doc)
{
	struct audit_verifier v = { 0 };
	enum att_err e;

	if (doc->d->store == NULL)
		return;
	e = store_audit_verify(doc->d->store, &v);
	if (e == ATT_OK)
		doctor_say(doc, DOCTOR_OK, "audit", NULL,
		    "the audit chain holds, %llu records",
		    (unsigned long long)v.seq);
	else if (e == ATT_CORRUPT)
		doctor_say(doc, DOCTOR_ERROR, "audit",
		    "keep the store as it is and compare it with a backup and "
		    "with the heads in syslog",
		    "the audit chain breaks at record %llu: %s",
		    (unsigned long long)v.bad_seq, v.why);
	else
		doctor_say(doc, DOCTOR_ERROR, "audit",
		    "run attendctl doctor "
		    "again",
		    "the audit chain cannot be read: %s", att_err_text(e));
}

void
doctor_clock(struct doctor *doc)
{
	int64_t now = doc->d->now.utc;
	struct store_site site;
	char latest[ATT_TIME_TEXT];

	if (now < BUILT_UTC) {
		doctor_say(doc, DOCTOR_ERROR, "clock",
		    "set it, and keep it set: timedatectl set-ntp true",
		    "the clock is years behind; ages and dates come out "
		    "wrong");
		return;
	}
	if (doc->d->store == NULL ||
	    store_site_get(doc->d->store, &site) != ATT_OK)
		return;
	att_time_format(site.latest_utc, latest);
	if (now < site.latest_utc - CLOCK_SLACK)
		doctor_say(doc, DOCTOR_WARNING, "clock",
		    "set it right; locks do not open early meanwhile",
		    "the clock is behind the last record, of %s", latest);
	else
		doctor_say(doc, DOCTOR_OK, "clock", NULL,
		    "the clock is not behind the records");
}

void
doctor_notice(struct doctor *doc)
{
	struct store_notice n;
	enum att_err e;

	if (doc->d->store == NULL)
		return;
	e = store_notice_in_force(
	    doc->d->store, doc->d->now.utc, "en", &n, NULL, NULL);
	if (e == ATT_OK)
		doctor_say(doc, DOCTOR_OK, "notice", NULL,
		    "privacy notice %s is in force", n.version);
	else
		doctor_say(doc, DOCTOR_ERROR, "notice",
		    "attendctl notice publish FILE --version V --lang L "
		    "--major",
		    "no privacy notice is in force, so nobody can agree and "
		    "nobody gets in");
}

void
doctor_requests(struct doctor *doc)
{
	uint64_t late = 0;
	enum att_err e;

	if (doc->d->store == NULL)
		return;
	e = store_request_late(doc->d->store, doc->d->now.utc, &late);
	if (e != ATT_OK)
		doctor_say(doc, DOCTOR_ERROR, "requests",
		    "run attendctl doctor again", "requests cannot be read: %s",
		    att_err_text(e));
	else if (late > 0)
		doctor_say(doc, DOCTOR_ERROR, "requests",
		    "attendctl request list, then verify, fulfil or refuse",
		    "%llu requests of staff wait for longer than %d days",
		    (unsigned long long)late, STORE_REQUEST_DAYS);
	else
		doctor_say(doc, DOCTOR_OK, "requests", NULL,
		    "no request of staff is late");
	if (late > 0)
		request_tell_late(doc->d);
}

static void
check_generation(struct doctor *doc, const struct directory *dir)
{
	struct store_site site;

	if (doc->d->store == NULL ||
	    store_site_get(doc->d->store, &site) != ATT_OK)
		return;
	if (directory_generation(dir) != site.directory_generation)
		doctor_say(doc, DOCTOR_ERROR, "directory-age",
		    "attendctl publish",
		    "the directory is of generation %llu, the store of %llu",
		    (unsigned long long)directory_generation(dir),
		    (unsigned long long)site.directory_generation);
	else if (directory_made_utc(dir) > doc->d->now.utc + DIRECTORY_SKEW)
		doctor_say(doc, DOCTOR_WARNING, "directory-age",
		    "look at the clock, then attendctl publish",
		    "the directory was made in the future");
	else
		doctor_say(doc, DOCTOR_OK, "directory-age", NULL,
		    "the directory is current, %u people",
		    (unsigned)directory_people(dir));
}

void
doctor_directory(struct doctor *doc)
{
	const char *path = dialogue_directory(doc->d);
	struct directory dir = { 0 };
	uid_t owner;
	enum att_err e = directory_owner(path, &owner);

	if (e == ATT_REFUSED) {
		doctor_say(doc, DOCTOR_ERROR, "directory",
		    "chown " ATTENDD_USER
		    " and chmod 755 it; make it a folder, "
		    "not a link",
		    "nobody believes %s: others may write to its folder", path);
		return;
	}
	if (e == ATT_OK)
		e = directory_open(&dir, path, owner, true);
	if (e != ATT_OK) {
		doctor_say(doc, DOCTOR_ERROR, "directory", "attendctl publish",
		    "%s cannot be used: %s", path, att_err_text(e));
		return;
	}
	doctor_say(doc, DOCTOR_OK, "directory", NULL, "%s is whole", path);
	check_generation(doc, &dir);
	directory_close(&dir);
}
