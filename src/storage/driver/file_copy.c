// SPDX-License-Identifier: GPL-2.0-or-later
/* Snapshots, clones, reverts: volumes that share layers.
 *
 * The order of steps is what makes them safe to cut off anywhere.  A volume first moves to
 * a fresh overlay, so that its old leaf is nobody's to write; only then is that leaf frozen
 * and pointed to by another volume.  Before the move an overlay is an orphan, after it the
 * volume reads the same bytes one layer deeper: both are as if nothing had been asked. */
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "storage/driver.h"
#include "storage/driver/file_private.h"
#include "storage/fault.h"

static struct err *begin(const struct file_sr *sr, const struct uuid *uuid,
                         const struct uuid *new, struct file_vdi *ret_vdi,
                         struct file_layer ret_chain[LAYERS_MAX], size_t *ret_n);
static struct err *share_leaf(const struct file_sr *sr, struct file_vdi *vdi,
                              const struct file_layer *chain, struct uuid *ret_base);
static struct file_vdi copy_of(const struct file_vdi *vdi,
                               const struct volume_request *wanted);
static struct err *point(const struct file_sr *sr, const struct file_vdi *vdi,
                         const struct uuid *leaf);

struct err *file_volume_snapshot(void *state, const struct uuid *uuid,
                                 const struct volume_request *wanted)
{
    const struct file_sr *sr = state;
    struct file_layer chain[LAYERS_MAX];
    autofilevdi vdi = {0};
    struct file_vdi copy;
    struct uuid base;
    size_t n = 0;
    struct err *e = begin(sr, uuid, &wanted->uuid, &vdi, chain, &n);

    if (!e)
        e = share_leaf(sr, &vdi, chain, &base);
    if (e)
        return e;
    copy = copy_of(&vdi, wanted);
    copy.is_a_snapshot = true;
    copy.snapshot_of = *uuid;
    copy.snapshot_time = clock_wall_seconds();
    e = point(sr, &copy, &base);
    crash_point("snapshot.done");
    return e;
}

struct err *file_volume_clone(void *state, const struct uuid *uuid,
                              const struct volume_request *wanted)
{
    const struct file_sr *sr = state;
    struct file_layer chain[LAYERS_MAX], leaf;
    autofilevdi vdi = {0};
    struct file_vdi copy;
    struct uuid base;
    bool done = false;
    size_t n = 0;
    struct err *e = begin(sr, uuid, &wanted->uuid, &vdi, chain, &n);

    if (!e)
        e = file_layer_reflink(sr, &chain[0], &done, &leaf);
    if (!e && !done) {
        e = share_leaf(sr, &vdi, chain, &base);
        if (!e)
            e = file_layer_make(sr, &base, vdi.virtual_size, &leaf);
    }
    if (e)
        return e;
    copy = copy_of(&vdi, wanted);
    e = point(sr, &copy, &leaf.id);
    if (e)
        file_prune(sr, &leaf, 1);
    crash_point("clone.done");
    return e;
}

struct err *file_volume_revert(void *state, const struct uuid *uuid,
                               const struct uuid *snapshot)
{
    const struct file_sr *sr = state;
    struct file_layer chain[LAYERS_MAX], before[LAYERS_MAX], leaf;
    autofilevdi vdi = {0}, from = {0};
    size_t n = 0, n_before = 0;
    struct err *e = begin(sr, snapshot, NULL, &from, chain, &n);

    if (!e && !from.is_a_snapshot)
        e = err_params(ERR_OPERATION_NOT_ALLOWED, "Only a snapshot can be reverted to",
                       NULL);
    if (!e)
        e = file_vdi_read(sr, uuid, &vdi);
    if (!e && vdi.is_a_snapshot)
        e = err_params(ERR_VDI_READONLY, uuid->text, NULL);
    if (!e)
        e = file_layer_chain(sr, &vdi.leaf, before, &n_before);
    if (!e)
        e = file_layer_freeze(sr, &chain[0].id);
    if (!e)
        e = file_layer_make(sr, &chain[0].id, from.virtual_size, &leaf);
    if (e)
        return e;

    vdi.virtual_size = from.virtual_size;
    vdi.resizing_to = 0;
    e = point(sr, &vdi, &leaf.id);
    if (e) {
        file_prune(sr, &leaf, 1);
        return e;
    }
    crash_point("revert.moved");
    file_prune(sr, before, n_before);
    return NULL;
}

/* Reads the volume to copy; 'new' must not be there yet; room for one more layer. */
static struct err *begin(const struct file_sr *sr, const struct uuid *uuid,
                         const struct uuid *new, struct file_vdi *ret_vdi,
                         struct file_layer ret_chain[LAYERS_MAX], size_t *ret_n)
{
    struct err *e = file_vdi_read(sr, uuid, ret_vdi);

    if (!e && new)
        e = file_vdi_check_new(sr, new);
    if (!e)
        e = file_layer_chain(sr, &ret_vdi->leaf, ret_chain, ret_n);
    if (!e && *ret_n == LAYERS_MAX)
        e = err_params(ERR_OPERATION_NOT_ALLOWED,
                       "The disk's chain of snapshots is as deep as it may be", NULL);
    if (!e)
        e = file_check_space(sr, 0);
    return e;
}

/* Finds the layer that others may share for the bytes 'vdi' has now: its parent when the
 * leaf was never written, a leaf frozen before, or the leaf after the volume moved off it.
 */
static struct err *share_leaf(const struct file_sr *sr, struct file_vdi *vdi,
                              const struct file_layer *chain, struct uuid *ret_base)
{
    struct uuid base = chain[0].id;
    struct file_layer overlay;
    struct err *e;

    if (vdi->is_a_snapshot || chain[0].frozen) {
        /* nobody writes there */
    } else if (!chain[0].written && chain[0].parent.text[0]) {
        base = chain[1].id;
    } else {
        e = file_layer_make(sr, &base, vdi->virtual_size, &overlay);
        if (e)
            return e;
        e = point(sr, vdi, &overlay.id);
        if (e) {
            file_prune(sr, &overlay, 1);
            return e;
        }
        crash_point("share.moved");
    }
    e = file_layer_freeze(sr, &base);
    if (e)
        return e;
    crash_point("share.frozen");
    *ret_base = base;
    return NULL;
}

/* Texts are borrowed from both. */
static struct file_vdi copy_of(const struct file_vdi *vdi,
                               const struct volume_request *wanted)
{
    return (struct file_vdi){
        .uuid = wanted->uuid,
        .name_label = (char *)wanted->name_label,
        .name_description = (char *)wanted->name_description,
        .kind = vdi->kind,
        .virtual_size = vdi->virtual_size,
    };
}

static struct err *point(const struct file_sr *sr, const struct file_vdi *vdi,
                         const struct uuid *leaf)
{
    struct file_vdi pointer = *vdi;

    pointer.leaf = *leaf;
    return file_vdi_write(sr, &pointer);
}
