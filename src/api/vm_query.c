// SPDX-License-Identifier: GPL-2.0-or-later
/* Questions about a VM: what would fit, what it needs, what it was when it booted. */
#include <string.h>

#include "api/bodies.h"
#include "api/boot_record.h"
#include "api/ops.h"
#include "api/recovery.h"
#include "api/setter.h"
#include "api/vm_checks.h"
#include "model/map_key.h"

#define MIB (INT64_C(1) << 20)
/* How many vCPUs an approximation provides for. */
#define GENEROUS_VCPUS 64

/* ---- memory ---- */

static bool fits(const struct row *vm, int64_t vcpus, int64_t mib, int64_t total)
{
    return mib * MIB + vm_memory_overhead_with(vm, vcpus, mib * MIB) <= total;
}

static struct err *maximise_memory(struct txn *t, struct call *call, struct val *ret_result)
{
    int64_t total = arg_int(call, 1), vcpus, least = 0, most = total / MIB;
    const struct row *vm;
    struct err *e = txn_need(t, CLASS_VM, arg_text(call, 0), &vm);

    if (!e && total < 0)
        e = invalid_int("total", total);
    if (e)
        return e;
    vcpus = arg_bool(call, 2) ? GENEROUS_VCPUS : row_int(vm, F_VM_VCPUS_MAX);
    while (least < most) {
        int64_t middle = least + (most - least + 1) / 2;

        if (fits(vm, vcpus, middle, total))
            least = middle;
        else
            most = middle - 1;
    }
    *ret_result = val_int(least * MIB);
    return NULL;
}

static struct err *get_cooperative(struct txn *t, struct call *call, struct val *ret_result)
{
    const struct row *vm;
    struct err *e = txn_need(t, CLASS_VM, arg_text(call, 0), &vm);

    if (!e)
        *ret_result = val_bool(true);
    return e;
}

/* ---- could it run on another host? ---- */

static struct err *check_networks_shared(struct txn *t, const struct row *vm)
{
    const struct val *vifs = row_get(vm, F_VM_VIFS);
    size_t n_hosts;

    txn_list(t, CLASS_HOST, &n_hosts);
    for (size_t i = 0; i < val_count(vifs); i++) {
        const struct row *vif = txn_get(t, CLASS_VIF, val_text(val_at(vifs, i))), *network;

        network = vif ? txn_get(t, CLASS_NETWORK, row_text(vif, F_VIF_NETWORK)) : NULL;
        if (!network || val_count(row_get(network, F_NETWORK_PIFS)) >= n_hosts ||
            map_key_is_on(row_get(network, F_NETWORK_OTHER_CONFIG),
                          KEY_NETWORK_OTHER_CONFIG_ASSUME_NETWORK_IS_SHARED))
            continue;
        return err_params(ERR_HA_CONSTRAINT_VIOLATION_NETWORK_NOT_SHARED, row_ref(network),
                          NULL);
    }
    return NULL;
}

static struct err *check_storage_shared(struct txn *t, const struct row *vm)
{
    const struct val *vbds = row_get(vm, F_VM_VBDS);

    for (size_t i = 0; i < val_count(vbds); i++) {
        const struct row *vbd = txn_get(t, CLASS_VBD, val_text(val_at(vbds, i))), *vdi, *sr;

        vdi = vbd ? txn_get(t, CLASS_VDI, row_text(vbd, F_VBD_VDI)) : NULL;
        sr = vdi ? txn_get(t, CLASS_SR, row_text(vdi, F_VDI_SR)) : NULL;
        if (sr && !row_bool(sr, F_SR_SHARED))
            return err_params(ERR_HA_CONSTRAINT_VIOLATION_SR_NOT_SHARED, row_ref(sr), NULL);
    }
    return NULL;
}

static struct err *assert_agile(struct txn *t, struct call *call,
                                struct val *ret_result UNUSED)
{
    static const struct {
        int field;
        enum err_code code;
    } devices[] = {
        {F_VM_ATTACHED_PCIS, ERR_VM_HAS_PCI_ATTACHED},
        {F_VM_VGPUS, ERR_VM_HAS_VGPU},
        {F_VM_VUSBS, ERR_VM_HAS_VUSBS},
    };
    const struct row *vm;
    struct err *e = txn_need(t, CLASS_VM, arg_text(call, 0), &vm);

    if (!e)
        e = check_storage_shared(t, vm);
    if (!e)
        e = check_networks_shared(t, vm);
    for (size_t i = 0; !e && i < ARRAY_SIZE(devices); i++)
        if (val_count(row_get(vm, devices[i].field)))
            e = err_params(devices[i].code, row_ref(vm), NULL);
    return e;
}

/* ---- recovery ---- */

static struct err *assert_can_be_recovered(struct txn *t, struct call *call,
                                           struct val *ret_result UNUSED)
{
    const struct row *vm;
    struct err *e = txn_need(t, CLASS_VM, arg_text(call, 0), &vm);

    if (!e && strcmp(row_text(vm, F_VM_APPLIANCE), NULL_REF) != 0)
        e = err_params(ERR_VM_IS_PART_OF_AN_APPLIANCE, row_ref(vm),
                       row_text(vm, F_VM_APPLIANCE), NULL);
    if (!e)
        e = recovery_check_session(t, arg_text(call, 1));
    return e ? e : recovery_check_storage(t, vm);
}

static struct err *get_srs_required(struct txn *t, struct call *call,
                                    struct val *ret_result)
{
    const struct row *vm;
    struct err *e = txn_need(t, CLASS_VM, arg_text(call, 0), &vm);

    if (!e)
        e = recovery_check_session(t, arg_text(call, 1));
    if (e)
        return e;
    *ret_result = val_set(0);
    recovery_add_srs(t, vm, ret_result);
    return NULL;
}

/* ---- what it was ---- */

static struct err *get_boot_record(struct txn *t, struct call *call, struct val *ret_result)
{
    const char *ref = arg_text(call, 0);
    const struct row *vm;
    struct err *e = op_check(t, &vm_op_rules, ref, E_VM_OPERATIONS_GET_BOOT_RECORD);

    if (!e)
        e = txn_need(t, CLASS_VM, ref, &vm);
    if (!e)
        *ret_result = boot_record_read(vm);
    return e;
}

static struct err *update_snapshot_metadata(struct txn *t, struct call *call,
                                            struct val *ret_result UNUSED)
{
    const char *ref = arg_text(call, 0);
    const struct row *vm, *of;
    struct err *e = txn_need(t, CLASS_VM, ref, &vm);

    if (!e)
        e = txn_need(t, CLASS_VM, arg_text(call, 1), &of);
    if (e)
        return e;
    txn_set(t, CLASS_VM, ref, F_VM_IS_A_SNAPSHOT, val_bool(true));
    txn_set(t, CLASS_VM, ref, F_VM_SNAPSHOT_OF, val_ref(&call->args[1]));
    txn_set(t, CLASS_VM, ref, F_VM_SNAPSHOT_TIME, val_ref(&call->args[2]));
    txn_set(t, CLASS_VM, ref, F_VM_TRANSPORTABLE_SNAPSHOT_ID, val_ref(&call->args[3]));
    op_refresh(t, &vm_op_rules, ref);
    return NULL;
}

/* ---- Secure Boot ---- */

/* No firmware with certificates of its own is offered yet: a VM that asks for Secure Boot
 * would find none. */
static struct err *get_secureboot_readiness(struct txn *t, struct call *call,
                                            struct val *ret_result)
{
    const struct row *vm;
    struct err *e = txn_need(t, CLASS_VM, arg_text(call, 0), &vm);
    int readiness = E_VM_SECUREBOOT_READINESS_CERTS_INCOMPLETE;

    if (e)
        return e;
    if (!STREQ(map_key_text(row_get(vm, F_VM_HVM_BOOT_PARAMS),
                            KEY_VM_HVM_BOOT_PARAMS_FIRMWARE),
               "uefi"))
        readiness = E_VM_SECUREBOOT_READINESS_NOT_SUPPORTED;
    else if (!map_key_is_on(row_get(vm, F_VM_PLATFORM), KEY_VM_PLATFORM_SECUREBOOT))
        readiness = E_VM_SECUREBOOT_READINESS_DISABLED;
    *ret_result = val_int(readiness);
    return NULL;
}

const struct body_def vm_query_bodies[] = {
    {"VM.maximise_memory", IN_TXN(maximise_memory)},
    {"VM.get_cooperative", IN_TXN(get_cooperative)},
    {"VM.assert_agile", IN_TXN(assert_agile)},
    {"VM.assert_can_be_recovered", IN_TXN(assert_can_be_recovered)},
    {"VM.get_SRs_required_for_recovery", IN_TXN(get_srs_required)},
    {"VM.get_boot_record", IN_TXN(get_boot_record)},
    {"VM.update_snapshot_metadata", IN_TXN(update_snapshot_metadata)},
    {"VM.get_secureboot_readiness", IN_TXN(get_secureboot_readiness)},
    {0},
};
