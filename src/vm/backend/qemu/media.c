// SPDX-License-Identifier: GPL-2.0-or-later
/* Discs in drives: blocks added and taken out of a running QEMU. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "vm/backend/qemu/domain.h"
#include "vm/backend/qemu/nodes.h"

#define FDSET_PATH "/dev/fdset/"

static struct err *call_on(struct qemu_vm *vm, const char *command, const char *key,
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
        struct err *e = call_on(vm, "blockdev-del", "node-name", name);

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

static struct err *delete_nodes(struct qemu_vm *vm, unsigned device)
{
    struct val arguments;
    unsigned n_deleted;

    do {
        autoval struct val nodes = val_void();
        struct err *e;

        arguments = val_map(1);
        val_put_str(&arguments, "flat", val_bool(true));
        e = qemu_call(vm, "query-named-block-nodes", arguments, &nodes);
        if (e)
            return e;
        n_deleted = delete_free_nodes(vm, device, &nodes);
    } while (n_deleted > 0);
    return NULL;
}

static struct err *eject(struct qemu_vm *vm, const char *id, unsigned device)
{
    struct val arguments = val_map(2);
    struct err *e;

    /* A guest may have locked the tray: the owner of the machine is not asked twice. */
    val_put_str(&arguments, "id", val_str(id));
    val_put_str(&arguments, "force", val_bool(true));
    e = qemu_call(vm, "blockdev-open-tray", arguments, NULL);
    if (!e)
        e = call_on(vm, "blockdev-remove-medium", "id", id);
    return e ? e : delete_nodes(vm, device);
}

/* ---- putting in ---- */

static struct err *add_fd(struct qemu_vm *vm, int fd, unsigned *ret_set)
{
    autoval struct val answer = val_void();
    struct err *e = monitor_call_fd(vm->monitor, "add-fd", val_void(), fd,
                                    clock_monotonic_ms() + QEMU_CALL_MS, &answer);

    if (!e)
        *ret_set = (unsigned)qmp_int(&answer, "fdset-id", 0);
    return e;
}

/* The lowest layer first, as each names the one under it. */
static struct err *add_nodes(struct qemu_vm *vm, unsigned device,
                             const struct vm_layer *layers, size_t n_layers)
{
    struct err *e = NULL;

    for (size_t i = n_layers; !e && i-- > 0;) {
        struct qemu_layer_mode mode = {.device = device,
                                       .aio = qemu_host_aio(vm->backend->host)};

        qemu_host_inspect(layers[i].fd, &mode);
        e = add_fd(vm, layers[i].fd, &mode.fdset);
        if (!e)
            e = qemu_call(vm, "blockdev-add", qemu_file_node(&layers[i], &mode), NULL);
        if (!e)
            e = qemu_call(vm, "blockdev-add",
                          qemu_format_node(&layers[i],
                                           i + 1 < n_layers ? &layers[i + 1] : NULL, &mode),
                          NULL);
    }
    return e;
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
    return e ? e : call_on(vm, "blockdev-close-tray", "id", id);
}

struct err *qemu_set_cd(void *arg, unsigned device, const struct vm_layer *layers,
                        size_t n_layers)
{
    struct qemu_vm *vm = arg;
    char id[QEMU_DEVICE_ID_SIZE];
    struct err *e;

    qemu_device_id("cd", device, id);
    e = eject(vm, id, device);
    if (!e && n_layers == 0)
        return call_on(vm, "blockdev-close-tray", "id", id);
    if (!e)
        e = add_nodes(vm, device, layers, n_layers);
    if (!e)
        e = insert(vm, id, device, layers);
    if (e)
        err_ignore(delete_nodes(vm, device), "the disc was not put in, which is told");
    return err_context(e, "changing the disc in drive %u", device);
}
