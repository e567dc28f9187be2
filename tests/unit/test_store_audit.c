/* The audit chain as the store keeps it. */
#include "audit/export.h"
#include "store/attempt.h"
#include "store/attendance.h"
#include "store/consent.h"
#include "store/keep.h"
#include "store/pin.h"

#include "sample_store.h"

#include <stdlib.h>

#define LONG (AUDIT_CHECKPOINT_EVERY * 2 + 5)

static enum att_err
add(struct sample *t, const char *event, const uint8_t *person,
    const char *detail)
{
	return IN_TX(t, store_audit(t->store, &t->by, event, person, detail));
}

static bool
with_records(struct sample *t, unsigned n)
{
	STORE_AUTO_TX struct store_tx tx = { 0 };

	if (!sample_open(t) || store_begin(t->store, &tx) != ATT_OK)
		return false;
	for (unsigned i = 0; i < n; i++)
		if (store_audit(t->store, &t->by, "test", NULL, "k=v") !=
		    ATT_OK)
			return false;
	return store_commit(&tx) == ATT_OK;
}

TEST("the chain as written verifies, and the head is its last record")
{
	SAMPLE t = { 0 };
	struct audit_verifier a;
	uint64_t seq = 0;
	uint8_t hash[VAULT_HASH_LEN];

	NEED(sample_open(&t));
	CHECK(store_audit_verify(t.store, &a) == ATT_OK && a.seq == 0);
	sample_close(&t);
	NEED(remove(t.path) == 0 && remove(t.key) == 0);
	NEED(with_records(&t, LONG));
	CHECK(store_audit_verify(t.store, &a) == ATT_OK);
	CHECK(a.seq == LONG && a.signed_seq == 2 * AUDIT_CHECKPOINT_EVERY);
	CHECK(store_audit_head(t.store, &seq, hash) == ATT_OK);
	CHECK(seq == LONG && memcmp(hash, a.hash, sizeof(hash)) == 0);
	NEED(sample_reopen(&t));
	CHECK(add(&t, "test", NULL, "") == ATT_OK);
	CHECK(store_audit_verify(t.store, &a) == ATT_OK && a.seq == LONG + 1);
}

/* What somebody with the file and without the key might do. */
static const struct {
	const char *what;
	uint64_t bad;
	const char *sql;
} attacks[] = {
	{ "a byte of a record", 7,
	    "UPDATE audit SET bytes = CAST(replace(CAST(bytes AS TEXT),"
	    " 'k=v', 'k=w') AS BLOB) WHERE seq = 7" },
	{ "a hash", 7, "UPDATE audit SET hash = zeroblob(32) WHERE seq = 7" },
	{ "a subject", 7,
	    "UPDATE audit SET subject = randomblob(16) WHERE seq = 7" },
	{ "a record less", 7,
	    "PRAGMA foreign_keys = OFF; DELETE FROM audit WHERE seq = 7" },
	{ "a record less, the rest moved up", 7,
	    "DELETE FROM audit WHERE seq = 7;"
	    "UPDATE audit SET seq = -seq WHERE seq > 7;"
	    "UPDATE audit SET seq = -seq - 1 WHERE seq < 0" },
	{ "two swapped", 7,
	    "UPDATE audit SET seq = 1000 WHERE seq = 7;"
	    "UPDATE audit SET seq = 7 WHERE seq = 8;"
	    "UPDATE audit SET seq = 8 WHERE seq = 1000" },
	{ "one repeated at the end", LONG + 1,
	    "INSERT INTO audit SELECT 134, subject, bytes, hash FROM audit"
	    " WHERE seq = 7" },
	{ "the last one less", LONG, "DELETE FROM audit WHERE seq = 133" },
	{ "the last one less and the head put back", LONG - 1,
	    "DELETE FROM audit WHERE seq = 133;"
	    "UPDATE site SET audit_seq = 132, audit_hash ="
	    " (SELECT hash FROM audit WHERE seq = 132)" },
	{ "cut before a checkpoint", 101, "DELETE FROM audit WHERE seq > 100" },
	{ "everything less", 1, "DELETE FROM audit" },
	{ "a checkpoint less", 64,
	    "DELETE FROM audit_checkpoint WHERE seq = 64" },
	{ "another checkpoint's signature", 64,
	    "UPDATE audit_checkpoint SET sig = (SELECT sig FROM"
	    " audit_checkpoint WHERE seq = 128) WHERE seq = 64" },
	{ "a checkpoint more", 999,
	    "PRAGMA foreign_keys = OFF;"
	    "INSERT INTO audit_checkpoint VALUES (999, zeroblob(64))" },
	{ "a wrong head tag", LONG,
	    "UPDATE site SET audit_tag = zeroblob(16)" },
	{ "not a record", 7, "UPDATE audit SET bytes = x'00' WHERE seq = 7" },
};

/* Gone in an attacker's copy, whatever the schema says about it. */
#define WITHOUT_TRIGGERS                                          \
	"DROP TRIGGER audit_unchanged; DROP TRIGGER audit_stays;" \
	"DROP TRIGGER audit_checkpoint_unchanged;"                \
	"DROP TRIGGER audit_checkpoint_stays;"                    \
	"DROP TRIGGER site_ids_ascend;"

TEST("whatever is done to the chain is found, with its place")
{
	for (size_t i = 0; i < sizeof(attacks) / sizeof(attacks[0]); i++) {
		SAMPLE t = { 0 };
		struct audit_verifier a;
		char sql[1024];

		NEED(with_records(&t, LONG));
		(void)snprintf(sql, sizeof(sql),
		    "%s PRAGMA ignore_check_"
		    "constraints = ON; %s",
		    WITHOUT_TRIGGERS, attacks[i].sql);
		NEED(sample_tamper(&t, sql));
		CHECK(store_audit_verify(t.store, &a) == ATT_CORRUPT);
		if (!test_check(a.bad_seq == attacks[i].bad && a.why != NULL,
			__FILE__, __LINE__, attacks[i].what))
			printf("# %llu: %s\n", (unsigned long long)a.bad_seq,
			    a.why);
		CHECK(strstr(store_trouble(t.store), "audit") != NULL);
		NEED(remove(t.path) == 0 && remove(t.key) == 0);
	}
}

TEST("records, checkpoints and the count cannot be edited in place")
{
	static const char *const tries[] = {
		"UPDATE audit SET bytes = x'00' WHERE seq = 1",
		"DELETE FROM audit WHERE seq = 1",
		"UPDATE audit_checkpoint SET sig = zeroblob(64)",
		"DELETE FROM audit_checkpoint",
		"UPDATE site SET audit_seq = 3",
		"UPDATE site SET latest_utc = 0",
	};
	SAMPLE t = { 0 };
	struct audit_verifier a;

	NEED(with_records(&t, LONG));
	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++)
		(void)test_check(
		    !sample_tamper(&t, tries[i]), __FILE__, __LINE__, tries[i]);
	CHECK(store_audit_verify(t.store, &a) == ATT_OK);
}

TEST("nothing is appended to a chain whose end was tampered with")
{
	SAMPLE t = { 0 };

	NEED(with_records(&t, 5));
	CHECK(add(&t, "test", NULL, "") == ATT_OK);
	NEED(sample_tamper(&t, "UPDATE site SET audit_hash = zeroblob(32)"));
	CHECK(add(&t, "test", NULL, "") == ATT_CORRUPT);
}

TEST("time in the chain never goes back, and the site keeps the latest")
{
	SAMPLE t = { 0 };
	struct audit_verifier a;
	struct store_site site;

	NEED(sample_open(&t));
	CHECK(add(&t, "one", NULL, "") == ATT_OK);
	t.by.now.utc -= 86400;
	CHECK(add(&t, "two", NULL, "") == ATT_OK);
	CHECK(store_audit_verify(t.store, &a) == ATT_OK);
	CHECK(a.time_utc == NOON);
	t.by.now.utc += 2 * 86400;
	CHECK(add(&t, "three", NULL, "") == ATT_OK);
	CHECK(store_audit_verify(t.store, &a) == ATT_OK);
	CHECK(a.time_utc == NOON + 86400);
	CHECK(store_site_get(t.store, &site) == ATT_OK);
	CHECK(site.latest_utc == NOON + 86400);
}

TEST("fields that do not fit or are not text write nothing")
{
	SAMPLE t = { 0 };
	char long_text[AUDIT_DETAIL_MAX + 2];
	uint64_t seq = 9;
	uint8_t hash[VAULT_HASH_LEN];

	NEED(sample_open(&t));
	memset(long_text, 'x', sizeof(long_text));
	long_text[AUDIT_DETAIL_MAX + 1] = '\0';
	CHECK(add(&t, "test", NULL, long_text) == ATT_LIMIT);
	CHECK(add(&t, "test", NULL, "a\nb") == ATT_FORMAT);
	CHECK(add(&t, "", NULL, "") == ATT_FORMAT);
	CHECK(store_audit_head(t.store, &seq, hash) == ATT_OK && seq == 0);
	long_text[AUDIT_DETAIL_MAX] = '\0';
	CHECK(add(&t, "test", NULL, long_text) == ATT_OK);
}

struct seen {
	unsigned n, stop;
	struct audit_record r[64];
};

static bool
see(void *ctx, const struct audit_record *r)
{
	struct seen *s = ctx;

	s->r[s->n] = *r;
	return ++s->n != s->stop && s->n < 64;
}

TEST("records are listed from a number, of everybody or one person")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada(), b = sample_bob();
	static struct seen all, late, ada, stop;
	uint8_t nobody[VAULT_ID_LEN] = { 4 };

	all.n = late.n = ada.n = stop.n = 0;
	stop.stop = 1;
	NEED(sample_open(&t) && sample_add(&t, &e) == ATT_OK);
	NEED(sample_add(&t, &b) == ATT_OK);
	NEED(add(&t, "login", e.id, "verdict=allow") == ATT_OK);
	NEED(add(&t, "login", NULL, "verdict=unknown") == ATT_OK);
	CHECK(store_audit_list(t.store, 0, NULL, see, &all) == ATT_OK);
	CHECK(all.n == 4 && all.r[0].seq == 1 && all.r[3].seq == 4);
	CHECK(strcmp(all.r[0].event, "employee-add") == 0);
	CHECK(strcmp(all.r[2].detail, "verdict=allow") == 0);
	CHECK(strcmp(all.r[2].actor, "root") == 0);
	CHECK(store_audit_list(t.store, 4, NULL, see, &late) == ATT_OK);
	CHECK(late.n == 1 && late.r[0].seq == 4);
	CHECK(store_audit_list(t.store, 1, e.id, see, &ada) == ATT_OK);
	CHECK(ada.n == 1 && ada.r[0].seq == 3);
	ada.n = 0;
	CHECK(store_audit_around(t.store, e.id, see, &ada) == ATT_OK);
	CHECK(ada.n == 4 && ada.r[2].seq == 3 && ada.r[3].seq == 4);
	ada.n = 0;
	CHECK(store_audit_around(t.store, b.id, see, &ada) == ATT_OK);
	CHECK(ada.n == 3 && ada.r[1].seq == 2 && ada.r[2].seq == 4);
	CHECK(store_audit_list(t.store, 1, NULL, see, &stop) == ATT_OK);
	CHECK(stop.n == 1);
	CHECK(store_audit_list(t.store, 1, nobody, see, &ada) == ATT_ABSENT);
	CHECK(
	    store_audit_list(t.store, UINT64_MAX, NULL, see, &late) == ATT_OK);
}

/* Everything that can be done to a person, in one transaction. */
static enum att_err
do_everything(struct sample *t, struct store_employee *e)
{
	const struct store_attempt_limits limits = { 5, 60, 50, 60, 0 };
	STORE_AUTO_TX struct store_tx tx = { 0 };
	struct store_attempt a = {
		.known = true, .factor = 1, .service = "ssh d=\x1b"
	};
	struct store_consent c = { .kind = STORE_CONSENT_GIVEN,
		.by_guardian = true,
		.how = "paper",
		.guardian = "Gwen Guardian",
		.relation = "mother" };
	struct store_attendance p = { .kind = STORE_LOGIN };
	struct store_notice n;
	uint8_t record[VAULT_PIN_LEN] = { 1 };
	struct store *s = t->store;
	uint64_t gone;
	uint32_t seconds;
	enum att_err err = store_begin(s, &tx);

#define DO(call)                      \
	do {                          \
		if (err == 0)         \
			err = (call); \
	} while (0)
	DO(store_employee_add(s, &t->by, sample_ids, e));
	memcpy(a.subject, e->id, sizeof(a.subject));
	DO(store_employee_update(s, &t->by, "employee-set", e));
	DO(store_notice_publish(s, &t->by,
	    &(struct store_notice_draft){
		"1", "en", 1, 0, att_slice_of("s"), att_slice_of("t") },
	    &n));
	DO(store_consent_record(s, &t->by, e->id, "en", &c));
	DO(store_notice_mark_shown(s, &t->by, e->id, "1"));
	DO(store_pin_set(s, &t->by, e->id, record, true));
	DO(store_pin_rehash(s, &t->by, e->id, record));
	DO(store_attempt_begin(s, &t->by, &limits, &a, &seconds));
	DO(store_attempt_finish(s, &t->by, &limits, &a, true, &seconds));
	DO(store_attempt_clear(s, &t->by, e->id));
	DO(store_attendance_add(s, &t->by, e->id, &p));
	DO(store_attempt_prune(s, &t->by, NOON + 999999, &gone));
	DO(store_group_site(s, &t->by, sample_ids, "kiosk"));
	DO(store_commit(&tx));
#undef DO
	return err;
}

TEST("every change leaves a record, and no record holds personal data")
{
	static const char *const events[] = { "employee-add", "employee-set",
		"notice-publish", "consent-given", "notice-shown", "pin-set",
		"pin-rehash", "attempt-begin", "attempt-end", "attempt-clear",
		"attendance", "attempt-prune", "group-site" };
	static const char *const personal[] = { "1042", "Ada", "Example",
		"1990", "555", "Research", "Engineer", "Gwen", "mother" };
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada();
	static struct seen all;

	all.n = 0;
	NEED(sample_open(&t) && do_everything(&t, &e) == ATT_OK);
	NEED(store_audit_list(t.store, 1, NULL, see, &all) == ATT_OK);
	NEED(all.n == sizeof(events) / sizeof(events[0]));
	for (unsigned i = 0; i < all.n; i++) {
		CHECK(strcmp(all.r[i].event, events[i]) == 0);
		for (size_t k = 0; k < sizeof(personal) / sizeof(*personal);
		     k++)
			CHECK(strstr(all.r[i].detail, personal[k]) == NULL);
		CHECK(memcmp(all.r[i].subject, e.id, sizeof(e.id)) != 0);
	}
	CHECK(strstr(all.r[7].detail, "service=ssh?d??") != NULL);
	CHECK(strstr(all.r[0].detail, "uid=70000") == NULL);
	CHECK(strstr(all.r[0].detail, "fields=login,name,born,email,phone") !=
	    NULL);
}

TEST("pruning goes to the last old checkpoint, and the rest verifies on")
{
	SAMPLE t = { 0 };
	struct audit_verifier a;
	uint64_t n = 0;

	NEED(with_records(&t, LONG));
	CHECK(IN_TX(&t, store_audit_prune(t.store, &t.by, NOON, &n)) == ATT_OK);
	CHECK(n == 0); /* none is older than when they were made */
	sample_wait(&t, 10);
	NEED(add(&t, "test", NULL, "young") == ATT_OK);
	CHECK(IN_TX(&t, store_audit_prune(t.store, &t.by, NOON + 1, &n)) ==
	    ATT_OK);
	CHECK(n == 2 * AUDIT_CHECKPOINT_EVERY);

	CHECK(store_audit_verify(t.store, &a) == ATT_OK);
	CHECK(a.base_seq == n && a.seq == LONG + 2);
	CHECK(sample_number(&t, "SELECT min(seq) FROM audit") ==
	    2 * AUDIT_CHECKPOINT_EVERY + 1);
	for (unsigned i = 0; i < AUDIT_CHECKPOINT_EVERY; i++)
		NEED(add(&t, "test", NULL, "more") == ATT_OK);
	NEED(sample_reopen(&t));
	CHECK(store_audit_verify(t.store, &a) == ATT_OK);
	CHECK(IN_TX(&t, store_audit_prune(t.store, &t.by, NOON + 1, &n)) ==
	    ATT_OK);
	CHECK(n == 0);
	CHECK(IN_TX(&t, store_audit_prune(t.store, &t.by, NOON + 99, &n)) ==
	    ATT_OK);
	CHECK(n == AUDIT_CHECKPOINT_EVERY);
	CHECK(store_audit_verify(t.store, &a) == ATT_OK);
}

TEST("deleting rows up to a checkpoint is not pruning, and is found")
{
	SAMPLE t = { 0 };
	struct audit_verifier a;

	NEED(with_records(&t, LONG));
	NEED(sample_tamper(&t,
	    "INSERT INTO audit_base SELECT 1, a.seq, a.hash, c.sig FROM audit a"
	    " JOIN audit_checkpoint c ON c.seq = a.seq WHERE a.seq = 64;"
	    "DELETE FROM audit_checkpoint WHERE seq <= 64;"
	    "DELETE FROM audit WHERE seq <= 64"));
	CHECK(store_audit_verify(t.store, &a) == ATT_CORRUPT);
	CHECK(a.bad_seq == 1 && a.why != NULL);
}

/* Every byte that the chain hangs on. */
static const struct {
	const char *table, *column;
	int64_t rows[9]; /* 0 ends */
} chain_cells[] = {
	{ "audit", "bytes", { 1, 2, 3, 63, 64, 65, 66 } },
	{ "audit", "hash", { 1, 2, 3, 63, 64, 65, 66 } },
	{ "audit", "subject", { 1, 2, 3, 63, 64, 65, 66 } },
	{ "audit_checkpoint", "sig", { 64 } },
	{ "site", "audit_hash", { 1 } },
	{ "site", "audit_tag", { 1 } },
};

/* Change a byte in place; false behind the end. */
static bool
flip(sqlite3 *db, const char *table, const char *column, int64_t row, int byte)
{
	sqlite3_blob *b = NULL;
	uint8_t v = 0;
	bool ok = sqlite3_blob_open(db, "main", table, column, row, 1, &b) ==
		SQLITE_OK &&
	    byte < sqlite3_blob_bytes(b) &&
	    sqlite3_blob_read(b, &v, 1, byte) == SQLITE_OK;

	v ^= 1;
	ok = ok && sqlite3_blob_write(b, &v, 1, byte) == SQLITE_OK;
	return sqlite3_blob_close(b) == SQLITE_OK && ok;
}

TEST("any single byte of the chain in the store that is changed is found")
{
	SAMPLE t = { 0 };
	struct audit_verifier a;
	sqlite3 *db = NULL;
	unsigned flips = 0;

	NEED(with_records(&t, AUDIT_CHECKPOINT_EVERY + 2));
	NEED(sqlite3_open(t.path, &db) == SQLITE_OK);
	NEED(sqlite3_exec(db,
		 WITHOUT_TRIGGERS
		 "DROP INDEX audit_subject; PRAGMA synchronous = OFF",
		 NULL, NULL, NULL) == SQLITE_OK);
	for (size_t c = 0; c < sizeof(chain_cells) / sizeof(chain_cells[0]);
	     c++)
		for (const int64_t *row = chain_cells[c].rows; *row > 0; row++)
			for (int byte = 0; flip(db, chain_cells[c].table,
				 chain_cells[c].column, *row, byte);
			     byte++) {
				flips++;
				CHECK(store_audit_verify(t.store, &a) ==
				    ATT_CORRUPT);
				CHECK(a.bad_seq >= (uint64_t)*row ||
				    chain_cells[c].table[0] == 's');
				NEED(flip(db, chain_cells[c].table,
				    chain_cells[c].column, *row, byte));
			}
	CHECK(store_audit_verify(t.store, &a) == ATT_OK);
	(void)sqlite3_close(db);
	CHECK(flips > 7 * (40 + 32 + 16) + 64 + 32 + 16);
}

#define EXPORT_MAX (4u << 20)
struct exported {
	uint8_t *at;
	size_t len;
};

static bool
keep_export(void *ctx, const void *at, size_t len)
{
	struct exported *x = ctx;

	if (len > EXPORT_MAX - x->len)
		return false;
	memcpy(x->at + x->len, at, len);
	x->len += len;
	return true;
}

static bool
stop_export(void *ctx, const void *at, size_t len)
{
	*(size_t *)ctx += len;
	return at == NULL;
}

TEST("what the store exports verifies without it, pruned or not")
{
	struct exported x = { malloc(EXPORT_MAX), 0 };
	SAMPLE t = { 0 };
	struct audit_verifier a;
	uint8_t pub[VAULT_PUBLIC_LEN];
	uint64_t n = 0;
	size_t stopped = 0;

	NEED(x.at != NULL && with_records(&t, LONG));
	vault_public(t.vault, pub);
	CHECK(store_audit_export(t.store, keep_export, &x) == ATT_OK);
	CHECK(audit_export_verify((struct att_slice){ x.at, x.len }, pub, &a,
		  NULL, NULL) == ATT_OK &&
	    a.seq == LONG);
	sample_wait(&t, 10);
	NEED(IN_TX(&t, store_audit_prune(t.store, &t.by, NOON + 1, &n)) ==
	    ATT_OK);
	x.len = 0;
	CHECK(store_audit_export(t.store, keep_export, &x) == ATT_OK);
	CHECK(audit_export_verify((struct att_slice){ x.at, x.len }, pub, &a,
		  NULL, NULL) == ATT_OK &&
	    a.base_seq == n);
	CHECK(store_audit_export(t.store, stop_export, &stopped) == ATT_IO);
	CHECK(add(&t, "test", NULL, "the store goes on") == ATT_OK);
	free(x.at);
}

TEST("a long chain is pruned in steps, each of which leaves it whole")
{
	SAMPLE t = { 0 };
	struct audit_verifier a;
	uint64_t n = 1, all = 0;
	unsigned steps = 0;

	NEED(with_records(&t, 300 * AUDIT_CHECKPOINT_EVERY + 5));
	sample_wait(&t, 10);
	while (n > 0) {
		NEED(IN_TX(
			 &t, store_audit_prune(t.store, &t.by, NOON + 1, &n)) ==
		    ATT_OK);
		NEED(store_audit_verify(t.store, &a) == ATT_OK);
		all += n;
		steps += n > 0;
	}
	CHECK(steps == 2 && all == 300 * AUDIT_CHECKPOINT_EVERY);
	CHECK(a.base_seq == all);
}

TEST("the last record committed through a connection is what it says of itself")
{
	SAMPLE t = { 0 };
	struct store_tx tx = { 0 };
	uint8_t mine[VAULT_HASH_LEN], hash[VAULT_HASH_LEN];
	uint64_t seq = 0;

	NEED(with_records(&t, 3));
	CHECK(store_audit_mine(t.store, &seq, mine) == ATT_OK && seq == 3);
	CHECK(store_audit_hash(t.store, 3, hash) == ATT_OK);
	CHECK(memcmp(mine, hash, sizeof(hash)) == 0);
	CHECK(store_audit_hash(t.store, 4, hash) == ATT_ABSENT);
	NEED(store_begin(t.store, &tx) == ATT_OK);
	NEED(store_audit(t.store, &t.by, "test", NULL, "") == ATT_OK);
	store_rollback(&tx);
	CHECK(store_audit_mine(t.store, &seq, mine) == ATT_OK && seq == 3);
	NEED(sample_reopen(&t));
	CHECK(store_audit_mine(t.store, &seq, mine) == ATT_ABSENT);
}
