/*
 * pam_attend.so: the six entry points. Each decides first whose name it is;
 * everything else is attendd's to decide. Nothing is kept between calls:
 * applications run the phases in different processes.
 */
#include "pam_module/call.h"

#include <errno.h>
#include <security/pam_modules.h>
#include <unistd.h>

#define EXPORT	 __attribute__((visibility("default")))
#define DELAY_MS 2000 /* after a failed login, unless attendd wants more */

static struct call
call_of(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	struct call c = { .pamh = pamh, .flags = (unsigned)flags };

	options_read(&c.options, argc, argv);
	return c;
}

/* The name, without asking for one. */
static const char *
user_of(pam_handle_t *pamh)
{
	const void *user = NULL;

	return pam_get_item(pamh, PAM_USER, &user) == PAM_SUCCESS ? user : NULL;
}

/*
 * With an option that is wrong, or a token that must do without a question,
 * the name is asked for as ever.
 */
static bool
may_identify(const struct call *c)
{
	return c->options.identify && c->options.bad.line == 0 &&
	    !c->options.use_first_pass && user_of(c->pamh) == NULL;
}

static int
authenticate(struct call *c)
{
	const char *user = NULL;
	int rc;

	/* before anything can fail, so that every failure takes as long */
	call_delay(c, DELAY_MS);
	if (may_identify(c) && call_identify(c, &rc))
		return rc;
	rc = pam_get_user(c->pamh, &user, NULL);
	if (rc != PAM_SUCCESS)
		return rc == PAM_CONV_AGAIN ? PAM_INCOMPLETE : rc;
	call_begin(c, user);
	if (c->who == WHO_OTHERS)
		return call_not_ours(c);
	if (!call_options_ok(c))
		return PAM_SYSTEM_ERR;
	/* nobody's name takes the same way as somebody's */
	return call_ask(c, OUTCOME_AUTHENTICATE, WIRE_AUTHENTICATE, 0);
}

EXPORT int
pam_sm_authenticate(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	int saved = errno;
	struct call c = call_of(pamh, flags, argc, argv);
	int rc = authenticate(&c);

	errno = saved;
	return rc;
}

/*
 * Nothing to set, and it must not fail: libpam walks the way that
 * authenticate took and counts every refusal here.
 */
EXPORT int
pam_sm_setcred(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	return PAM_SUCCESS;
}

static int
account(struct call *c)
{
	call_begin(c, user_of(c->pamh));
	if (c->who != WHO_OURS)
		return call_not_ours(c);
	if (!call_options_ok(c))
		return PAM_SYSTEM_ERR;
	return call_ask(c, OUTCOME_ACCOUNT, WIRE_ACCOUNT, 0);
}

EXPORT int
pam_sm_acct_mgmt(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	int saved = errno;
	struct call c = call_of(pamh, flags, argc, argv);
	int rc = account(&c);

	errno = saved;
	return rc;
}

/*
 * Success also for others' sessions: a stack in which every module ignores
 * somebody fails for him.
 */
static int
session(pam_handle_t *pamh, int flags, int argc, const char **argv,
    enum wire_phase phase)
{
	int saved = errno;
	struct call c = call_of(pamh, flags, argc, argv);

	call_begin(&c, user_of(pamh));
	if (c.who == WHO_OURS)
		call_tell(&c, phase);
	errno = saved;
	return PAM_SUCCESS;
}

EXPORT int
pam_sm_open_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	return session(pamh, flags, argc, argv, WIRE_OPEN_SESSION);
}

EXPORT int
pam_sm_close_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	return session(pamh, flags, argc, argv, WIRE_CLOSE_SESSION);
}

static int
change_pin(struct call *c)
{
	bool prelim = (c->flags & PAM_PRELIM_CHECK) != 0;
	bool update = (c->flags & PAM_UPDATE_AUTHTOK) != 0;
	uint32_t flags = prelim ? WIRE_F_PRELIM : 0;
	const char *user = NULL;
	int rc;

	if (prelim == update)
		return PAM_ABORT;
	rc = pam_get_user(c->pamh, &user, NULL);
	if (rc != PAM_SUCCESS)
		return rc == PAM_CONV_AGAIN ? PAM_INCOMPLETE : rc;
	call_begin(c, user);
	if (c->who != WHO_OURS)
		return call_not_ours(c);
	if (!call_options_ok(c))
		return PAM_SYSTEM_ERR;
	call_delay(c, DELAY_MS);
	if ((c->flags & PAM_CHANGE_EXPIRED_AUTHTOK) != 0)
		flags |= WIRE_F_EXPIRED;
	if (getuid() == 0)
		flags |= WIRE_F_BY_ROOT;
	return call_ask(c, prelim ? OUTCOME_PRELIM : OUTCOME_UPDATE,
	    WIRE_CHANGE_PIN, flags);
}

EXPORT int
pam_sm_chauthtok(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	int saved = errno;
	struct call c = call_of(pamh, flags, argc, argv);
	int rc = change_pin(&c);

	errno = saved;
	return rc;
}
