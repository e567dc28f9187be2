#include "attendd/librarian.h"

#include "attendd/log.h"
#include "attendd/paths.h"
#include "attendd/sandbox.h"
#include "base/owner.h"
#include "bio/template.h"
#include "wire/packet.h"

#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define QUESTION_MAX (64 + BIO_TEMPLATE_MAX)
#define ANSWER_MAX   64
#define EXPECT_MS    50 /* for what is known already */

enum kind {
	EXPECT = 1,
	SEARCH = 2,
	FORGET = 3,
};

/* As it goes over the way; in memory fit for a sample. */
struct question {
	enum kind kind;
	int64_t now_utc;
	struct att_date today;
	bool passes;
	uint8_t except[VAULT_ID_LEN];
	struct bio_template t;
	uint8_t bytes[QUESTION_MAX];
	size_t len;
};

struct librarian {
	int desk;
	struct gallery *g;
	struct att_date today; /* of the last question: workers know the zone */
	bool off; /* no memory: there will be no searching */
};

/* --- the two formats ------------------------------------------------------ */

static enum att_err
question_put(struct question *q)
{
	struct att_writer w = att_writer_of(q->bytes, sizeof(q->bytes));
	size_t head = 0, rest = 0;
	enum att_err e;

	att_put_u8(&w, (uint8_t)q->kind);
	att_put_le64(&w, (uint64_t)q->now_utc);
	att_put_le16(&w, (uint16_t)q->today.year);
	att_put_u8(&w, q->today.month);
	att_put_u8(&w, q->today.day);
	if (q->kind == SEARCH) {
		att_put_u8(&w, q->passes);
		if (q->passes)
			att_put_bytes(&w, q->except, sizeof(q->except));
	}
	e = att_writer_done(&w, &head);
	if (e == ATT_OK && q->kind == SEARCH)
		e = bio_template_encode(
		    &q->t, q->bytes + head, sizeof(q->bytes) - head, &rest);
	q->len = head + rest;
	return e;
}

static enum att_err
question_take(struct question *q)
{
	struct att_reader r = att_reader_of(q->bytes, q->len);
	struct att_slice rest;

	q->kind = (enum kind)att_take_u8(&r);
	q->now_utc = (int64_t)att_take_le64(&r);
	q->today.year = (int16_t)att_take_le16(&r);
	q->today.month = att_take_u8(&r);
	q->today.day = att_take_u8(&r);
	if (q->kind != SEARCH)
		return q->kind == EXPECT || q->kind == FORGET
		    ? att_reader_done(&r)
		    : ATT_FORMAT;
	q->passes = att_take_u8(&r) == 1;
	if (q->passes) {
		rest = att_take_bytes(&r, sizeof(q->except));
		if (rest.len == sizeof(q->except))
			memcpy(q->except, rest.at, sizeof(q->except));
	}
	rest = att_take_bytes(&r, r.left);
	if (att_reader_done(&r) != ATT_OK)
		return ATT_FORMAT;
	return bio_template_decode(rest.at, rest.len, &q->t);
}

static size_t
answer_put(
    uint8_t buf[ANSWER_MAX], enum att_err e, const struct gallery_found *f)
{
	struct att_writer w = att_writer_of(buf, ANSWER_MAX);
	size_t len = 0;

	att_put_u8(&w, (uint8_t)e);
	att_put_bytes(&w, f->person, sizeof(f->person));
	att_put_u8(&w, f->finger);
	att_put_le32(&w, f->score);
	att_put_le32(&w, f->second);
	att_put_le32(&w, f->fingers);
	/* it fits; a reader of nothing takes that for the end */
	return att_writer_done(&w, &len) == ATT_OK ? len : 0;
}

static enum att_err
answer_take(const uint8_t *buf, size_t len, struct gallery_found *out)
{
	struct att_reader r = att_reader_of(buf, len);
	enum att_err e = (enum att_err)att_take_u8(&r);
	struct att_slice person = att_take_bytes(&r, sizeof(out->person));
	struct gallery_found f = { .finger = att_take_u8(&r) };

	f.score = att_take_le32(&r);
	f.second = att_take_le32(&r);
	f.fingers = att_take_le32(&r);
	if (att_reader_done(&r) != ATT_OK)
		return ATT_FORMAT;
	memcpy(f.person, person.at, sizeof(f.person));
	if (e == ATT_OK)
		*out = f;
	return e;
}

enum att_err
librarian_desk(int *way, int *desk)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		return ATT_IO;
	*way = pair[0];
	*desk = pair[1];
	return ATT_OK;
}

/* --- the librarian -------------------------------------------------------- */

/* The next question, and where its answer goes. */
static enum att_err
hear(const struct librarian *l, struct question *q, int *to)
{
	int fds[PACKET_FDS_MAX];
	size_t n = 0;
	enum att_err e = packet_recv(l->desk, q->bytes, sizeof(q->bytes),
	    &q->len, fds, &n, l->g != NULL ? LIBRARIAN_LOOK_MS : INT_MAX);

	while (n > 1)
		att_close(&fds[--n]);
	if (n == 1)
		*to = fds[0];
	return e;
}

static void
reply(int to, enum att_err e, const struct gallery_found *f)
{
	uint8_t buf[ANSWER_MAX];
	size_t len = answer_put(buf, e, f);

	/* whoever asked may be gone */
	(void)send(to, buf, len, MSG_NOSIGNAL | MSG_DONTWAIT);
	explicit_bzero(buf, sizeof(buf));
}

/* What cannot be looked at is not kept either. */
static enum att_err
follow(struct librarian *l, int64_t now_utc)
{
	struct vault *v = NULL;
	struct store *s = NULL;
	enum att_err e = vault_open(&v, ATTENDD_SITE_KEY);

	if (e == ATT_OK)
		e = store_open(&s, ATTENDD_STORE, v);
	if (e == ATT_OK && l->g == NULL)
		e = gallery_new(&l->g);
	if (e == ATT_OK)
		e = gallery_follow(l->g, s, now_utc, l->today);
	if (e != ATT_OK)
		log_line(LOG_ERR, "gallery failed why=%s detail=%s%s",
		    att_err_text(e), store_trouble(s),
		    e == ATT_NOMEM ? "; nobody is recognised by the finger "
				     "until attendd has more memory to lock"
				   : "");
	store_close(s);
	vault_close(v);
	l->off = e == ATT_NOMEM;
	if (e != ATT_OK) {
		gallery_free(l->g);
		l->g = NULL;
	}
	return e;
}

/* Nobody asks: what went meanwhile goes here, too. */
static void
look(struct librarian *l)
{
	struct att_now now;

	if (att_now_read(&now) != ATT_OK)
		now.utc = 0; /* when nobody had agreed to anything */
	(void)follow(l, now.utc); /* which logs */
}

static void
answer(struct librarian *l, struct question *q, int to)
{
	struct gallery_found f = { 0 };
	enum att_err e = question_take(q);
	const bool nothing = e == ATT_OK && q->kind == FORGET && l->g == NULL;

	if (e == ATT_OK && l->off)
		e = ATT_NOMEM;
	if (e != ATT_OK || nothing || q->kind == EXPECT)
		reply(to, e, &f); /* nobody waits for what comes now */
	if (e != ATT_OK || nothing)
		return;
	l->today = q->today;
	e = follow(l, q->now_utc);
	if (q->kind == EXPECT)
		return;
	if (e == ATT_OK && q->kind == SEARCH)
		e = gallery_find(
		    l->g, &q->t.sample[0], q->passes ? q->except : NULL, &f);
	reply(to, e, &f);
}

/* A question is taken from the desk whatever comes, or it stayed for ever. */
_Noreturn void
librarian_run(int desk)
{
	ATT_AUTO_SECRET struct att_secret room = { 0 };
	struct librarian l = { .desk = desk };
	enum att_err e = sandbox_librarian();
	int to = -1;

	(void)prctl(PR_SET_NAME, LIBRARIAN_NAME); /* cosmetic */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* the desk's end tells, too */
	if (e == ATT_OK)
		e = att_secret_new(&room, sizeof(struct question));
	if (e != ATT_OK) {
		char byte;

		log_line(LOG_ERR, "the gallery cannot be kept why=%s",
		    att_err_text(e));
		(void)!recv(desk, &byte, 1, 0);
		_exit(1);
	}
	while (e != ATT_CLOSED && e != ATT_IO) {
		e = hear(&l, (struct question *)room.at, &to);
		if (e == ATT_OK)
			answer(&l, (struct question *)room.at, to);
		else if (e == ATT_TIMEOUT)
			look(&l);
		explicit_bzero(room.at, room.len);
		att_close(&to);
	}
	gallery_free(l.g);
	att_secret_free(&room);
	_exit(0);
}

/* --- who asks ------------------------------------------------------------- */

static enum att_err
ask(int way, struct question *q, int wait_ms, struct gallery_found *out)
{
	uint8_t buf[ANSWER_MAX];
	int pair[2];
	struct pollfd p;
	ssize_t n = 0;
	enum att_err e = question_put(q);

	if (e == ATT_OK &&
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		e = ATT_IO;
	if (e != ATT_OK)
		return e;
	e = packet_send(way, q->bytes, q->len, &pair[1], 1, 0);
	att_close(&pair[1]);
	p = (struct pollfd){ .fd = pair[0], .events = POLLIN };
	if (e == ATT_OK && poll(&p, 1, wait_ms) != 1)
		e = ATT_TIMEOUT;
	if (e == ATT_OK)
		n = recv(pair[0], buf, sizeof(buf), MSG_DONTWAIT);
	att_close(&pair[0]);
	if (e == ATT_OK)
		e = n > 0 ? answer_take(buf, (size_t)n, out) : ATT_CLOSED;
	explicit_bzero(buf, sizeof(buf));
	return e;
}

/* A question without a sample. */
static enum att_err
tell(int way, enum kind kind, const struct att_now *now, int wait_ms)
{
	ATT_AUTO_SECRET struct att_secret room = { 0 };
	struct gallery_found nobody;
	struct question *q;
	enum att_err e = att_secret_new(&room, sizeof(*q));

	if (e != ATT_OK)
		return e;
	q = (struct question *)room.at;
	q->kind = kind;
	q->now_utc = now->utc;
	q->today = att_date_at(now->utc);
	return ask(way, q, wait_ms, &nobody);
}

bool
librarian_expect(int way, const struct att_now *now)
{
	return tell(way, EXPECT, now, EXPECT_MS) != ATT_NOMEM;
}

enum att_err
librarian_forget(int way, const struct att_now *now)
{
	enum att_err e = tell(way, FORGET, now, WIRE_CHECK_MS);

	return e == ATT_NOMEM ? ATT_OK : e; /* it has nothing to forget */
}

enum att_err
librarian_search(int way, const struct att_now *now,
    const struct bio_sample *sample, const uint8_t *except,
    struct gallery_found *out)
{
	ATT_AUTO_SECRET struct att_secret room = { 0 };
	struct question *q;
	enum att_err e = att_secret_new(&room, sizeof(*q));

	if (e != ATT_OK)
		return e;
	q = (struct question *)room.at;
	memset(q, 0, sizeof(*q));
	q->kind = SEARCH;
	q->now_utc = now->utc;
	q->today = att_date_at(now->utc);
	q->passes = except != NULL;
	if (except != NULL)
		memcpy(q->except, except, sizeof(q->except));
	q->t.n = 1;
	memcpy(q->t.driver, "sample", sizeof("sample"));
	q->t.sample[0] = *sample;
	return ask(way, q, WIRE_WAIT_MS, out);
}
