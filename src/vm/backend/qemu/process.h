// SPDX-License-Identifier: GPL-2.0-or-later
/* One QEMU process: started so that it outlives this one, found again, ended.  It is known
 * by its number and the time it started, so that a number used again is never taken for it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "vm/backend/qemu/argv.h"

struct qemu_process {
    pid_t pid;
    int pidfd;
    uint64_t start_time; /* clock ticks since the boot */
};

/* Starts it with 'log_fd' as its standard output and error.  'uid' 0: as ourselves. */
struct err *qemu_process_start(const struct qemu_argv *argv, uid_t uid, gid_t gid,
                               int log_fd, struct qemu_process *ret_process) MUST_CHECK;
/* Finds it again: false when it is gone. */
bool qemu_process_find(pid_t pid, uint64_t start_time, struct qemu_process *ret_process);
/* A process whose command line has 'uuid' as an argument behind "-uuid": what a lk-vmd left
 * that died between starting it and noting so.  False when there is none. */
bool qemu_process_search(const char *uuid, struct qemu_process *ret_process);

/* Waits for its end: 0 or -ETIMEDOUT.  A child of ours is reaped. */
int qemu_process_wait(struct qemu_process *process, uint64_t deadline_ms);
void qemu_process_kill(struct qemu_process *process);
/* Takes the exit status of a child of ours that ended, and lets go of the descriptor. The
 * status: 0 and more, or the negative number of a signal. */
int qemu_process_fini(struct qemu_process *process);
