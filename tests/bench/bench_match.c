/*
 * What matching fingers costs and how well it does, in one run: comparisons a
 * second in both stages for each instruction set, the worst that minutiae can
 * do to it, searches of galleries with time and memory, and accuracy on
 * synthetic fingers and, with DATA, on minutiae of real ones. PEOPLE limits
 * the galleries; PARTS, some of speed worst one accuracy search, what is done.
 * Times are of the processor, one core.
 */
#include "bio/fp3.h"
#include "bio/gallery.h"
#include "bio/threshold.h"
#include "tests/bench/match.h"
#include "tests/finger/finger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SAMPLES	  3
#define ROUNDS	  9
#define SPEED_SET 120
#define GROWN	  40

static struct match_set set;
static struct bio_probe probe;
static struct bio_work work;

static void
need(enum att_err e, const char *what)
{
	if (e == ATT_OK)
		return;
	(void)fprintf(stderr, "bench_match: %s: %s\n", what, att_err_text(e));
	exit(1);
}

static void
strew(const struct finger_knobs *k, unsigned fingers, unsigned impressions)
{
	struct bio_sample s;

	set.n = set.refused = 0;
	for (unsigned f = 1; f <= fingers; f++) {
		for (unsigned i = 1; i <= impressions; i++) {
			struct match_print *p = &set.at[set.n];

			finger_points(f, i, k, &s);
			*p = (struct match_print){ .finger = f,
				.impression = i };
			if (bio_print_make(&s, &p->print) == ATT_OK)
				set.n++;
			else
				set.refused++;
		}
	}
}

static double
mean_minutiae(void)
{
	double sum = 0;

	for (size_t i = 0; i < set.n; i++)
		sum += set.at[i].print.n;
	return sum / (double)set.n;
}

typedef uint32_t stage(const struct bio_kernel *, const struct bio_probe *,
    const struct bio_print *, struct bio_work *);

/* One probe against all of the set, many times. */
static double
seconds_each(stage *compare, const struct bio_kernel *k, unsigned probes)
{
	static volatile uint32_t kept; /* or it were not done */
	double round[ROUNDS];

	for (unsigned r = 0; r < ROUNDS; r++) {
		double spent = 0;

		for (unsigned i = 0; i < probes; i++) {
			double start;

			bio_probe_of(&set.at[i].print, &probe);
			start = match_seconds();
			for (size_t j = 0; j < set.n; j++)
				kept =
				    compare(k, &probe, &set.at[j].print, &work);
			spent += match_seconds() - start;
		}
		round[r] = spent / (probes * (double)set.n);
	}
	(void)kept;
	return match_median(round, ROUNDS);
}

static void
print_speed(const char *what)
{
	for (unsigned i = 0; bio_kernels[i] != NULL; i++) {
		const struct bio_kernel *k = bio_kernels[i];

		if (!k->works()) {
			printf(
			    "%-22s %-8s not on this machine\n", what, k->name);
			continue;
		}
		printf("%-22s %-8s %9.1f %12.0f %12.0f\n", what, k->name,
		    mean_minutiae(),
		    1 / seconds_each(bio_compare_coarse, k, 24),
		    1 / seconds_each(bio_compare, k, 4));
	}
}

static void
bench_speed(const char *data)
{
	printf("%-22s %-8s %9s %12s %12s\n", "comparisons a second", "kernel",
	    "minutiae", "first stage", "second stage");
	strew(&finger_hard, SPEED_SET, 1);
	print_speed("synthetic");
	if (data != NULL) {
		match_read(data, &set);
		print_speed("data");
	}
}

/* What somebody would show a reader to keep it busy. */
static const struct {
	const char *what;
	unsigned across, apart, turn; /* a lattice of them */
} worst[] = {
	{ "one spot, all angles", 1, 0, 16 },
	{ "lattice of 3 pixels", 16, 3, 0 },
	{ "lattice of 8 pixels", 16, 8, 0 },
	{ "lattice of 12 pixels", 10, 12, 0 },
	{ "lattice of 20 pixels", 10, 20, 0 },
	{ "lattice, angles in turn", 10, 12, 64 },
	{ "line of 10 pixels", 255, 10, 0 },
};

static void
worst_print(unsigned which, struct bio_print *out)
{
	struct bio_sample s = { .resolution = BIO_RESOLUTION,
		.n = BIO_MINUTIAE_MAX };

	for (unsigned i = 0; i < s.n; i++)
		s.at[i] = (struct bio_minutia){
			.x = (uint16_t)(i % worst[which].across *
			    worst[which].apart),
			.y = (uint16_t)(i / worst[which].across *
			    worst[which].apart),
			.angle = (uint8_t)(i * worst[which].turn),
		};
	need(bio_print_make(&s, out), worst[which].what);
}

static void
bench_worst(void)
{
	const struct bio_kernel *k = bio_kernel_best();

	printf("\n%-26s %9s %16s %16s\n", "worst minutiae", "minutiae",
	    "first stage us", "second stage us");
	for (unsigned w = 0; w < sizeof(worst) / sizeof(worst[0]); w++) {
		for (set.n = 0; set.n < 8; set.n++)
			worst_print(w, &set.at[set.n].print);
		printf("%-26s %9.0f %16.1f %16.1f\n", worst[w].what,
		    mean_minutiae(),
		    1e6 * seconds_each(bio_compare_coarse, k, 8),
		    1e6 * seconds_each(bio_compare, k, 8));
	}
}

/* From the reader's bytes to a verdict. */
static void
bench_verify(void)
{
	static struct bio_template t;
	static struct bio_print enrolled[SAMPLES], p;
	static uint8_t bytes[BIO_FP3_MAX];
	const struct bio_kernel *k = bio_kernel_best();
	struct bio_search *search;
	double round[200];
	unsigned accepted = 0;

	need(bio_search_new(&search), "search");
	for (unsigned r = 0; r < 200; r++) {
		double start;
		size_t len;

		t = (struct bio_template){ .n = 1, .driver = "uru4000" };
		finger_points(r, 9, &finger_usual, &t.sample[0]);
		len = finger_fp3(&t, bytes, sizeof(bytes));
		for (unsigned i = 0; i < SAMPLES; i++) {
			struct bio_sample s;

			finger_points(r, i, &finger_usual, &s);
			need(bio_print_make(&s, &enrolled[i]), "print");
		}
		start = match_seconds();
		need(bio_fp3_read(bytes, len, BIO_RESOLUTION, &t), "fp3");
		need(bio_print_make(&t.sample[0], &p), "print");
		bio_probe_of(&p, &probe);
		accepted += bio_verify(k, &probe, enrolled, SAMPLES, search) >=
		    bio_threshold(BIO_ONE_IN_VERIFY, 1);
		round[r] = match_seconds() - start;
	}
	printf("\none person, %d samples, from FP3 to verdict: median %.2f ms, "
	       "p99 %.2f ms; %u of 200 accepted\n",
	    SAMPLES, 1e3 * match_median(round, 200),
	    1e3 * match_quantile(round, 200, 0.99), accepted);
	bio_search_free(search);
}

static bool
print_of(uint64_t finger, uint64_t impression, struct bio_print *out)
{
	struct bio_sample s;

	finger_points(finger, impression, &finger_hard, &s);
	return bio_print_make(&s, out) == ATT_OK;
}

static void
enrol(struct bio_gallery *g, uint64_t person)
{
	static struct bio_print prints[SAMPLES];
	size_t n = 0;

	for (unsigned i = 1; i <= SAMPLES; i++)
		n += print_of(person, i, &prints[n]);
	if (n > 0)
		need(bio_gallery_add(g, person, BIO_RIGHT_INDEX, prints, n),
		    "enrol (is ulimit -l too low?)");
}

struct search_sums {
	unsigned first, right, wrong, shown;
	double seconds[200];
};

/* Somebody enrolled and somebody not, in turn. */
static void
search_one(const struct bio_gallery *g, const struct bio_kernel *k,
    struct bio_search *s, unsigned people, unsigned i, struct search_sums *sums)
{
	const uint64_t person = 1 + (uint64_t)i * 7919 % people;
	const uint32_t bar = bio_threshold(100, people);
	struct bio_found best, second;
	struct bio_print p;
	double start;

	if (!print_of(i % 2 == 0 ? person : 10000000 + i, 8, &p))
		return;
	start = match_seconds();
	bio_probe_of(&p, &probe);
	bio_gallery_search(g, k, &probe, s, &best, &second);
	sums->seconds[sums->shown++] = match_seconds() - start;
	sums->first += i % 2 == 0 && best.person == person;
	if (best.score < bar || best.score < second.score + BIO_SCORE_MARGIN)
		return;
	if (i % 2 == 0 && best.person == person)
		sums->right++;
	else
		sums->wrong++;
}

/* The longest that any of the worst minutiae keeps a search busy. */
static double
search_worst(const struct bio_gallery *g, const struct bio_kernel *k,
    struct bio_search *s)
{
	struct bio_found best, second;
	struct bio_print p;
	double most = 0;

	for (unsigned w = 0; w < sizeof(worst) / sizeof(worst[0]); w++) {
		double spent = match_seconds();

		worst_print(w, &p);
		bio_probe_of(&p, &probe);
		bio_gallery_search(g, k, &probe, s, &best, &second);
		spent = match_seconds() - spent;
		most = spent > most ? spent : most;
	}
	return most;
}

static void
search_many(const struct bio_gallery *g, const struct bio_kernel *k,
    unsigned people, unsigned searches, double made)
{
	static struct search_sums sums;
	struct bio_search *s;

	sums = (struct search_sums){ 0 };
	need(bio_search_new(&s), "search");
	for (unsigned i = 0; i < searches; i++)
		search_one(g, k, s, people, i, &sums);
	printf("%8u %-7s %8.1f %8.1f %9.2f %9.2f %9.2f %8u %9u of %u %8u of "
	       "%u\n",
	    people, k->name, made, (double)bio_gallery_bytes(g) / 1048576,
	    1e3 * match_median(sums.seconds, sums.shown),
	    1e3 * match_quantile(sums.seconds, sums.shown, 0.99),
	    1e3 * search_worst(g, k, s), sums.first, sums.right,
	    (searches + 1) / 2, sums.wrong, searches / 2);
	(void)fflush(stdout);
	bio_search_free(s);
}

/* Without help from the processor only where that ends soon. */
static void
bench_gallery(unsigned people, unsigned searches)
{
	const double start = match_seconds();
	struct bio_gallery *g;
	double made;

	need(bio_gallery_new(&g), "gallery");
	for (unsigned i = 1; i <= people; i++)
		enrol(g, i);
	made = match_seconds() - start;
	for (unsigned i = 0; bio_kernels[i] != NULL; i++)
		if (bio_kernels[i]->works() && (i > 0 || people <= 1000))
			search_many(g, bio_kernels[i], people, searches, made);
	bio_gallery_free(g);
}

static void
bench_galleries(unsigned most)
{
	static const unsigned sizes[] = { 100, 1000, 10000, 100000 };

	printf("\nsearches of people x %d samples, synthetic fingers as hard "
	       "as the public sets, one core\n",
	    SAMPLES);
	printf("%8s %-7s %8s %8s %9s %9s %9s %8s %16s %16s\n", "people",
	    "kernel", "made s", "MiB", "median ms", "p99 ms", "worst ms",
	    "first", "and accepted", "strangers");
	for (unsigned i = 0; i < 4 && sizes[i] <= most; i++)
		bench_gallery(sizes[i], sizes[i] > 10000 ? 60 : 200);
}

static void
keep_group(const struct match_set *all, unsigned group)
{
	set.n = set.refused = 0;
	for (size_t i = 0; i < all->n; i++)
		if (all->at[i].group == group)
			set.at[set.n++] = all->at[i];
}

static void
accuracy_of_data(const char *data, const struct bio_kernel *k)
{
	static struct match_set all;
	char name[16];

	match_read(data, &all);
	match_accuracy("data, pooled", &all, k);
	for (unsigned group = '1'; group <= '4'; group++) {
		keep_group(&all, group);
		(void)snprintf(name, sizeof(name), "data, DB%c", (int)group);
		if (set.n > 0)
			match_accuracy(name, &set, k);
	}
}

/* Images of grown fingers, and the minutiae found in them. */
static void
grow(const struct finger_knobs *k, unsigned fingers, unsigned impressions)
{
	static struct finger_ridges ridges;
	static struct finger_image image;
	struct bio_sample s;

	set.n = set.refused = 0;
	for (unsigned f = 1; f <= fingers; f++) {
		finger_grow(f, &ridges);
		for (unsigned i = 1; i <= impressions; i++) {
			struct match_print *p = &set.at[set.n];

			finger_press(&ridges, i, k, &image);
			finger_extract(&image, &s);
			*p = (struct match_print){ .finger = f,
				.impression = i };
			if (bio_print_make(&s, &p->print) == ATT_OK)
				set.n++;
			else
				set.refused++;
		}
	}
}

static void
bench_accuracy(const char *data)
{
	const struct bio_kernel *k = bio_kernel_best();

	printf("\naccuracy: EER, and FNMR in %% (at the score) where FMR is "
	       "1e-2, 1e-3, 1e-4, 0; rank-1\n%-22s %-9s %6s %8s %6s  %14s  "
	       "%14s  %14s  %14s  %6s\n",
	    "", "", "own", "others", "EER", "1e-2", "1e-3", "1e-4", "0",
	    "rank-1");
	strew(&finger_usual, 80, 8);
	match_accuracy("points, usual", &set, k);
	strew(&finger_hard, 80, 8);
	match_accuracy("points, hard", &set, k);
	grow(&finger_usual, GROWN, 8);
	match_accuracy("ridges, usual", &set, k);
	grow(&finger_hard, GROWN, 8);
	match_accuracy("ridges, hard", &set, k);
	if (data != NULL)
		accuracy_of_data(data, k);
	else
		printf("no DATA=minutiae.csv.gz of real fingers given\n");
}

/* Whether a part was asked for by name, or none was. */
static bool
asked(int argc, char **argv, const char *part)
{
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], part) == 0)
			return true;
	return argc == 1;
}

int
main(int argc, char **argv)
{
	const char *data = getenv("DATA"), *people = getenv("PEOPLE");

	if (data != NULL && data[0] == '\0')
		data = NULL;
	if (asked(argc, argv, "speed"))
		bench_speed(data);
	if (asked(argc, argv, "worst"))
		bench_worst();
	if (asked(argc, argv, "one"))
		bench_verify();
	if (asked(argc, argv, "accuracy"))
		bench_accuracy(data);
	if (asked(argc, argv, "search"))
		bench_galleries(people != NULL && people[0] != '\0'
			? (unsigned)strtoul(people, NULL, 10)
			: 100000);
	return 0;
}
