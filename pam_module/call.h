/*
 * One call of libpam: who it is about, what was configured, and the dialogue
 * with attendd about it.
 */
#ifndef ATT_PAM_MODULE_CALL_H
#define ATT_PAM_MODULE_CALL_H

#include "pam_module/options.h"
#include "pam_module/outcome.h"
#include "pam_module/who.h"
#include "wire/wire.h"

struct call {
	pam_handle_t *pamh;
	unsigned flags; /* PAM_SILENT and so on */
	struct options options;
	const char *user; /* borrowed from libpam */
	enum who who;
	uint32_t uid; /* for WHO_OURS */
};

/* Take the options and the name in; the name may be NULL. */
void call_begin(struct call *c, const char *user);

/* USER_UNKNOWN, or IGNORE if the options say so. */
int call_not_ours(const struct call *c);

/* Say in the log what is wrong with the options; false: refuse. */
bool call_options_ok(const struct call *c);

/* Ask libpam to wait at least so long if this fails in the end. */
void call_delay(const struct call *c, uint32_t ms);

/*
 * Ask attendd; wire_phase and flags as in wire.h. The PAM code of its verdict,
 * or of there being none. PAM_INCOMPLETE if the conversation says so.
 */
int call_ask(struct call *c, enum outcome_phase phase,
    enum wire_phase wire_phase, uint32_t wire_flags);

/*
 * Where nobody has said who it is: let attendd offer to find out. True: it has,
 * the name is PAM_USER now, and *rc the PAM code as of call_ask. False: go on
 * and ask for the name, or take the one that was typed meanwhile.
 */
bool call_identify(struct call *c, int *rc);

/* Tell attendd of a session. What it says goes to the log at most. */
void call_tell(struct call *c, enum wire_phase wire_phase);

#endif
