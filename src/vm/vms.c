// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/vms.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-event.h>

#include "agent/agent.h"
#include "base/alloc.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/vec.h"
#include "io/loop.h"
#include "vm/guest.h"
#include "vm/notice.h"
#include "vm/record.h"
#include "vm/run_dir.h"
#include "vm/vm.h"

#define MAX_VMS           16384
#define RETRY_US          (5u * 1000000)
#define RETRY_ACCURACY_US (1u * 1000000)

typedef VEC(struct vm *) vm_vec;

static struct err *adopt_all(struct vms *vms);
static void adopt_job(void *arg);
static void begin_retry(void *arg);
static int on_retry(sd_event_source *source, uint64_t now_us, void *arg);
static vm_vec hold_all(struct vms *vms);
static void release_all(vm_vec *all);

/* ---- one VM ---- */

struct vm *vm_new(struct vms *vms, const char *uuid, int dir_fd, enum vm_phase phase)
{
    struct vm *vm = xcalloc(1, sizeof(*vm));

    vm->vms = vms;
    snprintf(vm->id.uuid, sizeof(vm->id.uuid), "%s", uuid);
    vm->id.dir_fd = dir_fd;
    vm->n_holds = 1;
    vm->phase = phase;
    vm->status = (struct vm_status){VM_STATE_RUNNING, VM_REASON_NONE, -1, ""};
    return vm;
}

struct vm *vm_hold(struct vm *vm)
{
    vm->n_holds++;
    return vm;
}

void vm_release(struct vm *vm)
{
    if (!vm || --vm->n_holds > 0)
        return;
    cleanup_close(&vm->id.dir_fd);
    val_unref(&vm->record);
    val_unref(&vm->report);
    free(vm);
}

struct err *vm_adopt(struct vm *vm)
{
    struct vms *vms = vm->vms;
    struct vm_status status = {0};
    void *backend_vm = NULL;
    struct err *e =
        vms->backend->adopt(vms->backend_state, vm, &vm->id, &backend_vm, &status);
    bool was_lost;

    pthread_mutex_lock(&vms->lock);
    was_lost = vm->phase == VM_PHASE_LOST;
    pthread_mutex_unlock(&vms->lock);
    if (e) {
        vms_set_phase(vm, VM_PHASE_LOST);
        return err_context(e, "finding out about VM %s, which an earlier lk-vmd started",
                           vm->id.uuid);
    }
    if (!backend_vm) {
        log_info(VM, "nothing of VM %s runs any more", vm->id.uuid);
        err_ignore(run_dir_remove(vms->dir_fd, vm->id.uuid), "the next creation does it");
        vms_remove(vm);
        if (was_lost)
            notice_state(vm, VM_STATE_GONE, VM_REASON_KILLED);
        return NULL;
    }
    vm->backend_vm = backend_vm;
    notice_found(vm, &status, was_lost);
    log_info(VM, "VM %s is %s, domain %" PRId64, vm->id.uuid, vm_state_word(status.state),
             status.domid);
    return NULL;
}

/* ---- the table ---- */

struct vm *vms_find(struct vms *vms, const char *uuid)
{
    struct vm *vm;

    pthread_mutex_lock(&vms->lock);
    vm = map_get(&vms->table, uuid);
    if (vm)
        vm_hold(vm);
    pthread_mutex_unlock(&vms->lock);
    return vm;
}

struct err *vms_add(struct vms *vms, struct vm *vm)
{
    struct err *e = NULL;

    pthread_mutex_lock(&vms->lock);
    if (map_get(&vms->table, vm->id.uuid))
        e = err_params(ERR_VM_BAD_POWER_STATE, vm->id.uuid, "halted", "running", NULL);
    else if (vms->table.n == MAX_VMS)
        e = err_params(ERR_TOO_BUSY, NULL);
    else
        map_put(&vms->table, vm->id.uuid, vm_hold(vm));
    pthread_mutex_unlock(&vms->lock);
    return e;
}

void vms_set_phase(struct vm *vm, enum vm_phase phase)
{
    struct vms *vms = vm->vms;

    pthread_mutex_lock(&vms->lock);
    vm->phase = phase;
    pthread_cond_broadcast(&vms->settled);
    pthread_mutex_unlock(&vms->lock);
}

void vms_remove(struct vm *vm)
{
    struct vms *vms = vm->vms;
    struct vm *removed;

    pthread_mutex_lock(&vms->lock);
    removed = map_remove(&vms->table, vm->id.uuid);
    vm->phase = VM_PHASE_REMOVED;
    pthread_cond_broadcast(&vms->settled);
    pthread_mutex_unlock(&vms->lock);
    guest_close(vm);
    vm_release(removed);
}

/* ---- start and end ---- */

struct err *vms_new(const struct vms_config *config, struct vms **ret_vms)
{
    struct vms *vms = xcalloc(1, sizeof(*vms));
    struct err *e;

    vms->backend = config->backend;
    vms->run_dir = xstrdup(config->run_dir);
    vms->kernel_dir = config->kernel_dir ? xstrdup(config->kernel_dir) : NULL;
    vms->script = config->script ? xstrdup(config->script) : NULL;
    vms->dir_fd = -1;
    pthread_mutex_init(&vms->lock, NULL);
    pthread_cond_init(&vms->settled, NULL);
    e = run_dir_open(config->run_dir, &vms->dir_fd);
    if (e) {
        vms_free(vms);
        return e;
    }
    *ret_vms = vms;
    return NULL;
}

void vms_free(struct vms *vms)
{
    if (!vms)
        return;
    cleanup_close(&vms->dir_fd);
    map_fini(&vms->table);
    pthread_cond_destroy(&vms->settled);
    pthread_mutex_destroy(&vms->lock);
    free(vms->run_dir);
    free(vms->kernel_dir);
    free(vms->script);
    free(vms);
}

struct err *vms_start(struct vms *vms, struct agent *agent)
{
    const struct vm_backend_config config = {
        .run_dir = vms->run_dir,
        .loop = agent_loop(agent),
        .kernel_dir = vms->kernel_dir,
        .script = vms->script,
    };
    struct err *e;
    int r;

    vms->agent = agent;
    r = loop_mailbox_new(agent_loop(agent), &vms->mailbox);
    if (r < 0)
        return err_errno(-r, "making a mailbox");
    e = vms->backend->open(&config, &vms->backend_state);
    if (!e)
        e = adopt_all(vms);
    if (e)
        vms_stop(vms);
    return err_context(e, "starting the backend %s", vms->backend->name);
}

void vms_stop(struct vms *vms)
{
    vm_vec all = hold_all(vms);

    pthread_mutex_lock(&vms->lock);
    vms->is_stopped = true;
    pthread_mutex_unlock(&vms->lock);
    vms->retry_timer = sd_event_source_disable_unref(vms->retry_timer);
    /* The order matters: a backend that was closed reports nothing, the mailbox holds the
     * last of what it reported. */
    if (vms->backend_state && vms->backend->close)
        vms->backend->close(take_ptr(vms->backend_state));
    loop_mailbox_free(take_ptr(vms->mailbox));
    for (size_t i = 0; i < all.n; i++) {
        guest_drop(all.at[i]);
        pthread_mutex_lock(&vms->lock);
        vm_release(map_remove(&vms->table, all.at[i]->id.uuid));
        pthread_mutex_unlock(&vms->lock);
    }
    release_all(&all);
}

static struct err *adopt_all(struct vms *vms)
{
    struct uuid *uuids = NULL;
    size_t n = 0;
    struct err *e = run_dir_list(vms->dir_fd, &uuids, &n);

    for (size_t i = 0; !e && i < n; i++) {
        autoptr(vm) vm = NULL;
        int dir_fd = -1, r;

        e = run_dir_enter(vms->dir_fd, uuids[i].text, &dir_fd);
        if (e)
            break;
        vm = vm_new(vms, uuids[i].text, dir_fd, VM_PHASE_ADOPTING);
        r = record_read(dir_fd, &vm->record);
        if (r < 0)
            log_warn(VM,
                     "the record of VM %s cannot be read (%s): its guest's addresses "
                     "are not shown",
                     vm->id.uuid, strerror(-r));
        e = vms_add(vms, vm);
        if (!e)
            agent_job(vms->agent, vm->id.uuid, adopt_job, vm_hold(vm));
    }
    free(uuids);
    return e;
}

/* Worker thread, in the VM's queue. */
static void adopt_job(void *arg)
{
    autoptr(vm) vm = arg;
    struct vms *vms = vm->vms;
    struct err *e;
    bool is_due;

    pthread_mutex_lock(&vms->lock);
    is_due =
        !vms->is_stopped && (vm->phase == VM_PHASE_ADOPTING || vm->phase == VM_PHASE_LOST);
    pthread_mutex_unlock(&vms->lock);
    if (!is_due)
        return;
    log_set_field("VM", vm->id.uuid);
    e = vm_adopt(vm);
    if (e) {
        log_error(VM, "%s; it is taken to run, and asked again", err_sentence(e));
        err_free(e);
        loop_post(vms->mailbox, begin_retry, vms);
    }
    log_set_field("VM", NULL);
}

/* Loop thread. */
static void begin_retry(void *arg)
{
    struct vms *vms = arg;
    int r = 0;

    if (!vms->retry_timer && !vms->is_stopped)
        r = sd_event_add_time_relative(agent_loop(vms->agent), &vms->retry_timer,
                                       CLOCK_MONOTONIC, RETRY_US, RETRY_ACCURACY_US,
                                       on_retry, vms);
    if (r < 0)
        log_error(VM, "lost VMs are not asked for again: %s", strerror(-r));
}

static int on_retry(sd_event_source *source, uint64_t now_us, void *arg)
{
    struct vms *vms = arg;
    vm_vec all = hold_all(vms);

    vms->retry_timer = sd_event_source_disable_unref(vms->retry_timer);
    pthread_mutex_lock(&vms->lock);
    for (size_t i = 0; i < all.n; i++)
        if (all.at[i]->phase == VM_PHASE_LOST)
            agent_job(vms->agent, all.at[i]->id.uuid, adopt_job, vm_hold(all.at[i]));
    pthread_mutex_unlock(&vms->lock);
    release_all(&all);
    return 0;
}

/* ---- the list ---- */

static vm_vec hold_all(struct vms *vms)
{
    const struct map_slot *slot;
    vm_vec all = VEC_INIT;
    size_t i = 0;

    pthread_mutex_lock(&vms->lock);
    while ((slot = map_next(&vms->table, &i)))
        *VEC_PUSH(&all) = vm_hold(slot->value);
    pthread_mutex_unlock(&vms->lock);
    return all;
}

static void release_all(vm_vec *all)
{
    for (size_t i = 0; i < all->n; i++)
        vm_release(all->at[i]);
    VEC_FINI(all);
}

/* Under the lock. */
static struct val list_entry(struct vm *vm)
{
    const struct vm_status *status = &vm->status;
    enum vm_reason reason = vm_state_is_end(status->state) || vm->reboot_is_news
                                ? status->reason
                                : VM_REASON_NONE;
    struct val entry = val_map(6);

    vm->reboot_is_news = false;
    val_put_str(&entry, "vm", val_str(vm->id.uuid));
    val_put_str(&entry, "state", val_str(vm_state_word(status->state)));
    val_put_str(&entry, "reason", val_str(vm_reason_word(reason)));
    val_put_str(&entry, "domid", val_int(status->domid));
    val_put_str(&entry, "accel", val_str(status->accel));
    if (vm->report.kind != VAL_VOID)
        val_put_str(&entry, "guest", val_ref(&vm->report));
    return entry;
}

struct val vms_list(struct vms *vms)
{
    vm_vec known = hold_all(vms);
    const struct map_slot *slot;
    struct val list = val_set(known.n), answer = val_map(1);
    size_t next = 0;

    pthread_mutex_lock(&vms->lock);
    for (size_t i = 0; i < known.n; i++)
        while (known.at[i]->phase == VM_PHASE_ADOPTING ||
               known.at[i]->phase == VM_PHASE_MAKING)
            pthread_cond_wait(&vms->settled, &vms->lock);
    while ((slot = map_next(&vms->table, &next))) {
        struct vm *vm = slot->value;

        if (vm->phase == VM_PHASE_HERE || vm->phase == VM_PHASE_LOST)
            val_push(&list, list_entry(vm));
    }
    pthread_mutex_unlock(&vms->lock);
    release_all(&known);
    val_put_str(&answer, "vms", list);
    return answer;
}
