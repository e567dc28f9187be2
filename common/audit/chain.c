#include "audit/audit.h"

#include <sodium.h>
#include <string.h>

#define MARK	 "attend-audit-1"
#define MARK_END "attend-audit-end-1"
#define MARK_MAX (sizeof(MARK_END) - 1)

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
	uint8_t bytes[MARK_MAX + 8 + VAULT_HASH_LEN];
};

static struct att_slice
marked(
    struct checkpoint *c, const char *mark, uint64_t seq, const uint8_t *hash)
{
	struct att_writer w = att_writer_of(c->bytes, sizeof(c->bytes));

	att_put_bytes(&w, mark, strlen(mark));
	att_put_le64(&w, seq);
	att_put_bytes(&w, hash, VAULT_HASH_LEN);
	return (struct att_slice){ c->bytes, w.len };
}

void
audit_checkpoint_sign(const struct vault *v, uint64_t seq,
    const uint8_t hash[VAULT_HASH_LEN], uint8_t sig[VAULT_SIG_LEN])
{
	struct checkpoint c;

	vault_sign(v, marked(&c, MARK, seq, hash), sig);
}

void
audit_end_sign(const struct vault *v, uint64_t seq,
    const uint8_t hash[VAULT_HASH_LEN], uint8_t sig[VAULT_SIG_LEN])
{
	struct checkpoint c;

	vault_sign(v, marked(&c, MARK_END, seq, hash), sig);
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

/* "to=N ..."; what is not of that form names nothing. */
static uint64_t
pruned_to(struct att_slice detail)
{
	uint64_t n = 0;
	size_t i = 3;

	if (detail.len < i || memcmp(detail.at, "to=", i) != 0)
		return 0;
	for (; i < detail.len && detail.at[i] >= '0' && detail.at[i] <= '9' &&
	     n < UINT64_MAX / 10 - 1;
	     i++)
		n = n * 10 + (uint64_t)(detail.at[i] - '0');
	return n;
}

enum att_err
audit_verify_base(struct audit_verifier *a, uint64_t seq,
    const uint8_t hash[VAULT_HASH_LEN], const uint8_t sig[VAULT_SIG_LEN])
{
	struct checkpoint c;

	if (seq == 0 || seq % AUDIT_CHECKPOINT_EVERY != 0 ||
	    !vault_verify(a->pub, marked(&c, MARK, seq, hash), sig))
		return broken(a, seq > 0 ? seq : 1,
		    "the base of what was pruned is not the "
		    "site's");
	memcpy(a->hash, hash, VAULT_HASH_LEN);
	a->seq = a->base_seq = a->signed_seq = seq;
	return ATT_OK;
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
	struct audit_fields r;
	uint8_t want[VAULT_HASH_LEN];

	if (a->why != NULL)
		return ATT_CORRUPT;
	if (checkpoint_due(a))
		return broken(a, a->seq, "its checkpoint is missing");
	if (seq != a->seq + 1)
		return broken(a, a->seq + 1,
		    seq > a->seq + 1 ? "the record is missing"
				     : "another record stands in its place");
	if (audit_read(bytes, &r) != ATT_OK)
		return broken(a, seq, "not in the documented form");
	if (r.seq != seq)
		return broken(a, seq, "names another number inside");
	audit_chain(a->hash, bytes, want);
	if (memcmp(want, hash, sizeof(want)) != 0)
		return broken(a, seq, "its hash does not follow");
	if (r.time_utc < a->time_utc)
		return broken(a, seq, "its time lies before the last one's");
	memcpy(a->hash, want, sizeof(want));
	memcpy(a->subject, r.subject.at, sizeof(a->subject));
	a->seq = seq;
	a->time_utc = r.time_utc;
	if (att_slice_is(r.event, AUDIT_PRUNE))
		a->pruned_to = pruned_to(r.detail);
	return ATT_OK;
}

enum att_err
audit_verify_checkpoint(
    struct audit_verifier *a, uint64_t seq, const uint8_t sig[VAULT_SIG_LEN])
{
	struct checkpoint c;

	if (a->why != NULL)
		return ATT_CORRUPT;
	if (seq != a->seq || seq == 0)
		return broken(
		    a, seq > 0 ? seq : 1, "checkpoint without its record");
	if (!vault_verify(a->pub, marked(&c, MARK, seq, a->hash), sig))
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
	if (a->base_seq > a->pruned_to)
		return broken(a, a->pruned_to + 1, "the record is missing");
	if (a->base_seq < a->pruned_to)
		return broken(a, a->base_seq + 1, "was pruned, and is here");
	return ATT_OK;
}

enum att_err
audit_verify_end(struct audit_verifier *a, uint64_t seq,
    const uint8_t hash[VAULT_HASH_LEN], const uint8_t sig[VAULT_SIG_LEN])
{
	enum att_err e = audit_verify_finish(a, seq, hash);
	struct checkpoint c;

	if (e == ATT_OK &&
	    !vault_verify(a->pub, marked(&c, MARK_END, seq, hash), sig))
		return broken(a, seq, "the end's signature is not the site's");
	return e;
}
