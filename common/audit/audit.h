/*
 * The audit chain, apart from where it is kept: canonical bytes of a record,
 * BLAKE2b chaining, Ed25519 checkpoints, and a verifier that reads records in
 * order and says where the chain first breaks.
 *
 * A record's canonical bytes, little-endian:
 *	u8  format	1
 *	u64 seq		1, 2, 3, ... without gaps
 *	i64 time_utc	never less than the record before
 *	str8 event	"login", "employee-add", ...
 *	subject[16]	the person's pseudonym, zeros for none
 *	str8 actor	"root", "self", "system", "uid:1000"
 *	str16 detail	"key=value key=value", no personal data
 * Its hash is BLAKE2b-256(previous hash || bytes); the first record's previous
 * hash is 32 zero bytes. A checkpoint is an Ed25519 signature over
 * "attend-audit-1" || le64 seq || hash.
 *
 * Retention prunes the oldest records, up to and including one that has a
 * checkpoint: the chain's base, which keeps that record's number, hash and
 * signature. That it was pruned is itself a record, "audit-prune" with "to=N"
 * in front of its detail; the last of these must name the base, or who can
 * delete rows could call it pruning.
 */
#ifndef ATT_AUDIT_AUDIT_H
#define ATT_AUDIT_AUDIT_H

#include "vault/vault.h"

#define AUDIT_EVENT_MAX	       48
#define AUDIT_ACTOR_MAX	       32
#define AUDIT_DETAIL_MAX       1024
#define AUDIT_BYTES_MAX	       1200
#define AUDIT_CHECKPOINT_EVERY 64 /* records between checkpoints */

struct audit_record {
	uint64_t seq;
	int64_t time_utc;
	char event[AUDIT_EVENT_MAX + 1];
	uint8_t subject[VAULT_TAG_LEN];
	char actor[AUDIT_ACTOR_MAX + 1];
	char detail[AUDIT_DETAIL_MAX + 1];
};

/*
 * ATT_LIMIT if a field is too long, ATT_FORMAT if one has control characters
 * or is not UTF-8, or event or actor is empty. bytes has room for
 * AUDIT_BYTES_MAX.
 */
enum att_err audit_encode(
    const struct audit_record *r, uint8_t *bytes, size_t *len) ATT_CHECKED;
/* ATT_FORMAT for anything but canonical bytes. */
enum att_err
audit_decode(struct att_slice bytes, struct audit_record *out) ATT_CHECKED;

/* The same without a copy; slices borrowed from bytes. */
struct audit_fields {
	uint64_t seq;
	int64_t time_utc;
	struct att_slice event, subject, actor, detail;
};
enum att_err
audit_read(struct att_slice bytes, struct audit_fields *out) ATT_CHECKED;

void audit_chain(const uint8_t prev[VAULT_HASH_LEN], struct att_slice bytes,
    uint8_t out[VAULT_HASH_LEN]);

void audit_checkpoint_sign(const struct vault *v, uint64_t seq,
    const uint8_t hash[VAULT_HASH_LEN], uint8_t sig[VAULT_SIG_LEN]);

#define AUDIT_PRUNE "audit-prune" /* the event */

/* The last record's number and hash, signed as such: the end of an export. */
void audit_end_sign(const struct vault *v, uint64_t seq,
    const uint8_t hash[VAULT_HASH_LEN], uint8_t sig[VAULT_SIG_LEN]);

/*
 * The verifier. Start it, give it the base if there is one, feed every record
 * and every checkpoint in order of seq (a checkpoint after its record), then
 * finish. A record whose number is a multiple of AUDIT_CHECKPOINT_EVERY must be
 * followed by its checkpoint: else who drops them all could write a chain of
 * his own.
 */
struct audit_verifier {
	uint8_t pub[VAULT_PUBLIC_LEN];
	uint8_t hash[VAULT_HASH_LEN];
	uint64_t seq; /* last good record */
	int64_t time_utc;
	uint8_t subject[VAULT_TAG_LEN]; /* of the last good record */
	uint64_t base_seq; /* what was pruned ends here; 0: nothing was */
	uint64_t pruned_to; /* what the records say about that */
	uint64_t signed_seq; /* last good checkpoint */
	uint64_t bad_seq; /* first bad record, 0 while all is well */
	const char *why; /* English, NULL while all is well */
};

void audit_verify_start(
    struct audit_verifier *a, const uint8_t pub[VAULT_PUBLIC_LEN]);
enum att_err audit_verify_base(struct audit_verifier *a, uint64_t seq,
    const uint8_t hash[VAULT_HASH_LEN], const uint8_t sig[VAULT_SIG_LEN])
    ATT_CHECKED;
/* ATT_CORRUPT once broken, with bad_seq and why set; further feeds too. */
enum att_err audit_verify_record(struct audit_verifier *a, uint64_t seq,
    struct att_slice bytes, const uint8_t hash[VAULT_HASH_LEN]) ATT_CHECKED;
enum att_err audit_verify_checkpoint(struct audit_verifier *a, uint64_t seq,
    const uint8_t sig[VAULT_SIG_LEN]) ATT_CHECKED;
enum att_err audit_verify_end(struct audit_verifier *a, uint64_t seq,
    const uint8_t hash[VAULT_HASH_LEN], const uint8_t sig[VAULT_SIG_LEN])
    ATT_CHECKED;
/* head: what another place (site table, syslog) says the last record is. */
enum att_err audit_verify_finish(struct audit_verifier *a, uint64_t head_seq,
    const uint8_t head_hash[VAULT_HASH_LEN]) ATT_CHECKED;

#endif
