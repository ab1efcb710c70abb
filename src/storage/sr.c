// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/sr.h"

#include <string.h>

#include "base/log.h"
#include "base/vec.h"
#include "storage/attached.h"
#include "storage/fault.h"

static struct err *driver_of(const char *type, const struct sr_driver **ret_driver);
static struct val room_to_val(const struct sr_space *space);
static uint64_t could_take(const struct vdi_list *list);

struct err *sr_create(struct storage *storage, const struct sr_wanted *wanted,
                      struct val *ret_space)
{
    const struct sr_request request = {
        .host = &storage->host,
        .sr = wanted->uuid,
        .device_config = wanted->device_config,
        .name_label = wanted->name_label,
        .name_description = wanted->name_description,
    };
    const struct sr_driver *driver = NULL;
    struct sr_space space = {0};
    struct err *e = driver_of(wanted->type, &driver);

    if (e)
        return e;
    if (!driver->create)
        return err_params(ERR_SR_OPERATION_NOT_SUPPORTED, wanted->uuid.text, NULL);
    e = driver->create(&request, &space);
    if (e)
        return err_context(e, "making SR %s of type %s", wanted->uuid.text, wanted->type);
    *ret_space = room_to_val(&space);
    log_info(STORAGE, "made SR %s of type %s", wanted->uuid.text, wanted->type);
    return NULL;
}

struct err *sr_attach(struct storage *storage, const struct uuid *uuid, const char *type,
                      const struct val *device_config)
{
    struct sr *sr;
    struct err *e = sr_get(storage, uuid, &sr);

    if (!e) {
        if (val_equal(&sr->device_config, device_config))
            return NULL;
        return storage_failure("SR %s is attached already, from another place: detach it "
                               "first",
                               uuid->text);
    }
    err_ignore(e, "it is about to be attached");
    e = attached_add(storage, uuid, type, device_config);
    if (!e)
        e = sr_get(storage, uuid, &sr);
    if (!e)
        e = attached_remember(storage, sr);
    if (e)
        return err_context(e, "attaching SR %s", uuid->text);
    log_info(STORAGE, "attached SR %s of type %s", uuid->text, type);
    merger_kick(storage, uuid);
    merger_look(storage, sr);
    return NULL;
}

struct err *sr_detach(struct storage *storage, const struct uuid *uuid)
{
    struct sr *sr = NULL;
    struct err *e;

    jobs_stop(storage->jobs, uuid);
    e = attached_take_out(storage, uuid, "detach", &sr);
    if (e && err_code(e) == ERR_SR_NOT_ATTACHED) {
        err_free(e);
        return NULL;
    }
    merger_kick(storage, uuid); /* jobs say that they wait for it, or go on */
    if (e)
        return e;
    attached_forget(storage, uuid);
    attached_free(sr);
    log_info(STORAGE, "detached SR %s", uuid->text);
    return NULL;
}

struct err *sr_destroy(struct storage *storage, const struct uuid *uuid)
{
    struct sr *sr = NULL;
    struct err *e = attached_take_out(storage, uuid, "destroy", &sr);

    if (e)
        return e;
    e = sr->driver->destroy ? sr->driver->destroy(sr->state) : sr_not_supported(sr);
    if (e) {
        attached_put_back(storage, sr);
        return err_context(e, "destroying SR %s", uuid->text);
    }
    attached_forget(storage, uuid);
    attached_free(sr);
    merger_forget(storage, uuid);
    log_info(STORAGE, "destroyed SR %s", uuid->text);
    return NULL;
}

struct err *sr_describe(struct storage *storage, const struct uuid *uuid,
                        const char *name_label, const char *name_description)
{
    struct sr *sr;
    struct err *e = sr_get(storage, uuid, &sr);

    if (e)
        return e;
    if (!sr->driver->describe)
        return NULL; /* it keeps no names */
    return sr->driver->describe(sr->state, name_label, name_description);
}

struct err *sr_scan(struct storage *storage, const struct uuid *uuid, struct val *ret_scan)
{
    struct sr_space space = {0};
    autovdilist list = {0};
    struct val vdis;
    struct sr *sr;
    struct err *e = sr_get(storage, uuid, &sr);

    if (!e)
        e = sr->driver->stat(sr->state, &space);
    if (!e)
        e = sr->driver->scan(sr->state, &list);
    if (e)
        return err_context(e, "scanning SR %s", uuid->text);

    vdis = val_set(list.n);
    for (size_t i = 0; i < list.n; i++) {
        const struct vdi *vdi = &list.at[i];

        val_push(&vdis, vdi_to_val(vdi, locks_list(storage->locks, uuid, &vdi->uuid)));
    }
    *ret_scan = room_to_val(&space);
    val_put_str(ret_scan, "used", val_int((int64_t)space.used));
    val_put_str(ret_scan, "could_take", val_int((int64_t)could_take(&list)));
    space_put(sr->space, ret_scan);
    val_put_str(ret_scan, "vdis", vdis);
    return NULL;
}

struct err *sr_probe(struct storage *storage, const char *type,
                     const struct val *device_config, struct val *ret_srs)
{
    const struct sr_request request = {
        .host = &storage->host,
        .device_config = device_config,
        .name_label = "",
        .name_description = "",
    };
    const struct sr_driver *driver = NULL;
    struct val srs;
    struct err *e = driver_of(type, &driver);

    if (e)
        return e;
    if (!driver->probe)
        return err_params(ERR_SR_OPERATION_NOT_SUPPORTED, type, NULL);
    e = driver->probe(&request, &srs);
    if (e)
        return err_context(e, "probing for SRs of type %s", type);
    *ret_srs = val_map(1);
    val_put_str(ret_srs, "srs", srs);
    return NULL;
}

static struct err *driver_of(const char *type, const struct sr_driver **ret_driver)
{
    const struct sr_driver *driver = sr_driver_by_type(type);

    if (!driver)
        return err_params(ERR_SR_UNKNOWN_DRIVER, type, NULL);
    *ret_driver = driver;
    return NULL;
}

/* What guests could still make it grow by without asking anybody. */
static uint64_t could_take(const struct vdi_list *list)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < list->n; i++) {
        const struct vdi *vdi = &list->at[i];

        if (!vdi->read_only && !vdi->damaged &&
            vdi->virtual_size > vdi->physical_utilisation)
            sum += vdi->virtual_size - vdi->physical_utilisation;
    }
    return sum;
}

static struct val room_to_val(const struct sr_space *space)
{
    struct val v = val_map(4);

    val_put_str(&v, "total", val_int((int64_t)space->total));
    val_put_str(&v, "free", val_int((int64_t)space->free));
    return v;
}
