/* What a restore keeps of the store that it takes the place of. */
#include "sample_backup.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>

static bool die_at_rename;
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
	b->fd = open(test_path("backup"), O_RDWR | O_CREAT | O_TRUNC, 0600);
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
	struct store_again again;

	return store_restore(&r, &t->by, &quiet, &b->b, &again);
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
