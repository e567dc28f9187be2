/*
 * Any bytes as attend.conf: refused with a reason and without an effect, or
 * accepted with every promise of config.h kept.
 */
#include "attendd/config.h"
#include "base/name.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PROMISE(expr)            \
	do {                     \
		if (!(expr))     \
			abort(); \
	} while (0)

static void
keeps_promises(const struct config *c)
{
	char home[ATT_OPT_VALUE_MAX * ATT_LOGIN_MAX];
	char text[GATE_FACTORS_TEXT];

	PROMISE(c->majority >= GATE_MAJORITY_MIN);
	PROMISE(c->minimum_age <= c->majority);
	PROMISE(c->ids.min <= c->ids.max);
	PROMISE(att_id_ok(c->ids.min) && att_id_ok(c->ids.max));
	PROMISE(att_login_ok(c->primary_group, strlen(c->primary_group)));
	PROMISE(c->n_local_groups <= CONFIG_GROUPS);
	for (uint32_t i = 0; i < c->n_local_groups; i++)
		PROMISE(strcmp(c->local_groups[i], "root") != 0 &&
		    strcmp(c->local_groups[i], "shadow") != 0);
	PROMISE(c->open_minute < 1440 && c->close_minute < 1440);
	PROMISE(c->limits.max_failures > 0 && c->limits.lock_seconds > 0);
	PROMISE(c->n_services <= CONFIG_SERVICES);
	for (uint8_t i = 0; i < c->elevated.n; i++)
		PROMISE((c->elevated.any_of[i] & GATE_PIN) != 0);
	PROMISE(
	    !gate_factors_met(&c->factors, GATE_BIOMETRIC) || c->factors.n > 1);
	gate_factors_format(&c->factors, text, sizeof(text));
	PROMISE(config_home(c, "e1042", "1042", 70000, home, sizeof(home)) ==
	    ATT_OK);
	PROMISE(home[0] == '/' && strchr(home, ':') == NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct config c = config_default;
	struct att_opt_error err = { 0 };
	enum att_err e = config_parse(&c, (const char *)data, size, &err);

	if (e == ATT_OK) {
		keeps_promises(&c);
		return 0;
	}
	PROMISE(e == ATT_FORMAT);
	PROMISE(err.reason != NULL);
	PROMISE(memchr(err.key, '\0', sizeof(err.key)) != NULL);
	PROMISE(memcmp(&c, &config_default, sizeof(c)) == 0);
	return 0;
}
