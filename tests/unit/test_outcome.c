#include "test.h"

#include "pam_module/options.h"
#include "pam_module/outcome.h"

#include <security/pam_modules.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *what;
	enum att_verdict verdict;
	int code[OUTCOME_PHASES]; /* authenticate, account, prelim, update */
} rows[] = {
	{ "let in", VERDICT_ALLOW,
	    { PAM_SUCCESS, PAM_SUCCESS, PAM_SUCCESS, PAM_SUCCESS } },
	{ "wrong PIN", VERDICT_DENY,
	    { PAM_AUTH_ERR, PAM_PERM_DENIED, PAM_AUTH_ERR, PAM_AUTH_ERR } },
	{ "unknown to the store", VERDICT_UNKNOWN,
	    { PAM_AUTH_ERR, PAM_PERM_DENIED, PAM_PERM_DENIED,
		PAM_PERM_DENIED } },
	{ "locked", VERDICT_LOCKED,
	    { PAM_MAXTRIES, PAM_PERM_DENIED, PAM_PERM_DENIED,
		PAM_PERM_DENIED } },
	{ "no consent", VERDICT_NO_CONSENT,
	    { PAM_PERM_DENIED, PAM_PERM_DENIED, PAM_PERM_DENIED,
		PAM_PERM_DENIED } },
	{ "employment ended", VERDICT_EXPIRED,
	    { PAM_PERM_DENIED, PAM_ACCT_EXPIRED, PAM_PERM_DENIED,
		PAM_PERM_DENIED } },
	{ "not now", VERDICT_NOT_NOW,
	    { PAM_PERM_DENIED, PAM_PERM_DENIED, PAM_PERM_DENIED,
		PAM_PERM_DENIED } },
	{ "unavailable", VERDICT_UNAVAILABLE,
	    { PAM_AUTHINFO_UNAVAIL, PAM_AUTHINFO_UNAVAIL, PAM_TRY_AGAIN,
		PAM_AUTHTOK_ERR } },
	{ "may not ask", VERDICT_REFUSED,
	    { PAM_AUTH_ERR, PAM_PERM_DENIED, PAM_PERM_DENIED,
		PAM_PERM_DENIED } },
	{ "a new PIN is due", VERDICT_MUST_CHANGE,
	    { PAM_AUTH_ERR, PAM_NEW_AUTHTOK_REQD, PAM_AUTH_ERR,
		PAM_AUTHTOK_ERR } },
	{ "new PIN refused", VERDICT_BAD_PIN,
	    { PAM_AUTH_ERR, PAM_PERM_DENIED, PAM_AUTHTOK_ERR,
		PAM_AUTHTOK_ERR } },
	{ "unlisted", (enum att_verdict)10,
	    { PAM_AUTH_ERR, PAM_PERM_DENIED, PAM_AUTH_ERR, PAM_AUTH_ERR } },
	{ "all bits", (enum att_verdict)0xffffffffu,
	    { PAM_AUTH_ERR, PAM_PERM_DENIED, PAM_AUTH_ERR, PAM_AUTH_ERR } },
};

TEST("each verdict has its PAM code in each phase")
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (int p = 0; p < OUTCOME_PHASES; p++) {
			int got = outcome_code(
			    (enum outcome_phase)p, rows[i].verdict);

			if (got != rows[i].code[p])
				printf("# %s, phase %d: %d\n", rows[i].what, p,
				    got);
			CHECK(got == rows[i].code[p]);
		}
}

TEST("only ALLOW becomes success, in every phase, whichever bit flips")
{
	for (int p = 0; p < OUTCOME_PHASES; p++) {
		enum outcome_phase phase = (enum outcome_phase)p;

		CHECK(outcome_code(phase, VERDICT_ALLOW) == PAM_SUCCESS);
		for (unsigned bit = 0; bit < 32; bit++)
			CHECK(outcome_code(phase,
				  (enum att_verdict)(VERDICT_ALLOW ^
				      (1u << bit))) != PAM_SUCCESS);
		for (unsigned v = 0; v < 256; v++)
			CHECK(outcome_code(phase, (enum att_verdict)v) !=
			    PAM_SUCCESS);
	}
}

TEST("no verdict about our people is ignored or passed to the next module")
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (int p = 0; p < OUTCOME_PHASES; p++) {
			int got = outcome_code(
			    (enum outcome_phase)p, rows[i].verdict);

			CHECK(got != PAM_IGNORE && got != PAM_USER_UNKNOWN);
		}
}

TEST("a phase that does not exist is an error, even for ALLOW")
{
	CHECK(outcome_code(OUTCOME_PHASES, VERDICT_ALLOW) == PAM_SYSTEM_ERR);
}

TEST("after authenticate sudo may ask again: four codes are all it sees")
{
	for (size_t i = 1; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int got = outcome_code(OUTCOME_AUTHENTICATE, rows[i].verdict);

		CHECK(got == PAM_AUTH_ERR || got == PAM_AUTHINFO_UNAVAIL ||
		    got == PAM_MAXTRIES || got == PAM_PERM_DENIED);
	}
}

TEST("every documented option sets its own switch and nothing else")
{
	static const char *const names[] = { "try_first_pass", "use_first_pass",
		"use_authtok", "ignore_unknown_user", "nodelay",
		"set_authtok" };

	for (unsigned i = 0; i < 6; i++) {
		struct options o;
		const char *argv[] = { names[i] };
		bool on[6];

		options_read(&o, 1, argv);
		memcpy(on,
		    (bool[]){ o.try_first_pass, o.use_first_pass, o.use_authtok,
			o.ignore_unknown_user, o.nodelay, o.set_authtok },
		    sizeof(on));
		for (unsigned k = 0; k < 6; k++)
			CHECK(on[k] == (k == i));
		CHECK(o.unknown.line == 0 && o.bad.line == 0);
	}
}

TEST("an unknown option is remembered and leaves the others standing")
{
	struct options o;
	const char *argv[] = { "nodelay", "debug", "use_first_pass" };

	options_read(&o, 3, argv);

	CHECK(o.nodelay && o.use_first_pass);
	CHECK(o.unknown.line == 2);
	CHECK(strcmp(o.unknown.key, "debug") == 0);
	CHECK(o.bad.line == 0);
}

TEST("an option with a bad value is remembered apart from unknown ones")
{
	struct options o;
	const char *argv[] = { "use_first_pass=maybe", "nodelay=no" };

	options_read(&o, 2, argv);

	CHECK(!o.use_first_pass);
	CHECK(o.bad.line == 1);
	CHECK(strcmp(o.bad.key, "use_first_pass") == 0);
	CHECK(o.unknown.line == 0);
}

TEST("without options everything is off")
{
	struct options o;

	options_read(&o, 0, NULL);

	CHECK(!o.try_first_pass && !o.use_first_pass && !o.use_authtok &&
	    !o.ignore_unknown_user && !o.nodelay && !o.set_authtok);
}
