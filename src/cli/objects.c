// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/objects.h"

#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/str.h"
#include "cli/fail.h"
#include "cli/param.h"
#include "cli/record.h"
#include "cli/select.h"
#include "cli/shown.h"

static const struct {
    const char *name;
    enum xe_can can;
} verbs[] = {
    {"list", XE_CAN_LIST},
    {"param-list", XE_CAN_PARAM_LIST},
    {"param-get", XE_CAN_PARAM_GET},
    {"param-set", XE_CAN_PARAM_SET},
    {"param-add", XE_CAN_PARAM_ADD},
    {"param-remove", XE_CAN_PARAM_REMOVE},
    {"param-clear", XE_CAN_PARAM_CLEAR},
};

/* Arguments of lists that are no filters. */
static const char *const no_filters[] = {"params",  "minimal", "force", "multiple",
                                         "all",     "trace",   "live",  "message-priority",
                                         "internal"};

bool objects_find(const char *command, const struct xe_object **ret_object,
                  enum xe_can *ret_can)
{
    for (size_t i = 0; i < xe_n_objects; i++) {
        const struct xe_object *object = &xe_objects[i];
        size_t len = strlen(object->name);

        if (strncmp(command, object->name, len) != 0 || command[len] != '-')
            continue;
        for (size_t v = 0; v < ARRAY_SIZE(verbs); v++)
            if (STREQ(command + len + 1, verbs[v].name) && object->can & verbs[v].can) {
                *ret_object = object;
                *ret_can = verbs[v].can;
                return true;
            }
    }
    return false;
}

const char *objects_verb(enum xe_can can)
{
    for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
        if (verbs[i].can == can)
            return verbs[i].name;
    return "";
}

/* ---- printing ---- */

static bool names_field(const char *params, const char *name)
{
    size_t len = strlen(name);

    while (*params) {
        size_t n = strcspn(params, ",");

        if (n == len && strncasecmp(params, name, n) == 0)
            return true;
        params += n + (params[n] == ',');
    }
    return false;
}

static bool is_column(const struct xe_object *object, const struct xe_field *field)
{
    for (size_t i = 0; i < object->n_columns; i++)
        if (STREQ(object->columns[i], field->name))
            return true;
    return object->n_columns == 0;
}

static bool is_wanted(const struct xe_object *object, const struct xe_field *field,
                      const char *params)
{
    if (params && strcasecmp(params, "all") != 0)
        return names_field(params, field->name);
    if (field->flags & XE_HIDDEN)
        return false;
    return params || is_column(object, field);
}

static void choose_fields(const struct xe_object *object, const char *params,
                          field_list *fields)
{
    for (size_t i = 0; i < object->n_fields; i++)
        if (is_wanted(object, &object->fields[i], params))
            *VEC_PUSH(fields) = &object->fields[i];
}

/* A field that the server has to work out and cannot is no reason to hide the others. */
static struct err *field_or_reason(struct run *run, const struct xe_object *object,
                                   const struct xe_field *field, const char *ref,
                                   bool compute, struct buf *out)
{
    struct err *e = record_text(run->catalog, object, field, ref, compute, out);

    if (!e || !field->message || !compute)
        return e;
    buf_addf(out, "<%s>", err_code_text(e));
    err_ignore(e, "its code stands in the field's place");
    return NULL;
}

static struct err *print_record(struct run *run, const struct xe_object *object,
                                const field_list *fields, const char *ref, bool compute)
{
    struct buf *texts = xcalloc(fields->n + 1, sizeof(*texts));
    autobuf out = BUF_INIT;
    struct err *e = NULL;

    for (size_t i = 0; i < fields->n && !e; i++)
        e = field_or_reason(run, object, fields->at[i], ref, compute, &texts[i]);
    if (!e) {
        record_layout(fields, texts, &out);
        fputs(buf_str(&out), run->out);
    }
    for (size_t i = 0; i < fields->n; i++)
        buf_fini(&texts[i]);
    free(texts);
    return e;
}

/* The first field of each object, on one line. */
static struct err *print_minimal(struct run *run, const struct xe_object *object,
                                 const field_list *fields, const ref_list *refs)
{
    autobuf out = BUF_INIT;

    for (size_t i = 0; i < refs->n && fields->n > 0; i++) {
        autobuf text = BUF_INIT;
        struct err *e =
            record_text(run->catalog, object, fields->at[0], refs->at[i], false, &text);

        if (e)
            return e;
        if (i > 0)
            buf_add_char(&out, ',');
        shown_add_minimal(&out, buf_str(&text));
    }
    fprintf(run->out, "%s\n", buf_str(&out));
    return NULL;
}

struct err *objects_print(struct run *run, const struct xe_object *object,
                          const ref_list *refs, const char *params)
{
    field_list fields = VEC_INIT;
    struct err *e;

    choose_fields(object, params, &fields);
    e = record_prepare(run->catalog, object, &fields, refs);
    if (!e && run->minimal)
        e = print_minimal(run, object, &fields, refs);
    else
        for (size_t i = 0; i < refs->n && !e; i++)
            e = print_record(run, object, &fields, refs->at[i], false);
    VEC_FINI(&fields);
    return e;
}

/* ---- list ---- */

struct dated {
    const char *time, *ref;
    size_t at;
};

static int compare_dated(const void *left, const void *right)
{
    const struct dated *a = left, *b = right;
    int order = strcmp(b->time, a->time);

    return order ? order : a->at < b->at ? 1 : -1;
}

/* Latest first; what happened in the same second, in the other order than it was read. */
static void sort_newest(struct run *run, const struct xe_object *object, ref_list *refs)
{
    struct dated *all = xcalloc(refs->n + 1, sizeof(*all));

    for (size_t i = 0; i < refs->n; i++) {
        const struct val *record = catalog_record(run->catalog, object->cls, refs->at[i]);
        const char *time = record ? val_find_text(record, object->newest, "") : "";

        all[i] = (struct dated){time, refs->at[i], i};
    }
    qsort(all, refs->n, sizeof(*all), compare_dated);
    for (size_t i = 0; i < refs->n; i++)
        refs->at[i] = all[i].ref;
    free(all);
}

static bool is_filter(const char *key)
{
    for (size_t i = 0; i < ARRAY_SIZE(no_filters); i++)
        if (strcasecmp(key, no_filters[i]) == 0)
            return false;
    return true;
}

/* The object's own filter holds unless the user filters by the same field. */
static struct err *add_standing_filters(const struct xe_object *object,
                                        const struct args *args, filter_terms *terms)
{
    for (size_t i = 0; i < object->n_filters; i++) {
        const char *equals = strchr(object->filters[i], '=');
        autofree char *name =
            xstrndup(object->filters[i], (size_t)(equals - object->filters[i]));
        struct err *e;

        if (args_get(args, name))
            continue;
        e = filter_term_add(terms, object, name, equals + 1);
        if (e)
            return e;
    }
    return NULL;
}

static struct err *list(struct run *run, const struct xe_object *object)
{
    filter_terms terms = VEC_INIT;
    ref_list refs = VEC_INIT;
    struct err *e = add_standing_filters(object, run->args, &terms);

    for (size_t i = 0; i < run->args->list.n && !e; i++)
        if (is_filter(run->args->list.at[i].key))
            e = filter_term_add(&terms, object, run->args->list.at[i].key,
                                run->args->list.at[i].value);
    if (!e)
        e = select_objects(run->catalog, object, &terms, &refs);
    if (!e && object->newest)
        sort_newest(run, object, &refs);
    if (!e)
        e = objects_print(run, object, &refs, args_get(run->args, "params"));
    filter_terms_fini(&terms);
    VEC_FINI(&refs);
    return e;
}

/* ---- one object ---- */

static struct err *param_list(struct run *run, const struct xe_object *object,
                              const ref_list *one)
{
    field_list fields = VEC_INIT;
    struct err *e;

    choose_fields(object, "all", &fields);
    e = record_prepare(run->catalog, object, &fields, one);
    if (!e && run->minimal)
        e = print_minimal(run, object, &fields, one);
    else if (!e)
        e = print_record(run, object, &fields, one->at[0], true);
    VEC_FINI(&fields);
    return e;
}

/* The object of uuid=..., read in the same call that finds it. */
static struct err *find_one(struct run *run, const struct xe_object *object,
                            const char *uuid, ref_list *ret_one)
{
    filter_terms terms = VEC_INIT;
    const char *ref;
    struct err *e = filter_term_add(&terms, object, "uuid", uuid);

    if (!e)
        e = select_objects(run->catalog, object, &terms, ret_one);
    filter_terms_fini(&terms);
    if (e || ret_one->n > 0)
        return e;
    e = catalog_by_uuid(run->catalog, object->cls, uuid, &ref); /* why there is none */
    if (!e)
        *VEC_PUSH(ret_one) = ref;
    return e;
}

static struct err *on_one(struct run *run, const struct xe_object *object, enum xe_can can,
                          const ref_list *one)
{
    switch (can) {
    case XE_CAN_PARAM_LIST:
        return param_list(run, object, one);
    case XE_CAN_PARAM_GET:
        return param_get(run, object, one);
    case XE_CAN_PARAM_SET:
        return param_set(run, object, one->at[0]);
    case XE_CAN_PARAM_ADD:
        return param_add(run, object, one->at[0]);
    case XE_CAN_PARAM_REMOVE:
        return param_remove(run, object, one->at[0]);
    default:
        return param_clear(run, object, one->at[0]);
    }
}

struct err *objects_run(struct run *run, const struct xe_object *object, enum xe_can can)
{
    ref_list one = VEC_INIT;
    const char *uuid;
    struct err *e;

    if (args_has_prefix(run->args, "database:"))
        return fail("database: is not implemented: xe shows the objects of the server "
                    "alone");
    if (can == XE_CAN_LIST)
        return list(run, object);
    e = args_require(run->args, "uuid", &uuid);
    if (!e)
        e = param_check(run, can);
    if (!e)
        e = find_one(run, object, uuid, &one);
    if (!e)
        e = on_one(run, object, can, &one);
    VEC_FINI(&one);
    return e;
}
