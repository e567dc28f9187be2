/*
 * Phase account: may this person be here now. sshd with keys and cron come
 * here without authenticate, so everything is decided again from the store.
 * The only place that asks for consent, when there is somebody to ask.
 */
#include "attendd/agree.h"
#include "attendd/facts.h"
#include "attendd/log.h"
#include "attendd/phases.h"
#include "store/attempt.h"
#include "store/consent.h"
#include "store/keep.h"
#include "store/pin.h"
#include "store/request.h"

#include <string.h>

#define RECENT_SECONDS 300 /* from proof to account */

/* What each kind of major change is called. */
static const char *const change_names[STORE_CHANGE_COUNT] = {
	[STORE_CHANGE_SERVICE] = N_("what the kiosks do with your data"),
	[STORE_CHANGE_OWNERSHIP] = N_("who is responsible for it"),
	[STORE_CHANGE_RECIPIENTS] = N_("who receives it"),
	[STORE_CHANGE_RIGHTS] = N_("your rights and how to use them"),
	[STORE_CHANGE_CONTACT] = N_("whom to contact"),
	[STORE_CHANGE_RISK] = N_("the assessment of risks to you"),
};

/* Of a major change, before anything else: what is different. */
static enum att_err
show_changes(struct dialogue *d, const struct login *l)
{
	struct store_consent c;
	uint32_t changes = 0;
	enum att_err e =
	    store_consent_state(d->store, l->e.id, STORE_FOR_LOGIN, false, &c);

	if (e == ATT_ABSENT)
		return ATT_OK; /* a first agreement: all of it is new */
	if (e == ATT_OK)
		e = store_notice_changes(
		    d->store, c.notice_major, l->by.now.utc, &changes);
	if (e != ATT_OK || changes == 0)
		return e;
	dialogue_inform(d, "%s", _("The privacy notice has changed in:"));
	for (unsigned i = 0; i < STORE_CHANGE_COUNT; i++)
		if ((changes & 1u << i) != 0)
			dialogue_inform(d, "- %s", _(change_names[i]));
	return ATT_OK;
}

static enum att_err
record_answer(struct dialogue *d, struct login *l, const struct store_notice *n,
    bool agrees)
{
	STORE_AUTO_TX struct store_tx tx = { 0 };
	struct store_consent c = { .purpose = STORE_FOR_LOGIN, .how = "kiosk" };
	struct store_by by = l->by;
	enum att_err e = store_begin(d->store, &tx);

	memcpy(by.actor, "self", sizeof("self"));
	memcpy(c.place, l->service, sizeof(l->service));
	if (e == ATT_OK)
		e = agree_record(d, &by, l->e.id, n, agrees, &c);
	if (e == ATT_OK)
		e = store_commit(&tx);
	if (e == ATT_OK && store_tidy(d->store, false) != ATT_OK)
		return ATT_OK; /* whoever opens the store next does it */
	return e;
}

struct lapsed {
	struct dialogue *d;
	const struct login *l;
	struct gate_facts f;
	enum att_err e;
};

/* Whether it is the last word on its question. */
static enum att_err
is_newest(struct lapsed *l, const struct store_consent *c, bool *newest)
{
	struct store_consent last;
	enum att_err e = store_consent_last(l->d->store, l->l->e.id, c, &last);

	*newest = e == ATT_OK && memcmp(last.id, c->id, sizeof(c->id)) == 0;
	return e;
}

static void
tell_lapsed(struct dialogue *d, const struct store_consent *c)
{
	const char *id = store_purpose_id(c->purpose);
	const char *text = agree_purpose_text(c->purpose);

	if (c->purpose != STORE_FOR_DISCLOSURE)
		dialogue_inform(d,
		    _("You also agreed to %s; that holds no longer. To go on: "
		      "attendctl me consent --give --purpose %s"),
		    text, id);
	else
		dialogue_inform(d,
		    _("You also agreed to %s (%s: %s); that holds no longer. "
		      "To go on: attendctl me consent --give --purpose %s "
		      "--recipient \"%s\" --for \"%s\""),
		    text, c->recipient, c->aim, id, c->recipient, c->aim);
}

static bool
look_lapsed(void *ctx, const struct store_consent *c)
{
	struct lapsed *l = ctx;
	bool newest = false, agreed = true;

	if (c->purpose == STORE_FOR_LOGIN || c->by_guardian ||
	    c->kind != STORE_CONSENT_GIVEN)
		return true;
	l->e = is_newest(l, c, &newest);
	if (l->e == ATT_OK && newest)
		l->e = facts_agreed(l->d->store, &l->f, &l->l->e, c, &agreed);
	if (l->e == ATT_OK && !agreed)
		tell_lapsed(l->d, c);
	return l->e == ATT_OK;
}

/* What was agreed to besides, under an earlier major notice or under age. */
static enum att_err
show_lapsed(struct dialogue *d, const struct login *l)
{
	struct lapsed x = { .d = d, .l = l };
	enum att_err e = facts_gather(
	    d->store, d->config, &l->e, l->service, &l->by.now, &x.f);

	if (e == ATT_OK)
		e = store_consent_list(d->store, l->e.id, look_lapsed, &x);
	return e == ATT_OK ? x.e : e;
}

/*
 * Show the notice and ask. What comes of it is in the store, if anything:
 * nobody there to ask, or another notice by now, is no answer, and no answer
 * changes nothing.
 */
static enum att_err
seek_consent(struct dialogue *d, struct login *l)
{
	struct store_notice n;
	bool agrees = false;
	enum att_err e = show_changes(d, l);

	if (e == ATT_OK)
		e = agree_show(d, &n);
	if (e == ATT_OK)
		e = agree_ask(d, &agrees);
	if (e == ATT_OK)
		e = record_answer(d, l, &n, agrees);
	if (e == ATT_OK && agrees)
		e = show_lapsed(d, l);
	return e == ATT_ABSENT ? ATT_OK : e;
}

static enum att_err
decide(struct dialogue *d, struct login *l, struct gate_decision *g)
{
	struct gate_facts f;
	enum att_err e = facts_gather(d->store, d->config,
	    l->known ? &l->e : NULL, l->service, &l->by.now, &f);

	if (e != ATT_OK)
		return e;
	l->lock_seconds = f.lock_seconds;
	*g = gate_decide(&f);
	return ATT_OK;
}

/* A version that is coming is announced once. */
static enum att_err
announce(
    struct dialogue *d, struct login *l, struct store_notice *n, bool *news)
{
	bool shown = true;
	char text[STORE_SHORT_BYTES], from[ATT_TIME_TEXT];
	enum att_err e =
	    store_notice_coming(d->store, d->now.utc, d->locale, n, text);

	if (e == ATT_OK)
		e = store_notice_shown(d->store, l->e.id, n->version, &shown);
	if (e != ATT_OK || shown)
		return e == ATT_ABSENT ? ATT_OK : e;
	*news = true;
	att_time_format(n->effective_utc, from);
	from[ATT_DATE_TEXT - 1] = '\0';
	dialogue_inform(d, "%s", text);
	dialogue_inform(d,
	    _("A new privacy notice, version %s, applies from %s on. Read it "
	      "with: attendctl me notice %s"),
	    n->version, from, n->version);
	return ATT_OK;
}

/* A minor change of the notice is shown once and needs no answer. */
static enum att_err
show_news(
    struct dialogue *d, struct login *l, struct store_notice *n, bool *news)
{
	bool shown = true;
	enum att_err e = store_notice_in_force(
	    d->store, d->now.utc, d->locale, n, NULL, NULL);

	*news = false;
	if (e != ATT_OK)
		return e == ATT_ABSENT ? ATT_OK : e;
	e = store_notice_shown(d->store, l->e.id, n->version, &shown);
	if (e != ATT_OK)
		return e;
	if (shown)
		return announce(d, l, n, news);
	*news = true;
	return agree_show(d, n);
}

/* That a request was answered is said at the next login. */
static enum att_err
show_answers(struct dialogue *d, const struct login *l)
{
	uint64_t n = 0;
	enum att_err e = store_request_news(d->store, l->e.id, &n);

	if (e == ATT_OK && n > 0)
		dialogue_inform(d, "%s",
		    _("A request of yours has been answered; see attendctl me "
		      "request."));
	return e;
}

/* Whether a new PIN is due; a locker has no way to ask for one. */
static enum att_err
pin_due(struct dialogue *d, const struct login *l, bool *due)
{
	struct store_pin pin = { 0 };
	enum att_err e = store_pin_get(d->store, l->e.id, &pin);

	*due = e == ATT_OK && pin.must_change && d->peer.uid == 0;
	explicit_bzero(&pin, sizeof(pin));
	return e == ATT_ABSENT ? ATT_OK : e;
}

static void
tell(struct dialogue *d, const struct login *l, const struct gate_decision *g)
{
	login_tell(d, l, g->reason);
	if (g->askable)
		dialogue_warn(d, "%s",
		    _("Log in at the kiosk's own screen to read and sign the "
		      "privacy notice."));
}

/*
 * Whether the person is there: proven a moment ago, to this service. Nobody
 * else reads the notice or agrees to it in her place, not root in su either.
 */
static bool
is_present(struct dialogue *d, const struct login *l)
{
	uint32_t factor = 0;

	return d->peer.uid == 0 && (d->request->flags & WIRE_F_SILENT) == 0 &&
	    l->known &&
	    store_attempt_recent(d->store, &l->by.now, l->e.id, l->service, 0,
		RECENT_SECONDS, &factor) == ATT_OK;
}

/*
 * Everything that talks to the person, before a transaction is open: nobody
 * else's login may wait for this one's typing.
 */
static enum att_err
talk(struct dialogue *d, struct login *l, struct store_notice *n, bool *news)
{
	struct gate_decision g;
	enum att_err e = decide(d, l, &g);

	*news = false;
	if (e != ATT_OK || !is_present(d, l))
		return e;
	if (g.verdict != VERDICT_ALLOW && g.askable)
		return seek_consent(d, l);
	if (g.verdict != VERDICT_ALLOW)
		return ATT_OK;
	e = show_news(d, l, n, news);
	return e == ATT_OK ? show_answers(d, l) : e;
}

static enum att_err
settle(struct dialogue *d, struct login *l, struct gate_decision *g, bool *due)
{
	STORE_AUTO_TX struct store_tx tx = { 0 };
	struct store_notice n;
	bool news = false;
	enum att_err e = talk(d, l, &n, &news);

	if (e == ATT_OK)
		e = store_begin(d->store, &tx);
	if (e == ATT_OK)
		e = decide(d, l, g);
	if (e == ATT_OK && g->verdict == VERDICT_ALLOW)
		e = pin_due(d, l, due);
	if (e == ATT_OK && news)
		e = store_notice_mark_shown(
		    d->store, &l->by, l->e.id, n.version);
	if (e == ATT_OK)
		e = login_record(d, l, &tx, "account", g);
	return e;
}

enum att_verdict
phase_account(struct dialogue *d, struct wire_verdict *out)
{
	struct login l;
	struct gate_decision g = { VERDICT_DENY, GATE_R_NOT_PROVEN, false };
	bool due = false;
	enum att_verdict v = login_find(d, &l);
	enum att_err e;

	(void)out;
	if (v != VERDICT_ALLOW)
		return v;
	e = settle(d, &l, &g, &due);
	if (e != ATT_OK) {
		login_trouble(d, "deciding", e);
		return VERDICT_UNAVAILABLE;
	}
	login_log(d, &l, "account", g.verdict, gate_reason_id(g.reason));
	if (g.verdict != VERDICT_ALLOW) {
		tell(d, &l, &g);
		return g.verdict;
	}
	return due ? VERDICT_MUST_CHANGE : VERDICT_ALLOW;
}
