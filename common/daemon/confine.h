/*
 * Least power, fixed before the first byte from outside is read: another
 * user, no new privileges, not dumpable, resource limits, and a system call
 * filter that leaves no network but AF_UNIX, no exec, no tracing, no mounts,
 * no namespaces and no keyrings.
 */
#ifndef ATT_DAEMON_CONFINE_H
#define ATT_DAEMON_CONFINE_H

#include "base/err.h"

#include <stdbool.h>
#include <sys/resource.h>
#include <sys/types.h>

struct confine {
	uid_t uid; /* to become for ever, with gid */
	gid_t gid;
	rlim_t memlock_bytes;
	rlim_t open_files;
	bool hotplug; /* may hear from the kernel which devices come and go */
};

/*
 * Become the user (when root; else uid must be the caller's own: ATT_REFUSED),
 * and close the sandbox for this thread and those it starts. Every step is
 * checked. ATT_IO.
 */
enum att_err confine_enter(const struct confine *c) ATT_CHECKED;

/*
 * For a child that will be another program, of somebody else's: the same user,
 * no new privileges, no core file and the same filter but for exec, with the
 * kernel's news of devices. ATT_REFUSED and ATT_IO as above.
 */
enum att_err confine_program(uid_t uid, gid_t gid) ATT_CHECKED;

/* Soft and hard limit at once; what is beyond a hard one stays there. */
enum att_err confine_limit(__rlimit_resource_t what, rlim_t soft) ATT_CHECKED;

#endif
