/* Attendance events: log-ins and log-outs here, later punches elsewhere. */
#ifndef ATT_STORE_ATTENDANCE_H
#define ATT_STORE_ATTENDANCE_H

#include "base/name.h"
#include "store/store.h"

enum store_attendance_kind {
	STORE_LOGIN = 1,
	STORE_LOGOUT = 2,
	STORE_CLOCK_IN = 3,
	STORE_CLOCK_OUT = 4,
};
const char *store_attendance_kind_id(enum store_attendance_kind k);

struct store_attendance {
	uint8_t id[16]; /* out of add; global, so that events are idempotent */
	enum store_attendance_kind kind;
	int64_t at_utc;
	char source[32]; /* "kiosk", terminal serial, "import" */
	char service[32]; /* PAM service, or empty */
	char tty[32]; /* empty unless the site collects it */
	char rhost[64]; /* empty unless the site collects it */
	uint32_t factor; /* bits of gate_factor, 0: unknown */
	/* empty unless the site collects them */
	char kiosk[64];
	char os[64];
	char machine[2 * VAULT_TAG_LEN + 1]; /* keyed hash of the machine id */
	char place[128];
};

/* Append; e->at_utc is given by the caller. */
enum att_err store_attendance_add(struct store *s, const struct store_by *by,
    const uint8_t person[VAULT_ID_LEN], struct store_attendance *e) ATT_CHECKED;

/*
 * Events in order of time, of one person or (NULL) everybody, from_utc <= at
 * < to_utc. number is the employee's, borrowed for the call.
 */
typedef bool store_attendance_each(
    void *ctx, const char *number, const struct store_attendance *e);
enum att_err
store_attendance_list(struct store *s, const uint8_t *person, int64_t from_utc,
    int64_t to_utc, store_attendance_each *each, void *ctx) ATT_CHECKED;

/* Whether the newest clock event of the person is an "in". */
enum att_err store_attendance_clocked_in(
    struct store *s, const uint8_t person[VAULT_ID_LEN], bool *in) ATT_CHECKED;

#endif
