// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/vm_life.h"

#include <string.h>
#include <unistd.h>

#include "api/boot_record.h"
#include "api/console.h"
#include "api/merges.h"
#include "api/ops.h"
#include "api/sr_space.h"
#include "api/vbd_limits.h"
#include "api/vm_checks.h"
#include "api/vm_live.h"
#include "api/vm_memory.h"
#include "api/vm_nvram.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "io/frame.h"
#include "rpc/agents.h"

#define CREATE_TIMEOUT_MS                                                                  \
    (UINT64_C(24) * 3600 * 1000) /* reading a memory image takes long */

struct started {
    struct manager *m;
    const char *vm_ref;
    bool paused, resumes;
    int64_t domid;
    const char *accel;
};

static struct val vm_params(const struct row *vm)
{
    struct val params = val_map(4);

    val_put_str(&params, "vm", val_str(row_uuid(vm)));
    return params;
}

static struct err *call_vmd(struct manager *m, const struct row *vm, const char *verb)
{
    return agents_call(m->agents, AGENT_VMD, verb, vm_params(vm), NULL, 0, 0, NULL, NULL,
                       NULL);
}

struct err *vm_life_close_disk(struct manager *m, const struct row *vm, const char *vbd_ref)
{
    autoptr(row) vbd = db_get(m->db, CLASS_VBD, vbd_ref);
    autoptr(row) vdi = vbd ? db_get(m->db, CLASS_VDI, row_text(vbd, F_VBD_VDI)) : NULL;
    autoptr(row) sr = vdi ? db_get(m->db, CLASS_SR, row_text(vdi, F_VDI_SR)) : NULL;
    struct val params;
    struct err *e;

    if (!sr)
        return NULL;
    params = val_map(3);
    val_put_str(&params, "sr", val_str(row_uuid(sr)));
    val_put_str(&params, "vdi", val_str(row_uuid(vdi)));
    val_put_str(&params, "holder", val_str(row_uuid(vm)));
    e = agents_call(m->agents, AGENT_STORED, "vdi.close", params, NULL, 0, 0, NULL, NULL,
                    NULL);
    /* What was to be merged in the VM is merged at rest now. */
    if (!e)
        merges_look(m->merges, row_uuid(sr));
    return e;
}

struct err *vm_life_detach_nic(struct manager *m, const struct row *vm, const char *vif_ref)
{
    autoptr(row) vif = db_get(m->db, CLASS_VIF, vif_ref);
    struct val params;
    int64_t device;

    if (!vif || str_to_int64(row_text(vif, F_VIF_DEVICE), &device) < 0)
        return NULL;
    params = vm_params(vm);
    val_put_str(&params, "device", val_int(device));
    return agents_call(m->agents, AGENT_NETD, "net.detach", params, NULL, 0, 0, NULL, NULL,
                       NULL);
}

/* The first error counts, the rest is still done. */
static void keep_first(struct err **first, struct err *e)
{
    if (!*first)
        *first = e;
    else
        err_ignore(e, "an earlier step failed already");
}

struct err *vm_life_release(struct manager *m, const struct row *vm)
{
    const struct val *vbds = row_get(vm, F_VM_VBDS), *vifs = row_get(vm, F_VM_VIFS);
    struct err *e;

    vm_nvram_save(m, row_ref(vm));
    /* The domain first: nothing may write to a disk that was given back. */
    e = call_vmd(m, vm, "vm.destroy");
    if (e)
        return e;
    for (size_t i = 0; i < val_count(vbds); i++)
        keep_first(&e, vm_life_close_disk(m, vm, val_text(val_at(vbds, i))));
    for (size_t i = 0; i < val_count(vifs); i++)
        keep_first(&e, vm_life_detach_nic(m, vm, val_text(val_at(vifs, i))));
    return e;
}

static void delete_consoles(struct txn *t, const struct row *vm)
{
    const struct val *consoles = row_get(vm, F_VM_CONSOLES);

    for (size_t i = 0; i < val_count(consoles); i++)
        txn_delete(t, CLASS_CONSOLE, val_text(val_at(consoles, i)));
}

void vm_life_set_disk(struct txn *t, const char *vbd_ref, bool attached)
{
    const struct row *vbd = txn_get(t, CLASS_VBD, vbd_ref);
    int device = vbd ? vbd_device_number(row_text(vbd, F_VBD_USERDEVICE)) : -1;

    if (!vbd)
        return;
    txn_set(t, CLASS_VBD, vbd_ref, F_VBD_CURRENTLY_ATTACHED, val_bool(attached));
    if (attached && device >= 0 && device < 26)
        txn_set(t, CLASS_VBD, vbd_ref, F_VBD_DEVICE, val_strf("xvd%c", 'a' + device));
    else if (!attached)
        txn_set(t, CLASS_VBD, vbd_ref, F_VBD_DEVICE, val_str(""));
}

void vm_life_set_nic(struct txn *t, const char *vif_ref, bool attached)
{
    if (txn_get(t, CLASS_VIF, vif_ref))
        txn_set(t, CLASS_VIF, vif_ref, F_VIF_CURRENTLY_ATTACHED, val_bool(attached));
}

/* A screen belongs to a whole machine; guests made for a hypervisor have a text console. */
static void make_consoles(struct txn *t, const struct row *vm, const struct started *s)
{
    delete_consoles(t, vm); /* of the domain before, when this is a restart */
    if (vm_domain_type(vm) == E_DOMAIN_TYPE_HVM)
        console_create(t, s->m, s->vm_ref, E_CONSOLE_PROTOCOL_RFB);
    console_create(t, s->m, s->vm_ref, E_CONSOLE_PROTOCOL_VT100);
}

/* Where the devices of a VM are after a change of its power state. */
enum devices {
    DEVICES_IN,      /* all of them are in the machine */
    DEVICES_OUT,     /* none is */
    DEVICES_KEPT,    /* those that were are reserved for when it goes on */
    DEVICES_IN_AGAIN /* those reserved are in it */
};

static bool is_in(const struct row *device, enum devices where, int reserved)
{
    return where == DEVICES_IN || (where == DEVICES_IN_AGAIN && row_bool(device, reserved));
}

static void move_disk(struct txn *t, const char *ref, enum devices where)
{
    const struct row *vbd = txn_get(t, CLASS_VBD, ref);
    bool was_in, now_in;

    if (!vbd)
        return;
    was_in = row_bool(vbd, F_VBD_CURRENTLY_ATTACHED);
    now_in = is_in(vbd, where, F_VBD_RESERVED);
    vm_life_set_disk(t, ref, now_in);
    txn_set(t, CLASS_VBD, ref, F_VBD_RESERVED, val_bool(where == DEVICES_KEPT && was_in));
}

static void move_nic(struct txn *t, const char *ref, enum devices where)
{
    const struct row *vif = txn_get(t, CLASS_VIF, ref);
    bool was_in, now_in;

    if (!vif)
        return;
    was_in = row_bool(vif, F_VIF_CURRENTLY_ATTACHED);
    now_in = is_in(vif, where, F_VIF_RESERVED);
    vm_life_set_nic(t, ref, now_in);
    txn_set(t, CLASS_VIF, ref, F_VIF_RESERVED, val_bool(where == DEVICES_KEPT && was_in));
}

static void move_devices(struct txn *t, const struct row *vm, enum devices where)
{
    const struct val *vbds = row_get(vm, F_VM_VBDS), *vifs = row_get(vm, F_VM_VIFS);

    for (size_t i = 0; i < val_count(vbds); i++)
        move_disk(t, val_text(val_at(vbds, i)), where);
    for (size_t i = 0; i < val_count(vifs); i++)
        move_nic(t, val_text(val_at(vifs, i)), where);
}

static void fill_metrics(struct txn *t, const struct row *vm, const struct started *s)
{
    const char *ref = row_text(vm, F_VM_METRICS);

    if (!txn_get(t, CLASS_VM_METRICS, ref))
        return;
    if (!s->resumes) {
        txn_set(t, CLASS_VM_METRICS, ref, F_VM_METRICS_START_TIME,
                val_int(clock_wall_seconds()));
        txn_set(t, CLASS_VM_METRICS, ref, F_VM_METRICS_VCPUS_NUMBER,
                val_int(row_int(vm, F_VM_VCPUS_AT_STARTUP)));
    }
    txn_set(t, CLASS_VM_METRICS, ref, F_VM_METRICS_LAST_UPDATED,
            val_int(clock_wall_seconds()));
    txn_set(t, CLASS_VM_METRICS, ref, F_VM_METRICS_MEMORY_ACTUAL,
            val_int(row_int(vm, F_VM_MEMORY_STATIC_MAX)));
    txn_set(t, CLASS_VM_METRICS, ref, F_VM_METRICS_HVM,
            val_bool(vm_domain_type(vm) == E_DOMAIN_TYPE_HVM));
    txn_set(t, CLASS_VM_METRICS, ref, F_VM_METRICS_CURRENT_DOMAIN_TYPE,
            val_int(vm_domain_type(vm)));
    txn_set(
        t, CLASS_VM_METRICS, ref, F_VM_METRICS_OTHER_CONFIG,
        val_map_with(row_get(txn_get(t, CLASS_VM_METRICS, ref), F_VM_METRICS_OTHER_CONFIG),
                     "accel", val_str(s->accel)));
}

static void fresh_guest_metrics(struct txn *t, const struct row *vm, const char *vm_ref)
{
    const char *ref;

    if (txn_get(t, CLASS_VM_GUEST_METRICS, row_text(vm, F_VM_GUEST_METRICS)))
        txn_delete(t, CLASS_VM_GUEST_METRICS, row_text(vm, F_VM_GUEST_METRICS));
    ref = txn_create(t, CLASS_VM_GUEST_METRICS);
    txn_set(t, CLASS_VM_GUEST_METRICS, ref, F_VM_GUEST_METRICS_LIVE, val_bool(true));
    txn_set(t, CLASS_VM_GUEST_METRICS, ref, F_VM_GUEST_METRICS_LAST_UPDATED,
            val_int(clock_wall_seconds()));
    txn_set(t, CLASS_VM, vm_ref, F_VM_GUEST_METRICS, val_str(ref));
}

static struct err *started_txn(struct txn *t, void *arg)
{
    const struct started *s = arg;
    const struct row *vm;
    struct err *e = txn_need(t, CLASS_VM, s->vm_ref, &vm);

    if (e)
        return e;
    txn_set(t, CLASS_VM, s->vm_ref, F_VM_POWER_STATE,
            val_int(s->paused ? E_VM_POWER_STATE_PAUSED : E_VM_POWER_STATE_RUNNING));
    txn_set(t, CLASS_VM, s->vm_ref, F_VM_RESIDENT_ON, val_str(s->m->self.host_ref));
    txn_set(t, CLASS_VM, s->vm_ref, F_VM_SCHEDULED_TO_BE_RESIDENT_ON, val_str(NULL_REF));
    txn_set(t, CLASS_VM, s->vm_ref, F_VM_DOMID, val_int(s->domid));
    txn_set(t, CLASS_VM, s->vm_ref, F_VM_DOMARCH, val_str("x86_64"));
    if (!s->resumes)
        txn_set(t, CLASS_VM, s->vm_ref, F_VM_LAST_BOOTED_RECORD, boot_record_make(vm));
    move_devices(t, vm, s->resumes ? DEVICES_IN_AGAIN : DEVICES_IN);
    fill_metrics(t, vm, s);
    fresh_guest_metrics(t, vm, s->vm_ref);
    make_consoles(t, vm, s);
    vm_ops_refresh(t, s->vm_ref);
    return NULL;
}

/* The VM has no domain any more. */
static void leave(struct txn *t, const struct row *vm, int state, enum devices devices)
{
    const char *vm_ref = row_ref(vm);

    delete_consoles(t, vm);
    move_devices(t, vm, devices);
    txn_set(t, CLASS_VM, vm_ref, F_VM_POWER_STATE, val_int(state));
    sr_space_forget(t, vm_ref);
    txn_set(t, CLASS_VM, vm_ref, F_VM_RESIDENT_ON, val_str(NULL_REF));
    txn_set(t, CLASS_VM, vm_ref, F_VM_SCHEDULED_TO_BE_RESIDENT_ON, val_str(NULL_REF));
    txn_set(t, CLASS_VM, vm_ref, F_VM_DOMID, val_int(-1));
    txn_set(t, CLASS_VM, vm_ref, F_VM_REQUIRES_REBOOT, val_bool(false));
    if (txn_get(t, CLASS_VM_METRICS, row_text(vm, F_VM_METRICS)))
        txn_set(t, CLASS_VM_METRICS, row_text(vm, F_VM_METRICS),
                F_VM_METRICS_CURRENT_DOMAIN_TYPE, val_int(E_DOMAIN_TYPE_UNSPECIFIED));
    vm_ops_refresh(t, vm_ref);
}

static struct err *halted_txn(struct txn *t, void *arg)
{
    const struct row *vm = txn_get(t, CLASS_VM, arg);

    if (vm)
        leave(t, vm, E_VM_POWER_STATE_HALTED, DEVICES_OUT);
    return NULL;
}

struct err *vm_life_suspended_txn(struct txn *t, void *vm_ref)
{
    const struct row *vm;
    struct err *e = txn_need(t, CLASS_VM, vm_ref, &vm);

    if (!e && row_int(vm, F_VM_POWER_STATE) == E_VM_POWER_STATE_HALTED)
        e = vm_bad_power_state(vm, "running"); /* a hard shutdown overtook it */
    if (!e)
        leave(t, vm, E_VM_POWER_STATE_SUSPENDED, DEVICES_KEPT);
    return e;
}

struct err *vm_life_end(struct manager *m, const char *vm_ref)
{
    autoptr(row) vm = NULL;
    struct err *e = db_need(m->db, CLASS_VM, vm_ref, &vm);

    if (!e)
        e = vm_life_release(m, vm);
    if (!e)
        e = db_run(m->db, halted_txn, (void *)vm_ref);
    return e ? e : vm_memory_drop(m, vm_ref);
}

/* The memory of a VM that goes on, as a part of its config. */
static struct err *add_memory(struct manager *m, const struct row *vm, struct val *config,
                              int *fds, size_t *n_fds)
{
    struct val image;
    struct err *e;

    if (*n_fds == FRAME_MAX_FDS)
        return err_params(ERR_INTERNAL_ERROR,
                          "The disks of this VM have too many layers in all", NULL);
    e = vm_memory_open(m, vm, "ro", *n_fds, &image, &fds[*n_fds]);
    if (e)
        return e;
    (*n_fds)++;
    val_put_str(config, "memory_image", image);
    return NULL;
}

/* Has lk-vmd make the domain, paused. */
static struct err *create_domain(struct manager *m, const struct row *vm,
                                 struct val *ret_answer)
{
    int fds[FRAME_MAX_FDS];
    struct val config = val_void(), params;
    size_t n_fds = 0;
    struct err *e = vm_config_build(m, vm, &config, fds, &n_fds);

    if (!e && row_int(vm, F_VM_POWER_STATE) == E_VM_POWER_STATE_SUSPENDED)
        e = add_memory(m, vm, &config, fds, &n_fds);
    if (e)
        val_unref(&config);
    if (!e) {
        params = vm_params(vm);
        val_put_str(&params, "config", config);
        e = agents_call(m->agents, AGENT_VMD, "vm.create", params, fds, n_fds,
                        CREATE_TIMEOUT_MS, ret_answer, NULL, NULL);
    }
    for (size_t i = 0; i < n_fds; i++)
        close(fds[i]);
    return e;
}

/* Makes the domain and has the row say so. */
static struct err *make(struct started *s, const struct row *vm, struct task *task)
{
    autoval struct val answer = val_void();
    const struct val *domid;
    struct err *e = create_domain(s->m, vm, &answer);

    if (!e)
        e = vbd_limits_begin(s->m, vm);
    if (!e && !s->resumes)
        e = vm_live_begin(s->m, vm);
    if (!e)
        e = task_check_cancel(task);
    if (e)
        return e;
    domid = val_find(&answer, "domid");
    s->domid = domid && domid->kind == VAL_INT ? domid->i : -1;
    s->accel = val_find_text(&answer, "accel", "");
    /* The row says Running before the guest's first instruction: what it does then is seen
     * as a change of a running VM, never as one of a halted VM. */
    return db_run(s->m->db, started_txn, s);
}

struct err *vm_life_start(struct manager *m, const char *vm_ref, bool start_paused,
                          struct task *task)
{
    struct started s = {.m = m, .vm_ref = vm_ref, .paused = start_paused};
    autoptr(row) vm = NULL;
    struct err *e = db_need(m->db, CLASS_VM, vm_ref, &vm);

    if (e)
        return e;
    e = make(&s, vm, task);
    if (!e && !start_paused)
        e = call_vmd(m, vm, "vm.unpause");
    if (e) {
        err_ignore(vm_life_end(m, vm_ref), "the start itself failed");
        return err_context(e, "starting VM %s", row_uuid(vm));
    }
    return NULL;
}

struct err *vm_life_restart(struct manager *m, const char *vm_ref, struct task *task)
{
    autoptr(row) vm = NULL;
    struct err *e = db_need(m->db, CLASS_VM, vm_ref, &vm);

    if (!e)
        e = vm_life_release(m, vm);
    return e ? e : vm_life_start(m, vm_ref, false, task);
}

/* Once the guest may have gone on there is no way back: its disks are others then than its
 * memory knows. */
struct err *vm_life_resume(struct manager *m, const char *vm_ref, bool start_paused,
                           struct task *task)
{
    struct started s = {.m = m, .vm_ref = vm_ref, .paused = start_paused, .resumes = true};
    autoptr(row) vm = NULL;
    struct err *e = db_need(m->db, CLASS_VM, vm_ref, &vm);

    if (!e)
        e = vm_life_release(m, vm); /* what a suspend that was cut off left */
    if (e)
        return e;
    e = make(&s, vm, task);
    if (e) {
        err_ignore(vm_life_release(m, vm), "the next resume does it");
        err_ignore(vm_memory_close(m, vm), "the next resume opens it all the same");
        return err_context(e, "resuming VM %s", row_uuid(vm));
    }
    err_ignore(vm_memory_drop(m, vm_ref), "it is swept away later");
    return start_paused ? NULL : call_vmd(m, vm, "vm.unpause");
}
