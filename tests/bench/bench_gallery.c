/*
 * Whose finger is it, the way a login goes: a real store of people with a
 * consent and a sealed finger of three samples each. What it costs to get the
 * gallery ready, to look for changes before a search, to follow one, and to
 * search; and a question to the process that keeps it, as a worker asks it.
 * Times are of the processor but for the questions, which are waited for.
 *
 *	bench_gallery [PEOPLE]		default: 10000; as root
 */
#include "attendd/finger.h"
#include "attendd/gallery.h"
#include "attendd/librarian.h"
#include "attendd/paths.h"
#include "base/owner.h"
#include "bio/threshold.h"
#include "store/consent.h"
#include "store/keep.h"
#include "tests/bench/bench.h"
#include "tests/finger/finger.h"

#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAMPLES 3
#define ROUNDS	100
#define BATCH	500

static const struct store_id_range ids = { 70000, 199999 };
static struct bio_template template;
static uint8_t bytes[BIO_TEMPLATE_MAX];

/* Of this thread's processor time: others on the machine do not count. */
static double
work_ms(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static void
report(const char *what, double *ms, size_t n)
{
	qsort(ms, n, sizeof(*ms), by_size);
	printf("%-44s median %8.1f ms  p99 %8.1f ms  n %zu\n", what, ms[n / 2],
	    ms[n * 99 / 100], n);
}

static void
publish(struct store *s, const struct store_by *by)
{
	STORE_AUTO_TX struct store_tx tx = { 0 };
	struct store_notice n;
	const struct store_notice_draft d = { .version = "1",
		.lang = "en",
		.brief = att_slice_of("We keep what we need."),
		.whole = att_slice_of("We keep what we need.") };

	MUST(s, store_begin(s, &tx));
	MUST(s, store_notice_publish(s, by, &d, &n));
	MUST(s, store_commit(&tx));
}

/* The finger of the generator's that is this person's, sealed. */
static void
enrol(struct store *s, const struct store_by *by, const uint8_t *person,
    uint64_t finger)
{
	struct store_finger f = { .finger = BIO_RIGHT_INDEX,
		.driver = "uru4000",
		.algorithm = FINGER_ALGORITHM,
		.samples = SAMPLES };
	size_t len;

	template = (struct bio_template){
		.finger = BIO_RIGHT_INDEX, .n = SAMPLES, .driver = "uru4000"
	};
	for (unsigned i = 0; i < SAMPLES; i++) {
		finger_points(finger, i + 1, &finger_hard, &template.sample[i]);
		bio_sample_sort(&template.sample[i]);
	}
	MUST(s, bio_template_encode(&template, bytes, sizeof(bytes), &len));
	MUST(s,
	    store_finger_add(
		s, by, person, 18, &f, (struct att_slice){ bytes, len }));
}

static void
add(struct store *s, const struct store_by *by, unsigned n)
{
	struct store_employee e = { .name = "Invented Person" };
	struct store_consent c = { .purpose = STORE_FOR_FINGER,
		.kind = STORE_CONSENT_GIVEN,
		.how = "command" };

	(void)snprintf(e.number, sizeof(e.number), "%u", n);
	MUST(s, store_employee_add(s, by, ids, &e));
	MUST(s, store_consent_record(s, by, e.id, "en", &c));
	enrol(s, by, e.id, n);
}

static void
fill(struct store *s, const struct store_by *by, unsigned people)
{
	publish(s, by);
	for (unsigned n = 1; n <= people; n += BATCH) {
		STORE_AUTO_TX struct store_tx tx = { 0 };

		MUST(s, store_begin(s, &tx));
		for (unsigned i = n; i < n + BATCH && i <= people; i++)
			add(s, by, i);
		MUST(s, store_commit(&tx));
	}
}

static double
follow(struct gallery *g, struct store *s, const struct store_by *by)
{
	double start = work_ms();

	MUST(s, gallery_follow(g, s, by->now.utc, att_date_at(by->now.utc)));
	return work_ms() - start;
}

/* Somebody loses a finger, and gets it back. */
static void
change(struct store *s, const struct store_by *by, unsigned n, bool back)
{
	STORE_AUTO_TX struct store_tx tx = { 0 };
	struct store_employee e;
	char number[16];
	uint64_t gone;

	(void)snprintf(number, sizeof(number), "%u", n);
	MUST(s, store_employee_by_number(s, number, &e));
	MUST(s, store_begin(s, &tx));
	if (back)
		enrol(s, by, e.id, n);
	else
		MUST(s,
		    store_finger_destroy(
			s, by, e.id, STORE_FINGERS_ALL, "office", &gone));
	MUST(s, store_commit(&tx));
}

static void
bench_follow(
    struct gallery *g, struct store *s, const struct store_by *by, unsigned n)
{
	double still[ROUNDS], changed[ROUNDS];

	for (unsigned i = 0; i < ROUNDS; i++) {
		still[i] = follow(g, s, by);
		change(s, by, 1 + i / 2 * 31 % n, i % 2 == 1);
		changed[i] = follow(g, s, by);
	}
	report("looking for changes: none", still, ROUNDS);
	report("following one person's", changed, ROUNDS);
}

/* A search here, or of the librarian at the end of the way. */
static double
ask(struct gallery *g, int way, const struct bio_sample *s,
    struct gallery_found *f)
{
	double start = g != NULL ? work_ms() : now_ms();
	struct store_by by = by_now();
	enum att_err e = g != NULL ? gallery_find(g, s, NULL, f)
				   : librarian_search(way, &by.now, s, NULL, f);

	if (e == ATT_LIMIT) /* too little of a finger */
		*f = (struct gallery_found){ 0 };
	else
		MUST(NULL, e);
	return (g != NULL ? work_ms() : now_ms()) - start;
}

/* People of the gallery and strangers in turn. */
static void
bench_search(const char *what, struct gallery *g, int way, unsigned people)
{
	double ms[ROUNDS];
	unsigned right = 0, wrong = 0;

	for (unsigned i = 0; i < ROUNDS; i++) {
		struct gallery_found f;
		struct bio_sample s;

		finger_points(i % 2 == 0 ? 1 + i * 7919 % people : 9000000 + i,
		    9, &finger_hard, &s);
		ms[i] = ask(g, way, &s, &f);
		if (f.score < bio_threshold(BIO_ONE_IN_SEARCH, f.fingers) ||
		    f.score < f.second + BIO_SCORE_MARGIN)
			continue;
		right += i % 2 == 0;
		wrong += i % 2 == 1;
	}
	report(what, ms, ROUNDS);
	printf("%-44s %u of %u found, %u of %u strangers taken for somebody\n",
	    "", right, ROUNDS / 2, wrong, ROUNDS / 2);
}

static void
bench_librarian(unsigned people)
{
	struct bio_sample s;
	struct gallery_found f;
	int way, desk;
	pid_t pid;

	MUST(NULL, librarian_desk(&way, &desk));
	(void)fflush(stdout);
	pid = fork();
	if (pid == 0) {
		att_close(&way);
		librarian_run(desk);
	}
	att_close(&desk);
	finger_points(1, 9, &finger_usual, &s);
	printf("%-44s %8.0f ms, waited for\n", "the librarian's first answer",
	    ask(NULL, way, &s, &f));
	bench_search(
	    "a question to the librarian, waited for", NULL, way, people);
	att_close(&way);
	(void)waitpid(pid, NULL, 0);
}

/* Where attendd has them, in a namespace of our own. */
static void
make_room(void)
{
	if (unshare(CLONE_NEWNS) == 0 &&
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	    mount("lib", "/var/lib", "tmpfs", 0, "mode=755") == 0 &&
	    mkdir(ATTENDD_STATE_DIR, 0700) == 0)
		return;
	(void)fprintf(stderr, "bench_gallery: needs a mount namespace\n");
	exit(1);
}

int
main(int argc, char **argv)
{
	const unsigned people =
	    argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 10000;
	struct vault *v = NULL;
	struct store *s = NULL;
	struct gallery *g = NULL;
	struct store_by by = by_now();

	make_room();
	MUST(NULL, vault_create(ATTENDD_SITE_KEY));
	MUST(NULL, vault_open(&v, ATTENDD_SITE_KEY));
	MUST(NULL, store_create(ATTENDD_STORE));
	MUST(s, store_open(&s, ATTENDD_STORE, v));
	fill(s, &by, people);
	printf("whose finger is it, in a store of %u people x %d samples\n",
	    people, SAMPLES);
	MUST(s, gallery_new(&g));
	printf(
	    "%-44s %8.0f ms\n", "getting the gallery ready", follow(g, s, &by));
	bench_follow(g, s, &by, people);
	bench_search("searching it", g, -1, people);
	gallery_free(g);
	bench_librarian(people);
	store_close(s);
	vault_close(v);
	return 0;
}
