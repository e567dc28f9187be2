/* What is held about one person, printed for root and for the person. */
#ifndef ATT_ADMIN_HELD_H
#define ATT_ADMIN_HELD_H

#include "admin/report.h"
#include "store/consent.h"
#include "store/employee.h"

/* "active", "suspended", "ended", "not yet", by the date. */
const char *held_state(const struct store_employee *e, struct att_date today);

/*
 * Fields, PIN and lock state, consents, in an open record. Errors are the
 * store's.
 */
enum att_err
held_report(struct report *r, const struct store_employee *e) ATT_CHECKED;

/* Which consent events to list. */
struct held_consents {
	bool own, guardian;
	const char *purpose; /* NULL: every purpose */
};

bool
held_wants(const struct held_consents *which, const struct store_consent *c);

/*
 * The events, oldest first, with whether each signature is genuine; as a
 * member of the open record when key is not NULL.
 */
enum att_err
held_report_consents(struct report *r, const struct store_employee *e,
    struct held_consents which, const char *key) ATT_CHECKED;

/*
 * Enrolled fingers (held_fingers.c); as a member of the open record when key
 * is not NULL.
 */
enum att_err held_report_fingers(struct report *r,
    const struct store_employee *e, const char *key) ATT_CHECKED;

/* A cell for what was proven, "finger+pin"; empty for nothing. */
void held_factor(struct table *t, uint32_t factor);

/* Lists of the open record: what happened, and who looked (held_trail.c). */
enum att_err held_report_attendance(
    struct report *r, const struct store_employee *e) ATT_CHECKED;
enum att_err held_report_attempts(
    struct report *r, const struct store_employee *e) ATT_CHECKED;
enum att_err held_report_notices(
    struct report *r, const struct store_employee *e) ATT_CHECKED;
enum att_err
held_report_looks(struct report *r, const struct store_employee *e) ATT_CHECKED;
enum att_err
held_report_audit(struct report *r, const struct store_employee *e) ATT_CHECKED;

/* Where values came from, requests, disclosures (held_rights.c). */
enum att_err held_report_history(
    struct report *r, const struct store_employee *e) ATT_CHECKED;
enum att_err held_report_disclosures(
    struct report *r, const struct store_employee *e) ATT_CHECKED;
/*
 * Requests: one person's, or (NULL) everybody's with their numbers; as a
 * member of the open record when key is not NULL.
 */
enum att_err
held_report_requests(struct report *r, const struct store_employee *e,
    bool open_only, const char *key) ATT_CHECKED;

/*
 * The access report: one record with all that is held about a person, what
 * for, from where, for how long, who looked and to whom it went. PIN and
 * templates are described; nothing of them can be shown.
 */
enum att_err
held_access(struct report *r, const struct store_employee *e) ATT_CHECKED;

#endif
