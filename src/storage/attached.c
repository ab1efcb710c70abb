// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/attached.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "agent/doc.h"
#include "base/alloc.h"
#include "base/log.h"
#include "storage/fault.h"

static void settle_all(struct storage *storage, struct sr *sr);
static void attach_one_again(struct storage *storage, const char *name);

struct err *attached_add(struct storage *storage, const struct uuid *uuid, const char *type,
                         const struct val *device_config)
{
    const struct sr_request request = {
        .host = &storage->host,
        .sr = *uuid,
        .device_config = device_config,
        .name_label = "",
        .name_description = "",
    };
    const struct sr_driver *driver = sr_driver_by_type(type);
    struct sr *sr;
    void *state;
    struct err *e = driver ? driver->attach(&request, &state)
                           : err_params(ERR_SR_UNKNOWN_DRIVER, type, NULL);

    if (e)
        return e;
    sr = xcalloc(1, sizeof(*sr));
    *sr = (struct sr){
        .uuid = *uuid,
        .driver = driver,
        .device_config = val_ref(device_config),
        .state = state,
    };
    settle_all(storage, sr);
    if (driver->space_fd)
        sr->space = space_watch_new(storage, uuid, driver->space_fd(state));
    attached_put_back(storage, sr);
    return NULL;
}

struct err *attached_remember(struct storage *storage, const struct sr *sr)
{
    autofree char *name = xasprintf("%s.json", sr->uuid.text);
    autoval struct val object = val_map(3);
    int r;

    val_put_str(&object, "boot_id", val_str(storage->boot_id));
    val_put_str(&object, "type", val_str(sr->driver->type));
    val_put_str(&object, "device_config", val_ref(&sr->device_config));
    r = doc_write(storage->attached_fd, name, &object);
    return r < 0 ? storage_errno(r, "recording that it is attached") : NULL;
}

void attached_forget(struct storage *storage, const struct uuid *uuid)
{
    autofree char *name = xasprintf("%s.json", uuid->text);

    if (unlinkat(storage->attached_fd, name, 0) < 0 && errno != ENOENT)
        log_warn(STORAGE, "SR %s will be attached again at the next start: %s", uuid->text,
                 strerrordesc_np(errno));
}

struct err *attached_take_out(struct storage *storage, const struct uuid *uuid,
                              const char *operation, struct sr **ret_sr)
{
    struct err *e;

    pthread_mutex_lock(&storage->lock);
    if (map_get(&storage->srs, uuid->text))
        e = locks_check_sr_idle(storage->locks, uuid, operation);
    else
        e = err_params(ERR_SR_NOT_ATTACHED, uuid->text, NULL);
    if (!e)
        *ret_sr = map_remove(&storage->srs, uuid->text);
    pthread_mutex_unlock(&storage->lock);
    return e;
}

void attached_put_back(struct storage *storage, struct sr *sr)
{
    pthread_mutex_lock(&storage->lock);
    map_put(&storage->srs, sr->uuid.text, sr);
    pthread_mutex_unlock(&storage->lock);
}

void attached_again(struct storage *storage)
{
    int fd = openat(storage->attached_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *entry;

    if (!dir) {
        log_warn(STORAGE, "nothing is attached again: %s", strerrordesc_np(errno));
        cleanup_close(&fd);
        return;
    }
    while ((entry = readdir(dir)))
        if (entry->d_name[0] != '.')
            attach_one_again(storage, entry->d_name);
    closedir(dir);
}

void attached_free(struct sr *sr)
{
    if (!sr)
        return;
    space_watch_stop(sr->space);
    if (sr->state)
        sr->driver->detach(sr->state);
    val_unref(&sr->device_config);
    free(sr);
}

/* What was begun and cut off, of volumes nobody has open: their holders know better. */
static void settle_all(struct storage *storage, struct sr *sr)
{
    autofree struct uuid *vdis = NULL;
    size_t n = 0;

    if (sr->driver->unsettled)
        vdis = sr->driver->unsettled(sr->state, &n);
    for (size_t i = 0; i < n; i++) {
        struct err *e;

        if (locks_is_held(storage->locks, &sr->uuid, &vdis[i]))
            continue;
        e = sr->driver->volume_settle(sr->state, &vdis[i]);
        if (e)
            log_warn(STORAGE, "VDI %s is settled when it is next used: %s", vdis[i].text,
                     err_sentence(e));
        err_free(e);
    }
}

static void attach_one_again(struct storage *storage, const char *name)
{
    char text[UUID_LEN + 1] = "";
    autoval struct val object = val_void();
    const struct val *device_config;
    const char *boot_id, *type;
    struct uuid uuid;
    struct err *e;

    memcpy(text, name, strnlen(name, UUID_LEN));
    if (!uuid_is_valid(text) || !STREQ(name + UUID_LEN, ".json") ||
        doc_read(storage->attached_fd, name, &object) < 0 ||
        doc_text(&object, "boot_id", 64, &boot_id) < 0 ||
        !STREQ(boot_id, storage->boot_id) || doc_text(&object, "type", 64, &type) < 0 ||
        !(device_config = val_find(&object, "device_config")) ||
        device_config->kind != VAL_MAP) {
        /* Of another boot, half of a replacement that a crash cut off, or nothing of ours.
         */
        unlinkat(storage->attached_fd, name, 0);
        return;
    }
    for (size_t i = 0; i < val_count(device_config); i++)
        if (val_value_at(device_config, i)->kind != VAL_STR)
            return;
    uuid = uuid_lower(text);
    e = attached_add(storage, &uuid, type, device_config);
    if (!e) {
        log_info(STORAGE, "attached SR %s again", uuid.text);
        return;
    }
    log_error(STORAGE, "SR %s was attached and is not now: %s", uuid.text, err_sentence(e));
    err_free(e);
}
