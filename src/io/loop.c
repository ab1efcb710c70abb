// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/loop.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/vec.h"

struct post {
    void (*fn)(void *arg);
    void *arg;
};
typedef VEC(struct post) post_vec;

struct loop_mailbox {
    pthread_mutex_t lock;
    post_vec queued;  /* GUARDED_BY(lock) */
    post_vec running; /* loop thread: the other half, swapped to keep its memory */
    int wake_fd;
    sd_event_source *source;
};

static int on_wake(sd_event_source *source, int fd, uint32_t events, void *arg);
static void run_queued(struct loop_mailbox *mailbox);

int loop_mailbox_new(struct sd_event *loop, struct loop_mailbox **ret_mailbox)
{
    struct loop_mailbox *mailbox = xcalloc(1, sizeof(*mailbox));
    int r;

    pthread_mutex_init(&mailbox->lock, NULL);
    mailbox->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    r = mailbox->wake_fd < 0 ? -errno : 0;
    /* Edge-triggered: every write wakes, nothing need ever be read. */
    if (r == 0)
        r = sd_event_add_io(loop, &mailbox->source, mailbox->wake_fd, EPOLLIN | EPOLLET,
                            on_wake, mailbox);
    if (r < 0) {
        loop_mailbox_free(mailbox);
        return r;
    }
    *ret_mailbox = mailbox;
    return 0;
}

void loop_post(struct loop_mailbox *mailbox, void (*fn)(void *arg), void *arg)
{
    uint64_t one = 1;
    bool first;

    pthread_mutex_lock(&mailbox->lock);
    first = mailbox->queued.n == 0;
    *VEC_PUSH(&mailbox->queued) = (struct post){fn, arg};
    /* Written under the lock: the mailbox may be freed as soon as it is released. */
    if (first && write(mailbox->wake_fd, &one, sizeof(one)) < 0)
        log_error(IO, "waking the event loop: %m");
    pthread_mutex_unlock(&mailbox->lock);
}

struct awaited {
    void (*fn)(void *arg);
    void *arg;
    sem_t done;
};

static void run_awaited(void *arg)
{
    struct awaited *awaited = arg;

    awaited->fn(awaited->arg);
    sem_post(&awaited->done);
}

void loop_call(struct loop_mailbox *mailbox, void (*fn)(void *arg), void *arg)
{
    struct awaited awaited = {.fn = fn, .arg = arg};

    sem_init(&awaited.done, 0, 0);
    loop_post(mailbox, run_awaited, &awaited);
    while (sem_wait(&awaited.done) < 0)
        ; /* EINTR */
    sem_destroy(&awaited.done);
}

void loop_mailbox_free(struct loop_mailbox *mailbox)
{
    if (!mailbox)
        return;
    while (mailbox->queued.n)
        run_queued(mailbox);
    sd_event_source_disable_unref(mailbox->source);
    cleanup_close(&mailbox->wake_fd);
    pthread_mutex_destroy(&mailbox->lock);
    VEC_FINI(&mailbox->queued);
    VEC_FINI(&mailbox->running);
    free(mailbox);
}

static int on_wake(sd_event_source *source, int fd, uint32_t events, void *arg)
{
    run_queued(arg);
    return 0;
}

static void run_queued(struct loop_mailbox *mailbox)
{
    post_vec batch;

    pthread_mutex_lock(&mailbox->lock);
    batch = mailbox->queued;
    mailbox->queued = mailbox->running;
    mailbox->running = batch;
    pthread_mutex_unlock(&mailbox->lock);

    for (size_t i = 0; i < batch.n; i++) {
        uint64_t entered = loop_enter();

        batch.at[i].fn(batch.at[i].arg);
        loop_leave(entered, "a posted call");
    }
    mailbox->running.n = 0;
}

uint64_t loop_enter(void)
{
    return clock_monotonic_us();
}

void loop_leave(uint64_t entered, const char *what)
{
    static _Atomic uint64_t last_logged;
    uint64_t now = clock_monotonic_us(), last = last_logged;

    if (now - entered < LOOP_LIMIT_MS * 1000 || (last && now - last < 1000000))
        return;
    last_logged = now;
    log_warn(IO, "%s held the event loop for %" PRIu64 " ms", what, (now - entered) / 1000);
}
