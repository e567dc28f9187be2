/*
 * What keeping the promises costs on a large site: 100,000 people and
 * 1,000,000 audit records, unless told otherwise. Prints medians in
 * milliseconds, or a rate.
 *
 *	bench_keep [DIRECTORY [PEOPLE RECORDS]]
 *	bench_keep --fill KEY STORE PEOPLE RECORDS	only make such a store
 */
#include "store/attendance.h"
#include "store/backup.h"
#include "store/consent.h"
#include "store/keep.h"
#include "tests/bench/bench.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BATCH	1000
#define ROUNDS	5
#define WATCHED 200 /* audit records of the one who looks at them */

static char dir[256], key_path[300], store_path[300];
static const struct store_id_range ids = { 100000, 900000 };

static void
report(const char *what, double *ms, size_t n)
{
	qsort(ms, n, sizeof(*ms), by_size);
	printf("%-44s median %10.1f ms  n %zu\n", what, ms[n / 2], n);
}

/* How old what fill adds first is: it is there to be pruned. */
#define AGE INT64_C(86400000)

static void
add_people(struct store *s, unsigned from, unsigned n, int64_t age)
{
	STORE_AUTO_TX struct store_tx tx = { 0 };
	struct store_by by = by_now();

	by.now.utc -= age;
	MUST(s, store_begin(s, &tx));
	for (unsigned i = from; i < from + n; i++) {
		struct store_employee e = { .name = "Invented Person",
			.born_on = { 1990, 4, 12 },
			.department = "Research",
			.phone = "555 0100" };

		(void)snprintf(e.number, sizeof(e.number), "%u", 100000 + i);
		MUST(s, store_employee_add(s, &by, ids, &e));
	}
	MUST(s, store_commit(&tx));
}

/* As logins leave them; one person has WATCHED of them. */
static void
add_records(struct store *s, const struct store_employee *who, uint64_t from,
    unsigned n)
{
	STORE_AUTO_TX struct store_tx tx = { 0 };
	struct store_by by = by_now();

	by.now.utc -= AGE;
	MUST(s, store_begin(s, &tx));
	for (uint64_t i = from; i < from + n; i++)
		MUST(s,
		    store_audit(s, &by, "login", i < WATCHED ? who->id : NULL,
			"phase=authenticate verdict=allow reason=ok "
			"service=login"));
	MUST(s, store_commit(&tx));
}

static struct store *
fill(struct vault *v, unsigned people, uint64_t records)
{
	struct store *s = NULL;
	struct store_employee first;
	double start = now_ms();
	uint64_t head = 0;
	uint8_t hash[VAULT_HASH_LEN];

	MUST(s, store_create(store_path));
	MUST(s, store_open(&s, store_path, v));
	add_people(s, 0, 2, AGE); /* the first is erased, the second watched */
	MUST(s, store_employee_by_number(s, "100001", &first));
	for (uint64_t i = 0; i + people < records; i += BATCH)
		add_records(s, &first, i, BATCH);
	for (unsigned i = 2; i < people; i += BATCH)
		add_people(s, i, people - i < BATCH ? people - i : BATCH, 0);
	MUST(s, store_audit_head(s, &head, hash));
	printf("%-44s %u people, %llu records in %.0f s\n", "made", people,
	    (unsigned long long)head, (now_ms() - start) / 1e3);
	return s;
}

static bool
count_one(void *ctx, const struct audit_record *r)
{
	*(unsigned *)ctx += r->seq > 0;
	return true;
}

static bool
count_person(void *ctx, const struct store_employee *e)
{
	*(unsigned *)ctx += e->uid > 0;
	return true;
}

static void
bench_verify(struct store *s)
{
	double ms[ROUNDS];
	struct audit_verifier a;

	for (size_t i = 0; i < ROUNDS; i++) {
		double start = now_ms();

		MUST(s, store_audit_verify(s, &a));
		ms[i] = now_ms() - start;
	}
	report("audit verify", ms, ROUNDS);
	printf("%-44s %8.0f records/s\n", "",
	    (double)a.seq / ms[ROUNDS / 2] * 1e3);
}

/* As attendctl employee erase does it: one commit, one cleaning up. */
static void
bench_erase(struct store *s)
{
	double commit[ROUNDS], tidy[ROUNDS];

	for (unsigned i = 0; i < ROUNDS; i++) {
		struct store_by by = by_now();
		struct store_tx tx = { 0 };
		struct store_employee e;
		char number[16];
		double start;

		(void)snprintf(number, sizeof(number), "%u", 100000 + 7 * i);
		MUST(s, store_employee_by_number(s, number, &e));
		start = now_ms();
		MUST(s, store_begin(s, &tx));
		MUST(s, store_erase(s, &by, e.id, STORE_ERASE_CLOSED));
		MUST(s, store_commit(&tx));
		commit[i] = now_ms() - start;
		start = now_ms();
		MUST(s, store_tidy(s, true));
		tidy[i] = now_ms() - start;
	}
	report("erasure: the transaction", commit, ROUNDS);
	report("erasure: no byte is left, the whole file", tidy, ROUNDS);
}

static void
say(struct store *s, unsigned i, enum store_consent_kind kind)
{
	struct store_by by = by_now();
	struct store_consent c = { .kind = kind, .how = "command" };
	struct store_employee e;
	char number[16];

	(void)snprintf(number, sizeof(number), "%u", 100000 + i);
	MUST(s, store_employee_by_number(s, number, &e));
	MUST(s, store_consent_record(s, &by, e.id, "en", &c));
}

/* Everybody agrees, and one in `every` has withdrawn again. */
static void
say_all(struct store *s, unsigned from, unsigned people, unsigned every)
{
	for (unsigned i = from; i < people; i += BATCH) {
		STORE_AUTO_TX struct store_tx tx = { 0 };

		MUST(s, store_begin(s, &tx));
		for (unsigned k = i; k < people && k < i + BATCH; k++) {
			say(s, k, STORE_CONSENT_GIVEN);
			if (k % every == 0)
				say(s, k, STORE_CONSENT_WITHDRAWN);
		}
		MUST(s, store_commit(&tx));
	}
	MUST(s, store_tidy(s, true));
}

static void
publish_notice(struct store *s)
{
	STORE_AUTO_TX struct store_tx tx = { 0 };
	struct store_by by = by_now();
	struct store_notice n;
	const struct store_notice_draft d = { .version = "1",
		.lang = "en",
		.brief = att_slice_of("We keep what we need."),
		.whole = att_slice_of("We keep what we need, and no more.") };

	MUST(s, store_begin(s, &tx));
	MUST(s, store_notice_publish(s, &by, &d, &n));
	MUST(s, store_commit(&tx));
}

/* As attendctl consent withdraw does it: one commit, and the ledger. */
static void
bench_withdraw(struct store *s, unsigned people, unsigned every)
{
	double commit[ROUNDS], tidy[ROUNDS];
	char what[64];

	for (unsigned i = 0; i < ROUNDS; i++) {
		struct store_tx tx = { 0 };
		double start = now_ms();

		MUST(s, store_begin(s, &tx));
		say(s, people - 3 - i, STORE_CONSENT_GIVEN);
		say(s, people - 3 - i, STORE_CONSENT_WITHDRAWN);
		MUST(s, store_commit(&tx));
		commit[i] = now_ms() - start;
		start = now_ms();
		MUST(s, store_tidy(s, true));
		tidy[i] = now_ms() - start;
	}
	report("consent withdrawn: the transaction", commit, ROUNDS);
	(void)snprintf(what, sizeof(what),
	    "consent withdrawn: the ledger, of %u", people / every);
	report(what, tidy, ROUNDS);
}

static void
bench_show(struct store *s)
{
	double ms[ROUNDS];
	struct store_employee e;
	unsigned n;

	MUST(s, store_employee_by_number(s, "100001", &e));
	for (size_t i = 0; i < ROUNDS; i++) {
		double start = now_ms();

		n = 0;
		MUST(s, store_employee_by_uid(s, e.uid, &e));
		MUST(s, store_audit_list(s, 1, e.id, count_one, &n));
		ms[i] = now_ms() - start;
	}
	report("a person's fields and audit records", ms, ROUNDS);
}

static void
bench_list(struct store *s)
{
	double ms[ROUNDS];

	for (size_t i = 0; i < ROUNDS; i++) {
		double start = now_ms();
		unsigned n = 0;

		MUST(s, store_employee_list(s, NULL, count_person, &n));
		ms[i] = now_ms() - start;
	}
	report("purge: looking at everybody", ms, ROUNDS);
}

static void
bench_prune(struct store *s)
{
	struct store_by by = by_now();
	double start = now_ms(), longest = 0;
	uint64_t n = 1, all = 0;

	while (n > 0) {
		STORE_AUTO_TX struct store_tx tx = { 0 };
		double began = now_ms();

		MUST(s, store_begin(s, &tx));
		MUST(s, store_audit_prune(s, &by, by.now.utc - 86400, &n));
		MUST(s, store_commit(&tx));
		if (now_ms() - began > longest)
			longest = now_ms() - began;
		all += n;
	}
	printf("%-44s %8.0f records/s (%llu), longest %0.0f ms\n",
	    "purge: pruning the chain", (double)all / (now_ms() - start) * 1e3,
	    (unsigned long long)all, longest);
}

static void
bench_rotate(struct store *s)
{
	struct store_by by = by_now();
	struct store_tx tx = { 0 };
	double start = now_ms(), commit;
	uint64_t n = 0;

	MUST(s, store_begin(s, &tx));
	MUST(s, store_key_rotate(s, &by, &n));
	MUST(s, store_commit(&tx));
	commit = now_ms() - start;
	MUST(s, store_tidy(s, true));
	printf("%-44s %8.0f ms, with cleaning up %.0f ms (%llu people)\n",
	    "key rotate", commit, now_ms() - start, (unsigned long long)n);
}

static void
bench_backup(struct store *s, struct vault *v)
{
	static const struct store_watch quiet = { NULL, NULL };
	struct store_by by = by_now();
	struct store_backup b;
	struct store_restore r = { .path = store_path, .live = s, .vault = v };
	char path[320];
	struct store_restored out;
	double start = now_ms();

	(void)snprintf(path, sizeof(path), "%s/backup", dir);
	r.fd = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
	MUST(s, store_backup(s, &by, r.fd, &quiet, &b));
	printf("%-44s %8.0f ms (%.0f MB)\n", "backup, checked and read back",
	    now_ms() - start, (double)b.size / 1e6);
	start = now_ms();
	MUST(s, store_restore(&r, &by, &quiet, &out));
	MUST(s, store_tidy(s, true));
	printf("%-44s %8.0f ms\n", "restore, checked", now_ms() - start);
	(void)close(r.fd);
	(void)unlink(path);
}

static void
remove_all(void)
{
	static const char *const names[] = { "db", "db-wal", "db-shm", "key",
		"erasures" };
	char path[320];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		(void)unlink(path); /* the logs may be gone already */
	}
	(void)rmdir(dir);
}

static struct vault *
make_vault(void)
{
	struct vault *v = NULL;

	MUST(NULL, vault_create(key_path));
	MUST(NULL, vault_open(&v, key_path));
	return v;
}

static int
fill_only(char **argv)
{
	struct vault *v;

	(void)snprintf(key_path, sizeof(key_path), "%s", argv[2]);
	(void)snprintf(store_path, sizeof(store_path), "%s", argv[3]);
	v = make_vault();
	store_close(fill(v, (unsigned)atoi(argv[4]), (uint64_t)atoll(argv[5])));
	vault_close(v);
	return 0;
}

int
main(int argc, char **argv)
{
	unsigned people = argc > 3 ? (unsigned)atoi(argv[2]) : 100000;
	uint64_t records = argc > 3 ? (uint64_t)atoll(argv[3]) : 1000000;
	struct store *s;
	struct vault *v;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 6 && strcmp(argv[1], "--fill") == 0)
		return fill_only(argv);
	(void)snprintf(dir, sizeof(dir), "%s/attend-bench.XXXXXX",
	    argc > 1 ? argv[1] : ".");
	if (mkdtemp(dir) == NULL) {
		perror("bench_keep: mkdtemp");
		return 1;
	}
	(void)snprintf(key_path, sizeof(key_path), "%s/key", dir);
	(void)snprintf(store_path, sizeof(store_path), "%s/db", dir);
	v = make_vault();
	s = fill(v, people, records);
	bench_verify(s);
	bench_show(s);
	bench_erase(s);
	publish_notice(s);
	say_all(s, 100, people, 20);
	bench_withdraw(s, people, 20);
	bench_list(s);
	bench_rotate(s);
	bench_backup(s, v);
	bench_prune(s);
	store_close(s);
	vault_close(v);
	remove_all();
	return 0;
}
