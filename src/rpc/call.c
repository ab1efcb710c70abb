// SPDX-License-Identifier: GPL-2.0-or-later
#include "rpc/call.h"

#include "base/alloc.h"
#include "base/crash.h"

static const struct val *arg_at(const struct call *call, size_t i)
{
    assert_msg(i < call->method->n_params, "a body reads an argument its call has not");
    return &call->args[i];
}

const char *arg_text(const struct call *call, size_t i)
{
    return val_text(arg_at(call, i));
}

int64_t arg_int(const struct call *call, size_t i)
{
    const struct val *v = arg_at(call, i);

    assert_msg(v->kind == VAL_INT, "an argument is no number");
    return v->i;
}

bool arg_bool(const struct call *call, size_t i)
{
    const struct val *v = arg_at(call, i);

    assert_msg(v->kind == VAL_BOOL, "an argument is no boolean");
    return v->b;
}

struct err *call_run(struct call *call, struct err *(*run)(struct call *, struct val *),
                     struct val *ret_result)
{
    const char *outer = crash_scope(NULL);
    struct err *e;

    crash_scope(outer ? outer : call->method->wire_name);
    e = run(call, ret_result);
    if (call->settle)
        e = call->settle(call, e);
    crash_scope(outer);
    return e;
}

struct step {
    struct call *call;
    struct val *ret_result;
};

static struct err *run_step(struct txn *t, void *arg)
{
    const struct step *step = arg;

    val_unref(step->ret_result); /* of a run that did not count */
    return step->call->body->step(t, step->call, step->ret_result);
}

struct err *call_in_txn(struct call *call, struct val *ret_result)
{
    struct step step = {call, ret_result};

    return db_run(call->db, run_step, &step);
}
