// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/verbs.h"

#include <string.h>

#include "storage/driver.h"
#include "storage/fault.h"
#include "storage/sr.h"
#include "storage/volume.h"

#define NAME_SIZE 16384
#define WORD_SIZE 64

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
    for (size_t i = 0; i < layers.n; i++) {
        struct layer *layer = &layers.at[i];
        struct val row = val_map(3);

        val_put_str(&row, "fd", val_int(call_return_fd(call, take_fd(layer->fd))));
        val_put_str(&row, "format", val_str(layer->format));
        val_put_str(&row, "id", val_str(layer->id.text));
        val_push(&list, row);
    }
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
};
const size_t n_storage_verbs = ARRAY_SIZE(storage_verbs);
