/*
 * Whether the machinery worked. What was decided is a verdict (verdict.h);
 * neither converts to the other silently. A code exists only because some
 * caller acts differently on it; the detail goes to the log line.
 */
#ifndef ATT_BASE_ERR_H
#define ATT_BASE_ERR_H

#define ATT_CHECKED __attribute__((warn_unused_result))

#define ATT_ERRS(X)                                      \
	X(OK, "no error")                                \
	X(NOMEM, "out of memory")                        \
	X(IO, "read or write failed")                    \
	X(TIMEOUT, "no answer in time")                  \
	X(FORMAT, "not in the documented form")          \
	X(LIMIT, "larger or more frequent than allowed") \
	X(ABSENT, "no such record")                      \
	X(EXISTS, "already there")                       \
	X(REFUSED, "not allowed")                        \
	X(CORRUPT, "stored data fails its own check")    \
	X(NEWER, "written by a newer attend")            \
	X(CLOSED, "the other side is gone")

enum att_err {
#define X(name, text) ATT_##name,
	ATT_ERRS(X)
#undef X
};

/* The English text of a code; never NULL, static. */
const char *att_err_text(enum att_err e);

#endif
