/*
 * Whose finger is it, the way a login goes: a real store of people with a
 * consent and a sealed finger of three samples each. What it costs to get the
 * gallery ready, to look for changes before a search, to follow one, and to
 * search. Wall clock, one core.
 *
 *	bench_gallery [PEOPLE [DIRECTORY]]	default: 10000, here
 */
#include "attendd/finger.h"
#include "attendd/gallery.h"
#include "bio/threshold.h"
#include "store/consent.h"
#include "store/keep.h"
#include "tests/bench/bench.h"
#include "tests/finger/finger.h"

#include <string.h>

#define SAMPLES 3
#define ROUNDS	200
#define BATCH	500

static const struct store_id_range ids = { 70000, 199999 };
static struct bio_template template;
static uint8_t bytes[BIO_TEMPLATE_MAX];

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

	template = (struct bio_template){ .finger = BIO_RIGHT_INDEX,
		.n = SAMPLES,
		.driver = "uru4000" };
	for (unsigned i = 0; i < SAMPLES; i++) {
		finger_points(finger, i + 1, &finger_hard, &template.sample[i]);
		bio_sample_sort(&template.sample[i]);
	}
	MUST(s, bio_template_encode(&template, bytes, sizeof(bytes), &len));
	MUST(s,
	    store_finger_add(
		s, by, person, &f, (struct att_slice){ bytes, len }));
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
	double start = now_ms();

	MUST(s,
	    gallery_follow(g, s, by->now.utc, att_date_at(by->now.utc)));
	return now_ms() - start;
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

/* People of the gallery and strangers in turn. */
static void
bench_search(struct gallery *g, unsigned people)
{
	double ms[ROUNDS];
	unsigned right = 0, wrong = 0;

	for (unsigned i = 0; i < ROUNDS; i++) {
		struct gallery_found f;
		struct bio_sample s;
		double start;

		finger_points(i % 2 == 0 ? 1 + i * 7919 % people : 9000000 + i,
		    9, &finger_hard, &s);
		start = now_ms();
		if (gallery_find(g, &s, NULL, &f) != ATT_OK)
			f = (struct gallery_found){ 0 };
		ms[i] = now_ms() - start;
		if (f.score < bio_threshold(BIO_ONE_IN_VERIFY, f.fingers) ||
		    f.score < f.second + BIO_SCORE_MARGIN)
			continue;
		right += i % 2 == 0;
		wrong += i % 2 == 1;
	}
	report("searching it", ms, ROUNDS);
	printf("%-44s %u of %u found, %u of %u strangers taken for somebody\n",
	    "", right, ROUNDS / 2, wrong, ROUNDS / 2);
}

int
main(int argc, char **argv)
{
	const unsigned people =
	    argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 10000;
	const char *dir = argc > 2 ? argv[2] : ".";
	char key[300], path[300];
	struct vault *v = NULL;
	struct store *s = NULL;
	struct gallery *g = NULL;
	struct store_by by = by_now();
	double start = now_ms();

	(void)snprintf(key, sizeof(key), "%s/bench-site.key", dir);
	(void)snprintf(path, sizeof(path), "%s/bench-gallery.db", dir);
	MUST(NULL, vault_create(key));
	MUST(NULL, vault_open(&v, key));
	MUST(NULL, store_create(path));
	MUST(s, store_open(&s, path, v));
	fill(s, &by, people);
	printf("%u people x %d samples, enrolled in %.1f s\n", people, SAMPLES,
	    (now_ms() - start) / 1e3);
	MUST(s, gallery_new(&g));
	printf("%-44s %8.0f ms (is ulimit -l too low?)\n", "getting it ready",
	    follow(g, s, &by));
	bench_follow(g, s, &by, people);
	bench_search(g, people);
	gallery_free(g);
	store_close(s);
	vault_close(v);
	return 0;
}
