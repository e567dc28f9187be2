#include "attendd/finger.h"

#include "attendd/facts.h"
#include "bio/gallery.h"
#include "bio/threshold.h"

#include <string.h>

static const struct {
	const char *name, *text;
} names[BIO_FINGERS] = {
	[BIO_RIGHT_THUMB] = { "right-thumb", N_("right thumb") },
	[BIO_RIGHT_INDEX] = { "right-index", N_("right index finger") },
	[BIO_RIGHT_MIDDLE] = { "right-middle", N_("right middle finger") },
	[BIO_RIGHT_RING] = { "right-ring", N_("right ring finger") },
	[BIO_RIGHT_LITTLE] = { "right-little", N_("right little finger") },
	[BIO_LEFT_THUMB] = { "left-thumb", N_("left thumb") },
	[BIO_LEFT_INDEX] = { "left-index", N_("left index finger") },
	[BIO_LEFT_MIDDLE] = { "left-middle", N_("left middle finger") },
	[BIO_LEFT_RING] = { "left-ring", N_("left ring finger") },
	[BIO_LEFT_LITTLE] = { "left-little", N_("left little finger") },
};

const char *
finger_name(uint8_t finger)
{
	return finger > 0 && finger < BIO_FINGERS ? names[finger].name : "?";
}

const char *
finger_text(uint8_t finger)
{
	return finger > 0 && finger < BIO_FINGERS ? names[finger].text : "?";
}

enum att_err
finger_find(const char *name, uint8_t *finger)
{
	for (uint8_t i = 1; i < BIO_FINGERS; i++)
		if (strcmp(name, names[i].name) == 0) {
			*finger = i;
			return ATT_OK;
		}
	return ATT_ABSENT;
}

/* The facts of somebody who has proven a finger, whatever the hour. */
static enum att_err
facts_of(struct dialogue *d, const struct store_employee *e,
    const struct att_now *now, struct gate_facts *f)
{
	static const struct gate_factors wanted = { 1,
		{ GATE_FINGER | GATE_PIN } };
	enum att_err err =
	    facts_gather_for(d->store, d->config, e, &wanted, now, f);

	if (err != ATT_OK)
		return err;
	f->proven = GATE_FINGER | GATE_PIN;
	f->lock_seconds = 0;
	f->has_hours = false;
	f->require_clocked_in = false;
	f->hired_on = (struct att_date){ 0 };
	return ATT_OK;
}

enum att_err
finger_permitted(struct dialogue *d, const struct store_employee *e,
    const struct att_now *now, enum gate_reason *why)
{
	struct gate_facts f;
	enum att_err err = facts_of(d, e, now, &f);

	if (err == ATT_OK)
		*why = gate_decide(&f).reason;
	return err;
}

static bool
is_about_consent(enum gate_reason r)
{
	return r == GATE_R_GUARDIAN_CONSENT_MISSING ||
	    r == GATE_R_GUARDIAN_CONSENT_EXPIRED ||
	    r == GATE_R_CONSENT_MISSING || r == GATE_R_CONSENT_DECLINED ||
	    r == GATE_R_CONSENT_WITHDRAWN;
}

enum att_err
finger_lapsed(struct dialogue *d, const struct store_employee *e, bool *lapsed)
{
	struct gate_facts f;
	enum att_err err = facts_of(d, e, &d->now, &f);

	if (err != ATT_OK)
		return err;
	/* only who has to consent, and whether to the finger it was done */
	f.employment = GATE_EMPLOYED;
	f.ended_on = (struct att_date){ 0 };
	f.minimum_age = 0;
	f.own = f.own_finger;
	f.guardian = f.guardian_finger;
	*lapsed = is_about_consent(gate_decide(&f).reason);
	return ATT_OK;
}

enum att_err
finger_open(struct store *s, const uint8_t person[VAULT_ID_LEN], uint8_t finger,
    struct store_finger *f, struct bio_template *out)
{
	ATT_AUTO_SECRET struct att_secret bytes = { 0 };
	size_t len = 0;
	enum att_err e = att_secret_new(&bytes, BIO_TEMPLATE_MAX);

	if (e == ATT_OK)
		e = store_finger_get(
		    s, person, finger, f, bytes.at, bytes.len, &len);
	if (e == ATT_OK)
		e = bio_template_decode(bytes.at, len, out);
	/* sealed by us, so what does not decode was sealed by something newer
	 * or broken */
	return e == ATT_FORMAT || e == ATT_NEWER || e == ATT_LIMIT ? ATT_CORRUPT
								   : e;
}

enum att_err
finger_prints(struct store *s, const uint8_t person[VAULT_ID_LEN],
    uint8_t finger, struct bio_print out[BIO_SAMPLES_MAX], size_t *n)
{
	ATT_AUTO_SECRET struct att_secret room = { 0 };
	const struct bio_template *t;
	struct store_finger f;
	size_t made = 0;
	enum att_err e = att_secret_new(&room, sizeof(*t));

	if (e != ATT_OK)
		return e;
	t = (const struct bio_template *)room.at;
	e = finger_open(s, person, finger, &f, (struct bio_template *)room.at);
	for (uint8_t i = 0; e == ATT_OK && i < t->n; i++)
		e = bio_print_make(&t->sample[i], &out[made++]);
	if (e == ATT_OK)
		*n = made;
	return e == ATT_FORMAT || e == ATT_LIMIT ? ATT_CORRUPT : e;
}

/* What a comparison works in; wiped with its secret. */
struct compare {
	struct bio_print print[BIO_SAMPLES_MAX], one;
	struct bio_probe probe;
};

struct fingers {
	uint8_t n, at[BIO_FINGERS];
};

static bool
note_finger(
    void *ctx, const uint8_t person[VAULT_ID_LEN], const struct store_finger *f)
{
	struct fingers *all = ctx;

	(void)person;
	if (f->algorithm == FINGER_ALGORITHM && all->n < BIO_FINGERS)
		all->at[all->n++] = f->finger;
	return true;
}

static enum att_err
compare_all(struct dialogue *d, const uint8_t *person,
    const struct fingers *all, struct compare *c, struct bio_search *search,
    struct finger_match *out)
{
	const struct bio_kernel *k = bio_kernel_best();

	for (uint8_t i = 0; i < all->n; i++) {
		size_t n = 0;
		uint32_t score;
		enum att_err e =
		    finger_prints(d->store, person, all->at[i], c->print, &n);

		if (e != ATT_OK)
			return e;
		score = bio_verify(k, &c->probe, c->print, n, search);
		if (score > out->score) {
			out->score = score;
			out->finger = all->at[i];
		}
	}
	return ATT_OK;
}

enum att_err
finger_compare(struct dialogue *d, const uint8_t person[VAULT_ID_LEN],
    const struct bio_sample *sample, struct finger_match *out)
{
	ATT_AUTO_SECRET struct att_secret room = { 0 };
	struct finger_match m = { 0 };
	struct bio_search *search = NULL;
	struct fingers all = { 0 };
	struct compare *c;
	enum att_err e = store_finger_list(d->store, person, note_finger, &all);

	if (e == ATT_OK && all.n == 0)
		return ATT_ABSENT;
	if (e == ATT_OK)
		e = att_secret_new(&room, sizeof(*c));
	if (e != ATT_OK)
		return e;
	c = (struct compare *)room.at;
	e = bio_print_make(sample, &c->one);
	if (e == ATT_OK)
		e = bio_search_new(&search);
	if (e == ATT_OK) {
		bio_probe_of(&c->one, &c->probe);
		e = compare_all(d, person, &all, c, search, &m);
	}
	bio_search_free(search);
	if (e != ATT_OK)
		return e;
	m.threshold = bio_threshold(BIO_ONE_IN_VERIFY, all.n) +
	    d->config->finger_score_raise;
	m.match = m.score >= m.threshold;
	*out = m;
	return ATT_OK;
}
