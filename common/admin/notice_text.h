/* Notices as files and on screens, for `notice`, `me notice` and `init`. */
#ifndef ATT_ADMIN_NOTICE_TEXT_H
#define ATT_ADMIN_NOTICE_TEXT_H

#include "admin/answer.h"

struct notice_texts {
	struct att_slice whole, brief;
};

/*
 * Without surrounding blank lines and a byte order mark. The first
 * paragraph stands in for a short form that is not given (empty).
 */
void notice_texts_trim(struct notice_texts *t);

/* Publish one language of a version, and tell so. */
struct notice_version {
	const char *version, *lang;
	bool major;
};
enum verb_status notice_texts_publish(struct dialogue *d,
    const struct notice_version *v, const struct notice_texts *t);

/*
 * Print the notice in force, or the version that the command names, in
 * --lang or the caller's language.
 */
enum verb_status
notice_texts_show(struct dialogue *d, const struct verb_call *call);

#endif
