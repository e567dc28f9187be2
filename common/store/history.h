/*
 * Where each value of a person came from, and what it was before: a row each
 * time a field is set, the replaced value sealed in it. Written by whatever
 * adds or changes an employee, in the same transaction.
 */
#ifndef ATT_STORE_HISTORY_H
#define ATT_STORE_HISTORY_H

#include "store/employee.h"
#include "store/person.h"

#define HISTORY_FIELDS 10

/* The fields by number: "name", "born", ... Static. */
const char *history_field(unsigned field);
/* The field of that name; HISTORY_FIELDS: there is none. */
unsigned history_find(const char *name);
bool history_differs(unsigned field, const struct store_employee *a,
    const struct store_employee *b);
/* Its value as text, empty for none; buf of HISTORY_VALUE_MAX bytes. */
#define HISTORY_VALUE_MAX (STORE_MAIL_MAX + 1)
void history_value(unsigned field, const struct store_employee *e, char *buf);

/*
 * Set it from such text. ATT_FORMAT: a date that is none; ATT_LIMIT: too long.
 * Whether the value is well-formed is employee.h's business.
 */
enum att_err history_set(
    unsigned field, struct store_employee *e, const char *text) ATT_CHECKED;

/*
 * On what basis a value of somebody can be held, and whether a word is one:
 * the choices of --basis in words.
 */
#define HISTORY_BASES                                                       \
	"consent, contract, legal-duty, public-interest, vital-interests, " \
	"public-by-person or lawfully-published"
bool history_basis_ok(const char *basis);

/*
 * A row for each field in which the person, whose key is open, changed; old
 * NULL: one for all of them, of somebody who was added.
 */
#define HISTORY_ALL "all"
enum att_err history_add(struct store *s, const struct store_by *by,
    const struct att_secret *key, const struct store_employee *old,
    const struct store_employee *e) ATT_CHECKED;

struct store_past {
	int64_t version; /* of the person, since this change */
	char field[17]; /* or HISTORY_ALL */
	int64_t at_utc;
	char actor[AUDIT_ACTOR_MAX + 1];
	char source[33];
	char basis[20]; /* empty: nobody said */
	bool replaced; /* there was a value before: `was` */
	char was[HISTORY_VALUE_MAX];
};

/* All of a person, oldest first. */
typedef bool store_history_each(void *ctx, const struct store_past *p);
enum att_err
store_history_list(struct store *s, const uint8_t person[VAULT_ID_LEN],
    store_history_each *each, void *ctx) ATT_CHECKED;

#endif
