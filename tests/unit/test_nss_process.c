/* The NSS module in processes that take things away from themselves. */
#include "nss_module/nss_attend.h"

#include "nss_module/view.h"
#include "sample_directory.h"
#include "test.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static struct passwd pw;
static int err;

static bool
arrange(void)
{
	static char path[256];

	memset(&nss_view, 0, sizeof(nss_view));
	(void)snprintf(path, sizeof(path), "%s", test_path("directory"));
	nss_view.path = path;
	return sample_publish(path, &sample_options);
}

static enum nss_status
by_name(const char *name)
{
	static char buf[4096];

	err = 0;
	return _nss_attend_getpwnam_r(name, &pw, buf, sizeof(buf), &err);
}

static bool
found(void)
{
	return by_name("e1000") == NSS_STATUS_SUCCESS && pw.pw_uid == 70100;
}

static bool
others_not_found(void)
{
	return by_name("root") == NSS_STATUS_NOTFOUND && err == ENOENT &&
	    by_name("daemon") != NSS_STATUS_SUCCESS;
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
without_the_file_in_its_root(void)
{
	if (!found() || chroot(test_path("empty")) != 0)
		return false;
	atomic_store(&nss_view.checked, 0); /* a second passes */
	return by_name("e1000") == NSS_STATUS_UNAVAIL && err == ENOENT &&
	    others_not_found();
}

static bool
with_the_file_in_its_root(void)
{
	if (!found() || chroot("/") != 0)
		return false;
	atomic_store(&nss_view.checked, 0);
	return found() && others_not_found();
}

TEST("after chroot into an empty root ours are unavailable within a second")
{
	NEED(arrange());
	NEED(mkdir(test_path("empty"), 0755) == 0);
	if (geteuid() != 0) {
		test_skip("chroot needs root");
		return;
	}

	CHECK(in_child(without_the_file_in_its_root));
	CHECK(in_child(with_the_file_in_its_root));
}

static bool
without_address_space(void)
{
	struct rlimit was, none = { 0, 0 };
	FILE *f = fopen("/proc/self/statm", "re");
	unsigned long pages = 0;

	if (f == NULL || fscanf(f, "%lu", &pages) != 1 ||
	    getrlimit(RLIMIT_AS, &was) != 0)
		return false;
	(void)fclose(f);
	none.rlim_max = was.rlim_max;
	none.rlim_cur = pages * (rlim_t)sysconf(_SC_PAGESIZE);
	if (setrlimit(RLIMIT_AS, &none) != 0 ||
	    by_name("e1000") != NSS_STATUS_TRYAGAIN || err != EAGAIN ||
	    by_name("root") != NSS_STATUS_NOTFOUND)
		return false;
	return setrlimit(RLIMIT_AS, &was) == 0 && found();
}

TEST("without address space a lookup asks to try again, and then succeeds")
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	test_skip("the sanitizer needs the address space itself");
	return;
#endif
	NEED(arrange());

	if (getenv("ATT_UNDER_VALGRIND") != NULL) {
		test_skip("valgrind needs the address space itself");
		return;
	}

	CHECK(in_child(without_address_space));
}

/* From here on no file can be opened; as a sandbox does, with an error. */
static bool
forbid_open(void)
{
	static struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    offsetof(struct seccomp_data, nr)),
#ifdef SYS_open
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_open, 1, 0),
#endif
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(filter) / sizeof(*filter),
		filter };

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

static bool
may_not_open_the_first(void)
{
	return forbid_open() && by_name("e1000") == NSS_STATUS_UNAVAIL &&
	    err == ENOENT && others_not_found();
}

static bool
may_not_open_the_next(void)
{
	const char *aside = test_path("aside");

	if (!found() || link(nss_view.path, aside) != 0 ||
	    !sample_publish(nss_view.path, &sample_options) || !forbid_open())
		return false;
	atomic_store(&nss_view.checked, 0);
	return found() && others_not_found();
}

TEST("where no file may be opened, the mapped one is still answered from")
{
	NEED(arrange());

	CHECK(in_child(may_not_open_the_first));
	CHECK(in_child(may_not_open_the_next));
}

/* ---- the module as programs load it ---- */

/* libnss_attend.so.2 of the build that this test belongs to. */
static const char *
module_path(void)
{
	static char path[512];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 64);

	for (unsigned up = 0; up < 3 && n > 0; n--)
		up += path[n - 1] == '/';
	(void)snprintf(path + n, 64, "/libnss_attend.so.2");
	return path;
}

static unsigned
lines_of(const char *path)
{
	FILE *f = fopen(path, "re");
	unsigned n = 0;
	int c;

	while (f != NULL && (c = fgetc(f)) != EOF)
		n += c == '\n';
	if (f != NULL)
		(void)fclose(f);
	return n;
}

typedef enum nss_status
getpwnam_call(const char *, struct passwd *, char *, size_t, int *);

struct loader {
	const char *path;
	unsigned wrong;
	pthread_t thread;
};

/* Load, ask, unload; count how often it goes wrong. */
static void *
load_and_unload(void *loader)
{
	struct loader *l = loader;

	for (int i = 0; i < 300; i++) {
		void *so = dlopen(l->path, RTLD_NOW | RTLD_LOCAL);
		void *sym =
		    so != NULL ? dlsym(so, "_nss_attend_getpwnam_r") : NULL;
		getpwnam_call *call;
		struct passwd out;
		char buf[1024];
		int e = 0;

		memcpy(&call, &sym, sizeof(call));
		if (call == NULL ||
		    call("root", &out, buf, sizeof(buf), &e) !=
			NSS_STATUS_NOTFOUND)
			l->wrong++;
		/* there may be a directory on this machine, or none */
		else if (call("e0-nobody", &out, buf, sizeof(buf), &e) ==
		    NSS_STATUS_SUCCESS)
			l->wrong++;
		if (so != NULL && dlclose(so) != 0)
			l->wrong++;
	}
	return NULL;
}

TEST("loaded and unloaded by threads again and again, nothing piles up")
{
	struct loader alone = { .path = module_path() };
	struct loader both[2] = { alone, alone };
	unsigned maps, after;

	if (access(alone.path, R_OK) != 0) {
		test_skip("the module is not built");
		return;
	}
	(void)load_and_unload(&alone);
	maps = lines_of("/proc/self/maps");
	for (int i = 0; i < 2; i++)
		NEED(pthread_create(&both[i].thread, NULL, load_and_unload,
			 &both[i]) == 0);
	for (int i = 0; i < 2; i++)
		(void)pthread_join(both[i].thread, NULL);

	after = lines_of("/proc/self/maps");

	CHECK(alone.wrong == 0 && both[0].wrong == 0 && both[1].wrong == 0);
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	after = maps; /* the sanitizer's own */
#endif
	if (getenv("ATT_UNDER_VALGRIND") != NULL)
		after = maps; /* valgrind's own */
	/* two stacks and their guards, two heaps of malloc's, and their gaps */
	CHECK(after <= maps + 10);
}
