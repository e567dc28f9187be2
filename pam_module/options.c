#include "pam_module/options.h"

#define S struct options
static const struct att_opt rows[] = {
	ATT_OPT_BOOL(S, "try_first_pass", try_first_pass),
	ATT_OPT_BOOL(S, "use_first_pass", use_first_pass),
	ATT_OPT_BOOL(S, "use_authtok", use_authtok),
	ATT_OPT_BOOL(S, "ignore_unknown_user", ignore_unknown_user),
	ATT_OPT_BOOL(S, "nodelay", nodelay),
	ATT_OPT_BOOL(S, "identify", identify),
	ATT_OPT_BOOL(S, "set_authtok", set_authtok),
};
#undef S

void
options_read(struct options *o, int argc, const char **argv)
{
	*o = (struct options){ 0 };
	/* one at a time: a word that we do not know must not undo the rest */
	for (int i = 0; i < argc; i++) {
		struct att_opt_error why;

		if (att_opt_args(rows, sizeof(rows) / sizeof(rows[0]), 1,
			&argv[i], o, sizeof(*o), &why) == ATT_OK)
			continue;
		why.line = (unsigned)i + 1;
		if (why.unknown)
			o->unknown = why;
		else
			o->bad = why;
	}
}
