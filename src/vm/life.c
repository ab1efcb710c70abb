// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/life.h"

#include <inttypes.h>
#include <string.h>

#include "base/alloc.h"
#include "base/log.h"
#include "vm/guest.h"
#include "vm/notice.h"
#include "vm/record.h"
#include "vm/run_dir.h"

#define IN       LIFE_IN
#define ALIVE    LIFE_ALIVE
#define NOT_GONE (ALIVE | IN(VM_STATE_SHUTDOWN) | IN(VM_STATE_CRASHED))

static struct err *bad_state(const char *uuid, unsigned states, const char *actual)
{
    return err_params(ERR_VM_BAD_POWER_STATE, uuid,
                      states == IN(VM_STATE_PAUSED) ? "paused" : "running", actual, NULL);
}

struct err *life_enter(struct vms *vms, const char *uuid, unsigned states,
                       struct vm **ret_vm)
{
    autoptr(vm) vm = vms_find(vms, uuid);
    struct err *e = NULL;
    enum vm_state state;
    enum vm_phase phase;

    if (!vm)
        return bad_state(uuid, states, "halted");
    pthread_mutex_lock(&vms->lock);
    phase = vm->phase;
    pthread_mutex_unlock(&vms->lock);
    if (phase == VM_PHASE_LOST)
        e = vm_adopt(vm);
    if (e)
        return e;
    pthread_mutex_lock(&vms->lock);
    phase = vm->phase;
    state = vm->status.state;
    pthread_mutex_unlock(&vms->lock);
    if (phase != VM_PHASE_HERE)
        return bad_state(uuid, states, "halted");
    if (!(IN(state) & states))
        return bad_state(uuid, states,
                         vm_state_is_end(state) ? "halted" : vm_state_word(state));
    *ret_vm = take_ptr(vm);
    return NULL;
}

struct err *life_not_supported(const struct vms *vms, const char *verb)
{
    return err_paramf(err_new(ERR_NOT_IMPLEMENTED, "the backend %s cannot do %s",
                              vms->backend->name, verb),
                      "%s", verb);
}

/* ---- create and destroy ---- */

static struct err *check_type(const struct vms *vms, const char *uuid, enum vm_type type)
{
    unsigned types = vms->backend->types ? vms->backend->types : 1u << VM_TYPE_HVM;
    struct err *e;

    if (types & 1u << type)
        return NULL;
    if (type == VM_TYPE_HVM)
        return err_paramf(err_new(ERR_NOT_IMPLEMENTED,
                                  "the backend %s runs no whole machines",
                                  vms->backend->name),
                          "a guest of type hvm, by %s", vms->backend->name);
    e = err_new(ERR_VM_HVM_REQUIRED, "the backend %s runs whole machines only",
                vms->backend->name);
    return err_param(e, uuid);
}

static struct err *make(struct vm *vm, const struct vm_config *config,
                        struct vm_status *ret_status)
{
    struct vms *vms = vm->vms;
    int r = record_write(vm->id.dir_fd, &vm->record);

    if (r < 0)
        return err_errno(-r, "keeping the record of VM %s", vm->id.uuid);
    return vms->backend->create(vms->backend_state, vm, &vm->id, config, &vm->backend_vm,
                                ret_status);
}

struct err *life_create(struct vms *vms, const char *uuid, const struct vm_config *config,
                        struct vm_status *ret_status)
{
    autoptr(vm) vm = vms_find(vms, uuid);
    struct vm_status status = {0};
    struct err *e;

    if (vm)
        return err_params(ERR_VM_BAD_POWER_STATE, uuid, "halted", "running", NULL);
    e = check_type(vms, uuid, config->type);
    if (e)
        return e;
    vm = vm_new(vms, uuid, -1, VM_PHASE_MAKING);
    vm->record = record_of_config(config);
    e = run_dir_make(vms->dir_fd, uuid, &vm->id.dir_fd);
    if (!e)
        e = vms_add(vms, vm);
    if (!e)
        e = make(vm, config, &status);
    if (e) {
        vms_remove(vm);
        err_ignore(run_dir_remove(vms->dir_fd, uuid), "the next creation removes it");
        return e;
    }
    notice_found(vm, &status, false);
    log_info(VM, "VM %s (%s) made: %u vCPUs, %" PRIu64 " MiB, %s", uuid, config->name,
             config->vcpus, config->memory >> 20, status.accel);
    *ret_status = status;
    return NULL;
}

struct err *life_destroy(struct vms *vms, const char *uuid)
{
    autoptr(vm) vm = vms_find(vms, uuid);
    struct err *e = NULL;
    bool is_lost;

    if (!vm)
        return NULL;
    pthread_mutex_lock(&vms->lock);
    is_lost = vm->phase == VM_PHASE_LOST;
    pthread_mutex_unlock(&vms->lock);
    if (is_lost)
        e = vm_adopt(vm);
    if (!e && vm->backend_vm)
        e = vms->backend->destroy(vm->backend_vm);
    if (e)
        return e;
    vm->backend_vm = NULL;
    e = run_dir_remove(vms->dir_fd, uuid);
    if (!e)
        vms_remove(vm);
    return e;
}

/* ---- power ---- */

struct err *life_unpause(struct vms *vms, const char *uuid)
{
    autoptr(vm) vm = NULL;
    struct err *e = life_enter(vms, uuid, IN(VM_STATE_PAUSED), &vm);

    if (!e)
        e = vms->backend->unpause(vm->backend_vm);
    if (!e)
        notice_done(vm, VM_STATE_RUNNING);
    return e;
}

struct err *life_pause(struct vms *vms, const char *uuid)
{
    autoptr(vm) vm = NULL;
    struct err *e = life_enter(vms, uuid, IN(VM_STATE_RUNNING), &vm);

    if (!e && !vms->backend->pause)
        e = life_not_supported(vms, "vm.pause");
    if (!e)
        e = vms->backend->pause(vm->backend_vm);
    if (!e)
        notice_done(vm, VM_STATE_PAUSED);
    return e;
}

struct err *life_suspend(struct vms *vms, const char *uuid, const struct vm_layer *image)
{
    autoptr(vm) vm = NULL;
    struct err *e = life_enter(vms, uuid, ALIVE, &vm);

    if (!e && !vms->backend->suspend)
        e = life_not_supported(vms, "vm.suspend");
    if (!e)
        e = vms->backend->suspend(vm->backend_vm, image);
    if (!e)
        notice_done(vm, VM_STATE_PAUSED);
    return e;
}

struct err *life_reset(struct vms *vms, const char *uuid)
{
    autoptr(vm) vm = NULL;
    struct err *e = life_enter(vms, uuid, ALIVE, &vm);

    if (!e && !vms->backend->reset)
        e = life_not_supported(vms, "vm.reset");
    return e ? e : vms->backend->reset(vm->backend_vm);
}

struct err *life_shutdown(struct vms *vms, const char *uuid, enum vm_shutdown_mode mode)
{
    autoptr(vm) vm = NULL;
    struct err *e = life_enter(vms, uuid, IN(VM_STATE_RUNNING), &vm);

    if (e || guest_ask(vm, mode))
        return e;
    if (!vms->backend->shutdown)
        return life_not_supported(vms, "vm.shutdown");
    return vms->backend->shutdown(vm->backend_vm, mode);
}

void life_press_button(void *arg)
{
    autoptr(vm) vm = arg;
    struct vms *vms = vm->vms;
    struct err *e = NULL;
    bool is_due;

    pthread_mutex_lock(&vms->lock);
    is_due = !vms->is_stopped && vm->phase == VM_PHASE_HERE &&
             vm->status.state == VM_STATE_RUNNING;
    pthread_mutex_unlock(&vms->lock);
    if (!is_due)
        return;
    e = vms->backend->shutdown ? vms->backend->shutdown(vm->backend_vm, vm->asked_mode)
                               : life_not_supported(vms, "vm.shutdown");
    if (e)
        log_warn(VM,
                 "VM %s was asked to end, and neither its agent nor the backend did it: %s",
                 vm->id.uuid, err_sentence(e));
    err_free(e);
}

/* ---- the rest ---- */

struct err *life_console(struct vms *vms, const char *uuid, enum vm_console console,
                         int *ret_fd)
{
    autoptr(vm) vm = NULL;
    struct err *e = life_enter(vms, uuid, NOT_GONE, &vm);

    if (!e && !vms->backend->console)
        e = life_not_supported(vms, "vm.console");
    return e ? e : vms->backend->console(vm->backend_vm, console, ret_fd);
}

struct err *life_set_cd(struct vms *vms, const char *uuid, unsigned device,
                        const struct vm_layer *layers, size_t n_layers)
{
    autoptr(vm) vm = NULL;
    bool is_cdrom = false, is_there;
    struct err *e = life_enter(vms, uuid, ALIVE, &vm);

    if (e)
        return e;
    pthread_mutex_lock(&vms->lock);
    is_there = record_disk(&vm->record, device, &is_cdrom);
    pthread_mutex_unlock(&vms->lock);
    if (!is_there || !is_cdrom)
        return err_paramf(err_new(ERR_INVALID_DEVICE,
                                  "changing the disc of VM %s: device "
                                  "%u is no drive of it",
                                  uuid, device),
                          "%u", device);
    if (!vms->backend->set_cd)
        return life_not_supported(vms, "vm.cd");
    return vms->backend->set_cd(vm->backend_vm, device, layers, n_layers);
}

struct err *life_stat(struct vms *vms, const char *uuid, struct vm_stat *ret_stat)
{
    autoptr(vm) vm = NULL;
    struct err *e = life_enter(vms, uuid, NOT_GONE, &vm);

    if (!e && !vms->backend->stat)
        e = life_not_supported(vms, "vm.stat");
    return e ? e : vms->backend->stat(vm->backend_vm, ret_stat);
}

struct err *life_flash(struct vms *vms, const char *uuid, struct buf *ret_bytes)
{
    autoptr(vm) vm = NULL;
    struct err *e = life_enter(vms, uuid, NOT_GONE | IN(VM_STATE_GONE), &vm);

    if (!e && !vms->backend->flash)
        e = life_not_supported(vms, "vm.nvram");
    return e ? e : vms->backend->flash(vm->backend_vm, ret_bytes);
}
