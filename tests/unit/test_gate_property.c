/*
 * The gate against a predicate written a second time, from the promise and
 * not from the code, over random facts. The numbers come from a fixed seed,
 * so a failure repeats.
 */
#include "gate_people.h"
#include "test.h"

#include <string.h>

#define ROUNDS 400000

struct dice {
	uint64_t state;
};

/* xorshift64*: the same sequence everywhere. */
static uint32_t
roll(struct dice *d, uint32_t sides)
{
	d->state ^= d->state >> 12;
	d->state ^= d->state << 25;
	d->state ^= d->state >> 27;
	return (uint32_t)(d->state * 0x2545f4914f6cdd1dull >> 32) % sides;
}

static bool
rarely(struct dice *d)
{
	return roll(d, 12) == 0;
}

/* Near today, so that every boundary is hit. */
static struct att_date
some_day(struct dice *d)
{
	static const struct att_date days[] = { { 0, 0, 0 }, { 2026, 3, 1 },
		{ 2026, 3, 2 }, { 2026, 3, 3 }, { 2020, 1, 1 },
		{ 2030, 12, 31 } };

	return days[roll(d, 6)];
}

static struct att_date
some_birth(struct dice *d)
{
	static const struct att_date days[] = { { 1990, 5, 17 }, { 2008, 3, 2 },
		{ 2008, 3, 3 }, { 2010, 3, 2 }, { 2010, 3, 3 }, { 2008, 2, 29 },
		{ 0, 0, 0 }, { 2026, 3, 3 } };

	return days[roll(d, 8)];
}

static enum gate_consent_state
some_state(struct dice *d)
{
	return rarely(d) ? (enum gate_consent_state)roll(d, 6)
			 : GATE_CONSENT_GIVEN;
}

static struct gate_consent
some_consent(struct dice *d)
{
	return (struct gate_consent){ some_state(d), rarely(d) ? 1 : 2,
		rarely(d) ? some_day(d) : TODAY };
}

static struct gate_guardian
some_guardian(struct dice *d)
{
	return (struct gate_guardian){ .state = some_state(d),
		.major = rarely(d) ? 1 : 2,
		.until = rarely(d) ? some_day(d) : (struct att_date){ 0 } };
}

static struct gate_facts
some_facts(struct dice *d)
{
	struct gate_facts f = {
		.today = TODAY,
		.minute_of_day = (uint16_t)roll(d, 1440),
		.known = !rarely(d),
		.erased = rarely(d),
		.employment = rarely(d) ? (enum gate_employment)roll(d, 4)
					: GATE_EMPLOYED,
		.hired_on = rarely(d) ? some_day(d) : DAY(2020, 1, 1),
		.ended_on = rarely(d) ? some_day(d) : (struct att_date){ 0 },
		.born_on = some_birth(d),
		.lock_seconds = rarely(d) ? roll(d, 3) : 0,
		.own = some_consent(d),
		.guardian = some_guardian(d),
		.own_finger = some_consent(d),
		.own_face = some_consent(d),
		.guardian_finger = some_guardian(d),
		.guardian_face = some_guardian(d),
		.clocked_in = roll(d, 2) == 0,
		.majority = rarely(d) ? roll(d, 25) : 18,
		.minimum_age = 16,
		.allow_unknown_birth = roll(d, 2) == 0,
		.notice_major = 2,
		.require_clocked_in = rarely(d),
		.has_hours = rarely(d),
		.open_minute = (uint16_t)roll(d, 1440),
		.close_minute = (uint16_t)roll(d, 1440),
		.phase = (enum gate_phase)roll(d, 2),
		.account_follows = roll(d, 2) == 0,
		.wanted = { (uint8_t)roll(d, 3),
		    { (uint8_t)roll(d, 8), (uint8_t)roll(d, 32) } },
		.proven = (uint8_t)(roll(d, 4) == 0 ? roll(d, 32) : GATE_PIN),
	};

	return f;
}

/* Full years; the tests' 29 February is never "today". */
static int
years(struct att_date born)
{
	bool had = born.month < 3 || (born.month == 3 && born.day <= 2);

	return 2026 - born.year - (had ? 0 : 1);
}

static bool
not_before(struct att_date last)
{
	return last.year == 0 || last.year > 2026 ||
	    (last.year == 2026 && (last.month > 3 || last.day >= 2));
}

/* Of who is an adult today, whether on that day, too. */
static bool
was_adult(const struct gate_facts *f, struct att_date on)
{
	int least = f->majority > 18 ? (int)f->majority : 18;
	int age = on.year - f->born_on.year;

	if (f->born_on.year == 0)
		return true;
	if (on.month < f->born_on.month ||
	    (on.month == f->born_on.month && on.day < f->born_on.day))
		age--;
	return on.year != 0 && age >= least;
}

/* Consent for one purpose, by whoever has to give it. */
static bool
agreed(const struct gate_facts *f, bool minor, struct gate_consent own,
    struct gate_guardian guardian)
{
	if (minor)
		return guardian.state == GATE_CONSENT_GIVEN &&
		    guardian.major >= f->notice_major &&
		    not_before(guardian.until);
	return own.state == GATE_CONSENT_GIVEN &&
	    own.major >= f->notice_major && was_adult(f, own.on);
}

static bool
open_now(const struct gate_facts *f)
{
	uint16_t from = f->open_minute, to = f->close_minute;
	uint16_t now = f->minute_of_day;

	if (!f->has_hours || from == to)
		return true;
	for (uint16_t m = from; m != to; m = (uint16_t)((m + 1) % 1440))
		if (m == now)
			return true;
	return false;
}

static bool
proven(const struct gate_facts *f)
{
	for (int i = 0; i < f->wanted.n; i++)
		if (f->wanted.any_of[i] != 0 &&
		    (f->wanted.any_of[i] | f->proven) == f->proven)
			return true;
	return f->phase == GATE_ACCOUNT;
}

static bool
here(const struct gate_facts *f)
{
	return f->known && !f->erased && f->employment == GATE_EMPLOYED &&
	    f->lock_seconds == 0 && not_before(f->ended_on) &&
	    (f->hired_on.year < 2026 ||
		(f->hired_on.year == 2026 && f->hired_on.day <= 2));
}

static bool
should_let_in(const struct gate_facts *f)
{
	int majority = f->majority > 18 ? (int)f->majority : 18;
	bool minor = f->born_on.year != 0 && years(f->born_on) < majority;
	bool askable = !minor && f->own.state != GATE_CONSENT_WITHDRAWN &&
	    f->own.state <= GATE_CONSENT_WITHDRAWN;
	bool left = f->phase == GATE_AUTHENTICATE && f->account_follows;

	if (!here(f))
		return false;
	if (f->born_on.year == 0 ? !f->allow_unknown_birth
				 : years(f->born_on) < 16)
		return false;
	if (!agreed(f, minor, f->own, f->guardian) && !(askable && left))
		return false;
	if ((f->proven & GATE_FINGER) != 0 &&
	    !agreed(f, minor, f->own_finger, f->guardian_finger))
		return false;
	if ((f->proven & GATE_FACE) != 0 &&
	    !agreed(f, minor, f->own_face, f->guardian_face))
		return false;
	if (f->require_clocked_in && !f->clocked_in)
		return false;
	return open_now(f) && proven(f);
}

TEST("the gate lets in exactly whom its promise lets in")
{
	struct dice d = { 0x9e3779b97f4a7c15ull };
	unsigned in = 0, wrong = 0;

	for (int i = 0; i < ROUNDS && wrong < 5; i++) {
		struct gate_facts f = some_facts(&d);

		if (lets_in(&f) != should_let_in(&f))
			wrong++;
		in += lets_in(&f) ? 1 : 0;
	}

	CHECK(wrong == 0);
	CHECK(in > ROUNDS / 50 && in < ROUNDS / 2);
}

TEST("allow comes with the reason ok and with no other")
{
	struct dice d = { 42 };
	unsigned wrong = 0;

	for (int i = 0; i < ROUNDS; i++) {
		struct gate_facts f = some_facts(&d);
		struct gate_decision g = gate_decide(&f);

		if ((g.verdict == VERDICT_ALLOW) != (g.reason == GATE_R_OK))
			wrong++;
		if (g.askable && g.verdict != VERDICT_NO_CONSENT)
			wrong++;
	}

	CHECK(wrong == 0);
}

static void
count(void *ctx, const char *check, enum gate_reason result, const char *fact)
{
	size_t *n = ctx;

	if (check != NULL && fact != NULL && gate_reason_id(result) != NULL)
		(*n)++;
}

TEST("any bytes as facts give a decision, and no allowance without a person")
{
	struct dice d = { 7 };
	unsigned wrong = 0;

	for (int i = 0; i < ROUNDS / 10; i++) {
		struct gate_facts f = some_facts(&d);
		size_t steps = 0;

		f.today = (struct att_date){ (int16_t)roll(&d, 65536),
			(uint8_t)roll(&d, 256), (uint8_t)roll(&d, 256) };
		f.born_on = (struct att_date){ (int16_t)roll(&d, 65536),
			(uint8_t)roll(&d, 256), (uint8_t)roll(&d, 256) };
		f.own.state = (enum gate_consent_state)roll(&d, 300);
		f.phase = (enum gate_phase)roll(&d, 300);
		f.minute_of_day = (uint16_t)roll(&d, 65536);
		f.majority = roll(&d, UINT32_MAX);
		f.wanted.n = (uint8_t)roll(&d, 256);
		if (gate_explain(&f, count, &steps).verdict == VERDICT_ALLOW &&
		    !f.known)
			wrong++;
		if (steps != 14)
			wrong++;
	}

	CHECK(wrong == 0);
}
