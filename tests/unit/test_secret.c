#include "vault/secret.h"

#include "test.h"

#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

TEST("a secret has the size asked for and can be written from end to end")
{
	ATT_AUTO_SECRET struct att_secret s = { 0 };

	NEED(att_secret_new(&s, 57) == ATT_OK);

	CHECK(s.len == 57);
	memset(s.at, 0xa5, s.len);
	CHECK(s.at[0] == 0xa5 && s.at[56] == 0xa5);
}

TEST("freeing a secret leaves the empty secret, and the empty one is accepted")
{
	struct att_secret s = { 0 };

	NEED(att_secret_new(&s, 16) == ATT_OK);
	att_secret_free(&s);

	CHECK(s.at == NULL && s.len == 0);
	att_secret_free(&s);
	CHECK(s.at == NULL);
}

TEST("secrets are compared whole")
{
	CHECK(att_secret_same("481503", "481503", 6));
	CHECK(!att_secret_same("481503", "481504", 6));
	CHECK(!att_secret_same("481503", "581503", 6));
	CHECK(att_secret_same("481503", "481504", 5));
}

/* The exit status of a process that may lock so many bytes and no more. */
static int
with_memlock(rlim_t bytes)
{
	struct rlimit limit = { bytes, bytes };
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		struct att_secret s = { 0 };

		/* Root may lock whatever the limit says. */
		if (setrlimit(RLIMIT_MEMLOCK, &limit) != 0 ||
		    (geteuid() == 0 && setuid(65534) != 0))
			_exit(100);
		_exit((int)att_secret_new(&s, 32));
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return 101;
	return WEXITSTATUS(status);
}

TEST("memory that cannot be locked is refused, a few pages suffice")
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	test_skip("sanitizers lock no memory");
	return;
#endif
	CHECK(with_memlock(0) == ATT_NOMEM);
	CHECK(with_memlock(64 * 1024) == ATT_OK);
}
