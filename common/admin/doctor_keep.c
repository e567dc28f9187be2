/* Whether what was promised is kept: purging, cleaning up, the ledger of
 * erasures, no field that the site does not collect any more. */
#include "admin/doctor.h"

#include "admin/minor.h"
#include "attendd/paths.h"
#include "store/history.h"
#include "store/keep.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define LEDGER ATTENDD_STATE_DIR "/erasures"
#define LATE   INT64_C(172800) /* seconds: the timer runs every day */

static void
check_purge(struct doctor *doc)
{
	int64_t now = doc->d->now.utc;
	uint64_t n = 0;
	enum att_err e = store_hold_before(
	    doc->d->store, now - minor_due(doc->d->config, 0) - LATE, &n);

	if (e != ATT_OK)
		doctor_say(doc, DOCTOR_ERROR, "purge", "attendctl doctor",
		    "holds cannot be read: %s", att_err_text(e));
	else if (n > 0)
		doctor_say(doc, DOCTOR_ERROR, "purge",
		    "attendctl purge, and systemctl enable --now "
		    "attend-purge.timer",
		    "%llu minors without a guardian's consent are here longer "
		    "than they may be",
		    (unsigned long long)n);
	else
		doctor_say(doc, DOCTOR_OK, "purge", NULL,
		    "no minor is here longer than the grace");
}

/* Set up long ago, or purged once: then it should go on every day. */
static void
check_timer(struct doctor *doc)
{
	char last[ATT_TIME_TEXT] = "never";
	struct store_site site;
	int64_t utc = 0;
	enum att_err e = store_purged_get(doc->d->store, &utc);

	if (e == ATT_OK)
		e = store_site_get(doc->d->store, &site);
	if (e != ATT_OK)
		return; /* the check before has said why */
	if (utc != 0)
		att_time_format(utc, last);
	if (doc->d->now.utc - (utc != 0 ? utc : site.created_utc) < LATE)
		doctor_say(doc, DOCTOR_OK, "purge-timer", NULL,
		    "purging was last done %s", last);
	else
		doctor_say(doc, DOCTOR_WARNING, "purge-timer",
		    "systemctl enable --now attend-purge.timer, or attendctl "
		    "purge from cron",
		    "purging was last done %s", last);
}

static void
check_bytes(struct doctor *doc, enum att_err e, bool bytes)
{
	if (e == ATT_OK && !bytes)
		doctor_say(doc, DOCTOR_OK, "erased", NULL,
		    "nothing is left of who was erased");
	else
		doctor_say(doc, DOCTOR_WARNING, "erased", "attendctl purge",
		    "bytes of somebody who was erased, or of an old key, may "
		    "still stand in unused parts of the store or in a copy "
		    "beside it");
}

static void
check_ledger(struct doctor *doc, enum att_err looked, bool behind)
{
	struct store_ledger l = { 0 };
	enum att_err e = store_ledger_open(doc->d->store, LEDGER, &l);

	store_ledger_free(&l);
	if (e == ATT_OK)
		e = looked;
	if (e == ATT_OK && behind)
		doctor_say(doc, DOCTOR_WARNING, "ledger", "attendctl purge",
		    "the ledger of erasures lacks a refusal or an erasure: a "
		    "backup could undo it");
	else if (e == ATT_OK)
		doctor_say(doc, DOCTOR_OK, "ledger", NULL,
		    "the ledger of erasures is there and the site's");
	else
		doctor_say(doc, DOCTOR_WARNING, "ledger", "attendctl purge",
		    LEDGER ", which keeps backups from undoing erasures: %s",
		    att_err_text(e));
}

static void
check_tidy(struct doctor *doc)
{
	bool bytes = false, behind = false;
	enum att_err e = store_tidy_pending(doc->d->store, &bytes, &behind);

	check_bytes(doc, e, bytes);
	check_ledger(doc, e, behind);
}

static void
check_damaged(struct doctor *doc)
{
	if (store_ledger_damaged(ATTENDD_STORE))
		doctor_say(doc, DOCTOR_ERROR, "ledger-damaged",
		    "if it was this site's, put your newest copy at " LEDGER
		    ", owner " ATTENDD_USER
		    ", and run attendctl purge; then rm " LEDGER ".damaged",
		    "the ledger of erasures was damaged or another site's, "
		    "and is set aside: if the store is an older one, people "
		    "who were erased are back");
}

static void
check_ledger_size(struct doctor *doc)
{
	struct stat st;

	if (stat(LEDGER, &st) == 0 && st.st_size > STORE_LEDGER_MAX / 2)
		doctor_say(doc, DOCTOR_WARNING, "ledger-size",
		    "before it is full, ask for an attend that keeps more",
		    LEDGER
		    " is more than half as large as it may be, %u MiB; when "
		    "it is full, neither erasing nor backups come to an end",
		    STORE_LEDGER_MAX >> 20);
}

void
doctor_keep(struct doctor *doc)
{
	if (doc->d->store == NULL)
		return;
	check_purge(doc);
	check_timer(doc);
	check_tidy(doc);
	check_damaged(doc);
	check_ledger_size(doc);
}

/* People who have values that the site does not collect. */
struct leftover {
	const struct config *config;
	uint64_t n;
	char next[200]; /* what clears those of the first */
};

static bool
find_leftover(void *ctx, const struct store_employee *e)
{
	struct leftover *l = ctx;
	char value[HISTORY_VALUE_MAX];
	bool any = false;
	size_t len;

	for (size_t i = 0; i < CONFIG_FIELDS; i++) {
		const char *name = config_fields[i];

		history_value(history_find(name), e, value);
		if (config_collects(l->config, name) || value[0] == '\0')
			continue;
		any = true;
		if (l->n > 0)
			continue; /* the first is told about */
		if (l->next[0] == '\0')
			(void)snprintf(l->next, sizeof(l->next),
			    "attendctl employee set %s", e->number);
		len = strlen(l->next);
		(void)snprintf(
		    l->next + len, sizeof(l->next) - len, " --%s \"\"", name);
	}
	l->n += any;
	return true;
}

void
doctor_fields(struct doctor *doc)
{
	struct leftover l = { .config = doc->d->config };
	bool all = true;
	enum att_err e = ATT_OK;

	if (doc->d->store == NULL)
		return;
	for (size_t i = 0; i < CONFIG_FIELDS; i++)
		all = all && config_collects(l.config, config_fields[i]);
	if (!all) /* opens every record */
		e = store_employee_list(doc->d->store, NULL, find_leftover, &l);
	if (e != ATT_OK)
		doctor_say(doc, DOCTOR_ERROR, "collect-fields",
		    "attendctl doctor", "employees cannot be read: %s",
		    att_err_text(e));
	else if (l.n > 0)
		doctor_say(doc, DOCTOR_WARNING, "collect-fields", l.next,
		    "%llu people have values of fields that collect-fields "
		    "does not name; here is what clears the first, an import "
		    "with these columns empty clears them all",
		    (unsigned long long)l.n);
	else
		doctor_say(doc, DOCTOR_OK, "collect-fields", NULL,
		    "nobody has a value that is not collected");
}
