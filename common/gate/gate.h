/*
 * The decision. A pure function from facts to a verdict and one reason: no
 * clock, no I/O, no memory of its own. attendctl explain prints the same
 * function's trace.
 *
 * The order of the checks is part of the contract, and is the order of
 * GATE_REASONS; the first check that fails gives the reason:
 *
 *   known, not erased
 *   employment   begun (hired_on is today or past), not suspended, not ended
 *                (ended_on is the last day on which a login is allowed)
 *   lock         no lock time left
 *   age          on record, at least minimum_age on `today`
 *   guardian     a minor (younger than majority on `today`) needs the
 *                guardian's consent: given, its `until` not passed. The
 *                minor's own consent does not help.
 *   consent      an adult needs his own, given on the day of majority or
 *                later: the guardian's lapses on that day, and what he agreed
 *                to himself before it never counts. Somebody whose birth date
 *                is allowed to be unknown was always of age.
 *   notice       whoever consented did so to a notice at least as new, in
 *                major versions, as the one in force
 *   purpose      each biometric factor in `proven` has its own consent, of
 *                the same party and as current
 *   clocked in, hours   where the site demands it
 *   factors      an alternative of `wanted` is proven; asked in
 *                GATE_AUTHENTICATE only
 *
 * Facts that make no sense get the interpretation that refuses: an enum value
 * that is not listed is neither employed nor consenting nor the phase without
 * proof, an impossible date has passed (or, of hiring, not come), a notice
 * count of 0 names no notice, and majority is never below GATE_MAJORITY_MIN.
 */
#ifndef ATT_GATE_GATE_H
#define ATT_GATE_GATE_H

#include "base/clock.h"
#include "base/msgid.h"
#include "base/verdict.h"
#include "gate/factors.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Reasons: stable id, the verdict it brings, and the message for the person
 * (English msgid, translated by gettext in attendd; NULL: the generic one).
 * Ids appear in logs, the audit chain and --json; they are never renamed.
 */
#define GATE_REASONS(X)                                                          \
	X(OK, "ok", VERDICT_ALLOW, NULL)                                         \
	X(UNKNOWN, "unknown", VERDICT_UNKNOWN, NULL)                             \
	X(ERASED, "erased", VERDICT_UNKNOWN, NULL)                               \
	X(NOT_YET_EMPLOYED, "not-yet-employed", VERDICT_EXPIRED,                 \
	    N_("Your employment has not started yet."))                          \
	X(SUSPENDED, "suspended", VERDICT_EXPIRED,                               \
	    N_("Your account is suspended."))                                    \
	X(EMPLOYMENT_ENDED, "employment-ended", VERDICT_EXPIRED,                 \
	    N_("Your employment has ended; this account is closed."))            \
	X(LOCKED, "locked", VERDICT_LOCKED, N_("Too many failed attempts."))     \
	X(BIRTH_UNKNOWN, "birth-unknown", VERDICT_NOT_NOW,                       \
	    N_("Your date of birth is not on record."))                          \
	X(UNDER_MINIMUM_AGE, "under-minimum-age", VERDICT_NOT_NOW,               \
	    N_("You are below the minimum working age."))                        \
	X(GUARDIAN_CONSENT_MISSING, "guardian-consent-missing",                  \
	    VERDICT_NO_CONSENT,                                                  \
	    N_("The consent of your parent or guardian is missing."))            \
	X(GUARDIAN_CONSENT_EXPIRED, "guardian-consent-expired",                  \
	    VERDICT_NO_CONSENT,                                                  \
	    N_("The consent of your parent or guardian is no longer valid."))    \
	X(CONSENT_MISSING, "consent-missing", VERDICT_NO_CONSENT,                \
	    N_("You have not yet agreed to the privacy notice."))                \
	X(CONSENT_DECLINED, "consent-declined", VERDICT_NO_CONSENT,              \
	    N_("You have not agreed to the privacy notice."))                    \
	X(CONSENT_WITHDRAWN, "consent-withdrawn", VERDICT_NO_CONSENT,            \
	    N_("You have withdrawn your consent to log in here."))               \
	X(NOTICE_CHANGED, "notice-changed", VERDICT_NO_CONSENT,                  \
	    N_("The privacy notice has changed and has to be agreed to again.")) \
	X(FACTOR_NOT_CONSENTED, "factor-not-consented", VERDICT_NO_CONSENT,      \
	    N_("There is no consent for this way of logging in."))               \
	X(NOT_CLOCKED_IN, "not-clocked-in", VERDICT_NOT_NOW,                     \
	    N_("You have not clocked in."))                                      \
	X(OUTSIDE_HOURS, "outside-hours", VERDICT_NOT_NOW,                       \
	    N_("This kiosk is closed at this time."))                            \
	X(NOT_PROVEN, "not-proven", VERDICT_DENY, NULL)

enum gate_reason {
#define X(name, id, verdict, message) GATE_R_##name,
	GATE_REASONS(X)
#undef X
	GATE_REASON_COUNT
};

/* The law's age of majority; a site may raise it, never lower it. */
#define GATE_MAJORITY_MIN 18

enum gate_employment {
	GATE_EMPLOYED, /* within hired_on .. ended_on */
	GATE_SUSPENDED,
};

enum gate_consent_state {
	GATE_CONSENT_NONE, /* never asked, or asked without an answer */
	GATE_CONSENT_GIVEN,
	GATE_CONSENT_REFUSED,
	GATE_CONSENT_WITHDRAWN,
};

/* One purpose's state, derived from events. */
struct gate_consent {
	enum gate_consent_state state;
	uint32_t major; /* major count of the notice it named, from 1 */
	struct att_date on; /* the site's calendar date then */
};

/* A guardian's consent for one purpose. */
struct gate_guardian {
	enum gate_consent_state state;
	uint32_t major;
	struct att_date until; /* last day it holds; unknown: to majority */
};

enum gate_phase {
	GATE_AUTHENTICATE, /* proof was asked for; `proven` counts */
	GATE_ACCOUNT, /* may this person be here; no proof needed */
};

struct gate_facts {
	/* the moment */
	int64_t now_utc;
	struct att_date today; /* the site's calendar date at now */
	uint16_t minute_of_day; /* site time, 0-1439 */

	/* the person */
	bool known;
	bool erased;
	enum gate_employment employment;
	struct att_date hired_on; /* unknown: no lower bound */
	struct att_date ended_on; /* last day of work; unknown: none */
	struct att_date born_on;
	uint32_t lock_seconds; /* remaining lock time, 0: not locked */
	struct gate_consent own; /* purpose login */
	struct gate_guardian guardian; /* purpose login */
	struct gate_consent own_finger, own_face;
	struct gate_guardian guardian_finger, guardian_face;
	bool clocked_in;

	/* the site */
	uint32_t majority; /* years, at least GATE_MAJORITY_MIN */
	uint32_t minimum_age; /* years */
	bool allow_unknown_birth; /* then treated as an adult */
	uint32_t notice_major; /* major count of the notice in force */
	bool require_clocked_in;
	bool has_hours;
	/* open from open_minute until before close_minute; close < open: over
	 * midnight; the same: all day */
	uint16_t open_minute, close_minute;

	/* the attempt */
	enum gate_phase phase;
	bool account_follows; /* authenticate only: what is askable is left
				 to account, and the later checks decide */
	struct gate_factors wanted;
	uint8_t proven; /* bits of gate_factor */
};

struct gate_decision {
	enum att_verdict verdict; /* VERDICT_ALLOW only with GATE_R_OK */
	enum gate_reason reason;
	bool askable; /* an adult could mend it by agreeing now: consent
			 missing or declined before, or notice changed. Never
			 what was withdrawn, never for a minor, never without
			 a notice in force */
};

/* Decide. Total: every combination of facts gives a decision. */
struct gate_decision gate_decide(const struct gate_facts *f);

/*
 * The checks in order, with what each found. step() is called for every check
 * up to and beyond the first refusal; `result` is what the check found, also
 * where account_follows leaves it to account; `fact` is a short English
 * phrase like "born 2009-03-01, age 17, majority 18", borrowed for the call.
 */
typedef void gate_step(
    void *ctx, const char *check, enum gate_reason result, const char *fact);
struct gate_decision
gate_explain(const struct gate_facts *f, gate_step *step, void *ctx);

/*
 * Stable id and message of a reason; message may be NULL. Static. What is no
 * reason reads like GATE_R_NOT_PROVEN.
 */
const char *gate_reason_id(enum gate_reason r);
const char *gate_reason_message(enum gate_reason r);

/* The age of majority that applies: the site's, or the law's if higher. */
uint32_t gate_majority(const struct gate_facts *f);

/*
 * Whether the person is a minor on the day, by the site's majority. A birth
 * date that is unknown is an adult's if the site says so, else a minor's.
 */
bool gate_is_minor(const struct gate_facts *f);

/*
 * Whether one purpose is agreed to: by the guardian of a minor, by an adult
 * himself, as the checks above judge it.
 */
bool gate_agreed(const struct gate_facts *f, const struct gate_consent *own,
    const struct gate_guardian *guardian);

#endif
