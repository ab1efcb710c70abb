// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/notice.h"

#include "agent/agent.h"
#include "base/log.h"
#include "vm/guest.h"

const char *vm_state_word(enum vm_state state)
{
    static const char *const words[] = {
        [VM_STATE_PAUSED] = "paused",     [VM_STATE_RUNNING] = "running",
        [VM_STATE_SHUTDOWN] = "shutdown", [VM_STATE_CRASHED] = "crashed",
        [VM_STATE_GONE] = "gone",
    };

    return words[state];
}

const char *vm_reason_word(enum vm_reason reason)
{
    static const char *const words[] = {
        [VM_REASON_NONE] = "",
        [VM_REASON_POWEROFF] = "poweroff",
        [VM_REASON_HALT] = "halt",
        [VM_REASON_REBOOT] = "reboot",
        [VM_REASON_CRASH] = "crash",
        [VM_REASON_KILLED] = "killed",
        [VM_REASON_START_FAILED] = "start-failed",
        [VM_REASON_NO_SPACE] = "no-space",
    };

    return words[reason];
}

void notice_state(struct vm *vm, enum vm_state state, enum vm_reason reason)
{
    struct val params = val_map(3);

    log_info(VM, "VM %s: %s %s", vm->id.uuid, vm_state_word(state), vm_reason_word(reason));
    val_put_str(&params, "vm", val_str(vm->id.uuid));
    val_put_str(&params, "state", val_str(vm_state_word(state)));
    val_put_str(&params, "reason", val_str(vm_reason_word(reason)));
    agent_notify(vm->vms->agent, "vm.state", params);
}

void notice_report(struct vm *vm, const struct val *report)
{
    struct vms *vms = vm->vms;
    struct val params = val_map(2);

    val_put_str(&params, "vm", val_str(vm->id.uuid));
    val_put_str(&params, "report", val_ref(report));
    pthread_mutex_lock(&vms->lock);
    val_unref(&vm->report);
    vm->report = val_ref(report);
    /* Under the lock: nothing is told of a VM after it was removed. */
    if (vm->phase != VM_PHASE_REMOVED)
        agent_notify(vms->agent, "vm.guest", take_val(params));
    pthread_mutex_unlock(&vms->lock);
    val_unref(&params);
}

void notice_found(struct vm *vm, const struct vm_status *status, bool is_told)
{
    struct vms *vms = vm->vms;
    bool has_ended;

    pthread_mutex_lock(&vms->lock);
    has_ended = vm_state_is_end(vm->status.state); /* was reported in the meantime */
    vm->status.domid = status->domid;
    vm->status.accel = status->accel;
    if (!has_ended) {
        vm->status.state = status->state;
        vm->status.reason = status->reason;
        vm->reboot_is_news = status->reason == VM_REASON_REBOOT;
    }
    vm->phase = VM_PHASE_HERE;
    pthread_cond_broadcast(&vms->settled);
    if (is_told && !has_ended && vm_state_is_end(status->state))
        notice_state(vm, status->state, status->reason);
    pthread_mutex_unlock(&vms->lock);
}

void notice_done(struct vm *vm, enum vm_state state)
{
    struct vms *vms = vm->vms;

    pthread_mutex_lock(&vms->lock);
    if (!vm_state_is_end(vm->status.state)) {
        vm->status.state = state;
        vm->status.reason = VM_REASON_NONE;
    }
    pthread_mutex_unlock(&vms->lock);
}

/* ---- called by backends ---- */

void vm_report_state(struct vm *handle, enum vm_state state, enum vm_reason reason)
{
    struct vms *vms = handle->vms;

    pthread_mutex_lock(&vms->lock);
    /* The first end is the one that counts: a process that dies after its guest powered off
     * is no news. */
    if (handle->phase != VM_PHASE_REMOVED && !vm_state_is_end(handle->status.state)) {
        handle->status.state = state;
        handle->status.reason = reason;
        notice_state(handle, state, reason);
    }
    pthread_mutex_unlock(&vms->lock);
}

void vm_report_flash(struct vm *handle)
{
    struct val params = val_map(1);

    val_put_str(&params, "vm", val_str(handle->id.uuid));
    agent_notify(handle->vms->agent, "vm.nvram", params);
}

void vm_report_agent_stream(struct vm *handle, int fd)
{
    guest_attach(handle, fd);
}
