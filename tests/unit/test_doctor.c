/* The doctor: every finding, each beside the machine where all is well. */
#include "admin_site.h"

#include "admin/doctor.h"
#include "attendd/paths.h"
#include "directory/format.h"
#include "test.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct site s;

/* A file below a folder that stands in for "/"; folders are made. */
static void
put(const char *path, const char *text)
{
	char full[512];
	FILE *f;

	(void)snprintf(full, sizeof(full), "%s%s", test_dir(), path);
	for (char *at = strchr(full + 1, '/'); at != NULL;
	     at = strchr(at + 1, '/')) {
		*at = '\0';
		(void)mkdir(full, 0755);
		*at = '/';
	}
	f = fopen(full, "we");
	if (f == NULL) {
		test_check(false, __FILE__, __LINE__, full);
		return;
	}
	(void)fputs(text, f);
	(void)fclose(f);
}

static struct doctor doc;
static char said[64 * 1024];

static void
collect(void *ctx, const void *at, size_t len)
{
	size_t used = strlen(said);

	(void)ctx;
	if (len >= sizeof(said) - used)
		len = sizeof(said) - used - 1;
	memcpy(said + used, at, len);
	said[used + len] = '\0';
}

/* Run one check on the stand-in root; whether it said the text. */
static bool
says(void (*check)(struct doctor *), const char *text)
{
	doc = (struct doctor){ .d = &s.d, .root = test_dir() };
	said[0] = '\0';
	print_open(&doc.r.print, collect, NULL);
	doc.r.d = &s.d;
	check(&doc);
	print_flush(&doc.r.print);
	if (strstr(said, text) != NULL)
		return true;
	printf("# wanted: %s\n# said: %s\n", text, said);
	return false;
}

static void
plain_site(void)
{
	memset(&s, 0, sizeof(s));
	s.config = config_default;
	s.d.config = &s.config;
}

TEST("nsswitch.conf: our service behind files, reached, in both lines")
{
	static const struct {
		const char *passwd, *says;
	} rows[] = {
		{ "passwd: files attend", "ok " },
		{ "passwd:files systemd attend # x", "ok " },
		{ "  passwd : compat attend", "ok " },
		{ "passwd: files [SUCCESS=merge] attend", "ok " },
		{ "passwd: files [NOTFOUND=continue] attend", "ok " },
		{ "passwd: files", "does not name attend" },
		{ "passwd: files # attend", "does not name attend" },
		{ "passwd: files attendance", "does not name attend" },
		{ "passwd_compat: files attend", "does not name attend" },
		{ "#passwd: files attend", "does not name attend" },
		{ "passwd: attend files", "stands before files" },
		{ "passwd: files [NOTFOUND=return] attend",
		    "the search ends before" },
		{ "passwd: files [!UNAVAIL=return] attend",
		    "the search ends before" },
	};
	char text[512];

	plain_site();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		(void)snprintf(text, sizeof(text), "%s\ngroup: files attend\n",
		    rows[i].passwd);
		put("/etc/nsswitch.conf", text);
		CHECK(says(doctor_nss, rows[i].says));
		CHECK(doc.errors == (strcmp(rows[i].says, "ok ") != 0));
	}
}

TEST("an initgroups line is pointed out, a missing nsswitch.conf too")
{
	plain_site();
	CHECK(says(doctor_nss, "no such record"));
	CHECK(doc.errors == 1);
	put("/etc/nsswitch.conf",
	    "passwd: files attend\ngroup: files attend\n"
	    "initgroups: files [SUCCESS=return] attend\n");
	CHECK(says(doctor_nss, "initgroups line"));
	CHECK(doc.errors == 0 && doc.warnings == 1);
}

TEST("nscd is mentioned where its socket is")
{
	plain_site();
	CHECK(says(doctor_cache, "no nscd"));
	put("/run/nscd/socket", "");
	CHECK(says(doctor_cache, "nscd stands between"));
	CHECK(doc.warnings == 0);
}

TEST("ids that others may use are pointed out")
{
	static const struct {
		const char *path, *text, *says;
	} rows[] = {
		{ "/etc/subuid", "ann:100000:65536\n", "ok " },
		{ "/etc/subuid", "ann:99999:1\n", "/etc/subuid gives 1" },
		{ "/etc/subuid", "ann:60000:10000\n", "ok " },
		{ "/etc/subuid", "ann:60000:10001\n", "/etc/subuid gives 1" },
		{ "/etc/subuid", "nonsense\nann:x:y\n\n", "ok " },
		{ "/etc/subgid", "a:70000:5\nb:70010:5\n",
		    "/etc/subgid gives 2" },
		{ "/etc/login.defs", "UID_MAX 60000\n", "ok " },
		{ "/etc/login.defs", "UID_MAX\t\t70000\n",
		    "UID_MIN to UID_MAX (1000 to 70000)" },
		{ "/etc/login.defs", "#UID_MAX 70000\n", "ok " },
		{ "/etc/login.defs", "SUB_UID_MIN 90000\n", "SUB_UID_MIN" },
	};

	plain_site();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		put("/etc/subuid", "");
		put("/etc/subgid", "");
		put("/etc/login.defs", "");
		put(rows[i].path, rows[i].text);
		CHECK(says(doctor_ids, rows[i].says));
		CHECK(doc.warnings == (strcmp(rows[i].says, "ok ") != 0));
	}
}

/* The Debian layout with the given common files. */
static void
put_pam(const char *auth, const char *account)
{
	put("/etc/pam.d/login",
	    "@include common-auth\n"
	    "@include common-account\n");
	put("/etc/pam.d/common-auth", auth);
	put("/etc/pam.d/common-account", account);
	put("/etc/pam.d/other",
	    "auth required pam_deny.so\n"
	    "account required pam_deny.so\n");
}

#define GOOD_AUTH                                         \
	"auth [success=2 default=ignore] pam_attend.so\n" \
	"auth [success=1 default=ignore] pam_unix.so\n"   \
	"auth requisite pam_deny.so\n"                    \
	"auth required pam_permit.so\n"
#define GOOD_ACCOUNT                                                   \
	"account [success=ok new_authtok_reqd=ok user_unknown=ignore " \
	"ignore=ignore default=die] pam_attend.so\n"                   \
	"account required pam_unix.so\n"

TEST("pam.d: each way to let in or lock out is found, the right one is not")
{
	static const struct {
		const char *what, *auth, *account, *says;
		unsigned errors;
	} rows[] = {
		{ "the right one", GOOD_AUTH, GOOD_ACCOUNT,
		    "1 services use pam_attend and come out right", 0 },
		{ "under the name pam-auth-update gives",
		    "auth [success=2 default=ignore] pam_att.so\n"
		    "auth [success=1 default=ignore] pam_unix.so\n"
		    "auth requisite pam_deny.so\nauth required pam_permit.so\n",
		    "account [success=ok user_unknown=ignore default=die] "
		    "pam_att.so\naccount required pam_unix.so\n",
		    "come out right", 0 },
		{ "required locks local accounts out",
		    "auth required pam_attend.so\nauth required pam_unix.so\n",
		    GOOD_ACCOUNT, "local accounts cannot log in", 1 },
		{ "unless it ignores others",
		    "auth sufficient pam_attend.so ignore_unknown_user\n"
		    "auth required pam_unix.so\n",
		    GOOD_ACCOUNT, "come out right", 0 },
		{ "required account locks local accounts out", GOOD_AUTH,
		    "account required pam_attend.so\n"
		    "account required pam_unix.so\n",
		    "local accounts cannot log in", 1 },
		{ "sufficient followed by permit is open",
		    "auth sufficient pam_attend.so\n"
		    "auth sufficient pam_unix.so\nauth required pam_permit.so\n",
		    GOOD_ACCOUNT, "staff get in with a wrong PIN", 1 },
		{ "optional account is open", GOOD_AUTH,
		    "account optional pam_attend.so\n"
		    "account required pam_unix.so\n",
		    "although the account check refuses", 1 },
		{ "default=ignore in account is open", GOOD_AUTH,
		    "account [success=1 default=ignore] pam_attend.so\n"
		    "account required pam_unix.so\n"
		    "account required pam_permit.so\n",
		    "although the account check refuses", 1 },
		{ "no account line", GOOD_AUTH,
		    "account required pam_unix.so\n",
		    "in the auth stack but not in the account stack", 1 },
		{ "staff stopped by another module",
		    "auth required pam_unix.so\nauth sufficient pam_attend.so\n",
		    GOOD_ACCOUNT, "staff cannot log in even with the right PIN",
		    0 },
		{ "nobody uses it", "auth required pam_unix.so\n",
		    "account required pam_unix.so\n",
		    "no service of /etc/pam.d uses", 0 },
		{ "a line that libpam refuses", "auth requird pam_attend.so\n",
		    GOOD_ACCOUNT, "common-auth: the stack cannot be read", 0 },
	};

	plain_site();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		put_pam(rows[i].auth, rows[i].account);
		if (!says(doctor_pam, rows[i].says) ||
		    doc.errors != rows[i].errors)
			printf("# %s: %u errors\n", rows[i].what, doc.errors);
		CHECK(strstr(said, rows[i].says) != NULL);
		CHECK(doc.errors == rows[i].errors);
	}
}

TEST("one finding names every service it is true of")
{
	plain_site();
	put_pam("auth required pam_attend.so\nauth required pam_unix.so\n",
	    GOOD_ACCOUNT);
	put("/etc/pam.d/sudo",
	    "auth include common-auth\n"
	    "account include common-account\n");
	put("/etc/pam.d/sudo.dpkg-old", "auth requird x\n");
	CHECK(says(doctor_pam, "local accounts cannot log in"));
	CHECK(strstr(said, "login") != NULL && strstr(said, "sudo") != NULL);
	CHECK(doc.errors == 1 && doc.warnings == 1); /* staff too */
}

#define SESSION "session required pam_unix.so\n"

TEST("pam.d: a login of staff without the module is named, what is none is not")
{
	static const struct {
		const char *what, *service, *text;
		bool named;
	} rows[] = {
		{ "ssh keys", "sshd",
		    "auth required pam_unix.so\naccount required pam_nologin.so\n"
		    "account required pam_unix.so\n" SESSION,
		    true },
		{ "cron", "cron",
		    "auth required pam_unix.so\n"
		    "account sufficient pam_unix.so\n"
		    "account required pam_permit.so\n" SESSION,
		    true },
		{ "anybody's account", "sshd",
		    "auth required pam_unix.so\n"
		    "account required pam_permit.so\n" SESSION,
		    true },
		{ "it is asked", "sshd",
		    "auth required pam_unix.so\n" GOOD_ACCOUNT SESSION, false },
		{ "locals only", "sshd",
		    "auth required pam_unix.so\n"
		    "account required pam_localuser.so\n"
		    "account required pam_unix.so\n" SESSION,
		    false },
		{ "nobody", "other",
		    "auth required pam_deny.so\n"
		    "account required pam_deny.so\n"
		    "session required pam_deny.so\n",
		    false },
		{ "a tool without a session", "shadow",
		    "auth required pam_unix.so\n"
		    "account required pam_unix.so\n",
		    false },
		{ "a service that is other's for the rest", "runuser",
		    "auth sufficient pam_rootok.so\n" SESSION, false },
		{ "a greeter", "greeter",
		    "auth required pam_env.so\nauth required pam_permit.so\n"
		    "account required pam_permit.so\n" SESSION,
		    false },
	};

	plain_site();
	put_pam(GOOD_AUTH, GOOD_ACCOUNT);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char path[64], says_so[64];

		(void)snprintf(
		    path, sizeof(path), "/etc/pam.d/%s", rows[i].service);
		(void)snprintf(says_so, sizeof(says_so),
		    "%s: staff get in and pam_attend is not", rows[i].service);
		put(path, rows[i].text);
		if (!says(doctor_pam,
			rows[i].named ? says_so : "come out right") ||
		    doc.warnings != rows[i].named)
			printf(
			    "# %s: %u warnings\n", rows[i].what, doc.warnings);
		CHECK(strstr(said,
			  rows[i].named ? says_so : "come out right") != NULL);
		CHECK(doc.warnings == rows[i].named && doc.errors == 0);
		put(path, "@include common-auth\n@include common-account\n");
	}
}

TEST("pam.d: what a package brings counts where nobody has put another")
{
	const char *text = "auth required pam_attend.so\n"
			   "account required pam_unix.so\n";

	plain_site();
	put_pam(GOOD_AUTH, GOOD_ACCOUNT);
	put("/usr/lib/pam.d/polkit-1", text);
	CHECK(says(doctor_pam, "polkit-1") && doc.errors == 1);
	put("/etc/pam.d/polkit-1", "@include vendor-all\n");
	put("/usr/lib/pam.d/vendor-all", GOOD_AUTH GOOD_ACCOUNT);
	CHECK(says(doctor_pam, "3 services use pam_attend and come out right"));
}

TEST("a healthy site has a healthy store, and each fault in it is named")
{
	struct vault *vault;

	if (!site_open(&s))
		return;
	NEED(site_adult(&s));
	CHECK(says(doctor_store, "the store is whole") && doc.errors == 0);
	CHECK(says(doctor_audit, "the audit chain holds") && doc.errors == 0);
	CHECK(says(doctor_key, "readable by attendd only") && doc.errors == 0);
	CHECK(says(doctor_directory, "is current, 1 people"));
	CHECK(doc.errors == 0);
	CHECK(says(doctor_names, "no local account") && doc.errors == 0);
	CHECK(says(doctor_notice, "privacy notice 1") && doc.errors == 0);
	CHECK(says(doctor_clock, "not behind") && doc.errors == 0);

	vault = s.d.vault;
	s.d.vault = NULL;
	s.d.store_err = ATT_IO;
	CHECK(says(doctor_key, "the site key cannot be read"));
	CHECK(doc.errors == 1);
	s.d.vault = vault;
	s.d.store_err = ATT_OK;

	NEED(chmod(ATTENDD_SITE_KEY, 0644) == 0);
	CHECK(says(doctor_key, "nobody else can read") && doc.errors == 1);
	NEED(chmod(ATTENDD_STORE, 0640) == 0);
	CHECK(says(doctor_store, "nobody else can read") && doc.errors == 1);
	s.d.now.utc -= 3600;
	CHECK(says(doctor_clock, "behind the last record"));
	s.d.now.utc = 1000000000;
	CHECK(says(doctor_clock, "years behind") && doc.errors == 1);
	site_close(&s);
}

TEST("a directory that is old, cut or gone is named")
{
	if (!site_open(&s))
		return;
	s.d.directory = "/var/cache/elsewhere/directory";
	(void)RUN(&s, "employee", "add", "1", "--name", "A");
	s.d.directory = NULL;
	CHECK(says(doctor_directory, "of generation") && doc.errors == 1);
	NEED(RUN(&s, "publish") == VERB_DONE);
	CHECK(says(doctor_directory, "is current") && doc.errors == 0);
	NEED(truncate(DIRECTORY_PATH, 300) == 0);
	CHECK(says(doctor_directory, "cannot be used") && doc.errors == 1);
	NEED(unlink(DIRECTORY_PATH) == 0);
	CHECK(says(doctor_directory, "cannot be used") && doc.errors == 1);
	NEED(RUN(&s, "publish") == VERB_DONE);
	NEED(chmod("/var/cache/attend", 0777) == 0);
	CHECK(says(doctor_directory, "nobody believes") && doc.errors == 1);
	NEED(chmod("/var/cache/attend", 0755) == 0);
	CHECK(says(doctor_directory, "is current") && doc.errors == 0);
	site_close(&s);
}

TEST("local groups that do not exist or are never given are named")
{
	plain_site();
	s.config.n_local_groups = 1;
	memcpy(s.config.local_groups[0], "no-such-group", 14);
	CHECK(says(doctor_groups, "does not exist") && doc.warnings == 1);
	memcpy(s.config.local_groups[0], "shadow", 7);
	CHECK(says(doctor_groups, "never given") && doc.warnings == 1);
	memcpy(s.config.local_groups[0], "daemon", 7);
	CHECK(says(doctor_groups, "") && doc.warnings == 0);
}

TEST("without a store the doctor says why and goes on")
{
	if (!site_open_bare(&s))
		return;
	CHECK(RUN(&s, "doctor", "--json") == VERB_FAILED);
	CHECK(site_printed(&s, "\"id\": \"store\""));
	CHECK(site_printed(&s, "\"id\": \"nsswitch\""));
	CHECK(site_printed(&s, "\"next\": \"attendctl init\""));
	site_close(&s);
}
