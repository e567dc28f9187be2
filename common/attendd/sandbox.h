/*
 * Least power, fixed before the first byte from outside is read: another
 * user, no new privileges, not dumpable, resource limits, and a system call
 * filter that leaves no network but AF_UNIX, no exec, no tracing, no mounts,
 * no namespaces and no keyrings.
 */
#ifndef ATT_ATTENDD_SANDBOX_H
#define ATT_ATTENDD_SANDBOX_H

#include "base/err.h"

#include <sys/types.h>

/*
 * Make the run, state and cache folders if they are missing (as root), with
 * their owners and modes. ATT_REFUSED: one belongs to somebody else; ATT_IO.
 */
enum att_err sandbox_folders(uid_t uid, gid_t gid) ATT_CHECKED;

/*
 * Become uid and gid for ever (when root; else uid must be the caller's own:
 * ATT_REFUSED), and close the sandbox. Every step is checked. ATT_IO.
 */
enum att_err sandbox_enter(uid_t uid, gid_t gid) ATT_CHECKED;

/* A worker's own bounds, on top: processor time and memory. */
enum att_err sandbox_worker(void) ATT_CHECKED;

#endif
