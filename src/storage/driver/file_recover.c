// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/str.h"
#include "storage/driver/file_private.h"

static void remove_orphans(const struct file_sr *sr, const struct file_tree *tree);
static void sweep_temporaries(const struct file_sr *sr, int dir_fd);
static void log_failure(struct err *e, const char *what, const char *uuid);

void file_prune(const struct file_sr *sr, const struct file_layer *layers, size_t n)
{
    autofiletree tree = {0};
    struct err *e = file_tree_load(sr, &tree);

    if (e) {
        log_failure(e, "layers stay that may be unused", sr->uuid.text);
        return;
    }
    if (!tree.whole) {
        log_warn(STORAGE, "SR %s has damaged volumes: unused layers stay", sr->uuid.text);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        const struct file_tree_layer *row = file_tree_find(&tree, &layers[i].id);

        if (row && !row->referenced)
            file_layer_remove(sr, &layers[i].id);
    }
}

void file_recover(const struct file_sr *sr)
{
    autofiletree tree = {0};
    struct err *e;

    sweep_temporaries(sr, sr->root_fd);
    sweep_temporaries(sr, sr->layers_fd);
    sweep_temporaries(sr, sr->vdis_fd);
    e = file_merge_move(sr);
    if (e)
        log_failure(e, "merged layers stay", sr->uuid.text);
    e = file_tree_load(sr, &tree);
    if (e) {
        log_failure(e, "nothing is recovered", sr->uuid.text);
        return;
    }
    file_freeze_shared(sr, &tree);
    if (tree.whole)
        remove_orphans(sr, &tree);
    else
        log_warn(STORAGE, "SR %s has damaged volumes: nothing is removed", sr->uuid.text);
}

void file_freeze_shared(const struct file_sr *sr, struct file_tree *tree)
{
    for (size_t i = 0; i < tree->layers.n; i++) {
        struct file_tree_layer *row = &tree->layers.at[i];
        struct err *e;

        if (row->layer.frozen || row->n_owners + row->has_children < 2)
            continue;
        log_warn(STORAGE, "layer %s of SR %s is shared and was writable: frozen",
                 row->layer.id.text, sr->uuid.text);
        e = file_layer_freeze(sr, &row->layer.id);
        if (e)
            log_failure(e, "it stays writable", row->layer.id.text);
        else
            row->layer.frozen = true;
    }
}

static void remove_orphans(const struct file_sr *sr, const struct file_tree *tree)
{
    for (size_t i = 0; i < tree->layers.n; i++) {
        const struct file_tree_layer *row = &tree->layers.at[i];

        if (row->referenced || !row->old)
            continue;
        log_info(STORAGE, "removing layer %s of SR %s, which no volume needs",
                 row->layer.id.text, sr->uuid.text);
        file_layer_remove(sr, &row->layer.id);
    }
}

/* Replacements of files that never came to their rename. */
static void sweep_temporaries(const struct file_sr *sr, int dir_fd)
{
    int fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *entry;
    struct stat st;

    if (!dir) {
        cleanup_close(&fd);
        return;
    }
    while ((entry = readdir(dir))) {
        if (!str_has_suffix(entry->d_name, ".new") ||
            fstatat(dir_fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
            (int64_t)st.st_mtim.tv_sec * 1000000 + st.st_mtim.tv_nsec / 1000 >=
                sr->host->started_us)
            continue;
        if (unlinkat(dir_fd, entry->d_name, 0) < 0)
            log_warn(STORAGE, "%s stays: %s", entry->d_name, strerrordesc_np(errno));
    }
    closedir(dir);
}

/* Takes 'e'. */
static void log_failure(struct err *e, const char *what, const char *uuid)
{
    autoptr(err) why = e;

    log_warn(STORAGE, "%s: %s: %s", uuid, what, err_sentence(why));
}
