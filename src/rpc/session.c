// SPDX-License-Identifier: GPL-2.0-or-later
#include "rpc/session.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/map.h"
#include "base/rand.h"
#include "base/vec.h"
#include "rpc/events.h"
#include "rpc/manager.h"
#include "rpc/rbac.h"

#define IDLE_LIMIT_MS (24ull * 3600 * 1000)
#define NOTE_AFTER_MS (10ull * 60 * 1000) /* last_active is that fresh at least */
#define MAX_BY_NAME   500                 /* of one originator, of one user */
#define MAX_OTHER     400                 /* without an originator; of hosts */

struct session {
    struct caller caller;
    unsigned n_holders;    /* the index, and calls that run */
    uint64_t last_used_ms; /* monotonic */
    uint64_t events_ms;    /* when it was last given events; the loop's */
    uint64_t noted_ms;     /* the last use that the row shows; changed by the sweep alone */
};

struct sessions {
    const struct manager *manager;
    pthread_mutex_t lock; /* guards all below and the counters of each session */
    struct map by_ref;
};

typedef VEC(struct session *) session_list;

struct sessions *sessions_new(const struct manager *manager)
{
    struct sessions *sessions = xcalloc(1, sizeof(*sessions));

    sessions->manager = manager;
    pthread_mutex_init(&sessions->lock, NULL);
    return sessions;
}

static void drop_holder(struct session *session)
{
    if (--session->n_holders == 0)
        free(session);
}

void sessions_free(struct sessions *sessions)
{
    const struct map_slot *slot;
    size_t i = 0;

    if (!sessions)
        return;
    while ((slot = map_next(&sessions->by_ref, &i)))
        drop_holder(slot->value);
    map_fini(&sessions->by_ref);
    pthread_mutex_destroy(&sessions->lock);
    free(sessions);
}

/* A reference with all its 128 bits random, unlike that of a version 4 UUID. */
static void make_ref(char ret_ref[REF_LEN + 1])
{
    uint8_t b[16];

    rand_bytes(b, sizeof(b));
    snprintf(
        ret_ref, REF_LEN + 1,
        "OpaqueRef:%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
        b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12],
        b[13], b[14], b[15]);
}

static struct session *make_session(const struct session_spec *spec)
{
    struct session *session = xcalloc(1, sizeof(*session));
    struct caller *c = &session->caller;

    make_ref(c->session_ref);
    snprintf(c->user_name, sizeof(c->user_name), "%s", spec->user_name);
    snprintf(c->user_sid, sizeof(c->user_sid), "%s", spec->user_sid);
    snprintf(c->originator, sizeof(c->originator), "%s", spec->originator);
    snprintf(c->source, sizeof(c->source), "%s", spec->source);
    c->roles = spec->roles;
    c->is_local_superuser = spec->is_local_superuser;
    c->is_pool_internal = spec->is_pool_internal;
    session->n_holders = 1;
    session->last_used_ms = session->noted_ms = clock_monotonic_ms();
    return session;
}

/* ---- rows ---- */

struct row_job {
    const struct manager *manager;
    const struct session_spec *spec;
    const struct caller *caller;
};

static const char *root_user(struct txn *t)
{
    size_t n;
    const struct row *const *users = txn_list(t, CLASS_USER, &n);

    return n ? row_ref(users[0]) : NULL_REF;
}

static struct err *make_row(struct txn *t, void *arg)
{
    const struct row_job *job = arg;
    const struct caller *c = job->caller;
    const char *ref = txn_create_as(t, CLASS_SESSION, c->session_ref, NULL);
    const char *user = c->is_local_superuser ? root_user(t) : NULL_REF;
    const char *subject = job->spec->subject_ref ? job->spec->subject_ref : NULL_REF;
    const struct {
        int field;
        struct val value;
    } cells[] = {
        {F_SESSION_THIS_HOST, val_str(job->manager->self.host_ref)},
        {F_SESSION_THIS_USER, val_str(user)},
        {F_SESSION_LAST_ACTIVE, val_int(clock_wall_seconds())},
        {F_SESSION_VALIDATION_TIME, val_int(clock_wall_seconds())},
        {F_SESSION_POOL, val_bool(c->is_pool_internal)},
        {F_SESSION_IS_LOCAL_SUPERUSER, val_bool(c->is_local_superuser)},
        {F_SESSION_SUBJECT, val_str(subject)},
        {F_SESSION_AUTH_USER_SID, val_str(c->user_sid)},
        {F_SESSION_AUTH_USER_NAME, val_str(c->user_name)},
        {F_SESSION_ORIGINATOR, val_str(c->originator)},
        {F_SESSION_RBAC_PERMISSIONS,
         c->is_local_superuser ? val_set(0) : rbac_permissions(c->roles)},
    };

    for (size_t i = 0; i < ARRAY_SIZE(cells); i++)
        txn_set(t, CLASS_SESSION, ref, cells[i].field, cells[i].value);
    return NULL;
}

static struct err *delete_row(struct txn *t, void *arg)
{
    const char *ref = arg;

    if (txn_get(t, CLASS_SESSION, ref))
        txn_delete(t, CLASS_SESSION, ref);
    return NULL;
}

/* ---- limits ---- */

static bool same_kind(const struct session *a, const struct session *b)
{
    return a->caller.is_pool_internal == b->caller.is_pool_internal &&
           !a->caller.originator[0] && !b->caller.originator[0];
}

static bool same_originator(const struct session *a, const struct session *b)
{
    return a->caller.originator[0] &&
           strcmp(a->caller.originator, b->caller.originator) == 0;
}

static bool same_user(const struct session *a, const struct session *b)
{
    return strcmp(a->caller.user_name, b->caller.user_name) == 0;
}

/* The session to close before 'fresh' may be added, or NULL.  Only one that runs nothing is
 * ever chosen.  The lock is held. */
static struct session *
over_limit(const struct sessions *sessions, const struct session *fresh,
           bool (*alike)(const struct session *, const struct session *), size_t limit)
{
    const struct map_slot *slot;
    struct session *oldest = NULL;
    size_t i = 0, n = 0;

    while ((slot = map_next(&sessions->by_ref, &i))) {
        struct session *session = slot->value;

        if (!alike(session, fresh))
            continue;
        n++;
        if (session->n_holders == 1 &&
            (!oldest || session->last_used_ms < oldest->last_used_ms))
            oldest = session;
    }
    return n >= limit ? oldest : NULL;
}

/* Takes out of the index all that must go before 'fresh' comes in.  The lock is held. */
static void make_room(struct sessions *sessions, const struct session *fresh,
                      session_list *gone)
{
    static const struct {
        bool (*alike)(const struct session *, const struct session *);
        size_t limit;
    } limits[] = {
        {same_originator, MAX_BY_NAME}, {same_user, MAX_BY_NAME}, {same_kind, MAX_OTHER}};

    for (size_t i = 0; i < ARRAY_SIZE(limits); i++) {
        struct session *old = over_limit(sessions, fresh, limits[i].alike, limits[i].limit);

        if (old) {
            map_remove(&sessions->by_ref, old->caller.session_ref);
            *VEC_PUSH(gone) = old;
        }
    }
}

/* What is left to do for sessions that were taken out of the index. */
static void finish_closing(struct sessions *sessions, session_list *gone)
{
    for (size_t i = 0; i < gone->n; i++) {
        struct session *session = gone->at[i];

        if (sessions->manager->events)
            events_session_closed(sessions->manager->events, session->caller.session_ref);
        err_ignore(db_run(sessions->manager->db, delete_row, session->caller.session_ref),
                   "the session is gone from the index, which is what counts");
        pthread_mutex_lock(&sessions->lock);
        drop_holder(session);
        pthread_mutex_unlock(&sessions->lock);
    }
    VEC_FINI(gone);
}

struct err *sessions_open(struct sessions *sessions, const struct session_spec *spec,
                          char ret_ref[REF_LEN + 1])
{
    struct session *session = make_session(spec);
    struct row_job job = {sessions->manager, spec, &session->caller};
    session_list gone = VEC_INIT;
    struct err *e = db_run(sessions->manager->db, make_row, &job);

    if (e) {
        free(session);
        return err_context(e, "opening a session of %s", spec->user_name);
    }
    memcpy(ret_ref, session->caller.session_ref, REF_LEN + 1);
    pthread_mutex_lock(&sessions->lock);
    make_room(sessions, session, &gone);
    map_put(&sessions->by_ref, session->caller.session_ref, session);
    pthread_mutex_unlock(&sessions->lock);
    if (gone.n)
        log_info(RPC, "%zu unused sessions closed to make room for %s", gone.n,
                 spec->user_name);
    finish_closing(sessions, &gone);
    return NULL;
}

bool sessions_close(struct sessions *sessions, const char *ref)
{
    session_list gone = VEC_INIT;
    struct session *session;

    pthread_mutex_lock(&sessions->lock);
    session = map_remove(&sessions->by_ref, ref);
    pthread_mutex_unlock(&sessions->lock);
    if (!session)
        return false;
    *VEC_PUSH(&gone) = session;
    finish_closing(sessions, &gone);
    return true;
}

/* Takes out of the index all sessions that 'chosen' says yes to. */
static void close_if(struct sessions *sessions,
                     bool (*chosen)(const struct session *, const void *), const void *arg)
{
    const struct map_slot *slot;
    session_list gone = VEC_INIT;
    size_t i = 0;

    pthread_mutex_lock(&sessions->lock);
    while ((slot = map_next(&sessions->by_ref, &i))) {
        if (chosen(slot->value, arg))
            *VEC_PUSH(&gone) = slot->value;
    }
    for (i = 0; i < gone.n; i++)
        map_remove(&sessions->by_ref, gone.at[i]->caller.session_ref);
    pthread_mutex_unlock(&sessions->lock);
    finish_closing(sessions, &gone);
}

struct of_user {
    const char *sid, *but;
};

/* The superuser and other hosts are no users of the directory: they have no identifier. */
static bool is_of_user(const struct session *session, const void *arg)
{
    const struct caller *caller = &session->caller;
    const struct of_user *wanted = arg;

    return caller->user_sid[0] && strcmp(caller->user_sid, wanted->sid) == 0 &&
           strcmp(caller->session_ref, wanted->but) != 0;
}

void sessions_close_user(struct sessions *sessions, const char *user_sid, const char *but)
{
    struct of_user wanted = {user_sid, but};

    close_if(sessions, is_of_user, &wanted);
}

struct val sessions_user_sids(struct sessions *sessions)
{
    const struct map_slot *slot;
    struct val sids = val_set(0);
    size_t i = 0;

    pthread_mutex_lock(&sessions->lock);
    while ((slot = map_next(&sessions->by_ref, &i))) {
        const struct caller *caller = &((struct session *)slot->value)->caller;

        if (caller->user_sid[0] && !val_set_has(&sids, caller->user_sid))
            val_push(&sids, val_str(caller->user_sid));
    }
    pthread_mutex_unlock(&sessions->lock);
    return sids;
}

/* A call that ends meanwhile may have used it after 'now_ms' was read. */
static bool unused_too_long(const struct session *session, uint64_t now_ms)
{
    return now_ms > session->last_used_ms &&
           now_ms - session->last_used_ms >= IDLE_LIMIT_MS;
}

struct session *sessions_hold(struct sessions *sessions, const char *ref)
{
    uint64_t now = clock_monotonic_ms();
    struct session *session;

    pthread_mutex_lock(&sessions->lock);
    session = map_get(&sessions->by_ref, ref);
    if (session && unused_too_long(session, now))
        session = NULL; /* the sweep will close it */
    if (session) {
        session->n_holders++;
        session->last_used_ms = now;
    }
    pthread_mutex_unlock(&sessions->lock);
    return session;
}

void sessions_release(struct sessions *sessions, struct session *session)
{
    if (!session)
        return;
    pthread_mutex_lock(&sessions->lock);
    session->last_used_ms = clock_monotonic_ms();
    drop_holder(session);
    pthread_mutex_unlock(&sessions->lock);
}

const struct caller *session_caller(const struct session *session)
{
    return &session->caller;
}

uint64_t session_last_events(const struct session *session)
{
    return session->events_ms;
}

void session_set_last_events(struct session *session, uint64_t now_ms)
{
    session->events_ms = now_ms;
}

static bool is_idle(const struct session *session, const void *arg)
{
    return session->n_holders == 1 && unused_too_long(session, *(const uint64_t *)arg);
}

/* Sessions whose row shows too old a use, held. */
static void list_stale(struct sessions *sessions, session_list *stale)
{
    const struct map_slot *slot;
    size_t i = 0;

    pthread_mutex_lock(&sessions->lock);
    while ((slot = map_next(&sessions->by_ref, &i))) {
        struct session *session = slot->value;

        if (session->last_used_ms - session->noted_ms < NOTE_AFTER_MS)
            continue;
        session->n_holders++;
        session->noted_ms = session->last_used_ms;
        *VEC_PUSH(stale) = session;
    }
    pthread_mutex_unlock(&sessions->lock);
}

void sessions_sweep(struct sessions *sessions)
{
    uint64_t now = clock_monotonic_ms();
    session_list stale = VEC_INIT;

    close_if(sessions, is_idle, &now);
    list_stale(sessions, &stale);
    for (size_t i = 0; i < stale.n; i++) {
        struct session *session = stale.at[i];
        int64_t ago_ms = (int64_t)(clock_monotonic_ms() - session->noted_ms);

        err_ignore(db_set(sessions->manager->db, CLASS_SESSION, session->caller.session_ref,
                          F_SESSION_LAST_ACTIVE,
                          val_int(clock_wall_seconds() - ago_ms / 1000)),
                   "the time of last use is a courtesy");
        pthread_mutex_lock(&sessions->lock);
        drop_holder(session);
        pthread_mutex_unlock(&sessions->lock);
    }
    VEC_FINI(&stale);
}

size_t sessions_count(struct sessions *sessions)
{
    size_t n;

    pthread_mutex_lock(&sessions->lock);
    n = sessions->by_ref.n;
    pthread_mutex_unlock(&sessions->lock);
    return n;
}
