#include "admin_finger.h"

#include "store/finger.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

enum verb_status
touch_and_run(struct site *s, struct sensor_stage *st,
    const struct stage_touch *touches, unsigned n, const char *const *words)
{
	enum verb_status status;

	if (!stage_open(st, &s->d, touches, n))
		return VERB_UNAVAILABLE;
	status = site_run(s, words);
	(void)stage_close(st, &s->d);
	st->at = NULL;
	return status;
}

bool
may_finger(struct site *s, const char *number)
{
	return RUN(s, "consent", "record", number, "--purpose",
		   "biometric.finger") == VERB_DONE;
}

bool
site_fingers(struct site *s)
{
	if (!site_open(s))
		return false;
	return test_check(site_adult(s) && may_finger(s, "1042") &&
		RUN(s, "employee", "add", "1043", "--name", "Bo Example",
		    "--birth", "1991-05-17") == VERB_DONE &&
		RUN(s, "consent", "record", "1043") == VERB_DONE &&
		may_finger(s, "1043"),
	    __FILE__, __LINE__, "people who agree");
}

uint64_t
fingers_of(struct site *s, const char *number)
{
	struct store_employee e;
	uint64_t n = 99;

	if (store_employee_by_number(s->d.store, number, &e) != ATT_OK ||
	    store_finger_count(s->d.store, e.id, STORE_FINGERS_ALL, &n) !=
		ATT_OK)
		return 99;
	return n;
}

unsigned
audit_events(struct site *s, const char *event)
{
	char json[64];
	unsigned n = 0;

	(void)snprintf(json, sizeof(json), "\"%s\"", event);
	if (RUN(s, "audit", "list", "--json") != VERB_DONE)
		return 0;
	for (const char *at = strstr(s->printed, json); at != NULL;
	     at = strstr(at + 1, json))
		n++;
	return n;
}
