// SPDX-License-Identifier: GPL-2.0-or-later
/* Appliances: VMs that start and stop together, in the order of their field 'order'. */
#include <stdlib.h>
#include <string.h>

#include "api/bodies.h"
#include "api/ops.h"
#include "api/recovery.h"
#include "base/alloc.h"
#include "base/log.h"
#include "base/vec.h"
#include "io/parallel.h"
#include "rpc/inner_call.h"

#define OP(name)        E_VM_APPLIANCE_OPERATION_##name
#define STATE(name)     (1u << E_VM_POWER_STATE_##name)
#define LONGEST_DELAY_S (24 * 3600)

/* What an operation does to which VMs. */
static const struct action {
    const char *message, *vm_message;
    unsigned states; /* of the VMs it concerns */
    bool last_first; /* the order of stopping */
    const char *why_not;
} actions[] = {
    [OP(START)] = {"VM_appliance.start", "VM.start", STATE(HALTED), false,
                   "All VMs of the appliance are started"},
    [OP(CLEAN_SHUTDOWN)] = {"VM_appliance.clean_shutdown", "VM.clean_shutdown",
                            STATE(RUNNING), true, "No VM of the appliance is running"},
    [OP(HARD_SHUTDOWN)] = {"VM_appliance.hard_shutdown", "VM.hard_shutdown",
                           STATE(RUNNING) | STATE(PAUSED) | STATE(SUSPENDED), true,
                           "All VMs of the appliance are halted"},
    [OP(SHUTDOWN)] = {"VM_appliance.shutdown", "VM.shutdown",
                      STATE(RUNNING) | STATE(PAUSED) | STATE(SUSPENDED), true,
                      "All VMs of the appliance are halted"},
};

/* ---- which operations are allowed ---- */

static bool concerns(const struct action *action, const struct row *vm)
{
    return action->states & (1u << row_int(vm, F_VM_POWER_STATE));
}

static struct err *check(struct txn *t, const struct row *appliance, int op)
{
    const struct val *vms = row_get(appliance, F_VM_APPLIANCE_VMS);
    struct err *e = op_in_progress(&vm_appliance_op_rules, appliance);

    if (e)
        return e;
    for (size_t i = 0; i < val_count(vms); i++) {
        const struct row *vm = txn_get(t, CLASS_VM, val_text(val_at(vms, i)));

        if (vm && concerns(&actions[op], vm))
            return NULL;
    }
    return err_params(ERR_OPERATION_NOT_ALLOWED,
                      val_count(vms) ? actions[op].why_not : "The appliance has no VMs",
                      NULL);
}

static bool is_listed(int op UNUSED)
{
    return true;
}

const struct op_rules vm_appliance_op_rules = {
    .cls = CLASS_VM_APPLIANCE,
    .allowed_field = F_VM_APPLIANCE_ALLOWED_OPERATIONS,
    .current_field = F_VM_APPLIANCE_CURRENT_OPERATIONS,
    .listed = is_listed,
    .check = check,
};

/* ---- running one ---- */

struct member {
    struct row *vm; /* held */
    struct err *e;
};

struct run {
    struct call *call;
    const struct action *action;
    VEC(struct member) members;
    size_t first; /* of the group at work */
};

static struct err *gather(struct run *run)
{
    autoptr(row) appliance = NULL;
    struct err *e =
        db_need(run->call->db, CLASS_VM_APPLIANCE, arg_text(run->call, 0), &appliance);
    const struct val *vms;

    if (e)
        return e;
    vms = row_get(appliance, F_VM_APPLIANCE_VMS);
    for (size_t i = 0; i < val_count(vms); i++) {
        struct row *vm = db_get(run->call->db, CLASS_VM, val_text(val_at(vms, i)));

        if (vm && concerns(run->action, vm))
            *VEC_PUSH(&run->members) = (struct member){vm, NULL};
        else
            row_release(vm);
    }
    return NULL;
}

static int by_order(const void *a, const void *b)
{
    int64_t x = row_int(((const struct member *)a)->vm, F_VM_ORDER),
            y = row_int(((const struct member *)b)->vm, F_VM_ORDER);

    return x < y ? -1 : x > y;
}

static int by_order_back(const void *a, const void *b)
{
    return by_order(b, a);
}

static void act_on(size_t i, void *arg)
{
    struct run *run = arg;
    struct member *member = &run->members.at[run->first + i];
    bool starts = run->action == &actions[OP(START)];
    autoval struct val ref = val_str(row_ref(member->vm));
    struct val args[] = {ref, val_bool(starts && arg_bool(run->call, 1)), val_bool(false)};

    member->e = rpc_call_inside(run->call->manager, run->call->task,
                                run->action->vm_message, args, starts ? 3 : 1, NULL);
}

/* The first member of the next order, and the longest delay its VMs ask for. */
static size_t end_of_group(const struct run *run, int64_t *ret_delay)
{
    size_t i = run->first;

    *ret_delay = 0;
    do {
        int64_t delay = row_int(run->members.at[i].vm, F_VM_START_DELAY);

        if (delay > *ret_delay)
            *ret_delay = delay < LONGEST_DELAY_S ? delay : LONGEST_DELAY_S;
        i++;
    } while (i < run->members.n &&
             by_order(&run->members.at[i], &run->members.at[run->first]) == 0);
    return i;
}

static struct err *run_groups(struct run *run)
{
    while (run->first < run->members.n) {
        int64_t delay;
        size_t end = end_of_group(run, &delay);
        struct err *e = task_check_cancel(run->call->task);

        if (e)
            return e;
        parallel_run(end - run->first, act_on, run);
        run->first = end;
        task_progress(run->call->task, (double)end / (double)run->members.n);
        if (end < run->members.n && !run->action->last_first && delay)
            task_wait_cancel(run->call->task, (uint64_t)delay * 1000);
    }
    return NULL;
}

/* OPERATION_PARTIALLY_FAILED [message, VMs...] when some did not follow. */
static struct err *report(const struct run *run)
{
    struct err *partly = NULL;

    for (size_t i = 0; i < run->members.n; i++) {
        const struct member *member = &run->members.at[i];

        if (!member->e)
            continue;
        log_warn(API, "%s of VM %s: %s", run->action->message, row_uuid(member->vm),
                 err_sentence(member->e));
        if (!partly)
            partly = err_params(ERR_OPERATION_PARTIALLY_FAILED, run->action->message, NULL);
        partly = err_param(partly, row_ref(member->vm));
    }
    return partly;
}

static struct err *run_action(struct call *call, const struct action *action)
{
    struct run run = {.call = call, .action = action};
    struct err *e = gather(&run);

    if (!e && run.members.n)
        qsort(run.members.at, run.members.n, sizeof(run.members.at[0]),
              action->last_first ? by_order_back : by_order);
    if (!e)
        e = run_groups(&run);
    if (!e)
        e = report(&run);
    for (size_t i = 0; i < run.members.n; i++) {
        row_release(run.members.at[i].vm);
        err_free(run.members.at[i].e);
    }
    VEC_FINI(&run.members);
    return e;
}

static struct err *act(struct call *call, struct val *ret_result UNUSED)
{
    const char *ref = arg_text(call, 0);
    int op = 0;
    struct err *e;

    while (strcmp(actions[op].message, call->method->wire_name) != 0)
        op++;
    e = op_begin(call, &vm_appliance_op_rules, ref, op);
    if (e)
        return e;
    e = run_action(call, &actions[op]);
    op_end(call, &vm_appliance_op_rules, ref);
    return e;
}

/* ---- the rest ---- */

/* Its VMs stay. */
static struct err *destroy(struct txn *t, struct call *call, struct val *ret_result UNUSED)
{
    const char *ref = arg_text(call, 0);
    const struct row *appliance;
    struct err *e = txn_need(t, CLASS_VM_APPLIANCE, ref, &appliance);
    autoval struct val vms = val_void();

    if (!e)
        e = op_in_progress(&vm_appliance_op_rules, appliance);
    if (e)
        return e;
    vms = val_ref(row_get(appliance, F_VM_APPLIANCE_VMS));
    for (size_t i = 0; i < val_count(&vms); i++) {
        txn_set(t, CLASS_VM, val_text(val_at(&vms, i)), F_VM_APPLIANCE, val_str(NULL_REF));
        op_refresh(t, &vm_op_rules, val_text(val_at(&vms, i)));
    }
    txn_delete(t, CLASS_VM_APPLIANCE, ref);
    return NULL;
}

/* Both questions concern each VM of the appliance in turn. */
static struct err *about_recovery(struct txn *t, struct call *call, struct val *ret_result)
{
    bool asserts = strcmp(call->method->name, "assert_can_be_recovered") == 0;
    const struct row *appliance;
    const struct val *vms;
    struct err *e = txn_need(t, CLASS_VM_APPLIANCE, arg_text(call, 0), &appliance);

    if (!e)
        e = recovery_check_session(t, arg_text(call, 1));
    if (e)
        return e;
    vms = row_get(appliance, F_VM_APPLIANCE_VMS);
    if (!asserts)
        *ret_result = val_set(0);
    for (size_t i = 0; !e && i < val_count(vms); i++) {
        const struct row *vm = txn_get(t, CLASS_VM, val_text(val_at(vms, i)));

        if (vm && asserts)
            e = recovery_check_storage(t, vm);
        else if (vm)
            recovery_add_srs(t, vm, ret_result);
    }
    return e;
}

const struct body_def vm_appliance_bodies[] = {
    {"VM_appliance.destroy", IN_TXN(destroy)},
    {"VM_appliance.start", act, BODY_NORMAL},
    {"VM_appliance.clean_shutdown", act, BODY_NORMAL},
    {"VM_appliance.hard_shutdown", act, BODY_NORMAL},
    {"VM_appliance.shutdown", act, BODY_NORMAL},
    {"VM_appliance.assert_can_be_recovered", IN_TXN(about_recovery)},
    {"VM_appliance.get_SRs_required_for_recovery", IN_TXN(about_recovery)},
    {0},
};
