#include "store/carry.h"

#include "base/owner.h"
#include "store/disclosure.h"
#include "store/request.h"

#include <string.h>

struct carrying {
	struct store *from, *to;
	const struct store_by *by;
	struct store_carried n;
	uint8_t person[VAULT_ID_LEN]; /* whose disclosures were carried last */
	bool any;
	enum att_err err; /* of the store that is written */
};

/* What became of one. True: go on. */
static bool
note(struct carrying *c, enum att_err e, bool done, uint64_t *n)
{
	if (e == ATT_ABSENT || e == ATT_EXISTS)
		c->n.lost++;
	else
		c->err = e;
	*n += done;
	return c->err == ATT_OK;
}

static bool
carry_notice(void *ctx, const struct store_notice *n)
{
	struct carrying *c = ctx;
	char brief[STORE_SHORT_BYTES];
	ATT_AUTO_FREE char *whole = NULL;
	struct store_notice same;
	bool done = false;
	enum att_err e = store_notice_get(
	    c->from, n->version, n->lang, &same, brief, &whole);

	if (e != ATT_OK)
		return note(c, ATT_ABSENT, false, &c->n.notices);
	e = store_notice_apply(c->to, c->by, n, brief, whole, &done);
	return note(c, e, done, &c->n.notices);
}

static bool
carry_disclosure(void *ctx, const struct store_disclosure *d)
{
	struct carrying *c = ctx;
	bool done = false;
	enum att_err e =
	    store_disclosure_apply(c->to, c->by, c->person, d, &done);

	return note(c, e, done, &c->n.disclosures);
}

/* Opened are only those of people with one that is new. */
static bool
carry_act(void *ctx, const uint8_t person[VAULT_ID_LEN], const uint8_t act[16])
{
	struct carrying *c = ctx;
	bool known = false;

	if (c->any && memcmp(c->person, person, VAULT_ID_LEN) == 0)
		return true;
	c->err = store_disclosure_known(c->to, person, act, &known);
	if (c->err != ATT_OK || known)
		return c->err == ATT_OK;
	c->any = true;
	memcpy(c->person, person, VAULT_ID_LEN);
	if (store_disclosure_list(c->from, person, carry_disclosure, c) !=
	    ATT_OK)
		c->n.lost++;
	return c->err == ATT_OK;
}

static bool
carry_request(void *ctx, const struct store_request *r)
{
	struct carrying *c = ctx;
	bool done = false;
	enum att_err e = store_request_apply(c->to, c->by, r, &done);

	return note(c, e, done, &c->n.requests);
}

enum att_err
carry_promised(struct store *from, struct store *to, const struct store_by *by,
    struct store_carried *n)
{
	struct carrying c = { .from = from, .to = to, .by = by };

	if (store_notice_list(from, carry_notice, &c) != ATT_OK)
		c.n.lost++;
	if (c.err == ATT_OK &&
	    store_disclosure_acts(from, carry_act, &c) != ATT_OK)
		c.n.lost++;
	if (c.err == ATT_OK &&
	    store_request_list(from, NULL, true, carry_request, &c) != ATT_OK)
		c.n.lost++;
	*n = c.n;
	return c.err;
}
