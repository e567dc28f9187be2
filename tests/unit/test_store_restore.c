/* What a restore keeps of the store that it takes the place of. */
#include "sample_backup.h"
#include "store/disclosure.h"
#include "store/request.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>

static bool die_at_rename;
static struct store_restored out; /* what the last restore said */
static uint64_t published; /* the directory's generation, if there is one */

/* Over libc's, so that a restore can be killed just before its last step. */
int
rename(const char *from, const char *to)
{
	if (die_at_rename)
		_exit(9);
	return renameat(AT_FDCWD, from, AT_FDCWD, to);
}

static bool
make(struct sample *t, struct backup *b)
{
	static unsigned n;
	char name[24];

	(void)snprintf(name, sizeof(name), "backup-%u", n++);
	b->fd = open(test_path(name), O_RDWR | O_CREAT | O_EXCL, 0600);
	return b->fd >= 0 &&
	    store_backup(t->store, &t->by, b->fd, &quiet, &b->b) == ATT_OK;
}

static enum att_err
put_back(struct sample *t, struct backup *b)
{
	struct store_restore r = { .fd = b->fd,
		.path = t->path,
		.live = t->store,
		.vault = t->vault,
		.published = published };

	return store_restore(&r, &t->by, &quiet, &out);
}

/* The store as a crash leaves it: with its log, which is folded no more. */
static bool
crash(struct sample *t)
{
	char copy[1600];
	bool ok;

	(void)snprintf(copy, sizeof(copy),
	    "test -s %s-wal && cp %s %s.c && cp %s-wal %s.cwal", t->path,
	    t->path, t->path, t->path, t->path);
	ok = system(copy) == 0;
	store_close(t->store);
	t->store = NULL;
	(void)snprintf(copy, sizeof(copy), "mv %s.c %s && mv %s.cwal %s-wal",
	    t->path, t->path, t->path, t->path);
	return ok && system(copy) == 0;
}

/* In a process of its own; how it ended. */
static int
put_back_apart(struct sample *t, struct backup *b, bool killed)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		die_at_rename = killed;
		_exit(put_back(t, b) == ATT_OK ? 0 : 1);
	}
	return waitpid(pid, &status, 0) == pid && WIFEXITED(status)
	    ? WEXITSTATUS(status)
	    : -1;
}

TEST("a store that is taken for damaged is whole until the other is there")
{
	SAMPLE t = { 0 };
	BACKUP b = { .fd = -1 };
	struct store_employee ada = sample_ada(), bob = sample_bob();

	NEED(sample_open(&t) && sample_add(&t, &ada) == ATT_OK);
	NEED(make(&t, &b));
	NEED(sample_add(&t, &bob) == ATT_OK && crash(&t));
	CHECK(put_back_apart(&t, &b, true) == 9);
	NEED(store_open(&t.store, t.path, t.vault) == ATT_OK);
	CHECK(knows(&t, "1042") && knows(&t, "1043"));
	NEED(store_tidy(t.store, true) == ATT_OK);
	ada = sample_ada();
	ada.number[0] = '2';
	NEED(sample_add(&t, &ada) == ATT_OK && crash(&t));
	CHECK(put_back_apart(&t, &b, false) == 0);
	NEED(store_open(&t.store, t.path, t.vault) == ATT_OK);
	CHECK(knows(&t, "1042") && !knows(&t, "1043") && !knows(&t, "2042"));
}

static uint64_t
generation(struct sample *t)
{
	struct store_site site;

	return store_site_get(t->store, &site) == ATT_OK
	    ? site.directory_generation
	    : 0;
}

TEST("what was published before a restore is older than the store after it")
{
	SAMPLE t = { 0 };
	BACKUP b = { .fd = -1 };
	struct store_employee ada = sample_ada(), bob = sample_bob();
	uint64_t before, at_backup;

	NEED(sample_open(&t) && sample_add(&t, &ada) == ATT_OK && make(&t, &b));
	at_backup = generation(&t);
	NEED(sample_add(&t, &bob) == ATT_OK);
	before = generation(&t);
	NEED(before > at_backup);
	CHECK(put_back(&t, &b) == ATT_OK && generation(&t) == before + 1);
	/* a damaged store says nothing, but the published directory does */
	store_close(t.store);
	t.store = NULL;
	published = 40;
	CHECK(put_back(&t, &b) == ATT_OK);
	published = 0;
	NEED(store_open(&t.store, t.path, t.vault) == ATT_OK);
	CHECK(generation(&t) == 41);
}

/* ---- what was promised since the backup ---- */

static enum att_err
notify(struct sample *t, const char *version, const char *lang,
    uint32_t changes, const char *whole)
{
	struct store_notice n;
	const struct store_notice_draft d = {
		.version = version,
		.lang = lang,
		.changes = changes,
		.brief = att_slice_of("In short."),
		.whole = att_slice_of(whole),
	};

	return IN_TX(t, store_notice_publish(t->store, &t->by, &d, &n));
}

static bool
notice_says(struct sample *t, const char *version, const char *lang,
    const char *wanted, struct store_notice *n)
{
	char *whole = NULL;
	bool same = store_notice_get(
			t->store, version, lang, n, NULL, &whole) == ATT_OK &&
	    strcmp(n->lang, lang) == 0 && strcmp(whole, wanted) == 0;

	free(whole);
	return same;
}

static bool
is_sound(struct sample *t)
{
	struct audit_verifier v;
	const char *why;

	return store_audit_verify(t->store, &v) == ATT_OK &&
	    store_check(t->store, &why) == ATT_OK;
}

TEST("P23: a notice that was published after the backup stays published")
{
	SAMPLE t = { 0 };
	BACKUP b = { .fd = -1 };
	struct store_notice n;
	uint32_t changes = 0;
	int64_t at;

	NEED(sample_open(&t) && notify(&t, "1", "en", 0, "One.") == ATT_OK);
	NEED(make(&t, &b));
	sample_wait(&t, 60);
	at = t.by.now.utc;
	NEED(
	    notify(&t, "2", "en", 1u << STORE_CHANGE_RIGHTS, "Two.") == ATT_OK);
	NEED(notify(&t, "2", "zh_CN", 1u << STORE_CHANGE_RIGHTS, "Er.") ==
	    ATT_OK);
	NEED(notify(&t, "3", "en", 0, "Three.") == ATT_OK);
	for (int i = 0; i < 2; i++) { /* from what a restored store says, too */
		sample_wait(&t, 60);
		CHECK(put_back(&t, &b) == ATT_OK);
		CHECK(out.carried.notices == 3 && out.carried.lost == 0);
		CHECK(notice_says(&t, "2", "en", "Two.", &n));
		CHECK(n.major == 2 && n.is_major && n.published_utc == at);
		CHECK(notice_says(&t, "2", "zh_CN", "Er.", &n));
		CHECK(notice_says(&t, "3", "en", "Three.", &n));
		CHECK(n.major == 2 && !n.is_major);
		CHECK(store_notice_changes(
			  t.store, 1, t.by.now.utc, &changes) == ATT_OK);
		CHECK(changes == 1u << STORE_CHANGE_RIGHTS && is_sound(&t));
	}
	CHECK(notify(&t, "2", "en", 0, "Else.") == ATT_EXISTS);
	CHECK(notify(&t, "4", "en", 0, "Four.") == ATT_OK);
}

TEST("a notice that says something else in the backup stays as it is there")
{
	SAMPLE t = { 0 };
	BACKUP one = { .fd = -1 };
	BACKUP two = { .fd = -1 };
	struct store_notice n;

	NEED(sample_open(&t) && notify(&t, "1", "en", 0, "One.") == ATT_OK);
	NEED(make(&t, &one));
	NEED(notify(&t, "2", "en", 1, "Two.") == ATT_OK && make(&t, &two));
	/* the machine is lost, and with it the second one */
	store_close(t.store);
	t.store = NULL;
	NEED(put_back(&t, &one) == ATT_OK);
	NEED(store_open(&t.store, t.path, t.vault) == ATT_OK);
	NEED(notify(&t, "2", "en", 1, "Else.") == ATT_OK);
	NEED(notify(&t, "3", "en", 1, "Three.") == ATT_OK);
	NEED(notify(&t, "2a", "en", 0, "More.") == ATT_OK);
	CHECK(put_back(&t, &two) == ATT_OK);
	CHECK(notice_says(&t, "2", "en", "Two.", &n) && n.major == 2);
	CHECK(notice_says(&t, "3", "en", "Three.", &n) && n.major == 3);
	CHECK(out.carried.notices == 2 && out.carried.lost == 1);
	CHECK(is_sound(&t));
}

static enum att_err
disclose(struct sample *t, const struct store_employee *e,
    const struct store_employee *decider, uint8_t act)
{
	const struct store_disclosure d = { .act = { act },
		.basis = "legal-duty",
		.fields = "name",
		.recipient = "Inspectorate",
		.aim = "inspection" };

	return IN_TX(
	    t, store_disclosure_add(t->store, &t->by, e->id, decider, &d));
}

struct disclosures {
	size_t n;
	struct store_disclosure last;
};

static bool
count(void *ctx, const struct store_disclosure *d)
{
	struct disclosures *all = ctx;

	all->n++;
	all->last = *d;
	return true;
}

TEST("P8: to whom somebody's data went after the backup is still told")
{
	SAMPLE t = { 0 };
	BACKUP b = { .fd = -1 };
	struct store_employee ada = sample_ada(), bob = sample_bob();
	struct disclosures all;
	int64_t at;

	NEED(sample_open(&t) && sample_add(&t, &ada) == ATT_OK);
	NEED(disclose(&t, &ada, &ada, 1) == ATT_OK && make(&t, &b));
	sample_wait(&t, 60);
	at = t.by.now.utc;
	NEED(sample_add(&t, &bob) == ATT_OK);
	NEED(disclose(&t, &ada, &ada, 2) == ATT_OK);
	/* about somebody, or decided by somebody, the backup does not know */
	NEED(disclose(&t, &bob, &ada, 3) == ATT_OK);
	NEED(disclose(&t, &ada, &bob, 4) == ATT_OK);
	sample_wait(&t, 60);
	CHECK(put_back(&t, &b) == ATT_OK);
	CHECK(out.carried.disclosures == 1 && out.carried.lost == 2);
	for (int i = 0; i < 2; i++) {
		all = (struct disclosures){ 0 };
		CHECK(store_disclosure_list(t.store, ada.id, count, &all) ==
		    ATT_OK);
		CHECK(all.n == 2 && all.last.act[0] == 2);
		CHECK(all.last.at_utc == at && is_sound(&t));
		CHECK(strcmp(all.last.recipient, "Inspectorate") == 0);
		CHECK(put_back(&t, &b) == ATT_OK);
	}
}

static bool
ask(struct sample *t, const struct store_employee *e, const char *words,
    int64_t *n)
{
	struct store_request r = { .kind = STORE_REQUEST_FEEDBACK };

	memcpy(r.person, e->id, sizeof(r.person));
	(void)snprintf(r.content, sizeof(r.content), "%s", words);
	if (IN_TX(t, store_request_open(t->store, &t->by, &r)) != ATT_OK)
		return false;
	*n = r.n;
	return true;
}

static bool
request_is(struct sample *t, int64_t n, enum store_request_state state,
    int64_t verified_utc, const char *words)
{
	struct store_request r;

	return store_request_get(t->store, n, &r) == ATT_OK &&
	    r.state == state && r.verified_utc == verified_utc &&
	    strcmp(r.content, words) == 0;
}

TEST("P16: a request that is open stays open, and its clock goes on")
{
	SAMPLE t = { 0 };
	BACKUP b = { .fd = -1 };
	struct store_employee ada = sample_ada(), bob = sample_bob();
	struct store_request answered = { 0 };
	int64_t known, fresh, closed, lost, at;

	NEED(sample_open(&t) && sample_add(&t, &ada) == ATT_OK);
	NEED(ask(&t, &ada, "known", &known) && make(&t, &b));
	sample_wait(&t, 60);
	at = t.by.now.utc;
	NEED(sample_add(&t, &bob) == ATT_OK);
	NEED(ask(&t, &ada, "closed", &closed));
	NEED(ask(&t, &ada, "fresh", &fresh) && ask(&t, &bob, "lost", &lost));
	NEED(IN_TX(&t,
		 store_request_verify(t.store, &t.by, known, "in-person")) ==
	    ATT_OK);
	NEED(store_request_get(t.store, closed, &answered) == ATT_OK);
	NEED(IN_TX(&t,
		 store_request_close(
		     t.store, &t.by, &answered, STORE_TAKEN_BACK)) == ATT_OK);
	sample_wait(&t, 60);
	CHECK(put_back(&t, &b) == ATT_OK);
	CHECK(out.carried.requests == 2 && out.carried.lost == 1);
	for (int i = 0; i < 2; i++) {
		CHECK(request_is(&t, known, STORE_VERIFIED, at, "known"));
		CHECK(request_is(&t, fresh, STORE_RECEIVED, 0, "fresh"));
		CHECK(store_request_get(t.store, closed, &answered) ==
		    ATT_ABSENT);
		CHECK(is_sound(&t) && put_back(&t, &b) == ATT_OK);
	}
	NEED(ask(&t, &ada, "next", &closed));
	CHECK(closed > fresh);
}

static bool
last_detail(void *ctx, const struct audit_record *r)
{
	(void)snprintf(ctx, AUDIT_DETAIL_MAX + 1, "%s", r->detail);
	return true;
}

TEST("where the chain ended that a restore cuts off is on record")
{
	SAMPLE t = { 0 };
	BACKUP b = { .fd = -1 };
	struct store_employee ada = sample_ada(), bob = sample_bob();
	char detail[AUDIT_DETAIL_MAX + 1] = "", wanted[40];
	uint8_t hash[VAULT_HASH_LEN];
	uint64_t seq = 0;

	NEED(sample_open(&t) && sample_add(&t, &ada) == ATT_OK && make(&t, &b));
	NEED(sample_add(&t, &bob) == ATT_OK);
	NEED(store_audit_head(t.store, &seq, hash) == ATT_OK);
	CHECK(put_back(&t, &b) == ATT_OK);
	CHECK(out.cut_seq == seq && out.cut_seq > out.b.audit_seq);
	CHECK(memcmp(out.cut_hash, hash, sizeof(hash)) == 0);
	NEED(store_audit_list(t.store, 1, NULL, last_detail, detail) == ATT_OK);
	(void)snprintf(wanted, sizeof(wanted), "cut_seq=%llu cut_hash=%02x%02x",
	    (unsigned long long)seq, hash[0], hash[1]);
	CHECK(strstr(detail, wanted) != NULL);
	/* a store that cannot be opened has none that is known */
	store_close(t.store);
	t.store = NULL;
	CHECK(put_back(&t, &b) == ATT_OK && out.cut_seq == 0);
}
