// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/param.h"

#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "cli/client.h"
#include "cli/convert.h"
#include "cli/fail.h"
#include "cli/select.h"
#include "cli/shown.h"
#include "model/model.h"

/* Arguments that name no field. */
static const char *const no_fields[] = {"uuid",  "param-name", "param-key", "minimal",
                                        "force", "multiple",   "all",       "trace"};

static bool names_no_field(const char *key)
{
    for (size_t i = 0; i < ARRAY_SIZE(no_fields); i++)
        if (strcasecmp(key, no_fields[i]) == 0)
            return true;
    return false;
}

static struct err *read_only(const struct xe_field *field)
{
    return fail("Field '%s' is read-only.", field->name);
}

static bool is_map(const struct xe_field *field)
{
    return field->mark == XE_MRO || field->mark == XE_MRW;
}

static bool is_set(const struct xe_field *field)
{
    return field->mark == XE_SRO || field->mark == XE_SRW;
}

struct err *param_check(struct run *run, enum xe_can can)
{
    const char *text;
    struct err *e = NULL;

    if (can == XE_CAN_PARAM_LIST || can == XE_CAN_PARAM_SET)
        return NULL;
    e = args_require(run->args, "param-name", &text);
    if (!e && can == XE_CAN_PARAM_REMOVE)
        e = args_require(run->args, "param-key", &text);
    return e;
}

/* The field that param-name=... names. */
static struct err *named_field(struct run *run, const struct xe_object *object,
                               const struct xe_field **ret_field)
{
    const char *name = args_get(run->args, "param-name");

    *ret_field = object_field(object, name);
    return *ret_field ? NULL : fail("Unknown field '%s'", name);
}

/* ---- get ---- */

static struct err *unknown_field(const char *name)
{
    return err_param(err_foreign("Missing parameter", "no such field"), name);
}

/* One key of a map, or one value of a set. */
static struct err *pick(const struct val *shown, const char *key, struct buf *out)
{
    if (shown->kind == VAL_MAP) {
        const struct val *v = val_find(shown, key);

        if (!v)
            return fail("Key %s not found in map", key);
        buf_add_str(out, val_text(v));
        return NULL;
    }
    if (shown->kind == VAL_SET && val_set_has(shown, key)) {
        buf_add_str(out, key);
        return NULL;
    }
    return fail("Key %s not found in map", key);
}

struct err *param_get(struct run *run, const struct xe_object *object, const ref_list *one)
{
    const char *name = args_get(run->args, "param-name"),
               *key = args_get(run->args, "param-key");
    const struct xe_field *field = object_field(object, name);
    autoval struct val shown = val_void();
    autobuf text = BUF_INIT;
    autobuf escaped = BUF_INIT;
    field_list fields = VEC_INIT;
    struct err *e;

    if (!field)
        return unknown_field(name);
    *VEC_PUSH(&fields) = field;
    e = record_prepare(run->catalog, object, &fields, one);
    VEC_FINI(&fields);
    if (!e)
        e = record_value(run->catalog, object, field, one->at[0], true, &shown);
    if (!e && key)
        e = pick(&shown, key, &text);
    else if (!e)
        shown_line(&shown, field_separator(field), &text);
    if (e)
        return e;
    if (run->minimal)
        shown_add_minimal(&escaped, buf_str(&text));
    fprintf(run->out, "%s\n", buf_str(run->minimal ? &escaped : &text));
    return NULL;
}

/* ---- changing ---- */

/* The type of the last argument of a message that changes a field. */
static const struct type *value_type(const char *message)
{
    const struct method_def *method = method_by_name(message);

    return method && method->n_params > 0 ? method->params[method->n_params - 1].type
                                          : NULL;
}

/* Calls 'message' with the object, 'key' unless it is NULL, and 'value' (taken) unless it
 * is nothing. */
static struct err *change(struct run *run, const char *message, const char *ref,
                          const char *key, struct val value)
{
    autoval struct val nothing = val_void();
    struct val params = val_set(3);

    val_push(&params, val_str(ref));
    if (key)
        val_push(&params, val_str(key));
    if (value.kind != VAL_VOID)
        val_push(&params, value);
    return client_call(run->client, message, params, &nothing);
}

static struct err *set_scalar(struct run *run, const struct xe_field *field,
                              const char *ref, const char *text)
{
    const char *message = field->changes[XE_SET];
    const struct type *type = message ? value_type(message) : NULL;
    struct val value;
    struct err *e;

    if (!type)
        return read_only(field);
    e = convert_text(run->catalog, type, field->name, text, &value);
    return e ? e : change(run, message, ref, NULL, value);
}

/* The pair that an earlier one of the same key makes way for. */
static struct err *put_pair(struct run *run, const struct xe_field *field, const char *ref,
                            const char *key, const char *text)
{
    const char *add =
        field->changes[XE_PUT] ? field->changes[XE_PUT] : field->changes[XE_ADD];
    struct val value = val_void();
    struct err *e = NULL;

    if (!add)
        return read_only(field);
    e = convert_text(run->catalog, value_type(add), field->name, text, &value);
    if (!e && !field->changes[XE_PUT])
        e = change(run, field->changes[XE_REMOVE], ref, key, val_void());
    if (e) {
        val_unref(&value);
        return e;
    }
    return change(run, add, ref, key, value);
}

/* All pairs of the field at once. */
static struct err *set_whole(struct run *run, const struct xe_field *field, const char *ref)
{
    autofree char *prefix = xasprintf("%s:", field->name);
    autoval struct val texts = args_map(run->args, prefix);
    struct val value;
    struct err *e = convert_map(run->catalog, value_type(field->changes[XE_WHOLE]),
                                field->name, &texts, &value);

    return e ? e : change(run, field->changes[XE_WHOLE], ref, NULL, value);
}

/* The value as it is, changed by the server's own names: for fields nothing adds to. */
static struct err *rewrite(struct run *run, const struct xe_object *object,
                           const struct xe_field *field, const char *ref, const char *key,
                           const char *text)
{
    const struct field_def *at =
        &classes[object->cls].fields[field->steps[field->n_steps - 1].field];
    const struct val *old;
    struct err *e = catalog_field(run->catalog, object->cls, ref, at->name, &old);
    autoval struct val elem = val_void();

    if (e)
        return e;
    if (old->kind == VAL_MAP)
        return change(run, field->changes[XE_REWRITE], ref, NULL,
                      text ? val_map_with(old, key, val_str(text))
                           : val_map_without(old, key));
    e = convert_text(run->catalog, at->type->elem, field->name, key, &elem);
    if (e)
        return e;
    return change(run, field->changes[XE_REWRITE], ref, NULL,
                  text ? val_set_with(old, val_ref(&elem))
                       : val_set_without(old, val_text(&elem)));
}

/* "field:key=value" of param-set. */
static struct err *set_key(struct run *run, const struct xe_object *object, const char *ref,
                           const struct arg *arg)
{
    size_t len = strcspn(arg->key, ":");
    autofree char *name = xstrndup(arg->key, len);
    const char *key = arg->key + len + 1;
    const struct xe_field *field = object_field(object, name);

    if (!field)
        return fail("Unknown field '%s'", name);
    if (!is_map(field))
        return read_only(field);
    if (field->changes[XE_WHOLE])
        return set_whole(run, field, ref);
    if (field->changes[XE_REWRITE])
        return rewrite(run, object, field, ref, key, arg->value);
    return put_pair(run, field, ref, key, arg->value);
}

static struct err *set_one(struct run *run, const struct xe_object *object, const char *ref,
                           const struct arg *arg)
{
    const struct xe_field *field;

    if (strchr(arg->key, ':'))
        return set_key(run, object, ref, arg);
    field = object_field(object, arg->key);
    if (!field)
        return fail("Unknown field '%s'", arg->key);
    return set_scalar(run, field, ref, arg->value);
}

struct err *param_set(struct run *run, const struct xe_object *object, const char *ref)
{
    struct err *e = NULL;

    for (size_t i = 0; i < run->args->list.n && !e; i++)
        if (!names_no_field(run->args->list.at[i].key))
            e = set_one(run, object, ref, &run->args->list.at[i]);
    return e;
}

static struct err *add_element(struct run *run, const struct xe_object *object,
                               const struct xe_field *field, const char *ref)
{
    struct val value;
    const char *text;
    struct err *e = args_require(run->args, "param-key", &text);

    if (e)
        return e;
    if (field->changes[XE_REWRITE])
        return rewrite(run, object, field, ref, text, text);
    if (!field->changes[XE_ADD])
        return read_only(field);
    e = convert_text(run->catalog, value_type(field->changes[XE_ADD]), field->name, text,
                     &value);
    return e ? e : change(run, field->changes[XE_ADD], ref, NULL, value);
}

static struct err *add_pair(struct run *run, const struct xe_object *object,
                            const struct xe_field *field, const char *ref,
                            const struct arg *arg)
{
    struct val value;
    struct err *e;

    if (field->changes[XE_REWRITE])
        return rewrite(run, object, field, ref, arg->key, arg->value);
    if (!field->changes[XE_ADD])
        return read_only(field);
    e = convert_text(run->catalog, value_type(field->changes[XE_ADD]), field->name,
                     arg->value, &value);
    return e ? e : change(run, field->changes[XE_ADD], ref, arg->key, value);
}

struct err *param_add(struct run *run, const struct xe_object *object, const char *ref)
{
    const struct xe_field *field;
    struct err *e = named_field(run, object, &field);

    if (e)
        return e;
    if (is_set(field))
        return add_element(run, object, field, ref);
    if (!is_map(field))
        return read_only(field);
    for (size_t i = 0; i < run->args->list.n && !e; i++)
        if (!names_no_field(run->args->list.at[i].key))
            e = add_pair(run, object, field, ref, &run->args->list.at[i]);
    return e;
}

/* What is not there cannot be removed: the server would take it for done. */
static struct err *check_present(struct run *run, const struct xe_object *object,
                                 const struct xe_field *field, const char *ref,
                                 const char *key)
{
    autoval struct val shown = val_void();
    struct err *e = record_value(run->catalog, object, field, ref, true, &shown);

    if (e)
        return e;
    if (shown.kind == VAL_SET && !val_set_has(&shown, key))
        return fail("Key %s is not in the set", key);
    if (shown.kind == VAL_MAP && !val_find(&shown, key))
        return fail("Key %s not found in map", key);
    return NULL;
}

struct err *param_remove(struct run *run, const struct xe_object *object, const char *ref)
{
    const char *key = args_get(run->args, "param-key");
    const struct xe_field *field;
    struct val value;
    ref_list one = VEC_INIT;
    field_list fields = VEC_INIT;
    struct err *e = named_field(run, object, &field);

    if (e)
        return e;
    if (!field->changes[XE_REMOVE] && !field->changes[XE_REWRITE])
        return read_only(field);
    *VEC_PUSH(&one) = ref;
    *VEC_PUSH(&fields) = field;
    e = record_prepare(run->catalog, object, &fields, &one);
    VEC_FINI(&one);
    VEC_FINI(&fields);
    if (!e)
        e = check_present(run, object, field, ref, key);
    if (e)
        return e;
    if (field->changes[XE_REWRITE])
        return rewrite(run, object, field, ref, key, NULL);
    if (is_map(field))
        return change(run, field->changes[XE_REMOVE], ref, key, val_void());
    e = convert_text(run->catalog, value_type(field->changes[XE_REMOVE]), field->name, key,
                     &value);
    return e ? e : change(run, field->changes[XE_REMOVE], ref, NULL, value);
}

struct err *param_clear(struct run *run, const struct xe_object *object, const char *ref)
{
    const struct xe_field *field;
    const struct type *type;
    autofree char *message = NULL;
    struct err *e = named_field(run, object, &field);

    if (e)
        return e;
    if (field->changes[XE_SET])
        message = xstrdup(field->changes[XE_SET]);
    else if (field->n_steps == 1)
        message = xasprintf("%s.set_%s", object->class_name,
                            classes[object->cls].fields[field->steps[0].field].name);
    type = message ? value_type(message) : NULL;
    if (!type)
        return read_only(field);
    if (type->kind == TYPE_INT || type->kind == TYPE_BOOL || type->kind == TYPE_FLOAT ||
        type->kind == TYPE_ENUM || type->kind == TYPE_DATETIME)
        return fail("Field '%s' has no empty value", field->name);
    return change(run, message, ref, NULL, convert_empty(type));
}
