/*
 * What the directory file costs: to publish, to map, and per lookup, at a
 * thousand, ten thousand and a million people. Prints one table; the file is
 * made in a fresh folder under TMPDIR or /tmp. With a number: only that many.
 */
#include "directory/publish.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define UID_MIN	   70000u
#define GROUPS	   30u
#define LOOKUPS	   2000000u
#define BATCH_MASK 4095u

static double
seconds(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void
need(enum att_err e, const char *what)
{
	if (e == ATT_OK)
		return;
	(void)fprintf(
	    stderr, "bench_directory: %s: %s\n", what, att_err_text(e));
	exit(1);
}

/* Different every time it is called, the same in every run. */
static uint32_t
pick(void)
{
	static uint64_t x = 0x2545f4914f6cdd1du;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return (uint32_t)(x >> 32);
}

static void
add_groups(struct publish *p)
{
	char name[32];

	for (uint32_t g = 0; g < GROUPS; g++) {
		(void)snprintf(name, sizeof(name), "dept-%u", g);
		need(publish_group(p, name, UID_MIN + g), "group");
	}
}

static void
add_people(struct publish *p, uint32_t people)
{
	char name[32], home[64], gecos[16];

	for (uint32_t i = 0; i < people; i++) {
		const uint32_t gids[] = { UID_MIN + 1 + i % 19,
			UID_MIN + 20 + i % 10, 29 };

		(void)snprintf(name, sizeof(name), "e%u", 1000 + i);
		(void)snprintf(home, sizeof(home), "/home/e%u", 1000 + i);
		(void)snprintf(gecos, sizeof(gecos), "%u", 1000 + i);
		need(publish_person(p, name, UID_MIN + i, UID_MIN, gecos, home,
			 "/bin/bash", gids, 3),
		    "person");
	}
}

struct publish_cost {
	double add, write;
};

static struct publish_cost
publish(const char *path, uint32_t people)
{
	const struct publish_options o = { .generation = 1,
		.made_utc = 1700000000,
		.id_min = UID_MIN,
		.id_max = UID_MIN + 2000000,
		.key = "not random: fix" };
	const double start = seconds();
	struct publish *p;
	double added;

	need(publish_new(&p, &o), "new");
	add_groups(p);
	add_people(p, people);
	added = seconds();
	need(publish_write(p, path), "write");
	publish_free(p);
	return (struct publish_cost){ added - start, seconds() - added };
}

/* Names made beforehand, so that only the lookup is on the clock. */
static double
ns_by_name(const struct directory *d, const char *prefix, uint32_t people,
    enum att_err want)
{
	static char names[BATCH_MASK + 1][16];
	static size_t lens[BATCH_MASK + 1];
	struct directory_person out;
	double spent = 0, start;

	for (uint32_t done = 0; done < LOOKUPS; done += BATCH_MASK + 1) {
		for (uint32_t i = 0; i <= BATCH_MASK; i++)
			lens[i] = (size_t)snprintf(names[i], sizeof(names[i]),
			    "%s%u", prefix, 1000 + pick() % people);
		start = seconds();
		for (uint32_t i = 0; i <= BATCH_MASK; i++)
			if (directory_by_name(d, names[i], lens[i], &out) !=
			    want)
				need(ATT_CORRUPT, "by name");
		spent += seconds() - start;
	}
	return spent * 1e9 / LOOKUPS;
}

static double
ns_by_uid(const struct directory *d, uint32_t people)
{
	struct directory_person out;
	const double start = seconds();

	for (uint32_t i = 0; i < LOOKUPS; i++)
		need(directory_by_uid(d, UID_MIN + pick() % people, &out),
		    "by uid");
	return (seconds() - start) * 1e9 / LOOKUPS;
}

static double
us_to_map(const char *path, bool whole, unsigned times)
{
	struct directory_person out;
	struct directory d;
	const double start = seconds();

	for (unsigned i = 0; i < times; i++) {
		need(directory_open(&d, path, getuid(), whole), "open");
		need(directory_by_name(&d, "e1001", 5, &out), "first lookup");
		directory_close(&d);
	}
	return (seconds() - start) * 1e6 / times;
}

static void
measure(const char *path, uint32_t people)
{
	const struct publish_cost cost = publish(path, people);
	const unsigned times = people > 100000 ? 20 : 2000;
	struct directory d;
	double by_name, by_uid, miss;

	need(directory_open(&d, path, getuid(), true), "open");
	(void)ns_by_name(&d, "e", people, ATT_OK); /* warm */
	by_name = ns_by_name(&d, "e", people, ATT_OK);
	by_uid = ns_by_uid(&d, people);
	miss = ns_by_name(&d, "x", people, ATT_ABSENT);
	printf("%8u %9zu %8.1f %8.1f %8.0f %8.0f %8.0f %8.1f %10.1f\n", people,
	    d.size / 1024, cost.add * 1e3, cost.write * 1e3, by_name, by_uid,
	    miss, us_to_map(path, false, times), us_to_map(path, true, times));
	directory_close(&d);
}

int
main(int argc, char **argv)
{
	static const uint32_t sizes[] = { 1000, 10000, 1000000 };
	const char *tmp = getenv("TMPDIR");
	char folder[256], path[300];

	(void)snprintf(folder, sizeof(folder), "%s/attend-bench.XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(folder) == NULL) {
		perror(folder);
		return 1;
	}
	(void)snprintf(path, sizeof(path), "%s/directory", folder);
	printf("%8s %9s %8s %8s %8s %8s %8s %8s %10s\n", "people", "KiB",
	    "add ms", "write ms", "name ns", "uid ns", "miss ns", "map us",
	    "+whole us");
	if (argc > 1)
		measure(path, (uint32_t)strtoul(argv[1], NULL, 10));
	for (size_t i = 0; argc == 1 && i < sizeof(sizes) / sizeof(sizes[0]);
	     i++)
		measure(path, sizes[i]);
	(void)unlink(path);
	(void)rmdir(folder);
	return 0;
}
