/*
 * Write an impression of a synthetic finger to standard output, for readers
 * that are not there:
 *
 *	finger NUMBER IMPRESSION [still|easy|usual|hard] [pgm]
 *
 * as libfprint's virtual image reader wants it on its socket (width and height
 * in the machine's byte order, then grey from the top left), or as a PGM file.
 */
#include "tests/finger/finger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct finger_knobs *
knobs_of(const char *name)
{
	if (strcmp(name, "still") == 0)
		return &finger_still;
	if (strcmp(name, "easy") == 0)
		return &finger_easy;
	if (strcmp(name, "usual") == 0)
		return &finger_usual;
	return strcmp(name, "hard") == 0 ? &finger_hard : NULL;
}

int
main(int argc, char **argv)
{
	static const int32_t size[2] = { FINGER_WIDTH, FINGER_HEIGHT };
	static struct finger_ridges ridges;
	static struct finger_image image;
	const struct finger_knobs *k = knobs_of(argc > 3 ? argv[3] : "usual");

	if (argc < 3 || k == NULL) {
		(void)fprintf(stderr,
		    "usage: finger NUMBER IMPRESSION "
		    "[still|easy|usual|hard] [pgm]\n");
		return 2;
	}
	finger_grow(strtoull(argv[1], NULL, 10), &ridges);
	finger_press(&ridges, strtoull(argv[2], NULL, 10), k, &image);
	if (argc > 4)
		(void)printf("P5 %d %d 255\n", FINGER_WIDTH, FINGER_HEIGHT);
	else
		(void)fwrite(size, sizeof(size), 1, stdout);
	(void)fwrite(&image, sizeof(image), 1, stdout);
	return fflush(stdout) == 0 ? 0 : 1;
}
