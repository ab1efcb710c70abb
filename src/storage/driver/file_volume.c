// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/statvfs.h>

#include "base/alloc.h"
#include "base/log.h"
#include "storage/driver.h"
#include "storage/driver/file_private.h"
#include "storage/fault.h"

/* Left for the descriptions and pointers that make a full SR manageable again. */
#define RESERVE (4ull << 20)

static struct err *finish_resize(const struct file_sr *sr, struct file_vdi *vdi);
static struct err *read_leaf(const struct file_sr *sr, const struct file_vdi *vdi,
                             struct file_layer *ret_leaf);
static struct err *mark_written(const struct file_sr *sr, struct file_layer *leaf);
static struct err *check_fresh(const struct file_vdi *vdi, const struct file_layer *leaf);
static struct err *import(const struct file_sr *sr, const struct file_vdi *vdi, int fd,
                          const char *format, struct file_layer *ret_layer);

struct err *file_volume_get(void *state, const struct uuid *uuid, struct vdi *ret_vdi)
{
    const struct file_sr *sr = state;
    autofilevdi vdi = {0};
    struct file_layer leaf;
    struct err *e = file_vdi_read(sr, uuid, &vdi);

    if (!e)
        e = read_leaf(sr, &vdi, &leaf);
    if (e)
        return e;
    file_vdi_describe(sr, &vdi, &leaf, ret_vdi);
    return NULL;
}

struct err *file_volume_create(void *state, const struct volume_request *wanted)
{
    const struct file_sr *sr = state;
    const struct file_vdi vdi = {
        .uuid = wanted->uuid,
        .name_label = (char *)wanted->name_label,
        .name_description = (char *)wanted->name_description,
        .kind = (char *)wanted->kind,
        .virtual_size = wanted->size,
    };
    struct file_vdi pointer = vdi;
    struct file_layer leaf;
    struct err *e = file_vdi_check_new(sr, &wanted->uuid);

    if (!e)
        e = file_check_space(sr, 0);
    /* The memory of a suspended VM is one long stream, written to a plain descriptor. */
    if (!e)
        e = STREQ(wanted->kind, "suspend") ? file_layer_make_raw(sr, wanted->size, &leaf)
                                           : file_layer_make(sr, NULL, wanted->size, &leaf);
    if (e)
        return e;
    pointer.leaf = leaf.id;
    e = file_vdi_write(sr, &pointer);
    if (e)
        file_prune(sr, &leaf, 1);
    crash_point("create.done");
    return e;
}

struct err *file_volume_destroy(void *state, const struct uuid *uuid)
{
    const struct file_sr *sr = state;
    struct file_layer chain[LAYERS_MAX];
    autofilevdi vdi = {0};
    struct err *e = file_marker_check(sr), *damage;
    size_t n = 0;

    if (e)
        return e;
    damage = file_vdi_read(sr, uuid, &vdi);
    if (damage && err_code(damage) == ERR_VDI_MISSING)
        return damage;
    if (!damage)
        damage = file_layer_chain(sr, &vdi.leaf, chain, &n);
    if (damage)
        err_ignore(damage, "a damaged volume can be removed: its layers become orphans");
    e = file_vdi_remove(sr, uuid);
    if (e)
        return e;
    crash_point("destroy.pointer");
    /* Layers with children, or under another pointer, stay. */
    file_prune(sr, chain, n);
    return NULL;
}

struct err *file_volume_resize(void *state, const struct uuid *uuid, uint64_t size)
{
    const struct file_sr *sr = state;
    autofilevdi vdi = {0};
    struct file_layer leaf;
    struct err *e = file_vdi_read(sr, uuid, &vdi);

    if (!e)
        e = read_leaf(sr, &vdi, &leaf);
    if (!e)
        e = file_check_writable(&vdi, &leaf);
    if (e)
        return e;
    if (size < vdi.virtual_size) {
        autofree char *least = xasprintf("%" PRIu64, vdi.virtual_size);

        return err_params(ERR_VDI_TOO_SMALL, uuid->text, least, NULL);
    }
    if (size == vdi.virtual_size && !vdi.resizing_to)
        return NULL;

    e = file_check_space(sr, 0);
    if (!e)
        e = mark_written(sr, &leaf); /* it is not like its parent any more */
    if (e)
        return e;
    vdi.resizing_to = size;
    e = file_vdi_write(sr, &vdi);
    if (e)
        return e;
    crash_point("resize.intent");
    return finish_resize(sr, &vdi);
}

struct err *file_volume_describe(void *state, const struct uuid *uuid,
                                 const char *name_label, const char *name_description)
{
    const struct file_sr *sr = state;
    autofilevdi vdi = {0};
    struct err *e = file_vdi_read(sr, uuid, &vdi);

    if (e)
        return e;
    if (name_label) {
        free(vdi.name_label);
        vdi.name_label = xstrdup(name_label);
    }
    if (name_description) {
        free(vdi.name_description);
        vdi.name_description = xstrdup(name_description);
    }
    return file_vdi_write(sr, &vdi);
}

struct err *file_volume_fill(void *state, const struct uuid *uuid, int fd,
                             const char *format)
{
    const struct file_sr *sr = state;
    struct file_layer before, after;
    autofilevdi vdi = {0};
    struct err *e = file_vdi_read(sr, uuid, &vdi);

    if (!e)
        e = read_leaf(sr, &vdi, &before);
    if (!e)
        e = check_fresh(&vdi, &before);
    if (!e)
        e = import(sr, &vdi, fd, format, &after);
    if (e)
        return e;

    vdi.leaf = after.id;
    e = file_vdi_write(sr, &vdi);
    if (e) {
        file_prune(sr, &after, 1);
        return e;
    }
    crash_point("fill.pointer");
    file_prune(sr, &before, 1);
    return NULL;
}

struct err *file_volume_open(void *state, const struct uuid *uuid, enum open_mode mode,
                             struct layers *ret_layers)
{
    const struct file_sr *sr = state;
    struct file_layer chain[LAYERS_MAX];
    autolayers layers = {.n = 0};
    autofilevdi vdi = {0};
    struct err *e = file_vdi_read(sr, uuid, &vdi);
    size_t n = 0;

    if (!e)
        e = file_layer_chain(sr, &vdi.leaf, chain, &n);
    if (!e && mode == OPEN_RW) {
        e = file_check_writable(&vdi, &chain[0]);
        if (!e)
            e = mark_written(sr, &chain[0]);
    }
    for (size_t i = 0; i < n && !e; i++) {
        struct layer *layer = &layers.at[i];

        *layer = (struct layer){-1, chain[i].id, chain[i].format};
        e = file_layer_open(sr, &chain[i], i == 0 ? mode : OPEN_RO, &layer->fd);
        layers.n = i + 1;
    }
    if (e)
        return e;
    *ret_layers = layers;
    layers.n = 0;
    return NULL;
}

struct err *file_volume_flush(void *state, const struct uuid *uuid)
{
    const struct file_sr *sr = state;
    autofilevdi vdi = {0};
    struct err *e = file_vdi_read(sr, uuid, &vdi);

    if (!e)
        e = file_layer_flush(sr, &vdi.leaf);
    if (!e && vdi.begun.new.text[0])
        e = file_layer_flush(sr, &vdi.begun.before);
    return e;
}

struct uuid *file_volume_unsettled(void *state, size_t *ret_n)
{
    const struct file_sr *sr = state;
    autofiletree tree = {0};
    struct uuid *vdis;
    size_t n = 0;
    struct err *e = file_tree_load(sr, &tree);

    if (e)
        err_ignore(e, "volumes are settled when they are next used");
    vdis = xcalloc(tree.vdis.n + 1, sizeof(vdis[0]));
    for (size_t i = 0; i < tree.vdis.n; i++)
        if (!tree.vdis.at[i].damaged &&
            (tree.vdis.at[i].vdi.resizing_to || tree.vdis.at[i].vdi.begun.new.text[0]))
            vdis[n++] = tree.vdis.at[i].vdi.uuid;
    *ret_n = n;
    return vdis;
}

struct err *file_volume_settle(void *state, const struct uuid *uuid)
{
    const struct file_sr *sr = state;
    autofilevdi vdi = {0};
    struct err *e = file_vdi_read(sr, uuid, &vdi);

    if (e)
        return e;
    if (vdi.begun.new.text[0])
        e = file_snapshot_drop(sr, &vdi);
    if (!e && vdi.resizing_to) {
        log_info(STORAGE, "finishing the growth of VDI %s", uuid->text);
        e = finish_resize(sr, &vdi);
    }
    return e;
}

struct err *file_volume_chain(void *state, const struct uuid *uuid,
                              struct uuid ret_layers[LAYERS_MAX], size_t *ret_n)
{
    const struct file_sr *sr = state;
    struct file_layer chain[LAYERS_MAX];
    autofilevdi vdi = {0};
    struct err *e = file_vdi_read(sr, uuid, &vdi);

    if (!e)
        e = file_layer_chain(sr, &vdi.leaf, chain, ret_n);
    for (size_t i = 0; !e && i < *ret_n; i++)
        ret_layers[i] = chain[i].id;
    return e;
}

struct err *file_check_space(const struct file_sr *sr, uint64_t needed)
{
    struct statvfs st;
    uint64_t available;

    if (fstatvfs(sr->root_fd, &st) < 0)
        return storage_errno(errno, "asking for the space of SR %s", sr->uuid.text);
    available = (uint64_t)st.f_bavail * st.f_frsize;
    needed += RESERVE;
    return available < needed ? storage_full(needed, available) : NULL;
}

struct err *file_check_writable(const struct file_vdi *vdi, const struct file_layer *leaf)
{
    if (vdi->is_a_snapshot || leaf->frozen)
        return err_params(ERR_VDI_READONLY, vdi->uuid.text, NULL);
    return NULL;
}

/* The image, then the pointer. */
static struct err *finish_resize(const struct file_sr *sr, struct file_vdi *vdi)
{
    struct file_layer leaf;
    autoclose int fd = -1;
    struct err *e = read_leaf(sr, vdi, &leaf);

    if (!e)
        e = file_layer_open(sr, &leaf, OPEN_RW, &fd);
    if (!e && image_give(&sr->host->tool, fd) < 0)
        e = storage_failure("giving layer %s to qemu-img", leaf.id.text);
    if (!e)
        e = image_resize(&sr->host->tool, fd, leaf.format, vdi->resizing_to);
    if (e)
        return e;
    crash_point("resize.image");
    vdi->virtual_size = vdi->resizing_to;
    vdi->resizing_to = 0;
    e = file_vdi_write(sr, vdi);
    crash_point("resize.done");
    return e;
}

static struct err *read_leaf(const struct file_sr *sr, const struct file_vdi *vdi,
                             struct file_layer *ret_leaf)
{
    int r = file_layer_follow(sr, &vdi->leaf, ret_leaf);

    if (r < 0)
        return storage_failure("layer %s of VDI %s cannot be read: %s", vdi->leaf.text,
                               vdi->uuid.text, strerrordesc_np(-r));
    return NULL;
}

/* Durable before anybody can write: an unwritten leaf is taken to be like its parent. */
static struct err *mark_written(const struct file_sr *sr, struct file_layer *leaf)
{
    int r;

    if (leaf->written)
        return NULL;
    leaf->written = true;
    r = file_layer_write(sr, leaf);
    if (r < 0)
        return storage_errno(r, "marking layer %s as written", leaf->id.text);
    crash_point("open.written");
    return NULL;
}

static struct err *check_fresh(const struct file_vdi *vdi, const struct file_layer *leaf)
{
    if (!vdi->is_a_snapshot && !leaf->written && !leaf->frozen && !leaf->parent.text[0])
        return NULL;
    return err_params(ERR_OPERATION_NOT_ALLOWED,
                      "Only a disk that was never written to can be filled", NULL);
}

static struct err *import(const struct file_sr *sr, const struct file_vdi *vdi, int fd,
                          const char *format, struct file_layer *ret_layer)
{
    struct image_facts facts;
    autoclose int source = -1;
    struct err *e = image_borrow(&sr->host->tool, fd, sr->layers_fd, &source);

    if (!e)
        e = image_inspect(&sr->host->tool, source, format, &facts);
    if (e)
        return e;
    if (facts.virtual_size > vdi->virtual_size) {
        autofree char *least = xasprintf("%" PRIu64, facts.virtual_size);

        return err_params(ERR_VDI_TOO_SMALL, vdi->uuid.text, least, NULL);
    }
    e = file_check_space(sr, facts.needed);
    if (!e)
        e = file_layer_import(sr, source, format, vdi->virtual_size, vdi->virtual_size,
                              ret_layer);
    return e;
}
