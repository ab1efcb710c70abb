// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/tune.h"

#include "vm/life.h"
#include "vm/record.h"
#include "vm/vm.h"

/* Finds the VM and its disk; only the VM's queue changes its record. */
static struct err *enter_disk(struct vms *vms, const char *uuid, unsigned device,
                              struct vm **ret_vm)
{
    autoptr(vm) vm = NULL;
    bool is_cdrom = false;
    struct err *e = life_enter(vms, uuid, LIFE_ALIVE, &vm);

    if (e)
        return e;
    if (!record_disk(&vm->record, device, &is_cdrom) || is_cdrom)
        return err_paramf(err_new(ERR_INVALID_DEVICE, "VM %s has no disk %u", uuid, device),
                          "%u", device);
    *ret_vm = take_ptr(vm);
    return NULL;
}

struct err *tune_disk_size(struct vms *vms, const char *uuid, unsigned device,
                           uint64_t size)
{
    autoptr(vm) vm = NULL;
    struct err *e = enter_disk(vms, uuid, device, &vm);

    if (!e && !vms->backend->disk_resize)
        e = life_not_supported(vms, "vm.disk_resize");
    return e ? e : vms->backend->disk_resize(vm->backend_vm, device, size);
}

struct err *tune_disk_limit(struct vms *vms, const char *uuid, unsigned device,
                            const struct vm_limit *limit)
{
    autoptr(vm) vm = NULL;
    struct err *e = enter_disk(vms, uuid, device, &vm);

    if (!e && !vms->backend->disk_limit)
        e = life_not_supported(vms, "vm.disk_limit");
    return e ? e : vms->backend->disk_limit(vm->backend_vm, device, limit);
}

struct err *tune_memory(struct vms *vms, const char *uuid, uint64_t target)
{
    autoptr(vm) vm = NULL;
    struct err *e = life_enter(vms, uuid, LIFE_ALIVE, &vm);

    if (!e && !vms->backend->memory)
        e = life_not_supported(vms, "vm.memory");
    return e ? e : vms->backend->memory(vm->backend_vm, target);
}

struct err *tune_vcpus(struct vms *vms, const char *uuid, unsigned n)
{
    autoptr(vm) vm = NULL;
    struct err *e = life_enter(vms, uuid, LIFE_IN(VM_STATE_RUNNING), &vm);

    if (!e && !vms->backend->vcpus)
        e = life_not_supported(vms, "vm.vcpus");
    return e ? e : vms->backend->vcpus(vm->backend_vm, n);
}
