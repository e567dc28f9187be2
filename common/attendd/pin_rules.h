/*
 * Which PINs are good enough, who may have one, and storing a new one: the
 * same for an admin's command and for the person's own change.
 */
#ifndef ATT_ATTENDD_PIN_RULES_H
#define ATT_ATTENDD_PIN_RULES_H

#include "attendd/dialogue.h"
#include "store/employee.h"

/*
 * Whether a PIN is acceptable by itself: digits only, at least the configured
 * length and at most STORE_PIN_MAX of them, not one digit or a shorter block
 * repeated, not a run up or down. NULL, else the msgid of the reason.
 */
const char *pin_rules_check(const struct config *c, struct att_slice pin);

/*
 * Whether it can be guessed by who knows the person: the employee number, the
 * date of birth in any usual order, a piece of the telephone number. NULL,
 * else the msgid of the reason.
 */
const char *
pin_rules_check_person(const struct store_employee *e, struct att_slice pin);

/*
 * Whether the person may have a PIN at all: not erased, of known birth date
 * unless the site does without, and a minor only with a guardian's current
 * consent for login. ATT_REFUSED with the msgid of the reason in *why; the
 * store's errors otherwise.
 */
enum att_err pin_rules_allow(struct dialogue *d, const struct store_employee *e,
    const char **why) ATT_CHECKED;

/*
 * Check everything above and that it is none of the person's current and past
 * PINs, hash it and store it in one transaction. pin is in secret memory and
 * borrowed.
 *
 * ATT_REFUSED with the msgid of the reason in *why; ATT_EXISTS: the PIN was
 * changed by somebody else meanwhile; ATT_TIMEOUT: no turn for hashing or
 * writing; the store's and the vault's errors. Nothing is changed then, and
 * *why is only written with ATT_REFUSED.
 */
enum att_err pin_set_checked(struct dialogue *d, const struct store_employee *e,
    struct att_slice pin, bool must_change, const struct store_by *by,
    const char **why) ATT_CHECKED;

#endif
