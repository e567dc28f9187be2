#include "attendd/phases.h"

#include "admin/admin.h"
#include "attendd/log.h"

typedef enum att_verdict handler(struct dialogue *d, struct wire_verdict *out);

static const struct request {
	uint8_t phase;
	bool root, self; /* who may ask: uid 0; uid X about X */
	bool may_allow; /* only these may answer VERDICT_ALLOW */
	handler *answer;
} requests[] = {
	/* phase, root, self, lets in, who answers */
	{ WIRE_AUTHENTICATE, true, true, true, phase_authenticate },
	{ WIRE_ACCOUNT, true, true, true, phase_account },
	{ WIRE_OPEN_SESSION, true, false, true, phase_session },
	{ WIRE_CLOSE_SESSION, true, false, true, phase_session },
	{ WIRE_CHANGE_PIN, true, false, true, phase_change_pin },
	{ WIRE_COMMAND, true, true, true, phase_command },
};

static const struct request *
find(uint8_t phase)
{
	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++)
		if (requests[i].phase == phase)
			return &requests[i];
	return NULL;
}

void
phases_run(struct dialogue *d, struct wire_verdict *out)
{
	const struct request *r = find(d->request->phase);
	bool listed = r != NULL && (d->peer.uid == 0 ? r->root : r->self);

	*out = (struct wire_verdict){ .verdict = VERDICT_REFUSED };
	if (!listed) {
		log_line(LOG_WARNING, "request refused phase=%u peer=%u",
		    (unsigned)d->request->phase, (unsigned)d->peer.uid);
		return;
	}
	if (d->config_bad && r->answer != phase_command) {
		log_line(LOG_ERR,
		    "the configuration is refused: nothing is "
		    "decided; see attendctl doctor");
		out->verdict = VERDICT_UNAVAILABLE;
		return;
	}
	out->verdict = r->answer(d, out);
	if (!r->may_allow && out->verdict == VERDICT_ALLOW)
		out->verdict = VERDICT_REFUSED;
	if (out->verdict != VERDICT_ALLOW)
		out->delay_ms = d->config->fail_delay_ms;
}

enum att_verdict
phase_command(struct dialogue *d, struct wire_verdict *out)
{
	enum verb_status status;

	dialogue_wait(d, WIRE_WAIT_MS); /* we live; commands take their time */
	status = admin_run(d);
	out->status = (uint8_t)status;
	return status == VERB_DONE ? VERDICT_ALLOW : VERDICT_DENY;
}
