// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/pool.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

#include "lib/test.h"

static sem_t started, may_end;
static atomic_int n_done;
static int order[64], n_ordered;

static void wait_for_leave(void *arg)
{
    sem_post(&started);
    sem_wait(&may_end);
    n_done++;
}

static void note(void *arg)
{
    order[n_ordered++] = *(int *)arg;
}

static void count(void *arg)
{
    n_done++;
}

static void reset(void)
{
    sem_init(&started, 0, 0);
    sem_init(&may_end, 0, 0);
    n_done = 0;
}

TEST(a_full_queue_says_no)
{
    struct pool *pool;

    reset();
    pool = pool_new("test", 1, 2);
    CHECK(pool_submit(pool, wait_for_leave, NULL));
    sem_wait(&started); /* it left the queue */
    CHECK(pool_submit(pool, count, NULL));
    CHECK(pool_submit(pool, count, NULL));
    CHECK(!pool_submit(pool, count, NULL));
    sem_post(&may_end);
    pool_free(pool);
    CHECK_INT(n_done, ==, 3);
}

TEST(freeing_runs_what_is_queued_in_order)
{
    struct pool *pool;
    int numbers[40];

    reset();
    n_ordered = 0;
    pool = pool_new("test", 1, 64);
    CHECK(pool_submit(pool, wait_for_leave, NULL));
    for (int i = 0; i < 40; i++) {
        numbers[i] = i;
        CHECK(pool_submit(pool, note, &numbers[i]));
    }
    sem_post(&may_end);
    pool_free(pool);
    CHECK_INT(n_ordered, ==, 40);
    for (int i = 0; i < 40; i++)
        CHECK_INT(order[i], ==, i);
}

TEST(all_threads_work_side_by_side)
{
    struct pool *pool;

    reset();
    pool = pool_new("test", 4, 8);
    for (int i = 0; i < 4; i++)
        CHECK(pool_submit(pool, wait_for_leave, NULL));
    for (int i = 0; i < 4; i++)
        sem_wait(&started); /* all four at once, or this would wait for ever */
    for (int i = 0; i < 4; i++)
        sem_post(&may_end);
    pool_free(pool);
    CHECK_INT(n_done, ==, 4);
}

TEST(every_accepted_job_runs_once)
{
    struct pool *pool;
    int n_accepted = 0;

    reset();
    pool = pool_new("test", 3, 16);
    for (int i = 0; i < 20000; i++)
        n_accepted += pool_submit(pool, count, NULL);
    pool_free(pool);
    CHECK_INT(n_done, ==, n_accepted);
}

TEST_MAIN
