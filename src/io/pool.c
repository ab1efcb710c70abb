// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/pool.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>

#include "base/alloc.h"

struct job {
    void (*fn)(void *arg);
    void *arg;
};

struct pool {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct job *ring; /* 'room' of them */
    size_t room, first, n_queued;
    bool stopping;
    char name[16];
    unsigned n_threads;
    pthread_t threads[];
};

static void *work(void *arg);
static bool take_job(struct pool *pool, struct job *ret_job);

struct pool *pool_new(const char *name, unsigned n_threads, size_t max_queued)
{
    struct pool *pool = xcalloc(1, sizeof(*pool) + n_threads * sizeof(pool->threads[0]));
    sigset_t all, before;

    assert_msg(n_threads > 0 && max_queued > 0, "a pool needs a thread and a place");
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->wake, NULL);
    pool->ring = xcalloc(max_queued, sizeof(pool->ring[0]));
    pool->room = max_queued;
    snprintf(pool->name, sizeof(pool->name), "%s", name);

    /* Signals are the loop thread's business. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    for (unsigned i = 0; i < n_threads; i++) {
        int errnum = pthread_create(&pool->threads[i], NULL, work, pool);

        assert_msg(errnum == 0, "a worker thread could not be started");
        pool->n_threads++;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return pool;
}

bool pool_submit(struct pool *pool, void (*fn)(void *arg), void *arg)
{
    bool has_room;

    if (!pool)
        return false;
    pthread_mutex_lock(&pool->lock);
    has_room = pool->n_queued < pool->room && !pool->stopping;
    if (has_room) {
        pool->ring[(pool->first + pool->n_queued) % pool->room] = (struct job){fn, arg};
        pool->n_queued++;
        pthread_cond_signal(&pool->wake);
    }
    pthread_mutex_unlock(&pool->lock);
    return has_room;
}

void pool_free(struct pool *pool)
{
    if (!pool)
        return;
    pthread_mutex_lock(&pool->lock);
    pool->stopping = true;
    pthread_cond_broadcast(&pool->wake);
    pthread_mutex_unlock(&pool->lock);

    for (unsigned i = 0; i < pool->n_threads; i++)
        pthread_join(pool->threads[i], NULL);
    pthread_cond_destroy(&pool->wake);
    pthread_mutex_destroy(&pool->lock);
    free(pool->ring);
    free(pool);
}

static void *work(void *arg)
{
    struct pool *pool = arg;
    struct job job;

    pthread_setname_np(pthread_self(), pool->name);
    while (take_job(pool, &job))
        job.fn(job.arg);
    return NULL;
}

/* False when the pool ends and nothing is queued any more. */
static bool take_job(struct pool *pool, struct job *ret_job)
{
    bool found;

    pthread_mutex_lock(&pool->lock);
    while (pool->n_queued == 0 && !pool->stopping)
        pthread_cond_wait(&pool->wake, &pool->lock);
    found = pool->n_queued > 0;
    if (found) {
        *ret_job = pool->ring[pool->first];
        pool->first = (pool->first + 1) % pool->room;
        pool->n_queued--;
    }
    pthread_mutex_unlock(&pool->lock);
    return found;
}
