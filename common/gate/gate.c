#include "gate/gate.h"

#include "gate/checks.h"

static const struct reason {
	const char *id;
	enum att_verdict verdict;
	const char *message;
} reasons[GATE_REASON_COUNT] = {
#define X(name, id, verdict, message) \
	[GATE_R_##name] = { (id), (verdict), (message) },
	GATE_REASONS(X)
#undef X
};

static const struct reason *
reason_of(enum gate_reason r)
{
	if ((unsigned)r >= GATE_REASON_COUNT)
		r = GATE_R_NOT_PROVEN;
	return &reasons[r];
}

/* Whether the person could mend it by agreeing now. */
static bool
is_askable(const struct gate_facts *f, enum gate_reason r)
{
	if (gate_is_minor(f) || f->notice_major == 0)
		return false;
	return r == GATE_R_CONSENT_MISSING || r == GATE_R_CONSENT_DECLINED ||
	    r == GATE_R_NOTICE_CHANGED;
}

static bool
is_left_to_account(const struct gate_facts *f, enum gate_reason r)
{
	return f->phase == GATE_AUTHENTICATE && f->account_follows &&
	    is_askable(f, r);
}

struct gate_decision
gate_explain(const struct gate_facts *f, gate_step *step, void *ctx)
{
	enum gate_reason first = GATE_R_OK;
	struct gate_fact fact = { "" };

	for (size_t i = 0; i < GATE_CHECKS; i++) {
		const struct gate_check *c = &gate_checks[i];
		enum gate_reason r = c->look(f, step != NULL ? &fact : NULL);

		if (step != NULL)
			step(ctx, c->name, r, fact.text);
		if (first == GATE_R_OK && !is_left_to_account(f, r))
			first = r;
	}
	return (struct gate_decision){ .verdict = reason_of(first)->verdict,
		.reason = first,
		.askable = is_askable(f, first) };
}

struct gate_decision
gate_decide(const struct gate_facts *f)
{
	return gate_explain(f, NULL, NULL);
}

const char *
gate_reason_id(enum gate_reason r)
{
	return reason_of(r)->id;
}

const char *
gate_reason_message(enum gate_reason r)
{
	return reason_of(r)->message;
}

uint32_t
gate_majority(const struct gate_facts *f)
{
	return f->majority < GATE_MAJORITY_MIN ? GATE_MAJORITY_MIN
					       : f->majority;
}

bool
gate_is_minor(const struct gate_facts *f)
{
	int age;

	if (!att_date_known(f->born_on))
		return !f->allow_unknown_birth;
	if (!att_date_valid(f->born_on))
		return true;
	age = att_age_on(f->born_on, f->today);
	return age < 0 || (uint32_t)age < gate_majority(f);
}
