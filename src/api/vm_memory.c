// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/vm_memory.h"

#include <string.h>
#include <unistd.h>

#include "api/ops.h"
#include "api/vdi_life.h"
#include "api/vdi_record.h"
#include "base/alloc.h"
#include "base/log.h"
#include "base/str.h"
#include "io/frame.h"
#include "rpc/agents.h"
#include "rpc/inner_call.h"

#define MIB       (INT64_C(1) << 20)
#define VIDEO_MIB 256             /* video memory is in the stream as well */
#define MEMORY_OF "Memory of VM " /* and its uuid */
#define PAGES     128 /* a part of the memory: what stands before each page, and more */

/* ---- where it lies ---- */

static bool is_sr(struct call *call, const char *ref)
{
    autoptr(row) sr = db_get(call->db, CLASS_SR, ref);

    return sr && strcmp(row_text(sr, F_SR_CONTENT_TYPE), "iso") != 0;
}

static struct err *find_sr(struct call *call, const struct row *vm, struct ref *ret_sr)
{
    autoptr(row) host = db_get(call->db, CLASS_HOST, call->manager->self.host_ref);
    autorows pools = {0};
    const struct row *pool;

    db_list(call->db, CLASS_POOL, &pools);
    pool = pools.n ? pools.at[0] : NULL;
    const char *const wanted[] = {
        row_text(vm, F_VM_SUSPEND_SR),
        pool ? row_text(pool, F_POOL_SUSPEND_IMAGE_SR) : NULL_REF,
        host ? row_text(host, F_HOST_SUSPEND_IMAGE_SR) : NULL_REF,
        pool ? row_text(pool, F_POOL_DEFAULT_SR) : NULL_REF,
    };

    for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
        if (!is_sr(call, wanted[i]))
            continue;
        snprintf(ret_sr->text, sizeof(ret_sr->text), "%s", wanted[i]);
        return NULL;
    }
    return err_params(ERR_VM_NO_SUSPEND_SR, row_ref(vm), NULL);
}

/* ---- making ---- */

struct naming {
    const char *vm_ref, *vdi_ref;
};

static struct err *name_txn(struct txn *t, void *arg)
{
    const struct naming *n = arg;
    const struct row *vm;
    struct err *e = txn_need(t, CLASS_VM, n->vm_ref, &vm);

    if (!e)
        txn_set(t, CLASS_VM, n->vm_ref, F_VM_SUSPEND_VDI, val_str(n->vdi_ref));
    return e;
}

struct err *vm_memory_make(struct call *call, const char *vm_ref)
{
    struct naming naming = {vm_ref, NULL};
    autofree char *description = NULL;
    autoptr(row) vm = NULL;
    struct ref sr, vdi;
    int64_t memory;
    struct err *e = vm_memory_drop(call->manager, vm_ref);

    if (!e)
        e = db_need(call->db, CLASS_VM, vm_ref, &vm);
    if (!e)
        e = find_sr(call, vm, &sr);
    if (e)
        return e;
    memory = row_int(vm, F_VM_MEMORY_STATIC_MAX);
    description = xasprintf("%s%s", MEMORY_OF, row_uuid(vm));
    e = vdi_life_create(call, sr.text, memory + memory / PAGES + VIDEO_MIB * MIB,
                        E_VDI_TYPE_SUSPEND, "Suspend image", description, &vdi);
    if (e)
        return e;
    naming.vdi_ref = vdi.text;
    e = db_run(call->db, name_txn, &naming);
    if (e)
        err_ignore(vdi_life_destroy(call, vdi.text), "the VM has no row any more");
    return e;
}

/* ---- opening ---- */

/* lk-stored's parameters for the image; false: there is none. */
static bool image_params(struct manager *m, const struct row *vm, struct val *ret_params)
{
    autoptr(row) vdi = db_get(m->db, CLASS_VDI, row_text(vm, F_VM_SUSPEND_VDI));
    autoptr(row) sr = vdi ? db_get(m->db, CLASS_SR, row_text(vdi, F_VDI_SR)) : NULL;

    if (!sr)
        return false;
    *ret_params = val_map(4);
    val_put_str(ret_params, "sr", val_str(row_uuid(sr)));
    val_put_str(ret_params, "vdi", val_str(row_uuid(vdi)));
    val_put_str(ret_params, "holder", val_str(row_uuid(vm)));
    return true;
}

/* The lowest layer is the image: a copy of it has layers above, in which nothing is. */
static struct err *take_lowest(const struct row *vm, const struct val *answer, size_t index,
                               const int *fds, size_t n_fds, struct val *ret_image,
                               int *ret_fd)
{
    const struct val *layers = val_find(answer, "layers");
    size_t n = layers ? val_count(layers) : 0;
    const struct val *lowest = n ? val_at(layers, n - 1) : NULL;
    const struct val *fd = lowest ? val_find(lowest, "fd") : NULL;

    for (size_t i = 0; i < n_fds; i++)
        if (!fd || fd->i != (int64_t)i)
            close(fds[i]);
    if (!fd || fd->i < 0 || (size_t)fd->i >= n_fds)
        return err_params(ERR_SUSPEND_IMAGE_NOT_ACCESSIBLE, row_text(vm, F_VM_SUSPEND_VDI),
                          NULL);
    *ret_fd = fds[fd->i];
    *ret_image = val_map_with(lowest, "fd", val_int((int64_t)index));
    return NULL;
}

struct err *vm_memory_open(struct manager *m, const struct row *vm, const char *mode,
                           size_t index, struct val *ret_image, int *ret_fd)
{
    autoval struct val answer = val_void();
    int fds[FRAME_MAX_FDS];
    size_t n_fds = 0;
    struct val params;
    struct err *e;

    if (!image_params(m, vm, &params))
        return err_params(ERR_VM_HAS_NO_SUSPEND_VDI, row_ref(vm), NULL);
    val_put_str(&params, "mode", val_str(mode));
    e = agents_call(m->agents, AGENT_STORED, "vdi.open", params, NULL, 0, 0, &answer, fds,
                    &n_fds);
    return e ? e : take_lowest(vm, &answer, index, fds, n_fds, ret_image, ret_fd);
}

struct err *vm_memory_close(struct manager *m, const struct row *vm)
{
    struct val params;

    if (!image_params(m, vm, &params))
        return NULL;
    return agents_call(m->agents, AGENT_STORED, "vdi.close", params, NULL, 0, 0, NULL, NULL,
                       NULL);
}

/* ---- written ---- */

struct written {
    const char *sr_ref;
    const struct val *described;
};

static struct err *written_txn(struct txn *t, void *arg)
{
    const struct written *w = arg;

    vdi_record_write(t, w->sr_ref, w->described);
    sr_record_sum(t, w->sr_ref);
    return NULL;
}

struct err *vm_memory_written(struct manager *m, const char *vm_ref)
{
    autoptr(row) vm = NULL;
    autoptr(row) vdi = NULL;
    autoval struct val answer = val_void(), params = val_void();
    struct written w = {"", &answer};
    struct err *e = db_need(m->db, CLASS_VM, vm_ref, &vm);

    if (!e)
        e = vm_memory_close(m, vm);
    if (e)
        return e;
    vdi = db_get(m->db, CLASS_VDI, row_text(vm, F_VM_SUSPEND_VDI));
    if (!vdi || !image_params(m, vm, &params))
        return err_params(ERR_VM_HAS_NO_SUSPEND_VDI, vm_ref, NULL);
    w.sr_ref = row_text(vdi, F_VDI_SR);
    e = agents_call(m->agents, AGENT_STORED, "vdi.describe",
                    val_map_without(&params, "holder"), NULL, 0, 0, &answer, NULL, NULL);
    return e ? e : db_run(m->db, written_txn, &w);
}

/* ---- dropping ---- */

static struct err *forget_txn(struct txn *t, void *arg)
{
    const struct naming *n = arg;
    const struct row *vm = txn_get(t, CLASS_VM, n->vm_ref);

    if (vm && strcmp(row_text(vm, F_VM_SUSPEND_VDI), n->vdi_ref) == 0)
        txn_set(t, CLASS_VM, n->vm_ref, F_VM_SUSPEND_VDI, val_str(NULL_REF));
    return NULL;
}

static struct err *destroy_image(struct manager *m, const char *vdi_ref)
{
    struct val ref = val_str(vdi_ref);
    struct err *e = rpc_call_inside(m, NULL, "VDI.destroy", &ref, 1, NULL);

    val_unref(&ref);
    return e;
}

/* The image that 'vm' named when it was read. */
static struct err *drop(struct manager *m, const struct row *vm)
{
    struct naming naming = {row_ref(vm), row_text(vm, F_VM_SUSPEND_VDI)};
    autoptr(row) vdi = db_get(m->db, CLASS_VDI, naming.vdi_ref);
    struct err *e = vm_memory_close(m, vm);

    if (!e && vdi)
        e = destroy_image(m, naming.vdi_ref);
    return e ? e : db_run(m->db, forget_txn, &naming);
}

static bool has_image(const struct row *vm)
{
    return strcmp(row_text(vm, F_VM_SUSPEND_VDI), NULL_REF) != 0;
}

struct err *vm_memory_drop(struct manager *m, const char *vm_ref)
{
    autoptr(row) vm = NULL;
    struct err *e = db_need(m->db, CLASS_VM, vm_ref, &vm);

    return e || !has_image(vm) ? e : drop(m, vm);
}

/* ---- what was cut off ---- */

static bool is_busy(const struct row *vm)
{
    return val_count(row_get(vm, F_VM_CURRENT_OPERATIONS)) > 0;
}

static void complain(struct err *e)
{
    if (e)
        log_warn(API, "dropping a suspend image: %s; it is tried again later",
                 err_sentence(e));
    err_free(e);
}

/* An image made for a VM of ours that no VM names: its maker died before that. */
static bool is_orphan(const struct row *vdi, const struct row_list *vms)
{
    const char *uuid = row_text(vdi, F_VDI_NAME_DESCRIPTION);
    bool is_ours = false;

    if (row_int(vdi, F_VDI_TYPE) != E_VDI_TYPE_SUSPEND || !str_has_prefix(uuid, MEMORY_OF))
        return false;
    uuid += strlen(MEMORY_OF);
    for (size_t i = 0; i < vms->n; i++) {
        if (is_busy(vms->at[i]) ||
            strcmp(row_text(vms->at[i], F_VM_SUSPEND_VDI), row_ref(vdi)) == 0)
            return false;
        is_ours = is_ours || strcmp(row_uuid(vms->at[i]), uuid) == 0;
    }
    return is_ours;
}

void vm_memory_sweep(struct manager *m)
{
    autorows vms = {0}, vdis = {0};

    /* In this order: an image is named after it was made. */
    db_list(m->db, CLASS_VDI, &vdis);
    db_list(m->db, CLASS_VM, &vms);
    for (size_t i = 0; i < vms.n; i++)
        if (has_image(vms.at[i]) && !is_busy(vms.at[i]) &&
            row_int(vms.at[i], F_VM_POWER_STATE) != E_VM_POWER_STATE_SUSPENDED)
            complain(drop(m, vms.at[i]));
    for (size_t i = 0; i < vdis.n; i++)
        if (is_orphan(vdis.at[i], &vms))
            complain(destroy_image(m, row_ref(vdis.at[i])));
}
