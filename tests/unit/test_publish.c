#include "directory/publish.h"

#include "directory/draft.h"
#include "sample_directory.h"
#include "test.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static struct publish *
draft(void)
{
	struct publish *p;

	return publish_new(&p, &sample_options) == ATT_OK ? p : NULL;
}

static enum att_err
add(struct publish *p, const char *name, uint32_t uid)
{
	return publish_person(
	    p, name, uid, SAMPLE_GID, "", "/home/x", "/bin/sh", NULL, 0);
}

static bool
exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

TEST("an id range that is empty or not ours to give is refused")
{
	static const struct {
		uint32_t min, max;
		enum att_err want;
	} cases[] = {
		{ 1000, 2147483646, ATT_OK },
		{ 70000, 70000, ATT_OK },
		{ 70001, 70000, ATT_FORMAT },
		{ 999, 99999, ATT_FORMAT },
		{ 70000, 2147483647, ATT_FORMAT },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct publish_options o = sample_options;
		struct publish *p = NULL;

		o.id_min = cases[i].min;
		o.id_max = cases[i].max;
		CHECK(publish_new(&p, &o) == cases[i].want);
		publish_free(p);
	}
}

TEST("a name, uid or gid that was added before is refused")
{
	struct publish *p = draft();

	NEED(p != NULL && sample_add(p) == ATT_OK);

	CHECK(add(p, "e1000", 70200) == ATT_EXISTS);
	CHECK(add(p, "e1200", 70100) == ATT_EXISTS);
	CHECK(add(p, "e1200", 70200) == ATT_OK);
	CHECK(publish_group(p, "dept-lab", 70050) == ATT_EXISTS);
	CHECK(publish_group(p, "dept-new", 70001) == ATT_EXISTS);
	CHECK(publish_group(p, "dept-new", 70050) == ATT_OK);
	CHECK(publish_group(p, "e1000", 70100) == ATT_OK); /* other spaces */
	publish_free(p);
}

TEST("names outside the grammar and ids outside the range are refused")
{
	static const struct {
		const char *name;
		uint32_t id;
		enum att_err want;
	} cases[] = {
		{ "e1", 70000, ATT_OK },
		{ "e2", 99999, ATT_OK },
		{ "e3", 69999, ATT_FORMAT },
		{ "e3", 100000, ATT_FORMAT },
		{ "e3", 0, ATT_FORMAT },
		{ "", 70001, ATT_FORMAT },
		{ "root", 70001, ATT_FORMAT },
		{ "E3", 70001, ATT_FORMAT },
		{ "3e", 70001, ATT_FORMAT },
		{ "-e", 70001, ATT_FORMAT },
		{ "e:3", 70001, ATT_FORMAT },
		{ "abcdefghijklmnopqrstuvwxyz0123456", 70001, ATT_FORMAT },
		{ "abcdefghijklmnopqrstuvwxyz012345", 70001, ATT_OK },
	};
	struct publish *p = draft();

	NEED(p != NULL);

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CHECK(add(p, cases[i].name, cases[i].id) == cases[i].want);
		CHECK(publish_group(p, cases[i].name, cases[i].id) ==
		    cases[i].want);
	}
	CHECK(publish_person(p, "e9", 70009, 0, "", "/", "/", NULL, 0) ==
	    ATT_FORMAT);
	CHECK(publish_person(p, "e9", 70009, 100, "", "/", "/", NULL, 0) ==
	    ATT_FORMAT);
	publish_free(p);
}

TEST("a group list takes up to the limit, but no group that is nobody's")
{
	static const uint32_t never[] = { 0, 65534, 65535, UINT32_MAX };
	uint32_t gids[DIRECTORY_GIDS_MAX + 1];
	struct publish *p = draft();

	NEED(p != NULL);
	for (uint32_t i = 0; i <= DIRECTORY_GIDS_MAX; i++)
		gids[i] = 1 + i;

	CHECK(publish_person(p, "e1", 70001, 70000, "", "/", "/", gids,
		  DIRECTORY_GIDS_MAX + 1) == ATT_LIMIT);
	CHECK(publish_person(p, "e1", 70001, 70000, "", "/", "/", gids,
		  DIRECTORY_GIDS_MAX) == ATT_OK);
	CHECK(publish_person(p, "e2", 70002, 70000, "", "/", "/", gids,
		  DIRECTORY_GIDS_MAX - 1) == ATT_OK);
	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		CHECK(publish_person(p, "e3", 70003, 70000, "", "/", "/",
			  &never[i], 1) == ATT_FORMAT);
	publish_free(p);
}

TEST("home and shell are absolute, short enough and fit a passwd line")
{
	char longest[DIRECTORY_STRING_MAX + 2];
	const struct {
		const char *path;
		enum att_err want;
	} cases[] = {
		{ "/", ATT_OK },
		{ "/home/\xc3\xa9", ATT_OK },
		{ "", ATT_FORMAT },
		{ "home", ATT_FORMAT },
		{ "/ho:me", ATT_FORMAT },
		{ "/ho\nme", ATT_FORMAT },
		{ "/ho\x7fme", ATT_FORMAT },
		{ longest, ATT_LIMIT },
		{ longest + 1, ATT_OK },
	};
	struct publish *p = draft();
	uint32_t uid = 70000;

	NEED(p != NULL);
	memset(longest, '/', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char name[16];

		(void)snprintf(name, sizeof(name), "e%u", uid);
		CHECK(publish_person(p, name, uid++, 70000, "", cases[i].path,
			  "/bin/sh", NULL, 0) == cases[i].want);
		(void)snprintf(name, sizeof(name), "e%u", uid);
		CHECK(publish_person(p, name, uid++, 70000, "", "/",
			  cases[i].path, NULL, 0) == cases[i].want);
	}
	CHECK(publish_person(p, "e1", uid, 70000, longest, "/", "/", NULL, 0) ==
	    ATT_LIMIT);
	CHECK(publish_person(p, "e1", uid, 70000, longest + 1, "/", "/", NULL,
		  0) == ATT_OK);
	publish_free(p);
}

TEST("what a passwd line cannot hold becomes a blank in gecos")
{
	const char *path = test_path("directory");
	struct publish *p = draft();
	struct directory_person got;
	struct directory d;

	NEED(p != NULL);
	NEED(publish_person(p, "e1", 70001, 70000, "A:B\nC\x7f\xc3\xa9,", "/h",
		 "/s", NULL, 0) == ATT_OK);
	NEED(publish_write(p, path) == ATT_OK);
	NEED(directory_open(&d, path, getuid(), true) == ATT_OK);

	CHECK(directory_by_uid(&d, 70001, &got) == ATT_OK &&
	    att_slice_is(got.gecos, "A B C \xc3\xa9,"));
	directory_close(&d);
	publish_free(p);
}

TEST("group lists come out ascending, once each, without the primary group")
{
	static const uint32_t gids[] = { 70002, 29, 70000, 29, 44, 70002, 1 };
	static const uint32_t want[] = { 1, 29, 44, 70002 };
	const char *path = test_path("directory");
	struct publish *p = draft();
	struct directory_person got;
	struct directory_group g;
	struct directory d;

	NEED(p != NULL);
	NEED(publish_person(p, "e1", 70001, 70000, "", "/h", "/s", gids, 7) ==
	    ATT_OK);
	/* Members are found also when the group comes after the person. */
	NEED(publish_group(p, "dept", 70002) == ATT_OK);
	NEED(publish_group(p, "kiosk", 70000) == ATT_OK);
	NEED(publish_write(p, path) == ATT_OK);
	NEED(directory_open(&d, path, getuid(), true) == ATT_OK);

	CHECK(directory_by_uid(&d, 70001, &got) == ATT_OK && got.gids == 4);
	for (uint16_t i = 0; i < got.gids; i++)
		CHECK(directory_gid(&d, &got, i) == want[i]);
	CHECK(
	    directory_group_by_gid(&d, 70002, &g) == ATT_OK && g.members == 1);
	CHECK(
	    directory_group_by_gid(&d, 70000, &g) == ATT_OK && g.members == 0);
	directory_close(&d);
	publish_free(p);
}

TEST("nobody and no group is a directory too")
{
	const char *path = test_path("directory");
	struct publish *p = draft();
	struct directory_person got;
	struct directory d;

	NEED(p != NULL && publish_write(p, path) == ATT_OK);
	NEED(directory_open(&d, path, getuid(), true) == ATT_OK);

	CHECK(directory_people(&d) == 0 && directory_groups(&d) == 0);
	CHECK(directory_by_name(&d, "e1000", 5, &got) == ATT_ABSENT);
	CHECK(directory_by_uid(&d, 70001, &got) == ATT_ABSENT);
	CHECK(directory_person_at(&d, 0, &got) == ATT_ABSENT);
	directory_close(&d);
	publish_free(p);
}

static bool
all_found(const struct directory *d, uint32_t people)
{
	struct directory_person p;
	char name[16];

	for (uint32_t i = 0; i < people; i++) {
		const size_t len =
		    (size_t)snprintf(name, sizeof(name), "e%u", i);

		if (directory_by_name(d, name, len, &p) != ATT_OK ||
		    p.uid != 70000 + i || p.number != i)
			return false;
		if (directory_by_uid(d, 70000 + i, &p) != ATT_OK ||
		    !att_slice_is(p.name, name))
			return false;
		if (directory_by_uid(d, 70000 + people + i, &p) != ATT_ABSENT)
			return false;
	}
	return true;
}

TEST("everybody is found among one, among many, and under any key")
{
	static const uint32_t counts[] = { 1, 7, 8, 9, 1000, 20000 };
	const char *path = test_path("directory");

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		struct publish_options o = sample_options;
		struct publish *p;
		struct directory d;
		char name[16];

		memset(o.key, (int)i, sizeof(o.key));
		NEED(publish_new(&p, &o) == ATT_OK);
		for (uint32_t n = 0; n < counts[i]; n++) {
			(void)snprintf(name, sizeof(name), "e%u", n);
			NEED(add(p, name, 70000 + n) == ATT_OK);
		}
		NEED(publish_write(p, path) == ATT_OK);
		NEED(directory_open(&d, path, getuid(), true) == ATT_OK);
		CHECK(directory_people(&d) == counts[i]);
		CHECK(all_found(&d, counts[i]));
		CHECK(d.head.probe_max <= DIRECTORY_PROBE_MAX);
		directory_close(&d);
		publish_free(p);
	}
}

TEST("keys that all begin at one slot are spread by making the index larger")
{
	struct index x;

	NEED(index_new(&x) == ATT_OK);
	for (uint32_t i = 0; i < 100; i++) {
		NEED(index_reserve(&x) == ATT_OK);
		index_add(&x, (uint64_t)i << 10 | 5, i);
	}

	CHECK(index_longest(&x) == 100);
	CHECK(index_settle(&x, DIRECTORY_PROBE_MAX) == ATT_OK);
	CHECK(index_longest(&x) <= DIRECTORY_PROBE_MAX);
	CHECK(x.n == 100);
	index_free(&x);
	index_free(&x);
}

TEST("the new file is readable by all, whole, and alone")
{
	const char *path = test_path("directory");
	struct stat st;
	mode_t mask = umask(077);

	NEED(sample_publish(path, &sample_options));

	CHECK(stat(path, &st) == 0 && (st.st_mode & 07777) == 0644);
	CHECK(!exists(test_path("directory.new")));
	(void)umask(mask);
}

TEST("publishing marks the replaced file as superseded, and only that one")
{
	const char *path = test_path("directory");
	struct directory old, fresh;

	NEED(sample_publish(path, &sample_options));
	NEED(directory_open(&old, path, getuid(), true) == ATT_OK);
	CHECK(!directory_superseded(&old));
	NEED(sample_publish(path, &sample_options));
	NEED(directory_open(&fresh, path, getuid(), true) == ATT_OK);

	CHECK(directory_superseded(&old));
	CHECK(!directory_superseded(&fresh));
	CHECK(old.ino != fresh.ino);
	directory_close(&old);
	directory_close(&fresh);
}

TEST("what an interrupted writer left is cleared, and what is not ours stays")
{
	const char *path = test_path("directory"), *other = test_path("other");
	size_t size = 0;
	uint8_t *bytes;
	FILE *f = fopen(other, "we");

	NEED(f != NULL && fputs("precious and long enough\n", f) >= 0);
	NEED(fclose(f) == 0);
	NEED(symlink(other, test_path("directory.new")) == 0);
	NEED(symlink(other, path) == 0);

	CHECK(sample_publish(path, &sample_options));
	bytes = sample_bytes(other, &size);
	CHECK(bytes != NULL && memcmp(bytes, "precious", 8) == 0);
	CHECK(!exists(test_path("directory.new")));
	free(bytes);
}

/* Publishing fails; the file that was there is the same to the last byte. */
static void
check_unharmed(struct publish *p, const char *path, int want)
{
	size_t before_len = 0, after_len = 0;
	uint8_t *before = sample_bytes(path, &before_len), *after;

	CHECK(publish_write(p, path) == ATT_IO && errno == want);
	after = sample_bytes(path, &after_len);
	CHECK(before != NULL && after != NULL && before_len == after_len &&
	    memcmp(before, after, before_len) == 0);
	CHECK(!exists(test_path("directory.new")));
	free(before);
	free(after);
}

TEST("a full disk leaves the published file as it was, and the next one works")
{
	const char *path = test_path("directory");
	const struct rlimit little = { 100, RLIM_INFINITY };
	struct publish *p = draft();
	struct rlimit was;

	NEED(p != NULL && sample_add(p) == ATT_OK);
	NEED(sample_publish(path, &sample_options));
	(void)signal(SIGXFSZ, SIG_IGN);
	NEED(getrlimit(RLIMIT_FSIZE, &was) == 0);
	NEED(setrlimit(RLIMIT_FSIZE, &little) == 0);

	check_unharmed(p, path, EFBIG);
	(void)setrlimit(RLIMIT_FSIZE, &was);
	(void)signal(SIGXFSZ, SIG_DFL);
	CHECK(publish_write(p, path) == ATT_OK);
	publish_free(p);
}

TEST("a folder that is not there and a path that is none are an I/O error")
{
	const char *path = test_path("directory");
	struct publish *p = draft();

	NEED(p != NULL && mkdir(path, 0755) == 0);

	CHECK(publish_write(p, test_path("no/directory")) == ATT_IO);
	CHECK(errno == ENOENT);
	CHECK(publish_write(p, "directory") == ATT_IO);
	CHECK(publish_write(p, path) == ATT_IO); /* a folder is in its place */
	CHECK(!exists(test_path("directory.new")));
	CHECK(rmdir(path) == 0 && publish_write(p, path) == ATT_OK);
	publish_free(p);
}

TEST("one draft can be written twice")
{
	const char *path = test_path("directory");
	struct publish *p = draft();
	size_t len = 0, again_len = 0;
	uint8_t *bytes, *again;

	NEED(p != NULL && sample_add(p) == ATT_OK);
	NEED(publish_write(p, path) == ATT_OK);
	bytes = sample_bytes(path, &len);
	NEED(publish_write(p, path) == ATT_OK);
	again = sample_bytes(path, &again_len);

	CHECK(bytes != NULL && again != NULL && len == again_len &&
	    memcmp(bytes, again, len) == 0);
	free(bytes);
	free(again);
	publish_free(p);
}
