// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "api/message.h"
#include "api/vmss.h"
#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/vec.h"
#include "rpc/inner_call.h"
#include "rpc/manager.h"
#include "task/task.h"

/* By VMSS.type. */
static const char *const messages[] = {
    [E_VMSS_TYPE_SNAPSHOT] = "VM.snapshot",
    [E_VMSS_TYPE_CHECKPOINT] = "VM.checkpoint",
    [E_VMSS_TYPE_SNAPSHOT_WITH_QUIESCE] = "VM.snapshot",
};

struct note {
    const struct row *vmss;
    const char *alert, *body;
};

static struct err *note_txn(struct txn *t, void *arg)
{
    const struct note *note = arg;

    message_raise(t, note->alert, E_CLS_VMSS, row_uuid(note->vmss), val_str(note->body));
    return NULL;
}

static void note(struct manager *m, const struct row *vmss, const char *alert,
                 const char *body)
{
    struct note n = {vmss, alert, body};

    err_ignore(db_run(m->db, note_txn, &n), "the log tells it too");
}

/* ---- what is to be kept ---- */

/* The snapshot's record, then the disks that were only its own. */
static struct err *drop_snapshot(struct manager *m, struct task *task,
                                 const struct row *snapshot)
{
    const struct val *vbds = row_get(snapshot, F_VM_VBDS);
    autoval struct val disks = val_set(val_count(vbds));
    struct val ref = val_str(row_ref(snapshot));
    struct err *e;

    for (size_t i = 0; i < val_count(vbds); i++) {
        autoptr(row) vbd = db_get(m->db, CLASS_VBD, val_text(val_at(vbds, i)));

        if (vbd && row_int(vbd, F_VBD_TYPE) == E_VBD_TYPE_DISK &&
            strcmp(row_text(vbd, F_VBD_VDI), NULL_REF) != 0)
            val_push(&disks, val_ref(row_get(vbd, F_VBD_VDI)));
    }
    e = rpc_call_inside(m, task, "VM.destroy", &ref, 1, NULL);
    val_unref(&ref);
    for (size_t i = 0; !e && i < val_count(&disks); i++)
        e = rpc_call_inside(m, task, "VDI.destroy", val_at(&disks, i), 1, NULL);
    return e;
}

static int newest_first(const void *a, const void *b)
{
    const struct row *x = *(struct row *const *)a, *y = *(struct row *const *)b;
    int64_t m = row_int(x, F_VM_SNAPSHOT_TIME), n = row_int(y, F_VM_SNAPSHOT_TIME);

    return m == n ? strcmp(row_ref(x), row_ref(y)) : m < n ? 1 : -1;
}

static struct err *drop_old(struct manager *m, struct task *task, const struct row *vmss,
                            const char *vm_ref)
{
    int64_t keep = row_int(vmss, F_VMSS_RETAINED_SNAPSHOTS);
    VEC(struct row *) ours = VEC_INIT;
    autoptr(row) vm = db_get(m->db, CLASS_VM, vm_ref);
    const struct val *all = vm ? row_get(vm, F_VM_SNAPSHOTS) : NULL;
    struct err *e = NULL;

    for (size_t i = 0; all && i < val_count(all); i++) {
        struct row *snapshot = db_get(m->db, CLASS_VM, val_text(val_at(all, i)));

        if (snapshot && row_bool(snapshot, F_VM_IS_VMSS_SNAPSHOT))
            *VEC_PUSH(&ours) = snapshot;
        else
            row_release(snapshot);
    }
    if (ours.n)
        qsort(ours.at, ours.n, sizeof(ours.at[0]), newest_first);
    for (size_t i = 0; i < ours.n; i++) {
        if (!e && (int64_t)i >= keep)
            e = drop_snapshot(m, task, ours.at[i]);
        row_release(ours.at[i]);
    }
    VEC_FINI(&ours);
    return e;
}

/* ---- a VM's turn ---- */

/* One that is off has no memory: a checkpoint of it is a snapshot. */
static const char *message_for(const struct row *vmss, const struct row *vm)
{
    return row_int(vm, F_VM_POWER_STATE) == E_VM_POWER_STATE_HALTED
               ? "VM.snapshot"
               : messages[row_int(vmss, F_VMSS_TYPE)];
}

/* A VM that is off holds still by itself. */
static bool is_quiesced(const struct row *vmss, const struct row *vm)
{
    return row_int(vmss, F_VMSS_TYPE) == E_VMSS_TYPE_SNAPSHOT_WITH_QUIESCE &&
           row_int(vm, F_VM_POWER_STATE) == E_VM_POWER_STATE_RUNNING;
}

static struct err *take_snapshot(struct manager *m, struct task *task,
                                 const struct row *vmss, const struct row *vm,
                                 struct val *ret_snapshot)
{
    char now[CLOCK_TEXT_LEN + 1];
    struct val args[2];
    struct err *e;

    clock_to_text(clock_wall_seconds(), now);
    args[0] = val_str(row_ref(vm));
    args[1] = val_strf("[%s] %s %s", row_name_label(vmss), row_name_label(vm), now);
    e = rpc_run_inside(m, task, message_for(vmss, vm),
                       is_quiesced(vmss, vm) ? vm_snapshot_quiesced : NULL, args, 2,
                       ret_snapshot);
    val_unref(&args[0]);
    val_unref(&args[1]);
    if (!e)
        e = db_set(m->db, CLASS_VM, val_text(ret_snapshot), F_VM_IS_VMSS_SNAPSHOT,
                   val_bool(true));
    return e ? e : drop_old(m, task, vmss, row_ref(vm));
}

/* How it went, as a line of the report. */
static void run_vm(struct manager *m, struct task *task, const struct row *vmss,
                   const struct row *vm, struct buf *report)
{
    autoval struct val snapshot = val_void();
    struct err *e = take_snapshot(m, task, vmss, vm, &snapshot);
    autobuf line = BUF_INIT;
    autoptr(row) made =
        snapshot.kind == VAL_STR ? db_get(m->db, CLASS_VM, val_text(&snapshot)) : NULL;

    buf_addf(&line, "VM '%s' (uuid: %s): ", row_name_label(vm), row_uuid(vm));
    if (made)
        buf_addf(&line, "snapshot %s", row_uuid(made));
    if (e) {
        log_warn(API, "snapshot schedule %s, VM %s: %s", row_uuid(vmss), row_uuid(vm),
                 err_sentence(e));
        buf_addf(&line, "%s%s", made ? "; " : "", err_code_text(e));
    }
    note(m, vmss, e ? "VMSS_SNAPSHOT_FAILED" : "VMSS_SNAPSHOT_SUCCEEDED", buf_str(&line));
    buf_addf(report, "%s%s", report->size ? "\n" : "", buf_str(&line));
    err_free(e);
}

struct err *vmss_run(struct manager *m, struct task *task, const char *vmss_ref,
                     struct val *ret_report)
{
    autoptr(row) vmss = NULL;
    autobuf report = BUF_INIT;
    const struct val *vms;
    struct err *e = db_need(m->db, CLASS_VMSS, vmss_ref, &vmss);

    if (e)
        return e;
    vms = row_get(vmss, F_VMSS_VMS);
    for (size_t i = 0; !e && i < val_count(vms); i++) {
        autoptr(row) vm = db_get(m->db, CLASS_VM, val_text(val_at(vms, i)));

        if (vm)
            run_vm(m, task, vmss, vm, &report);
        e = task_check_cancel(task);
    }
    if (!e)
        e = db_set(m->db, CLASS_VMSS, vmss_ref, F_VMSS_LAST_RUN_TIME,
                   val_int(clock_wall_seconds()));
    if (!e)
        *ret_report = val_str_n(buf_str(&report), report.size);
    return e;
}

/* ---- by the clock ---- */

static void run_one(struct manager *m, const struct row *vmss)
{
    autoval struct val report = val_void();
    struct task *task = NULL;
    struct err *e =
        task_create(m->db, "VMSS.run", row_name_label(vmss), NULL, NULL, true, &task);

    if (!e) {
        e = vmss_run(m, task, row_ref(vmss), &report);
        task_end(task, NULL, NULL, e);
        task_free(task);
    }
    if (e)
        log_warn(API, "snapshot schedule %s: %s", row_uuid(vmss), err_sentence(e));
    err_free(e);
}

void vmss_run_due(struct manager *m, int64_t since, int64_t now)
{
    autorows all = {0};

    db_list(m->db, CLASS_VMSS, &all);
    for (size_t i = 0; i < all.n; i++)
        if (row_bool(all.at[i], F_VMSS_ENABLED) &&
            val_count(row_get(all.at[i], F_VMSS_VMS)) && vmss_due(all.at[i], now) > since)
            run_one(m, all.at[i]);
}

void vmss_report_missed(struct manager *m, int64_t now)
{
    autorows all = {0};

    db_list(m->db, CLASS_VMSS, &all);
    for (size_t i = 0; i < all.n; i++) {
        const struct row *vmss = all.at[i];
        int64_t last = row_int(vmss, F_VMSS_LAST_RUN_TIME);

        if (row_bool(vmss, F_VMSS_ENABLED) && val_count(row_get(vmss, F_VMSS_VMS)) &&
            last && vmss_due(vmss, now) > last)
            note(m, vmss, "VMSS_SNAPSHOT_MISSED_EVENT",
                 "Snapshots were due while the server was not running");
    }
}
