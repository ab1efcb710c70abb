// SPDX-License-Identifier: GPL-2.0-or-later
/* VBDs and VIFs plugged into running VMs and unplugged.
 *
 * To plug, the agents come first and the row last; to unplug, lk-vmd first, then the row,
 * then what was held is given back.  A manager that dies in between leaves a device too
 * much at lk-vmd, which the next plug takes out, or a disk held until the VM ends: never a
 * disk that is written to and free for others. */
#include "api/device_plug.h"

#include <unistd.h>

#include "api/bodies.h"
#include "api/journal.h"
#include "api/merges.h"
#include "api/vbd_limits.h"
#include "api/vm_life.h"
#include "base/log.h"
#include "base/str.h"
#include "io/frame.h"
#include "rpc/agents.h"
#include "rpc/manager.h"

/* What the two classes have in common. */
struct kind {
    int cls, vm_field, attached_field;
    const struct op_rules *rules;
    int op_plug;
    const char *plug_verb, *unplug_verb, *param; /* 'param' of the former */
    int (*number)(const struct row *device);
    struct err *(*open)(struct manager *m, const struct row *vm, const char *ref,
                        struct val *list, int *fds, size_t *n_fds);
    struct err *(*give_back)(struct manager *m, const struct row *vm, const char *ref);
    void (*set)(struct txn *t, const char *ref, bool attached);
};

/* One device of one VM. */
struct device {
    const struct kind *kind;
    struct manager *m;
    const char *ref;
    struct row *row, *vm;
    bool attached; /* what the row is to say */
};

static int vbd_number(const struct row *vbd)
{
    return vbd_device_number(row_text(vbd, F_VBD_USERDEVICE));
}

static int vif_number(const struct row *vif)
{
    int64_t number;

    return str_to_int64(row_text(vif, F_VIF_DEVICE), &number) < 0 || number > 63
               ? -1
               : (int)number;
}

static struct err *open_nic(struct manager *m, const struct row *vm, const char *ref,
                            struct val *list, int *fds, size_t *n_fds)
{
    return vm_config_add_nic(m, vm, ref, list);
}

static const struct kind disk_kind = {
    .cls = CLASS_VBD,
    .vm_field = F_VBD_VM,
    .attached_field = F_VBD_CURRENTLY_ATTACHED,
    .rules = &vbd_op_rules,
    .op_plug = E_VBD_OPERATIONS_PLUG,
    .plug_verb = "vm.disk_plug",
    .unplug_verb = "vm.disk_unplug",
    .param = "disk",
    .number = vbd_number,
    .open = vm_config_add_disk,
    .give_back = vm_life_close_disk,
    .set = vm_life_set_disk,
};

static const struct kind nic_kind = {
    .cls = CLASS_VIF,
    .vm_field = F_VIF_VM,
    .attached_field = F_VIF_CURRENTLY_ATTACHED,
    .rules = &vif_op_rules,
    .op_plug = E_VIF_OPERATIONS_PLUG,
    .plug_verb = "vm.nic_plug",
    .unplug_verb = "vm.nic_unplug",
    .param = "nic",
    .number = vif_number,
    .open = open_nic,
    .give_back = vm_life_detach_nic,
    .set = vm_life_set_nic,
};

/* ---- steps ---- */

static void device_fini(struct device *device)
{
    row_release(device->row);
    row_release(device->vm);
}

static struct err *find(struct manager *m, const struct kind *kind, const char *ref,
                        struct device *ret_device)
{
    struct device device = {.kind = kind, .m = m, .ref = ref};
    struct err *e = db_need(m->db, kind->cls, ref, &device.row);

    if (!e)
        e = db_need(m->db, CLASS_VM, row_text(device.row, kind->vm_field), &device.vm);
    if (e) {
        device_fini(&device);
        return e;
    }
    *ret_device = device;
    return NULL;
}

/* lk-vmd speaks of devices by number, clients know references. */
static struct err *with_ref(const struct device *device, struct err *e)
{
    enum err_code code = e ? err_code(e) : 0;

    if (!e)
        return NULL;
    if (code != ERR_DEVICE_DETACH_TIMEOUT && code != ERR_DEVICE_DETACH_REJECTED)
        return e;
    err_free(e);
    e = err_params(code, classes[device->kind->cls].name, device->ref, NULL);
    return code == ERR_DEVICE_DETACH_REJECTED
               ? err_param(e, "The guest does not let go of it")
               : e;
}

/* Takes it out of the machine; fine when it is not in it. */
static struct err *take_out(const struct device *device)
{
    struct val params = val_map(2);
    struct err *e;

    val_put_str(&params, "vm", val_str(row_uuid(device->vm)));
    val_put_str(&params, "device", val_int(device->kind->number(device->row)));
    e = agents_call(device->m->agents, AGENT_VMD, device->kind->unplug_verb, params, NULL,
                    0, 0, NULL, NULL, NULL);
    if (e && err_code(e) == ERR_DEVICE_ALREADY_DETACHED) {
        err_ignore(e, "that is what is wanted");
        return NULL;
    }
    return with_ref(device, e);
}

static struct err *put_in_once(const struct device *device, const struct val *description,
                               const int *fds, size_t n_fds)
{
    struct val params = val_map(2);

    val_put_str(&params, "vm", val_str(row_uuid(device->vm)));
    val_put_str(&params, device->kind->param, val_ref(description));
    return agents_call(device->m->agents, AGENT_VMD, device->kind->plug_verb, params, fds,
                       n_fds, 0, NULL, NULL, NULL);
}

static struct err *put_in(const struct device *device, const struct val *description,
                          const int *fds, size_t n_fds)
{
    struct err *e = put_in_once(device, description, fds, n_fds);

    /* The row says it is not: one is left of a call that was cut off. */
    if (!e || err_code(e) != ERR_DEVICE_ALREADY_ATTACHED)
        return e;
    err_ignore(e, "it is taken out and put in anew");
    e = take_out(device);
    return e ? e : put_in_once(device, description, fds, n_fds);
}

static struct err *set_txn(struct txn *t, void *arg)
{
    const struct device *device = arg;

    device->kind->set(t, device->ref, device->attached);
    vm_ops_refresh(t, row_ref(device->vm));
    return NULL;
}

static struct err *set_attached(struct device *device, bool attached)
{
    device->attached = attached;
    return db_run(device->m->db, set_txn, device);
}

/* ---- plug ---- */

/* What a plug that failed leaves is taken out first: while that cannot be, what it stands
 * on stays held, and goes with the VM. */
static void undo_plug(const struct device *device)
{
    struct err *e = take_out(device);

    if (!e)
        e = device->kind->give_back(device->m, device->vm, device->ref);
    err_ignore(e, "the end of the VM gives it back");
}

static struct err *check_txn(struct txn *t, void *arg)
{
    const struct device *device = arg;
    const struct row *vbd;
    struct err *e = txn_need(t, CLASS_VBD, device->ref, &vbd);

    return e ? e : vbd_check_vdi(t, vbd);
}

static struct err *plug_found(struct device *device)
{
    autoval struct val list = val_set(1);
    int fds[FRAME_MAX_FDS];
    size_t n_fds = 0;
    struct err *e = NULL;

    if (device->kind->number(device->row) < 0)
        return err_params(ERR_INVALID_DEVICE, device->ref, NULL);
    if (device->kind == &disk_kind)
        e = db_run(device->m->db, check_txn, device);
    if (e)
        return e;
    e = device->kind->open(device->m, device->vm, device->ref, &list, fds, &n_fds);
    if (!e)
        e = put_in(device, val_at(&list, 0), fds, n_fds);
    if (!e && device->kind == &disk_kind &&
        row_int(device->row, F_VBD_TYPE) != E_VBD_TYPE_CD)
        e = vbd_limits_apply(device->m, device->vm, device->row);
    if (!e)
        e = set_attached(device, true);
    for (size_t i = 0; i < n_fds; i++)
        close(fds[i]);
    if (e)
        undo_plug(device);
    return e;
}

/* ---- unplug ---- */

static struct err *unplug_found(struct device *device)
{
    struct err *e = take_out(device);

    if (!e)
        e = set_attached(device, false);
    return e ? e : device->kind->give_back(device->m, device->vm, device->ref);
}

/* A disk whose layers are being merged stays in the machine until that has ended. */
static struct err *unplug_alone(struct device *device)
{
    struct err *e;

    merges_bar(device->m->merges, row_uuid(device->vm));
    e = unplug_found(device);
    merges_unbar(device->m->merges, row_uuid(device->vm), "");
    merges_look_everywhere(device->m);
    return e;
}

struct err *device_settle(struct manager *m, int cls, const char *ref, bool to_unplug)
{
    const struct kind *kind = cls == CLASS_VBD ? &disk_kind : &nic_kind;
    CLEANUP(device_fini) struct device device = {0};
    autoptr(row) row = db_get(m->db, cls, ref);
    struct err *e = row ? find(m, kind, ref, &device) : NULL;

    if (e || !row || (!to_unplug && row_bool(row, kind->attached_field)))
        return e;
    return unplug_alone(&device);
}

/* ---- calls ---- */

static struct err *run(struct call *call, const struct kind *kind, int op)
{
    const char *ref = arg_text(call, 0);
    CLEANUP(device_fini) struct device device = {0};
    struct err *e = op_begin(call, kind->rules, ref, op);

    if (e)
        return e;
    e = find(call->manager, kind, ref, &device);
    if (!e)
        e = journal_step(call, JOURNAL_DEVICE, classes[kind->cls].name, ref, NULL);
    if (!e && op == kind->op_plug)
        e = plug_found(&device);
    else if (!e)
        e = unplug_alone(&device);
    op_end(call, kind->rules, ref);
    return e;
}

static struct err *vbd_plug(struct call *call, struct val *ret_result)
{
    return run(call, &disk_kind, E_VBD_OPERATIONS_PLUG);
}

static struct err *vbd_unplug(struct call *call, struct val *ret_result)
{
    return run(call, &disk_kind, E_VBD_OPERATIONS_UNPLUG);
}

static struct err *vbd_unplug_force(struct call *call, struct val *ret_result)
{
    return run(call, &disk_kind, E_VBD_OPERATIONS_UNPLUG_FORCE);
}

static struct err *vif_plug(struct call *call, struct val *ret_result)
{
    return run(call, &nic_kind, E_VIF_OPERATIONS_PLUG);
}

static struct err *vif_unplug(struct call *call, struct val *ret_result)
{
    return run(call, &nic_kind, E_VIF_OPERATIONS_UNPLUG);
}

const struct body_def device_plug_bodies[] = {
    {"VBD.plug", vbd_plug, BODY_NORMAL},
    {"VBD.unplug", vbd_unplug, BODY_NORMAL},
    {"VBD.unplug_force", vbd_unplug_force, BODY_NORMAL},
    {"VBD.unplug_force_no_safety_check", vbd_unplug_force, BODY_NORMAL},
    {"VIF.plug", vif_plug, BODY_NORMAL},
    {"VIF.unplug", vif_unplug, BODY_NORMAL},
    /* There is no way to pull out a card without its guest, so this asks as well. */
    {"VIF.unplug_force", vif_unplug, BODY_NORMAL},
    {0},
};
