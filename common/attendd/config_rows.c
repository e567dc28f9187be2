/* The keys of attend.conf and the grammars of their values. */
#include "attendd/config.h"

#include "base/name.h"

#include <string.h>

static bool
is_one_of(const char *word, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcmp(word, *words) == 0)
			return true;
	return false;
}

/* Copy what is known to be short enough to say why not. */
static const char *
take(char *to, size_t cap, const char *value)
{
	size_t len = strlen(value);

	if (len >= cap)
		return "value too long";
	memcpy(to, value, len + 1);
	return NULL;
}

static const char *
check_language(void *s, const char *sub, const char *value)
{
	static const char *const known[] = { "auto", "en", "zh_CN", NULL };
	struct config *c = s;

	if (!is_one_of(value, known))
		return "languages are auto, en and zh_CN";
	return take(c->language, sizeof(c->language), value);
}

/*
 * A name below the zone folder. Whether the machine has it is not the
 * parser's business, but it matters: libc takes an unknown name for UTC.
 */
static const char *
check_timezone(void *s, const char *sub, const char *value)
{
	struct config *c = s;
	size_t n = strspn(value,
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789_+-/");

	if (value[n] != '\0' || value[0] == '/')
		return "not the name of a time zone, like Asia/Shanghai";
	return take(c->timezone, sizeof(c->timezone), value);
}

/*
 * Groups that hand their members the machine or its records. All staff are in
 * the groups named here, so none of these can be meant.
 */
static bool
is_powerful_group(const char *name)
{
	static const char *const groups[] = { "root", "shadow", "sudo", "wheel",
		"admin", "adm", "disk", "kmem", "docker", "lxd", "incus-admin",
		"libvirt", "attend", NULL };

	return is_one_of(name, groups);
}

static const char *
check_group(const char *name)
{
	if (is_powerful_group(name))
		return "a group that gives all staff the machine";
	if (!att_login_ok(name, strlen(name)))
		return "not a group name";
	return NULL;
}

static const char *
check_primary_group(void *s, const char *sub, const char *value)
{
	struct config *c = s;
	const char *why = check_group(value);

	if (why != NULL)
		return why;
	return take(c->primary_group, sizeof(c->primary_group), value);
}

static bool
has_group(const struct config *c, const char *name)
{
	for (uint32_t i = 0; i < c->n_local_groups; i++)
		if (strcmp(c->local_groups[i], name) == 0)
			return true;
	return false;
}

static const char *
add_local_group(struct config *c, const char *name)
{
	const char *why = check_group(name);

	if (why != NULL)
		return why;
	if (has_group(c, name))
		return "group given twice";
	if (c->n_local_groups == CONFIG_GROUPS)
		return "too many groups";
	return take(c->local_groups[c->n_local_groups++],
	    sizeof(c->local_groups[0]), name);
}

/* Names between commas and blanks; none is a list too. */
static const char *
each_name(struct config *c, const char *value,
    const char *(*add)(struct config *c, const char *name))
{
	char list[ATT_OPT_VALUE_MAX];
	char *rest = NULL;
	const char *why = take(list, sizeof(list), value);

	for (char *name = strtok_r(list, ", \t", &rest);
	     name != NULL && why == NULL; name = strtok_r(NULL, ", \t", &rest))
		why = add(c, name);
	return why;
}

static const char *
check_local_groups(void *s, const char *sub, const char *value)
{
	struct config *c = s;

	c->n_local_groups = 0;
	return each_name(c, value, add_local_group);
}

static const char *
add_field(struct config *c, const char *name)
{
	for (unsigned i = 0; i < CONFIG_FIELDS; i++) {
		if (strcmp(config_fields[i], name) != 0)
			continue;
		if ((c->collect_fields & 1u << i) != 0)
			return "field given twice";
		c->collect_fields |= 1u << i;
		return NULL;
	}
	return "fields are department, position, email and phone";
}

static const char *
check_collect_fields(void *s, const char *sub, const char *value)
{
	struct config *c = s;

	c->collect_fields = 0;
	return each_name(c, value, add_field);
}

/* Whether a part of the path is "." or "..". */
static bool
has_dots(const char *path)
{
	for (const char *at = strstr(path, "/."); at != NULL;
	     at = strstr(at + 1, "/.")) {
		size_t n = strspn(at + 1, ".");

		if (n <= 2 && (at[1 + n] == '/' || at[1 + n] == '\0'))
			return true;
	}
	return false;
}

/* A path that may stand in a passwd line. */
static const char *
check_path(const char *path)
{
	if (path[0] != '/')
		return "not an absolute path";
	for (const char *at = path; *at != '\0'; at++)
		if (*at <= ' ' || *at >= 0x7f || *at == ':')
			return "a path with a blank, a colon or a strange byte";
	if (has_dots(path))
		return "a path with . or .. in it";
	return NULL;
}

static const char *
check_home(void *s, const char *sub, const char *value)
{
	struct config *c = s;
	const char *why = check_path(value);
	bool personal = false;

	if (why != NULL)
		return why;
	for (const char *at = strchr(value, '%'); at != NULL;
	     at = strchr(at + 2, '%')) {
		if (at[1] == '\0' || strchr("lnu%", at[1]) == NULL)
			return "after % comes l, n, u or %";
		personal = personal || at[1] != '%';
	}
	if (!personal)
		return "one home for all: %l, %n or %u must be in it";
	return take(c->home, sizeof(c->home), value);
}

static const char *
check_shell(void *s, const char *sub, const char *value)
{
	struct config *c = s;
	const char *why = check_path(value);

	return why != NULL ? why : take(c->shell, sizeof(c->shell), value);
}

/* Two digits, up to limit; -1 if not. */
static int
two_digits(const char *at, int limit)
{
	int v;

	if (at[0] < '0' || at[0] > '9' || at[1] < '0' || at[1] > '9')
		return -1;
	v = (at[0] - '0') * 10 + (at[1] - '0');
	return v <= limit ? v : -1;
}

/* "HH:MM" at the front to minutes of the day; -1 if not. */
static int
minutes_of(const char *at)
{
	int h = two_digits(at, 23);
	int m = h >= 0 && at[2] == ':' ? two_digits(at + 3, 59) : -1;

	return m >= 0 ? h * 60 + m : -1;
}

static const char *
check_hours(void *s, const char *sub, const char *value)
{
	struct config *c = s;
	int from = minutes_of(value);
	int to = from >= 0 && value[5] == '-' ? minutes_of(value + 6) : -1;

	if (value[0] == '\0')
		return NULL; /* always open */
	if (to < 0 || value[11] != '\0')
		return "hours are HH:MM-HH:MM, 00:00 to 23:59";
	c->has_hours = true;
	c->open_minute = (uint16_t)from;
	c->close_minute = (uint16_t)to;
	return NULL;
}

static const char *
check_factors(void *s, const char *sub, const char *value)
{
	struct config *c = s;

	return gate_factors_parse(value, &c->factors);
}

static const char *
check_service(const char *name)
{
	size_t len = strlen(name);

	if (len == 0 || len >= sizeof(((struct config_service *)0)->name) ||
	    strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-.") != len)
		return "not the name of a PAM service";
	return NULL;
}

static const char *
check_service_factors(void *s, const char *sub, const char *value)
{
	struct config *c = s;
	struct config_service row = { 0 };
	const char *why = check_service(sub);

	if (why == NULL)
		why = take(row.name, sizeof(row.name), sub);
	if (why == NULL)
		why = gate_factors_parse(value, &row.factors);
	if (why == NULL && config_is_elevating(row.name) &&
	    gate_factors_met(&row.factors, GATE_BIOMETRIC))
		why = "sudo, su and polkit need more than a finger or a face";
	if (why != NULL)
		return why;
	if (c->n_services == CONFIG_SERVICES)
		return "too many services";
	c->services[c->n_services++] = row;
	return NULL;
}

#define S struct config
const struct att_opt config_rows[] = {
	ATT_OPT_TEXT(S, "site-name", site_name),
	ATT_OPT_TEXT(S, "kiosk-name", kiosk_name),
	ATT_OPT_TEXT(S, "place", place),
	ATT_OPT_TEXT(S, "contact", contact),
	ATT_OPT_CHECKED("language", check_language),
	ATT_OPT_CHECKED("timezone", check_timezone),

	ATT_OPT_U32(S, "uid-min", ids.min, ATT_ID_FLOOR, ATT_ID_CEILING),
	ATT_OPT_U32(S, "uid-max", ids.max, ATT_ID_FLOOR, ATT_ID_CEILING),
	ATT_OPT_CHECKED("primary-group", check_primary_group),
	ATT_OPT_CHECKED("local-groups", check_local_groups),
	ATT_OPT_CHECKED("home", check_home),
	ATT_OPT_CHECKED("shell", check_shell),
	ATT_OPT_BOOL(S, "publish-names", publish_names),
	ATT_OPT_BOOL(S, "enumerate", enumerate),
	ATT_OPT_BOOL(S, "userdb", userdb),

	ATT_OPT_U32(S, "majority", majority, GATE_MAJORITY_MIN, 30),
	ATT_OPT_U32(S, "minimum-age", minimum_age, 14, 30),
	ATT_OPT_BOOL(S, "allow-unknown-birth", allow_unknown_birth),
	ATT_OPT_BOOL(S, "require-clocked-in", require_clocked_in),
	ATT_OPT_CHECKED("hours", check_hours),

	ATT_OPT_CHECKED("factors", check_factors),
	ATT_OPT_DOTTED("factors", check_service_factors),

	ATT_OPT_U32(S, "pin-length", pin_length, 4, 12),
	ATT_OPT_U32(S, "max-failures", limits.max_failures, 1, 20),
	ATT_OPT_U32(S, "lock-seconds", limits.lock_seconds, 1, 86400),
	ATT_OPT_U32(
	    S, "kiosk-max-failures", limits.kiosk_max_failures, 10, 10000),
	ATT_OPT_U32(
	    S, "kiosk-lock-seconds", limits.kiosk_lock_seconds, 1, 86400),
	ATT_OPT_U32(S, "fail-delay-ms", fail_delay_ms, 0, 10000),

	ATT_OPT_U32(S, "finger-score-raise", finger_score_raise, 0,
	    CONFIG_SCORE_RAISE_MAX),

	ATT_OPT_U32(S, "minor-grace-hours", minor_grace_hours, 0, 720),
	ATT_OPT_U32(S, "keep-attendance-days", keep_attendance_days, 0, 36500),
	ATT_OPT_U32(S, "keep-attempts-days", keep_attempts_days, 1, 36500),
	ATT_OPT_U32(S, "keep-audit-days", keep_audit_days, 0, 36500),
	ATT_OPT_U32(S, "keep-leavers-days", keep_leavers_days, 0, 36500),

	ATT_OPT_U32(S, "max-dialogues", max_dialogues, 8, 1024),
	ATT_OPT_U32(S, "max-dialogues-per-uid", max_dialogues_per_uid, 1, 256),
	ATT_OPT_U32(S, "idle-seconds", idle_seconds, 0, 86400),

	ATT_OPT_CHECKED("collect-fields", check_collect_fields),
	ATT_OPT_BOOL(S, "collect-tty", collect_tty),
	ATT_OPT_BOOL(S, "collect-rhost", collect_rhost),
	ATT_OPT_BOOL(S, "collect-kiosk", collect_kiosk),
	ATT_OPT_BOOL(S, "collect-os", collect_os),
	ATT_OPT_BOOL(S, "collect-machine", collect_machine),
	ATT_OPT_BOOL(S, "collect-place", collect_place),
};
#undef S
const size_t config_rows_count = sizeof(config_rows) / sizeof(config_rows[0]);
