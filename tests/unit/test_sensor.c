/* The sensor dialogue: its codec, and attendd's half of it. */
#include "test.h"

#include "base/clock.h"
#include "base/owner.h"
#include "bio/print.h"
#include "sensor/ask.h"
#include "wire/packet.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static struct bio_template
sample_of(uint8_t n)
{
	struct bio_template t = { .n = 1, .driver = "fake" };

	t.sample[0] = (struct bio_sample){ .width = 300,
		.height = 400,
		.resolution = BIO_RESOLUTION,
		.quality = 70,
		.n = n };
	for (unsigned i = 0; i < n; i++)
		t.sample[0].at[i] =
		    (struct bio_minutia){ .x = (uint16_t)i, .y = 9 };
	return t;
}

static struct sensor_msg
sample_msg(uint8_t n, uint8_t buf[SENSOR_FRAME_MAX])
{
	const struct bio_template t = sample_of(n);
	struct sensor_msg m = { .type = SENSOR_SAMPLE };

	m.sample.print.at = buf;
	CHECK(bio_template_encode(
		  &t, buf, SENSOR_FRAME_MAX, &m.sample.print.len) == ATT_OK);
	return m;
}

static struct sensor_msg
failed_msg(enum sensor_reason why)
{
	return (struct sensor_msg){ .type = SENSOR_FAILED,
		.failed = { (uint8_t)why, 4000, att_slice_of("because") } };
}

/* Encodes, decodes, and encodes to the same bytes. */
static bool
survives(const struct sensor_msg *m)
{
	uint8_t a[SENSOR_FRAME_MAX], b[SENSOR_FRAME_MAX];
	struct sensor_msg back;
	size_t n, k;

	return sensor_encode(m, a, sizeof(a), &n) == ATT_OK &&
	    sensor_decode(a, n, &back) == ATT_OK && back.type == m->type &&
	    sensor_encode(&back, b, sizeof(b), &k) == ATT_OK && k == n &&
	    memcmp(a, b, n) == 0;
}

TEST("every frame of the sensor dialogue survives the wire")
{
	uint8_t buf[SENSOR_FRAME_MAX];
	const struct sensor_msg all[] = {
		{ .type = SENSOR_CAPTURE, .capture = { 12345 } },
		{ .type = SENSOR_CANCEL },
		{ .type = SENSOR_ASK_STATUS },
		{ .type = SENSOR_NOTICE, .notice = { SENSOR_PRESS } },
		sample_msg(BIO_MINUTIAE_MAX, buf),
		failed_msg(SENSOR_FAULT),
		{ .type = SENSOR_STATUS,
		    .status = { SENSOR_HOT, 1, 1, SENSOR_TOO_HOT, 9,
			att_slice_of("uru4000"), att_slice_of("读取器") } },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		CHECK(survives(&all[i]));
}

TEST("each reason and each notice has its own words")
{
	for (unsigned r = SENSOR_FINE + 1; r < SENSOR_REASON_END; r++) {
		const char *word = sensor_reason_word((enum sensor_reason)r);

		CHECK(sensor_reason_text((enum sensor_reason)r)[0] != '\0');
		CHECK(word[0] != '\0');
		for (unsigned q = SENSOR_FINE; q < r; q++)
			CHECK(strcmp(word,
				  sensor_reason_word((enum sensor_reason)q)) !=
			    0);
	}
	CHECK(sensor_reason_text(SENSOR_REASON_END)[0] == '\0');
	CHECK(sensor_notice_text(SENSOR_TOUCH)[0] != '\0');
	CHECK(sensor_notice_text(SENSOR_NOTICE_END)[0] == '\0');
}

static const struct wrong {
	const char *what;
	size_t len;
	uint8_t bytes[16];
} wrong[] = {
	{ "nothing", 0, { 0 } },
	{ "half a head", 4, { 1, 2, 0, 0 } },
	{ "another version", 8, { 2, 2, 0, 0, 0, 0, 0, 0 } },
	{ "a type there is none of", 8, { 1, 4, 0, 0, 0, 0, 0, 0 } },
	{ "a type of the login dialogue", 8, { 1, 20, 0, 0, 0, 0, 0, 0 } },
	{ "reserved bits", 8, { 1, 2, 1, 0, 0, 0, 0, 0 } },
	{ "a longer body than said", 9, { 1, 2, 0, 0, 0, 0, 0, 0, 0 } },
	{ "a body where there is none", 9, { 1, 2, 0, 0, 1, 0, 0, 0, 0 } },
	{ "a short body", 11, { 1, 1, 0, 0, 3, 0, 0, 0, 1, 2, 3 } },
	{ "a notice of nothing", 9, { 1, 16, 0, 0, 1, 0, 0, 0, 0 } },
	{ "a notice unheard of", 9, { 1, 16, 0, 0, 1, 0, 0, 0, 8 } },
	{ "a failure for no reason", 14,
	    { 1, 18, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0 } },
	{ "a failure with a control character", 15,
	    { 1, 18, 0, 0, 7, 0, 0, 0, 1, 0, 0, 0, 0, 1, 27 } },
	{ "no template", 10, { 1, 17, 0, 0, 2, 0, 0, 0, 1, 0 } },
};

TEST("what is no frame of the sensor dialogue is refused and changes nothing")
{
	struct sensor_msg m, before;
	const uint8_t cancel[] = { 1, 2, 0, 0, 0, 0, 0, 0 };

	memset(&m, 0xa5, sizeof(m));
	memcpy(&before, &m, sizeof(m));
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		if (sensor_decode(wrong[i].bytes, wrong[i].len, &m) !=
		    ATT_FORMAT)
			printf("# %s\n", wrong[i].what);
		CHECK(sensor_decode(wrong[i].bytes, wrong[i].len, &m) ==
			ATT_FORMAT &&
		    memcmp(&m, &before, sizeof(m)) == 0);
	}

	CHECK(sensor_decode(cancel, sizeof(cancel), &m) == ATT_OK);
}

TEST("a sample of two samples, or of somebody's finger, is none")
{
	struct bio_template t = sample_of(BIO_PRINT_MIN);
	uint8_t buf[SENSOR_FRAME_MAX], out[SENSOR_FRAME_MAX];
	struct sensor_msg m = { .type = SENSOR_SAMPLE };
	size_t n;

	m.sample.print.at = buf;
	CHECK(bio_template_encode(&t, buf, sizeof(buf), &m.sample.print.len) ==
	    ATT_OK);
	CHECK(sensor_encode(&m, out, sizeof(out), &n) == ATT_OK);
	t.finger = BIO_RIGHT_INDEX;
	CHECK(bio_template_encode(&t, buf, sizeof(buf), &m.sample.print.len) ==
	    ATT_OK);
	CHECK(sensor_encode(&m, out, sizeof(out), &n) == ATT_LIMIT);
	t.finger = BIO_FINGER_UNKNOWN;
	t.n = 2;
	t.sample[1] = t.sample[0];
	CHECK(bio_template_encode(&t, buf, sizeof(buf), &m.sample.print.len) ==
	    ATT_OK);
	CHECK(sensor_encode(&m, out, sizeof(out), &n) == ATT_LIMIT);
}

/* --- attendd's half ------------------------------------------------------- */

struct talk {
	int ours, theirs;
	char notices[16];
};

static void
talk_open(struct talk *t)
{
	int pair[2] = { -1, -1 };

	CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0);
	*t = (struct talk){ .ours = pair[0], .theirs = pair[1] };
}

static void
talk_close(struct talk *t)
{
	att_close(&t->ours);
	att_close(&t->theirs);
}

static enum att_err
send_as_sensor(struct talk *t, const struct sensor_msg *m, int wait_ms)
{
	uint8_t buf[SENSOR_FRAME_MAX];
	size_t n;
	enum att_err e = sensor_encode(m, buf, sizeof(buf), &n);

	return e == ATT_OK ? packet_send(t->theirs, buf, n, NULL, 0, wait_ms)
			   : e;
}

/* The other side said it before it was asked: it waits in the socket. */
static void
says(struct talk *t, const struct sensor_msg *m)
{
	CHECK(send_as_sensor(t, m, 1000) == ATT_OK);
}

static enum sensor_type
hears(struct talk *t, struct sensor_msg *m)
{
	static uint8_t buf[SENSOR_FRAME_MAX];
	size_t n;

	if (packet_recv(t->theirs, buf, sizeof(buf), &n, NULL, NULL, 1000) !=
		ATT_OK ||
	    sensor_decode(buf, n, m) != ATT_OK)
		return 0;
	return m->type;
}

static void
on_notice(void *ctx, enum sensor_notice what)
{
	struct talk *t = ctx;
	size_t n = strlen(t->notices);

	t->notices[n] = (char)('0' + what);
}

static enum att_err
captures(struct talk *t, struct bio_template *out, struct sensor_no *no)
{
	const struct sensor_wait w = {
		.wait_ms = 7000, .until = -1, .notice = on_notice, .ctx = t
	};

	memset(out, 0xa5, sizeof(*out));
	return sensor_capture(t->ours, &w, out, no);
}

static bool
is_wiped(const struct bio_template *t)
{
	static const struct bio_template zero;

	return memcmp(t, &zero, sizeof(zero)) == 0;
}

TEST("attendd gets notices as they come, and the sample")
{
	const struct sensor_msg touch = { .type = SENSOR_NOTICE,
		.notice = { SENSOR_TOUCH } };
	uint8_t buf[SENSOR_FRAME_MAX];
	const struct sensor_msg sample = sample_msg(BIO_PRINT_MIN, buf);
	struct bio_template got;
	struct sensor_no no;
	struct sensor_msg asked;
	struct talk t;

	talk_open(&t);
	says(&t, &touch);
	says(&t, &sample);
	CHECK(captures(&t, &got, &no) == ATT_OK);

	CHECK(strcmp(t.notices, "1") == 0);
	CHECK(got.n == 1 && got.sample[0].n == BIO_PRINT_MIN);
	CHECK(got.sample[0].quality == 70 && got.sample[0].width == 300);
	CHECK(strcmp(got.driver, "fake") == 0);
	CHECK(hears(&t, &asked) == SENSOR_CAPTURE);
	CHECK(asked.capture.wait_ms == 7000);
	talk_close(&t);
}

TEST("a sample with fewer minutiae than can be compared is none")
{
	uint8_t buf[SENSOR_FRAME_MAX];
	const struct sensor_msg few = sample_msg(BIO_PRINT_MIN - 1, buf);
	struct bio_template got;
	struct sensor_no no;
	struct talk t;

	talk_open(&t);
	says(&t, &few);
	CHECK(captures(&t, &got, &no) == ATT_FORMAT);
	CHECK(is_wiped(&got));
	talk_close(&t);
}

TEST("attendd is told why there is no sample, and may try again")
{
	const struct sensor_msg busy = failed_msg(SENSOR_BUSY);
	uint8_t buf[SENSOR_FRAME_MAX];
	const struct sensor_msg sample = sample_msg(BIO_PRINT_MIN, buf);
	struct bio_template got;
	struct sensor_no no;
	struct talk t;

	talk_open(&t);
	says(&t, &busy);
	CHECK(captures(&t, &got, &no) == ATT_REFUSED);
	CHECK(no.reason == SENSOR_BUSY && no.retry_ms == 4000);
	CHECK(strcmp(no.detail, "because") == 0);
	CHECK(is_wiped(&got));
	says(&t, &sample);
	CHECK(captures(&t, &got, &no) == ATT_OK);
	talk_close(&t);
}

TEST("a sensor that goes away or says what is not its to say is not believed")
{
	const struct sensor_msg capture = { .type = SENSOR_CAPTURE };
	struct bio_template got;
	struct sensor_no no;
	struct talk t;

	talk_open(&t);
	att_close(&t.theirs);
	CHECK(captures(&t, &got, &no) == ATT_CLOSED);
	talk_close(&t);
	talk_open(&t);
	says(&t, &capture);
	CHECK(captures(&t, &got, &no) == ATT_FORMAT);
	talk_close(&t);
	talk_open(&t);
	CHECK(send(t.theirs, "junk", 4, 0) == 4);
	CHECK(captures(&t, &got, &no) == ATT_FORMAT);
	CHECK(is_wiped(&got));
	talk_close(&t);
}

/* A sensor that waits for a finger until it is told to stop. */
static pid_t
patient_sensor(struct talk *t)
{
	const struct sensor_msg cancelled = failed_msg(SENSOR_CANCELLED);
	pid_t pid = fork();
	struct sensor_msg m;

	if (pid != 0)
		return pid;
	if (hears(t, &m) == SENSOR_CAPTURE && hears(t, &m) == SENSOR_CANCEL)
		says(t, &cancelled);
	_exit(0);
}

TEST("a capture ends when whoever logs in has gone, and the connection stays")
{
	struct sensor_wait w = { .wait_ms = 7000 };
	uint8_t buf[SENSOR_FRAME_MAX];
	struct sensor_msg sample;
	struct bio_template got;
	struct sensor_no no;
	struct talk t;
	int client[2];
	pid_t pid;

	talk_open(&t);
	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, client) == 0);
	CHECK(close(client[1]) == 0);
	pid = patient_sensor(&t);
	w.until = client[0];
	CHECK(sensor_capture(t.ours, &w, &got, &no) == ATT_ABSENT);
	CHECK(waitpid(pid, NULL, 0) == pid);

	w.until = -1;
	sample = sample_msg(BIO_PRINT_MIN, buf);
	says(&t, &sample);
	CHECK(sensor_capture(t.ours, &w, &got, &no) == ATT_OK);
	CHECK(close(client[0]) == 0);
	talk_close(&t);
}

/* attend-sensor in a process of its own: so many notices, and a sample. */
static enum att_err
captures_after(int notices)
{
	const struct sensor_msg touch = { .type = SENSOR_NOTICE,
		.notice = { SENSOR_TOUCH } };
	const struct sensor_wait w = { .wait_ms = 7000, .until = -1 };
	uint8_t buf[SENSOR_FRAME_MAX];
	const struct sensor_msg sample = sample_msg(BIO_PRINT_MIN, buf);
	struct bio_template got;
	struct sensor_no no;
	struct talk t;
	enum att_err e;
	pid_t pid;

	talk_open(&t);
	pid = fork();
	if (pid == 0) {
		att_close(&t.ours);
		for (int i = 0; i < notices; i++)
			(void)send_as_sensor(&t, &touch, 60000);
		(void)send_as_sensor(&t, &sample, 60000);
		_exit(0);
	}
	e = sensor_capture(t.ours, &w, &got, &no);
	CHECK(e == ATT_OK || is_wiped(&got));
	talk_close(&t);
	CHECK(pid > 0 && waitpid(pid, NULL, 0) == pid);
	return e;
}

TEST("attend-sensor has as many notices as there is a use for, and no more")
{
	CHECK(captures_after(SENSOR_NOTICES_MAX) == ATT_OK);
	CHECK(captures_after(SENSOR_NOTICES_MAX + 1) == ATT_FORMAT);
}

TEST("who has gone is noticed while attend-sensor speaks")
{
	const struct sensor_msg cancelled = { .type = SENSOR_FAILED,
		.failed = { SENSOR_CANCELLED, 0, att_slice_of("") } };
	const struct sensor_msg touch = { .type = SENSOR_NOTICE,
		.notice = { SENSOR_TOUCH } };
	struct sensor_wait w = { .wait_ms = 7000, .notice = on_notice };
	struct bio_template got;
	struct sensor_no no;
	struct talk t;
	int client[2];

	talk_open(&t);
	w.ctx = &t;
	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, client) == 0);
	CHECK(close(client[1]) == 0);
	w.until = client[0];
	says(&t, &touch);
	says(&t, &cancelled);
	CHECK(sensor_capture(t.ours, &w, &got, &no) == ATT_ABSENT);
	CHECK(t.notices[0] == '\0');
	CHECK(close(client[0]) == 0);
	talk_close(&t);
}

TEST("attendd can ask how the reader is without using it")
{
	const struct sensor_msg status = { .type = SENSOR_STATUS,
		.status = { SENSOR_UNSUITABLE, 1, 1, SENSOR_WARM, 0,
		    att_slice_of("synaptics"), att_slice_of("Reader") } };
	struct sensor_state got;
	struct sensor_msg asked;
	struct talk t;

	talk_open(&t);
	says(&t, &status);
	CHECK(sensor_state_read(t.ours, 1000, &got) == ATT_OK);
	CHECK(hears(&t, &asked) == SENSOR_ASK_STATUS);

	CHECK(got.reason == SENSOR_UNSUITABLE && got.in_use && got.test);
	CHECK(got.temperature == SENSOR_WARM);
	CHECK(strcmp(got.driver, "synaptics") == 0);
	CHECK(strcmp(got.name, "Reader") == 0);
	talk_close(&t);
}
