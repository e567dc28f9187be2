/*
 * What every verb needs to answer: messages that name the next step, with
 * the exit status they bring; the person a command is about; files that came
 * along. Functions that return a status have already told why, unless it is
 * VERB_DONE. Nothing is told while a transaction is open: a client that does
 * not read would hold up every login.
 */
#ifndef ATT_ADMIN_ANSWER_H
#define ATT_ADMIN_ANSWER_H

#include "admin/verbs.h"
#include "attendd/dialogue.h"
#include "store/consent.h"
#include "store/employee.h"

#define ANSWER_PAPER_MAX (16u << 20) /* bytes of a scanned paper */

/* A message on standard error; gives status back. */
enum verb_status answer_fail(struct dialogue *d, enum verb_status status,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* The message and status for an error of the machinery while `doing`. */
enum verb_status
answer_trouble(struct dialogue *d, enum att_err e, const char *doing);
/* The same with a detail that was kept from before, "" for none. */
enum verb_status answer_detail(
    struct dialogue *d, enum att_err e, const char *doing, const char *detail);

/* That the configuration was refused, and where: VERB_UNAVAILABLE. */
enum verb_status answer_config(struct dialogue *d);

/*
 * The employee the command names. VERB_ABSENT when there is none or it was
 * erased.
 */
enum verb_status answer_employee(struct dialogue *d,
    const struct verb_call *call, struct store_employee *out);

/* The same by a number that is at hand. */
enum verb_status answer_number(
    struct dialogue *d, const char *number, struct store_employee *out);

/* The employee whose uid the caller has: for `me`. */
enum verb_status answer_self(struct dialogue *d, struct store_employee *out);

/* --purpose, STORE_FOR_LOGIN when not given; VERB_USAGE. */
enum verb_status answer_purpose(
    struct dialogue *d, const struct verb_call *call, enum store_purpose *out);

/* --lang, the caller's own language when not given. */
const char *answer_lang(const struct dialogue *d, const struct verb_call *call);

/*
 * Read a file that came along, by its option or placeholder, whole: a
 * regular file of at most max bytes. *bytes is owned and NUL-terminated
 * behind *len bytes.
 */
enum verb_status answer_file(struct dialogue *d, const struct verb_call *call,
    const char *name, size_t max, char **bytes, size_t *len);

/*
 * The first bytes of a regular file, most at most or up to its end, wherever
 * the descriptor stands: into memory that is fit for them. ATT_IO.
 */
enum att_err
answer_read(int fd, void *buf, size_t most, size_t *len) ATT_CHECKED;

/*
 * Record that root looked at sealed personal data, of one person or (NULL)
 * of many. Without the record there is no look.
 */
enum verb_status
answer_looked(struct dialogue *d, const char *event, const uint8_t *person);

#endif
