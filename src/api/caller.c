// SPDX-License-Identifier: GPL-2.0-or-later
/* Programs that call (rpc/callers.h) and the limits on them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "api/bodies.h"
#include "api/setter.h"
#include "base/alloc.h"
#include "rpc/callers.h"
#include "rpc/dispatch.h"
#include "rpc/generated.h"
#include "rpc/manager.h"

static struct caller_use use_of(const struct call *call, const char *ref)
{
    return callers_use(rpc_callers(call->manager->rpc), ref);
}

/* ---- callers ---- */

static bool is_any(const char *pattern)
{
    return STREQ(pattern, "") || STREQ(pattern, "*");
}

/* What matches everybody would be a limit on those who could lift it. */
static struct err *create_caller(struct call *call, struct val *ret_result)
{
    const char *agent = val_text(val_at(&call->args[0], F_CALLER_USER_AGENT)),
               *source = val_text(val_at(&call->args[0], F_CALLER_CLIENT_IP));

    if (is_any(agent) && is_any(source))
        return err_params(ERR_INVALID_VALUE, "user_agent/client_ip",
                          "one of them must say something", NULL);
    return generated_write(call, ret_result);
}

static struct err *check_group(const char *group)
{
    return *group ? NULL : invalid_text("group", group);
}

static struct err *named_group(struct txn *t UNUSED, const struct row *caller UNUSED,
                               const struct call *call)
{
    return check_group(arg_text(call, 1));
}

/* ---- what they used ---- */

static struct err *query_one(struct call *call, struct caller_use *ret_use)
{
    autoptr(row) row = NULL;
    struct err *e = db_need(call->db, CLASS_CALLER, arg_text(call, 0), &row);

    if (!e)
        *ret_use = use_of(call, row_ref(row));
    return e;
}

static struct err *query_group(struct call *call, struct caller_use *ret_use)
{
    const char *group = arg_text(call, 0);
    autorows rows = {0};
    struct err *e = check_group(group);

    if (e)
        return e;
    *ret_use = (struct caller_use){0};
    db_list(call->db, CLASS_CALLER, &rows);
    for (size_t i = 0; i < rows.n; i++) {
        struct caller_use use = use_of(call, row_ref(rows.at[i]));

        if (!val_set_has(row_get(rows.at[i], F_CALLER_GROUPS), group))
            continue;
        ret_use->n_calls += use.n_calls;
        ret_use->tokens += use.tokens;
    }
    return NULL;
}

static struct err *query(struct call *call, struct caller_use *ret_use)
{
    bool is_group = call->method->params[0].type->kind == TYPE_STRING;

    return is_group ? query_group(call, ret_use) : query_one(call, ret_use);
}

static struct err *query_calls(struct call *call, struct val *ret_result)
{
    struct caller_use use;
    struct err *e = query(call, &use);

    if (!e)
        *ret_result = val_int((int64_t)use.n_calls);
    return e;
}

static struct err *query_tokens(struct call *call, struct val *ret_result)
{
    struct caller_use use;
    struct err *e = query(call, &use);

    if (!e)
        *ret_result = val_float(use.tokens);
    return e;
}

struct line {
    const struct row *caller;
    struct caller_use use;
};

static int by_tokens(const void *a, const void *b)
{
    double left = ((const struct line *)a)->use.tokens,
           right = ((const struct line *)b)->use.tokens;

    return (left < right) - (left > right);
}

/* [uuid, name_label, tokens, calls], who used most first. */
static struct err *query_all(struct call *call, struct val *ret_result)
{
    autorows rows = {0};
    autofree struct line *lines = NULL;

    db_list(call->db, CLASS_CALLER, &rows);
    lines = xcalloc(rows.n + 1, sizeof(*lines));
    for (size_t i = 0; i < rows.n; i++)
        lines[i] = (struct line){rows.at[i], use_of(call, row_ref(rows.at[i]))};
    qsort(lines, rows.n, sizeof(*lines), by_tokens);
    *ret_result = val_set(rows.n);
    for (size_t i = 0; i < rows.n; i++) {
        struct val cells = val_set(4);

        val_push(&cells, val_str(row_uuid(lines[i].caller)));
        val_push(&cells, val_str(row_name_label(lines[i].caller)));
        val_push(&cells, val_strf("%.3f", lines[i].use.tokens));
        val_push(&cells, val_strf("%llu", (unsigned long long)lines[i].use.n_calls));
        val_push(ret_result, cells);
    }
    return NULL;
}

/* ---- limits ---- */

/* With nothing in it, or nothing coming back, no call would ever go through. */
static struct err *check_positive(const char *name, double value)
{
    if (isfinite(value) && value > 0)
        return NULL;
    return err_paramf(err_params(ERR_INVALID_VALUE, name, NULL), "%g", value);
}

static struct err *create_limit(struct call *call, struct val *ret_result)
{
    const struct val *record = &call->args[0];
    struct err *e =
        check_positive("burst_size", val_at(record, F_RATE_LIMIT_BURST_SIZE)->d);

    if (!e)
        e = check_positive("fill_rate", val_at(record, F_RATE_LIMIT_FILL_RATE)->d);
    return e ? e : generated_write(call, ret_result);
}

static struct err *positive(struct txn *t UNUSED, const struct row *limit UNUSED,
                            const struct call *call)
{
    return check_positive(call->method->params[1].name, call->args[1].d);
}

/* Arguments: self, caller. */
static struct err *need_both(struct txn *t, const struct call *call,
                             const struct row **ret_caller)
{
    const struct row *limit;
    struct err *e = txn_need(t, CLASS_RATE_LIMIT, arg_text(call, 0), &limit);

    return e ? e : txn_need(t, CLASS_CALLER, arg_text(call, 1), ret_caller);
}

/* A caller has one limit: the last one it was added to. */
static struct err *add_caller(struct txn *t, struct call *call,
                              struct val *ret_result UNUSED)
{
    const struct row *caller;
    struct err *e = need_both(t, call, &caller);

    if (!e)
        txn_set(t, CLASS_CALLER, arg_text(call, 1), F_CALLER_RATE_LIMIT,
                val_str(arg_text(call, 0)));
    return e;
}

static struct err *remove_caller(struct txn *t, struct call *call,
                                 struct val *ret_result UNUSED)
{
    const char *caller_ref = arg_text(call, 1);
    const struct row *caller;
    struct err *e = need_both(t, call, &caller);

    if (!e && !STREQ(row_text(caller, F_CALLER_RATE_LIMIT), arg_text(call, 0)))
        e = invalid_text("caller", caller_ref);
    if (!e)
        txn_set(t, CLASS_CALLER, caller_ref, F_CALLER_RATE_LIMIT, val_str(NULL_REF));
    return e;
}

const struct body_def caller_bodies[] = {
    {"Caller.create", create_caller, BODY_PRIORITY},
    {"Caller.add_group",
     SETTER(setter_add, .field = F_CALLER_GROUPS, .check = named_group)},
    {"Caller.remove_group", SETTER(setter_remove, .field = F_CALLER_GROUPS)},
    {"Caller.query_call_count", query_calls, BODY_INLINE},
    {"Caller.query_token_usage", query_tokens, BODY_INLINE},
    {"Caller.query_group_call_count", query_calls, BODY_PRIORITY},
    {"Caller.query_group_token_usage", query_tokens, BODY_PRIORITY},
    {"Caller.query_all_usage", query_all, BODY_PRIORITY},
    {"Rate_limit.create", create_limit, BODY_PRIORITY},
    {"Rate_limit.add_caller", IN_TXN(add_caller)},
    {"Rate_limit.remove_caller", IN_TXN(remove_caller)},
    {"Rate_limit.set_burst_size", SETTER(setter_set, .check = positive)},
    {"Rate_limit.set_fill_rate", SETTER(setter_set, .check = positive)},
    {0},
};
