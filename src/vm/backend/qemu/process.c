// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/backend/qemu/process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/str.h"
#include "io/subprocess.h"
#include "io/wait.h"

#define MAX_STAT    4096
#define MAX_CMDLINE (2u << 20)

/* The 22nd field of /proc/<pid>/stat, counted behind the name in parentheses; 0 when there
 * is no such process, or it only waits to be reaped. */
static uint64_t start_time_of(pid_t pid)
{
    autobuf text = BUF_INIT;
    char path[32];
    const char *at;
    uint64_t ticks = 0;

    snprintf(path, sizeof(path), "/proc/%d/stat", pid);
    if (fd_read_file(AT_FDCWD, path, MAX_STAT, &text) < 0)
        return 0;
    at = strrchr(buf_str(&text), ')');
    if (!at || at[1] != ' ' || at[2] == 'Z' || at[2] == 'X')
        return 0;
    at += 2; /* field 3 */
    for (int field = 3; field < 22 && at; field++) {
        at = strchr(at, ' ');
        at = at ? at + 1 : NULL;
    }
    return at && sscanf(at, "%" SCNu64, &ticks) == 1 ? ticks : 0;
}

struct err *qemu_process_start(const struct qemu_argv *argv, uid_t uid, gid_t gid,
                               int log_fd, struct qemu_process *ret_process)
{
    const struct subprocess_sandbox sandbox = {.uid = uid, .gid = gid};
    const struct subprocess_config config = {.argv = (const char *const *)argv->args.at,
                                             .fds = argv->fds.at,
                                             .n_fds = argv->fds.n,
                                             .sandbox = &sandbox};
    struct qemu_process process = {.pidfd = -1};
    struct err *e = subprocess_start(&config, (const int[3]){-1, log_fd, log_fd},
                                     &process.pid, &process.pidfd);

    if (e)
        return e;
    process.start_time = start_time_of(process.pid);
    *ret_process = process;
    return NULL;
}

bool qemu_process_find(pid_t pid, uint64_t start_time, struct qemu_process *ret_process)
{
    struct qemu_process process = {pid, pid > 0 ? pidfd_open(pid, 0) : -1, start_time};

    if (process.pidfd < 0)
        return false;
    /* Looked at with the descriptor in hand: the number cannot be another's any more. */
    if (start_time == 0 || start_time_of(pid) != start_time) {
        close(process.pidfd);
        return false;
    }
    *ret_process = process;
    return true;
}

static bool names_uuid(pid_t pid, const char *uuid)
{
    autobuf line = BUF_INIT;
    char path[32];
    const char *at, *end;

    snprintf(path, sizeof(path), "/proc/%d/cmdline", pid);
    if (fd_read_file(AT_FDCWD, path, MAX_CMDLINE, &line) < 0)
        return false;
    at = buf_str(&line);
    end = at + line.size;
    for (; at < end; at += strlen(at) + 1)
        if (STREQ(at, "-uuid") && at + strlen("-uuid") + 1 < end &&
            STREQ(at + strlen("-uuid") + 1, uuid))
            return true;
    return false;
}

bool qemu_process_search(const char *uuid, struct qemu_process *ret_process)
{
    DIR *dir = opendir("/proc");
    const struct dirent *entry;
    bool found = false;

    while (dir && !found && (entry = readdir(dir))) {
        int64_t pid;

        if (str_to_int64(entry->d_name, &pid) == 0 && pid > 0 && pid < INT32_MAX &&
            names_uuid((pid_t)pid, uuid))
            found = qemu_process_find((pid_t)pid, start_time_of((pid_t)pid), ret_process);
    }
    if (dir)
        closedir(dir);
    return found;
}

int qemu_process_wait(struct qemu_process *process, uint64_t deadline_ms)
{
    return wait_for_fd(process->pidfd, POLLIN, deadline_ms);
}

void qemu_process_kill(struct qemu_process *process)
{
    if (process->pidfd >= 0)
        pidfd_send_signal(process->pidfd, SIGKILL, NULL, 0);
}

int qemu_process_fini(struct qemu_process *process)
{
    siginfo_t info = {0};
    int status = 0;

    if (process->pidfd < 0)
        return 0;
    if (waitid(P_PIDFD, (id_t)process->pidfd, &info, WEXITED | WNOHANG) == 0 &&
        info.si_pid != 0)
        status = info.si_code == CLD_EXITED ? info.si_status : -info.si_status;
    close(take_fd(process->pidfd));
    return status;
}
