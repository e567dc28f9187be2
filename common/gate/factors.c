#include "gate/factors.h"

#include "base/bytes.h"

#include <stdio.h>
#include <string.h>

/* In the order of the bits. */
static const char *const names[GATE_FACTOR_COUNT] = { "pin", "finger", "face",
	"badge", "terminal" };

#define KNOWN ((1 << GATE_FACTOR_COUNT) - 1)

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The part before the separator, without blanks around; *text goes past. */
static struct att_slice
next_part(const char **text, size_t len, char separator)
{
	const char *at = *text;
	const char *end = memchr(at, separator, len);
	size_t n = end != NULL ? (size_t)(end - at) : len;

	*text = end != NULL ? end + 1 : NULL;
	while (n > 0 && is_blank(at[0])) {
		at++;
		n--;
	}
	while (n > 0 && is_blank(at[n - 1]))
		n--;
	return (struct att_slice){ .at = (const uint8_t *)at, .len = n };
}

/* The factor's bit, or 0. */
static uint8_t
factor_of(struct att_slice name)
{
	for (int i = 0; i < GATE_FACTOR_COUNT; i++)
		if (att_slice_is(name, names[i]))
			return (uint8_t)(1 << i);
	return 0;
}

static const char *
parse_alternative(struct att_slice text, uint8_t *set)
{
	const char *end = (const char *)text.at + text.len;
	const char *at = (const char *)text.at;

	*set = 0;
	if (text.len == 0)
		return "empty alternative";
	while (at != NULL) {
		uint8_t bit =
		    factor_of(next_part(&at, (size_t)(end - at), '+'));

		if (bit == 0)
			return "unknown factor";
		if ((*set & bit) != 0)
			return "factor named twice";
		*set |= bit;
	}
	return NULL;
}

static bool
has_alternative(const struct gate_factors *f, uint8_t set)
{
	for (uint8_t i = 0; i < f->n; i++)
		if (f->any_of[i] == set)
			return true;
	return false;
}

static bool
spares_the_body(const struct gate_factors *f)
{
	for (uint8_t i = 0; i < f->n; i++)
		if ((f->any_of[i] & GATE_BIOMETRIC) == 0)
			return true;
	return false;
}

const char *
gate_factors_parse(const char *text, struct gate_factors *out)
{
	struct gate_factors f = { 0 };

	while (text != NULL) {
		struct att_slice part = next_part(&text, strlen(text), ',');
		uint8_t set;
		const char *why = parse_alternative(part, &set);

		if (why != NULL)
			return why;
		if (has_alternative(&f, set))
			return "alternative given twice";
		if (f.n == GATE_ALTERNATIVES_MAX)
			return "more alternatives than allowed";
		f.any_of[f.n++] = set;
	}
	if (!spares_the_body(&f))
		return "no way in without biometrics";
	*out = f;
	return NULL;
}

void
gate_factor_set_format(uint8_t set, char *buf, size_t cap)
{
	size_t len = 0;

	(void)snprintf(buf, cap, "%s", (set & KNOWN) == 0 ? "none" : "");
	for (int i = 0; i < GATE_FACTOR_COUNT; i++)
		if ((set & 1 << i) != 0 && len < cap)
			len += (size_t)snprintf(buf + len, cap - len, "%s%s",
			    len > 0 ? "+" : "", names[i]);
}

void
gate_factors_format(const struct gate_factors *f, char *buf, size_t cap)
{
	char set[GATE_FACTORS_TEXT];
	size_t len = 0;

	if (cap > 0)
		buf[0] = '\0';
	for (uint8_t i = 0; i < f->n && i < GATE_ALTERNATIVES_MAX; i++) {
		gate_factor_set_format(f->any_of[i], set, sizeof(set));
		if (len < cap)
			len += (size_t)snprintf(buf + len, cap - len, "%s%s",
			    i > 0 ? ", " : "", set);
	}
}

struct gate_factors
gate_factors_require(const struct gate_factors *f, enum gate_factor must)
{
	struct gate_factors r = { 0 };

	for (uint8_t i = 0; i < f->n && i < GATE_ALTERNATIVES_MAX; i++) {
		uint8_t set = (uint8_t)(f->any_of[i] | must);

		if (!has_alternative(&r, set))
			r.any_of[r.n++] = set;
	}
	return r;
}

bool
gate_factors_met(const struct gate_factors *f, uint8_t proven)
{
	if (f->n > GATE_ALTERNATIVES_MAX)
		return false;
	for (uint8_t i = 0; i < f->n; i++) {
		uint8_t set = f->any_of[i];

		if (set != 0 && (set & ~(proven & KNOWN)) == 0)
			return true;
	}
	return false;
}
