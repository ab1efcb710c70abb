// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/backend/qemu/chain.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/vec.h"
#include "vm/backend/qemu/argv.h"
#include "vm/backend/qemu/blocks.h"

#define MAX_STEPS 4096 /* of a chain, filters included */

/* ---- the chain ---- */

/* QEMU's graph of nodes.  x-debug-query-block-graph is its one answer that is flat: the
 * others nest a layer in a layer, hundreds deep. */
static struct err *graph_read(struct qemu_vm *vm, struct val *ret_graph)
{
    return qemu_call(vm, "x-debug-query-block-graph", val_void(), ret_graph);
}

static const struct val *node_by_id(const struct val *graph, int64_t id)
{
    const struct val *nodes = qmp_get(graph, "nodes");

    for (size_t i = 0; i < qmp_count(nodes); i++)
        if (qmp_int(val_at(nodes, i), "id", -1) == id)
            return val_at(nodes, i);
    return NULL;
}

/* The node behind the edge 'name' of 'parent', or NULL. */
static const struct val *child_of(const struct val *graph, const struct val *parent,
                                  const char *name)
{
    const struct val *edges = qmp_get(graph, "edges");
    int64_t id = qmp_int(parent, "id", -1);

    for (size_t i = 0; i < qmp_count(edges); i++) {
        const struct val *edge = val_at(edges, i);

        if (qmp_int(edge, "parent", -1) == id && STREQ(qmp_text(edge, "name", ""), name))
            return node_by_id(graph, qmp_int(edge, "child", -1));
    }
    return NULL;
}

static bool has_text(const struct val *list, const char *text)
{
    for (size_t i = 0; i < qmp_count(list); i++)
        if (val_at(list, i)->kind == VAL_STR && STREQ(val_text(val_at(list, i)), text))
            return true;
    return false;
}

/* An image format that may write holds the right to do so on its file. */
static bool is_writable(const struct val *graph, const struct val *node)
{
    const struct val *edges = qmp_get(graph, "edges");

    for (size_t i = 0; i < qmp_count(edges); i++)
        if (qmp_int(val_at(edges, i), "parent", -1) == qmp_int(node, "id", -2) &&
            STREQ(qmp_text(val_at(edges, i), "name", ""), "file"))
            return has_text(qmp_get(val_at(edges, i), "perm"), "write");
    return false;
}

/* What the device with that id reads from. */
static const struct val *find_root(const struct val *graph, const char *device_id)
{
    const struct val *nodes = qmp_get(graph, "nodes");

    for (size_t i = 0; i < qmp_count(nodes); i++) {
        const struct val *node = val_at(nodes, i);

        if (STREQ(qmp_text(node, "type", ""), "block-backend") &&
            STREQ(qmp_text(node, "name", ""), device_id))
            return child_of(graph, node, "root");
    }
    return NULL;
}

static struct err *no_disk(const struct qemu_vm *vm, unsigned device)
{
    return err_paramf(
        err_new(ERR_INVALID_DEVICE, "VM %s has no disk %u", vm->id->uuid, device), "%u",
        device);
}

struct err *qemu_chain_read(struct qemu_vm *vm, unsigned device,
                            struct qemu_chain *ret_chain)
{
    autoval struct val graph = val_void();
    VEC(struct qemu_link) links = VEC_INIT;
    char device_id[QEMU_DEVICE_ID_SIZE];
    const struct val *node;
    struct err *e = graph_read(vm, &graph);

    if (e)
        return e;
    qemu_device_id("disk", device, device_id);
    node = find_root(&graph, device_id);
    for (size_t i = 0; node && i < MAX_STEPS; i++) {
        struct qemu_link link = {0};
        const struct val *below = child_of(&graph, node, "backing");
        bool is_ours;

        snprintf(link.node, sizeof(link.node), "%s", qmp_text(node, "name", ""));
        is_ours = qemu_node_parse(link.node, 'l', device, &link.id);
        link.is_writable = is_writable(&graph, node);
        if (is_ours)
            *VEC_PUSH(&links) = link;
        node = below || is_ours ? below : child_of(&graph, node, "file"); /* a filter */
    }
    ret_chain->at = links.at;
    ret_chain->n = links.n;
    return links.n ? NULL : no_disk(vm, device);
}

void qemu_chain_fini(struct qemu_chain *chain)
{
    free(chain->at);
    *chain = (struct qemu_chain){0};
}

size_t qemu_chain_find(const struct qemu_chain *chain, const char *layer_id)
{
    size_t i = 0;

    while (i < chain->n && !STREQ(chain->at[i].id.text, layer_id))
        i++;
    return i;
}

/* ---- descriptors ---- */

/* The set of a layer's descriptors, 0 for none.  QEMU keeps the name each was given with.
 */
static unsigned find_set(const struct val *sets, const char *name)
{
    for (size_t i = 0; i < qmp_count(sets); i++) {
        const struct val *set = val_at(sets, i), *fds = qmp_get(set, "fds");

        for (size_t k = 0; k < qmp_count(fds); k++)
            if (STREQ(qmp_text(val_at(fds, k), "opaque", ""), name))
                return (unsigned)qmp_int(set, "fdset-id", 0);
    }
    return 0;
}

bool qemu_fd_is_given(const struct val *sets, unsigned device, const char *layer_id,
                      enum qemu_fd_use use)
{
    char name[QEMU_NODE_NAME_SIZE];

    qemu_node_name((char)use, device, layer_id, name);
    return find_set(sets, name) != 0;
}

static struct err *query_sets(struct qemu_vm *vm, struct val *ret_sets)
{
    return qemu_call(vm, "query-fdsets", val_void(), ret_sets);
}

static struct err *remove_fd(struct qemu_vm *vm, unsigned set, int64_t fd)
{
    struct val arguments = val_map(2);

    val_put_str(&arguments, "fdset-id", val_int(set));
    if (fd >= 0)
        val_put_str(&arguments, "fd", val_int(fd));
    return qemu_call(vm, "remove-fd", arguments, NULL);
}

struct err *qemu_fd_add(struct qemu_vm *vm, unsigned device, const struct vm_layer *layer,
                        enum qemu_fd_use use, unsigned *ret_set)
{
    autoval struct val sets = val_void(), answer = val_void();
    char name[QEMU_NODE_NAME_SIZE], of_layer[QEMU_NODE_NAME_SIZE];
    struct val arguments;
    struct err *e = query_sets(vm, &sets);
    unsigned set;

    if (e)
        return e;
    qemu_node_name((char)use, device, layer->id, name);
    qemu_node_name(QEMU_FD_LAYER, device, layer->id, of_layer);
    set = find_set(&sets, of_layer);
    if (find_set(&sets, name)) { /* of an attempt that was cut off */
        *ret_set = set;
        return NULL;
    }
    arguments = val_map(2);
    val_put_str(&arguments, "opaque", val_str(name));
    if (set)
        val_put_str(&arguments, "fdset-id", val_int(set));
    e = monitor_call_fd(vm->monitor, "add-fd", arguments, layer->fd,
                        clock_monotonic_ms() + QEMU_CALL_MS, &answer);
    if (!e)
        *ret_set = (unsigned)qmp_int(&answer, "fdset-id", 0);
    return e;
}

/* Of 'device', or of any when that is NULL. */
static bool is_for_commit(const char *name, const unsigned *device)
{
    struct uuid id;

    return device ? qemu_node_parse(name, QEMU_FD_COMMIT, *device, &id)
                  : name[0] == QEMU_FD_COMMIT && name[1] >= '0' && name[1] <= '9';
}

static struct err *remove_commit(struct qemu_vm *vm, const unsigned *device)
{
    autoval struct val sets = val_void();
    struct err *e = query_sets(vm, &sets);

    for (size_t i = 0; !e && i < qmp_count(&sets); i++) {
        const struct val *set = val_at(&sets, i), *fds = qmp_get(set, "fds");

        for (size_t k = 0; !e && k < qmp_count(fds); k++) {
            const struct val *fd = val_at(fds, k);

            if (is_for_commit(qmp_text(fd, "opaque", ""), device))
                e = remove_fd(vm, (unsigned)qmp_int(set, "fdset-id", 0),
                              qmp_int(fd, "fd", -1));
        }
    }
    return e;
}

struct err *qemu_fd_remove_commit(struct qemu_vm *vm, unsigned device)
{
    return remove_commit(vm, &device);
}

struct err *qemu_fd_remove_commits(struct qemu_vm *vm)
{
    return remove_commit(vm, NULL);
}

/* False: something stands on it. */
static bool forget(struct qemu_vm *vm, unsigned device, const char *layer_id)
{
    autoval struct val sets = val_void();
    char format[QEMU_NODE_NAME_SIZE], file[QEMU_NODE_NAME_SIZE];
    struct err *e;
    unsigned set;

    qemu_node_name('l', device, layer_id, format);
    qemu_node_name('f', device, layer_id, file);
    err_ignore(qemu_call_on(vm, "blockdev-del", "node-name", format), "there may be none");
    e = qemu_call_on(vm, "blockdev-del", "node-name", file);
    if (!e)
        e = query_sets(vm, &sets);
    set = e ? 0 : find_set(&sets, format);
    if (set)
        e = remove_fd(vm, set, -1);
    if (!e)
        return true;
    err_ignore(e, "there is none, or it is in use");
    return false;
}

void qemu_layer_forget(struct qemu_vm *vm, unsigned device, const char *layer_id)
{
    (void)forget(vm, device, layer_id);
}

/* The layer one of the descriptors of 'set' was given for. */
static bool layer_of_set(const struct val *set, unsigned device, struct uuid *ret_layer)
{
    const struct val *fds = qmp_get(set, "fds");

    for (size_t i = 0; i < qmp_count(fds); i++)
        if (qemu_node_parse(qmp_text(val_at(fds, i), "opaque", ""), QEMU_FD_LAYER, device,
                            ret_layer))
            return true;
    return false;
}

struct err *qemu_layers_forget(struct qemu_vm *vm, unsigned device,
                               const struct qemu_chain *chain)
{
    VEC(struct uuid) unused = VEC_INIT;
    autoval struct val sets = val_void();
    struct err *e = query_sets(vm, &sets);
    struct uuid id;

    for (size_t i = 0; !e && i < qmp_count(&sets); i++)
        if (layer_of_set(val_at(&sets, i), device, &id) &&
            qemu_chain_find(chain, id.text) == chain->n)
            *VEC_PUSH(&unused) = id;
    /* Each stands on the next: the upper ones first, whichever order they came in. */
    for (size_t round = 0; round < unused.n; round++)
        for (size_t i = 0; i < unused.n; i++)
            if (unused.at[i].text[0] && forget(vm, device, unused.at[i].text))
                unused.at[i].text[0] = '\0';
    VEC_FINI(&unused);
    return e;
}
