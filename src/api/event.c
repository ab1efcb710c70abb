// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/bodies.h"
#include "rpc/events.h"
#include "rpc/manager.h"

/* event.from and event.next are served by rpc/events.c itself: they hold no thread. */

static struct err *event_register(struct call *call, struct val *ret_result)
{
    return events_register(call->manager->events, call->caller->session_ref,
                           &call->args[0]);
}

static struct err *event_unregister(struct call *call, struct val *ret_result)
{
    return events_unregister(call->manager->events, call->caller->session_ref,
                             &call->args[0]);
}

static struct err *get_current_id(struct call *call, struct val *ret_result)
{
    *ret_result = val_int(events_current_id(call->manager->events));
    return NULL;
}

struct touch {
    int cls;
    const char *ref;
};

static struct err *touch(struct txn *t, void *arg)
{
    const struct touch *touch = arg;
    const struct row *row;
    struct err *e = txn_need(t, touch->cls, touch->ref, &row);

    if (!e)
        txn_touch(t, touch->cls, touch->ref);
    return e;
}

/* The token is from before the change: event.from with it tells of the change. */
static struct err *inject(struct call *call, struct val *ret_result)
{
    const struct class_def *cls = class_by_lower(arg_text(call, 0));
    struct db_token token = db_now(call->db);
    char text[DB_TOKEN_LEN + 1];
    struct touch what;
    struct err *e;

    if (!cls || !cls->in_database)
        return err_params(ERR_INVALID_VALUE, "class", arg_text(call, 0), NULL);
    what = (struct touch){class_index(cls), arg_text(call, 1)};
    e = db_run(call->db, touch, &what);
    if (e)
        return e;
    db_token_text(&token, text);
    *ret_result = val_str(text);
    return NULL;
}

const struct body_def event_bodies[] = {
    {"event.register", event_register, BODY_INLINE},
    {"event.unregister", event_unregister, BODY_INLINE},
    {"event.get_current_id", get_current_id, BODY_INLINE},
    {"event.inject", inject, BODY_PRIORITY},
    {0},
};
