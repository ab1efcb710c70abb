// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/disks.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "vm/guest.h"
#include "vm/life.h"
#include "vm/record.h"
#include "vm/vm.h"

/* A VM that is there, of a backend that can do 'what' (a member). */
#define ENTER(vms, uuid, member, verb, ret_vm)                                             \
    enter(vms, uuid, (vms)->backend->member != NULL, verb, ret_vm)

static struct err *enter(struct vms *vms, const char *uuid, bool can, const char *verb,
                         struct vm **ret_vm)
{
    struct err *e = life_enter(vms, uuid, LIFE_ALIVE, ret_vm);

    return !e && !can ? life_not_supported(vms, verb) : e;
}

static struct err *check_disk(const struct vm *vm, unsigned device)
{
    bool is_cdrom = false;

    if (record_disk(&vm->record, device, &is_cdrom) && !is_cdrom)
        return NULL;
    return err_paramf(
        err_new(ERR_INVALID_DEVICE, "VM %s has no disk %u", vm->id.uuid, device), "%u",
        device);
}

/* ---- snapshots ---- */

static struct err *not_quiet(const struct vm *vm, int r)
{
    enum err_code code = ERR_VM_SNAPSHOT_WITH_QUIESCE_FAILED;
    const char *why = strerror(-r);
    struct err *e;

    if (r == -ETIMEDOUT)
        code = ERR_VM_SNAPSHOT_WITH_QUIESCE_TIMEOUT;
    if (r == -ECONNRESET)
        code = ERR_VM_SNAPSHOT_WITH_QUIESCE_PLUGIN_DEOS_NOT_RESPOND;
    if (r == -EOPNOTSUPP) {
        code = ERR_VM_SNAPSHOT_WITH_QUIESCE_NOT_SUPPORTED;
        why = "No agent in the guest answers";
    }
    e = err_param(err_new(code, "freezing the guest of VM %s: %s", vm->id.uuid, why),
                  vm->id.uuid);
    return r == -EOPNOTSUPP ? err_param(e, why) : e;
}

static struct err *freeze(struct vm *vm, struct disks_wait *wait)
{
    int n = guest_freeze(vm, true);

    if (n < 0)
        return not_quiet(vm, n);
    wait->n_frozen = (unsigned)n;
    return NULL;
}

/* A guest that does not answer lets go by itself; whether it held until now is not known
 * then. */
static void thaw(struct vm *vm, struct disks_wait *wait)
{
    int n = guest_freeze(vm, false);

    if (n < 0)
        log_warn(VM, "letting the guest of VM %s write again: %s", vm->id.uuid,
                 strerror(-n));
    else
        wait->n_thawed = (unsigned)n;
}

static struct err *change_over(struct vm *vm, const struct vm_top *tops, size_t n,
                               struct disks_wait *wait)
{
    uint64_t since_us = clock_monotonic_us();
    struct err *e = vm->vms->backend->disk_switch(vm->backend_vm, tops, n);

    wait->us = clock_monotonic_us() - since_us;
    return e;
}

struct err *disks_snapshot(struct vms *vms, const char *uuid, const struct vm_top *tops,
                           size_t n, bool quiesce, struct disks_wait *ret_wait)
{
    autoptr(vm) vm = NULL;
    bool is_done = false;
    struct err *e = ENTER(vms, uuid, disk_switch, "vm.disk_snapshot", &vm);

    *ret_wait = (struct disks_wait){0};
    for (size_t i = 0; !e && i < n; i++)
        e = check_disk(vm, tops[i].device);
    if (!e)
        e = vms->backend->disk_prepare(vm->backend_vm, tops, n, &is_done);
    if (e || is_done)
        return e;
    if (quiesce) {
        e = freeze(vm, ret_wait);
        if (e)
            vms->backend->disk_abandon(vm->backend_vm, tops, n);
    }
    if (!e)
        e = change_over(vm, tops, n, ret_wait);
    if (ret_wait->n_frozen)
        thaw(vm, ret_wait);
    return err_context(e, "moving disks of VM %s to new layers", uuid);
}

/* ---- layers and merges ---- */

struct err *disks_layers(struct vms *vms, const char *uuid, unsigned device,
                         struct vm_disk_live *ret_disk)
{
    autoptr(vm) vm = NULL;
    struct err *e = ENTER(vms, uuid, disk_layers, "vm.disk_layers", &vm);

    if (!e)
        e = check_disk(vm, device);
    return e ? e : vms->backend->disk_layers(vm->backend_vm, device, ret_disk);
}

struct err *disks_commit(struct vms *vms, const char *uuid, const struct vm_commit *commit)
{
    autoptr(vm) vm = NULL;
    struct err *e = ENTER(vms, uuid, disk_commit, "vm.disk_commit", &vm);

    if (!e)
        e = check_disk(vm, commit->device);
    return e ? e : vms->backend->disk_commit(vm->backend_vm, commit);
}

struct err *disks_commit_rate(struct vms *vms, const char *uuid, unsigned device,
                              uint64_t rate)
{
    autoptr(vm) vm = NULL;
    struct err *e = ENTER(vms, uuid, disk_commit_rate, "vm.disk_commit_rate", &vm);

    return e ? e : vms->backend->disk_commit_rate(vm->backend_vm, device, rate);
}

struct err *disks_commit_cancel(struct vms *vms, const char *uuid, unsigned device)
{
    autoptr(vm) vm = NULL;
    struct err *e = ENTER(vms, uuid, disk_commit_cancel, "vm.disk_commit_cancel", &vm);

    return e ? e : vms->backend->disk_commit_cancel(vm->backend_vm, device);
}

struct err *disks_pivot(struct vms *vms, const char *uuid, unsigned device,
                        struct vm_disk_live *ret_disk)
{
    autoptr(vm) vm = NULL;
    struct err *e = ENTER(vms, uuid, disk_pivot, "vm.disk_pivot", &vm);

    if (!e)
        e = check_disk(vm, device);
    if (!e)
        e = vms->backend->disk_pivot(vm->backend_vm, device);
    return e ? e : vms->backend->disk_layers(vm->backend_vm, device, ret_disk);
}

struct err *disks_resume(struct vms *vms, const char *uuid)
{
    autoptr(vm) vm = NULL;
    struct err *e = ENTER(vms, uuid, disk_resume, "vm.disk_resume", &vm);

    return e ? e : vms->backend->disk_resume(vm->backend_vm);
}
