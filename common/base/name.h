/*
 * The grammars of names that come from outside, and of the ids we may own.
 * Everything that fails here is somebody else's: it is answered at once,
 * without a prompt, a connection or a log line.
 */
#ifndef ATT_BASE_NAME_H
#define ATT_BASE_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ATT_LOGIN_MAX  32 /* bytes of a login name */
#define ATT_NUMBER_MAX 32 /* bytes of an employee number */

/* Ids that can ever be ours, whatever the configuration says. */
#define ATT_ID_FLOOR   1000u
#define ATT_ID_CEILING 2147483646u

/* The range used until the configuration names another. */
#define ATT_UID_MIN_DEFAULT 70000u
#define ATT_UID_MAX_DEFAULT 99999u

/*
 * A login or group name as attend publishes it: [a-z_][a-z0-9_-]*, 1 to
 * ATT_LOGIN_MAX bytes, never "root" or "nobody". len bytes, need not be
 * terminated.
 */
bool att_login_ok(const char *name, size_t len);

/* The length of a string that is such a name; 0: it is none. */
size_t att_login_len(const char *name);

/* An employee number: [A-Za-z0-9][A-Za-z0-9._-]*, 1 to ATT_NUMBER_MAX. */
bool att_number_ok(const char *number, size_t len);

/* 65534 and 65535: whose files these are, nobody knows. */
static inline bool
att_id_is_nobodys(uint32_t id)
{
	return (id | 1) == 65535;
}

/* Whether an id can be ours: inside floor and ceiling, not nobody's. */
bool att_id_ok(uint32_t id);

#endif
