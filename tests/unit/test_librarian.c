#include "attendd/librarian.h"

#include "admin_site.h"
#include "base/owner.h"
#include "bio/threshold.h"
#include "sample_finger.h"

#include <linux/capability.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* A site whose librarian is at work, and two people in it. */
struct reading {
	struct site site;
	struct sample t; /* of the site's store */
	struct store_employee e[2];
	int way, desk;
	pid_t librarian;
	struct gallery_found found;
};
static struct reading r;

static void
begin_librarian(rlim_t locked)
{
	const struct rlimit limit = { locked, locked };
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3
	};
	const struct __user_cap_data_struct none[2] = { { 0 } };

	r.librarian = fork();
	if (r.librarian != 0)
		return;
	att_close(&r.way);
	if (locked > 0 && setrlimit(RLIMIT_MEMLOCK, &limit) != 0)
		_exit(9);
	if (locked > 0 && syscall(SYS_capset, &head, none) != 0)
		_exit(9); /* root may lock what he likes */
	librarian_run(r.desk);
}

static bool
open_reading(void)
{
	bool ok;

	r = (struct reading){ .way = -1, .desk = -1 };
	if (!site_open(&r.site) || librarian_desk(&r.way, &r.desk) != ATT_OK)
		return false;
	r.t.store = r.site.d.store;
	r.t.vault = r.site.d.vault;
	r.t.by = (struct store_by){ .actor = "root", .now = r.site.d.now };
	ok = sample_person(&r.t, 1, &r.e[0]) && sample_person(&r.t, 2, &r.e[1]);
	begin_librarian(0);
	return ok && r.librarian > 0;
}

/* How it ended: 0 by itself. */
static int
close_reading(void)
{
	int status = -1;

	att_close(&r.way);
	att_close(&r.desk);
	(void)waitpid(r.librarian, &status, 0);
	site_close(&r.site);
	return status;
}

static enum att_err
touch(uint64_t invented, const uint8_t *except)
{
	struct bio_sample s;

	finger_points(invented, 9, &finger_usual, &s);
	return librarian_search(r.way, &r.t.by.now, &s, except, &r.found);
}

static bool
found(unsigned who)
{
	return r.found.score >=
	    bio_threshold(BIO_ONE_IN_VERIFY, r.found.fingers) &&
	    memcmp(r.found.person, r.e[who - 1].id, VAULT_ID_LEN) == 0;
}

TEST(
    "a librarian finds who is in the store, as it is then, and ends with the way")
{
	if (!open_reading()) {
		test_skip("needs a mount namespace");
		return;
	}
	CHECK(librarian_expect(r.way, &r.t.by.now));
	CHECK(touch(1, NULL) == ATT_OK && found(1) && r.found.fingers == 2);
	CHECK(touch(2, NULL) == ATT_OK && found(2));
	CHECK(r.found.score >= r.found.second + BIO_SCORE_MARGIN);
	CHECK(r.found.finger == BIO_RIGHT_INDEX);
	CHECK(touch(77, NULL) == ATT_OK && !found(1) && !found(2));
	CHECK(touch(2, r.e[1].id) == ATT_OK && !found(2));

	CHECK(sample_says(&r.t, &r.e[1], STORE_CONSENT_WITHDRAWN, NULL, NULL));
	CHECK(touch(2, NULL) == ATT_OK && !found(2) && r.found.fingers == 1);
	CHECK(touch(1, NULL) == ATT_OK && found(1));
	CHECK(close_reading() == 0);
}

/* KiB that the librarian keeps from being swapped out. */
static unsigned long
locked(void)
{
	unsigned long kib = 0;
	char path[64], line[128];
	FILE *f;

	(void)snprintf(path, sizeof(path), "/proc/%d/status", (int)r.librarian);
	f = fopen(path, "re");
	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		if (strncmp(line, "VmLck:", 6) == 0)
			kib = strtoul(line + 6, NULL, 10);
	if (f != NULL)
		(void)fclose(f);
	return kib;
}

TEST("a librarian that is told of destroyed fingers makes nothing of others")
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	test_skip("sanitizers lock no memory");
	return;
#endif
	if (!open_reading()) {
		test_skip("needs a mount namespace");
		return;
	}
	CHECK(sample_says(&r.t, &r.e[1], STORE_CONSENT_WITHDRAWN, NULL, NULL));
	CHECK(librarian_forget(r.way, &r.t.by.now) == ATT_OK);
	CHECK(locked() > 0 && locked() < 1024); /* a gallery has 1 MiB */
	CHECK(touch(1, NULL) == ATT_OK && found(1) && r.found.fingers == 1);
	CHECK(locked() >= 1024);
	CHECK(librarian_forget(r.way, &r.t.by.now) == ATT_OK);
	CHECK(touch(1, NULL) == ATT_OK && found(1));
	CHECK(close_reading() == 0);
}

TEST("what is no question is answered as that, and the next one is heard")
{
	const uint8_t nonsense[] = { 9, 1, 2, 3 };
	struct bio_sample two = { .resolution = BIO_RESOLUTION, .n = 2 };

	if (!open_reading()) {
		test_skip("needs a mount namespace");
		return;
	}
	two.at[1].x = 5;
	CHECK(send(r.way, nonsense, sizeof(nonsense), 0) == sizeof(nonsense));
	CHECK(librarian_search(r.way, &r.t.by.now, &two, NULL, &r.found) ==
	    ATT_LIMIT);
	CHECK(touch(1, NULL) == ATT_OK && found(1));
	CHECK(close_reading() == 0);
}

TEST("a librarian that dies over a question leaves nobody waiting")
{
	if (!open_reading()) {
		test_skip("needs a mount namespace");
		return;
	}
	CHECK(touch(1, NULL) == ATT_OK && found(1));
	(void)kill(r.librarian, SIGSTOP);
	CHECK(librarian_expect(r.way, &r.t.by.now)); /* not known yet */
	(void)kill(r.librarian, SIGKILL);
	(void)waitpid(r.librarian, NULL, 0);
	begin_librarian(0); /* as the broker does; the question waits there */
	CHECK(touch(2, NULL) == ATT_OK && found(2));
	CHECK(close_reading() == 0);
}

TEST("without memory to lock there is no searching, and that is known at once")
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	test_skip("sanitizers lock no memory");
	return;
#endif
	if (!open_reading()) {
		test_skip("needs a mount namespace");
		return;
	}
	(void)kill(r.librarian, SIGKILL);
	(void)waitpid(r.librarian, NULL, 0);
	/* what it works in, and not a stretch of the gallery */
	begin_librarian(512 << 10);
	CHECK(touch(1, NULL) == ATT_NOMEM);
	CHECK(!librarian_expect(r.way, &r.t.by.now));
	CHECK(touch(1, NULL) == ATT_NOMEM);
	CHECK(close_reading() == 0);
}
