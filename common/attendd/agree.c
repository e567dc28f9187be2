#include "attendd/agree.h"

#include <string.h>
#include <strings.h>

#define ASKS_MAX 3 /* unclear answers before giving up */

static const char *const purpose_texts[STORE_PURPOSE_COUNT] = {
	[STORE_FOR_LOGIN] = N_("logging in at the kiosks"),
	[STORE_FOR_ATTENDANCE] =
	    N_("keeping when you log in and out as your attendance"),
	[STORE_FOR_FINGER] = N_("recognising you by your fingerprint"),
	[STORE_FOR_FACE] = N_("recognising you by your face"),
	[STORE_FOR_PHOTO] = N_("keeping a photo of you"),
	[STORE_FOR_LOCATION] = N_("recording where you log in"),
	[STORE_FOR_DISCLOSURE] = N_("giving data about you to somebody else"),
};

const char *
agree_purpose_text(enum store_purpose p)
{
	return p < STORE_PURPOSE_COUNT ? _(purpose_texts[p]) : "";
}

static bool
is_one_of(const char *answer, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcasecmp(answer, *words) == 0)
			return true;
	return false;
}

enum att_err
agree_ask(struct dialogue *d, bool *agrees)
{
	static const char *const yes[] = { "yes", "y", "是", "同意", NULL };
	static const char *const no[] = { "no", "n", "否", "不同意", NULL };
	struct att_slice answer;

	for (int i = 0; i < ASKS_MAX; i++) {
		enum att_err e = dialogue_ask(d, WIRE_FOR_TEXT, true,
		    _("Do you agree? (yes/no): "), &answer);

		if (e != ATT_OK)
			return e;
		*agrees = is_one_of((const char *)answer.at, yes);
		if (*agrees || is_one_of((const char *)answer.at, no))
			return ATT_OK;
	}
	return ATT_ABSENT;
}

enum att_err
agree_show(struct dialogue *d, struct store_notice *n)
{
	char text[STORE_SHORT_BYTES];
	enum att_err e = store_notice_in_force(
	    d->store, d->now.utc, d->locale, n, text, NULL);

	if (e != ATT_OK)
		return e;
	dialogue_inform(d, "%s", text);
	dialogue_inform(d,
	    _("Privacy notice, version %s. Read it whole with: attendctl me "
	      "notice"),
	    n->version);
	return ATT_OK;
}

/* What is signed is what was read, not what was published meanwhile. */
static enum att_err
is_in_force(struct dialogue *d, const struct store_notice *n)
{
	struct store_notice now;
	enum att_err e = store_notice_in_force(
	    d->store, d->now.utc, d->locale, &now, NULL, NULL);

	if (e != ATT_OK)
		return e;
	return strcmp(now.version, n->version) == 0 &&
		memcmp(now.hash, n->hash, sizeof(now.hash)) == 0
	    ? ATT_OK
	    : ATT_ABSENT;
}

enum att_err
agree_record(struct dialogue *d, const struct store_by *by,
    const uint8_t person[VAULT_ID_LEN], const struct store_notice *n,
    bool agrees, struct store_consent *c)
{
	enum att_err e = is_in_force(d, n);

	c->kind = agrees ? STORE_CONSENT_GIVEN : STORE_CONSENT_REFUSED;
	if (e == ATT_OK)
		e = store_consent_record(d->store, by, person, d->locale, c);
	if (e == ATT_OK)
		e = store_notice_mark_shown(d->store, by, person, n->version);
	return e;
}
