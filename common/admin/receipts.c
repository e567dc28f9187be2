#include "admin/receipts.h"

#include "store/receipt.h"

struct receipts {
	struct report r;
	struct table t;
	const struct store_employee *e;
	struct held_consents which;
	uint8_t pub[VAULT_PUBLIC_LEN];
	unsigned n;
};

static bool
list_receipt(void *ctx, const struct store_consent *c)
{
	struct receipts *l = ctx;
	char text[RECEIPT_MAX];

	if (!held_wants(&l->which, c))
		return true;
	receipt_format(l->pub, l->e->id, c, text);
	l->n++;
	if (l->r.j == NULL) {
		print_text(&l->r.print, text);
		print_bytes(&l->r.print, "\n", 1);
		return true;
	}
	table_time(&l->t, c->at_utc);
	table_text(&l->t, store_purpose_id(c->purpose));
	table_text(&l->t, store_consent_kind_id(c->kind));
	table_text(&l->t, text);
	return true;
}

enum verb_status
receipts_print(struct dialogue *d, const struct verb_call *call,
    const struct store_employee *e, struct held_consents which)
{
	static const struct table_column columns[] = { { "at", "" },
		{ "purpose", "" }, { "event", "" }, { "receipt", "" } };
	struct receipts l = { .e = e, .which = which };
	enum att_err err;

	vault_public(d->vault, l.pub);
	report_open(&l.r, d, call);
	report_line(&l.r,
	    _("# Receipts of %s. Keep them: attend-receipt checks them with "
	      "the site's public key."),
	    d->config->site_name[0] != '\0' ? d->config->site_name : "attend");
	if (l.r.j != NULL)
		report_list(&l.r, &l.t, NULL, NULL, columns, 4);
	err = store_consent_list(d->store, e->id, list_receipt, &l);
	if (l.r.j != NULL)
		report_list_end(&l.r, &l.t);
	if (err != ATT_OK)
		return answer_trouble(d, err, "reading consents");
	if (l.r.j == NULL && l.n == 0)
		report_line(
		    &l.r, "# %s", _("Nothing has been agreed or refused yet."));
	return report_close(&l.r);
}
