// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/record.h"

#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "cli/client.h"
#include "cli/computed.h"
#include "cli/fail.h"
#include "cli/shown.h"
#include "model/model.h"

#define EXPENSIVE "<expensive field>"
#define INDENT    4

static const char *const marks[] = {[XE_RO] = " RO",  [XE_RW] = " RW",  [XE_SRO] = "SRO",
                                    [XE_SRW] = "SRW", [XE_MRO] = "MRO", [XE_MRW] = "MRW"};

const struct xe_object *object_by_name(const char *name)
{
    for (size_t i = 0; i < xe_n_objects; i++)
        if (STREQ(xe_objects[i].name, name))
            return &xe_objects[i];
    return NULL;
}

const struct xe_object *object_of_class(int cls)
{
    for (size_t i = 0; i < xe_n_objects; i++)
        if (xe_objects[i].cls == cls)
            return &xe_objects[i];
    return NULL;
}

const struct xe_field *object_field(const struct xe_object *object, const char *name)
{
    for (size_t i = 0; i < object->n_fields; i++)
        if (strcasecmp(object->fields[i].name, name) == 0)
            return &object->fields[i];
    return NULL;
}

const char *field_separator(const struct xe_field *field)
{
    return field->flags & XE_COMMA ? ", " : "; ";
}

/* ---- reading ahead ---- */

/* What has to be read, class by class. */
struct wants {
    ref_list refs[N_CLASSES];
    bool any;
};

static int class_behind(const struct type *type)
{
    const struct type *inner =
        type->kind == TYPE_SET || type->kind == TYPE_MAP ? type->elem : type;

    return inner->kind == TYPE_REF ? inner->cls : -1;
}

static void want(struct catalog *catalog, const struct xe_field *field, size_t step,
                 int cls, const char *ref, struct wants *wants);

/* Goes on to the objects a value refers to. */
static void want_behind(struct catalog *catalog, const struct xe_field *field, size_t step,
                        const struct val *v, int cls, struct wants *wants)
{
    if (v->kind == VAL_STR)
        want(catalog, field, step, cls, val_text(v), wants);
    for (size_t i = 0; v->kind == VAL_SET && i < val_count(v); i++)
        want_behind(catalog, field, step, val_at(v, i), cls, wants);
    for (size_t i = 0; v->kind == VAL_MAP && i < val_count(v); i++)
        want_behind(catalog, field, step, val_value_at(v, i), cls, wants);
}

static void want(struct catalog *catalog, const struct xe_field *field, size_t step,
                 int cls, const char *ref, struct wants *wants)
{
    const struct field_def *at;
    const struct val *record, *v;
    int behind;

    if (STREQ(ref, NULL_REF))
        return;
    if (!catalog_knows(catalog, cls, ref)) {
        *VEC_PUSH(&wants->refs[cls]) = ref;
        wants->any = true;
        return;
    }
    record = catalog_record(catalog, cls, ref);
    if (!record || step == field->n_steps)
        return;
    at = &classes[field->steps[step].cls].fields[field->steps[step].field];
    behind = class_behind(at->type);
    v = val_find(record, at->name);
    if (v && behind >= 0)
        want_behind(catalog, field, step + 1, v, behind, wants);
}

struct err *record_prepare(struct catalog *catalog, const struct xe_object *object,
                           const field_list *fields, const ref_list *refs)
{
    struct err *e = NULL;
    bool again = true;

    while (again && !e) {
        struct wants wants = {0};

        for (size_t f = 0; f < fields->n; f++)
            for (size_t i = 0; i < refs->n && fields->at[f]->n_steps > 0; i++)
                want(catalog, fields->at[f], 0, object->cls, refs->at[i], &wants);
        for (int cls = 0; cls < N_CLASSES; cls++) {
            if (wants.refs[cls].n > 0 && !e)
                e = catalog_want(catalog, cls, &wants.refs[cls]);
            VEC_FINI(&wants.refs[cls]);
        }
        again = wants.any;
    }
    return e;
}

/* ---- values ---- */

static struct val text_of_ref(struct catalog *catalog, int cls, const struct val *ref)
{
    const struct val *record;

    if (ref->kind != VAL_STR || STREQ(val_text(ref), NULL_REF))
        return val_str(SHOWN_NULL);
    record = catalog_record(catalog, cls, val_text(ref));
    return val_str(record ? val_find_text(record, "uuid", "") : SHOWN_INVALID);
}

/* The objects a value refers to, by their UUIDs. */
static struct val uuids_of(struct catalog *catalog, int cls, const struct val *v)
{
    struct val out;

    if (v->kind == VAL_SET) {
        out = val_set(val_count(v));
        for (size_t i = 0; i < val_count(v); i++)
            val_push(&out, text_of_ref(catalog, cls, val_at(v, i)));
        return out;
    }
    if (v->kind == VAL_MAP) {
        out = val_map(val_count(v));
        for (size_t i = 0; i < val_count(v); i++)
            val_put(&out, val_ref(val_key_at(v, i)),
                    text_of_ref(catalog, cls, val_value_at(v, i)));
        return out;
    }
    return text_of_ref(catalog, cls, v);
}

static struct val walk(struct catalog *catalog, const struct xe_field *field, size_t step,
                       int cls, const char *ref);

/* One value for each of the objects in between. */
static struct val walk_set(struct catalog *catalog, const struct xe_field *field,
                           size_t step, int cls, const struct val *refs)
{
    struct val out = val_set(val_count(refs));

    for (size_t i = 0; i < val_count(refs); i++) {
        autoval struct val one = walk(catalog, field, step, cls, val_text(val_at(refs, i)));

        if (one.kind != VAL_SET)
            val_push(&out, take_val(one));
        else
            for (size_t j = 0; j < val_count(&one); j++)
                val_push(&out, val_ref(val_at(&one, j)));
    }
    return out;
}

static struct val walk(struct catalog *catalog, const struct xe_field *field, size_t step,
                       int cls, const char *ref)
{
    const struct field_def *at =
        &classes[field->steps[step].cls].fields[field->steps[step].field];
    const struct val *record = catalog_record(catalog, cls, ref), *v;
    int behind = class_behind(at->type);

    if (!record)
        return val_str(STREQ(ref, NULL_REF) ? SHOWN_NULL : SHOWN_INVALID);
    v = val_find(record, at->name);
    if (!v)
        return val_str(""); /* a server that does not know the field */
    if (step + 1 == field->n_steps)
        return behind >= 0 ? uuids_of(catalog, behind, v) : shown_value(at->type, v);
    if (v->kind == VAL_SET)
        return walk_set(catalog, field, step + 1, behind, v);
    return walk(catalog, field, step + 1, behind,
                v->kind == VAL_STR ? val_text(v) : NULL_REF);
}

/* What a message answers about the object; some are asked of the whole server. */
static struct err *ask(struct catalog *catalog, const struct xe_field *field,
                       const char *ref, struct val *ret_value)
{
    const struct method_def *method = method_by_name(field->message);
    autoval struct val answer = val_void();
    ref_list refs = VEC_INIT;
    struct err *e;
    int behind;

    if (!method)
        return fail("This xe does not know %s", field->message);
    e = client_ask(catalog_client(catalog), &answer, field->message,
                   method->n_params > 0 ? ref : NULL, NULL);
    if (e)
        return e;
    behind = class_behind(method->result);
    if (behind < 0) {
        *ret_value = shown_value(method->result, &answer);
        return NULL;
    }
    for (size_t i = 0; answer.kind == VAL_SET && i < val_count(&answer); i++)
        *VEC_PUSH(&refs) = val_text(val_at(&answer, i));
    e = catalog_want(catalog, behind, &refs);
    VEC_FINI(&refs);
    if (!e)
        *ret_value = uuids_of(catalog, behind, &answer);
    return e;
}

/* A map that xe shows as a set: what is in it, without what it is under. */
static struct val values_of(struct val map)
{
    struct val out = val_set(val_count(&map));

    for (size_t i = 0; i < val_count(&map); i++)
        val_push(&out, val_ref(val_value_at(&map, i)));
    val_unref(&map);
    return out;
}

struct err *record_value(struct catalog *catalog, const struct xe_object *object,
                         const struct xe_field *field, const char *ref, bool compute,
                         struct val *ret_value)
{
    if (field->flags & XE_EXPENSIVE && !compute) {
        *ret_value = val_str(EXPENSIVE);
        return NULL;
    }
    if (field->message)
        return ask(catalog, field, ref, ret_value);
    if (field->code)
        return computed_value(catalog, field, object->cls, ref, ret_value);
    *ret_value = walk(catalog, field, 0, object->cls, ref);
    if (ret_value->kind == VAL_MAP && (field->mark == XE_SRO || field->mark == XE_SRW))
        *ret_value = values_of(*ret_value);
    return NULL;
}

struct err *record_text(struct catalog *catalog, const struct xe_object *object,
                        const struct xe_field *field, const char *ref, bool compute,
                        struct buf *out)
{
    autoval struct val shown = val_void();
    struct err *e = record_value(catalog, object, field, ref, compute, &shown);

    if (e)
        return e;
    shown_line(&shown, field_separator(field), out);
    return NULL;
}

/* ---- layout ---- */

static size_t label_width(const struct xe_field *field)
{
    return strlen(field->name) + strlen(" ( RO)") +
           (field->flags & XE_DEPRECATED ? strlen(" [DEPRECATED]") : 0);
}

void record_layout(const field_list *fields, const struct buf *texts, struct buf *out)
{
    size_t width = 0;

    for (size_t i = 0; i < fields->n; i++)
        if (label_width(fields->at[i]) > width)
            width = label_width(fields->at[i]);
    width += INDENT;
    for (size_t i = 0; i < fields->n; i++) {
        const struct xe_field *field = fields->at[i];
        int fill = (int)(width - label_width(field));

        buf_addf(out, "%*s%s (%s)%s%*s: %s\n", i ? fill : 0, "", field->name,
                 marks[field->mark], field->flags & XE_DEPRECATED ? " [DEPRECATED]" : "",
                 i ? 0 : fill, "", buf_str(&texts[i]));
    }
    buf_add_str(out, "\n\n");
}
