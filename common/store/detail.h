/*
 * The detail of an audit record, "key=value key=value", built so that no
 * value can pretend to be a key: bytes other than printable ASCII, blanks and
 * '=' become '?'. What goes in is never personal data.
 */
#ifndef ATT_STORE_DETAIL_H
#define ATT_STORE_DETAIL_H

#include "audit/audit.h"

#include <stddef.h>

struct detail { /* starts zeroed; cut at AUDIT_DETAIL_MAX, which ours never
		   reach */
	char text[AUDIT_DETAIL_MAX + 1];
	size_t len;
};

void detail_text(struct detail *d, const char *key, const char *value);
void detail_int(struct detail *d, const char *key, int64_t value);
void
detail_hex(struct detail *d, const char *key, const uint8_t *at, size_t len);

#endif
