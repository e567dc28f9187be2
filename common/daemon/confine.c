#include "daemon/confine.h"

#include <errno.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/ioprio.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define ARCH AUDIT_ARCH_RISCV64
#else
#error "confine.c does not know this machine's system call convention"
#endif

static enum att_err
become(uid_t uid, gid_t gid)
{
	if (geteuid() != 0)
		return geteuid() == uid && uid != 0 ? ATT_OK : ATT_REFUSED;
	if (uid == 0 || setgroups(0, NULL) != 0 ||
	    setresgid(gid, gid, gid) != 0 || setresuid(uid, uid, uid) != 0)
		return ATT_IO;
	/* must be impossible from here on */
	return setuid(0) == 0 || seteuid(0) == 0 ? ATT_IO : ATT_OK;
}

/* Root in a container may not pass the hard one either. */
enum att_err
confine_limit(__rlimit_resource_t what, rlim_t soft)
{
	struct rlimit r = { soft, soft }, old;

	if (getrlimit(what, &old) != 0)
		return ATT_IO;
	if (setrlimit(what, &r) == 0)
		return ATT_OK;
	if (errno != EPERM || soft <= old.rlim_max)
		return ATT_IO;
	r.rlim_cur = r.rlim_max = old.rlim_max;
	return setrlimit(what, &r) == 0 ? ATT_OK : ATT_IO;
}

/*
 * A caller of --once passes its own limits on, and behind su or sudo these are
 * an ordinary user's to choose: a file size limit must not cut the store. Root
 * without CAP_SYS_RESOURCE, as in a container, cannot pass the hard one.
 */
static enum att_err
forget_limits(void)
{
	static const __rlimit_resource_t all[] = { RLIMIT_FSIZE, RLIMIT_AS,
		RLIMIT_DATA, RLIMIT_CPU, RLIMIT_NPROC, RLIMIT_STACK };
	const struct rlimit none = { RLIM_INFINITY, RLIM_INFINITY };
	struct rlimit hard;

	if (geteuid() != 0)
		return ATT_OK; /* a service manager chose them */
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (setrlimit(all[i], &none) == 0)
			continue;
		if (errno != EPERM || getrlimit(all[i], &hard) != 0)
			return ATT_IO;
		hard.rlim_cur = hard.rlim_max;
		if (setrlimit(all[i], &hard) != 0)
			return ATT_IO;
	}
	return ATT_OK;
}

/*
 * Its caller's haste is an ordinary user's choice too: whoever waits at idle
 * priority with a turn or the store's lock in hand lets everybody wait. Where
 * root may not (a container without CAP_SYS_NICE) it stays as it was.
 */
static void
forget_scheduling(void)
{
	const struct sched_param usual = { 0 };
	cpu_set_t all;

	if (geteuid() != 0)
		return; /* a service manager chose it */
	memset(&all, 0xff, sizeof(all));
	(void)sched_setscheduler(0, SCHED_OTHER, &usual);
	(void)setpriority(PRIO_PROCESS, 0, 0);
	(void)sched_setaffinity(0, sizeof(all), &all);
	(void)syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0, 0);
}

#define NR     offsetof(struct seccomp_data, nr)
#define ARG(n) offsetof(struct seccomp_data, args[n])
#define NAMESPACES                                                   \
	(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWPID | \
	    CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP)
#define LOAD(at)  BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(at))
#define RETURN(v) BPF_STMT(BPF_RET | BPF_K, (v))
#define DENY(err) RETURN(SECCOMP_RET_ERRNO | ((err)&SECCOMP_RET_DATA))
/* if the loaded word is v, run the next statement, else skip it */
#define IF(v) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (v), 0, 1)

/*
 * What no daemon of ours does. EPERM rather than death: a library's probe must
 * not end a login.
 */
#define NEVER(X)             \
	X(ptrace)            \
	X(process_vm_readv)  \
	X(process_vm_writev) \
	X(pidfd_getfd)       \
	X(mount)             \
	X(umount2)           \
	X(pivot_root)        \
	X(chroot)            \
	X(move_mount)        \
	X(open_tree)         \
	X(fsopen)            \
	X(unshare)           \
	X(setns)             \
	X(bpf)               \
	X(perf_event_open)   \
	X(userfaultfd)       \
	X(io_uring_setup)    \
	X(add_key)           \
	X(keyctl)            \
	X(request_key)       \
	X(init_module)       \
	X(finit_module)      \
	X(kexec_load)        \
	X(personality)
#define PROGRAMS(X) X(execve) X(execveat)

#ifdef __x86_64__
/* the x32 numbers would walk around everything below */
#define NO_X32 \
	BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000u, 0, 1), DENY(EPERM),
#else
#define NO_X32
#endif
#define REFUSE(name) IF((uint32_t)SYS_##name), DENY(EPERM),

/* clone3's flags cannot be seen; glibc falls back to clone */
#define UP_TO_SOCKETS(refused)                                               \
	LOAD(offsetof(struct seccomp_data, arch)),                           \
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0),                 \
	    RETURN(SECCOMP_RET_KILL_PROCESS), LOAD(NR), NO_X32 NEVER(REFUSE) \
	refused IF(SYS_clone3), DENY(ENOSYS),                                \
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 3),            \
	    LOAD(ARG(0)),                                                    \
	    BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, NAMESPACES, 0, 1),          \
	    DENY(EPERM), LOAD(NR),                                           \
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 1, 0),           \
	    RETURN(SECCOMP_RET_ALLOW), LOAD(ARG(0)), IF(AF_UNIX),            \
	    RETURN(SECCOMP_RET_ALLOW)

/* whatever protocol but the kernel's news of devices is network */
#define DEVICES_ONLY                                                         \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_NETLINK, 0, 3), LOAD(ARG(2)), \
	    IF(NETLINK_KOBJECT_UEVENT), RETURN(SECCOMP_RET_ALLOW),           \
	    DENY(EAFNOSUPPORT)

static const struct sock_filter filter[] = {
	UP_TO_SOCKETS(PROGRAMS(REFUSE)),
	DENY(EAFNOSUPPORT),
};

static const struct sock_filter filter_hotplug[] = {
	UP_TO_SOCKETS(PROGRAMS(REFUSE)),
	DEVICES_ONLY,
};

static const struct sock_filter filter_program[] = {
	UP_TO_SOCKETS(),
	DEVICES_ONLY,
};

static enum att_err
close_system_calls(const struct sock_filter *f, size_t bytes)
{
	struct sock_fprog program = {
		.len = (unsigned short)(bytes / sizeof(*f)),
		.filter = (struct sock_filter *)(uintptr_t)f,
	};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return ATT_IO;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0
	    ? ATT_OK
	    : ATT_IO;
}

enum att_err
confine_program(uid_t uid, gid_t gid)
{
	enum att_err e = confine_limit(RLIMIT_CORE, 0);

	if (e == ATT_OK)
		e = become(uid, gid);
	return e == ATT_OK
	    ? close_system_calls(filter_program, sizeof(filter_program))
	    : e;
}

enum att_err
confine_enter(const struct confine *c)
{
	enum att_err e = forget_limits();

	forget_scheduling();
	if (e == ATT_OK)
		e = confine_limit(RLIMIT_CORE, 0);
	if (e == ATT_OK)
		e = confine_limit(RLIMIT_MEMLOCK, c->memlock_bytes);
	if (e == ATT_OK)
		e = confine_limit(RLIMIT_NOFILE, c->open_files);
	if (e == ATT_OK)
		e = become(c->uid, c->gid);
	if (e != ATT_OK)
		return e;
	(void)umask(077);
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 || chdir("/") != 0)
		return ATT_IO;
	return c->hotplug
	    ? close_system_calls(filter_hotplug, sizeof(filter_hotplug))
	    : close_system_calls(filter, sizeof(filter));
}
