/*
 * The doctor: looks at everything attend stands on and says what to mend. It
 * only reads, and only what the broker's user can read.
 */
#ifndef ATT_ADMIN_DOCTOR_H
#define ATT_ADMIN_DOCTOR_H

#include "admin/report.h"

#define DOCTOR_FILE_MAX (256u << 10) /* bytes of a system file */

enum doctor_level {
	DOCTOR_OK,
	DOCTOR_WARNING,
	DOCTOR_ERROR,
};

struct doctor {
	struct dialogue *d;
	struct report r;
	const char *root; /* "" or the folder that stands in for "/" */
	unsigned errors, warnings;
};

/*
 * One finding. id is stable; next says what to do and is NULL when there is
 * nothing to do.
 */
void doctor_say(struct doctor *doc, enum doctor_level level, const char *id,
    const char *next, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

/*
 * A system file, owned and NUL-terminated. ATT_ABSENT, ATT_IO (unreadable or
 * not a regular file), ATT_LIMIT, ATT_NOMEM.
 */
enum att_err doctor_read(
    const struct doctor *doc, const char *path, char **text) ATT_CHECKED;

/* The checks; each says at least one thing. */
void doctor_config(struct doctor *doc);
void doctor_key(struct doctor *doc);
void doctor_store(struct doctor *doc);
void doctor_audit(struct doctor *doc);
void doctor_keep(struct doctor *doc);
void doctor_fields(struct doctor *doc);
void doctor_requests(struct doctor *doc);
void doctor_clock(struct doctor *doc);
void doctor_notice(struct doctor *doc);
void doctor_directory(struct doctor *doc);
void doctor_names(struct doctor *doc);
void doctor_groups(struct doctor *doc);
void doctor_ids(struct doctor *doc);
void doctor_nss(struct doctor *doc);
void doctor_userdb(struct doctor *doc);
void doctor_cache(struct doctor *doc);
void doctor_locale(struct doctor *doc);
void doctor_pam(struct doctor *doc);
void doctor_reader(struct doctor *doc);
void doctor_fingers(struct doctor *doc);

/* All of them, for the root given; VERB_FAILED if there was an error. */
enum verb_status
doctor_all(struct dialogue *d, const struct verb_call *call, const char *root);

#endif
