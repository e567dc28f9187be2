#include "admin/answer.h"
#include "admin/nouns.h"
#include "admin/report.h"

#include <stdlib.h>
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
	if (status == VERB_DONE)
		status = answer_looked(d, "audit-list", one ? e.id : NULL);
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
	report_number(r, "records", "Records", (int64_t)(v->seq - v->base_seq));
	report_number(r, "pruned", "Pruned records", (int64_t)v->base_seq);
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

static bool
put_out(void *ctx, const void *at, size_t len)
{
	struct print *p = ctx;

	print_bytes(p, at, len);
	return ((struct dialogue *)p->ctx)->io == ATT_OK;
}

static void
to_client(void *ctx, const void *at, size_t len)
{
	dialogue_write(ctx, at, len);
}

enum verb_status
audit_export(struct dialogue *d, const struct verb_call *call)
{
	struct print p;
	enum verb_status status = VERB_DONE;
	enum att_err e;

	(void)call; /* takes no options */
	if ((d->request->flags & WIRE_F_OUT_TTY) != 0)
		return answer_fail(d, VERB_USAGE,
		    "this is not for a terminal: attendctl audit export >FILE; "
		    "then attend-verify FILE");
	status = answer_looked(d, "audit-export", NULL);
	if (status != VERB_DONE)
		return status;
	print_open(&p, to_client, d);
	e = store_audit_export(d->store, put_out, &p);
	print_flush(&p);
	return e == ATT_OK ? VERB_DONE
			   : answer_trouble(d, e, "exporting the audit chain");
}

/* "SEQ:HASH" as the system log has it. */
static bool
parse_head(const char *text, uint64_t *seq, char hash[2 * VAULT_HASH_LEN + 1])
{
	char *end = NULL;

	if (text[0] < '1' || text[0] > '9')
		return false;
	*seq = strtoull(text, &end, 10);
	if (*end != ':' || strlen(end + 1) != 2 * VAULT_HASH_LEN ||
	    strspn(end + 1, "0123456789abcdef") != 2 * VAULT_HASH_LEN)
		return false;
	memcpy(hash, end + 1, 2 * VAULT_HASH_LEN + 1);
	return true;
}

/* A head that was logged must be in the chain, or what followed it was cut. */
static enum verb_status
check_head(struct dialogue *d, const char *text)
{
	char wanted[2 * VAULT_HASH_LEN + 1], found[2 * VAULT_HASH_LEN + 1];
	uint8_t hash[VAULT_HASH_LEN];
	uint64_t seq = 0;
	enum att_err e;

	if (!parse_head(text, &seq, wanted))
		return answer_fail(d, VERB_USAGE,
		    "--head is SEQ:HASH, as in the system log: journalctl -t "
		    "attendd -g 'audit head='");
	e = store_audit_hash(d->store, seq, hash);
	if (e == ATT_ABSENT)
		return answer_fail(d, VERB_FAILED,
		    "record %llu of that head is not in the chain: its end "
		    "was cut off, or it was pruned",
		    (unsigned long long)seq);
	if (e != ATT_OK)
		return answer_trouble(d, e, "looking for the head");
	hex_format(hash, sizeof(hash), found);
	return strcmp(found, wanted) == 0
	    ? VERB_DONE
	    : answer_fail(d, VERB_FAILED,
		  "record %llu is another one than the log says: the chain "
		  "was made anew from before it",
		  (unsigned long long)seq);
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
	if (e == ATT_OK && status == VERB_DONE &&
	    verb_option(call, "head") != NULL)
		return check_head(d, verb_option(call, "head"));
	if (e == ATT_OK)
		return status;
	return answer_fail(d, VERB_FAILED,
	    "the audit chain is broken; keep the store as it is and compare "
	    "it with a backup and with the heads in syslog");
}
