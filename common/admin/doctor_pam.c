/*
 * /etc/pam.d, and what packages bring beside it: each stack that has our module
 * is walked the way libpam does, once for a local account and once for staff,
 * and must come out right. One that logs in without it must not let staff in.
 */
#include "admin/doctor.h"
#include "admin/pam_stack.h"

#include "base/owner.h"

#include <dirent.h>
#include <string.h>

#define PAM_FOLDER    "/etc/pam.d"
#define PAM_VENDOR    "/usr/lib/pam.d" /* of names that are not above */
#define MODULE	      "pam_attend"
#define MODULE_ALIAS  "pam_att" /* the name pam-auth-update can carry */
#define SERVICES_TEXT 160 /* bytes of service names in one finding */

/* Findings, each with the services it is true of. */
enum finding {
	LOCKS_OUT_LOCAL,
	AUTH_OPEN,
	ACCOUNT_OPEN,
	ACCOUNT_MISSING,
	STAFF_LOCKED_OUT,
	NOT_ASKED,
	UNREADABLE,
	FINDINGS,
};

static const struct {
	enum doctor_level level;
	const char *id, *text, *next;
} findings[FINDINGS] = {
	[LOCKS_OUT_LOCAL] = { DOCTOR_ERROR, "pam-locks-out-local",
	    "local accounts cannot log in",
	    "let " MODULE
	    " ignore other people: [success=... user_unknown=ignore ...] or "
	    "the argument ignore_unknown_user" },
	[AUTH_OPEN] = { DOCTOR_ERROR, "pam-auth-open",
	    "staff get in with a wrong PIN",
	    "a module behind " MODULE
	    " must refuse: end the auth stack with pam_deny" },
	[ACCOUNT_OPEN] = { DOCTOR_ERROR, "pam-account-open",
	    "staff get in although the account check refuses them",
	    "in the account stack everything but success and user_unknown "
	    "must end badly: [success=ok new_authtok_reqd=ok "
	    "user_unknown=ignore ignore=ignore default=die]" },
	[ACCOUNT_MISSING] = { DOCTOR_ERROR, "pam-no-account",
	    MODULE " is in the auth stack but not in the account stack, so "
		   "consent and employment go unchecked for ssh keys and cron",
	    "add " MODULE " to the account stack" },
	[STAFF_LOCKED_OUT] = { DOCTOR_WARNING, "pam-staff-locked-out",
	    "staff cannot log in even with the right PIN",
	    "a module before or behind " MODULE " refuses them; see "
	    "pam_attend(8)" },
	[NOT_ASKED] = { DOCTOR_WARNING, "pam-not-asked",
	    "staff get in and " MODULE " is not asked, so consent and "
	    "employment go unchecked for ssh keys and cron",
	    "add " MODULE " to the account stack, or pam_localuser where "
	    "staff have no business" },
	[UNREADABLE] = { DOCTOR_WARNING, "pam-unreadable",
	    "the stack cannot be read or has a line libpam refuses",
	    "mend the file, or make it and what it includes readable" },
};

struct pam_check {
	struct doctor *doc;
	unsigned stacks; /* services that use our module */
	struct {
		unsigned n;
		char names[SERVICES_TEXT];
	} hit[FINDINGS];
};

/* Who walks through a stack, and what our module says to them. */
struct walker {
	bool staff;
	bool without_us; /* as if our line were not there */
	enum pam_stack_type type;
	enum pam_stack_code ours;
};

static bool
is_ours(const struct pam_stack_entry *e)
{
	return strcmp(e->module, MODULE) == 0 ||
	    strcmp(e->module, MODULE_ALIAS) == 0;
}

static bool
has_ours(const struct pam_stack *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (is_ours(&s->entry[i]))
			return true;
	return false;
}

static void
hit(struct pam_check *c, enum finding f, const char *service)
{
	char *names = c->hit[f].names;
	size_t used = strlen(names);

	if (c->hit[f].n++ > 0)
		used +=
		    (size_t)snprintf(names + used, SERVICES_TEXT - used, ", ");
	if (used < SERVICES_TEXT)
		(void)snprintf(
		    names + used, SERVICES_TEXT - used, "%s", service);
}

/*
 * What modules say. Local people know their password; staff have none but
 * ours, and pam_unix has nothing against them in the account phase. Modules
 * we do not know stay out of it.
 */
static enum pam_stack_code
module_code(void *ctx, const struct pam_stack_entry *e)
{
	const struct walker *w = ctx;

	if (is_ours(e)) {
		if (w->staff)
			return w->ours;
		return e->quiet ? PAM_STACK_IGNORE : PAM_STACK_USER_UNKNOWN;
	}
	if (strcmp(e->module, "pam_permit") == 0)
		return PAM_STACK_SUCCESS;
	if (strcmp(e->module, "pam_deny") == 0)
		return w->type == PAM_STACK_AUTH ? PAM_STACK_AUTH_ERR
						 : PAM_STACK_PERM_DENIED;
	if (strcmp(e->module, "pam_unix") == 0)
		return w->staff && w->type == PAM_STACK_AUTH
		    ? PAM_STACK_AUTH_ERR
		    : PAM_STACK_SUCCESS;
	if (strcmp(e->module, "pam_localuser") == 0)
		return w->staff ? PAM_STACK_PERM_DENIED : PAM_STACK_SUCCESS;
	return PAM_STACK_IGNORE;
}

static bool
walk(const struct pam_stack *s, struct walker w)
{
	struct pam_stack copy = *s;

	for (size_t i = 0; w.without_us && i < copy.n; i++)
		if (is_ours(&copy.entry[i]))
			memset(copy.entry[i].action, 0,
			    sizeof(copy.entry[i].action));
	return pam_stack_walk(&copy, module_code, &w);
}

static void
check_local(struct pam_check *c, const char *service, const struct pam_stack *s,
    enum pam_stack_type type)
{
	struct walker with = { .type = type };
	struct walker without = { .type = type, .without_us = true };

	if (!walk(s, with) && walk(s, without))
		hit(c, LOCKS_OUT_LOCAL, service);
}

/* Whether staff get through although our module says no in any way. */
static bool
is_open(const struct pam_stack *s, enum pam_stack_type type)
{
	static const enum pam_stack_code no[] = { PAM_STACK_AUTH_ERR,
		PAM_STACK_PERM_DENIED, PAM_STACK_UNAVAIL };

	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		if (walk(s,
			(struct walker){
			    .staff = true, .type = type, .ours = no[i] }))
			return true;
	return false;
}

static enum att_err
read_in(
    const struct doctor *doc, const char *folder, const char *name, char **text)
{
	ATT_AUTO_FREE char *path = NULL;

	if (asprintf(&path, "%s/%s", folder, name) < 0) {
		path = NULL;
		return ATT_NOMEM;
	}
	return doctor_read(doc, path, text);
}

static enum att_err
read_stack_file(void *ctx, const char *name, char **text)
{
	const struct doctor *doc = ((struct pam_check *)ctx)->doc;
	enum att_err e;

	if (name[0] == '/')
		return doctor_read(doc, name, text);
	e = read_in(doc, PAM_FOLDER, name, text);
	return e == ATT_ABSENT ? read_in(doc, PAM_VENDOR, name, text) : e;
}

static void
check_stacks(struct pam_check *c, const char *service,
    const struct pam_stack *auth, const struct pam_stack *account)
{
	bool in_auth = has_ours(auth);
	bool in_account = has_ours(account);
	struct walker right = { .staff = true, .type = PAM_STACK_AUTH };

	if (!in_auth && !in_account)
		return;
	c->stacks++;
	if (in_auth) {
		check_local(c, service, auth, PAM_STACK_AUTH);
		if (is_open(auth, PAM_STACK_AUTH))
			hit(c, AUTH_OPEN, service);
		if (!walk(auth, right))
			hit(c, STAFF_LOCKED_OUT, service);
	}
	if (!in_account) {
		hit(c, ACCOUNT_MISSING, service);
		return;
	}
	check_local(c, service, account, PAM_STACK_ACCOUNT);
	if (is_open(account, PAM_STACK_ACCOUNT))
		hit(c, ACCOUNT_OPEN, service);
}

/*
 * Programs log in without the auth stack, with a key or at the set hour. Who
 * logs in has a session; the tools that only ask have none. What lets in
 * whoever comes, in both, is a greeter's own.
 */
static void
check_without_us(struct pam_check *c, const char *service,
    const struct pam_stack *auth, const struct pam_stack *account,
    const struct pam_stack *session)
{
	struct walker anybody = { .staff = true, .type = PAM_STACK_AUTH };
	struct walker staff = { .staff = true, .type = PAM_STACK_ACCOUNT };

	if (has_ours(auth) || has_ours(account) || account->of_other ||
	    session->of_other || !walk(account, staff))
		return;
	if (!walk(auth, anybody) || !walk(account, anybody))
		hit(c, NOT_ASKED, service);
}

static void
check_service(struct pam_check *c, const char *service)
{
	struct pam_stack of[PAM_STACK_SESSION + 1];
	char where[256] = "";
	enum att_err e = ATT_OK;

	for (unsigned t = 0; e == ATT_OK && t <= PAM_STACK_SESSION; t++)
		e = pam_stack_build(&of[t], service, (enum pam_stack_type)t,
		    read_stack_file, c, where, sizeof(where));
	if (e != ATT_OK) {
		hit(c, UNREADABLE, where);
		return;
	}
	check_stacks(c, service, &of[PAM_STACK_AUTH], &of[PAM_STACK_ACCOUNT]);
	check_without_us(c, service, &of[PAM_STACK_AUTH],
	    &of[PAM_STACK_ACCOUNT], &of[PAM_STACK_SESSION]);
}

static bool
is_service(const struct dirent *entry)
{
	const char *name = entry->d_name;
	size_t len = strlen(name);

	/* common-* are only ever included; editors and dpkg leave the rest */
	return name[0] != '.' && strncmp(name, "common-", 7) != 0 &&
	    name[len - 1] != '~' && strstr(name, ".dpkg-") == NULL &&
	    strstr(name, ".rpm") == NULL && strstr(name, ".pac") == NULL;
}

static void
say_findings(struct pam_check *c)
{
	unsigned total = 0;

	for (size_t f = 0; f < FINDINGS; f++) {
		if (c->hit[f].n == 0 || (f == NOT_ASKED && c->stacks == 0))
			continue; /* if nobody asks, that is said below */
		total += f != UNREADABLE;
		doctor_say(c->doc, findings[f].level, findings[f].id,
		    findings[f].next, "%s: %s", c->hit[f].names,
		    findings[f].text);
	}
	if (c->stacks == 0)
		doctor_say(c->doc, DOCTOR_WARNING, "pam",
		    "enable it; pam_attend(8) shows how",
		    "no service of " PAM_FOLDER " uses " MODULE);
	else if (total == 0)
		doctor_say(c->doc, DOCTOR_OK, "pam", NULL,
		    "%u services use " MODULE
		    " and come out right for staff and for local accounts",
		    c->stacks);
}

/* Of the vendor's folder what stands in the other is never looked at. */
static bool
is_hidden(const struct pam_check *c, const char *folder, const char *name)
{
	ATT_AUTO_FREE char *text = NULL;

	return strcmp(folder, PAM_FOLDER) != 0 &&
	    read_in(c->doc, PAM_FOLDER, name, &text) != ATT_ABSENT;
}

/* False: there is no such folder, or it cannot be read. */
static bool
check_folder(struct pam_check *c, const char *folder)
{
	ATT_AUTO_FREE char *path = NULL;
	struct dirent *entry;
	DIR *dir;

	if (asprintf(&path, "%s%s", c->doc->root, folder) < 0) {
		path = NULL;
		c->doc->r.failed = true;
		return false;
	}
	dir = opendir(path);
	if (dir == NULL)
		return false;
	while ((entry = readdir(dir)) != NULL)
		if (is_service(entry) && !is_hidden(c, folder, entry->d_name))
			check_service(c, entry->d_name);
	(void)closedir(dir);
	return true;
}

void
doctor_pam(struct doctor *doc)
{
	struct pam_check c = { .doc = doc };

	if (!check_folder(&c, PAM_FOLDER)) {
		doctor_say(doc, DOCTOR_WARNING, "pam", "make it readable",
		    PAM_FOLDER " cannot be read");
		return;
	}
	(void)check_folder(&c, PAM_VENDOR);
	say_findings(&c);
}
