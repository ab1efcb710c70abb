// SPDX-License-Identifier: GPL-2.0-or-later
/* The Unix socket an agent listens on, and who may connect to it.  Private to agent. */
#pragma once

#include <sys/types.h>

#include "base/err.h"

struct listener {
    int sock, lock_fd;
    char *path;
    uid_t manager_uid; /* ours when no manager's user was named */
};

/* Listens on 'path', replacing what a killed predecessor left there; a lock file beside it
 * keeps a second instance out for as long as this one lives.  One that is about to end is
 * waited for.  Mode 0600, or 0660 and the group of 'manager_user'. */
struct err *listener_open(struct listener *listener, const char *path,
                          const char *manager_user) MUST_CHECK;
void listener_close(struct listener *listener); /* removes the socket */

/* The next connection, if its process belongs to root, our own user or the manager's; else
 * -EAGAIN, and the refusal was logged. */
int listener_accept(struct listener *listener, pid_t *ret_pid);
