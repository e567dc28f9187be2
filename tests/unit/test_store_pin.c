#include "store/pin.h"

#include "sample_store.h"
#include "store/attempt.h"

static void
record_of(uint8_t record[VAULT_PIN_LEN], uint8_t n)
{
	memset(record, n, VAULT_PIN_LEN);
}

static enum att_err
set(struct sample *t, const struct store_employee *e, uint8_t n, bool change)
{
	uint8_t record[VAULT_PIN_LEN];

	record_of(record, n);
	return IN_TX(t, store_pin_set(t->store, &t->by, e->id, record, change));
}

TEST("a PIN record comes back as it was set, and only for its person")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada(), b = sample_bob();
	struct store_pin pin;
	uint8_t want[VAULT_PIN_LEN];

	NEED(sample_open(&t) && sample_add(&t, &e) == ATT_OK);
	NEED(sample_add(&t, &b) == ATT_OK);
	record_of(want, 1);
	CHECK(store_pin_get(t.store, e.id, &pin) == ATT_ABSENT);
	CHECK(set(&t, &e, 1, true) == ATT_OK);

	NEED(store_pin_get(t.store, e.id, &pin) == ATT_OK);
	CHECK(memcmp(pin.record, want, sizeof(want)) == 0);
	CHECK(pin.must_change && pin.set_utc == NOON);
	CHECK(store_pin_get(t.store, b.id, &pin) == ATT_ABSENT);
	CHECK(set(&t, &e, 2, false) == ATT_OK);
	NEED(store_pin_get(t.store, e.id, &pin) == ATT_OK);
	CHECK(pin.record[0] == 2 && !pin.must_change);
}

TEST("nobody has no PIN to set")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada();
	uint8_t record[VAULT_PIN_LEN] = { 0 };
	uint8_t records[STORE_PIN_HISTORY + 1][VAULT_PIN_LEN];
	size_t n = 9;

	NEED(sample_open(&t));
	CHECK(set(&t, &e, 1, false) == ATT_ABSENT);
	CHECK(IN_TX(&t, store_pin_rehash(t.store, &t.by, e.id, record)) ==
	    ATT_ABSENT);
	CHECK(store_pin_past(t.store, e.id, records, &n) == ATT_ABSENT);
	CHECK(n == 9);
}

TEST("past PINs are kept newest first, up to their number")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada();
	uint8_t records[STORE_PIN_HISTORY + 1][VAULT_PIN_LEN];
	size_t n = 9;

	NEED(sample_open(&t) && sample_add(&t, &e) == ATT_OK);
	CHECK(store_pin_past(t.store, e.id, records, &n) == ATT_OK && n == 0);
	for (uint8_t i = 1; i <= STORE_PIN_HISTORY + 3; i++) {
		size_t want =
		    i < STORE_PIN_HISTORY + 1 ? i : STORE_PIN_HISTORY + 1;

		NEED(set(&t, &e, i, false) == ATT_OK);
		NEED(store_pin_past(t.store, e.id, records, &n) == ATT_OK);
		CHECK(n == want);
		for (uint8_t k = 0; k < n; k++)
			CHECK(records[k][0] == i - k);
	}
	CHECK(sample_number(&t, "SELECT count(*) FROM pin_past") ==
	    STORE_PIN_HISTORY);
}

TEST("a new hash of the same PIN is no change of PIN")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada();
	uint8_t records[STORE_PIN_HISTORY + 1][VAULT_PIN_LEN], again[57];
	struct store_pin pin;
	size_t n = 9;

	NEED(sample_open(&t) && sample_add(&t, &e) == ATT_OK);
	NEED(set(&t, &e, 1, true) == ATT_OK);
	record_of(again, 7);
	sample_wait(&t, 100);
	CHECK(
	    IN_TX(&t, store_pin_rehash(t.store, &t.by, e.id, again)) == ATT_OK);
	NEED(store_pin_get(t.store, e.id, &pin) == ATT_OK);
	CHECK(pin.record[0] == 7 && pin.must_change && pin.set_utc == NOON);
	CHECK(store_pin_past(t.store, e.id, records, &n) == ATT_OK && n == 1);
	CHECK(set(&t, &e, 2, false) == ATT_OK);
	CHECK(store_pin_past(t.store, e.id, records, &n) == ATT_OK && n == 2);
	CHECK(records[1][0] == 7);
}

TEST("a new PIN forgets failures and lifts the lock of the PIN")
{
	SAMPLE t = { 0 };
	const struct store_attempt_limits limits = { 1, 600, 50, 60, 0 };
	struct store_employee e = sample_ada();
	struct store_attempt a = { .known = true, .factor = 1 };
	uint32_t seconds = 0, n = 9;

	NEED(sample_open(&t) && sample_add(&t, &e) == ATT_OK);
	memcpy(a.subject, e.id, sizeof(a.subject));
	NEED(IN_TX(&t,
		 store_attempt_begin(t.store, &t.by, &limits, &a, &seconds)) ==
	    ATT_OK);
	CHECK(store_attempt_locked(t.store, &t.by.now, &a, &limits, &seconds) ==
		ATT_OK &&
	    seconds == 600);
	CHECK(set(&t, &e, 1, false) == ATT_OK);
	CHECK(store_attempt_locked(t.store, &t.by.now, &a, &limits, &seconds) ==
		ATT_OK &&
	    seconds == 0);
	CHECK(store_attempt_failures(t.store, e.id, &n) == ATT_OK && n == 0);
}

#define OF_ADA " WHERE person = (SELECT id FROM person WHERE number = '1042')"

TEST("a PIN record moved to another person or brought back is corrupt")
{
	static const char *const moves[] = {
		"UPDATE pin SET record = (SELECT record FROM pin q"
		" WHERE q.person <> pin.person)" OF_ADA,
		"UPDATE pin SET record = (SELECT record FROM pin_past q"
		" WHERE q.person = pin.person)" OF_ADA,
		"UPDATE pin SET record = zeroblob(98)" OF_ADA,
		"UPDATE pin SET record = zeroblob(9)" OF_ADA,
	};

	for (size_t i = 0; i < sizeof(moves) / sizeof(moves[0]); i++) {
		SAMPLE t = { 0 };
		struct store_employee e = sample_ada(), b = sample_bob();
		struct store_pin pin = { .set_utc = 5 };

		NEED(sample_open(&t) && sample_add(&t, &e) == ATT_OK);
		NEED(sample_add(&t, &b) == ATT_OK);
		NEED(set(&t, &e, 1, false) == ATT_OK);
		NEED(set(&t, &e, 2, false) == ATT_OK);
		NEED(set(&t, &b, 3, false) == ATT_OK);
		NEED(set(&t, &b, 4, false) == ATT_OK);
		CHECK(store_pin_get(t.store, e.id, &pin) == ATT_OK);
		NEED(sample_tamper(&t, moves[i]));
		pin.set_utc = 5;
		CHECK(store_pin_get(t.store, e.id, &pin) == ATT_CORRUPT);
		CHECK(pin.set_utc == 5);
		NEED(remove(t.path) == 0 && remove(t.key) == 0);
	}
}
