/*
 * Any bytes as an exported audit chain and as one record: never good unless
 * every promise of audit.h is kept, and what is bad has a place and a reason.
 */
#include "audit/export.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PROMISE(expr)            \
	do {                     \
		if (!(expr))     \
			abort(); \
	} while (0)

/* There is one way to write a record, so what is read writes the same. */
static void
canonical(struct att_slice bytes)
{
	uint8_t again[AUDIT_BYTES_MAX];
	struct audit_record r;
	size_t len = 0;

	if (audit_decode(bytes, &r) != ATT_OK)
		return;
	PROMISE(audit_encode(&r, again, &len) == ATT_OK);
	PROMISE(len == bytes.len && memcmp(again, bytes.at, len) == 0);
}

static void
count(void *ctx, struct att_slice bytes)
{
	canonical(bytes);
	*(uint64_t *)ctx += 1;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct att_slice file = { data, size };
	uint8_t pub[VAULT_PUBLIC_LEN] = { 0 };
	struct audit_verifier v;
	uint64_t n = 0;
	enum att_err e;

	canonical(file);
	e = audit_export_public(file, pub);
	PROMISE(e == ATT_OK || e == ATT_FORMAT);
	e = audit_export_verify(file, pub, &v, count, &n);
	PROMISE(e == ATT_OK || e == ATT_FORMAT || e == ATT_CORRUPT);
	PROMISE(e != ATT_OK || (v.seq - v.base_seq == n && v.why == NULL));
	PROMISE(e != ATT_CORRUPT || (v.bad_seq > 0 && v.why != NULL));
	return 0;
}
