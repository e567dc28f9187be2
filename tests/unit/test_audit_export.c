/* The exported chain, verified without the store that it came from. */
#include "audit/export.h"

#include "test.h"

#include <stdio.h>
#include <string.h>

#define RECORDS	 (AUDIT_CHECKPOINT_EVERY + 6)
#define FILE_MAX 65536

struct export
{
	struct vault *v;
	uint8_t pub[VAULT_PUBLIC_LEN];
	uint8_t file[FILE_MAX];
	size_t len;
	size_t at[RECORDS + 2]; /* where the n-th record begins, from 1 */
};

static void
export_end(struct export *x)
{
	vault_close(x->v);
}
#define EXPORT __attribute__((cleanup(export_end))) struct export

/* Records from..to; the first is the base if from is beyond 1. */
static bool
export_make(struct export *x, uint64_t from, uint64_t to, uint64_t pruned)
{
	uint8_t hash[VAULT_HASH_LEN] = { 0 }, sig[VAULT_SIG_LEN];
	uint8_t bytes[AUDIT_BYTES_MAX];
	struct att_writer w = att_writer_of(x->file, sizeof(x->file));

	if (vault_create(test_path("key")) != ATT_OK ||
	    vault_open(&x->v, test_path("key")) != ATT_OK)
		return false;
	vault_public(x->v, x->pub);
	if (from == 1)
		audit_export_start(&w, x->pub, 0, NULL, NULL);
	for (uint64_t seq = 1; seq <= to; seq++) {
		struct audit_record r = { .seq = seq,
			.time_utc = 1000,
			.event = "login",
			.actor = "root",
			.detail = "verdict=allow" };
		size_t len;

		if (seq == to && pruned > 0) {
			strcpy(r.event, AUDIT_PRUNE);
			strcpy(r.detail,
			    pruned == 64 ? "to=64 records=64" : "to=128");
		}
		if (audit_encode(&r, bytes, &len) != ATT_OK)
			return false;
		audit_chain(hash, (struct att_slice){ bytes, len }, hash);
		audit_checkpoint_sign(x->v, seq, hash, sig);
		if (from > 1 && seq + 1 == from)
			audit_export_start(&w, x->pub, seq, hash, sig);
		if (seq < from)
			continue;
		x->at[seq - from + 1] = w.len;
		audit_export_record(&w, (struct att_slice){ bytes, len }, hash);
		if (seq % AUDIT_CHECKPOINT_EVERY == 0)
			audit_export_checkpoint(&w, sig);
	}
	x->at[to - from + 2] = w.len;
	audit_end_sign(x->v, to, hash, sig);
	audit_export_end(&w, to, hash, sig);
	return att_writer_done(&w, &x->len) == ATT_OK;
}

static enum att_err
verify(const struct export *x, struct audit_verifier *a)
{
	return audit_export_verify(
	    (struct att_slice){ x->file, x->len }, x->pub, a, NULL, NULL);
}

static void
count(void *ctx, struct att_slice bytes)
{
	*(unsigned *)ctx += bytes.len > 0;
}

TEST("an export verifies with the site's public key alone, record by record")
{
	EXPORT x = { 0 };
	struct audit_verifier a;
	unsigned n = 0;

	NEED(export_make(&x, 1, RECORDS, 0));
	CHECK(audit_export_verify((struct att_slice){ x.file, x.len }, x.pub,
		  &a, count, &n) == ATT_OK);
	CHECK(n == RECORDS && a.seq == RECORDS && a.signed_seq == 64);
}

/* The record that a byte of the file belongs to. */
static uint64_t
record_at(const struct export *x, size_t byte)
{
	uint64_t n = 1;

	while (n <= RECORDS && byte >= x->at[n + 1])
		n++;
	return n;
}

TEST("any changed bit of any byte of an export is found, at its record")
{
	EXPORT x = { 0 };
	struct audit_verifier a;

	NEED(export_make(&x, 1, RECORDS, 0));
	for (size_t i = 0; i < x.len; i++)
		for (unsigned bit = 1; bit < 256; bit <<= 1) {
			enum att_err e;

			x.file[i] ^= (uint8_t)bit;
			e = verify(&x, &a);
			x.file[i] ^= (uint8_t)bit;
			if (e == ATT_OK)
				printf(
				    "# byte %zu bit %u is not found\n", i, bit);
			CHECK(e != ATT_OK);
			if (i >= x.at[1] && i < x.at[RECORDS + 1])
				CHECK(a.bad_seq >= record_at(&x, i) &&
				    a.bad_seq <= record_at(&x, i) + 1);
		}
	CHECK(verify(&x, &a) == ATT_OK);
}

TEST("an export cut anywhere, or with anything behind it, is refused")
{
	EXPORT x = { 0 };
	struct audit_verifier a;
	size_t len;

	NEED(export_make(&x, 1, RECORDS, 0));
	len = x.len;
	for (x.len = 0; x.len < len; x.len++)
		CHECK(verify(&x, &a) != ATT_OK);
	x.len = len + 1;
	CHECK(verify(&x, &a) == ATT_CORRUPT);
	x.len = len;
	CHECK(verify(&x, &a) == ATT_OK);
}

TEST("a record less and two swapped are found at the first of them")
{
	EXPORT x = { 0 };
	EXPORT y = { 0 };
	struct audit_verifier a;
	size_t len;

	NEED(export_make(&x, 1, RECORDS, 0));
	len = x.at[6] - x.at[5];
	memcpy(&y, &x, sizeof(y));
	y.v = NULL;

	memmove(x.file + x.at[5], x.file + x.at[6], x.len - x.at[6]);
	x.len -= len;
	CHECK(verify(&x, &a) == ATT_CORRUPT && a.bad_seq == 5);
	NEED(y.at[7] - y.at[6] == len);
	memcpy(x.file, y.file + y.at[5], len);
	memmove(y.file + y.at[5], y.file + y.at[6], len);
	memcpy(y.file + y.at[6], x.file, len);
	CHECK(verify(&y, &a) == ATT_CORRUPT && a.bad_seq == 5);
}

TEST("what was pruned must be on record, up to the very checkpoint")
{
	static const struct {
		uint64_t from, pruned;
		bool good;
		uint64_t bad;
	} cases[] = {
		{ 65, 64, true, 0 },
		{ 65, 0, false, 1 }, /* rows deleted, called pruning */
		{ 65, 128, false, 65 },
		{ 1, 64, false, 1 }, /* pruned, and here again */
		{ 1, 0, true, 0 },
		{ 66, 64, false, 65 }, /* not a checkpoint's */
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		EXPORT x = { 0 };
		struct audit_verifier a;

		(void)remove(test_path("key"));
		NEED(export_make(&x, cases[i].from, RECORDS, cases[i].pruned));
		CHECK((verify(&x, &a) == ATT_OK) == cases[i].good);
		CHECK(a.bad_seq == cases[i].bad);
		CHECK(!cases[i].good || a.base_seq == cases[i].from - 1);
	}
}

TEST("an export of another site is refused under this one's key")
{
	EXPORT x = { 0 };
	struct audit_verifier a;
	uint8_t pub[VAULT_PUBLIC_LEN];

	NEED(export_make(&x, 1, 3, 0));
	CHECK(audit_export_public((struct att_slice){ x.file, x.len }, pub) ==
	    ATT_OK);
	CHECK(memcmp(pub, x.pub, sizeof(pub)) == 0);
	pub[0] ^= 1;
	CHECK(audit_export_verify((struct att_slice){ x.file, x.len }, pub, &a,
		  NULL, NULL) == ATT_CORRUPT);
	CHECK(audit_export_public((struct att_slice){ x.file, 10 }, pub) ==
	    ATT_FORMAT);
}
