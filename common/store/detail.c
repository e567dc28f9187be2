#include "store/detail.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void
put(struct detail *d, char c)
{
	if (d->len < AUDIT_DETAIL_MAX) {
		d->text[d->len++] = c;
		d->text[d->len] = '\0';
	}
}

void
detail_text(struct detail *d, const char *key, const char *value)
{
	if (d->len > 0)
		put(d, ' ');
	for (; *key != '\0'; key++)
		put(d, *key);
	put(d, '=');
	for (; *value != '\0'; value++)
		put(d,
		    *value > ' ' && *value < 0x7f && *value != '=' ? *value
								   : '?');
}

void
detail_int(struct detail *d, const char *key, int64_t value)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%" PRId64, value);
	detail_text(d, key, text);
}

void
detail_hex(struct detail *d, const char *key, const uint8_t *at, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	char text[2 * VAULT_HASH_LEN + 1];
	size_t n = len > VAULT_HASH_LEN ? VAULT_HASH_LEN : len;

	for (size_t i = 0; i < n; i++) {
		text[2 * i] = digits[at[i] >> 4];
		text[2 * i + 1] = digits[at[i] & 15];
	}
	text[2 * n] = '\0';
	detail_text(d, key, text);
}
