// SPDX-License-Identifier: GPL-2.0-or-later
/* Running another program: fixed argument vector, clean environment, only the descriptors
 * given, bounded output, a deadline.  Never a shell.  No state; any thread (the calling one
 * waits).
 *
 * The program is found by an absolute path or by name in SUBPROCESS_PATH, runs in a process
 * group of its own with default signals, in "/" and with umask 022. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"

#define SUBPROCESS_PATH       "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
#define SUBPROCESS_MAX_FDS    256
#define SUBPROCESS_MAX_ERRORS (16u << 10) /* of its standard error; the rest is dropped */

/* What an unprivileged child may not do.  no_new_privs and an empty list of groups always
 * come with it.  Limits of 0 are left as they are. */
struct subprocess_sandbox {
    uid_t uid; /* when we are root; 0 keeps the user */
    gid_t gid;
    uint64_t max_memory; /* bytes of address space */
    uint64_t max_file;   /* bytes of a file written */
    uint64_t max_cpu_s;
    uint64_t max_fds; /* open at once */
    bool no_names; /* opens only its descriptors, programs and libraries (io/landlock.h) */
};

struct subprocess_config {
    const char *const *argv; /* NULL at the end */
    const char *const *env;  /* "NAME=value", NULL at the end; PATH and LC_ALL are given */

    const void *input; /* its standard input; NULL: /dev/null */
    size_t input_size;
    const int *fds; /* become 3, 4, 5, ...: borrowed */
    size_t n_fds;

    size_t max_output; /* more on standard output ends it; 0: /dev/null */
    /* Is given its standard output as it comes, instead of the result; 'max_output' bounds
     * the whole.  In the calling thread. */
    void (*on_output)(void *arg, const char *data, size_t size);
    void *output_arg;
    uint64_t deadline_ms;                     /* monotonic clock; 0: none */
    int cancel_fd;                            /* ends it when readable; 0: none */
    const struct subprocess_sandbox *sandbox; /* NULL: as ourselves */
};

struct subprocess_result {
    int status;             /* exit status, or the negative number of the signal */
    struct buf out, errors; /* standard output and error */
};

/* Runs the program to its end.  An error means it could not be started, was cut off by
 * deadline, cancellation (TASK_CANCELLED) or output limit; it and all of its process group
 * are gone then too.  An exit status that is not 0 is no error here. */
struct err *subprocess_run(const struct subprocess_config *config,
                           struct subprocess_result *ret_result) MUST_CHECK;
/* NULL for status 0, else an error naming the program, how it ended and its last words. */
struct err *subprocess_check(const struct subprocess_config *config,
                             const struct subprocess_result *result) MUST_CHECK;
void subprocess_result_fini(struct subprocess_result *result);

/* Starts a program that is meant to outlive the caller, in a session of its own; 'std'
 * become its 0, 1 and 2 (borrowed; -1: /dev/null).  'input', 'max_output', 'deadline_ms'
 * and 'cancel_fd' play no part.  '*ret_pidfd' belongs to the caller, who reaps. */
struct err *subprocess_start(const struct subprocess_config *config, const int std[3],
                             pid_t *ret_pid, int *ret_pidfd) MUST_CHECK;
