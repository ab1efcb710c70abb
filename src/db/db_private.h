// SPDX-License-Identifier: GPL-2.0-or-later
/* The database's state, for its own files.  Lock order: 'writer', then 'image_lock'. */
#pragma once

#include <pthread.h>

#include "db/db.h"
#include "db/image.h"
#include "db/store.h"

#define MAX_WAKES 8

struct db {
    struct store *store;
    struct db_token start; /* where this run began; constant */
    uint64_t born;         /* first generation of this history; constant */

    /* Under image_lock: shared to read, exclusive (with 'writer' too) to apply a batch. */
    pthread_rwlock_t image_lock;
    struct image image;
    struct db_token now; /* of the last transaction applied */

    /* Under 'writer'. */
    pthread_mutex_t writer;
    struct txn *first_pending, *last_pending; /* run, not yet applied; oldest first */
    struct txn *first_queued; /* the oldest that is not in the store's hands */
    uint64_t next_number;
    uint64_t generation, volatile_generation; /* the last given to a transaction */
    size_t n_running;                         /* calls of db_run */
    bool closing;
    struct {
        db_wake_fn fn;
        void *arg;
    } wakes[MAX_WAKES];
    size_t n_wakes;
    pthread_cond_t work; /* for the commit thread */
    pthread_cond_t idle; /* for db_close */

    /* The commit thread's. */
    uint64_t reserved; /* generations below this are the store's promise */
    pthread_t commit_thread;
};
