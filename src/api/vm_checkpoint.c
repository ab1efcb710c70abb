// SPDX-License-Identifier: GPL-2.0-or-later
/* VM.checkpoint: a snapshot that has the guest's memory too, all of one moment.
 *
 * The guest stands still from just before its disks move to new layers until its memory is
 * in an image, which is the VM's own suspend_VDI as long as it is written: who is cut off
 * leaves a running VM with an image, as a suspend does, and both the image and the disks go
 * again.  The records of the snapshot, and whose the image is, change in one step. */
#include <string.h>

#include "api/bodies.h"
#include "api/journal.h"
#include "api/merges.h"
#include "api/message.h"
#include "api/vm_copy.h"
#include "api/vm_devices.h"
#include "api/vm_memory.h"
#include "api/vm_nvram.h"
#include "api/vm_suspend.h"
#include "base/buf.h"
#include "base/log.h"
#include "rpc/agents.h"
#include "rpc/manager.h"

struct checkpoint {
    struct vm_copying copying;
    struct vdi_copies disks;
    struct ref image; /* of a suspended VM: the copy */
    bool stands_still;
};

static struct err *record_txn(struct txn *t, void *arg)
{
    struct checkpoint *c = arg;
    const char *ref = row_ref(c->copying.source);
    bool is_copy = c->image.text[0];
    const struct row *vm;
    struct ref image = c->image;
    autobuf what = BUF_INIT;
    struct err *e = txn_need(t, CLASS_VM, ref, &vm);

    if (e)
        return e;
    if (!is_copy)
        snprintf(image.text, sizeof(image.text), "%s", row_text(vm, F_VM_SUSPEND_VDI));
    c->copying.suspend_vdi = image.text;
    e = vm_copy_txn(t, &c->copying);
    c->copying.suspend_vdi = NULL;
    if (e)
        return e;
    if (!is_copy)
        txn_set(t, CLASS_VM, ref, F_VM_SUSPEND_VDI, val_str(NULL_REF));
    buf_addf(&what, "checkpointed, snapshot name: %s", c->copying.name);
    message_about_vm(t, "VM_CHECKPOINTED", c->copying.source, buf_str(&what));
    return NULL;
}

static struct err *snapshot_disks(struct call *call, struct checkpoint *c,
                                  struct err *(*at_moment)(struct call *call, void *arg))
{
    const struct snapshotting how = {
        .source = c->copying.source, .at_moment = at_moment, .arg = c};

    return vm_devices_snapshot_disks(call, &how, &c->disks);
}

/* ---- of a running VM ---- */

static struct err *stand_still(struct call *call, void *arg)
{
    struct checkpoint *c = arg;
    struct val params;
    struct err *e;

    if (c->stands_still)
        return NULL;
    /* After the disks' steps: first of all it goes on, then they are undone. */
    e = vm_saving_will_stop(call, row_ref(c->copying.source));
    if (e)
        return e;
    params = val_map(1);
    val_put_str(&params, "vm", val_str(row_uuid(c->copying.source)));
    c->stands_still = true; /* whatever comes of it: it is to go on then */
    return agents_call(call->manager->agents, AGENT_VMD, "vm.pause", params, NULL, 0, 0,
                       NULL, NULL, NULL);
}

/* What clients know how to take goes on as it is. */
static struct err *not_saved(const struct row *vm, struct err *e)
{
    struct err *told;

    if (!e || err_code(e) != ERR_INTERNAL_ERROR || agents_lost(e))
        return e;
    told = err_new(ERR_VM_CHECKPOINT_SUSPEND_FAILED, "%s", err_sentence(e));
    err_free(e);
    return err_param(told, row_ref(vm));
}

static struct err *not_resumed(const struct row *vm, struct err *e)
{
    struct err *told;

    if (!e || agents_lost(e))
        return e;
    told = err_new(ERR_VM_CHECKPOINT_RESUME_FAILED, "%s", err_sentence(e));
    err_free(e);
    return err_param(told, row_ref(vm));
}

static struct err *save(struct call *call, struct checkpoint *c)
{
    const struct row *vm = c->copying.source;
    struct err *e = snapshot_disks(call, c, stand_still), *going_on = NULL;

    if (!e)
        e = not_saved(vm, vm_saving_write(call, row_ref(vm)));
    if (c->stands_still)
        going_on = not_resumed(vm, vm_saving_go_on(call, vm));
    if (!e)
        return going_on;
    err_ignore(going_on, "the next look at lk-vmd settles it");
    return e;
}

static struct err *of_running(struct call *call, struct checkpoint *c)
{
    const char *ref = row_ref(c->copying.source);
    struct err *e = vm_saving_begin(call, ref);

    if (e)
        return e;
    e = save(call, c);
    if (!e)
        e = vm_memory_written(call->manager, ref);
    if (!e)
        e = task_check_cancel(call->task);
    if (!e)
        e = journal_commit(call, record_txn, c);
    if (e)
        err_ignore(vm_memory_drop(call->manager, ref), "it is swept away later");
    return e;
}

/* Nothing merges under it meanwhile: QEMU lets go of the disks as it writes the memory. */
static struct err *of_running_alone(struct call *call, struct checkpoint *c)
{
    struct merges *merges = call->manager->merges;
    const char *uuid = row_uuid(c->copying.source);
    struct err *e;

    merges_bar(merges, uuid);
    e = of_running(call, c);
    merges_unbar(merges, uuid, "");
    merges_look_everywhere(call->manager);
    return e;
}

/* ---- of a suspended VM ---- */

static struct err *of_suspended(struct call *call, struct checkpoint *c)
{
    const struct row *vm = c->copying.source;
    autoptr(row) image = db_get(call->db, CLASS_VDI, row_text(vm, F_VM_SUSPEND_VDI));
    struct err *e;

    if (!image)
        return err_params(ERR_VM_HAS_NO_SUSPEND_VDI, row_ref(vm), NULL);
    e = vdi_life_clone(call, row_ref(image), &c->image);
    if (!e)
        e = snapshot_disks(call, c, NULL);
    return e ? e : journal_commit(call, record_txn, c);
}

/* ---- the message ---- */

/* QEMU has let go of a paused VM's disks as well, and takes them again only as it runs. */
static struct err *of_paused(void)
{
    return err_params(ERR_NOT_IMPLEMENTED, "VM.checkpoint of a paused VM", NULL);
}

static struct err *checkpoint(struct call *call, struct checkpoint *c)
{
    switch (row_int(c->copying.source, F_VM_POWER_STATE)) {
    case E_VM_POWER_STATE_RUNNING:
        return of_running_alone(call, c);
    case E_VM_POWER_STATE_SUSPENDED:
        return of_suspended(call, c);
    default:
        return of_paused();
    }
}

static struct err *vm_checkpoint(struct call *call, struct val *ret_result)
{
    const char *ref = arg_text(call, 0);
    struct checkpoint c = {
        .copying = {.name = arg_text(call, 1), .is_snapshot = true, .is_suspended = true}};
    autoptr(row) source = NULL;
    struct err *e = op_begin(call, &vm_op_rules, ref, E_VM_OPERATIONS_CHECKPOINT);

    if (e)
        return e;
    vm_nvram_save(call->manager, ref);
    e = db_need(call->db, CLASS_VM, ref, &source);
    c.copying.source = source;
    c.copying.disks = &c.disks;
    if (!e)
        e = checkpoint(call, &c);
    if (!e)
        *ret_result = val_str(c.copying.ref);
    vdi_copies_fini(&c.disks);
    op_end(call, &vm_op_rules, ref);
    return e;
}

const struct body_def vm_checkpoint_bodies[] = {
    {"VM.checkpoint", vm_checkpoint, BODY_NORMAL},
    {0},
};
