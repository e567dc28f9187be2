/*
 * To whom data of a person went, and the export of which none can be told
 * apart. A disclosure needs a basis: the person's consent to this recipient
 * and aim, a transfer of the business (with the same consent), or one of the
 * cases in which the policy needs none.
 */
#ifndef ATT_STORE_DISCLOSURE_H
#define ATT_STORE_DISCLOSURE_H

#include "store/consent.h"
#include "store/employee.h"

#define STORE_BASES                                                            \
	"consent", "transfer", "legal-duty", "national-security",              \
	    "public-interest", "criminal", "vital-interests",                  \
	    "public-by-person", "contract", "lawfully-published", "operation", \
	    "news", "research"
/* Whether it is one of the list. */
bool store_basis_ok(const char *basis);
/* Whether the person has to have agreed. */
bool store_basis_needs_consent(const char *basis);

struct store_disclosure {
	uint8_t act[16]; /* one act, maybe of many people */
	int64_t at_utc;
	char basis[24];
	char fields[201]; /* "name,phone" */
	char actor[AUDIT_ACTOR_MAX + 1];
	char decider[ATT_NUMBER_MAX + 1]; /* who decided; out of list */
	/* sealed at rest */
	char recipient[STORE_RECIPIENT_MAX + 1];
	char aim[STORE_RECIPIENT_MAX + 1];
};

/*
 * Record one person's part of it; decider is an employee. *d comes with
 * everything but at_utc, actor and decider. ATT_ABSENT: no such person or
 * decider, or erased; ATT_EXISTS: this person is in that act already;
 * ATT_FORMAT.
 */
enum att_err store_disclosure_add(struct store *s, const struct store_by *by,
    const uint8_t person[VAULT_ID_LEN], const struct store_employee *decider,
    const struct store_disclosure *d) ATT_CHECKED;

/*
 * Make one come true that this store does not know of: the row is what it was,
 * the chain says when it was made known. *done: it was new here. ATT_ABSENT:
 * whom it is about, or who decided it, is not here.
 */
enum att_err store_disclosure_apply(struct store *s, const struct store_by *by,
    const uint8_t person[VAULT_ID_LEN], const struct store_disclosure *d,
    bool *done) ATT_CHECKED;
enum att_err
store_disclosure_known(struct store *s, const uint8_t person[VAULT_ID_LEN],
    const uint8_t act[16], bool *known) ATT_CHECKED;
/* Who is in which act, by person; each() false stops. */
typedef bool store_act_each(
    void *ctx, const uint8_t person[VAULT_ID_LEN], const uint8_t act[16]);
enum att_err store_disclosure_acts(
    struct store *s, store_act_each *each, void *ctx) ATT_CHECKED;

/* All of a person, oldest first. */
typedef bool store_disclosure_each(void *ctx, const struct store_disclosure *d);
enum att_err
store_disclosure_list(struct store *s, const uint8_t person[VAULT_ID_LEN],
    store_disclosure_each *each, void *ctx) ATT_CHECKED;

/*
 * Attendance of many people together: events by month, department, kind and
 * quarter of the day, only where at least k people are in it. department is
 * "*" where fewer than k work there.
 */
struct store_together {
	char month[8]; /* "2026-11" */
	char department[STORE_UNIT_MAX + 1];
	int kind; /* enum store_attendance_kind */
	int quarter; /* of the day: 0 is from midnight to 6 */
	uint64_t events, people;
};
typedef bool store_together_each(void *ctx, const struct store_together *t);
enum att_err store_attendance_together(struct store *s, uint32_t k,
    store_together_each *each, void *ctx) ATT_CHECKED;

#endif
