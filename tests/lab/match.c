/*
 * Compare prints that libfprint serialised:
 *
 *	match PROBE ENROLLED...
 *
 * prints the minutiae of the probe, the score over the enrolled samples and
 * the threshold of one against one. Exit status 0 if it is reached, 1 if not, 2
 * if a file is no such print.
 */
#include "bio/fp3.h"
#include "bio/gallery.h"
#include "bio/threshold.h"

#include <stdio.h>

static unsigned minutiae;

static int
read_print(const char *path, struct bio_print *out)
{
	static uint8_t bytes[BIO_FP3_MAX + 1];
	static struct bio_template t;
	FILE *f = fopen(path, "rb");
	enum att_err e;
	size_t len;

	if (f == NULL) {
		perror(path);
		return 2;
	}
	len = fread(bytes, 1, sizeof(bytes), f);
	(void)fclose(f);
	e = bio_fp3_read(bytes, len, BIO_RESOLUTION, &t);
	if (e == ATT_OK)
		e = bio_print_make(&t.sample[0], out);
	if (e != ATT_OK) {
		(void)fprintf(stderr, "%s: %s\n", path, att_err_text(e));
		return 2;
	}
	minutiae = t.sample[0].n;
	return 0;
}

int
main(int argc, char **argv)
{
	static struct bio_print enrolled[BIO_SAMPLES_MAX], p;
	static struct bio_probe probe;
	const uint32_t bar = bio_threshold(BIO_ONE_IN_VERIFY, 1);
	struct bio_search *s;
	uint32_t score;

	if (argc < 3 || argc > 2 + BIO_SAMPLES_MAX) {
		(void)fprintf(stderr, "usage: match PROBE ENROLLED...\n");
		return 2;
	}
	for (int i = 2; i < argc; i++)
		if (read_print(argv[i], &enrolled[i - 2]) != 0)
			return 2;
	if (read_print(argv[1], &p) != 0 || bio_search_new(&s) != ATT_OK)
		return 2;
	bio_probe_of(&p, &probe);
	score = bio_verify(
	    bio_kernel_best(), &probe, enrolled, (size_t)argc - 2, s);
	bio_search_free(s);
	(void)printf(
	    "minutiae=%u score=%u threshold=%u\n", minutiae, score, bar);
	return score >= bar ? 0 : 1;
}
