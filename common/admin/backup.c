#include "store/backup.h"

#include "admin/answer.h"
#include "admin/change.h"
#include "admin/erase.h"
#include "admin/nouns.h"
#include "admin/progress.h"
#include "admin/report.h"
#include "attendd/gallery.h"
#include "attendd/paths.h"

#include <stdio.h>
#include <stdlib.h>

static int
file_of(const struct dialogue *d, const struct verb_call *call)
{
	int i = verb_file(call, "FILE");

	return i >= 0 && (size_t)i < d->nfds ? d->fds[i] : -1;
}

enum verb_status
backup_run(struct dialogue *d, const struct verb_call *call)
{
	struct progress p = progress_of(d);
	struct store_watch w = { progress_tell, &p };
	struct store_by by = dialogue_by(d);
	struct store_backup b;
	int fd = file_of(d, call);
	enum att_err e;

	if (fd < 0)
		return answer_fail(
		    d, VERB_USAGE, "FILE: the file did not come along");
	e = store_backup(d->store, &by, fd, &w, &b);
	progress_end(&p);
	if (e != ATT_OK)
		return answer_trouble(d, e, "making the backup");
	dialogue_out(d,
	    "backup made and read back: %llu bytes, audit records up to %llu\n"
	    "it opens with the site key only; keep a copy of that, and of the "
	    "newest " ATTENDD_STATE_DIR "/erasures, apart from it\n",
	    (unsigned long long)b.size, (unsigned long long)b.audit_seq);
	return VERB_DONE;
}

/* What to do about a backup that could not be put back. */
static enum verb_status
not_restored(struct dialogue *d, enum att_err e)
{
	const char *why = store_trouble(d->store);

	if (e == ATT_ABSENT)
		return answer_fail(d, VERB_REFUSED,
		    "this machine has no ledger of erasures, and without one "
		    "people who were erased after the backup would be back, "
		    "and consents that were withdrawn would hold; give the "
		    "newest copy of " ATTENDD_STATE_DIR
		    "/erasures with --ledger FILE, or --no-ledger if nobody "
		    "was erased or withdrew since");
	if (e == ATT_FORMAT || e == ATT_CORRUPT)
		return answer_fail(d, VERB_FAILED,
		    "%s; the store is as it was. Take another backup, or put "
		    "the site key back that it was made under",
		    why);
	if (e == ATT_EXISTS)
		return answer_fail(
		    d, VERB_CONFLICT, "%s; the store is as it was", why);
	return answer_detail(d, e, "putting the backup back", why);
}

/* Vault and, if it can be opened, the store that is there. */
static enum verb_status
open_what_is_there(struct dialogue *d)
{
	enum att_err e = dialogue_store(d);

	if (d->config_bad)
		return answer_fail(d, VERB_UNAVAILABLE,
		    "%s is refused; attendctl doctor names the line",
		    CONFIG_PATH);
	if (d->vault == NULL)
		return answer_fail(d, VERB_UNAVAILABLE,
		    "there is no site key, and a backup opens with its own "
		    "only: put its copy at " ATTENDD_SITE_KEY
		    ", owner " ATTENDD_USER ", mode 0400 (%s)",
		    att_err_text(e));
	if (e == ATT_NEWER || e == ATT_IO || e == ATT_NOMEM)
		return answer_fail(d, VERB_FAILED,
		    "the store that is there cannot be opened: %s; run "
		    "attendctl doctor",
		    att_err_text(e));
	return VERB_DONE;
}

static enum verb_status
take_ledger(struct dialogue *d, const struct verb_call *call, char **bytes,
    struct store_restore *r)
{
	size_t len = 0;
	enum verb_status status;

	r->unled = verb_option(call, "no-ledger") != NULL;
	if (verb_option(call, "ledger") == NULL)
		return VERB_DONE;
	if (r->unled)
		return answer_fail(d, VERB_USAGE,
		    "--ledger and --no-ledger cannot both be meant");
	status = answer_file(d, call, "ledger", STORE_LEDGER_MAX, bytes, &len);
	r->more = (struct att_slice){ (uint8_t *)*bytes, len };
	if (status == VERB_DONE && len == 0)
		return answer_fail(d, VERB_FAILED, "--ledger is an empty file");
	return status;
}

/* The store is the backup's: open what was not, clean up, publish. */
static enum verb_status
settle(struct dialogue *d)
{
	struct publish_report report = { 0 };
	enum verb_status tidied, status;
	enum att_err e = dialogue_store(d);

	if (e != ATT_OK)
		return answer_detail(
		    d, e, "opening the store", store_trouble(NULL));
	gallery_forget(d);
	tidied = erase_tidy(d);
	status = change_publish(d, &report);
	return status == VERB_DONE ? tidied : status;
}

/* What came after the backup: kept, and gone. */
static void
tell_carried(struct dialogue *d, const struct store_restored *o)
{
	const struct store_carried *c = &o->carried;
	char hex[2 * VAULT_HASH_LEN + 1];

	if (o->cut_seq == 0)
		return; /* nobody knows */
	hex_format(o->cut_hash, sizeof(o->cut_hash), hex);
	dialogue_out(d,
	    "of what came since, %llu texts of notices, %llu disclosures and "
	    "%llu open requests are kept, and %llu could not be; the rest is "
	    "gone, and with it the audit chain that ended at record %llu, %s\n",
	    (unsigned long long)c->notices, (unsigned long long)c->disclosures,
	    (unsigned long long)c->requests, (unsigned long long)c->lost,
	    (unsigned long long)o->cut_seq, hex);
}

static enum verb_status
restore(struct dialogue *d, struct store_restore *r)
{
	struct progress p = progress_of(d);
	struct store_watch w = { progress_tell, &p };
	struct store_by by = dialogue_by(d);
	struct store_restored o;
	char made[ATT_TIME_TEXT];
	enum verb_status status;
	enum att_err e = store_restore(r, &by, &w, &o);

	progress_end(&p);
	if (e != ATT_OK)
		return not_restored(d, e);
	status = settle(d);
	att_time_format(o.b.made_utc, made);
	dialogue_out(d,
	    "the backup of %s is put back, audit records up to %llu; %llu "
	    "people who were erased since are erased again, %llu consents "
	    "that were withdrawn since are withdrawn again\n",
	    made, (unsigned long long)o.b.audit_seq,
	    (unsigned long long)o.again.erased,
	    (unsigned long long)o.again.withdrawn);
	tell_carried(d, &o);
	return status;
}

static enum verb_status
confirm(struct dialogue *d, const struct verb_call *call)
{
	char question[400];

	if (d->store == NULL && d->store_err == ATT_ABSENT)
		return VERB_DONE; /* nothing can be lost */
	if (d->store == NULL)
		(void)snprintf(question, sizeof(question),
		    "The store that is there cannot be opened (%s) and goes "
		    "as a whole. Type \"restore\" to go on: ",
		    store_trouble(NULL));
	else
		(void)snprintf(question, sizeof(question),
		    "Everything that was stored after the backup was made "
		    "goes, but for erasures, consents that were withdrawn, "
		    "notices, disclosures and open requests. Type \"restore\" to go on: ");
	return erase_confirm(d, call, question, "restore");
}

enum verb_status
restore_run(struct dialogue *d, const struct verb_call *call)
{
	struct store_restore r = { .fd = file_of(d, call),
		.path = ATTENDD_STORE };
	char *ledger = NULL;
	enum verb_status status = open_what_is_there(d);

	if (status == VERB_DONE && r.fd < 0)
		status = answer_fail(
		    d, VERB_USAGE, "FILE: the file did not come along");
	if (status == VERB_DONE)
		status = take_ledger(d, call, &ledger, &r);
	if (status == VERB_DONE)
		status = confirm(d, call);
	r.live = d->store;
	r.vault = d->vault;
	r.published = change_published(d);
	if (status == VERB_DONE)
		status = restore(d, &r);
	free(ledger);
	return status;
}
