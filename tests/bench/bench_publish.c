/*
 * What publishing costs from the store: reading it, making the indexes,
 * writing, syncing and renaming, the machine's own account files included.
 * Prints the median of some rounds.
 *
 *	bench_publish [PEOPLE]...	default: 1000 10000
 *
 * A million people take minutes to add, so they are asked for by number. The
 * store and the directory are made in a fresh folder under TMPDIR or /tmp.
 */
#include "attendd/publish_store.h"
#include "tests/bench/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROUNDS	 9
#define TOGETHER 5000 /* people added in one transaction */

static char dir[256], key_path[300], store_path[300], path[300];
static const struct store_id_range ids = { 70000, 2000000 };

static void
add_people(struct store *s, unsigned from, unsigned to)
{
	static const char *const departments[] = { "Assembly", "Stores",
		"Paint", "Dispatch", "Research", "Canteen", "Office" };
	struct store_by by = by_now();
	struct store_tx tx = { 0 };

	MUST(s, store_begin(s, &tx));
	for (unsigned i = from; i < to; i++) {
		struct store_employee e = { .name = "Invented Person" };

		(void)snprintf(e.number, sizeof(e.number), "%u", 1000 + i);
		(void)snprintf(e.department, sizeof(e.department), "%s",
		    departments[i % 7]);
		MUST(s, store_employee_add(s, &by, ids, &e));
	}
	MUST(s, store_commit(&tx));
}

static void
add_site(struct store *s)
{
	struct store_by by = by_now();
	struct store_tx tx = { 0 };

	MUST(s, store_begin(s, &tx));
	MUST(s, store_group_site(s, &by, ids, "kiosk"));
	MUST(s, store_commit(&tx));
}

static void
measure(struct store *s, unsigned people)
{
	struct config c = config_default;
	struct publish_report report = { 0 };
	double ms[ROUNDS];

	c.ids = ids;
	for (unsigned i = 0; i < ROUNDS; i++) {
		const double start = now_ms();

		MUST(s, publish_store(s, &c, path, 1800000000, &report));
		ms[i] = now_ms() - start;
	}
	if (report.people != people)
		must(ATT_CORRUPT, s, "not everybody was published");
	qsort(ms, ROUNDS, sizeof(*ms), by_size);
	printf("%9u people: median %8.1f ms, best %8.1f\n", people,
	    ms[ROUNDS / 2], ms[0]);
	(void)fflush(stdout);
}

static void
remove_all(void)
{
	static const char *const names[] = { "store.db", "store.db-wal",
		"store.db-shm", "site.key", "directory", "directory.lock" };
	char one[600];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		(void)snprintf(one, sizeof(one), "%s/%s", dir, names[i]);
		(void)unlink(one); /* some were never made */
	}
	(void)rmdir(dir);
}

int
main(int argc, char **argv)
{
	static const char *const usual[] = { "1000", "10000" };
	const char *const *sizes =
	    argc > 1 ? (const char *const *)argv + 1 : usual;
	const int n = argc > 1 ? argc - 1 : 2;
	const char *tmp = getenv("TMPDIR");
	struct vault *v = NULL;
	struct store *s = NULL;
	unsigned people = 0;

	(void)snprintf(dir, sizeof(dir), "%s/attend-bench.XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(dir) == NULL) {
		perror(dir);
		return 1;
	}
	(void)snprintf(key_path, sizeof(key_path), "%s/site.key", dir);
	(void)snprintf(store_path, sizeof(store_path), "%s/store.db", dir);
	(void)snprintf(path, sizeof(path), "%s/directory", dir);
	MUST(NULL, vault_create(key_path));
	MUST(NULL, vault_open(&v, key_path));
	MUST(NULL, store_create(store_path));
	MUST(NULL, store_open(&s, store_path, v));
	add_site(s);
	for (int i = 0; i < n; i++) {
		const unsigned to = (unsigned)strtoul(sizes[i], NULL, 10);

		while (people < to) {
			const unsigned next =
			    people + TOGETHER < to ? people + TOGETHER : to;

			add_people(s, people, next);
			people = next;
		}
		measure(s, people);
	}
	store_close(s);
	vault_close(v);
	remove_all();
	return 0;
}
