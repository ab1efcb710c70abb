// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether requests without TLS are answered: the row says it, the program does it. */
#include "api/bodies.h"
#include "api/host.h"
#include "rpc/manager.h"

static struct err *set_rows(struct txn *t, struct call *call, struct val *ret_result UNUSED)
{
    const struct row *self;
    size_t n;
    const struct row *const *hosts = txn_list(t, CLASS_HOST, &n);
    struct err *e = txn_need(t, call->method->cls, arg_text(call, 0), &self);

    for (size_t i = 0; !e && i < n; i++)
        if (call->method->cls == CLASS_POOL || hosts[i] == self)
            txn_set(t, CLASS_HOST, row_ref(hosts[i]), F_HOST_HTTPS_ONLY,
                    val_bool(arg_bool(call, 1)));
    return e;
}

static struct err *set(struct call *call, struct val *ret_result)
{
    struct manager *m = call->manager;
    struct err *e =
        call->method->cls == CLASS_HOST ? host_need_this(call, arg_text(call, 0)) : NULL;

    if (!e)
        e = call_in_txn(call, ret_result);
    if (!e && m->process.set_https_only)
        m->process.set_https_only(m->process.arg, arg_bool(call, 1));
    return e;
}

const struct body_def https_only_bodies[] = {
    {"host.set_https_only", set, BODY_NORMAL, set_rows},
    {"pool.set_https_only", set, BODY_NORMAL, set_rows},
    {0},
};
