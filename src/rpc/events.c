// SPDX-License-Identifier: GPL-2.0-or-later
#include "rpc/events.h"

#include <math.h>
#include <pthread.h>
#include <string.h>
#include <systemd/sd-event.h>
#include <time.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "io/loop.h"
#include "io/pool.h"
#include "rpc/event_format.h"
#include "rpc/event_queue.h"
#include "rpc/job.h"
#include "rpc/manager.h"

#define MAX_PARKED     2000
#define GAP_MS         50                    /* between two answers to one session */
#define MAX_TIMEOUT_MS (24ull * 3600 * 1000) /* also for a timeout that is none */
#define RETRY_MS       50                    /* when the workers are too busy to look */

/* A call that waits.  PARKED: the loop's alone.  LOOKING: a worker reads it and writes what
 * it found; the loop changes only 'changed' and 'ended'. */
struct parked {
    struct events *events;
    struct job *job;
    struct parked *prev, *next;
    bool is_next; /* event.next, not event.from */
    struct db_subscription sub;
    struct db_token token;
    uint64_t deadline_ms, not_before_ms;

    bool looking;
    bool changed; /* something happened since the last look began */
    bool ended;   /* while LOOKING: the client or the session is gone */

    /* What the last look found: */
    bool timed_out; /* it was to be the last one */
    bool has_answer;
    struct err *failed;
};

struct events {
    struct manager *manager;
    struct event_queue *queue;
    struct parked *first;
    size_t n;
    sd_event_source *timer;
    pthread_mutex_t wake_lock;
    bool woken;    /* a wake-up is on its way to the loop; under wake_lock */
    bool is_ended; /* no more of them; likewise */
    bool stopping; /* the loop's thread */
};

/* Calls handed to a worker together. */
struct look {
    size_t n;
    struct parked *at[];
};

static void on_change(void *arg);
static int on_timer(sd_event_source *source, uint64_t usec, void *arg);
static void begin_looks(struct events *events);

struct events *events_new(struct manager *manager)
{
    struct events *events = xcalloc(1, sizeof(*events));
    int r;

    events->manager = manager;
    pthread_mutex_init(&events->wake_lock, NULL);
    events->queue = event_queue_new(manager->db);
    r = sd_event_add_time(manager->loop, &events->timer, CLOCK_MONOTONIC, 0, 1000, on_timer,
                          events);
    assert_msg(r >= 0, "no memory for a timer");
    sd_event_source_set_enabled(events->timer, SD_EVENT_OFF);
    db_on_change(manager->db, on_change, events);
    return events;
}

void events_free(struct events *events)
{
    if (!events)
        return;
    assert_msg(!events->first, "calls still wait for events");
    sd_event_source_disable_unref(events->timer);
    event_queue_free(events->queue);
    pthread_mutex_destroy(&events->wake_lock);
    free(events);
}

/* ---- parking ---- */

static void unpark(struct parked *p)
{
    struct events *events = p->events;

    if (p->prev)
        p->prev->next = p->next;
    else
        events->first = p->next;
    if (p->next)
        p->next->prev = p->prev;
    events->n--;
    subscription_fini(&p->sub);
    err_free(p->failed);
    free(p);
}

static void end_with_invalid_session(struct parked *p)
{
    struct job *job = p->job;

    unpark(p);
    job_fail(job, err_params(ERR_SESSION_INVALID, job->caller.session_ref, NULL));
}

static void on_gone(void *arg)
{
    struct parked *p = arg;

    if (p->looking)
        p->ended = true;
    else
        end_with_invalid_session(p);
}

/* The client left, or will only listen from now on: to the one it gets its answer, the
 * other's does no harm. */
static void on_client_gone(void *arg)
{
    struct parked *p = arg;

    if (p->is_next) {
        on_gone(p);
        return;
    }
    p->deadline_ms = 0;
    begin_looks(p->events);
}

static struct parked *park(struct job *job)
{
    struct events *events = job->call.manager->events;
    struct parked *p = xcalloc(1, sizeof(*p));

    p->events = events;
    p->job = job;
    p->changed = true; /* the first look comes at once */
    p->next = events->first;
    if (p->next)
        p->next->prev = p;
    events->first = p;
    events->n++;
    job->request.on_gone(job->request.arg, on_client_gone, p);
    return p;
}

static uint64_t read_timeout(double seconds)
{
    if (isnan(seconds) || seconds * 1000 > (double)MAX_TIMEOUT_MS)
        return MAX_TIMEOUT_MS;
    return seconds > 0 ? (uint64_t)(seconds * 1000) : 0;
}

/* A client that was just answered waits a little; one that waits for a task's end does
 * not. */
static void set_first_look(struct parked *p, bool task_only)
{
    uint64_t last = session_last_events(p->job->session);

    p->not_before_ms = task_only || !last ? 0 : last + GAP_MS;
    begin_looks(p->events);
}

static bool refuse_more(struct job *job)
{
    struct events *events = job->call.manager->events;

    if (events->n < MAX_PARKED && !events->stopping)
        return false;
    job_fail(job, err_params(ERR_TOO_BUSY, NULL));
    return true;
}

void events_from(struct job *job)
{
    struct db_subscription sub = {0};
    struct db_token token;
    struct parked *p;
    struct err *e = subscription_add(&sub, &job->args[0]);

    if (!e && db_token_parse(val_text(&job->args[1]), &token) < 0)
        e = err_params(ERR_EVENT_FROM_TOKEN_PARSE_FAILURE, val_text(&job->args[1]), NULL);
    if (e || refuse_more(job)) {
        subscription_fini(&sub);
        if (e)
            job_fail(job, e);
        return;
    }
    p = park(job);
    p->sub = sub;
    p->token = token;
    p->deadline_ms = clock_monotonic_ms() + read_timeout(job->args[2].d);
    set_first_look(p, subscription_is_task_only(&sub));
}

void events_next(struct job *job)
{
    struct parked *p;

    if (refuse_more(job))
        return;
    p = park(job);
    p->is_next = true;
    p->deadline_ms = UINT64_MAX;
    set_first_look(p, false);
}

/* ---- looking: in a worker ---- */

static void look_for_from(struct parked *p)
{
    struct db_events events;
    bool last = p->timed_out;

    db_events_since(p->events->manager->db, &p->sub, &p->token, &events);
    p->token = events.token; /* nothing before it concerns this call */
    p->has_answer = events.n > 0 || last;
    if (p->has_answer) {
        job_begin_value(p->job);
        event_batch_write(&events, &p->job->reply);
    }
    db_events_fini(&events);
}

static void look_for_next(struct parked *p)
{
    size_t n = 0;

    job_begin_value(p->job);
    p->failed =
        event_queue_take(p->events->queue, p->job->caller.session_ref, &p->job->reply, &n);
    p->has_answer = n > 0;
    if (n == 0)
        reply_clear(&p->job->reply);
}

static void end_looks(void *arg);

static void run_look(void *arg)
{
    struct look *look = arg;
    struct events *events = look->at[0]->events;

    event_queue_feed(events->queue);
    for (size_t i = 0; i < look->n; i++) {
        if (look->at[i]->is_next)
            look_for_next(look->at[i]);
        else
            look_for_from(look->at[i]);
    }
    loop_post(events->manager->mailbox, end_looks, look);
}

/* ---- what was found: on the loop ---- */

static void answer(struct parked *p)
{
    struct job *job = p->job;
    struct err *failed = take_ptr(p->failed);
    bool found = !p->timed_out;

    unpark(p);
    if (failed) {
        job_fail(job, failed);
        return;
    }
    if (found)
        session_set_last_events(job->session, clock_monotonic_ms());
    job_succeed(job);
}

static void end_looks(void *arg)
{
    struct look *look = arg;
    struct events *events = look->at[0]->events;

    for (size_t i = 0; i < look->n; i++) {
        struct parked *p = look->at[i];

        p->looking = false;
        if (p->ended)
            end_with_invalid_session(p);
        else if (p->has_answer || p->failed)
            answer(p);
    }
    free(look);
    begin_looks(events);
}

static bool is_due(const struct parked *p, uint64_t now_ms)
{
    if (p->looking)
        return false;
    return (p->changed && now_ms >= p->not_before_ms) || now_ms >= p->deadline_ms;
}

static void set_timer(struct events *events, uint64_t at_ms)
{
    if (at_ms == UINT64_MAX) {
        sd_event_source_set_enabled(events->timer, SD_EVENT_OFF);
        return;
    }
    sd_event_source_set_time(events->timer, at_ms * 1000);
    sd_event_source_set_enabled(events->timer, SD_EVENT_ONESHOT);
}

static uint64_t next_due(const struct events *events)
{
    uint64_t next = UINT64_MAX;

    for (const struct parked *p = events->first; p; p = p->next) {
        uint64_t due = p->deadline_ms;

        if (p->looking)
            continue;
        if (p->changed && p->not_before_ms < due)
            due = p->not_before_ms;
        if (due < next)
            next = due;
    }
    return next;
}

static struct look *collect_due(struct events *events, uint64_t now_ms)
{
    struct look *look = xmalloc(sizeof(*look) + events->n * sizeof(look->at[0]));

    look->n = 0;
    for (struct parked *p = events->first; p; p = p->next) {
        if (!is_due(p, now_ms))
            continue;
        p->looking = true;
        p->changed = false;
        p->timed_out = now_ms >= p->deadline_ms;
        look->at[look->n++] = p;
    }
    return look;
}

/* Nobody has time: as if nothing had been collected. */
static void put_back(struct events *events, struct look *look)
{
    for (size_t i = 0; i < look->n; i++) {
        look->at[i]->looking = false;
        look->at[i]->changed = true;
    }
    set_timer(events, clock_monotonic_ms() + RETRY_MS);
}

/* Hands all calls that are due to a worker, and sets the timer for the others. */
static void begin_looks(struct events *events)
{
    struct look *due = collect_due(events, clock_monotonic_ms());

    set_timer(events, next_due(events));
    if (due->n == 0) {
        free(due);
    } else if (!pool_submit(events->manager->priority, run_look, due)) {
        put_back(events, due);
        free(due);
    }
}

static int on_timer(sd_event_source *source UNUSED, uint64_t usec UNUSED, void *arg)
{
    begin_looks(arg);
    return 0;
}

static void wake(void *arg)
{
    struct events *events = arg;

    pthread_mutex_lock(&events->wake_lock);
    events->woken = false;
    pthread_mutex_unlock(&events->wake_lock);
    for (struct parked *p = events->first; p; p = p->next)
        p->changed = true;
    begin_looks(events);
}

/* The commit thread: one wake-up is enough until the loop has seen it. */
static void on_change(void *arg)
{
    struct events *events = arg;

    pthread_mutex_lock(&events->wake_lock);
    if (!events->woken && !events->is_ended)
        loop_post(events->manager->mailbox, wake, events);
    events->woken = true;
    pthread_mutex_unlock(&events->wake_lock);
}

/* ---- registrations and sessions ---- */

struct err *events_register(struct events *events, const char *session_ref,
                            const struct val *subscriptions)
{
    return event_queue_register(events->queue, session_ref, subscriptions);
}

struct err *events_unregister(struct events *events, const char *session_ref,
                              const struct val *subscriptions)
{
    return event_queue_unregister(events->queue, session_ref, subscriptions);
}

int64_t events_current_id(struct events *events)
{
    return event_queue_current_id(events->queue);
}

struct closed {
    struct events *events;
    char session_ref[REF_LEN + 1];
};

static void end_session(void *arg)
{
    struct closed *closed = arg;
    struct parked *p = closed->events->first;

    while (p) {
        struct parked *next = p->next;

        if (strcmp(p->job->caller.session_ref, closed->session_ref) == 0)
            on_gone(p);
        p = next;
    }
    free(closed);
}

void events_session_closed(struct events *events, const char *session_ref)
{
    struct closed *closed = xcalloc(1, sizeof(*closed));

    closed->events = events;
    memccpy(closed->session_ref, session_ref, '\0', REF_LEN);
    event_queue_forget(events->queue, session_ref);
    loop_post(events->manager->mailbox, end_session, closed);
}

void events_heartbeat(struct events *events)
{
    const struct manager *manager = events->manager;
    autoptr(row) pool = db_get(manager->db, CLASS_POOL, manager->self.pool_ref);

    if (pool)
        event_queue_heartbeat(events->queue, pool);
    on_change(events);
}

void events_stop(struct events *events)
{
    struct parked *p = events->first;

    pthread_mutex_lock(&events->wake_lock);
    events->is_ended = true;
    pthread_mutex_unlock(&events->wake_lock);
    events->stopping = true;
    while (p) {
        struct parked *next = p->next;

        on_gone(p);
        p = next;
    }
}
