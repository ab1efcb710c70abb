// SPDX-License-Identifier: GPL-2.0-or-later
/* VM messages about what a VM is: memory, vCPUs, template marks, its type; and questions
 * about it.  Setters with no more than a rule are in vm_settings.c. */
#include "api/bodies.h"

#include <string.h>

#include "api/ops.h"
#include "api/vm_checks.h"
#include "api/vm_live.h"
#include "base/clock.h"
#include "base/log.h"
#include "model/map_key.h"
#include "rpc/manager.h"

/* ---- memory ---- */

struct memory {
    struct call *call;
    int op;
    int64_t static_min, dynamic_min, dynamic_max, static_max; /* -1: as it is */
};

static int64_t or_now(int64_t wanted, const struct row *vm, int field)
{
    return wanted >= 0 ? wanted : row_int(vm, field);
}

static struct err *memory_txn(struct txn *t, void *arg)
{
    const struct memory *m = arg;
    const char *ref = arg_text(m->call, 0);
    int64_t static_min, dynamic_min, dynamic_max, static_max;
    const struct row *vm;
    struct err *e = txn_need(t, CLASS_VM, ref, &vm);

    if (!e)
        e = op_check(t, &vm_op_rules, ref, m->op);
    if (e)
        return e;
    static_min = or_now(m->static_min, vm, F_VM_MEMORY_STATIC_MIN);
    dynamic_min = or_now(m->dynamic_min, vm, F_VM_MEMORY_DYNAMIC_MIN);
    dynamic_max = or_now(m->dynamic_max, vm, F_VM_MEMORY_DYNAMIC_MAX);
    static_max = or_now(m->static_max, vm, F_VM_MEMORY_STATIC_MAX);
    e = vm_check_memory_order(static_min, dynamic_min, dynamic_max, static_max);
    if (e)
        return e;
    txn_set(t, CLASS_VM, ref, F_VM_MEMORY_STATIC_MIN, val_int(static_min));
    txn_set(t, CLASS_VM, ref, F_VM_MEMORY_DYNAMIC_MIN, val_int(dynamic_min));
    txn_set(t, CLASS_VM, ref, F_VM_MEMORY_DYNAMIC_MAX, val_int(dynamic_max));
    txn_set(t, CLASS_VM, ref, F_VM_MEMORY_STATIC_MAX, val_int(static_max));
    txn_set(t, CLASS_VM, ref, F_VM_MEMORY_OVERHEAD,
            val_int(vm_memory_overhead(txn_get(t, CLASS_VM, ref))));
    return NULL;
}

/* Sizes a caller gives; the field names are for the error. */
static struct err *set_memory(struct call *call, int op, int64_t static_min,
                              int64_t dynamic_min, int64_t dynamic_max, int64_t static_max)
{
    struct memory m = {call, op, static_min, dynamic_min, dynamic_max, static_max};

    for (size_t i = 1; i < call->method->n_params; i++)
        if (arg_int(call, i) < 0)
            return err_paramf(
                err_params(ERR_INVALID_VALUE, call->method->params[i].name, NULL), "%lld",
                (long long)arg_int(call, i));
    return db_run(call->db, memory_txn, &m);
}

static struct err *vm_set_memory(struct call *call, struct val *ret_result)
{
    int64_t v = arg_int(call, 1);

    return set_memory(call, E_VM_OPERATIONS_CHANGING_MEMORY_LIMITS, -1, v, v, v);
}

static struct err *vm_set_memory_limits(struct call *call, struct val *ret_result)
{
    /* Arguments: static_min, static_max, dynamic_min, dynamic_max */
    return set_memory(call, E_VM_OPERATIONS_CHANGING_MEMORY_LIMITS, arg_int(call, 1),
                      arg_int(call, 3), arg_int(call, 4), arg_int(call, 2));
}

static struct err *vm_set_memory_static_range(struct call *call, struct val *ret_result)
{
    return set_memory(call, E_VM_OPERATIONS_CHANGING_STATIC_RANGE, arg_int(call, 1), -1, -1,
                      arg_int(call, 2));
}

static struct err *vm_set_memory_static_min(struct call *call, struct val *ret_result)
{
    return set_memory(call, E_VM_OPERATIONS_CHANGING_STATIC_RANGE, arg_int(call, 1), -1, -1,
                      -1);
}

static struct err *vm_set_memory_static_max(struct call *call, struct val *ret_result)
{
    return set_memory(call, E_VM_OPERATIONS_CHANGING_STATIC_RANGE, -1, -1, -1,
                      arg_int(call, 1));
}

static struct err *restore_txn(struct txn *t, void *arg)
{
    const struct row *old = arg;

    if (!txn_get(t, CLASS_VM, row_ref(old)))
        return NULL;
    txn_set(t, CLASS_VM, row_ref(old), F_VM_MEMORY_DYNAMIC_MIN,
            val_ref(row_get(old, F_VM_MEMORY_DYNAMIC_MIN)));
    txn_set(t, CLASS_VM, row_ref(old), F_VM_MEMORY_DYNAMIC_MAX,
            val_ref(row_get(old, F_VM_MEMORY_DYNAMIC_MAX)));
    return NULL;
}

/* A running VM's guest is told, or the range stays what it was. */
static struct err *set_dynamic(struct call *call, int64_t dynamic_min, int64_t dynamic_max)
{
    autoptr(row) vm = NULL;
    struct err *e = db_need(call->db, CLASS_VM, arg_text(call, 0), &vm);

    if (!e)
        e = set_memory(call, E_VM_OPERATIONS_CHANGING_DYNAMIC_RANGE, -1, dynamic_min,
                       dynamic_max, -1);
    if (e || row_int(vm, F_VM_POWER_STATE) != E_VM_POWER_STATE_RUNNING ||
        row_bool(vm, F_VM_IS_CONTROL_DOMAIN))
        return e;
    e = vm_live_memory(call, row_ref(vm));
    if (e)
        err_ignore(db_run(call->db, restore_txn, vm), "the change is refused all the same");
    return e;
}

static struct err *vm_set_memory_dynamic_range(struct call *call, struct val *ret_result)
{
    return set_dynamic(call, arg_int(call, 1), arg_int(call, 2));
}

static struct err *vm_set_memory_dynamic_min(struct call *call, struct val *ret_result)
{
    return set_dynamic(call, arg_int(call, 1), -1);
}

static struct err *vm_set_memory_dynamic_max(struct call *call, struct val *ret_result)
{
    return set_dynamic(call, -1, arg_int(call, 1));
}

static struct err *vm_compute_memory_overhead(struct call *call, struct val *ret_result)
{
    autoptr(row) vm = NULL;
    struct err *e = db_need(call->db, CLASS_VM, arg_text(call, 0), &vm);

    if (!e)
        *ret_result = val_int(vm_memory_overhead(vm));
    return e;
}

/* ---- vCPUs ---- */

static struct err *vcpus_txn(struct txn *t, void *arg)
{
    struct call *call = arg;
    bool is_max = strcmp(call->method->name, "set_VCPUs_max") == 0;
    const char *ref = arg_text(call, 0);
    int64_t n = arg_int(call, 1);
    const struct row *vm;
    struct err *e = txn_need(t, CLASS_VM, ref, &vm);

    if (!e)
        e = op_check(t, &vm_op_rules, ref, E_VM_OPERATIONS_CHANGING_VCPUS);
    if (e)
        return e;
    if (n < 1 ||
        (is_max ? n < row_int(vm, F_VM_VCPUS_AT_STARTUP) : n > row_int(vm, F_VM_VCPUS_MAX)))
        return err_paramf(
            err_params(ERR_INVALID_VALUE, is_max ? "VCPUs_max" : "VCPUs_at_startup", NULL),
            "%lld", (long long)n);
    txn_set(t, CLASS_VM, ref, is_max ? F_VM_VCPUS_MAX : F_VM_VCPUS_AT_STARTUP, val_int(n));
    txn_set(t, CLASS_VM, ref, F_VM_MEMORY_OVERHEAD,
            val_int(vm_memory_overhead(txn_get(t, CLASS_VM, ref))));
    return NULL;
}

static struct err *vm_set_vcpus(struct call *call, struct val *ret_result)
{
    return db_run(call->db, vcpus_txn, call);
}

/* ---- templates, firmware, domain type ---- */

static struct err *template_txn(struct txn *t, void *arg)
{
    struct call *call = arg;
    const char *ref = arg_text(call, 0);
    bool is_default = strcmp(call->method->name, "set_is_default_template") == 0,
         on = arg_bool(call, 1);
    const struct row *vm;
    struct err *e = txn_need(t, CLASS_VM, ref, &vm);

    if (!e && on && !row_bool(vm, F_VM_IS_A_TEMPLATE))
        e = op_check(t, &vm_op_rules, ref, E_VM_OPERATIONS_MAKE_INTO_TEMPLATE);
    if (!e && on && strcmp(row_text(vm, F_VM_HA_RESTART_PRIORITY), "restart") == 0)
        e = err_params(ERR_VM_IS_PROTECTED, ref, NULL);
    if (e)
        return e;
    if (on)
        txn_set(t, CLASS_VM, ref, F_VM_HA_ALWAYS_RUN, val_bool(false));
    if (is_default) {
        txn_set(t, CLASS_VM, ref, F_VM_IS_DEFAULT_TEMPLATE, val_bool(on));
        txn_set(t, CLASS_VM, ref, F_VM_OTHER_CONFIG,
                map_key_with(row_get(vm, F_VM_OTHER_CONFIG),
                             KEY_VM_OTHER_CONFIG_DEFAULT_TEMPLATE,
                             val_str(on ? "true" : "false")));
    }
    if (!is_default || on)
        txn_set(t, CLASS_VM, ref, F_VM_IS_A_TEMPLATE, val_bool(on));
    if (!on && txn_get(t, CLASS_VM_METRICS, row_text(vm, F_VM_METRICS)))
        txn_set(t, CLASS_VM_METRICS, row_text(vm, F_VM_METRICS), F_VM_METRICS_INSTALL_TIME,
                val_int(clock_wall_seconds()));
    vm_ops_refresh(t, ref);
    return NULL;
}

static struct err *vm_set_template(struct call *call, struct val *ret_result)
{
    return db_run(call->db, template_txn, call);
}

static struct err *type_txn(struct txn *t, void *arg)
{
    struct call *call = arg;
    const char *ref = arg_text(call, 0);
    bool by_policy = strcmp(call->method->name, "set_HVM_boot_policy") == 0;
    const struct row *vm;
    struct err *e = txn_need(t, CLASS_VM, ref, &vm);

    if (e)
        return e;
    if (by_policy) {
        txn_set(t, CLASS_VM, ref, F_VM_HVM_BOOT_POLICY, val_ref(&call->args[1]));
        txn_set(t, CLASS_VM, ref, F_VM_DOMAIN_TYPE,
                val_int(*arg_text(call, 1) ? E_DOMAIN_TYPE_HVM : E_DOMAIN_TYPE_PV));
        return NULL;
    }
    if (arg_int(call, 1) == E_DOMAIN_TYPE_UNSPECIFIED)
        return err_params(ERR_INVALID_VALUE, "domain_type", "unspecified", NULL);
    txn_set(t, CLASS_VM, ref, F_VM_DOMAIN_TYPE, val_ref(&call->args[1]));
    txn_set(t, CLASS_VM, ref, F_VM_HVM_BOOT_POLICY,
            val_str(arg_int(call, 1) == E_DOMAIN_TYPE_HVM ? "BIOS order" : ""));
    return NULL;
}

static struct err *vm_set_type(struct call *call, struct val *ret_result)
{
    return db_run(call->db, type_txn, call);
}

/* ---- questions ---- */

static struct err *valid_txn(struct txn *t, void *arg)
{
    struct call *call = arg;

    return op_check(t, &vm_op_rules, arg_text(call, 0), (int)arg_int(call, 1));
}

static struct err *vm_assert_operation_valid(struct call *call, struct val *ret_result)
{
    return db_run(call->db, valid_txn, call);
}

static struct err *refresh_txn(struct txn *t, void *arg)
{
    struct call *call = arg;
    const struct row *vm;
    struct err *e = txn_need(t, CLASS_VM, arg_text(call, 0), &vm);

    if (!e)
        vm_ops_refresh(t, arg_text(call, 0));
    return e;
}

static struct err *vm_update_allowed_operations(struct call *call, struct val *ret_result)
{
    return db_run(call->db, refresh_txn, call);
}

static struct err *boot_here_txn(struct txn *t, void *arg)
{
    struct call *call = arg;
    const struct row *vm;
    struct err *e = txn_need(t, CLASS_VM, arg_text(call, 0), &vm);

    return e ? e : vm_check_can_boot(t, vm, arg_text(call, 1));
}

static struct err *vm_assert_can_boot_here(struct call *call, struct val *ret_result)
{
    return db_run(call->db, boot_here_txn, call);
}

static struct err *vm_get_possible_hosts(struct call *call, struct val *ret_result)
{
    autorows hosts = {0};

    db_list(call->db, CLASS_HOST, &hosts);
    *ret_result = val_set(hosts.n);
    for (size_t i = 0; i < hosts.n; i++)
        if (row_bool(hosts.at[i], F_HOST_ENABLED))
            val_push(ret_result, val_str(row_ref(hosts.at[i])));
    return NULL;
}

const struct body_def vm_field_bodies[] = {
    {"VM.set_memory", vm_set_memory, BODY_NORMAL},
    {"VM.set_memory_limits", vm_set_memory_limits, BODY_NORMAL},
    {"VM.set_memory_static_range", vm_set_memory_static_range, BODY_NORMAL},
    {"VM.set_memory_static_min", vm_set_memory_static_min, BODY_NORMAL},
    {"VM.set_memory_static_max", vm_set_memory_static_max, BODY_NORMAL},
    {"VM.set_memory_dynamic_range", vm_set_memory_dynamic_range, BODY_NORMAL},
    {"VM.set_memory_dynamic_min", vm_set_memory_dynamic_min, BODY_NORMAL},
    {"VM.set_memory_dynamic_max", vm_set_memory_dynamic_max, BODY_NORMAL},
    {"VM.compute_memory_overhead", vm_compute_memory_overhead, BODY_INLINE},
    {"VM.set_VCPUs_max", vm_set_vcpus, BODY_NORMAL},
    {"VM.set_VCPUs_at_startup", vm_set_vcpus, BODY_NORMAL},
    {"VM.set_is_a_template", vm_set_template, BODY_NORMAL},
    {"VM.set_is_default_template", vm_set_template, BODY_NORMAL},
    {"VM.set_domain_type", vm_set_type, BODY_NORMAL},
    {"VM.set_HVM_boot_policy", vm_set_type, BODY_NORMAL},
    {"VM.assert_operation_valid", vm_assert_operation_valid, BODY_NORMAL},
    {"VM.update_allowed_operations", vm_update_allowed_operations, BODY_NORMAL},
    {"VM.assert_can_boot_here", vm_assert_can_boot_here, BODY_NORMAL},
    {"VM.get_possible_hosts", vm_get_possible_hosts, BODY_INLINE},
    {0},
};
