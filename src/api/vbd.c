// SPDX-License-Identifier: GPL-2.0-or-later
/* VBD messages: disks and drives of VMs. */
#include "api/bodies.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "api/journal.h"
#include "api/vm_life.h"
#include "io/frame.h"
#include "rpc/agents.h"
#include "rpc/manager.h"

#define MAX_DEVICE 255

/* ---- create and destroy ---- */

struct creating {
    const struct val *cells;
    char ref[64];
};

static struct err *check_kind(struct txn *t, const struct val *cells)
{
    bool is_cd = val_at(cells, F_VBD_TYPE)->i == E_VBD_TYPE_CD,
         writable = val_at(cells, F_VBD_MODE)->i == E_VBD_MODE_RW;
    bool empty = val_at(cells, F_VBD_EMPTY)->b;
    const char *vdi_ref = val_text(val_at(cells, F_VBD_VDI));
    const struct row *vdi;
    struct err *e;

    if (is_cd && writable)
        return err_params(ERR_VBD_CDS_MUST_BE_READONLY, NULL);
    if (empty)
        return is_cd ? NULL
                     : err_params(ERR_VBD_NOT_REMOVABLE_MEDIA,
                                  "Only a CD drive can be empty", NULL);
    e = txn_need(t, CLASS_VDI, vdi_ref, &vdi);
    if (!e && writable && row_bool(vdi, F_VDI_READ_ONLY))
        e = err_params(ERR_VDI_READONLY, vdi_ref, NULL);
    return e;
}

/* The numbers in use by the VM's VBDs. */
static void used_devices(struct txn *t, const struct row *vm, bool used[MAX_DEVICE + 1])
{
    const struct val *vbds = row_get(vm, F_VM_VBDS);

    memset(used, 0, MAX_DEVICE + 1);
    for (size_t i = 0; i < val_count(vbds); i++) {
        const struct row *vbd = txn_get(t, CLASS_VBD, val_text(val_at(vbds, i)));
        int device = vbd ? vbd_device_number(row_text(vbd, F_VBD_USERDEVICE)) : -1;

        if (device >= 0 && device <= MAX_DEVICE)
            used[device] = true;
    }
}

static struct err *choose_device(struct txn *t, const struct row *vm, const char *wanted,
                                 struct val *ret_device)
{
    bool used[MAX_DEVICE + 1];
    int device;

    used_devices(t, vm, used);
    if (strcmp(wanted, "autodetect") == 0) {
        for (device = 0; device < MAX_DEVICE && used[device]; device++)
            ;
        if (used[device])
            return err_params(ERR_INVALID_DEVICE, wanted, NULL);
        *ret_device = val_strf("%d", device);
        return NULL;
    }
    device = vbd_device_number(wanted);
    if (device < 0)
        return err_params(ERR_INVALID_DEVICE, wanted, NULL);
    if (used[device])
        return err_params(ERR_DEVICE_ALREADY_EXISTS, wanted, NULL);
    *ret_device = val_str(wanted);
    return NULL;
}

static struct err *create_txn(struct txn *t, void *arg)
{
    static const int given[] = {
        F_VBD_VM,
        F_VBD_VDI,
        F_VBD_BOOTABLE,
        F_VBD_MODE,
        F_VBD_TYPE,
        F_VBD_UNPLUGGABLE,
        F_VBD_OTHER_CONFIG,
        F_VBD_QOS_ALGORITHM_TYPE,
        F_VBD_QOS_ALGORITHM_PARAMS,
        F_VBD_EMPTY,
    };
    struct creating *c = arg;
    const struct row *vm;
    struct val device;
    const char *ref;
    struct err *e = txn_need(t, CLASS_VM, val_text(val_at(c->cells, F_VBD_VM)), &vm);

    if (!e)
        e = check_kind(t, c->cells);
    if (!e)
        e = choose_device(t, vm, val_text(val_at(c->cells, F_VBD_USERDEVICE)), &device);
    if (e)
        return e;
    ref = txn_create(t, CLASS_VBD);
    for (size_t i = 0; i < ARRAY_SIZE(given); i++)
        txn_set(t, CLASS_VBD, ref, given[i], val_ref(val_at(c->cells, (size_t)given[i])));
    if (val_at(c->cells, F_VBD_EMPTY)->b)
        txn_set(t, CLASS_VBD, ref, F_VBD_VDI, val_str(NULL_REF));
    txn_set(t, CLASS_VBD, ref, F_VBD_USERDEVICE, device);
    if (val_at(c->cells, F_VBD_TYPE)->i != E_VBD_TYPE_CD) {
        struct val limits = val_set(1);

        val_push(&limits, val_str("ratelimit")); /* vbd_limits.h */
        txn_set(t, CLASS_VBD, ref, F_VBD_QOS_SUPPORTED_ALGORITHMS, limits);
    }
    op_refresh(t, &vbd_op_rules, ref);
    snprintf(c->ref, sizeof(c->ref), "%s", ref);
    return NULL;
}

static struct err *vbd_create(struct call *call, struct val *ret_result)
{
    struct creating c = {.cells = &call->args[0]};
    struct err *e = db_run(call->db, create_txn, &c);

    if (!e)
        *ret_result = val_str(c.ref);
    return e;
}

static struct err *destroy_txn(struct txn *t, void *arg)
{
    struct call *call = arg;
    const struct row *vbd;
    struct err *e = txn_need(t, CLASS_VBD, arg_text(call, 0), &vbd);

    if (!e)
        e = op_in_progress(&vbd_op_rules, vbd);
    if (e)
        return e;
    if (row_bool(vbd, F_VBD_CURRENTLY_ATTACHED) || row_bool(vbd, F_VBD_RESERVED))
        return err_params(ERR_OPERATION_NOT_ALLOWED, "The VBD is attached to a running VM",
                          NULL);
    txn_delete(t, CLASS_VBD, arg_text(call, 0));
    return NULL;
}

static struct err *vbd_destroy(struct call *call, struct val *ret_result)
{
    return db_run(call->db, destroy_txn, call);
}

/* ---- insert and eject ---- */

struct medium {
    const char *vbd_ref, *vdi_ref; /* vdi_ref NULL: the drive becomes empty */
};

static struct err *medium_txn(struct txn *t, void *arg)
{
    const struct medium *m = arg;

    txn_set(t, CLASS_VBD, m->vbd_ref, F_VBD_VDI,
            val_str(m->vdi_ref ? m->vdi_ref : NULL_REF));
    txn_set(t, CLASS_VBD, m->vbd_ref, F_VBD_EMPTY, val_bool(!m->vdi_ref));
    op_refresh(t, &vbd_op_rules, m->vbd_ref);
    return NULL;
}

static struct val disk_params(const struct row *sr, const struct row *vdi,
                              const struct row *vm)
{
    struct val params = val_map(4);

    val_put_str(&params, "sr", val_str(row_uuid(sr)));
    val_put_str(&params, "vdi", val_str(row_uuid(vdi)));
    val_put_str(&params, "holder", val_str(row_uuid(vm)));
    return params;
}

/* Tells a running VM's drive what it holds now; 'layers' is taken. */
static struct err *change_drive(struct call *call, const struct row *vm,
                                const struct row *vbd, struct val layers, const int *fds,
                                size_t n_fds)
{
    struct val params = val_map(3);

    val_put_str(&params, "vm", val_str(row_uuid(vm)));
    val_put_str(&params, "device",
                val_int(vbd_device_number(row_text(vbd, F_VBD_USERDEVICE))));
    val_put_str(&params, "layers", layers);
    return agents_call(call->manager->agents, AGENT_VMD, "vm.cd", params, fds, n_fds, 0,
                       NULL, NULL, NULL);
}

static struct err *insert_live(struct call *call, const struct row *vm,
                               const struct row *vbd, const struct row *sr,
                               const struct row *vdi)
{
    autoval struct val answer = val_void();
    struct val params = disk_params(sr, vdi, vm);
    int fds[FRAME_MAX_FDS];
    size_t n_fds = 0;
    struct err *e;

    val_put_str(&params, "mode", val_str("ro"));
    e = agents_call(call->manager->agents, AGENT_STORED, "vdi.open", params, NULL, 0, 0,
                    &answer, fds, &n_fds);
    if (e)
        return e;
    e = change_drive(call, vm, vbd, val_ref(val_find(&answer, "layers")), fds, n_fds);
    for (size_t i = 0; i < n_fds; i++)
        close(fds[i]);
    if (e)
        err_ignore(agents_call(call->manager->agents, AGENT_STORED, "vdi.close",
                               disk_params(sr, vdi, vm), NULL, 0, 0, NULL, NULL, NULL),
                   "the drive did not take the disc");
    return e;
}

static bool is_live(const struct row *vm)
{
    return row_int(vm, F_VM_POWER_STATE) == E_VM_POWER_STATE_RUNNING ||
           row_int(vm, F_VM_POWER_STATE) == E_VM_POWER_STATE_PAUSED;
}

static struct err *insert(struct call *call, const char *vbd_ref, const char *vdi_ref)
{
    struct medium m = {vbd_ref, vdi_ref};
    autoptr(row) vbd = NULL;
    autoptr(row) vm = NULL;
    autoptr(row) vdi = NULL;
    autoptr(row) sr = NULL;
    struct err *e = db_need(call->db, CLASS_VBD, vbd_ref, &vbd);

    if (!e)
        e = db_need(call->db, CLASS_VM, row_text(vbd, F_VBD_VM), &vm);
    if (!e)
        e = db_need(call->db, CLASS_VDI, vdi_ref, &vdi);
    if (!e)
        e = db_need(call->db, CLASS_SR, row_text(vdi, F_VDI_SR), &sr);
    if (!e && !row_bool(vdi, F_VDI_MANAGED))
        e = err_params(ERR_VDI_NOT_MANAGED, vdi_ref, NULL);
    if (!e && is_live(vm))
        e = journal_step(call, JOURNAL_DRIVE, vbd_ref, row_uuid(sr), row_uuid(vdi), NULL);
    if (!e && is_live(vm))
        e = insert_live(call, vm, vbd, sr, vdi);
    return e ? e : journal_commit(call, medium_txn, &m);
}

static struct err *eject(struct call *call, const char *vbd_ref)
{
    struct medium m = {vbd_ref, NULL};
    autoptr(row) vbd = NULL;
    autoptr(row) vm = NULL;
    autoptr(row) vdi = NULL;
    autoptr(row) sr = NULL;
    struct err *e = db_need(call->db, CLASS_VBD, vbd_ref, &vbd);

    if (!e)
        e = db_need(call->db, CLASS_VM, row_text(vbd, F_VBD_VM), &vm);
    if (e)
        return e;
    vdi = db_get(call->db, CLASS_VDI, row_text(vbd, F_VBD_VDI));
    sr = vdi ? db_get(call->db, CLASS_SR, row_text(vdi, F_VDI_SR)) : NULL;
    if (is_live(vm) && sr)
        e = journal_step(call, JOURNAL_DRIVE, vbd_ref, row_uuid(sr), row_uuid(vdi), NULL);
    if (!e && is_live(vm)) {
        e = change_drive(call, vm, vbd, val_set(0), NULL, 0);
        if (!e && sr)
            e = agents_call(call->manager->agents, AGENT_STORED, "vdi.close",
                            disk_params(sr, vdi, vm), NULL, 0, 0, NULL, NULL, NULL);
    }
    return e ? e : journal_commit(call, medium_txn, &m);
}

static struct err *vbd_insert(struct call *call, struct val *ret_result)
{
    const char *ref = arg_text(call, 0);
    struct err *e = op_begin(call, &vbd_op_rules, ref, E_VBD_OPERATIONS_INSERT);

    if (e)
        return e;
    e = insert(call, ref, arg_text(call, 1));
    op_end(call, &vbd_op_rules, ref);
    return e;
}

static struct err *vbd_eject(struct call *call, struct val *ret_result)
{
    const char *ref = arg_text(call, 0);
    struct err *e = op_begin(call, &vbd_op_rules, ref, E_VBD_OPERATIONS_EJECT);

    if (e)
        return e;
    e = eject(call, ref);
    op_end(call, &vbd_op_rules, ref);
    return e;
}

/* ---- the rest ---- */

static struct err *attachable_txn(struct txn *t, void *arg)
{
    struct call *call = arg;
    const struct row *vbd;
    struct err *e = txn_need(t, CLASS_VBD, arg_text(call, 0), &vbd);

    return e ? e : vbd_check_vdi(t, vbd);
}

static struct err *vbd_assert_attachable(struct call *call, struct val *ret_result)
{
    return db_run(call->db, attachable_txn, call);
}

static struct err *set_mode_txn(struct txn *t, void *arg)
{
    struct call *call = arg;
    const struct row *vbd, *vm;
    struct err *e = txn_need(t, CLASS_VBD, arg_text(call, 0), &vbd);

    if (!e)
        e = txn_need(t, CLASS_VM, row_text(vbd, F_VBD_VM), &vm);
    if (!e && row_int(vm, F_VM_POWER_STATE) != E_VM_POWER_STATE_HALTED)
        e = vm_bad_power_state(vm, "halted");
    if (!e)
        txn_set(t, CLASS_VBD, arg_text(call, 0), F_VBD_MODE, val_ref(&call->args[1]));
    return e;
}

static struct err *vbd_set_mode(struct call *call, struct val *ret_result)
{
    return db_run(call->db, set_mode_txn, call);
}

struct free_devices {
    struct call *call;
    struct val names;
};

static struct err *allowed_txn(struct txn *t, void *arg)
{
    struct free_devices *f = arg;
    bool used[MAX_DEVICE + 1];
    const struct row *vm;
    struct err *e = txn_need(t, CLASS_VM, arg_text(f->call, 0), &vm);

    if (e)
        return e;
    used_devices(t, vm, used);
    val_unref(&f->names);
    f->names = val_set(MAX_DEVICE);
    for (int device = 0; device < MAX_DEVICE; device++)
        if (!used[device])
            val_push(&f->names, val_strf("%d", device));
    return NULL;
}

static struct err *vm_get_allowed_vbd_devices(struct call *call, struct val *ret_result)
{
    struct free_devices f = {call, val_void()};
    struct err *e = db_run(call->db, allowed_txn, &f);

    if (!e)
        *ret_result = f.names;
    return e;
}

const struct body_def vbd_bodies[] = {
    {"VBD.create", vbd_create, BODY_NORMAL},
    {"VBD.destroy", vbd_destroy, BODY_NORMAL},
    {"VBD.insert", vbd_insert, BODY_NORMAL},
    {"VBD.eject", vbd_eject, BODY_NORMAL},
    {"VBD.assert_attachable", vbd_assert_attachable, BODY_NORMAL},
    {"VBD.set_mode", vbd_set_mode, BODY_NORMAL},
    {"VM.get_allowed_VBD_devices", vm_get_allowed_vbd_devices, BODY_NORMAL},
    {0},
};
