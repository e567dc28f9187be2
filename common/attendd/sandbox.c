#include "attendd/sandbox.h"

#include "attendd/paths.h"
#include "base/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/ioprio.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MEMLOCK_BYTES  (4u << 20) /* secrets of one worker: well under 1 MiB */
#define OPEN_FILES     1280 /* one for each dialogue, and some */
#define WORKER_CPU     120 /* seconds */
#define WORKER_ADDRESS (512ull << 20)

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define ARCH AUDIT_ARCH_RISCV64
#else
#error "sandbox.c does not know this machine's system call convention"
#endif

/*
 * Make a folder, or take one that root made (a package, an administrator):
 * one that belongs to anybody else is not ours.
 */
static enum att_err
folder(const char *path, mode_t mode, uid_t uid, gid_t gid)
{
	ATT_AUTO_FD int fd = -1;
	struct stat st;

	if (mkdir(path, mode) != 0 && errno != EEXIST)
		return ATT_IO;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) != 0)
		return ATT_IO;
	if (st.st_uid != 0 && st.st_uid != uid)
		return ATT_REFUSED;
	if (st.st_uid == uid && st.st_gid == gid &&
	    (st.st_mode & 07777) == mode)
		return ATT_OK;
	return fchown(fd, uid, gid) == 0 && fchmod(fd, mode) == 0 ? ATT_OK
								  : ATT_IO;
}

enum att_err
sandbox_folders(uid_t uid, gid_t gid)
{
	enum att_err e;

	if (geteuid() != 0)
		return ATT_OK; /* whoever started us made them */
	e = folder(ATTENDD_RUN_DIR, 0755, 0, 0);
	if (e == ATT_OK)
		e = folder(ATTENDD_STATE_DIR, 0700, uid, gid);
	if (e == ATT_OK)
		e = folder(ATTENDD_CACHE_DIR, 0755, uid, gid);
	return e;
}

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

static enum att_err
limit(__rlimit_resource_t what, rlim_t soft)
{
	struct rlimit r;

	if (getrlimit(what, &r) != 0)
		return ATT_IO;
	if (r.rlim_max != RLIM_INFINITY && soft > r.rlim_max && geteuid() != 0)
		soft = r.rlim_max;
	r.rlim_cur = soft;
	r.rlim_max = soft;
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

#define NR	  offsetof(struct seccomp_data, nr)
#define ARG0	  offsetof(struct seccomp_data, args[0])
#define LOAD(at)  BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(at))
#define RETURN(v) BPF_STMT(BPF_RET | BPF_K, (v))
#define DENY(err) RETURN(SECCOMP_RET_ERRNO | ((err)&SECCOMP_RET_DATA))
/* if the loaded word is v, run the next statement, else skip it */
#define IF(v)	  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (v), 0, 1)
#define REFUSE(n) IF((uint32_t)(n)), DENY(EPERM)

/* What a broker never does. EPERM rather than death: a library's probe must
 * not end a login. */
static const struct sock_filter filter[] = {
	LOAD(offsetof(struct seccomp_data, arch)),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0),
	RETURN(SECCOMP_RET_KILL_PROCESS),
	LOAD(NR),
#ifdef __x86_64__
	/* the x32 numbers would walk around everything below */
	BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000u, 0, 1),
	DENY(EPERM),
#endif
	REFUSE(SYS_execve),
	REFUSE(SYS_execveat),
	REFUSE(SYS_ptrace),
	REFUSE(SYS_process_vm_readv),
	REFUSE(SYS_process_vm_writev),
	REFUSE(SYS_pidfd_getfd),
	REFUSE(SYS_mount),
	REFUSE(SYS_umount2),
	REFUSE(SYS_pivot_root),
	REFUSE(SYS_chroot),
	REFUSE(SYS_move_mount),
	REFUSE(SYS_open_tree),
	REFUSE(SYS_fsopen),
	REFUSE(SYS_unshare),
	REFUSE(SYS_setns),
	REFUSE(SYS_bpf),
	REFUSE(SYS_perf_event_open),
	REFUSE(SYS_userfaultfd),
	REFUSE(SYS_io_uring_setup),
	REFUSE(SYS_add_key),
	REFUSE(SYS_keyctl),
	REFUSE(SYS_request_key),
	REFUSE(SYS_init_module),
	REFUSE(SYS_finit_module),
	REFUSE(SYS_kexec_load),
	REFUSE(SYS_personality),
	IF(SYS_clone3),
	DENY(ENOSYS), /* its flags cannot be seen; glibc falls back to clone */
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 4),
	LOAD(ARG0),
	IF(AF_UNIX),
	RETURN(SECCOMP_RET_ALLOW),
	DENY(EAFNOSUPPORT),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 3),
	LOAD(ARG0),
	BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K,
	    CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWPID |
		CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP,
	    0, 1),
	DENY(EPERM),
	RETURN(SECCOMP_RET_ALLOW),
};

static enum att_err
close_system_calls(void)
{
	struct sock_fprog program = {
		.len = sizeof(filter) / sizeof(filter[0]),
		.filter = (struct sock_filter *)(uintptr_t)filter,
	};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return ATT_IO;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0
	    ? ATT_OK
	    : ATT_IO;
}

enum att_err
sandbox_enter(uid_t uid, gid_t gid)
{
	enum att_err e = forget_limits();

	forget_scheduling();
	if (e == ATT_OK)
		e = limit(RLIMIT_CORE, 0);
	if (e == ATT_OK)
		e = limit(RLIMIT_MEMLOCK, MEMLOCK_BYTES);
	if (e == ATT_OK)
		e = limit(RLIMIT_NOFILE, OPEN_FILES);
	if (e == ATT_OK)
		e = become(uid, gid);
	if (e != ATT_OK)
		return e;
	(void)umask(077);
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 || chdir("/") != 0)
		return ATT_IO;
	return close_system_calls();
}

enum att_err
sandbox_worker(void)
{
	enum att_err e = limit(RLIMIT_CPU, WORKER_CPU);

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
	/* sanitizers reserve terabytes of address space for their shadow */
	if (e == ATT_OK)
		e = limit(RLIMIT_AS, WORKER_ADDRESS);
#endif
	return e;
}
