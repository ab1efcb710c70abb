// SPDX-License-Identifier: GPL-2.0-or-later
/* The system calls of latchkeyd and of the libraries it uses.  What it calls in no version
 * ends it; what it merely does not need is answered EPERM, so that a library which tries
 * something new goes on without. */
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "io/call_filter.h"
#include "rpc/confine.h"

#define ALL_BITS  UINT64_MAX
#define INT_BITS  UINT32_MAX
#define TYPE_BITS 0xfu /* of a socket's type, without its flags */
#define THREAD    (CLONE_THREAD | CLONE_VM)
#define NEW_NAMESPACES                                                                     \
    (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER |         \
     CLONE_NEWPID | CLONE_NEWNET)

static const struct call_group always[] = {
    {CALL_ALLOWED,
     /* descriptors */
     "read readv pread64 preadv preadv2 write writev pwrite64 pwritev pwritev2 lseek close "
     "close_range dup dup2 dup3 fcntl pipe pipe2 eventfd2 signalfd4 timerfd_create "
     "timerfd_settime timerfd_gettime memfd_create splice sendfile copy_file_range poll "
     "ppoll select pselect6 epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2 "
     /* files */
     "open openat openat2 stat lstat fstat newfstatat statx access faccessat faccessat2 "
     "readlink readlinkat getdents64 getcwd mkdir mkdirat rmdir unlink unlinkat rename "
     "renameat renameat2 ftruncate fallocate fsync fdatasync sync_file_range flock fchmod "
     "fchown umask statfs fstatfs fadvise64 utimensat "
     /* its clients, its agents and systemd; which sockets is said below */
     "bind connect listen accept accept4 getsockname getpeername getsockopt setsockopt "
     "shutdown sendto sendmsg sendmmsg recvfrom recvmsg recvmmsg "
     /* memory and time */
     "munmap mremap madvise brk msync mincore membarrier clock_gettime clock_getres "
     "clock_nanosleep nanosleep gettimeofday time "
     /* its own threads and signals */
     "futex futex_waitv set_robust_list get_robust_list rseq set_tid_address exit "
     "exit_group restart_syscall sched_yield sched_getaffinity getcpu rt_sigaction "
     "rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait sigaltstack arch_prctl "
     /* who and where it is */
     "getpid gettid getppid getuid geteuid getgid getegid getgroups uname sysinfo "
     "getrandom getrlimit getrusage times capget"},
    {CALL_DEADLY,
     "mount umount2 pivot_root chroot move_mount open_tree fsopen fsmount mount_setattr "
     "setns unshare bpf perf_event_open userfaultfd io_uring_setup keyctl add_key "
     "request_key init_module finit_module delete_module kexec_load kexec_file_load reboot "
     "swapon swapoff iopl ioperm mknod mknodat setuid setgid setreuid setregid setresuid "
     "setresgid setgroups capset open_by_handle_at acct quotactl settimeofday "
     "clock_settime adjtimex clock_adjtime sethostname setdomainname syslog modify_ldt "
     "process_vm_writev"},
    /* Threads are made by clone, whose flags can be looked at. */
    {CALL_ABSENT, "clone3"},
};

static const struct call_row sockets[] = {
    {"socket", 1, {{0, INT_BITS, AF_UNIX}}},
    {"socket", 2, {{0, INT_BITS, AF_INET}, {1, TYPE_BITS, SOCK_STREAM}}},
    {"socket", 2, {{0, INT_BITS, AF_INET6}, {1, TYPE_BITS, SOCK_STREAM}}},
    {"socketpair", 1, {{0, INT_BITS, AF_UNIX}}},
};

static const struct call_row threads[] = {
    {"clone", 1, {{0, THREAD | NEW_NAMESPACES, THREAD}}},
};

/* Nothing new becomes code. */
static const struct call_group sealed[] = {
    {CALL_DEADLY, "execve execveat fork vfork ptrace process_vm_readv pidfd_getfd"},
};
static const struct call_row sealed_rows[] = {
    {"mmap", 1, {{2, PROT_EXEC, 0}}},
    {"mprotect", 1, {{2, PROT_EXEC, 0}}},
    {"prctl", 1, {{0, INT_BITS, PR_SET_NAME}}},
    {"prctl", 1, {{0, INT_BITS, PR_GET_NAME}}},
    {"prctl", 1, {{0, INT_BITS, PR_GET_DUMPABLE}}},
    {"prlimit64", 1, {{2, ALL_BITS, 0}}}, /* asks only */
};

/* In the lab: what a program needs that begins anew, and takes all this from itself. */
static const struct call_group executing[] = {
    {CALL_DEADLY, "fork vfork ptrace process_vm_readv pidfd_getfd"},
    {CALL_ALLOWED, "execve mmap mprotect prctl prlimit64 setrlimit seccomp "
                   "landlock_create_ruleset landlock_add_rule landlock_restrict_self"},
};

/* Under a sanitizer, which looks for leaks in a process that stops this one. */
static const struct call_group watched[] = {
    {CALL_ALLOWED,
     "execve mmap mprotect prctl prlimit64 setrlimit seccomp landlock_create_ruleset "
     "landlock_add_rule landlock_restrict_self fork ptrace process_vm_readv wait4 kill "
     "personality ioctl getpriority setpriority sched_setaffinity clone getdents"},
};

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_WATCHED true
#else
#define IS_WATCHED false
#endif

#define MAX_ROWS (ARRAY_SIZE(sockets) + ARRAY_SIZE(threads) + ARRAY_SIZE(sealed_rows) + 1)

struct rows {
    struct call_row at[MAX_ROWS];
    size_t n;
};

static void add_rows(struct rows *rows, const struct call_row *more, size_t n)
{
    for (size_t i = 0; i < n; i++)
        rows->at[rows->n++] = more[i];
}

struct err *confine_calls(bool executes_itself)
{
    /* To itself: raise() and abort(). */
    const struct call_row own = {"tgkill", 1, {{0, INT_BITS, (uint64_t)getpid()}}};
    struct call_group groups[ARRAY_SIZE(always) + 2];
    size_t n = ARRAY_SIZE(always);
    struct rows rows = {.n = 0};

    memcpy(groups, always, sizeof(always));
    add_rows(&rows, &own, 1);
    add_rows(&rows, sockets, ARRAY_SIZE(sockets));
    if (IS_WATCHED) {
        groups[n++] = watched[0];
        return call_filter_load(groups, n, rows.at, rows.n);
    }
    add_rows(&rows, threads, ARRAY_SIZE(threads));
    if (executes_itself) {
        memcpy(groups + n, executing, sizeof(executing));
        n += ARRAY_SIZE(executing);
    } else {
        memcpy(groups + n, sealed, sizeof(sealed));
        n += ARRAY_SIZE(sealed);
        add_rows(&rows, sealed_rows, ARRAY_SIZE(sealed_rows));
    }
    return call_filter_load(groups, n, rows.at, rows.n);
}
