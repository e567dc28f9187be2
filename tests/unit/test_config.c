/* attend.conf: what is read and what is refused. */
#include "attendd/config.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

static enum att_err
parse(struct config *c, const char *text, struct att_opt_error *err)
{
	return config_parse(c, text, strlen(text), err);
}

static bool
same(const struct config *a, const struct config *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

TEST("an empty file is the defaults")
{
	struct config c;
	struct att_opt_error err;

	memset(&c, 0x55, sizeof(c));
	CHECK(parse(&c, "", &err) == ATT_OK);
	CHECK(same(&c, &config_default));
	CHECK(parse(&c, "# nothing\n\n \t\n", &err) == ATT_OK);
	CHECK(same(&c, &config_default));
}

TEST("every key sets its field")
{
	static const char text[] =
	    "site-name = Works 七\nkiosk-name = lab-3\nplace = Hall 2\n"
	    "contact = Ms Doe, room 12\nlanguage = zh_CN\n"
	    "timezone = Asia/Shanghai\nuid-min = 80000\nuid-max = 80999\n"
	    "primary-group = staff-kiosk\nlocal-groups = audio, video\n"
	    "home = /srv/%u\nshell = /bin/sh\npublish-names = yes\n"
	    "enumerate = yes\nuserdb = yes\nmajority = 20\nminimum-age = 17\n"
	    "allow-unknown-birth = yes\nrequire-clocked-in = yes\n"
	    "hours = 22:30-06:05\nfactors = badge+pin, pin\n"
	    "factors.login = badge, pin\npin-length = 8\n"
	    "max-failures = 3\nlock-seconds = 60\nkiosk-max-failures = 50\n"
	    "kiosk-lock-seconds = 30\nfail-delay-ms = 0\n"
	    "max-dialogues = 64\nmax-dialogues-per-uid = 4\n"
	    "idle-seconds = 0\ncollect-tty = yes\ncollect-rhost = yes\n"
	    "collect-kiosk = yes\ncollect-os = yes\n"
	    "collect-machine = yes\ncollect-place = yes\n"
	    "collect-fields = email, department\n";
	struct config c;
	struct att_opt_error err;

	NEED(parse(&c, text, &err) == ATT_OK);

	CHECK(strcmp(c.site_name, "Works 七") == 0);
	CHECK(strcmp(c.kiosk_name, "lab-3") == 0);
	CHECK(strcmp(c.place, "Hall 2") == 0);
	CHECK(strcmp(c.contact, "Ms Doe, room 12") == 0);
	CHECK(strcmp(c.language, "zh_CN") == 0);
	CHECK(strcmp(c.timezone, "Asia/Shanghai") == 0);
	CHECK(c.ids.min == 80000 && c.ids.max == 80999);
	CHECK(strcmp(c.primary_group, "staff-kiosk") == 0);
	CHECK(c.n_local_groups == 2);
	CHECK(strcmp(c.local_groups[0], "audio") == 0);
	CHECK(strcmp(c.local_groups[1], "video") == 0);
	CHECK(strcmp(c.home, "/srv/%u") == 0);
	CHECK(strcmp(c.shell, "/bin/sh") == 0);
	CHECK(c.publish_names && c.enumerate && c.userdb);
	CHECK(c.majority == 20 && c.minimum_age == 17);
	CHECK(c.allow_unknown_birth && c.require_clocked_in);
	CHECK(c.has_hours);
	CHECK(c.open_minute == 22 * 60 + 30 && c.close_minute == 6 * 60 + 5);
	CHECK(c.factors.n == 2 && c.factors.any_of[1] == GATE_PIN);
	CHECK(c.n_services == 1);
	CHECK(strcmp(c.services[0].name, "login") == 0);
	CHECK(c.services[0].factors.any_of[0] == GATE_BADGE);
	CHECK(c.pin_length == 8);
	CHECK(c.limits.max_failures == 3 && c.limits.lock_seconds == 60);
	CHECK(c.limits.kiosk_max_failures == 50);
	CHECK(c.limits.kiosk_lock_seconds == 30);
	CHECK(c.fail_delay_ms == 0);
	CHECK(c.max_dialogues == 64 && c.max_dialogues_per_uid == 4);
	CHECK(c.idle_seconds == 0);
	CHECK(c.collect_tty && c.collect_rhost);
	CHECK(c.collect_kiosk && c.collect_os);
	CHECK(c.collect_machine && c.collect_place);
	CHECK(
	    config_collects(&c, "email") && config_collects(&c, "department"));
	CHECK(
	    !config_collects(&c, "phone") && !config_collects(&c, "position"));
	CHECK(config_collects(&c, "name"));
}

TEST("a row out of its grammar refuses the file and names line and reason")
{
	static const struct {
		const char *text;
		unsigned line;
		const char *why;
	} cases[] = {
		{ "\n\nmax-failure = 3\n", 3, "unknown key" },
		{ "lock-seconds=1\nlock-seconds=2\n", 2, "key given twice" },
		{ "max-failures = -1\n", 1, "not a whole number" },
		{ "enumerate = true\n", 1, "neither yes nor no" },
		{ "enumerate\n", 1, "no '=' in the line" },
		{ "site-name = a\x01z\n", 1, "not printable UTF-8" },
		{ "language = de\n", 1, "languages are auto, en and zh_CN" },
		{ "timezone = /etc/passwd\n", 1,
		    "not the name of a time zone, like Asia/Shanghai" },
		{ "timezone = ../zone\n", 1,
		    "not the name of a time zone, like Asia/Shanghai" },
		{ "primary-group = Kiosk\n", 1, "not a group name" },
		{ "primary-group =\n", 1, "not a group name" },
		{ "primary-group = sudo\n", 1,
		    "a group that gives all staff the machine" },
		{ "local-groups = audio, root\n", 1,
		    "a group that gives all staff the machine" },
		{ "local-groups = shadow\n", 1,
		    "a group that gives all staff the machine" },
		{ "local-groups = docker\n", 1,
		    "a group that gives all staff the machine" },
		{ "local-groups = audio audio\n", 1, "group given twice" },
		{ "local-groups = -x\n", 1, "not a group name" },
		{ "local-groups = a b c d e f g h i j k l m n o p q\n", 1,
		    "too many groups" },
		{ "home = home/%l\n", 1, "not an absolute path" },
		{ "home = /home/%l:x\n", 1,
		    "a path with a blank, a colon or a strange byte" },
		{ "home = /home/my %l\n", 1,
		    "a path with a blank, a colon or a strange byte" },
		{ "home = /home/../%l\n", 1, "a path with . or .. in it" },
		{ "home = /home/%l/..\n", 1, "a path with . or .. in it" },
		{ "home = /home/./%l\n", 1, "a path with . or .. in it" },
		{ "home = /home/%x\n", 1, "after % comes l, n, u or %" },
		{ "home = /home/%l%\n", 1, "after % comes l, n, u or %" },
		{ "home = /home/staff\n", 1,
		    "one home for all: %l, %n or %u must be in it" },
		{ "home = /home/%%l\n", 1,
		    "one home for all: %l, %n or %u must be in it" },
		{ "shell = sh\n", 1, "not an absolute path" },
		{ "hours = 8:00-18:00\n", 1,
		    "hours are HH:MM-HH:MM, 00:00 to 23:59" },
		{ "hours = 08:00\n", 1,
		    "hours are HH:MM-HH:MM, 00:00 to 23:59" },
		{ "hours = 08:00-24:00\n", 1,
		    "hours are HH:MM-HH:MM, 00:00 to 23:59" },
		{ "hours = 08:60-18:00\n", 1,
		    "hours are HH:MM-HH:MM, 00:00 to 23:59" },
		{ "hours = 08:00-18:000\n", 1,
		    "hours are HH:MM-HH:MM, 00:00 to 23:59" },
		{ "factors = pin+smell\n", 1, "unknown factor" },
		{ "factors = finger+pin, face\n", 1,
		    "no way in without biometrics" },
		{ "factors.login = finger\n", 1,
		    "no way in without biometrics" },
		{ "factors. = pin\n", 1, "unknown key" },
		{ "factors.a/b = pin\n", 1, "not the name of a PAM service" },
		{ "factors.login = pin\nfactors.login = pin\n", 2,
		    "key given twice" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct config c = config_default;
		struct att_opt_error err = { 0 };
		bool as_said = parse(&c, cases[i].text, &err) == ATT_FORMAT &&
		    err.line == cases[i].line &&
		    strcmp(err.reason, cases[i].why) == 0;

		if (!test_check(as_said, __FILE__, __LINE__, cases[i].text))
			printf("# line %u: %s\n", err.line,
			    err.reason != NULL ? err.reason : "-");
		CHECK(same(&c, &config_default));
	}
}

TEST("values beside the refused ones are accepted")
{
	static const char *const cases[] = {
		"max-failures = 3\n",
		"lock-seconds=1\nkiosk-lock-seconds=2\n",
		"enumerate = yes\n",
		"timezone =\n",
		"timezone = Etc/GMT+8\n",
		"primary-group = kiosk2\n",
		"local-groups =\n",
		"local-groups = sudoers\n",
		"local-groups = a b c d e f g h i j k l m n o p\n",
		"home = /home/.%l\n",
		"home = /home/...%l\n",
		"home = /home/%%%n\n",
		"hours =\n",
		"hours = 00:00-23:59\n",
		"factors = finger+pin, face, pin\n",
		"factors.sudo-i = pin\nfactors.su = pin\n",
		"factors.x.y_z = pin\n",
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct config c;
		struct att_opt_error err;

		(void)test_check(parse(&c, cases[i], &err) == ATT_OK, __FILE__,
		    __LINE__, cases[i]);
	}
}

/* Whether "key = value" alone, beside what it needs, is accepted. */
static bool
accepts(const struct att_opt *row, uint64_t value)
{
	struct config c;
	struct att_opt_error err;
	char text[128];
	const char *beside = "";

	if (strcmp(row->name, "uid-min") == 0)
		beside = "uid-max = 2147483646\n";
	if (strcmp(row->name, "uid-max") == 0)
		beside = "uid-min = 1000\n";
	if (strcmp(row->name, "minimum-age") == 0)
		beside = "majority = 30\n";
	if (strcmp(row->name, "max-dialogues-per-uid") == 0)
		beside = "max-dialogues = 1024\n";
	if (strcmp(row->name, "max-dialogues") == 0)
		beside = "max-dialogues-per-uid = 1\n";
	(void)snprintf(text, sizeof(text), "%s%s = %llu\n", beside, row->name,
	    (unsigned long long)value);
	return parse(&c, text, &err) == ATT_OK;
}

TEST("a number is accepted at its bounds and refused beyond them")
{
	for (size_t i = 0; i < config_rows_count; i++) {
		const struct att_opt *row = &config_rows[i];
		bool ids = strncmp(row->name, "uid-", 4) == 0;

		if (row->kind != ATT_OPT_KIND_U32)
			continue;
		CHECK(row->min == 0 || !accepts(row, row->min - 1));
		CHECK(!accepts(row, (uint64_t)row->max + 1));
		CHECK(!accepts(row, 4294967296u + row->min));
		if (ids)
			continue; /* with nobody's ids between; see below */
		CHECK(accepts(row, row->min));
		CHECK(accepts(row, row->max));
	}
}

TEST("rows that contradict each other are refused at the line at fault")
{
	static const struct {
		const char *bad, *good, *key;
		unsigned line;
	} cases[] = {
		{ "uid-max = 71000\nuid-min = 71001\n",
		    "uid-max = 71000\nuid-min = 71000\n", "uid-min", 2 },
		{ "\nuid-max = 69999\n", "\nuid-max = 70000\n", "uid-max", 2 },
		{ "uid-max=99999\n uid-min\t=65535\n",
		    "uid-max=99999\n uid-min\t=65536\n", "uid-min", 2 },
		{ "uid-min = 60000\nuid-max = 65534\n",
		    "uid-min = 60000\nuid-max = 65533\n", "uid-min", 1 },
		{ "uid-min = 60000\n", "uid-min = 66000\n", "uid-min", 1 },
		{ "#\nminimum-age = 19\n", "#\nminimum-age = 18\n",
		    "minimum-age", 2 },
		{ "majority = 20\nminimum-age = 21\n",
		    "majority = 20\nminimum-age = 20\n", "minimum-age", 2 },
		{ "local-groups = kiosk\n", "local-groups = kiosk2\n",
		    "local-groups", 1 },
		{ "primary-group = audio\nlocal-groups = video audio\n",
		    "primary-group = audio\nlocal-groups = video\n",
		    "local-groups", 2 },
		{ "max-dialogues = 8\nmax-dialogues-per-uid = 9\n",
		    "max-dialogues = 9\nmax-dialogues-per-uid = 9\n",
		    "max-dialogues-per-uid", 2 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct config c = config_default;
		struct att_opt_error err = { 0 };

		(void)test_check(parse(&c, cases[i].bad, &err) == ATT_FORMAT,
		    __FILE__, __LINE__, cases[i].bad);
		CHECK(err.line == cases[i].line);
		CHECK(strcmp(err.key, cases[i].key) == 0);
		CHECK(err.reason != NULL);
		CHECK(same(&c, &config_default));
		(void)test_check(parse(&c, cases[i].good, &err) == ATT_OK,
		    __FILE__, __LINE__, cases[i].good);
	}
}

TEST("as many services as allowed have their own factors, and no more")
{
	struct config c;
	struct att_opt_error err;
	char text[1024] = "";
	size_t len = 0;

	for (unsigned i = 0; i <= CONFIG_SERVICES; i++) {
		CHECK(config_parse(&c, text, len, &err) == ATT_OK);
		len += (size_t)snprintf(text + len, sizeof(text) - len,
		    "factors.service-%u = pin\n", i);
	}
	CHECK(config_parse(&c, text, len, &err) == ATT_FORMAT);
	CHECK(err.line == CONFIG_SERVICES + 1);
	CHECK(strcmp(err.reason, "too many services") == 0);
}

TEST("a service's name is as long as its field and no longer")
{
	struct config c;
	struct att_opt_error err;

	CHECK(parse(&c, "factors.abcdefghijklmnopqrstuvwxyz01234 = pin\n",
		  &err) == ATT_OK);
	CHECK(parse(&c, "factors.abcdefghijklmnopqrstuvwxyz012345 = pin\n",
		  &err) == ATT_FORMAT);
	CHECK(strcmp(err.reason, "not the name of a PAM service") == 0);
}

static const char *
factors_of(const struct config *c, const char *service)
{
	static char text[GATE_FACTORS_TEXT];

	gate_factors_format(config_factors(c, service), text, sizeof(text));
	return text;
}

TEST("sudo, su and polkit need the PIN unless their own row says otherwise")
{
	static const char *const elevating[] = { "sudo", "sudo-i", "su", "su-l",
		"runuser", "runuser-l", "doas", "polkit-1" };
	struct config c;
	struct att_opt_error err;

	NEED(parse(&c, "factors = finger, badge, pin\n", &err) == ATT_OK);
	CHECK(strcmp(factors_of(&c, "login"), "finger, badge, pin") == 0);
	CHECK(strcmp(factors_of(&c, NULL), "finger, badge, pin") == 0);
	CHECK(strcmp(factors_of(&c, ""), "finger, badge, pin") == 0);
	for (size_t i = 0; i < sizeof(elevating) / sizeof(*elevating); i++)
		CHECK(strcmp(factors_of(&c, elevating[i]),
			  "pin+finger, pin+badge, pin") == 0);

	NEED(parse(&c, "factors = finger, pin\nfactors.sudo = badge\n", &err) ==
	    ATT_OK);
	CHECK(strcmp(factors_of(&c, "sudo"), "badge") == 0);
	CHECK(strcmp(factors_of(&c, "sudo-i"), "pin+finger, pin") == 0);
	CHECK(strcmp(factors_of(&config_default, "sudo"), "pin") == 0);
	CHECK(strcmp(factors_of(&config_default, "login"), "pin") == 0);
}

TEST("no row lets a finger or a face alone make root of somebody")
{
	static const char *const refused[] = { "finger, pin", "pin, face",
		"finger+face, pin" };
	static const char *const accepted[] = { "finger+pin, pin",
		"finger+badge, pin", "badge", "pin+face, pin" };
	struct config c;
	struct att_opt_error err;
	char text[128];

	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		(void)snprintf(
		    text, sizeof(text), "factors.sudo = %s\n", refused[i]);
		CHECK(parse(&c, text, &err) == ATT_FORMAT && err.line == 1);
		(void)snprintf(
		    text, sizeof(text), "factors.polkit-1 = %s\n", refused[i]);
		CHECK(parse(&c, text, &err) == ATT_FORMAT);
		(void)snprintf(
		    text, sizeof(text), "factors.login = %s\n", refused[i]);
		CHECK(parse(&c, text, &err) == ATT_OK);
	}
	for (size_t i = 0; i < sizeof(accepted) / sizeof(*accepted); i++) {
		(void)snprintf(
		    text, sizeof(text), "factors.sudo = %s\n", accepted[i]);
		CHECK(parse(&c, text, &err) == ATT_OK);
	}
}

TEST("a home is made of login name, number and uid")
{
	struct config c;
	struct att_opt_error err;
	char buf[64], small[17];

	NEED(parse(&c, "home = /h/%l-%n.%u%%/%l\n", &err) == ATT_OK);
	CHECK(config_home(&c, "e1042", "1042", 70003, buf, sizeof(buf)) ==
	    ATT_OK);
	CHECK(strcmp(buf, "/h/e1042-1042.70003%/e1042") == 0);

	NEED(parse(&c, "home = /home/%l-%n\n", &err) == ATT_OK);
	CHECK(config_home(&c, "e1042", "1042", 1, small, sizeof(small)) ==
	    ATT_OK);
	CHECK(strcmp(small, "/home/e1042-1042") == 0);
	CHECK(config_home(&c, "e10424", "1042", 1, small, sizeof(small)) ==
	    ATT_LIMIT);
	CHECK(small[0] == '\0');
	CHECK(config_home(&c, "e1042", "1042", 1, small, 0) == ATT_LIMIT);
}
