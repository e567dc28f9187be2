#include "admin/erase.h"

#include "admin/change.h"
#include "admin/nouns.h"
#include "attendd/gallery.h"
#include "attendd/log.h"
#include "attendd/paths.h"

#include <stdio.h>

enum verb_status
erase_confirm(struct dialogue *d, const struct verb_call *call,
    const char *question, const char *word)
{
	struct att_slice answer;
	enum att_err e;

	if (verb_option(call, "yes") != NULL)
		return VERB_DONE;
	e = dialogue_ask(d, WIRE_FOR_TEXT, true, question, &answer);
	if (e == ATT_ABSENT)
		return answer_fail(d, VERB_USAGE,
		    "nobody can be asked here; give --yes if it is meant");
	if (e != ATT_OK)
		return answer_detail(d, e, "asking back", "");
	if (att_slice_is(answer, word))
		return VERB_DONE;
	return answer_fail(
	    d, VERB_REFUSED, "that was not \"%s\"; nothing was changed", word);
}

/* Said again until it has been seen to: nothing else shows what was lost. */
static void
tell_damaged(struct dialogue *d)
{
	if (!store_ledger_damaged(ATTENDD_STORE))
		return;
	log_line(LOG_ERR,
	    "ledger of erasures damaged, set aside: see attendctl doctor");
	dialogue_err(d,
	    "attendctl: the ledger of erasures was damaged or another site's, "
	    "and is set aside; see attendctl doctor\n");
}

enum verb_status
erase_tidy(struct dialogue *d)
{
	enum att_err e = store_tidy(d->store, true);
	char why[200];
	bool bytes = true, ledger = true;

	tell_damaged(d);
	if (e == ATT_OK)
		return VERB_DONE;
	(void)snprintf(why, sizeof(why), "%s", store_trouble(d->store));
	if (store_tidy_pending(d->store, &bytes, &ledger) == ATT_OK && !bytes)
		return answer_fail(d, VERB_FAILED,
		    "it is done, but the ledger, which keeps a backup from "
		    "undoing it, could not be written (%s); attendctl purge "
		    "writes it",
		    why);
	return answer_fail(d, VERB_FAILED,
	    "it is done, but copies of its bytes may still stand in unused "
	    "parts of the store (%s); attendctl purge cleans them up",
	    why);
}

enum verb_status
erase_person(struct dialogue *d, const struct store_employee *e,
    enum store_erase_reason reason)
{
	struct change c ADMIN_AUTO_CHANGE = { 0 };
	enum verb_status tidied, status = change_begin(&c, d);

	if (status != VERB_DONE)
		return status;
	status = change_end(&c, store_erase(d->store, &c.by, e->id, reason),
	    "erasing the employee");
	if (!c.stored)
		return status;
	gallery_forget(d);
	tidied = erase_tidy(d);
	return status == VERB_DONE ? tidied : status;
}

static enum verb_status
take_reason(struct dialogue *d, const struct verb_call *call,
    enum store_erase_reason *reason)
{
	const char *id = verb_option(call, "reason");

	/* the others are the rules' own */
	if (store_erase_reason_find(id, reason) == ATT_OK &&
	    *reason <= STORE_ERASE_ENDED)
		return VERB_DONE;
	return answer_fail(d, VERB_USAGE,
	    "no reason \"%s\"; there are unlawful, no-consent, breach, "
	    "account-closed and service-ended",
	    id);
}

enum verb_status
employee_erase(struct dialogue *d, const struct verb_call *call)
{
	enum store_erase_reason reason;
	struct store_employee e;
	char question[160], home[ATT_OPT_VALUE_MAX];
	enum verb_status status = answer_employee(d, call, &e);

	if (status == VERB_DONE)
		status = take_reason(d, call, &reason);
	if (status != VERB_DONE)
		return status;
	(void)snprintf(question, sizeof(question),
	    "This erases %s for ever; nothing brings the person back. Type "
	    "the number again: ",
	    e.number);
	status = erase_confirm(d, call, question, e.number);
	if (status == VERB_DONE)
		status = erase_person(d, &e, reason);
	if (status != VERB_DONE)
		return status;
	dialogue_out(d,
	    "%s erased; the number and uid %u are never given to anybody "
	    "again\n",
	    e.number, (unsigned)e.uid);
	if (config_home(d->config, e.login, e.number, e.uid, home,
		sizeof(home)) == ATT_OK)
		dialogue_out(d,
		    "next: end sessions and remove files that are still "
		    "there: pkill -U %u; rm -r %s\n",
		    (unsigned)e.uid, home);
	dialogue_out(d,
	    "older backups hold the sealed record still: put back, they are "
	    "brought up to the ledger; to make them unreadable for good, run "
	    "attendctl key rotate and make a new one\n");
	return VERB_DONE;
}
