// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/live.h"

#include <string.h>

#include "base/alloc.h"
#include "base/log.h"
#include "storage/fault.h"
#include "storage/sr_private.h"

static struct err *find_writer(struct storage *storage, const struct volume_id *id,
                               const struct uuid *holder, struct hold *ret_hold);
static struct err *check_free(const struct sr *sr, const struct hold *hold);
static struct err *busy(const struct uuid *vdi, const char *operation,
                        const struct uuid *holder);
static struct err *check_end(struct storage *storage, struct sr *sr,
                             const struct volume_id *id, const struct uuid *holder,
                             struct hold *ret_hold);
static struct err *put_top(struct storage *storage, struct hold *hold,
                           const struct uuid *top);
static struct err *drop_top(struct storage *storage, struct hold *hold,
                            const struct uuid *top);
static struct err *find_run(const struct sr *sr, const struct uuid *lower,
                            struct merge *ret_run);
static struct err *grant(struct storage *storage, struct sr *sr, const struct merge *run,
                         const struct uuid *holder, struct hold *ret_hold);
static struct err *open_granted(const struct sr *sr, const struct hold *hold,
                                struct live_merge *ret_merge);
static bool find_granted(struct storage *storage, const struct uuid *sr,
                         const struct uuid *lower, const struct uuid *holder,
                         struct hold *ret_hold);
static struct err *judge(const struct hold *hold, const struct uuid *chain, size_t n,
                         bool *ret_merged);
static size_t index_of(const struct hold *hold, const struct uuid *layer);
static bool same(const struct uuid *a, const struct uuid *b);

struct err *live_snapshot_begin(struct storage *storage, const struct volume_id *id,
                                const struct uuid *holder, const struct uuid *new,
                                const struct volume_names *names, struct live_top *ret_top)
{
    const struct volume_request wanted = {
        .uuid = *new,
        .name_label = names->name_label,
        .name_description = names->name_description,
    };
    struct live_top top = {.layer.fd = -1};
    autohold hold = {.n_layers = 0};
    autovdi vdi = {0};
    struct uuid id_of_top;
    struct sr *sr;
    struct err *e = sr_get(storage, &id->sr, &sr);

    if (!e && !sr->driver->snapshot_begin)
        e = sr_not_supported(sr);
    if (!e)
        e = find_writer(storage, id, holder, &hold);
    if (!e && hold.lower.text[0])
        e = busy(&id->vdi, "merge", holder);
    if (!e)
        e = sr->driver->snapshot_begin(sr->state, &id->vdi, &wanted, &id_of_top,
                                       &top.before);
    if (!e)
        e = put_top(storage, &hold, &id_of_top);
    if (!e)
        e = sr->driver->volume_get(sr->state, &id->vdi, &vdi);
    if (!e)
        e = sr->driver->layer_open(sr->state, &id_of_top, OPEN_RW, &top.layer);
    if (e)
        return err_context(e, "beginning snapshot %s of VDI %s", new->text, id->vdi.text);
    top.virtual_size = vdi.virtual_size;
    *ret_top = top;
    return NULL;
}

struct err *live_snapshot_end(struct storage *storage, const struct volume_id *id,
                              const struct uuid *holder, const struct uuid *new,
                              const struct uuid *top, struct val *ret_result)
{
    autohold hold = {.n_layers = 0};
    struct val snapshot = val_void();
    bool taken = false;
    struct sr *sr;
    struct err *e = sr_get(storage, &id->sr, &sr);

    if (!e && !sr->driver->snapshot_end)
        e = sr_not_supported(sr);
    if (!e)
        e = check_end(storage, sr, id, holder, &hold);
    if (!e)
        e = sr->driver->snapshot_end(sr->state, &id->vdi, new, top, &taken);
    if (!e && !taken && hold.n_layers)
        e = drop_top(storage, &hold, top);
    if (!e && taken)
        e = volume_answer(storage, sr, new, &snapshot);
    if (e)
        return err_context(e, "ending snapshot %s of VDI %s", new->text, id->vdi.text);
    *ret_result = val_map(2);
    val_put_str(ret_result, "taken", val_bool(taken));
    if (taken)
        val_put_str(ret_result, "snapshot", snapshot);
    return NULL;
}

struct err *live_resize_begin(struct storage *storage, const struct volume_id *id,
                              const struct uuid *holder, uint64_t size, struct val *ret_vdi)
{
    autohold hold = {.n_layers = 0};
    struct sr *sr;
    struct err *e = sr_get(storage, &id->sr, &sr);

    if (!e && !sr->driver->resize_begin)
        e = sr_not_supported(sr);
    if (!e)
        e = volume_round_size(sr, &id->vdi, size, &size);
    if (!e)
        e = find_writer(storage, id, holder, &hold);
    if (!e && hold.lower.text[0])
        e = busy(&id->vdi, "merge", holder);
    if (!e)
        e = sr->driver->resize_begin(sr->state, &id->vdi, size);
    if (!e)
        e = volume_answer(storage, sr, &id->vdi, ret_vdi);
    return err_context(e, "beginning to resize VDI %s", id->vdi.text);
}

struct err *live_resize_end(struct storage *storage, const struct volume_id *id,
                            const struct uuid *holder, uint64_t size, struct val *ret_vdi)
{
    autohold hold = {.n_layers = 0};
    struct sr *sr;
    struct err *e = sr_get(storage, &id->sr, &sr);

    if (!e && !sr->driver->resize_end)
        e = sr_not_supported(sr);
    if (!e)
        e = volume_round_size(sr, &id->vdi, size, &size);
    if (!e)
        e = find_writer(storage, id, holder, &hold);
    if (!e)
        e = sr->driver->resize_end(sr->state, &id->vdi, size);
    if (!e)
        e = volume_answer(storage, sr, &id->vdi, ret_vdi);
    return err_context(e, "ending to resize VDI %s", id->vdi.text);
}

struct err *live_merge_begin(struct storage *storage, const struct uuid *uuid,
                             const struct uuid *lower, const struct uuid *holder,
                             struct live_merge *ret_merge)
{
    autohold hold = {.n_layers = 0};
    automerge run = {0};
    struct sr *sr;
    struct err *e = sr_get(storage, uuid, &sr);

    if (!e && (!sr->driver->merges || !sr->driver->merge_finish))
        e = sr_not_supported(sr);
    if (!e && !find_granted(storage, uuid, lower, holder, &hold)) {
        e = find_run(sr, lower, &run);
        if (!e)
            e = grant(storage, sr, &run, holder, &hold);
    }
    if (!e)
        e = open_granted(sr, &hold, ret_merge);
    return err_context(e, "letting %s merge into layer %s", holder->text, lower->text);
}

struct err *live_merge_end(struct storage *storage, const struct uuid *uuid,
                           const struct uuid *lower, const struct uuid *holder,
                           const struct uuid *chain, size_t n, bool *ret_merged)
{
    autohold hold = {.n_layers = 0};
    automerge run = {0};
    bool merged = false;
    struct sr *sr;
    struct err *e = sr_get(storage, uuid, &sr);

    if (!e && (!sr->driver->merges || !sr->driver->merge_finish))
        e = sr_not_supported(sr);
    if (e)
        return e;
    if (!find_granted(storage, uuid, lower, holder, &hold)) {
        /* Ended before: what went into it made it somebody's own layer. */
        e = find_run(sr, lower, &run);
        *ret_merged = e;
        if (e && err_code(e) == ERR_OPERATION_NOT_ALLOWED) {
            err_ignore(e, "there is nothing above it to be merged");
            e = NULL;
        }
        return e;
    }
    e = judge(&hold, chain, n, &merged);
    if (!e && merged)
        e = sr->driver->merge_finish(sr->state, lower, &hold.upper);
    if (e)
        return err_context(e, "ending the merge into layer %s by %s", lower->text,
                           holder->text);
    if (merged)
        hold_set_layers(&hold, chain, n);
    hold.lower = hold.upper = (struct uuid){{0}};
    e = locks_change(storage->locks, &hold);
    if (e)
        return e;
    crash_point("live-merge.ended");
    merger_kick(storage, uuid);
    *ret_merged = merged;
    return NULL;
}

static struct err *find_writer(struct storage *storage, const struct volume_id *id,
                               const struct uuid *holder, struct hold *ret_hold)
{
    autohold hold = {.n_layers = 0};

    if (!locks_find(storage->locks, &id->sr, &id->vdi, holder, &hold) ||
        hold.mode != OPEN_RW)
        return locks_not_held();
    *ret_hold = hold;
    hold = (struct hold){.n_layers = 0};
    return NULL;
}

/* Nothing is begun with the volume of this hold. */
static struct err *check_free(const struct sr *sr, const struct hold *hold)
{
    autovdi vdi = {0};
    struct err *e = sr->driver->volume_get(sr->state, &hold->vdi, &vdi);

    if (!e && hold->lower.text[0])
        e = busy(&hold->vdi, "merge", &hold->holder);
    if (!e && vdi.snapshotting.text[0])
        e = busy(&hold->vdi, "snapshot", &hold->holder);
    if (!e && vdi.resizing_to)
        e = busy(&hold->vdi, "resize", &hold->holder);
    return e;
}

static struct err *busy(const struct uuid *vdi, const char *operation,
                        const struct uuid *holder)
{
    return err_params(ERR_OTHER_OPERATION_IN_PROGRESS, "VDI", vdi->text, operation,
                      holder->text, NULL);
}

/* Who has it says how it ended; of nobody's volume the SR does. */
static struct err *check_end(struct storage *storage, struct sr *sr,
                             const struct volume_id *id, const struct uuid *holder,
                             struct hold *ret_hold)
{
    autovdi vdi = {0};
    struct err *e;

    if (locks_find(storage->locks, &id->sr, &id->vdi, holder, ret_hold))
        return NULL;
    if (!locks_is_held(storage->locks, &id->sr, &id->vdi))
        return sr->driver->volume_settle ? sr->driver->volume_settle(sr->state, &id->vdi)
                                         : NULL;
    e = sr->driver->volume_get(sr->state, &id->vdi, &vdi);
    return !e && vdi.snapshotting.text[0] ? locks_not_held() : e;
}

/* Before its descriptor is handed out. */
static struct err *put_top(struct storage *storage, struct hold *hold,
                           const struct uuid *top)
{
    struct uuid layers[LAYERS_MAX];
    size_t n = hold->n_layers;
    struct err *e;

    if (hold_has(hold, top, 1) || n >= LAYERS_MAX)
        return NULL; /* asked again; or who has unknown layers has all */
    layers[0] = *top;
    memcpy(&layers[1], hold->layers, n * sizeof(layers[0]));
    hold_set_layers(hold, layers, n + 1);
    e = locks_change(storage->locks, hold);
    crash_point("snapshot.held");
    return e;
}

/* It writes to 'before' as ever: what was over it is gone. */
static struct err *drop_top(struct storage *storage, struct hold *hold,
                            const struct uuid *before)
{
    size_t i = index_of(hold, before);

    if (i == 0 || i == hold->n_layers)
        return NULL;
    memmove(hold->layers, &hold->layers[i], (hold->n_layers - i) * sizeof(hold->layers[0]));
    hold->n_layers -= i;
    return locks_change(storage->locks, hold);
}

/* The whole run above 'lower', wherever in it that is. */
static struct err *find_run(const struct sr *sr, const struct uuid *lower,
                            struct merge *ret_run)
{
    automerges list = {0};
    struct err *e = sr->driver->merges(sr->state, &list);

    for (size_t i = 0; !e && i < list.n; i++)
        if (same(merge_lower(&list.at[i]), lower)) {
            *ret_run = list.at[i];
            list.at[i] = (struct merge){0};
            return NULL;
        }
    return e ? e
             : err_params(ERR_OPERATION_NOT_ALLOWED,
                          "The layer is in use by more than one other, or by none", NULL);
}

/* Written down before the first descriptor is handed out. */
static struct err *grant(struct storage *storage, struct sr *sr, const struct merge *run,
                         const struct uuid *holder, struct hold *ret_hold)
{
    autoholds holds = {0};
    struct hold *hold;
    struct err *e;

    locks_on_layers(storage->locks, &sr->uuid, run->layers, run->n_layers, &holds);
    if (holds.n != 1 || !same(&holds.at[0].holder, holder) || holds.at[0].mode != OPEN_RW ||
        !holds.at[0].n_layers)
        return err_params(ERR_OPERATION_NOT_ALLOWED,
                          "The layers are not open by this holder, or not by it alone",
                          NULL);
    hold = &holds.at[0];
    e = check_free(sr, hold);
    if (e)
        return e;
    if (!space_watch_allows(sr->space, run->bytes))
        return storage_full(run->bytes, space_watch_get(sr->space).free);
    hold->lower = *merge_lower(run);
    hold->upper = *merge_upper(run);
    e = locks_change(storage->locks, hold);
    if (e)
        return e;
    crash_point("live-merge.granted");
    *ret_hold = *hold;
    *hold = (struct hold){.n_layers = 0};
    return NULL;
}

static struct err *open_granted(const struct sr *sr, const struct hold *hold,
                                struct live_merge *ret_merge)
{
    struct live_merge merge = {
        .vdi = hold->vdi, .upper = hold->upper, .lower.fd = -1, .overlay.fd = -1};
    size_t i = index_of(hold, &hold->upper);
    struct err *e;

    if (i == hold->n_layers)
        return err_params(ERR_OPERATION_NOT_ALLOWED,
                          "The disk's layers changed while it was open", NULL);
    e = sr->driver->layer_open(sr->state, &hold->lower, OPEN_RW, &merge.lower);
    if (!e && i > 0)
        e = sr->driver->layer_open(sr->state, &hold->layers[i - 1], OPEN_RW,
                                   &merge.overlay);
    if (e) {
        cleanup_close(&merge.lower.fd);
        return e;
    }
    *ret_merge = merge;
    return NULL;
}

static bool find_granted(struct storage *storage, const struct uuid *sr,
                         const struct uuid *lower, const struct uuid *holder,
                         struct hold *ret_hold)
{
    autoholds holds = {0};

    locks_on_sr(storage->locks, sr, &holds);
    for (size_t i = 0; i < holds.n; i++) {
        struct hold *hold = &holds.at[i];

        if (!same(&hold->holder, holder) || !same(&hold->lower, lower))
            continue;
        *ret_hold = *hold;
        *hold = (struct hold){.n_layers = 0};
        return true;
    }
    return false;
}

/* All layers as before; or those above 'lower', up to and with 'upper', are missing. */
static struct err *judge(const struct hold *hold, const struct uuid *chain, size_t n,
                         bool *ret_merged)
{
    size_t upper = index_of(hold, &hold->upper), lower = index_of(hold, &hold->lower);
    size_t rest = hold->n_layers - lower;
    const size_t size = sizeof(chain[0]);

    if (n == hold->n_layers && memcmp(chain, hold->layers, n * size) == 0) {
        *ret_merged = upper == n; /* opened again when the SR had it done already */
        return NULL;
    }
    if (upper < lower && rest && n == upper + rest &&
        memcmp(chain, hold->layers, upper * size) == 0 &&
        memcmp(&chain[upper], &hold->layers[lower], rest * size) == 0) {
        *ret_merged = true;
        return NULL;
    }
    return err_params(ERR_OPERATION_NOT_ALLOWED,
                      "The disk's layers are neither those before the merge nor after it",
                      NULL);
}

/* 'n_layers' when it is not there. */
static size_t index_of(const struct hold *hold, const struct uuid *layer)
{
    size_t i = 0;

    while (i < hold->n_layers && !same(&hold->layers[i], layer))
        i++;
    return i;
}

static bool same(const struct uuid *a, const struct uuid *b)
{
    return STREQ(a->text, b->text);
}
