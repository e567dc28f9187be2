/*
 * The phases of a dialogue: who may ask for which, and the decision itself.
 * The table in phases.c is the security argument: only a listed peer reaches
 * a handler, and only a flagged handler can yield VERDICT_ALLOW.
 */
#ifndef ATT_ATTENDD_PHASES_H
#define ATT_ATTENDD_PHASES_H

#include "attendd/dialogue.h"
#include "gate/gate.h"
#include "store/attempt.h"
#include "store/employee.h"

/* Answer d->request; *out is always filled, with a refusal when in doubt. */
void phases_run(struct dialogue *d, struct wire_verdict *out);

/* What every login phase starts from. */
struct login {
	bool known; /* e is a person of ours */
	struct store_employee e;
	char service[32]; /* cleaned */
	struct store_by by;
	uint32_t lock_seconds; /* that a lock has left */
	int turn; /* from the counted attempt to login_record */
	uint8_t proven; /* bits of gate_factor */
	bool told; /* the person was told why not */
	bool identified; /* a finger said who it is, nobody typed the name */
};

/*
 * Look the requested name up. VERDICT_ALLOW to go on, VERDICT_REFUSED when a
 * peer asks about somebody else than himself, VERDICT_UNAVAILABLE.
 */
enum att_verdict login_find(struct dialogue *d, struct login *l);

/*
 * Write the decision to the audit chain and commit tx; ends the turn. Anything
 * but ATT_OK means that nothing was decided: refuse.
 */
enum att_err
login_record(struct dialogue *d, struct login *l, struct store_tx *tx,
    const char *phase, const struct gate_decision *decision) ATT_CHECKED;

/* One log line about a decision. */
void login_log(const struct dialogue *d, const struct login *l,
    const char *phase, enum att_verdict verdict, const char *reason);

/* Tell the person why not, and whom to ask. */
void
login_tell(struct dialogue *d, const struct login *l, enum gate_reason reason);
void login_tell_wrong(struct dialogue *d, const struct login *l);
void login_tell_locked(struct dialogue *d, uint32_t seconds);
/* That a finger was not recognised, and how long none will be now. */
void login_tell_finger(
    struct dialogue *d, const struct login *l, enum att_verdict v);

/* Say in the log why the store cannot answer. */
void login_trouble(const struct dialogue *d, const char *doing, enum att_err e);

/*
 * What has to be proven: the service's expression; with the PIN in each
 * alternative when a finger said who it is.
 */
struct gate_factors
login_wanted(const struct dialogue *d, const struct login *l);

/*
 * Prove the factors that the service's expression asks for, and note them in
 * l->proven; what each was tried with is counted by itself. The last one's
 * outcome is written in tx, which comes back open for the caller's
 * login_record; nothing is told to the person while it is open.
 *
 * VERDICT_ALLOW: everything that was asked for is right, which is for the gate
 * to judge; VERDICT_DENY: something is not (tx open unless it was settled
 * already or nobody could be asked); VERDICT_LOCKED; VERDICT_UNAVAILABLE, also
 * when the client went away.
 */
enum att_verdict
login_prove(struct dialogue *d, struct login *l, struct store_tx *tx);

/*
 * Put an attempt on disk, before anything is compared. No transaction may be
 * open. ATT_LIMIT: locked, for *seconds; otherwise as the store's.
 */
enum att_err login_reserve(struct dialogue *d, const struct login *l,
    const struct store_attempt_limits *limits, struct store_attempt *a,
    uint32_t *seconds) ATT_CHECKED;

/*
 * Ask for the PIN and verify it as one counted attempt; tx and results as
 * above. or_touch: the prompt offers the reader too, and VERDICT_NOT_NOW means
 * that nothing was typed.
 */
enum att_verdict login_prove_pin(
    struct dialogue *d, struct login *l, struct store_tx *tx, bool or_touch);

/*
 * Capture a finger and compare it with the person's; tx and results as above.
 * For whom finger_offered() said so. VERDICT_NOT_NOW: there was no sample, and
 * the person was told why.
 */
enum att_verdict
login_prove_finger(struct dialogue *d, struct login *l, struct store_tx *tx);

/*
 * The facts about somebody who has proven this. Root's callers (login, sshd,
 * greeters) go on to account, which can ask for an agreement that is missing. A
 * locker runs as the person and never calls account: its session began under a
 * consent, so only a changed notice may wait. Errors are the store's.
 */
enum att_err login_facts(struct dialogue *d, const struct login *l,
    uint8_t proven, struct gate_facts *out) ATT_CHECKED;

/* The handlers. */
enum att_verdict
phase_authenticate(struct dialogue *d, struct wire_verdict *out);
enum att_verdict phase_account(struct dialogue *d, struct wire_verdict *out);
enum att_verdict phase_session(struct dialogue *d, struct wire_verdict *out);
enum att_verdict phase_change_pin(struct dialogue *d, struct wire_verdict *out);
enum att_verdict phase_command(struct dialogue *d, struct wire_verdict *out);

#endif
