// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "storage/driver/file_private.h"
#include "storage/fault.h"

#define TRIES 3

typedef struct err *(*entry_fn)(const struct file_sr *sr, struct file_tree *tree,
                                const char *name);

static struct err *load_once(const struct file_sr *sr, struct file_tree *tree);
static struct err *walk(const struct file_sr *sr, struct file_tree *tree, int dir_fd,
                        entry_fn add);
static struct err *add_vdi(const struct file_sr *sr, struct file_tree *tree,
                           const char *name);
static struct err *add_layer(const struct file_sr *sr, struct file_tree *tree,
                             const char *name);
static void read_descriptions(const struct file_sr *sr, struct file_tree *tree);
static void count_children(struct file_tree *tree);
static void follow(struct file_tree *tree, struct file_tree_vdi *vdi);
static bool split_name(const char *name, struct uuid *ret_uuid, const char **ret_suffix);

void file_tree_fini(struct file_tree *tree)
{
    for (size_t i = 0; i < tree->vdis.n; i++) {
        file_vdi_fini(&tree->vdis.at[i].vdi);
        free(tree->vdis.at[i].damaged);
    }
    VEC_FINI(&tree->vdis);
    VEC_FINI(&tree->layers);
    map_fini(&tree->by_id);
    *tree = (struct file_tree){0};
}

struct err *file_tree_load(const struct file_sr *sr, struct file_tree *ret_tree)
{
    autofiletree tree = {0};
    struct err *e = file_marker_check(sr);

    /* A volume filled meanwhile moves to another layer: then look again. */
    for (int i = 0; i < TRIES && !e && !tree.whole; i++) {
        file_tree_fini(&tree);
        e = load_once(sr, &tree);
    }
    if (e)
        return e;
    *ret_tree = tree;
    tree = (struct file_tree){0};
    return NULL;
}

struct file_tree_layer *file_tree_find(const struct file_tree *tree, const struct uuid *id)
{
    return map_get(&tree->by_id, id->text);
}

struct file_tree_layer *file_tree_follow(const struct file_tree *tree,
                                         const struct uuid *id)
{
    struct file_tree_layer *row = file_tree_find(tree, id);

    for (size_t n = 0; row && row->readable && row->layer.merged_into.text[0]; n++)
        row = n < LAYERS_MAX ? file_tree_find(tree, &row->layer.merged_into) : NULL;
    return row;
}

static struct err *load_once(const struct file_sr *sr, struct file_tree *tree)
{
    struct err *e;

    /* Pointers first: the layers they name are there before them. */
    tree->whole = true;
    e = walk(sr, tree, sr->vdis_fd, add_vdi);
    if (!e)
        e = walk(sr, tree, sr->layers_fd, add_layer);
    if (e)
        return e;
    read_descriptions(sr, tree);
    count_children(tree);
    for (size_t i = 0; i < tree->vdis.n; i++) {
        if (!tree->vdis.at[i].damaged)
            follow(tree, &tree->vdis.at[i]);
        if (tree->vdis.at[i].damaged)
            tree->whole = false;
    }
    return NULL;
}

static struct err *walk(const struct file_sr *sr, struct file_tree *tree, int dir_fd,
                        entry_fn add)
{
    int fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *entry;
    struct err *e = NULL;

    if (!dir) {
        e = storage_errno(errno, "reading SR %s", sr->uuid.text);
        cleanup_close(&fd);
        return e;
    }
    errno = 0;
    while (!e && (entry = readdir(dir))) {
        e = add(sr, tree, entry->d_name);
        errno = 0;
    }
    if (!e && errno)
        e = storage_errno(errno, "reading SR %s", sr->uuid.text);
    closedir(dir);
    return e;
}

static struct err *add_vdi(const struct file_sr *sr, struct file_tree *tree,
                           const char *name)
{
    struct file_tree_vdi row = {0};
    struct uuid uuid;
    const char *suffix;
    struct err *e;

    if (!split_name(name, &uuid, &suffix) || !STREQ(suffix, "json"))
        return NULL;
    e = file_vdi_read(sr, &uuid, &row.vdi);
    if (e && err_code(e) == ERR_VDI_MISSING) {
        err_free(e); /* removed since the directory was read */
        return NULL;
    }
    if (e) {
        row.vdi.uuid = uuid;
        row.damaged = xstrdup(err_sentence(e));
        err_free(e);
    }
    *VEC_PUSH(&tree->vdis) = row;
    return NULL;
}

static struct err *add_layer(const struct file_sr *sr, struct file_tree *tree,
                             const char *name)
{
    struct file_tree_layer *row;
    const char *suffix;
    struct uuid id;
    struct stat st;
    size_t at;

    if (!split_name(name, &id, &suffix) ||
        !(STREQ(suffix, "json") || STREQ(suffix, "qcow2") || STREQ(suffix, "raw")))
        return NULL;
    if (fstatat(sr->layers_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
        return errno == ENOENT ? NULL : storage_errno(errno, "looking at layer %s", name);

    /* The map holds index + 1 until the vector has stopped moving. */
    at = (size_t)(uintptr_t)map_get(&tree->by_id, id.text);
    if (!at) {
        *VEC_PUSH(&tree->layers) = (struct file_tree_layer){.layer.id = id, .old = true};
        at = tree->layers.n;
        map_put(&tree->by_id, id.text, (void *)(uintptr_t)at);
    }
    row = &tree->layers.at[at - 1];
    if (STREQ(suffix, "json"))
        row->has_description = true;
    else
        row->has_image = true;
    if ((int64_t)st.st_mtim.tv_sec * 1000000 + st.st_mtim.tv_nsec / 1000 >=
        sr->host->started_us)
        row->old = false;
    return NULL;
}

static void read_descriptions(const struct file_sr *sr, struct file_tree *tree)
{
    for (size_t i = 0; i < tree->layers.n; i++) {
        struct file_tree_layer *row = &tree->layers.at[i];
        struct uuid id = row->layer.id;

        map_put(&tree->by_id, id.text, row);
        if (!row->has_description)
            continue;
        switch (file_layer_read(sr, &id, &row->layer)) {
        case 0:
            row->readable = true;
            break;
        case -ENOENT: /* removed since the directory was read */
            row->has_description = false;
            break;
        default:
            tree->whole = false;
        }
    }
}

static void count_children(struct file_tree *tree)
{
    for (size_t i = 0; i < tree->layers.n; i++) {
        struct file_tree_layer *row = &tree->layers.at[i], *parent;

        if (!row->readable || row->layer.merged_into.text[0])
            continue;
        parent = file_tree_follow(tree, &row->layer.parent);
        if (!parent)
            continue;
        parent->n_children++;
        parent->child = row;
    }
}

/* Marks what is gone through on the way to the layer meant by 'id'. */
static struct file_tree_layer *step(struct file_tree *tree, const struct uuid *id)
{
    struct file_tree_layer *row = file_tree_find(tree, id);
    struct file_tree_layer *end = file_tree_follow(tree, id);

    while (end && row != end) {
        row->referenced = true;
        row = file_tree_find(tree, &row->layer.merged_into);
    }
    return end;
}

/* Nor is the layer below a begun snapshot nobody's: it may be written to, or pointed to. */
static void count_begun(struct file_tree *tree, const struct file_vdi *vdi)
{
    struct file_tree_layer *before =
        vdi->begun.new.text[0] ? step(tree, &vdi->begun.before) : NULL;

    if (before)
        before->n_pointers++;
}

/* Marks what the volume needs, or says why it is damaged. */
static void follow(struct file_tree *tree, struct file_tree_vdi *vdi)
{
    struct file_tree_layer *row = NULL;
    struct uuid id = vdi->vdi.leaf;

    for (vdi->depth = 0; id.text[0]; vdi->depth++) {
        struct file_tree_layer *child = row;

        row = step(tree, &id);
        if (vdi->depth == LAYERS_MAX || !row || !row->readable || !row->has_image) {
            vdi->damaged =
                xasprintf(vdi->depth == LAYERS_MAX ? "its chain has no end at layer %s"
                                                   : "layer %s is missing",
                          id.text);
            return;
        }
        row->referenced = true;
        if (child) {
            row->has_children = true;
        } else {
            row->n_pointers++;
            row->n_owners += !vdi->vdi.is_a_snapshot;
        }
        id = row->layer.parent;
    }
    count_begun(tree, &vdi->vdi);
}

/* "<uuid>.<suffix>" */
static bool split_name(const char *name, struct uuid *ret_uuid, const char **ret_suffix)
{
    char text[UUID_LEN + 1] = "";

    if (strnlen(name, UUID_LEN + 1) <= UUID_LEN || name[UUID_LEN] != '.')
        return false;
    memcpy(text, name, UUID_LEN);
    if (!uuid_is_valid(text))
        return false;
    *ret_uuid = uuid_lower(text);
    *ret_suffix = name + UUID_LEN + 1;
    return STREQ(ret_uuid->text, text); /* lower case only, as we write it */
}
