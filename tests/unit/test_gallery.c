#include "attendd/gallery.h"

#include "bio/threshold.h"
#include "sample_finger.h"

static const struct att_date today = { 2023, 11, 15 };

/* Three people, 1 to 3, and what was found last. */
struct crowd {
	struct sample t;
	struct store_employee e[3];
	struct gallery *g;
	struct gallery_found found;
};

static void
crowd_close(struct crowd *c)
{
	gallery_free(c->g);
	sample_close(&c->t);
}
#define CROWD __attribute__((cleanup(crowd_close))) struct crowd

static bool
crowd_open(struct crowd *c)
{
	bool ok = sample_open(&c->t) && sample_notice(&c->t, "1", 0) &&
	    gallery_new(&c->g) == ATT_OK;

	for (unsigned i = 0; ok && i < 3; i++)
		ok = sample_person(&c->t, i + 1, &c->e[i]);
	return ok;
}

static enum att_err
follow(struct crowd *c)
{
	return gallery_follow(c->g, c->t.store, c->t.by.now.utc, today);
}

/* Somebody touches with an invented finger. */
static enum att_err
touch(struct crowd *c, uint64_t invented, const uint8_t *except)
{
	struct bio_sample s;

	finger_points(invented, 9, &finger_usual, &s);
	return gallery_find(c->g, &s, except, &c->found);
}

static uint32_t
bar(const struct crowd *c)
{
	return bio_threshold(BIO_ONE_IN_VERIFY, c->found.fingers);
}

static bool
is(const struct crowd *c, unsigned who)
{
	return c->found.score >= bar(c) &&
	    memcmp(c->found.person, c->e[who - 1].id, VAULT_ID_LEN) == 0;
}

/* The gallery follows; who touches is found. */
static bool
finds(struct crowd *c, unsigned who)
{
	return follow(c) == ATT_OK && touch(c, who, NULL) == ATT_OK &&
	    is(c, who);
}

static bool
misses(struct crowd *c, unsigned who)
{
	return follow(c) == ATT_OK && touch(c, who, NULL) == ATT_OK &&
	    c->found.score < bar(c);
}

TEST("everybody is found by the finger, and no stranger is")
{
	CROWD c = { 0 };

	NEED(crowd_open(&c));
	for (unsigned i = 1; i <= 3; i++) {
		CHECK(finds(&c, i));
		CHECK(c.found.fingers == 3);
		CHECK(c.found.finger == BIO_RIGHT_INDEX);
		CHECK(c.found.score > c.found.second + BIO_SCORE_MARGIN);
	}
	CHECK(misses(&c, 77));
}

TEST("two fingers of one person do not compete, one finger of two does")
{
	CROWD c = { 0 };

	NEED(crowd_open(&c));
	NEED(sample_enrol(&c.t, &c.e[0], 1, BIO_LEFT_INDEX) == ATT_OK);
	NEED(sample_enrol(&c.t, &c.e[2], 2, BIO_LEFT_INDEX) == ATT_OK);

	CHECK(finds(&c, 1));
	CHECK(c.found.score > c.found.second + BIO_SCORE_MARGIN);
	NEED(touch(&c, 2, NULL) == ATT_OK);
	CHECK(c.found.score >= bar(&c));
	CHECK(c.found.score < c.found.second + BIO_SCORE_MARGIN);
}

TEST("somebody who is passed over is not found, the next best is")
{
	CROWD c = { 0 };

	NEED(crowd_open(&c));
	NEED(sample_enrol(&c.t, &c.e[2], 2, BIO_LEFT_INDEX) == ATT_OK);
	NEED(follow(&c) == ATT_OK);

	NEED(touch(&c, 2, c.e[1].id) == ATT_OK);
	CHECK(is(&c, 3) && c.found.finger == BIO_LEFT_INDEX);
	NEED(touch(&c, 2, c.e[2].id) == ATT_OK);
	CHECK(is(&c, 2) && c.found.finger == BIO_RIGHT_INDEX);
	NEED(touch(&c, 1, c.e[0].id) == ATT_OK);
	CHECK(c.found.score < bar(&c));
}

TEST("nobody is in an empty gallery")
{
	CROWD c = { 0 };

	NEED(sample_open(&c.t) && gallery_new(&c.g) == ATT_OK);
	CHECK(follow(&c) == ATT_OK);
	CHECK(touch(&c, 1, NULL) == ATT_OK);
	CHECK(c.found.score == 0 && c.found.fingers == 0);
}

TEST("who withdraws is not compared from that moment on, nor found")
{
	CROWD c = { 0 };

	NEED(crowd_open(&c));
	CHECK(finds(&c, 2) && c.found.fingers == 3);
	NEED(sample_says(&c.t, &c.e[1], STORE_CONSENT_WITHDRAWN, NULL, NULL));
	CHECK(misses(&c, 2) && c.found.fingers == 2);
	CHECK(finds(&c, 1) && finds(&c, 3));
}

TEST("a finger is compared only under a consent to the notice in force")
{
	CROWD c = { 0 };

	NEED(crowd_open(&c));
	NEED(sample_notice(&c.t, "1.1", 0));
	CHECK(finds(&c, 2) && c.found.fingers == 3);
	NEED(sample_notice(&c.t, "2", 1u << STORE_CHANGE_RISK));
	CHECK(misses(&c, 2) && c.found.fingers == 0);
	NEED(sample_says(&c.t, &c.e[1], STORE_CONSENT_GIVEN, NULL, NULL));
	CHECK(finds(&c, 2) && c.found.fingers == 1);
}

TEST("a guardian's consent counts up to its last day")
{
	CROWD c = { 0 };
	struct store_employee e = {
		.number = "4", .name = "Dot Example", .born_on = { 2007, 2, 28 }
	};

	NEED(crowd_open(&c) && sample_add(&c.t, &e) == ATT_OK);
	NEED(sample_says(
	    &c.t, &e, STORE_CONSENT_GIVEN, "Eve Example", "2023-11-15"));
	NEED(sample_enrol(&c.t, &e, 4, BIO_RIGHT_INDEX) == ATT_OK);
	c.e[0] = e;

	NEED(follow(&c) == ATT_OK && touch(&c, 4, NULL) == ATT_OK);
	CHECK(c.found.fingers == 4 && is(&c, 1));
	NEED(gallery_follow(c.g, c.t.store, c.t.by.now.utc,
		 (struct att_date){ 2023, 11, 16 }) == ATT_OK);
	NEED(touch(&c, 4, NULL) == ATT_OK);
	CHECK(c.found.fingers == 3 && !is(&c, 1));
}

TEST("who is suspended, gone or not there yet is not compared")
{
	static const struct {
		const char *what, *set, *back;
	} rows[] = {
		{ "suspended", "state = 1", "state = 0" },
		{ "to come", "hired_on = '2023-11-16'",
		    "hired_on = '2023-11-15'" },
		{ "gone", "hired_on = NULL, ended_on = '2023-11-14'",
		    "ended_on = '2023-11-15'" },
	};
	CROWD c = { 0 };
	char sql[160];

	NEED(crowd_open(&c));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		(void)snprintf(sql, sizeof(sql),
		    "UPDATE person SET version = version + 1, %s"
		    " WHERE number = '2'",
		    rows[i].set);
		NEED(sample_tamper(&c.t, sql));
		CHECK(misses(&c, 2) && c.found.fingers == 2);
		(void)snprintf(sql, sizeof(sql),
		    "UPDATE person SET version = version + 1, %s"
		    " WHERE number = '2'",
		    rows[i].back);
		NEED(sample_tamper(&c.t, sql));
		CHECK(finds(&c, 2) && c.found.fingers == 3);
	}
}

TEST("what is enrolled anew replaces what was there")
{
	CROWD c = { 0 };
	uint64_t n = 0;

	NEED(crowd_open(&c));
	CHECK(finds(&c, 2));
	NEED(IN_TX(&c.t,
		 store_finger_destroy(c.t.store, &c.t.by, c.e[1].id,
		     BIO_RIGHT_INDEX, "office", &n)) == ATT_OK);
	NEED(sample_enrol(&c.t, &c.e[1], 5, BIO_RIGHT_INDEX) == ATT_OK);

	CHECK(misses(&c, 2));
	NEED(touch(&c, 5, NULL) == ATT_OK);
	CHECK(is(&c, 2) && c.found.fingers == 3);
}

/* Break the seals of two people's fingers, in place. */
static bool
break_seals(struct crowd *c)
{
	return sample_tamper(&c->t, "DROP TRIGGER finger_same") &&
	    sample_tamper(&c->t,
		"UPDATE finger SET template = zeroblob(length(template))"
		" WHERE person IN (SELECT id FROM person"
		" WHERE number IN ('1', '2'))");
}

TEST("what has not changed is not opened again")
{
	CROWD c = { 0 };
	uint64_t n = 0;

	NEED(crowd_open(&c));
	CHECK(finds(&c, 1));
	NEED(break_seals(&c));
	NEED(IN_TX(&c.t,
		 store_finger_destroy(c.t.store, &c.t.by, c.e[2].id,
		     BIO_RIGHT_INDEX, "office", &n)) == ATT_OK);

	CHECK(finds(&c, 1) && finds(&c, 2) && c.found.fingers == 2);
}

TEST("a finger that does not open stays out, and nobody else does")
{
	CROWD c = { 0 };

	NEED(crowd_open(&c) && break_seals(&c));
	CHECK(finds(&c, 3) && c.found.fingers == 1);
	CHECK(misses(&c, 1));
}

TEST("a finger of another algorithm stays out")
{
	CROWD c = { 0 };

	NEED(crowd_open(&c));
	NEED(sample_tamper(&c.t, "DROP TRIGGER finger_same") &&
	    sample_tamper(&c.t,
		"UPDATE finger SET algorithm = 2 WHERE person ="
		" (SELECT id FROM person WHERE number = '2')"));
	CHECK(misses(&c, 2) && c.found.fingers == 2);
	CHECK(finds(&c, 1));
}

TEST("many changes leave a gallery that finds everybody")
{
	CROWD c = { 0 };
	uint64_t n = 0;

	NEED(crowd_open(&c));
	for (unsigned i = 0; i < 1100; i++) {
		/* before the notice was published there was no consent */
		NEED(gallery_follow(c.g, c.t.store, NOON - i % 2, today) ==
		    ATT_OK);
		if (i == 500)
			NEED(IN_TX(&c.t,
				 store_finger_destroy(c.t.store, &c.t.by,
				     c.e[2].id, BIO_RIGHT_INDEX, "office",
				     &n)) == ATT_OK);
	}
	CHECK(finds(&c, 1) && finds(&c, 2) && c.found.fingers == 2);
}

TEST("too little of a finger is said to be that")
{
	CROWD c = { 0 };
	struct bio_sample s = { .resolution = BIO_RESOLUTION, .n = 2 };

	NEED(crowd_open(&c) && follow(&c) == ATT_OK);
	CHECK(gallery_find(c.g, &s, NULL, &c.found) == ATT_LIMIT);
}

TEST("a store that cannot be read leaves an empty gallery, not an old one")
{
	CROWD c = { 0 };

	NEED(crowd_open(&c) && finds(&c, 1));
	NEED(sample_tamper(&c.t, "ALTER TABLE finger RENAME TO finger_away"));
	CHECK(follow(&c) != ATT_OK);
	CHECK(touch(&c, 1, NULL) == ATT_OK && c.found.fingers == 0);
	NEED(sample_tamper(&c.t, "ALTER TABLE finger_away RENAME TO finger"));
	CHECK(finds(&c, 1) && c.found.fingers == 3);
}
