#include "store/attempt.h"

#include "sample_store.h"

/* Five tries, ten minutes; the kiosk: twenty, five minutes. */
static const struct store_attempt_limits limits = { 5, 600, 20, 300, 0 };

static struct store_attempt
attempt_of(const struct store_employee *e)
{
	struct store_attempt a = {
		.known = true, .factor = 1, .service = "login"
	};

	memcpy(a.subject, e->id, sizeof(a.subject));
	return a;
}

static struct store_attempt
attempt_of_stranger(const struct sample *t, const char *name)
{
	struct store_attempt a = { .factor = 1, .service = "login" };

	store_attempt_stranger(t->store, att_slice_of(name), a.subject);
	return a;
}

static enum att_err
begin(struct sample *t, struct store_attempt *a, uint32_t *seconds)
{
	*seconds = 0;
	return IN_TX(
	    t, store_attempt_begin(t->store, &t->by, &limits, a, seconds));
}

static enum att_err
finish(struct sample *t, const struct store_attempt *a, bool success,
    uint32_t *locked)
{
	*locked = 0;
	return IN_TX(t,
	    store_attempt_finish(
		t->store, &t->by, &limits, a, success, locked));
}

/* Begin and finish; the lock length that finish told. */
static uint32_t
try(struct sample *t, struct store_attempt *a, bool success)
{
	uint32_t seconds = 0, locked = 0;

	CHECK(begin(t, a, &seconds) == ATT_OK);
	CHECK(finish(t, a, success, &locked) == ATT_OK);
	return locked;
}

static uint32_t
left(const struct sample *t, const struct store_attempt *a)
{
	uint32_t seconds = 99999;

	CHECK(store_attempt_locked(
		  t->store, &t->by.now, a, &limits, &seconds) == ATT_OK);
	return seconds;
}

static uint32_t
failures(const struct sample *t, const struct store_attempt *a)
{
	uint32_t n = 99999;

	CHECK(store_attempt_failures(t->store, a->subject, &n) == ATT_OK);
	return n;
}

static bool
with_ada(struct sample *t, struct store_attempt *a)
{
	struct store_employee e = sample_ada();

	if (!sample_open(t) || sample_add(t, &e) != ATT_OK)
		return false;
	*a = attempt_of(&e);
	return true;
}

TEST("the failure that reaches the limit locks, the one before does not")
{
	SAMPLE t = { 0 };
	struct store_attempt a;
	uint32_t seconds;

	NEED(with_ada(&t, &a));
	for (uint32_t i = 1; i <= 4; i++) {
		CHECK(try(&t, &a, false) == 0);
		CHECK(failures(&t, &a) == i && left(&t, &a) == 0);
	}
	CHECK(try(&t, &a, false) == 600);
	CHECK(left(&t, &a) == 600);
	CHECK(begin(&t, &a, &seconds) == ATT_LIMIT && seconds == 600);
}

TEST("a refused attempt writes nothing")
{
	SAMPLE t = { 0 };
	struct store_attempt a;
	uint32_t seconds;
	int64_t rows;

	NEED(with_ada(&t, &a));
	for (int i = 0; i < 5; i++)
		(void)try(&t, &a, false);
	rows = sample_number(&t, "SELECT count(*) FROM audit") +
	    sample_number(&t, "SELECT count(*) FROM attempt");
	CHECK(begin(&t, &a, &seconds) == ATT_LIMIT);
	CHECK(rows ==
	    sample_number(&t, "SELECT count(*) FROM audit") +
		sample_number(&t, "SELECT count(*) FROM attempt"));
}

TEST("a success resets the counter")
{
	SAMPLE t = { 0 };
	struct store_attempt a;

	NEED(with_ada(&t, &a));
	for (int i = 0; i < 4; i++)
		(void)try(&t, &a, false);
	CHECK(try(&t, &a, true) == 0);
	CHECK(failures(&t, &a) == 0 && left(&t, &a) == 0);
	for (int i = 0; i < 4; i++)
		CHECK(try(&t, &a, false) == 0);
	CHECK(try(&t, &a, false) == 600);
}

TEST("a lock that ran out takes its failures with it")
{
	SAMPLE t = { 0 };
	struct store_attempt a;
	uint32_t seconds;

	NEED(with_ada(&t, &a));
	for (int i = 0; i < 5; i++)
		(void)try(&t, &a, false);
	sample_wait(&t, 599);
	CHECK(begin(&t, &a, &seconds) == ATT_LIMIT && seconds == 1);
	sample_wait(&t, 1);
	CHECK(left(&t, &a) == 0);
	for (int i = 0; i < 4; i++)
		CHECK(try(&t, &a, false) == 0);
	CHECK(try(&t, &a, false) == 600);
}

TEST("pending attempts count, and the last one allowed locks the next out")
{
	SAMPLE t = { 0 };
	struct store_attempt a[6];
	uint32_t seconds;

	NEED(with_ada(&t, &a[0]));
	for (int i = 0; i < 5; i++) {
		a[i] = a[0];
		CHECK(begin(&t, &a[i], &seconds) == ATT_OK);
	}
	a[5] = a[0];
	CHECK(failures(&t, &a[0]) == 5);
	CHECK(begin(&t, &a[5], &seconds) == ATT_LIMIT && seconds == 600);
	CHECK(finish(&t, &a[4], true, &seconds) == ATT_OK && seconds == 0);
	CHECK(left(&t, &a[0]) == 0);
	CHECK(begin(&t, &a[5], &seconds) == ATT_OK);
}

TEST("an attempt that was pending when another succeeded counts if it fails")
{
	SAMPLE t = { 0 };
	struct store_attempt a, b, c;
	uint32_t seconds;

	NEED(with_ada(&t, &a));
	b = c = a;
	NEED(begin(&t, &a, &seconds) == ATT_OK);
	NEED(begin(&t, &b, &seconds) == ATT_OK);
	NEED(begin(&t, &c, &seconds) == ATT_OK);
	CHECK(finish(&t, &b, true, &seconds) == ATT_OK);
	CHECK(failures(&t, &a) == 0);
	CHECK(finish(&t, &a, false, &seconds) == ATT_OK);
	CHECK(failures(&t, &a) == 1);
	CHECK(finish(&t, &c, true, &seconds) == ATT_OK);
	CHECK(failures(&t, &a) == 0);
}

TEST("an attempt that nobody finished counts after the store is reopened")
{
	SAMPLE t = { 0 };
	struct store_attempt a;
	uint32_t seconds;

	NEED(with_ada(&t, &a));
	for (int i = 0; i < 4; i++)
		(void)try(&t, &a, false);
	CHECK(begin(&t, &a, &seconds) == ATT_OK);
	CHECK(sample_reopen(&t));
	CHECK(failures(&t, &a) == 5);
	CHECK(left(&t, &a) == 600);
	CHECK(begin(&t, &a, &seconds) == ATT_LIMIT && seconds == 600);
}

TEST("attempts that nobody finished end up in the kiosk's counter")
{
	SAMPLE t = { 0 };
	struct store_attempt a, s;
	uint32_t seconds;

	NEED(with_ada(&t, &a));
	for (int i = 0; i < 19; i++) {
		char name[16];

		(void)snprintf(name, sizeof(name), "name%d", i);
		s = attempt_of_stranger(&t, name);
		NEED(begin(&t, &s, &seconds) == ATT_OK);
	}
	CHECK(left(&t, &a) == 0);
	sample_wait(&t, 3600);
	CHECK(try(&t, &a, false) == 300);
	CHECK(left(&t, &a) == 300);
	s = attempt_of_stranger(&t, "name3");
	CHECK(failures(&t, &s) == 1);
}

TEST("somebody finishes late: the failure is counted once, success counts")
{
	SAMPLE t = { 0 };
	struct store_attempt a, b;
	uint32_t seconds;

	NEED(with_ada(&t, &a));
	b = a;
	NEED(begin(&t, &a, &seconds) == ATT_OK);
	sample_wait(&t, 3600);
	NEED(begin(&t, &b, &seconds) == ATT_OK);
	CHECK(failures(&t, &a) == 2);
	CHECK(finish(&t, &a, false, &seconds) == ATT_OK);
	CHECK(failures(&t, &a) == 2);
	sample_wait(&t, 3600);
	NEED(begin(&t, &a, &seconds) == ATT_OK);
	CHECK(failures(&t, &a) == 3);
	CHECK(finish(&t, &b, true, &seconds) == ATT_OK);
	CHECK(failures(&t, &a) == 0);
}

TEST("an attempt is finished once, by its own subject and factor")
{
	SAMPLE t = { 0 };
	struct store_attempt a, other;
	uint32_t seconds;

	NEED(with_ada(&t, &a));
	NEED(begin(&t, &a, &seconds) == ATT_OK);
	other = a;
	other.subject[0] ^= 1;
	CHECK(finish(&t, &other, true, &seconds) == ATT_ABSENT);
	other = a;
	other.factor = 2;
	CHECK(finish(&t, &other, true, &seconds) == ATT_ABSENT);
	other = a;
	other.id++;
	CHECK(finish(&t, &other, true, &seconds) == ATT_ABSENT);
	CHECK(finish(&t, &a, false, &seconds) == ATT_OK);
	CHECK(finish(&t, &a, true, &seconds) == ATT_EXISTS);
	CHECK(failures(&t, &a) == 1);
}

TEST("strangers are counted and locked like people, each name by itself")
{
	SAMPLE t = { 0 };
	struct store_attempt s, other;
	uint32_t seconds;

	NEED(sample_open(&t));
	s = attempt_of_stranger(&t, "mallory");
	other = attempt_of_stranger(&t, "mallorY");
	for (int i = 0; i < 4; i++)
		CHECK(try(&t, &s, false) == 0);
	CHECK(try(&t, &s, false) == 600);
	CHECK(begin(&t, &s, &seconds) == ATT_LIMIT && seconds == 600);
	CHECK(left(&t, &other) == 0);
	CHECK(sample_reopen(&t));
	s = attempt_of_stranger(&t, "mallory");
	CHECK(left(&t, &s) == 600);
}

TEST("each factor has its own counter and lock")
{
	SAMPLE t = { 0 };
	struct store_attempt a, finger;
	uint32_t seconds;

	NEED(with_ada(&t, &a));
	finger = a;
	finger.factor = 2;
	for (int i = 0; i < 5; i++)
		(void)try(&t, &a, false);
	CHECK(left(&t, &finger) == 0);
	CHECK(begin(&t, &finger, &seconds) == ATT_OK);
	CHECK(finish(&t, &finger, true, &seconds) == ATT_OK);
	CHECK(left(&t, &a) == 600);
}

TEST("one who tries to be many is locked himself, and another is not")
{
	SAMPLE t = { 0 };
	uint8_t visitor[VAULT_ID_LEN], other[VAULT_ID_LEN];
	struct store_attempt a, s;
	uint32_t seconds;

	NEED(with_ada(&t, &a));
	store_attempt_origin(t.store, att_slice_of("visitor"), visitor);
	store_attempt_origin(t.store, att_slice_of("other"), other);
	for (int i = 0; i < 5; i++) {
		char name[16];

		(void)snprintf(name, sizeof(name), "x%d", i);
		s = attempt_of_stranger(&t, name);
		s.origin = visitor;
		CHECK(left(&t, &s) == 0);
		(void)try(&t, &s, false);
		a.origin = visitor; /* his own success excuses nothing */
		if (i == 3)
			CHECK(try(&t, &a, true) == 0);
	}
	CHECK(left(&t, &a) == 600);
	CHECK(begin(&t, &a, &seconds) == ATT_LIMIT && seconds == 600);
	a.origin = other;
	CHECK(left(&t, &a) == 0);
	a.origin = NULL;
	CHECK(left(&t, &a) == 0 && try(&t, &a, true) == 0);
	a.origin = visitor;
	sample_wait(&t, 600);
	CHECK(try(&t, &a, false) == 0);
}

TEST("failures of many people lock the kiosk, one success starts anew")
{
	SAMPLE t = { 0 };
	struct store_attempt a, s;
	uint32_t seconds;

	NEED(with_ada(&t, &a));
	for (int i = 0; i < 19; i++) {
		char name[16];

		(void)snprintf(name, sizeof(name), "x%d", i);
		s = attempt_of_stranger(&t, name);
		CHECK(try(&t, &s, false) == 0);
	}
	CHECK(try(&t, &a, true) == 0);
	for (int i = 0; i < 20; i++) {
		char name[16];

		(void)snprintf(name, sizeof(name), "y%d", i);
		s = attempt_of_stranger(&t, name);
		CHECK(try(&t, &s, false) == (i == 19 ? 300 : 0));
	}
	CHECK(left(&t, &a) == 300);
	CHECK(begin(&t, &a, &seconds) == ATT_LIMIT && seconds == 300);
	sample_wait(&t, 300);
	CHECK(try(&t, &a, true) == 0);
}

TEST("two hundred people who log in at once do not lock the kiosk")
{
	SAMPLE t = { 0 };
	struct store_attempt s[200];
	uint32_t seconds;

	NEED(sample_open(&t));
	for (int i = 0; i < 200; i++) {
		char name[16];

		(void)snprintf(name, sizeof(name), "p%d", i);
		s[i] = attempt_of_stranger(&t, name);
		CHECK(begin(&t, &s[i], &seconds) == ATT_OK);
	}
	for (int i = 0; i < 200; i++)
		CHECK(finish(&t, &s[i], true, &seconds) == ATT_OK);
	CHECK(left(&t, &s[0]) == 0);
}

TEST("a kiosk limit of nought means none")
{
	SAMPLE t = { 0 };
	const struct store_attempt_limits none = { 5, 600, 0, 300, 0 };
	struct store_attempt s;
	uint32_t seconds = 9;

	NEED(sample_open(&t));
	for (int i = 0; i < 30; i++) {
		char name[16];

		(void)snprintf(name, sizeof(name), "x%d", i);
		s = attempt_of_stranger(&t, name);
		NEED(IN_TX(&t,
			 store_attempt_begin(
			     t.store, &t.by, &none, &s, &seconds)) == ATT_OK);
		CHECK(IN_TX(&t,
			  store_attempt_finish(t.store, &t.by, &none, &s, false,
			      &seconds)) == ATT_OK);
		CHECK(seconds == 0);
	}
}

/* Where the clocks stand when the remaining time is asked for; the lock of
 * 600 s began at NOON, 7200 s after boot. */
static const struct {
	const char *what;
	int64_t utc, boot;
	uint8_t boot_id;
	uint32_t left;
} clocks[] = {
	{ "at once", 0, 7200, 1, 600 },
	{ "a minute later", 60, 7260, 1, 540 },
	{ "wall clock a day back", -86400, 7260, 1, 540 },
	{ "wall clock a year on", 31536000, 7260, 1, 540 },
	{ "over, wall clock back", -86400, 7800, 1, 0 },
	{ "boot clock back, which cannot be", 0, 100, 1, 600 },
	{ "rebooted within a minute", 60, 20, 2, 540 },
	{ "rebooted, wall clock a day back", -86400, 20, 2, 580 },
	{ "rebooted, wall clock at the epoch", -NOON, 20, 2, 580 },
	{ "rebooted, clock back, ten minutes up", -86400, 600, 2, 0 },
	{ "rebooted after an hour", 3600, 20, 2, 0 },
	{ "rebooted, one second short", 599, 20, 2, 1 },
	{ "rebooted, least of clocks", INT64_MIN, 0, 2, 600 },
};

TEST("no clock that is set back opens a lock early, a reboot neither")
{
	SAMPLE t = { 0 };
	struct store_attempt a;

	NEED(with_ada(&t, &a));
	for (int i = 0; i < 5; i++)
		(void)try(&t, &a, false);
	for (size_t i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++) {
		NEED(sample_reopen(&t));
		t.by.now.utc = NOON + clocks[i].utc;
		t.by.now.boot = clocks[i].boot;
		t.by.now.boot_id[0] = clocks[i].boot_id;
		if (!test_check(left(&t, &a) == clocks[i].left, __FILE__,
			__LINE__, clocks[i].what))
			printf("# left %u\n", left(&t, &a));
	}
}

TEST("an attempt pending at a reboot counts, for person and kiosk")
{
	SAMPLE t = { 0 };
	struct store_attempt a, b;
	uint32_t seconds;

	NEED(with_ada(&t, &a));
	b = a;
	NEED(begin(&t, &a, &seconds) == ATT_OK);
	t.by.now.boot_id[0] = 2;
	t.by.now.boot = 10;
	NEED(begin(&t, &b, &seconds) == ATT_OK);
	CHECK(failures(&t, &a) == 2);
	CHECK(sample_number(&t,
		  "SELECT failures FROM counter"
		  " WHERE factor = 0") == 1);
}

TEST("the lock time is what the settings say when it is asked for")
{
	SAMPLE t = { 0 };
	struct store_attempt_limits shorter = limits;
	struct store_attempt a;
	uint32_t seconds = 0;

	NEED(with_ada(&t, &a));
	for (int i = 0; i < 5; i++)
		(void)try(&t, &a, false);
	shorter.lock_seconds = 60;
	CHECK(store_attempt_locked(
		  t.store, &t.by.now, &a, &shorter, &seconds) == ATT_OK &&
	    seconds == 60);
}

TEST("an admin lifts a lock, on record")
{
	SAMPLE t = { 0 };
	struct store_attempt a;
	struct store_employee nobody = { .id = { 9 } };
	int64_t records;

	NEED(with_ada(&t, &a));
	for (int i = 0; i < 5; i++)
		(void)try(&t, &a, false);
	records = sample_number(&t, "SELECT count(*) FROM audit");
	CHECK(IN_TX(&t, store_attempt_clear(t.store, &t.by, a.subject)) ==
	    ATT_OK);
	CHECK(left(&t, &a) == 0 && failures(&t, &a) == 0);
	CHECK(sample_number(&t, "SELECT count(*) FROM audit") == records + 1);
	CHECK(IN_TX(&t, store_attempt_clear(t.store, &t.by, nobody.id)) ==
	    ATT_ABSENT);
}

TEST("a recent success is found in its boot, service and time only")
{
	SAMPLE t = { 0 };
	struct store_attempt a;
	struct att_now now;
	uint32_t factor = 9;

	NEED(with_ada(&t, &a));
	CHECK(store_attempt_recent(t.store, &t.by.now, a.subject, "login", 0,
		  60, &factor) == ATT_ABSENT);
	(void)try(&t, &a, false);
	CHECK(store_attempt_recent(t.store, &t.by.now, a.subject, "login", 0,
		  60, &factor) == ATT_ABSENT);
	(void)try(&t, &a, true);
	sample_wait(&t, 60);
	now = t.by.now;
	CHECK(store_attempt_recent(
		  t.store, &now, a.subject, "login", 0, 60, &factor) == ATT_OK);
	CHECK(factor == 1);
	CHECK(store_attempt_recent(
		  t.store, &now, a.subject, NULL, 0, 60, &factor) == ATT_OK);
	CHECK(store_attempt_recent(t.store, &now, a.subject, "sshd", 0, 60,
		  &factor) == ATT_ABSENT);
	CHECK(store_attempt_recent(t.store, &now, a.subject, "login", 0, 59,
		  &factor) == ATT_ABSENT);
	now.utc -= 86400; /* the wall clock has no say */
	CHECK(store_attempt_recent(
		  t.store, &now, a.subject, "login", 0, 60, &factor) == ATT_OK);
	now.boot_id[0] = 2;
	CHECK(store_attempt_recent(t.store, &now, a.subject, "login", 0, 60,
		  &factor) == ATT_ABSENT);
}

TEST("a recent success is found by its factor, an older one too")
{
	SAMPLE t = { 0 };
	struct store_attempt a, finger;
	uint32_t factor = 9;

	NEED(with_ada(&t, &a));
	finger = a;
	finger.factor = 2;
	(void)try(&t, &finger, true);
	CHECK(store_attempt_recent(t.store, &t.by.now, a.subject, "login", 1,
		  60, &factor) == ATT_ABSENT);
	(void)try(&t, &a, true);
	(void)try(&t, &finger, true);
	CHECK(store_attempt_recent(t.store, &t.by.now, a.subject, "login", 1,
		  60, &factor) == ATT_OK);
	CHECK(factor == 1);
	CHECK(store_attempt_recent(t.store, &t.by.now, a.subject, "login", 0,
		  60, &factor) == ATT_OK);
	CHECK(factor == 2);
}

TEST("pruning keeps counters and locks of people, and what is young")
{
	SAMPLE t = { 0 };
	struct store_attempt a, s, pending;
	uint32_t seconds;
	struct store_by later;
	uint64_t n = 0;

	NEED(with_ada(&t, &a));
	s = attempt_of_stranger(&t, "mallory");
	pending = attempt_of_stranger(&t, "late");
	for (int i = 0; i < 4; i++) {
		(void)try(&t, &a, false);
		(void)try(&t, &s, false);
	}
	NEED(begin(&t, &pending, &seconds) == ATT_OK);
	CHECK(IN_TX(&t,
		  store_attempt_prune(t.store, &t.by, NOON - 90 * 86400, &n)) ==
	    ATT_OK);
	CHECK(n == 4);
	CHECK(sample_number(&t, "SELECT count(*) FROM attempt") == 5);
	CHECK(failures(&t, &a) == 4 && failures(&t, &s) == 4);
	later = t.by;
	later.now.utc += 91 * 86400;
	CHECK(IN_TX(&t,
		  store_attempt_prune(t.store, &later,
		      later.now.utc - 90 * 86400, &n)) == ATT_OK);
	CHECK(sample_number(&t, "SELECT count(*) FROM attempt") == 1);
	CHECK(failures(&t, &a) == 4 && failures(&t, &s) == 0);
	CHECK(failures(&t, &pending) == 1);
}

/* As the finger's: five, then thirty seconds each, and an end at eight. */
static const struct store_attempt_limits stern = { 5, 30, 6, 30, 8 };

static struct store_attempt
finger_of(const struct store_employee *e)
{
	struct store_attempt a = attempt_of(e);

	a.factor = 2;
	return a;
}

static uint32_t
stern_left(const struct sample *t, const struct store_attempt *a)
{
	uint32_t seconds = 99999;

	CHECK(store_attempt_locked(t->store, &t->by.now, a, &stern, &seconds) ==
	    ATT_OK);
	return seconds;
}

static uint32_t
stern_try(struct sample *t, struct store_attempt *a, bool success)
{
	uint32_t seconds = 0;

	CHECK(IN_TX(t,
		  store_attempt_begin(t->store, &t->by, &stern, a, &seconds)) ==
	    ATT_OK);
	CHECK(IN_TX(t,
		  store_attempt_finish(t->store, &t->by, &stern, a, success,
		      &seconds)) == ATT_OK);
	return seconds;
}

TEST("a finger's failures outlive the delay they bring, and end for good")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada();
	struct store_attempt a;
	uint32_t seconds = 0;

	NEED(sample_open(&t) && sample_add(&t, &e) == ATT_OK);
	a = finger_of(&e);
	for (int i = 0; i < 4; i++)
		CHECK(stern_try(&t, &a, false) == 0);
	for (int i = 5; i < 8; i++) {
		CHECK(stern_try(&t, &a, false) == 30);
		CHECK(stern_left(&t, &a) == 30);
		sample_wait(&t, 30);
		CHECK(stern_left(&t, &a) == 0);
	}
	CHECK(stern_try(&t, &a, false) == STORE_LOCKED_FOR_GOOD);
	sample_wait(&t, 1000000);
	CHECK(stern_left(&t, &a) == STORE_LOCKED_FOR_GOOD);
	CHECK(IN_TX(&t,
		  store_attempt_begin(t.store, &t.by, &stern, &a, &seconds)) ==
	    ATT_LIMIT);
	CHECK(seconds == STORE_LOCKED_FOR_GOOD);
}

TEST("a finger that is right sets its failures back, after a delay too")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada();
	struct store_attempt a;

	NEED(sample_open(&t) && sample_add(&t, &e) == ATT_OK);
	a = finger_of(&e);
	for (int i = 0; i < 7; i++) {
		(void)stern_try(&t, &a, false);
		sample_wait(&t, 30);
	}
	CHECK(stern_try(&t, &a, true) == 0);
	for (int i = 0; i < 4; i++)
		CHECK(stern_try(&t, &a, false) == 0);
}

TEST("the PIN gives the finger and the reader back, and is not locked by them")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada();
	struct store_attempt a, pin;

	NEED(sample_open(&t) && sample_add(&t, &e) == ATT_OK);
	a = finger_of(&e);
	pin = attempt_of(&e);
	for (int i = 0; i < 8; i++) {
		(void)stern_try(&t, &a, false);
		sample_wait(&t, 30);
	}
	CHECK(stern_left(&t, &a) == STORE_LOCKED_FOR_GOOD);
	CHECK(left(&t, &pin) == 0);
	CHECK(try(&t, &pin, true) == 0);
	CHECK(stern_left(&t, &a) == 0);
	CHECK(stern_try(&t, &a, false) == 0);
}

TEST("a PIN that is not enough gives the reader back, and not the finger")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada(), other = sample_bob();
	struct store_attempt a, b, pin;

	NEED(sample_open(&t) && sample_add(&t, &e) == ATT_OK &&
	    sample_add(&t, &other) == ATT_OK);
	a = finger_of(&e);
	b = finger_of(&other);
	pin = attempt_of(&e);
	pin.partial = true;
	for (int i = 0; i < 8; i++) {
		(void)stern_try(&t, &a, false);
		sample_wait(&t, 30);
	}
	CHECK(stern_left(&t, &b) == STORE_LOCKED_FOR_GOOD);
	(void)try(&t, &pin, true);
	CHECK(stern_left(&t, &a) == STORE_LOCKED_FOR_GOOD);
	CHECK(stern_left(&t, &b) == 0);
	pin.partial = false;
	(void)try(&t, &pin, true);
	CHECK(stern_left(&t, &a) == 0);
}

TEST("many people's fingers lock the reader and not the kiosk")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada(), b = sample_bob();
	struct store_attempt a, other, pin;

	NEED(sample_open(&t) && sample_add(&t, &e) == ATT_OK);
	NEED(sample_add(&t, &b) == ATT_OK);
	a = finger_of(&e);
	other = finger_of(&b);
	pin = attempt_of(&b);
	for (int i = 0; i < 3; i++) {
		CHECK(stern_try(&t, &a, false) == 0);
		(void)stern_try(&t, &other, false);
	}
	CHECK(stern_left(&t, &a) == 30 && stern_left(&t, &other) == 30);
	CHECK(left(&t, &pin) == 0);
	CHECK(try(&t, &pin, true) == 0);
	sample_wait(&t, 30);
	CHECK(stern_try(&t, &a, false) == 0);
}

TEST(
    "a finger that is searched for counts against the reader, and proves nothing")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada();
	struct store_attempt a, own, pin;

	NEED(sample_open(&t) && sample_add(&t, &e) == ATT_OK);
	own = finger_of(&e);
	pin = attempt_of(&e);
	a = (struct store_attempt){ .factor = 2, .proposes = true };
	store_attempt_stranger(
	    t.store, (struct att_slice){ NULL, 0 }, a.subject);
	for (int i = 0; i < 5; i++) {
		CHECK(stern_try(&t, &a, false) == 0);
		CHECK(stern_try(&t, &a, true) == 0);
	}
	CHECK(failures(&t, &own) == 0);
	CHECK(stern_left(&t, &own) == 0 && stern_left(&t, &a) == 0);

	CHECK(stern_try(&t, &a, false) == 30);
	CHECK(stern_left(&t, &own) == 30 && stern_left(&t, &a) == 30);
	CHECK(left(&t, &pin) == 0);
	for (int i = 7; i <= 8; i++) {
		sample_wait(&t, 30);
		CHECK(stern_try(&t, &a, false) ==
		    (i == 8 ? STORE_LOCKED_FOR_GOOD : 30));
	}
	sample_wait(&t, 30);
	CHECK(stern_left(&t, &a) == STORE_LOCKED_FOR_GOOD);
	CHECK(try(&t, &pin, true) == 0);
	CHECK(stern_left(&t, &a) == 0);
	CHECK(stern_try(&t, &a, false) == 0);
}

TEST("a search that nobody finished counts against the reader")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada();
	struct store_attempt a = { .factor = 2, .proposes = true };
	struct store_attempt own;
	uint32_t seconds = 0;

	NEED(sample_open(&t) && sample_add(&t, &e) == ATT_OK);
	own = finger_of(&e);
	store_attempt_stranger(
	    t.store, (struct att_slice){ NULL, 0 }, a.subject);
	for (int i = 0; i < 5; i++)
		CHECK(stern_try(&t, &a, false) == 0);
	CHECK(IN_TX(&t,
		  store_attempt_begin(t.store, &t.by, &stern, &a, &seconds)) ==
	    ATT_OK);
	sample_wait(&t, 121);
	CHECK(stern_try(&t, &a, false) == 30);
	CHECK(stern_left(&t, &own) == 30);
}
