// SPDX-License-Identifier: GPL-2.0-or-later
/* Which operations a VBD and a VIF allow.  The order of the checks is part of the API. */
#include "api/ops.h"

#include <string.h>

#define VBD_OP(name) E_VBD_OPERATIONS_##name
#define VIF_OP(name) E_VIF_OPERATIONS_##name

static bool is_live(const struct row *vm)
{
    return row_int(vm, F_VM_POWER_STATE) == E_VM_POWER_STATE_RUNNING ||
           row_int(vm, F_VM_POWER_STATE) == E_VM_POWER_STATE_PAUSED;
}

static bool is_disk_plug(int op)
{
    return op == VBD_OP(PLUG) || op == VBD_OP(UNPLUG) || op == VBD_OP(UNPLUG_FORCE);
}

static struct err *not_running(const struct row *vm)
{
    return err_params(ERR_VM_BAD_POWER_STATE, row_ref(vm), "running",
                      row_int(vm, F_VM_POWER_STATE) == E_VM_POWER_STATE_HALTED ? "halted"
                      : row_int(vm, F_VM_POWER_STATE) == E_VM_POWER_STATE_PAUSED
                          ? "paused"
                          : "suspended",
                      NULL);
}

static struct err *check_media(const struct row *vbd, int op)
{
    if (op != VBD_OP(INSERT) && op != VBD_OP(EJECT))
        return NULL;
    if (row_int(vbd, F_VBD_TYPE) != E_VBD_TYPE_CD)
        return err_params(ERR_VBD_NOT_REMOVABLE_MEDIA, row_ref(vbd), NULL);
    if (op == VBD_OP(EJECT) && row_bool(vbd, F_VBD_EMPTY))
        return err_params(ERR_VBD_IS_EMPTY, row_ref(vbd), NULL);
    if (op == VBD_OP(INSERT) && !row_bool(vbd, F_VBD_EMPTY))
        return err_params(ERR_VBD_NOT_EMPTY, row_ref(vbd), NULL);
    return NULL;
}

static struct err *check_plug(const struct row *vbd, const struct row *vm, int op)
{
    bool attached =
        row_bool(vbd, F_VBD_CURRENTLY_ATTACHED) || row_bool(vbd, F_VBD_RESERVED);

    if (!is_disk_plug(op))
        return NULL;
    if (row_int(vm, F_VM_POWER_STATE) != E_VM_POWER_STATE_RUNNING)
        return not_running(vm);
    if (op == VBD_OP(PLUG) && attached)
        return err_params(ERR_DEVICE_ALREADY_ATTACHED, row_ref(vbd), NULL);
    if (op != VBD_OP(PLUG) && !attached)
        return err_params(ERR_DEVICE_ALREADY_DETACHED, row_ref(vbd), NULL);
    if (row_int(vbd, F_VBD_TYPE) == E_VBD_TYPE_CD)
        return err_params(ERR_OPERATION_NOT_ALLOWED,
                          "A CD drive stays in its VM: use insert and eject", NULL);
    return NULL;
}

/* Another VBD that uses the VDI now, in a way that excludes this one. */
static bool conflicts(struct txn *t, const struct row *vbd, const struct row *other)
{
    const struct row *vm = txn_get(t, CLASS_VM, row_text(other, F_VBD_VM));
    bool live =
        row_bool(other, F_VBD_CURRENTLY_ATTACHED) || row_bool(other, F_VBD_RESERVED);

    if (!live || !vm || row_bool(vm, F_VM_IS_CONTROL_DOMAIN) || !is_live(vm))
        return false;
    return row_int(other, F_VBD_MODE) == E_VBD_MODE_RW ||
           row_int(vbd, F_VBD_MODE) == E_VBD_MODE_RW;
}

struct err *vbd_check_vdi(struct txn *t, const struct row *vbd)
{
    const struct row *vdi = txn_get(t, CLASS_VDI, row_text(vbd, F_VBD_VDI));
    const struct val *users;
    struct err *e;

    if (!vdi || row_bool(vbd, F_VBD_CURRENTLY_ATTACHED))
        return NULL;
    e = op_in_progress(&vdi_op_rules, vdi);
    if (e)
        return e;
    users = row_get(vdi, F_VDI_VBDS);
    for (size_t i = 0; i < val_count(users) && !row_bool(vdi, F_VDI_SHARABLE); i++) {
        const struct row *other = txn_get(t, CLASS_VBD, val_text(val_at(users, i)));

        if (other && strcmp(row_ref(other), row_ref(vbd)) != 0 && conflicts(t, vbd, other))
            return err_params(ERR_VDI_IN_USE, row_ref(vdi), NULL);
    }
    if (row_int(vbd, F_VBD_MODE) == E_VBD_MODE_RW && row_bool(vdi, F_VDI_READ_ONLY))
        return err_params(ERR_VDI_READONLY, row_ref(vdi), NULL);
    return NULL;
}

static struct err *vbd_check(struct txn *t, const struct row *vbd, int op)
{
    const struct row *vm, *vdi = txn_get(t, CLASS_VDI, row_text(vbd, F_VBD_VDI));
    struct err *e = op_in_progress(&vbd_op_rules, vbd);

    if (e)
        return e;
    if (!row_bool(vbd, F_VBD_UNPLUGGABLE) &&
        (op == VBD_OP(UNPLUG) || op == VBD_OP(UNPLUG_FORCE)))
        return err_params(ERR_VBD_NOT_UNPLUGGABLE, row_ref(vbd), NULL);
    e = check_media(vbd, op);
    if (!e)
        e = txn_need(t, CLASS_VM, row_text(vbd, F_VBD_VM), &vm);
    if (!e)
        e = check_plug(vbd, vm, op);
    if (e)
        return e;
    if (row_int(vm, F_VM_POWER_STATE) == E_VM_POWER_STATE_SUSPENDED &&
        (op == VBD_OP(INSERT) || op == VBD_OP(EJECT)))
        return err_params(ERR_VM_BAD_POWER_STATE, row_ref(vm), "halted, running",
                          "suspended", NULL);
    if (vdi && !row_bool(vdi, F_VDI_MANAGED))
        return err_params(ERR_VDI_NOT_MANAGED, row_ref(vbd), NULL);
    if (op == VBD_OP(PAUSE) || op == VBD_OP(UNPAUSE))
        return err_params(ERR_SR_OPERATION_NOT_SUPPORTED,
                          vdi ? row_text(vdi, F_VDI_SR) : NULL_REF, NULL);
    return NULL;
}

/* Those the daemons can do. */
static bool vbd_listed(int op)
{
    return op == VBD_OP(ATTACH) || op == VBD_OP(INSERT) || op == VBD_OP(EJECT) ||
           is_disk_plug(op);
}

const struct op_rules vbd_op_rules = {
    .cls = CLASS_VBD,
    .allowed_field = F_VBD_ALLOWED_OPERATIONS,
    .current_field = F_VBD_CURRENT_OPERATIONS,
    .listed = vbd_listed,
    .check = vbd_check,
};

static struct err *vif_check(struct txn *t, const struct row *vif, int op)
{
    bool attached =
        row_bool(vif, F_VIF_CURRENTLY_ATTACHED) || row_bool(vif, F_VIF_RESERVED);
    const struct row *vm;
    struct err *e = op_in_progress(&vif_op_rules, vif);

    if (!e)
        e = txn_need(t, CLASS_VM, row_text(vif, F_VIF_VM), &vm);
    if (e || op == VIF_OP(ATTACH))
        return e;
    if (row_int(vm, F_VM_POWER_STATE) != E_VM_POWER_STATE_RUNNING)
        return not_running(vm);
    if (op == VIF_OP(PLUG) && attached)
        return err_params(ERR_DEVICE_ALREADY_ATTACHED, row_ref(vif), NULL);
    if (op == VIF_OP(UNPLUG) && !attached)
        return err_params(ERR_DEVICE_ALREADY_DETACHED, row_ref(vif), NULL);
    return NULL;
}

static bool vif_listed(int op)
{
    return op == VIF_OP(ATTACH) || op == VIF_OP(PLUG) || op == VIF_OP(UNPLUG);
}

const struct op_rules vif_op_rules = {
    .cls = CLASS_VIF,
    .allowed_field = F_VIF_ALLOWED_OPERATIONS,
    .current_field = F_VIF_CURRENT_OPERATIONS,
    .listed = vif_listed,
    .check = vif_check,
};
