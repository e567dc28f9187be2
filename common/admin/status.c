#include "admin/answer.h"
#include "admin/nouns.h"
#include "admin/report.h"
#include "base/owner.h"
#include "directory/directory.h"
#include "sensor/ask.h"

#include <unistd.h>

#define READER_MS 1000 /* to reach attend-sensor */

static enum att_err
report_store(struct report *r, struct store_site *site)
{
	uint8_t hash[VAULT_HASH_LEN];
	char text[2 * VAULT_HASH_LEN + 1];
	uint64_t employees = 0, seq = 0;
	enum att_err e = store_site_get(r->d->store, site);

	if (e == ATT_OK)
		e = store_employee_count(r->d->store, &employees);
	if (e == ATT_OK)
		e = store_audit_head(r->d->store, &seq, hash);
	if (e != ATT_OK)
		return e;
	hex_format(site->site_id, sizeof(site->site_id), text);
	report_text(r, "site_id", "Site id", text);
	vault_public(r->d->vault, hash);
	hex_format(hash, sizeof(hash), text);
	report_text(r, "public_key", "Public key", text);
	report_time(r, "created", "Created", site->created_utc);
	report_number(r, "employees", "Employees", (int64_t)employees);
	report_number(r, "audit_records", "Audit records", (int64_t)seq);
	hex_format(hash, sizeof(hash), text);
	report_text(r, "audit_head", "Audit head", text);
	return ATT_OK;
}

static enum att_err
report_notice(struct report *r)
{
	struct store_notice n = { 0 };
	enum att_err e = store_notice_in_force(
	    r->d->store, r->d->now.utc, r->d->locale, &n, NULL, NULL);

	if (e != ATT_OK && e != ATT_ABSENT)
		return e;
	report_text(r, "notice", "Notice", n.version);
	report_time(r, "notice_published", "Notice since", n.effective_utc);
	return ATT_OK;
}

/* A file that cannot be read is a state too, and the doctor's business. */
static void
report_directory(struct report *r, const struct store_site *site)
{
	struct directory dir = { 0 };
	enum att_err e =
	    directory_open(&dir, dialogue_directory(r->d), geteuid(), false);
	bool current = e == ATT_OK &&
	    directory_generation(&dir) == site->directory_generation;

	report_text(r, "directory", "Directory",
	    e == ATT_OK		  ? (current ? "current" : "outdated")
		: e == ATT_ABSENT ? "missing"
				  : "unreadable");
	report_number(r, "published", "Published people",
	    e == ATT_OK ? (int64_t)directory_people(&dir) : 0);
	report_time(r, "published_at", "Published at",
	    e == ATT_OK ? directory_made_utc(&dir) : 0);
	directory_close(&dir);
}

/* What attend-sensor tells; the reader is not opened for it. */
static void
report_reader(struct report *r)
{
	struct sensor_state st = { .reason = SENSOR_NO_READER };
	ATT_AUTO_FD int fd = -1;
	enum att_err e = sensor_connect(READER_MS, &fd);

	if (e == ATT_OK)
		e = sensor_state_read(fd, WIRE_CHECK_MS, &st);
	report_text(r, "reader", "Reader",
	    e == ATT_ABSENT    ? "none"
		: e != ATT_OK  ? "silent"
		: st.driver[0] ? st.driver
			       : "none");
	report_text(r, "reader_state", "Reader state",
	    e == ATT_OK ? sensor_reason_word(st.reason) : "-");
	report_text(r, "test_readers", "Test readers",
	    e == ATT_OK && st.test ? "ALLOWED" : "refused");
}

enum verb_status
status_run(struct dialogue *d, const struct verb_call *call)
{
	struct store_site site;
	struct report r;
	enum att_err e;

	report_open(&r, d, call);
	report_record(&r);
	report_text(&r, "version", "Version", ATT_VERSION);
	report_text(&r, "site", "Site", d->config->site_name);
	report_text(&r, "kiosk", "Kiosk", d->config->kiosk_name);
	report_text(&r, "place", "Place", d->config->place);
	e = report_store(&r, &site);
	if (e == ATT_OK)
		e = report_notice(&r);
	if (e != ATT_OK)
		return answer_trouble(d, e, "reading the store");
	report_directory(&r, &site);
	report_reader(&r);
	report_record_end(&r);
	return report_close(&r);
}
