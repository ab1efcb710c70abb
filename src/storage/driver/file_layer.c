// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/doc.h"
#include "base/alloc.h"
#include "base/fd.h"
#include "base/log.h"
#include "storage/driver/file_private.h"
#include "storage/fault.h"

static const char *const formats[] = {"qcow2", "raw"};

static char *image_name(const struct file_layer *layer);
static char *description_name(const struct uuid *id);
static struct err *make_image(const struct file_sr *sr, const struct file_layer *layer,
                              int *ret_fd);
static struct err *describe(const struct file_sr *sr, const struct file_layer *layer);

int file_layer_read(const struct file_sr *sr, const struct uuid *id,
                    struct file_layer *ret_layer)
{
    autofree char *name = description_name(id);
    autoval struct val object = val_void();
    struct file_layer layer = {0};
    const char *format;
    int r = doc_read(sr->layers_fd, name, &object);

    if (r < 0)
        return r;
    if (doc_uuid(&object, "id", &layer.id) < 0 || !STREQ(layer.id.text, id->text) ||
        doc_uuid_or_none(&object, "parent", &layer.parent) < 0 ||
        doc_text(&object, "format", 16, &format) < 0 ||
        doc_bool(&object, "written", &layer.written) < 0 ||
        doc_bool(&object, "frozen", &layer.frozen) < 0 ||
        doc_uuid_or_none(&object, "merged_into", &layer.merged_into) < 0)
        return -EBADMSG;
    for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
        if (STREQ(format, formats[i]))
            layer.format = formats[i];
    if (!layer.format)
        return -EBADMSG;
    *ret_layer = layer;
    return 0;
}

int file_layer_follow(const struct file_sr *sr, const struct uuid *id,
                      struct file_layer *ret_layer)
{
    struct uuid at = *id;

    for (size_t n = 0; n < LAYERS_MAX; n++) {
        struct file_layer layer;
        int r = file_layer_read(sr, &at, &layer);

        if (r < 0)
            return r;
        if (!layer.merged_into.text[0]) {
            *ret_layer = layer;
            return 0;
        }
        at = layer.merged_into;
    }
    return -ELOOP;
}

int file_layer_write(const struct file_sr *sr, const struct file_layer *layer)
{
    autofree char *name = description_name(&layer->id);
    autoval struct val object = val_map(6);

    val_put_str(&object, "id", val_str(layer->id.text));
    val_put_str(&object, "parent",
                layer->parent.text[0] ? val_str(layer->parent.text) : val_void());
    val_put_str(&object, "format", val_str(layer->format));
    val_put_str(&object, "written", val_bool(layer->written));
    val_put_str(&object, "frozen", val_bool(layer->frozen));
    if (layer->merged_into.text[0])
        val_put_str(&object, "merged_into", val_str(layer->merged_into.text));
    return doc_write(sr->layers_fd, name, &object);
}

struct err *file_layer_open(const struct file_sr *sr, const struct file_layer *layer,
                            enum open_mode mode, int *ret_fd)
{
    autofree char *name = image_name(layer);
    int flags = (mode == OPEN_RW ? O_RDWR : O_RDONLY) | O_NOFOLLOW | O_NONBLOCK;
    autoclose int fd = fd_open_beneath(sr->layers_fd, name, flags, 0);
    struct stat st;

    if (fd < 0)
        return storage_errno(fd, "opening layer %s", name);
    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
        return storage_failure("layer %s is no regular file", name);
    if (fd_set_nonblocking(fd, false) < 0)
        return storage_errno(errno, "opening layer %s", name);
    *ret_fd = take_fd(fd);
    return NULL;
}

struct err *file_layer_make(const struct file_sr *sr, const struct uuid *parent,
                            uint64_t size, struct file_layer *ret_layer)
{
    struct file_layer layer = {.id = uuid_new(), .format = "qcow2"};
    autoclose int fd = -1;
    struct err *e;

    if (parent)
        layer.parent = *parent;
    e = make_image(sr, &layer, &fd);
    if (!e)
        e = image_create(&sr->host->tool, fd, size);
    if (!e)
        e = describe(sr, &layer);
    if (e) {
        file_layer_remove(sr, &layer.id);
        return e;
    }
    *ret_layer = layer;
    return NULL;
}

struct err *file_layer_make_raw(const struct file_sr *sr, uint64_t size,
                                struct file_layer *ret_layer)
{
    struct file_layer layer = {.id = uuid_new(), .format = "raw"};
    autoclose int fd = -1;
    struct err *e = make_image(sr, &layer, &fd);

    if (!e && (ftruncate(fd, (off_t)size) < 0 || fsync(fd) < 0))
        e = storage_errno(errno, "sizing layer %s", layer.id.text);
    if (!e)
        e = describe(sr, &layer);
    if (e) {
        file_layer_remove(sr, &layer.id);
        return e;
    }
    *ret_layer = layer;
    return NULL;
}

struct err *file_layer_import(const struct file_sr *sr, int from, const char *format,
                              uint64_t virtual_size, uint64_t size,
                              struct file_layer *ret_layer)
{
    struct file_layer layer = {.id = uuid_new(), .format = "qcow2", .written = true};
    autoclose int fd = -1;
    struct err *e = make_image(sr, &layer, &fd);

    if (!e)
        e = image_create(&sr->host->tool, fd, size);
    if (!e)
        e = image_copy(&sr->host->tool, from, format, fd, virtual_size);
    if (!e)
        e = describe(sr, &layer);
    if (e) {
        file_layer_remove(sr, &layer.id);
        return e;
    }
    *ret_layer = layer;
    return NULL;
}

struct err *file_layer_reflink(const struct file_sr *sr, const struct file_layer *source,
                               bool *ret_done, struct file_layer *ret_layer)
{
    struct file_layer layer = *source;
    autoclose int from = -1, to = -1;
    struct err *e = file_layer_open(sr, source, OPEN_RO, &from);

    *ret_done = false;
    if (e)
        return e;
    layer.id = uuid_new();
    layer.frozen = false;
    e = make_image(sr, &layer, &to);
    if (!e && ioctl(to, FICLONE, from) < 0) {
        /* Not every file system can; one that should and fails falls back as well. */
        log_debug(STORAGE, "no reflink copy of layer %s: %s", source->id.text,
                  strerrordesc_np(errno));
        file_layer_remove(sr, &layer.id);
        return NULL;
    }
    if (!e && fsync(to) < 0)
        e = storage_errno(errno, "flushing a copied layer");
    if (!e)
        e = describe(sr, &layer);
    if (e) {
        file_layer_remove(sr, &layer.id);
        return e;
    }
    *ret_done = true;
    *ret_layer = layer;
    return NULL;
}

struct err *file_layer_flush(const struct file_sr *sr, const struct uuid *id)
{
    struct file_layer layer;
    autoclose int fd = -1;
    int r = file_layer_follow(sr, id, &layer);
    struct err *e = r < 0 ? storage_errno(r, "reading what layer %s is", id->text)
                          : file_layer_open(sr, &layer, OPEN_RO, &fd);

    if (!e && fsync(fd) < 0)
        e = storage_errno(errno, "flushing layer %s", id->text);
    return e;
}

struct err *file_layer_freeze(const struct file_sr *sr, const struct uuid *id)
{
    struct file_layer layer;
    int r = file_layer_read(sr, id, &layer);

    if (r == 0 && !layer.frozen) {
        struct err *e = file_layer_flush(sr, id);

        if (e)
            return e;
        layer.frozen = true;
        r = file_layer_write(sr, &layer);
    }
    return r < 0 ? storage_errno(r, "freezing layer %s", id->text) : NULL;
}

void file_layer_remove(const struct file_sr *sr, const struct uuid *id)
{
    autofree char *description = description_name(id);

    for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
        const struct file_layer layer = {.id = *id, .format = formats[i]};
        autofree char *image = image_name(&layer);

        if (unlinkat(sr->layers_fd, image, 0) < 0 && errno != ENOENT)
            log_warn(STORAGE, "layer %s stays until the SR is attached again: %s", image,
                     strerrordesc_np(errno));
    }
    crash_point("remove.image");
    if (unlinkat(sr->layers_fd, description, 0) < 0 && errno != ENOENT)
        log_warn(STORAGE, "%s stays until the SR is attached again: %s", description,
                 strerrordesc_np(errno));
}

uint64_t file_layer_allocated(const struct file_sr *sr, const struct file_layer *layer)
{
    autofree char *name = image_name(layer);
    struct stat st;

    if (fstatat(sr->layers_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
        return 0;
    return (uint64_t)st.st_blocks * 512;
}

struct err *file_layer_chain(const struct file_sr *sr, const struct uuid *leaf,
                             struct file_layer ret_chain[LAYERS_MAX], size_t *ret_n)
{
    struct uuid id = *leaf;
    size_t n = 0;

    while (id.text[0]) {
        int r;

        if (n == LAYERS_MAX)
            return storage_failure("the chain of layer %s is deeper than %d", leaf->text,
                                   LAYERS_MAX);
        r = file_layer_follow(sr, &id, &ret_chain[n]);
        if (r < 0)
            return storage_failure("layer %s, needed by %s, cannot be read: %s", id.text,
                                   leaf->text, strerrordesc_np(-r));
        id = ret_chain[n++].parent;
    }
    *ret_n = n;
    return NULL;
}

static char *image_name(const struct file_layer *layer)
{
    return xasprintf("%s.%s", layer->id.text, layer->format);
}

static char *description_name(const struct uuid *id)
{
    return xasprintf("%s.json", id->text);
}

static struct err *make_image(const struct file_sr *sr, const struct file_layer *layer,
                              int *ret_fd)
{
    autofree char *name = image_name(layer);
    autoclose int fd =
        fd_open_beneath(sr->layers_fd, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
    int r = fd < 0 ? fd : image_give(&sr->host->tool, fd);

    if (r < 0)
        return storage_errno(r, "making layer %s", name);
    *ret_fd = take_fd(fd);
    return NULL;
}

/* The description comes last, and makes the image's name durable with its own. */
static struct err *describe(const struct file_sr *sr, const struct file_layer *layer)
{
    int r;

    crash_point("layer.image");
    r = file_layer_write(sr, layer);
    if (r < 0)
        return storage_errno(r, "describing layer %s", layer->id.text);
    crash_point("layer.described");
    return NULL;
}
