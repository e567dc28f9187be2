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
	uint32_t changes; /* bits of enum store_change; not 0: major */
	int64_t effective_utc; /* 0: at once */
};
enum verb_status notice_texts_publish(struct dialogue *d,
    const struct notice_version *v, const struct notice_texts *t);

/* "recipients,rights"; empty for none. */
void notice_changes_format(uint32_t changes, char *buf, size_t cap);

/*
 * Print the notice in force, or the version that the command names, in
 * --lang or the caller's language.
 */
enum verb_status
notice_texts_show(struct dialogue *d, const struct verb_call *call);

#endif
