/*
 * Fingers of the sample store's people: invented ones, enrolled with their
 * consent as the command would.
 */
#ifndef ATT_TESTS_SAMPLE_FINGER_H
#define ATT_TESTS_SAMPLE_FINGER_H

#include "attendd/finger.h"
#include "sample_store.h"
#include "store/consent.h"
#include "tests/finger/finger.h"

#define SAMPLE_IMPRESSIONS 3 /* enrolled: the numbers 1 to 3 */

/* A version of the notice; changes as in the draft. */
static inline bool
sample_notice(struct sample *t, const char *version, uint32_t changes)
{
	struct store_notice n;
	const struct store_notice_draft d = {
		.version = version,
		.lang = "en",
		.changes = changes,
		.brief = att_slice_of("We keep what we need."),
		.whole = att_slice_of("We keep what we need, and no more."),
	};

	return IN_TX(t, store_notice_publish(t->store, &t->by, &d, &n)) ==
	    ATT_OK;
}

/* Say something about the finger; until: NULL, or the guardian's last day. */
static inline bool
sample_says(struct sample *t, const struct store_employee *e,
    enum store_consent_kind kind, const char *guardian, const char *until)
{
	struct store_consent c = { .purpose = STORE_FOR_FINGER,
		.kind = kind,
		.how = "command",
		.by_guardian = guardian != NULL };

	if (guardian != NULL) {
		(void)snprintf(c.guardian, sizeof(c.guardian), "%s", guardian);
		(void)snprintf(c.relation, sizeof(c.relation), "mother");
	}
	if (until != NULL && att_date_parse(until, &c.until) != ATT_OK)
		return false;
	return IN_TX(t,
		   store_consent_record(t->store, &t->by, e->id, "en", &c)) ==
	    ATT_OK;
}

/* Enrol an invented finger as this one of the person's. */
static inline enum att_err
sample_enrol(struct sample *t, const struct store_employee *e,
    uint64_t invented, enum bio_finger which)
{
	static uint8_t bytes[BIO_TEMPLATE_MAX];
	static struct bio_template b;
	struct store_finger f = { .finger = (uint8_t)which,
		.driver = "uru4000",
		.algorithm = FINGER_ALGORITHM,
		.samples = SAMPLE_IMPRESSIONS };
	size_t len = 0;

	b = (struct bio_template){ .finger = (uint8_t)which,
		.n = SAMPLE_IMPRESSIONS,
		.driver = "uru4000" };
	for (unsigned i = 0; i < b.n; i++) {
		finger_points(invented, i + 1, &finger_usual, &b.sample[i]);
		bio_sample_sort(&b.sample[i]);
	}
	if (bio_template_encode(&b, bytes, sizeof(bytes), &len) != ATT_OK)
		return ATT_FORMAT;
	return IN_TX(t,
	    store_finger_add(t->store, &t->by, e->id, 18, &f,
		(struct att_slice){ bytes, len }));
}

/* Bob, Cyd and so on: number is also his or her invented finger. */
static inline bool
sample_person(struct sample *t, unsigned number, struct store_employee *e)
{
	*e = (struct store_employee){ .name = "Cyd Example" };
	(void)snprintf(e->number, sizeof(e->number), "%u", number);
	return sample_add(t, e) == ATT_OK &&
	    sample_says(t, e, STORE_CONSENT_GIVEN, NULL, NULL) &&
	    sample_enrol(t, e, number, BIO_RIGHT_INDEX) == ATT_OK;
}

#endif
