/* From results to what glibc wants to hear. */
#ifndef ATT_NSS_ANSWER_H
#define ATT_NSS_ANSWER_H

#include "base/bytes.h"
#include "base/err.h"

#include <nss.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * For the result of a lookup: ATT_LIMIT means that the buffer is too small.
 * *errnop may be errno itself, so this comes last.
 */
enum nss_status answer(enum att_err e, int *errnop);

/* For an error of view_take: there is nothing to look into. */
enum nss_status answer_no_view(enum att_err e, int *errnop);

/* The same for an id, which without a file is ours in the default range. */
enum nss_status answer_no_view_id(enum att_err e, uint32_t id, int *errnop);

/* Copy with a terminator to *at and move it on; there is room. */
char *answer_put(char **at, struct att_slice s);

#endif
