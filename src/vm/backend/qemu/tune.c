// SPDX-License-Identifier: GPL-2.0-or-later
/* Sizes and limits changed while the machine runs. */
#include <stdio.h>
#include <string.h>

#include "vm/backend/qemu/argv.h"
#include "vm/backend/qemu/blocks.h"
#include "vm/backend/qemu/domain.h"

#define N_CPU_PROPS 8

/* ---- disks ---- */

struct err *qemu_disk_resize(void *arg, unsigned device, uint64_t size)
{
    struct qemu_vm *vm = arg;
    autoval struct val disks = val_void();
    char id[QEMU_DEVICE_ID_SIZE];
    struct err *e = qemu_need_disks(vm);

    if (!e)
        e = qemu_call(vm, "query-block", val_void(), &disks);
    qemu_device_id("disk", device, id);
    for (size_t i = 0; !e && i < qmp_count(&disks); i++) {
        const struct val *disk = val_at(&disks, i), *inserted = val_find(disk, "inserted");
        struct val arguments;

        if (!STREQ(qmp_text(disk, "qdev", ""), id) || !inserted)
            continue;
        arguments = val_map(2);
        val_put_str(&arguments, "node-name", val_str(qmp_text(inserted, "node-name", "")));
        val_put_str(&arguments, "size", val_int((int64_t)size));
        return qemu_call(vm, "block_resize", arguments, NULL);
    }
    return e ? e
             : err_paramf(err_new(ERR_INVALID_DEVICE, "QEMU of VM %s has no disk %u",
                                  vm->id->uuid, device),
                          "%u", device);
}

/* The limit is of the device, so it stays whatever its layers become. */
struct err *qemu_disk_limit(void *arg, unsigned device, const struct vm_limit *limit)
{
    static const char *const unused[] = {"bps_rd", "bps_wr", "iops_rd", "iops_wr"};
    struct val arguments = val_map(7);
    char id[QEMU_DEVICE_ID_SIZE];

    qemu_device_id("disk", device, id);
    val_put_str(&arguments, "id", val_str(id));
    val_put_str(&arguments, "bps", val_int((int64_t)limit->bytes));
    val_put_str(&arguments, "iops", val_int((int64_t)limit->operations));
    for (size_t i = 0; i < ARRAY_SIZE(unused); i++)
        val_put_str(&arguments, unused[i], val_int(0));
    return qemu_call(arg, "block_set_io_throttle", arguments, NULL);
}

/* ---- memory ---- */

struct err *qemu_memory(void *arg, uint64_t target)
{
    struct val arguments = val_map(1);

    val_put_str(&arguments, "value", val_int((int64_t)target));
    return qemu_call(arg, "balloon", arguments, NULL);
}

/* ---- vCPUs ---- */

/* The free places for vCPUs, the one to fill first first; and how many are taken. */
static struct err *query_places(struct qemu_vm *vm, struct val *ret_places,
                                unsigned *ret_taken)
{
    struct err *e = qemu_call(vm, "query-hotpluggable-cpus", val_void(), ret_places);

    *ret_taken = 0;
    for (size_t i = 0; !e && i < qmp_count(ret_places); i++)
        *ret_taken += val_find(val_at(ret_places, i), "qom-path") != NULL;
    return e;
}

/* QEMU lists the highest place first. */
static const struct val *lowest_free(const struct val *places)
{
    for (size_t i = qmp_count(places); i-- > 0;)
        if (!val_find(val_at(places, i), "qom-path"))
            return val_at(places, i);
    return NULL;
}

static struct err *add_vcpu(struct qemu_vm *vm, const struct val *place, unsigned number)
{
    const struct val *props = val_find(place, "props");
    struct val arguments = val_map(N_CPU_PROPS);
    char id[QEMU_DEVICE_ID_SIZE];

    qemu_device_id("cpu", number, id);
    val_put_str(&arguments, "driver", val_str(qmp_text(place, "type", "")));
    val_put_str(&arguments, "id", val_str(id));
    for (size_t i = 0; props && i < val_count(props) && i < N_CPU_PROPS - 2; i++)
        val_put_str(&arguments, val_text(val_key_at(props, i)),
                    val_ref(val_value_at(props, i)));
    return qemu_call(vm, "device_add", arguments, NULL);
}

/* Each is named after its number, counted from 0; those of the start have no name and stay.
 */
static struct err *remove_vcpu(struct qemu_vm *vm, unsigned number)
{
    char id[QEMU_DEVICE_ID_SIZE];
    bool is_there = false;
    struct err *e;

    qemu_device_id("cpu", number, id);
    e = qemu_device_find(vm, id, &is_there);
    if (e)
        return e;
    if (!is_there)
        return err_params(ERR_OPERATION_NOT_ALLOWED,
                          "The vCPUs that a VM was started with stay while it runs", NULL);
    return qemu_device_unplug(vm, id, "VCPU", number);
}

struct err *qemu_vcpus(void *arg, unsigned n)
{
    struct qemu_vm *vm = arg;

    for (;;) {
        autoval struct val places = val_void();
        const struct val *free_place;
        unsigned taken;
        struct err *e = query_places(vm, &places, &taken);

        if (e || taken == n)
            return e;
        free_place = lowest_free(&places);
        if (taken > n)
            e = remove_vcpu(vm, taken - 1);
        else if (free_place)
            e = add_vcpu(vm, free_place, taken);
        else
            e = err_paramf(err_params(ERR_VALUE_NOT_SUPPORTED, "VCPUs_number_live", NULL),
                           "%u", n);
        if (e)
            return err_context(e, "giving VM %s %u vCPUs", vm->id->uuid, n);
    }
}
