#include "admin/admin.h"

#include "admin/answer.h"
#include "admin/nouns.h"
#include "base/owner.h"

#include <string.h>

#define WHY_MAX 512

/* Verbs and their functions. `bare` verbs cope without a store. */
static const struct binding {
	const char *words;
	admin_verb *run;
	bool bare;
} bindings[] = {
	{ "init", init_run, true },
	{ "employee add", employee_add, false },
	{ "employee list", employee_list, false },
	{ "employee show", employee_show, false },
	{ "employee set", employee_set, false },
	{ "employee suspend", employee_suspend, false },
	{ "employee resume", employee_resume, false },
	{ "employee end", employee_end, false },
	{ "employee unlock", employee_unlock, false },
	{ "employee erase", employee_erase, false },
	{ "pin set", pin_set, false },
	{ "consent record", consent_record, false },
	{ "consent withdraw", consent_withdraw, false },
	{ "consent show", consent_show, false },
	{ "guardian record", guardian_record, false },
	{ "guardian withdraw", guardian_withdraw, false },
	{ "guardian show", guardian_show, false },
	{ "finger enrol", finger_enrol, false },
	{ "finger list", finger_list, false },
	{ "finger delete", finger_delete, false },
	{ "finger test", finger_test, false },
	{ "finger export", finger_export, false },
	{ "finger import", finger_import, false },
	{ "finger quality", finger_quality, false },
	{ "notice publish", notice_publish, false },
	{ "notice list", notice_list, false },
	{ "notice show", notice_show, false },
	{ "request open", request_open, false },
	{ "request verify", request_verify, false },
	{ "request fulfil", request_fulfil, false },
	{ "request refuse", request_refuse, false },
	{ "request list", request_list, false },
	{ "request show", request_show, false },
	{ "disclose", disclose_run, false },
	{ "export", export_run, false },
	{ "attendance list", attendance_list, false },
	{ "import csv", import_csv, false },
	{ "explain", explain_run, false },
	{ "audit list", audit_list, false },
	{ "audit verify", audit_verify, false },
	{ "directory", directory_run, true },
	{ "audit export", audit_export, false },
	{ "backup", backup_run, false },
	{ "restore", restore_run, true },
	{ "key rotate", key_rotate, false },
	{ "purge", purge_run, false },
	{ "key show", key_show, false },
	{ "doctor", doctor_run, true },
	{ "publish", publish_run, false },
	{ "status", status_run, false },
	{ "me show", me_show, false },
	{ "me pin", me_pin, false },
	{ "me notice", me_notice, false },
	{ "me consent", me_consent, false },
	{ "me withdraw", me_withdraw, false },
	{ "me finger", me_finger, false },
	{ "me request", me_request, false },
};

static const struct binding *
find_binding(const struct verb *v)
{
	for (size_t i = 0; i < sizeof(bindings) / sizeof(bindings[0]); i++)
		if (strcmp(bindings[i].words, v->words) == 0)
			return &bindings[i];
	return NULL;
}

/* The request's words as C strings in one owned block. */
static enum att_err
copy_words(const struct wire_request *r, const char **argv, char **block)
{
	ATT_AUTO_FREE char *buf = NULL;
	size_t size = 1;
	char *at;

	for (size_t i = 0; i < r->argc; i++)
		size += r->argv[i].len + 1;
	buf = malloc(size);
	if (buf == NULL)
		return ATT_NOMEM;
	at = buf;
	for (size_t i = 0; i < r->argc; i++) {
		size_t cap = r->argv[i].len + 1;
		enum att_err e = att_slice_str(r->argv[i], at, cap);

		if (e != ATT_OK)
			return e;
		argv[i] = at;
		at += cap;
	}
	*block = att_take_ptr(buf);
	return ATT_OK;
}

static enum verb_status
check_caller(struct dialogue *d, const struct verb *v)
{
	bool root = d->peer.uid == 0;

	switch (v->who) {
	case VERB_ANY: return VERB_DONE;
	case VERB_ROOT:
		if (root)
			return VERB_DONE;
		return answer_fail(d, VERB_REFUSED,
		    "only root may call \"%s\"; for yourself see attendctl me "
		    "--help",
		    v->words);
	case VERB_SELF:
		if (!root)
			return VERB_DONE;
		return answer_fail(d, VERB_REFUSED,
		    "\"%s\" is for staff logged in as themselves; as root see "
		    "attendctl employee show --help",
		    v->words);
	}
	return VERB_REFUSED;
}

static enum verb_status
check_store(struct dialogue *d)
{
	enum att_err e = dialogue_store(d);

	if (d->config_bad)
		return answer_config(d);
	if (e == ATT_OK)
		return VERB_DONE;
	if (e == ATT_ABSENT)
		return answer_fail(d, VERB_UNAVAILABLE,
		    "attend is not set up here yet; run attendctl init");
	return answer_fail(d, VERB_UNAVAILABLE,
	    "the store cannot be opened: %s; run attendctl doctor",
	    att_err_text(e));
}

static enum verb_status
run_words(struct dialogue *d, const char *const *argv)
{
	const struct binding *b;
	struct verb_call call;
	enum verb_status status;
	char why[WHY_MAX];

	if (verbs_parse(d->request->argc, argv, &call, why, sizeof(why)) !=
	    ATT_OK)
		return answer_fail(d, VERB_USAGE, "%s", why);
	status = check_caller(d, call.verb);
	if (status != VERB_DONE)
		return status;
	b = find_binding(call.verb);
	if (b == NULL)
		return answer_fail(d, VERB_REFUSED,
		    "this attendd does not offer \"%s\"; restart it after an "
		    "upgrade",
		    call.verb->words);
	if (!b->bare)
		status = check_store(d);
	return status == VERB_DONE ? b->run(d, &call) : status;
}

enum verb_status
admin_run(struct dialogue *d)
{
	const char *argv[WIRE_ARGS_MAX] = { NULL };
	ATT_AUTO_FREE char *words = NULL;
	enum att_err e = copy_words(d->request, argv, &words);
	enum verb_status status;

	if (e == ATT_NOMEM)
		return answer_fail(d, VERB_FAILED, "out of memory");
	if (e != ATT_OK)
		return answer_fail(d, VERB_USAGE, "a word is not text");
	status = run_words(d, argv);
	/* a client that left was told nothing: that is not done */
	return status == VERB_DONE && d->io != ATT_OK ? VERB_FAILED : status;
}
