#include "test.h"

#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct test *first, **last = &first;
static unsigned checks, failures;
static const char *skipped;
static char dir[64];

void
test_add(struct test *t)
{
	*last = t;
	last = &t->next;
}

bool
test_check(bool ok, const char *file, int line, const char *expr)
{
	checks++;
	if (!ok) {
		failures++;
		printf("# %s:%d: not so: %s\n", file, line, expr);
	}
	return ok;
}

void
test_skip(const char *reason)
{
	skipped = reason;
}

const char *
test_dir(void)
{
	if (dir[0] == '\0') {
		(void)snprintf(dir, sizeof(dir), "/tmp/attend-test.XXXXXX");
		if (mkdtemp(dir) == NULL) {
			perror("mkdtemp");
			exit(1);
		}
	}
	return dir;
}

const char *
test_path(const char *name)
{
	static char paths[4][256];
	static unsigned turn;
	char *path = paths[turn++ % 4];

	(void)snprintf(path, sizeof(paths[0]), "%s/%s", test_dir(), name);
	return path;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void
clean(void)
{
	if (dir[0] != '\0')
		(void)nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	dir[0] = '\0';
}

int
main(int argc, char **argv)
{
	unsigned n = 0, bad = 0;

	(void)signal(SIGPIPE, SIG_IGN);
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (struct test *t = first; t != NULL; t = t->next) {
		if (argc > 1 && strstr(t->sentence, argv[1]) == NULL)
			continue;
		checks = failures = 0;
		skipped = NULL;
		t->run();
		clean();
		n++;
		if (skipped != NULL) {
			printf(
			    "ok %u - %s # SKIP %s\n", n, t->sentence, skipped);
			continue;
		}
		if (checks == 0)
			printf("# checked nothing\n");
		if (failures > 0 || checks == 0)
			bad++;
		printf("%s %u - %s\n",
		    failures > 0 || checks == 0 ? "not ok" : "ok", n,
		    t->sentence);
	}
	printf("1..%u\n", n);
	return bad > 0 ? 1 : 0;
}
