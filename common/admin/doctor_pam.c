/*
 * /etc/pam.d: each stack that has our module is walked the way libpam does,
 * once for a local account and once for staff, and must come out right.
 */
#include "admin/doctor.h"
#include "admin/pam_stack.h"

#include "base/owner.h"

#include <dirent.h>
#include <string.h>

#define PAM_FOLDER    "/etc/pam.d"
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
read_stack_file(void *ctx, const char *name, char **text)
{
	struct pam_check *c = ctx;
	ATT_AUTO_FREE char *path = NULL;

	if (asprintf(&path, "%s%s", name[0] == '/' ? "" : PAM_FOLDER "/",
		name) < 0) {
		path = NULL;
		return ATT_NOMEM;
	}
	return doctor_read(c->doc, path, text);
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

static void
check_service(struct pam_check *c, const char *service)
{
	struct pam_stack auth, account;
	char where[256] = "";
	enum att_err e = pam_stack_build(&auth, service, PAM_STACK_AUTH,
	    read_stack_file, c, where, sizeof(where));

	if (e == ATT_OK)
		e = pam_stack_build(&account, service, PAM_STACK_ACCOUNT,
		    read_stack_file, c, where, sizeof(where));
	if (e == ATT_OK)
		check_stacks(c, service, &auth, &account);
	else
		hit(c, UNREADABLE, where);
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
		if (c->hit[f].n == 0)
			continue;
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

void
doctor_pam(struct doctor *doc)
{
	struct pam_check c = { .doc = doc };
	ATT_AUTO_FREE char *path = NULL;
	struct dirent *entry;
	DIR *dir;

	if (asprintf(&path, "%s" PAM_FOLDER, doc->root) < 0) {
		path = NULL;
		doc->r.failed = true;
		return;
	}
	dir = opendir(path);
	if (dir == NULL) {
		doctor_say(doc, DOCTOR_WARNING, "pam", "make it readable",
		    PAM_FOLDER " cannot be read");
		return;
	}
	while ((entry = readdir(dir)) != NULL)
		if (is_service(entry))
			check_service(&c, entry->d_name);
	(void)closedir(dir);
	say_findings(&c);
}
