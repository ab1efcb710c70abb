// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/vdi_life.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "api/disk_live.h"
#include "api/journal.h"
#include "api/merges.h"
#include "api/vdi_record.h"
#include "api/vm_life.h"
#include "base/alloc.h"
#include "io/frame.h"
#include "rpc/agents.h"
#include "rpc/manager.h"

/* Copying may take as long as it takes; the agent's death ends the wait, not a clock. */
#define COPY_TIMEOUT_MS (UINT64_C(7) * 24 * 3600 * 1000)

struct arrival {
    const char *sr_ref;
    const struct val *described; /* what lk-stored answered */
    const struct row *model; /* a VDI whose names and settings the new one takes, or NULL */
    const char *name, *description;
    int type;
    struct ref *ret_vdi;
};

static struct err *arrive_txn(struct txn *t, void *arg)
{
    static const int inherited[] = {
        F_VDI_NAME_LABEL, F_VDI_NAME_DESCRIPTION, F_VDI_TYPE,
        F_VDI_SHARABLE,   F_VDI_OTHER_CONFIG,     F_VDI_XENSTORE_DATA,
        F_VDI_ON_BOOT,    F_VDI_ALLOW_CACHING,    F_VDI_TAGS,
    };
    const struct arrival *a = arg;
    const char *ref = vdi_record_write(t, a->sr_ref, a->described);

    if (!ref)
        return err_params(ERR_INTERNAL_ERROR,
                          "The storage daemon described a disk without a uuid", NULL);
    for (size_t i = 0; a->model && i < ARRAY_SIZE(inherited); i++)
        txn_set(t, CLASS_VDI, ref, inherited[i], val_ref(row_get(a->model, inherited[i])));
    if (!a->model) {
        txn_set(t, CLASS_VDI, ref, F_VDI_NAME_LABEL, val_str(a->name));
        txn_set(t, CLASS_VDI, ref, F_VDI_NAME_DESCRIPTION, val_str(a->description));
        txn_set(t, CLASS_VDI, ref, F_VDI_TYPE, val_int(a->type));
    }
    sr_record_sum(t, a->sr_ref);
    op_refresh(t, &vdi_op_rules, ref);
    snprintf(a->ret_vdi->text, sizeof(a->ret_vdi->text), "%s", ref);
    return NULL;
}

struct err *vdi_life_need_sr(struct call *call, const char *sr_ref, struct row **ret_sr)
{
    autoptr(row) sr = NULL;
    struct err *e = db_need(call->db, CLASS_SR, sr_ref, &sr);
    const struct val *pbds = e ? NULL : row_get(sr, F_SR_PBDS);

    for (size_t i = 0; !e && i < val_count(pbds); i++) {
        autoptr(row) pbd = db_get(call->db, CLASS_PBD, val_text(val_at(pbds, i)));

        if (pbd && row_bool(pbd, F_PBD_CURRENTLY_ATTACHED)) {
            *ret_sr = take_ptr(sr);
            return NULL;
        }
    }
    return e ? e : err_params(ERR_SR_HAS_NO_PBDS, sr_ref, NULL);
}

static struct val disk_params(const struct row *sr, const char *vdi_uuid)
{
    struct val params = val_map(6);

    val_put_str(&params, "sr", val_str(row_uuid(sr)));
    val_put_str(&params, "vdi", val_str(vdi_uuid));
    return params;
}

static struct err *stored(struct call *call, const char *verb, struct val params,
                          const int *fds, size_t n_fds, struct val *ret_answer)
{
    return agents_call(call->manager->agents, AGENT_STORED, verb, params, fds, n_fds,
                       COPY_TIMEOUT_MS, ret_answer, NULL, NULL);
}

/* Before lk-stored makes a disk. */
static struct err *will_make(struct call *call, const struct row *sr,
                             const struct uuid *uuid)
{
    return journal_step(call, JOURNAL_VDI_MADE, row_uuid(sr), uuid->text, NULL);
}

struct err *vdi_life_record(struct call *call, const struct row *sr,
                            const struct row *model, const struct val *described,
                            struct ref *ret_vdi)
{
    struct arrival a = {
        .sr_ref = row_ref(sr), .described = described, .model = model, .ret_vdi = ret_vdi};

    return db_run(call->db, arrive_txn, &a);
}

struct err *vdi_life_create(struct call *call, const char *sr_ref, int64_t size, int type,
                            const char *name, const char *description, struct ref *ret_vdi)
{
    struct arrival a = {.sr_ref = sr_ref,
                        .name = name,
                        .description = description,
                        .type = type,
                        .ret_vdi = ret_vdi};
    autoval struct val answer = val_void();
    struct uuid uuid = uuid_new();
    autoptr(row) sr = NULL;
    struct val params;
    struct err *e = vdi_life_need_sr(call, sr_ref, &sr);

    if (!e)
        e = op_begin(call, &sr_op_rules, sr_ref, E_STORAGE_OPERATIONS_VDI_CREATE);
    if (e)
        return e;
    params = disk_params(sr, uuid.text);
    val_put_str(&params, "size", val_int(size));
    val_put_str(&params, "name_label", val_str(name));
    val_put_str(&params, "name_description", val_str(description));
    val_put_str(&params, "kind",
                val_str(enum_text(classes[CLASS_VDI].fields[F_VDI_TYPE].type->enm, type)));
    a.described = &answer;
    e = will_make(call, sr, &uuid);
    if (!e)
        e = stored(call, "vdi.create", take_val(params), NULL, 0, &answer);
    if (!e)
        e = db_run(call->db, arrive_txn, &a);
    val_unref(&params);
    op_end(call, &sr_op_rules, sr_ref);
    return e;
}

/* A new disk out of 'vdi' on its own SR, by verb "vdi.clone" or "vdi.snapshot". */
static struct err *derive(struct call *call, const char *vdi_ref, const char *verb, int op,
                          struct ref *ret_vdi)
{
    autoval struct val answer = val_void();
    struct uuid uuid = uuid_new();
    autoptr(row) vdi = NULL;
    autoptr(row) sr = NULL;
    struct val params;
    struct err *e = db_need(call->db, CLASS_VDI, vdi_ref, &vdi);

    if (!e)
        e = vdi_life_need_sr(call, row_text(vdi, F_VDI_SR), &sr);
    if (!e)
        e = op_begin(call, &vdi_op_rules, vdi_ref, op);
    if (e)
        return e;
    params = disk_params(sr, row_uuid(vdi));
    val_put_str(&params, "new", val_str(uuid.text));
    e = will_make(call, sr, &uuid);
    if (!e)
        e = stored(call, verb, take_val(params), NULL, 0, &answer);
    if (!e)
        e = vdi_life_record(call, sr, vdi, &answer, ret_vdi);
    val_unref(&params);
    op_end(call, &vdi_op_rules, vdi_ref);
    return e;
}

struct err *vdi_life_clone(struct call *call, const char *vdi_ref, struct ref *ret_vdi)
{
    return derive(call, vdi_ref, "vdi.clone", E_VDI_OPERATIONS_CLONE, ret_vdi);
}

/* Together with the process of the VM that writes to it. */
static struct err *snapshot_live(struct call *call, const struct row *vm,
                                 const char *vdi_ref, struct ref *ret_vdi)
{
    struct vdi_copy disk = {0};
    struct vdi_copies disks = {&disk, 1};
    struct live_snapshot live = {.vm = vm, .disks = &disks};
    struct err *e;

    snprintf(disk.source.text, sizeof(disk.source.text), "%s", vdi_ref);
    e = disk_live_snapshot(call, &live);
    *ret_vdi = disk.copy;
    return e;
}

struct err *vdi_life_snapshot(struct call *call, const char *vdi_ref, struct ref *ret_vdi)
{
    autoptr(row) vdi = NULL;
    autoptr(row) vm = NULL;
    int device;
    struct err *e = db_need(call->db, CLASS_VDI, vdi_ref, &vdi);

    if (e)
        return e;
    if (disk_live_find(call->db, vdi, &vm, &device))
        return snapshot_live(call, vm, vdi_ref, ret_vdi);
    return derive(call, vdi_ref, "vdi.snapshot", E_VDI_OPERATIONS_SNAPSHOT, ret_vdi);
}

/* Opens the source's layers for reading, held by 'holder'. */
static struct err *open_source(struct call *call, const struct row *sr,
                               const struct row *vdi, const char *holder,
                               struct val *ret_answer, int *fds, size_t *n_fds)
{
    struct val params = disk_params(sr, row_uuid(vdi));

    val_put_str(&params, "mode", val_str("ro"));
    val_put_str(&params, "holder", val_str(holder));
    return agents_call(call->manager->agents, AGENT_STORED, "vdi.open", params, NULL, 0, 0,
                       ret_answer, fds, n_fds);
}

static struct err *close_source(struct call *call, const struct row *sr,
                                const struct row *vdi, const char *holder)
{
    struct val params = disk_params(sr, row_uuid(vdi));

    val_put_str(&params, "holder", val_str(holder));
    return stored(call, "vdi.close", params, NULL, 0, NULL);
}

/* lk-stored fills a volume from one image that needs no other. */
static struct err *fill(struct call *call, const struct row *sr, const char *new_uuid,
                        const struct val *source, const int *fds, size_t n_fds,
                        struct val *ret_answer)
{
    const struct val *layers = val_find(source, "layers");
    const struct val *only = val_count(layers) == 1 ? val_at(layers, 0) : NULL;
    struct val params;

    if (!only)
        return err_params(ERR_NOT_IMPLEMENTED, "VDI.copy of a disk that shares layers",
                          NULL);
    params = disk_params(sr, new_uuid);
    val_put_str(&params, "from", val_ref(val_find(only, "fd")));
    val_put_str(&params, "format", val_ref(val_find(only, "format")));
    return stored(call, "vdi.fill", params, fds, n_fds, ret_answer);
}

static struct err *copy_data(struct call *call, const struct row *from_sr,
                             const struct row *vdi, const struct row *to_sr,
                             struct arrival *a)
{
    autoval struct val source = val_void(), made = val_void(), filled = val_void();
    struct uuid holder = uuid_new(), new_uuid = uuid_new();
    int fds[FRAME_MAX_FDS];
    struct val params = disk_params(to_sr, new_uuid.text);
    size_t n_fds = 0;
    struct err *e;

    val_put_str(&params, "size", val_int(row_int(vdi, F_VDI_VIRTUAL_SIZE)));
    val_put_str(&params, "name_label", val_str(row_name_label(vdi)));
    val_put_str(&params, "name_description",
                val_str(row_text(vdi, F_VDI_NAME_DESCRIPTION)));
    val_put_str(&params, "kind",
                val_str(enum_text(classes[CLASS_VDI].fields[F_VDI_TYPE].type->enm,
                                  row_int(vdi, F_VDI_TYPE))));
    a->described = &filled;
    e = journal_step(call, JOURNAL_HELD, row_uuid(from_sr), row_uuid(vdi), holder.text,
                     NULL);
    if (!e)
        e = open_source(call, from_sr, vdi, holder.text, &source, fds, &n_fds);
    if (!e)
        e = will_make(call, to_sr, &new_uuid);
    if (!e)
        e = stored(call, "vdi.create", take_val(params), NULL, 0, &made);
    if (!e)
        e = fill(call, to_sr, new_uuid.text, &source, fds, n_fds, &filled);
    if (!e)
        e = close_source(call, from_sr, vdi, holder.text);
    if (!e)
        e = db_run(call->db, arrive_txn, a);
    val_unref(&params);
    for (size_t i = 0; i < n_fds; i++)
        close(fds[i]);
    return e;
}

struct err *vdi_life_copy(struct call *call, const char *vdi_ref, const char *sr_ref,
                          struct ref *ret_vdi)
{
    struct arrival a = {.sr_ref = sr_ref, .ret_vdi = ret_vdi};
    autoptr(row) vdi = NULL;
    autoptr(row) from_sr = NULL;
    autoptr(row) to_sr = NULL;
    struct err *e = db_need(call->db, CLASS_VDI, vdi_ref, &vdi);

    if (!e)
        e = vdi_life_need_sr(call, row_text(vdi, F_VDI_SR), &from_sr);
    if (!e)
        e = vdi_life_need_sr(call, sr_ref, &to_sr);
    if (!e)
        e = op_begin(call, &vdi_op_rules, vdi_ref, E_VDI_OPERATIONS_COPY);
    if (e)
        return e;
    a.model = vdi;
    e = copy_data(call, from_sr, vdi, to_sr, &a);
    op_end(call, &vdi_op_rules, vdi_ref);
    return e;
}

static struct err *depart_txn(struct txn *t, void *arg)
{
    const char *ref = arg;
    const struct row *vdi = txn_get(t, CLASS_VDI, ref);
    autofree char *sr_ref = NULL;

    if (!vdi)
        return NULL;
    sr_ref = xstrdup(row_text(vdi, F_VDI_SR));
    vdi_record_delete(t, vdi);
    sr_record_sum(t, sr_ref);
    return NULL;
}

struct err *vdi_life_destroy(struct call *call, const char *vdi_ref)
{
    autoptr(row) vdi = NULL;
    autoptr(row) sr = NULL;
    struct err *e = db_need(call->db, CLASS_VDI, vdi_ref, &vdi);

    if (!e && !row_bool(vdi, F_VDI_MANAGED))
        return err_params(ERR_VDI_NOT_MANAGED, vdi_ref, NULL);
    if (!e)
        e = vdi_life_need_sr(call, row_text(vdi, F_VDI_SR), &sr);
    if (!e)
        e = op_begin(call, &vdi_op_rules, vdi_ref, E_VDI_OPERATIONS_DESTROY);
    if (e)
        return e;
    e = journal_step(call, JOURNAL_VDI_GOING, row_uuid(sr), row_uuid(vdi), NULL);
    if (!e)
        e = stored(call, "vdi.destroy", disk_params(sr, row_uuid(vdi)), NULL, 0, NULL);
    if (e && err_code(e) == ERR_VDI_MISSING) {
        err_ignore(e, "an attempt that was cut off did it: only the row is left");
        e = NULL;
    }
    if (!e)
        e = db_run(call->db, depart_txn, (void *)vdi_ref);
    if (e)
        op_end(call, &vdi_op_rules, vdi_ref);
    else
        op_wake();
    return e;
}

/* A disk that stays, and is another now. */
struct altering {
    const char *sr_ref;
    const struct val *described;
};

static struct err *altered_txn(struct txn *t, void *arg)
{
    const struct altering *a = arg;

    vdi_record_write(t, a->sr_ref, a->described);
    sr_record_sum(t, a->sr_ref);
    return NULL;
}

/* Has lk-stored do 'verb' and writes what came of it; 'params' is taken. */
static struct err *alter(struct call *call, const struct row *sr, const char *verb,
                         struct val params)
{
    autoval struct val answer = val_void();
    struct altering a = {row_ref(sr), &answer};
    struct err *e = stored(call, verb, params, NULL, 0, &answer);

    return e ? e : db_run(call->db, altered_txn, &a);
}

/* ---- resizing ---- */

/* A disk a running VM writes to. */
struct live_resize {
    struct call *call;
    const struct row *sr, *vdi, *vm;
    int device;
};

static struct val live_params(const struct live_resize *r, int64_t size)
{
    struct val params = disk_params(r->sr, row_uuid(r->vdi));

    val_put_str(&params, "holder", val_str(row_uuid(r->vm)));
    val_put_str(&params, "size", val_int(size));
    return params;
}

static struct err *resize_in_vm(const struct live_resize *r, int64_t size)
{
    struct val params = val_map(3);

    val_put_str(&params, "vm", val_str(row_uuid(r->vm)));
    val_put_str(&params, "device", val_int(r->device));
    val_put_str(&params, "size", val_int(size));
    return agents_call(r->call->manager->agents, AGENT_VMD, "vm.disk_resize", params, NULL,
                       0, 0, NULL, NULL, NULL);
}

/* Whether the VM surely has not got the new size: else the same resize, asked again, or the
 * end of the VM settles it. */
static bool was_refused(const struct err *e)
{
    return err_code(e) != ERR_INTERNAL_ERROR ||
           (err_n_params(e) > 0 && strcmp(err_param_at(e, 0), "qemu") == 0);
}

static int64_t int_member(const struct val *map, const char *name)
{
    const struct val *value = val_find(map, name);

    return value && value->kind == VAL_INT ? value->i : 0;
}

static struct err *resize_live(const struct live_resize *r, int64_t size)
{
    autoval struct val begun = val_void();
    struct err *ended,
        *e = stored(r->call, "vdi.resize_begin", live_params(r, size), NULL, 0, &begun);

    if (e)
        return e;
    size = int_member(&begun, "resizing_to"); /* rounded up */
    e = resize_in_vm(r, size);
    if (!e)
        return alter(r->call, r->sr, "vdi.resize_end", live_params(r, size));
    if (!was_refused(e))
        return e; /* asking again, or the end of the VM, ends it */
    /* Asked again it may have that size already, and only the row does not say so. */
    ended = alter(r->call, r->sr, "vdi.resize_end",
                  live_params(r, int_member(&begun, "virtual_size")));
    if (!ended)
        return e;
    err_ignore(e, "what the disk is now has to be found out first");
    return ended;
}

static struct err *resize_at_rest(const struct live_resize *r, int64_t size)
{
    struct val params = disk_params(r->sr, row_uuid(r->vdi));

    val_put_str(&params, "size", val_int(size));
    return alter(r->call, r->sr, "vdi.resize", params);
}

/* A VM that ends meanwhile leaves its disk at rest, grown or not: lk-stored refuses one
 * that is still in use. */
static struct err *resize_in_use(const struct live_resize *r, int64_t size)
{
    struct err *at_rest, *e;

    merges_bar(r->call->manager->merges, row_uuid(r->vm));
    e = resize_live(r, size);
    merges_unbar(r->call->manager->merges, row_uuid(r->vm), row_uuid(r->sr));
    if (!e || err_code(e) != ERR_OPERATION_NOT_ALLOWED)
        return e;
    at_rest = resize_at_rest(r, size);
    if (at_rest) {
        err_ignore(at_rest, "it was asked of a disk in use");
        return e;
    }
    err_ignore(e, "the VM has ended");
    return NULL;
}

struct err *vdi_life_resize(struct call *call, const char *vdi_ref, int64_t size)
{
    struct live_resize live = {.call = call};
    autoptr(row) vdi = NULL;
    autoptr(row) sr = NULL;
    autoptr(row) vm = NULL;
    char text[24];
    bool is_live;
    struct err *e = db_need(call->db, CLASS_VDI, vdi_ref, &vdi);

    if (!e && !row_bool(vdi, F_VDI_MANAGED))
        return err_params(ERR_VDI_NOT_MANAGED, vdi_ref, NULL);
    if (!e)
        e = vdi_life_need_sr(call, row_text(vdi, F_VDI_SR), &sr);
    if (e)
        return e;
    is_live = disk_live_find(call->db, vdi, &vm, &live.device);
    e = op_begin(call, &vdi_op_rules, vdi_ref,
                 is_live ? E_VDI_OPERATIONS_RESIZE_ONLINE : E_VDI_OPERATIONS_RESIZE);
    if (e)
        return e;
    live.sr = sr;
    live.vdi = vdi;
    live.vm = vm;
    snprintf(text, sizeof(text), "%lld", (long long)size);
    e = journal_step(call, JOURNAL_AGAIN, "VDI.resize", vdi_ref, text, NULL);
    if (!e)
        e = is_live ? resize_in_use(&live, size) : resize_at_rest(&live, size);
    op_end(call, &vdi_op_rules, vdi_ref);
    return e;
}

static struct err *revert_marked(struct call *call, const struct row *sr,
                                 const struct row *snapshot, const struct row *vdi)
{
    struct val params;
    struct err *e =
        op_begin(call, &vdi_op_rules, row_ref(vdi), E_VDI_OPERATIONS_REVERT_FROM);

    if (e)
        return e;
    params = disk_params(sr, row_uuid(vdi));
    val_put_str(&params, "snapshot", val_str(row_uuid(snapshot)));
    e = journal_step(call, JOURNAL_AGAIN, "VDI.revert", row_ref(snapshot), "-", NULL);
    if (!e)
        e = alter(call, sr, "vdi.revert", take_val(params));
    val_unref(&params);
    op_end(call, &vdi_op_rules, row_ref(vdi));
    return e;
}

struct err *vdi_life_revert(struct call *call, const char *snapshot_ref)
{
    autoptr(row) snapshot = NULL;
    autoptr(row) vdi = NULL;
    autoptr(row) sr = NULL;
    struct err *e = db_need(call->db, CLASS_VDI, snapshot_ref, &snapshot);

    if (!e)
        e = vdi_life_need_sr(call, row_text(snapshot, F_VDI_SR), &sr);
    if (!e)
        e = op_begin(call, &vdi_op_rules, snapshot_ref, E_VDI_OPERATIONS_REVERT_TO);
    if (e)
        return e;
    e = db_need(call->db, CLASS_VDI, row_text(snapshot, F_VDI_SNAPSHOT_OF), &vdi);
    if (!e)
        e = revert_marked(call, sr, snapshot, vdi);
    op_end(call, &vdi_op_rules, snapshot_ref);
    return e;
}

/* ---- copies ---- */

const char *vdi_copies_find(const struct vdi_copies *copies, const char *source)
{
    for (size_t i = 0; i < copies->n; i++)
        if (strcmp(copies->at[i].source.text, source) == 0)
            return copies->at[i].copy.text;
    return NULL;
}

void vdi_copies_fini(struct vdi_copies *copies)
{
    free(copies->at);
    *copies = (struct vdi_copies){0};
}
