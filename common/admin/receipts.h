/* Consent events as receipts to keep, for the person and at the office. */
#ifndef ATT_ADMIN_RECEIPTS_H
#define ATT_ADMIN_RECEIPTS_H

#include "admin/answer.h"
#include "admin/held.h"

/* Print a receipt for each of the events; with --json a list of them. */
enum verb_status
receipts_print(struct dialogue *d, const struct verb_call *call,
    const struct store_employee *e, struct held_consents which);

#endif
