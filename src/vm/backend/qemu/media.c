// SPDX-License-Identifier: GPL-2.0-or-later
/* Discs in drives: blocks added and taken out of a running QEMU. */
#include "vm/backend/qemu/argv.h"
#include "vm/backend/qemu/blocks.h"
#include "vm/backend/qemu/domain.h"
#include "vm/backend/qemu/nodes.h"

static struct err *eject(struct qemu_vm *vm, const char *id, unsigned device)
{
    struct val arguments = val_map(2);
    struct err *e;

    /* A guest may have locked the tray: the owner of the machine is not asked twice. */
    val_put_str(&arguments, "id", val_str(id));
    val_put_str(&arguments, "force", val_bool(true));
    e = qemu_call(vm, "blockdev-open-tray", arguments, NULL);
    if (!e)
        e = qemu_call_on(vm, "blockdev-remove-medium", "id", id);
    return e ? e : qemu_blocks_delete(vm, device);
}

static struct err *insert(struct qemu_vm *vm, const char *id, unsigned device,
                          const struct vm_layer *layers)
{
    char root[QEMU_NODE_NAME_SIZE];
    struct val arguments = val_map(2);
    struct err *e;

    qemu_node_name('l', device, layers[0].id, root);
    val_put_str(&arguments, "id", val_str(id));
    val_put_str(&arguments, "node-name", val_str(root));
    e = qemu_call(vm, "blockdev-insert-medium", arguments, NULL);
    return e ? e : qemu_call_on(vm, "blockdev-close-tray", "id", id);
}

struct err *qemu_set_cd(void *arg, unsigned device, const struct vm_layer *layers,
                        size_t n_layers)
{
    struct qemu_vm *vm = arg;
    const struct vm_disk disk = {.device = device,
                                 .is_cdrom = true,
                                 .layers = (struct vm_layer *)layers,
                                 .n_layers = n_layers};
    char id[QEMU_DEVICE_ID_SIZE];
    struct err *e;

    qemu_device_id("cd", device, id);
    e = eject(vm, id, device);
    if (!e && n_layers == 0)
        return qemu_call_on(vm, "blockdev-close-tray", "id", id);
    if (!e)
        e = qemu_blocks_add(vm, &disk);
    if (!e)
        e = insert(vm, id, device, layers);
    if (e)
        err_ignore(qemu_blocks_delete(vm, device),
                   "the disc was not put in, which is told");
    return err_context(e, "changing the disc in drive %u", device);
}
