/* A person between struct store_employee and the row: sealed and opened. */
#ifndef ATT_STORE_EMPLOYEE_ROW_H
#define ATT_STORE_EMPLOYEE_ROW_H

#include "store/employee.h"
#include "store/person.h"

/* The sealed columns of one row version. */
struct employee_sealed {
	struct person_sealed name, born_on, email, phone;
};

/* Seal what is sealed, for e->id and e->version. */
enum att_err employee_seal(struct store *s, const struct att_secret *key,
    const struct store_employee *e, struct employee_sealed *out) ATT_CHECKED;

/*
 * Take a row of PERSON_SELECT. An erased person has no sealed fields. *key is
 * the caller's to free, empty at first, and serves any number of rows.
 */
enum att_err employee_take(struct store *s, struct db_query *q,
    struct att_secret *key, struct store_employee *out) ATT_CHECKED;

#endif
