// SPDX-License-Identifier: GPL-2.0-or-later
/* VM.snapshot: disks first (they take time and can fail), then the records in one step. */
#include <string.h>

#include "api/bodies.h"
#include "api/message.h"
#include "api/ops.h"
#include "api/vm_copy.h"
#include "api/vm_devices.h"
#include "base/buf.h"

static bool is_live(const struct row *vm)
{
    return row_int(vm, F_VM_POWER_STATE) == E_VM_POWER_STATE_RUNNING ||
           row_int(vm, F_VM_POWER_STATE) == E_VM_POWER_STATE_PAUSED;
}

static bool has_disks(struct call *call, const struct row *vm)
{
    const struct val *vbds = row_get(vm, F_VM_VBDS);

    for (size_t i = 0; i < val_count(vbds); i++) {
        autoptr(row) vbd = db_get(call->db, CLASS_VBD, val_text(val_at(vbds, i)));

        if (vbd && row_int(vbd, F_VBD_TYPE) == E_VBD_TYPE_DISK &&
            !row_bool(vbd, F_VBD_EMPTY))
            return true;
    }
    return false;
}

static struct err *record_txn(struct txn *t, void *arg)
{
    struct vm_copying *c = arg;
    struct err *e = vm_copy_txn(t, c);
    autobuf what = BUF_INIT;

    if (e)
        return e;
    buf_addf(&what, "snapshotted, snapshot name: %s", c->name);
    message_about_vm(t, "VM_SNAPSHOTTED", c->source, buf_str(&what));
    return NULL;
}

static struct err *snapshot(struct call *call, struct val *ret_result)
{
    struct vm_copying c = {.name = arg_text(call, 1), .is_snapshot = true};
    struct vdi_copies copies = {0};
    autoptr(row) source = NULL;
    struct err *e = db_need(call->db, CLASS_VM, arg_text(call, 0), &source);

    /* A disk in use is snapshotted together with the process that writes to it. */
    if (!e && is_live(source) && has_disks(call, source))
        e = err_params(ERR_NOT_IMPLEMENTED, "VM.snapshot of a running VM", NULL);
    if (e)
        return e;
    c.source = source;
    c.disks = &copies;
    c.ignored = &call->args[2];
    e = vm_devices_snapshot_disks(call, source, c.ignored, &copies);
    if (!e)
        e = db_run(call->db, record_txn, &c);
    if (e)
        vdi_copies_destroy(call, &copies);
    else
        *ret_result = val_str(c.ref);
    vdi_copies_fini(&copies);
    return e;
}

static struct err *vm_snapshot(struct call *call, struct val *ret_result)
{
    const char *ref = arg_text(call, 0);
    struct err *e = op_begin(call, &vm_op_rules, ref, E_VM_OPERATIONS_SNAPSHOT);

    if (e)
        return e;
    e = snapshot(call, ret_result);
    op_end(call, &vm_op_rules, ref);
    return e;
}

const struct body_def vm_snapshot_bodies[] = {
    {"VM.snapshot", vm_snapshot, BODY_NORMAL},
    {0},
};
