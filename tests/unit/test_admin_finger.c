/* attendctl finger: what is stored, for whom, and what the reader sees of it.
 */
#include "admin_finger.h"
#include "test.h"

#include "attendd/finger.h"
#include "store/consent.h"
#include "tests/finger/finger.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

static struct site s; /* too large for the stack */
static struct sensor_stage stage;

#define WITH(touches, ...)                          \
	touch_and_run(&s, &stage, touches,          \
	    sizeof(touches) / sizeof((touches)[0]), \
	    (const char *const[]){ __VA_ARGS__, NULL })
#define asked stage.captures

static const struct stage_touch first[] = FIVE(11), second[] = FIVE(12),
				third[] = FIVE(13);

TEST("five touches of a finger are an enrolment, told as they come")
{
	if (!site_fingers(&s))
		return;
	CHECK(WITH(first, "finger", "enrol", "1042", "--finger",
		  "right-index") == VERB_DONE);
	CHECK(asked == 5);
	CHECK(site_told(&s, "The right index finger, 5 times"));
	CHECK(site_told(&s, "4 of 5.\nTouch the fingerprint reader.\n5 of 5."));
	CHECK(site_printed(
	    &s, "1042: right index finger enrolled, 5 samples of stage"));
	CHECK(fingers_of(&s, "1042") == 1);
	CHECK(audit_events(&s, "finger-enrol") == 1);
	CHECK(RUN(&s, "finger", "list", "1042") == VERB_DONE);
	CHECK(site_printed(&s, "right index finger"));
	CHECK(audit_events(&s, "finger-list") == 1);
	site_close(&s);
}

TEST("without consent to it the reader is not opened, and who to ask is named")
{
	if (!site_fingers(&s))
		return;
	NEED(RUN(&s, "employee", "add", "1044", "--name", "Cy Example",
		 "--birth", "1992-05-17") == VERB_DONE);
	CHECK(WITH(first, "finger", "enrol", "1044", "--finger",
		  "right-index") == VERB_REFUSED);
	CHECK(asked == 0);
	CHECK(site_told(&s, "attendctl consent record 1044\n"));
	NEED(RUN(&s, "consent", "record", "1044") == VERB_DONE);
	CHECK(WITH(first, "finger", "enrol", "1044", "--finger",
		  "right-index") == VERB_REFUSED);
	CHECK(asked == 0);
	CHECK(site_told(
	    &s, "attendctl consent record 1044 --purpose biometric.finger"));
	CHECK(fingers_of(&s, "1044") == 0);
	NEED(may_finger(&s, "1044"));
	CHECK(WITH(first, "finger", "enrol", "1044", "--finger",
		  "right-index") == VERB_DONE);
	site_close(&s);
}

TEST("a minor's finger needs the guardian's consent to just that")
{
	const char *paper;

	if (!site_fingers(&s))
		return;
	paper = site_file("paper.pdf", "signed\n");
	NEED(RUN(&s, "employee", "add", "1045", "--name", "Di Example",
		 "--birth", "2009-05-17") == VERB_DONE);
	NEED(RUN(&s, "guardian", "record", "1045", "--name", "Ed Example",
		 "--relation", "father", "--paper", paper) == VERB_DONE);
	NEED(may_finger(&s, "1045")); /* her own does not help */
	CHECK(WITH(first, "finger", "enrol", "1045", "--finger",
		  "left-thumb") == VERB_REFUSED);
	CHECK(asked == 0);
	CHECK(site_told(&s,
	    "attendctl guardian record 1045 --name N --relation R --paper "
	    "FILE --purpose biometric.finger"));
	NEED(RUN(&s, "guardian", "record", "1045", "--name", "Ed Example",
		 "--relation", "father", "--paper", paper, "--purpose",
		 "biometric.finger") == VERB_DONE);
	CHECK(WITH(first, "finger", "enrol", "1045", "--finger",
		  "left-thumb") == VERB_DONE);
	site_close(&s);
}

TEST("a touch of another finger is told and costs a touch, even the first")
{
	static const struct stage_touch touches[] = {
		{ .finger = 99, .impression = 1 },
		{ .finger = 11, .impression = 1 },
		{ .finger = 11, .impression = 2 },
		{ .finger = 98, .impression = 1 },
		{ .finger = 11, .impression = 3 },
		{ .finger = 11, .impression = 4 },
		{ .finger = 11, .impression = 5 },
	};

	if (!site_fingers(&s))
		return;
	CHECK(WITH(touches, "finger", "enrol", "1042", "--finger",
		  "right-index") == VERB_DONE);
	CHECK(asked == 7);
	CHECK(site_told(&s, "That was another finger"));
	CHECK(site_printed(&s, "5 samples"));
	site_close(&s);
}

TEST("ten touches of which too few are alike store nothing, three are enough")
{
	struct stage_touch touches[10];

	if (!site_fingers(&s))
		return;
	for (unsigned i = 0; i < 10; i++)
		touches[i] =
		    (struct stage_touch){ .finger = i < 2 ? 11 : 100 + i,
			    .impression = i + 1 };
	CHECK(WITH(touches, "finger", "enrol", "1042", "--finger",
		  "right-index") == VERB_FAILED);
	CHECK(asked == 10);
	CHECK(site_told(&s, "Too few of the touches were alike"));
	CHECK(fingers_of(&s, "1042") == 0);
	touches[9].finger = 11;
	CHECK(WITH(touches, "finger", "enrol", "1042", "--finger",
		  "right-index") == VERB_DONE);
	CHECK(site_printed(&s, "3 samples"));
	site_close(&s);
}

TEST("a reader that goes away, or gets nothing, leaves nothing behind")
{
	static const struct {
		struct stage_touch last;
		enum verb_status status;
		const char *told;
	} ends[] = {
		{ { .no = SENSOR_GONE }, VERB_UNAVAILABLE, "was unplugged" },
		{ { .no = SENSOR_TIMEOUT }, VERB_FAILED, "in time" },
		{ { .no = SENSOR_BUSY }, VERB_UNAVAILABLE, "in use" },
		{ { .hangs_up = true }, VERB_UNAVAILABLE, "failed" },
	};

	if (!site_fingers(&s))
		return;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		struct stage_touch touches[5] = FIVE(11);

		touches[4] = ends[i].last;
		CHECK(WITH(touches, "finger", "enrol", "1042", "--finger",
			  "right-index") == ends[i].status);
		CHECK(site_told(&s, "Nothing was stored."));
		CHECK(site_told(&s, ends[i].told));
		CHECK(fingers_of(&s, "1042") == 0);
	}
	CHECK(WITH(first, "finger", "enrol", "1042", "--finger",
		  "right-index") == VERB_DONE);
	site_close(&s);
}

/* While the last finger is on the reader, somebody else withdraws. */
static void
withdraw_meanwhile(struct sensor_stage *st)
{
	struct store_consent c = { .purpose = STORE_FOR_FINGER,
		.kind = STORE_CONSENT_WITHDRAWN,
		.how = "command" };
	struct store_by by = { .now = s.d.now, .actor = "self" };
	struct store_tx tx = { 0 };
	struct store *other = NULL;
	struct store_employee e;

	if (st->captures != 5)
		return;
	if (store_open(&other, "/var/lib/attend/store.db", s.d.vault) !=
		ATT_OK ||
	    store_employee_by_number(other, "1042", &e) != ATT_OK ||
	    store_begin(other, &tx) != ATT_OK ||
	    store_consent_record(other, &by, e.id, "en", &c) != ATT_OK ||
	    store_commit(&tx) != ATT_OK)
		printf("# not withdrawn: %s\n", store_trouble(other));
	store_close(other);
}

TEST("consent that is withdrawn during an enrolment ends it")
{
	if (!site_fingers(&s))
		return;
	stage.at = withdraw_meanwhile;
	CHECK(WITH(first, "finger", "enrol", "1042", "--finger",
		  "right-index") == VERB_REFUSED);
	CHECK(asked == 5);
	CHECK(site_told(&s, "no consent to fingerprints"));
	CHECK(fingers_of(&s, "1042") == 0);
	site_close(&s);
}

static struct store *beside;
static struct store_tx beside_tx;
static pthread_t later;

/* Others are compared meanwhile; sooner or later, the outcome is the same. */
static void *
commit_later(void *ctx)
{
	const struct timespec wait = { 0, 200000000 };

	(void)ctx;
	(void)nanosleep(&wait, NULL);
	if (store_commit(&beside_tx) != ATT_OK)
		printf("# not stored: %s\n", store_trouble(beside));
	return NULL;
}

/* At the last touch the same finger is on its way in for somebody else. */
static void
enrol_meanwhile(struct sensor_stage *st)
{
	static struct bio_template t;
	static uint8_t bytes[BIO_TEMPLATE_MAX];
	struct store_by by = { .now = s.d.now, .actor = "root" };
	struct store_finger f = { .finger = BIO_LEFT_THUMB,
		.driver = "stage",
		.algorithm = FINGER_ALGORITHM,
		.samples = 3 };
	struct store_employee e;
	size_t len = 0;

	if (st->captures != 5)
		return;
	t = (struct bio_template){
		.finger = f.finger, .n = 3, .driver = "stage"
	};
	for (unsigned i = 0; i < 3; i++) {
		finger_points(11, i + 1, &finger_usual, &t.sample[i]);
		bio_sample_sort(&t.sample[i]);
	}
	if (store_open(&beside, "/var/lib/attend/store.db", s.d.vault) !=
		ATT_OK ||
	    bio_template_encode(&t, bytes, sizeof(bytes), &len) != ATT_OK ||
	    store_employee_by_number(beside, "1043", &e) != ATT_OK ||
	    store_begin(beside, &beside_tx) != ATT_OK ||
	    store_finger_add(beside, &by, e.id, 18, &f,
		(struct att_slice){ bytes, len }) != ATT_OK ||
	    pthread_create(&later, NULL, commit_later, NULL) != 0)
		printf("# not on its way: %s\n", store_trouble(beside));
}

TEST("a finger that somebody else enrols at the same time is seen, too")
{
	if (!site_fingers(&s))
		return;
	stage.at = enrol_meanwhile;
	CHECK(WITH(first, "finger", "enrol", "1042", "--finger",
		  "right-index") == VERB_CONFLICT);
	CHECK(site_told(&s, "enrolled as 1043's left thumb"));
	(void)pthread_join(later, NULL);
	store_close(beside);
	CHECK(fingers_of(&s, "1042") == 0);
	CHECK(fingers_of(&s, "1043") == 1);
	site_close(&s);
}

/* The client goes while attendd waits for another writer. */
static void *
leave_later(void *ctx)
{
	const struct timespec wait = { 0, 200000000 };

	(void)ctx;
	(void)nanosleep(&wait, NULL);
	(void)shutdown(s.d.channel.fd, SHUT_RD);
	store_rollback(&beside_tx);
	return NULL;
}

static void
leave_meanwhile(struct sensor_stage *st)
{
	if (st->captures != 5)
		return;
	if (store_open(&beside, "/var/lib/attend/store.db", s.d.vault) !=
		ATT_OK ||
	    store_begin(beside, &beside_tx) != ATT_OK ||
	    pthread_create(&later, NULL, leave_later, NULL) != 0)
		printf("# not held up: %s\n", store_trouble(beside));
}

TEST("who leaves before the finger is stored finds nothing stored")
{
	if (!site_fingers(&s))
		return;
	stage.at = leave_meanwhile;
	CHECK(WITH(first, "finger", "enrol", "1042", "--finger",
		  "right-index") == VERB_FAILED);
	(void)pthread_join(later, NULL);
	store_close(beside);
	CHECK(fingers_of(&s, "1042") == 0);
	CHECK(audit_events(&s, "finger-enrol") == 0);
	site_close(&s);
}

TEST("a finger is one person's: another's, or another of hers, is refused")
{
	if (!site_fingers(&s))
		return;
	NEED(WITH(first, "finger", "enrol", "1042", "--finger",
		 "right-index") == VERB_DONE);
	CHECK(WITH(second, "finger", "enrol", "1042", "--finger",
		  "right-index") == VERB_CONFLICT);
	CHECK(asked == 0);
	CHECK(
	    site_told(&s, "attendctl finger delete 1042 --finger right-index"));
	CHECK(WITH(first, "finger", "enrol", "1042", "--finger",
		  "left-index") == VERB_CONFLICT);
	CHECK(site_told(&s, "that is 1042's right index finger"));
	CHECK(audit_events(&s, "finger-duplicate") == 0);
	CHECK(WITH(first, "finger", "enrol", "1043", "--finger",
		  "right-thumb") == VERB_CONFLICT);
	CHECK(site_told(&s, "enrolled as 1042's right index finger"));
	CHECK(audit_events(&s, "finger-duplicate") == 2);
	CHECK(fingers_of(&s, "1043") == 0);
	/* who is suspended keeps her fingers */
	NEED(RUN(&s, "employee", "suspend", "1042") == VERB_DONE);
	CHECK(WITH(first, "finger", "enrol", "1043", "--finger",
		  "right-thumb") == VERB_CONFLICT);
	CHECK(WITH(second, "finger", "enrol", "1043", "--finger",
		  "right-thumb") == VERB_DONE);
	site_close(&s);
}

TEST("delete asks back, destroys one finger or all, and says what is not there")
{
	if (!site_fingers(&s))
		return;
	NEED(WITH(first, "finger", "enrol", "1042", "--finger",
		 "right-index") == VERB_DONE);
	NEED(WITH(second, "finger", "enrol", "1042", "--finger",
		 "left-index") == VERB_DONE);
	NEED(WITH(third, "finger", "enrol", "1042", "--finger", "left-thumb") ==
	    VERB_DONE);
	s.answers[0] = "no";
	CHECK(RUN(&s, "finger", "delete", "1042") == VERB_REFUSED);
	CHECK(RUN(&s, "finger", "delete", "1042", "--finger", "left-ring") ==
	    VERB_ABSENT);
	CHECK(fingers_of(&s, "1042") == 3);
	s.answers[0] = "1042";
	CHECK(RUN(&s, "finger", "delete", "1042", "--finger", "left-index") ==
	    VERB_DONE);
	CHECK(site_printed(&s, "1042: 1 finger destroyed"));
	CHECK(fingers_of(&s, "1042") == 2);
	CHECK(RUN(&s, "finger", "delete", "1042", "--yes") == VERB_DONE);
	CHECK(site_printed(&s, "1042: 2 fingers destroyed"));
	CHECK(RUN(&s, "finger", "delete", "1042", "--yes") == VERB_ABSENT);
	CHECK(RUN(&s, "finger", "delete", "1042", "--finger", "nose",
		  "--yes") == VERB_USAGE);
	site_close(&s);
}

TEST("test matches the finger and no other, draws it, and is a look")
{
	static const struct stage_touch own[] = { { .finger = 11,
	    .impression = 9 } };
	static const struct stage_touch other[] = { { .finger = 12,
	    .impression = 9 } };

	if (!site_fingers(&s))
		return;
	CHECK(WITH(own, "finger", "test", "1042") == VERB_ABSENT);
	CHECK(asked == 0);
	NEED(WITH(first, "finger", "enrol", "1042", "--finger",
		 "right-index") == VERB_DONE);
	CHECK(WITH(own, "finger", "test", "1042") == VERB_DONE);
	CHECK(site_printed(&s, "Match             yes"));
	CHECK(site_printed(&s, "right index finger"));
	CHECK(strstr(s.printed, "\xe2\xa0") == NULL); /* no terminal */
	CHECK(WITH(other, "finger", "test", "1042", "--json") == VERB_FAILED);
	CHECK(site_printed(&s, "\"match\": false"));
	CHECK(WITH(own, "finger", "test", "1042", "--html") == VERB_DONE);
	CHECK(site_printed(&s, "<svg "));
	CHECK(site_printed(&s, "</svg>"));
	s.flags = WIRE_F_OUT_TTY;
	CHECK(WITH(own, "finger", "test", "1042") == VERB_DONE);
	CHECK(strstr(s.printed, "\xe2\xa0") != NULL);
	s.flags = 0;
	CHECK(audit_events(&s, "finger-test") == 4);
	NEED(RUN(&s, "consent", "withdraw", "1042", "--purpose",
		 "biometric.finger") == VERB_DONE);
	CHECK(site_printed(&s, "enrolled fingers is destroyed: 1"));
	CHECK(WITH(own, "finger", "test", "1042") == VERB_REFUSED);
	CHECK(asked == 0);
	site_close(&s);
}
