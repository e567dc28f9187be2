#include "audit/audit.h"

#include "test.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LONG (AUDIT_CHECKPOINT_EVERY + 6)

struct link { /* as a store would keep it */
	uint64_t seq;
	uint8_t bytes[AUDIT_BYTES_MAX];
	size_t len;
	uint8_t hash[VAULT_HASH_LEN];
	bool has_sig;
	uint8_t sig[VAULT_SIG_LEN];
};

struct chain {
	struct vault *v;
	uint8_t pub[VAULT_PUBLIC_LEN];
	size_t n;
	struct link links[LONG + 1];
	uint64_t head_seq;
	uint8_t head_hash[VAULT_HASH_LEN];
};

static void
chain_end(struct chain *c)
{
	vault_close(c->v);
}
#define CHAIN __attribute__((cleanup(chain_end))) struct chain

static struct audit_record
record_of(uint64_t seq)
{
	struct audit_record r = { .seq = seq,
		.time_utc = 1000 + (int64_t)seq / 2,
		.event = "login",
		.subject = { 1, 2, 3 },
		.actor = "root",
		.detail = "verdict=allow reason=ok" };

	return r;
}

static bool
chain_make(struct chain *c, size_t n)
{
	static const uint8_t zero[VAULT_HASH_LEN];
	const uint8_t *prev = zero;

	*c = (struct chain){ .n = n, .head_seq = n };
	if (access(test_path("key"), F_OK) != 0 &&
	    vault_create(test_path("key")) != ATT_OK)
		return false;
	if (vault_open(&c->v, test_path("key")) != ATT_OK)
		return false;
	vault_public(c->v, c->pub);
	for (size_t i = 0; i < n; i++) {
		struct link *l = &c->links[i];
		struct audit_record r = record_of(i + 1);

		l->seq = r.seq;
		if (audit_encode(&r, l->bytes, &l->len) != ATT_OK)
			return false;
		audit_chain(
		    prev, (struct att_slice){ l->bytes, l->len }, l->hash);
		prev = l->hash;
		l->has_sig = r.seq % AUDIT_CHECKPOINT_EVERY == 0;
		if (l->has_sig)
			audit_checkpoint_sign(c->v, r.seq, l->hash, l->sig);
	}
	memcpy(c->head_hash, prev, sizeof(c->head_hash));
	return true;
}

static enum att_err
chain_verify(const struct chain *c, struct audit_verifier *a)
{
	enum att_err e = ATT_OK;

	audit_verify_start(a, c->pub);
	for (size_t i = 0; i < c->n && e == ATT_OK; i++) {
		const struct link *l = &c->links[i];

		e = audit_verify_record(
		    a, l->seq, (struct att_slice){ l->bytes, l->len }, l->hash);
		if (e == ATT_OK && l->has_sig)
			e = audit_verify_checkpoint(a, l->seq, l->sig);
	}
	if (e == ATT_OK)
		e = audit_verify_finish(a, c->head_seq, c->head_hash);
	return e;
}

/* Whether the chain is found broken, at this record. */
static bool
broken_at(const struct chain *c, uint64_t seq)
{
	struct audit_verifier a;

	return chain_verify(c, &a) == ATT_CORRUPT && a.bad_seq == seq &&
	    a.why != NULL;
}

TEST("a record comes back as it was written")
{
	struct audit_record r = record_of(77), back;
	uint8_t bytes[AUDIT_BYTES_MAX];
	size_t len = 0;

	NEED(audit_encode(&r, bytes, &len) == ATT_OK);
	NEED(audit_decode((struct att_slice){ bytes, len }, &back) == ATT_OK);

	CHECK(back.seq == 77 && back.time_utc == r.time_utc);
	CHECK(strcmp(back.event, "login") == 0);
	CHECK(strcmp(back.actor, "root") == 0);
	CHECK(strcmp(back.detail, r.detail) == 0);
	CHECK(memcmp(back.subject, r.subject, sizeof(r.subject)) == 0);
}

TEST("the canonical bytes are the documented ones")
{
	struct audit_record r = { .seq = 2,
		.time_utc = -1,
		.event = "e",
		.subject = { 9 },
		.actor = "ab",
		.detail = "k=v" };
	static const uint8_t want[] = { 1, 2, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 'e', 9, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 'a', 'b', 3, 0, 'k', '=', 'v' };
	uint8_t bytes[AUDIT_BYTES_MAX];
	size_t len = 0;

	NEED(audit_encode(&r, bytes, &len) == ATT_OK);
	CHECK(len == sizeof(want) && memcmp(bytes, want, len) == 0);
}

TEST("fields fit up to their limit and not a byte beyond")
{
	struct audit_record r = record_of(1);
	uint8_t bytes[AUDIT_BYTES_MAX];
	size_t len = 0;

	memset(r.event, 'e', AUDIT_EVENT_MAX);
	memset(r.actor, 'a', AUDIT_ACTOR_MAX);
	memset(r.detail, 'd', AUDIT_DETAIL_MAX);
	CHECK(audit_encode(&r, bytes, &len) == ATT_OK);
	CHECK(len <= AUDIT_BYTES_MAX);
	r.event[AUDIT_EVENT_MAX] = 'e';
	CHECK(audit_encode(&r, bytes, &len) == ATT_LIMIT);
	r.event[AUDIT_EVENT_MAX] = '\0';
	r.actor[AUDIT_ACTOR_MAX] = 'a';
	CHECK(audit_encode(&r, bytes, &len) == ATT_LIMIT);
	r.actor[AUDIT_ACTOR_MAX] = '\0';
	r.detail[AUDIT_DETAIL_MAX] = 'd';
	CHECK(audit_encode(&r, bytes, &len) == ATT_LIMIT);
}

TEST("control characters, broken UTF-8 and empty names are not written")
{
	static const char *const bad[] = { "a\nb", "a\x1b[2Jb", "\xff",
		"\xc0\x80", "\xc2\x85" };
	uint8_t bytes[AUDIT_BYTES_MAX];
	size_t len = 0;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct audit_record r = record_of(1);

		(void)snprintf(r.detail, sizeof(r.detail), "%s", bad[i]);
		CHECK(audit_encode(&r, bytes, &len) == ATT_FORMAT);
	}
	for (int i = 0; i < 3; i++) {
		struct audit_record r = record_of(1);

		if (i == 0)
			r.event[0] = '\0';
		if (i == 1)
			r.actor[0] = '\0';
		if (i == 2)
			r.detail[0] = '\0'; /* the accepted twin */
		CHECK(audit_encode(&r, bytes, &len) ==
		    (i == 2 ? ATT_OK : ATT_FORMAT));
	}
}

TEST("bytes that are short, long or of another format are no record")
{
	struct audit_record r = record_of(3), back = { .seq = 99 };
	uint8_t bytes[AUDIT_BYTES_MAX + 1] = { 0 };
	size_t len = 0;

	NEED(audit_encode(&r, bytes, &len) == ATT_OK);
	for (size_t n = 0; n < len; n++)
		CHECK(audit_decode((struct att_slice){ bytes, n }, &back) ==
		    ATT_FORMAT);
	CHECK(audit_decode((struct att_slice){ bytes, len + 1 }, &back) ==
	    ATT_FORMAT);
	bytes[0] = 2;
	CHECK(audit_decode((struct att_slice){ bytes, len }, &back) ==
	    ATT_FORMAT);
	CHECK(back.seq == 99);
	bytes[0] = 1;
	CHECK(audit_decode((struct att_slice){ bytes, len }, &back) == ATT_OK);
}

TEST("a chain as written verifies, with and without a checkpoint")
{
	CHAIN c = { 0 };
	CHAIN d = { 0 };
	struct audit_verifier a;

	NEED(chain_make(&c, 5));
	CHECK(chain_verify(&c, &a) == ATT_OK);
	CHECK(a.seq == 5 && a.signed_seq == 0 && a.why == NULL);
	NEED(chain_make(&d, LONG));
	CHECK(chain_verify(&d, &a) == ATT_OK);
	CHECK(a.seq == LONG && a.signed_seq == AUDIT_CHECKPOINT_EVERY);
	CHECK(a.bad_seq == 0);
}

TEST("an empty chain verifies against an empty head")
{
	CHAIN c;
	struct audit_verifier a;

	NEED(chain_make(&c, 0));
	CHECK(chain_verify(&c, &a) == ATT_OK);
	c.head_seq = 1;
	CHECK(broken_at(&c, 1));
}

TEST("any changed byte of any record is found at that record")
{
	CHAIN c;

	NEED(chain_make(&c, 5));
	for (size_t i = 0; i < c.n; i++)
		for (size_t b = 0; b < c.links[i].len; b++) {
			c.links[i].bytes[b] ^= 0x20;
			CHECK(broken_at(&c, i + 1));
			c.links[i].bytes[b] ^= 0x20;
		}
	for (size_t i = 0; i < c.n; i++)
		for (size_t b = 0; b < VAULT_HASH_LEN; b++) {
			c.links[i].hash[b] ^= 1;
			CHECK(broken_at(&c, i + 1));
			c.links[i].hash[b] ^= 1;
		}
	CHECK(!broken_at(&c, 1));
}

static void
drop(struct chain *c, size_t at)
{
	memmove(&c->links[at], &c->links[at + 1],
	    (c->n - at - 1) * sizeof(c->links[0]));
	c->n--;
}

TEST("a removed record is found at its number, the last ones at the head")
{
	CHAIN c;
	CHAIN d = { 0 };

	NEED(chain_make(&c, 6));
	drop(&c, 2);
	NEED(chain_make(&d, 6));
	d.n = 4;

	CHECK(broken_at(&c, 3));
	CHECK(broken_at(&d, 5));
}

TEST("a removed record is found when the others are renumbered, too")
{
	CHAIN c;

	NEED(chain_make(&c, 6));
	drop(&c, 2);
	for (size_t i = 2; i < c.n; i++)
		c.links[i].seq--;
	CHECK(broken_at(&c, 3));
}

TEST("swapped records are found at the first of them")
{
	CHAIN c;
	struct link tmp;

	NEED(chain_make(&c, 6));
	tmp = c.links[2];
	c.links[2] = c.links[3];
	c.links[3] = tmp;
	CHECK(broken_at(&c, 3));
	c.links[2].seq = 3;
	c.links[3].seq = 4;
	CHECK(broken_at(&c, 3));
}

TEST("an inserted record is found at its place")
{
	CHAIN c;

	NEED(chain_make(&c, 6));
	memmove(&c.links[3], &c.links[2], 4 * sizeof(c.links[0]));
	c.n = 7;
	CHECK(broken_at(&c, 4));
	for (size_t i = 3; i < c.n; i++)
		c.links[i].seq++;
	CHECK(broken_at(&c, 4));
}

TEST("records behind the head are found")
{
	CHAIN c;

	NEED(chain_make(&c, 6));
	c.head_seq = 4;
	memcpy(c.head_hash, c.links[3].hash, sizeof(c.head_hash));
	CHECK(broken_at(&c, 5));
	c.n = 4;
	CHECK(!broken_at(&c, 5));
	c.head_hash[0] ^= 1;
	CHECK(broken_at(&c, 4));
}

/* Forge everything from record `from` on, hashes and head included. */
static void
rewrite(struct chain *c, size_t from)
{
	static const uint8_t zero[VAULT_HASH_LEN];
	const uint8_t *prev = from > 1 ? c->links[from - 2].hash : zero;

	for (size_t i = from - 1; i < c->n; i++) {
		struct link *l = &c->links[i];

		l->bytes[l->len - 1] = '!';
		audit_chain(
		    prev, (struct att_slice){ l->bytes, l->len }, l->hash);
		prev = l->hash;
	}
	memcpy(c->head_hash, prev, sizeof(c->head_hash));
}

TEST("a chain made anew fails at its first checkpoint, or at its absence")
{
	CHAIN c;

	NEED(chain_make(&c, LONG));
	rewrite(&c, 10);
	CHECK(broken_at(&c, AUDIT_CHECKPOINT_EVERY));
	c.links[AUDIT_CHECKPOINT_EVERY - 1].has_sig = false;
	CHECK(broken_at(&c, AUDIT_CHECKPOINT_EVERY));
	c.n = AUDIT_CHECKPOINT_EVERY;
	rewrite(&c, 10);
	c.head_seq = c.n;
	CHECK(broken_at(&c, AUDIT_CHECKPOINT_EVERY));
}

TEST("a checkpoint is of its site, its number and its hash")
{
	CHAIN c;
	struct link *l = &c.links[AUDIT_CHECKPOINT_EVERY - 1];

	NEED(chain_make(&c, LONG));
	audit_checkpoint_sign(c.v, l->seq + 1, l->hash, l->sig);
	CHECK(broken_at(&c, l->seq));
	audit_checkpoint_sign(c.v, l->seq, c.links[0].hash, l->sig);
	CHECK(broken_at(&c, l->seq));
	audit_checkpoint_sign(c.v, l->seq, l->hash, l->sig);
	CHECK(!broken_at(&c, l->seq));
	c.pub[3] ^= 1;
	CHECK(broken_at(&c, l->seq));
}

TEST("time that goes back is found, standing still is fine")
{
	CHAIN c;
	struct audit_record r;
	struct link *l = &c.links[3];

	NEED(chain_make(&c, 4));
	r = record_of(4);
	r.time_utc = record_of(3).time_utc;
	for (int i = 0; i < 2; i++, r.time_utc--) {
		NEED(audit_encode(&r, l->bytes, &l->len) == ATT_OK);
		audit_chain(c.links[2].hash,
		    (struct att_slice){ l->bytes, l->len }, l->hash);
		memcpy(c.head_hash, l->hash, sizeof(l->hash));
		CHECK(broken_at(&c, 4) == (i == 1));
	}
}

TEST("once broken, the verifier stays so and keeps the first place")
{
	CHAIN c;
	struct audit_verifier a;

	NEED(chain_make(&c, 4));
	c.links[1].bytes[20] ^= 1;
	NEED(chain_verify(&c, &a) == ATT_CORRUPT);
	c.links[1].bytes[20] ^= 1;

	CHECK(audit_verify_record(&a, 2,
		  (struct att_slice){ c.links[1].bytes, c.links[1].len },
		  c.links[1].hash) == ATT_CORRUPT);
	CHECK(audit_verify_checkpoint(&a, 2, c.links[1].sig) == ATT_CORRUPT);
	CHECK(audit_verify_finish(&a, 1, c.links[0].hash) == ATT_CORRUPT);
	CHECK(a.bad_seq == 2);
}

TEST("a checkpoint in front of the first record is found there")
{
	CHAIN c;
	struct audit_verifier a;

	NEED(chain_make(&c, LONG));
	audit_verify_start(&a, c.pub);
	CHECK(audit_verify_checkpoint(&a, 0,
		  c.links[AUDIT_CHECKPOINT_EVERY - 1].sig) == ATT_CORRUPT);
	CHECK(a.bad_seq == 1 && a.why != NULL);
}
