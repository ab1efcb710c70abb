// SPDX-License-Identifier: GPL-2.0-or-later
#include "rpc/inner_call.h"

#include <string.h>

#include "base/alloc.h"
#include "model/codec.h"
#include "rpc/job.h"
#include "rpc/manager.h"

static const struct caller server = {
    .user_name = "server", .is_local_superuser = true, .originator = "server"};

/* A task that has a row may have others below it. */
static const char *row_of(const struct task *parent)
{
    return parent && strncmp(task_ref(parent), "DummyRef:", 9) != 0 ? task_ref(parent)
                                                                    : NULL;
}

struct err *rpc_call_inside(struct manager *manager, struct task *parent,
                            const char *wire_name, const struct val *args, size_t n_args,
                            struct val *ret_result)
{
    return rpc_run_inside(manager, parent, wire_name, NULL, args, n_args, ret_result);
}

struct err *rpc_run_inside(struct manager *manager, struct task *parent,
                           const char *wire_name, method_body run, const struct val *args,
                           size_t n_args, struct val *ret_result)
{
    const struct method_def *method = method_by_name(wire_name);
    struct call call = {.method = method, .manager = manager, .db = manager->db};
    autoval struct val result = val_void();
    const struct bound *bound;
    struct val *all;
    struct err *e;

    assert_msg(method && n_args >= method->n_required && n_args <= method->n_params,
               "a call inside the server is none of the API");
    bound = &manager->rpc->bound[method - methods];
    if (!run)
        run = bound->run;
    if (!run)
        return err_params(ERR_NOT_IMPLEMENTED, wire_name, NULL);
    e = task_create(manager->db, wire_name, "", NULL, row_of(parent), true, &call.task);
    if (e)
        return e;
    task_cancel_with(call.task, parent);
    call.caller = &server;
    call.body = bound->body;
    all = xcalloc(method->n_params + 1u, sizeof(*all));
    for (size_t i = 0; i < method->n_params; i++)
        all[i] = i < n_args ? val_ref(&args[i]) : param_default(&method->params[i]);
    call.args = all;
    e = call_run(&call, run, &result);
    task_end_and_remove(call.task);
    task_free(call.task);
    for (size_t i = 0; i < method->n_params; i++)
        val_unref(&all[i]);
    free(all);
    if (!e && ret_result)
        *ret_result = take_val(result);
    return e;
}
