#include "audit/audit.h"

#include <sodium.h>
#include <string.h>

#define MARK	 "attend-audit-1"
#define MARK_LEN (sizeof(MARK) - 1)

void
audit_chain(const uint8_t prev[VAULT_HASH_LEN], struct att_slice bytes,
    uint8_t out[VAULT_HASH_LEN])
{
	crypto_generichash_state st;

	(void)crypto_generichash_init(&st, NULL, 0, VAULT_HASH_LEN);
	(void)crypto_generichash_update(&st, prev, VAULT_HASH_LEN);
	if (bytes.len > 0)
		(void)crypto_generichash_update(&st, bytes.at, bytes.len);
	(void)crypto_generichash_final(&st, out, VAULT_HASH_LEN);
}

struct checkpoint {
	uint8_t bytes[MARK_LEN + 8 + VAULT_HASH_LEN];
};

static struct att_slice
checkpoint_of(struct checkpoint *c, uint64_t seq, const uint8_t *hash)
{
	struct att_writer w = att_writer_of(c->bytes, sizeof(c->bytes));

	att_put_bytes(&w, MARK, MARK_LEN);
	att_put_le64(&w, seq);
	att_put_bytes(&w, hash, VAULT_HASH_LEN);
	return (struct att_slice){ c->bytes, w.len };
}

void
audit_checkpoint_sign(const struct vault *v, uint64_t seq,
    const uint8_t hash[VAULT_HASH_LEN], uint8_t sig[VAULT_SIG_LEN])
{
	struct checkpoint c;

	vault_sign(v, checkpoint_of(&c, seq, hash), sig);
}

void
audit_verify_start(
    struct audit_verifier *a, const uint8_t pub[VAULT_PUBLIC_LEN])
{
	*a = (struct audit_verifier){ .time_utc = INT64_MIN };
	memcpy(a->pub, pub, VAULT_PUBLIC_LEN);
}

static enum att_err
broken(struct audit_verifier *a, uint64_t seq, const char *why)
{
	if (a->why == NULL) {
		a->bad_seq = seq;
		a->why = why;
	}
	return ATT_CORRUPT;
}

/* Without this, dropping every checkpoint would allow a chain made anew. */
static bool
checkpoint_due(const struct audit_verifier *a)
{
	return a->seq > 0 && a->seq % AUDIT_CHECKPOINT_EVERY == 0 &&
	    a->signed_seq != a->seq;
}

enum att_err
audit_verify_record(struct audit_verifier *a, uint64_t seq,
    struct att_slice bytes, const uint8_t hash[VAULT_HASH_LEN])
{
	struct audit_record r;
	uint8_t want[VAULT_HASH_LEN];

	if (a->why != NULL)
		return ATT_CORRUPT;
	if (checkpoint_due(a))
		return broken(a, a->seq, "its checkpoint is missing");
	if (seq != a->seq + 1)
		return broken(a, a->seq + 1,
		    seq > a->seq + 1 ? "the record is missing"
				     : "another record stands in its place");
	if (audit_decode(bytes, &r) != ATT_OK)
		return broken(a, seq, "not in the documented form");
	if (r.seq != seq)
		return broken(a, seq, "names another number inside");
	audit_chain(a->hash, bytes, want);
	if (memcmp(want, hash, sizeof(want)) != 0)
		return broken(a, seq, "its hash does not follow");
	if (r.time_utc < a->time_utc)
		return broken(a, seq, "its time lies before the last one's");
	memcpy(a->hash, want, sizeof(want));
	a->seq = seq;
	a->time_utc = r.time_utc;
	return ATT_OK;
}

enum att_err
audit_verify_checkpoint(
    struct audit_verifier *a, uint64_t seq, const uint8_t sig[VAULT_SIG_LEN])
{
	struct checkpoint c;

	if (a->why != NULL)
		return ATT_CORRUPT;
	if (seq != a->seq)
		return broken(a, seq, "checkpoint without its record");
	if (!vault_verify(a->pub, checkpoint_of(&c, seq, a->hash), sig))
		return broken(a, seq, "checkpoint signature is not the site's");
	a->signed_seq = seq;
	return ATT_OK;
}

enum att_err
audit_verify_finish(struct audit_verifier *a, uint64_t head_seq,
    const uint8_t head_hash[VAULT_HASH_LEN])
{
	if (a->why != NULL)
		return ATT_CORRUPT;
	if (checkpoint_due(a))
		return broken(a, a->seq, "its checkpoint is missing");
	if (head_seq > a->seq)
		return broken(a, a->seq + 1, "the end is missing");
	if (head_seq < a->seq)
		return broken(a, head_seq + 1, "stands behind the end");
	if (memcmp(head_hash, a->hash, VAULT_HASH_LEN) != 0)
		return broken(a, head_seq, "the end is another record");
	return ATT_OK;
}
