#include "admin/answer.h"
#include "admin/nouns.h"
#include "admin/report.h"

#include <string.h>

static bool
list_one(void *ctx, const struct audit_record *a)
{
	static const uint8_t nobody[VAULT_TAG_LEN] = { 0 };
	struct table *t = ctx;
	char subject[2 * VAULT_TAG_LEN + 1] = "";

	if (memcmp(a->subject, nobody, sizeof(nobody)) != 0)
		hex_format(a->subject, sizeof(a->subject), subject);
	table_number(t, (int64_t)a->seq);
	table_time(t, a->time_utc);
	table_text(t, a->event);
	table_text(t, subject);
	table_text(t, a->actor);
	table_text(t, a->detail);
	return true;
}

enum verb_status
audit_list(struct dialogue *d, const struct verb_call *call)
{
	static const struct table_column columns[] = { { "seq", "SEQ" },
		{ "at", "WHEN" }, { "event", "EVENT" },
		{ "subject", "SUBJECT" }, { "actor", "BY" },
		{ "detail", "DETAIL" } };
	bool one = verb_positional(call, "NUMBER") != NULL;
	struct store_employee e;
	struct report r;
	struct table t;
	enum verb_status status = VERB_DONE;
	enum att_err err;

	if (one)
		status = answer_employee(d, call, &e);
	/* with a number it says whose pseudonym that is */
	if (status == VERB_DONE && one)
		status = answer_looked(d, "audit-list", e.id);
	if (status != VERB_DONE)
		return status;
	report_open(&r, d, call);
	report_list(&r, &t, NULL, NULL, columns, 6);
	err = store_audit_list(d->store, 1, one ? e.id : NULL, list_one, &t);
	report_list_end(&r, &t);
	if (err != ATT_OK)
		return answer_trouble(d, err, "listing audit records");
	return report_close(&r);
}

static void
report_chain(struct report *r, const struct audit_verifier *v, bool good)
{
	char hash[2 * VAULT_HASH_LEN + 1];

	hex_format(v->hash, sizeof(v->hash), hash);
	report_record(r);
	report_flag(r, "good", "Good", good);
	report_number(r, "records", "Records", (int64_t)v->seq);
	report_number(
	    r, "signed_records", "Signed records", (int64_t)v->signed_seq);
	report_time(r, "last", "Last", v->time_utc);
	report_text(r, "head", "Head", hash);
	if (!good) {
		report_number(
		    r, "bad_record", "Bad record", (int64_t)v->bad_seq);
		report_text(r, "why", "Why", v->why);
	}
	report_record_end(r);
}

enum verb_status
audit_verify(struct dialogue *d, const struct verb_call *call)
{
	struct audit_verifier v = { 0 };
	struct report r;
	enum verb_status status;
	enum att_err e = store_audit_verify(d->store, &v);

	if (e != ATT_OK && e != ATT_CORRUPT)
		return answer_trouble(d, e, "verifying the audit chain");
	report_open(&r, d, call);
	report_chain(&r, &v, e == ATT_OK);
	status = report_close(&r);
	if (e == ATT_OK)
		return status;
	return answer_fail(d, VERB_FAILED,
	    "the audit chain is broken; keep the store as it is and compare "
	    "it with a backup and with the heads in syslog");
}
