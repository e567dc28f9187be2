/* The grammars of an employee's fields; one place, for adding and changing. */
#ifndef ATT_STORE_FIELD_H
#define ATT_STORE_FIELD_H

#include "store/employee.h"

/*
 * The name of the first field outside its grammar with what it must be,
 * English and static, as "email: must have one @"; NULL if all are well.
 */
const char *field_wrong(const struct store_employee *e);

/* Non-empty text that people see: no control, no direction override. */
bool field_text_ok(const char *text);

/*
 * The default login into buf: "e" and the number in lower case. It is not
 * always a login name; field_wrong says so.
 */
void field_default_login(const char *number, char buf[ATT_LOGIN_MAX + 1]);

/* A date that is unknown or is in the calendar. */
bool field_date_ok(struct att_date d);

#endif
