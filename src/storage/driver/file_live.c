// SPDX-License-Identifier: GPL-2.0-or-later
/* Volumes that somebody writes to meanwhile.  Whatever he does between a begin and its end,
 * what lies on the SR reads as he left it: the volume points to a layer that is empty as
 * long as he writes to the one below it. */
#include <inttypes.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "storage/driver.h"
#include "storage/driver/file_private.h"
#include "storage/fault.h"

static struct err *begin(const struct file_sr *sr, struct file_vdi *vdi,
                         const struct volume_request *wanted);
static struct err *make_top(const struct file_sr *sr, const struct file_vdi *vdi,
                            struct file_layer *ret_top);
static struct err *take(const struct file_sr *sr, struct file_vdi *vdi);
static struct err *abandon(const struct file_sr *sr, struct file_vdi *vdi);
static struct err *clear(const struct file_sr *sr, struct file_vdi *vdi);
static struct err *busy(const struct uuid *vdi, const char *operation);
static bool exists(const struct file_sr *sr, const struct uuid *uuid);

struct err *file_snapshot_begin(void *state, const struct uuid *uuid,
                                const struct volume_request *wanted, struct uuid *ret_top,
                                struct uuid *ret_before)
{
    const struct file_sr *sr = state;
    autofilevdi vdi = {0};
    struct err *e = file_vdi_read(sr, uuid, &vdi);

    if (e)
        return e;
    if (!vdi.begun.new.text[0])
        e = begin(sr, &vdi, wanted);
    else if (!STREQ(vdi.begun.new.text, wanted->uuid.text))
        e = busy(uuid, "snapshot");
    if (e)
        return e;
    *ret_top = vdi.leaf;
    *ret_before = vdi.begun.before;
    return NULL;
}

struct err *file_snapshot_end(void *state, const struct uuid *uuid, const struct uuid *new,
                              const struct uuid *top, bool *ret_taken)
{
    const struct file_sr *sr = state;
    autofilevdi vdi = {0};
    struct err *e = file_vdi_read(sr, uuid, &vdi);

    if (e)
        return e;
    if (!STREQ(vdi.begun.new.text, new->text)) {
        *ret_taken = exists(sr, new); /* ended before */
        return NULL;
    }
    *ret_taken = STREQ(top->text, vdi.leaf.text);
    if (*ret_taken)
        return take(sr, &vdi);
    if (STREQ(top->text, vdi.begun.before.text))
        return abandon(sr, &vdi);
    return err_params(ERR_OPERATION_NOT_ALLOWED,
                      "The disk's top layer is neither the new one nor the one before",
                      NULL);
}

struct err *file_resize_begin(void *state, const struct uuid *uuid, uint64_t size)
{
    const struct file_sr *sr = state;
    autofilevdi vdi = {0};
    struct err *e = file_vdi_read(sr, uuid, &vdi);

    if (e)
        return e;
    if (size < vdi.virtual_size) {
        autofree char *least = xasprintf("%" PRIu64, vdi.virtual_size);

        return err_params(ERR_VDI_TOO_SMALL, uuid->text, least, NULL);
    }
    if (vdi.begun.new.text[0])
        return busy(uuid, "snapshot");
    if (vdi.resizing_to && vdi.resizing_to != size)
        return busy(uuid, "resize");
    e = file_check_space(sr, 0);
    if (e)
        return e;
    vdi.resizing_to = size;
    e = file_vdi_write(sr, &vdi);
    crash_point("resize.begun");
    return e;
}

struct err *file_resize_end(void *state, const struct uuid *uuid, uint64_t size)
{
    const struct file_sr *sr = state;
    autofilevdi vdi = {0};
    struct err *e = file_vdi_read(sr, uuid, &vdi);

    if (e)
        return e;
    if (size != vdi.virtual_size && size != vdi.resizing_to)
        return err_params(ERR_OPERATION_NOT_ALLOWED,
                          "The disk has neither its old size nor the new one", NULL);
    vdi.virtual_size = size;
    vdi.resizing_to = 0;
    e = file_vdi_write(sr, &vdi);
    crash_point("resize.ended");
    return e;
}

struct err *file_snapshot_drop(const struct file_sr *sr, struct file_vdi *vdi)
{
    /* Where its pointer is already it was taken; else the new layer stays, for it may hold
     * what was written, and the one below it is a layer nobody points to. */
    log_info(STORAGE, "the snapshot %s of VDI %s was begun and %s", vdi->begun.new.text,
             vdi->uuid.text, exists(sr, &vdi->begun.new) ? "taken" : "is dropped");
    return clear(sr, vdi);
}

static struct err *begin(const struct file_sr *sr, struct file_vdi *vdi,
                         const struct volume_request *wanted)
{
    struct file_layer top = {.written = true}, chain[LAYERS_MAX];
    size_t n = 0;
    struct err *e = vdi->resizing_to ? busy(&vdi->uuid, "resize") : NULL;

    if (!e)
        e = file_vdi_check_new(sr, &wanted->uuid);
    if (!e)
        e = file_layer_chain(sr, &vdi->leaf, chain, &n);
    if (!e)
        e = file_check_writable(vdi, &chain[0]);
    if (!e && n == LAYERS_MAX)
        e = err_params(ERR_OPERATION_NOT_ALLOWED,
                       "The disk's chain of snapshots is as deep as it may be", NULL);
    if (!e)
        e = file_check_space(sr, 0);
    if (!e)
        e = make_top(sr, vdi, &top);
    if (e)
        return e;
    vdi->begun.new = wanted->uuid;
    vdi->begun.before = chain[0].id;
    vdi->begun.name_label = xstrdup(wanted->name_label);
    vdi->begun.name_description = xstrdup(wanted->name_description);
    vdi->begun.time = clock_wall_seconds();
    vdi->leaf = top.id;
    e = file_vdi_write(sr, vdi);
    if (e)
        file_prune(sr, &top, 1);
    crash_point("snapshot.begun");
    return e;
}

/* Somebody else will write there, and not say when he begins: it counts as written. */
static struct err *make_top(const struct file_sr *sr, const struct file_vdi *vdi,
                            struct file_layer *ret_top)
{
    struct file_layer leaf;
    struct err *e;
    int r = file_layer_follow(sr, &vdi->leaf, &leaf);

    if (r < 0)
        return storage_errno(r, "reading what layer %s is", vdi->leaf.text);
    e = file_layer_make(sr, &leaf.id, vdi->virtual_size, ret_top);
    if (e)
        return e;
    ret_top->written = true;
    r = file_layer_write(sr, ret_top);
    if (r == 0)
        return NULL;
    file_layer_remove(sr, &ret_top->id);
    return storage_errno(r, "describing layer %s", ret_top->id.text);
}

static struct err *take(const struct file_sr *sr, struct file_vdi *vdi)
{
    const struct file_vdi snapshot = {
        .uuid = vdi->begun.new,
        .leaf = vdi->begun.before,
        .name_label = vdi->begun.name_label,
        .name_description = vdi->begun.name_description,
        .kind = vdi->kind,
        .virtual_size = vdi->virtual_size,
        .is_a_snapshot = true,
        .snapshot_of = vdi->uuid,
        .snapshot_time = vdi->begun.time,
    };
    struct err *e = file_layer_freeze(sr, &vdi->begun.before);

    if (e)
        return e;
    crash_point("snapshot.frozen");
    e = file_vdi_write(sr, &snapshot);
    if (e)
        return e;
    crash_point("snapshot.pointed");
    return clear(sr, vdi);
}

static struct err *abandon(const struct file_sr *sr, struct file_vdi *vdi)
{
    struct file_layer top = {.id = vdi->leaf};
    struct err *e;

    if (exists(sr, &vdi->begun.new))
        return err_params(ERR_OPERATION_NOT_ALLOWED, "The snapshot was taken already",
                          NULL);
    vdi->leaf = vdi->begun.before;
    e = clear(sr, vdi);
    if (!e)
        file_prune(sr, &top, 1);
    return e;
}

static struct err *clear(const struct file_sr *sr, struct file_vdi *vdi)
{
    struct err *e;

    vdi->begun.new = vdi->begun.before = (struct uuid){{0}};
    e = file_vdi_write(sr, vdi);
    crash_point("snapshot.ended");
    return e;
}

static struct err *busy(const struct uuid *vdi, const char *operation)
{
    return err_params(ERR_OTHER_OPERATION_IN_PROGRESS, "VDI", vdi->text, operation, "",
                      NULL);
}

static bool exists(const struct file_sr *sr, const struct uuid *uuid)
{
    struct err *e = file_vdi_check_new(sr, uuid);
    bool found = e && err_code(e) == ERR_LOCATION_NOT_UNIQUE;

    if (e)
        err_ignore(e, "it was looked for");
    return found;
}
