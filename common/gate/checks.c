#include "gate/checks.h"

#include <stdarg.h>
#include <stdio.h>

static void __attribute__((format(printf, 2, 3)))
say(struct gate_fact *t, const char *fmt, ...)
{
	va_list ap;

	if (t == NULL)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(t->text, sizeof(t->text), fmt, ap);
	va_end(ap);
}

/* A date's text, in an expression. */
static const char *
date_text(struct att_date d, char buf[ATT_DATE_TEXT])
{
	att_date_format(d, buf);
	return buf;
}
#define DATE(d) date_text((d), (char[ATT_DATE_TEXT]){ 0 })

static const char *
yes_no(bool b)
{
	return b ? "yes" : "no";
}

/* Whether a day was the last one; an unknown day never comes. */
static bool
is_past(struct att_date last, struct att_date today)
{
	if (!att_date_known(last))
		return false;
	return !att_date_valid(last) || att_date_cmp(today, last) > 0;
}

/* A consent of either party, as one. */
struct party {
	enum gate_consent_state state;
	uint32_t major;
	struct att_date until;
};

/* Whether an adult was one already when he gave it. */
static bool
is_of_age(const struct gate_facts *f, const struct gate_consent *own)
{
	return !att_date_known(f->born_on) ||
	    (att_date_valid(own->on) &&
		att_date_cmp(own->on,
		    att_birthday(f->born_on, (int)gate_majority(f))) >= 0);
}

/* An adult's own. */
static enum gate_consent_state
own_state(const struct gate_facts *f, const struct gate_consent *own)
{
	return own->state == GATE_CONSENT_GIVEN && !is_of_age(f, own)
	    ? GATE_CONSENT_NONE
	    : own->state;
}

static struct party
party_of(const struct gate_facts *f, const struct gate_consent *own,
    const struct gate_guardian *guardian)
{
	if (gate_is_minor(f))
		return (struct party){ guardian->state, guardian->major,
			guardian->until };
	return (struct party){ own_state(f, own), own->major, { 0 } };
}

/* Majors count from 1; 0 names no notice at all. */
static bool
is_outdated(const struct gate_facts *f, uint32_t major)
{
	return major == 0 || major < f->notice_major;
}

static const char *
state_text(enum gate_consent_state s)
{
	switch (s) {
	case GATE_CONSENT_NONE: return "none";
	case GATE_CONSENT_GIVEN: return "given";
	case GATE_CONSENT_REFUSED: return "declined";
	case GATE_CONSENT_WITHDRAWN: return "withdrawn";
	}
	return "unreadable";
}

static enum gate_reason
look_known(const struct gate_facts *f, struct gate_fact *t)
{
	say(t, "known %s", yes_no(f->known));
	return f->known ? GATE_R_OK : GATE_R_UNKNOWN;
}

static enum gate_reason
look_erased(const struct gate_facts *f, struct gate_fact *t)
{
	say(t, "erased %s", yes_no(f->erased));
	return f->erased ? GATE_R_ERASED : GATE_R_OK;
}

static enum gate_reason
look_hired(const struct gate_facts *f, struct gate_fact *t)
{
	bool begun = att_date_valid(f->today) &&
	    (!att_date_known(f->hired_on) ||
		(att_date_valid(f->hired_on) &&
		    att_date_cmp(f->hired_on, f->today) <= 0));

	say(t, "hired %s, today %s", DATE(f->hired_on), DATE(f->today));
	return begun ? GATE_R_OK : GATE_R_NOT_YET_EMPLOYED;
}

static enum gate_reason
look_suspended(const struct gate_facts *f, struct gate_fact *t)
{
	bool employed = f->employment == GATE_EMPLOYED;

	say(t, "suspended %s", yes_no(!employed));
	return employed ? GATE_R_OK : GATE_R_SUSPENDED;
}

static enum gate_reason
look_ended(const struct gate_facts *f, struct gate_fact *t)
{
	say(t, "last day %s, today %s", DATE(f->ended_on), DATE(f->today));
	return is_past(f->ended_on, f->today) ? GATE_R_EMPLOYMENT_ENDED
					      : GATE_R_OK;
}

static enum gate_reason
look_lock(const struct gate_facts *f, struct gate_fact *t)
{
	say(t, "%u s of lock left", (unsigned)f->lock_seconds);
	return f->lock_seconds > 0 ? GATE_R_LOCKED : GATE_R_OK;
}

static enum gate_reason
look_age(const struct gate_facts *f, struct gate_fact *t)
{
	int age;

	if (!att_date_known(f->born_on)) {
		say(t, "birth date not on record, allowed %s",
		    yes_no(f->allow_unknown_birth));
		return f->allow_unknown_birth ? GATE_R_OK
					      : GATE_R_BIRTH_UNKNOWN;
	}
	if (!att_date_valid(f->born_on)) {
		say(t, "birth date not in the calendar");
		return GATE_R_BIRTH_UNKNOWN;
	}
	age = att_age_on(f->born_on, f->today);
	say(t, "born %s, age %d, minimum %u", DATE(f->born_on), age,
	    (unsigned)f->minimum_age);
	return age < 0 || (uint32_t)age < f->minimum_age
	    ? GATE_R_UNDER_MINIMUM_AGE
	    : GATE_R_OK;
}

static enum gate_reason
look_guardian(const struct gate_facts *f, struct gate_fact *t)
{
	const struct gate_guardian *g = &f->guardian;

	if (!gate_is_minor(f)) {
		say(t, "not a minor, majority at %u",
		    (unsigned)gate_majority(f));
		return GATE_R_OK;
	}
	say(t, "minor, majority at %u, guardian's consent %s, until %s",
	    (unsigned)gate_majority(f), state_text(g->state), DATE(g->until));
	if (g->state == GATE_CONSENT_WITHDRAWN)
		return GATE_R_GUARDIAN_CONSENT_EXPIRED;
	if (g->state != GATE_CONSENT_GIVEN)
		return GATE_R_GUARDIAN_CONSENT_MISSING;
	return is_past(g->until, f->today) ? GATE_R_GUARDIAN_CONSENT_EXPIRED
					   : GATE_R_OK;
}

static enum gate_reason
look_consent(const struct gate_facts *f, struct gate_fact *t)
{
	enum gate_consent_state state;

	if (gate_is_minor(f)) {
		say(t, "a minor: the guardian's counts");
		return GATE_R_OK;
	}
	state = own_state(f, &f->own);
	say(t, "own consent %s%s", state_text(f->own.state),
	    state != f->own.state ? " under age" : "");
	if (state == GATE_CONSENT_GIVEN)
		return GATE_R_OK;
	if (state == GATE_CONSENT_NONE)
		return GATE_R_CONSENT_MISSING;
	return state == GATE_CONSENT_REFUSED ? GATE_R_CONSENT_DECLINED
					     : GATE_R_CONSENT_WITHDRAWN;
}

static enum gate_reason
look_notice(const struct gate_facts *f, struct gate_fact *t)
{
	struct party p = party_of(f, &f->own, &f->guardian);

	if (p.state != GATE_CONSENT_GIVEN) {
		say(t, "no consent to compare");
		return GATE_R_OK;
	}
	say(t, "agreed to major version %u, in force %u", (unsigned)p.major,
	    (unsigned)f->notice_major);
	return is_outdated(f, p.major) ? GATE_R_NOTICE_CHANGED : GATE_R_OK;
}

bool
gate_agreed(const struct gate_facts *f, const struct gate_consent *own,
    const struct gate_guardian *guardian)
{
	struct party p = party_of(f, own, guardian);

	return p.state == GATE_CONSENT_GIVEN && !is_past(p.until, f->today) &&
	    !is_outdated(f, p.major);
}

static enum gate_reason
look_purpose(const struct gate_facts *f, struct gate_fact *t)
{
	bool finger = (f->proven & GATE_FINGER) != 0;
	bool face = (f->proven & GATE_FACE) != 0;
	bool may_finger = gate_agreed(f, &f->own_finger, &f->guardian_finger);
	bool may_face = gate_agreed(f, &f->own_face, &f->guardian_face);

	say(t, "finger used %s, consented %s; face used %s, consented %s",
	    yes_no(finger), yes_no(may_finger), yes_no(face), yes_no(may_face));
	if ((finger && !may_finger) || (face && !may_face))
		return GATE_R_FACTOR_NOT_CONSENTED;
	return GATE_R_OK;
}

static enum gate_reason
look_clocked_in(const struct gate_facts *f, struct gate_fact *t)
{
	say(t, "clocked in %s, required %s",
	    f->require_clocked_in ? yes_no(f->clocked_in) : "not asked",
	    yes_no(f->require_clocked_in));
	return f->require_clocked_in && !f->clocked_in ? GATE_R_NOT_CLOCKED_IN
						       : GATE_R_OK;
}

#define DAY_MINUTES (24 * 60)

static bool
is_open(const struct gate_facts *f)
{
	uint16_t now = f->minute_of_day;
	uint16_t from = f->open_minute, to = f->close_minute;

	if (now >= DAY_MINUTES || from >= DAY_MINUTES || to >= DAY_MINUTES)
		return false;
	if (from == to)
		return true;
	return from < to ? now >= from && now < to : now >= from || now < to;
}

static enum gate_reason
look_hours(const struct gate_facts *f, struct gate_fact *t)
{
	if (!f->has_hours) {
		say(t, "no hours set");
		return GATE_R_OK;
	}
	say(t, "open %02u:%02u-%02u:%02u, now %02u:%02u", f->open_minute / 60u,
	    f->open_minute % 60u, f->close_minute / 60u, f->close_minute % 60u,
	    f->minute_of_day / 60u, f->minute_of_day % 60u);
	return is_open(f) ? GATE_R_OK : GATE_R_OUTSIDE_HOURS;
}

static enum gate_reason
look_factors(const struct gate_facts *f, struct gate_fact *t)
{
	char wanted[GATE_FACTORS_TEXT], proven[GATE_FACTORS_TEXT];

	gate_factors_format(&f->wanted, wanted, sizeof(wanted));
	if (f->phase == GATE_ACCOUNT) {
		say(t, "a login needs %s", wanted);
		return GATE_R_OK;
	}
	gate_factor_set_format(f->proven, proven, sizeof(proven));
	say(t, "needs %s; proven %s", wanted, proven);
	return gate_factors_met(&f->wanted, f->proven) ? GATE_R_OK
						       : GATE_R_NOT_PROVEN;
}

const struct gate_check gate_checks[GATE_CHECKS] = {
	{ "known", look_known },
	{ "erased", look_erased },
	{ "hired", look_hired },
	{ "suspended", look_suspended },
	{ "ended", look_ended },
	{ "lock", look_lock },
	{ "age", look_age },
	{ "guardian", look_guardian },
	{ "consent", look_consent },
	{ "notice", look_notice },
	{ "purpose", look_purpose },
	{ "clocked-in", look_clocked_in },
	{ "hours", look_hours },
	{ "factors", look_factors },
};
