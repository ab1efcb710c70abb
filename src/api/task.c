// SPDX-License-Identifier: GPL-2.0-or-later
#include "task/task.h"

#include <string.h>

#include "api/bodies.h"
#include "base/clock.h"
#include "rpc/rbac.h"

/* ---- whose task ---- */

/* A task is its session's user's; others need the right to any task. */
static struct err *check_owner(const struct call *call, const struct row *task)
{
    autoptr(row) session = db_get(call->db, CLASS_SESSION, row_text(task, F_TASK_SESSION));
    const struct caller *caller = call->caller;

    if (strcmp(row_text(task, F_TASK_SESSION), caller->session_ref) == 0)
        return NULL;
    if (session && caller->user_sid[0] &&
        strcmp(row_text(session, F_SESSION_AUTH_USER_SID), caller->user_sid) == 0)
        return NULL;
    return rbac_check_permission(caller, "task.destroy/any");
}

static struct err *need_own_task(const struct call *call, struct row **ret_task)
{
    autoptr(row) task = NULL;
    struct err *e = db_need(call->db, CLASS_TASK, arg_text(call, 0), &task);

    if (!e)
        e = check_owner(call, task);
    if (!e)
        *ret_task = take_ptr(task);
    return e;
}

static bool is_pending(const struct row *task)
{
    return row_int(task, F_TASK_STATUS) == E_TASK_STATUS_TYPE_PENDING;
}

/* ---- create, destroy, cancel ---- */

static struct err *create(struct call *call, struct val *ret_result)
{
    struct task *task;
    struct err *e = task_create(call->db, arg_text(call, 0), arg_text(call, 1),
                                call->caller->session_ref, NULL, true, &task);

    if (e)
        return e;
    *ret_result = val_str(task_ref(task));
    task_free(task);
    return NULL;
}

static struct err *destroy_row(struct txn *t, void *arg)
{
    const char *ref = arg;
    const struct row *task;
    struct err *e = txn_need(t, CLASS_TASK, ref, &task);

    if (e)
        return e;
    if (is_pending(task))
        txn_set(t, CLASS_TASK, ref, F_TASK_CURRENT_OPERATIONS,
                val_map_with(row_get(task, F_TASK_CURRENT_OPERATIONS), ref,
                             val_int(E_TASK_ALLOWED_OPERATIONS_DESTROY)));
    else
        txn_delete(t, CLASS_TASK, ref);
    return NULL;
}

static struct err *destroy(struct call *call, struct val *ret_result)
{
    autoptr(row) task = NULL;
    struct err *e = need_own_task(call, &task);

    return e ? e : db_run(call->db, destroy_row, (void *)arg_text(call, 0));
}

static bool may_cancel(const struct row *task)
{
    const struct val *allowed = row_get(task, F_TASK_ALLOWED_OPERATIONS);

    for (size_t i = 0; i < val_count(allowed); i++) {
        if (val_at(allowed, i)->i == E_TASK_ALLOWED_OPERATIONS_CANCEL)
            return true;
    }
    return false;
}

static struct err *cancel(struct call *call, struct val *ret_result)
{
    autoptr(row) task = NULL;
    struct err *e = need_own_task(call, &task);

    if (e)
        return e;
    if (!may_cancel(task))
        return err_params(ERR_OPERATION_NOT_ALLOWED, arg_text(call, 0), NULL);
    task_request_cancel(call->db, arg_text(call, 0));
    return NULL;
}

/* ---- what a client sets on a task of its own ---- */

struct change {
    const struct call *call;
    int field;
};

static void end_row(struct txn *t, const char *ref)
{
    txn_set(t, CLASS_TASK, ref, F_TASK_PROGRESS, val_float(1));
    txn_set(t, CLASS_TASK, ref, F_TASK_FINISHED, val_int(clock_wall_seconds()));
    txn_set(t, CLASS_TASK, ref, F_TASK_ALLOWED_OPERATIONS, val_set(0));
    txn_set(t, CLASS_TASK, ref, F_TASK_CURRENT_OPERATIONS, val_map(0));
}

static struct err *set_field(struct txn *t, void *arg)
{
    const struct change *c = arg;
    const struct val *value = &c->call->args[1];
    const char *ref = arg_text(c->call, 0);
    const struct row *task;
    struct err *e = txn_need(t, CLASS_TASK, ref, &task);

    if (e || !is_pending(task))
        return e; /* an ended task never changes again */
    txn_set(t, CLASS_TASK, ref, c->field, val_ref(value));
    if (c->field == F_TASK_STATUS && value->i != E_TASK_STATUS_TYPE_PENDING &&
        value->i != E_TASK_STATUS_TYPE_CANCELLING)
        end_row(t, ref);
    return NULL;
}

static struct err *change(struct call *call, int field)
{
    struct change c = {call, field};
    autoptr(row) task = NULL;
    struct err *e = need_own_task(call, &task);

    return e ? e : db_run(call->db, set_field, &c);
}

static struct err *set_status(struct call *call, struct val *ret_result)
{
    return change(call, F_TASK_STATUS);
}

static struct err *set_progress(struct call *call, struct val *ret_result)
{
    return change(call, F_TASK_PROGRESS);
}

static struct err *set_result(struct call *call, struct val *ret_result)
{
    return change(call, F_TASK_RESULT);
}

static struct err *set_error_info(struct call *call, struct val *ret_result)
{
    return change(call, F_TASK_ERROR_INFO);
}

/* ---- other_config: also of ended tasks, but only of one's own ---- */

static struct err *write_config(struct txn *t, void *arg)
{
    const struct call *call = arg;
    const char *ref = arg_text(call, 0);
    const struct val *old;
    const struct row *task;
    struct err *e = txn_need(t, CLASS_TASK, ref, &task);
    struct val new;

    if (e)
        return e;
    old = row_get(task, F_TASK_OTHER_CONFIG);
    e = rbac_check_set(call, F_TASK_OTHER_CONFIG, old);
    if (e)
        return e;
    if (strcmp(call->method->name, "set_other_config") == 0)
        new = val_ref(&call->args[1]);
    else if (strcmp(call->method->name, "remove_from_other_config") == 0)
        new = val_map_without(old, arg_text(call, 1));
    else if (val_find(old, arg_text(call, 1)))
        return err_params(ERR_MAP_DUPLICATE_KEY, "task", "other_config", ref,
                          arg_text(call, 1), NULL);
    else
        new = val_map_with(old, arg_text(call, 1), val_ref(&call->args[2]));
    txn_set(t, CLASS_TASK, ref, F_TASK_OTHER_CONFIG, new);
    return NULL;
}

static struct err *change_config(struct call *call, struct val *ret_result)
{
    autoptr(row) task = NULL;
    struct err *e = need_own_task(call, &task);

    return e ? e : db_run(call->db, write_config, call);
}

const struct body_def task_bodies[] = {
    {"task.create", create, BODY_PRIORITY},
    {"task.destroy", destroy, BODY_PRIORITY},
    {"task.cancel", cancel, BODY_PRIORITY},
    {"task.set_status", set_status, BODY_PRIORITY},
    {"task.set_progress", set_progress, BODY_PRIORITY},
    {"task.set_result", set_result, BODY_PRIORITY},
    {"task.set_error_info", set_error_info, BODY_PRIORITY},
    {"task.add_to_other_config", change_config, BODY_PRIORITY},
    {"task.remove_from_other_config", change_config, BODY_PRIORITY},
    {"task.set_other_config", change_config, BODY_PRIORITY},
    {0},
};
