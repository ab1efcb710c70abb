// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/backend/qemu/blocks.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/str.h"
#include "vm/backend/qemu/chain.h"

#define FDSET_PATH "/dev/fdset/"

struct err *qemu_call_on(struct qemu_vm *vm, const char *command, const char *key,
                         const char *value)
{
    struct val arguments = val_map(1);

    val_put_str(&arguments, key, val_str(value));
    return qemu_call(vm, command, arguments, NULL);
}

/* ---- taking out ---- */

static void remove_fdset(struct qemu_vm *vm, const char *file)
{
    struct val arguments;
    int64_t set;

    if (!str_has_prefix(file, FDSET_PATH) ||
        str_to_int64(file + strlen(FDSET_PATH), &set) < 0)
        return;
    arguments = val_map(1);
    val_put_str(&arguments, "fdset-id", val_int(set));
    err_ignore(qemu_call(vm, "remove-fd", arguments, NULL),
               "QEMU closes the descriptor when it ends");
}

/* Deletes the nodes of 'device' that nothing stands on; how many went. */
static unsigned delete_free_nodes(struct qemu_vm *vm, unsigned device,
                                  const struct val *nodes)
{
    unsigned n_deleted = 0;

    for (size_t i = 0; i < qmp_count(nodes); i++) {
        const struct val *node = val_at(nodes, i);
        const char *name = qmp_text(node, "node-name", "");
        char format[8], file[8];

        snprintf(format, sizeof(format), "l%u-", device & 0xff);
        snprintf(file, sizeof(file), "f%u-", device & 0xff);
        if (!str_has_prefix(name, format) && !str_has_prefix(name, file))
            continue;
        struct err *e = qemu_call_on(vm, "blockdev-del", "node-name", name);

        if (e) {
            err_ignore(e, "another node still stands on it");
            continue;
        }
        n_deleted++;
        if (str_has_prefix(name, file))
            remove_fdset(vm, qmp_text(node, "file", ""));
    }
    return n_deleted;
}

/* A node of 'device' is left: what it stands on is still open. */
static struct err *check_gone(struct qemu_vm *vm, unsigned device, const struct val *nodes)
{
    char format[8];

    snprintf(format, sizeof(format), "l%u-", device & 0xff);
    for (size_t i = 0; i < qmp_count(nodes); i++) {
        const char *name = qmp_text(val_at(nodes, i), "node-name", "");

        if (str_has_prefix(name, format))
            return err_paramf(err_new(ERR_INTERNAL_ERROR,
                                      "taking disk %u out of VM %s: node %s is in use",
                                      device, vm->id->uuid, name),
                              "disk %u is in use", device);
    }
    return NULL;
}

struct err *qemu_blocks_delete(struct qemu_vm *vm, unsigned device)
{
    for (;;) {
        autoval struct val nodes = val_void();
        struct val arguments = val_map(1);
        struct err *e;

        val_put_str(&arguments, "flat", val_bool(true));
        e = qemu_call(vm, "query-named-block-nodes", arguments, &nodes);
        if (e)
            return e;
        if (delete_free_nodes(vm, device, &nodes) == 0)
            return check_gone(vm, device, &nodes);
    }
}

/* ---- putting in ---- */

/* The lowest layer first, as each names the one under it. */
struct err *qemu_blocks_add(struct qemu_vm *vm, const struct vm_disk *disk)
{
    struct err *e = NULL;

    for (size_t i = disk->n_layers; !e && i-- > 0;) {
        const struct vm_layer *layer = &disk->layers[i];
        struct qemu_layer_mode mode = {.device = disk->device,
                                       .is_writable = i == 0 && disk->is_writable,
                                       .aio = qemu_host_aio(vm->backend->host)};

        qemu_host_inspect(layer->fd, &mode);
        e = qemu_fd_add(vm, disk->device, layer, QEMU_FD_LAYER, &mode.fdset);
        if (!e)
            e = qemu_call(vm, "blockdev-add", qemu_file_node(layer, &mode), NULL);
        if (!e)
            e = qemu_call(
                vm, "blockdev-add",
                qemu_format_node(layer, i + 1 < disk->n_layers ? layer + 1 : NULL, &mode),
                NULL);
    }
    return e;
}
