/*
 * The words behind the module's name in /etc/pam.d. Reading them neither logs
 * nor fails: whose name it is comes first, and only then may a bad option
 * refuse somebody.
 */
#ifndef ATT_PAM_MODULE_OPTIONS_H
#define ATT_PAM_MODULE_OPTIONS_H

#include "base/opt.h"

#include <stdbool.h>

struct options {
	bool try_first_pass; /* a token from before us first, then ask */
	bool use_first_pass; /* that token only */
	bool use_authtok; /* the new PIN is what a module before us took */
	bool ignore_unknown_user; /* IGNORE instead of USER_UNKNOWN */
	bool nodelay; /* no delay after a failure */
	bool identify; /* without a name: attendd may find out who it is */
	bool set_authtok; /* leave the proven PIN for modules behind us */
	struct att_opt_error unknown; /* the last unknown one, if .line > 0 */
	struct att_opt_error bad; /* the last one with a bad value, likewise */
};

/* Everything off that is not given; unknown options change nothing. */
void options_read(struct options *o, int argc, const char **argv);

#endif
