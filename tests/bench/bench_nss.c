/*
 * What a lookup costs a program: one service of nsswitch.conf, asked through
 * glibc as every program asks it.
 *
 *	bench_nss publish FILE PEOPLE
 *	bench_nss ask SERVICE WHAT PEOPLE THREADS SECONDS
 *	bench_nss first SERVICE PEOPLE TIMES
 *	bench_nss warm SERVICE PEOPLE
 *
 * publish writes the directory file of PEOPLE people: e1000 and on, uids from
 * UID_MIN. ask prints nanoseconds a lookup, of people taken at random; WHAT is
 * name, uid, miss or groups. With threads it is the time divided by the
 * lookups of all. first prints microseconds of the first lookup of a process
 * that has not asked before. warm asks for everybody once, by name and uid.
 * Whoever is not answered rightly ends the program.
 */
#include "directory/publish.h"

#include <grp.h>
#include <nss.h>
#include <pthread.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define UID_MIN	 70000u
#define FIRST	 1000u /* the number of the first person */
#define GROUPS	 30u
#define BATCH	 4096u
#define BATCHES	 65536u
#define BATCH_NS 4e6 /* as long as a batch may take */

static double
now_ns(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

_Noreturn static void
die(const char *what)
{
	(void)fprintf(stderr, "bench_nss: %s\n", what);
	exit(1);
}

/* ---- the directory ---- */

static void
publish_all(struct publish *p, uint32_t people)
{
	char name[32], home[64], number[16];

	for (uint32_t g = 0; g < GROUPS; g++) {
		(void)snprintf(name, sizeof(name), "dept-%u", g);
		if (publish_group(p, name, UID_MIN + g) != ATT_OK)
			die("a group cannot be published");
	}
	for (uint32_t i = 0; i < people; i++) {
		const uint32_t gids[] = { UID_MIN + 1 + i % 19,
			UID_MIN + 20 + i % 10 };

		(void)snprintf(number, sizeof(number), "%u", FIRST + i);
		(void)snprintf(name, sizeof(name), "e%s", number);
		(void)snprintf(home, sizeof(home), "/home/%s", name);
		if (publish_person(p, name, UID_MIN + i, UID_MIN, number, home,
			"/bin/bash", gids, 2) != ATT_OK)
			die("a person cannot be published");
	}
}

static void
publish_file(const char *path, uint32_t people)
{
	struct publish_options o = { .generation = 1,
		.made_utc = 1700000000,
		.id_min = UID_MIN,
		.id_max = UID_MIN + 2000000 };
	struct publish *p;

	if (getentropy(o.key, sizeof(o.key)) != 0 ||
	    publish_new(&p, &o) != ATT_OK)
		die("nothing can be published");
	publish_all(p, people);
	if (publish_write(p, path) != ATT_OK)
		die(path);
	publish_free(p);
}

/* ---- the questions ---- */

struct question {
	char name[16];
	uid_t uid;
};

typedef void ask_one(const struct question *q);

static char *
room(size_t *len)
{
	static _Thread_local char buffer[4096];

	*len = sizeof(buffer);
	return buffer;
}

static void
ask_name(const struct question *q)
{
	struct passwd pw = { .pw_uid = q->uid }, *found;
	size_t len;
	char *buffer = room(&len);

	if (getpwnam_r(q->name, &pw, buffer, len, &found) != 0 ||
	    found == NULL || pw.pw_uid != q->uid)
		die(q->name);
}

static void
ask_uid(const struct question *q)
{
	struct passwd pw = { .pw_uid = q->uid }, *found;
	size_t len;
	char *buffer = room(&len);

	if (getpwuid_r(q->uid, &pw, buffer, len, &found) != 0 ||
	    found == NULL || pw.pw_uid != q->uid)
		die(q->name);
}

static void
ask_miss(const struct question *q)
{
	struct passwd pw, *found;
	size_t len;
	char *buffer = room(&len);

	(void)getpwnam_r(q->name, &pw, buffer, len, &found);
	if (found != NULL)
		die(q->name);
}

static void
ask_groups(const struct question *q)
{
	gid_t gids[64];
	int n = 64;

	if (getgrouplist(q->name, UID_MIN, gids, &n) < 1)
		die(q->name);
}

static const struct {
	const char *what;
	ask_one *ask;
} kinds[] = {
	{ "name", ask_name },
	{ "uid", ask_uid },
	{ "miss", ask_miss },
	{ "groups", ask_groups },
};

static void
person(struct question *q, uint32_t i, bool miss)
{
	(void)snprintf(
	    q->name, sizeof(q->name), "%c%u", miss ? 'x' : 'e', FIRST + i);
	q->uid = UID_MIN + i;
}

/* ---- measuring ---- */

struct thread {
	ask_one *ask;
	uint32_t people;
	bool miss;
	double until;
	uint64_t random;
	double median; /* ns a lookup */
	pthread_t id;
	struct question q[BATCH];
	double took[BATCHES];
};

static uint32_t
pick(struct thread *t)
{
	t->random ^= t->random << 13;
	t->random ^= t->random >> 7;
	t->random ^= t->random << 17;
	return (uint32_t)(t->random >> 32) % t->people;
}

static double
ns_of_batch(struct thread *t, uint32_t n)
{
	double start;

	for (uint32_t i = 0; i < n; i++)
		person(&t->q[i], pick(t), t->miss);
	start = now_ns();
	for (uint32_t i = 0; i < n; i++)
		t->ask(&t->q[i]);
	return (now_ns() - start) / n;
}

static int
order(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(double *all, size_t n)
{
	qsort(all, n, sizeof(*all), order);
	return all[n / 2];
}

/* A batch is as large as fits BATCH_NS, so that slow services end too. */
static void *
run(void *arg)
{
	struct thread *t = arg;
	double one = ns_of_batch(t, 1);
	uint32_t n, batches = 0;

	one = ns_of_batch(t, 1); /* without what only the first one pays */
	n = one * BATCH < BATCH_NS ? BATCH : (uint32_t)(BATCH_NS / one) + 1;
	while (batches < 3 || (batches < BATCHES && now_ns() < t->until))
		t->took[batches++] = ns_of_batch(t, n);
	t->median = median(t->took, batches);
	return NULL;
}

static void
ask(const char *what, uint32_t people, unsigned threads, double seconds)
{
	struct thread *t = calloc(threads, sizeof(*t));
	double rate = 0;
	ask_one *one = NULL;

	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
		if (strcmp(kinds[k].what, what) == 0)
			one = kinds[k].ask;
	if (t == NULL || one == NULL)
		die("ask what?");
	for (unsigned i = 0; i < threads; i++) {
		t[i].ask = one;
		t[i].people = people;
		t[i].miss = one == ask_miss;
		t[i].until = now_ns() + seconds * 1e9;
		t[i].random = 0x2545f4914f6cdd1du + i;
		if (pthread_create(&t[i].id, NULL, run, &t[i]) != 0)
			die("no thread");
	}
	for (unsigned i = 0; i < threads; i++) {
		(void)pthread_join(t[i].id, NULL);
		rate += 1 / t[i].median;
	}
	printf("%.1f\n", 1 / rate);
	free(t);
}

/* In a child, which has not asked before. */
static double
us_of_first(uint32_t i)
{
	struct question q;
	double us = 0;
	int fd[2];

	person(&q, i, false);
	if (pipe(fd) != 0)
		die("no pipe");
	if (fork() == 0) {
		const double start = now_ns();

		ask_name(&q);
		us = (now_ns() - start) / 1e3;
		_exit(write(fd[1], &us, sizeof(us)) == sizeof(us) ? 0 : 1);
	}
	(void)close(fd[1]);
	if (read(fd[0], &us, sizeof(us)) != sizeof(us))
		die("the first lookup fails");
	(void)close(fd[0]);
	(void)wait(NULL);
	return us;
}

static void
first(uint32_t people, uint32_t times)
{
	double *all = calloc(times, sizeof(*all));

	if (all == NULL || times == 0)
		die("how often?");
	for (uint32_t i = 0; i < times; i++)
		all[i] = us_of_first((uint32_t)(i * 2654435761u) % people);
	printf("%.1f\n", median(all, times));
	free(all);
}

static void
warm(uint32_t people)
{
	struct question q;

	for (uint32_t i = 0; i < people; i++) {
		person(&q, i, false);
		ask_name(&q);
		ask_uid(&q);
		ask_groups(&q);
	}
}

static uint32_t
number(const char *word)
{
	const unsigned long n = strtoul(word, NULL, 10);

	if (n == 0 || n > 2000000)
		die("how many?");
	return (uint32_t)n;
}

static void
use(const char *service)
{
	if (__nss_configure_lookup("passwd", service) != 0 ||
	    __nss_configure_lookup("group", service) != 0)
		die(service);
}

int
main(int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : "";

	if (argc > 2 && strcmp(verb, "publish") != 0)
		use(argv[2]);
	if (strcmp(verb, "publish") == 0 && argc == 4)
		publish_file(argv[2], number(argv[3]));
	else if (strcmp(verb, "ask") == 0 && argc == 7)
		ask(argv[3], number(argv[4]), number(argv[5]),
		    strtod(argv[6], NULL));
	else if (strcmp(verb, "first") == 0 && argc == 5)
		first(number(argv[3]), number(argv[4]));
	else if (strcmp(verb, "warm") == 0 && argc == 4)
		warm(number(argv[3]));
	else
		die("see the top of bench_nss.c");
	return 0;
}
