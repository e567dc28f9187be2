/* Copies beside the store: each is its run's own, and a killed run's goes. */
#include "sample_backup.h"

#include <fcntl.h>
#include <glob.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* What somebody else does at one moment of a run. */
struct meanwhile {
	struct sample *t;
	const char *at; /* what the run says it is doing */
	bool (*act)(struct meanwhile *m);
	struct backup *other;
	bool done, ok;
};

static void
on_progress(void *ctx, const char *doing, uint64_t done, uint64_t total)
{
	struct meanwhile *m = ctx;

	(void)done;
	(void)total;
	if (m->done || strcmp(doing, m->at) != 0)
		return;
	m->done = true;
	m->ok = m->act(m);
}

static enum att_err
make(struct sample *t, struct backup *b, const char *name, struct meanwhile *m)
{
	struct store_watch w = { on_progress, m };

	b->fd = open(test_path(name), O_RDWR | O_CREAT | O_TRUNC, 0600);
	return b->fd < 0 ? ATT_IO
			 : store_backup(t->store, &t->by, b->fd,
			       m != NULL ? &w : &quiet, &b->b);
}

static enum att_err
put_back(struct sample *t, struct backup *b, struct meanwhile *m)
{
	struct store_watch w = { on_progress, m };
	struct store_restore r = { .fd = b->fd,
		.path = t->path,
		.live = t->store,
		.vault = t->vault };
	struct store_restored out;

	return store_restore(&r, &t->by, m != NULL ? &w : &quiet, &out);
}

/* Somebody else, with the store open, too. */
static bool
other_open(struct meanwhile *m, struct sample *other)
{
	*other = *m->t;
	other->store = NULL;
	return store_open(&other->store, other->path, other->vault) == ATT_OK;
}

static bool
other_backs_up(struct meanwhile *m)
{
	struct sample other;
	bool ok = other_open(m, &other) &&
	    make(&other, m->other, "other", NULL) == ATT_OK;

	store_close(other.store);
	return ok;
}

static bool
other_puts_back(struct meanwhile *m)
{
	struct sample other;
	bool ok =
	    other_open(m, &other) && put_back(&other, m->other, NULL) == ATT_OK;

	store_close(other.store);
	return ok;
}

static size_t
copies(const struct sample *t, char *first, size_t cap)
{
	char pattern[300];
	glob_t found = { 0 };
	size_t n = 0;

	(void)snprintf(pattern, sizeof(pattern), "%s.*", t->path);
	if (glob(pattern, 0, NULL, &found) == 0) {
		n = found.gl_pathc;
		(void)snprintf(first, cap, "%s", found.gl_pathv[0]);
	}
	globfree(&found);
	return n;
}

static bool
no_copies(const struct sample *t)
{
	char first[300] = "";
	size_t n = copies(t, first, sizeof(first));

	if (n > 0)
		printf("# %zu, the first is %s\n", n, first);
	return n == 0;
}

TEST("two backups at once are two whole backups")
{
	SAMPLE t = { 0 };
	BACKUP a = { .fd = -1 };
	BACKUP b = { .fd = -1 };
	struct store_employee ada = sample_ada(), bob = sample_bob();
	struct meanwhile m = { &t, "copying", other_backs_up, &b, false,
		false };

	NEED(sample_open(&t) && sample_add(&t, &ada) == ATT_OK);
	CHECK(make(&t, &a, "backup", &m) == ATT_OK && m.ok);
	CHECK(no_copies(&t));
	for (int i = 0; i < 2; i++) {
		NEED(sample_add(&t, &bob) == ATT_OK);
		CHECK(put_back(&t, i == 0 ? &a : &b, NULL) == ATT_OK);
		CHECK(knows(&t, "1042") && !knows(&t, "1043"));
		bob = sample_bob();
	}
}

TEST("two restores at once: both are done, the last one counts")
{
	SAMPLE t = { 0 };
	BACKUP a = { .fd = -1 };
	BACKUP b = { .fd = -1 };
	struct store_employee ada = sample_ada(), bob = sample_bob();
	struct meanwhile m = { &t, "opening", other_puts_back, &b, false,
		false };

	NEED(sample_open(&t) && sample_add(&t, &ada) == ATT_OK);
	NEED(make(&t, &a, "backup", NULL) == ATT_OK);
	NEED(sample_add(&t, &bob) == ATT_OK);
	NEED(make(&t, &b, "other", NULL) == ATT_OK);
	CHECK(put_back(&t, &a, &m) == ATT_OK && m.ok);
	CHECK(knows(&t, "1042") && !knows(&t, "1043"));
	CHECK(no_copies(&t));
	CHECK(put_back(&t, &b, NULL) == ATT_OK && knows(&t, "1043"));
}

/* Another file takes the copy's name. */
static bool
other_replaces(struct meanwhile *m)
{
	char name[300];
	int fd;

	if (copies(m->t, name, sizeof(name)) != 1 || unlink(name) != 0)
		return false;
	fd = open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
	return fd >= 0 && close(fd) == 0;
}

TEST("a backup of a file that is not the one that was looked at is none")
{
	SAMPLE t = { 0 };
	BACKUP b = { .fd = -1 };
	struct store_employee ada = sample_ada();
	struct meanwhile m = { &t, "copying", other_replaces, NULL, false,
		false };

	NEED(sample_open(&t) && sample_add(&t, &ada) == ATT_OK);
	CHECK(make(&t, &b, "backup", &m) == ATT_IO && m.ok);
	CHECK(no_copies(&t));
	backup_end(&b);
	CHECK(make(&t, &b, "backup", NULL) == ATT_OK);
}

static bool
other_erases(struct meanwhile *m)
{
	struct sample other;
	struct store_employee e;
	bool ok = other_open(m, &other) &&
	    store_employee_by_number(other.store, "1043", &e) == ATT_OK &&
	    IN_TX(&other,
		store_erase(other.store, &other.by, e.id,
		    STORE_ERASE_CLOSED)) == ATT_OK &&
	    store_tidy(other.store, true) == ATT_OK;

	store_close(other.store);
	return ok;
}

TEST("an erasure meanwhile takes no run's copy away")
{
	SAMPLE t = { 0 };
	BACKUP a = { .fd = -1 };
	struct store_employee ada = sample_ada(), bob = sample_bob();
	struct meanwhile m = { &t, "copying", other_erases, NULL, false,
		false };

	NEED(sample_open(&t) && sample_add(&t, &ada) == ATT_OK);
	NEED(sample_add(&t, &bob) == ATT_OK);
	CHECK(make(&t, &a, "backup", &m) == ATT_OK && m.ok);
	bob = sample_bob();
	bob.number[0] = '2';
	NEED(sample_add(&t, &bob) == ATT_OK);
	memcpy(bob.number, "1043", 5);
	m = (struct meanwhile){ &t, "checking", other_erases, NULL, false,
		false };
	CHECK(put_back(&t, &a, &m) == ATT_OK);
	CHECK(knows(&t, "1042") && !knows(&t, "1043") && no_copies(&t));
}

static bool
dies(struct meanwhile *m)
{
	(void)m;
	_exit(9);
}

/* A run in a process of its own, killed at that moment. */
static bool
killed(struct sample *t, struct backup *b, const char *at)
{
	struct meanwhile m = { t, at, dies, NULL, false, false };
	int status = 0;
	pid_t pid;

	store_close(t->store);
	t->store = NULL;
	pid = fork();
	if (pid == 0) {
		if (store_open(&t->store, t->path, t->vault) == ATT_OK &&
		    (strcmp(at, "copying") == 0 ? make(t, b, "killed", &m)
						: put_back(t, b, &m)) == ATT_OK)
			_exit(0); /* it came through */
		_exit(1);
	}
	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
	    WEXITSTATUS(status) == 9;
}

TEST("P14: what a killed run left is gone when the store is next opened")
{
	SAMPLE t = { 0 };
	BACKUP b = { .fd = -1 };
	struct store_employee ada = sample_ada();
	static const char *const at[] = { "copying", "opening", "checking" };
	char name[300];

	NEED(sample_open(&t) && sample_add(&t, &ada) == ATT_OK);
	NEED(make(&t, &b, "backup", NULL) == ATT_OK);
	for (size_t i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
		NEED(killed(&t, &b, at[i]));
		CHECK(copies(&t, name, sizeof(name)) > 0);
		NEED(sample_reopen(&t));
		CHECK(no_copies(&t) && knows(&t, "1042"));
	}
}

static bool
leave(const struct sample *t, const char *tail)
{
	char name[300];
	FILE *f;

	(void)snprintf(name, sizeof(name), "%s%s", t->path, tail);
	f = fopen(name, "w");
	return f != NULL && fputs("1042", f) >= 0 && fclose(f) == 0;
}

TEST("P14: it is pending, whatever it is called, and tidying removes it")
{
	SAMPLE t = { 0 };
	bool bytes, ledger;
	static const char *const left[] = { ".copy", ".restore", ".restore-wal",
		".restore.before-6", ".copy.aB3dEf", ".restore.aB3dEf",
		".restore.aB3dEf-wal", ".restore.aB3dEf.before-6" };

	NEED(sample_open(&t) && store_tidy(t.store, true) == ATT_OK);
	NEED(leave(&t, ".before-6"));
	CHECK(store_tidy_pending(t.store, &bytes, &ledger) == ATT_OK);
	CHECK(!bytes);
	for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++) {
		NEED(leave(&t, left[i]));
		CHECK(store_tidy_pending(t.store, &bytes, &ledger) == ATT_OK);
		CHECK(bytes);
		CHECK(store_tidy(t.store, false) == ATT_OK);
		CHECK(store_tidy_pending(t.store, &bytes, &ledger) == ATT_OK);
		CHECK(!bytes);
	}
	/* the migration's stays until somebody is erased */
	CHECK(!no_copies(&t));
}
