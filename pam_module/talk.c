#include "pam_module/talk.h"

#include "base/text.h"
#include "pam_module/who.h"

#include <security/pam_appl.h>
#include <stdlib.h>
#include <string.h>

static void
response_free(struct pam_response *r)
{
	if (r == NULL)
		return;
	if (r->resp != NULL) {
		explicit_bzero(r->resp, strlen(r->resp));
		free(r->resp);
	}
	free(r);
}

/* One message to the application. *r is owned and may be NULL on success. */
static int
converse(
    pam_handle_t *pamh, int style, const char *text, struct pam_response **r)
{
	const struct pam_message msg = { .msg_style = style, .msg = text };
	const struct pam_message *list = &msg;
	const void *item = NULL;
	const struct pam_conv *conv;

	*r = NULL;
	if (pam_get_item(pamh, PAM_CONV, &item) != PAM_SUCCESS || item == NULL)
		return PAM_CONV_ERR;
	conv = item;
	if (conv->conv == NULL)
		return PAM_CONV_ERR;
	return conv->conv(1, &list, r, conv->appdata_ptr);
}

/* What steers terminals is not passed on; lines may break. */
static void
plain_text(struct att_slice s, char out[WIRE_TEXT_MAX + 1])
{
	size_t len = 0;
	uint32_t code = 0;

	while (s.len > 0 && len < WIRE_TEXT_MAX) {
		size_t n = att_utf8_next(s.at, s.len, &code);
		bool odd =
		    n == 0 || (att_code_is_control(code) && code != '\n');

		if (n == 0)
			n = 1;
		if (odd)
			out[len++] = '?';
		else if (n > WIRE_TEXT_MAX - len)
			break;
		else
			for (size_t i = 0; i < n; i++)
				out[len++] = (char)s.at[i];
		s.at += n;
		s.len -= n;
	}
	out[len] = '\0';
}

static void
hold(struct talk *t, const char *text, size_t len)
{
	memcpy(t->answer, text, len);
	t->answer[len] = '\0';
	t->held = true;
}

/* The kind of answer that is kept in this phase. */
static uint8_t
kept_kind(const struct talk *t)
{
	switch (t->phase) {
	case OUTCOME_AUTHENTICATE:
	case OUTCOME_PRELIM: return WIRE_FOR_PIN;
	case OUTCOME_UPDATE: return WIRE_FOR_NEW_PIN;
	case OUTCOME_ACCOUNT:
	case OUTCOME_PHASES: break;
	}
	return WIRE_FOR_TEXT;
}

/*
 * Where an answer may come from without asking, and whether it must.
 * PAM_AUTHTOK belongs to whoever set it: it is read only where an option or
 * the two halves of a PIN change say so.
 */
struct source {
	int item; /* 0: none */
	bool only; /* ask nobody, even if the item is empty */
};

static struct source
source_of(const struct talk *t, uint8_t wanted)
{
	const struct options *o = t->options;
	bool first = o->use_first_pass || o->try_first_pass;

	if (t->phase == OUTCOME_AUTHENTICATE && wanted == WIRE_FOR_PIN)
		return (struct source){ first ? PAM_AUTHTOK : 0,
			o->use_first_pass };
	if (t->phase == OUTCOME_PRELIM && wanted == WIRE_FOR_PIN)
		return (struct source){ first ? PAM_OLDAUTHTOK : 0,
			o->use_first_pass };
	if (t->phase == OUTCOME_UPDATE && wanted == WIRE_FOR_PIN)
		return (struct source){ PAM_OLDAUTHTOK, o->use_first_pass };
	if (t->phase == OUTCOME_UPDATE &&
	    (wanted == WIRE_FOR_NEW_PIN || wanted == WIRE_FOR_NEW_PIN_AGAIN))
		return (struct source){ o->use_authtok ? PAM_AUTHTOK : 0,
			o->use_authtok };
	return (struct source){ 0, false };
}

/* An item answers each kind once: a second question means that it was wrong. */
static bool
first_time(struct talk *t, uint8_t wanted)
{
	uint32_t bit = wanted < 32 ? (uint32_t)1 << wanted : 0;
	bool first = (t->given & bit) == 0;

	t->given |= bit;
	return first && bit != 0;
}

static const char *
token(const struct talk *t, int item)
{
	const void *at = NULL;

	if (item == 0 || pam_get_item(t->pamh, item, &at) != PAM_SUCCESS)
		return NULL;
	return at;
}

static enum att_err
give(struct talk *t, uint8_t wanted, const char *text, char *buf, size_t *len)
{
	size_t n = strnlen(text, WIRE_ANSWER_MAX + 1);

	if (n > WIRE_ANSWER_MAX) {
		t->unanswered = true;
		return ATT_ABSENT; /* longer than any PIN */
	}
	memcpy(buf, text, n);
	*len = n;
	if (wanted == kept_kind(t) && text != t->answer)
		hold(t, text, n);
	return ATT_OK;
}

/*
 * An application that says "again" calls us anew and must be asked the same
 * question: that is so only if it was the first one.
 */
static enum att_err
no_answer(struct talk *t, int rc)
{
	if (rc == PAM_CONV_AGAIN && t->asked == 1) {
		t->again = true;
		return ATT_REFUSED;
	}
	t->unanswered = true;
	return ATT_ABSENT;
}

/*
 * Who is it? Nothing typed goes to attendd. A name ends the dialogue: the next
 * one, if there is one, is about it.
 */
static enum att_err
take_name(struct talk *t, const char *text, size_t *len)
{
	size_t n = strnlen(text, WIRE_ANSWER_MAX + 1);

	if (n > WIRE_ANSWER_MAX) {
		t->unanswered = true;
		return ATT_ABSENT; /* longer than any name */
	}
	t->entered = n == 0;
	*len = 0;
	if (t->entered)
		return ATT_OK;
	memcpy(t->name, text, n);
	t->name[n] = '\0';
	return ATT_REFUSED;
}

static bool
asks_who(const struct talk *t)
{
	return t->identify && !t->named;
}

static enum att_err
ask_person(struct talk *t, const struct wire_ask *ask, char *buf, size_t *len)
{
	char prompt[WIRE_TEXT_MAX + 1];
	struct pam_response *r;
	enum att_err e;
	int rc;

	plain_text(ask->prompt, prompt);
	t->asked++;
	rc = converse(t->pamh,
	    ask->echo == 1 ? PAM_PROMPT_ECHO_ON : PAM_PROMPT_ECHO_OFF, prompt,
	    &r);
	if (rc != PAM_SUCCESS || r == NULL || r->resp == NULL)
		e = no_answer(t, rc);
	else if (asks_who(t))
		e = take_name(t, r->resp, len);
	else
		e = give(t, ask->wanted, r->resp, buf, len);
	response_free(r);
	return e;
}

static enum att_err
on_ask(void *ctx, const struct wire_ask *ask, char *buf, size_t *len)
{
	struct talk *t = ctx;
	struct source s = source_of(t, ask->wanted);
	bool fresh = first_time(t, ask->wanted);
	const char *text = NULL;

	if (asks_who(t) && ask->wanted != WIRE_FOR_TEXT)
		return ATT_FORMAT; /* a PIN is somebody's */
	if (fresh && t->replay && asks_who(t))
		return take_name(t, "", len);
	if (fresh && t->replay && t->held && ask->wanted == kept_kind(t))
		return give(t, ask->wanted, t->answer, buf, len);
	if (fresh && !t->skip_token)
		text = token(t, s.item);
	if (text != NULL) {
		if (ask->wanted == WIRE_FOR_PIN)
			t->used_token = true;
		return give(t, ask->wanted, text, buf, len);
	}
	if (!s.only)
		return ask_person(t, ask, buf, len);
	t->unanswered = true;
	return ATT_ABSENT;
}

/* Only one of our people, as a name that is typed has to be. */
static enum att_err
on_name(void *ctx, struct att_slice login)
{
	struct talk *t = ctx;
	char name[WIRE_NAME_MAX + 1];
	enum att_err e = att_slice_str(login, name, sizeof(name));

	if (!asks_who(t) || e != ATT_OK ||
	    who_is(t->pamh, name, &t->uid) != WHO_OURS)
		return ATT_FORMAT;
	memcpy(t->name, name, sizeof(name));
	t->named = true;
	return ATT_OK;
}

/* Never depended on: many applications show nothing. */
static void
on_text(void *ctx, bool warn, struct att_slice text)
{
	struct talk *t = ctx;
	char plain[WIRE_TEXT_MAX + 1];
	struct pam_response *r;

	if (t->silent || ++t->shown > TALK_TEXTS_MAX)
		return;
	plain_text(text, plain);
	(void)converse(
	    t->pamh, warn ? PAM_ERROR_MSG : PAM_TEXT_INFO, plain, &r);
	response_free(r);
}

struct relay_ops
talk_ops(struct talk *t)
{
	return (struct relay_ops){
		.ask = on_ask, .name = on_name, .text = on_text, .ctx = t
	};
}

void
talk_restart(struct talk *t)
{
	t->given = 0;
	t->used_token = false;
	t->unanswered = false;
	t->named = false;
	t->name[0] = '\0';
}

int
talk_keep(const struct talk *t)
{
	if (!t->held)
		return PAM_SUCCESS;
	switch (t->phase) {
	case OUTCOME_AUTHENTICATE:
		if (!t->options->set_authtok)
			return PAM_SUCCESS;
		return pam_set_item(t->pamh, PAM_AUTHTOK, t->answer);
	case OUTCOME_PRELIM:
		return pam_set_item(t->pamh, PAM_OLDAUTHTOK, t->answer);
	case OUTCOME_UPDATE:
		return pam_set_item(t->pamh, PAM_AUTHTOK, t->answer);
	case OUTCOME_ACCOUNT:
	case OUTCOME_PHASES: break;
	}
	return PAM_SUCCESS;
}

void
talk_end(struct talk *t)
{
	explicit_bzero(t, sizeof(*t));
}
