/* Fingers as files, in reports, and away with the consent to them. */
#include "admin_finger.h"
#include "test.h"

#include "attendd/finger.h"
#include "bio/iso.h"
#include "tests/finger/finger.h"

#include <stdio.h>
#include <string.h>

static struct site s; /* too large for the stack */
static struct sensor_stage stage;

static const struct stage_touch first[] = FIVE(11), second[] = FIVE(12),
				third[] = FIVE(13);

static bool
enrol(const struct stage_touch touches[5], const char *number, const char *name)
{
	return touch_and_run(&s, &stage, touches, 5,
		   (const char *const[]){ "finger", "enrol", number, "--finger",
		       name, NULL }) == VERB_DONE;
}

/* A record with these impressions of fingers; its path. */
static const char *
record(const struct stage_touch *views, uint8_t n, uint8_t finger)
{
	static struct bio_template t;
	static uint8_t bytes[BIO_ISO_MAX];
	const char *path = test_path("in.fmr");
	size_t len = 0;
	FILE *f = fopen(path, "we");

	t = (struct bio_template){ .finger = finger, .n = n, .driver = "x" };
	for (uint8_t i = 0; i < n; i++) {
		finger_points(views[i].finger, views[i].impression,
		    &finger_usual, &t.sample[i]);
		bio_sample_sort(&t.sample[i]);
	}
	if (f == NULL ||
	    bio_iso_write(&t, bytes, sizeof(bytes), &len) != ATT_OK ||
	    fwrite(bytes, 1, len, f) != len)
		test_check(false, __FILE__, __LINE__, "a record");
	if (f != NULL)
		(void)fclose(f);
	return path;
}

static enum verb_status
import(const char *number, const char *path, const char *name)
{
	return RUN(&s, "finger", "import", number, path, "--finger", name);
}

TEST("a record of views that are alike is enrolled, with the reader called iso")
{
	if (!site_fingers(&s))
		return;
	CHECK(import("1042", record(first, 5, BIO_RIGHT_INDEX),
		  "right-index") == VERB_DONE);
	CHECK(site_printed(&s, "enrolled from FILE, 5 of its 5 views"));
	CHECK(RUN(&s, "finger", "list", "1042") == VERB_DONE);
	CHECK(site_printed(&s, "iso"));
	CHECK(import("1042", record(second, 5, BIO_RIGHT_INDEX),
		  "right-index") == VERB_CONFLICT);
	CHECK(import("1043", record(first, 4, BIO_LEFT_THUMB), "left-thumb") ==
	    VERB_CONFLICT);
	CHECK(audit_events(&s, "finger-duplicate") == 2);
	CHECK(import("1043", record(second, 4, BIO_LEFT_THUMB), "left-thumb") ==
	    VERB_DONE);
	site_close(&s);
}

TEST("views that are not alike are dropped; fewer than three are too few")
{
	const struct stage_touch mixed[] = { { .finger = 50, .impression = 1 },
		{ .finger = 11, .impression = 1 },
		{ .finger = 11, .impression = 2 },
		{ .finger = 51, .impression = 1 },
		{ .finger = 11, .impression = 3 } };

	if (!site_fingers(&s))
		return;
	CHECK(import("1042", record(mixed, 4, BIO_RIGHT_INDEX),
		  "right-index") == VERB_FAILED);
	CHECK(site_told(&s, "4 views of the right index finger, of which 2"));
	CHECK(fingers_of(&s, "1042") == 0);
	CHECK(import("1042", record(mixed, 5, BIO_RIGHT_INDEX),
		  "right-index") == VERB_DONE);
	CHECK(site_printed(&s, "3 of its 5 views"));
	site_close(&s);
}

TEST("views of another finger are refused, views that name none are taken")
{
	if (!site_fingers(&s))
		return;
	CHECK(import("1042", record(first, 5, BIO_LEFT_INDEX), "right-index") ==
	    VERB_FAILED);
	CHECK(site_told(&s, "the first is of the left index finger"));
	CHECK(import("1042", record(first, 5, BIO_FINGER_UNKNOWN),
		  "right-index") == VERB_DONE);
	site_close(&s);
}

TEST("what is no record, too long or for somebody without consent is refused")
{
	static char longer[70000];

	if (!site_fingers(&s))
		return;
	memset(longer, 'F', sizeof(longer) - 1);
	CHECK(import("1042", site_file("x.fmr", "FMR"), "right-index") ==
	    VERB_FAILED);
	CHECK(site_told(&s, "not a finger minutiae record"));
	CHECK(import("1042", site_file("x.fmr", longer), "right-index") ==
	    VERB_FAILED);
	CHECK(import("1042", record(first, 5, BIO_RIGHT_INDEX), "nose") ==
	    VERB_USAGE);
	NEED(RUN(&s, "consent", "withdraw", "1042", "--purpose",
		 "biometric.finger") == VERB_DONE);
	CHECK(import("1042", record(first, 5, BIO_RIGHT_INDEX),
		  "right-index") == VERB_REFUSED);
	CHECK(fingers_of(&s, "1042") == 0);
	site_close(&s);
}

TEST("fingers are in the access report and in no data that leaves the site")
{
	const char *at;

	if (!site_fingers(&s))
		return;
	NEED(enrol(first, "1042", "right-index"));
	CHECK(RUN(&s, "employee", "show", "1042", "--json") == VERB_DONE);
	CHECK(site_printed(&s, "\"finger\": \"right-index\""));
	CHECK(RUN(&s, "finger", "list", "1042") == VERB_DONE);
	s.uid = 70000;
	CHECK(RUN(&s, "me", "show", "--json") == VERB_DONE);
	CHECK(site_printed(&s, "\"kind\": \"fingers\""));
	/* among all records, and among the looks */
	at = strstr(s.printed, "\"event\": \"finger-list\"");
	NEED(at != NULL);
	CHECK(strstr(at + 1, "\"event\": \"finger-list\"") != NULL);
	CHECK(site_printed(&s, "\"finger\": \"right-index\""));
	CHECK(RUN(&s, "me", "finger") == VERB_DONE);
	CHECK(site_printed(&s, "right index finger"));
	s.uid = 0;
	CHECK(RUN(&s, "export", "--deidentified", "--json") == VERB_DONE);
	CHECK(strstr(s.printed, "finger") == NULL);
	site_close(&s);
}

TEST("whoever takes the consent back, the fingers go and it is told")
{
	static const char *const ways[][8] = {
		{ "consent", "withdraw", "1042", "--purpose",
		    "biometric.finger" },
		{ "consent", "record", "1042", "--purpose", "biometric.finger",
		    "--refused" },
	};
	static const char *const own[][8] = {
		{ "me", "withdraw", "--purpose", "biometric.finger" },
		{ "me", "consent", "--purpose", "biometric.finger",
		    "--refuse" },
	};

	if (!site_fingers(&s))
		return;
	for (size_t i = 0; i < 4; i++) {
		NEED(may_finger(&s, "1042"));
		NEED(enrol(first, "1042", "right-index"));
		CHECK(fingers_of(&s, "1042") == 1);
		s.uid = i < 2 ? 0 : 70000;
		CHECK(site_run(&s, i < 2 ? ways[i] : own[i - 2]) == VERB_DONE);
		CHECK(site_printed(&s, "fingers is destroyed: 1"));
		s.uid = 0;
		CHECK(fingers_of(&s, "1042") == 0);
	}
	NEED(may_finger(&s, "1042"));
	CHECK(RUN(&s, "consent", "withdraw", "1042") == VERB_DONE);
	CHECK(strstr(s.printed, "destroyed") == NULL); /* there were none */
	site_close(&s);
}

/* A minor of 17 until 2026-05-17, whose father agrees up to a day. */
static bool
minor(const char *until)
{
	const char *paper = site_file("paper.pdf", "signed\n");
	const bool done =
	    RUN(&s, "employee", "add", "1045", "--name", "Di Example",
		"--birth", "2008-05-17") == VERB_DONE &&
	    RUN(&s, "guardian", "record", "1045", "--name", "Ed Example",
		"--relation", "father", "--paper", paper) == VERB_DONE &&
	    RUN(&s, "guardian", "record", "1045", "--name", "Ed Example",
		"--relation", "father", "--paper", paper, "--purpose",
		"biometric.finger", "--until", until) == VERB_DONE &&
	    enrol(second, "1045", "left-thumb");

	if (!done)
		printf("# told: %s\n", s.told);
	return done;
}

TEST("a guardian who withdraws takes the minor's fingers along")
{
	if (!site_fingers(&s))
		return;
	NEED(minor("none"));
	CHECK(RUN(&s, "guardian", "withdraw", "1045", "--purpose",
		  "biometric.finger") == VERB_DONE);
	CHECK(site_printed(&s, "fingers is destroyed: 1"));
	CHECK(fingers_of(&s, "1045") == 0);
	site_close(&s);
}

TEST("a request to withdraw that is fulfilled takes the fingers along")
{
	if (!site_fingers(&s))
		return;
	NEED(enrol(first, "1042", "right-index"));
	NEED(RUN(&s, "request", "open", "1042", "withdraw", "--purpose",
		 "biometric.finger", "--how", "in-person") == VERB_DONE);
	CHECK(fingers_of(&s, "1042") == 1);
	CHECK(RUN(&s, "request", "fulfil", "1") == VERB_DONE);
	CHECK(site_printed(&s, "fingers is destroyed: 1"));
	CHECK(fingers_of(&s, "1042") == 0);
	site_close(&s);
}

#define DAY INT64_C(86400)

TEST("purge destroys fingers whose guardian's consent is over, and counts them")
{
	if (!site_fingers(&s))
		return;
	NEED(enrol(first, "1042", "right-index"));
	NEED(minor("2026-03-10"));
	CHECK(RUN(&s, "purge", "--json") == VERB_DONE);
	CHECK(site_printed(&s, "\"fingers_destroyed\": 0"));
	CHECK(fingers_of(&s, "1045") == 1);
	s.d.now.utc += 9 * DAY;
	CHECK(RUN(&s, "purge", "--json") == VERB_DONE);
	CHECK(site_printed(&s, "\"fingers_destroyed\": 1"));
	CHECK(fingers_of(&s, "1045") == 0);
	CHECK(fingers_of(&s, "1042") == 1);
	CHECK(audit_events(&s, "finger-destroy") == 1);
	site_close(&s);
}

TEST("a guardian's consent to the finger is over on the day of majority")
{
	if (!site_fingers(&s))
		return;
	NEED(minor("none"));
	s.d.now.utc += 75 * DAY; /* 2026-05-16 */
	CHECK(RUN(&s, "purge", "--json") == VERB_DONE);
	CHECK(fingers_of(&s, "1045") == 1);
	s.d.now.utc += DAY;
	CHECK(RUN(&s, "purge", "--json") == VERB_DONE);
	CHECK(fingers_of(&s, "1045") == 0);
	site_close(&s);
}

TEST("a notice that changed closes the reader and destroys nothing")
{
	const char *text;

	if (!site_fingers(&s))
		return;
	NEED(enrol(first, "1042", "right-index"));
	text = site_file("new.txt", "We keep more.\n\nAnd so on.\n");
	NEED(RUN(&s, "notice", "publish", text, "--version", "2", "--lang",
		 "en", "--major", "service") == VERB_DONE);
	NEED(RUN(&s, "consent", "record", "1042") == VERB_DONE);
	CHECK(RUN(&s, "purge", "--json") == VERB_DONE);
	CHECK(fingers_of(&s, "1042") == 1);
	CHECK(touch_and_run(&s, &stage, first, 5,
		  (const char *const[]){ "finger", "test", "1042", NULL }) ==
	    VERB_REFUSED);
	CHECK(stage.captures == 0);
	NEED(may_finger(&s, "1042"));
	CHECK(touch_and_run(&s, &stage, first, 5,
		  (const char *const[]){ "finger", "test", "1042", NULL }) ==
	    VERB_DONE);
	site_close(&s);
}

TEST("quality compares different people's fingers, only of those who agree")
{
	if (!site_fingers(&s))
		return;
	NEED(enrol(first, "1042", "right-index"));
	NEED(enrol(second, "1043", "right-index"));
	CHECK(RUN(&s, "finger", "quality", "--json") == VERB_DONE);
	CHECK(site_printed(&s, "\"pairs\": 2"));
	CHECK(site_printed(&s, "\"samples\": 10"));
	CHECK(site_printed(&s, "\"own_below\": 0"));
	NEED(enrol(third, "1042", "left-index")); /* hers are no others' */
	CHECK(RUN(&s, "finger", "quality", "--json") == VERB_DONE);
	CHECK(site_printed(&s, "\"fingers\": 3"));
	CHECK(site_printed(&s, "\"pairs\": 4"));
	NEED(RUN(&s, "employee", "suspend", "1043") == VERB_DONE);
	CHECK(RUN(&s, "finger", "quality", "--json") == VERB_DONE);
	CHECK(site_printed(&s, "\"people\": 1"));
	CHECK(site_printed(&s, "\"pairs\": 0"));
	CHECK(audit_events(&s, "finger-quality") == 3);
	site_close(&s);
}

/* Somebody who agrees to everything, with one finger. */
static bool
person_with(unsigned i)
{
	struct stage_touch touches[5] = FIVE(200 + i);
	char number[8];

	(void)snprintf(number, sizeof(number), "%u", 2000 + i);
	return RUN(&s, "employee", "add", number, "--name", "Some Body",
		   "--birth", "1990-05-17") == VERB_DONE &&
	    RUN(&s, "consent", "record", number) == VERB_DONE &&
	    may_finger(&s, number) && enrol(touches, number, "right-index");
}

TEST(
    "with enough people quality suggests a threshold, and says how it came by it")
{
	if (!site_fingers(&s))
		return;
	for (unsigned i = 0; i < 11; i++)
		NEED(person_with(i));
	CHECK(RUN(&s, "finger", "quality", "--json") == VERB_DONE);
	CHECK(site_printed(&s, "\"pairs\": 110"));
	CHECK(site_printed(&s, "\"beyond\": 454"));
	CHECK(site_printed(&s, "\"others_above\": 0"));
	CHECK(RUN(&s, "finger", "quality") == VERB_DONE);
	CHECK(site_printed(&s, "highest of 110 scores to 454 times rarer"));
	CHECK(RUN(&s, "finger", "quality", "--html") == VERB_DONE);
	CHECK(site_printed(&s, "</html>"));
	site_close(&s);
}

TEST("explain says whether a finger would do, and why not")
{
	if (!site_fingers(&s))
		return;
	CHECK(RUN(&s, "explain", "1042", "--json") == VERB_DONE);
	CHECK(site_printed(&s, "\"finger\": \"not-enrolled\""));
	NEED(enrol(first, "1042", "right-index"));
	CHECK(RUN(&s, "explain", "1042", "--json") == VERB_DONE);
	CHECK(site_printed(&s, "\"finger\": \"ok\""));
	CHECK(site_printed(&s, "\"fingers\": 1"));
	NEED(RUN(&s, "employee", "suspend", "1042") == VERB_DONE);
	CHECK(RUN(&s, "explain", "1042", "--json") == VERB_DONE);
	CHECK(site_printed(&s, "\"finger\": \"suspended\""));
	site_close(&s);
}
