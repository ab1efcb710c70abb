// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/sr.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/doc.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/map.h"
#include "storage/fault.h"
#include "storage/host.h"
#include "storage/sr_private.h"

struct storage {
    struct sr_host host;
    struct lock_table *locks;
    int attached_fd; /* <state>/attached: a file for each SR, to attach again */
    char *boot_id;
    pthread_mutex_t lock; /* before the lock table's own */
    struct map srs;       /* guarded by lock */
};

static struct err *open_attached(int state_fd, int *ret_fd);
static struct err *attach(struct storage *storage, const struct uuid *uuid,
                          const char *type, const struct val *device_config);
static struct err *remember(struct storage *storage, const struct sr *sr,
                            const struct val *device_config);
static void forget(struct storage *storage, const struct uuid *uuid);
static void attach_again(struct storage *storage);
static void attach_one_again(struct storage *storage, const char *name);
static struct err *take_out(struct storage *storage, const struct uuid *uuid,
                            const char *operation, struct sr **ret_sr);
static void put_in(struct storage *storage, struct sr *sr);
static struct err *driver_of(const char *type, const struct sr_driver **ret_driver);
static struct val space_to_val(const struct sr_space *space);

static void sr_free(struct sr *sr)
{
    if (!sr)
        return;
    if (sr->state)
        sr->driver->detach(sr->state);
    free(sr);
}

struct err *storage_new(const struct storage_config *config, struct storage **ret_storage)
{
    struct storage *storage = xcalloc(1, sizeof(*storage));
    autoclose int state_fd = fd_open_dir(config->state_dir, 0700);
    struct err *e = NULL;

    storage->attached_fd = -1;
    storage->host = (struct sr_host){
        .state_dir = config->state_dir,
        .roots = config->roots,
        .started_us = (int64_t)(clock_wall() * 1e6),
        .tool = image_tool_find(),
    };
    storage->boot_id = xstrdup(uuid_of_boot().text);
    pthread_mutex_init(&storage->lock, NULL);
    if (state_fd < 0)
        e = storage_errno(state_fd, "opening %s", config->state_dir);
    if (!e)
        e = locks_new(state_fd, storage->boot_id, &storage->locks);
    if (!e)
        e = open_attached(state_fd, &storage->attached_fd);
    if (e) {
        storage_free(storage);
        return e;
    }
    attach_again(storage);
    *ret_storage = storage;
    return NULL;
}

void storage_free(struct storage *storage)
{
    const struct map_slot *slot;
    size_t i = 0;

    if (!storage)
        return;
    while ((slot = map_next(&storage->srs, &i)))
        sr_free(slot->value);
    map_fini(&storage->srs);
    locks_free(storage->locks);
    cleanup_close(&storage->attached_fd);
    pthread_mutex_destroy(&storage->lock);
    free(storage->boot_id);
    free(storage);
}

struct lock_table *storage_locks(struct storage *storage)
{
    return storage->locks;
}

struct err *sr_get(struct storage *storage, const struct uuid *uuid, struct sr **ret_sr)
{
    struct sr *sr;

    pthread_mutex_lock(&storage->lock);
    sr = map_get(&storage->srs, uuid->text);
    pthread_mutex_unlock(&storage->lock);
    if (!sr)
        return err_params(ERR_SR_NOT_ATTACHED, uuid->text, NULL);
    *ret_sr = sr;
    return NULL;
}

struct err *sr_reserve(struct storage *storage, const struct uuid *uuid,
                       const struct uuid *vdi, const char *operation, struct sr **ret_sr)
{
    struct err *e;
    struct sr *sr;

    pthread_mutex_lock(&storage->lock);
    sr = map_get(&storage->srs, uuid->text);
    e = sr ? locks_reserve(storage->locks, uuid, vdi, operation)
           : err_params(ERR_SR_NOT_ATTACHED, uuid->text, NULL);
    pthread_mutex_unlock(&storage->lock);
    if (!e)
        *ret_sr = sr;
    return e;
}

struct err *sr_not_supported(const struct sr *sr)
{
    return err_params(ERR_SR_OPERATION_NOT_SUPPORTED, sr->uuid.text, NULL);
}

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
    *ret_space = space_to_val(&space);
    log_info(STORAGE, "made SR %s of type %s", wanted->uuid.text, wanted->type);
    return NULL;
}

struct err *sr_attach(struct storage *storage, const struct uuid *uuid, const char *type,
                      const struct val *device_config)
{
    struct sr *sr;
    struct err *e;

    pthread_mutex_lock(&storage->lock);
    sr = map_get(&storage->srs, uuid->text);
    pthread_mutex_unlock(&storage->lock);
    if (sr)
        return NULL;

    e = attach(storage, uuid, type, device_config);
    if (!e)
        e = sr_get(storage, uuid, &sr);
    if (!e)
        e = remember(storage, sr, device_config);
    if (!e)
        log_info(STORAGE, "attached SR %s of type %s", uuid->text, type);
    return err_context(e, "attaching SR %s", uuid->text);
}

struct err *sr_detach(struct storage *storage, const struct uuid *uuid)
{
    struct sr *sr = NULL;
    struct err *e = take_out(storage, uuid, "detach", &sr);

    if (e && err_code(e) == ERR_SR_NOT_ATTACHED) {
        err_free(e);
        return NULL;
    }
    if (e)
        return e;
    forget(storage, uuid);
    sr_free(sr);
    log_info(STORAGE, "detached SR %s", uuid->text);
    return NULL;
}

struct err *sr_destroy(struct storage *storage, const struct uuid *uuid)
{
    struct sr *sr = NULL;
    struct err *e = take_out(storage, uuid, "destroy", &sr);

    if (e)
        return e;
    e = sr->driver->destroy ? sr->driver->destroy(sr->state) : sr_not_supported(sr);
    if (e) {
        put_in(storage, sr);
        return err_context(e, "destroying SR %s", uuid->text);
    }
    forget(storage, uuid);
    sr_free(sr);
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
    *ret_scan = space_to_val(&space);
    val_put_str(ret_scan, "used", val_int((int64_t)space.used));
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

/* Holds of another boot are void; without a boot id all holds are of the same one. */
static struct err *open_attached(int state_fd, int *ret_fd)
{
    int fd;

    if (mkdirat(state_fd, "attached", 0700) < 0 && errno != EEXIST)
        return storage_errno(errno, "making the directory of attached SRs");
    fd = fd_open_beneath(state_fd, "attached", O_RDONLY | O_DIRECTORY, 0);
    if (fd < 0)
        return storage_errno(fd, "opening the directory of attached SRs");
    *ret_fd = fd;
    return NULL;
}

static struct err *attach(struct storage *storage, const struct uuid *uuid,
                          const char *type, const struct val *device_config)
{
    const struct sr_request request = {
        .host = &storage->host,
        .sr = *uuid,
        .device_config = device_config,
        .name_label = "",
        .name_description = "",
    };
    const struct sr_driver *driver = NULL;
    struct sr *sr;
    void *state;
    struct err *e = driver_of(type, &driver);

    if (!e)
        e = driver->attach(&request, &state);
    if (e)
        return e;
    sr = xcalloc(1, sizeof(*sr));
    *sr = (struct sr){*uuid, driver, state};
    put_in(storage, sr);
    return NULL;
}

static struct err *remember(struct storage *storage, const struct sr *sr,
                            const struct val *device_config)
{
    autofree char *name = xasprintf("%s.json", sr->uuid.text);
    autoval struct val object = val_map(3);
    int r;

    val_put_str(&object, "boot_id", val_str(storage->boot_id));
    val_put_str(&object, "type", val_str(sr->driver->type));
    val_put_str(&object, "device_config", val_ref(device_config));
    r = doc_write(storage->attached_fd, name, &object);
    return r < 0 ? storage_errno(r, "recording that it is attached") : NULL;
}

static void forget(struct storage *storage, const struct uuid *uuid)
{
    autofree char *name = xasprintf("%s.json", uuid->text);

    if (unlinkat(storage->attached_fd, name, 0) < 0 && errno != ENOENT)
        log_warn(STORAGE, "SR %s will be attached again at the next start: %s", uuid->text,
                 strerrordesc_np(errno));
}

static void attach_again(struct storage *storage)
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

static void attach_one_again(struct storage *storage, const char *name)
{
    char text[UUID_LEN + 1] = "";
    autoval struct val object = val_void();
    const struct val *device_config;
    const char *boot_id, *type;
    struct uuid uuid;
    struct err *e;

    memcpy(text, name, strnlen(name, UUID_LEN));
    if (!uuid_is_valid(text) || doc_read(storage->attached_fd, name, &object) < 0 ||
        doc_text(&object, "boot_id", 64, &boot_id) < 0 ||
        !STREQ(boot_id, storage->boot_id) || doc_text(&object, "type", 64, &type) < 0 ||
        !(device_config = val_find(&object, "device_config")) ||
        device_config->kind != VAL_MAP) {
        /* Of another boot, or nothing of ours. */
        unlinkat(storage->attached_fd, name, 0);
        return;
    }
    for (size_t i = 0; i < val_count(device_config); i++)
        if (val_value_at(device_config, i)->kind != VAL_STR)
            return;
    uuid = uuid_lower(text);
    e = attach(storage, &uuid, type, device_config);
    if (!e) {
        log_info(STORAGE, "attached SR %s again", uuid.text);
        return;
    }
    log_error(STORAGE, "SR %s was attached and is not now: %s", uuid.text, err_sentence(e));
    err_free(e);
}

/* Takes it out of the attached ones, so that nobody finds it any more. */
static struct err *take_out(struct storage *storage, const struct uuid *uuid,
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

static void put_in(struct storage *storage, struct sr *sr)
{
    pthread_mutex_lock(&storage->lock);
    map_put(&storage->srs, sr->uuid.text, sr);
    pthread_mutex_unlock(&storage->lock);
}

static struct err *driver_of(const char *type, const struct sr_driver **ret_driver)
{
    const struct sr_driver *driver = sr_driver_by_type(type);

    if (!driver)
        return err_params(ERR_SR_UNKNOWN_DRIVER, type, NULL);
    *ret_driver = driver;
    return NULL;
}

static struct val space_to_val(const struct sr_space *space)
{
    struct val v = val_map(4);

    val_put_str(&v, "total", val_int((int64_t)space->total));
    val_put_str(&v, "free", val_int((int64_t)space->free));
    return v;
}
