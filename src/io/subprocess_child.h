// SPDX-License-Identifier: GPL-2.0-or-later
/* The child's side of subprocess.c, between vfork and execve: it shares the parent's
 * memory, so it makes system calls and nothing else.  Private to io. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "io/subprocess.h"

struct subprocess_child {
    const struct subprocess_config *config;
    bool outlives; /* a session of its own, and no death with the parent's thread */
    pid_t parent;
    int fds[3 + SUBPROCESS_MAX_FDS]; /* become 0, 1, 2, ... */
    size_t n_fds;

    /* Set by the child when it fails. */
    const char *step;
    int errnum;
};

/* 0 once the program was executed, or a negative errno with 'child->step' saying where. */
int subprocess_child_spawn(struct subprocess_child *child, pid_t *ret_pid);
