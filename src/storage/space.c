// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/space.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/vec.h"
#include "storage/sr_private.h"

#define MIB           (1ull << 20)
#define GIB           (1ull << 30)
#define PAUSE_LEAST   (32 * MIB)
#define PAUSE_MOST    GIB
#define LOW_SECONDS   600
#define FASTEST       (2 * GIB) /* a second: no disk here fills up faster */
#define REST_LEAST_MS 50
#define REST_MOST_MS  5000
#define REST_IDLE_MS  10000
#define TELL_AGAIN_MS 60000 /* while it is not well */
#define SAMPLES       61    /* one a second */

struct sample {
    uint64_t ms, free;
};

struct space_watch {
    struct storage *storage;
    struct uuid sr;
    int fd;

    pthread_mutex_t lock;
    pthread_cond_t wake;
    unsigned refs;                  /* guarded by lock: the owner's and the thread's */
    bool is_stopped, is_poked;      /* guarded by lock */
    struct sample samples[SAMPLES]; /* guarded by lock; a ring */
    size_t n_samples;               /* guarded by lock; ever */
    struct space space;             /* guarded by lock */
    enum space_state told;          /* the thread's */
    uint64_t told_ms;               /* the thread's */
};

static const char *const state_names[] = {"ok", "low", "full"};

static void *watch(void *arg);
static void unref(struct space_watch *watch);
static void look(struct space_watch *watch);
static void sample(struct space_watch *watch);
static void act(struct space_watch *watch, const struct space *space);
static bool is_written_to(struct space_watch *watch);
static uint64_t least(uint64_t a, uint64_t b);

struct space_watch *space_watch_new(struct storage *storage, const struct uuid *sr, int fd)
{
    struct space_watch *w = xcalloc(1, sizeof(*w));
    pthread_condattr_t attr;
    sigset_t all, before;
    pthread_t thread;
    int errnum;

    *w = (struct space_watch){.storage = storage, .sr = *sr, .refs = 2};
    storage_watch_begins(storage);
    w->fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    pthread_mutex_init(&w->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&w->wake, &attr);
    pthread_condattr_destroy(&attr);
    look(w);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    errnum = w->fd < 0 ? errno : pthread_create(&thread, NULL, watch, w);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (errnum) {
        log_error(STORAGE, "nobody watches the room of SR %s: %s", sr->text,
                  strerrordesc_np(errnum));
        unref(w);
        unref(w);
        return NULL;
    }
    pthread_detach(thread);
    return w;
}

void space_watch_stop(struct space_watch *w)
{
    if (!w)
        return;
    pthread_mutex_lock(&w->lock);
    w->is_stopped = true;
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->lock);
    unref(w);
}

void space_watch_poke(struct space_watch *w)
{
    if (!w)
        return;
    pthread_mutex_lock(&w->lock);
    w->is_poked = true;
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->lock);
}

struct space space_watch_get(struct space_watch *w)
{
    struct space space;

    look(w);
    pthread_mutex_lock(&w->lock);
    space = w->space;
    pthread_mutex_unlock(&w->lock);
    return space;
}

bool space_watch_allows(struct space_watch *w, uint64_t bytes)
{
    struct space space;

    if (!w)
        return true;
    space = space_watch_get(w);
    return space.total == 0 ||
           (bytes <= space.free && space.free - bytes >= space.pause_at);
}

void space_put(struct space_watch *w, struct val *object)
{
    struct space space = {.seconds_left = -1};

    if (w)
        space = space_watch_get(w);
    val_put_str(object, "state", val_str(state_names[space.state]));
    val_put_str(object, "seconds_left", val_int(space.seconds_left));
}

struct val space_to_val(struct storage *storage, const struct uuid *sr,
                        const struct space *space)
{
    autoholds holds = {0}, writers = {0};
    struct val v = val_map(10);

    locks_on_sr(storage->locks, sr, &holds);
    for (size_t i = 0; i < holds.n; i++)
        if (holds.at[i].mode == OPEN_RW)
            *VEC_PUSH(&writers) = hold_copy(&holds.at[i]);
    val_put_str(&v, "sr", val_str(sr->text));
    val_put_str(&v, "state", val_str(state_names[space->state]));
    val_put_str(&v, "total", val_int((int64_t)space->total));
    val_put_str(&v, "free", val_int((int64_t)space->free));
    val_put_str(&v, "pause_at", val_int((int64_t)space->pause_at));
    val_put_str(&v, "resume_at", val_int((int64_t)space->resume_at));
    val_put_str(&v, "pace", val_int((int64_t)space->pace));
    val_put_str(&v, "seconds_left", val_int(space->seconds_left));
    val_put_str(&v, "writers", holds_to_val(&writers));
    return v;
}

/* A small SR has small reserves: never more than an eighth of it, twice. */
void space_judge(struct space *space, enum space_state before)
{
    uint64_t base = space->total / 100, eighth = space->total / 8;

    if (base < PAUSE_LEAST)
        base = PAUSE_LEAST;
    base = least(least(base, PAUSE_MOST), eighth);
    space->pause_at = base + least(space->pace, eighth);
    space->resume_at = space->pause_at + base;
    space->seconds_left = -1;
    if (space->pace)
        space->seconds_left = space->free > space->pause_at
                                  ? (int64_t)((space->free - space->pause_at) / space->pace)
                                  : 0;

    if (space->total == 0)
        space->state = SPACE_OK; /* not known */
    else if (space->free <= space->pause_at ||
             (before == SPACE_FULL && space->free < space->resume_at))
        space->state = SPACE_FULL;
    else if (space->free < space->total / 10 ||
             (space->seconds_left >= 0 && space->seconds_left < LOW_SECONDS))
        space->state = SPACE_LOW;
    else
        space->state = SPACE_OK;
}

unsigned space_rest_ms(const struct space *space, bool written_to)
{
    uint64_t left = space->free > space->pause_at ? space->free - space->pause_at : 0;
    uint64_t ms = left / (FASTEST / 1000) / 2;

    if (!written_to && space->state != SPACE_FULL)
        return REST_IDLE_MS;
    if (ms < REST_LEAST_MS)
        return REST_LEAST_MS;
    return ms < REST_MOST_MS ? (unsigned)ms : REST_MOST_MS;
}

static void *watch(void *arg)
{
    struct space_watch *w = arg;
    struct timespec deadline;

    pthread_mutex_lock(&w->lock);
    while (!w->is_stopped) {
        struct space space;
        unsigned rest_ms;

        pthread_mutex_unlock(&w->lock);
        look(w);
        pthread_mutex_lock(&w->lock);
        space = w->space;
        pthread_mutex_unlock(&w->lock);
        act(w, &space);
        rest_ms = space_rest_ms(&space, is_written_to(w));
        clock_gettime(CLOCK_MONOTONIC, &deadline);
        deadline.tv_sec += rest_ms / 1000;
        deadline.tv_nsec += (long)(rest_ms % 1000) * 1000000;
        if (deadline.tv_nsec >= 1000000000) {
            deadline.tv_sec++;
            deadline.tv_nsec -= 1000000000;
        }
        pthread_mutex_lock(&w->lock);
        while (!w->is_stopped && !w->is_poked &&
               pthread_cond_timedwait(&w->wake, &w->lock, &deadline) != ETIMEDOUT)
            ;
        w->is_poked = false;
    }
    pthread_mutex_unlock(&w->lock);
    unref(w);
    return NULL;
}

static void unref(struct space_watch *w)
{
    bool is_last;

    pthread_mutex_lock(&w->lock);
    is_last = --w->refs == 0;
    pthread_mutex_unlock(&w->lock);
    if (!is_last)
        return;
    storage_watch_ended(w->storage);
    cleanup_close(&w->fd);
    pthread_cond_destroy(&w->wake);
    pthread_mutex_destroy(&w->lock);
    free(w);
}

/* Without the lock while the file system answers. */
static void look(struct space_watch *w)
{
    struct statvfs st;

    if (fstatvfs(w->fd, &st) < 0) {
        log_debug(STORAGE, "asking for the room of SR %s: %m", w->sr.text);
        return;
    }
    pthread_mutex_lock(&w->lock);
    w->space.total = (uint64_t)st.f_blocks * st.f_frsize;
    w->space.free = (uint64_t)st.f_bavail * st.f_frsize;
    sample(w);
    space_judge(&w->space, w->space.state);
    pthread_mutex_unlock(&w->lock);
}

/* The pace is over the samples of the last minute; room that came back is no pace. */
static void sample(struct space_watch *w)
{
    const struct sample now = {clock_monotonic_ms(), w->space.free};
    const struct sample *last = &w->samples[(w->n_samples + SAMPLES - 1) % SAMPLES];
    const struct sample *first;

    if (w->n_samples == 0 || now.ms - last->ms >= 1000)
        w->samples[w->n_samples++ % SAMPLES] = now;
    first = &w->samples[w->n_samples < SAMPLES ? 0 : w->n_samples % SAMPLES];
    w->space.pace = 0;
    if (now.ms - first->ms >= 1000 && first->free > now.free)
        w->space.pace = (first->free - now.free) * 1000 / (now.ms - first->ms);
}

static void act(struct space_watch *w, const struct space *space)
{
    enum space_state before = w->told;
    uint64_t now = clock_monotonic_ms();

    if (space->state == before &&
        (space->state == SPACE_OK || now - w->told_ms < TELL_AGAIN_MS))
        return;
    w->told = space->state;
    w->told_ms = now;
    if (space->state != before)
        log_info(STORAGE, "SR %s is %s: %llu of %llu MiB are free", w->sr.text,
                 state_names[space->state], (unsigned long long)(space->free / MIB),
                 (unsigned long long)(space->total / MIB));
    storage_notify(w->storage, "sr.space", space_to_val(w->storage, &w->sr, space));
    if (space->state == SPACE_FULL)
        jobs_stop(w->storage->jobs, &w->sr);
    else if (before == SPACE_FULL)
        merger_kick(w->storage, &w->sr);
}

static bool is_written_to(struct space_watch *w)
{
    autoholds holds = {0};

    locks_on_sr(w->storage->locks, &w->sr, &holds);
    for (size_t i = 0; i < holds.n; i++)
        if (holds.at[i].mode == OPEN_RW)
            return true;
    return false;
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}
