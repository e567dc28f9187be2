/* Employees: who may ever have an account here. */
#ifndef ATT_STORE_EMPLOYEE_H
#define ATT_STORE_EMPLOYEE_H

#include "base/name.h"
#include "store/store.h"

#define STORE_NAME_MAX	128 /* bytes of UTF-8, without the terminator */
#define STORE_MAIL_MAX	254
#define STORE_PHONE_MAX 32
#define STORE_UNIT_MAX	64 /* department and position names */

enum store_employee_state {
	STORE_ACTIVE = 0,
	STORE_SUSPENDED = 1,
	STORE_ERASED = 2,
};

struct store_employee {
	uint8_t id[VAULT_ID_LEN]; /* random, global, never reused */
	int64_t version; /* raised by every change */
	char number[ATT_NUMBER_MAX + 1];
	char login[ATT_LOGIN_MAX + 1];
	uint32_t uid; /* allocated once, never reused */
	enum store_employee_state state;
	struct att_date hired_on, ended_on; /* year 0: unknown, none */
	char department[STORE_UNIT_MAX + 1]; /* empty: none */
	char position[STORE_UNIT_MAX + 1];
	int64_t created_utc;
	/* sealed at rest */
	char name[STORE_NAME_MAX + 1];
	struct att_date born_on;
	char email[STORE_MAIL_MAX + 1]; /* empty: none */
	char phone[STORE_PHONE_MAX + 1];
};

struct store_id_range {
	uint32_t min, max;
};

/*
 * Add. In: number, name, and what else is known; login empty means the
 * default ("e" and the number in lower case). Out: id, login, uid, version.
 * ATT_EXISTS: number (in any case of its letters) or login taken (by an erased
 * person too); ATT_FORMAT: a field outside its grammar (store_trouble names
 * it and what it must be); ATT_LIMIT: the uid range is used up. ids is
 * remembered for groups that later changes make.
 */
enum att_err store_employee_add(struct store *s, const struct store_by *by,
    struct store_id_range ids, struct store_employee *e) ATT_CHECKED;

/*
 * ATT_ABSENT. An erased person is found by number and uid, without fields.
 * Numbers are found whatever the case of their letters.
 */
enum att_err store_employee_by_number(struct store *s, const char *number,
    struct store_employee *out) ATT_CHECKED;
enum att_err store_employee_by_login(
    struct store *s, const char *login, struct store_employee *out) ATT_CHECKED;
enum att_err store_employee_by_uid(
    struct store *s, uint32_t uid, struct store_employee *out) ATT_CHECKED;
enum att_err store_employee_by_id(struct store *s,
    const uint8_t id[VAULT_ID_LEN], struct store_employee *out) ATT_CHECKED;

/*
 * Write every changeable field of *e (not id, number, uid); e->version must
 * be the stored one (ATT_EXISTS otherwise: changed meanwhile) and comes back
 * raised. `event` names the change in the audit chain ("employee-set",
 * "employee-suspend", ...); the record lists the changed fields by name only.
 * ATT_ABSENT: no such person, or erased; ATT_FORMAT as above. Erasing is not
 * a change of state but a function of its own.
 */
enum att_err store_employee_update(struct store *s, const struct store_by *by,
    const char *event, struct store_employee *e) ATT_CHECKED;

/*
 * Everybody not erased, by number; department NULL for all; each() false
 * stops. e is borrowed for the call. Must not change the store from within.
 */
typedef bool store_employee_each(void *ctx, const struct store_employee *e);
enum att_err store_employee_list(struct store *s, const char *department,
    store_employee_each *each, void *ctx) ATT_CHECKED;

/* How many are not erased. */
enum att_err store_employee_count(struct store *s, uint64_t *n) ATT_CHECKED;

/*
 * Groups that the directory publishes: the site group, one a department, one
 * a position. Made when first needed, kept for ever; gids are allocated like
 * uids. name is the published group name: "dept-" or "role-" and the unit's
 * name in lower case with every other byte than [a-z0-9] as "-", or
 * "dept-N"/"role-N" when that is taken, too long or leaves nothing.
 */
struct store_group {
	uint32_t gid;
	char name[ATT_LOGIN_MAX + 1];
	char kind[12]; /* "site", "department", "position" */
	char unit[STORE_UNIT_MAX + 1]; /* empty for the site group */
};
typedef bool store_group_each(void *ctx, const struct store_group *g);
enum att_err store_group_list(
    struct store *s, store_group_each *each, void *ctx) ATT_CHECKED;
/* Make the site group if it is not there; part of init. */
enum att_err store_group_site(struct store *s, const struct store_by *by,
    struct store_id_range ids, const char *name) ATT_CHECKED;

/*
 * What publishing needs, without opening any seal unless names are on: by
 * uid. unit gids are 0 when there is none.
 */
struct store_publish_row {
	const char *login; /* borrowed for the call */
	const char *number;
	const char *name; /* NULL unless asked for */
	uint32_t uid;
	uint32_t department_gid, position_gid;
};
typedef bool store_publish_each(void *ctx, const struct store_publish_row *r);
enum att_err store_publish_list(struct store *s, bool with_names,
    store_publish_each *each, void *ctx) ATT_CHECKED;

/* The lowest and the highest uid of these; ATT_ABSENT: nobody is there. */
enum att_err
store_publish_span(struct store *s, uint32_t *min, uint32_t *max) ATT_CHECKED;

#endif
