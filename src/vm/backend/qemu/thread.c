// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/backend/qemu/thread.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <systemd/sd-event.h>

#include "base/alloc.h"
#include "base/log.h"
#include "io/loop.h"

struct qemu_thread {
    sd_event *loop;
    struct loop_mailbox *mailbox;
    pthread_t id;
};

struct errand {
    void (*fn)(void *arg);
    void *arg;
    pthread_mutex_t lock;
    pthread_cond_t done_changed;
    bool is_done; /* GUARDED_BY(lock) */
};

static void *serve(void *arg);
static void end(void *arg);
static void run_errand(void *arg);

struct err *qemu_thread_new(struct qemu_thread **ret_thread)
{
    struct qemu_thread *thread = xcalloc(1, sizeof(*thread));
    sigset_t all, before;
    int r = sd_event_new(&thread->loop);

    if (r >= 0)
        r = loop_mailbox_new(thread->loop, &thread->mailbox);
    if (r >= 0) {
        sigfillset(&all); /* signals are the main thread's */
        pthread_sigmask(SIG_SETMASK, &all, &before);
        r = -pthread_create(&thread->id, NULL, serve, thread);
        pthread_sigmask(SIG_SETMASK, &before, NULL);
    }
    if (r < 0) {
        loop_mailbox_free(thread->mailbox);
        sd_event_unref(thread->loop);
        free(thread);
        return err_errno(-r, "starting the thread that hears from QEMU");
    }
    *ret_thread = thread;
    return NULL;
}

void qemu_thread_free(struct qemu_thread *thread)
{
    if (!thread)
        return;
    qemu_thread_run(thread, end, thread);
    pthread_join(thread->id, NULL);
    loop_mailbox_free(thread->mailbox);
    sd_event_unref(thread->loop);
    free(thread);
}

sd_event *qemu_thread_loop(struct qemu_thread *thread)
{
    return thread->loop;
}

void qemu_thread_run(struct qemu_thread *thread, void (*fn)(void *arg), void *arg)
{
    struct errand errand = {.fn = fn, .arg = arg};

    if (pthread_equal(pthread_self(), thread->id)) {
        fn(arg);
        return;
    }
    pthread_mutex_init(&errand.lock, NULL);
    pthread_cond_init(&errand.done_changed, NULL);
    loop_post(thread->mailbox, run_errand, &errand);
    pthread_mutex_lock(&errand.lock);
    while (!errand.is_done)
        pthread_cond_wait(&errand.done_changed, &errand.lock);
    pthread_mutex_unlock(&errand.lock);
    pthread_cond_destroy(&errand.done_changed);
    pthread_mutex_destroy(&errand.lock);
}

static void *serve(void *arg)
{
    struct qemu_thread *thread = arg;
    int r;

    pthread_setname_np(pthread_self(), "qemu");
    r = sd_event_loop(thread->loop);
    if (r < 0)
        log_error(VM, "the loop that hears from QEMU: %s", strerror(-r));
    assert_msg(r >= 0, "the loop that hears from QEMU failed");
    return NULL;
}

static void end(void *arg)
{
    struct qemu_thread *thread = arg;

    sd_event_exit(thread->loop, 0);
}

static void run_errand(void *arg)
{
    struct errand *errand = arg;

    errand->fn(errand->arg);
    pthread_mutex_lock(&errand->lock);
    errand->is_done = true;
    /* Under the lock: the errand is gone as soon as its owner sees it done. */
    pthread_cond_signal(&errand->done_changed);
    pthread_mutex_unlock(&errand->lock);
}
