// SPDX-License-Identifier: GPL-2.0-or-later
/* VM.snapshot and its quiesced kind: disks first (they take time and can fail), then the
 * records in one step. */
#include <string.h>

#include "api/bodies.h"
#include "api/journal.h"
#include "api/message.h"
#include "api/vm_copy.h"
#include "api/vm_devices.h"
#include "api/vm_nvram.h"
#include "api/vmss.h"
#include "base/buf.h"
#include "rpc/manager.h"

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

static struct err *snapshot(struct call *call, bool quiesce, struct val *ret_result)
{
    struct vm_copying c = {
        .name = arg_text(call, 1), .is_snapshot = true, .is_quiesced = quiesce};
    struct vdi_copies copies = {0};
    struct snapshotting how;
    autoptr(row) source = NULL;
    struct err *e = db_need(call->db, CLASS_VM, arg_text(call, 0), &source);

    if (e)
        return e;
    c.source = source;
    c.disks = &copies;
    c.ignored = &call->args[2];
    how = (struct snapshotting){.source = source, .ignored = c.ignored, .quiesce = quiesce};
    e = vm_devices_snapshot_disks(call, &how, &copies);
    if (!e)
        e = journal_commit(call, record_txn, &c);
    if (!e)
        *ret_result = val_str(c.ref);
    vdi_copies_fini(&copies);
    return e;
}

static struct err *run(struct call *call, int op, struct val *ret_result)
{
    const char *ref = arg_text(call, 0);
    struct err *e = op_begin(call, &vm_op_rules, ref, op);

    if (e)
        return e;
    vm_nvram_save(call->manager, ref);
    e = snapshot(call, op == E_VM_OPERATIONS_SNAPSHOT_WITH_QUIESCE, ret_result);
    op_end(call, &vm_op_rules, ref);
    return e;
}

static struct err *vm_snapshot(struct call *call, struct val *ret_result)
{
    return run(call, E_VM_OPERATIONS_SNAPSHOT, ret_result);
}

struct err *vm_snapshot_quiesced(struct call *call, struct val *ret_result)
{
    return run(call, E_VM_OPERATIONS_SNAPSHOT_WITH_QUIESCE, ret_result);
}

const struct body_def vm_snapshot_bodies[] = {
    {"VM.snapshot", vm_snapshot, BODY_NORMAL},
    {0},
};
