/* Transactions: all or nothing, recorded or nothing, many at once, killed. */
#include "store/attempt.h"
#include "store/attendance.h"
#include "store/consent.h"
#include "store/pin.h"

#include "sample_store.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

TEST("a transaction that is left without a commit changed nothing")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada();
	uint64_t seq = 9;
	uint8_t hash[VAULT_HASH_LEN];

	NEED(sample_open(&t));
	{
		STORE_AUTO_TX struct store_tx tx = { 0 };

		NEED(store_begin(t.store, &tx) == ATT_OK);
		NEED(store_employee_add(t.store, &t.by, sample_ids, &e) ==
		    ATT_OK);
	}
	CHECK(store_employee_by_number(t.store, "1042", &e) == ATT_ABSENT);
	CHECK(store_audit_head(t.store, &seq, hash) == ATT_OK && seq == 0);
	e = sample_ada();
	CHECK(sample_add(&t, &e) == ATT_OK);
	CHECK(store_employee_by_number(t.store, "1042", &e) == ATT_OK);
}

TEST("there is one transaction at a time, and no commit without one")
{
	SAMPLE t = { 0 };
	STORE_AUTO_TX struct store_tx tx = { 0 };
	struct store_tx second = { 0 };

	NEED(sample_open(&t));
	CHECK(store_commit(&tx) == ATT_REFUSED);
	NEED(store_begin(t.store, &tx) == ATT_OK);
	CHECK(store_begin(t.store, &second) == ATT_REFUSED);
	CHECK(store_commit(&tx) == ATT_OK);
	CHECK(store_commit(&tx) == ATT_REFUSED);
	CHECK(store_begin(t.store, &second) == ATT_OK);
	store_rollback(&second);
	store_rollback(&second);
}

TEST("nothing changes outside a transaction")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada();
	const struct store_attempt_limits limits = { 5, 60, 50, 60, 0 };
	struct store_attempt a = { .factor = 1 };
	struct store_attendance p = { .kind = STORE_LOGIN };
	struct store_consent c = { .kind = STORE_CONSENT_GIVEN,
		.how = "kiosk" };
	struct store_notice n;
	uint8_t record[VAULT_PIN_LEN] = { 0 };
	uint32_t seconds;
	uint64_t gone;
	struct store *s;

	NEED(sample_open(&t) && sample_add(&t, &e) == ATT_OK);
	s = t.store;
	CHECK(store_employee_add(s, &t.by, sample_ids, &e) == ATT_REFUSED);
	CHECK(store_employee_update(s, &t.by, "x", &e) == ATT_REFUSED);
	CHECK(store_group_site(s, &t.by, sample_ids, "g") == ATT_REFUSED);
	CHECK(store_pin_set(s, &t.by, e.id, record, false) == ATT_REFUSED);
	CHECK(store_pin_rehash(s, &t.by, e.id, record) == ATT_REFUSED);
	CHECK(store_attempt_begin(s, &t.by, &limits, &a, &seconds) ==
	    ATT_REFUSED);
	CHECK(store_attempt_finish(s, &t.by, &limits, &a, true, &seconds) ==
	    ATT_REFUSED);
	CHECK(store_attempt_clear(s, &t.by, e.id) == ATT_REFUSED);
	CHECK(store_attempt_prune(s, &t.by, NOON, &gone) == ATT_REFUSED);
	CHECK(store_attendance_add(s, &t.by, e.id, &p) == ATT_REFUSED);
	CHECK(store_consent_record(s, &t.by, e.id, "en", &c) == ATT_REFUSED);
	CHECK(store_notice_publish(s, &t.by,
		  &(struct store_notice_draft){
		      "1", "en", 1, 0, att_slice_of("s"), att_slice_of("t") },
		  &n) == ATT_REFUSED);
	CHECK(store_notice_mark_shown(s, &t.by, e.id, "1") == ATT_REFUSED);
	CHECK(store_audit(s, &t.by, "x", NULL, "") == ATT_REFUSED);
}

TEST("a change whose record cannot be written cannot be committed")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada();
	struct store_by nobody;
	struct store_tx tx = { 0 };

	NEED(sample_open(&t));
	nobody = t.by;
	nobody.actor[0] = '\0';
	NEED(store_begin(t.store, &tx) == ATT_OK);
	CHECK(
	    store_employee_add(t.store, &nobody, sample_ids, &e) == ATT_FORMAT);
	CHECK(store_commit(&tx) == ATT_REFUSED);
	CHECK(store_employee_by_number(t.store, "1042", &e) == ATT_ABSENT);

	NEED(store_begin(t.store, &tx) == ATT_OK);
	e = sample_ada();
	CHECK(store_employee_add(t.store, &t.by, sample_ids, &e) == ATT_OK);
	CHECK(store_commit(&tx) == ATT_OK);
	CHECK(store_employee_by_number(t.store, "1042", &e) == ATT_OK);
}

TEST("a refusal before anything was written does not spoil the transaction")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada(), again = sample_ada();
	struct store_tx tx = { 0 };

	NEED(sample_open(&t));
	NEED(store_begin(t.store, &tx) == ATT_OK);
	NEED(store_employee_add(t.store, &t.by, sample_ids, &e) == ATT_OK);
	CHECK(store_employee_add(t.store, &t.by, sample_ids, &again) ==
	    ATT_EXISTS);
	CHECK(store_commit(&tx) == ATT_OK);
	CHECK(store_employee_by_number(t.store, "1042", &e) == ATT_OK);
}

TEST("a writer that waits too long is told so, and nobody reads half")
{
	SAMPLE t = { 0 };
	struct store *second = NULL;
	struct store_tx tx = { 0 }, other = { 0 };
	struct store_employee e = sample_ada();
	uint64_t n = 9;
	int64_t start;

	NEED(sample_open(&t));
	NEED(store_open(&second, t.path, t.vault) == ATT_OK);
	NEED(store_begin(t.store, &tx) == ATT_OK);
	NEED(store_employee_add(t.store, &t.by, sample_ids, &e) == ATT_OK);

	start = att_mono_ms();
	CHECK(store_begin(second, &other) == ATT_TIMEOUT);
	CHECK(att_mono_ms() - start >= STORE_BUSY_MS);
	CHECK(store_employee_count(second, &n) == ATT_OK && n == 0);
	NEED(store_commit(&tx) == ATT_OK);
	CHECK(store_employee_count(second, &n) == ATT_OK && n == 1);
	CHECK(store_begin(second, &other) == ATT_OK);
	store_rollback(&other);
	store_close(second);
}

/* Open the store anew and add `count` people, one commit each. */
static int
writer(const struct sample *t, unsigned me, unsigned count)
{
	struct store *s = NULL;

	if (store_open(&s, t->path, t->vault) != ATT_OK)
		return 1;
	for (unsigned i = 0; i < count; i++) {
		struct sample w = *t;
		struct store_employee e = sample_bob();

		w.store = s;
		(void)snprintf(e.number, sizeof(e.number), "%u-%u", me, i);
		if (sample_add(&w, &e) != ATT_OK)
			return 2;
	}
	store_close(s);
	return 0;
}

#define WRITERS 12
#define EACH	20

TEST("many processes that open, write and close at once lose nothing")
{
	SAMPLE t = { 0 };
	pid_t pids[WRITERS];
	struct audit_verifier a;
	const char *why;
	uint64_t n = 0;

	NEED(sample_open(&t));
	store_close(t.store); /* connections do not survive a fork */
	t.store = NULL;
	for (unsigned i = 0; i < WRITERS; i++) {
		pids[i] = fork();
		if (pids[i] == 0)
			_exit(writer(&t, i, EACH));
		NEED(pids[i] > 0);
	}
	for (unsigned i = 0; i < WRITERS; i++) {
		int status = -1;

		CHECK(waitpid(pids[i], &status, 0) == pids[i]);
		CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}

	NEED(store_open(&t.store, t.path, t.vault) == ATT_OK);
	CHECK(store_employee_count(t.store, &n) == ATT_OK);
	CHECK(n == WRITERS * EACH);
	CHECK(store_audit_verify(t.store, &a) == ATT_OK && a.seq == n);
	CHECK(sample_number(&t, "SELECT count(DISTINCT uid) FROM person") ==
	    WRITERS * EACH);
	CHECK(store_check(t.store, &why) == ATT_OK);
}

/* Add people for ever; a byte on the pipe acknowledges each. */
static void
acknowledging_writer(const struct sample *t, unsigned from, int ack)
{
	struct sample w = *t;

	w.store = NULL;
	if (store_open(&w.store, t->path, t->vault) != ATT_OK)
		_exit(1);
	for (unsigned i = from;; i++) {
		struct store_employee e = sample_bob();

		(void)snprintf(e.number, sizeof(e.number), "K%u", i);
		if (sample_add(&w, &e) != ATT_OK || write(ack, "", 1) != 1)
			_exit(1);
	}
}

#define KILLS 8

TEST("killed at any moment, the store opens and has all it acknowledged")
{
	SAMPLE t = { 0 };
	unsigned acknowledged = 0;
	const char *why;

	NEED(sample_open(&t));
	store_close(t.store);
	t.store = NULL;
	for (unsigned round = 0; round < KILLS; round++) {
		struct audit_verifier a;
		uint64_t n = 0;
		char bytes[64];
		ssize_t got;
		int ack[2];
		pid_t pid;

		NEED(pipe(ack) == 0);
		pid = fork();
		if (pid == 0)
			acknowledging_writer(&t, round * 100000, ack[1]);
		NEED(pid > 0 && close(ack[1]) == 0);
		/* Some commits into each run, wherever it is by then. */
		for (unsigned i = 0; i < 3 + round * 5; i++) {
			NEED(read(ack[0], bytes, 1) == 1);
			acknowledged++;
		}
		NEED(kill(pid, SIGKILL) == 0);
		NEED(waitpid(pid, NULL, 0) == pid);
		while ((got = read(ack[0], bytes, sizeof(bytes))) > 0)
			acknowledged += (unsigned)got;
		NEED(close(ack[0]) == 0);

		NEED(store_open(&t.store, t.path, t.vault) == ATT_OK);
		NEED(store_employee_count(t.store, &n) == ATT_OK);
		CHECK(n >= acknowledged && n <= acknowledged + round + 1);
		CHECK(store_audit_verify(t.store, &a) == ATT_OK);
		CHECK(a.seq == n);
		CHECK(store_check(t.store, &why) == ATT_OK);
		store_close(t.store);
		t.store = NULL;
	}
}

static enum att_err nested_other, nested_same;

static bool
nothing(void *ctx, const struct store_employee *e)
{
	return true;
}

static bool
ask_again(void *ctx, const struct store_employee *e)
{
	struct sample *t = ctx;
	struct store_employee one;

	nested_other = store_employee_by_uid(t->store, e->uid, &one);
	nested_same = store_employee_list(t->store, NULL, nothing, NULL);
	return true;
}

TEST("within rows other questions may be asked, the same one may not")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada();

	NEED(sample_open(&t) && sample_add(&t, &e) == ATT_OK);

	CHECK(store_employee_list(t.store, NULL, ask_again, &t) == ATT_OK);
	CHECK(nested_other == ATT_OK);
	CHECK(nested_same == ATT_REFUSED);
	CHECK(store_employee_list(t.store, NULL, nothing, NULL) == ATT_OK);
}
