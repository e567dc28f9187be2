/* The bytes of a ledger, as keep.h documents them, read and written. */
#include "store/tidy.h"

#include "base/owner.h"
#include "store/keep.h"

#include <stdlib.h>
#include <string.h>

#define MAGIC	    "attend-erasures-2\n"
#define MAGIC_1	    "attend-erasures-1\n" /* without refusals */
#define MAGIC_LEN   (sizeof(MAGIC) - 1)
#define ENTRY_MIN   (VAULT_ID_LEN + 4 + 8 + 3)
#define REFUSAL_MIN (VAULT_ID_LEN + 16 + 1 + 8 + 1)

static void
take_text(struct att_reader *r, char *buf, size_t cap)
{
	struct att_slice s = att_take_str8(r);

	if (att_slice_str(s, buf, cap) != ATT_OK)
		r->failed = true;
}

static void
take_entry(struct att_reader *r, struct store_erasure *x)
{
	struct att_slice id = att_take_bytes(r, sizeof(x->person));

	if (id.len == sizeof(x->person))
		memcpy(x->person, id.at, id.len);
	x->uid = att_take_le32(r);
	x->at_utc = (int64_t)att_take_le64(r);
	take_text(r, x->number, sizeof(x->number));
	take_text(r, x->login, sizeof(x->login));
	take_text(r, x->reason, sizeof(x->reason));
}

static void
take_refusal(struct att_reader *r, struct store_refusal *x)
{
	struct att_slice person = att_take_bytes(r, sizeof(x->person));
	struct att_slice event = att_take_bytes(r, sizeof(x->event));
	uint8_t by_guardian = att_take_u8(r);
	char purpose[24];

	if (person.len == sizeof(x->person) && event.len == sizeof(x->event)) {
		memcpy(x->person, person.at, person.len);
		memcpy(x->event, event.at, event.len);
	}
	x->by_guardian = by_guardian == 1;
	x->at_utc = (int64_t)att_take_le64(r);
	take_text(r, purpose, sizeof(purpose));
	if (by_guardian > 1 || r->failed ||
	    store_purpose_find(purpose, &x->purpose) != ATT_OK ||
	    x->purpose == STORE_FOR_DISCLOSURE)
		r->failed = true;
}

/* n of them are to come, each of at least `min` bytes; NULL without memory. */
static void *
make_room(struct att_reader *r, size_t n, size_t min, size_t size)
{
	if (n > r->left / min) {
		r->failed = true;
		n = 0;
	}
	return calloc(n + 1, size);
}

/* What stands between the site's id and the signature. */
static enum att_err
take_all(struct att_reader *r, bool refusals, struct store_ledger *l)
{
	l->n = att_take_le32(r);
	l->list = make_room(r, l->n, ENTRY_MIN, sizeof(*l->list));
	if (l->list == NULL)
		return ATT_NOMEM;
	for (size_t i = 0; i < l->n && !r->failed; i++)
		take_entry(r, &l->list[i]);
	l->refusals_n = refusals ? att_take_le32(r) : 0;
	l->refusals =
	    make_room(r, l->refusals_n, REFUSAL_MIN, sizeof(*l->refusals));
	if (l->refusals == NULL)
		return ATT_NOMEM;
	for (size_t i = 0; i < l->refusals_n && !r->failed; i++)
		take_refusal(r, &l->refusals[i]);
	return att_reader_done(r) == ATT_OK ? ATT_OK : ATT_FORMAT;
}

/* Signed by the site whose id is in it, and that site is this one. */
static enum att_err
check_signed(struct store *s, struct att_slice bytes)
{
	uint8_t pub[VAULT_PUBLIC_LEN];
	struct store_site site;
	size_t len = bytes.len - VAULT_SIG_LEN;
	enum att_err e = store_site_get(s, &site);

	if (e != ATT_OK)
		return e;
	vault_public(s->vault, pub);
	if (!vault_verify(
		pub, (struct att_slice){ bytes.at, len }, bytes.at + len) ||
	    memcmp(bytes.at + MAGIC_LEN, site.site_id, VAULT_ID_LEN) != 0)
		return db_trouble(s, ATT_CORRUPT,
		    "the ledger of erasures is not signed by this site");
	return ATT_OK;
}

struct writing {
	struct att_writer w;
	uint32_t n;
};

static bool
put_entry(void *ctx, const struct store_erasure *x)
{
	struct writing *out = ctx;

	att_put_bytes(&out->w, x->person, sizeof(x->person));
	att_put_le32(&out->w, x->uid);
	att_put_le64(&out->w, (uint64_t)x->at_utc);
	att_put_str8(&out->w, att_slice_of(x->number));
	att_put_str8(&out->w, att_slice_of(x->login));
	att_put_str8(&out->w, att_slice_of(x->reason));
	out->n++;
	return !out->w.failed;
}

static bool
put_refusal(void *ctx, const struct store_refusal *x)
{
	struct writing *out = ctx;

	att_put_bytes(&out->w, x->person, sizeof(x->person));
	att_put_bytes(&out->w, x->event, sizeof(x->event));
	att_put_u8(&out->w, x->by_guardian ? 1 : 0);
	att_put_le64(&out->w, (uint64_t)x->at_utc);
	att_put_str8(&out->w, att_slice_of(store_purpose_id(x->purpose)));
	out->n++;
	return !out->w.failed;
}

static enum att_err
put_erasures(struct store *s, struct writing *out)
{
	return store_erasure_list(s, put_entry, out);
}

static enum att_err
put_refusals(struct store *s, struct writing *out)
{
	return store_refusal_list(s, put_refusal, out);
}

/* A count, and then as many as put puts. */
static enum att_err
put_counted(struct store *s, struct writing *out,
    enum att_err (*put)(struct store *s, struct writing *out))
{
	struct att_writer count = out->w;
	enum att_err e;

	att_put_le32(&out->w, 0);
	out->n = 0;
	e = put(s, out);
	att_put_le32(
	    &count, out->n); /* over the 0; the room was there or not */
	return e;
}

enum att_err
ledger_compose(struct store *s, uint8_t *buf, size_t *len)
{
	struct writing out = { att_writer_of(buf, STORE_LEDGER_MAX), 0 };
	uint8_t sig[VAULT_SIG_LEN];
	struct store_site site;
	enum att_err e = store_site_get(s, &site);

	if (e != ATT_OK)
		return e;
	att_put_bytes(&out.w, MAGIC, MAGIC_LEN);
	att_put_bytes(&out.w, site.site_id, sizeof(site.site_id));
	e = put_counted(s, &out, put_erasures);
	if (e == ATT_OK)
		e = put_counted(s, &out, put_refusals);
	if (e != ATT_OK)
		return e;
	vault_sign(s->vault, (struct att_slice){ buf, out.w.len }, sig);
	att_put_bytes(&out.w, sig, sizeof(sig));
	return att_writer_done(&out.w, len);
}

enum att_err
store_ledger_read(
    struct store *s, struct att_slice bytes, struct store_ledger *out)
{
	struct att_reader r = att_reader_of(bytes.at,
	    bytes.len > VAULT_SIG_LEN ? bytes.len - VAULT_SIG_LEN : 0);
	struct att_slice magic = att_take_bytes(&r, MAGIC_LEN);
	struct store_ledger l = { 0 };
	bool first;
	enum att_err e;

	(void)att_take_bytes(&r, VAULT_ID_LEN); /* check_signed compares it */
	first = !r.failed && memcmp(magic.at, MAGIC_1, MAGIC_LEN) == 0;
	if (r.failed || (!first && memcmp(magic.at, MAGIC, MAGIC_LEN) != 0))
		return db_trouble(s, ATT_FORMAT, "not a ledger of erasures");
	e = check_signed(s, bytes);
	if (e == ATT_OK)
		e = take_all(&r, !first, &l);
	if (e == ATT_OK) {
		*out = l;
		return ATT_OK;
	}
	store_ledger_free(&l);
	return e == ATT_FORMAT ? db_trouble(s, e, "not a ledger of erasures")
			       : e;
}

void
store_ledger_free(struct store_ledger *l)
{
	free(l->list);
	free(l->refusals);
	*l = (struct store_ledger){ 0 };
}
