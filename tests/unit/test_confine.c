/* What a confined daemon of ours can still do, tried by one. */
#include "test.h"

#include "daemon/confine.h"

#include <errno.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOBODY 64130

typedef int attempt(void);

static int
socket_of(int domain, int type, int protocol)
{
	int fd = socket(domain, type | SOCK_CLOEXEC, protocol);

	if (fd < 0)
		return errno;
	(void)close(fd);
	return 0;
}

static int
inet(void)
{
	return socket_of(AF_INET, SOCK_STREAM, 0);
}

static int
inet6(void)
{
	return socket_of(AF_INET6, SOCK_DGRAM, 0);
}

static int
local(void)
{
	return socket_of(AF_UNIX, SOCK_SEQPACKET, 0);
}

static int
uevents(void)
{
	return socket_of(AF_NETLINK, SOCK_RAW, NETLINK_KOBJECT_UEVENT);
}

static int
routes(void)
{
	return socket_of(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
}

static int
program(void)
{
	char name[] = "true";
	char *const argv[] = { name, NULL };

	(void)execv("/bin/true", argv);
	return errno;
}

static int
is_root_again(void)
{
	return setuid(0) == 0 || geteuid() == 0 || getegid() == 0 ? 1 : 0;
}

static int
dumps(void)
{
	struct rlimit r;

	return prctl(PR_GET_DUMPABLE) != 0 || getrlimit(RLIMIT_CORE, &r) != 0 ||
		r.rlim_max != 0
	    ? 1
	    : 0;
}

/* The attempt's errno, from inside; -1 if it could not be confined. */
static int
confined(attempt *a, bool hotplug)
{
	const struct confine c = { .uid = NOBODY,
		.gid = NOBODY,
		.memlock_bytes = 1 << 16,
		.open_files = 64,
		.hotplug = hotplug };
	int status;
	pid_t pid;

	(void)fflush(stdout);
	pid = fork();
	if (pid == 0)
		_exit(confine_enter(&c) == ATT_OK ? a() : 255);
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status) ||
	    WEXITSTATUS(status) == 255)
		return -1;
	return WEXITSTATUS(status);
}

static bool
may_try(void)
{
	if (geteuid() == 0)
		return true;
	test_skip("needs root to become somebody else");
	return false;
}

TEST("a confined daemon has no network, and its local sockets")
{
	if (!may_try())
		return;
	CHECK(confined(inet, false) == EAFNOSUPPORT);
	CHECK(confined(inet6, false) == EAFNOSUPPORT);
	CHECK(confined(uevents, false) == EAFNOSUPPORT);
	CHECK(confined(local, false) == 0);
}

TEST("one that waits for devices hears the kernel name them, and no more")
{
	if (!may_try())
		return;
	CHECK(confined(uevents, true) == 0);
	CHECK(confined(routes, true) == EAFNOSUPPORT);
	CHECK(confined(inet, true) == EAFNOSUPPORT);
	CHECK(confined(local, true) == 0);
}

TEST("a confined daemon starts nothing, is not root again and leaves no core")
{
	if (!may_try())
		return;
	for (int hotplug = 0; hotplug < 2; hotplug++) {
		CHECK(confined(program, hotplug) == EPERM);
		CHECK(confined(is_root_again, hotplug) == 0);
		CHECK(confined(dumps, hotplug) == 0);
	}
}

static int
becomes_root(void)
{
	const struct confine c = { .open_files = 64 };

	return confine_enter(&c) == ATT_OK ? 1 : 0;
}

static int
becomes_another(void)
{
	const struct confine c = {
		.uid = NOBODY + 1, .gid = NOBODY, .open_files = 64
	};

	return confine_program(NOBODY, NOBODY) == ATT_OK &&
		confine_enter(&c) == ATT_REFUSED
	    ? 0
	    : 1;
}

/* As under a service manager that has changed the user already. */
static int
dumps_as_ever(void)
{
	const struct confine c = {
		.uid = NOBODY, .gid = NOBODY, .open_files = 64
	};

	if (setresgid(NOBODY, NOBODY, NOBODY) != 0 ||
	    setresuid(NOBODY, NOBODY, NOBODY) != 0 ||
	    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) != 0 ||
	    prctl(PR_GET_DUMPABLE) != 1 || confine_enter(&c) != ATT_OK)
		return 255;
	return dumps();
}

static int
child(attempt *a)
{
	int status = -1;
	pid_t pid;

	(void)fflush(stdout);
	pid = fork();
	if (pid == 0)
		_exit(a());
	return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status)
	    ? WEXITSTATUS(status)
	    : -1;
}

static attempt *inner;

static int
as_a_program(void)
{
	return confine_program(NOBODY, NOBODY) == ATT_OK ? inner() : 255;
}

static int
program_to_be(attempt *a)
{
	inner = a;
	return child(as_a_program);
}

static int
leaves_core(void)
{
	struct rlimit r;

	return getrlimit(RLIMIT_CORE, &r) != 0 || r.rlim_max != 0 ? 1 : 0;
}

TEST("what will be another program may start it, and has no network either")
{
	if (!may_try())
		return;
	CHECK(program_to_be(program) == 0); /* true's own */
	CHECK(program_to_be(inet) == EAFNOSUPPORT);
	CHECK(program_to_be(inet6) == EAFNOSUPPORT);
	CHECK(program_to_be(routes) == EAFNOSUPPORT);
	CHECK(program_to_be(uevents) == 0);
	CHECK(program_to_be(local) == 0);
	CHECK(program_to_be(is_root_again) == 0);
	CHECK(program_to_be(leaves_core) == 0);
}

TEST("who does not change the user is closed to others' eyes all the same")
{
	if (!may_try())
		return;
	CHECK(child(dumps_as_ever) == 0);
}

TEST("nobody is confined as root, or as somebody he is not")
{
	if (!may_try())
		return;
	CHECK(child(becomes_root) == 0);
	CHECK(child(becomes_another) == 0);
}
