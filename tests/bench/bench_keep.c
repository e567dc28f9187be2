/*
 * What keeping the promises costs on a large site: 100,000 people and
 * 1,000,000 audit records.
 *
 *	bench_keep [DIRECTORY [PEOPLE RECORDS]]
 */
#include "store/attendance.h"
#include "store/keep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define BATCH	1000
#define ROUNDS	5
#define WATCHED 200 /* audit records of the one who looks at them */

static char dir[256], key_path[300], store_path[300];
static const struct store_id_range ids = { 100000, 900000 };

static double
now_ms(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts); /* cannot fail on Linux */
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static void
must(enum att_err e, const struct store *s, const char *what)
{
	if (e == ATT_OK)
		return;
	fprintf(stderr, "bench_keep: %s: %s: %s\n", what, att_err_text(e),
	    store_trouble(s));
	exit(1);
}
#define MUST(s, call) must((call), (s), #call)

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void
report(const char *what, double *ms, size_t n)
{
	qsort(ms, n, sizeof(*ms), by_size);
	printf("%-44s median %10.1f ms  n %zu\n", what, ms[n / 2], n);
}

static struct store_by
by_now(void)
{
	struct store_by by = { .actor = "root" };

	must(att_now_read(&by.now), NULL, "clock");
	return by;
}

static void
add_people(struct store *s, unsigned from, unsigned n)
{
	STORE_AUTO_TX struct store_tx tx = { 0 };
	struct store_by by = by_now();

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

/* As logins leave them; the first person has WATCHED of them. */
static void
add_records(struct store *s, const struct store_employee *who, uint64_t from,
    unsigned n)
{
	STORE_AUTO_TX struct store_tx tx = { 0 };
	struct store_by by = by_now();

	by.now.utc -= 86400 * 1000; /* old ones, until people were added */
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
	add_people(s, 0, 1);
	MUST(s, store_employee_by_number(s, "100000", &first));
	for (uint64_t i = 0; i + people < records; i += BATCH)
		add_records(s, &first, i, BATCH);
	for (unsigned i = 1; i < people; i += BATCH)
		add_people(s, i, people - i < BATCH ? people - i : BATCH);
	MUST(s, store_audit_head(s, &head, hash));
	printf("%-44s %u people, %llu records in %.0f s\n", "made", people,
	    (unsigned long long)head, (now_ms() - start) / 1e3);
	return s;
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

int
main(int argc, char **argv)
{
	unsigned people = argc > 3 ? (unsigned)atoi(argv[2]) : 100000;
	uint64_t records = argc > 3 ? (uint64_t)atoll(argv[3]) : 1000000;
	struct store *s = NULL;
	struct vault *v = NULL;

	(void)snprintf(dir, sizeof(dir), "%s/attend-bench.XXXXXX",
	    argc > 1 ? argv[1] : ".");
	if (mkdtemp(dir) == NULL) {
		perror("bench_keep: mkdtemp");
		return 1;
	}
	(void)snprintf(key_path, sizeof(key_path), "%s/key", dir);
	(void)snprintf(store_path, sizeof(store_path), "%s/db", dir);
	setvbuf(stdout, NULL, _IOLBF, 0);
	MUST(NULL, vault_create(key_path));
	MUST(NULL, vault_open(&v, key_path));
	s = fill(v, people, records);
	bench_verify(s);
	store_close(s);
	vault_close(v);
	return 0;
}
