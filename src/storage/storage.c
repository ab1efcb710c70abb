// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/storage.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "agent/agent.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/log.h"
#include "storage/attached.h"
#include "storage/fault.h"
#include "storage/sr_private.h"

#define LOCK_WAIT_MS 60000 /* for children of an earlier daemon, which were killed */
#define WATCH_WAIT_S 5     /* for a thread that asks a disk how full it is */
#define LOCK_STEP_MS 20

static struct err *take_lock(struct storage *storage, int state_fd);
static struct err *open_attached(int state_fd, int *ret_fd);
static bool wait_for_watches(struct storage *storage);

struct err *storage_new(const struct storage_config *config, struct storage **ret_storage)
{
    struct storage *storage = xcalloc(1, sizeof(*storage));
    autoclose int state_fd = fd_open_dir(config->state_dir, 0700);
    pthread_condattr_t attr;
    struct err *e = NULL;

    storage->attached_fd = -1;
    storage->host = (struct sr_host){
        .state_dir = config->state_dir,
        .roots = config->roots,
        .tool = image_tool_find(),
    };
    storage->boot_id = xstrdup(uuid_of_boot().text);
    pthread_mutex_init(&storage->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&storage->unused, &attr);
    pthread_condattr_destroy(&attr);
    storage->merger = merger_new();
    if (state_fd < 0)
        e = storage_errno(state_fd, "opening %s", config->state_dir);
    if (!e)
        e = take_lock(storage, state_fd);
    storage->host.started_us = (int64_t)(clock_wall() * 1e6);
    if (!e)
        e = locks_new(state_fd, storage->boot_id, &storage->locks);
    if (!e)
        e = jobs_new(storage, state_fd, &storage->jobs);
    if (!e)
        e = open_attached(state_fd, &storage->attached_fd);
    if (e) {
        storage_free(storage);
        return e;
    }
    attached_again(storage);
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
        attached_free(slot->value);
    map_fini(&storage->srs);
    if (!wait_for_watches(storage))
        return; /* a disk hangs: its thread still uses this */
    merger_free(storage->merger);
    jobs_free(storage->jobs);
    locks_free(storage->locks);
    cleanup_close(&storage->attached_fd);
    cleanup_close(&storage->host.tool.lock_fd);
    pthread_cond_destroy(&storage->unused);
    pthread_mutex_destroy(&storage->lock);
    free(storage->boot_id);
    free(storage);
}

struct err *storage_started(struct agent *agent, void *arg)
{
    struct storage *storage = arg;

    pthread_mutex_lock(&storage->lock);
    storage->agent = agent;
    pthread_mutex_unlock(&storage->lock);
    merger_kick(storage, NULL);
    return NULL;
}

void storage_stopping(struct agent *agent, void *arg)
{
    struct storage *storage = arg;

    jobs_stop(storage->jobs, NULL);
    merger_stop(storage->merger);
    pthread_mutex_lock(&storage->lock);
    storage->agent = NULL;
    pthread_mutex_unlock(&storage->lock);
}

void storage_notify(struct storage *storage, const char *name, struct val params)
{
    pthread_mutex_lock(&storage->lock);
    if (storage->agent)
        agent_notify(storage->agent, name, params);
    else
        val_unref(&params);
    pthread_mutex_unlock(&storage->lock);
}

bool storage_post(struct storage *storage, const struct uuid *sr, void (*fn)(void *arg),
                  void *arg)
{
    bool posted;

    pthread_mutex_lock(&storage->lock);
    posted = storage->agent;
    if (posted)
        agent_job(storage->agent, sr->text, fn, arg);
    pthread_mutex_unlock(&storage->lock);
    return posted;
}

void storage_watch_begins(struct storage *storage)
{
    pthread_mutex_lock(&storage->lock);
    storage->n_watches++;
    pthread_mutex_unlock(&storage->lock);
}

void storage_watch_ended(struct storage *storage)
{
    pthread_mutex_lock(&storage->lock);
    storage->n_watches--;
    pthread_cond_signal(&storage->unused);
    pthread_mutex_unlock(&storage->lock);
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

/* Every child has the file open too: whoever gets the lock is alone with the images. */
static struct err *take_lock(struct storage *storage, int state_fd)
{
    uint64_t deadline_ms = clock_monotonic_ms() + LOCK_WAIT_MS;
    bool told = false;
    int fd = fd_open_beneath(state_fd, "stored.lock", O_RDWR | O_CREAT | O_NOFOLLOW, 0600);

    if (fd < 0)
        return storage_errno(fd, "opening stored.lock");
    storage->host.tool.lock_fd = fd;
    while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
        if (errno != EWOULDBLOCK || clock_monotonic_ms() > deadline_ms)
            return storage_errno(errno, "locking stored.lock: another lk-stored, or a "
                                        "qemu-img of an earlier one, still runs");
        if (!told)
            log_warn(STORAGE, "waiting for what an earlier lk-stored left running");
        told = true;
        poll(NULL, 0, LOCK_STEP_MS);
    }
    return NULL;
}

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

static bool wait_for_watches(struct storage *storage)
{
    struct timespec deadline;
    bool none_left;

    clock_gettime(CLOCK_MONOTONIC, &deadline);
    deadline.tv_sec += WATCH_WAIT_S;
    pthread_mutex_lock(&storage->lock);
    while (storage->n_watches &&
           pthread_cond_timedwait(&storage->unused, &storage->lock, &deadline) != ETIMEDOUT)
        ;
    none_left = storage->n_watches == 0;
    pthread_mutex_unlock(&storage->lock);
    return none_left;
}
