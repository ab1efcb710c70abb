// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "model/codec.h"
#include "rpc/generated.h"
#include "rpc/rbac.h"

struct write {
    struct call *call;
    char *created; /* reference of the new row */
};

static struct err *check_ref(struct txn *t, int cls, const char *ref)
{
    const struct row *row;

    if (cls < 0 || !classes[cls].in_database || strcmp(ref, NULL_REF) == 0 || !ref[0])
        return NULL;
    return txn_need(t, cls, ref, &row);
}

/* A set's elements or a map's values and keys, whichever hold references. */
static struct err *check_elements(struct txn *t, const struct type *type,
                                  const struct val *value)
{
    bool map = type->kind == TYPE_MAP;
    struct err *e = NULL;

    for (size_t i = 0; i < val_count(value) && !e; i++) {
        if (map)
            e = generated_check_refs(t, type->key, val_key_at(value, i));
        if (!e)
            e = generated_check_refs(t, type->elem,
                                     map ? val_value_at(value, i) : val_at(value, i));
    }
    return e;
}

static bool holds_refs(const struct type *type)
{
    if (type->kind == TYPE_REF)
        return true;
    return (type->elem && holds_refs(type->elem)) || (type->key && holds_refs(type->key));
}

struct err *generated_check_refs(struct txn *t, const struct type *type,
                                 const struct val *value)
{
    if (!holds_refs(type))
        return NULL;
    if (type->kind == TYPE_REF)
        return check_ref(t, type->cls, val_text(value));
    return check_elements(t, type, value);
}

static struct err *duplicate_key(const struct method_def *method, const char *ref,
                                 const struct val *key)
{
    const struct field_def *field = &classes[method->cls].fields[method->field];
    struct err *e = err_params(ERR_MAP_DUPLICATE_KEY, classes[method->cls].name,
                               field->name, ref, NULL);

    return key->kind == VAL_STR ? err_param(e, val_text(key))
                                : err_paramf(e, "%lld", (long long)key->i);
}

/* Keys of a map need not be text: enum and int keys are numbers. */
const struct val *generated_find_key(const struct val *map, const struct val *key)
{
    for (size_t i = 0; i < val_count(map); i++) {
        if (val_equal(val_key_at(map, i), key))
            return val_value_at(map, i);
    }
    return NULL;
}

struct val generated_copy_without(const struct val *old, const struct val *gone)
{
    bool map = old->kind == VAL_MAP;
    size_t n = val_count(old);
    struct val new = map ? val_map(n + 1) : val_set(n + 1);

    for (size_t i = 0; i < n; i++) {
        const struct val *at = map ? val_key_at(old, i) : val_at(old, i);

        if (gone && val_equal(at, gone))
            continue;
        if (map)
            val_put(&new, val_ref(at), val_ref(val_value_at(old, i)));
        else
            val_push(&new, val_ref(at));
    }
    return new;
}

static struct err *add_to(struct txn *t, const struct call *call, const struct row *row)
{
    const struct method_def *method = call->method;
    const struct type *type = classes[method->cls].fields[method->field].type;
    const struct val *old = row_get(row, method->field);
    bool map = type->kind == TYPE_MAP;
    struct val new;
    struct err *e;

    if (map && generated_find_key(old, &call->args[1]))
        return duplicate_key(method, row_ref(row), &call->args[1]);
    e = generated_check_refs(t, type->elem, &call->args[map ? 2 : 1]);
    if (e)
        return e;
    if (map) {
        new = generated_copy_without(old, NULL);
        val_put(&new, val_ref(&call->args[1]), val_ref(&call->args[2]));
    } else {
        new = generated_copy_without(old, &call->args[1]);
        val_push(&new, val_ref(&call->args[1]));
    }
    txn_set(t, method->cls, row_ref(row), method->field, new);
    return NULL;
}

static bool holds(const struct val *container, const struct val *wanted)
{
    if (container->kind == VAL_MAP)
        return generated_find_key(container, wanted) != NULL;
    for (size_t i = 0; i < val_count(container); i++) {
        if (val_equal(val_at(container, i), wanted))
            return true;
    }
    return false;
}

static struct err *set_field(struct txn *t, const struct call *call, const struct row *row)
{
    const struct method_def *method = call->method;
    const struct field_def *field = &classes[method->cls].fields[method->field];
    struct err *e = generated_check_refs(t, field->type, &call->args[1]);

    if (!e)
        e = rbac_check_set(call, method->field, row_get(row, method->field));
    if (e)
        return e;
    txn_set(t, method->cls, row_ref(row), method->field, val_ref(&call->args[1]));
    return NULL;
}

/* Nothing names a row that is gone: those tied to it are tied to nothing, or to one less.
 */
static void untie(struct txn *t, const struct row *row)
{
    const struct class_def *cls = row_class(row);

    for (size_t i = 0; i < cls->n_fields; i++) {
        const struct field_def *field = &cls->fields[i];
        autoval struct val tied = val_void();

        if (field->relation != REL_DERIVED)
            continue;
        tied = val_ref(row_get(row, (int)i));
        for (size_t j = 0; j < val_count(&tied); j++) {
            const char *ref = val_text(val_at(&tied, j));
            const struct row *other = txn_get(t, field->rel_class, ref);
            const struct val *now = other ? row_get(other, field->rel_field) : NULL;

            if (now)
                txn_set(t, field->rel_class, ref, field->rel_field,
                        now->kind == VAL_SET ? val_set_without(now, row_ref(row))
                                             : val_str(NULL_REF));
        }
    }
}

/* set_x, add_to_x, remove_from_x, destroy: all begin with a row. */
static struct err *change_row(struct txn *t, void *arg)
{
    const struct write *w = arg;
    const struct call *call = w->call;
    const struct method_def *method = call->method;
    const struct row *row;
    struct err *e = txn_need(t, method->cls, arg_text(call, 0), &row);

    if (e)
        return e;
    switch (method->kind) {
    case METHOD_SET:
        return set_field(t, call, row);
    case METHOD_ADD:
        if (classes[method->cls].fields[method->field].type->kind == TYPE_SET &&
            holds(row_get(row, method->field), &call->args[1]))
            return NULL;
        return add_to(t, call, row);
    case METHOD_REMOVE:
        if (holds(row_get(row, method->field), &call->args[1]))
            txn_set(t, method->cls, row_ref(row), method->field,
                    generated_copy_without(row_get(row, method->field), &call->args[1]));
        return NULL;
    default:
        assert_msg(method->kind == METHOD_DESTROY, "a message that does not write");
        untie(t, row);
        txn_delete(t, method->cls, row_ref(row));
        return NULL;
    }
}

/* What a constructor's record may set: the rest is the server's own. */
static bool is_given(const struct class_def *cls, size_t i)
{
    const struct field_def *field = &cls->fields[i];

    return (int)i != cls->uuid_field && field->qualifier != FIELD_DYNAMIC_RO &&
           !field->internal_only && field->relation != REL_DERIVED;
}

static struct err *create_row(struct txn *t, void *arg)
{
    struct write *w = arg;
    const struct method_def *method = w->call->method;
    const struct class_def *cls = &classes[method->cls];
    const struct val *record = &w->call->args[0];
    const char *ref = txn_create(t, method->cls);

    for (size_t i = 0; i < cls->n_fields; i++) {
        struct err *e;

        if (!is_given(cls, i))
            continue;
        e = generated_check_refs(t, cls->fields[i].type, val_at(record, i));
        if (e)
            return e;
        txn_set(t, method->cls, ref, (int)i, val_ref(val_at(record, i)));
    }
    free(w->created);
    w->created = xstrdup(ref);
    return NULL;
}

struct err *generated_write(struct call *call, struct val *ret_result)
{
    struct write w = {.call = call};
    struct err *e;

    if (call->method->kind != METHOD_CREATE)
        return db_run(call->db, change_row, &w);
    e = db_run(call->db, create_row, &w);
    if (!e)
        *ret_result = val_str(w.created);
    free(w.created);
    return e;
}
