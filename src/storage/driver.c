// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/driver.h"

#include <string.h>

#define SR_DRIVER(type) extern const struct sr_driver sr_driver_##type;
#include "storage/drivers.def"
#undef SR_DRIVER

const struct sr_driver *const sr_drivers[] = {
#define SR_DRIVER(type) &sr_driver_##type,
#include "storage/drivers.def"
#undef SR_DRIVER
    NULL,
};

const struct sr_driver *sr_driver_by_type(const char *type)
{
    for (size_t i = 0; sr_drivers[i]; i++)
        if (STREQ(sr_drivers[i]->type, type))
            return sr_drivers[i];
    return NULL;
}

struct val sr_driver_features(const struct sr_driver *driver)
{
    const struct {
        bool supported;
        const char *feature;
    } rows[] = {
        {driver->probe, "SR_PROBE"},
        {driver->scan, "SR_UPDATE"},
        {driver->volume_create, "VDI_CREATE"},
        {driver->volume_destroy, "VDI_DELETE"},
        {driver->volume_open, "VDI_ATTACH"},
        {driver->volume_open, "VDI_DETACH"},
        {driver->volume_open, "VDI_ACTIVATE"},
        {driver->volume_open, "VDI_DEACTIVATE"},
        {driver->volume_clone, "VDI_CLONE"},
        {driver->volume_snapshot, "VDI_SNAPSHOT"},
        {driver->volume_revert, "VDI_REVERT"},
        {driver->volume_resize, "VDI_RESIZE"},
        {driver->resize_begin, "VDI_RESIZE_ONLINE"},
        {driver->volume_describe, "VDI_UPDATE"},
    };
    struct val features = val_set(ARRAY_SIZE(rows));

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        if (rows[i].supported)
            val_push(&features, val_str(rows[i].feature));
    for (size_t i = 0; driver->traits && driver->traits[i]; i++)
        val_push(&features, val_str(driver->traits[i]));
    return features;
}

struct val sr_driver_to_val(const struct sr_driver *driver)
{
    struct val row = val_map(6), keys = val_map(4), formats = val_set(2);

    for (size_t i = 0; driver->keys && driver->keys[i].name; i++)
        val_put_str(&keys, driver->keys[i].name, val_str(driver->keys[i].help));
    for (size_t i = 0; driver->formats && driver->formats[i]; i++)
        val_push(&formats, val_str(driver->formats[i]));
    val_put_str(&row, "type", val_str(driver->type));
    val_put_str(&row, "name", val_str(driver->name));
    val_put_str(&row, "description", val_str(driver->description));
    val_put_str(&row, "features", sr_driver_features(driver));
    val_put_str(&row, "device_config", keys);
    val_put_str(&row, "formats", formats);
    return row;
}
