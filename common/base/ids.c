#include "base/ids.h"

#include "base/name.h"
#include "base/opt.h"
#include "base/owner.h"

#include <string.h>

#define S struct att_ids
static const struct att_opt rows[] = {
	ATT_OPT_U32(S, "uid-min", min, ATT_ID_FLOOR, ATT_ID_CEILING),
	ATT_OPT_U32(S, "uid-max", max, ATT_ID_FLOOR, ATT_ID_CEILING),
};
#undef S

static const struct att_ids usual = { ATT_UID_MIN_DEFAULT,
	ATT_UID_MAX_DEFAULT };

/* A line at a time: one that is not understood must not undo the rest. */
static void
read_lines(const char *text, size_t len, struct att_ids *ids)
{
	while (len > 0) {
		const char *nl = memchr(text, '\n', len);
		const size_t n = nl != NULL ? (size_t)(nl - text) : len;
		struct att_opt_error why;

		if (att_opt_read(rows, sizeof(rows) / sizeof(rows[0]), text, n,
			ids, sizeof(*ids), &why) == ATT_NOMEM)
			return;
		text += nl != NULL ? n + 1 : n;
		len -= nl != NULL ? n + 1 : n;
	}
}

void
att_ids_read(const char *path, struct att_ids *out)
{
	ATT_AUTO_FREE char *text = malloc(ATT_OPT_FILE_MAX);
	struct att_ids ids = usual;
	size_t len = 0;

	*out = usual;
	if (text == NULL ||
	    att_opt_slurp(path, text, ATT_OPT_FILE_MAX, &len) != ATT_OK)
		return;
	read_lines(text, len, &ids);
	if (ids.min <= ids.max)
		*out = ids;
}
