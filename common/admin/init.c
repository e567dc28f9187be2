#include "admin/nouns.h"
#include "admin/setup.h"
#include "attendd/paths.h"

enum verb_status
init_run(struct dialogue *d, const struct verb_call *call)
{
	static const struct setup_paths paths = {
		.key = ATTENDD_SITE_KEY,
		.store = ATTENDD_STORE,
		.notices = ATT_DATADIR "/notices",
	};

	(void)call; /* takes no options */
	if (d->config_bad)
		return answer_config(d);
	return setup_run(d, &paths);
}
