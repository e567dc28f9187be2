#include "audit/export.h"

#include <string.h>

#define MAGIC_LEN (sizeof(AUDIT_EXPORT_MAGIC) - 1)

enum part {
	PART_RECORD = 1,
	PART_CHECKPOINT = 2,
	PART_END = 3
};

void
audit_export_start(struct att_writer *w, const uint8_t pub[VAULT_PUBLIC_LEN],
    uint64_t base_seq, const uint8_t *base_hash, const uint8_t *base_sig)
{
	static const uint8_t none[VAULT_SIG_LEN];

	att_put_bytes(w, AUDIT_EXPORT_MAGIC, MAGIC_LEN);
	att_put_bytes(w, pub, VAULT_PUBLIC_LEN);
	att_put_u8(w, base_seq > 0);
	att_put_le64(w, base_seq);
	att_put_bytes(w, base_seq > 0 ? base_hash : none, VAULT_HASH_LEN);
	att_put_bytes(w, base_seq > 0 ? base_sig : none, VAULT_SIG_LEN);
}

void
audit_export_record(struct att_writer *w, struct att_slice bytes,
    const uint8_t hash[VAULT_HASH_LEN])
{
	att_put_u8(w, PART_RECORD);
	att_put_str16(w, bytes);
	att_put_bytes(w, hash, VAULT_HASH_LEN);
}

void
audit_export_checkpoint(struct att_writer *w, const uint8_t sig[VAULT_SIG_LEN])
{
	att_put_u8(w, PART_CHECKPOINT);
	att_put_bytes(w, sig, VAULT_SIG_LEN);
}

void
audit_export_end(struct att_writer *w, uint64_t seq,
    const uint8_t hash[VAULT_HASH_LEN], const uint8_t sig[VAULT_SIG_LEN])
{
	att_put_u8(w, PART_END);
	att_put_le64(w, seq);
	att_put_bytes(w, hash, VAULT_HASH_LEN);
	att_put_bytes(w, sig, VAULT_SIG_LEN);
}

static enum att_err
take_head(struct att_reader *r, uint8_t pub[VAULT_PUBLIC_LEN])
{
	struct att_slice magic = att_take_bytes(r, MAGIC_LEN);
	struct att_slice key = att_take_bytes(r, VAULT_PUBLIC_LEN);

	if (r->failed || memcmp(magic.at, AUDIT_EXPORT_MAGIC, MAGIC_LEN) != 0)
		return ATT_FORMAT;
	memcpy(pub, key.at, VAULT_PUBLIC_LEN);
	return ATT_OK;
}

enum att_err
audit_export_public(struct att_slice file, uint8_t pub[VAULT_PUBLIC_LEN])
{
	struct att_reader r = att_reader_of(file.at, file.len);

	return take_head(&r, pub);
}

/* What cannot be read stands where the next good record should. */
static enum att_err
unreadable(struct audit_verifier *v, const char *why)
{
	if (v->why == NULL) {
		v->bad_seq = v->seq + 1;
		v->why = why;
	}
	return ATT_CORRUPT;
}

static enum att_err
read_base(struct att_reader *r, struct audit_verifier *v)
{
	uint8_t has = att_take_u8(r);
	uint64_t seq = att_take_le64(r);
	struct att_slice hash = att_take_bytes(r, VAULT_HASH_LEN);
	struct att_slice sig = att_take_bytes(r, VAULT_SIG_LEN);

	if (r->failed || has > 1)
		return unreadable(v, "the export's head is not as documented");
	if (has == 1)
		return audit_verify_base(v, seq, hash.at, sig.at);
	for (size_t i = 0; i < VAULT_SIG_LEN; i++)
		seq |= sig.at[i] | (i < VAULT_HASH_LEN ? hash.at[i] : 0u);
	return seq == 0
	    ? ATT_OK
	    : unreadable(v, "the export's head is not as documented");
}

static enum att_err
read_record(struct att_reader *r, struct audit_verifier *v,
    audit_export_each *each, void *ctx)
{
	struct att_slice bytes = att_take_str16(r);
	struct att_slice hash = att_take_bytes(r, VAULT_HASH_LEN);
	struct audit_fields f;
	enum att_err e;

	if (r->failed || audit_read(bytes, &f) != ATT_OK)
		return unreadable(v, "not in the documented form");
	e = audit_verify_record(v, f.seq, bytes, hash.at);
	if (e == ATT_OK && each != NULL)
		each(ctx, bytes);
	return e;
}

static enum att_err
read_checkpoint(struct att_reader *r, struct audit_verifier *v)
{
	struct att_slice sig = att_take_bytes(r, VAULT_SIG_LEN);

	if (r->failed)
		return unreadable(v, "the export is cut off");
	return audit_verify_checkpoint(v, v->seq, sig.at);
}

static enum att_err
read_end(struct att_reader *r, struct audit_verifier *v)
{
	uint64_t seq = att_take_le64(r);
	struct att_slice hash = att_take_bytes(r, VAULT_HASH_LEN);
	struct att_slice sig = att_take_bytes(r, VAULT_SIG_LEN);
	enum att_err e;

	if (r->failed)
		return unreadable(v, "the export is cut off");
	e = audit_verify_end(v, seq, hash.at, sig.at);
	if (e == ATT_OK && r->left > 0)
		return unreadable(v, "something follows the end");
	return e;
}

enum att_err
audit_export_verify(struct att_slice file, const uint8_t pub[VAULT_PUBLIC_LEN],
    struct audit_verifier *v, audit_export_each *each, void *ctx)
{
	struct att_reader r = att_reader_of(file.at, file.len);
	uint8_t own[VAULT_PUBLIC_LEN];
	enum att_err e = take_head(&r, own);

	audit_verify_start(v, pub);
	if (e != ATT_OK)
		return e;
	if (memcmp(own, pub, sizeof(own)) != 0)
		return unreadable(v, "the export names another site's key");
	e = read_base(&r, v);
	while (e == ATT_OK) {
		switch ((enum part)att_take_u8(&r)) {
		case PART_RECORD: e = read_record(&r, v, each, ctx); break;
		case PART_CHECKPOINT: e = read_checkpoint(&r, v); break;
		case PART_END: return read_end(&r, v);
		default: e = unreadable(v, "the export is cut off"); break;
		}
	}
	return e;
}
