#include "pam_module/call.h"

#include "base/owner.h"
#include "pam_module/talk.h"
#include "wire/relay.h"

#include <locale.h>
#include <security/pam_ext.h>
#include <security/pam_modutil.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#define DELAY_MS_MAX 30000 /* whatever attendd asks for */

/* The request's strings, cleaned; they live as long as the call. */
struct fields {
	char service[WIRE_NAME_MAX + 1], ruser[WIRE_NAME_MAX + 1];
	char tty[WIRE_NAME_MAX + 1], rhost[WIRE_NAME_MAX + 1];
	char locale[WIRE_NAME_MAX + 1];
};

/* Cut, and '?' for what is not printable ASCII: rhost is anybody's to set. */
static void
clean(const char *text, char out[WIRE_NAME_MAX + 1])
{
	size_t n = text != NULL ? strnlen(text, WIRE_NAME_MAX) : 0;

	for (size_t i = 0; i < n; i++) {
		out[i] = text[i];
		if (text[i] < ' ' || text[i] > '~')
			out[i] = '?';
	}
	out[n] = '\0';
}

static void
item_read(pam_handle_t *pamh, int item, char out[WIRE_NAME_MAX + 1])
{
	const void *at = NULL;

	if (pam_get_item(pamh, item, &at) != PAM_SUCCESS)
		at = NULL;
	clean(at, out);
}

/*
 * Who calls. A setuid program may name whom it likes in PAM_RUSER, or nobody;
 * its real uid it has from the kernel. Uids without a name, of which a user
 * can have thousands (subuid), are one caller. What runs as root alone, as sudo
 * does by now, is believed.
 */
static void
caller_read(pam_handle_t *pamh, char out[WIRE_NAME_MAX + 1])
{
	const uid_t uid = getuid();

	if (uid == 0 || geteuid() != 0)
		item_read(pamh, PAM_RUSER, out);
	else
		(void)snprintf(out, WIRE_NAME_MAX + 1, WIRE_RUSER_UID "%lld",
		    pam_modutil_getpwuid(pamh, uid) != NULL ? (long long)uid
							    : -1);
}

static bool
says_nothing(const char *locale)
{
	return locale == NULL || locale[0] == '\0' ||
	    strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0 ||
	    strcmp(locale, "C.UTF-8") == 0;
}

/*
 * The language of the person, as near as it can be known: what a greeter put
 * into the PAM environment, what the application speaks (setuid programs read
 * LANG themselves), what the environment says.
 */
static const char *
wanted_locale(pam_handle_t *pamh)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
	const size_t n = sizeof(names) / sizeof(names[0]);
	const char *l;

	for (size_t i = 0; i < n; i++) {
		l = pam_getenv(pamh, names[i]);
		if (!says_nothing(l))
			return l;
	}
	l = setlocale(LC_MESSAGES, NULL); /* only looks */
	if (!says_nothing(l))
		return l;
	for (size_t i = 0; i < n; i++) {
		l = secure_getenv(names[i]);
		if (!says_nothing(l))
			return l;
	}
	return NULL;
}

static void
request_fill(const struct call *c, struct fields *f, struct wire_request *r)
{
	item_read(c->pamh, PAM_SERVICE, f->service);
	caller_read(c->pamh, f->ruser);
	item_read(c->pamh, PAM_TTY, f->tty);
	item_read(c->pamh, PAM_RHOST, f->rhost);
	clean(wanted_locale(c->pamh), f->locale);
	r->user = att_slice_of(c->user);
	r->service = att_slice_of(f->service);
	r->ruser = att_slice_of(f->ruser);
	r->tty = att_slice_of(f->tty);
	r->rhost = att_slice_of(f->rhost);
	r->locale = att_slice_of(f->locale);
	if ((c->flags & PAM_SILENT) != 0)
		r->flags |= WIRE_F_SILENT;
}

static enum att_err
dialogue(const struct call *c, struct talk *t, enum wire_phase phase,
    uint32_t flags, struct wire_verdict *out)
{
	struct wire_request request = { .phase = (uint8_t)phase,
		.flags = flags };
	struct relay_ops ops = talk_ops(t);
	struct fields fields;
	ATT_AUTO_FD int fd = -1;
	enum att_err e;

	*out = (struct wire_verdict){ .verdict = VERDICT_DENY };
	request_fill(c, &fields, &request);
	e = wire_connect(&fd, WIRE_CHECK_MS);
	if (e != ATT_OK)
		return e;
	return relay_run(fd, &request, NULL, 0, WIRE_CHECK_MS, &ops, out);
}

/*
 * The dialogue, and once more where that is right: somebody typed for longer
 * than attendd waits (a locked terminal over lunch) or it was restarted
 * meanwhile, then what was typed is said again, but not an agreement, which is
 * to the notice that was read; the token of a module before us was wrong, then
 * the person is asked.
 */
static enum att_err
dialogues(const struct call *c, struct talk *t, enum wire_phase phase,
    uint32_t flags, struct wire_verdict *out)
{
	enum att_err e = dialogue(c, t, phase, flags, out);

	if (e == ATT_CLOSED && t->asked == 1 && (t->held || t->entered)) {
		t->replay = t->phase != OUTCOME_ACCOUNT;
		talk_restart(t);
		return dialogue(c, t, phase, flags, out);
	}
	if (e == ATT_OK && out->verdict == VERDICT_DENY && t->used_token &&
	    t->options->try_first_pass && !t->options->use_first_pass &&
	    t->phase != OUTCOME_UPDATE) {
		t->skip_token = true;
		talk_restart(t);
		return dialogue(c, t, phase, flags, out);
	}
	return e;
}

static int
code_of(struct call *c, const struct talk *t, enum att_err e,
    const struct wire_verdict *v)
{
	enum att_verdict verdict =
	    e == ATT_OK ? v->verdict : VERDICT_UNAVAILABLE;

	if (t->again)
		return PAM_INCOMPLETE;
	if (e == ATT_NOMEM)
		return PAM_BUF_ERR;
	if (c->who != WHO_OURS && verdict == VERDICT_UNAVAILABLE)
		return call_not_ours(c);
	if (e != ATT_OK)
		pam_syslog(c->pamh, LOG_ERR,
		    "attendd cannot be asked why=%s person=%u: refused; see "
		    "attendctl doctor",
		    att_err_text(e), (unsigned)c->uid);
	if (verdict != VERDICT_ALLOW && t->unanswered &&
	    (t->phase == OUTCOME_PRELIM || t->phase == OUTCOME_UPDATE))
		return PAM_AUTHTOK_ERR;
	return outcome_code(t->phase, verdict);
}

void
call_begin(struct call *c, const char *user)
{
	c->user = user;
	c->who = who_is(c->pamh, user, &c->uid);
}

int
call_not_ours(const struct call *c)
{
	return c->options.ignore_unknown_user ? PAM_IGNORE : PAM_USER_UNKNOWN;
}

bool
call_options_ok(const struct call *c)
{
	const struct att_opt_error *bad = &c->options.bad;

	if (c->options.unknown.line > 0)
		pam_syslog(c->pamh, LOG_WARNING,
		    "option %u, %s: unknown, goes without; see pam_attend(8)",
		    c->options.unknown.line, c->options.unknown.key);
	if (bad->line == 0)
		return true;
	pam_syslog(c->pamh, LOG_ERR,
	    "option %u, %s: %s; refused until it is right, see pam_attend(8)",
	    bad->line, bad->key, bad->reason);
	return false;
}

void
call_delay(const struct call *c, uint32_t ms)
{
	if (c->options.nodelay)
		return;
	/* the longest of all that modules ask for counts */
	(void)pam_fail_delay(
	    c->pamh, (ms < DELAY_MS_MAX ? ms : DELAY_MS_MAX) * 1000);
}

int
call_ask(struct call *c, enum outcome_phase phase, enum wire_phase wire_phase,
    uint32_t wire_flags)
{
	struct talk t = { .pamh = c->pamh,
		.options = &c->options,
		.phase = phase,
		.silent = (c->flags & PAM_SILENT) != 0 };
	struct wire_verdict v;
	enum att_err e = dialogues(c, &t, wire_phase, wire_flags, &v);
	int rc = code_of(c, &t, e, &v);

	if (rc == PAM_SUCCESS)
		rc = talk_keep(&t);
	if (rc != PAM_SUCCESS && e == ATT_OK)
		call_delay(c, v.delay_ms);
	talk_end(&t);
	return rc;
}

/* As pam_get_user leaves it, whoever said the name. */
static int
take_user(struct call *c, const struct talk *t)
{
	const void *user = NULL;
	int rc = pam_set_item(c->pamh, PAM_USER, t->name);

	if (rc == PAM_SUCCESS)
		rc = pam_get_item(c->pamh, PAM_USER, &user);
	c->user = user;
	c->who = WHO_OURS;
	c->uid = t->uid;
	return rc;
}

bool
call_identify(struct call *c, int *rc)
{
	/* a token from before us is of nobody that we know */
	struct talk t = { .pamh = c->pamh,
		.options = &c->options,
		.phase = OUTCOME_AUTHENTICATE,
		.silent = (c->flags & PAM_SILENT) != 0,
		.identify = true,
		.skip_token = true };
	struct wire_verdict v;
	enum att_err e =
	    dialogues(c, &t, WIRE_AUTHENTICATE, WIRE_F_IDENTIFY, &v);
	int taken = t.name[0] != '\0' ? take_user(c, &t) : PAM_SUCCESS;
	bool done = t.named || t.again || taken != PAM_SUCCESS;

	*rc = taken;
	if (done && taken == PAM_SUCCESS)
		*rc = code_of(c, &t, e, &v);
	if (t.named && *rc == PAM_SUCCESS)
		*rc = talk_keep(&t);
	if (t.named && *rc != PAM_SUCCESS && e == ATT_OK)
		call_delay(c, v.delay_ms);
	talk_end(&t);
	return done;
}

void
call_tell(struct call *c, enum wire_phase wire_phase)
{
	struct talk t = { .pamh = c->pamh,
		.options = &c->options,
		.phase = OUTCOME_ACCOUNT,
		.silent = true };
	struct wire_verdict v;
	enum att_err e = dialogue(c, &t, wire_phase, 0, &v);

	if (e != ATT_OK || v.verdict != VERDICT_ALLOW)
		pam_syslog(c->pamh, LOG_WARNING,
		    "session not recorded person=%u why=%s", (unsigned)c->uid,
		    e != ATT_OK ? att_err_text(e) : "attendd declined");
	talk_end(&t);
}
