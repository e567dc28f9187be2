#include "store/attendance.h"

#include "sample_store.h"

static enum att_err
add(struct sample *t, const struct store_employee *e,
    enum store_attendance_kind kind, int64_t at, struct store_attendance *out)
{
	struct store_attendance a = { .kind = kind,
		.at_utc = at,
		.source = "kiosk",
		.service = "login",
		.tty = "tty1",
		.rhost = "192.0.2.7",
		.factor = 1 };
	enum att_err err =
	    IN_TX(t, store_attendance_add(t->store, &t->by, e->id, &a));

	*out = a;
	return err;
}

struct seen {
	unsigned n, stop;
	char number[8][ATT_NUMBER_MAX + 1];
	struct store_attendance e[8];
};

static bool
see(void *ctx, const char *number, const struct store_attendance *e)
{
	struct seen *s = ctx;

	memcpy(s->number[s->n], number, strlen(number) + 1);
	s->e[s->n] = *e;
	return ++s->n != s->stop;
}

static bool
with_two(struct sample *t, struct store_employee *e, struct store_employee *b)
{
	*e = sample_ada();
	*b = sample_bob();
	return sample_open(t) && sample_add(t, e) == ATT_OK &&
	    sample_add(t, b) == ATT_OK;
}

TEST("kinds have names")
{
	CHECK(strcmp(store_attendance_kind_id(STORE_LOGIN), "login") == 0);
	CHECK(strcmp(store_attendance_kind_id(STORE_CLOCK_OUT), "clock-out") ==
	    0);
	CHECK(strcmp(store_attendance_kind_id((enum store_attendance_kind)0),
		  "unknown") == 0);
	CHECK(strcmp(store_attendance_kind_id((enum store_attendance_kind)5),
		  "unknown") == 0);
}

TEST("an event comes back whole, with an id of its own")
{
	SAMPLE t = { 0 };
	struct store_employee e, b;
	struct store_attendance a, again;
	struct seen s = { 0 };

	NEED(with_two(&t, &e, &b));
	CHECK(add(&t, &e, STORE_LOGIN, NOON, &a) == ATT_OK);
	CHECK(add(&t, &e, STORE_LOGIN, NOON, &again) == ATT_OK);
	CHECK(memcmp(a.id, again.id, sizeof(a.id)) != 0);
	NEED(sample_reopen(&t));
	CHECK(store_attendance_list(t.store, e.id, NOON, NOON + 1, see, &s) ==
	    ATT_OK);
	NEED(s.n == 2);
	CHECK(memcmp(s.e[0].id, a.id, sizeof(a.id)) == 0);
	CHECK(s.e[0].kind == STORE_LOGIN && s.e[0].at_utc == NOON);
	CHECK(strcmp(s.e[0].source, "kiosk") == 0);
	CHECK(strcmp(s.e[0].service, "login") == 0);
	CHECK(strcmp(s.e[0].tty, "tty1") == 0);
	CHECK(strcmp(s.e[0].rhost, "192.0.2.7") == 0);
	CHECK(s.e[0].factor == 1 && strcmp(s.number[0], "1042") == 0);
}

TEST("the list is in order of time, from a second until before another")
{
	SAMPLE t = { 0 };
	struct store_employee e, b;
	struct store_attendance a;
	struct seen all = { 0 }, one = { 0 }, part = { 0 },
		    stop = { .stop = 1 };

	NEED(with_two(&t, &e, &b));
	NEED(add(&t, &e, STORE_LOGOUT, 300, &a) == ATT_OK);
	NEED(add(&t, &e, STORE_LOGIN, 100, &a) == ATT_OK);
	NEED(add(&t, &b, STORE_LOGIN, 200, &a) == ATT_OK);
	CHECK(store_attendance_list(
		  t.store, NULL, INT64_MIN, INT64_MAX, see, &all) == ATT_OK);
	CHECK(all.n == 3 && all.e[0].at_utc == 100 && all.e[2].at_utc == 300);
	CHECK(strcmp(all.number[1], "1043") == 0);
	CHECK(store_attendance_list(
		  t.store, e.id, INT64_MIN, INT64_MAX, see, &one) == ATT_OK);
	CHECK(one.n == 2 && one.e[1].kind == STORE_LOGOUT);
	CHECK(store_attendance_list(t.store, NULL, 200, 300, see, &part) ==
	    ATT_OK);
	CHECK(part.n == 1 && part.e[0].at_utc == 200);
	CHECK(
	    store_attendance_list(t.store, NULL, 0, 999, see, &stop) == ATT_OK);
	CHECK(stop.n == 1);
}

TEST("the newest clock event says whether somebody is clocked in")
{
	SAMPLE t = { 0 };
	struct store_employee e, b;
	struct store_attendance a;
	bool in = true;

	NEED(with_two(&t, &e, &b));
	CHECK(store_attendance_clocked_in(t.store, e.id, &in) == ATT_OK);
	CHECK(!in);
	NEED(add(&t, &e, STORE_CLOCK_IN, 100, &a) == ATT_OK);
	NEED(add(&t, &e, STORE_LOGIN, 200, &a) == ATT_OK);
	NEED(add(&t, &b, STORE_CLOCK_OUT, 300, &a) == ATT_OK);
	CHECK(store_attendance_clocked_in(t.store, e.id, &in) == ATT_OK);
	CHECK(in);
	NEED(add(&t, &e, STORE_CLOCK_OUT, 100, &a) == ATT_OK);
	CHECK(store_attendance_clocked_in(t.store, e.id, &in) == ATT_OK);
	CHECK(!in);
	NEED(add(&t, &e, STORE_CLOCK_IN, 50, &a) == ATT_OK); /* came late */
	CHECK(store_attendance_clocked_in(t.store, e.id, &in) == ATT_OK);
	CHECK(!in);
}

TEST("what is no kind, no text or nobody's is refused")
{
	SAMPLE t = { 0 };
	struct store_employee e, b, nobody = { .id = { 3 } };
	struct store_attendance a, bad = { .kind = STORE_LOGIN };

	NEED(with_two(&t, &e, &b));
	CHECK(add(&t, &e, (enum store_attendance_kind)0, 1, &a) == ATT_FORMAT);
	CHECK(add(&t, &e, (enum store_attendance_kind)5, 1, &a) == ATT_FORMAT);
	CHECK(add(&t, &nobody, STORE_LOGIN, 1, &a) == ATT_ABSENT);
	memcpy(bad.tty, "\x1b[2J", 5);
	CHECK(IN_TX(&t, store_attendance_add(t.store, &t.by, e.id, &bad)) ==
	    ATT_FORMAT);
	memset(bad.tty, 't', sizeof(bad.tty));
	CHECK(IN_TX(&t, store_attendance_add(t.store, &t.by, e.id, &bad)) ==
	    ATT_FORMAT);
	bad.tty[sizeof(bad.tty) - 1] = '\0';
	CHECK(IN_TX(&t, store_attendance_add(t.store, &t.by, e.id, &bad)) ==
	    ATT_OK);
}
