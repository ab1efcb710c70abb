// SPDX-License-Identifier: GPL-2.0-or-later
/* VM.revert: the VM becomes what it was at a snapshot.  Disks go back in place, so that
 * whoever names them still does; then the records, in one step. */
#include <stdio.h>
#include <string.h>

#include "api/bodies.h"
#include "api/journal.h"
#include "api/message.h"
#include "api/vm_copy.h"
#include "api/vm_devices.h"
#include "api/vm_life.h"
#include "api/vm_turn.h"
#include "base/alloc.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/rand.h"
#include "model/db_text.h"
#include "rpc/agents.h"
#include "rpc/generated.h"
#include "rpc/manager.h"

/* What a VM keeps, whatever it was at the snapshot. */
static const int kept_fields[] = {
    F_VM_UUID,
    F_VM_AFFINITY,
    F_VM_ALLOWED_OPERATIONS,
    F_VM_ATTACHED_PCIS,
    F_VM_BLOBS,
    F_VM_CURRENT_OPERATIONS,
    F_VM_DOMARCH,
    F_VM_DOMID,
    F_VM_GENERATION_ID,
    F_VM_GROUPS,
    F_VM_GUEST_METRICS,
    F_VM_HA_ALWAYS_RUN,
    F_VM_IS_CONTROL_DOMAIN,
    F_VM_METRICS,
    F_VM_PARENT,
    F_VM_POWER_STATE,
    F_VM_PROTECTION_POLICY,
    F_VM_RESIDENT_ON,
    F_VM_SCHEDULED_TO_BE_RESIDENT_ON,
    F_VM_SNAPSHOT_SCHEDULE,
    F_VM_SUSPEND_VDI,
    F_VM_TAGS,
};

struct reverting {
    struct call *call;
    const struct row *snapshot; /* the VM that is one */
    const char *vm_ref;
    struct vdi_copies disks; /* of the snapshot -> of the VM */
    struct ref image;        /* a copy of a checkpoint's memory, or "" */
};

static bool is_kept(int field)
{
    for (size_t i = 0; i < ARRAY_SIZE(kept_fields); i++)
        if (kept_fields[i] == field)
            return true;
    return classes[CLASS_VM].fields[field].relation == REL_DERIVED;
}

/* ---- records ---- */

/* A reference to what is gone by now goes back to its default. */
static void write_field(struct txn *t, const char *vm_ref, int field, const char *text)
{
    const struct field_def *def = &classes[CLASS_VM].fields[field];
    struct val value;
    struct err *e;

    if (db_text_parse(def->type, text, strlen(text), &value) < 0) {
        log_warn(API, "a snapshot's %s is no value of its type: left as it is", def->name);
        return;
    }
    e = generated_check_refs(t, def->type, &value);
    if (!e) {
        txn_set(t, CLASS_VM, vm_ref, field, value);
        return;
    }
    err_ignore(e, "a snapshot names what is gone");
    val_unref(&value);
}

static struct err *write_fields(struct txn *t, const struct reverting *r)
{
    const struct val *dump = row_get(r->snapshot, F_VM_SNAPSHOT_METADATA);
    autoval struct val fields = val_void();

    if (db_text_parse_row(val_text(dump), val_len(dump), &fields) < 0)
        return err_new(ERR_INTERNAL_ERROR, "reading the snapshot's record of its VM");
    for (int i = 0; i < classes[CLASS_VM].n_fields; i++) {
        const char *text =
            is_kept(i) ? NULL
                       : val_find_text(&fields, classes[CLASS_VM].fields[i].db_name, NULL);

        if (text)
            write_field(t, r->vm_ref, i, text);
    }
    txn_set(t, CLASS_VM, r->vm_ref, F_VM_HA_ALWAYS_RUN, val_bool(false));
    txn_set(t, CLASS_VM, r->vm_ref, F_VM_PARENT, val_str(row_ref(r->snapshot)));
    txn_set(
        t, CLASS_VM, r->vm_ref, F_VM_GENERATION_ID,
        val_strf("%lld:%lld", (long long)(rand_u64() >> 1), (long long)(rand_u64() >> 1)));
    return NULL;
}

/* With its memory, and as many vCPUs as that knows of. */
static void write_suspended(struct txn *t, const struct reverting *r)
{
    const struct row *vm = txn_get(t, CLASS_VM, r->vm_ref);
    const char *metrics = row_text(vm, F_VM_METRICS);
    const struct row *then =
        txn_get(t, CLASS_VM_METRICS, row_text(r->snapshot, F_VM_METRICS));

    txn_set(t, CLASS_VM, r->vm_ref, F_VM_POWER_STATE, val_int(E_VM_POWER_STATE_SUSPENDED));
    txn_set(t, CLASS_VM, r->vm_ref, F_VM_SUSPEND_VDI, val_str(r->image.text));
    if (then && txn_get(t, CLASS_VM_METRICS, metrics))
        txn_set(t, CLASS_VM_METRICS, metrics, F_VM_METRICS_VCPUS_NUMBER,
                val_ref(row_get(then, F_VM_METRICS_VCPUS_NUMBER)));
}

static void say(struct txn *t, const struct reverting *r)
{
    autobuf what = BUF_INIT;

    buf_addf(&what, "reverted to snapshot: %s (uuid %s)", row_name_label(r->snapshot),
             row_uuid(r->snapshot));
    message_about_vm(t, "VM_SNAPSHOT_REVERTED", txn_get(t, CLASS_VM, r->vm_ref),
                     buf_str(&what));
}

static struct err *records_txn(struct txn *t, void *arg)
{
    struct reverting *r = arg;
    /* Devices as those of a copy of the snapshot, with the addresses they had. */
    struct vm_copying devices = {.source = r->snapshot,
                                 .disks = &r->disks,
                                 .is_snapshot = true,
                                 .is_suspended = r->image.text[0]};
    const struct row *vm;
    struct err *e = txn_need(t, CLASS_VM, r->vm_ref, &vm);

    if (!e)
        e = write_fields(t, r);
    if (e)
        return e;
    vm_devices_delete(t, vm);
    e = vm_devices_copy(t, &devices, r->vm_ref);
    if (e)
        return e;
    if (r->image.text[0])
        write_suspended(t, r);
    say(t, r);
    vm_ops_refresh(t, r->vm_ref);
    return NULL;
}

/* ---- disks ---- */

struct siblings {
    const char *of, *now_of;
};

/* All snapshots of a disk that is gone are of its successor. */
static struct err *siblings_txn(struct txn *t, void *arg)
{
    const struct siblings *s = arg;
    size_t n;
    const struct row *const *vdis = txn_list(t, CLASS_VDI, &n);

    for (size_t i = 0; i < n; i++)
        if (row_bool(vdis[i], F_VDI_IS_A_SNAPSHOT) &&
            strcmp(row_text(vdis[i], F_VDI_SNAPSHOT_OF), s->of) == 0)
            txn_set(t, CLASS_VDI, row_ref(vdis[i]), F_VDI_SNAPSHOT_OF, val_str(s->now_of));
    return NULL;
}

/* The disk 'snapshot' is of, with its bytes. */
static struct err *revert_disk(struct call *call, const struct row *snapshot,
                               struct ref *ret_vdi)
{
    const char *of = row_text(snapshot, F_VDI_SNAPSHOT_OF);
    autoptr(row) vdi = db_get(call->db, CLASS_VDI, of);
    struct siblings siblings = {of, ret_vdi->text};
    struct err *e;

    if (vdi) {
        snprintf(ret_vdi->text, sizeof(ret_vdi->text), "%s", of);
        return vdi_life_revert(call, row_ref(snapshot));
    }
    e = vdi_life_clone(call, row_ref(snapshot), ret_vdi);
    return e ? e : db_run(call->db, siblings_txn, &siblings);
}

static struct err *revert_disks(struct reverting *r)
{
    const struct val *vbds = row_get(r->snapshot, F_VM_VBDS);
    struct db *db = r->call->db;
    struct err *e = NULL;

    r->disks.at = xcalloc(val_count(vbds) + 1, sizeof(*r->disks.at));
    for (size_t i = 0; !e && i < val_count(vbds); i++) {
        struct vdi_copy *disk = &r->disks.at[r->disks.n];
        autoptr(row) vbd = db_get(db, CLASS_VBD, val_text(val_at(vbds, i)));
        autoptr(row) snapshot =
            vbd ? db_get(db, CLASS_VDI, row_text(vbd, F_VBD_VDI)) : NULL;

        if (!snapshot || row_int(vbd, F_VBD_TYPE) == E_VBD_TYPE_CD)
            continue;
        snprintf(disk->source.text, sizeof(disk->source.text), "%s", row_ref(snapshot));
        e = revert_disk(r->call, snapshot, &disk->copy);
        r->disks.n++;
    }
    return e;
}

static bool has_memory(const struct row *snapshot)
{
    return row_int(snapshot, F_VM_POWER_STATE) == E_VM_POWER_STATE_SUSPENDED;
}

static struct err *copy_memory(struct reverting *r)
{
    return has_memory(r->snapshot)
               ? vdi_life_clone(r->call, row_text(r->snapshot, F_VM_SUSPEND_VDI), &r->image)
               : NULL;
}

/* ---- the VM ---- */

struct remaking {
    const struct row *snapshot;
    char ref[64];
};

/* The VM is gone: it comes again under its old uuid, and its snapshots are its own again.
 * The rest of it is in the snapshot's dump. */
static struct err *remake_txn(struct txn *t, void *arg)
{
    struct remaking *r = arg;
    const struct val *dump = row_get(r->snapshot, F_VM_SNAPSHOT_METADATA);
    autoval struct val fields = val_void();
    struct siblings siblings = {row_text(r->snapshot, F_VM_SNAPSHOT_OF), r->ref};
    const struct row *const *vms;
    const char *uuid, *ref;
    size_t n;

    if (db_text_parse_row(val_text(dump), val_len(dump), &fields) < 0)
        return err_new(ERR_INTERNAL_ERROR, "reading the snapshot's record of its VM");
    uuid = val_find_text(&fields, "uuid", "");
    ref = txn_create_as(t, CLASS_VM, NULL, uuid_is_valid(uuid) ? uuid : NULL);
    txn_set(t, CLASS_VM, ref, F_VM_METRICS, val_str(txn_create(t, CLASS_VM_METRICS)));
    txn_set(t, CLASS_VM, ref, F_VM_DOMID, val_int(-1));
    snprintf(r->ref, sizeof(r->ref), "%s", ref);
    vms = txn_list(t, CLASS_VM, &n);
    for (size_t i = 0; i < n; i++)
        if (row_bool(vms[i], F_VM_IS_A_SNAPSHOT) &&
            strcmp(row_text(vms[i], F_VM_SNAPSHOT_OF), siblings.of) == 0)
            txn_set(t, CLASS_VM, row_ref(vms[i]), F_VM_SNAPSHOT_OF, val_str(r->ref));
    return NULL;
}

static struct err *halt(struct call *call, const char *vm_ref)
{
    autoptr(row) vm = NULL;
    struct err *e = db_need(call->db, CLASS_VM, vm_ref, &vm);

    if (e || row_int(vm, F_VM_POWER_STATE) == E_VM_POWER_STATE_HALTED)
        return e;
    vm_turn_take(VM_TURN_POWER, vm_ref);
    e = vm_life_end(call->manager, vm_ref);
    vm_turn_give(VM_TURN_POWER, vm_ref);
    return e;
}

/* Half reverted it would be neither what it was nor what it is to be. */
static struct err *will_revert(const struct reverting *r)
{
    return journal_step(r->call, JOURNAL_AGAIN, "VM.revert", row_ref(r->snapshot), "-",
                        NULL);
}

static struct err *revert_under(struct reverting *r)
{
    struct err *e = op_begin(r->call, &vm_op_rules, r->vm_ref, E_VM_OPERATIONS_REVERTING);

    if (e)
        return e;
    e = will_revert(r);
    if (!e)
        e = halt(r->call, r->vm_ref);
    if (!e)
        e = revert_disks(r);
    if (!e)
        e = copy_memory(r);
    if (!e)
        e = journal_commit(r->call, records_txn, r);
    op_end(r->call, &vm_op_rules, r->vm_ref);
    return e;
}

static struct err *failed(const struct reverting *r, struct err *e)
{
    struct err *revert;

    if (agents_lost(e))
        return e; /* it is made again */
    if (err_code(e) == ERR_OTHER_OPERATION_IN_PROGRESS || err_code(e) == ERR_TASK_CANCELLED)
        return e;
    revert =
        err_new(ERR_VM_REVERT_FAILED, "reverting VM %s: %s", r->vm_ref, err_sentence(e));
    err_free(e);
    return err_param(err_param(revert, row_ref(r->snapshot)), r->vm_ref);
}

static struct err *revert(struct call *call, const struct row *snapshot)
{
    struct remaking remaking = {.snapshot = snapshot};
    struct reverting r = {.call = call, .snapshot = snapshot};
    autoptr(row) vm = db_get(call->db, CLASS_VM, row_text(snapshot, F_VM_SNAPSHOT_OF));
    struct err *e = vm ? NULL : will_revert(&r);

    if (!e && !vm)
        e = db_run(call->db, remake_txn, &remaking);
    r.vm_ref = vm ? row_ref(vm) : remaking.ref;
    if (!e)
        e = revert_under(&r);
    vdi_copies_fini(&r.disks);
    return e ? failed(&r, e) : NULL;
}

static struct err *vm_revert(struct call *call, struct val *ret_result UNUSED)
{
    const char *ref = arg_text(call, 0);
    autoptr(row) snapshot = NULL;
    struct err *e = op_begin(call, &vm_op_rules, ref, E_VM_OPERATIONS_REVERT);

    if (e)
        return e;
    e = db_need(call->db, CLASS_VM, ref, &snapshot);
    /* Without it the VM would be another than the one that was asked for. */
    if (!e && has_memory(snapshot) &&
        strcmp(row_text(snapshot, F_VM_SUSPEND_VDI), NULL_REF) == 0)
        e = err_params(ERR_VM_HAS_NO_SUSPEND_VDI, ref, NULL);
    if (!e)
        e = revert(call, snapshot);
    op_end(call, &vm_op_rules, ref);
    return e;
}

const struct body_def vm_revert_bodies[] = {
    {"VM.revert", vm_revert, BODY_NORMAL},
    {0},
};
