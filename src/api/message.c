// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/message.h"

#include <string.h>

#include "api/bodies.h"
#include "api/setter.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "model/filter.h"

/* What one may say at most. */
#define MAX_BODY (32 * 1024)
/* So many beyond the limit may wait for the timer. */
#define SLACK        500
#define LEAST_URGENT 5

/* ---- making ---- */

static const char *make(struct txn *t, const char *name, int64_t priority, int cls,
                        const char *obj_uuid, struct val body)
{
    const char *ref = txn_create(t, CLASS_MESSAGE);

    txn_set(t, CLASS_MESSAGE, ref, F_MESSAGE_NAME, val_str(name));
    txn_set(t, CLASS_MESSAGE, ref, F_MESSAGE_PRIORITY, val_int(priority));
    txn_set(t, CLASS_MESSAGE, ref, F_MESSAGE_CLS, val_int(cls));
    txn_set(t, CLASS_MESSAGE, ref, F_MESSAGE_OBJ_UUID, val_str(obj_uuid));
    txn_set(t, CLASS_MESSAGE, ref, F_MESSAGE_TIMESTAMP, val_int(clock_wall_seconds()));
    txn_set(t, CLASS_MESSAGE, ref, F_MESSAGE_BODY, body);
    return ref;
}

void message_raise(struct txn *t, const char *alert, int cls, const char *obj_uuid,
                   struct val body)
{
    const struct alert_def *def = alert_by_name(alert);

    make(t, alert, def ? def->priority : LEAST_URGENT, cls, obj_uuid, body);
}

void message_about_vm(struct txn *t, const char *alert, const struct row *vm,
                      const char *what)
{
    message_raise(
        t, alert, E_CLS_VM, row_uuid(vm),
        val_strf("VM '%s' (uuid: %s) %s", row_name_label(vm), row_uuid(vm), what));
}

/* The database's class of what a message may be about. */
static int class_of(int64_t cls)
{
    static const int by_cls[] = {
        [E_CLS_VM] = CLASS_VM,
        [E_CLS_HOST] = CLASS_HOST,
        [E_CLS_SR] = CLASS_SR,
        [E_CLS_POOL] = CLASS_POOL,
        [E_CLS_VMPP] = CLASS_VMPP,
        [E_CLS_VMSS] = CLASS_VMSS,
        [E_CLS_PVS_PROXY] = CLASS_PVS_PROXY,
        [E_CLS_VDI] = CLASS_VDI,
        [E_CLS_CERTIFICATE] = CLASS_CERTIFICATE,
    };

    return by_cls[cls];
}

static struct err *create_step(struct txn *t, struct call *call, struct val *ret_result)
{
    int cls = class_of(arg_int(call, 2));
    const char *uuid = arg_text(call, 3);

    if (!txn_get_by_uuid(t, cls, uuid))
        return err_params(ERR_UUID_INVALID, classes[cls].name, uuid, NULL);
    *ret_result = val_str(make(t, arg_text(call, 0), arg_int(call, 1),
                               (int)arg_int(call, 2), uuid, val_ref(&call->args[4])));
    return NULL;
}

static struct err *create(struct call *call, struct val *ret_result)
{
    struct err *e;

    if (val_len(&call->args[4]) > MAX_BODY)
        return invalid_int("body", (int64_t)val_len(&call->args[4]));
    e = call_in_txn(call, ret_result);
    if (!e && db_count(call->db, CLASS_MESSAGE) > MESSAGES_MAX + SLACK)
        messages_prune(call->db);
    return e;
}

/* ---- removing ---- */

static struct err *destroy(struct txn *t, struct call *call, struct val *ret_result)
{
    const struct row *message;
    struct err *e = txn_need(t, CLASS_MESSAGE, arg_text(call, 0), &message);

    if (!e)
        txn_delete(t, CLASS_MESSAGE, arg_text(call, 0));
    return e;
}

/* Those that are gone already are what was asked for. */
static struct err *destroy_many(struct txn *t, struct call *call, struct val *ret_result)
{
    for (size_t i = 0; i < val_count(&call->args[0]); i++) {
        const char *ref = val_text(val_at(&call->args[0], i));

        if (txn_get(t, CLASS_MESSAGE, ref))
            txn_delete(t, CLASS_MESSAGE, ref);
    }
    return NULL;
}

struct filters {
    int64_t before, after; /* in seconds */
    int64_t priority;      /* -1: any */
};

static struct err *read_filters(const struct val *given, struct filters *ret_filters)
{
    *ret_filters = (struct filters){INT64_MAX, INT64_MIN, -1};
    for (size_t i = 0; i < val_count(given); i++) {
        const char *name = val_text(val_key_at(given, i)),
                   *text = val_text(val_value_at(given, i));
        int r = -1;

        if (strcmp(name, "before") == 0)
            r = clock_from_text(text, &ret_filters->before);
        else if (strcmp(name, "after") == 0)
            r = clock_from_text(text, &ret_filters->after);
        else if (strcmp(name, "priority") == 0)
            r = str_to_int64(text, &ret_filters->priority);
        if (r < 0)
            return invalid_text(name, text);
    }
    return NULL;
}

static bool fits(const struct row *message, const struct filters *f)
{
    int64_t when = row_int(message, F_MESSAGE_TIMESTAMP);

    return when < f->before && when > f->after &&
           (f->priority < 0 || row_int(message, F_MESSAGE_PRIORITY) == f->priority);
}

static struct err *destroy_all(struct txn *t, struct call *call, struct val *ret_result)
{
    struct filters filters;
    const struct row *const *messages;
    size_t n;
    struct err *e = read_filters(&call->args[0], &filters);

    if (e)
        return e;
    messages = txn_list(t, CLASS_MESSAGE, &n);
    for (size_t i = 0; i < n; i++)
        if (fits(messages[i], &filters))
            txn_delete(t, CLASS_MESSAGE, row_ref(messages[i]));
    return NULL;
}

/* Rows are listed in the order they were made. */
static struct err *prune_txn(struct txn *t, void *arg UNUSED)
{
    size_t n;
    const struct row *const *messages = txn_list(t, CLASS_MESSAGE, &n);

    for (size_t i = 0; i + MESSAGES_MAX < n; i++)
        txn_delete(t, CLASS_MESSAGE, row_ref(messages[i]));
    return NULL;
}

void messages_prune(struct db *db)
{
    struct err *e = NULL;

    if (db_count(db, CLASS_MESSAGE) > MESSAGES_MAX)
        e = db_run(db, prune_txn, NULL);
    if (e)
        log_warn(API, "removing the oldest messages: %s", err_sentence(e));
    err_free(e);
}

/* ---- reading ---- */

static struct val record_of(const struct row *message)
{
    struct val record = val_set(classes[CLASS_MESSAGE].n_fields);

    for (int field = 0; field < classes[CLASS_MESSAGE].n_fields; field++)
        val_push(&record, val_ref(row_get(message, field)));
    return record;
}

static void put_record(struct val *map, const struct row *message)
{
    val_put_str(map, row_ref(message), record_of(message));
}

static struct err *get(struct call *call, struct val *ret_result)
{
    autorows messages = {0};

    db_list(call->db, CLASS_MESSAGE, &messages);
    *ret_result = val_map(16);
    for (size_t i = 0; i < messages.n; i++) {
        const struct row *m = messages.at[i];

        if (row_int(m, F_MESSAGE_CLS) == arg_int(call, 0) &&
            row_int(m, F_MESSAGE_TIMESTAMP) >= arg_int(call, 2) &&
            strcmp(row_text(m, F_MESSAGE_OBJ_UUID), arg_text(call, 1)) == 0)
            put_record(ret_result, m);
    }
    return NULL;
}

/* Times are whole seconds: "since" includes its own, or what came later in it would be
 * missed. */
static struct err *get_since(struct call *call, struct val *ret_result)
{
    autorows messages = {0};

    db_list(call->db, CLASS_MESSAGE, &messages);
    *ret_result = val_map(messages.n);
    for (size_t i = 0; i < messages.n; i++)
        if (row_int(messages.at[i], F_MESSAGE_TIMESTAMP) >= arg_int(call, 0))
            put_record(ret_result, messages.at[i]);
    return NULL;
}

static struct err *get_all(struct call *call, struct val *ret_result)
{
    autorows messages = {0};

    db_list(call->db, CLASS_MESSAGE, &messages);
    *ret_result = val_set(messages.n);
    for (size_t i = 0; i < messages.n; i++)
        val_push(ret_result, val_str(row_ref(messages.at[i])));
    return NULL;
}

static struct err *get_record(struct call *call, struct val *ret_result)
{
    autoptr(row) message = NULL;
    struct err *e = db_need(call->db, CLASS_MESSAGE, arg_text(call, 0), &message);

    if (!e)
        *ret_result = record_of(message);
    return e;
}

static struct err *get_by_uuid(struct call *call, struct val *ret_result)
{
    autoptr(row) message = NULL;
    struct err *e = db_need_uuid(call->db, CLASS_MESSAGE, arg_text(call, 0), &message);

    if (!e)
        *ret_result = val_str(row_ref(message));
    return e;
}

static struct err *get_all_records_where(struct call *call, struct val *ret_result)
{
    autoptr(filter) filter = NULL;
    autorows messages = {0};
    struct err *e = filter_parse(&classes[CLASS_MESSAGE], arg_text(call, 0), &filter);

    if (e)
        return e;
    db_list(call->db, CLASS_MESSAGE, &messages);
    *ret_result = val_map(16);
    for (size_t i = 0; i < messages.n; i++) {
        autoval struct val record = record_of(messages.at[i]);

        if (filter_match(filter, row_ref(messages.at[i]), val_at(&record, 0)))
            put_record(ret_result, messages.at[i]);
    }
    return NULL;
}

static struct err *get_all_records(struct call *call, struct val *ret_result)
{
    autorows messages = {0};

    db_list(call->db, CLASS_MESSAGE, &messages);
    *ret_result = val_map(messages.n);
    for (size_t i = 0; i < messages.n; i++)
        put_record(ret_result, messages.at[i]);
    return NULL;
}

const struct body_def message_bodies[] = {
    {"message.create", create, BODY_NORMAL, create_step},
    {"message.destroy", IN_TXN(destroy)},
    {"message.destroy_many", IN_TXN(destroy_many)},
    {"message.destroy_all", IN_TXN(destroy_all)},
    {"message.get", get, BODY_PRIORITY},
    {"message.get_since", get_since, BODY_PRIORITY},
    {"message.get_all", get_all, BODY_PRIORITY},
    {"message.get_record", get_record, BODY_INLINE},
    {"message.get_by_uuid", get_by_uuid, BODY_INLINE},
    {"message.get_all_records", get_all_records, BODY_PRIORITY},
    {"message.get_all_records_where", get_all_records_where, BODY_PRIORITY},
    {0},
};
