// SPDX-License-Identifier: GPL-2.0-or-later
#include "db/commit.h"

#include "base/alloc.h"
#include "base/crash.h"
#include "base/log.h"
#include "db/relations.h"
#include "db/seal.h"

#define MAX_BATCH     256
#define RESERVE_BLOCK 10000
#define MAX_ATTEMPTS  1000
#define STOPPED       "the database is shutting down"
#define CANNOT_WRITE  "the database cannot be written"

/* On a thread that runs a transaction function, or is the commit thread: db_run would wait
 * for itself. */
static _Thread_local bool inside;

/* A copy for one of many who wait. */
static struct err *copy_of(const struct err *e)
{
    struct err *copy = err_new(err_code(e), "%s", err_sentence(e));

    for (size_t i = 0; i < err_n_params(e); i++)
        copy = err_param(copy, err_param_at(e, i));
    return copy;
}

/* ---- the caller's side ---- */

static struct err *refused(const char *why)
{
    return err_param(err_new(ERR_INTERNAL_ERROR, "running a transaction: %s", why), why);
}

static bool enter(struct db *db)
{
    bool open;

    pthread_mutex_lock(&db->writer);
    open = !db->closing;
    if (open)
        db->n_running++;
    pthread_mutex_unlock(&db->writer);
    return open;
}

static void leave(struct db *db)
{
    pthread_mutex_lock(&db->writer);
    if (--db->n_running == 0 && db->closing)
        pthread_cond_signal(&db->idle);
    pthread_mutex_unlock(&db->writer);
}

/* Runs the function once and, if anything hangs on it, waits for the outcome. */
static enum txn_outcome attempt(struct txn *t, txn_fn fn, void *arg)
{
    struct db *db = t->db;
    struct err *e;
    bool waits;

    pthread_mutex_lock(&db->writer);
    inside = true;
    e = fn(t, arg);
    inside = false;
    if (e) {
        err_free(t->error);
        t->error = e;
    }
    if (t->error)
        txn_abandon(t);
    else
        txn_seal(t);
    /* What was read of pending changes must come true before an answer tells of it: also an
     * error. */
    waits = t->changed || t->after.n > 0;
    if (waits)
        commit_queue(t);
    pthread_mutex_unlock(&db->writer);

    if (!waits)
        return TXN_DONE;
    while (sem_wait(&t->decided) < 0)
        ; /* EINTR */
    return t->outcome;
}

struct err *db_run(struct db *db, txn_fn fn, void *arg)
{
    struct err *e = NULL;
    enum txn_outcome outcome = TXN_AGAIN;
    bool is_durable = false;

    assert_msg(!inside, "a transaction inside a transaction");
    if (!enter(db))
        return refused(STOPPED);
    for (int i = 0; outcome == TXN_AGAIN && i < MAX_ATTEMPTS; i++) {
        struct txn t;

        txn_init(&t, db);
        outcome = attempt(&t, fn, arg);
        if (outcome != TXN_AGAIN)
            e = take_ptr(t.error);
        is_durable = outcome == TXN_DONE && t.rows.n > 0;
        txn_fini(&t);
    }
    leave(db);
    if (is_durable)
        crash_point("commit");
    return outcome == TXN_AGAIN ? refused("too many conflicts") : e;
}

void commit_queue(struct txn *t)
{
    struct db *db = t->db;

    t->number = ++db->next_number;
    t->before = db->last_pending;
    t->next = NULL;
    *(t->before ? &t->before->next : &db->first_pending) = t;
    db->last_pending = t;
    if (!db->first_queued)
        db->first_queued = t;
    pthread_cond_signal(&db->work);
}

/* Not pending any more; from the moment it is posted 't' belongs to its caller again. */
static void decide(struct txn *t, enum txn_outcome outcome)
{
    struct db *db = t->db;

    *(t->before ? &t->before->next : &db->first_pending) = t->next;
    *(t->next ? &t->next->before : &db->last_pending) = t->before;
    t->outcome = outcome;
    sem_post(&t->decided);
}

/* ---- the commit thread: a batch ---- */

struct batch {
    struct db *db;
    struct txn *at[MAX_BATCH];
    size_t n;
    enum store_outcome outcomes[MAX_BATCH];
    VEC(struct row *) replaced; /* released outside the locks */
};

/* Waits for work; false when there will be none. */
static bool take_batch(struct batch *batch)
{
    struct db *db = batch->db;
    struct txn *t;

    pthread_mutex_lock(&db->writer);
    while (!db->first_queued && !(db->closing && db->n_running == 0))
        pthread_cond_wait(&db->work, &db->writer);
    batch->n = 0;
    for (t = db->first_queued; t && batch->n < MAX_BATCH; t = t->next)
        batch->at[batch->n++] = t;
    db->first_queued = t;
    pthread_mutex_unlock(&db->writer);
    return batch->n > 0;
}

static struct err *reserve(struct db *db, const struct batch *batch)
{
    uint64_t last = 0;
    struct err *e;

    for (size_t i = 0; i < batch->n; i++)
        if (batch->at[i]->stamp.generation)
            last = batch->at[i]->stamp.generation;
    if (last < db->reserved)
        return NULL;
    e = db->store->ops->reserve(db->store, last + RESERVE_BLOCK);
    if (!e)
        db->reserved = last + RESERVE_BLOCK;
    return e;
}

/* The places in the batch of those 't' came after.  Earlier batches are decided: had one of
 * them failed, 't' would not be here. */
static size_t find_after(const struct batch *batch, const struct txn *t, size_t *after)
{
    size_t n = 0;

    for (size_t i = 0; i < batch->n && batch->at[i] != t; i++)
        for (size_t j = 0; j < t->after.n; j++)
            if (t->after.at[j] == batch->at[i]->number)
                after[n++] = i;
    return n;
}

/* Asks the store.  On an error the transactions with something to write have failed with
 * it, and the others are as those they came after. */
static struct err *store_batch(struct batch *batch)
{
    autofree struct store_txn *txns = xcalloc(batch->n, sizeof(*txns));
    VEC(size_t) after = VEC_INIT;
    struct db *db = batch->db;
    struct err *e = NULL;
    size_t n_rows = 0, n_after = 0;

    for (size_t i = 0; i < batch->n; i++)
        n_after += batch->at[i]->after.n;
    after.at = xcalloc(n_after, sizeof(*after.at));
    for (size_t i = 0; i < batch->n; i++) {
        const struct txn *t = batch->at[i];

        txns[i] = (struct store_txn){t->rows.at,  t->rows.n,          t->guards.at,
                                     t->guards.n, after.at + after.n, 0};
        txns[i].n_after = find_after(batch, t, after.at + after.n);
        after.n += txns[i].n_after;
        n_rows += t->rows.n;
    }
    if (n_rows > 0) {
        e = reserve(db, batch);
        if (!e)
            e = db->store->ops->commit(db->store, txns, batch->n, batch->outcomes);
    }
    for (size_t i = 0; (e || n_rows == 0) && i < batch->n; i++)
        batch->outcomes[i] = txns[i].n_rows > 0
                                 ? STORE_FAILED
                                 : store_check_after(&txns[i], batch->outcomes);
    VEC_FINI(&after);
    return e;
}

/* ---- the commit thread: applying ---- */

static void publish(struct batch *batch, struct txn *t)
{
    struct db *db = batch->db;

    for (size_t i = 0; i < t->seen.n; i++) {
        struct entry *e = t->seen.at[i];
        struct row *old;

        if (!(e->flags & ENTRY_CHANGED))
            continue;
        if (e->now) {
            old = image_put(&db->image, row_hold(e->now));
        } else {
            struct stamp deleted = {.generation = t->stamp.generation};

            if (!classes[e->cls].persist)
                deleted =
                    (struct stamp){.volatile_generation = t->stamp.volatile_generation};
            old = image_remove(&db->image, e->cls, val_text(&e->ref), &deleted);
        }
        if (old)
            *VEC_PUSH(&batch->replaced) = old;
    }
    if (t->stamp.generation)
        db->now.generation = t->stamp.generation;
    if (t->stamp.volatile_generation)
        db->now.volatile_generation = t->stamp.volatile_generation;
}

/* Is one of 'lost' among those 't' came after? */
static bool saw_a_lost_one(const struct txn *t, const uint64_t *lost, size_t n_lost)
{
    for (size_t i = 0; i < t->after.n; i++)
        for (size_t j = 0; j < n_lost; j++)
            if (t->after.at[i] == lost[j])
                return true;
    return false;
}

/* Applies what is durable, in order; the others' changes never were.  Then the transactions
 * that wait behind the batch: who saw a lost one's changes runs again. */
static void apply(struct batch *batch, const struct err *failure)
{
    VEC(uint64_t) lost = VEC_INIT;
    struct db *db = batch->db;
    struct txn *t, *next;

    for (size_t i = 0; i < batch->n; i++) {
        t = batch->at[i];
        if (batch->outcomes[i] == STORE_DONE) {
            if (lost.n)
                relations_rebase(t);
            publish(batch, t);
            decide(t, TXN_DONE);
            continue;
        }
        *VEC_PUSH(&lost) = t->number;
        if (batch->outcomes[i] == STORE_FAILED) {
            err_free(t->error);
            t->error = failure ? copy_of(failure) : refused("the store refused it");
        }
        decide(t, batch->outcomes[i] == STORE_FAILED ? TXN_FAILED : TXN_AGAIN);
    }
    for (t = lost.n ? db->first_queued : NULL; t; t = next) {
        next = t->next;
        if (!saw_a_lost_one(t, lost.at, lost.n)) {
            relations_rebase(t);
            continue;
        }
        *VEC_PUSH(&lost) = t->number;
        if (db->first_queued == t)
            db->first_queued = next;
        decide(t, TXN_AGAIN);
    }
    VEC_FINI(&lost);
}

static void wake(struct db *db)
{
    size_t n;

    pthread_mutex_lock(&db->writer);
    n = db->n_wakes;
    pthread_mutex_unlock(&db->writer);
    for (size_t i = 0; i < n; i++)
        db->wakes[i].fn(db->wakes[i].arg); /* entries never change once they count */
}

static void *commit_thread(void *arg)
{
    struct db *db = arg;
    struct batch batch = {.db = db};

    inside = true;
    while (take_batch(&batch)) {
        autoptr(err) failure = store_batch(&batch);

        if (failure)
            log_error(DB,
                      "%s: the changes of %zu transactions are lost and were not confirmed",
                      err_sentence(failure), batch.n);
        pthread_mutex_lock(&db->writer);
        pthread_rwlock_wrlock(&db->image_lock);
        apply(&batch, failure);
        pthread_rwlock_unlock(&db->image_lock);
        pthread_mutex_unlock(&db->writer);
        wake(db);
        for (size_t i = 0; i < batch.replaced.n; i++)
            row_release(batch.replaced.at[i]);
        batch.replaced.n = 0;
        if (db->store->ops->tidy)
            db->store->ops->tidy(db->store);
    }
    VEC_FINI(&batch.replaced);
    return NULL;
}

struct err *commit_start(struct db *db)
{
    int r = pthread_create(&db->commit_thread, NULL, commit_thread, db);

    return r ? err_errno(r, "starting the commit thread") : NULL;
}

void commit_stop(struct db *db)
{
    pthread_mutex_lock(&db->writer);
    db->closing = true;
    while (db->n_running > 0)
        pthread_cond_wait(&db->idle, &db->writer);
    pthread_cond_signal(&db->work);
    pthread_mutex_unlock(&db->writer);
    pthread_join(db->commit_thread, NULL);
}
