#include "attendd/facts.h"

#include "store/attempt.h"
#include "store/attendance.h"
#include "store/consent.h"

#include <string.h>
#include <time.h>

/* The newest event of one purpose and party; zeros: there is none. */
static enum att_err
consent_of(struct store *s, const struct store_employee *e,
    const struct store_consent *to, struct store_consent *out)
{
	enum att_err err = store_consent_last(s, e->id, to, out);

	if (err == ATT_ABSENT)
		*out = (struct store_consent){ 0 };
	return err == ATT_ABSENT ? ATT_OK : err;
}

struct party {
	struct gate_consent *own;
	struct gate_guardian *guardian;
};

static enum att_err
purpose_of(struct store *s, const struct store_employee *e,
    enum store_purpose purpose, struct party to)
{
	struct store_consent asked = { .purpose = purpose }, own, guardian;
	enum att_err err = consent_of(s, e, &asked, &own);

	asked.by_guardian = true;
	if (err == ATT_OK)
		err = consent_of(s, e, &asked, &guardian);
	if (err != ATT_OK)
		return err;
	*to.own = store_consent_own(&own);
	*to.guardian = store_consent_guardian(&guardian);
	return ATT_OK;
}

static enum att_err
consents(struct store *s, const struct store_employee *e, struct gate_facts *f)
{
	uint8_t asked = 0;
	enum att_err err = purpose_of(
	    s, e, STORE_FOR_LOGIN, (struct party){ &f->own, &f->guardian });

	for (uint8_t i = 0; i < f->wanted.n; i++)
		asked |= f->wanted.any_of[i];
	if (err == ATT_OK && (asked & GATE_FINGER) != 0)
		err = purpose_of(s, e, STORE_FOR_FINGER,
		    (struct party){ &f->own_finger, &f->guardian_finger });
	if (err == ATT_OK && (asked & GATE_FACE) != 0)
		err = purpose_of(s, e, STORE_FOR_FACE,
		    (struct party){ &f->own_face, &f->guardian_face });
	return err;
}

static enum att_err
notice_in_force(struct store *s, int64_t at_utc, uint32_t *major)
{
	struct store_notice n;
	enum att_err err =
	    store_notice_in_force(s, at_utc, "en", &n, NULL, NULL);

	if (err != ATT_OK && err != ATT_ABSENT)
		return err;
	*major = err == ATT_OK ? n.major : 0;
	return ATT_OK;
}

static enum att_err
person(struct store *s, const struct config *c, const struct store_employee *e,
    const struct att_now *now, struct gate_facts *f)
{
	struct store_attempt a = { .known = true, .factor = GATE_PIN };
	struct store_attempt_limits own = c->limits;
	enum att_err err;

	f->known = true;
	f->erased = e->state == STORE_ERASED;
	f->employment =
	    e->state == STORE_ACTIVE ? GATE_EMPLOYED : GATE_SUSPENDED;
	f->hired_on = e->hired_on;
	f->ended_on = e->ended_on;
	f->born_on = e->born_on;
	if (f->erased)
		return ATT_OK;
	memcpy(a.subject, e->id, sizeof(a.subject));
	/* the kiosk's lock is about guessing, not about this person: with a
	 * key or from cron he still comes in */
	own.kiosk_lock_seconds = 0;
	err = store_attempt_locked(s, now, &a, &own, &f->lock_seconds);
	if (err == ATT_OK)
		err = consents(s, e, f);
	if (err == ATT_OK && c->require_clocked_in)
		err = store_attendance_clocked_in(s, e->id, &f->clocked_in);
	return err;
}

static void
site(const struct config *c, const struct att_now *now, struct gate_facts *f)
{
	time_t t = (time_t)now->utc;
	struct tm tm = { 0 };

	(void)localtime_r(&t, &tm); /* fails only past the year 2^31 */
	f->now_utc = now->utc;
	f->today = att_date_at(now->utc);
	f->minute_of_day = (uint16_t)(tm.tm_hour * 60 + tm.tm_min);
	f->majority = c->majority;
	f->minimum_age = c->minimum_age;
	f->allow_unknown_birth = c->allow_unknown_birth;
	f->require_clocked_in = c->require_clocked_in;
	f->has_hours = c->has_hours;
	f->open_minute = c->open_minute;
	f->close_minute = c->close_minute;
	f->phase = GATE_ACCOUNT;
}

enum att_err
facts_gather_for(struct store *s, const struct config *c,
    const struct store_employee *e, const struct gate_factors *wanted,
    const struct att_now *now, struct gate_facts *out)
{
	struct gate_facts f = { .wanted = *wanted };
	enum att_err err;

	site(c, now, &f);
	err = notice_in_force(s, now->utc, &f.notice_major);
	if (err == ATT_OK && e != NULL)
		err = person(s, c, e, now, &f);
	if (err == ATT_OK)
		*out = f;
	return err;
}

enum att_err
facts_gather(struct store *s, const struct config *c,
    const struct store_employee *e, const char *service,
    const struct att_now *now, struct gate_facts *out)
{
	return facts_gather_for(s, c, e, config_factors(c, service), now, out);
}

enum att_err
facts_agreed(struct store *s, const struct gate_facts *f,
    const struct store_employee *e, const struct store_consent *to, bool *yes)
{
	struct store_consent asked = *to, c;
	struct gate_guardian guardian;
	struct gate_consent own;
	enum att_err err;

	asked.by_guardian = gate_is_minor(f);
	err = consent_of(s, e, &asked, &c);
	if (err != ATT_OK)
		return err;
	own = store_consent_own(&c);
	guardian = store_consent_guardian(&c);
	*yes = gate_agreed(f, &own, &guardian);
	return ATT_OK;
}
