/*
 * The fields of an employee as they are typed: options of `employee add` and
 * `employee set`, columns of a file. One grammar, one set of reasons.
 */
#ifndef ATT_ADMIN_PERSON_FORM_H
#define ATT_ADMIN_PERSON_FORM_H

#include "admin/verbs.h"
#include "attendd/dialogue.h"
#include "store/employee.h"

#define PERSON_FORM_FIELDS 9

/* Their names, as options without "--": "name", "login", ... Static. */
const char *person_form_field(size_t field);
/* The field of that name; PERSON_FORM_FIELDS: there is none. */
size_t person_form_find(const char *name);

/* Why something is refused, in English; begins with the field's name where it
 * is about one. */
#define PERSON_FORM_WHY 256

/*
 * Set a field: empty text clears, and of a date "none". VERB_USAGE: too long,
 * no date, or empty where something is needed; VERB_REFUSED: the site does not
 * collect it; then *e is unchanged. Finer grammar is the store's business.
 */
enum verb_status person_form_set(const struct config *config, size_t field,
    struct store_employee *e, const char *text, char why[PERSON_FORM_WHY]);

/* What fields promise each other and today. VERB_USAGE. */
enum verb_status person_form_check(const struct store_employee *e,
    struct att_date today, char why[PERSON_FORM_WHY]);

/*
 * Whether the login, or the default one in its place, is a name that can be
 * published. VERB_USAGE; VERB_CONFLICT: a local account has it; VERB_FAILED:
 * the local accounts cannot be read.
 */
enum verb_status
person_form_login(const struct store_employee *e, char why[PERSON_FORM_WHY]);

/*
 * --source and --basis: checked, with the reason told (VERB_USAGE), and put
 * where the history of each value takes them from.
 */
enum verb_status
person_origin_check(struct dialogue *d, const struct verb_call *call);
void person_origin_set(struct store_by *by, const struct verb_call *call);

#endif
