// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/vm_live.h"

#include <string.h>

#include "api/bodies.h"
#include "api/ops.h"
#include "api/setter.h"
#include "base/clock.h"
#include "rpc/agents.h"
#include "rpc/manager.h"

#define MOMENT_MS 3000  /* a guest that can follow does it in less */
#define WAIT_MS   60000 /* of wait_memory_target_live */
#define LOOK_MS   200
#define NEAR      (INT64_C(4) << 20)

static struct err *tell(struct manager *m, const struct row *vm, const char *verb,
                        const char *name, int64_t value)
{
    struct val params = val_map(2);

    val_put_str(&params, "vm", val_str(row_uuid(vm)));
    val_put_str(&params, name, val_int(value));
    return agents_call(m->agents, AGENT_VMD, verb, params, NULL, 0, 0, NULL, NULL, NULL);
}

/* ---- figures ---- */

struct figure {
    const char *vm_ref;
    int field;
    int64_t value;
};

static struct err *figure_txn(struct txn *t, void *arg)
{
    const struct figure *f = arg;
    const struct row *vm = txn_get(t, CLASS_VM, f->vm_ref);
    const char *metrics = vm ? row_text(vm, F_VM_METRICS) : NULL_REF;

    if (txn_get(t, CLASS_VM_METRICS, metrics))
        txn_set(t, CLASS_VM_METRICS, metrics, f->field, val_int(f->value));
    return NULL;
}

static struct err *note(struct call *call, const char *vm_ref, int field, int64_t value)
{
    struct figure figure = {vm_ref, field, value};

    return db_run(call->db, figure_txn, &figure);
}

static struct err *ask_memory(struct call *call, const struct row *vm, int64_t *ret_actual)
{
    struct val params = val_map(1);
    autoval struct val answer = val_void();
    const struct val *actual;
    struct err *e;

    val_put_str(&params, "vm", val_str(row_uuid(vm)));
    e = agents_call(call->manager->agents, AGENT_VMD, "vm.stat", params, NULL, 0, 0,
                    &answer, NULL, NULL);
    actual = e ? NULL : val_find(&answer, "memory_actual");
    *ret_actual = actual && actual->kind == VAL_INT ? actual->i : 0;
    return e;
}

/* ---- memory ---- */

static bool is_near(int64_t actual, int64_t target)
{
    return actual - target <= NEAR && target - actual <= NEAR;
}

/* Looks until the guest has what it is to have, or the time is over. */
static struct err *watch(struct call *call, const struct row *vm, uint64_t ms,
                         bool *ret_is_there)
{
    uint64_t deadline = clock_monotonic_ms() + ms;
    int64_t target = row_int(vm, F_VM_MEMORY_DYNAMIC_MAX), actual = 0;
    struct err *e;

    do {
        e = ask_memory(call, vm, &actual);
        *ret_is_there = !e && is_near(actual, target);
    } while (!e && !*ret_is_there && clock_monotonic_ms() < deadline &&
             !task_wait_cancel(call->task, LOOK_MS));
    return e ? e : note(call, row_ref(vm), F_VM_METRICS_MEMORY_ACTUAL, actual);
}

struct err *vm_live_memory(struct call *call, const char *vm_ref)
{
    autoptr(row) vm = NULL;
    bool is_there;
    struct err *e = db_need(call->db, CLASS_VM, vm_ref, &vm);

    if (!e)
        e = tell(call->manager, vm, "vm.memory", "target",
                 row_int(vm, F_VM_MEMORY_DYNAMIC_MAX));
    return e ? e : watch(call, vm, MOMENT_MS, &is_there);
}

struct err *vm_live_begin(struct manager *m, const struct row *vm)
{
    int64_t target = row_int(vm, F_VM_MEMORY_DYNAMIC_MAX);

    if (target >= row_int(vm, F_VM_MEMORY_STATIC_MAX) || target <= 0)
        return NULL;
    return tell(m, vm, "vm.memory", "target", target);
}

static struct err *need_running(struct call *call, struct row **ret_vm)
{
    struct err *e = db_need(call->db, CLASS_VM, arg_text(call, 0), ret_vm);

    if (!e && row_int(*ret_vm, F_VM_POWER_STATE) != E_VM_POWER_STATE_RUNNING)
        e = vm_bad_power_state(*ret_vm, "running");
    return e;
}

static struct err *wait_memory_target_live(struct call *call, struct val *ret_result)
{
    autoptr(row) vm = NULL;
    bool is_there = false;
    struct err *e = need_running(call, &vm);

    if (!e)
        e = watch(call, vm, WAIT_MS, &is_there);
    if (!e)
        e = task_check_cancel(call->task);
    return e || is_there ? e : err_params(ERR_VM_MEMORY_TARGET_WAIT_TIMEOUT, NULL);
}

/* As the API says: it had a meaning once. */
static struct err *set_memory_target_live(struct call *call, struct val *ret_result)
{
    autoptr(row) vm = NULL;

    return db_need(call->db, CLASS_VM, arg_text(call, 0), &vm);
}

/* ---- vCPUs ---- */

static struct err *at_startup_txn(struct txn *t, void *arg)
{
    const struct figure *f = arg;

    txn_set(t, CLASS_VM, f->vm_ref, F_VM_VCPUS_AT_STARTUP, val_int(f->value));
    return figure_txn(t, arg);
}

static struct err *change_vcpus(struct call *call, const char *ref, int64_t n)
{
    struct figure figure = {ref, F_VM_METRICS_VCPUS_NUMBER, n};
    autoptr(row) vm = NULL;
    struct err *e = db_need(call->db, CLASS_VM, ref, &vm);

    if (!e && (n < 1 || n > row_int(vm, F_VM_VCPUS_MAX)))
        e = invalid_int("nvcpu", n);
    if (!e)
        e = tell(call->manager, vm, "vm.vcpus", "number", n);
    return e ? e : db_run(call->db, at_startup_txn, &figure);
}

static struct err *set_vcpus_number_live(struct call *call, struct val *ret_result)
{
    const char *ref = arg_text(call, 0);
    struct err *e = op_begin(call, &vm_op_rules, ref, E_VM_OPERATIONS_CHANGING_VCPUS_LIVE);

    if (e)
        return e;
    e = change_vcpus(call, ref, arg_int(call, 1));
    op_end(call, &vm_op_rules, ref);
    return e;
}

const struct body_def vm_live_bodies[] = {
    {"VM.set_memory_target_live", set_memory_target_live, BODY_NORMAL},
    {"VM.wait_memory_target_live", wait_memory_target_live, BODY_NORMAL},
    {"VM.set_VCPUs_number_live", set_vcpus_number_live, BODY_NORMAL},
    {0},
};
