#include "admin/enrol.h"

#include "admin/change.h"
#include "admin/elsewhere.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

#define TRIES_MAX 3 /* when others enrol at the same time */

enum verb_status
enrol_finger(struct dialogue *d, const struct verb_call *call, uint8_t *finger)
{
	const char *name = verb_option(call, "finger");

	if (finger_find(name, finger) == ATT_OK)
		return VERB_DONE;
	return answer_fail(d, VERB_USAGE,
	    _("no finger \"%s\"; there are right- and left-thumb, -index, "
	      "-middle, -ring and -little, as in right-index"),
	    name);
}

static enum verb_status
consent_lacks(struct dialogue *d, const struct store_employee *e,
    const char *why, bool guardian, bool to_finger)
{
	const char *purpose = to_finger ? " --purpose biometric.finger" : "";

	if (guardian)
		return answer_fail(d, VERB_REFUSED,
		    "%s: %s; attendctl guardian record %s --name N "
		    "--relation R --paper FILE%s",
		    e->number, why, e->number, purpose);
	return answer_fail(d, VERB_REFUSED,
	    "%s: %s; attendctl consent record %s%s", e->number, why, e->number,
	    purpose);
}

/* Whose consent would be needed, for what lacks. */
static bool
is_minor(struct dialogue *d, const struct store_employee *e)
{
	struct gate_facts f = { .born_on = e->born_on,
		.today = att_date_at(d->now.utc),
		.majority = d->config->majority,
		.allow_unknown_birth = d->config->allow_unknown_birth };

	return gate_is_minor(&f);
}

static enum verb_status
refused(
    struct dialogue *d, const struct store_employee *e, enum gate_reason why)
{
	const char *message = gate_reason_message(why);

	switch (why) {
	case GATE_R_FACTOR_NOT_CONSENTED:
		return consent_lacks(d, e,
		    "there is no consent to fingerprints that holds",
		    is_minor(d, e), true);
	case GATE_R_NOTICE_CHANGED:
		return consent_lacks(d, e,
		    "the privacy notice has changed and has to be agreed to "
		    "again",
		    is_minor(d, e), false);
	case GATE_R_CONSENT_MISSING:
	case GATE_R_CONSENT_DECLINED:
	case GATE_R_CONSENT_WITHDRAWN:
		return consent_lacks(
		    d, e, "there is no consent to log in here", false, false);
	case GATE_R_GUARDIAN_CONSENT_MISSING:
	case GATE_R_GUARDIAN_CONSENT_EXPIRED:
		return consent_lacks(d, e,
		    "there is no guardian's consent that holds", true, false);
	case GATE_R_OK: return VERB_DONE;
	case GATE_R_UNKNOWN:
	case GATE_R_ERASED:
	case GATE_R_NOT_YET_EMPLOYED:
	case GATE_R_SUSPENDED:
	case GATE_R_EMPLOYMENT_ENDED:
	case GATE_R_LOCKED:
	case GATE_R_BIRTH_UNKNOWN:
	case GATE_R_UNDER_MINIMUM_AGE:
	case GATE_R_NOT_CLOCKED_IN:
	case GATE_R_OUTSIDE_HOURS:
	case GATE_R_NOT_PROVEN:
	case GATE_REASON_COUNT: break;
	}
	return answer_fail(d, VERB_REFUSED,
	    "%s: %s (%s); see attendctl explain %s", e->number,
	    message != NULL ? _(message) : "refused", gate_reason_id(why),
	    e->number);
}

enum verb_status
enrol_permitted(struct dialogue *d, const struct store_employee *e)
{
	enum gate_reason why = GATE_R_NOT_PROVEN;
	enum att_err err = finger_permitted(d, e, &d->now, &why);

	if (err != ATT_OK)
		return answer_trouble(d, err, "reading consents");
	return refused(d, e, why);
}

static enum verb_status
is_free(struct dialogue *d, const struct store_employee *e, uint8_t finger)
{
	uint64_t n = 0;
	enum att_err err = store_finger_count(d->store, e->id, finger, &n);

	if (err != ATT_OK)
		return answer_trouble(d, err, "looking for the finger");
	if (n == 0)
		return VERB_DONE;
	return answer_fail(d, VERB_CONFLICT,
	    "%s: the %s is enrolled already; to do it anew: attendctl finger "
	    "delete %s --finger %s",
	    e->number, _(finger_text(finger)), e->number, finger_name(finger));
}

enum verb_status
enrol_begin(struct dialogue *d, const struct verb_call *call,
    struct store_employee *e, uint8_t *finger)
{
	enum verb_status status = enrol_finger(d, call, finger);

	if (status == VERB_DONE)
		status = answer_employee(d, call, e);
	if (status == VERB_DONE)
		status = enrol_permitted(d, e);
	return status == VERB_DONE ? is_free(d, e, *finger) : status;
}

/* On record about both, without which nobody is told whose it is. */
static enum att_err
record_duplicate(struct dialogue *d, const struct store_employee *e,
    uint8_t finger, const struct elsewhere *other)
{
	STORE_AUTO_TX struct store_tx tx = { 0 };
	struct store_by by = dialogue_by(d);
	char detail[32];
	enum att_err err = store_begin(d->store, &tx);

	(void)snprintf(detail, sizeof(detail), "finger=%u", (unsigned)finger);
	if (err == ATT_OK)
		err = store_audit(
		    d->store, &by, "finger-duplicate", e->id, detail);
	(void)snprintf(
	    detail, sizeof(detail), "finger=%u", (unsigned)other->finger);
	if (err == ATT_OK)
		err = store_audit(
		    d->store, &by, "finger-duplicate", other->person, detail);
	return err == ATT_OK ? store_commit(&tx) : err;
}

static enum verb_status
is_taken(struct dialogue *d, const struct store_employee *e, uint8_t finger,
    const struct elsewhere *other)
{
	struct store_employee whose;
	enum att_err err;

	if (memcmp(other->person, e->id, VAULT_ID_LEN) == 0)
		return answer_fail(d, VERB_CONFLICT,
		    "nothing was stored: that is %s's %s, which is enrolled "
		    "already",
		    e->number, _(finger_text(other->finger)));
	err = record_duplicate(d, e, finger, other);
	if (err == ATT_OK)
		err = store_employee_by_id(d->store, other->person, &whose);
	if (err != ATT_OK)
		return answer_trouble(d, err, "recording whose finger it is");
	return answer_fail(d, VERB_CONFLICT,
	    "nothing was stored: that finger is enrolled as %s's %s; find out "
	    "whose it is, and take the other away with attendctl finger "
	    "delete %s --finger %s if it is not",
	    whose.number, _(finger_text(other->finger)), whose.number,
	    finger_name(other->finger));
}

/* Nobody who left while others were waiting shall find a finger stored. */
static enum att_err
still_there(const struct dialogue *d)
{
	struct pollfd p = { .fd = d->channel.fd, .events = POLLIN | POLLRDHUP };

	return d->io == ATT_OK && poll(&p, 1, 0) == 0 ? ATT_OK : ATT_CLOSED;
}

struct keeping {
	struct dialogue *d;
	const struct store_employee *e;
	struct att_slice template;
	uint64_t seen; /* store_fingers_changed when the others were compared */
	enum gate_reason why;
};

/* In the transaction: what was so before has to be so still. */
static enum att_err
store_it(struct keeping *k, const struct store_by *by, struct store_finger *f)
{
	uint64_t changed = 0;
	enum att_err err = finger_permitted(k->d, k->e, &k->d->now, &k->why);

	if (err == ATT_OK && k->why != GATE_R_OK)
		return ATT_REFUSED;
	if (err == ATT_OK)
		err = store_fingers_changed(k->d->store, &changed);
	if (err == ATT_OK && changed != k->seen)
		return ATT_TIMEOUT; /* others enrolled: compare again */
	if (err == ATT_OK)
		err = still_there(k->d);
	if (err == ATT_OK)
		err = store_finger_add(k->d->store, by, k->e->id,
		    k->d->config->majority, f, k->template);
	return err;
}

/* *again: somebody else's finger came between. */
static enum verb_status
commit(struct keeping *k, struct store_finger *f, bool *again)
{
	struct change c ADMIN_AUTO_CHANGE = { 0 };
	enum verb_status status = change_begin(&c, k->d);
	enum att_err err;

	*again = false;
	if (status != VERB_DONE)
		return status;
	err = store_it(k, &c.by, f);
	if (k->why != GATE_R_OK || err == ATT_TIMEOUT || err == ATT_CLOSED)
		change_drop(&c);
	if (k->why != GATE_R_OK)
		return refused(k->d, k->e, k->why);
	*again = err == ATT_TIMEOUT;
	if (err == ATT_TIMEOUT || err == ATT_CLOSED)
		return VERB_FAILED;
	return change_end(&c, err, "storing the finger");
}

/* Captures and comparing take long: the moment of the request is past. */
static enum att_err
catch_up(struct att_now *now)
{
	struct att_now fresh;
	enum att_err e = att_now_read(&fresh);

	if (e != ATT_OK || fresh.boot < now->boot)
		return e;
	now->utc += fresh.boot - now->boot;
	now->boot = fresh.boot;
	return ATT_OK;
}

static enum verb_status
compare_and_commit(struct keeping *k, const struct bio_template *t,
    struct store_finger *f, bool *again)
{
	struct elsewhere other;
	enum att_err err = store_fingers_changed(k->d->store, &k->seen);

	*again = false;
	if (err == ATT_OK)
		err = finger_is_elsewhere(k->d, t, &other);
	if (err == ATT_OK)
		err = catch_up(&k->d->now);
	if (err != ATT_OK)
		return answer_trouble(
		    k->d, err, "comparing with all enrolled fingers");
	if (other.found)
		return is_taken(k->d, k->e, t->finger, &other);
	return commit(k, f, again);
}

enum verb_status
enrol_keep(struct dialogue *d, const struct store_employee *e,
    const struct bio_template *t, struct store_finger *f)
{
	ATT_AUTO_SECRET struct att_secret bytes = { 0 };
	struct keeping k = { .d = d, .e = e, .why = GATE_R_OK };
	enum verb_status status = VERB_FAILED;
	bool again = true;
	enum att_err err = att_secret_new(&bytes, BIO_TEMPLATE_MAX);

	*f = (struct store_finger){ .finger = t->finger,
		.algorithm = FINGER_ALGORITHM,
		.samples = t->n };
	memcpy(f->driver, t->driver, sizeof(f->driver));
	if (err == ATT_OK)
		err = bio_template_encode(
		    t, bytes.at, bytes.len, &k.template.len);
	if (err != ATT_OK)
		return answer_trouble(d, err, "encoding the finger");
	k.template.at = bytes.at;
	for (unsigned i = 0; again && i < TRIES_MAX; i++)
		status = compare_and_commit(&k, t, f, &again);
	if (!again)
		return status;
	return answer_fail(d, VERB_FAILED,
	    "nothing was stored: others enrol fingers at the same time; try "
	    "again in a moment");
}
