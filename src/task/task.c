// SPDX-License-Identifier: GPL-2.0-or-later
#include "task/task.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/map.h"
#include "base/uuid.h"
#include "db/db.h"
#include "model/codec.h"

#define PROGRESS_EVERY_MS 500
#define FINISHED_FOR_S    (65 * 60)
#define PENDING_FOR_S     (24 * 3600)
#define MAX_FINISHED      200
#define MAX_RESULT_SIZE   (1u << 20)

struct task {
    struct db *db; /* NULL: no row */
    char *ref;
    bool adopted;              /* the row is a client's: not ours to end */
    bool cancel_requested;     /* under tasks_lock */
    const struct task *parent; /* cancelled with it; NULL: none */
    double fraction;           /* as last written */
    uint64_t written_ms;
};

/* The tasks at work, by reference, so that a request to cancel finds them. */
static pthread_mutex_t tasks_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t tasks_cancelled;
static pthread_once_t tasks_once = PTHREAD_ONCE_INIT;
static struct map running;
static char host_ref[REF_LEN + 1] = NULL_REF;

static void init_condition(void)
{
    pthread_condattr_t attr;

    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&tasks_cancelled, &attr);
    pthread_condattr_destroy(&attr);
}

void task_set_host(const char *ref)
{
    pthread_mutex_lock(&tasks_lock);
    memccpy(host_ref, ref, '\0', sizeof(host_ref) - 1);
    pthread_mutex_unlock(&tasks_lock);
}

/* ---- making ---- */

static struct task *make_task(struct db *db, char *ref)
{
    struct task *task = xcalloc(1, sizeof(*task));

    pthread_once(&tasks_once, init_condition);
    task->db = db;
    task->ref = ref;
    if (!db)
        return task;
    pthread_mutex_lock(&tasks_lock);
    map_put(&running, task->ref, task);
    pthread_mutex_unlock(&tasks_lock);
    return task;
}

struct new_row {
    const char *label, *description, *session_ref, *subtask_of, *ref;
    int64_t created;
    bool cancellable;
};

static struct val text_or_null(const char *ref)
{
    return val_str(ref ? ref : NULL_REF);
}

static struct err *make_row(struct txn *t, void *arg)
{
    const struct new_row *new = arg;
    const char *ref = txn_create_as(t, CLASS_TASK, new->ref, NULL);
    struct val allowed = val_set(1);

    if (new->cancellable)
        val_push(&allowed, val_int(E_TASK_ALLOWED_OPERATIONS_CANCEL));
    txn_set(t, CLASS_TASK, ref, F_TASK_NAME_LABEL, val_str(new->label));
    txn_set(t, CLASS_TASK, ref, F_TASK_NAME_DESCRIPTION, val_str(new->description));
    txn_set(t, CLASS_TASK, ref, F_TASK_ALLOWED_OPERATIONS, allowed);
    txn_set(t, CLASS_TASK, ref, F_TASK_CREATED, val_int(new->created));
    txn_set(t, CLASS_TASK, ref, F_TASK_STATUS, val_int(E_TASK_STATUS_TYPE_PENDING));
    txn_set(t, CLASS_TASK, ref, F_TASK_SESSION, text_or_null(new->session_ref));
    txn_set(t, CLASS_TASK, ref, F_TASK_RESIDENT_ON, val_str(host_ref));
    txn_set(t, CLASS_TASK, ref, F_TASK_SUBTASK_OF, text_or_null(new->subtask_of));
    txn_set(t, CLASS_TASK, ref, F_TASK_TYPE, val_str("<none/>"));
    return NULL;
}

static struct err *make_both(struct db *db, struct new_row *new, struct task **ret_task)
{
    struct err *e = db_run(db, make_row, new);

    if (e)
        return err_context(e, "making task %s", new->label);
    *ret_task = make_task(db, xstrdup(new->ref));
    return NULL;
}

struct err *task_create(struct db *db, const char *label, const char *description,
                        const char *session_ref, const char *subtask_of, bool cancellable,
                        struct task **ret_task)
{
    struct ref ref = ref_new();
    struct new_row new = {label,    description,          session_ref, subtask_of,
                          ref.text, clock_wall_seconds(), cancellable};

    return make_both(db, &new, ret_task);
}

struct err *task_revive(struct db *db, const char *ref, const char *label, int64_t created,
                        struct task **ret_task)
{
    struct new_row new = {.label = label,
                          .description = "Cut off by the end of latchkeyd",
                          .ref = ref,
                          .created = created};

    return make_both(db, &new, ret_task);
}

struct task *task_dummy(const char *label)
{
    return make_task(NULL, xasprintf("DummyRef:|%s|%s", uuid_new().text, label));
}

struct err *task_adopt(struct db *db, const char *ref, struct task **ret_task)
{
    autoptr(row) row = NULL;
    struct err *e = db_need(db, CLASS_TASK, ref, &row);
    bool ours;

    if (e)
        return e;
    pthread_mutex_lock(&tasks_lock);
    ours = map_get(&running, ref) != NULL;
    pthread_mutex_unlock(&tasks_lock);
    if (ours)
        return err_params(ERR_OPERATION_NOT_ALLOWED, "another call works under this task",
                          NULL);
    *ret_task = make_task(db, xstrdup(ref));
    (*ret_task)->adopted = true;
    return NULL;
}

void task_free(struct task *task)
{
    if (!task)
        return;
    if (task->db) {
        pthread_mutex_lock(&tasks_lock);
        if (map_get(&running, task->ref) == task)
            map_remove(&running, task->ref);
        pthread_mutex_unlock(&tasks_lock);
    }
    free(task->ref);
    free(task);
}

const char *task_ref(const struct task *task)
{
    return task->ref;
}

/* ---- moving on and ending ---- */

struct change {
    const struct task *task;
    double fraction;
    int status;
    struct val result, error_info;
};

static bool is_pending(const struct row *row)
{
    return row && row_int(row, F_TASK_STATUS) == E_TASK_STATUS_TYPE_PENDING;
}

static struct err *write_progress(struct txn *t, void *arg)
{
    const struct change *c = arg;

    if (is_pending(txn_get(t, CLASS_TASK, c->task->ref)))
        txn_set(t, CLASS_TASK, c->task->ref, F_TASK_PROGRESS, val_float(c->fraction));
    return NULL;
}

void task_progress(struct task *task, double fraction)
{
    uint64_t now = clock_monotonic_ms();
    struct change change = {.task = task, .fraction = fraction};

    if (!task->db || fraction == task->fraction ||
        now - task->written_ms < PROGRESS_EVERY_MS)
        return;
    task->fraction = fraction;
    task->written_ms = now;
    err_ignore(db_run(task->db, write_progress, &change), "progress is a courtesy");
}

static bool was_destroyed(const struct row *row)
{
    const struct val *current = row_get(row, F_TASK_CURRENT_OPERATIONS);

    for (size_t i = 0; i < val_count(current); i++) {
        if (val_value_at(current, i)->i == E_TASK_ALLOWED_OPERATIONS_DESTROY)
            return true;
    }
    return false;
}

static struct err *write_end(struct txn *t, void *arg)
{
    const struct change *c = arg;
    const char *ref = c->task->ref;
    const struct row *row = txn_get(t, CLASS_TASK, ref);

    if (!is_pending(row))
        return NULL;
    if (was_destroyed(row)) {
        txn_delete(t, CLASS_TASK, ref);
        return NULL;
    }
    txn_set(t, CLASS_TASK, ref, F_TASK_PROGRESS, val_float(1));
    txn_set(t, CLASS_TASK, ref, F_TASK_FINISHED, val_int(clock_wall_seconds()));
    txn_set(t, CLASS_TASK, ref, F_TASK_ALLOWED_OPERATIONS, val_set(0));
    txn_set(t, CLASS_TASK, ref, F_TASK_CURRENT_OPERATIONS, val_map(0));
    txn_set(t, CLASS_TASK, ref, F_TASK_RESULT, val_ref(&c->result));
    txn_set(t, CLASS_TASK, ref, F_TASK_ERROR_INFO, val_ref(&c->error_info));
    txn_set(t, CLASS_TASK, ref, F_TASK_STATUS, val_int(c->status));
    return NULL;
}

/* The code and its parameters, as the API lists them. */
static struct val describe_error(const struct err *e)
{
    struct val info = val_set(e ? 1 + err_n_params(e) : 0);

    if (!e)
        return info;
    val_push(&info, val_str(err_code_text(e)));
    for (size_t i = 0; i < err_n_params(e); i++)
        val_push(&info, val_str(err_param_at(e, i)));
    return info;
}

static struct val result_text(const struct type *type, const struct val *result)
{
    autobuf text = BUF_INIT;

    if (!type || !result)
        return val_str("");
    codec_xml(type, result, &text);
    return text.size <= MAX_RESULT_SIZE ? val_str_n(buf_str(&text), text.size)
                                        : val_str("");
}

void task_end(struct task *task, const struct type *type, const struct val *result,
              const struct err *e)
{
    struct change change = {.task = task, .status = E_TASK_STATUS_TYPE_SUCCESS};

    if (!task->db || task->adopted)
        return;
    if (e)
        change.status = err_code(e) == ERR_TASK_CANCELLED ? E_TASK_STATUS_TYPE_CANCELLED
                                                          : E_TASK_STATUS_TYPE_FAILURE;
    change.result = e ? val_str("") : result_text(type, result);
    change.error_info = describe_error(e);
    err_ignore(db_run(task->db, write_end, &change), "the task's row cannot be written");
    val_unref(&change.result);
    val_unref(&change.error_info);
}

static struct err *delete_row(struct txn *t, void *arg)
{
    const char *ref = arg;

    if (txn_get(t, CLASS_TASK, ref))
        txn_delete(t, CLASS_TASK, ref);
    return NULL;
}

void task_end_and_remove(struct task *task)
{
    if (task->db && !task->adopted)
        err_ignore(db_run(task->db, delete_row, task->ref), "the sweep will remove it");
}

/* ---- cancelling ---- */

void task_cancel_with(struct task *task, const struct task *parent)
{
    task->parent = parent;
}

/* Under the lock. */
static bool is_cancelled(const struct task *task)
{
    for (; task; task = task->parent)
        if (task->cancel_requested)
            return true;
    return false;
}

bool task_cancel_requested(const struct task *task)
{
    bool requested;

    pthread_mutex_lock(&tasks_lock);
    requested = is_cancelled(task);
    pthread_mutex_unlock(&tasks_lock);
    return requested;
}

struct err *task_check_cancel(const struct task *task)
{
    return task_cancel_requested(task) ? err_params(ERR_TASK_CANCELLED, task->ref, NULL)
                                       : NULL;
}

bool task_wait_cancel(struct task *task, uint64_t timeout_ms)
{
    uint64_t until = clock_monotonic_ms() + timeout_ms;
    struct timespec deadline = {.tv_sec = (time_t)(until / 1000),
                                .tv_nsec = (long)(until % 1000) * 1000000};
    bool requested;

    pthread_mutex_lock(&tasks_lock);
    while (!is_cancelled(task) &&
           pthread_cond_timedwait(&tasks_cancelled, &tasks_lock, &deadline) == 0)
        ;
    requested = is_cancelled(task);
    pthread_mutex_unlock(&tasks_lock);
    return requested;
}

static struct err *mark_cancel(struct txn *t, void *arg)
{
    const char *ref = arg;
    const struct row *row = txn_get(t, CLASS_TASK, ref);

    if (is_pending(row))
        txn_set(t, CLASS_TASK, ref, F_TASK_CURRENT_OPERATIONS,
                val_map_with(row_get(row, F_TASK_CURRENT_OPERATIONS), ref,
                             val_int(E_TASK_ALLOWED_OPERATIONS_CANCEL)));
    return NULL;
}

bool task_request_cancel(struct db *db, const char *ref)
{
    struct task *task;

    err_ignore(db_run(db, mark_cancel, (void *)ref),
               "the mark is for other clients to see");
    pthread_mutex_lock(&tasks_lock);
    task = map_get(&running, ref);
    if (task)
        task->cancel_requested = true;
    if (task)
        pthread_cond_broadcast(&tasks_cancelled);
    pthread_mutex_unlock(&tasks_lock);
    return task != NULL;
}

/* ---- sweeping ---- */

static bool is_running(const char *ref)
{
    bool found;

    pthread_mutex_lock(&tasks_lock);
    found = map_get(&running, ref) != NULL;
    pthread_mutex_unlock(&tasks_lock);
    return found;
}

static int compare_finished(const void *a, const void *b)
{
    int64_t x = row_int(*(struct row *const *)a, F_TASK_FINISHED);
    int64_t y = row_int(*(struct row *const *)b, F_TASK_FINISHED);

    return x < y ? -1 : x > y;
}

static void remove_swept(struct db *db, const struct row *row)
{
    log_debug(TASK, "dropping %s", row_name_label(row));
    err_ignore(db_run(db, delete_row, (void *)row_ref(row)), "the next sweep tries again");
}

void task_sweep(struct db *db)
{
    int64_t now = clock_wall_seconds();
    size_t n_finished = 0;
    autorows rows = {NULL, 0};

    db_list(db, CLASS_TASK, &rows);
    for (size_t i = 0; i < rows.n; i++) {
        struct row *row = rows.at[i];

        if (is_pending(row)) {
            if (now - row_int(row, F_TASK_CREATED) > PENDING_FOR_S &&
                !is_running(row_ref(row)))
                remove_swept(db, row);
        } else if (now - row_int(row, F_TASK_FINISHED) > FINISHED_FOR_S) {
            remove_swept(db, row);
        } else {
            rows.at[i] = rows.at[n_finished];
            rows.at[n_finished++] = row;
        }
    }
    if (n_finished <= MAX_FINISHED)
        return;
    qsort(rows.at, n_finished, sizeof(rows.at[0]), compare_finished);
    for (size_t i = 0; i < n_finished - MAX_FINISHED; i++)
        remove_swept(db, rows.at[i]);
}
