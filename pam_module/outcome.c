#include "pam_module/outcome.h"

#include <security/pam_modules.h>

struct codes {
	int of[OUTCOME_PHASES];
};

#define CODES(auth, account, prelim, update)                                  \
	(struct codes)                                                        \
	{                                                                     \
		{                                                             \
			PAM_##auth, PAM_##account, PAM_##prelim, PAM_##update \
		}                                                             \
	}

/*
 * authenticate keeps to the four codes after which sudo asks again. A name of
 * ours that attendd does not know (erased, and the directory still lists it)
 * is refused: USER_UNKNOWN would hand it to the next module.
 */
static struct codes
codes_of(enum att_verdict v)
{
	/* authenticate, account, PIN change: prelim and update */
	switch (v) { /* no default: -Wswitch names a forgotten one */
	case VERDICT_ALLOW: return CODES(SUCCESS, SUCCESS, SUCCESS, SUCCESS);
	case VERDICT_UNKNOWN:
		return CODES(AUTH_ERR, PERM_DENIED, PERM_DENIED, PERM_DENIED);
	case VERDICT_LOCKED:
		return CODES(MAXTRIES, PERM_DENIED, PERM_DENIED, PERM_DENIED);
	case VERDICT_NO_CONSENT:
	case VERDICT_NOT_NOW:
		return CODES(
		    PERM_DENIED, PERM_DENIED, PERM_DENIED, PERM_DENIED);
	case VERDICT_EXPIRED:
		return CODES(
		    PERM_DENIED, ACCT_EXPIRED, PERM_DENIED, PERM_DENIED);
	case VERDICT_UNAVAILABLE:
		return CODES(
		    AUTHINFO_UNAVAIL, AUTHINFO_UNAVAIL, TRY_AGAIN, AUTHTOK_ERR);
	case VERDICT_REFUSED:
		return CODES(AUTH_ERR, PERM_DENIED, PERM_DENIED, PERM_DENIED);
	case VERDICT_MUST_CHANGE:
		return CODES(AUTH_ERR, NEW_AUTHTOK_REQD, AUTH_ERR, AUTHTOK_ERR);
	case VERDICT_BAD_PIN:
		return CODES(AUTH_ERR, PERM_DENIED, AUTHTOK_ERR, AUTHTOK_ERR);
	case VERDICT_DENY: break;
	}
	return CODES(AUTH_ERR, PERM_DENIED, AUTH_ERR, AUTH_ERR);
}

int
outcome_code(enum outcome_phase phase, enum att_verdict v)
{
	const struct codes c = codes_of(v);

	return phase < OUTCOME_PHASES ? c.of[phase] : PAM_SYSTEM_ERR;
}
