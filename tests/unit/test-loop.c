// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/loop.h"

#include <pthread.h>
#include <systemd/sd-event.h>

#include "lib/test.h"

#define N_POSTS   5000
#define N_THREADS 3

static sd_event *loop;
static struct loop_mailbox *mailbox;
static pthread_t loop_thread;
static int next[N_THREADS], n_seen;

struct post {
    int thread, number;
};
static struct post posts[N_THREADS][N_POSTS];

static void see(void *arg)
{
    struct post *post = arg;

    if (pthread_equal(pthread_self(), loop_thread) && next[post->thread] == post->number)
        next[post->thread]++;
    if (++n_seen == N_THREADS * N_POSTS)
        sd_event_exit(loop, 0);
}

static void *post_all(void *arg)
{
    int thread = (int)(intptr_t)arg;

    for (int i = 0; i < N_POSTS; i++) {
        posts[thread][i] = (struct post){thread, i};
        loop_post(mailbox, see, &posts[thread][i]);
    }
    return NULL;
}

TEST(posts_of_each_thread_run_in_order_on_the_loop)
{
    pthread_t threads[N_THREADS];

    loop_thread = pthread_self();
    CHECK_INT(sd_event_new(&loop), >=, 0);
    CHECK_INT(loop_mailbox_new(loop, &mailbox), ==, 0);
    for (int i = 0; i < N_THREADS; i++)
        pthread_create(&threads[i], NULL, post_all, (void *)(intptr_t)i);
    CHECK_INT(sd_event_loop(loop), ==, 0);
    for (int i = 0; i < N_THREADS; i++) {
        pthread_join(threads[i], NULL);
        CHECK_INT(next[i], ==, N_POSTS);
    }
    loop_mailbox_free(mailbox);
    sd_event_unref(loop);
}

static int n_chained;

static void chain(void *arg)
{
    if (++n_chained < 3)
        loop_post(mailbox, chain, NULL);
}

TEST(freeing_runs_what_is_queued_and_what_that_posts)
{
    CHECK_INT(sd_event_new(&loop), >=, 0);
    CHECK_INT(loop_mailbox_new(loop, &mailbox), ==, 0);
    loop_post(mailbox, chain, NULL);
    loop_mailbox_free(mailbox);
    CHECK_INT(n_chained, ==, 3);
    sd_event_unref(loop);
}

static void count(void *arg)
{
    (*(int *)arg)++;
}

static void exit_loop(void *arg)
{
    sd_event_exit(arg, 0);
}

static void *call_often(void *arg)
{
    int *n_wrong = arg;

    for (int i = 0; i < 1000; i++) {
        int n = i;

        loop_call(mailbox, count, &n);
        *n_wrong += n != i + 1;
    }
    loop_post(mailbox, exit_loop, loop);
    return NULL;
}

TEST(a_call_has_run_when_it_returns)
{
    int n_wrong = 0;
    pthread_t thread;

    CHECK_INT(sd_event_new(&loop), >=, 0);
    CHECK_INT(loop_mailbox_new(loop, &mailbox), ==, 0);
    CHECK_INT(pthread_create(&thread, NULL, call_often, &n_wrong), ==, 0);
    CHECK_INT(sd_event_loop(loop), ==, 0);
    pthread_join(thread, NULL);
    CHECK_INT(n_wrong, ==, 0);
    loop_mailbox_free(mailbox);
    sd_event_unref(loop);
}

TEST_MAIN
