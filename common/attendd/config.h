/*
 * /etc/attend/attend.conf: every setting, its default and its bounds. The
 * file is optional; a file that is refused leaves nothing half-applied and
 * stops attendd from deciding anything. attend.conf(5) lists every key.
 *
 * The rows are config_rows.c; what rows promise each other is checked by
 * config_parse: minimum-age up to majority, uid-min up to uid-max with neither
 * nobody's id between them, primary-group not among local-groups,
 * max-dialogues-per-uid up to max-dialogues.
 */
#ifndef ATT_ATTENDD_CONFIG_H
#define ATT_ATTENDD_CONFIG_H

#include "base/ids.h"
#include "base/opt.h"
#include "gate/gate.h"
#include "store/attempt.h"
#include "store/employee.h"

#define CONFIG_PATH	ATT_CONFIG_FILE
#define CONFIG_SERVICES 16
#define CONFIG_GROUPS	16

#define CONFIG_SCORE_RAISE_MAX 5000 /* of finger-score-raise */

struct config_service {
	char name[32];
	struct gate_factors factors;
};

struct config {
	/* the site */
	char site_name[ATT_OPT_VALUE_MAX]; /* site-name */
	char kiosk_name[64]; /* kiosk-name */
	char place[ATT_OPT_VALUE_MAX]; /* place */
	char contact[ATT_OPT_VALUE_MAX]; /* contact: whom to ask */
	char language[16]; /* language: auto, en, zh_CN */
	char timezone[64]; /* timezone, empty: the system's */

	/* accounts: uid-min, uid-max, primary-group, local-groups, home,
	 * shell, publish-names, enumerate, userdb */
	struct store_id_range ids;
	char primary_group[ATT_LOGIN_MAX + 1];
	uint32_t n_local_groups;
	char local_groups[CONFIG_GROUPS][ATT_LOGIN_MAX + 1];
	char home[ATT_OPT_VALUE_MAX]; /* %l login, %n number, %u uid, %% */
	char shell[ATT_OPT_VALUE_MAX];
	bool publish_names;
	bool enumerate;
	bool userdb; /* records for systemd's user database */

	/* rules: majority, minimum-age, allow-unknown-birth,
	 * require-clocked-in, hours = HH:MM-HH:MM */
	uint32_t majority;
	uint32_t minimum_age;
	bool allow_unknown_birth;
	bool require_clocked_in;
	bool has_hours;
	uint16_t open_minute, close_minute;

	/* factors, factors.SERVICE; what makes root of somebody takes no row
	 * that a finger or a face alone would meet */
	struct gate_factors factors;
	struct gate_factors elevated; /* the same with PIN in each */
	uint32_t n_services;
	struct config_service services[CONFIG_SERVICES];

	/* PIN and locks: pin-length, max-failures, lock-seconds,
	 * kiosk-max-failures, kiosk-lock-seconds, fail-delay-ms */
	uint32_t pin_length; /* shortest new PIN, digits */
	struct store_attempt_limits limits;
	uint32_t fail_delay_ms;

	/* finger-score-raise: more than the matcher's own threshold */
	uint32_t finger_score_raise;

	/* collect-fields: bits of CONFIG_FIELDS in their order; see
	 * config_collects */
	uint32_t collect_fields;

	/* retention: minor-grace-hours, keep-attendance-days,
	 * keep-attempts-days, keep-audit-days, keep-leavers-days; 0 days: for
	 * ever */
	uint32_t minor_grace_hours;
	uint32_t keep_attendance_days;
	uint32_t keep_attempts_days;
	uint32_t keep_audit_days;
	uint32_t keep_leavers_days;

	/* attendd: max-dialogues, max-dialogues-per-uid, idle-seconds */
	uint32_t max_dialogues;
	uint32_t max_dialogues_per_uid;
	uint32_t idle_seconds;

	/* collect-tty, collect-rhost, collect-kiosk, collect-os,
	 * collect-machine, collect-place */
	bool collect_tty;
	bool collect_rhost;
	bool collect_kiosk;
	bool collect_os;
	bool collect_machine;
	bool collect_place;
};

extern const struct config config_default;

/* Every key, for the reader and for whoever checks the manual page. */
extern const struct att_opt config_rows[];
extern const size_t config_rows_count;

/*
 * Read the file over the defaults: absent means all of them. *out is written
 * only on ATT_OK; else *err says why, with line 0 when it is not about a row.
 *
 * ATT_REFUSED: not a plain file of root's or of the effective user's, or
 * others can write to it; ATT_FORMAT: as config_parse, too large, or
 * a time zone that this machine does not know; ATT_IO.
 */
enum att_err config_read(struct config *out, const char *path,
    struct att_opt_error *err) ATT_CHECKED;

/*
 * The same from memory, also checking rows against each other. Pure.
 * ATT_FORMAT with *err filled; *out is then unchanged.
 */
enum att_err config_parse(struct config *out, const char *text, size_t len,
    struct att_opt_error *err) ATT_CHECKED;

/*
 * The factor expression for a PAM service: the service's own row, else
 * `elevated` for the services that make root of somebody (sudo, su, runuser,
 * doas, polkit), else `factors`. service NULL is a service without a row.
 * Borrowed from c.
 */
const struct gate_factors *
config_factors(const struct config *c, const char *service);

/* Whether a service makes root of somebody who is logged in already. */
bool config_is_elevating(const char *service);

/*
 * The fields of an employee that a site may do without, by their names, and
 * whether it collects one. What is none of them is always collected.
 */
#define CONFIG_FIELDS 4
extern const char *const config_fields[CONFIG_FIELDS];
bool config_collects(const struct config *c, const char *field);

/*
 * Expand home's %l, %n, %u and %%. ATT_LIMIT if it does not fit; buf is then
 * an empty string.
 */
enum att_err config_home(const struct config *c, const char *login,
    const char *number, uint32_t uid, char *buf, size_t cap) ATT_CHECKED;

#endif
