// SPDX-License-Identifier: GPL-2.0-or-later
/* src/vm/backend/xen/state.c */
#include "vm/backend/xen/state.h"

#include <xen/sched.h>

#include "lib/test.h"

static void check(struct xen_state xen, enum vm_state wanted, enum vm_reason wanted_reason)
{
    enum vm_state state;
    enum vm_reason reason;

    xen_state_read(&xen, &state, &reason);
    CHECK_INT(state, ==, wanted);
    CHECK_INT(reason, ==, wanted_reason);
}

static struct xen_state ended(int reason)
{
    return (struct xen_state){.is_shutdown = true, .shutdown_reason = reason};
}

TEST(a_domain_that_lives_runs_or_is_paused)
{
    check((struct xen_state){0}, VM_STATE_RUNNING, VM_REASON_NONE);
    check((struct xen_state){.is_paused = true}, VM_STATE_PAUSED, VM_REASON_NONE);
}

TEST(each_way_to_end_is_told_apart)
{
    check(ended(SHUTDOWN_poweroff), VM_STATE_SHUTDOWN, VM_REASON_POWEROFF);
    check(ended(SHUTDOWN_reboot), VM_STATE_SHUTDOWN, VM_REASON_REBOOT);
    check(ended(SHUTDOWN_suspend), VM_STATE_SHUTDOWN, VM_REASON_HALT);
    check(ended(SHUTDOWN_soft_reset), VM_STATE_SHUTDOWN, VM_REASON_HALT);
    check(ended(SHUTDOWN_crash), VM_STATE_CRASHED, VM_REASON_CRASH);
    check(ended(SHUTDOWN_watchdog), VM_STATE_CRASHED, VM_REASON_CRASH);
    check(ended(99), VM_STATE_CRASHED, VM_REASON_CRASH);
}

TEST(a_guest_that_ended_while_it_was_paused_has_ended)
{
    struct xen_state xen = ended(SHUTDOWN_poweroff);

    xen.is_paused = true;
    check(xen, VM_STATE_SHUTDOWN, VM_REASON_POWEROFF);
}

TEST(a_domain_that_is_being_taken_down_is_gone_whatever_it_did_before)
{
    struct xen_state xen = ended(SHUTDOWN_poweroff);

    xen.is_dying = true;
    check(xen, VM_STATE_GONE, VM_REASON_KILLED);
}

TEST_MAIN
