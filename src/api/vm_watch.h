// SPDX-License-Identifier: GPL-2.0-or-later
/* What happens to VMs by themselves: guests that power off, reboot or crash, reports of
 * their agents, and what happened while lk-vmd or latchkeyd was away. */
#pragma once

#include "rpc/manager.h"

/* How a domain came to its end or its reboot, as lk-vmd tells. */
enum vm_outcome {
    VM_OUTCOME_NONE,
    VM_OUTCOME_SHUTDOWN,
    VM_OUTCOME_REBOOTED,     /* and runs on */
    VM_OUTCOME_ASKS_RESTART, /* its domain ended for a reboot: a new one is to be made */
    VM_OUTCOME_CRASHED,
    VM_OUTCOME_GONE
};

/* A power call that waits for its guest takes the outcome instead of the VM's
 * actions_after_*.  One waiter a VM; begun before the guest is asked. */
struct vm_waiter;
struct vm_waiter *vm_watch_begin(const char *vm_uuid);
/* VM_OUTCOME_NONE when 'timeout_ms' passed, or 'task' was cancelled (TASK_CANCELLED then).
 */
struct err *vm_watch_wait(struct vm_waiter *waiter, uint64_t timeout_ms, struct task *task,
                          enum vm_outcome *ret_outcome) MUST_CHECK;
void vm_watch_end(struct vm_waiter *waiter);

/* Notices "vm.state" and "vm.guest" of lk-vmd; on its reader thread. */
void vm_watch_notice(struct manager *m, const char *name, const struct val *params);

/* Brings database and lk-vmd to one view: when latchkeyd starts and whenever lk-vmd comes
 * back. live here, not there       -> the domain is gone: Halted live here, ended there ->
 * as if the notice came now Halted here, running there -> a start nobody was told of: ended
 *   unknown here               -> reported, never touched */
void vm_watch_reconcile(struct manager *m);
