// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/parallel.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/cleanup.h"

#define MAX_THREADS 16

struct work {
    size_t n;
    atomic_size_t next;
    void (*fn)(size_t i, void *arg);
    void *arg;
};

static void *run(void *arg)
{
    struct work *work = arg;

    for (;;) {
        size_t i = atomic_fetch_add(&work->next, 1);

        if (i >= work->n)
            return NULL;
        work->fn(i, work->arg);
    }
}

void parallel_run(size_t n, void (*fn)(size_t i, void *arg), void *arg)
{
    struct work work = {.n = n, .fn = fn, .arg = arg};
    pthread_t threads[MAX_THREADS];
    size_t n_threads = 0;

    /* This thread is one of them: without any other, the work is done all the same. */
    while (n_threads + 1 < n && n_threads < MAX_THREADS &&
           pthread_create(&threads[n_threads], NULL, run, &work) == 0)
        n_threads++;
    run(&work);
    for (size_t i = 0; i < n_threads; i++)
        pthread_join(threads[i], NULL);
}
