// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/subprocess_child.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/vec.h"
#include "io/landlock.h"

struct exec {
    struct subprocess_child *child;
    char **paths; /* to try, NULL at the end */
    char *const *argv, *const *env;
};

static void find_program(struct exec *exec);
static void make_environment(struct exec *exec);
static void exec_fini(struct exec *exec);
static pid_t start(struct exec *exec) __attribute__((noinline));
static void run_child(struct exec *exec) NORETURN;
static void reset_signals(void);
static const char *place_fds(struct subprocess_child *child);
static const char *drop_rights(const struct subprocess_child *child);
static bool set_limit(int resource, uint64_t limit);

int subprocess_child_spawn(struct subprocess_child *child, pid_t *ret_pid)
{
    CLEANUP(exec_fini) struct exec exec = {.child = child};
    sigset_t all, before;
    pid_t pid;

    exec.argv = (char *const *)child->config->argv;
    find_program(&exec);
    make_environment(&exec);

    /* No handler of ours may run in the child while it borrows our memory. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid = start(&exec);
    pthread_sigmask(SIG_SETMASK, &before, NULL);

    if (pid < 0)
        return -child->errnum;
    if (child->step) {
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
            ;
        return -child->errnum;
    }
    *ret_pid = pid;
    return 0;
}

static void find_program(struct exec *exec)
{
    const char *name = exec->argv[0];
    VEC(char *) paths = VEC_INIT;

    if (strchr(name, '/')) {
        *VEC_PUSH(&paths) = xstrdup(name);
    } else {
        for (const char *dir = SUBPROCESS_PATH, *end; *dir; dir = *end ? end + 1 : end) {
            end = strchrnul(dir, ':');
            *VEC_PUSH(&paths) = xasprintf("%.*s/%s", (int)(end - dir), dir, name);
        }
    }
    *VEC_PUSH(&paths) = NULL;
    exec->paths = paths.at;
}

static void make_environment(struct exec *exec)
{
    const char *const *given = exec->child->config->env;
    VEC(const char *) env = VEC_INIT;

    *VEC_PUSH(&env) = "PATH=" SUBPROCESS_PATH;
    *VEC_PUSH(&env) = "LC_ALL=C.UTF-8";
    for (; given && *given; given++)
        *VEC_PUSH(&env) = *given;
    *VEC_PUSH(&env) = NULL;
    exec->env = (char *const *)env.at;
}

static void exec_fini(struct exec *exec)
{
    for (char **path = exec->paths; path && *path; path++)
        free(*path);
    free(exec->paths);
    free((void *)exec->env);
}

/* A frame of its own: after vfork returns twice, nothing here was changed by the child. */
static pid_t start(struct exec *exec)
{
    pid_t pid = vfork();

    if (pid < 0) {
        exec->child->step = "starting a process";
        exec->child->errnum = errno;
    }
    if (pid == 0)
        run_child(exec);
    return pid;
}

static void run_child(struct exec *exec)
{
    struct subprocess_child *child = exec->child;
    sigset_t none;
    const char *step = NULL;

    reset_signals();
    umask(022);
    if ((child->outlives ? setsid() : setpgid(0, 0)) < 0)
        step = "making a process group";
    if (!step && chdir("/") < 0)
        step = "changing to /";
    if (!step)
        step = place_fds(child);
    if (!step && child->config->sandbox)
        step = drop_rights(child);
    /* Last: a change of user clears it. */
    if (!step && !child->outlives && prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
        step = "tying it to its parent";
    if (!step && !child->outlives && getppid() != child->parent)
        _exit(127); /* nobody is left to be told */
    if (!step) {
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        step = "executing it";
        errno = ENOENT;
        for (char **path = exec->paths; *path && (errno == ENOENT || errno == ENOTDIR);
             path++)
            execve(*path, exec->argv, exec->env);
    }
    child->errnum = errno;
    child->step = step;
    _exit(127);
}

static void reset_signals(void)
{
    struct sigaction by_default = {.sa_handler = SIG_DFL};

    for (int n = 1; n < NSIG; n++)
        sigaction(n, &by_default, NULL);
}

/* Descriptor i of the list becomes number i; all others are closed. */
static const char *place_fds(struct subprocess_child *child)
{
    int n = (int)child->n_fds;

    /* Out of the way first, so that no target is a source still needed. */
    for (int i = 0; i < n; i++) {
        if (child->fds[i] >= n)
            continue;
        child->fds[i] = fcntl(child->fds[i], F_DUPFD_CLOEXEC, n);
        if (child->fds[i] < 0)
            return "moving a descriptor";
    }
    for (int i = 0; i < n; i++)
        if (dup2(child->fds[i], i) < 0)
            return "placing a descriptor";
    if (syscall(SYS_close_range, (unsigned)n, ~0u, 0) < 0)
        return "closing descriptors";
    return NULL;
}

/* The library's setuid would change the parent's threads as well: bare system calls. */
static const char *drop_rights(const struct subprocess_child *child)
{
    const struct subprocess_sandbox *sandbox = child->config->sandbox;
    struct rlimit no_core = {0, 0};

    if (setrlimit(RLIMIT_CORE, &no_core) < 0 ||
        !set_limit(RLIMIT_AS, sandbox->max_memory) ||
        !set_limit(RLIMIT_FSIZE, sandbox->max_file) ||
        !set_limit(RLIMIT_CPU, sandbox->max_cpu_s) ||
        !set_limit(RLIMIT_NOFILE, sandbox->max_fds))
        return "setting a limit";
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        return "giving up new privileges";
    if (sandbox->no_names && landlock_confine(3, (int)child->n_fds) < 0)
        return "confining it to its descriptors"; /* errno is set */
    if (sandbox->uid == 0 || geteuid() != 0)
        return NULL;
    if (syscall(SYS_setgroups, 0, NULL) < 0 ||
        syscall(SYS_setresgid, sandbox->gid, sandbox->gid, sandbox->gid) < 0 ||
        syscall(SYS_setresuid, sandbox->uid, sandbox->uid, sandbox->uid) < 0)
        return "changing the user";
    return NULL;
}

static bool set_limit(int resource, uint64_t limit)
{
    struct rlimit l = {limit, limit};

    return limit == 0 || setrlimit(resource, &l) == 0;
}
