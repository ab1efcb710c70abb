// SPDX-License-Identifier: GPL-2.0-or-later
/* What the hypervisor says of a domain, in the core's words.  No state; any thread. */
#pragma once

#include <stdbool.h>

#include "vm/backend.h"

struct xen_state {
    bool is_paused, is_shutdown, is_dying;
    int shutdown_reason; /* Xen's SHUTDOWN_*, public/sched.h */
};

/* A guest's reboot is an end like any other: the domain stands still with its reason, and a
 * new one has to be made. */
void xen_state_read(const struct xen_state *xen, enum vm_state *ret_state,
                    enum vm_reason *ret_reason);
