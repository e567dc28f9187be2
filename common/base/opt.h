/*
 * Configuration and module arguments as one typed table. A row names a field
 * of a struct and refuses to compile if the field has another type than the
 * row will write. Unknown, repeated, malformed and out-of-range keys refuse
 * the whole input, with the line and the reason; the struct then keeps what
 * it held before.
 */
#ifndef ATT_BASE_OPT_H
#define ATT_BASE_OPT_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ATT_OPT_VALUE_MAX 256 /* bytes of a text field, NUL included */
#define ATT_OPT_FILE_MAX  (64 * 1024) /* bytes of a configuration file */
#define ATT_OPT_KEYS_MAX  256 /* keys given in one input */

/* The error names of the last refusal; static English text in reason. */
struct att_opt_error {
	unsigned line; /* 1-based; for arguments, their index from 1 */
	char key[64]; /* as given, cut to fit, control bytes as '?' */
	const char *reason; /* "unknown key", "key given twice", ... */
	bool unknown; /* there is no such key, rather than a bad value */
};

enum att_opt_kind {
	ATT_OPT_KIND_BOOL,
	ATT_OPT_KIND_U32,
	ATT_OPT_KIND_TEXT,
	ATT_OPT_KIND_CHECKED,
};

/*
 * One key. `dotted` rows match "name.anything": the check is given the part
 * behind the dot. A check writes into the struct itself and returns NULL, or
 * returns the reason for refusing.
 */
typedef const char *att_opt_check(void *s, const char *sub, const char *value);

struct att_opt {
	const char *name;
	enum att_opt_kind kind;
	size_t offset;
	size_t cap;
	uint32_t min, max;
	bool dotted;
	att_opt_check *check;
};

#define ATT_FIELD(S, f, T) \
	(offsetof(S, f) + 0 * sizeof(_Generic(((S *)0)->f, T : 0)))

/* name = yes|no */
#define ATT_OPT_BOOL(S, n, f)                           \
	{                                               \
		.name = (n), .kind = ATT_OPT_KIND_BOOL, \
		.offset = ATT_FIELD(S, f, bool)         \
	}
/* name = whole number within lo..hi */
#define ATT_OPT_U32(S, n, f, lo, hi)                                          \
	{                                                                     \
		.name = (n), .kind = ATT_OPT_KIND_U32,                        \
		.offset = ATT_FIELD(S, f, uint32_t), .min = (lo), .max = (hi) \
	}
/* name = printable UTF-8 text that fits the array with its terminator */
#define ATT_OPT_TEXT(S, n, f)                                                 \
	{                                                                     \
		.name = (n), .kind = ATT_OPT_KIND_TEXT,                       \
		.offset = ATT_FIELD(S, f, char *), .cap = sizeof(((S *)0)->f) \
	}
/* name = whatever the check accepts */
#define ATT_OPT_CHECKED(n, fn)                                           \
	{                                                                \
		.name = (n), .kind = ATT_OPT_KIND_CHECKED, .check = (fn) \
	}
#define ATT_OPT_DOTTED(n, fn)                                              \
	{                                                                  \
		.name = (n), .kind = ATT_OPT_KIND_CHECKED, .dotted = true, \
		.check = (fn)                                              \
	}

/*
 * Read "key = value" lines: '#' starts a comment line, blanks around key and
 * value do not count, an empty value is allowed only for text and checked
 * rows. len bytes of text, at most ATT_OPT_FILE_MAX, NUL-free; s is the
 * struct the rows describe, of size bytes, already holding the defaults.
 * ATT_FORMAT with *err filled, or ATT_NOMEM; s is then unchanged.
 */
enum att_err
att_opt_read(const struct att_opt *rows, size_t n, const char *text, size_t len,
    void *s, size_t size, struct att_opt_error *err) ATT_CHECKED;

/*
 * Read module arguments: "key" (a bool row: yes) or "key=value". Same rules
 * and result as att_opt_read, but blanks count.
 */
enum att_err
att_opt_args(const struct att_opt *rows, size_t n, int argc, const char **argv,
    void *s, size_t size, struct att_opt_error *err) ATT_CHECKED;

/*
 * The text of a configuration file, for att_opt_read: a plain file, not a link,
 * that nobody can write to but root, or whoever runs this. text has room for
 * cap bytes; ATT_OPT_FILE_MAX + 1 of them let att_opt_read see that a file is
 * too large. ATT_ABSENT: there is none; ATT_REFUSED: it is not such a file;
 * ATT_IO (errno).
 */
enum att_err att_opt_slurp(
    const char *path, char *text, size_t cap, size_t *len) ATT_CHECKED;

#endif
