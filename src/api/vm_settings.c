// SPDX-License-Identifier: GPL-2.0-or-later
/* VM setters with a rule: one row each. */
#include <string.h>

#include "api/bodies.h"
#include "api/cloud_init.h"
#include "api/setter.h"
#include "api/vm_checks.h"

static void refresh(struct txn *t, const char *ref)
{
    op_refresh(t, &vm_op_rules, ref);
}

/* Both the appliance a VM left and the one it came to. */
static void refresh_appliances(struct txn *t, const char *ref)
{
    size_t n;
    const struct row *const *appliances = txn_list(t, CLASS_VM_APPLIANCE, &n);

    for (size_t i = 0; i < n; i++)
        op_refresh(t, &vm_appliance_op_rules, row_ref(appliances[i]));
    op_refresh(t, &vm_op_rules, ref);
}

/* ---- has_vendor_device ---- */

static struct err *only_halted(struct txn *t UNUSED, const struct row *vm,
                               const struct call *call UNUSED)
{
    if (row_int(vm, F_VM_POWER_STATE) == E_VM_POWER_STATE_HALTED)
        return NULL;
    return vm_bad_power_state(vm, "halted");
}

/* The device is part of version 2 of the virtual hardware. */
static void raise_platform_version(struct txn *t, const char *ref)
{
    const struct row *vm = txn_get(t, CLASS_VM, ref);

    if (row_bool(vm, F_VM_HAS_VENDOR_DEVICE) &&
        row_int(vm, F_VM_HARDWARE_PLATFORM_VERSION) < 2)
        txn_set(t, CLASS_VM, ref, F_VM_HARDWARE_PLATFORM_VERSION, val_int(2));
}

/* ---- high availability ---- */

static struct err *restart_priority(struct txn *t UNUSED, const struct row *vm UNUSED,
                                    const struct call *call)
{
    static const char *const known[] = {"restart", "best-effort", ""};

    for (size_t i = 0; i < ARRAY_SIZE(known); i++)
        if (strcmp(arg_text(call, 1), known[i]) == 0)
            return NULL;
    return invalid_text("ha_restart_priority", arg_text(call, 1));
}

/* ---- shadow memory ---- */

static struct err *at_least_one(struct txn *t UNUSED, const struct row *vm UNUSED,
                                const struct call *call)
{
    if (call->args[1].d >= 1.0)
        return NULL;
    return err_paramf(err_params(ERR_INVALID_VALUE, "multiplier", NULL), "%.15g",
                      call->args[1].d);
}

static void recompute_overhead(struct txn *t, const char *ref)
{
    txn_set(t, CLASS_VM, ref, F_VM_MEMORY_OVERHEAD,
            val_int(vm_memory_overhead(txn_get(t, CLASS_VM, ref))));
}

/* ---- what a VM belongs to: no template, no snapshot, no control domain does ---- */

static struct err *only_plain_vms(struct txn *t UNUSED, const struct row *vm,
                                  const struct call *call UNUSED)
{
    static const struct {
        int field;
        const char *why;
    } special[] = {
        {F_VM_IS_CONTROL_DOMAIN, "This is not for control domains"},
        {F_VM_IS_A_SNAPSHOT, "This is not for snapshots"},
        {F_VM_IS_A_TEMPLATE, "This is not for templates"},
    };

    for (size_t i = 0; i < ARRAY_SIZE(special); i++)
        if (row_bool(vm, special[i].field))
            return err_params(ERR_OPERATION_NOT_ALLOWED, special[i].why, NULL);
    return NULL;
}

static struct err *at_most_one_group(struct txn *t, const struct row *vm,
                                     const struct call *call)
{
    struct err *e = only_plain_vms(t, vm, call);

    if (!e && val_count(&call->args[1]) > 1)
        e = err_params(ERR_TOO_MANY_GROUPS, NULL);
    return e;
}

/* One schedule or another takes a VM's snapshots. */
static struct err *no_other_policy(struct txn *t, const struct row *vm,
                                   const struct call *call)
{
    const char *policy = row_text(vm, F_VM_PROTECTION_POLICY);
    struct err *e = only_plain_vms(t, vm, call);

    if (!e && strcmp(arg_text(call, 1), NULL_REF) != 0 && strcmp(policy, NULL_REF) != 0)
        e = err_params(ERR_VM_ASSIGNED_TO_PROTECTION_POLICY, row_ref(vm), policy, NULL);
    return e;
}

/* ---- the firmware's variables ---- */

/* By the process that runs the firmware, whatever the VM does.  'update': do its Secure
 * Boot certificates fall behind? */
static struct err *set_efi_variables(struct txn *t, struct call *call,
                                     struct val *ret_result UNUSED)
{
    static const int states[] = {
        [E_UPDATE_STATUS_YES] = E_VM_SECUREBOOT_CERTIFICATES_STATE_UPDATE_AVAILABLE,
        [E_UPDATE_STATUS_NO] = E_VM_SECUREBOOT_CERTIFICATES_STATE_OK,
    };
    const char *ref = arg_text(call, 0);
    const struct row *vm;
    struct err *e = txn_need(t, CLASS_VM, ref, &vm);

    if (e)
        return e;
    txn_set(
        t, CLASS_VM, ref, F_VM_NVRAM,
        val_map_with(row_get(vm, F_VM_NVRAM), "EFI-variables", val_ref(&call->args[1])));
    if (arg_int(call, 2) != E_UPDATE_STATUS_UNSPECIFIED)
        txn_set(t, CLASS_VM, ref, F_VM_SECUREBOOT_CERTIFICATES_STATE,
                val_int(states[arg_int(call, 2)]));
    return NULL;
}

#define NVRAM(step)                                                                        \
    SETTER(step, .field = F_VM_NVRAM, .op_rules = &vm_op_rules,                            \
           .op = E_VM_OPERATIONS_CHANGING_NVRAM)

/* ---- what only other kinds of VMs and guests can ---- */

static struct err *query_services(struct txn *t, struct call *call,
                                  struct val *ret_result UNUSED)
{
    const char *ref = arg_text(call, 0);
    struct err *e = op_check(t, &vm_op_rules, ref, E_VM_OPERATIONS_QUERY_SERVICES);

    /* A VM that serves storage or networks to others: none is made here. */
    return e ? e : err_params(ERR_NOT_SYSTEM_DOMAIN, ref, NULL);
}

static struct err *sysprep(struct txn *t, struct call *call, struct val *ret_result UNUSED)
{
    const char *ref = arg_text(call, 0);
    struct err *e = op_check(t, &vm_op_rules, ref, E_VM_OPERATIONS_SYSPREP);

    return e ? e
             : err_params(ERR_SYSPREP, ref, "The guest's agent does not offer sysprep",
                          NULL);
}

/* The whole map, or one key and its value. */
static struct err *other_config(struct txn *t, const struct row *vm,
                                const struct call *call)
{
    return call->method->n_params == 2
               ? cloud_init_check(&call->args[1])
               : cloud_init_check_key(arg_text(call, 1), &call->args[2]);
}

const struct body_def vm_setting_bodies[] = {
    {"VM.set_NVRAM", NVRAM(setter_set)},
    {"VM.add_to_NVRAM", NVRAM(setter_add)},
    {"VM.remove_from_NVRAM", NVRAM(setter_remove)},
    {"VM.set_NVRAM_EFI_variables", IN_TXN(set_efi_variables)},
    {"VM.query_services", IN_TXN(query_services)},
    {"VM.sysprep", IN_TXN(sysprep)},
    {"VM.set_start_delay", SETTER(setter_set, .most = INT64_MAX)},
    {"VM.set_shutdown_delay", SETTER(setter_set, .most = INT64_MAX)},
    {"VM.set_order", SETTER(setter_set, .most = INT64_MAX)},
    {"VM.set_actions_after_crash", SETTER(setter_set)},
    {"VM.set_other_config", SETTER(setter_set, .check = other_config)},
    {"VM.add_to_other_config", SETTER(setter_add, .check = other_config)},
    {"VM.remove_from_other_config", SETTER(setter_remove)},
    {"VM.set_platform", SETTER(setter_set)},
    {"VM.add_to_platform", SETTER(setter_add)},
    {"VM.remove_from_platform", SETTER(setter_remove)},
    {"VM.set_blocked_operations", SETTER(setter_set, .written = refresh)},
    {"VM.add_to_blocked_operations", SETTER(setter_add, .written = refresh)},
    {"VM.remove_from_blocked_operations", SETTER(setter_remove, .written = refresh)},
    {"VM.set_has_vendor_device",
     SETTER(setter_set, .check = only_halted, .written = raise_platform_version)},
    {"VM.set_ha_restart_priority", SETTER(setter_set, .check = restart_priority)},
    {"VM.set_ha_always_run", SETTER(setter_set)},
    {"VM.set_HVM_shadow_multiplier",
     SETTER(setter_set, .op_rules = &vm_op_rules,
            .op = E_VM_OPERATIONS_CHANGING_SHADOW_MEMORY, .check = at_least_one,
            .written = recompute_overhead)},
    {"VM.set_appliance",
     SETTER(setter_set, .check = only_plain_vms, .written = refresh_appliances)},
    {"VM.set_groups", SETTER(setter_set, .check = at_most_one_group)},
    {"VM.set_snapshot_schedule",
     SETTER(setter_set, .check = no_other_policy, .written = refresh)},
    {0},
};
