// SPDX-License-Identifier: GPL-2.0-or-later
/* Disks that move to a new top layer while their guest runs. */
#include <string.h>

#include "base/log.h"
#include "vm/backend/qemu/blocks.h"
#include "vm/backend/qemu/chain.h"
#include "vm/backend/qemu/domain.h"

static bool is_top(const struct qemu_chain *chain, const struct vm_layer *layer)
{
    return STREQ(chain->at[0].id.text, layer->id);
}

/* How many of the disks have their new tops already. */
static struct err *count_moved(struct qemu_vm *vm, const struct vm_top *tops, size_t n,
                               size_t *ret_n)
{
    struct err *e = NULL;

    *ret_n = 0;
    for (size_t i = 0; !e && i < n; i++) {
        autochain chain = {0};

        e = qemu_chain_read(vm, tops[i].device, &chain);
        if (!e && is_top(&chain, &tops[i].layer))
            ++*ret_n;
    }
    return e;
}

/* The nodes of a layer that is over nothing yet, and is written to. */
static struct err *add_top(struct qemu_vm *vm, const struct vm_top *top)
{
    const struct vm_layer *layer = &top->layer;
    struct qemu_layer_mode mode = {.device = top->device,
                                   .is_writable = true,
                                   .aio = qemu_host_aio(vm->backend->host)};
    struct err *e;

    qemu_layer_forget(vm, top->device, layer->id); /* of an attempt that was cut off */
    qemu_host_inspect(layer->fd, &mode);
    e = qemu_fd_add(vm, top->device, layer, QEMU_FD_LAYER, &mode.fdset);
    if (!e)
        e = qemu_call(vm, "blockdev-add", qemu_file_node(layer, &mode), NULL);
    if (!e)
        e = qemu_call(vm, "blockdev-add", qemu_format_node(layer, NULL, &mode), NULL);
    return e;
}

static struct err *action_for(struct qemu_vm *vm, const struct vm_top *top,
                              struct val *actions)
{
    struct val action = val_map(2), data = val_map(2);
    char overlay[QEMU_NODE_NAME_SIZE];
    autochain chain = {0};
    struct err *e = qemu_chain_read(vm, top->device, &chain);

    qemu_node_name('l', top->device, top->layer.id, overlay);
    val_put_str(&data, "node", val_str(e ? "" : chain.at[0].node));
    val_put_str(&data, "overlay", val_str(overlay));
    val_put_str(&action, "type", val_str("blockdev-snapshot"));
    val_put_str(&action, "data", data);
    val_push(actions, action);
    return e;
}

/* All disks at one moment, or none. */
static struct err *switch_all(struct qemu_vm *vm, const struct vm_top *tops, size_t n)
{
    struct val arguments = val_map(1), actions = val_set(n);
    struct err *e = NULL;

    for (size_t i = 0; !e && i < n; i++)
        e = action_for(vm, &tops[i], &actions);
    val_put_str(&arguments, "actions", actions);
    if (!e)
        return qemu_call(vm, "transaction", arguments, NULL);
    val_unref(&arguments);
    return e;
}

static void take_back(struct qemu_vm *vm, const struct vm_top *tops, size_t n)
{
    for (size_t i = 0; i < n; i++)
        qemu_layer_forget(vm, tops[i].device, tops[i].layer.id);
}

struct err *qemu_disk_prepare(void *arg, const struct vm_top *tops, size_t n,
                              bool *ret_is_done)
{
    struct qemu_vm *vm = arg;
    size_t n_moved = 0;
    struct err *e = qemu_need_disks(vm);

    if (!e)
        e = count_moved(vm, tops, n, &n_moved);
    *ret_is_done = !e && n_moved == n;
    if (e || *ret_is_done)
        return e;
    for (size_t i = 0; !e && i < n; i++)
        e = add_top(vm, &tops[i]);
    if (e)
        take_back(vm, tops, n);
    return e;
}

struct err *qemu_disk_switch(void *arg, const struct vm_top *tops, size_t n)
{
    struct qemu_vm *vm = arg;
    struct err *e = switch_all(vm, tops, n);

    if (e)
        take_back(vm, tops, n); /* what moved all the same stays: it is in use */
    return e;
}

void qemu_disk_abandon(void *arg, const struct vm_top *tops, size_t n)
{
    take_back(arg, tops, n);
}
