/* What fingers there are, and away with them. */
#include "admin/change.h"
#include "admin/enrol.h"
#include "admin/erase.h"
#include "admin/held.h"
#include "admin/nouns.h"
#include "admin/report.h"
#include "attendd/gallery.h"

#include <stdio.h>

enum verb_status
finger_list(struct dialogue *d, const struct verb_call *call)
{
	struct store_employee e;
	struct report r;
	enum verb_status status = answer_employee(d, call, &e);
	enum att_err err;

	if (status == VERB_DONE)
		status = answer_looked(d, "finger-list", e.id);
	if (status != VERB_DONE)
		return status;
	report_open(&r, d, call);
	err = held_report_fingers(&r, &e, NULL);
	if (err != ATT_OK)
		return answer_trouble(d, err, "listing fingers");
	return report_close(&r);
}

static enum verb_status
count(struct dialogue *d, const struct store_employee *e, uint8_t finger,
    uint64_t *n)
{
	enum att_err err = store_finger_count(d->store, e->id, finger, n);

	if (err != ATT_OK)
		return answer_trouble(d, err, "counting fingers");
	if (*n > 0)
		return VERB_DONE;
	if (finger != STORE_FINGERS_ALL)
		return answer_fail(d, VERB_ABSENT,
		    "%s: the %s is not enrolled; see attendctl finger list %s",
		    e->number, _(finger_text(finger)), e->number);
	return answer_fail(
	    d, VERB_ABSENT, "%s has no finger enrolled", e->number);
}

static enum verb_status
confirm(struct dialogue *d, const struct verb_call *call,
    const struct store_employee *e, uint8_t finger, uint64_t n)
{
	char question[200];

	if (finger == STORE_FINGERS_ALL)
		(void)snprintf(question, sizeof(question),
		    "This destroys what is kept of %s's fingers, %u in all. "
		    "Type the number again: ",
		    e->number, (unsigned)n);
	else
		(void)snprintf(question, sizeof(question),
		    "This destroys what is kept of %s's %s. Type the number "
		    "again: ",
		    e->number, _(finger_text(finger)));
	return erase_confirm(d, call, question, e->number);
}

static enum verb_status
destroy(struct dialogue *d, const struct store_employee *e, uint8_t finger)
{
	struct change c ADMIN_AUTO_CHANGE = { 0 };
	uint64_t n = 0;
	enum verb_status status = change_begin(&c, d);

	if (status != VERB_DONE)
		return status;
	status = change_end(&c,
	    store_finger_destroy(d->store, &c.by, e->id, finger, "office", &n),
	    "destroying the finger");
	if (c.stored)
		gallery_forget(d);
	if (status == VERB_DONE)
		status = erase_tidy(d);
	if (status == VERB_DONE)
		dialogue_out(d, "%s: %u %s destroyed\n", e->number, (unsigned)n,
		    n == 1 ? "finger" : "fingers");
	return status;
}

enum verb_status
finger_delete(struct dialogue *d, const struct verb_call *call)
{
	struct store_employee e;
	uint8_t finger = STORE_FINGERS_ALL;
	uint64_t n = 0;
	enum verb_status status = answer_employee(d, call, &e);

	if (status == VERB_DONE && verb_option(call, "finger") != NULL)
		status = enrol_finger(d, call, &finger);
	if (status == VERB_DONE)
		status = count(d, &e, finger, &n);
	if (status == VERB_DONE)
		status = confirm(d, call, &e, finger, n);
	return status == VERB_DONE ? destroy(d, &e, finger) : status;
}
