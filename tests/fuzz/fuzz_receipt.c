/*
 * Receipts and keys from anywhere: whatever the text, the parser stays inside
 * it, comes to an end, and gives only what it would itself have written.
 */
#include "store/receipt.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	uint8_t pub[VAULT_PUBLIC_LEN] = { 0 };
	char *text = malloc(len + 1);
	const char *at = text;
	struct receipt r;
	enum att_err e;

	if (text == NULL)
		return 0;
	memcpy(text, data, len);
	text[len] = '\0';
	while ((e = receipt_next(&at, &r)) != ATT_ABSENT) {
		char again[RECEIPT_MAX];
		struct receipt back;
		const char *from = again;

		if (e != ATT_OK)
			continue;
		receipt_format(pub, r.person, &r.consent, again);
		if (receipt_next(&from, &back) != ATT_OK ||
		    memcmp(&back.consent, &r.consent, sizeof(r.consent)) != 0)
			abort();
		if (receipt_verify(&r, pub))
			abort();
	}
	for (at = text; receipt_key_next(&at, pub) != ATT_ABSENT;)
		;
	free(text);
	return 0;
}
