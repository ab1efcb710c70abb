// SPDX-License-Identifier: GPL-2.0-or-later
/* VM.create, clone, copy, provision and destroy: records come and go; disks by way of
 * lk-stored. */
#include "api/bodies.h"

#include <string.h>

#include "api/blob.h"
#include "api/journal.h"
#include "api/vdi_life.h"
#include "api/vm_checks.h"
#include "api/vm_copy.h"
#include "api/vm_devices.h"
#include "api/vm_provision.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/uuid.h"
#include "model/map_key.h"

/* Fields that a new VM does not take from what it was given. */
static const int fresh_fields[] = {
    F_VM_UUID,
    F_VM_ALLOWED_OPERATIONS,
    F_VM_CURRENT_OPERATIONS,
    F_VM_BLOCKED_OPERATIONS,
    F_VM_IS_DEFAULT_TEMPLATE,
    F_VM_IS_A_SNAPSHOT,
    F_VM_SNAPSHOT_OF,
    F_VM_SNAPSHOT_TIME,
    F_VM_SNAPSHOT_INFO,
    F_VM_SNAPSHOT_METADATA,
    F_VM_TRANSPORTABLE_SNAPSHOT_ID,
    F_VM_PARENT,
    F_VM_METRICS,
    F_VM_GUEST_METRICS,
    F_VM_RESIDENT_ON,
    F_VM_SCHEDULED_TO_BE_RESIDENT_ON,
    F_VM_DOMID,
    F_VM_DOMARCH,
    F_VM_SUSPEND_VDI,
    F_VM_POWER_STATE,
    F_VM_IS_CONTROL_DOMAIN,
    F_VM_BLOBS,
    F_VM_REQUIRES_REBOOT,
    F_VM_MEMORY_OVERHEAD,
};

static bool is_taken(int field)
{
    for (size_t i = 0; i < ARRAY_SIZE(fresh_fields); i++)
        if (fresh_fields[i] == field)
            return false;
    return classes[CLASS_VM].fields[field].relation != REL_DERIVED;
}

/* What every new VM record needs besides its fields. */
static void complete(struct txn *t, const char *ref)
{
    const char *metrics = txn_create(t, CLASS_VM_METRICS);
    const struct row *vm = txn_get(t, CLASS_VM, ref);

    txn_set(t, CLASS_VM, ref, F_VM_METRICS, val_str(metrics));
    txn_set(t, CLASS_VM, ref, F_VM_DOMID, val_int(-1));
    txn_set(t, CLASS_VM, ref, F_VM_MEMORY_OVERHEAD, val_int(vm_memory_overhead(vm)));
    if (row_int(vm, F_VM_DOMAIN_TYPE) == E_DOMAIN_TYPE_UNSPECIFIED)
        txn_set(t, CLASS_VM, ref, F_VM_DOMAIN_TYPE, val_int(vm_domain_type(vm)));
    if (row_bool(vm, F_VM_HAS_VENDOR_DEVICE) &&
        row_int(vm, F_VM_HARDWARE_PLATFORM_VERSION) < 2)
        txn_set(t, CLASS_VM, ref, F_VM_HARDWARE_PLATFORM_VERSION, val_int(2));
    op_refresh(t, &vm_op_rules, ref);
}

/* ---- create ---- */

struct creation {
    const struct val *cells;
    char ref[64];
};

static struct err *create_txn(struct txn *t, void *arg)
{
    struct creation *c = arg;
    const char *ref = txn_create(t, CLASS_VM);
    const struct val *other_config = val_at(c->cells, F_VM_OTHER_CONFIG);

    if (val_at(c->cells, F_VM_POWER_STATE)->i == E_VM_POWER_STATE_SUSPENDED)
        return err_params(ERR_VM_BAD_POWER_STATE, ref, "halted", "suspended", NULL);
    for (int field = 0; field < classes[CLASS_VM].n_fields; field++)
        if (is_taken(field))
            txn_set(t, CLASS_VM, ref, field, val_ref(val_at(c->cells, (size_t)field)));
    if (!map_key_is_set(other_config, KEY_VM_OTHER_CONFIG_MAC_SEED))
        txn_set(t, CLASS_VM, ref, F_VM_OTHER_CONFIG,
                map_key_with(other_config, KEY_VM_OTHER_CONFIG_MAC_SEED,
                             val_str(uuid_new().text)));
    complete(t, ref);
    snprintf(c->ref, sizeof(c->ref), "%s", ref);
    return NULL;
}

static struct err *vm_create(struct call *call, struct val *ret_result)
{
    struct creation c = {.cells = &call->args[0]};
    struct err *e = db_run(call->db, create_txn, &c);

    if (!e)
        *ret_result = val_str(c.ref);
    return e;
}

/* ---- clone and copy ---- */

/* Copies the disks first (they take time and can fail), then the records in one step. */
static struct err *copy_vm(struct call *call, const char *sr_ref, struct val *ret_result)
{
    struct vm_copying c = {.name = arg_text(call, 1)};
    struct vdi_copies copies = {0};
    autoptr(row) source = NULL;
    struct err *e = db_need(call->db, CLASS_VM, arg_text(call, 0), &source);

    if (e)
        return e;
    c.source = source;
    c.disks = &copies;
    e = vm_devices_copy_disks(call, source, sr_ref, &copies);
    if (!e)
        e = journal_commit(call, vm_copy_txn, &c);
    if (!e)
        *ret_result = val_str(c.ref);
    vdi_copies_fini(&copies);
    return e;
}

static struct err *copy_under(struct call *call, int op, const char *sr_ref,
                              struct val *ret_result)
{
    const char *ref = arg_text(call, 0);
    struct err *e = op_begin(call, &vm_op_rules, ref, op);

    if (e)
        return e;
    e = copy_vm(call, sr_ref, ret_result);
    op_end(call, &vm_op_rules, ref);
    return e;
}

static struct err *vm_clone(struct call *call, struct val *ret_result)
{
    return copy_under(call, E_VM_OPERATIONS_CLONE, NULL, ret_result);
}

static struct err *vm_copy(struct call *call, struct val *ret_result)
{
    autoptr(row) sr = db_get(call->db, CLASS_SR, arg_text(call, 2));

    if (sr && strcmp(row_text(sr, F_SR_CONTENT_TYPE), "iso") == 0)
        return err_params(ERR_OPERATION_NOT_ALLOWED, "Disks cannot be copied to an ISO SR",
                          NULL);
    return copy_under(call, E_VM_OPERATIONS_COPY, sr ? row_ref(sr) : "", ret_result);
}

/* ---- provision ---- */

static struct err *become_vm_txn(struct txn *t, void *arg)
{
    const char *ref = arg;
    const struct row *vm = txn_get(t, CLASS_VM, ref);

    if (!vm)
        return err_params(ERR_HANDLE_INVALID, "VM", ref, NULL);
    txn_set(t, CLASS_VM, ref, F_VM_IS_A_TEMPLATE, val_bool(false));
    txn_set(t, CLASS_VM, ref, F_VM_OTHER_CONFIG,
            map_key_without(row_get(vm, F_VM_OTHER_CONFIG), KEY_VM_OTHER_CONFIG_DISKS));
    if (txn_get(t, CLASS_VM_METRICS, row_text(vm, F_VM_METRICS)))
        txn_set(t, CLASS_VM_METRICS, row_text(vm, F_VM_METRICS), F_VM_METRICS_INSTALL_TIME,
                val_int(clock_wall_seconds()));
    vm_ops_refresh(t, ref);
    return NULL;
}

static struct err *vm_provision(struct call *call, struct val *ret_result)
{
    const char *ref = arg_text(call, 0);
    struct err *e = op_begin(call, &vm_op_rules, ref, E_VM_OPERATIONS_PROVISION);

    if (e)
        return e;
    e = vm_provision_disks(call, ref);
    if (!e)
        e = journal_commit(call, become_vm_txn, (void *)ref);
    op_end(call, &vm_op_rules, ref);
    return e;
}

/* ---- destroy ---- */

static struct err *destroy_txn(struct txn *t, void *arg)
{
    struct call *call = arg;
    const char *ref = arg_text(call, 0);
    autofree char *appliance = NULL;
    const struct row *vm;
    struct err *e = txn_need(t, CLASS_VM, ref, &vm);

    if (!e)
        e = op_check(t, &vm_op_rules, ref, E_VM_OPERATIONS_DESTROY);
    if (e)
        return e;
    if (!row_bool(vm, F_VM_IS_A_TEMPLATE) &&
        map_key_is_on(row_get(vm, F_VM_OTHER_CONFIG), KEY_VM_OTHER_CONFIG_DEFAULT_TEMPLATE))
        return err_params(ERR_VM_CANNOT_DELETE_DEFAULT_TEMPLATE, ref, NULL);
    vm_devices_delete(t, vm);
    vm_copy_reparent(t, vm);
    blobs_delete(t, row_get(vm, F_VM_BLOBS));
    txn_delete(t, CLASS_VM_METRICS, row_text(vm, F_VM_METRICS));
    if (txn_get(t, CLASS_VM_GUEST_METRICS, row_text(vm, F_VM_GUEST_METRICS)))
        txn_delete(t, CLASS_VM_GUEST_METRICS, row_text(vm, F_VM_GUEST_METRICS));
    appliance = xstrdup(row_text(vm, F_VM_APPLIANCE));
    txn_delete(t, CLASS_VM, ref);
    op_refresh(t, &vm_appliance_op_rules, appliance);
    return NULL;
}

static struct err *vm_destroy(struct call *call, struct val *ret_result)
{
    autoptr(row) vm = db_get(call->db, CLASS_VM, arg_text(call, 0));
    autoptr(row) image =
        vm ? db_get(call->db, CLASS_VDI, row_text(vm, F_VM_SUSPEND_VDI)) : NULL;
    struct err *e = db_run(call->db, destroy_txn, call);

    if (!e && image)
        err_ignore(vdi_life_destroy(call, row_ref(image)), "it stays on its SR as a VDI");
    return e;
}

const struct body_def vm_create_bodies[] = {
    {"VM.create", vm_create, BODY_NORMAL},   {"VM.clone", vm_clone, BODY_NORMAL},
    {"VM.copy", vm_copy, BODY_NORMAL},       {"VM.provision", vm_provision, BODY_NORMAL},
    {"VM.destroy", vm_destroy, BODY_NORMAL}, {0},
};
