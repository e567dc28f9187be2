/*
 * The verbs of attendctl: one table, from which the command line is parsed
 * (by attendctl to open files and explain mistakes without the broker, and
 * again by attendd, which trusts nothing), the usage text, the completion and
 * the check of the manual page are made.
 */
#ifndef ATT_ADMIN_VERBS_H
#define ATT_ADMIN_VERBS_H

#include "base/clock.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Exit statuses of attendctl, promised in attendctl(8). */
enum verb_status {
	VERB_DONE = 0,
	VERB_FAILED = 1,
	VERB_USAGE = 2,
	VERB_ABSENT = 3,
	VERB_REFUSED = 4,
	VERB_CONFLICT = 5,
	VERB_UNAVAILABLE = 6,
};

enum verb_who {
	VERB_ROOT, /* uid 0 only */
	VERB_SELF, /* the person whose uid it is */
	VERB_ANY, /* both */
};

enum verb_kind {
	VERB_FLAG, /* --json */
	VERB_TEXT, /* --name N */
	VERB_DATE, /* YYYY-MM-DD, or "none" */
	VERB_TIME, /* YYYY-MM-DD or YYYY-MM-DDTHH:MM[:SS] */
	VERB_FILE_IN, /* opened for reading by attendctl, sent along */
};

struct verb_option {
	const char *name; /* without "--"; NULL ends the list */
	enum verb_kind kind;
	bool required;
	const char *value; /* placeholder in the usage text: "N" */
	const char *help;
};

#define VERB_OPTIONS_MAX     12
#define VERB_POSITIONALS_MAX 2
#define VERB_MORE_MAX	     56

struct verb {
	const char *words; /* "employee add" */
	enum verb_who who;
	bool optional_positional;
	bool repeats; /* the last positional may be given many times */
	bool paged; /* a text to be read: in a pager, on a terminal */
	/* "NUMBER"; "@FILE" is a file to open, "+FILE" one to make */
	const char *positional[VERB_POSITIONALS_MAX];
	struct verb_option options[VERB_OPTIONS_MAX + 1];
	const char *help; /* one line */
};

extern const struct verb verbs[]; /* verbs of one noun stand together */
extern const size_t verbs_count;

/* A parsed command line; strings borrowed from the words given. */
struct verb_call {
	const struct verb *verb;
	const char *positional[VERB_POSITIONALS_MAX]; /* NULL: absent */
	const char *more[VERB_MORE_MAX]; /* what repeats, behind the first */
	size_t n_more;
	const char *option[VERB_OPTIONS_MAX]; /* by index; flags: "" when set */
	int file[VERB_OPTIONS_MAX + VERB_POSITIONALS_MAX]; /* index into the
			request's descriptors in the table's order, -1: none;
			positionals behind */
};

/*
 * Parse words: the verb's, then options and positionals in any order;
 * "--opt value" or "--opt=value", each once; after "--" only positionals. A
 * noun alone means its "show" where that needs no argument. Dates, times,
 * employee numbers and the text itself (UTF-8 without control characters) are
 * checked here. ATT_OK; ATT_FORMAT with the English reason in why (cap
 * bytes), naming the word and the next step; out->verb is set if the verb
 * was found, NULL else.
 */
enum att_err verbs_parse(int argc, const char *const *argv,
    struct verb_call *out, char *why, size_t cap) ATT_CHECKED;

/* An option's index by name, len bytes of it; -1: the verb has no such. */
int verb_option_index(const struct verb *v, const char *name, size_t len);
/* An option's value by name: NULL when absent, "" for a flag that is set. */
const char *verb_option(const struct verb_call *call, const char *name);
/* Its descriptor's index, or -1. Positional files: by their placeholder. */
int verb_file(const struct verb_call *call, const char *name);
/* A positional's value by its placeholder, without "@"; NULL when absent. */
const char *verb_positional(const struct verb_call *call, const char *name);

/* A positional's placeholder without the mark of a file. */
const char *verb_placeholder(const char *positional);

/*
 * The paths of the files to open or make, in the order of their descriptors;
 * room for VERB_FILES_MAX. Their number.
 */
#define VERB_FILES_MAX (VERB_OPTIONS_MAX + VERB_POSITIONALS_MAX)
size_t verb_paths(const struct verb_call *call, const char **paths);
/* Whether the i-th of them is to be made. */
bool verb_makes(const struct verb_call *call, size_t i);

/*
 * A VERB_DATE option's value: ATT_ABSENT when it was not given; "none" gives
 * the unknown date.
 */
enum att_err verb_date(const struct verb_call *call, const char *name,
    struct att_date *out) ATT_CHECKED;
/*
 * A VERB_TIME value in the process's time zone; a date alone means its first
 * second, or with day_after the first second of the next day. ATT_FORMAT.
 */
enum att_err
verb_time(const char *text, bool day_after, int64_t *utc) ATT_CHECKED;

/* "attendctl employee add NUMBER --name N [--login L] ..." into buf. */
void verb_usage(const struct verb *v, char *buf, size_t cap);

#endif
