// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/backend/xen/state.h"

/* Part of the hypervisor's interface to guests; they never change. */
enum { POWEROFF, REBOOT, SUSPEND, CRASH, WATCHDOG, SOFT_RESET };

void xen_state_read(const struct xen_state *xen, enum vm_state *ret_state,
                    enum vm_reason *ret_reason)
{
    *ret_reason = VM_REASON_NONE;
    if (xen->is_dying) {
        *ret_state = VM_STATE_GONE;
        *ret_reason = VM_REASON_KILLED;
        return;
    }
    if (!xen->is_shutdown) {
        *ret_state = xen->is_paused ? VM_STATE_PAUSED : VM_STATE_RUNNING;
        return;
    }
    switch (xen->shutdown_reason) {
    case POWEROFF:
        *ret_state = VM_STATE_SHUTDOWN;
        *ret_reason = VM_REASON_POWEROFF;
        break;
    case REBOOT:
        *ret_state = VM_STATE_SHUTDOWN;
        *ret_reason = VM_REASON_REBOOT;
        break;
    case SUSPEND: /* nobody asked for it, and nothing of it was saved */
    case SOFT_RESET:
        *ret_state = VM_STATE_SHUTDOWN;
        *ret_reason = VM_REASON_HALT;
        break;
    default:
        *ret_state = VM_STATE_CRASHED;
        *ret_reason = VM_REASON_CRASH;
        break;
    }
}
