#include "admin/answer.h"
#include "admin/change.h"
#include "admin/nouns.h"
#include "admin/report.h"
enum verb_status
publish_run(struct dialogue *d, const struct verb_call *call)
{
	struct publish_report p = { 0 };
	struct report r;
	enum verb_status status = change_publish(d, &p);

	if (status != VERB_DONE)
		return status;
	report_open(&r, d, call);
	report_record(&r);
	report_number(&r, "generation", "Generation", (int64_t)p.generation);
	report_number(&r, "people", "People", p.people);
	report_number(&r, "groups", "Groups", p.groups);
	report_number(&r, "left_out", "Left out", p.left_out);
	if (p.left_out > 0)
		report_text(
		    &r, "first_left_out", "First left out", p.first_left_out);
	report_record_end(&r);
	return report_close(&r);
}
