// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/devices.h"

#include "vm/life.h"
#include "vm/record.h"
#include "vm/vm.h"

static struct err *refuse(enum err_code code, const struct vm *vm, const char *what,
                          unsigned device)
{
    return err_paramf(err_new(code, "%s %u of VM %s", what, device, vm->id.uuid), "%u",
                      device);
}

/* The record becomes 'record' (taken), on disk first. */
static struct err *set_record(struct vm *vm, struct val record)
{
    struct vms *vms = vm->vms;
    int r = record_write(vm->id.dir_fd, &record);

    if (r < 0) {
        val_unref(&record);
        return err_errno(-r, "keeping the record of VM %s", vm->id.uuid);
    }
    pthread_mutex_lock(&vms->lock);
    val_unref(&vm->record);
    vm->record = record;
    pthread_mutex_unlock(&vms->lock);
    return NULL;
}

/* After a plug that failed: nothing is there, whatever the record says.  One that says too
 * much is put right by unplugging. */
static struct err *take_back(struct vm *vm, struct val record, struct err *failure)
{
    err_ignore(set_record(vm, record), "unplugging puts it right");
    return failure;
}

/* ---- disks ---- */

/* Only this VM's queue changes its record, so that it can be read here without the lock. */
struct err *devices_plug_disk(struct vms *vms, const char *uuid, const struct vm_disk *disk)
{
    autoptr(vm) vm = NULL;
    bool is_cdrom;
    struct err *e = life_enter(vms, uuid, LIFE_ALIVE, &vm);

    if (e)
        return e;
    if (!vms->backend->disk_plug)
        return life_not_supported(vms, "vm.disk_plug");
    if (disk->is_cdrom)
        return refuse(ERR_INVALID_DEVICE, vm, "a drive cannot be plugged:", disk->device);
    if (record_disk(&vm->record, disk->device, &is_cdrom))
        return refuse(ERR_DEVICE_ALREADY_ATTACHED, vm, "plugging disk", disk->device);
    e = set_record(vm, record_with_disk(&vm->record, disk));
    if (e)
        return e;
    e = vms->backend->disk_plug(vm->backend_vm, disk);
    return e ? take_back(vm, record_without_disk(&vm->record, disk->device), e) : NULL;
}

struct err *devices_unplug_disk(struct vms *vms, const char *uuid, unsigned device)
{
    autoptr(vm) vm = NULL;
    bool is_cdrom;
    struct err *e = life_enter(vms, uuid, LIFE_ALIVE, &vm);

    if (e)
        return e;
    if (!vms->backend->disk_unplug)
        return life_not_supported(vms, "vm.disk_unplug");
    if (!record_disk(&vm->record, device, &is_cdrom))
        return refuse(ERR_DEVICE_ALREADY_DETACHED, vm, "unplugging disk", device);
    if (is_cdrom)
        return refuse(ERR_INVALID_DEVICE, vm, "a drive cannot be unplugged:", device);
    e = vms->backend->disk_unplug(vm->backend_vm, device);
    return e ? e : set_record(vm, record_without_disk(&vm->record, device));
}

/* ---- interfaces ---- */

struct err *devices_plug_nic(struct vms *vms, const char *uuid, const struct vm_nic *nic)
{
    autoptr(vm) vm = NULL;
    struct err *e = life_enter(vms, uuid, LIFE_ALIVE, &vm);

    if (e)
        return e;
    if (!vms->backend->nic_plug)
        return life_not_supported(vms, "vm.nic_plug");
    if (record_nic(&vm->record, nic->device))
        return refuse(ERR_DEVICE_ALREADY_ATTACHED, vm, "plugging interface", nic->device);
    e = set_record(vm, record_with_nic(&vm->record, nic));
    if (e)
        return e;
    e = vms->backend->nic_plug(vm->backend_vm, nic);
    return e ? take_back(vm, record_without_nic(&vm->record, nic->device), e) : NULL;
}

/* Its guest has to let go of it, which one that is paused cannot. */
struct err *devices_unplug_nic(struct vms *vms, const char *uuid, unsigned device)
{
    autoptr(vm) vm = NULL;
    struct err *e = life_enter(vms, uuid, LIFE_IN(VM_STATE_RUNNING), &vm);

    if (e)
        return e;
    if (!vms->backend->nic_unplug)
        return life_not_supported(vms, "vm.nic_unplug");
    if (!record_nic(&vm->record, device))
        return refuse(ERR_DEVICE_ALREADY_DETACHED, vm, "unplugging interface", device);
    e = vms->backend->nic_unplug(vm->backend_vm, device);
    return e ? e : set_record(vm, record_without_nic(&vm->record, device));
}
