// SPDX-License-Identifier: GPL-2.0-or-later
/* VM.start, pause, shutdown, reboot and their kin. */
#include "api/bodies.h"

#include <stdio.h>
#include <string.h>

#include "api/journal.h"
#include "api/ops.h"
#include "api/sr_space.h"
#include "api/vm_checks.h"
#include "api/vm_life.h"
#include "api/vm_turn.h"
#include "api/vm_watch.h"
#include "base/log.h"
#include "rpc/agents.h"
#include "rpc/manager.h"

/* How long a guest may take to shut down or reboot. */
#define CLEAN_TIMEOUT_MS (1200 * UINT64_C(1000))

/* Runs 'step' on VM argument 0 under operation 'op'. */
static struct err *with_op(struct call *call, int op,
                           struct err *(*step)(struct call *, const char *vm_ref))
{
    const char *ref = arg_text(call, 0);
    struct err *e = op_begin(call, &vm_op_rules, ref, op);

    if (e)
        return e;
    e = step(call, ref);
    op_end(call, &vm_op_rules, ref);
    return e;
}

static struct err *vmd_verb(struct call *call, const char *vm_ref, const char *verb,
                            const char *mode)
{
    autoptr(row) vm = NULL;
    struct val params;
    struct err *e = db_need(call->db, CLASS_VM, vm_ref, &vm);

    if (e)
        return e;
    params = val_map(2);
    val_put_str(&params, "vm", val_str(row_uuid(vm)));
    if (mode)
        val_put_str(&params, "mode", val_str(mode));
    return agents_call(call->manager->agents, AGENT_VMD, verb, params, NULL, 0, 0, NULL,
                       NULL, NULL);
}

struct state_change {
    const char *vm_ref;
    int state;
};

static struct err *state_txn(struct txn *t, void *arg)
{
    const struct state_change *change = arg;

    txn_set(t, CLASS_VM, change->vm_ref, F_VM_POWER_STATE, val_int(change->state));
    sr_space_forget(t, change->vm_ref);
    vm_ops_refresh(t, change->vm_ref);
    return NULL;
}

/* Has lk-vmd do 'verb' and writes what the VM is then. */
static struct err *change_state(struct call *call, const char *vm_ref, const char *verb,
                                int state)
{
    struct state_change change = {vm_ref, state};
    struct err *e = journal_step(
        call, JOURNAL_VM_STATE, vm_ref,
        state == E_VM_POWER_STATE_PAUSED ? JOURNAL_PAUSED : JOURNAL_RUNNING, NULL);

    if (!e)
        e = vmd_verb(call, vm_ref, verb, NULL);
    return e ? e : journal_commit(call, state_txn, &change);
}

static struct err *end_vm(struct call *call, const char *vm_ref)
{
    struct err *e = journal_step(call, JOURNAL_VM_ENDING, vm_ref, NULL);

    if (e)
        return e;
    vm_turn_take(VM_TURN_POWER, vm_ref);
    e = vm_life_end(call->manager, vm_ref);
    if (!e)
        e = journal_withdraw(call, JOURNAL_VM_RESTARTING, vm_ref);
    vm_turn_give(VM_TURN_POWER, vm_ref);
    return e;
}

/* ---- start ---- */

static struct err *prepare_txn(struct txn *t, void *arg)
{
    struct call *call = arg;
    const char *ref = arg_text(call, 0);
    const struct row *vm;
    struct err *e = txn_need(t, CLASS_VM, ref, &vm);

    if (!e)
        e = vm_check_can_boot(t, vm, call->manager->self.host_ref);
    if (!e)
        vm_fix_before_start(t, vm);
    return e;
}

static struct err *start_step(struct call *call, const char *vm_ref, bool paused)
{
    struct err *e = db_run(call->db, prepare_txn, call);

    if (!e)
        e = journal_step(call, JOURNAL_VM_STARTING, vm_ref, NULL);
    if (e)
        return e;
    vm_turn_take(VM_TURN_POWER, vm_ref);
    e = vm_life_start(call->manager, vm_ref, paused, call->task);
    vm_turn_give(VM_TURN_POWER, vm_ref);
    return e;
}

static struct err *start_under(struct call *call, int op, bool paused)
{
    const char *ref = arg_text(call, 0);
    struct err *e = op_begin(call, &vm_op_rules, ref, op);

    if (e)
        return e;
    e = start_step(call, ref, paused);
    op_end(call, &vm_op_rules, ref);
    return e;
}

static struct err *vm_start(struct call *call, struct val *ret_result)
{
    return start_under(call, E_VM_OPERATIONS_START, arg_bool(call, 1));
}

static struct err *vm_start_on(struct call *call, struct val *ret_result)
{
    autoptr(row) host = NULL;
    struct err *e = db_need(call->db, CLASS_HOST, arg_text(call, 1), &host);

    return e ? e : start_under(call, E_VM_OPERATIONS_START_ON, arg_bool(call, 2));
}

/* ---- pause ---- */

static struct err *pause_step(struct call *call, const char *vm_ref)
{
    return change_state(call, vm_ref, "vm.pause", E_VM_POWER_STATE_PAUSED);
}

static struct err *vm_pause(struct call *call, struct val *ret_result)
{
    return with_op(call, E_VM_OPERATIONS_PAUSE, pause_step);
}

static struct err *unpause_step(struct call *call, const char *vm_ref)
{
    return change_state(call, vm_ref, "vm.unpause", E_VM_POWER_STATE_RUNNING);
}

static struct err *vm_unpause(struct call *call, struct val *ret_result)
{
    return with_op(call, E_VM_OPERATIONS_UNPAUSE, unpause_step);
}

/* ---- shutdown and reboot ---- */

/* Asks the guest and waits for what comes of it. */
static struct err *ask_guest(struct call *call, const char *vm_ref, const char *mode,
                             uint64_t timeout_ms, enum vm_outcome *ret_outcome)
{
    struct vm_waiter *waiter;
    autoptr(row) vm = NULL;
    struct err *e = db_need(call->db, CLASS_VM, vm_ref, &vm);

    if (e)
        return e;
    waiter = vm_watch_begin(row_uuid(vm));
    e = vmd_verb(call, vm_ref, "vm.shutdown", mode);
    if (!e)
        e = vm_watch_wait(waiter, timeout_ms, call->task, ret_outcome);
    vm_watch_end(waiter);
    if (!e && *ret_outcome == VM_OUTCOME_NONE)
        e = err_paramf(err_params(ERR_VM_SHUTDOWN_TIMEOUT, vm_ref, NULL), "%.1f",
                       (double)timeout_ms / 1000);
    return e;
}

static struct err *clean_shutdown_within(struct call *call, const char *vm_ref,
                                         uint64_t timeout_ms)
{
    enum vm_outcome outcome = VM_OUTCOME_NONE;
    struct err *e = ask_guest(call, vm_ref, "poweroff", timeout_ms, &outcome);

    return e ? e : end_vm(call, vm_ref);
}

static struct err *clean_shutdown_step(struct call *call, const char *vm_ref)
{
    return clean_shutdown_within(call, vm_ref, CLEAN_TIMEOUT_MS);
}

static struct err *vm_clean_shutdown(struct call *call, struct val *ret_result)
{
    return with_op(call, E_VM_OPERATIONS_CLEAN_SHUTDOWN, clean_shutdown_step);
}

/* Ends the tasks of what a hard shutdown or reboot overrides; they notice and give up. */
static void cancel_others(struct call *call, const char *vm_ref)
{
    autoptr(row) vm = db_get(call->db, CLASS_VM, vm_ref);
    const struct val *current = vm ? row_get(vm, F_VM_CURRENT_OPERATIONS) : NULL;

    for (size_t i = 0; current && i < val_count(current); i++) {
        const char *task = val_text(val_key_at(current, i));

        if (strcmp(task, task_ref(call->task)) != 0)
            task_request_cancel(call->db, task);
    }
}

static struct err *hard_shutdown_step(struct call *call, const char *vm_ref)
{
    cancel_others(call, vm_ref);
    return end_vm(call, vm_ref);
}

static struct err *vm_hard_shutdown(struct call *call, struct val *ret_result)
{
    return with_op(call, E_VM_OPERATIONS_HARD_SHUTDOWN, hard_shutdown_step);
}

static struct err *shutdown_step(struct call *call, const char *vm_ref)
{
    autoptr(row) vm = NULL;
    uint64_t timeout_ms;
    struct err *e = db_need(call->db, CLASS_VM, vm_ref, &vm);

    if (e)
        return e;
    timeout_ms = row_int(vm, F_VM_SHUTDOWN_DELAY) > 0
                     ? (uint64_t)row_int(vm, F_VM_SHUTDOWN_DELAY) * 1000
                     : CLEAN_TIMEOUT_MS;
    e = row_int(vm, F_VM_POWER_STATE) == E_VM_POWER_STATE_RUNNING
            ? clean_shutdown_within(call, vm_ref, timeout_ms)
            : end_vm(call, vm_ref);
    if (!e)
        return NULL;
    err_ignore(e, "VM.shutdown goes on the hard way");
    return end_vm(call, vm_ref);
}

static struct err *vm_shutdown(struct call *call, struct val *ret_result)
{
    return with_op(call, E_VM_OPERATIONS_SHUTDOWN, shutdown_step);
}

/* In the VM's turn. */
static struct err *restart_now(struct call *call, const char *vm_ref)
{
    autoptr(row) vm = NULL;
    char domid[24];
    struct err *e = db_need(call->db, CLASS_VM, vm_ref, &vm);

    if (e)
        return e;
    /* A hard shutdown came before. */
    if (row_int(vm, F_VM_POWER_STATE) == E_VM_POWER_STATE_HALTED)
        return vm_bad_power_state(vm, "paused, running");
    snprintf(domid, sizeof(domid), "%lld", (long long)row_int(vm, F_VM_DOMID));
    e = journal_step(call, JOURNAL_VM_RESTARTING, vm_ref, domid, NULL);
    if (!e)
        e = vm_life_restart(call->manager, vm_ref, call->task);
    return e ? e : journal_withdraw(call, JOURNAL_VM_ENDING, vm_ref);
}

static struct err *restart(struct call *call, const char *vm_ref)
{
    struct err *e;

    vm_turn_take(VM_TURN_POWER, vm_ref);
    e = restart_now(call, vm_ref);
    vm_turn_give(VM_TURN_POWER, vm_ref);
    return e;
}

static struct err *clean_reboot_step(struct call *call, const char *vm_ref)
{
    enum vm_outcome outcome = VM_OUTCOME_NONE;
    struct err *e = ask_guest(call, vm_ref, "reboot", CLEAN_TIMEOUT_MS, &outcome);

    /* A guest without an agent knows only the power button: it powered off, so it is
     * started again.  On Xen every reboot is a new domain. */
    if (!e && outcome != VM_OUTCOME_REBOOTED)
        e = restart(call, vm_ref);
    return e;
}

static struct err *vm_clean_reboot(struct call *call, struct val *ret_result)
{
    return with_op(call, E_VM_OPERATIONS_CLEAN_REBOOT, clean_reboot_step);
}

static struct err *hard_reboot_step(struct call *call, const char *vm_ref)
{
    cancel_others(call, vm_ref);
    return restart(call, vm_ref);
}

static struct err *vm_hard_reboot(struct call *call, struct val *ret_result)
{
    return with_op(call, E_VM_OPERATIONS_HARD_REBOOT, hard_reboot_step);
}

/* ---- when the record and the truth parted ---- */

static struct err *vm_power_state_reset(struct call *call, struct val *ret_result)
{
    const char *ref = arg_text(call, 0);
    autoptr(row) vm = NULL;
    struct err *e = db_need(call->db, CLASS_VM, ref, &vm);

    if (e)
        return e;
    if (row_bool(vm, F_VM_IS_CONTROL_DOMAIN))
        return err_params(ERR_CANNOT_RESET_CONTROL_DOMAIN, ref, NULL);
    return end_vm(call, ref);
}

const struct body_def vm_power_bodies[] = {
    {"VM.start", vm_start, BODY_NORMAL},
    {"VM.start_on", vm_start_on, BODY_NORMAL},
    {"VM.pause", vm_pause, BODY_NORMAL},
    {"VM.unpause", vm_unpause, BODY_NORMAL},
    {"VM.clean_shutdown", vm_clean_shutdown, BODY_NORMAL},
    {"VM.clean_reboot", vm_clean_reboot, BODY_NORMAL},
    {"VM.shutdown", vm_shutdown, BODY_NORMAL},
    {"VM.hard_shutdown", vm_hard_shutdown, BODY_PRIORITY},
    {"VM.hard_reboot", vm_hard_reboot, BODY_PRIORITY},
    {"VM.power_state_reset", vm_power_state_reset, BODY_PRIORITY},
    {0},
};
