/* A request as it is filled in, at the office and by the person. */
#ifndef ATT_ADMIN_REQUEST_FORM_H
#define ATT_ADMIN_REQUEST_FORM_H

#include "admin/answer.h"
#include "store/request.h"

/*
 * Fill *r from the words: the kind KIND, --field and --value, --purpose,
 * --text. A correction is tried out on a copy of *e, so that what could never
 * be fulfilled is refused at once. VERB_USAGE.
 */
enum verb_status request_form(struct dialogue *d, const struct verb_call *call,
    const struct store_employee *e, struct store_request *r);

/* Put the correction that *r asks for into *e. VERB_USAGE: it is no value, or
 * none that could hold today. */
enum verb_status request_correct(struct dialogue *d,
    const struct store_request *r, struct store_employee *e);

/* Make late answers heard: a line in the log that an operator must act on. */
void request_tell_late(struct dialogue *d);

#endif
