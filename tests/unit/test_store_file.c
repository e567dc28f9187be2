/* The store as a file: made, opened, refused, migrated, filled up. */
#include "store/consent.h"
#include "store/db.h"
#include "store/pin.h"
#include "store/schema.h"

#include "sample_store.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static mode_t
mode_of(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? st.st_mode & 07777 : 0;
}

static bool
is_there(const char *name)
{
	return access(test_path(name), F_OK) == 0;
}

TEST("a new store opens, is empty, and passes its own check")
{
	SAMPLE t = { 0 };
	struct store_site site;
	const char *why = NULL;
	uint64_t n = 9;

	NEED(sample_open(&t));

	CHECK(store_check(t.store, &why) == ATT_OK);
	CHECK(why != NULL && strcmp(why, "ok") == 0);
	CHECK(store_employee_count(t.store, &n) == ATT_OK && n == 0);
	NEED(store_site_get(t.store, &site) == ATT_OK);
	CHECK(site.next_uid == 0 && site.next_gid == 0);
	CHECK(site.directory_generation == 0);
	CHECK(site.created_utc > 0);
	CHECK(!is_there("store.db.new"));
}

TEST("every statement fits the schema")
{
	SAMPLE t = { 0 };

	NEED(sample_open(&t));
	CHECK(db_prepare_all(t.store) == ATT_OK);
	NEED(sample_tamper(&t, "ALTER TABLE counter RENAME TO counted"));
	NEED(sample_reopen(&t));
	CHECK(db_prepare_all(t.store) == ATT_CORRUPT);
}

TEST("the connection is as strict as it was meant to be")
{
	const struct {
		const char *pragma;
		int64_t want;
	} cases[] = {
		{ "PRAGMA synchronous", 2 },
		{ "PRAGMA foreign_keys", 1 },
		{ "PRAGMA secure_delete", 1 },
		{ "PRAGMA trusted_schema", 0 },
		{ "PRAGMA cell_size_check", 1 },
		{ "PRAGMA application_id", STORE_APPLICATION_ID },
		{ "PRAGMA user_version", (int64_t)store_schemas_count },
		{ "SELECT journal_mode = 'wal' FROM pragma_journal_mode", 1 },
		{ "SELECT count(*) FROM pragma_table_list"
		  " WHERE schema = 'main' AND strict = 0"
		  " AND name NOT LIKE 'sqlite_%'",
		    0 },
	};
	SAMPLE t = { 0 };

	NEED(sample_open(&t));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		sqlite3_stmt *st = NULL;

		CHECK(sqlite3_prepare_v2(t.store->db, cases[i].pragma, -1, &st,
			  NULL) == SQLITE_OK);
		CHECK(sqlite3_step(st) == SQLITE_ROW);
		(void)test_check(sqlite3_column_int64(st, 0) == cases[i].want,
		    __FILE__, __LINE__, cases[i].pragma);
		(void)sqlite3_finalize(st); /* a test's own statement */
	}
}

TEST("making a store never touches one that is there")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada();

	NEED(sample_open(&t) && sample_add(&t, &e) == ATT_OK);

	CHECK(store_create(t.path) == ATT_EXISTS);
	CHECK(sample_reopen(&t));
	CHECK(store_employee_by_number(t.store, "1042", &e) == ATT_OK);
}

TEST("what a crash left of a new store, and the log of a deleted one, go")
{
	SAMPLE t = { 0 };
	static const char *const names[] = { "store.db.new", "store.db.new-wal",
		"store.db-wal", "store.db-shm" };

	for (size_t i = 0; i < 4; i++) {
		int fd = open(test_path(names[i]), O_CREAT | O_WRONLY, 0600);

		NEED(fd >= 0 && write(fd, "old rubbish", 11) == 11);
		NEED(close(fd) == 0);
	}
	CHECK(sample_open(&t));
	CHECK(!is_there("store.db.new") && !is_there("store.db.new-wal"));
}

TEST("store, log and index are ours alone whatever the umask")
{
	static const mode_t masks[] = { 0, 0777 };

	for (size_t i = 0; i < 2; i++) {
		SAMPLE t = { 0 };
		struct store_employee e = sample_ada();
		mode_t old = umask(masks[i]);
		bool ok = sample_open(&t) && sample_add(&t, &e) == ATT_OK;

		(void)umask(old);
		NEED(ok);
		CHECK(mode_of(test_path("store.db")) == 0600);
		CHECK(mode_of(test_path("store.db-wal")) == 0600);
		CHECK(mode_of(test_path("store.db-shm")) == 0600);
		sample_close(&t);
		NEED(unlink(test_path("store.db")) == 0);
		NEED(unlink(test_path("site.key")) == 0);
	}
}

TEST("a store that a restore left readable is private again once opened")
{
	SAMPLE t = { 0 };

	NEED(sample_open(&t));
	NEED(chmod(t.path, 0664) == 0);
	CHECK(sample_reopen(&t));
	CHECK(mode_of(t.path) == 0600);
}

TEST("without a store, or without its folder, opening says so")
{
	SAMPLE t = { 0 };
	struct store *s = NULL;

	NEED(sample_open(&t));
	CHECK(store_open(&s, test_path("none.db"), t.vault) == ATT_ABSENT);
	CHECK(store_open(&s, test_path("no/none.db"), t.vault) == ATT_ABSENT);
	CHECK(store_create(test_path("no/none.db")) == ATT_IO);
	CHECK(s == NULL);
	CHECK(strlen(store_trouble(NULL)) > 0);
}

TEST("links and folders are not opened as a store")
{
	SAMPLE t = { 0 };
	struct store *s = NULL;

	NEED(sample_open(&t));
	NEED(symlink(t.path, test_path("link.db")) == 0);
	CHECK(store_open(&s, test_path("link.db"), t.vault) == ATT_CORRUPT);
	CHECK(store_open(&s, test_dir(), t.vault) == ATT_CORRUPT);
	CHECK(store_open(&s, t.path, t.vault) == ATT_OK);
	store_close(s);
}

static bool
file_with(const char *path, const void *at, size_t len)
{
	int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0600);
	bool ok = fd >= 0 && write(fd, at, len) == (ssize_t)len;

	return (fd < 0 || close(fd) == 0) && ok;
}

TEST("files that are no store are refused and left as they are")
{
	SAMPLE t = { 0 };
	struct store *s = NULL;
	char path[256];
	struct stat st;
	sqlite3 *db = NULL;

	NEED(sample_open(&t));
	(void)snprintf(path, sizeof(path), "%s", test_path("x.db"));
	NEED(file_with(path, "", 0));
	CHECK(store_open(&s, path, t.vault) == ATT_CORRUPT);
	NEED(stat(path, &st) == 0 && st.st_size == 0);
	NEED(file_with(path, "this is a letter to a friend of mine", 36));
	CHECK(store_open(&s, path, t.vault) == ATT_CORRUPT);
	NEED(unlink(path) == 0);
	NEED(sqlite3_open(path, &db) == SQLITE_OK);
	NEED(sqlite3_exec(db, "CREATE TABLE mine (x)", NULL, NULL, NULL) ==
	    SQLITE_OK);
	(void)sqlite3_close(db); /* a test's own connection */
	CHECK(store_open(&s, path, t.vault) == ATT_CORRUPT);
	CHECK(strstr(store_trouble(NULL), "not a store") != NULL);
	CHECK(!is_there("x.db-wal"));
}

TEST("a store from a newer attend is refused, its own is opened")
{
	SAMPLE t = { 0 };
	char sql[64], schema[32];

	NEED(sample_open(&t));
	(void)snprintf(sql, sizeof(sql), "PRAGMA user_version = %zu",
	    store_schemas_count + 1);
	(void)snprintf(
	    schema, sizeof(schema), "schema %zu", store_schemas_count + 1);
	NEED(sample_tamper(&t, sql));
	store_close(t.store);
	t.store = NULL;
	CHECK(store_open(&t.store, t.path, t.vault) == ATT_NEWER);
	CHECK(strstr(store_trouble(NULL), schema) != NULL);
	(void)snprintf(
	    sql, sizeof(sql), "PRAGMA user_version = %zu", store_schemas_count);
	NEED(sample_tamper(&t, sql));
	CHECK(store_open(&t.store, t.path, t.vault) == ATT_OK);
}

TEST("a store opens with the site key it was first opened with only")
{
	SAMPLE t = { 0 };
	struct vault *other = NULL;
	struct store *s = NULL;

	NEED(sample_open(&t));
	NEED(vault_create(test_path("other.key")) == ATT_OK);
	NEED(vault_open(&other, test_path("other.key")) == ATT_OK);

	CHECK(store_open(&s, t.path, other) == ATT_CORRUPT);
	CHECK(strstr(store_trouble(NULL), "another site key") != NULL);
	CHECK(sample_reopen(&t));
	vault_close(other);
}

TEST("a store with records whose key tag was wiped takes no other key")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada();

	NEED(sample_open(&t) && sample_add(&t, &e) == ATT_OK);
	NEED(sample_tamper(&t, "UPDATE site SET key_tag = NULL"));
	CHECK(!sample_reopen(&t));
}

TEST("a damaged store is refused or found by the check, never a crash")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada();
	struct stat st;
	const char *why;
	unsigned refused = 0, found = 0;

	NEED(sample_open(&t) && sample_add(&t, &e) == ATT_OK);
	store_close(t.store);
	t.store = NULL;
	NEED(stat(t.path, &st) == 0);
	for (off_t at = 0; at < st.st_size; at += 509) {
		int fd = open(t.path, O_RDWR);
		uint8_t was[32], bad[32];
		struct store *s = NULL;
		enum att_err err;

		memset(bad, 0xa5, sizeof(bad));
		NEED(fd >= 0 && pread(fd, was, 32, at) > 0);
		NEED(pwrite(fd, bad, 32, at) > 0);
		err = store_open(&s, t.path, t.vault);
		if (err != ATT_OK)
			refused++;
		else if (store_check(s, &why) != ATT_OK)
			found++;
		store_close(s);
		NEED(pwrite(fd, was, 32, at) > 0 && close(fd) == 0);
		(void)unlink(test_path("store.db-wal"));
		(void)unlink(test_path("store.db-shm"));
	}
	CHECK(refused > 0 && found > 0);
	CHECK(store_open(&t.store, t.path, t.vault) == ATT_OK);
	CHECK(store_check(t.store, &why) == ATT_OK);
}

/* --- migration, from the first schema and to one of the future */

#define SCHEMAS_MAX 16
#define MORE	    "CREATE TABLE more (x INTEGER NOT NULL) STRICT;"

/* All schemas there are and one more, which sets its number if it should. */
static const struct store_schema *
future(const char *sql, bool numbered)
{
	static struct store_schema list[SCHEMAS_MAX];
	static char last[512];

	(void)snprintf(last, sizeof(last), "%s PRAGMA user_version = %zu;", sql,
	    store_schemas_count + numbered);
	memcpy(list, store_schemas, store_schemas_count * sizeof(*list));
	list[store_schemas_count] =
	    (struct store_schema){ "999_future.sql", last };
	return list;
}

static const char *
copy_before(const struct sample *t, size_t n)
{
	static char path[300];

	(void)snprintf(path, sizeof(path), "%s.before-%zu", t->path, n);
	return path;
}

TEST("a migration keeps a private, complete copy of what was before")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada();
	struct store *old = NULL;
	const size_t next = store_schemas_count + 1;
	const char *copy;
	size_t n = 0;

	NEED(sample_open(&t) && sample_add(&t, &e) == ATT_OK);
	copy = copy_before(&t, next);

	CHECK(schema_migrate(t.store, t.path,
		  future(MORE "INSERT INTO more VALUES (42);", true),
		  next) == ATT_OK);
	CHECK(schema_number(t.store, &n) == ATT_OK && n == next);
	CHECK(sample_number(&t, "SELECT x FROM more") == 42);
	CHECK(mode_of(copy) == 0600);
	NEED(store_open(&old, copy, t.vault) == ATT_OK);
	CHECK(store_employee_by_number(old, "1042", &e) == ATT_OK);
	CHECK(schema_number(old, &n) == ATT_OK && n == next - 1);
	store_close(old);
}

/* A store of the first release, with a notice and three consents in it. */
#define FIRST_ROWS                                                          \
	"INSERT INTO site (one, site_id, created_utc, id_min, id_max,"      \
	" audit_hash) VALUES (1, zeroblob(16), 0, 70000, 70999,"            \
	" zeroblob(32));"                                                   \
	"INSERT INTO person (id, version, number, login, uid, state,"       \
	" created_utc) VALUES (x'00112233445566778899aabbccddeeff', 1,"     \
	" '1042', 'e1042', 70000, 2, 0);"                                   \
	"INSERT INTO notice (version, major, is_major) VALUES ('1', 1, 1);" \
	"INSERT INTO consent SELECT value, randomblob(16),"                 \
	" x'00112233445566778899aabbccddeeff', 'login', value - 6, 0, '1'," \
	" 1, zeroblob(32), value, 'kiosk', 'tty1', NULL, NULL, NULL, NULL," \
	" zeroblob(64) FROM (SELECT 7 AS value UNION SELECT 8"              \
	" UNION SELECT 9);"

TEST("a store of the first release keeps its consents, in their order")
{
	SAMPLE t = { 0 };
	char path[256];
	sqlite3 *db = NULL;
	struct store *old = NULL;

	NEED(sample_open(&t));
	store_close(t.store);
	t.store = NULL;
	(void)snprintf(path, sizeof(path), "%s", test_path("first.db"));
	NEED(sqlite3_open(path, &db) == SQLITE_OK);
	NEED(sqlite3_exec(db, store_schemas[0].sql, NULL, NULL, NULL) ==
	    SQLITE_OK);
	NEED(sqlite3_exec(db, FIRST_ROWS, NULL, NULL, NULL) == SQLITE_OK);
	(void)sqlite3_close(db); /* a test's own connection */

	NEED(store_open(&old, path, t.vault) == ATT_OK);
	store_close(old);
	memcpy(t.path, path, sizeof(path));
	CHECK(sample_number(&t, "SELECT count(*) FROM consent") == 3);
	CHECK(sample_number(&t, "SELECT kind FROM consent WHERE n = 9") == 3);
	CHECK(sample_number(&t, "SELECT changes FROM notice") == 0);
	CHECK(!sample_tamper(&t, "UPDATE consent SET kind = 1"));
	CHECK(sample_number(&t, "PRAGMA user_version") ==
	    (int64_t)store_schemas_count);
}

TEST("a migration that is not needed writes no copy")
{
	SAMPLE t = { 0 };

	NEED(sample_open(&t));
	CHECK(schema_migrate(t.store, t.path, future(MORE, true),
		  store_schemas_count) == ATT_OK);
	CHECK(access(copy_before(&t, store_schemas_count), F_OK) != 0);
}

TEST("a migration that fails leaves the store as it was")
{
	SAMPLE t = { 0 };
	const size_t next = store_schemas_count + 1;
	size_t n = 0;

	NEED(sample_open(&t));
	CHECK(schema_migrate(t.store, t.path,
		  future(MORE "INSERT INTO nowhere VALUES (42);", true),
		  next) == ATT_CORRUPT);
	CHECK(schema_migrate(t.store, t.path, future(MORE, false), next) ==
	    ATT_CORRUPT);
	CHECK(schema_number(t.store, &n) == ATT_OK && n == next - 1);
	CHECK(sample_number(&t, "SELECT x FROM more") == -1);
	CHECK(sample_reopen(&t));
}

TEST("a migration without room for its copy does not happen")
{
	SAMPLE t = { 0 };
	const size_t next = store_schemas_count + 1;
	size_t n = 0;

	NEED(sample_open(&t));
	NEED(mkdir(copy_before(&t, next), 0700) == 0);
	CHECK(schema_migrate(t.store, t.path, future(MORE, true), next) ==
	    ATT_IO);
	CHECK(schema_number(t.store, &n) == ATT_OK && n == next - 1);
	(void)rmdir(copy_before(&t, next));
}

TEST("a store of the first schema goes on under this attend, whole")
{
	SAMPLE t = { 0 };
	struct store_employee ada = sample_ada(), bob = sample_bob();
	struct store first = { 0 };
	struct audit_verifier v;
	const char *why;

	NEED(sample_open(&t) && sample_add(&t, &ada) == ATT_OK);
	store_close(t.store);
	t.store = NULL;
	NEED(rename(t.path, test_path("kept")) == 0);
	(void)unlink(test_path("store.db-wal"));
	(void)unlink(test_path("store.db-shm"));
	NEED(db_connect(&first, t.path,
		 SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) == ATT_OK);
	NEED(db_exec(&first, store_schemas[0].sql) == ATT_OK);
	NEED(db_exec(&first,
		 "INSERT INTO site (one, site_id, created_utc, id_min, id_max,"
		 " audit_hash) VALUES (1, randomblob(16), 1, 70000, 70999,"
		 " zeroblob(32))") == ATT_OK);
	db_close(&first);

	NEED(store_open(&t.store, t.path, t.vault) == ATT_OK);
	CHECK(sample_add(&t, &bob) == ATT_OK);
	CHECK(store_check(t.store, &why) == ATT_OK);
	CHECK(store_audit_verify(t.store, &v) == ATT_OK && v.seq == 1);
	CHECK(access(copy_before(&t, store_schemas_count), F_OK) == 0);
}

/* --- what can be read from the disk */

static bool
file_holds(const char *path, const char *what)
{
	static char bytes[8 * 1024 * 1024];
	int fd = open(path, O_RDONLY);
	ssize_t n = fd >= 0 ? read(fd, bytes, sizeof(bytes)) : 0;

	if (fd >= 0)
		(void)close(fd);
	return n > 0 && memmem(bytes, (size_t)n, what, strlen(what)) != NULL;
}

static bool
disk_holds(const struct sample *t, const char *what)
{
	char wal[300];

	(void)snprintf(wal, sizeof(wal), "%s-wal", t->path);
	return file_holds(t->path, what) || file_holds(wal, what);
}

TEST("neither store nor log holds a name, a birthday, a phone or a PIN")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada();
	struct store_notice n;
	struct store_consent c = { .purpose = STORE_FOR_LOGIN,
		.kind = STORE_CONSENT_GIVEN,
		.by_guardian = true,
		.how = "paper",
		.guardian = "Gwen Guardian",
		.relation = "grandmother" };
	uint8_t record[VAULT_PIN_LEN];
	static const char *const secrets[] = { "Ada", "Example", "1990-02",
		"ada@example", "555 0142", "Gwen", "grandmother", "481503" };

	NEED(sample_open(&t) && sample_add(&t, &e) == ATT_OK);
	NEED(vault_pin_hash(t.vault, e.id, att_slice_of("481503"), record) ==
	    ATT_OK);
	NEED(IN_TX(&t, store_pin_set(t.store, &t.by, e.id, record, false)) ==
	    ATT_OK);
	NEED(IN_TX(&t,
		 store_notice_publish(t.store, &t.by,
		     &(struct store_notice_draft){ "1", "en", 1, 0,
			 att_slice_of("short"), att_slice_of("long") },
		     &n)) == ATT_OK);
	NEED(IN_TX(&t, store_consent_record(t.store, &t.by, e.id, "en", &c)) ==
	    ATT_OK);

	CHECK(disk_holds(&t, "e1042")); /* the search itself works */
	for (int i = 0; i < 2; i++) {
		for (size_t k = 0; k < sizeof(secrets) / sizeof(*secrets); k++)
			(void)test_check(!disk_holds(&t, secrets[k]), __FILE__,
			    __LINE__, secrets[k]);
		CHECK(memmem(record, sizeof(record), "4815", 4) == NULL);
		store_close(t.store); /* folds the log into the file */
		t.store = NULL;
	}
}

/* --- no room */

/* Add people until the store has no room; how many were acknowledged. */
static unsigned
add_until_full(struct sample *t, enum att_err *last)
{
	unsigned n = 0;

	for (*last = ATT_OK; *last == ATT_OK && n < 5000; n++) {
		struct store_employee e = sample_bob();

		(void)snprintf(e.number, sizeof(e.number), "F%u", n);
		*last = sample_add(t, &e);
	}
	return n - 1;
}

TEST("a full disk refuses what does not fit and loses nothing")
{
	SAMPLE t = { 0 };
	struct rlimit limit = { 600 * 1024, RLIM_INFINITY };
	struct rlimit old;
	struct audit_verifier a;
	enum att_err last;
	uint64_t n = 0;
	unsigned added;

	NEED(sample_open(&t));
	(void)signal(SIGXFSZ, SIG_IGN);
	NEED(getrlimit(RLIMIT_FSIZE, &old) == 0);
	limit.rlim_max = old.rlim_max;
	NEED(setrlimit(RLIMIT_FSIZE, &limit) == 0);
	added = add_until_full(&t, &last);
	NEED(setrlimit(RLIMIT_FSIZE, &old) == 0);

	CHECK(last == ATT_IO);
	CHECK(added > 10 && added < 4999);
	NEED(sample_reopen(&t));
	CHECK(store_employee_count(t.store, &n) == ATT_OK && n == added);
	CHECK(store_audit_verify(t.store, &a) == ATT_OK && a.seq == added);
	CHECK(sample_add(&t,
		  &(struct store_employee){
		      .number = "A", .name = "Room Again" }) == ATT_OK);
}

TEST("a store that may not grow refuses, and goes on when it may")
{
	SAMPLE t = { 0 };
	enum att_err last;
	uint64_t n = 0;
	unsigned added;

	NEED(sample_open(&t));
	NEED(sqlite3_exec(t.store->db, "PRAGMA max_page_count = 120", NULL,
		 NULL, NULL) == SQLITE_OK);
	added = add_until_full(&t, &last);

	CHECK(last == ATT_IO && added > 10);
	CHECK(store_employee_count(t.store, &n) == ATT_OK && n == added);
	NEED(sample_reopen(&t));
	CHECK(sample_add(&t,
		  &(struct store_employee){
		      .number = "A", .name = "Room Again" }) == ATT_OK);
}
