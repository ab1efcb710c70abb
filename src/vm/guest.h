// SPDX-License-Identifier: GPL-2.0-or-later
/* A VM and the channel to its guest's agent.  Private to the core. */
#pragma once

#include <stdbool.h>

#include "vm/vm.h"

/* There is a new stream; takes 'fd'.  Any thread. */
void guest_attach(struct vm *vm, int fd);

/* Asks the agent to end or restart the guest.  True: it was asked; if it does not accept,
 * the backend is asked in its place.  False: there is no agent to ask.  Any thread but the
 * loop's. */
bool guest_ask(struct vm *vm, enum vm_shutdown_mode mode);

/* Has the agent hold back all the guest's writes, or let them go, and waits until it has:
 * how many file systems that are; -EOPNOTSUPP without an agent that listens, -ETIMEDOUT,
 * -EREMOTEIO when it refuses, -ECONNRESET when it went. Any thread but the loop's, one at a
 * time for a VM. */
int guest_freeze(struct vm *vm, bool freeze);

/* Nothing comes from the guest any more.  Any thread but the loop's; and on it. */
void guest_close(struct vm *vm);
void guest_drop(struct vm *vm);
