#include "attendd/pin_rules.h"

#include "attendd/turn.h"
#include "store/consent.h"
#include "store/pin.h"

#include <stdio.h>
#include <string.h>

#define NUMBER_DIGITS_LEAST 3 /* fewer are no clue worth refusing */
#define PHONE_DIGITS_LEAST  6
#define DATE_FORMS	    10

typedef uint8_t pin_records[STORE_PIN_HISTORY + 1][VAULT_PIN_LEN];

static bool
all_digits(struct att_slice pin)
{
	for (size_t i = 0; i < pin.len; i++)
		if (pin.at[i] < '0' || pin.at[i] > '9')
			return false;
	return true;
}

/* "121212", "123123", "000000": a shorter block over and over. */
static bool
is_repetition(struct att_slice pin)
{
	for (size_t block = 1; block <= pin.len / 2; block++)
		if (pin.len % block == 0 &&
		    memcmp(pin.at, pin.at + block, pin.len - block) == 0)
			return true;
	return false;
}

/* Each digit one more, or one less, than the one before; 0 follows 9. */
static bool
is_run(struct att_slice pin)
{
	bool up = true, down = true;

	for (size_t i = 1; i < pin.len; i++) {
		int step = (pin.at[i] - pin.at[i - 1] + 10) % 10;

		up = up && step == 1;
		down = down && step == 9;
	}
	return up || down;
}

const char *
pin_rules_check(const struct config *c, struct att_slice pin)
{
	if (pin.len == 0)
		return N_("The PIN is empty.");
	if (!all_digits(pin))
		return N_("A PIN is digits only.");
	if (pin.len < c->pin_length || pin.len < STORE_PIN_MIN)
		return N_("The PIN is too short.");
	if (pin.len > STORE_PIN_MAX)
		return N_("The PIN is too long.");
	if (is_repetition(pin) || is_run(pin))
		return N_("The PIN is too easy to guess.");
	return NULL;
}

/* The digits of text into out (cap bytes), terminated; their number. */
static size_t
digits_of(const char *text, char *out, size_t cap)
{
	size_t n = 0;

	for (; *text != '\0' && n + 1 < cap; text++)
		if (*text >= '0' && *text <= '9')
			out[n++] = *text;
	out[n] = '\0';
	return n;
}

static bool
pin_contains(struct att_slice pin, const char *digits)
{
	return memmem(pin.at, pin.len, digits, strlen(digits)) != NULL;
}

/* 1042 makes 001042, 104210 and, of 12345678, 345678 easy. */
static bool
is_number(const struct store_employee *e, struct att_slice pin)
{
	char digits[ATT_NUMBER_MAX + 1];
	size_t n = digits_of(e->number, digits, sizeof(digits));
	size_t zeros = 0;

	if (n >= NUMBER_DIGITS_LEAST &&
	    (pin_contains(pin, digits) ||
		memmem(digits, n, pin.at, pin.len) != NULL))
		return true;
	while (zeros < pin.len && pin.at[zeros] == '0')
		zeros++;
	return n > 0 && pin.len - zeros == n &&
	    memcmp(pin.at + zeros, digits, n) == 0;
}

static bool
is_birth_date(const struct store_employee *e, struct att_slice pin)
{
	char forms[DATE_FORMS][9];
	unsigned year = (unsigned)e->born_on.year % 10000u;
	unsigned month = e->born_on.month % 100u, day = e->born_on.day % 100u;
	unsigned y = year % 100;

	if (!att_date_known(e->born_on))
		return false;
	/* six and eight digits, in every order that is in use; then shorter */
	(void)snprintf(forms[0], 9, "%02u%02u%02u", day, month, y);
	(void)snprintf(forms[1], 9, "%02u%02u%02u", month, day, y);
	(void)snprintf(forms[2], 9, "%02u%02u%02u", y, month, day);
	(void)snprintf(forms[3], 9, "%02u%02u%04u", day, month, year);
	(void)snprintf(forms[4], 9, "%02u%02u%04u", month, day, year);
	(void)snprintf(forms[5], 9, "%04u%02u%02u", year, month, day);
	(void)snprintf(forms[6], 9, "%04u%02u", year, month);
	(void)snprintf(forms[7], 9, "%02u%02u", day, month);
	(void)snprintf(forms[8], 9, "%02u%02u", month, day);
	(void)snprintf(forms[9], 9, "%04u", year);
	for (size_t i = 0; i < DATE_FORMS; i++) {
		size_t n = strlen(forms[i]);

		/* four digits by chance inside six are no clue */
		if (pin.len == n ? memcmp(pin.at, forms[i], n) == 0
				 : n >= 6 && pin_contains(pin, forms[i]))
			return true;
	}
	return false;
}

static bool
is_phone(const struct store_employee *e, struct att_slice pin)
{
	char digits[STORE_PHONE_MAX + 1];
	size_t n = digits_of(e->phone, digits, sizeof(digits));

	return n >= PHONE_DIGITS_LEAST &&
	    memmem(digits, n, pin.at, pin.len) != NULL;
}

const char *
pin_rules_check_person(const struct store_employee *e, struct att_slice pin)
{
	if (is_number(e, pin))
		return N_("The PIN resembles the employee number.");
	if (is_birth_date(e, pin))
		return N_("The PIN resembles the date of birth.");
	if (is_phone(e, pin))
		return N_("The PIN resembles the telephone number.");
	return NULL;
}

/* Out only on ATT_OK: NULL while a guardian's consent holds today. */
static enum att_err
guardian_lacks(struct dialogue *d, const struct store_employee *e,
    struct att_date today, const char **why)
{
	struct store_consent c;
	enum att_err err =
	    store_consent_state(d->store, e->id, STORE_FOR_LOGIN, true, &c);

	if (err != ATT_OK && err != ATT_ABSENT)
		return err;
	*why = NULL;
	if (err == ATT_ABSENT || c.kind != STORE_CONSENT_GIVEN)
		*why = N_("The consent of your parent or guardian is missing.");
	else if (att_date_known(c.until) && att_date_cmp(today, c.until) > 0)
		*why = N_("The consent of your parent or guardian is no "
			  "longer valid.");
	return ATT_OK;
}

enum att_err
pin_rules_allow(
    struct dialogue *d, const struct store_employee *e, const char **why)
{
	struct att_date today = att_date_at(d->now.utc);
	const char *reason = NULL;
	enum att_err err = ATT_OK;

	if (e->state == STORE_ERASED)
		return ATT_ABSENT;
	if (!att_date_known(e->born_on)) {
		if (!d->config->allow_unknown_birth)
			reason = N_("Your date of birth is not on record.");
	} else if (att_age_on(e->born_on, today) < (int)d->config->majority) {
		err = guardian_lacks(d, e, today, &reason);
	}
	if (err != ATT_OK || reason == NULL)
		return err;
	*why = reason;
	return ATT_REFUSED;
}

/* Whether pin is one of the records; the work of a hash each. */
static enum att_err
is_reused(struct dialogue *d, const struct store_employee *e,
    struct att_slice pin, const pin_records past, size_t n, bool *reused)
{
	*reused = false;
	for (size_t i = 0; i < n && !*reused; i++) {
		enum att_err err =
		    vault_pin_verify(d->vault, e->id, pin, past[i], reused);

		if (err != ATT_OK)
			return err;
	}
	return ATT_OK;
}

/* The slow part, outside any transaction. */
static enum att_err
hash_checked(struct dialogue *d, const struct store_employee *e,
    struct att_slice pin, const pin_records past, size_t n,
    uint8_t record[VAULT_PIN_LEN], bool *reused)
{
	int turn = TURN_NONE;
	enum att_err err = turn_enter(d, &turn);

	if (err != ATT_OK)
		return err;
	err = is_reused(d, e, pin, past, n, reused);
	if (err == ATT_OK && !*reused)
		err = vault_pin_hash(d->vault, e->id, pin, record);
	turn_leave(&turn);
	return err;
}

/* Store it, provided that nothing it was checked against has changed. */
static enum att_err
store_checked(struct dialogue *d, const struct store_employee *e,
    const struct store_by *by, const uint8_t record[VAULT_PIN_LEN],
    bool must_change, const pin_records past, size_t n, const char **why)
{
	STORE_AUTO_TX struct store_tx tx = { 0 };
	struct store_employee fresh;
	pin_records now;
	size_t n_now = 0;
	enum att_err err = store_begin(d->store, &tx);

	if (err == ATT_OK)
		err = store_employee_by_number(d->store, e->number, &fresh);
	if (err == ATT_OK)
		err = pin_rules_allow(d, &fresh, why);
	if (err == ATT_OK)
		err = store_pin_past(d->store, e->id, now, &n_now);
	if (err == ATT_OK &&
	    (n != n_now || memcmp(past, now, n * VAULT_PIN_LEN) != 0))
		err = ATT_EXISTS;
	if (err == ATT_OK)
		err = store_pin_set(d->store, by, e->id, record, must_change);
	if (err == ATT_OK)
		err = store_commit(&tx);
	explicit_bzero(now, sizeof(now));
	return err;
}

enum att_err
pin_set_checked(struct dialogue *d, const struct store_employee *e,
    struct att_slice pin, bool must_change, const struct store_by *by,
    const char **why)
{
	const char *reason = pin_rules_check(d->config, pin);
	uint8_t record[VAULT_PIN_LEN];
	pin_records past;
	bool reused = false;
	size_t n = 0;
	enum att_err err;

	if (reason == NULL)
		reason = pin_rules_check_person(e, pin);
	if (reason != NULL) {
		*why = reason;
		return ATT_REFUSED;
	}
	err = pin_rules_allow(d, e, why);
	if (err != ATT_OK)
		return err;
	err = store_pin_past(d->store, e->id, past, &n);
	if (err == ATT_OK)
		err = hash_checked(d, e, pin, past, n, record, &reused);
	if (err == ATT_OK && reused) {
		*why = N_("This PIN was in use before.");
		err = ATT_REFUSED;
	}
	if (err == ATT_OK)
		err =
		    store_checked(d, e, by, record, must_change, past, n, why);
	explicit_bzero(record, sizeof(record));
	explicit_bzero(past, sizeof(past));
	return err;
}
