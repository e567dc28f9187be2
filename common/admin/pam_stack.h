/*
 * A PAM stack as libpam would build and walk it, without libpam: what comes
 * of it when the modules return given codes. So the doctor can tell what a
 * stack does to whom instead of guessing from its looks.
 *
 * Known: includes and substacks, all control words and bracket forms, jumps,
 * and the files of one folder with "other" standing in for a type that a
 * service does not have.
 */
#ifndef ATT_ADMIN_PAM_STACK_H
#define ATT_ADMIN_PAM_STACK_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAM_STACK_MAX	64 /* entries of one stack, includes resolved */
#define PAM_STACK_DEPTH 8 /* includes within includes */
#define PAM_MODULE_MAX	32 /* bytes of a module's name */

enum pam_stack_type {
	PAM_STACK_AUTH,
	PAM_STACK_ACCOUNT,
	PAM_STACK_PASSWORD,
	PAM_STACK_SESSION,
};

/* The return codes that stacks are asked about. */
enum pam_stack_code {
	PAM_STACK_SUCCESS,
	PAM_STACK_IGNORE,
	PAM_STACK_USER_UNKNOWN,
	PAM_STACK_AUTH_ERR,
	PAM_STACK_PERM_DENIED,
	PAM_STACK_UNAVAIL, /* PAM_AUTHINFO_UNAVAIL */
	PAM_STACK_CODES,
};

/* What is done on a code: an action below, or n > 0: skip n entries. */
enum pam_stack_action {
	PAM_DO_IGNORE = 0,
	PAM_DO_OK = -1,
	PAM_DO_DONE = -2,
	PAM_DO_BAD = -3,
	PAM_DO_DIE = -4,
	PAM_DO_RESET = -5,
};

struct pam_stack_entry {
	char module[PAM_MODULE_MAX]; /* "pam_unix"; "" for a substack's end */
	int action[PAM_STACK_CODES];
	bool quiet; /* has the argument ignore_unknown_user */
	uint8_t level; /* 0, or how deep in substacks */
};

struct pam_stack {
	bool of_other; /* the service has no line of its own */
	size_t n;
	struct pam_stack_entry entry[PAM_STACK_MAX];
};

/*
 * Give the text of a file of the folder, owned and NUL-terminated.
 * ATT_ABSENT, ATT_IO, ATT_LIMIT.
 */
typedef enum att_err pam_stack_file(void *ctx, const char *name, char **text);

/*
 * Build the stack of a service for a type. ATT_FORMAT: a line that libpam
 * would refuse; ATT_LIMIT: too long or too deep; the file's errors. The name
 * of the file at fault is put into where (cap bytes).
 */
enum att_err pam_stack_build(struct pam_stack *s, const char *service,
    enum pam_stack_type type, pam_stack_file *file, void *ctx, char *where,
    size_t cap) ATT_CHECKED;

/*
 * Walk it; code() says what a module returns. Whether the application would
 * see PAM_SUCCESS.
 */
typedef enum pam_stack_code
pam_stack_module(void *ctx, const struct pam_stack_entry *e);
bool
pam_stack_walk(const struct pam_stack *s, pam_stack_module *code, void *ctx);

#endif
