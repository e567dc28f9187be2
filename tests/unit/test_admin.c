/* The verbs, against a real store: who may, what changes, what is said. */
#include "admin_site.h"

#include "attendd/paths.h"
#include "directory/directory.h"
#include "store/attempt.h"
#include "store/attendance.h"
#include "store/pin.h"
#include "test.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct site s; /* too large for the stack */

static bool
is_published(const char *login)
{
	struct directory dir = { 0 };
	struct directory_person p;
	bool found;

	if (directory_open(&dir, DIRECTORY_PATH, geteuid(), true) != ATT_OK)
		return false;
	found = directory_by_name(&dir, login, strlen(login), &p) == ATT_OK;
	directory_close(&dir);
	return found;
}

static unsigned
count_events(const char *event)
{
	const char *at;
	unsigned n = 0;

	if (RUN(&s, "audit", "list", "--json") != VERB_DONE)
		return 0;
	for (at = strstr(s.printed, event); at != NULL;
	     at = strstr(at + 1, event))
		n++;
	return n;
}

TEST("root's verbs are root's, and me is for staff")
{
	if (!site_open(&s))
		return;
	NEED(site_adult(&s));

	s.uid = 70000;
	CHECK(RUN(&s, "employee", "list") == VERB_REFUSED);
	CHECK(site_told(&s, "only root may call \"employee list\""));
	CHECK(s.printed[0] == '\0');
	CHECK(RUN(&s, "me", "show") == VERB_DONE);
	CHECK(site_printed(&s, "Ann Example"));
	s.uid = 1000;
	CHECK(RUN(&s, "me", "show") == VERB_REFUSED);
	CHECK(RUN(&s, "me", "notice") == VERB_REFUSED);
	CHECK(RUN(&s, "employee", "show", "1042") == VERB_REFUSED);
	s.uid = 0;
	CHECK(RUN(&s, "me", "show") == VERB_REFUSED);
	CHECK(site_told(&s, "as root see attendctl employee show"));
	CHECK(RUN(&s, "employee", "list") == VERB_DONE);
	site_close(&s);
}

TEST("every root verb is refused to staff and every verb is offered")
{
	if (!site_open(&s))
		return;
	for (size_t i = 0; i < verbs_count; i++) {
		const char *words[SITE_WORDS + 1] = { NULL };
		char copy[64], option[8][64];
		size_t n = 0, used = 0;

		(void)snprintf(copy, sizeof(copy), "%s", verbs[i].words);
		for (char *w = strtok(copy, " "); w != NULL;
		     w = strtok(NULL, " "))
			words[n++] = w;
		for (size_t p = 0; p < VERB_POSITIONALS_MAX; p++)
			if (verbs[i].positional[p] != NULL)
				words[n++] = "77";
		for (size_t o = 0; verbs[i].options[o].name != NULL; o++) {
			if (!verbs[i].options[o].required)
				continue;
			(void)snprintf(option[used], sizeof(option[0]),
			    "--%s=notice.txt", verbs[i].options[o].name);
			words[n++] = option[used++];
		}
		s.uid = 1000;
		CHECK(site_run(&s, words) ==
		    (verbs[i].who == VERB_ANY ? VERB_DONE : VERB_REFUSED));
		s.uid = 0;
		(void)site_run(&s, words);
		CHECK(strstr(s.told, "does not offer") == NULL);
	}
	site_close(&s);
}

TEST("a wrong command line is explained and changes nothing")
{
	if (!site_open(&s))
		return;
	CHECK(RUN(&s, "employee", "add", "1042") == VERB_USAGE);
	CHECK(site_told(&s,
	    "attendctl: --name N is missing; see attendctl "
	    "employee add --help\n"));
	CHECK(RUN(&s, "employee", "list") == VERB_DONE);
	CHECK(s.printed[0] == '\0');
	site_close(&s);
}

TEST("without a store every verb but init and doctor says to run init")
{
	if (!site_open_bare(&s))
		return;
	CHECK(RUN(&s, "employee", "list") == VERB_UNAVAILABLE);
	CHECK(site_told(&s, "run attendctl init"));
	CHECK(RUN(&s, "doctor") == VERB_FAILED);
	CHECK(site_printed(&s, "there is no site key"));
	site_close(&s);
}

TEST("a refused configuration stops every verb but doctor")
{
	if (!site_open(&s))
		return;
	s.d.config_bad = true;
	CHECK(RUN(&s, "employee", "list") == VERB_UNAVAILABLE);
	CHECK(site_told(&s, "/etc/attend/attend.conf"));
	CHECK(RUN(&s, "init") == VERB_UNAVAILABLE);
	s.d.config_bad = false;
	CHECK(RUN(&s, "employee", "list") == VERB_DONE);
	site_close(&s);
}

TEST("init makes everything once and leaves it alone the second time")
{
	struct stat before, after;

	if (!site_open_bare(&s))
		return;
	CHECK(site_init(&s, "packaging/notices") == VERB_DONE);
	NEED(stat(ATTENDD_SITE_KEY, &before) == 0);
	CHECK(
	    (before.st_mode & 0777) == 0400 || (before.st_mode & 0777) == 0600);
	CHECK(RUN(&s, "notice", "list") == VERB_DONE);
	CHECK(site_printed(&s, "zh_CN"));
	CHECK(access(DIRECTORY_PATH, R_OK) == 0);

	CHECK(site_init(&s, "packaging/notices") == VERB_DONE);
	NEED(stat(ATTENDD_SITE_KEY, &after) == 0);
	CHECK(before.st_ino == after.st_ino);
	CHECK(before.st_mtim.tv_nsec == after.st_mtim.tv_nsec);
	CHECK(RUN(&s, "audit", "verify") == VERB_DONE);
	site_close(&s);
}

TEST("init finishes what was interrupted")
{
	if (!site_open_bare(&s))
		return;
	NEED(vault_create(ATTENDD_SITE_KEY) == ATT_OK);
	CHECK(site_init(&s, "packaging/notices") == VERB_DONE);
	CHECK(RUN(&s, "status") == VERB_DONE);
	site_close(&s);
}

TEST("init never gives a store a new key")
{
	if (!site_open_bare(&s))
		return;
	NEED(site_init(&s, "packaging/notices") == VERB_DONE);
	store_close(s.d.store);
	vault_close(s.d.vault);
	s.d.store = NULL;
	s.d.vault = NULL;
	NEED(unlink(ATTENDD_SITE_KEY) == 0);

	CHECK(site_init(&s, "packaging/notices") == VERB_CONFLICT);
	CHECK(access(ATTENDD_SITE_KEY, F_OK) != 0);
	site_close(&s);
}

TEST("an employee is added, published, shown, and added once only")
{
	if (!site_open(&s))
		return;
	CHECK(RUN(&s, "employee", "add", "1042", "--name", "Ann Example",
		  "--birth", "1990-05-17", "--department", "Dispatch",
		  "--email", "ann@example.org") == VERB_DONE);
	CHECK(site_printed(&s, "added 1042: login e1042, uid 70000"));
	CHECK(is_published("e1042"));
	CHECK(RUN(&s, "employee", "show", "1042") == VERB_DONE);
	CHECK(site_printed(&s, "ann@example.org"));
	CHECK(RUN(&s, "employee", "show", "1042", "--json") == VERB_DONE);
	CHECK(site_printed(&s, "\"born\": \"1990-05-17\""));
	CHECK(site_printed(&s, "\"consents\": []"));
	CHECK(RUN(&s, "employee", "list") == VERB_DONE);
	CHECK(
	    site_printed(&s, "1042    e1042  Ann Example  Dispatch    active"));
	CHECK(strstr(s.printed, "example.org") == NULL);

	CHECK(RUN(&s, "employee", "add", "1042", "--name", "Other") ==
	    VERB_CONFLICT);
	CHECK(RUN(&s, "employee", "add", "1043", "--name", "Other", "--login",
		  "e1042") == VERB_CONFLICT);
	CHECK(
	    RUN(&s, "employee", "add", "1043", "--name", "Other") == VERB_DONE);
	CHECK(site_printed(&s, "date of birth unknown"));
	site_close(&s);
}

TEST("fields outside their bounds are refused, with a twin that fits")
{
	static const struct {
		const char *option;
		const char *bad, *good;
	} rows[] = {
		{ "--login", "Ann", "ann" },
		{ "--login", "root", "ann" },
		{ "--login", "daemon", "daemons" },
		{ "--birth", "2026-03-03", "2000-03-02" },
		{ "--name", "", "A" },
		{ "--hired", "2026-02-30", "2026-02-28" },
	};
	char name[130];

	if (!site_open(&s))
		return;
	NEED(RUN(&s, "employee", "add", "7", "--name", "A") == VERB_DONE);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		CHECK(RUN(&s, "employee", "set", "7", rows[i].option,
			  rows[i].bad) != VERB_DONE);
		CHECK(s.told[0] != '\0');
		CHECK(RUN(&s, "employee", "set", "7", rows[i].option,
			  rows[i].good) == VERB_DONE);
	}
	memset(name, 'n', sizeof(name));
	name[129] = '\0';
	CHECK(RUN(&s, "employee", "set", "7", "--name", name) == VERB_USAGE);
	name[128] = '\0';
	CHECK(RUN(&s, "employee", "set", "7", "--name", name) == VERB_DONE);
	CHECK(RUN(&s, "employee", "set", "7", "--hired", "2026-03-02",
		  "--ended", "2026-03-01") == VERB_USAGE);
	CHECK(RUN(&s, "employee", "set", "7", "--hired", "2026-03-02",
		  "--ended", "2026-03-02") == VERB_DONE);
	site_close(&s);
}

TEST("set changes what it names, clears what it is told to, publishes it")
{
	if (!site_open(&s))
		return;
	NEED(site_adult(&s));
	CHECK(RUN(&s, "employee", "set", "1042", "--login", "ann",
		  "--department", "", "--birth", "none") == VERB_DONE);
	CHECK(is_published("ann"));
	CHECK(!is_published("e1042"));
	CHECK(RUN(&s, "employee", "show", "1042", "--json") == VERB_DONE);
	CHECK(site_printed(&s, "\"department\": null"));
	CHECK(site_printed(&s, "\"born\": null"));
	CHECK(site_printed(&s, "\"name\": \"Ann Example\""));
	CHECK(
	    RUN(&s, "employee", "set", "1042", "--login", "ann") == VERB_DONE);
	CHECK(site_printed(&s, "1042 unchanged"));
	CHECK(RUN(&s, "employee", "set", "9", "--name", "B") == VERB_ABSENT);
	CHECK(site_told(&s, "no employee 9; see attendctl employee list"));
	site_close(&s);
}

TEST("a change that cannot be published is stored and says so")
{
	if (!site_open(&s))
		return;
	s.d.directory = "/var/cache/nowhere/directory";
	CHECK(
	    RUN(&s, "employee", "add", "1042", "--name", "Ann") == VERB_FAILED);
	CHECK(site_told(&s, "attendctl publish"));
	CHECK(site_told(&s, "the change itself is stored"));
	CHECK(site_printed(&s, "added 1042"));
	CHECK(RUN(&s, "publish") == VERB_FAILED);
	s.d.directory = NULL;
	CHECK(RUN(&s, "employee", "show", "1042") == VERB_DONE);
	CHECK(!is_published("e1042"));
	CHECK(RUN(&s, "publish", "--json") == VERB_DONE);
	CHECK(site_printed(&s, "\"people\": 1"));
	CHECK(is_published("e1042"));
	site_close(&s);
}

TEST("suspend, resume and end show in the state and may be said twice")
{
	if (!site_open(&s))
		return;
	NEED(site_adult(&s));
	for (int i = 0; i < 2; i++)
		CHECK(RUN(&s, "employee", "suspend", "1042") == VERB_DONE);
	CHECK(RUN(&s, "employee", "list") == VERB_DONE);
	CHECK(site_printed(&s, "suspended"));
	for (int i = 0; i < 2; i++)
		CHECK(RUN(&s, "employee", "resume", "1042") == VERB_DONE);
	CHECK(RUN(&s, "employee", "list") == VERB_DONE);
	CHECK(site_printed(&s, "active"));
	for (int i = 0; i < 2; i++)
		CHECK(RUN(&s, "employee", "end", "1042", "--on",
			  "2026-03-01") == VERB_DONE);
	CHECK(RUN(&s, "employee", "list") == VERB_DONE);
	CHECK(site_printed(&s, "ended"));
	CHECK(RUN(&s, "employee", "resume", "1042") == VERB_CONFLICT);
	CHECK(site_told(&s, "--ended none"));
	CHECK(RUN(&s, "employee", "end", "1042", "--on", "none") == VERB_USAGE);
	CHECK(
	    RUN(&s, "employee", "set", "1042", "--ended", "none") == VERB_DONE);
	CHECK(RUN(&s, "employee", "end", "1042") == VERB_DONE);
	CHECK(site_printed(&s, "the last day is 2026-03-02"));
	CHECK(RUN(&s, "employee", "list") == VERB_DONE);
	CHECK(site_printed(&s, "active"));
	site_close(&s);
}

TEST("a PIN is asked twice at a terminal, once from a pipe, never printed")
{
	if (!site_open(&s))
		return;
	NEED(site_adult(&s));
	s.answers[0] = "839105";
	CHECK(RUN(&s, "pin", "set", "1042") == VERB_DONE);
	CHECK(s.asked == 1);
	CHECK(strstr(s.printed, "839105") == NULL);
	s.flags = WIRE_F_IN_TTY;
	s.answers[0] = s.answers[1] = "571602";
	CHECK(RUN(&s, "pin", "set", "1042", "--must-change") == VERB_DONE);
	CHECK(s.asked == 2);
	CHECK(site_printed(&s, "a new one is asked"));
	s.answers[0] = "604817";
	s.answers[1] = "604818";
	CHECK(RUN(&s, "pin", "set", "1042") == VERB_FAILED);
	CHECK(site_told(&s, "not the same"));
	s.answers[1] = NULL;
	CHECK(RUN(&s, "pin", "set", "1042") == VERB_FAILED);
	s.answers[0] = NULL;
	CHECK(RUN(&s, "pin", "set", "1042") == VERB_FAILED);
	CHECK(site_told(&s, "no PIN given"));
	CHECK(RUN(&s, "employee", "show", "1042", "--json") == VERB_DONE);
	CHECK(site_printed(&s, "\"pin_must_change\": true"));
	site_close(&s);
}

TEST("weak and used PINs are refused, the next good one is taken")
{
	static const char *const bad[] = { "", "12345", "abcdef", "111111",
		"123456", "901234", "121212", "001042", "170590", "900517",
		SITE_PIN, "72941 ", "12345678901234567" };

	if (!site_open(&s))
		return;
	NEED(site_adult(&s));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		s.answers[0] = bad[i];
		CHECK(RUN(&s, "pin", "set", "1042") == VERB_REFUSED);
		CHECK(site_told(&s, "Choose another, of 6 to 16 digits."));
	}
	s.answers[0] = "839105";
	CHECK(RUN(&s, "pin", "set", "1042") == VERB_DONE);
	s.answers[0] = SITE_PIN;
	CHECK(RUN(&s, "pin", "set", "1042") == VERB_REFUSED);
	CHECK(site_told(&s, "in use before"));
	site_close(&s);
}

TEST("a minor gets a PIN with a guardian's valid consent only")
{
	const char *paper;

	if (!site_open(&s))
		return;
	s.answers[0] = SITE_PIN;
	NEED(RUN(&s, "employee", "add", "2001", "--name", "Ben Example",
		 "--birth", "2008-03-03") == VERB_DONE);
	CHECK(site_printed(&s, "a minor"));
	CHECK(RUN(&s, "pin", "set", "2001") == VERB_REFUSED);
	CHECK(site_told(&s, "2001 is 17 years old"));
	CHECK(site_told(&s, "attendctl guardian record 2001"));
	CHECK(s.asked == 0);
	paper = site_file("paper.pdf", "a signature");
	CHECK(RUN(&s, "guardian", "record", "2001", "--name", "Eve Example",
		  "--relation", "mother", "--paper", paper) == VERB_DONE);
	CHECK(RUN(&s, "pin", "set", "2001") == VERB_DONE);
	CHECK(RUN(&s, "guardian", "withdraw", "2001") == VERB_DONE);
	s.answers[0] = "839105";
	CHECK(RUN(&s, "pin", "set", "2001") == VERB_REFUSED);
	CHECK(RUN(&s, "guardian", "record", "2001", "--name", "Eve Example",
		  "--relation", "mother", "--paper", paper, "--until",
		  "2026-03-02") == VERB_DONE);
	CHECK(RUN(&s, "pin", "set", "2001") == VERB_DONE);
	s.d.now.utc += 86400;
	s.answers[0] = "571602";
	/* the day after: of age, and the guardian's word no longer needed */
	CHECK(RUN(&s, "pin", "set", "2001") == VERB_DONE);
	NEED(RUN(&s, "employee", "set", "2001", "--birth", "2008-03-04") ==
	    VERB_DONE);
	s.answers[0] = "604817";
	CHECK(RUN(&s, "pin", "set", "2001") == VERB_REFUSED);
	CHECK(site_told(&s, "no guardian's consent is valid today"));
	s.d.now.utc -= 86400;
	CHECK(RUN(&s, "pin", "set", "2001") == VERB_DONE);
	site_close(&s);
}

TEST("a guardian answers for minors only and with a paper")
{
	const char *paper;

	if (!site_open(&s))
		return;
	NEED(site_adult(&s));
	paper = site_file("paper.pdf", "a signature");
	CHECK(RUN(&s, "guardian", "record", "1042", "--name", "E", "--relation",
		  "mother", "--paper", paper) == VERB_REFUSED);
	CHECK(site_told(&s, "of age"));
	NEED(
	    RUN(&s, "employee", "set", "1042", "--birth", "none") == VERB_DONE);
	CHECK(RUN(&s, "guardian", "record", "1042", "--name", "E", "--relation",
		  "mother", "--paper", paper) == VERB_REFUSED);
	NEED(RUN(&s, "employee", "set", "1042", "--birth", "2009-01-01") ==
	    VERB_DONE);
	CHECK(RUN(&s, "guardian", "record", "1042", "--name", "E", "--relation",
		  "mother", "--paper", site_file("empty", "")) == VERB_FAILED);
	CHECK(RUN(&s, "guardian", "record", "1042", "--name", "E", "--relation",
		  "mother", "--paper", paper, "--until",
		  "2026-03-01") == VERB_USAGE);
	CHECK(RUN(&s, "guardian", "record", "1042", "--name", "E", "--relation",
		  "mother", "--paper", test_dir()) == VERB_FAILED);
	CHECK(site_told(&s, "not a regular file"));
	CHECK(RUN(&s, "guardian", "record", "1042", "--name", "E", "--relation",
		  "mother", "--paper", paper) == VERB_DONE);
	CHECK(RUN(&s, "guardian", "show", "1042", "--json") == VERB_DONE);
	CHECK(site_printed(&s, "\"relation\": \"mother\""));
	CHECK(site_printed(&s, "\"genuine\": true"));
	CHECK(RUN(&s, "consent", "show", "1042", "--json") == VERB_DONE);
	CHECK(strstr(s.printed, "mother") == NULL);
	site_close(&s);
}

TEST("consent is recorded, shown and withdrawn, each once")
{
	if (!site_open(&s))
		return;
	NEED(RUN(&s, "employee", "add", "1042", "--name", "Ann", "--birth",
		 "1990-05-17") == VERB_DONE);
	CHECK(RUN(&s, "consent", "withdraw", "1042") == VERB_CONFLICT);
	CHECK(RUN(&s, "consent", "record", "1042", "--refused") == VERB_DONE);
	CHECK(RUN(&s, "consent", "record", "1042") == VERB_DONE);
	CHECK(RUN(&s, "consent", "record", "1042", "--purpose", "photo") ==
	    VERB_DONE);
	CHECK(RUN(&s, "consent", "withdraw", "1042") == VERB_DONE);
	CHECK(RUN(&s, "consent", "withdraw", "1042") == VERB_CONFLICT);
	CHECK(RUN(&s, "consent", "record", "1042", "--purpose", "fun") ==
	    VERB_USAGE);
	CHECK(site_told(&s, "there are login, attendance"));
	CHECK(RUN(&s, "consent", "show", "1042", "--purpose", "photo") ==
	    VERB_DONE);
	CHECK(site_printed(&s, "photo"));
	CHECK(strstr(s.printed, "login") == NULL);
	site_close(&s);
}

TEST("without a notice nobody can agree, and the next step is named")
{
	if (!site_open_bare(&s))
		return;
	CHECK(site_init(&s, test_path("no-such-folder")) == VERB_FAILED);
	NEED(RUN(&s, "employee", "add", "1", "--name", "A") == VERB_DONE);
	CHECK(RUN(&s, "consent", "record", "1") == VERB_ABSENT);
	CHECK(site_told(&s, "attendctl notice publish"));
	CHECK(RUN(&s, "notice", "show") == VERB_ABSENT);
	CHECK(RUN(&s, "notice", "publish", "notice.txt", "--version", "1",
		  "--lang", "en", "--major", "rights") == VERB_DONE);
	CHECK(RUN(&s, "consent", "record", "1") == VERB_DONE);
	CHECK(RUN(&s, "notice", "show") == VERB_DONE);
	site_close(&s);
}

TEST("a version is published once in a language and read for ever")
{
	const char *two, *brief;

	if (!site_open(&s))
		return;
	CHECK(RUN(&s, "notice", "publish", "notice.txt", "--version", "1",
		  "--lang", "en", "--major", "rights") == VERB_CONFLICT);
	two = site_file("two.txt", "\xef\xbb\xbf\n\nSecond.\n\nMore.\n");
	brief = site_file("brief.txt", "Brief.\n");
	CHECK(RUN(&s, "notice", "publish", two, "--version", "2", "--lang",
		  "en", "--short", brief) == VERB_DONE);
	CHECK(RUN(&s, "notice", "show", "--json") == VERB_DONE);
	CHECK(site_printed(&s, "\"short\": \"Brief.\""));
	CHECK(site_printed(&s, "\"text\": \"Second.\\n\\nMore.\""));
	CHECK(RUN(&s, "notice", "show", "1", "--json") == VERB_DONE);
	CHECK(site_printed(&s, "\"short\": \"We keep little.\""));
	CHECK(RUN(&s, "notice", "show", "3") == VERB_ABSENT);
	CHECK(RUN(&s, "notice", "list", "--json") == VERB_DONE);
	CHECK(site_printed(&s, "\"version\": \"2\""));
	CHECK(RUN(&s, "notice", "publish", site_file("none", " \n"),
		  "--version", "3", "--lang", "en") == VERB_FAILED);
	site_close(&s);
}

TEST("a look at somebody's record is on record, or there is no look")
{
	unsigned before;

	if (!site_open(&s))
		return;
	NEED(site_adult(&s));
	before = count_events("\"employee-show\"");
	CHECK(RUN(&s, "employee", "show", "1042") == VERB_DONE);
	CHECK(count_events("\"employee-show\"") == before + 1);
	CHECK(RUN(&s, "audit", "verify") == VERB_DONE);
	CHECK(site_printed(&s, "yes"));
	CHECK(RUN(&s, "audit", "list", "1042") == VERB_DONE);
	CHECK(site_printed(&s, "employee-show"));
	CHECK(strstr(s.printed, "Ann") == NULL);
	s.uid = 70000;
	CHECK(RUN(&s, "me", "show", "--json") == VERB_DONE);
	CHECK(site_printed(&s, "\"employee-show\""));
	s.uid = 0;
	site_close(&s);
}

TEST("explain gives every check and the answer, for now and for a time")
{
	if (!site_open(&s))
		return;
	NEED(site_adult(&s));
	CHECK(RUN(&s, "explain", "1042", "--json") == VERB_DONE);
	CHECK(site_printed(&s, "\"allowed\": true"));
	CHECK(RUN(&s, "explain", "1042", "--at", "2000-01-01", "--json") ==
	    VERB_DONE);
	CHECK(site_printed(&s, "\"reason\": \"under-minimum-age\""));
	NEED(RUN(&s, "consent", "withdraw", "1042") == VERB_DONE);
	CHECK(RUN(&s, "explain", "1042") == VERB_DONE);
	CHECK(site_printed(&s, "consent-withdrawn"));
	CHECK(RUN(&s, "explain", "9") == VERB_ABSENT);
	CHECK(site_printed(&s, "unknown"));
	CHECK(RUN(&s, "explain", "1042", "--service", "") == VERB_USAGE);
	site_close(&s);
}

TEST("unlock lifts a lock")
{
	struct store_by by;
	struct store_employee e;
	uint32_t seconds;

	if (!site_open(&s))
		return;
	NEED(site_adult(&s));
	by = (struct store_by){ .now = s.d.now, .actor = "test" };
	NEED(store_employee_by_number(s.d.store, "1042", &e) == ATT_OK);
	for (uint32_t i = 0; i < s.config.limits.max_failures; i++) {
		STORE_AUTO_TX struct store_tx tx = { 0 };
		struct store_attempt a = {
			.known = true, .factor = GATE_PIN, .service = "login"
		};

		memcpy(a.subject, e.id, sizeof(a.subject));
		NEED(store_begin(s.d.store, &tx) == ATT_OK);
		NEED(store_attempt_begin(s.d.store, &by, &s.config.limits, &a,
			 &seconds) == ATT_OK);
		NEED(store_attempt_finish(s.d.store, &by, &s.config.limits, &a,
			 false, &seconds) == ATT_OK);
		NEED(store_commit(&tx) == ATT_OK);
	}
	CHECK(RUN(&s, "explain", "1042", "--json") == VERB_DONE);
	CHECK(site_printed(&s, "\"reason\": \"locked\""));
	CHECK(RUN(&s, "employee", "unlock", "1042") == VERB_DONE);
	CHECK(RUN(&s, "explain", "1042", "--json") == VERB_DONE);
	CHECK(site_printed(&s, "\"allowed\": true"));
	site_close(&s);
}

TEST("one's own PIN changes after the present one is shown, and only then")
{
	struct store_employee e;
	uint32_t failures = 0;

	if (!site_open(&s))
		return;
	NEED(site_adult(&s));
	NEED(store_employee_by_number(s.d.store, "1042", &e) == ATT_OK);
	s.uid = 70000;
	s.answers[0] = "000000";
	s.answers[1] = s.answers[2] = "839105";
	CHECK(RUN(&s, "me", "pin") == VERB_REFUSED);
	CHECK(s.asked == 1);
	CHECK(store_attempt_failures(s.d.store, e.id, &failures) == ATT_OK);
	CHECK(failures == 1);
	s.answers[0] = SITE_PIN;
	CHECK(RUN(&s, "me", "pin") == VERB_DONE);
	CHECK(site_printed(&s, "Your PIN is changed."));
	CHECK(RUN(&s, "me", "pin") == VERB_REFUSED);
	s.uid = 0;
	site_close(&s);
}

TEST("a person reads the notice and withdraws, and is then refused")
{
	if (!site_open(&s))
		return;
	NEED(site_adult(&s));
	s.uid = 70000;
	CHECK(RUN(&s, "me", "notice") == VERB_DONE);
	CHECK(site_printed(&s, "We keep little."));
	CHECK(RUN(&s, "me", "consent") == VERB_DONE);
	CHECK(site_printed(&s, "given"));
	CHECK(RUN(&s, "me", "withdraw") == VERB_DONE);
	CHECK(RUN(&s, "me", "withdraw") == VERB_CONFLICT);
	s.uid = 0;
	CHECK(RUN(&s, "explain", "1042", "--json") == VERB_DONE);
	CHECK(site_printed(&s, "\"reason\": \"consent-withdrawn\""));
	site_close(&s);
}

TEST("attendance is listed by person and by span")
{
	struct store_by by;
	struct store_employee e;

	if (!site_open(&s))
		return;
	NEED(site_adult(&s));
	NEED(store_employee_by_number(s.d.store, "1042", &e) == ATT_OK);
	by = (struct store_by){ .now = s.d.now, .actor = "test" };
	for (int day = 0; day < 3; day++) {
		STORE_AUTO_TX struct store_tx tx = { 0 };
		struct store_attendance a = { .kind = STORE_LOGIN,
			.at_utc = s.d.now.utc + day * 86400,
			.source = "kiosk",
			.service = "login",
			.factor = GATE_PIN };

		NEED(store_begin(s.d.store, &tx) == ATT_OK);
		NEED(store_attendance_add(s.d.store, &by, e.id, &a) == ATT_OK);
		NEED(store_commit(&tx) == ATT_OK);
	}
	CHECK(RUN(&s, "attendance", "list", "1042", "--from", "2026-03-03",
		  "--to", "2026-03-03", "--json") == VERB_DONE);
	CHECK(site_printed(&s, "2026-03-03T12:00:00+00:00"));
	CHECK(site_printed(&s, "\"factor\": \"pin\""));
	CHECK(strstr(s.printed, "2026-03-02") == NULL);
	CHECK(strstr(s.printed, "2026-03-04") == NULL);
	CHECK(RUN(&s, "attendance", "list", "--to", "2026-03-03T12:00") ==
	    VERB_DONE);
	CHECK(site_printed(&s, "2026-03-02T12:00:00"));
	CHECK(strstr(s.printed, "2026-03-03T") == NULL);
	CHECK(RUN(&s, "attendance", "list", "--from", "2026-03-03", "--to",
		  "2026-03-02") == VERB_USAGE);
	site_close(&s);
}

TEST("status says what is in force and whether the directory is current")
{
	if (!site_open(&s))
		return;
	NEED(site_adult(&s));
	CHECK(RUN(&s, "status", "--json") == VERB_DONE);
	CHECK(site_printed(&s, "\"employees\": 1"));
	CHECK(site_printed(&s, "\"notice\": \"1\""));
	CHECK(site_printed(&s, "\"directory\": \"current\""));
	NEED(unlink(DIRECTORY_PATH) == 0);
	CHECK(RUN(&s, "status", "--json") == VERB_DONE);
	CHECK(site_printed(&s, "\"directory\": \"missing\""));
	site_close(&s);
}
