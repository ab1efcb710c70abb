// SPDX-License-Identifier: GPL-2.0-or-later
/* Disks and interfaces put into a running machine and taken out. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "vm/backend/qemu/argv.h"
#include "vm/backend/qemu/blocks.h"
#include "vm/backend/qemu/domain.h"

#define UNPLUG_MS 20000 /* for the guest to let go; it does not while it boots */

/* ---- devices by their ids ---- */

struct err *qemu_device_find(struct qemu_vm *vm, const char *id, bool *ret_is_there)
{
    autoval struct val devices = val_void();
    struct val arguments = val_map(1);
    struct err *e;

    val_put_str(&arguments, "path", val_str("/machine/peripheral"));
    e = qemu_call(vm, "qom-list", arguments, &devices);
    if (e)
        return e;
    *ret_is_there = false;
    for (size_t i = 0; i < qmp_count(&devices) && !*ret_is_there; i++)
        *ret_is_there = STREQ(qmp_text(val_at(&devices, i), "name", ""), id);
    return NULL;
}

static void begin_unplug(struct qemu_vm *vm, const char *id)
{
    pthread_mutex_lock(&vm->lock);
    snprintf(vm->unplugging, sizeof(vm->unplugging), "%s", id);
    vm->unplug = QEMU_UNPLUG_ASKED;
    pthread_mutex_unlock(&vm->lock);
}

void qemu_unplug_heard(struct qemu_vm *vm, const char *id, enum qemu_unplug what)
{
    pthread_mutex_lock(&vm->lock);
    if (!id || STREQ(vm->unplugging, id)) {
        vm->unplug = what;
        pthread_cond_broadcast(&vm->unplug_heard);
    }
    pthread_mutex_unlock(&vm->lock);
}

static enum qemu_unplug wait_unplug(struct qemu_vm *vm)
{
    uint64_t deadline_ms = clock_monotonic_ms() + UNPLUG_MS;
    const struct timespec until = {(time_t)(deadline_ms / 1000),
                                   (long)(deadline_ms % 1000) * 1000000};
    enum qemu_unplug what;
    int r = 0;

    pthread_mutex_lock(&vm->lock);
    while (r == 0 && vm->unplug == QEMU_UNPLUG_ASKED)
        r = pthread_cond_timedwait(&vm->unplug_heard, &vm->lock, &until);
    what = vm->unplug;
    vm->unplugging[0] = '\0';
    pthread_mutex_unlock(&vm->lock);
    return what;
}

static struct err *not_let_go(const struct qemu_vm *vm, const char *kind, unsigned device,
                              enum qemu_unplug what)
{
    struct err *e =
        err_new(what == QEMU_UNPLUG_REFUSED ? ERR_DEVICE_DETACH_REJECTED
                                            : ERR_DEVICE_DETACH_TIMEOUT,
                "unplugging %s %u of VM %s: its guest %s", kind, device, vm->id->uuid,
                what == QEMU_UNPLUG_REFUSED ? "refuses" : "does not let go of it");

    e = err_paramf(err_param(e, kind), "%u", device);
    return what == QEMU_UNPLUG_REFUSED ? err_param(e, "the guest refuses") : e;
}

/* Returns when the device is gone.  One the guest was asked for already is waited for. */
struct err *qemu_device_unplug(struct qemu_vm *vm, const char *id, const char *kind,
                               unsigned device)
{
    enum qemu_unplug what;
    bool is_there = false;
    struct err *e = qemu_device_find(vm, id, &is_there);

    if (e || !is_there)
        return e;
    begin_unplug(vm, id);
    err_ignore(qemu_call_on(vm, "device_del", "id", id),
               "it is asked for already; what comes of it is looked at");
    what = wait_unplug(vm);
    if (what == QEMU_UNPLUG_DONE)
        return NULL;
    /* Before it was listened to? */
    e = qemu_device_find(vm, id, &is_there);
    return e || !is_there ? e : not_let_go(vm, kind, device, what);
}

/* ---- disks ---- */

static struct err *add_disk_device(struct qemu_vm *vm, const struct vm_disk *disk)
{
    struct val arguments = val_map(10);
    char root[QEMU_NODE_NAME_SIZE], id[QEMU_DEVICE_ID_SIZE];

    qemu_node_name('l', disk->device, disk->layers[0].id, root);
    qemu_device_id("disk", disk->device, id);
    val_put_str(&arguments, "driver", val_str("scsi-hd"));
    val_put_str(&arguments, "id", val_str(id));
    val_put_str(&arguments, "bus", val_str("scsi0.0"));
    val_put_str(&arguments, "channel", val_int(0));
    val_put_str(&arguments, "scsi-id", val_int(disk->device));
    val_put_str(&arguments, "lun", val_int(0));
    val_put_str(&arguments, "drive", val_str(root));
    val_put_str(&arguments, "serial", val_strf("lk-%u", disk->device));
    return qemu_call(vm, "device_add", arguments, NULL);
}

static struct err *check_bus(const struct qemu_vm *vm)
{
    if (!vm->has_sata_disks)
        return NULL;
    return err_params(ERR_OPERATION_NOT_ALLOWED,
                      "The disks of this VM are SATA disks, which stay in it while it runs",
                      NULL);
}

struct err *qemu_disk_plug(void *arg, const struct vm_disk *disk)
{
    struct qemu_vm *vm = arg;
    struct err *e = check_bus(vm);

    if (!e)
        e = qemu_blocks_delete(vm, disk->device); /* of one that went unheard */
    if (e)
        return e;
    e = qemu_blocks_add(vm, disk);
    if (!e)
        e = add_disk_device(vm, disk);
    if (e)
        err_ignore(qemu_blocks_delete(vm, disk->device), "the disk was not put in");
    return err_context(e, "plugging disk %u", disk->device);
}

struct err *qemu_disk_unplug(void *arg, unsigned device)
{
    struct qemu_vm *vm = arg;
    char id[QEMU_DEVICE_ID_SIZE];
    struct err *e = check_bus(vm);

    qemu_device_id("disk", device, id);
    if (!e)
        e = qemu_device_unplug(vm, id, "VBD", device);
    return e ? e : qemu_blocks_delete(vm, device);
}

/* ---- interfaces ---- */

/* The network's end of an interface; its id has the form of a device's. */
static struct err *delete_netdev(struct qemu_vm *vm, unsigned device)
{
    char id[QEMU_DEVICE_ID_SIZE];

    qemu_device_id("net", device, id);
    return qemu_call_on(vm, "netdev_del", "id", id);
}

static struct err *add_netdev(struct qemu_vm *vm, const struct vm_nic *nic)
{
    autoval struct val rules = val_void();
    struct val arguments, forwards;
    char id[QEMU_DEVICE_ID_SIZE];
    struct err *e;

    if (STREQ(nic->mode, "none"))
        return NULL;
    e = qemu_nic_forwards(nic, &rules);
    if (e)
        return e;
    forwards = val_set(val_count(&rules));
    for (size_t i = 0; i < val_count(&rules); i++) {
        struct val text = val_map(1);

        val_put_str(&text, "str", val_ref(val_at(&rules, i)));
        val_push(&forwards, text);
    }
    qemu_device_id("net", nic->device, id);
    arguments = val_map(4);
    val_put_str(&arguments, "hostfwd", forwards);
    val_put_str(&arguments, "type", val_str("user"));
    val_put_str(&arguments, "id", val_str(id));
    val_put_str(&arguments, "restrict", val_bool(qemu_nic_is_restricted(nic)));
    return qemu_call(vm, "netdev_add", arguments, NULL);
}

static struct err *add_nic_device(struct qemu_vm *vm, const struct vm_nic *nic)
{
    struct val arguments = val_map(10);
    char id[QEMU_DEVICE_ID_SIZE];

    qemu_device_id("nic", nic->device, id);
    val_put_str(&arguments, "driver", val_str("virtio-net-pci"));
    val_put_str(&arguments, "id", val_str(id));
    val_put_str(&arguments, "mac", val_str(nic->mac));
    val_put_str(&arguments, "bus", val_str(QEMU_NIC_BUS));
    val_put_str(&arguments, "addr", val_strf("0x%x", nic->device + 1));
    val_put_str(&arguments, "romfile", val_str(""));
    if (!STREQ(nic->mode, "none"))
        val_put_str(&arguments, "netdev", val_strf("net%u", nic->device));
    return qemu_call(vm, "device_add", arguments, NULL);
}

struct err *qemu_nic_plug(void *arg, const struct vm_nic *nic)
{
    struct qemu_vm *vm = arg;
    struct err *e = qemu_nic_check(nic);

    if (e)
        return e;
    err_ignore(delete_netdev(vm, nic->device), "there is none unless one went unheard");
    e = add_netdev(vm, nic);
    if (!e)
        e = add_nic_device(vm, nic);
    if (e)
        err_ignore(delete_netdev(vm, nic->device), "the interface was not put in");
    return err_context(e, "plugging interface %u", nic->device);
}

struct err *qemu_nic_unplug(void *arg, unsigned device)
{
    struct qemu_vm *vm = arg;
    char id[QEMU_DEVICE_ID_SIZE];
    struct err *e;

    qemu_device_id("nic", device, id);
    e = qemu_device_unplug(vm, id, "VIF", device);
    if (e)
        return e;
    err_ignore(delete_netdev(vm, device), "an interface may be without one");
    return NULL;
}
