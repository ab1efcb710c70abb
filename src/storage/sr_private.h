// SPDX-License-Identifier: GPL-2.0-or-later
/* What the files of the core share.  Private to storage. */
#pragma once

#include <pthread.h>

#include "base/map.h"
#include "storage/driver.h"
#include "storage/host.h"
#include "storage/job.h"
#include "storage/locks.h"
#include "storage/merger.h"
#include "storage/space.h"
#include "storage/storage.h"

/* An attached SR.  It lasts until it is detached, which waits for no one: a call holds it
 * by being in the SR's queue, or by a reservation taken with sr_reserve. */
struct sr {
    struct uuid uuid;
    const struct sr_driver *driver;
    struct val device_config;
    void *state;
    struct space_watch *space; /* NULL: nothing grows there */
};

struct storage {
    struct sr_host host;
    struct lock_table *locks;
    struct job_table *jobs;
    struct merger *merger;
    int attached_fd; /* <state>/attached: a file for each SR, to attach again */
    char *boot_id;

    pthread_mutex_t lock;  /* before the lock table's own */
    struct map srs;        /* guarded by lock */
    struct agent *agent;   /* guarded by lock; NULL before the daemon serves, at its end */
    unsigned n_watches;    /* guarded by lock: threads that use this and nobody joins */
    pthread_cond_t unused; /* n_watches fell */
};

/* Tells the managers ('params' is taken); nobody while there is no agent.  Any thread. */
void storage_notify(struct storage *storage, const char *name, struct val params);
/* Runs 'fn' in the queue of an SR; false while there is no agent.  Any thread. */
bool storage_post(struct storage *storage, const struct uuid *sr, void (*fn)(void *arg),
                  void *arg);
void storage_watch_begins(struct storage *storage);
void storage_watch_ended(struct storage *storage);

/* SR_NOT_ATTACHED. */
struct err *sr_get(struct storage *storage, const struct uuid *uuid,
                   struct sr **ret_sr) MUST_CHECK;
/* The same, with a reservation (locks.h) of one of its volumes. */
struct err *sr_reserve(struct storage *storage, const struct uuid *uuid,
                       const struct uuid *vdi, const char *operation,
                       struct sr **ret_sr) MUST_CHECK;
struct err *sr_not_supported(const struct sr *sr) MUST_CHECK;

/* volume.c: sizes as volumes have them, and a volume as it is answered. */
struct err *volume_round_size(const struct sr *sr, const struct uuid *vdi, uint64_t size,
                              uint64_t *ret_size) MUST_CHECK;
struct err *volume_answer(struct storage *storage, const struct sr *sr,
                          const struct uuid *vdi, struct val *ret_vdi) MUST_CHECK;
