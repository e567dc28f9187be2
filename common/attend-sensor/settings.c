#include "attend-sensor/settings.h"

#include "base/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define S struct settings

static const char *
take_plugin(void *s, const char *sub, const char *value)
{
	S *set = s;

	if (value[0] != '\0' && value[0] != '/')
		return "not an absolute path";
	if (strlen(value) >= sizeof(set->plugin))
		return "too long";
	memcpy(set->plugin, value, strlen(value) + 1);
	return NULL;
}

static const struct att_opt rows[] = {
	ATT_OPT_CHECKED("plugin", take_plugin),
	ATT_OPT_BOOL(S, "test-readers", test_readers),
};
#undef S

enum att_err
settings_read(const char *path, struct settings *out, struct att_opt_error *why)
{
	ATT_AUTO_FREE char *text = malloc(ATT_OPT_FILE_MAX + 1);
	struct settings s = { 0 };
	size_t len = 0;
	enum att_err e;

	*why = (struct att_opt_error){ 0 };
	if (text == NULL)
		return ATT_NOMEM;
	e = att_opt_slurp(path, text, ATT_OPT_FILE_MAX + 1, &len);
	if (e == ATT_OK)
		e = att_opt_read(rows, sizeof(rows) / sizeof(rows[0]), text,
		    len, &s, sizeof(s), why);
	if (e != ATT_OK && e != ATT_ABSENT)
		return e;
	*out = s;
	return ATT_OK;
}
