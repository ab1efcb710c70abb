// SPDX-License-Identifier: GPL-2.0-or-later
/* A scope of systemd around a process, so that it is in no daemon's cgroup and none's stop
 * ends it.  Where systemd does not run, or not for us, there is none: a session of its own
 * must do.  One thread at a time. */
#pragma once

#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

struct qemu_scope;

/* Asks for a scope; the answer comes while the process starts.  '*ret_scope' NULL: there is
 * no systemd to ask. */
struct err *qemu_scope_begin(const char *uuid, pid_t pid,
                             struct qemu_scope **ret_scope) MUST_CHECK;
/* Waits until the process is in it.  NULL passes. */
struct err *qemu_scope_finish(struct qemu_scope *scope, uint64_t deadline_ms) MUST_CHECK;
void qemu_scope_free(struct qemu_scope *scope);
DEFINE_AUTOPTR(qemu_scope, qemu_scope_free)
