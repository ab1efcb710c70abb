// SPDX-License-Identifier: GPL-2.0-or-later
#include "rpc/generated.h"

#include <string.h>

#include "base/alloc.h"
#include "model/filter.h"

/* A class with more rows than this is listed by a worker. */
#define LONG_ROWS 128

bool generated_reads(const struct method_def *method)
{
    switch (method->kind) {
    case METHOD_GET_RECORD:
    case METHOD_GET_BY_UUID:
    case METHOD_GET_BY_NAME_LABEL:
    case METHOD_GET_ALL:
    case METHOD_GET_ALL_WHERE:
    case METHOD_GET_ALL_RECORDS:
    case METHOD_GET_ALL_RECORDS_WHERE:
    case METHOD_GET:
        return true;
    default:
        return false;
    }
}

bool generated_read_is_long(const struct call *call)
{
    switch (call->method->kind) {
    case METHOD_GET_ALL:
    case METHOD_GET_ALL_WHERE:
    case METHOD_GET_ALL_RECORDS:
    case METHOD_GET_ALL_RECORDS_WHERE:
        return db_count(call->db, call->method->cls) > LONG_ROWS;
    default:
        return false;
    }
}

static struct err *read_row(const struct call *call, struct reply *reply)
{
    const struct method_def *method = call->method;
    autoptr(row) row = NULL;
    struct err *e = db_need(call->db, method->cls, arg_text(call, 0), &row);

    if (e)
        return e;
    if (method->kind == METHOD_GET_RECORD)
        reply_record(reply, row);
    else
        reply_value(reply, method->result, row_get(row, method->field));
    return NULL;
}

static struct err *read_by_uuid(const struct call *call, struct reply *reply)
{
    autoptr(row) row = NULL;
    struct err *e = db_need_uuid(call->db, call->method->cls, arg_text(call, 0), &row);
    autoval struct val ref = val_void();

    if (e)
        return e;
    ref = val_str(row_ref(row));
    reply_value(reply, call->method->result, &ref);
    return NULL;
}

static void write_refs(const struct row_list *rows, const struct type *set,
                       struct reply *reply)
{
    reply_begin_array(reply);
    for (size_t i = 0; i < rows->n; i++) {
        autoval struct val ref = val_str(row_ref(rows->at[i]));

        reply_element(reply);
        reply_value(reply, set->elem, &ref);
    }
    reply_end_array(reply);
}

static void write_records(const struct row_list *rows, struct reply *reply)
{
    reply_begin_struct(reply);
    for (size_t i = 0; i < rows->n; i++) {
        reply_member(reply, row_ref(rows->at[i]));
        reply_record(reply, rows->at[i]);
        reply_end_member(reply);
    }
    reply_end_struct(reply);
}

/* Drops from 'rows' what the expression does not match. */
static struct err *keep_matching(const struct call *call, struct row_list *rows)
{
    autoptr(filter) filter = NULL;
    struct err *e = filter_parse(&classes[call->method->cls], arg_text(call, 0), &filter);
    size_t n_kept = 0;

    if (e)
        return e;
    for (size_t i = 0; i < rows->n; i++) {
        if (filter_match(filter, row_ref(rows->at[i]), row_get(rows->at[i], 0)))
            rows->at[n_kept++] = rows->at[i];
        else
            row_release(rows->at[i]);
    }
    rows->n = n_kept;
    return NULL;
}

static struct err *read_list(const struct call *call, struct reply *reply)
{
    const struct method_def *method = call->method;
    bool where = method->kind == METHOD_GET_ALL_WHERE ||
                 method->kind == METHOD_GET_ALL_RECORDS_WHERE;
    bool records = method->kind == METHOD_GET_ALL_RECORDS ||
                   method->kind == METHOD_GET_ALL_RECORDS_WHERE;
    autorows rows = {NULL, 0};

    if (method->kind == METHOD_GET_BY_NAME_LABEL)
        db_list_by_name_label(call->db, method->cls, arg_text(call, 0), &rows);
    else
        db_list(call->db, method->cls, &rows);
    if (where) {
        struct err *e = keep_matching(call, &rows);

        if (e)
            return e;
    }
    if (records)
        write_records(&rows, reply);
    else
        write_refs(&rows, method->result, reply);
    return NULL;
}

struct err *generated_read(const struct call *call, struct reply *reply)
{
    switch (call->method->kind) {
    case METHOD_GET_RECORD:
    case METHOD_GET:
        return read_row(call, reply);
    case METHOD_GET_BY_UUID:
        return read_by_uuid(call, reply);
    default:
        assert_msg(generated_reads(call->method), "a message that does not read");
        return read_list(call, reply);
    }
}
