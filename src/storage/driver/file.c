// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/log.h"
#include "storage/driver.h"
#include "storage/driver/file_private.h"
#include "storage/fault.h"

#define PROBE_MAX 10000 /* names looked at in one directory */

static struct err *make_directories(int location_fd, const struct uuid *uuid,
                                    int *ret_root);
static void remove_directories(int location_fd, const struct uuid *uuid);
static struct err *find_root(const struct sr_request *request, int *ret_root);
static struct err *open_inside(int root_fd, const char *name, int *ret_fd);
static struct err *space_of(int root_fd, struct sr_space *ret_space);
static void probe_one(int dir_fd, const char *name, struct val *srs);
static void sr_free(struct file_sr *sr);
DEFINE_AUTOPTR(file_sr, sr_free)

static struct err *file_probe(const struct sr_request *request, struct val *ret_srs)
{
    autoclose int location = -1;
    autofree char *path = NULL;
    autoval struct val srs = val_set(0);
    const struct dirent *entry;
    struct err *e =
        sr_host_open_location(request->host, request->device_config, &location, &path);
    DIR *dir;
    int fd;

    if (e)
        return e;
    probe_one(location, ".", &srs);
    fd = openat(location, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    dir = fd < 0 ? NULL : fdopendir(fd);
    if (!dir) {
        e = storage_errno(errno, "reading %s", path);
        cleanup_close(&fd);
        return e;
    }
    for (size_t n = 0; n < PROBE_MAX && (entry = readdir(dir)); n++)
        if (uuid_is_valid(entry->d_name))
            probe_one(location, entry->d_name, &srs);
    closedir(dir);
    *ret_srs = take_val(srs);
    return NULL;
}

static struct err *file_create(const struct sr_request *request, struct sr_space *ret_space)
{
    const struct file_marker marker = {
        .uuid = request->sr,
        .name_label = (char *)request->name_label,
        .name_description = (char *)request->name_description,
    };
    autoclose int location = -1, root = -1;
    autofree char *path = NULL;
    struct err *e =
        sr_host_open_location(request->host, request->device_config, &location, &path);
    int r;

    if (!e)
        e = make_directories(location, &request->sr, &root);
    if (e)
        return e;
    crash_point("sr-create.directories");
    /* The marker comes last: without it there is no SR. */
    r = file_marker_write(root, &marker);
    if (r < 0)
        e = storage_errno(r, "marking SR %s in %s", request->sr.text, path);
    if (!e && fsync(location) < 0)
        e = storage_errno(errno, "making SR %s in %s", request->sr.text, path);
    if (!e)
        e = space_of(root, ret_space);
    if (e) {
        unlinkat(root, "sr.json", 0);
        remove_directories(location, &request->sr);
    }
    return e;
}

static struct err *file_attach(const struct sr_request *request, void **ret_state)
{
    autoptr(file_sr) sr = xcalloc(1, sizeof(*sr));
    struct err *e;

    sr->host = request->host;
    sr->uuid = request->sr;
    sr->root_fd = sr->layers_fd = sr->vdis_fd = -1;
    e = find_root(request, &sr->root_fd);
    if (!e)
        e = open_inside(sr->root_fd, "layers", &sr->layers_fd);
    if (!e)
        e = open_inside(sr->root_fd, "vdis", &sr->vdis_fd);
    if (e)
        return e;
    /* A copy made by hand may have become readable for all. */
    if (fchmod(sr->root_fd, 0700) < 0)
        log_warn(STORAGE, "the mode of SR %s stays as it is: %s", sr->uuid.text,
                 strerrordesc_np(errno));
    file_recover(sr);
    *ret_state = take_ptr(sr);
    return NULL;
}

static void file_detach(void *state)
{
    sr_free(state);
}

static struct err *file_destroy(void *state)
{
    const struct file_sr *sr = state;
    autofiletree tree = {0};
    autoclose int parent = -1;
    struct stat ours, named;
    struct err *e = file_tree_load(sr, &tree);

    if (e)
        return e;
    if (tree.vdis.n)
        return err_params(ERR_SR_NOT_EMPTY, NULL);
    if (!tree.whole)
        return storage_failure("SR %s has layers that cannot be read", sr->uuid.text);
    if (unlinkat(sr->root_fd, "sr.json", 0) < 0 || fsync(sr->root_fd) < 0)
        return storage_errno(errno, "removing the marker of SR %s", sr->uuid.text);
    crash_point("sr-destroy.marker");
    for (size_t i = 0; i < tree.layers.n; i++)
        file_layer_remove(sr, &tree.layers.at[i].layer.id);
    unlinkat(sr->root_fd, "layers", AT_REMOVEDIR);
    unlinkat(sr->root_fd, "vdis", AT_REMOVEDIR);

    /* The directory goes when it bears the SR's name: then we made it. */
    parent = openat(sr->root_fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (parent >= 0 && fstat(sr->root_fd, &ours) == 0 &&
        fstatat(parent, sr->uuid.text, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
        ours.st_dev == named.st_dev && ours.st_ino == named.st_ino &&
        unlinkat(parent, sr->uuid.text, AT_REMOVEDIR) < 0)
        log_warn(STORAGE, "what is left of SR %s stays: %s", sr->uuid.text,
                 strerrordesc_np(errno));
    return NULL;
}

static struct err *file_describe(void *state, const char *name_label,
                                 const char *name_description)
{
    const struct file_sr *sr = state;
    CLEANUP(file_marker_fini) struct file_marker marker = {0};
    int r = file_marker_read(sr->root_fd, &marker);

    if (r == 0 && name_label) {
        free(marker.name_label);
        marker.name_label = xstrdup(name_label);
    }
    if (r == 0 && name_description) {
        free(marker.name_description);
        marker.name_description = xstrdup(name_description);
    }
    if (r == 0)
        r = file_marker_write(sr->root_fd, &marker);
    return r < 0 ? storage_errno(r, "naming SR %s", sr->uuid.text) : NULL;
}

static struct err *file_stat(void *state, struct sr_space *ret_space)
{
    const struct file_sr *sr = state;
    struct sr_space space;
    autofiletree tree = {0};
    struct err *e = space_of(sr->root_fd, &space);

    if (!e)
        e = file_tree_load(sr, &tree);
    if (e)
        return e;
    for (size_t i = 0; i < tree.layers.n; i++)
        if (tree.layers.at[i].readable)
            space.used += file_layer_allocated(sr, &tree.layers.at[i].layer);
    *ret_space = space;
    return NULL;
}

static int file_space_fd(void *state)
{
    const struct file_sr *sr = state;

    return sr->root_fd;
}

static struct err *file_scan(void *state, struct vdi_list *ret_vdis)
{
    const struct file_sr *sr = state;
    autovdilist list = {0};
    autofiletree tree = {0};
    struct err *e = file_tree_load(sr, &tree);

    if (e)
        return e;
    file_freeze_shared(sr, &tree);
    for (size_t i = 0; i < tree.vdis.n; i++) {
        const struct file_tree_vdi *row = &tree.vdis.at[i];
        const struct file_tree_layer *leaf = file_tree_find(&tree, &row->vdi.leaf);
        struct vdi *vdi = VEC_PUSH(&list);

        if (row->vdi.name_label) {
            file_vdi_describe(sr, &row->vdi, leaf && leaf->readable ? &leaf->layer : NULL,
                              vdi);
        } else { /* not even its pointer could be read */
            *vdi = (struct vdi){.uuid = row->vdi.uuid, .read_only = true};
            vdi->location = xstrdup(row->vdi.uuid.text);
        }
        vdi->damaged = row->damaged ? xstrdup(row->damaged) : NULL;
    }
    *ret_vdis = list;
    list = (struct vdi_list){0};
    return NULL;
}

/* <location>/<uuid>/{layers,vdis}: what an earlier try made is taken over while empty. */
static struct err *make_directories(int location_fd, const struct uuid *uuid, int *ret_root)
{
    CLEANUP(file_marker_fini) struct file_marker marker = {0};
    autoclose int root = -1;

    if (mkdirat(location_fd, uuid->text, 0700) < 0 && errno != EEXIST)
        return storage_errno(errno, "making SR %s", uuid->text);
    root = fd_open_beneath(location_fd, uuid->text, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
    if (root < 0)
        return storage_errno(root, "making SR %s", uuid->text);
    if (file_marker_read(root, &marker) != -ENOENT)
        return err_params(ERR_SR_UUID_EXISTS, uuid->text, NULL);

    /* Fails on what is not empty. */
    if ((unlinkat(root, "layers", AT_REMOVEDIR) < 0 && errno != ENOENT) ||
        (unlinkat(root, "vdis", AT_REMOVEDIR) < 0 && errno != ENOENT))
        return storage_failure("a directory of this name holds something else");
    if (mkdirat(root, "layers", 0700) < 0 || mkdirat(root, "vdis", 0700) < 0 ||
        fsync(root) < 0) {
        struct err *e = storage_errno(errno, "making SR %s", uuid->text);

        remove_directories(location_fd, uuid);
        return e;
    }
    *ret_root = take_fd(root);
    return NULL;
}

/* Only what is empty. */
static void remove_directories(int location_fd, const struct uuid *uuid)
{
    autofree char *layers = xasprintf("%s/layers", uuid->text);
    autofree char *vdis = xasprintf("%s/vdis", uuid->text);

    unlinkat(location_fd, layers, AT_REMOVEDIR);
    unlinkat(location_fd, vdis, AT_REMOVEDIR);
    unlinkat(location_fd, uuid->text, AT_REMOVEDIR);
}

/* <location>/<uuid>, or the location itself, whichever bears the SR's marker. */
static struct err *find_root(const struct sr_request *request, int *ret_root)
{
    const char *const places[] = {request->sr.text, "."};
    autoclose int location = -1;
    autofree char *path = NULL;
    struct err *e =
        sr_host_open_location(request->host, request->device_config, &location, &path);
    int worst = -ENOENT;

    if (e)
        return e;
    for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
        CLEANUP(file_marker_fini) struct file_marker marker = {0};
        autoclose int root =
            fd_open_beneath(location, places[i], O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
        int r = root < 0 ? root : file_marker_read(root, &marker);

        if (r == 0 && STREQ(marker.uuid.text, request->sr.text)) {
            *ret_root = take_fd(root);
            return NULL;
        }
        if (r < 0 && r != -ENOENT)
            worst = r;
    }
    if (worst == -EPROTO)
        return storage_failure("SR %s was made by a newer Latchkey", request->sr.text);
    return storage_failure("no SR %s is found at this place: %s", request->sr.text,
                           strerrordesc_np(-worst));
}

static struct err *open_inside(int root_fd, const char *name, int *ret_fd)
{
    int fd = fd_open_beneath(root_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);

    if (fd < 0)
        return storage_failure("the SR's directory %s cannot be opened: %s", name,
                               strerrordesc_np(-fd));
    *ret_fd = fd;
    return NULL;
}

static struct err *space_of(int root_fd, struct sr_space *ret_space)
{
    struct statvfs st;

    if (fstatvfs(root_fd, &st) < 0)
        return storage_errno(errno, "asking for the space of an SR");
    *ret_space = (struct sr_space){
        .total = (uint64_t)st.f_blocks * st.f_frsize,
        .free = (uint64_t)st.f_bavail * st.f_frsize,
    };
    return NULL;
}

static void probe_one(int dir_fd, const char *name, struct val *srs)
{
    CLEANUP(file_marker_fini) struct file_marker marker = {0};
    autoclose int root =
        fd_open_beneath(dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
    struct sr_space space = {0};
    struct err *e;
    struct val row;

    if (root < 0 || file_marker_read(root, &marker) < 0)
        return;
    e = space_of(root, &space);
    if (e) {
        err_ignore(e, "probing goes on with the next");
        return;
    }
    row = val_map(6);
    val_put_str(&row, "uuid", val_str(marker.uuid.text));
    val_put_str(&row, "name_label", val_str(marker.name_label));
    val_put_str(&row, "name_description", val_str(marker.name_description));
    val_put_str(&row, "type", val_str("file"));
    val_put_str(&row, "total", val_int((int64_t)space.total));
    val_put_str(&row, "free", val_int((int64_t)space.free));
    val_push(srs, row);
}

static void sr_free(struct file_sr *sr)
{
    if (!sr)
        return;
    cleanup_close(&sr->root_fd);
    cleanup_close(&sr->layers_fd);
    cleanup_close(&sr->vdis_fd);
    free(sr);
}

const struct sr_driver sr_driver_file = {
    .type = "file",
    .name = "Image files",
    .description = "qcow2 images in a directory of this host",
    .keys =
        (const struct sr_config_key[]){
            {"location", "directory the SR lies in; absent: the daemon's own"},
            {NULL, NULL},
        },
    .formats = (const char *const[]){"qcow2", NULL},
    .traits = (const char *const[]){"THIN_PROVISIONING", NULL},
    .max_size = FILE_MAX_SIZE,
    .probe = file_probe,
    .create = file_create,
    .attach = file_attach,
    .detach = file_detach,
    .destroy = file_destroy,
    .describe = file_describe,
    .stat = file_stat,
    .space_fd = file_space_fd,
    .scan = file_scan,
    .volume_get = file_volume_get,
    .volume_create = file_volume_create,
    .volume_destroy = file_volume_destroy,
    .volume_resize = file_volume_resize,
    .volume_snapshot = file_volume_snapshot,
    .volume_clone = file_volume_clone,
    .volume_revert = file_volume_revert,
    .volume_describe = file_volume_describe,
    .volume_fill = file_volume_fill,
    .volume_open = file_volume_open,
    .volume_flush = file_volume_flush,
    .unsettled = file_volume_unsettled,
    .volume_settle = file_volume_settle,
    .volume_chain = file_volume_chain,
    .snapshot_begin = file_snapshot_begin,
    .snapshot_end = file_snapshot_end,
    .resize_begin = file_resize_begin,
    .resize_end = file_resize_end,
    .merges = file_merges,
    .merge_open = file_merge_open,
    .layer_open = file_merge_layer_open,
    .merge_finish = file_merge_finish,
};
