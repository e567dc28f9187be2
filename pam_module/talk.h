/*
 * The dialogue as the application's conversation sees it: one message a call,
 * answers taken from PAM_AUTHTOK and PAM_OLDAUTHTOK where the options say so,
 * every reply wiped before it is freed.
 */
#ifndef ATT_PAM_MODULE_TALK_H
#define ATT_PAM_MODULE_TALK_H

#include "pam_module/options.h"
#include "pam_module/outcome.h"
#include "wire/relay.h"

#include <security/pam_modules.h>

#define TALK_TEXTS_MAX 64 /* messages shown in one call */

struct talk {
	pam_handle_t *pamh;
	const struct options *options;
	enum outcome_phase phase;
	bool silent; /* PAM_SILENT: questions only */
	bool skip_token; /* PAM_AUTHTOK was tried, or is nobody's: ask */
	bool identify; /* nobody has said who it is */

	unsigned asked; /* questions that went to the conversation */
	unsigned shown;
	bool again; /* PAM_CONV_AGAIN to the first one: come back later */
	bool unanswered; /* one was not answered */
	bool used_token; /* the PIN came from PAM_AUTHTOK or PAM_OLDAUTHTOK */
	uint32_t
	    given; /* kinds answered without asking, by enum wire_ask_for */

	/* who it is, of one that identifies */
	bool
	    named; /* attendd says so; else, if there is a name, it was typed */
	bool entered; /* nothing was typed: attendd shall find out */
	char name[WIRE_ANSWER_MAX + 1];
	uint32_t uid; /* if named, for log lines */

	/* the answer that matters in this phase: the PIN, or the new one */
	bool held;
	bool replay; /* it was typed for a dialogue that is over: give it */
	char answer[WIRE_ANSWER_MAX + 1];
};

/* The operations for relay_run; t is borrowed. */
struct relay_ops talk_ops(struct talk *t);

/* A further dialogue within the same call: what was asked may come again. */
void talk_restart(struct talk *t);

/*
 * Keep the answer that was right: the old PIN as PAM_OLDAUTHTOK, the new one
 * as PAM_AUTHTOK, a login's PIN as PAM_AUTHTOK if the option says so. A PAM
 * code.
 */
int talk_keep(const struct talk *t);

/* Wipe. */
void talk_end(struct talk *t);

#endif
