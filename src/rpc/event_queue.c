// SPDX-License-Identifier: GPL-2.0-or-later
#include "rpc/event_queue.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/map.h"
#include "db/db.h"
#include "rpc/event_format.h"

#define MAX_EVENTS 8192
#define MAX_BYTES  (10u << 20) /* of the records' JSON */

struct queued {
    enum db_event_kind kind;
    int cls;
    int64_t seconds;
    char *ref;
    struct row *row; /* held; NULL for a deletion */
    size_t size;
};

struct registration {
    struct db_subscription sub;
    int64_t next_id; /* the first event not given yet */
};

struct event_queue {
    struct db *db;
    pthread_mutex_t lock; /* guards all below */
    struct map by_session;
    struct queued ring[MAX_EVENTS]; /* event 'id' lies at id % MAX_EVENTS */
    int64_t first_id, last_id;      /* kept: first_id to last_id */
    size_t size;
    struct db_token fed; /* up to here */
};

struct event_queue *event_queue_new(struct db *db)
{
    struct event_queue *queue = xcalloc(1, sizeof(*queue));

    queue->db = db;
    queue->first_id = 1;
    pthread_mutex_init(&queue->lock, NULL);
    return queue;
}

static void drop_first(struct event_queue *queue)
{
    struct queued *first = &queue->ring[queue->first_id++ % MAX_EVENTS];

    queue->size -= first->size;
    free(first->ref);
    row_release(first->row);
}

static void drop_all(struct event_queue *queue)
{
    while (queue->first_id <= queue->last_id)
        drop_first(queue);
}

static void free_registration(struct registration *r)
{
    if (!r)
        return;
    subscription_fini(&r->sub);
    free(r);
}

void event_queue_free(struct event_queue *queue)
{
    const struct map_slot *slot;
    size_t i = 0;

    if (!queue)
        return;
    while ((slot = map_next(&queue->by_session, &i)))
        free_registration(slot->value);
    map_fini(&queue->by_session);
    drop_all(queue);
    pthread_mutex_destroy(&queue->lock);
    free(queue);
}

static struct registration *find_or_add(struct event_queue *queue, const char *session_ref)
{
    struct registration *r = map_get(&queue->by_session, session_ref);

    if (r)
        return r;
    if (queue->by_session.n == 0)
        queue->fed = db_now(queue->db);
    r = xcalloc(1, sizeof(*r));
    r->next_id = queue->last_id + 1;
    map_put(&queue->by_session, session_ref, r);
    return r;
}

/* Nobody listens any more: nothing is kept. */
static void remove_registration(struct event_queue *queue, const char *session_ref)
{
    free_registration(map_remove(&queue->by_session, session_ref));
    if (queue->by_session.n == 0)
        drop_all(queue);
}

struct err *event_queue_register(struct event_queue *queue, const char *session_ref,
                                 const struct val *subscriptions)
{
    struct db_subscription checked = {0};
    struct err *e = subscription_add(&checked, subscriptions);

    subscription_fini(&checked);
    if (e)
        return e;
    pthread_mutex_lock(&queue->lock);
    e = subscription_add(&find_or_add(queue, session_ref)->sub, subscriptions);
    pthread_mutex_unlock(&queue->lock);
    return e;
}

static struct err *not_registered(const char *session_ref)
{
    return err_params(ERR_SESSION_NOT_REGISTERED, session_ref, NULL);
}

struct err *event_queue_unregister(struct event_queue *queue, const char *session_ref,
                                   const struct val *subscriptions)
{
    struct registration *r;
    struct err *e = NULL;

    pthread_mutex_lock(&queue->lock);
    r = map_get(&queue->by_session, session_ref);
    if (r)
        e = subscription_remove(&r->sub, subscriptions);
    if (r && subscription_is_empty(&r->sub))
        remove_registration(queue, session_ref);
    pthread_mutex_unlock(&queue->lock);
    return e;
}

void event_queue_forget(struct event_queue *queue, const char *session_ref)
{
    pthread_mutex_lock(&queue->lock);
    remove_registration(queue, session_ref);
    pthread_mutex_unlock(&queue->lock);
}

int64_t event_queue_current_id(struct event_queue *queue)
{
    int64_t id;

    pthread_mutex_lock(&queue->lock);
    id = queue->last_id;
    pthread_mutex_unlock(&queue->lock);
    return id;
}

/* ---- feeding ---- */

static void append(struct event_queue *queue, enum db_event_kind kind, int cls,
                   const char *ref, struct row *row)
{
    struct queued *last;
    size_t size = row ? row_text_size(row, ENCODING_JSON) : 0;

    while (queue->first_id <= queue->last_id &&
           (queue->size + size > MAX_BYTES ||
            queue->last_id - queue->first_id + 1 >= MAX_EVENTS))
        drop_first(queue);
    last = &queue->ring[++queue->last_id % MAX_EVENTS];
    *last = (struct queued){
        kind, cls, clock_wall_seconds(), xstrdup(ref), row ? row_hold(row) : NULL, size};
    queue->size += size;
}

void event_queue_feed(struct event_queue *queue)
{
    autoval struct val everything = val_set(1);
    struct db_subscription sub = {0};
    struct db_events events;

    val_push(&everything, val_str("*"));
    pthread_mutex_lock(&queue->lock);
    if (queue->by_session.n == 0) {
        pthread_mutex_unlock(&queue->lock);
        return;
    }
    err_ignore(subscription_add(&sub, &everything), "the star is always well-formed");
    db_events_since(queue->db, &sub, &queue->fed, &events);
    for (size_t i = 0; i < events.n; i++)
        append(queue, events.at[i].kind, events.at[i].cls, events.at[i].ref,
               events.at[i].row);
    queue->fed = events.token;
    pthread_mutex_unlock(&queue->lock);
    db_events_fini(&events);
    subscription_fini(&sub);
}

void event_queue_heartbeat(struct event_queue *queue, struct row *row)
{
    pthread_mutex_lock(&queue->lock);
    if (queue->by_session.n)
        append(queue, DB_MOD, class_index(row_class(row)), row_ref(row), row);
    pthread_mutex_unlock(&queue->lock);
}

/* ---- serving ---- */

static void write_event(const struct queued *q, int64_t id, struct reply *reply)
{
    char timestamp[32];
    struct event_view view = {id, timestamp, q->kind, q->cls, q->ref, q->row};

    snprintf(timestamp, sizeof(timestamp), "%lld.0", (long long)q->seconds);
    reply_element(reply);
    event_write(&view, reply);
}

static size_t write_unseen(struct event_queue *queue, struct registration *r,
                           struct reply *reply)
{
    size_t n = 0;

    for (int64_t id = r->next_id; id <= queue->last_id; id++) {
        const struct queued *q = &queue->ring[id % MAX_EVENTS];

        if (!subscription_matches(&r->sub, q->cls, q->ref))
            continue;
        if (n++ == 0)
            reply_begin_array(reply);
        write_event(q, id, reply);
    }
    if (n)
        reply_end_array(reply);
    r->next_id = queue->last_id + 1;
    return n;
}

struct err *event_queue_take(struct event_queue *queue, const char *session_ref,
                             struct reply *reply, size_t *ret_n)
{
    struct registration *r;
    struct err *e = NULL;

    pthread_mutex_lock(&queue->lock);
    r = map_get(&queue->by_session, session_ref);
    if (!r) {
        e = not_registered(session_ref);
    } else if (r->next_id < queue->first_id) {
        remove_registration(queue, session_ref);
        e = err_params(ERR_EVENTS_LOST, NULL);
    } else {
        *ret_n = write_unseen(queue, r, reply);
    }
    pthread_mutex_unlock(&queue->lock);
    return e;
}
