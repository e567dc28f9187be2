/* The uid range in attend.conf, however broken the rest of it is. */
#include "base/ids.h"

#include "base/name.h"
#include "base/owner.h"
#include "test.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static bool
reads(const char *text, mode_t mode, uint32_t min, uint32_t max)
{
	const char *path = test_path("attend.conf");
	struct att_ids ids = { 1, 2 };
	FILE *f = fopen(path, "w");
	bool ok = f != NULL && fputs(text, f) >= 0;

	if (f == NULL || fclose(f) != 0 || !ok || chmod(path, mode) != 0)
		return false;
	att_ids_read(path, &ids);
	return ids.min == min && ids.max == max;
}

#define USUAL ATT_UID_MIN_DEFAULT, ATT_UID_MAX_DEFAULT

TEST("the range is what the file says, whatever else is in it")
{
	CHECK(reads("", 0644, USUAL));
	CHECK(
	    reads("uid-min = 200000\nuid-max=299999\n", 0644, 200000, 299999));
	CHECK(reads("uid-max = 80000", 0644, ATT_UID_MIN_DEFAULT, 80000));
	CHECK(reads("# uid-min = 5000\n  uid-min =\t80000\r\n", 0644, 80000,
	    ATT_UID_MAX_DEFAULT));
	CHECK(reads("pin-lenght = 7\n=\nuid-min = 80000\nnoise\nuid-min\n",
	    0644, 80000, ATT_UID_MAX_DEFAULT));
}

TEST("a range that is none is the usual one")
{
	CHECK(reads("uid-min = many\n", 0644, USUAL));
	CHECK(reads("uid-min = 0\nuid-max = 4294967295\n", 0644, USUAL));
	CHECK(reads("uid-min = 200000\n", 0644, USUAL)); /* above uid-max */
}

TEST("a file that others can write to says nothing")
{
	struct att_ids ids;

	CHECK(reads("uid-min = 80000\n", 0664, USUAL));
	CHECK(reads("uid-min = 80000\n", 0646, USUAL));
	CHECK(reads("uid-min = 80000\n", 0644, 80000, ATT_UID_MAX_DEFAULT));
	att_ids_read(test_path("absent"), &ids);
	CHECK(ids.min == ATT_UID_MIN_DEFAULT && ids.max == ATT_UID_MAX_DEFAULT);
}
