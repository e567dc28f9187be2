/* What was promised about erasing: nothing is left, and nothing comes back. */
#include "store/attempt.h"
#include "store/attendance.h"
#include "store/consent.h"
#include "store/keep.h"
#include "store/pin.h"

#include "sample_store.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define CROWD 3000

/* Enough for pages to split, and leave copies of what was on them. */
static const struct store_id_range many_ids = { 70000, 79999 };
static const uint8_t record[VAULT_PIN_LEN] = { 1, 2, 3 };

/* Ada with everything that is ever kept about anybody. */
static bool
furnish(struct sample *t, struct store_employee *e)
{
	struct store_attendance in = {
		.kind = STORE_LOGIN, .at_utc = NOON, .source = "kiosk"
	};
	struct store_consent own = { .kind = STORE_CONSENT_GIVEN,
		.how = "kiosk" };
	struct store_consent guardian = { .kind = STORE_CONSENT_GIVEN,
		.by_guardian = true,
		.how = "command",
		.guardian = "Grace Example",
		.relation = "mother" };

	return IN_TX(
		   t, store_pin_set(t->store, &t->by, e->id, record, false)) ==
	    ATT_OK &&
	    IN_TX(t, store_pin_set(t->store, &t->by, e->id, record, false)) ==
	    ATT_OK &&
	    IN_TX(
		t, store_consent_record(t->store, &t->by, e->id, "en", &own)) ==
	    ATT_OK &&
	    IN_TX(t,
		store_consent_record(
		    t->store, &t->by, e->id, "en", &guardian)) == ATT_OK &&
	    IN_TX(t, store_attendance_add(t->store, &t->by, e->id, &in)) ==
	    ATT_OK &&
	    IN_TX(t, store_notice_mark_shown(t->store, &t->by, e->id, "1")) ==
	    ATT_OK;
}

static bool
with_notice(struct sample *t)
{
	struct store_notice n;

	return sample_open(t) &&
	    IN_TX(t,
		store_notice_publish(t->store, &t->by,
		    &(struct store_notice_draft){ "1", "en", 1, 0,
			att_slice_of("short"), att_slice_of("long") },
		    &n)) == ATT_OK;
}

static bool
with_crowd(struct sample *t, struct store_employee *ada)
{
	STORE_AUTO_TX struct store_tx tx = { 0 };

	*ada = sample_ada();
	if (!with_notice(t) || store_begin(t->store, &tx) != ATT_OK)
		return false;
	for (unsigned i = 0; i < CROWD; i++) {
		struct store_employee e = { .name = "Invented Person" };

		(void)snprintf(e.number, sizeof(e.number), "%u", 5000 + i);
		if (store_employee_add(t->store, &t->by, many_ids,
			i == 99 ? ada : &e) != ATT_OK)
			return false;
	}
	return store_commit(&tx) == ATT_OK && furnish(t, ada);
}

#define SEALED_MAX 32
struct sealed { /* every sealed value of one person, as it is stored */
	size_t n;
	struct {
		uint8_t at[512];
		size_t len;
	} v[SEALED_MAX];
};

/* Remembered from the file before, to be looked for afterwards. */
static bool
sealed_of(const struct sample *t, const uint8_t *id, struct sealed *out)
{
	static const char sql[] =
	    "SELECT wrapped FROM person_key WHERE person = ?1"
	    " UNION ALL SELECT name FROM person WHERE id = ?1"
	    " UNION ALL SELECT born_on FROM person WHERE id = ?1"
	    " UNION ALL SELECT email FROM person WHERE id = ?1"
	    " UNION ALL SELECT phone FROM person WHERE id = ?1"
	    " UNION ALL SELECT record FROM pin WHERE person = ?1"
	    " UNION ALL SELECT record FROM pin_past WHERE person = ?1"
	    " UNION ALL SELECT guardian FROM consent WHERE person = ?1"
	    " AND guardian IS NOT NULL"
	    " UNION ALL SELECT signature FROM consent WHERE person = ?1";
	sqlite3 *db = NULL;
	sqlite3_stmt *st = NULL;
	bool ok = sqlite3_open(t->path, &db) == SQLITE_OK &&
	    sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK &&
	    sqlite3_bind_blob(st, 1, id, 16, SQLITE_STATIC) == SQLITE_OK;

	out->n = 0;
	while (ok && out->n < SEALED_MAX && sqlite3_step(st) == SQLITE_ROW) {
		out->v[out->n].len = (size_t)sqlite3_column_bytes(st, 0);
		memcpy(out->v[out->n].at, sqlite3_column_blob(st, 0),
		    out->v[out->n].len);
		out->n++;
	}
	(void)sqlite3_finalize(st);
	(void)sqlite3_close(db);
	return ok && out->n >= 10;
}

/* How often bytes stand in any file of the store's folder. */
static unsigned
occurrences(const void *what, size_t len)
{
	unsigned n = 0;
	DIR *d = opendir(test_dir());

	for (struct dirent *f; d != NULL && (f = readdir(d)) != NULL;) {
		char path[512];
		struct stat st;
		FILE *in;
		uint8_t *all;

		(void)snprintf(
		    path, sizeof(path), "%s/%s", test_dir(), f->d_name);
		if (lstat(path, &st) != 0 || !S_ISREG(st.st_mode))
			continue;
		in = fopen(path, "rb");
		all = malloc((size_t)st.st_size + 1);
		if (in != NULL && all != NULL &&
		    fread(all, 1, (size_t)st.st_size, in) ==
			(size_t)st.st_size) {
			const uint8_t *at = all;
			size_t left = (size_t)st.st_size;

			while ((at = memmem(at, left, what, len)) != NULL) {
				n++;
				at++;
				left = (size_t)(all + st.st_size - at);
			}
		}
		free(all);
		if (in != NULL)
			(void)fclose(in);
	}
	if (d != NULL)
		(void)closedir(d);
	return n;
}

static unsigned
found(const struct sealed *s)
{
	unsigned n = 0;

	/* the nonce alone tells the value */
	for (size_t i = 0; i < s->n; i++)
		n += occurrences(
		    s->v[i].at, s->v[i].len < 24 ? s->v[i].len : 24);
	return n;
}

static enum att_err
erase(struct sample *t, const uint8_t *id)
{
	return IN_TX(t, store_erase(t->store, &t->by, id, STORE_ERASE_CLOSED));
}

TEST("after an erasure no sealed value is in any byte of any file")
{
	SAMPLE t = { 0 };
	static struct sealed s;
	struct store_employee ada;

	NEED(with_crowd(&t, &ada));
	NEED(sealed_of(&t, ada.id, &s));
	CHECK(found(&s) >= s.n);

	NEED(erase(&t, ada.id) == ATT_OK);
	CHECK(store_tidy(t.store, true) == ATT_OK);

	CHECK(found(&s) == 0);
	CHECK(occurrences("Ada Example", 11) == 0 &&
	    occurrences("e1042", 5) == 0);
}

TEST("an erased person is a tombstone: number, uid and login stay taken")
{
	SAMPLE t = { 0 };
	struct store_employee ada = sample_ada(), e, again = sample_ada();
	struct store_employee bob = sample_bob();

	NEED(with_notice(&t));
	NEED(sample_add(&t, &ada) == ATT_OK && furnish(&t, &ada));
	NEED(erase(&t, ada.id) == ATT_OK);

	NEED(store_employee_by_number(t.store, "1042", &e) == ATT_OK);
	CHECK(e.state == STORE_ERASED && e.uid == ada.uid);
	CHECK(e.name[0] == '\0' && e.department[0] == '\0');
	CHECK(e.created_utc == 0 && !att_date_known(e.hired_on));
	CHECK(store_employee_by_login(t.store, "e1042", &e) == ATT_ABSENT);
	CHECK(sample_add(&t, &again) == ATT_EXISTS);
	(void)snprintf(again.number, sizeof(again.number), "1099");
	(void)snprintf(again.login, sizeof(again.login), "e1042");
	CHECK(sample_add(&t, &again) == ATT_EXISTS);
	(void)snprintf(again.login, sizeof(again.login), "e1099");
	CHECK(sample_add(&t, &again) == ATT_OK && again.uid > ada.uid);
	CHECK(sample_add(&t, &bob) == ATT_OK);
	(void)snprintf(bob.login, sizeof(bob.login), "e1042");
	CHECK(IN_TX(&t,
		  store_employee_update(
		      t.store, &t.by, "employee-set", &bob)) == ATT_EXISTS);
}

TEST("an erasure takes every row of the person and none of anybody else")
{
	static const char *const tables[] = { "person_key", "pin", "pin_past",
		"attempt", "counter", "notice_shown", "consent", "attendance",
		"hold" };
	struct store_attempt a = { .known = true, .factor = 1, .service = "x" };
	static const struct store_attempt_limits limits = { 5, 60, 100, 60, 0 };
	struct store_employee both[2];
	uint32_t seconds;
	SAMPLE t = { 0 };

	both[0] = sample_ada();
	both[1] = sample_bob();
	NEED(with_notice(&t));
	for (int i = 0; i < 2; i++) {
		NEED(sample_add(&t, &both[i]) == ATT_OK);
		NEED(furnish(&t, &both[i]));
		memcpy(a.subject, both[i].id, sizeof(a.subject));
		NEED(IN_TX(&t,
			 store_attempt_begin(
			     t.store, &t.by, &limits, &a, &seconds)) == ATT_OK);
		NEED(IN_TX(&t,
			 store_attempt_finish(t.store, &t.by, &limits, &a,
			     false, &seconds)) == ATT_OK);
		NEED(IN_TX(&t,
			 store_hold_set(t.store, &t.by, both[i].id, true)) ==
		    ATT_OK);
	}
	NEED(erase(&t, both[0].id) == ATT_OK);

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		bool by_subject = strcmp(tables[i], "attempt") == 0 ||
		    strcmp(tables[i], "counter") == 0;
		char sql[256];

		(void)snprintf(sql, sizeof(sql),
		    "SELECT count(*) FROM %s WHERE %s ="
		    " (SELECT id FROM person WHERE number = '1042')",
		    tables[i], by_subject ? "subject" : "person");
		CHECK(sample_number(&t, sql) == 0);
		memcpy(strstr(sql, "1042"), "1043", 4);
		CHECK(sample_number(&t, sql) > 0);
	}
}

static bool
seek_subject(void *ctx, const struct audit_record *r)
{
	return memcmp(r->subject, ctx, sizeof(r->subject)) != 0;
}

/* How many audit records hold these bytes. */
static int64_t
recorded(const struct sample *t, const void *what, size_t len)
{
	static const char sql[] =
	    "SELECT count(*) FROM audit WHERE instr(bytes, ?1)";
	sqlite3 *db = NULL;
	sqlite3_stmt *st = NULL;
	int64_t n = -1;

	if (sqlite3_open(t->path, &db) == SQLITE_OK &&
	    sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK &&
	    sqlite3_bind_blob(st, 1, what, (int)len, SQLITE_STATIC) ==
		SQLITE_OK &&
	    sqlite3_step(st) == SQLITE_ROW)
		n = sqlite3_column_int64(st, 0);
	(void)sqlite3_finalize(st);
	(void)sqlite3_close(db);
	return n;
}

TEST("the audit chain outlives the erased, and nothing in it leads to them")
{
	SAMPLE t = { 0 };
	struct store_employee ada = sample_ada();
	struct audit_verifier v;
	char uid[16], born[ATT_DATE_TEXT];
	const char *hers[] = { ada.number, "e1042", ada.name, "Ada", uid, born,
		"1990", ada.email, ada.phone, ada.department, "Grace",
		"mother" };

	NEED(with_notice(&t));
	NEED(sample_add(&t, &ada) == ATT_OK && furnish(&t, &ada));
	(void)snprintf(uid, sizeof(uid), "%u", (unsigned)ada.uid);
	att_date_format(ada.born_on, born);
	NEED(erase(&t, ada.id) == ATT_OK);

	CHECK(store_audit_verify(t.store, &v) == ATT_OK);
	CHECK(store_audit_list(t.store, 1, ada.id, seek_subject, ada.id) ==
	    ATT_ABSENT);
	for (size_t i = 0; i < sizeof(hers) / sizeof(hers[0]); i++)
		CHECK(recorded(&t, hers[i], strlen(hers[i])) == 0);
	CHECK(recorded(&t, ada.id, sizeof(ada.id)) == 0);
	CHECK(recorded(&t, "pin-set", 7) > 0); /* what is there is found */
	/* tombstones and uids are in the order of both */
	CHECK(sample_number(&t,
		  "SELECT count(*) FROM audit WHERE subject <> zeroblob(16)"
		  " AND (instr(bytes, 'employee-erase')"
		  " OR instr(bytes, 'employee-add'))") == 0);
	CHECK(recorded(&t, "employee-erase", 14) == 1);
	CHECK(recorded(&t, "employee-add", 12) == 1);
}

TEST("what an erasure was killed before doing, the next opening does")
{
	SAMPLE t = { 0 };
	static struct sealed s;
	struct store_employee ada;

	NEED(with_crowd(&t, &ada));
	NEED(sealed_of(&t, ada.id, &s));
	{
		char command[700]; /* as a kill leaves it: the log beside it */

		NEED(erase(&t, ada.id) == ATT_OK);
		(void)snprintf(command, sizeof(command),
		    "cd %s && mkdir k && cp store.db store.db-wal k",
		    test_dir());
		NEED(system(command) == 0);
		sample_close(&t);
		(void)snprintf(command, sizeof(command),
		    "cd %s && rm -f store.db-* && mv k/* . && rmdir k",
		    test_dir());
		NEED(system(command) == 0);
	}
	CHECK(found(&s) > 0);

	NEED(vault_open(&t.vault, t.key) == ATT_OK);
	NEED(store_open(&t.store, t.path, t.vault) == ATT_OK);

	CHECK(found(&s) == 0);
	CHECK(sample_number(&t, "SELECT scrub_due FROM site") == 0);
}

TEST("a reader in the way puts the tidying off, not the erasure")
{
	SAMPLE t = { 0 };
	static struct sealed s;
	struct store_employee ada, e;
	sqlite3 *db = NULL;

	NEED(with_crowd(&t, &ada));
	NEED(sealed_of(&t, ada.id, &s));
	NEED(sqlite3_open(t.path, &db) == SQLITE_OK);
	NEED(sqlite3_exec(db, "BEGIN; SELECT count(*) FROM person", NULL, NULL,
		 NULL) == SQLITE_OK);
	NEED(erase(&t, ada.id) == ATT_OK);

	CHECK(store_tidy(t.store, true) == ATT_TIMEOUT);
	CHECK(store_employee_by_number(t.store, "1042", &e) == ATT_OK);
	CHECK(e.state == STORE_ERASED && found(&s) > 0);
	(void)sqlite3_close(db);
	CHECK(store_tidy(t.store, true) == ATT_OK && found(&s) == 0);
}

TEST("copies from before a migration go with the first erasure")
{
	SAMPLE t = { 0 };
	struct store_employee ada = sample_ada();
	char copy[300];
	FILE *f;

	NEED(with_notice(&t) && sample_add(&t, &ada) == ATT_OK);
	(void)snprintf(copy, sizeof(copy), "%s.before-2", t.path);
	f = fopen(copy, "w");
	NEED(f != NULL && fputs("old", f) >= 0 && fclose(f) == 0);
	NEED(store_tidy(t.store, true) == ATT_OK && access(copy, F_OK) == 0);
	NEED(erase(&t, ada.id) == ATT_OK);
	CHECK(store_tidy(t.store, true) == ATT_OK);
	CHECK(access(copy, F_OK) != 0);
}

/* ---- the ledger ---- */

static bool
ledger_of(struct sample *t, struct store_ledger *l)
{
	char path[300];

	return store_ledger_path(t->path, path, sizeof(path)) == ATT_OK &&
	    store_ledger_open(t->store, path, l) == ATT_OK;
}

TEST("the ledger names whom and when, and a restored store is brought up to it")
{
	SAMPLE t = { 0 };
	struct store_employee ada = sample_ada(), bob = sample_bob(), e;
	struct store_ledger l = { 0 };
	char command[700];
	struct store_again again;

	NEED(with_notice(&t) && sample_add(&t, &ada) == ATT_OK);
	(void)snprintf(command, sizeof(command), "cd %s && cp store.db old.db",
	    test_dir());
	store_close(t.store);
	t.store = NULL;
	NEED(system(command) == 0);
	NEED(store_open(&t.store, t.path, t.vault) == ATT_OK);
	NEED(sample_add(&t, &bob) == ATT_OK); /* not in the copy */
	NEED(erase(&t, ada.id) == ATT_OK && erase(&t, bob.id) == ATT_OK);
	NEED(store_tidy(t.store, true) == ATT_OK);
	store_close(t.store);
	t.store = NULL;
	(void)snprintf(command, sizeof(command),
	    "cd %s && rm -f store.db store.db-* && mv old.db store.db",
	    test_dir());
	NEED(system(command) == 0);
	NEED(store_open(&t.store, t.path, t.vault) == ATT_OK);
	NEED(store_employee_by_number(t.store, "1042", &e) == ATT_OK);
	CHECK(e.state == STORE_ACTIVE);

	NEED(ledger_of(&t, &l));
	CHECK(l.n == 2 && l.list[0].uid == ada.uid && l.list[0].at_utc == NOON);
	CHECK(IN_TX(&t, store_ledger_apply(t.store, &t.by, &l, &again)) ==
	    ATT_OK);
	CHECK(again.erased == 2 && again.withdrawn == 0);
	CHECK(IN_TX(&t, store_ledger_apply(t.store, &t.by, &l, &again)) ==
	    ATT_OK);
	CHECK(again.erased == 0);
	store_ledger_free(&l);

	CHECK(store_employee_by_number(t.store, "1042", &e) == ATT_OK);
	CHECK(e.state == STORE_ERASED && e.uid == ada.uid);
	CHECK(store_employee_by_number(t.store, "1043", &e) == ATT_OK);
	CHECK(e.state == STORE_ERASED && e.uid == bob.uid);
	bob = sample_bob();
	(void)snprintf(bob.number, sizeof(bob.number), "1044");
	CHECK(sample_add(&t, &bob) == ATT_OK && bob.uid > e.uid);
}

static bool
says(struct sample *t, const struct store_employee *e,
    enum store_purpose purpose, enum store_consent_kind kind)
{
	struct store_consent c = {
		.purpose = purpose, .kind = kind, .how = "command"
	};

	return IN_TX(t,
		   store_consent_record(t->store, &t->by, e->id, "en", &c)) ==
	    ATT_OK;
}

TEST("a ledger with any byte changed, cut or added is refused")
{
	SAMPLE t = { 0 };
	struct store_employee ada = sample_ada(), bob = sample_bob();
	struct store_ledger l = { 0 };
	uint8_t bytes[1024];
	char path[300];
	size_t len = 0;
	FILE *f;

	NEED(with_notice(&t) && sample_add(&t, &ada) == ATT_OK);
	NEED(sample_add(&t, &bob) == ATT_OK);
	NEED(says(&t, &bob, STORE_FOR_LOGIN, STORE_CONSENT_GIVEN));
	NEED(says(&t, &bob, STORE_FOR_LOGIN, STORE_CONSENT_REFUSED));
	NEED(erase(&t, ada.id) == ATT_OK);
	NEED(store_tidy(t.store, true) == ATT_OK);
	NEED(store_ledger_path(t.path, path, sizeof(path)) == ATT_OK);
	f = fopen(path, "rb");
	NEED(f != NULL);
	len = fread(bytes, 1, sizeof(bytes) - 1, f);
	(void)fclose(f);

	for (size_t i = 0; i < len; i++) {
		bytes[i] ^= 1;
		CHECK(store_ledger_read(t.store,
			  (struct att_slice){ bytes, len }, &l) != ATT_OK);
		bytes[i] ^= 1;
		CHECK(store_ledger_read(t.store, (struct att_slice){ bytes, i },
			  &l) != ATT_OK);
	}
	CHECK(store_ledger_read(
		  t.store, (struct att_slice){ bytes, len + 1 }, &l) != ATT_OK);
	CHECK(store_ledger_read(
		  t.store, (struct att_slice){ bytes, len }, &l) == ATT_OK);
	CHECK(l.n == 1 && l.refusals_n == 1);
	CHECK(memcmp(l.refusals[0].person, bob.id, sizeof(bob.id)) == 0);
	CHECK(l.refusals[0].purpose == STORE_FOR_LOGIN);
	CHECK(!l.refusals[0].by_guardian && l.refusals[0].at_utc == NOON);
	store_ledger_free(&l);
}

TEST("a ledger of before there were refusals in it is read")
{
	SAMPLE t = { 0 };
	struct store_employee ada = sample_ada();
	struct store_ledger l = { 0 };
	uint8_t bytes[1024];
	char path[300];
	size_t len = 0;
	FILE *f;

	NEED(with_notice(&t) && sample_add(&t, &ada) == ATT_OK);
	NEED(erase(&t, ada.id) == ATT_OK);
	NEED(store_tidy(t.store, true) == ATT_OK);
	NEED(store_ledger_path(t.path, path, sizeof(path)) == ATT_OK);
	f = fopen(path, "rb");
	NEED(f != NULL);
	len = fread(bytes, 1, sizeof(bytes), f);
	(void)fclose(f);
	len -= VAULT_SIG_LEN + 4; /* the count of refusals, which is 0 */
	NEED(len > 40 && memcmp(bytes, "attend-erasures-2\n", 18) == 0);
	bytes[16] = '1';
	vault_sign(t.vault, (struct att_slice){ bytes, len }, bytes + len);
	NEED(store_ledger_read(t.store,
		 (struct att_slice){ bytes, len + VAULT_SIG_LEN },
		 &l) == ATT_OK);
	CHECK(l.n == 1 && l.refusals_n == 0);
	CHECK(memcmp(l.list[0].person, ada.id, sizeof(ada.id)) == 0);
	store_ledger_free(&l);

	/* signed as the newer one, it lacks a count */
	bytes[16] = '2';
	vault_sign(t.vault, (struct att_slice){ bytes, len }, bytes + len);
	CHECK(store_ledger_read(t.store,
		  (struct att_slice){ bytes, len + VAULT_SIG_LEN },
		  &l) == ATT_FORMAT);
}

TEST("a refusal writes the ledger alone, and only one that ends a consent")
{
	SAMPLE t = { 0 };
	struct store_employee ada = sample_ada();
	struct store_ledger l = { 0 };
	bool bytes = true, ledger = true;

	NEED(with_notice(&t) && sample_add(&t, &ada) == ATT_OK);
	NEED(says(&t, &ada, STORE_FOR_PHOTO, STORE_CONSENT_REFUSED));
	NEED(says(&t, &ada, STORE_FOR_LOGIN, STORE_CONSENT_GIVEN));
	NEED(store_tidy_pending(t.store, &bytes, &ledger) == ATT_OK);
	CHECK(!bytes && !ledger);
	NEED(says(&t, &ada, STORE_FOR_LOGIN, STORE_CONSENT_WITHDRAWN));
	NEED(store_tidy_pending(t.store, &bytes, &ledger) == ATT_OK);
	CHECK(!bytes && ledger);
	NEED(store_tidy(t.store, true) == ATT_OK);
	NEED(store_tidy_pending(t.store, &bytes, &ledger) == ATT_OK);
	CHECK(!bytes && !ledger);
	NEED(ledger_of(&t, &l));
	CHECK(l.n == 0 && l.refusals_n == 1);
	store_ledger_free(&l);

	NEED(says(&t, &ada, STORE_FOR_LOGIN, STORE_CONSENT_GIVEN));
	NEED(store_tidy(t.store, true) == ATT_OK && ledger_of(&t, &l));
	CHECK(l.refusals_n == 0);
	store_ledger_free(&l);
}

TEST("what was withdrawn before the ledger had room for it is in it at once")
{
	SAMPLE t = { 0 };
	struct store_employee ada = sample_ada();
	struct store_ledger l = { 0 };

	NEED(with_notice(&t) && sample_add(&t, &ada) == ATT_OK);
	NEED(says(&t, &ada, STORE_FOR_LOGIN, STORE_CONSENT_GIVEN));
	NEED(says(&t, &ada, STORE_FOR_LOGIN, STORE_CONSENT_WITHDRAWN));
	store_close(t.store);
	t.store = NULL;
	NEED(sample_tamper(&t,
	    "DROP INDEX consent_refused;"
	    "ALTER TABLE site DROP COLUMN ledger_due;"
	    "PRAGMA user_version = 5"));
	NEED(store_open(&t.store, t.path, t.vault) == ATT_OK);
	NEED(ledger_of(&t, &l));
	CHECK(l.refusals_n == 1);
	store_ledger_free(&l);
}

/* ---- the site key ---- */

TEST("a worker with the old key follows a rotation in the middle of its work")
{
	SAMPLE t = { 0 };
	struct store_employee ada = sample_ada(), bob = sample_bob(), e;
	struct vault *old = NULL;
	struct store *worker = NULL;
	struct store_pin pin;
	uint64_t n = 0;

	NEED(with_notice(&t));
	NEED(sample_add(&t, &ada) == ATT_OK && furnish(&t, &ada));
	NEED(vault_open(&old, t.key) == ATT_OK);
	NEED(store_open(&worker, t.path, old) == ATT_OK);
	for (int i = 0; i < 3; i++) {
		NEED(IN_TX(&t, store_key_rotate(t.store, &t.by, &n)) == ATT_OK);
		if (i > 0) /* once while only the next file has it */
			NEED(store_tidy(t.store, true) == ATT_OK);
		CHECK(store_employee_by_number(worker, "1042", &e) == ATT_OK);
		CHECK(strcmp(e.name, ada.name) == 0);
		CHECK(store_pin_get(worker, ada.id, &pin) == ATT_OK);
	}
	CHECK(sample_add(&t, &bob) == ATT_OK);
	CHECK(store_employee_by_number(worker, "1043", &e) == ATT_OK);
	store_close(worker);
	vault_close(old);
	CHECK(n == 1);
	sample_close(&t);
	NEED(vault_open(&t.vault, t.key) == ATT_OK);
	NEED(store_open(&t.store, t.path, t.vault) == ATT_OK);
	CHECK(store_employee_by_number(t.store, "1042", &e) == ATT_OK);
}

TEST("a rotation that was cut short leaves one key or the other in charge")
{
	SAMPLE t = { 0 };
	struct store_employee ada = sample_ada(), e;
	struct vault *stray = NULL;
	uint64_t n = 0;

	NEED(with_notice(&t) && sample_add(&t, &ada) == ATT_OK);
	/* before the commit: a next key that the store knows nothing of */
	NEED(vault_next_create(t.vault, &stray) == ATT_OK);
	vault_close(stray);
	NEED(sample_reopen(&t));
	CHECK(store_employee_by_number(t.store, "1042", &e) == ATT_OK);
	/* after it: the store is the next key's, the files are as before */
	NEED(IN_TX(&t, store_key_rotate(t.store, &t.by, &n)) == ATT_OK);
	sample_close(&t);
	CHECK(access(test_path("site.key.next"), F_OK) == 0);
	NEED(vault_open(&t.vault, t.key) == ATT_OK);
	NEED(store_open(&t.store, t.path, t.vault) == ATT_OK);
	CHECK(store_employee_by_number(t.store, "1042", &e) == ATT_OK);
	CHECK(access(test_path("site.key.next"), F_OK) != 0); /* settled */
	NEED(IN_TX(&t, store_key_rotate(t.store, &t.by, &n)) == ATT_OK);
	CHECK(store_tidy(t.store, true) == ATT_OK);
}

TEST("a rotation that is rolled back changes nothing")
{
	SAMPLE t = { 0 };
	struct store_employee ada = sample_ada(), e;
	struct store_tx tx = { 0 };
	uint64_t n = 0;

	NEED(with_notice(&t) && sample_add(&t, &ada) == ATT_OK);
	NEED(store_begin(t.store, &tx) == ATT_OK);
	NEED(store_key_rotate(t.store, &t.by, &n) == ATT_OK);
	store_rollback(&tx);
	CHECK(store_employee_by_number(t.store, "1042", &e) == ATT_OK);
	NEED(sample_reopen(&t));
	CHECK(store_employee_by_number(t.store, "1042", &e) == ATT_OK);
}

TEST("after a rotation the old wrapped keys are in no byte of any file")
{
	SAMPLE t = { 0 };
	static struct sealed s;
	struct store_employee ada;
	uint64_t n = 0;

	NEED(with_crowd(&t, &ada));
	NEED(sealed_of(&t, ada.id, &s));
	s.n = 1; /* the wrapped key alone is sealed under the site key */
	NEED(IN_TX(&t, store_key_rotate(t.store, &t.by, &n)) == ATT_OK);
	CHECK(n == CROWD && found(&s) > 0);
	CHECK(store_tidy(t.store, true) == ATT_OK && found(&s) == 0);
}

/* ---- holds and retention ---- */

TEST("a hold begins once, keeps its time, and ends")
{
	SAMPLE t = { 0 };
	struct store_employee ada = sample_ada();
	int64_t since = 0;
	uint64_t n = 9;

	NEED(with_notice(&t) && sample_add(&t, &ada) == ATT_OK);
	CHECK(store_hold_get(t.store, ada.id, &since) == ATT_ABSENT);
	CHECK(
	    IN_TX(&t, store_hold_set(t.store, &t.by, ada.id, true)) == ATT_OK);
	sample_wait(&t, 100);
	CHECK(
	    IN_TX(&t, store_hold_set(t.store, &t.by, ada.id, true)) == ATT_OK);
	CHECK(store_hold_get(t.store, ada.id, &since) == ATT_OK);
	CHECK(since == NOON);
	CHECK(store_hold_before(t.store, NOON, &n) == ATT_OK && n == 0);
	CHECK(store_hold_before(t.store, NOON + 1, &n) == ATT_OK && n == 1);
	CHECK(
	    IN_TX(&t, store_hold_set(t.store, &t.by, ada.id, false)) == ATT_OK);
	CHECK(store_hold_get(t.store, ada.id, &since) == ATT_ABSENT);
	CHECK(sample_number(&t,
		  "SELECT count(*) FROM audit WHERE instr(bytes, 'minor-')") ==
	    2);
}

TEST("attendance goes by age, in bounded steps, and is recorded when it does")
{
	SAMPLE t = { 0 };
	struct store_employee ada = sample_ada();
	uint64_t n = 9;

	NEED(with_notice(&t) && sample_add(&t, &ada) == ATT_OK);
	for (int i = 0; i < 4; i++) {
		struct store_attendance a = { .kind = STORE_LOGIN,
			.at_utc = NOON + i,
			.source = "kiosk" };

		NEED(IN_TX(&t,
			 store_attendance_add(t.store, &t.by, ada.id, &a)) ==
		    ATT_OK);
	}
	CHECK(IN_TX(&t, store_attendance_prune(t.store, &t.by, NOON + 2, &n)) ==
	    ATT_OK);
	CHECK(n == 2);
	CHECK(sample_number(&t, "SELECT min(at_utc) FROM attendance") ==
	    NOON + 2);
	CHECK(IN_TX(&t, store_attendance_prune(t.store, &t.by, NOON + 2, &n)) ==
	    ATT_OK);
	CHECK(n == 0);
	CHECK(sample_number(&t,
		  "SELECT count(*) FROM audit WHERE instr(bytes,"
		  " 'attendance-prune')") == 1);
}

TEST("a store with an erased person's key, or an erasure off the record, is "
     "not whole")
{
	static const char *const attacks[] = {
		"INSERT INTO person_key SELECT id, zeroblob(73) FROM person"
		" WHERE state = 2",
		"DROP TRIGGER erasure_stays; DELETE FROM erasure",
	};

	for (size_t i = 0; i < 2; i++) {
		SAMPLE t = { 0 };
		struct store_employee ada = sample_ada();
		const char *why = "";

		(void)remove(test_path("store.db"));
		(void)remove(test_path("site.key"));
		NEED(with_notice(&t) && sample_add(&t, &ada) == ATT_OK);
		NEED(erase(&t, ada.id) == ATT_OK);
		CHECK(store_check(t.store, &why) == ATT_OK);
		NEED(sample_tamper(&t, attacks[i]));
		CHECK(store_check(t.store, &why) == ATT_CORRUPT);
		CHECK(strstr(why, "eras") != NULL);
	}
}
