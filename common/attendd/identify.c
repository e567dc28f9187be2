/*
 * The search counts as an attempt that the reader's counter delays and ends,
 * on disk before anything is compared. Whoever is found is looked at as when
 * a finger is offered to somebody who typed a name, consent with signatures
 * included, before anything says that there was a match.
 */
#include "attendd/identify.h"

#include "attendd/finger.h"
#include "attendd/gallery.h"
#include "attendd/log.h"
#include "attendd/presence.h"
#include "attendd/turn.h"
#include "bio/threshold.h"

#include <string.h>

/* The subject is nobody's: an empty name cannot be typed. */
static struct store_attempt
attempt_of(const struct dialogue *d, const struct login *l)
{
	struct store_attempt a = {
		.factor = GATE_FINGER, .service = l->service, .proposes = true
	};

	store_attempt_stranger(
	    d->store, (struct att_slice){ NULL, 0 }, a.subject);
	return a;
}

static bool
note_one(
    void *ctx, const uint8_t person[VAULT_ID_LEN], const struct store_finger *f)
{
	(void)person;
	if (f->algorithm != FINGER_ALGORITHM)
		return true;
	*(bool *)ctx = true;
	return false; /* one is enough */
}

/* Whether anybody is there who can be found, and agreed to it. */
static bool
is_anybody(struct dialogue *d, const struct att_now *now)
{
	bool found = false;
	enum att_err e = store_finger_searchable(
	    d->store, now->utc, att_date_at(now->utc), note_one, &found);

	if (e != ATT_OK)
		login_trouble(d, "looking for fingers to compare with", e);
	return e == ATT_OK && found;
}

/*
 * No finger is taken while none could be compared, nor attend-sensor asked
 * before somebody agreed to it.
 */
static bool
is_offered(struct dialogue *d, const struct login *l)
{
	const struct store_attempt a = attempt_of(d, l);
	struct sensor_no no;
	uint32_t seconds = 1;
	enum att_err e;

	if (!finger_has_use(config_factors(d->config, l->service)) ||
	    !presence_at_kiosk(d))
		return false;
	e = store_attempt_locked(
	    d->store, &l->by.now, &a, &finger_limits, &seconds);
	if (e != ATT_OK)
		login_trouble(d, "looking at the reader's lock", e);
	return e == ATT_OK && seconds == 0 && is_anybody(d, &l->by.now) &&
	    reader_ready(d, &no) == ATT_OK && gallery_expect(d);
}

static enum att_err
finish(struct dialogue *d, struct login *l, const struct store_attempt *a,
    bool success)
{
	STORE_AUTO_TX struct store_tx tx = { 0 };
	enum att_err e = store_begin(d->store, &tx);

	if (e == ATT_OK)
		e = store_attempt_finish(d->store, &l->by, &finger_limits, a,
		    success, &l->lock_seconds);
	if (e == ATT_OK)
		e = store_commit(&tx);
	return e;
}

/* Alike enough for a gallery of this size, and no other person nearly so. */
static bool
is_clear(const struct dialogue *d, const struct gallery_found *f)
{
	return f->score > 0 &&
	    f->score >= bio_threshold(BIO_ONE_IN_SEARCH, f->fingers) +
		d->config->finger_score_raise &&
	    f->score >= f->second + BIO_SCORE_MARGIN;
}

/* As much as one person's finger has to be like her own. */
static bool
is_proof(const struct dialogue *d, const struct gallery_found *f)
{
	return f->score >=
	    bio_threshold(BIO_ONE_IN_VERIFY, 1) + d->config->finger_score_raise;
}

/*
 * Whose finger it is and whether it may be: *who is known then. Too little of
 * a finger, or what is none, is nobody's.
 */
static enum att_err
search(struct dialogue *d, const struct login *l, const struct bio_sample *s,
    struct login *who)
{
	struct gallery_found f = { 0 };
	bool yes = false;
	enum att_err e = gallery_search(d, s, NULL, &f);

	*who = *l;
	if (e == ATT_LIMIT || e == ATT_FORMAT)
		return ATT_OK;
	if (e != ATT_OK || !is_clear(d, &f))
		return e;
	e = store_employee_by_id(d->store, f.person, &who->e);
	if (e == ATT_ABSENT)
		return ATT_OK; /* gone meanwhile */
	if (e == ATT_OK)
		e = finger_allowed(d, who, &yes);
	who->known = e == ATT_OK && yes;
	who->proven = is_proof(d, &f) ? GATE_FINGER : 0;
	return e;
}

/* From the sample in hand to the outcome on disk. */
static enum att_err
judge(struct dialogue *d, struct login *l, const struct bio_sample *s)
{
	struct store_attempt a = attempt_of(d, l);
	struct login who = *l;
	enum att_err e =
	    login_reserve(d, l, &finger_limits, &a, &l->lock_seconds);

	if (e == ATT_OK)
		e = search(d, l, s, &who);
	if (e == ATT_OK)
		e = finish(d, l, &a, who.known);
	if (e != ATT_OK || !who.known)
		return e;
	l->e = who.e;
	l->known = true;
	l->identified = true;
	l->proven = who.proven;
	return ATT_OK;
}

/*
 * VERDICT_ALLOW: l is somebody's; VERDICT_DENY: nobody's finger, again;
 * VERDICT_LOCKED, and VERDICT_NOT_NOW without a sample: not again.
 */
static enum att_verdict
touch(struct dialogue *d, struct login *l)
{
	ATT_AUTO_SECRET struct att_secret room = { 0 };
	struct sensor_no no = { 0 };
	struct bio_template *t;
	enum att_err e = att_secret_new(&room, sizeof(*t));

	if (e != ATT_OK)
		return VERDICT_UNAVAILABLE;
	t = (struct bio_template *)room.at;
	e = reader_capture(d, t, &no);
	if (e != ATT_OK)
		return reader_excuse(d, e, &no);
	e = att_now_read(&l->by.now); /* locks begin now */
	if (e == ATT_OK)
		e = turn_enter(d, &l->turn);
	if (e == ATT_OK)
		e = judge(d, l, &t->sample[0]);
	turn_leave(&l->turn);
	if (e == ATT_LIMIT)
		return VERDICT_LOCKED;
	if (e == ATT_OK)
		return l->known ? VERDICT_ALLOW : VERDICT_DENY;
	login_trouble(d, "looking for whose finger it is", e);
	dialogue_warn(d, "%s", _("Fingers cannot be compared now."));
	return VERDICT_UNAVAILABLE;
}

/* The person's Enter; anything typed would be for the client. */
static enum att_verdict
ask(struct dialogue *d)
{
	struct att_slice answer;
	enum att_err e = dialogue_ask(d, WIRE_FOR_TEXT, true,
	    _("Login name, or press Enter and touch the reader: "), &answer);

	if (e == ATT_ABSENT)
		return VERDICT_UNKNOWN;
	if (e != ATT_OK)
		return VERDICT_UNAVAILABLE;
	return answer.len == 0 ? VERDICT_ALLOW : VERDICT_UNKNOWN;
}

static enum att_verdict
offer(struct dialogue *d, struct login *l)
{
	enum att_verdict v = VERDICT_DENY;

	for (int i = 0; i < IDENTIFY_TOUCHES_MAX && v == VERDICT_DENY; i++) {
		v = ask(d);
		if (v != VERDICT_ALLOW)
			return v;
		v = touch(d, l);
		if (v == VERDICT_DENY)
			login_log(d, l, "identify", v, "finger-not-recognised");
		login_tell_finger(d, l, v);
		if (v == VERDICT_DENY && l->lock_seconds > 0)
			v = VERDICT_LOCKED;
		l->lock_seconds = 0; /* the reader's, told */
	}
	return v;
}

enum att_verdict
login_identify(struct dialogue *d, struct login *l)
{
	enum att_verdict v = VERDICT_UNKNOWN;

	if (is_offered(d, l))
		v = offer(d, l);
	reader_close(d);
	if (v == VERDICT_ALLOW)
		dialogue_name(d, l->e.login);
	return v == VERDICT_ALLOW || v == VERDICT_UNAVAILABLE ? v
							      : VERDICT_UNKNOWN;
}
