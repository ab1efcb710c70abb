// SPDX-License-Identifier: GPL-2.0-or-later
/* Layers that become one.  A hidden layer matters only through the layer above it, so bytes
 * may be copied down at any time; the description of the upper layer then says where its
 * bytes are, and that one write is the merge. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/log.h"
#include "storage/driver.h"
#include "storage/driver/file_private.h"
#include "storage/fault.h"

static bool is_lower(const struct file_tree_layer *row);
static struct merge *add_run(const struct file_sr *sr, struct file_tree_layer *lowest,
                             struct merge_list *list);
static void add_readers(const struct file_tree *tree, struct merge_list *list);
static void find_readers(const struct file_tree *tree, const struct file_tree_layer *lower,
                         struct merge_step *step);
static struct merge *run_of(struct merge_list *list, const struct uuid *lower);
static struct err *not_mergeable(const struct uuid *lower);
static struct err *open_chain(const struct file_sr *sr, const struct file_tree *tree,
                              struct file_tree_layer *lower, struct merge_step *step);
static struct err *check_run(const struct file_tree *tree, const struct uuid *lower,
                             const struct file_tree_layer *upper);
static struct err *switch_over(const struct file_sr *sr, const struct uuid *lower,
                               const struct file_layer *upper);
static struct err *move_pointers(const struct file_sr *sr, struct file_tree *tree);
static struct err *move_children(const struct file_sr *sr, struct file_tree *tree);
static void remove_merged(const struct file_sr *sr);

struct err *file_merges(void *state, struct merge_list *ret_merges)
{
    const struct file_sr *sr = state;
    automerges list = {0};
    autofiletree tree = {0};
    struct err *e = file_tree_load(sr, &tree);

    if (e)
        return e;
    for (size_t i = 0; i < tree.layers.n && tree.whole; i++) {
        struct file_tree_layer *row = &tree.layers.at[i];
        const struct file_tree_layer *parent = file_tree_follow(&tree, &row->layer.parent);

        if (is_lower(row) && !(parent && is_lower(parent)))
            add_run(sr, row, &list);
    }
    add_readers(&tree, &list);
    *ret_merges = list;
    list = (struct merge_list){0};
    return NULL;
}

struct err *file_merge_open(void *state, const struct uuid *lower,
                            struct merge_step *ret_step)
{
    const struct file_sr *sr = state;
    automergestep step = {.is_empty = true};
    autofiletree tree = {0};
    struct file_tree_layer *row;
    struct err *e = file_merge_move(sr);

    if (!e)
        e = file_tree_load(sr, &tree);
    if (e)
        return e;
    row = file_tree_find(&tree, lower);
    if (!tree.whole || !row || !is_lower(row))
        return not_mergeable(lower);
    e = open_chain(sr, &tree, row, &step);
    if (e)
        return e;
    step.ids[0] = row->child->layer.id;
    step.ids[1] = *lower;
    step.is_empty = !row->child->layer.written;
    step.bytes = step.is_empty ? 0 : file_layer_allocated(sr, &row->child->layer);
    find_readers(&tree, row, &step);
    *ret_step = step;
    step = (struct merge_step){.is_empty = true};
    return NULL;
}

struct err *file_merge_layer_open(void *state, const struct uuid *id, enum open_mode mode,
                                  struct layer *ret_layer)
{
    const struct file_sr *sr = state;
    struct file_layer layer;
    struct err *e;
    int r = file_layer_follow(sr, id, &layer), fd = -1;

    if (r < 0)
        return storage_errno(r, "reading what layer %s is", id->text);
    e = file_layer_open(sr, &layer, mode, &fd);
    if (e)
        return e;
    *ret_layer = (struct layer){fd, layer.id, layer.format};
    return NULL;
}

struct err *file_merge_finish(void *state, const struct uuid *lower,
                              const struct uuid *upper)
{
    const struct file_sr *sr = state;
    autofiletree tree = {0};
    struct file_tree_layer *row;
    struct file_layer layer;
    struct err *e = file_tree_load(sr, &tree);

    if (e)
        return e;
    row = file_tree_find(&tree, upper);
    if (row && row->readable && !row->layer.merged_into.text[0]) {
        layer = row->layer;
        e = check_run(&tree, lower, row);
        if (!e)
            e = switch_over(sr, lower, &layer);
    }
    if (!e)
        e = file_merge_move(sr);
    return err_context(e, "merging layer %s into %s", upper->text, lower->text);
}

struct err *file_merge_move(const struct file_sr *sr)
{
    autofiletree tree = {0};
    bool any = false;
    struct err *e = file_tree_load(sr, &tree);

    for (size_t i = 0; !e && i < tree.layers.n; i++)
        any = any || tree.layers.at[i].layer.merged_into.text[0];
    if (e || !any)
        return e;
    e = move_children(sr, &tree);
    if (!e)
        e = move_pointers(sr, &tree);
    if (e)
        return e;
    crash_point("merge.moved");
    remove_merged(sr);
    crash_point("merge.removed");
    return NULL;
}

/* Hidden, and one other layer is over it. */
static bool is_lower(const struct file_tree_layer *row)
{
    return row->readable && row->has_image && row->referenced && row->n_pointers == 0 &&
           row->n_children == 1 && !row->layer.merged_into.text[0] &&
           row->child->referenced && row->child->has_image;
}

static struct merge *add_run(const struct file_sr *sr, struct file_tree_layer *lowest,
                             struct merge_list *list)
{
    struct merge *merge = VEC_PUSH(list);
    struct file_tree_layer *row = lowest;

    *merge = (struct merge){.layers = xcalloc(LAYERS_MAX, sizeof(merge->layers[0]))};
    for (;;) {
        merge->layers[merge->n_layers++] = row->layer.id;
        if (row != lowest)
            merge->bytes += file_layer_allocated(sr, &row->layer);
        if (!is_lower(row) || merge->n_layers == LAYERS_MAX)
            return merge;
        row = row->child;
    }
}

static void add_readers(const struct file_tree *tree, struct merge_list *list)
{
    for (size_t i = 0; i < tree->vdis.n; i++) {
        const struct file_tree_vdi *vdi = &tree->vdis.at[i];
        const struct file_tree_layer *row = file_tree_follow(tree, &vdi->vdi.leaf);

        for (; row; row = file_tree_follow(tree, &row->layer.parent)) {
            struct merge *merge = run_of(list, &row->layer.id);

            if (!merge)
                continue;
            merge->vdis =
                xreallocarray(merge->vdis, merge->n_vdis + 1, sizeof(merge->vdis[0]));
            merge->vdis[merge->n_vdis++] = vdi->vdi.uuid;
            if (vdi->depth > merge->depth)
                merge->depth = vdi->depth;
        }
    }
}

static void find_readers(const struct file_tree *tree, const struct file_tree_layer *lower,
                         struct merge_step *step)
{
    step->vdis = xcalloc(tree->vdis.n, sizeof(step->vdis[0]));
    for (size_t i = 0; i < tree->vdis.n; i++) {
        const struct file_vdi *vdi = &tree->vdis.at[i].vdi;
        const struct file_tree_layer *row = file_tree_follow(tree, &vdi->leaf);

        while (row && row != lower)
            row = file_tree_follow(tree, &row->layer.parent);
        if (!row)
            continue;
        step->vdis[step->n_vdis++] = vdi->uuid;
        if (vdi->virtual_size > step->virtual_size)
            step->virtual_size = vdi->virtual_size;
    }
}

static struct merge *run_of(struct merge_list *list, const struct uuid *lower)
{
    for (size_t i = 0; i < list->n; i++)
        if (STREQ(merge_lower(&list->at[i])->text, lower->text))
            return &list->at[i];
    return NULL;
}

static struct err *not_mergeable(const struct uuid *lower)
{
    return err_context(err_params(ERR_OPERATION_NOT_ALLOWED,
                                  "The layer is in use by more than one other, or by none",
                                  NULL),
                       "merging into layer %s", lower->text);
}

/* Over 'lower', it, and all that is below. */
static struct err *open_chain(const struct file_sr *sr, const struct file_tree *tree,
                              struct file_tree_layer *lower, struct merge_step *step)
{
    struct file_tree_layer *row = lower->child;
    struct err *e = NULL;

    for (; row && !e; row = file_tree_follow(tree, &row->layer.parent)) {
        struct layer *layer = &step->layers.at[step->layers.n];

        if (step->layers.n == LAYERS_MAX)
            return not_mergeable(&lower->layer.id);
        *layer = (struct layer){-1, row->layer.id, row->layer.format};
        e = file_layer_open(sr, &row->layer, row == lower ? OPEN_RW : OPEN_RO, &layer->fd);
        step->layers.n++;
        /* One that was copied here by hand is not the child's yet. */
        if (!e && image_give(&sr->host->tool, layer->fd) < 0)
            e = storage_failure("giving layer %s to qemu-img", row->layer.id.text);
    }
    return e;
}

/* From 'upper' down to 'lower' nothing else is needed by anybody. */
static struct err *check_run(const struct file_tree *tree, const struct uuid *lower,
                             const struct file_tree_layer *upper)
{
    const struct file_tree_layer *row = upper;

    for (size_t n = 0; n < LAYERS_MAX && tree->whole; n++) {
        row = file_tree_follow(tree, &row->layer.parent);
        if (!row || !row->readable || row->n_pointers || row->n_children != 1)
            break;
        if (STREQ(row->layer.id.text, lower->text))
            return NULL;
    }
    return not_mergeable(lower);
}

static struct err *switch_over(const struct file_sr *sr, const struct uuid *lower,
                               const struct file_layer *upper)
{
    struct file_layer layer, merged = *upper;
    autoclose int fd = -1;
    struct err *e;
    int r = file_layer_read(sr, lower, &layer);

    if (r < 0)
        return storage_errno(r, "reading what layer %s is", lower->text);
    e = file_layer_open(sr, &layer, OPEN_RO, &fd);
    if (e)
        return e;
    if (fsync(fd) < 0)
        return storage_errno(errno, "flushing layer %s", lower->text);
    crash_point("merge.copied");
    layer.written = true;
    layer.frozen = upper->frozen;
    r = file_layer_write(sr, &layer);
    if (r < 0)
        return storage_errno(r, "describing layer %s", lower->text);
    crash_point("merge.flags");
    merged.merged_into = *lower;
    r = file_layer_write(sr, &merged);
    if (r < 0)
        return storage_errno(r, "describing layer %s", upper->id.text);
    crash_point("merge.switched");
    return NULL;
}

/* Volumes whose leaf was merged. */
static struct err *move_pointers(const struct file_sr *sr, struct file_tree *tree)
{
    for (size_t i = 0; i < tree->vdis.n; i++) {
        struct file_tree_vdi *row = &tree->vdis.at[i];
        const struct file_tree_layer *leaf;
        struct err *e;

        if (row->damaged)
            continue;
        leaf = file_tree_follow(tree, &row->vdi.leaf);
        if (STREQ(leaf->layer.id.text, row->vdi.leaf.text))
            continue;
        row->vdi.leaf = leaf->layer.id;
        e = file_vdi_write(sr, &row->vdi);
        if (e)
            return e;
        crash_point("merge.pointer");
    }
    return NULL;
}

/* Layers whose parent was merged. */
static struct err *move_children(const struct file_sr *sr, struct file_tree *tree)
{
    for (size_t i = 0; i < tree->layers.n; i++) {
        struct file_layer *layer = &tree->layers.at[i].layer;
        const struct file_tree_layer *parent;
        int r;

        if (!tree->layers.at[i].readable || layer->merged_into.text[0])
            continue;
        parent = file_tree_follow(tree, &layer->parent);
        if (!parent || STREQ(parent->layer.id.text, layer->parent.text))
            continue;
        layer->parent = parent->layer.id;
        r = file_layer_write(sr, layer);
        if (r < 0)
            return storage_errno(r, "describing layer %s", layer->id.text);
        crash_point("merge.child");
    }
    return NULL;
}

/* Nothing names them any more; and what was between them is needed by nobody. */
static void remove_merged(const struct file_sr *sr)
{
    autofiletree tree = {0};
    VEC(struct file_layer) merged = VEC_INIT;
    struct err *e = file_tree_load(sr, &tree);

    if (e) {
        err_ignore(e, "merged layers are removed when the SR is next attached");
        return;
    }
    for (size_t i = 0; i < tree.layers.n; i++) {
        struct file_tree_layer *row = &tree.layers.at[i];

        if (!row->readable || !row->layer.merged_into.text[0] || row->referenced)
            continue;
        /* Down to the layer that took them in. */
        for (size_t n = 0; row && n < LAYERS_MAX && row->readable && !row->referenced;
             n++) {
            *VEC_PUSH(&merged) = row->layer;
            row = file_tree_find(&tree, &row->layer.parent);
        }
    }
    file_prune(sr, merged.at, merged.n);
    VEC_FINI(&merged);
}
