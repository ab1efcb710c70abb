// SPDX-License-Identifier: GPL-2.0-or-later
/* A VM's state as it changes, and what the manager is told of it.  Any thread.  Private to
 * the core; what backends call is in vm/backend.h. */
#pragma once

#include "vm/vm.h"

/* Tells the manager. */
void notice_state(struct vm *vm, enum vm_state state, enum vm_reason reason);
/* Keeps the guest's report and tells the manager. */
void notice_report(struct vm *vm, const struct val *report);

/* The VM was made or found and is HERE, in 'status' unless the backend reported its end
 * meanwhile.  'is_told': the manager took it to run. */
void notice_found(struct vm *vm, const struct vm_status *status, bool is_told);
/* What was asked for has been done: the state is 'state', unless the VM ended by itself
 * meanwhile. */
void notice_done(struct vm *vm, enum vm_state state);
