/*
 * Factors and expressions of factors: what must be proven to log in, and the
 * text form that attend.conf and attendctl explain use for it.
 */
#ifndef ATT_GATE_FACTORS_H
#define ATT_GATE_FACTORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Factors, as bits. PIN needs no purpose of its own. */
enum gate_factor {
	GATE_PIN = 1 << 0,
	GATE_FINGER = 1 << 1,
	GATE_FACE = 1 << 2,
	GATE_BADGE = 1 << 3,
	GATE_TERMINAL = 1 << 4,
	GATE_FACTOR_COUNT = 5,
};

/* Factors that process a body: never without a consent of their own. */
#define GATE_BIOMETRIC (GATE_FINGER | GATE_FACE)

/*
 * A factor expression: any of the alternatives, each a set of factors that
 * must all be proven. "finger+pin, pin" is { FINGER|PIN, PIN }.
 */
#define GATE_ALTERNATIVES_MAX 8
struct gate_factors {
	uint8_t n;
	uint8_t any_of[GATE_ALTERNATIVES_MAX];
};

/*
 * Parse a factor expression: names joined by '+', alternatives by ',', with
 * blanks and tabs between them as one likes.
 *
 * NULL on success; else the English reason, static: "empty alternative",
 * "unknown factor", "factor named twice", "alternative given twice", "more
 * alternatives than allowed" or "no way in without biometrics" (every
 * alternative needs a finger or a face). *out is written only on success.
 */
const char *gate_factors_parse(const char *text, struct gate_factors *out);

/* "pin+finger, pin" into buf; the longest expression fits 256 bytes. */
#define GATE_FACTORS_TEXT 256
void gate_factors_format(const struct gate_factors *f, char *buf, size_t cap);

/* One set of factors, as "pin+finger"; "none" for the empty set. */
void gate_factor_set_format(uint8_t set, char *buf, size_t cap);

/* The same alternatives, each with `must` in it, none of them twice. */
struct gate_factors
gate_factors_require(const struct gate_factors *f, enum gate_factor must);

/*
 * Whether what is proven suffices: one alternative, not empty, has all its
 * factors in `proven`. An expression out of bounds is met by nothing.
 */
bool gate_factors_met(const struct gate_factors *f, uint8_t proven);

#endif
