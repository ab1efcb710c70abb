// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/volume.h"

#include <inttypes.h>
#include <string.h>

#include "base/alloc.h"
#include "base/log.h"
#include "storage/fault.h"
#include "storage/sr_private.h"

static struct err *check(struct storage *storage, const struct volume_id *id,
                         enum lock_need need, const char *operation);
static void flush(struct storage *storage, const struct volume_id *id);
static struct err *settle(struct storage *storage, struct sr *sr,
                          const struct volume_id *id);
static struct err *settle_alone(struct storage *storage, struct sr *sr,
                                const struct volume_id *id);

struct err *volume_create(struct storage *storage, const struct volume_id *id,
                          uint64_t size, const struct volume_names *names, const char *kind,
                          struct val *ret_vdi)
{
    struct volume_request wanted = {
        .uuid = id->vdi,
        .name_label = names->name_label,
        .name_description = names->name_description,
        .kind = kind,
    };
    struct sr *sr;
    struct err *e = sr_get(storage, &id->sr, &sr);

    if (!e && !sr->driver->volume_create)
        e = sr_not_supported(sr);
    if (!e)
        e = volume_round_size(sr, &id->vdi, size, &wanted.size);
    if (!e)
        e = sr->driver->volume_create(sr->state, &wanted);
    if (!e)
        e = volume_answer(storage, sr, &id->vdi, ret_vdi);
    return err_context(e, "creating VDI %s", id->vdi.text);
}

struct err *volume_destroy(struct storage *storage, const struct volume_id *id)
{
    struct sr *sr;
    struct err *e = sr_get(storage, &id->sr, &sr);

    if (!e && !sr->driver->volume_destroy)
        e = sr_not_supported(sr);
    if (!e)
        e = check(storage, id, LOCK_IDLE, "destroy");
    if (!e)
        e = merger_make_way(storage, sr, &id->vdi);
    if (!e)
        e = sr->driver->volume_destroy(sr->state, &id->vdi);
    if (!e)
        merger_look(storage, sr);
    return err_context(e, "destroying VDI %s", id->vdi.text);
}

struct err *volume_resize(struct storage *storage, const struct volume_id *id,
                          uint64_t size, struct val *ret_vdi)
{
    struct sr *sr;
    struct err *e = sr_get(storage, &id->sr, &sr);

    if (!e && !sr->driver->volume_resize)
        e = sr_not_supported(sr);
    if (!e)
        e = volume_round_size(sr, &id->vdi, size, &size);
    if (!e)
        e = check(storage, id, LOCK_IDLE, "resize");
    if (!e)
        e = settle_alone(storage, sr, id);
    if (!e)
        e = sr->driver->volume_resize(sr->state, &id->vdi, size);
    if (!e)
        e = volume_answer(storage, sr, &id->vdi, ret_vdi);
    return err_context(e, "resizing VDI %s", id->vdi.text);
}

struct err *volume_snapshot(struct storage *storage, const struct volume_id *id,
                            const struct uuid *new, const struct volume_names *names,
                            struct val *ret_vdi)
{
    const struct volume_request wanted = {
        .uuid = *new,
        .name_label = names->name_label,
        .name_description = names->name_description,
    };
    struct sr *sr;
    struct err *e = sr_get(storage, &id->sr, &sr);

    if (!e && !sr->driver->volume_snapshot)
        e = sr_not_supported(sr);
    if (!e)
        e = check(storage, id, LOCK_NO_WRITER, "snapshot");
    if (!e)
        e = settle(storage, sr, id);
    if (!e)
        e = sr->driver->volume_snapshot(sr->state, &id->vdi, &wanted);
    if (!e)
        e = volume_answer(storage, sr, new, ret_vdi);
    return err_context(e, "taking snapshot %s of VDI %s", new->text, id->vdi.text);
}

struct err *volume_clone(struct storage *storage, const struct volume_id *id,
                         const struct uuid *new, const struct volume_names *names,
                         struct val *ret_vdi)
{
    const struct volume_request wanted = {
        .uuid = *new,
        .name_label = names->name_label,
        .name_description = names->name_description,
    };
    struct sr *sr;
    struct err *e = sr_get(storage, &id->sr, &sr);

    if (!e && !sr->driver->volume_clone)
        e = sr_not_supported(sr);
    if (!e)
        e = check(storage, id, LOCK_NO_WRITER, "clone");
    if (!e)
        e = settle(storage, sr, id);
    if (!e)
        e = sr->driver->volume_clone(sr->state, &id->vdi, &wanted);
    if (!e)
        e = volume_answer(storage, sr, new, ret_vdi);
    return err_context(e, "making clone %s of VDI %s", new->text, id->vdi.text);
}

struct err *volume_revert(struct storage *storage, const struct volume_id *id,
                          const struct uuid *snapshot, struct val *ret_vdi)
{
    struct sr *sr;
    struct err *e = sr_get(storage, &id->sr, &sr);

    if (!e && !sr->driver->volume_revert)
        e = sr_not_supported(sr);
    if (!e)
        e = check(storage, id, LOCK_IDLE, "revert_from");
    if (!e)
        e = settle_alone(storage, sr, id);
    if (!e)
        e = sr->driver->volume_revert(sr->state, &id->vdi, snapshot);
    if (!e)
        merger_look(storage, sr);
    if (!e)
        e = volume_answer(storage, sr, &id->vdi, ret_vdi);
    return err_context(e, "reverting VDI %s to %s", id->vdi.text, snapshot->text);
}

struct err *volume_describe(struct storage *storage, const struct volume_id *id,
                            const struct volume_names *names, struct val *ret_vdi)
{
    struct sr *sr;
    struct err *e = sr_get(storage, &id->sr, &sr);

    /* Where no names are kept, those in the manager's database are all there is. */
    if (!e && sr->driver->volume_describe) {
        e = check(storage, id, LOCK_NO_RESERVATION, "update");
        if (!e)
            e = sr->driver->volume_describe(sr->state, &id->vdi, names->name_label,
                                            names->name_description);
    }
    if (!e)
        e = volume_answer(storage, sr, &id->vdi, ret_vdi);
    return err_context(e, "naming VDI %s", id->vdi.text);
}

struct err *volume_fill(struct storage *storage, const struct volume_id *id, int fd,
                        const char *format, struct val *ret_vdi)
{
    struct sr *sr;
    /* It may take long, so it has its place in no queue and keeps others off itself. */
    struct err *e = sr_reserve(storage, &id->sr, &id->vdi, "import", &sr);

    if (e)
        return e;
    e = sr->driver->volume_fill ? sr->driver->volume_fill(sr->state, &id->vdi, fd, format)
                                : sr_not_supported(sr);
    if (!e)
        e = volume_answer(storage, sr, &id->vdi, ret_vdi);
    locks_unreserve(storage->locks, &id->sr, &id->vdi);
    return err_context(e, "filling VDI %s", id->vdi.text);
}

struct err *volume_open(struct storage *storage, const struct volume_id *id,
                        enum open_mode mode, const struct uuid *holder,
                        struct layers *ret_layers, uint64_t *ret_virtual_size)
{
    autolayers layers = {.n = 0};
    autovdi vdi = {0};
    struct sr *sr;
    struct err *e = sr_get(storage, &id->sr, &sr);

    if (!e && !sr->driver->volume_open)
        e = sr_not_supported(sr);
    if (!e)
        e = check(storage, id, LOCK_NO_RESERVATION, "attach");
    if (!e)
        e = settle_alone(storage, sr, id);
    if (!e)
        e = sr->driver->volume_get(sr->state, &id->vdi, &vdi);
    if (!e)
        e = sr->driver->volume_open(sr->state, &id->vdi, mode, &layers);
    if (!e)
        e = locks_take(storage->locks, &id->sr, &id->vdi, holder, mode, &layers);
    if (e)
        return err_context(e, "opening VDI %s", id->vdi.text);
    crash_point("open.hold");
    log_debug(STORAGE, "%s has VDI %s open (%s, %zu layers)", holder->text, id->vdi.text,
              open_mode_name(mode), layers.n);
    if (mode == OPEN_RW)
        space_watch_poke(sr->space);
    *ret_layers = layers;
    *ret_virtual_size = vdi.virtual_size;
    layers.n = 0;
    return NULL;
}

struct err *volume_close(struct storage *storage, const struct volume_id *id,
                         const struct uuid *holder)
{
    autohold hold = {.n_layers = 0};
    struct sr *sr;
    bool was_held = locks_find(storage->locks, &id->sr, &id->vdi, holder, &hold);
    struct err *e;

    if (was_held && hold.mode == OPEN_RW)
        flush(storage, id);
    e = locks_drop(storage->locks, &id->sr, &id->vdi, holder);
    if (e || !was_held)
        return e;
    e = sr_get(storage, &id->sr, &sr);
    if (!e)
        e = settle(storage, sr, id);
    if (e) {
        err_ignore(e, "it is settled when it is next used");
        return NULL;
    }
    merger_kick(storage, &id->sr);
    if (hold.n_layers > MERGER_SOFT_DEPTH)
        merger_look(storage, sr);
    return NULL;
}

struct err *volume_answer(struct storage *storage, const struct sr *sr,
                          const struct uuid *uuid, struct val *ret_vdi)
{
    autovdi vdi = {0};
    struct err *e = sr->driver->volume_get(sr->state, uuid, &vdi);

    if (!e)
        *ret_vdi = vdi_to_val(&vdi, locks_list(storage->locks, &sr->uuid, uuid));
    return e;
}

struct err *volume_round_size(const struct sr *sr, const struct uuid *vdi, uint64_t size,
                              uint64_t *ret_size)
{
    if (size == 0)
        return err_params(ERR_VDI_TOO_SMALL, vdi->text, "1", NULL);
    if (size > sr->driver->max_size) {
        autofree char *most = xasprintf("%" PRIu64, sr->driver->max_size);

        return err_params(ERR_VDI_TOO_LARGE, vdi->text, most, NULL);
    }
    *ret_size = (size + VOLUME_ROUNDING - 1) / VOLUME_ROUNDING * VOLUME_ROUNDING;
    return NULL;
}

static struct err *check(struct storage *storage, const struct volume_id *id,
                         enum lock_need need, const char *operation)
{
    return locks_check(storage->locks, &id->sr, &id->vdi, need, operation);
}

/* A guest that was killed flushed nothing: what it wrote and the next one reads must not go
 * back with a power cut. */
static void flush(struct storage *storage, const struct volume_id *id)
{
    struct sr *sr;
    struct err *e = sr_get(storage, &id->sr, &sr);

    if (!e && sr->driver->volume_flush)
        e = sr->driver->volume_flush(sr->state, &id->vdi);
    if (e)
        log_error(STORAGE, "what was written to VDI %s may not be on the disk: %s",
                  id->vdi.text, err_sentence(e));
    err_free(e);
}

/* What was begun with it and cut off; while somebody has it open, he says how it ended. */
static struct err *settle(struct storage *storage, struct sr *sr,
                          const struct volume_id *id)
{
    if (!sr->driver->volume_settle || locks_is_held(storage->locks, &id->sr, &id->vdi))
        return NULL;
    return sr->driver->volume_settle(sr->state, &id->vdi);
}

/* The same, with no merge in its layers. */
static struct err *settle_alone(struct storage *storage, struct sr *sr,
                                const struct volume_id *id)
{
    struct err *e = merger_make_way(storage, sr, &id->vdi);

    return e ? e : settle(storage, sr, id);
}
