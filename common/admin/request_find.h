/* What the verbs about one request share. */
#ifndef ATT_ADMIN_REQUEST_FIND_H
#define ATT_ADMIN_REQUEST_FIND_H

#include "admin/answer.h"
#include "store/request.h"

/* The request that REQUEST names. VERB_USAGE, VERB_ABSENT. */
enum verb_status request_find(struct dialogue *d, const struct verb_call *call,
    struct store_request *out);

/* --answer, for the person to read. VERB_USAGE. */
enum verb_status request_fill_answer(
    struct dialogue *d, const struct verb_call *call, struct store_request *r);

/* Say why store_request_close did not close it; no transaction is open. */
enum verb_status request_not_closed(
    struct dialogue *d, const struct store_request *r, enum att_err e);

#endif
