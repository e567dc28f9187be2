#include "attendd/config.h"

#include "base/bytes.h"
#include "base/name.h"
#include "base/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define ZONES "/usr/share/zoneinfo"

const struct config config_default = {
	.language = "auto",
	.ids = { ATT_UID_MIN_DEFAULT, ATT_UID_MAX_DEFAULT },
	.primary_group = "kiosk",
	.home = "/home/%l",
	.shell = "/bin/bash",
	.majority = GATE_MAJORITY_MIN,
	.minimum_age = 16,
	.factors = { 1, { GATE_PIN } },
	.elevated = { 1, { GATE_PIN } },
	.pin_length = 6,
	.limits = { .max_failures = 5,
	    .lock_seconds = 900,
	    .kiosk_max_failures = 100,
	    .kiosk_lock_seconds = 60 },
	.fail_delay_ms = 2000,
	.collect_fields = (1u << CONFIG_FIELDS) - 1,
	.minor_grace_hours = 72,
	.keep_attendance_days = 730,
	.keep_attempts_days = 90,
	.keep_audit_days = 1095,
	.max_dialogues = 256,
	.max_dialogues_per_uid = 8,
	.idle_seconds = 300,
};

const char *const config_fields[CONFIG_FIELDS] = { "department", "position",
	"email", "phone" };

bool
config_collects(const struct config *c, const char *field)
{
	for (unsigned i = 0; i < CONFIG_FIELDS; i++)
		if (strcmp(config_fields[i], field) == 0)
			return (c->collect_fields & 1u << i) != 0;
	return true;
}

static bool
ids_ordered(const struct config *c)
{
	return c->ids.min <= c->ids.max;
}

/* Both ids that are not to be ours lie side by side in the middle. */
static bool
ids_ours(const struct config *c)
{
	return att_id_ok(c->ids.min) && att_id_ok(c->ids.max) &&
	    (c->ids.min > UINT16_MAX || c->ids.max < UINT16_MAX);
}

static bool
ages_ordered(const struct config *c)
{
	return c->minimum_age <= c->majority;
}

static bool
groups_distinct(const struct config *c)
{
	for (uint32_t i = 0; i < c->n_local_groups; i++)
		if (strcmp(c->local_groups[i], c->primary_group) == 0)
			return false;
	return true;
}

static bool
dialogues_ordered(const struct config *c)
{
	return c->max_dialogues_per_uid <= c->max_dialogues;
}

/* What rows promise each other; either key may be the one in the file. */
static const struct {
	const char *key, *or_key;
	bool (*holds)(const struct config *c);
	const char *why;
} promises[] = {
	{ "uid-min", "uid-max", ids_ordered, "uid-min is above uid-max" },
	{ "uid-min", "uid-max", ids_ours,
	    "65534 and 65535 are nobody's and must be outside" },
	{ "minimum-age", "majority", ages_ordered,
	    "minimum-age is above majority" },
	{ "local-groups", "primary-group", groups_distinct,
	    "primary-group is among local-groups" },
	{ "max-dialogues-per-uid", "max-dialogues", dialogues_ordered,
	    "max-dialogues-per-uid is above max-dialogues" },
};

static size_t
blanks(const char *at, size_t len)
{
	size_t n = 0;

	while (n < len && (at[n] == ' ' || at[n] == '\t' || at[n] == '\r'))
		n++;
	return n;
}

/* Whether a line sets the key; blanks around it do not count. */
static bool
sets_key(const char *line, size_t len, const char *key)
{
	size_t at = blanks(line, len);
	size_t n = strlen(key);

	if (len - at <= n || memcmp(line + at, key, n) != 0)
		return false;
	at += n;
	at += blanks(line + at, len - at);
	return at < len && line[at] == '=';
}

/* The line that sets the key, from 1; 0: none does. */
static unsigned
line_of(const char *text, size_t len, const char *key)
{
	unsigned line = 1;

	while (len > 0) {
		const char *end = memchr(text, '\n', len);
		size_t n = end != NULL ? (size_t)(end - text) : len;

		if (sets_key(text, n, key))
			return line;
		n += end != NULL ? 1 : 0;
		text += n;
		len -= n;
		line++;
	}
	return 0;
}

static void
blame(struct att_opt_error *err, const char *text, size_t len, const char *key,
    const char *why)
{
	*err = (struct att_opt_error){ .line = line_of(text, len, key),
		.reason = why };
	(void)snprintf(err->key, sizeof(err->key), "%s", key);
}

enum att_err
config_parse(
    struct config *out, const char *text, size_t len, struct att_opt_error *err)
{
	struct config c = config_default;
	enum att_err e = att_opt_read(
	    config_rows, config_rows_count, text, len, &c, sizeof(c), err);

	if (e != ATT_OK)
		return e;
	for (size_t i = 0; i < sizeof(promises) / sizeof(promises[0]); i++) {
		const char *key = promises[i].key;

		if (promises[i].holds(&c))
			continue;
		if (line_of(text, len, key) == 0)
			key = promises[i].or_key;
		blame(err, text, len, key, promises[i].why);
		return ATT_FORMAT;
	}
	c.elevated = gate_factors_require(&c.factors, GATE_PIN);
	*out = c;
	return ATT_OK;
}

static enum att_err
fail(struct att_opt_error *err, enum att_err e, const char *why)
{
	*err = (struct att_opt_error){ .reason = why };
	return e;
}

/* The whole file into text; *len bytes. ATT_ABSENT: there is no file. */
static enum att_err
slurp(const char *path, char *text, size_t cap, size_t *len,
    struct att_opt_error *err)
{
	const enum att_err e = att_opt_slurp(path, text, cap, len);

	if (e == ATT_REFUSED)
		return fail(err, e,
		    "must be a plain file of root's that only root can write, "
		    "not a link");
	if (e == ATT_IO && errno == EACCES)
		return fail(err, e,
		    "not readable for attendd's user; mode 0644 is right");
	return e == ATT_IO ? fail(err, e, "cannot be read") : e;
}

static bool
zone_known(const char *name)
{
	char path[sizeof(ZONES) + sizeof(config_default.timezone) + 1];
	struct stat st;

	if (name[0] == '\0')
		return true;
	(void)snprintf(path, sizeof(path), ZONES "/%s", name);
	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

enum att_err
config_read(struct config *out, const char *path, struct att_opt_error *err)
{
	/* one byte more, so that a file too large is seen to be */
	ATT_AUTO_FREE char *text = malloc(ATT_OPT_FILE_MAX + 1);
	struct config c;
	size_t len = 0;
	enum att_err e;

	if (text == NULL)
		return fail(err, ATT_NOMEM, att_err_text(ATT_NOMEM));
	e = slurp(path, text, ATT_OPT_FILE_MAX + 1, &len, err);
	if (e != ATT_OK && e != ATT_ABSENT)
		return e;
	e = config_parse(&c, text, len, err);
	if (e != ATT_OK)
		return e;
	if (!zone_known(c.timezone)) {
		blame(err, text, len, "timezone",
		    "this machine does not know the time zone");
		return ATT_FORMAT;
	}
	*out = c;
	return ATT_OK;
}

bool
config_is_elevating(const char *service)
{
	static const char *const names[] = { "sudo", "sudo-i", "su", "su-l",
		"runuser", "runuser-l", "doas", "polkit-1" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(service, names[i]) == 0)
			return true;
	return false;
}

const struct gate_factors *
config_factors(const struct config *c, const char *service)
{
	if (service == NULL)
		return &c->factors;
	for (uint32_t i = 0; i < c->n_services; i++)
		if (strcmp(service, c->services[i].name) == 0)
			return &c->services[i].factors;
	return config_is_elevating(service) ? &c->elevated : &c->factors;
}

static const char *
home_part(char letter, const char *login, const char *number, const char *id)
{
	switch (letter) {
	case 'l': return login;
	case 'n': return number;
	case 'u': return id;
	}
	return "%";
}

enum att_err
config_home(const struct config *c, const char *login, const char *number,
    uint32_t uid, char *buf, size_t cap)
{
	struct att_writer w = att_writer_of(buf, cap);
	char id[sizeof("4294967295")];
	size_t len;

	(void)snprintf(id, sizeof(id), "%u", (unsigned)uid);
	for (const char *at = c->home; *at != '\0'; at++) {
		struct att_slice part = { (const uint8_t *)at, 1 };

		if (*at == '%' && at[1] != '\0')
			part =
			    att_slice_of(home_part(*++at, login, number, id));
		att_put_bytes(&w, part.at, part.len);
	}
	att_put_u8(&w, 0);
	if (att_writer_done(&w, &len) == ATT_OK)
		return ATT_OK;
	if (cap > 0)
		buf[0] = '\0';
	return ATT_LIMIT;
}
