#include "admin/answer.h"
#include "admin/nouns.h"
#include "admin/report.h"
#include "store/receipt.h"

/* The public half is nobody's secret: it is what receipts are checked with. */
enum verb_status
key_show(struct dialogue *d, const struct verb_call *call)
{
	uint8_t pub[VAULT_PUBLIC_LEN];
	char line[RECEIPT_KEY_TEXT];
	char hex[2 * VAULT_PUBLIC_LEN + 1];
	struct report r;

	vault_public(d->vault, pub);
	receipt_key_format(pub, line);
	hex_format(pub, sizeof(pub), hex);
	report_open(&r, d, call);
	report_line(&r, "%s", line);
	if (r.j != NULL) {
		report_record(&r);
		report_text(&r, "public", NULL, hex);
		report_record_end(&r);
	}
	return report_close(&r);
}
