// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/result.h"

#include <string.h>

#include "base/alloc.h"
#include "cli/shown.h"
#include "model/model.h"

struct err *result_print_uuid(struct run *run, int cls, const char *ref)
{
    const struct val *uuid;
    struct err *e = catalog_field(run->catalog, cls, ref, "uuid", &uuid);

    if (!e)
        run_print(run, uuid ? val_text(uuid) : ref);
    return e;
}

/* A reference as the UUID of its object; other values as they are shown. */
static struct err *add_value(struct run *run, const struct type *type, const struct val *v,
                             struct buf *out)
{
    autoval struct val shown = val_void();
    const struct val *uuid;
    struct err *e;

    if (type->kind == TYPE_REF && type->cls >= 0 && v->kind == VAL_STR) {
        e = catalog_field(run->catalog, type->cls, val_text(v), "uuid", &uuid);
        if (!e)
            buf_add_str(out, uuid ? val_text(uuid) : SHOWN_NULL);
        return e;
    }
    if (v->kind == VAL_SET && type->kind == TYPE_SET && type->elem->kind != TYPE_RECORD) {
        for (size_t i = 0; i < val_count(v); i++) {
            if (i > 0)
                buf_add_str(out, ",");
            e = add_value(run, type->elem, val_at(v, i), out);
            if (e)
                return e;
        }
        return NULL;
    }
    shown = shown_value(type, v);
    shown_line(&shown, "; ", out);
    return NULL;
}

static struct err *print_map(struct run *run, const struct type *type,
                             const struct val *map)
{
    for (size_t i = 0; i < val_count(map); i++) {
        autobuf line = BUF_INIT;
        struct err *e = add_value(run, type->key, val_key_at(map, i), &line);

        buf_add_str(&line, ": ");
        if (!e)
            e = add_value(run, type->elem, val_value_at(map, i), &line);
        if (e)
            return e;
        run_print(run, buf_str(&line));
    }
    return NULL;
}

/* The fields of a record that has no place in the database, a line each. */
static struct err *print_record(struct run *run, const struct type *type,
                                const struct val *record)
{
    const struct class_def *cls = type->cls >= 0 ? &classes[type->cls] : NULL;

    for (unsigned i = 0; cls && record->kind == VAL_MAP && i < cls->n_fields; i++) {
        const struct val *v = val_find(record, cls->fields[i].name);
        autobuf line = BUF_INIT;
        struct err *e;

        if (!v)
            continue;
        buf_addf(&line, "%s: ", cls->fields[i].name);
        e = add_value(run, cls->fields[i].type, v, &line);
        if (e)
            return e;
        run_print(run, buf_str(&line));
    }
    run_print(run, "");
    return NULL;
}

static struct err *print_records(struct run *run, const struct type *type,
                                 const struct val *set)
{
    struct err *e = NULL;

    for (size_t i = 0; i < val_count(set) && !e; i++)
        e = print_record(run, type->elem, val_at(set, i));
    return e;
}

struct err *result_print(struct run *run, const struct type *type, const struct val *result)
{
    autobuf line = BUF_INIT;
    struct err *e;

    if (type->kind == TYPE_VOID)
        return NULL;
    if (type->kind == TYPE_RECORD)
        return print_record(run, type, result);
    if (type->kind == TYPE_SET && type->elem->kind == TYPE_RECORD &&
        result->kind == VAL_SET)
        return print_records(run, type, result);
    if (type->kind == TYPE_MAP && result->kind == VAL_MAP)
        return print_map(run, type, result);
    e = add_value(run, type, result, &line);
    if (!e)
        run_print(run, buf_str(&line));
    return e;
}
