#include "nss_module/nss_attend.h"

#include "directory/hash.h"
#include "nss_module/view.h"
#include "sample_directory.h"
#include "test.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define UNTOUCHED 12345 /* an errno that nothing gives */

static char buf[4096];
static struct passwd pw;
static struct group gr;
static int err;

/* A process that has not looked yet, with the file at test_path(). */
static void
fresh_view(void)
{
	static char path[256];

	(void)_nss_attend_endpwent();
	(void)_nss_attend_endgrent();
	for (unsigned i = 0; i < VIEW_SLOTS; i++)
		directory_close(&nss_view.slot[i].dir);
	memset(&nss_view, 0, sizeof(nss_view));
	(void)snprintf(path, sizeof(path), "%s", test_path("directory"));
	nss_view.path = path;
	memset(&pw, 0x55, sizeof(pw));
	memset(&gr, 0x55, sizeof(gr));
	err = UNTOUCHED;
}

static bool
arrange(void)
{
	fresh_view();
	return sample_publish(nss_view.path, &sample_options);
}

static void
a_second_passes(void)
{
	atomic_store(&nss_view.checked, 0);
}

/*
 * Time for a few steps within one second of the clock that the module reads:
 * at least half of it, however long the test took to get here.
 */
static void
early_in_a_second(void)
{
	struct timespec ts = { 0 };

	while (clock_gettime(CLOCK_MONOTONIC_COARSE, &ts) == 0 &&
	    ts.tv_nsec > 500000000)
		(void)nanosleep(
		    &(struct timespec){ .tv_nsec = 20000000 }, NULL);
}

static enum nss_status
by_name(const char *name)
{
	return _nss_attend_getpwnam_r(name, &pw, buf, sizeof(buf), &err);
}

static enum nss_status
by_uid(uid_t uid)
{
	return _nss_attend_getpwuid_r(uid, &pw, buf, sizeof(buf), &err);
}

static enum nss_status
group_by_name(const char *name)
{
	return _nss_attend_getgrnam_r(name, &gr, buf, sizeof(buf), &err);
}

static enum nss_status
group_by_gid(gid_t gid)
{
	return _nss_attend_getgrgid_r(gid, &gr, buf, sizeof(buf), &err);
}

static bool
pw_is(const struct sample_person *s)
{
	return strcmp(pw.pw_name, s->name) == 0 &&
	    strcmp(pw.pw_passwd, "*") == 0 && pw.pw_uid == s->uid &&
	    pw.pw_gid == SAMPLE_GID && strcmp(pw.pw_gecos, s->gecos) == 0 &&
	    strcmp(pw.pw_dir, s->home) == 0 &&
	    strcmp(pw.pw_shell, s->shell) == 0;
}

static bool
gr_is(const struct sample_group *s)
{
	char joined[256] = "";

	if ((uintptr_t)gr.gr_mem % _Alignof(char *) != 0)
		return false;
	for (char **m = gr.gr_mem; *m != NULL; m++) {
		if (m != gr.gr_mem)
			(void)strncat(joined, ",", 2);
		(void)strncat(joined, *m, 40);
	}
	return strcmp(gr.gr_name, s->name) == 0 && gr.gr_gid == s->gid &&
	    strcmp(gr.gr_passwd, "*") == 0 && strcmp(joined, s->members) == 0;
}

TEST("people are found by name and by uid, every field filled, errno kept")
{
	NEED(arrange());
	errno = UNTOUCHED;

	for (size_t i = 0; i < SAMPLE_PEOPLE; i++) {
		CHECK(by_name(sample_people[i].name) == NSS_STATUS_SUCCESS &&
		    pw_is(&sample_people[i]));
		memset(&pw, 0, sizeof(pw));
		CHECK(by_uid(sample_people[i].uid) == NSS_STATUS_SUCCESS &&
		    pw_is(&sample_people[i]));
	}
	CHECK(err == UNTOUCHED && errno == UNTOUCHED);
}

TEST("groups are found by name and by gid, with their members")
{
	NEED(arrange());

	for (size_t i = 0; i < SAMPLE_GROUPS; i++) {
		CHECK(group_by_name(sample_groups[i].name) ==
			NSS_STATUS_SUCCESS &&
		    gr_is(&sample_groups[i]));
		memset(&gr, 0, sizeof(gr));
		CHECK(
		    group_by_gid(sample_groups[i].gid) == NSS_STATUS_SUCCESS &&
		    gr_is(&sample_groups[i]));
	}
	CHECK(err == UNTOUCHED);
}

static bool
not_found(enum nss_status status)
{
	const bool so = status == NSS_STATUS_NOTFOUND && err == ENOENT;

	err = UNTOUCHED;
	return so;
}

static bool
unavailable(enum nss_status status)
{
	const bool so = status == NSS_STATUS_UNAVAIL && err == ENOENT;

	err = UNTOUCHED;
	return so;
}

static bool
try_again(enum nss_status status, int error)
{
	const bool so = status == NSS_STATUS_TRYAGAIN && err == error;

	err = UNTOUCHED;
	return so;
}

static const char *const never_names[] = { "root", "nobody", "", "E1000",
	"-e1000", "+", "1000", "e1000\n", "e:1", "\xc3\xa9",
	"abcdefghijklmnopqrstuvwxyz0123456" };
static const uint32_t never_ids[] = { 0, 1, 42, 999, 65534, 65535, 65536,
	100000, INT32_MAX, UINT32_MAX - 1, UINT32_MAX };

static void
check_never(void)
{
	gid_t *groups = NULL;
	long start = 0, size = 0;

	for (size_t i = 0; i < sizeof(never_names) / sizeof(char *); i++) {
		CHECK(not_found(by_name(never_names[i])));
		CHECK(not_found(group_by_name(never_names[i])));
		CHECK(not_found(_nss_attend_initgroups_dyn(never_names[i],
		    SAMPLE_GID, &start, &size, &groups, -1, &err)));
	}
	for (size_t i = 0; i < sizeof(never_ids) / sizeof(uint32_t); i++) {
		CHECK(not_found(by_uid(never_ids[i])));
		CHECK(not_found(group_by_gid(never_ids[i])));
	}
	CHECK(start == 0 && size == 0 && groups == NULL);
}

TEST("what is not ours is not found, with a file")
{
	NEED(arrange());

	check_never();
	CHECK(not_found(by_name("e1003")));
	CHECK(not_found(by_uid(70104)));
	CHECK(not_found(group_by_name("e1000")));
	CHECK(not_found(group_by_gid(70100)));
}

TEST("without a file, only what could be ours is unavailable")
{
	gid_t *groups = NULL;
	long start = 0, size = 0;

	fresh_view();

	check_never();
	CHECK(unavailable(by_name("e1000")));
	CHECK(unavailable(by_uid(70000)));
	CHECK(unavailable(by_uid(99999)));
	CHECK(not_found(by_uid(69999)));
	CHECK(unavailable(group_by_name("dept-lab")));
	CHECK(unavailable(group_by_gid(70000)));
	CHECK(not_found(group_by_gid(1000)));
	CHECK(unavailable(_nss_attend_initgroups_dyn(
	    "e1000", 70000, &start, &size, &groups, -1, &err)));
	CHECK(start == 0 && groups == NULL);
	CHECK(_nss_attend_setpwent(0) == NSS_STATUS_UNAVAIL);
	CHECK(unavailable(_nss_attend_getpwent_r(&pw, buf, sizeof(buf), &err)));
	CHECK(_nss_attend_endpwent() == NSS_STATUS_SUCCESS);
}

TEST("the file's own range decides, not the default one")
{
	struct publish_options o = sample_options;
	struct publish *p;

	fresh_view();
	o.id_min = 2000000;
	o.id_max = 2000010;
	NEED(publish_new(&p, &o) == ATT_OK);
	NEED(publish_person(
		 p, "e1", 2000001, 2000000, "", "/h", "/s", NULL, 0) == ATT_OK);
	NEED(publish_write(p, nss_view.path) == ATT_OK);
	publish_free(p);

	CHECK(by_uid(2000001) == NSS_STATUS_SUCCESS);
	CHECK(not_found(by_uid(70000)));
	CHECK(not_found(by_uid(2000002)));
}

TEST("a passwd buffer short by any number of bytes is ERANGE, untouched")
{
	const struct sample_person *s = &sample_people[3];
	const size_t need = strlen(s->name) + strlen(s->gecos) +
	    strlen(s->home) + strlen(s->shell) + 6;

	NEED(arrange());

	for (size_t len = 0; len < need; len++) {
		struct passwd none, was;

		memset(&none, 0x77, sizeof(none));
		was = none;
		memset(buf, 0x77, sizeof(buf));
		CHECK(try_again(
		    _nss_attend_getpwnam_r(s->name, &none, buf, len, &err),
		    ERANGE));
		CHECK(try_again(
		    _nss_attend_getpwuid_r(s->uid, &none, buf, len, &err),
		    ERANGE));
		CHECK(memcmp(&none, &was, sizeof(none)) == 0);
		CHECK(buf[0] == 0x77 && buf[len] == 0x77);
	}
	CHECK(_nss_attend_getpwnam_r(s->name, &pw, buf, need, &err) ==
		NSS_STATUS_SUCCESS &&
	    pw_is(s) && buf[need] == 0x77);
}

TEST("a group buffer of any length and alignment is filled whole or not")
{
	const struct sample_group *s = &sample_groups[1];
	const size_t bytes = strlen("e1000,e1001,") + 33 + strlen(s->name) + 3;

	NEED(arrange());

	for (size_t off = 0; off < 2 * sizeof(char *); off++) {
		const size_t pad = (8 * sizeof(char *) - off) % sizeof(char *);
		const size_t need = pad + 4 * sizeof(char *) + bytes;

		for (size_t len = 0; len < need; len++) {
			memset(buf, 0x77, sizeof(buf));
			CHECK(try_again(_nss_attend_getgrgid_r(
					    s->gid, &gr, buf + off, len, &err),
			    ERANGE));
			CHECK(buf[off + len] == 0x77);
		}
		CHECK(_nss_attend_getgrnam_r(s->name, &gr, buf + off, need,
			  &err) == NSS_STATUS_SUCCESS &&
		    gr_is(s));
		CHECK((char *)gr.gr_mem >= buf + off &&
		    buf[off + need] == 0x77 &&
		    (off == 0 || buf[off - 1] == 0x77));
	}
}

TEST("an empty group has a list of members that is empty, not missing")
{
	NEED(arrange());

	CHECK(group_by_name("dept-empty") == NSS_STATUS_SUCCESS &&
	    gr.gr_mem != NULL && gr.gr_mem[0] == NULL);
}

static bool
publish_crowd(uint32_t people)
{
	const uint32_t gids[] = { 70001 };
	struct publish *p;
	enum att_err e;
	char name[16];

	if (publish_new(&p, &sample_options) != ATT_OK)
		return false;
	e = publish_group(p, "dept-lab", 70001);
	for (uint32_t i = 0; i < people && e == ATT_OK; i++) {
		(void)snprintf(name, sizeof(name), "e%u", 1000 + i);
		e = publish_person(
		    p, name, 70100 + i, SAMPLE_GID, "", "/h", "/s", gids, 1);
	}
	if (e == ATT_OK)
		e = publish_write(p, nss_view.path);
	publish_free(p);
	return e == ATT_OK;
}

TEST("a group of 5,000 comes whole, in order, once the buffer is large enough")
{
	size_t len = 1024;
	char *large = NULL, name[16];
	enum nss_status status;

	fresh_view();
	NEED(publish_crowd(5000));

	do {
		len *= 2;
		free(large);
		large = malloc(len);
		NEED(large != NULL);
		status =
		    _nss_attend_getgrnam_r("dept-lab", &gr, large, len, &err);
	} while (status == NSS_STATUS_TRYAGAIN && err == ERANGE);

	NEED(status == NSS_STATUS_SUCCESS);
	for (uint32_t i = 0; i < 5000; i++) {
		(void)snprintf(name, sizeof(name), "e%u", 1000 + i);
		if (strcmp(gr.gr_mem[i], name) != 0)
			CHECK(false);
	}
	CHECK(gr.gr_mem[5000] == NULL && len == 131072);
	free(large);
}

struct initgroups_case {
	const char *what, *user;
	gid_t skip;
	long start, size, limit;
	long end; /* where start is afterwards */
	gid_t gids[6];
};

static void
check_initgroups(const struct initgroups_case *c)
{
	long start = c->start, size = c->size;
	gid_t *groups = calloc((size_t)size + 1, sizeof(*groups));
	bool same = true;

	NEED(groups != NULL);
	for (long i = 0; i < start; i++)
		groups[i] = 7;
	CHECK(_nss_attend_initgroups_dyn(c->user, c->skip, &start, &size,
		  &groups, c->limit, &err) == NSS_STATUS_SUCCESS);
	for (long i = 0; i < c->end && i < start; i++)
		same = same && groups[i] == c->gids[i];
	if (!same || start != c->end || size < c->size ||
	    (c->limit > 0 && size > c->limit) || err != UNTOUCHED) {
		printf("# %s\n", c->what);
		CHECK(false);
	}
	free(groups);
}

TEST("initgroups appends a user's groups, growing the array up to the limit")
{
	static const struct initgroups_case cases[] = {
		{ "all", "e1000", 70000, 0, 8, -1, 3, { 29, 70001, 70002 } },
		{ "behind others", "e1000", 70000, 1, 8, -1, 4,
		    { 7, 29, 70001, 70002 } },
		{ "size 1, no limit", "e1000", 70000, 1, 1, -1, 4,
		    { 7, 29, 70001, 70002 } },
		{ "size 0", "e1000", 70000, 0, 0, -1, 3, { 29, 70001, 70002 } },
		{ "limit 1", "e1000", 70000, 0, 1, 1, 1, { 29 } },
		{ "limit reached before", "e1000", 70000, 1, 1, 1, 1, { 7 } },
		{ "limit one short", "e1000", 70000, 1, 1, 3, 3,
		    { 7, 29, 70001 } },
		{ "limit just enough", "e1000", 70000, 1, 1, 4, 4,
		    { 7, 29, 70001, 70002 } },
		{ "limit 0 is none", "e1000", 70000, 1, 1, 0, 4,
		    { 7, 29, 70001, 70002 } },
		{ "skipped first", "e1000", 29, 0, 2, -1, 2, { 70001, 70002 } },
		{ "skipped last", "e1000", 70002, 0, 2, -1, 2, { 29, 70001 } },
		{ "skipped one fits the limit", "e1000", 70001, 0, 2, 2, 2,
		    { 29, 70002 } },
		{ "nothing but the primary group", "e1002", 70000, 1, 1, -1, 1,
		    { 7 } },
	};

	NEED(arrange());

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check_initgroups(&cases[i]);
}

TEST("initgroups of somebody unknown leaves the array alone")
{
	gid_t one[1] = { 7 }, *groups = one;
	long start = 1, size = 1;

	NEED(arrange());

	CHECK(not_found(_nss_attend_initgroups_dyn(
	    "e1003", 70000, &start, &size, &groups, -1, &err)));
	CHECK(start == 1 && size == 1 && groups == one && one[0] == 7);
}

/* The first person's first gid, in the file that is mapped, and its check. */
static bool
forge_first_gid(gid_t gid)
{
	size_t size, at, len;
	uint8_t *bytes = sample_bytes(nss_view.path, &size);
	struct directory_person p;
	struct directory d;
	struct att_writer w;
	bool ok;
	int fd;

	if (bytes == NULL ||
	    directory_from_bytes(&d, bytes, size, false) != ATT_OK ||
	    directory_person_at(&d, 0, &p) != ATT_OK)
		return false;
	at = d.head.table[DIRECTORY_RECORDS].at;
	len = p.gids_at + 4u * p.gids - at;
	w = att_writer_of(bytes + p.gids_at, 4);
	att_put_le32(&w, gid);
	w = att_writer_of(bytes + at, 8);
	att_put_le64(&w,
	    directory_check(
		&d.head.key, DIRECTORY_SEED_PERSON, bytes + at + 8, len - 8));
	fd = open(nss_view.path, O_WRONLY | O_CLOEXEC);
	ok = pwrite(fd, bytes + at, len, (off_t)at) == (ssize_t)len;
	(void)close(fd);
	free(bytes);
	return ok;
}

TEST("nobody's groups are not believed, whoever signed them")
{
	static const struct {
		gid_t gid;
		bool believed;
	} cases[] = { { 29, true }, { 0, false }, { 65533, true },
		{ 65534, false }, { 65535, false }, { 65536, true } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const bool believed = cases[i].believed;
		long start = 0, size = 8;
		gid_t *groups = calloc(8, sizeof(*groups));
		enum nss_status got;

		NEED(groups != NULL && arrange());
		NEED(by_name("e1000") == NSS_STATUS_SUCCESS);
		NEED(forge_first_gid(cases[i].gid));
		got = _nss_attend_initgroups_dyn(
		    "e1000", 70000, &start, &size, &groups, -1, &err);
		CHECK(got ==
		    (believed ? NSS_STATUS_SUCCESS : NSS_STATUS_UNAVAIL));
		CHECK(start == (believed ? 3 : 0));
		free(groups);
	}
}

TEST("listing gives everybody once, whatever is looked up or fails between")
{
	NEED(arrange());

	CHECK(_nss_attend_setpwent(0) == NSS_STATUS_SUCCESS);
	for (size_t i = 0; i < SAMPLE_PEOPLE; i++) {
		CHECK(by_name("e1002") == NSS_STATUS_SUCCESS);
		CHECK(by_uid(70101) == NSS_STATUS_SUCCESS);
		CHECK(try_again(
		    _nss_attend_getpwent_r(&pw, buf, 10, &err), ERANGE));
		CHECK(_nss_attend_getpwent_r(&pw, buf, sizeof(buf), &err) ==
			NSS_STATUS_SUCCESS &&
		    pw_is(&sample_people[i]));
	}
	CHECK(not_found(_nss_attend_getpwent_r(&pw, buf, sizeof(buf), &err)));
	CHECK(not_found(_nss_attend_getpwent_r(&pw, buf, sizeof(buf), &err)));
	CHECK(_nss_attend_endpwent() == NSS_STATUS_SUCCESS);
	/* Without setpwent it begins at the beginning. */
	CHECK(_nss_attend_getpwent_r(&pw, buf, sizeof(buf), &err) ==
		NSS_STATUS_SUCCESS &&
	    pw_is(&sample_people[0]));
	CHECK(_nss_attend_setpwent(1) == NSS_STATUS_SUCCESS);
	CHECK(_nss_attend_getpwent_r(&pw, buf, sizeof(buf), &err) ==
		NSS_STATUS_SUCCESS &&
	    pw_is(&sample_people[0]));
}

TEST("listing groups has its own place and gives each group once")
{
	NEED(arrange());

	CHECK(_nss_attend_setgrent(0) == NSS_STATUS_SUCCESS);
	for (size_t i = 0; i < SAMPLE_GROUPS; i++) {
		CHECK(_nss_attend_getpwent_r(&pw, buf, sizeof(buf), &err) ==
		    NSS_STATUS_SUCCESS);
		CHECK(group_by_gid(70002) == NSS_STATUS_SUCCESS);
		CHECK(try_again(
		    _nss_attend_getgrent_r(&gr, buf, 10, &err), ERANGE));
		CHECK(_nss_attend_getgrent_r(&gr, buf, sizeof(buf), &err) ==
			NSS_STATUS_SUCCESS &&
		    gr_is(&sample_groups[i]));
	}
	CHECK(not_found(_nss_attend_getgrent_r(&gr, buf, sizeof(buf), &err)));
	CHECK(_nss_attend_endgrent() == NSS_STATUS_SUCCESS);
}

TEST("nothing is listed when the site has not switched it on")
{
	struct publish_options o = sample_options;

	fresh_view();
	o.enumerable = false;
	NEED(sample_publish(nss_view.path, &o));

	CHECK(_nss_attend_setpwent(0) == NSS_STATUS_SUCCESS);
	CHECK(not_found(_nss_attend_getpwent_r(&pw, buf, sizeof(buf), &err)));
	CHECK(_nss_attend_setgrent(0) == NSS_STATUS_SUCCESS);
	CHECK(not_found(_nss_attend_getgrent_r(&gr, buf, sizeof(buf), &err)));
	CHECK(by_name("e1000") == NSS_STATUS_SUCCESS);
}

static unsigned
mapped_slots(void)
{
	unsigned n = 0;

	for (unsigned i = 0; i < VIEW_SLOTS; i++)
		n += atomic_load(&nss_view.slot[i].mapped);
	return n;
}

TEST("a list stays with the file it began with; lookups see the new one")
{
	NEED(arrange());
	NEED(_nss_attend_setpwent(0) == NSS_STATUS_SUCCESS);
	NEED(_nss_attend_getpwent_r(&pw, buf, sizeof(buf), &err) ==
	    NSS_STATUS_SUCCESS);

	for (int i = 0; i < 20; i++)
		NEED(publish_crowd(300));

	CHECK(by_uid(70399) == NSS_STATUS_SUCCESS);
	CHECK(mapped_slots() == 2);
	for (size_t i = 1; i < SAMPLE_PEOPLE; i++)
		CHECK(_nss_attend_getpwent_r(&pw, buf, sizeof(buf), &err) ==
			NSS_STATUS_SUCCESS &&
		    pw_is(&sample_people[i]));
	CHECK(not_found(_nss_attend_getpwent_r(&pw, buf, sizeof(buf), &err)));
	CHECK(_nss_attend_endpwent() == NSS_STATUS_SUCCESS);
	a_second_passes();
	CHECK(by_uid(70399) == NSS_STATUS_SUCCESS && mapped_slots() == 1);
}

TEST("a published change is seen by the next lookup, through the mark")
{
	NEED(arrange());
	NEED(by_name("e1000") == NSS_STATUS_SUCCESS);
	NEED(not_found(by_uid(70200)));

	NEED(publish_crowd(300));

	CHECK(by_uid(70200) == NSS_STATUS_SUCCESS);
	CHECK(not_found(by_name("ann-marie_01")));
	CHECK(mapped_slots() == 1);
}

TEST("a replacement without the mark is seen once a second has passed")
{
	char aside[300], next[300];

	NEED(arrange());
	(void)snprintf(aside, sizeof(aside), "%s.aside", nss_view.path);
	(void)snprintf(next, sizeof(next), "%s.next", nss_view.path);
	NEED(rename(nss_view.path, aside) == 0);
	NEED(publish_crowd(300));
	NEED(rename(nss_view.path, next) == 0);
	NEED(rename(aside, nss_view.path) == 0);
	early_in_a_second();
	NEED(by_name("ann-marie_01") == NSS_STATUS_SUCCESS);

	NEED(rename(next, nss_view.path) == 0);

	CHECK(by_name("ann-marie_01") == NSS_STATUS_SUCCESS);
	a_second_passes();
	CHECK(not_found(by_name("ann-marie_01")));
	CHECK(by_uid(70200) == NSS_STATUS_SUCCESS);
}

TEST("a marked file that is back in place is used without asking each time")
{
	char aside[300];

	NEED(arrange());
	(void)snprintf(aside, sizeof(aside), "%s.aside", nss_view.path);
	NEED(link(nss_view.path, aside) == 0);
	NEED(publish_crowd(1));
	NEED(rename(aside, nss_view.path) == 0);

	CHECK(by_name("ann-marie_01") == NSS_STATUS_SUCCESS);
	CHECK(by_name("ann-marie_01") == NSS_STATUS_SUCCESS);
	CHECK(atomic_load(&nss_view.slot[0].old_news));
	NEED(publish_crowd(300));
	a_second_passes();
	CHECK(not_found(by_name("ann-marie_01")));
}

TEST("a removed file is gone within a second and is found when it is back")
{
	NEED(arrange());
	early_in_a_second();
	NEED(by_name("e1000") == NSS_STATUS_SUCCESS);
	NEED(unlink(nss_view.path) == 0);

	CHECK(by_name("e1000") == NSS_STATUS_SUCCESS);
	a_second_passes();
	CHECK(unavailable(by_name("e1000")));
	CHECK(not_found(by_uid(1000)));
	CHECK(mapped_slots() == 0);
	NEED(sample_publish(nss_view.path, &sample_options));
	a_second_passes();
	CHECK(by_name("e1000") == NSS_STATUS_SUCCESS);
}

static bool
put_file(const char *path, const uint8_t *at, size_t len, mode_t mode)
{
	FILE *f;
	bool ok;

	(void)unlink(path);
	f = fopen(path, "we");
	if (f == NULL)
		return false;
	ok = fwrite(at, 1, len, f) == len;
	return fclose(f) == 0 && ok && chmod(path, mode) == 0;
}

TEST("a file that is refused leaves the last good one in use")
{
	size_t size = 0;
	uint8_t *bytes;

	NEED(arrange());
	bytes = sample_bytes(nss_view.path, &size);
	NEED(bytes != NULL && by_name("e1000") == NSS_STATUS_SUCCESS);

	NEED(put_file(nss_view.path, bytes, size - 1, 0644));
	a_second_passes();
	CHECK(by_name("e1000") == NSS_STATUS_SUCCESS);
	NEED(put_file(nss_view.path, bytes, size, 0666));
	a_second_passes();
	CHECK(by_name("e1000") == NSS_STATUS_SUCCESS);
	NEED(unlink(nss_view.path) == 0 && mkdir(nss_view.path, 0755) == 0);
	a_second_passes();
	CHECK(by_name("e1000") == NSS_STATUS_SUCCESS);
	NEED(rmdir(nss_view.path) == 0);
	fresh_view();
	NEED(put_file(nss_view.path, bytes, size - 1, 0644));
	CHECK(unavailable(by_name("e1000")));
	CHECK(not_found(by_uid(1000)));
	NEED(put_file(nss_view.path, bytes, size, 0644));
	a_second_passes();
	CHECK(by_name("e1000") == NSS_STATUS_SUCCESS);
	free(bytes);
}

TEST("a folder that others can write to is not believed")
{
	NEED(arrange());
	NEED(chmod(test_dir(), 0777) == 0);

	CHECK(unavailable(by_name("e1000")));
	NEED(chmod(test_dir(), 0755) == 0);
	a_second_passes();
	CHECK(by_name("e1000") == NSS_STATUS_SUCCESS);
}

static bool
answer_is_right(enum nss_status status, const struct sample_person *s)
{
	if (status == NSS_STATUS_SUCCESS)
		return pw_is(s);
	return (status == NSS_STATUS_NOTFOUND ||
		   status == NSS_STATUS_UNAVAIL) &&
	    err == ENOENT;
}

TEST("whatever byte is flipped, no lookup answers wrongly")
{
	size_t size = 0;
	uint8_t *bytes;

	NEED(arrange());
	bytes = sample_bytes(nss_view.path, &size);
	NEED(bytes != NULL);

	for (size_t i = 0; i < size; i += 3) {
		const struct sample_person *s = &sample_people[i % 5];

		fresh_view();
		bytes[i] ^= 0x04;
		NEED(put_file(nss_view.path, bytes, size, 0644));
		bytes[i] ^= 0x04;
		if (!answer_is_right(by_name(s->name), s))
			CHECK(false);
		if (!answer_is_right(by_uid(s->uid), s))
			CHECK(false);
	}
	CHECK(true);
	free(bytes);
}

static unsigned
open_descriptors(void)
{
	DIR *d = opendir("/proc/self/fd");
	unsigned n = 0;

	if (d == NULL)
		return 0;
	while (readdir(d) != NULL)
		n++;
	(void)closedir(d);
	return n;
}

TEST("no descriptor is kept, and without one there is an answer or a retry")
{
	const unsigned before = open_descriptors();
	struct rlimit was, none;

	NEED(arrange() && before > 0);
	NEED(getrlimit(RLIMIT_NOFILE, &was) == 0);
	none = was;
	none.rlim_cur = 0;

	NEED(setrlimit(RLIMIT_NOFILE, &none) == 0);
	CHECK(try_again(by_name("e1000"), EAGAIN));
	CHECK(try_again(by_name("e1000"), EAGAIN));
	CHECK(not_found(by_name("root")));
	NEED(setrlimit(RLIMIT_NOFILE, &was) == 0);
	CHECK(by_name("e1000") == NSS_STATUS_SUCCESS);
	NEED(publish_crowd(1));
	NEED(setrlimit(RLIMIT_NOFILE, &none) == 0);
	CHECK(by_name("ann-marie_01") == NSS_STATUS_SUCCESS); /* last good */
	NEED(setrlimit(RLIMIT_NOFILE, &was) == 0);
	a_second_passes();
	CHECK(not_found(by_name("ann-marie_01")));
	CHECK(open_descriptors() == before);
}

TEST("while another thread maps the first file, a lookup maps its own")
{
	NEED(arrange());
	atomic_store(&nss_view.refresher, getpid());

	CHECK(by_name("e1000") == NSS_STATUS_SUCCESS);
	CHECK(mapped_slots() == 0);
	CHECK(_nss_attend_setpwent(0) == NSS_STATUS_TRYAGAIN);
	atomic_store(&nss_view.refresher, 0);
	CHECK(by_name("e1000") == NSS_STATUS_SUCCESS);
	CHECK(mapped_slots() == 1);
}

/* Run in a child; whether it ended with 0. */
static bool
in_child(bool (*run)(void))
{
	int status = 0;
	const pid_t child = fork();

	if (child == 0)
		_exit(run() ? 0 : 1);
	return child > 0 && waitpid(child, &status, 0) == child &&
	    WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool
child_sees_the_crowd(void)
{
	return by_uid(70200) == NSS_STATUS_SUCCESS &&
	    not_found(by_name("ann-marie_01"));
}

TEST("a fork in the middle of a refresh or a lookup leaves the child working")
{
	struct view_hold h;

	NEED(arrange());
	NEED(by_name("e1000") == NSS_STATUS_SUCCESS);
	NEED(publish_crowd(300));
	atomic_store(&nss_view.refresher, getpid());
	NEED(view_take(&nss_view, &h) == ATT_OK);

	CHECK(in_child(child_sees_the_crowd));
	view_let_go(&h);
	atomic_store(&nss_view.refresher, 0);
	CHECK(child_sees_the_crowd());
}

TEST("with every slot taken for ever, the last file stays and is answered")
{
	NEED(arrange());
	NEED(by_name("e1000") == NSS_STATUS_SUCCESS);
	for (unsigned i = 0; i < VIEW_SLOTS; i++)
		atomic_store(&nss_view.slot[i].shard[3].in, 1);
	NEED(publish_crowd(300));

	CHECK(by_name("ann-marie_01") == NSS_STATUS_SUCCESS);
	atomic_store(&nss_view.slot[5].shard[3].in, 0);
	a_second_passes();
	CHECK(not_found(by_name("ann-marie_01")));
}

static bool
child_without_system_calls(void)
{
	bool ok = by_name("e1000") == NSS_STATUS_SUCCESS;
	long start = 0, size = 64;
	gid_t *groups = calloc(64, sizeof(*groups));

	if (groups == NULL || prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) != 0)
		return false;
	for (int i = 0; i < 100 && ok; i++) {
		start = 0;
		ok = by_name("e1000") == NSS_STATUS_SUCCESS &&
		    by_uid(70101) == NSS_STATUS_SUCCESS &&
		    by_name("x999") == NSS_STATUS_NOTFOUND &&
		    group_by_name("dept-lab") == NSS_STATUS_SUCCESS &&
		    group_by_gid(70002) == NSS_STATUS_SUCCESS &&
		    _nss_attend_initgroups_dyn("e1000", 70000, &start, &size,
			&groups, -1, &err) == NSS_STATUS_SUCCESS;
	}
	/* exit_group, which _exit uses, is killed as well. */
	(void)syscall(SYS_exit, ok ? 0 : 1);
	return false;
}

TEST("a lookup makes no system call once the file is mapped")
{
	bool ok = false;

#ifdef __SANITIZE_THREAD__
	test_skip("the thread sanitizer makes system calls of its own");
	return;
#endif
	if (getenv("ATT_UNDER_VALGRIND") != NULL) {
		test_skip("valgrind makes system calls of its own");
		return;
	}
	NEED(arrange());

	/* Again, should a second have begun in the middle. */
	for (int i = 0; i < 3 && !ok; i++)
		ok = in_child(child_without_system_calls);
	CHECK(ok);
}

#define THREADS	     4
#define REPLACEMENTS 1000

static atomic_bool stop;
static atomic_uint wrong, looked_up;

static void *
look_up_until_stopped(void *arg)
{
	struct passwd mine;
	struct group group;
	char room[16384];
	int error = 0;

	while (!atomic_load(&stop)) {
		/* In the sample and in every crowd, with the same uid. */
		if (_nss_attend_getpwnam_r("e1000", &mine, room, sizeof(room),
			&error) != NSS_STATUS_SUCCESS ||
		    mine.pw_uid != 70100)
			atomic_fetch_add(&wrong, 1);
		if (_nss_attend_getpwuid_r(70101, &mine, room, sizeof(room),
			&error) != NSS_STATUS_SUCCESS ||
		    strcmp(mine.pw_name, "e1001") != 0)
			atomic_fetch_add(&wrong, 1);
		if (_nss_attend_getgrnam_r("dept-lab", &group, room,
			sizeof(room), &error) != NSS_STATUS_SUCCESS ||
		    strcmp(group.gr_mem[0], "e1000") != 0)
			atomic_fetch_add(&wrong, 1);
		(void)_nss_attend_getpwent_r(&mine, room, sizeof(room), &error);
		(void)_nss_attend_setpwent(0);
		atomic_fetch_add(&looked_up, 1);
	}
	return NULL;
}

static bool
child_looks_up(void)
{
	return by_name("e1000") == NSS_STATUS_SUCCESS && pw.pw_uid == 70100 &&
	    publish_crowd(200) && by_uid(70101) == NSS_STATUS_SUCCESS;
}

TEST("threads look up rightly while the file is replaced and forks happen")
{
	const unsigned replacements =
	    getenv("ATT_UNDER_VALGRIND") != NULL ? 100 : REPLACEMENTS;
	pthread_t thread[THREADS];

	NEED(arrange());
	atomic_store(&stop, false);
	for (int i = 0; i < THREADS; i++)
		NEED(pthread_create(
			 &thread[i], NULL, look_up_until_stopped, NULL) == 0);
	while (atomic_load(&looked_up) < THREADS)
		(void)sched_yield();

	for (unsigned i = 0; i < replacements; i++) {
		CHECK(publish_crowd(2 + i % 300));
		if (i % 50 == 49)
			CHECK(in_child(child_looks_up));
	}
	atomic_store(&stop, true);
	for (int i = 0; i < THREADS; i++)
		(void)pthread_join(thread[i], NULL);

	CHECK(atomic_load(&wrong) == 0);
	CHECK(atomic_load(&looked_up) > THREADS);
	(void)_nss_attend_endpwent();
	a_second_passes();
	CHECK(by_name("e1000") == NSS_STATUS_SUCCESS && mapped_slots() == 1);
}
