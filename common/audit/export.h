/*
 * The audit chain on its way out, to be verified elsewhere without the store,
 * with nothing but the site's public key.
 *
 *	"attend-audit-export-1\n"
 *	public[32]		the site's, as the site says itself
 *	u8 has_base, le64 seq, hash[32], sig[64]	zeros without a base
 *	then, in order of seq:
 *	u8 1, str16 record, hash[32]
 *	u8 2, sig[64]		the checkpoint of the record before
 *	and at the end, with nothing behind it:
 *	u8 3, le64 seq, hash[32], sig[64]	signed as audit_end_sign does
 */
#ifndef ATT_AUDIT_EXPORT_H
#define ATT_AUDIT_EXPORT_H

#include "audit/audit.h"

#define AUDIT_EXPORT_MAGIC "attend-audit-export-1\n"

/* Each writes one part into w, which has room for AUDIT_EXPORT_PART. */
#define AUDIT_EXPORT_PART (AUDIT_BYTES_MAX + 256)
void audit_export_start(struct att_writer *w,
    const uint8_t pub[VAULT_PUBLIC_LEN], uint64_t base_seq,
    const uint8_t *base_hash, const uint8_t *base_sig /* seq 0: NULL */);
void audit_export_record(struct att_writer *w, struct att_slice bytes,
    const uint8_t hash[VAULT_HASH_LEN]);
void
audit_export_checkpoint(struct att_writer *w, const uint8_t sig[VAULT_SIG_LEN]);
void audit_export_end(struct att_writer *w, uint64_t seq,
    const uint8_t hash[VAULT_HASH_LEN], const uint8_t sig[VAULT_SIG_LEN]);

/* Whose an export says it is. ATT_FORMAT: it is not one. */
enum att_err audit_export_public(
    struct att_slice file, uint8_t pub[VAULT_PUBLIC_LEN]) ATT_CHECKED;

/*
 * Verify a whole export under the site's public key. each() is called for
 * every good record and may be NULL. ATT_FORMAT: not an export at all;
 * ATT_CORRUPT: *v says which record is the first that is bad, and why.
 */
typedef void audit_export_each(void *ctx, struct att_slice bytes);
enum att_err
audit_export_verify(struct att_slice file, const uint8_t pub[VAULT_PUBLIC_LEN],
    struct audit_verifier *v, audit_export_each *each, void *ctx) ATT_CHECKED;

#endif
