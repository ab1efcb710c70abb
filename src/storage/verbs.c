// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/verbs.h"

#include <string.h>

#include "storage/driver.h"
#include "storage/fault.h"
#include "storage/live.h"
#include "storage/sr.h"
#include "storage/sr_private.h"
#include "storage/volume.h"

#define NAME_SIZE 16384
#define WORD_SIZE 64
#define RATE_MAX  (INT64_C(1) << 50)

static struct uuid uuid_of(const struct verb_call *call, const char *name)
{
    return uuid_lower(call_text(call, name));
}

static struct volume_id volume_of(const struct verb_call *call)
{
    return (struct volume_id){uuid_of(call, "sr"), uuid_of(call, "vdi")};
}

/* NULL when absent: leave it. */
static const char *text_or_null(const struct verb_call *call, const char *name)
{
    return call_arg(call, name) ? call_text(call, name) : NULL;
}

static struct volume_names names_of(const struct verb_call *call)
{
    return (struct volume_names){call_text(call, "name_label"),
                                 call_text(call, "name_description")};
}

/* {fd, format, id}; the descriptor is taken. */
static struct val layer_to_val(struct verb_call *call, struct layer *layer)
{
    struct val v = val_map(3);

    val_put_str(&v, "fd", val_int(call_return_fd(call, take_fd(layer->fd))));
    val_put_str(&v, "format", val_str(layer->format));
    val_put_str(&v, "id", val_str(layer->id.text));
    return v;
}

static struct err *run_sr_create(struct verb_call *call, struct val *ret_result)
{
    const struct sr_wanted wanted = {
        .uuid = uuid_of(call, "sr"),
        .type = call_text(call, "type"),
        .device_config = call_arg(call, "device_config"),
        .name_label = call_text(call, "name_label"),
        .name_description = call_text(call, "name_description"),
    };

    return sr_create(call->state, &wanted, ret_result);
}

static struct err *run_sr_attach(struct verb_call *call, struct val *ret_result)
{
    struct uuid sr = uuid_of(call, "sr");

    return sr_attach(call->state, &sr, call_text(call, "type"),
                     call_arg(call, "device_config"));
}

static struct err *run_sr_detach(struct verb_call *call, struct val *ret_result)
{
    struct uuid sr = uuid_of(call, "sr");

    return sr_detach(call->state, &sr);
}

static struct err *run_sr_destroy(struct verb_call *call, struct val *ret_result)
{
    struct uuid sr = uuid_of(call, "sr");

    return sr_destroy(call->state, &sr);
}

static struct err *run_sr_describe(struct verb_call *call, struct val *ret_result)
{
    struct uuid sr = uuid_of(call, "sr");

    return sr_describe(call->state, &sr, text_or_null(call, "name_label"),
                       text_or_null(call, "name_description"));
}

static struct err *run_sr_scan(struct verb_call *call, struct val *ret_result)
{
    struct uuid sr = uuid_of(call, "sr");

    return sr_scan(call->state, &sr, ret_result);
}

static struct err *run_sr_probe(struct verb_call *call, struct val *ret_result)
{
    return sr_probe(call->state, call_text(call, "type"), call_arg(call, "device_config"),
                    ret_result);
}

static struct err *run_sr_drivers(struct verb_call *call, struct val *ret_result)
{
    struct val drivers = val_set(2);

    for (size_t i = 0; sr_drivers[i]; i++)
        val_push(&drivers, sr_driver_to_val(sr_drivers[i]));
    *ret_result = val_map(1);
    val_put_str(ret_result, "drivers", drivers);
    return NULL;
}

static struct err *run_vdi_create(struct verb_call *call, struct val *ret_result)
{
    struct volume_id id = volume_of(call);
    struct volume_names names = names_of(call);

    return volume_create(call->state, &id, (uint64_t)call_int(call, "size", 0), &names,
                         call_text(call, "kind"), ret_result);
}

static struct err *run_vdi_destroy(struct verb_call *call, struct val *ret_result)
{
    struct volume_id id = volume_of(call);

    return volume_destroy(call->state, &id);
}

static struct err *run_vdi_resize(struct verb_call *call, struct val *ret_result)
{
    struct volume_id id = volume_of(call);

    return volume_resize(call->state, &id, (uint64_t)call_int(call, "size", 0), ret_result);
}

static struct err *run_vdi_snapshot(struct verb_call *call, struct val *ret_result)
{
    struct volume_id id = volume_of(call);
    struct volume_names names = names_of(call);
    struct uuid new = uuid_of(call, "new");

    return volume_snapshot(call->state, &id, &new, &names, ret_result);
}

static struct err *run_vdi_clone(struct verb_call *call, struct val *ret_result)
{
    struct volume_id id = volume_of(call);
    struct volume_names names = names_of(call);
    struct uuid new = uuid_of(call, "new");

    return volume_clone(call->state, &id, &new, &names, ret_result);
}

static struct err *run_vdi_revert(struct verb_call *call, struct val *ret_result)
{
    struct volume_id id = volume_of(call);
    struct uuid snapshot = uuid_of(call, "snapshot");

    return volume_revert(call->state, &id, &snapshot, ret_result);
}

static struct err *run_vdi_describe(struct verb_call *call, struct val *ret_result)
{
    struct volume_id id = volume_of(call);
    struct volume_names names = {text_or_null(call, "name_label"),
                                 text_or_null(call, "name_description")};

    return volume_describe(call->state, &id, &names, ret_result);
}

static struct err *run_vdi_fill(struct verb_call *call, struct val *ret_result)
{
    struct volume_id id = volume_of(call);
    const char *format = call_text(call, "format");
    autoclose int fd = -1;

    if (!STREQ(format, "raw") && !STREQ(format, "qcow2"))
        return err_params(ERR_VALUE_NOT_SUPPORTED, "format", format, "raw or qcow2", NULL);
    fd = call_take_fd(call, "from");
    return volume_fill(call->state, &id, fd, format, ret_result);
}

static struct err *run_vdi_open(struct verb_call *call, struct val *ret_result)
{
    struct volume_id id = volume_of(call);
    struct uuid holder = uuid_of(call, "holder");
    const char *mode = call_text(call, "mode");
    autolayers layers = {.n = 0};
    uint64_t virtual_size;
    struct val list;
    struct err *e;

    if (!STREQ(mode, "ro") && !STREQ(mode, "rw"))
        return err_params(ERR_VALUE_NOT_SUPPORTED, "mode", mode, "ro or rw", NULL);
    e = volume_open(call->state, &id, STREQ(mode, "rw") ? OPEN_RW : OPEN_RO, &holder,
                    &layers, &virtual_size);
    if (e)
        return e;
    list = val_set(layers.n);
    for (size_t i = 0; i < layers.n; i++)
        val_push(&list, layer_to_val(call, &layers.at[i]));
    *ret_result = val_map(2);
    val_put_str(ret_result, "layers", list);
    val_put_str(ret_result, "virtual_size", val_int((int64_t)virtual_size));
    return NULL;
}

static struct err *run_vdi_close(struct verb_call *call, struct val *ret_result)
{
    struct volume_id id = volume_of(call);
    struct uuid holder = uuid_of(call, "holder");

    return volume_close(call->state, &id, &holder);
}

static struct err *run_vdi_snapshot_begin(struct verb_call *call, struct val *ret_result)
{
    struct volume_id id = volume_of(call);
    struct volume_names names = names_of(call);
    struct uuid holder = uuid_of(call, "holder"), new = uuid_of(call, "new");
    struct live_top top;
    struct err *e = live_snapshot_begin(call->state, &id, &holder, &new, &names, &top);

    if (e)
        return e;
    *ret_result = val_map(3);
    val_put_str(ret_result, "top", layer_to_val(call, &top.layer));
    val_put_str(ret_result, "before", val_str(top.before.text));
    val_put_str(ret_result, "virtual_size", val_int((int64_t)top.virtual_size));
    return NULL;
}

static struct err *run_vdi_snapshot_end(struct verb_call *call, struct val *ret_result)
{
    struct volume_id id = volume_of(call);
    struct uuid holder = uuid_of(call, "holder"), new = uuid_of(call, "new");
    struct uuid top = uuid_of(call, "top");

    return live_snapshot_end(call->state, &id, &holder, &new, &top, ret_result);
}

static struct err *run_vdi_resize_begin(struct verb_call *call, struct val *ret_result)
{
    struct volume_id id = volume_of(call);
    struct uuid holder = uuid_of(call, "holder");

    return live_resize_begin(call->state, &id, &holder, (uint64_t)call_int(call, "size", 0),
                             ret_result);
}

static struct err *run_vdi_resize_end(struct verb_call *call, struct val *ret_result)
{
    struct volume_id id = volume_of(call);
    struct uuid holder = uuid_of(call, "holder");

    return live_resize_end(call->state, &id, &holder, (uint64_t)call_int(call, "size", 0),
                           ret_result);
}

static struct err *run_layer_merges(struct verb_call *call, struct val *ret_result)
{
    struct uuid uuid = uuid_of(call, "sr");
    struct val merges;
    struct sr *sr;
    struct err *e = sr_get(call->state, &uuid, &sr);

    if (!e)
        e = merger_list(call->state, sr, &merges);
    if (e)
        return e;
    *ret_result = val_map(1);
    val_put_str(ret_result, "merges", merges);
    return NULL;
}

static struct err *run_layer_merge(struct verb_call *call, struct val *ret_result)
{
    struct uuid uuid = uuid_of(call, "sr"), lower = uuid_of(call, "lower"), job;
    uint64_t rate = (uint64_t)call_int(call, "rate", 0);
    struct sr *sr;
    struct err *e = sr_get(call->state, &uuid, &sr);

    if (!e)
        e = merger_start(call->state, sr, &lower, rate, &job);
    if (e)
        return e;
    *ret_result = val_map(1);
    val_put_str(ret_result, "job", val_str(job.text));
    return NULL;
}

static struct err *run_layer_merge_begin(struct verb_call *call, struct val *ret_result)
{
    struct uuid sr = uuid_of(call, "sr"), lower = uuid_of(call, "lower");
    struct uuid holder = uuid_of(call, "holder");
    struct live_merge merge;
    struct err *e = live_merge_begin(call->state, &sr, &lower, &holder, &merge);

    if (e)
        return e;
    *ret_result = val_map(4);
    val_put_str(ret_result, "vdi", val_str(merge.vdi.text));
    val_put_str(ret_result, "lower", layer_to_val(call, &merge.lower));
    val_put_str(ret_result, "upper", val_str(merge.upper.text));
    if (merge.overlay.fd >= 0)
        val_put_str(ret_result, "overlay", layer_to_val(call, &merge.overlay));
    return NULL;
}

static struct err *run_layer_merge_end(struct verb_call *call, struct val *ret_result)
{
    struct uuid sr = uuid_of(call, "sr"), lower = uuid_of(call, "lower");
    struct uuid holder = uuid_of(call, "holder"), chain[LAYERS_MAX];
    const struct val *ids = call_arg(call, "chain");
    bool merged = false;
    struct err *e = NULL;
    size_t n = val_count(ids);

    for (size_t i = 0; i < n && !e; i++) {
        const struct val *id = val_at(ids, i);

        if (i == LAYERS_MAX || id->kind != VAL_STR || !uuid_is_valid(val_text(id)))
            e = err_params(ERR_VALUE_NOT_SUPPORTED, "chain", "", "ids of layers", NULL);
        else
            chain[i] = uuid_lower(val_text(id));
    }
    if (!e)
        e = live_merge_end(call->state, &sr, &lower, &holder, chain, n, &merged);
    if (e)
        return e;
    *ret_result = val_map(1);
    val_put_str(ret_result, "merged", val_bool(merged));
    return NULL;
}

static struct err *run_job_list(struct verb_call *call, struct val *ret_result)
{
    const struct storage *storage = call->state;

    *ret_result = val_map(1);
    val_put_str(ret_result, "jobs", jobs_to_val(storage->jobs));
    return NULL;
}

static struct err *run_job_cancel(struct verb_call *call, struct val *ret_result)
{
    struct storage *storage = call->state;
    struct uuid id = uuid_of(call, "job"), sr;
    struct err *e = job_cancel(storage->jobs, &id, &sr);

    if (e)
        return e;
    merger_kick(storage, &sr);
    return job_to_val(storage->jobs, &id, ret_result);
}

static struct err *run_job_rate(struct verb_call *call, struct val *ret_result)
{
    struct storage *storage = call->state;
    struct uuid id = uuid_of(call, "job");
    struct err *e = job_set_rate(storage->jobs, &id, (uint64_t)call_int(call, "rate", 0));

    return e ? e : job_to_val(storage->jobs, &id, ret_result);
}

#define SR                                                                                 \
    {                                                                                      \
        "sr", ARG_UUID                                                                     \
    }
#define VDI                                                                                \
    {"sr", ARG_UUID},                                                                      \
    {                                                                                      \
        "vdi", ARG_UUID                                                                    \
    }
#define NEW                                                                                \
    {                                                                                      \
        "new", ARG_UUID                                                                    \
    }
#define HOLDER                                                                             \
    {                                                                                      \
        "holder", ARG_UUID                                                                 \
    }
#define SIZE                                                                               \
    {                                                                                      \
        "size", ARG_INT, .min = 0, .max = INT64_MAX                                        \
    }
#define TYPE                                                                               \
    {                                                                                      \
        "type", ARG_WORD, .max = WORD_SIZE                                                 \
    }
#define CONFIG                                                                             \
    {                                                                                      \
        "device_config", ARG_MAP                                                           \
    }
#define NAMES                                                                              \
    {"name_label", ARG_TEXT, true, .max = NAME_SIZE},                                      \
    {                                                                                      \
        "name_description", ARG_TEXT, true, .max = NAME_SIZE                               \
    }

#define RATE                                                                               \
    {                                                                                      \
        "rate", ARG_INT, true, .min = 0, .max = RATE_MAX                                   \
    }

static const struct verb_arg args_sr[] = {SR};
static const struct verb_arg args_sr_create[] = {SR, TYPE, CONFIG, NAMES};
static const struct verb_arg args_sr_attach[] = {SR, TYPE, CONFIG};
static const struct verb_arg args_sr_describe[] = {SR, NAMES};
static const struct verb_arg args_sr_probe[] = {TYPE, CONFIG};
static const struct verb_arg args_vdi[] = {VDI};
static const struct verb_arg args_vdi_create[] = {
    VDI, SIZE, NAMES, {"kind", ARG_WORD, .max = WORD_SIZE}};
static const struct verb_arg args_vdi_resize[] = {VDI, SIZE};
static const struct verb_arg args_vdi_copy[] = {VDI, NEW, NAMES};
static const struct verb_arg args_vdi_revert[] = {VDI, {"snapshot", ARG_UUID}};
static const struct verb_arg args_vdi_describe[] = {VDI, NAMES};
static const struct verb_arg args_vdi_fill[] = {
    VDI, {"from", ARG_FD}, {"format", ARG_WORD, .max = WORD_SIZE}};
static const struct verb_arg args_vdi_open[] = {
    VDI, {"mode", ARG_WORD, .max = WORD_SIZE}, HOLDER};
static const struct verb_arg args_vdi_close[] = {VDI, HOLDER};
static const struct verb_arg args_vdi_snapshot_begin[] = {VDI, HOLDER, NEW, NAMES};
static const struct verb_arg args_vdi_snapshot_end[] = {
    VDI, HOLDER, NEW, {"top", ARG_UUID}};
static const struct verb_arg args_vdi_resize_live[] = {VDI, HOLDER, SIZE};
static const struct verb_arg args_layer_merge_begin[] = {SR, {"lower", ARG_UUID}, HOLDER};
static const struct verb_arg args_layer_merge_end[] = {
    SR, {"lower", ARG_UUID}, HOLDER, {"chain", ARG_LIST}};
static const struct verb_arg args_layer_merge[] = {SR, {"lower", ARG_UUID}, RATE};
static const struct verb_arg args_job[] = {{"job", ARG_UUID}};
static const struct verb_arg args_job_rate[] = {
    {"job", ARG_UUID}, {"rate", ARG_INT, .min = 0, .max = RATE_MAX}};

#define VERB(name, args, queue, run, help)                                                 \
    {                                                                                      \
        name, args, ARRAY_SIZE(args), queue, run, help                                     \
    }

const struct verb storage_verbs[] = {
    VERB("sr.create", args_sr_create, "sr", run_sr_create, "makes an SR and marks it"),
    VERB("sr.attach", args_sr_attach, "sr", run_sr_attach, "makes an SR usable here"),
    VERB("sr.detach", args_sr, "sr", run_sr_detach, "the opposite, when nothing is open"),
    VERB("sr.destroy", args_sr, "sr", run_sr_destroy, "removes an attached, empty SR"),
    VERB("sr.describe", args_sr_describe, "sr", run_sr_describe, "changes an SR's names"),
    VERB("sr.scan", args_sr, "sr", run_sr_scan, "space and volumes, read anew"),
    VERB("sr.probe", args_sr_probe, NULL, run_sr_probe, "SRs found at a place"),
    {"sr.drivers", NULL, 0, NULL, run_sr_drivers, "the types of SRs"},
    VERB("vdi.create", args_vdi_create, "sr", run_vdi_create, "makes an empty volume"),
    VERB("vdi.destroy", args_vdi, "sr", run_vdi_destroy, "removes a volume"),
    VERB("vdi.resize", args_vdi_resize, "sr", run_vdi_resize, "grows a volume"),
    VERB("vdi.snapshot", args_vdi_copy, "sr", run_vdi_snapshot, "makes a read-only copy"),
    VERB("vdi.clone", args_vdi_copy, "sr", run_vdi_clone, "makes a writable copy"),
    VERB("vdi.revert", args_vdi_revert, "sr", run_vdi_revert, "goes back to a snapshot"),
    VERB("vdi.describe", args_vdi_describe, "sr", run_vdi_describe, "changes its names"),
    VERB("vdi.fill", args_vdi_fill, NULL, run_vdi_fill, "copies an image into a volume"),
    VERB("vdi.open", args_vdi_open, "sr", run_vdi_open, "descriptors for a holder"),
    VERB("vdi.close", args_vdi_close, "sr", run_vdi_close, "ends a holder's hold"),
    VERB("vdi.snapshot_begin", args_vdi_snapshot_begin, "sr", run_vdi_snapshot_begin,
         "a layer for a disk in use to move to"),
    VERB("vdi.snapshot_end", args_vdi_snapshot_end, "sr", run_vdi_snapshot_end,
         "whether it moved"),
    VERB("vdi.resize_begin", args_vdi_resize_live, "sr", run_vdi_resize_begin,
         "a disk in use is about to grow"),
    VERB("vdi.resize_end", args_vdi_resize_live, "sr", run_vdi_resize_end,
         "the size it has now"),
    VERB("layer.merges", args_sr, "sr", run_layer_merges, "layers that can become one"),
    VERB("layer.merge", args_layer_merge, "sr", run_layer_merge, "merges them at rest"),
    VERB("layer.merge_begin", args_layer_merge_begin, "sr", run_layer_merge_begin,
         "lets a process in use of layers merge them"),
    VERB("layer.merge_end", args_layer_merge_end, "sr", run_layer_merge_end,
         "whether it did"),
    {"job.list", NULL, 0, NULL, run_job_list, "what goes on by itself"},
    VERB("job.cancel", args_job, NULL, run_job_cancel, "ends a job"),
    VERB("job.rate", args_job_rate, NULL, run_job_rate, "slows a job down"),
};
const size_t n_storage_verbs = ARRAY_SIZE(storage_verbs);
