// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/ops.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

#include "api/journal.h"
#include "base/clock.h"
#include "base/log.h"

/* How long op_begin waits for an operation in the way; a client learns after that what it
 * was. */
#define WAIT_MS 60000
/* How often a waiting call looks whether its own task was cancelled. */
#define POLL_MS 500

static pthread_mutex_t ended_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ended = PTHREAD_COND_INITIALIZER;
static uint64_t n_ended;

struct begin {
    const struct op_rules *rules;
    const char *ref, *task_ref;
    int op;
};

const struct enum_def *op_names(const struct op_rules *rules)
{
    return classes[rules->cls].fields[rules->current_field].type->elem->enm;
}

struct err *op_check(struct txn *t, const struct op_rules *rules, const char *ref, int op)
{
    const struct row *row;
    struct err *e = txn_need(t, rules->cls, ref, &row);

    if (e)
        return e;
    return rules->check(t, row, op);
}

void op_mark(struct txn *t, const struct op_rules *rules, const char *ref,
             const char *task_ref, int op)
{
    const struct row *row = txn_get(t, rules->cls, ref);

    if (!row)
        return;
    txn_set(t, rules->cls, ref, rules->current_field,
            val_map_with(row_get(row, rules->current_field), task_ref, val_int(op)));
    op_refresh(t, rules, ref);
}

void op_unmark(struct txn *t, const struct op_rules *rules, const char *ref,
               const char *task_ref)
{
    const struct row *row = txn_get(t, rules->cls, ref);

    if (!row)
        return;
    txn_set(t, rules->cls, ref, rules->current_field,
            val_map_without(row_get(row, rules->current_field), task_ref));
    op_refresh(t, rules, ref);
}

void op_refresh(struct txn *t, const struct op_rules *rules, const char *ref)
{
    const struct row *row = txn_get(t, rules->cls, ref);
    struct val allowed = val_set(0);

    if (!row)
        return;
    for (int op = 0; op < op_names(rules)->n_values; op++) {
        struct err *e;

        if (!rules->listed(op))
            continue;
        e = rules->check(t, row, op);
        if (!e)
            val_push(&allowed, val_int(op));
        err_free(e);
    }
    txn_set(t, rules->cls, ref, rules->allowed_field, allowed);
}

static struct err *begin_txn(struct txn *t, void *arg)
{
    const struct begin *b = arg;
    struct err *e = op_check(t, b->rules, b->ref, b->op);

    if (e)
        return e;
    op_mark(t, b->rules, b->ref, b->task_ref, b->op);
    return NULL;
}

static struct err *end_txn(struct txn *t, void *arg)
{
    const struct begin *b = arg;

    op_unmark(t, b->rules, b->ref, b->task_ref);
    return NULL;
}

/* Until some operation ended after 'seen', or POLL_MS passed. */
static void wait_for_end(uint64_t seen)
{
    struct timespec until;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += POLL_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_mutex_lock(&ended_lock);
    while (n_ended == seen && pthread_cond_timedwait(&ended, &ended_lock, &until) == 0)
        ;
    pthread_mutex_unlock(&ended_lock);
}

struct err *op_begin(struct call *call, const struct op_rules *rules, const char *ref,
                     int op)
{
    struct begin b = {rules, ref, task_ref(call->task), op};
    uint64_t deadline = clock_monotonic_ms() + WAIT_MS;

    for (;;) {
        struct err *e, *cancelled;
        uint64_t seen;

        pthread_mutex_lock(&ended_lock);
        seen = n_ended;
        pthread_mutex_unlock(&ended_lock);
        e = db_run(call->db, begin_txn, &b);
        if (!e)
            journal_marked(call, rules, ref, op);
        if (!e || err_code(e) != ERR_OTHER_OPERATION_IN_PROGRESS ||
            clock_monotonic_ms() >= deadline)
            return e;
        cancelled = task_check_cancel(call->task);
        if (cancelled) {
            err_free(e);
            return cancelled;
        }
        err_free(e);
        wait_for_end(seen);
    }
}

void op_wake(void)
{
    pthread_mutex_lock(&ended_lock);
    n_ended++;
    pthread_cond_broadcast(&ended);
    pthread_mutex_unlock(&ended_lock);
}

void op_end(struct call *call, const struct op_rules *rules, const char *ref)
{
    struct begin b = {rules, ref, task_ref(call->task), 0};
    struct err *e;

    if (journal_keeps_mark(call, rules, ref))
        return;
    e = db_run(call->db, end_txn, &b);
    if (e)
        log_error(API, "taking an operation off %s %s: %s", classes[rules->cls].name, ref,
                  err_sentence(e));
    err_free(e);
    op_wake();
}

struct err *op_in_progress(const struct op_rules *rules, const struct row *row)
{
    const struct val *current = row_get(row, rules->current_field);

    if (val_count(current) == 0)
        return NULL;
    return err_params(ERR_OTHER_OPERATION_IN_PROGRESS, classes[rules->cls].name,
                      row_ref(row), enum_text(op_names(rules), val_value_at(current, 0)->i),
                      val_text(val_key_at(current, 0)), NULL);
}
